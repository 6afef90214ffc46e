use crate::harness::{SMALL, Sandbox};
use crate::snapshot;

#[test]
fn an_error_has_a_page() {
    let sandbox = Sandbox::new();
    let page = sandbox.rapplan("explain e0104").stdout_text();
    assert!(page.contains("# E0104: nothing has this name"), "{page}");
    let json: serde_json::Value =
        serde_json::from_str(&sandbox.rapplan("explain E0104 -o json").stdout_text()).unwrap();
    assert_eq!((json["kind"].as_str(), json["data"]["exit"].as_u64()), (Some("explanation"), Some(64)));
}

#[test]
fn an_error_is_explained_in_a_folder_with_a_broken_file() {
    let sandbox = Sandbox::new();
    sandbox.write("rapplan.toml", "demand = [");
    assert!(sandbox.rapplan("explain E0201").output().status.success());
    assert_eq!(sandbox.rapplan("explain demand.rps").output().status.code(), Some(1));
}

#[test]
fn a_setting_has_a_value_and_an_origin() {
    let sandbox = Sandbox::new();
    sandbox.write("rapplan.toml", "[demand]\npartitions = 120\n");
    snapshot!(sandbox.rapplan("explain demand.partitions").transcript());
    snapshot!(sandbox.rapplan("explain demand.growth -o markdown").transcript());
}

#[test]
fn names_what_was_meant() {
    snapshot!(Sandbox::new().rapplan("explain demand.partition").transcript());
}

#[test]
fn the_exit_codes_are_a_topic() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.rapplan("explain exit-codes").stdout_text(), sandbox.rapplan("help exit-codes").stdout_text());
}

#[test]
fn a_field_has_a_type_and_the_fields_in_it() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("explain tiers.up_to").transcript());
    snapshot!(sandbox.rapplan("explain services.api.ports[0].exposure").transcript());
    snapshot!(sandbox.rapplan("explain services.prots").transcript());
}

/// Every `rapplan explain ...` that a message about a file tells the user to run must be answered.
#[test]
fn what_hints_name_is_explained() {
    let sandbox = Sandbox::new();
    sandbox.write("wrong.toml", "foo = 1\n[demand]\npartitons = 3\nrequire = [\"hah\"]\n");
    sandbox.write(
        "small.toml",
        SMALL.replace("kind = \"web\"", "kind = \"webb\"\nprots = []\n[workload]\npartitoin = 1\n"),
    );
    let mut asked = 0;
    for args in ["--config wrong.toml size --partitions 5", "blueprints check small.toml"] {
        let output = sandbox.rapplan(args).output();
        let talk = String::from_utf8(output.stderr).unwrap();
        for topic in talk.lines().filter_map(|line| line.trim().strip_prefix("hint: rapplan explain ")) {
            assert!(sandbox.rapplan(&format!("explain {topic}")).output().status.success(), "{topic}\n{talk}");
            asked += 1;
        }
    }
    assert!(asked >= 4, "only {asked} hints were tried");
}

#[test]
fn a_section_lists_its_settings() {
    let sandbox = Sandbox::new();
    let page = sandbox.rapplan("explain render").stdout_text();
    assert!(page.contains("render.out") && page.contains("render.tier") && !page.contains("demand."), "{page}");
    let json: serde_json::Value =
        serde_json::from_str(&sandbox.rapplan("explain exit-codes -o json").stdout_text()).unwrap();
    assert_eq!(json["data"]["statuses"][8]["status"].as_u64(), Some(64));
}
