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

#[test]
fn every_built_in_one_is_listed_shown_and_sound() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("blueprints").transcript());
    for (name, _, text) in rapplan::blueprint::builtin::BUILTIN {
        let page = sandbox.rapplan(&format!("blueprints show {name}")).stdout_text();
        let blueprint = rapplan::blueprint::Blueprint::parse(name, text).unwrap().blueprint;
        for service in blueprint.services.keys() {
            assert!(page.contains(&format!("\n  {service} ")), "{name} lacks {service}");
        }
        for tier in &blueprint.tiers {
            assert!(page.contains(&tier.id), "{name} lacks {}", tier.id);
        }
        assert!(sandbox.rapplan(&format!("blueprints show {name} -o yaml")).output().status.success(), "{name}");
    }
}

#[test]
fn a_copy_to_change_names_the_schema_beside_it() {
    let sandbox = Sandbox::new();
    assert!(sandbox.rapplan("init --own --schemas --blueprint kag").output().status.success());
    let copy = sandbox.read("blueprint.toml");
    assert!(copy.starts_with("#:schema blueprint.schema.json\n"), "{copy}");
    assert_eq!(copy.matches("#:schema").count(), 1);
    assert!(sandbox.rapplan("blueprints check blueprint.toml").output().status.success());
    assert!(sandbox.rapplan("blueprints show").stdout_text().starts_with("kag: "));
}
