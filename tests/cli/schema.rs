use crate::harness::Sandbox;
use crate::snapshot;

#[test]
fn lists_what_has_a_schema() {
    snapshot!(Sandbox::new().rapplan("schema").transcript());
}

#[test]
fn every_schema_is_one() {
    let sandbox = Sandbox::new();
    let list: serde_json::Value = serde_json::from_str(&sandbox.rapplan("schema -o json").stdout_text()).unwrap();
    let kinds = list["data"]["kinds"].as_array().unwrap();
    assert!(kinds.len() >= 5);
    for kind in kinds {
        let name = kind["name"].as_str().unwrap();
        let schema = serde_json::from_str(&sandbox.rapplan(&format!("schema {name}")).stdout_text()).unwrap();
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
    }
}

#[test]
fn results_are_what_their_schema_says() {
    let sandbox = Sandbox::new();
    let json = |args: &str| serde_json::from_str(&sandbox.rapplan(args).stdout_text()).unwrap();
    for (kind, command) in [
        ("version", "version"),
        ("blueprints", "blueprints"),
        ("explanation", "explain E0101"),
        ("explanation", "explain demand.rps"),
        ("explanation", "explain output.color"),
    ] {
        let schema: serde_json::Value = json(&format!("schema {kind}"));
        let result: serde_json::Value = json(&format!("{command} -o json"));
        jsonschema::validate(&schema, &result).unwrap();
        let mut wrong = result.clone();
        wrong["data"] = 1.into();
        assert!(!jsonschema::is_valid(&schema, &wrong), "{kind} takes anything");
    }
}
