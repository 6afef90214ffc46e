use crate::harness::{SMALL, Sandbox};
use crate::snapshot;

#[test]
fn a_file_is_shown() {
    let sandbox = Sandbox::new();
    sandbox.write("small.toml", SMALL);
    snapshot!(sandbox.rapplan("blueprints show small.toml").transcript());
    snapshot!(sandbox.rapplan("blueprints show small.toml -o markdown").transcript());
    assert_eq!(sandbox.rapplan("blueprints show small.toml --source").stdout_text(), SMALL);
}

#[test]
fn programs_get_everything() {
    let sandbox = Sandbox::new();
    sandbox.write("small.toml", SMALL);
    let json: serde_json::Value =
        serde_json::from_str(&sandbox.rapplan("blueprints show small.toml -o json").stdout_text()).unwrap();
    assert_eq!(json["kind"], "blueprint");
    assert_eq!(json["data"]["services"]["api"]["image"]["tag"], "1.29.0");
}

#[test]
fn a_sound_file_is_said_to_be_so() {
    let sandbox = Sandbox::new();
    sandbox.write("small.toml", SMALL);
    snapshot!(sandbox.rapplan("blueprints check small.toml").transcript());
}

#[test]
fn a_faulty_file_is_shown_with_the_place() {
    let sandbox = Sandbox::new();
    sandbox.write("small.toml", SMALL.replace("title = \"Small\"", "titel = \"Small\""));
    snapshot!(sandbox.rapplan("blueprints check small.toml").transcript());
}

#[test]
fn names_the_blueprint_that_was_meant() {
    snapshot!(Sandbox::new().rapplan("blueprints show chaty").transcript());
}

#[test]
fn the_settings_say_which_one() {
    let sandbox = Sandbox::new();
    sandbox.write("small.toml", SMALL).write("rapplan.toml", "blueprint = './small.toml'").write("inner/x", "");
    let from_here = sandbox.rapplan("blueprints show --source").stdout_text();
    assert_eq!(from_here, SMALL);
    assert_eq!(sandbox.rapplan("-C inner blueprints show --source").stdout_text(), SMALL);
}
