use crate::harness::{SMALL, Sandbox};
use crate::snapshot;

#[test]
fn writes_a_file_that_is_read_back() {
    let sandbox = Sandbox::new();
    sandbox.write("small.toml", SMALL);
    snapshot!(sandbox.rapplan("init --blueprint ./small.toml").transcript());
    snapshot!(sandbox.read("rapplan.toml"));
    assert!(sandbox.rapplan("explain deployment").stdout_text().contains("small  (from rapplan.toml:5:14)"));
}

#[test]
fn every_line_that_is_commented_out_may_be_put_in() {
    let sandbox = Sandbox::new();
    sandbox.write("small.toml", SMALL);
    assert!(sandbox.rapplan("init --blueprint ./small.toml").output().status.success());
    let whole = sandbox.read("rapplan.toml").replace("\n# Settings", "").replace("\n# The schema", "\n## ");
    sandbox.write("rapplan.toml", whole.replace("\n# ", "\n"));
    assert!(sandbox.rapplan("explain demand.require").stdout_text().contains("ha,autoscaling  (from rapplan.toml"));
}

#[test]
fn overwrites_nothing_without_force() {
    let sandbox = Sandbox::new();
    sandbox.write("small.toml", SMALL).write("rapplan.toml", "# mine\nblueprint = './small.toml'\n");
    sandbox.write("blueprint.toml", "# mine too\n");
    snapshot!(sandbox.rapplan("init --own").transcript());
    assert!(sandbox.read("rapplan.toml").starts_with("# mine"));
    assert!(sandbox.rapplan("init --own --force").output().status.success());
    assert!(sandbox.read("rapplan.toml").contains("blueprint = \"./blueprint.toml\""));
    assert_eq!(sandbox.read("blueprint.toml"), format!("#:schema blueprint.schema.json\n{SMALL}"));
    assert!(sandbox.rapplan("blueprints check blueprint.toml").output().status.success());
}

#[test]
fn the_schemas_are_those_that_the_files_name() {
    let sandbox = Sandbox::new();
    sandbox.write("small.toml", SMALL);
    assert!(sandbox.rapplan("init --own --schemas --blueprint small.toml").output().status.success());
    for file in ["rapplan.toml", "blueprint.toml"] {
        let text = sandbox.read(file);
        let schema = text.lines().next().unwrap().strip_prefix("#:schema ").unwrap();
        let schema: serde_json::Value = serde_json::from_str(&sandbox.read(schema)).unwrap();
        let value: serde_json::Value = toml::from_str::<toml::Table>(&text).unwrap().try_into().unwrap();
        jsonschema::validate(&schema, &value).unwrap();
    }
}
