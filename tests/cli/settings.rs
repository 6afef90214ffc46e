use crate::harness::Sandbox;
use crate::snapshot;

fn origin(sandbox: &Sandbox, args: &str, env: &[(&str, &str)]) -> String {
    let run = env.iter().fold(sandbox.rapplan(&format!("{args} -o json")), |run, (name, value)| run.env(name, value));
    let json: serde_json::Value = serde_json::from_str(&run.stdout_text()).unwrap();
    json["data"]["origin"].as_str().unwrap().to_owned()
}

#[test]
fn flags_then_variables_then_files_then_defaults() {
    let sandbox = Sandbox::new();
    let text = "blueprint = \"chatty\"\n";
    let ask = "explain blueprint";
    assert_eq!(origin(&sandbox, ask, &[]), "default");
    sandbox.write("../home/.config/rapplan/config.toml", text);
    let user = sandbox.path("home/.config/rapplan/config.toml");
    assert_eq!(origin(&sandbox, ask, &[]), format!("{}:1:13", user.display()));
    sandbox.write("../rapplan.toml", text);
    assert_eq!(origin(&sandbox, ask, &[]), "../rapplan.toml:1:13");
    sandbox.write("rapplan.toml", text);
    assert_eq!(origin(&sandbox, ask, &[]), "rapplan.toml:1:13");
    assert_eq!(origin(&sandbox, ask, &[("RAPPLAN_BLUEPRINT", "kag")]), "environment RAPPLAN_BLUEPRINT");
    assert_eq!(origin(&sandbox, ask, &[("RAPPLAN_BLUEPRINT", "")]), "rapplan.toml:1:13");
    let flag = "explain blueprint --blueprint aperag";
    assert_eq!(origin(&sandbox, flag, &[("RAPPLAN_BLUEPRINT", "kag")]), "flag --blueprint");
}

#[test]
fn the_user_says_where_settings_are() {
    let sandbox = Sandbox::new();
    sandbox.write("rapplan.toml", "blueprint = 'a'").write("other.toml", "\nblueprint = 'b'");
    sandbox.write("xdg/rapplan/config.toml", "\n\ndeployment = 'c'");
    let xdg = sandbox.path("work/xdg");
    let xdg = xdg.to_str().unwrap();
    assert_eq!(origin(&sandbox, "explain blueprint --config other.toml", &[]), "other.toml:2:13");
    assert_eq!(origin(&sandbox, "explain blueprint", &[("RAPPLAN_CONFIG", "other.toml")]), "other.toml:2:13");
    let named = format!("{xdg}/rapplan/config.toml:3:14");
    assert_eq!(origin(&sandbox, "explain deployment", &[("XDG_CONFIG_HOME", xdg)]), named);
    let missing = sandbox.rapplan("explain blueprint --config missing.toml").output();
    assert_eq!(missing.status.code(), Some(1));
}

#[test]
fn chdir_is_as_if_started_there() {
    let sandbox = Sandbox::new();
    sandbox.write("inner/rapplan.toml", "deployment = 'inner'").write("rapplan.toml", "deployment = 'outer'");
    assert_eq!(origin(&sandbox, "explain deployment -C inner", &[]), "rapplan.toml:1:14");
    snapshot!(sandbox.rapplan("-C inner explain deployment").transcript());
    snapshot!(sandbox.rapplan("-C nowhere explain deployment").transcript());
}

#[test]
fn a_wrong_file_is_shown_with_the_place() {
    let sandbox = Sandbox::new();
    sandbox.write("rapplan.toml", "[demand]\npartitons = 3\nrps = \"fast\"\n");
    snapshot!(sandbox.rapplan("explain demand.partitions").transcript());
}

#[test]
fn a_wrong_value_is_traced_to_who_gave_it() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("explain demand.partitions").env("RAPPLAN_PARTITIONS", "-3").transcript());
    snapshot!(sandbox.rapplan("version").env("RAPPLAN_COLOR", "red").transcript());
}

#[test]
fn a_variable_that_nothing_reads_is_warned_of() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("explain blueprint").env("RAPPLAN_PARTITION", "3").transcript());
    let quiet = sandbox.rapplan("-q explain blueprint").env("RAPPLAN_PARTITION", "3").output();
    assert!(quiet.stderr.is_empty() && !quiet.stdout.is_empty());
}

#[test]
fn files_that_are_no_settings_are_named() {
    let sandbox = Sandbox::new();
    sandbox.write("latin.toml", b"deployment = \"caf\xe9\"");
    snapshot!(sandbox.rapplan("explain deployment --config latin.toml").transcript());
    snapshot!(sandbox.rapplan("explain deployment --config .").transcript());
    snapshot!(sandbox.rapplan("explain deployment --config latn.toml").transcript());
}
