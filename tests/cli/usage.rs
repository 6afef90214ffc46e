use crate::harness::Sandbox;
use crate::snapshot;

#[test]
fn names_what_was_meant() {
    let sandbox = Sandbox::new();
    for args in ["blueprins", "blueprints lst", "--colr never version", "version -o jsn", "schema blueprnt"] {
        snapshot!(sandbox.rapplan(args).transcript());
    }
}

#[test]
fn says_what_is_missing_or_too_much() {
    let sandbox = Sandbox::new();
    for args in ["completions", "--config", "version extra", "-q -v version", "-C a -C b version"] {
        snapshot!(sandbox.rapplan(args).transcript());
    }
}

#[test]
fn a_wrong_command_line_never_ends_with_two() {
    let sandbox = Sandbox::new();
    for args in ["nonsense", "--nonsense", "version --nonsense", "completions tcsh", "explain", "-o", "--output="] {
        let output = sandbox.rapplan(args).output();
        assert_eq!(output.status.code(), Some(64), "{args}");
        assert!(output.stdout.is_empty(), "{args}");
        assert!(output.stderr.starts_with(b"error[E01"), "{args}");
    }
}
