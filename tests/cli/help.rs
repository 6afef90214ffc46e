use crate::harness::Sandbox;
use crate::snapshot;

#[test]
fn without_arguments_it_teaches() {
    snapshot!(Sandbox::new().rapplan("").transcript());
}

#[test]
fn topics_are_printed() {
    let sandbox = Sandbox::new();
    for topic in ["exit-codes", "environment", "files", "output"] {
        snapshot!(sandbox.rapplan(&format!("help {topic}")).env("COLUMNS", "100").transcript());
    }
}

#[test]
fn help_of_a_command_is_its_help() {
    let sandbox = Sandbox::new();
    for command in ["init", "blueprints show", "explain"] {
        let asked = sandbox.rapplan(&format!("help {command}")).stdout_text();
        assert_eq!(sandbox.rapplan(&format!("{command} --help")).stdout_text(), asked);
        assert!(asked.contains("Examples:"), "{command}");
    }
}

#[test]
fn names_the_topic_that_was_meant() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("help exit-code").transcript());
    snapshot!(sandbox.rapplan("help blueprints shw").transcript());
}
