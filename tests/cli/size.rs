use crate::harness::Sandbox;
use crate::snapshot;

fn json(sandbox: &Sandbox, args: &str) -> serde_json::Value {
    serde_json::from_str(&sandbox.rapplan(&format!("{args} -o json")).stdout_text()).unwrap()
}

#[test]
fn a_hundred_and_twenty_partitions() {
    snapshot!(Sandbox::new().rapplan("size --partitions 120").transcript());
}

#[test]
fn growth_names_the_month() {
    snapshot!(Sandbox::new().rapplan("size --partitions 40 --growth 8%/month --horizon 12mo").transcript());
}

#[test]
fn a_cluster_for_what_no_server_bears() {
    snapshot!(Sandbox::new().rapplan("size --partitions 501 -o markdown").transcript());
}

#[test]
fn examples_lead_to_their_tiers() {
    let sandbox = Sandbox::new();
    for (args, tier) in [
        ("--partitions 50", "single"),
        ("--partitions 51", "split"),
        ("--partitions 500", "split"),
        ("--partitions 501", "kubernetes"),
        ("--partitions 5", "single"),
        ("--partitions 5 --environment dev", "test"),
        ("--partitions 5 --require ha", "split"),
        ("--partitions 5 --require ha,autoscaling", "kubernetes"),
        ("--vectors 3.6B", "split"),
        ("--data 6TB", "split"),
        ("--users 20K", "split"),
        ("--rps 800", "split"),
        ("--partitions 40 --headroom 25%", "single"),
        ("--partitions 41 --headroom 25%", "split"),
    ] {
        let result = json(&sandbox, &format!("size {args}"));
        assert_eq!(result["data"]["tier"]["name"], tier, "{args}");
        assert_eq!((&result["kind"], &result["schema_version"]), (&"size".into(), &"1.0".into()));
    }
}

#[test]
fn the_driver_is_named() {
    let result = json(&Sandbox::new(), "size --partitions 20 --rps 800");
    assert_eq!(result["data"]["tier"]["name"], "split");
    assert_eq!(result["data"]["tier"]["drivers"][0]["what"], "rps");
}

#[test]
fn a_named_index_is_checked() {
    let sandbox = Sandbox::new();
    let warnings = |args: &str| json(&sandbox, args)["data"]["warnings"].to_string();
    assert!(warnings("size --partitions 120 --index HNSW").contains("vectors-do-not-fit"));
    assert!(!warnings("size --partitions 120 --index ivf_rabitq").contains("vectors-do-not-fit"));
    assert!(!warnings("size --partitions 1 --dims 16").contains("vectors-"));
}

#[test]
fn variables_and_files_say_the_demand() {
    let sandbox = Sandbox::new();
    sandbox.write("rapplan.toml", "[demand]\npartitions = 120\n");
    let from_file = json(&sandbox, "size");
    assert_eq!(from_file["data"]["demand"]["partitions"]["because"]["origin"], "rapplan.toml:2:14");
    let run = sandbox.rapplan("size -o json").env("RAPPLAN_PARTITIONS", "5");
    let from_variable: serde_json::Value = serde_json::from_str(&run.stdout_text()).unwrap();
    assert_eq!(from_variable["data"]["tier"]["name"], "single");
}

#[test]
fn bad_input_is_refused_with_64() {
    let sandbox = Sandbox::new();
    for args in [
        "--partitions 0",
        "--partitions -5",
        "--partitions=-5",
        "--partitions many",
        "--partitions 1.5",
        "--partitions NaN",
        "--partitions inf",
        "--partitions 1e3",
        "--partitions 99999999999999999999",
        "--partitions 18446744073709551615",
        "--partitions 5GB",
        "--vectors 0",
        "--data 500",
        "--data 0",
        "--data 5parsec",
        "--rps fast",
        "--rps -1",
        "--dims 1",
        "--dims 32769",
        "--dims 9999999999",
        "--partitions 5 --environment production",
        "--partitions 5 --require magic",
        "--partitions 5 --index HSNW",
        "--partitions 5 --growth 8%",
        "--partitions 5 --growth -8%/month",
        "--partitions 5 --growth 8%/month --horizon 5000mo",
        "--partitions 5 --headroom 20",
        "--partitions 120 --vectors 1B",
        "--partitions 120 --vectors 100",
        "--partitions 120 --data 1GB",
        "",
        "--vectors-per-partition 30M",
        "--partition 120",
        "--partitions",
        "120",
        "--sweep partitions=9..1 -o csv",
        "--sweep bots=1..9 -o csv",
        "--rps 0..100",
        "--rps 9..1",
        "--rps 1..9@100%",
        "--vectors 1B..3B --partitions 60",
        "--rps 5..9 --worlds 0",
        "--rps 5..9 --worlds many",
        "--rps 5..9 --seed 99999999999",
        "--partitions 5 --growth 8%/month --start 2026-13",
        "--sweep partitions=1..9 --rps 5..9",
        "--partitions 5 -o xml",
        "--partitions 5 --blueprint chaty",
    ] {
        let output = sandbox.rapplan(&format!("size {args}")).output();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(64), "size {args}: {said}");
        assert!(said.starts_with("error[E01"), "size {args}: {said}");
        assert!(said.contains("hint: "), "size {args}: {said}");
        assert!(output.stdout.is_empty(), "size {args}");
    }
}

#[test]
fn all_bad_inputs_are_said_at_once() {
    snapshot!(
        Sandbox::new().rapplan("size --partitions 0.5 --rps fast --data 12 --environment production").transcript()
    );
    snapshot!(Sandbox::new().rapplan("size --partitions 120 --vectors 1B").transcript());
    snapshot!(Sandbox::new().rapplan("size --partitions 0 --dims 1 --rps 0").transcript());
}

#[test]
fn a_blueprint_that_says_nothing_is_not_sized() {
    let sandbox = Sandbox::new();
    sandbox.write("small.toml", crate::harness::SMALL);
    let output = sandbox.rapplan("size --partitions 5 --blueprint ./small.toml").output();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error[E0302]"));
}

#[test]
fn blueprints_without_a_table_are_sized_by_service() {
    snapshot!(
        Sandbox::new().rapplan("size --blueprint dojangkok --ccu 450 --mix write-heavy -o markdown").transcript()
    );
    snapshot!(Sandbox::new().rapplan("size --blueprint kag -o markdown").transcript());
    snapshot!(Sandbox::new().rapplan("size --blueprint aperag --cloud gcp -o markdown").transcript());
}

#[test]
fn a_cloud_gives_machines_and_prices() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("size --partitions 120 --cloud aws --region us-east-1 -o markdown").transcript());
    let result = json(&sandbox, "size --partitions 120 --cloud cheapest");
    let clouds = result["data"]["clouds"].as_array().unwrap();
    assert_eq!(clouds.iter().filter(|cloud| cloud["chosen"] == true).count(), 1);
    assert!(clouds.len() > 2);
}

#[test]
fn what_a_cloud_cannot_do_is_said() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("size --blueprint dojangkok --ccu 450 --mix write-heavy --max-servers 4").transcript());
    snapshot!(sandbox.rapplan("size --partitions 120 --cloud aws --region us-east-9").transcript());
    snapshot!(sandbox.rapplan("size --blueprint dojangkok --mix write-heavi").transcript());
    snapshot!(sandbox.rapplan("size --blueprint dojangkok --max-servers 0").transcript());
}

#[test]
fn sweeps_print_a_line_for_each_value() {
    let sandbox = Sandbox::new();
    let csv = sandbox.rapplan("size --sweep partitions=1..1000 -o csv").stdout_text();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 1001);
    assert_eq!(lines[0], "partitions,vectors,data_bytes,tier,set,cost_min_usd,cost_max_usd");
    assert_eq!(lines[120], "120,3600000000,6000000000000,split,larger,5000,8000");
    assert_eq!(lines[501], "501,15030000000,25050000000000,kubernetes,,10000,");
    snapshot!(sandbox.rapplan("size --sweep rps=498..502").transcript());
}

#[test]
fn ranges_are_sized_by_least_regret() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("size --rps 500..2000 --partitions 30..90@80%").transcript());
    snapshot!(sandbox.rapplan("size --rps 0..100").transcript());
    snapshot!(sandbox.rapplan("size --sweep partitions=1..9 --rps 5..9").transcript());
    let next = json(&sandbox, "size --rps 500..2000 --growth 1%/month..2%/month@80%")["data"]["next"][0].clone();
    assert_eq!(next, "rapplan render --rps 500..2000@90% --growth 1%/month..2%/month@80% --out deploy");
}

#[test]
fn ranges_of_services_are_sized_by_least_regret() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("size --blueprint dojangkok --ccu 150..450 --mix write-heavy").transcript());
    snapshot!(sandbox.rapplan("size --blueprint kag --data 5GB..50GB --users 10..20").transcript());
    // The same middle and another width are told as what was asked, and so is what follows.
    for (name, range) in [("narrow", "150..450"), ("wide", "75..900")] {
        let size = sandbox.rapplan(&format!("size --blueprint dojangkok --ccu {range} -o json")).output();
        sandbox.write(&format!("{name}.json"), String::from_utf8(size.stdout).unwrap());
    }
    snapshot!(sandbox.rapplan("size diff narrow.json wide.json").transcript());
    snapshot!(sandbox.rapplan("size --blueprint dojangkok --ccu 150..450 --clouds aws,gcp").transcript());
}

#[test]
fn a_forecast_of_services_goes_month_by_month() {
    let sandbox = Sandbox::new();
    let args = "size --blueprint dojangkok --ccu 200 --growth 8%/month --forecast --start 2026-12";
    snapshot!(sandbox.rapplan(args).transcript());
    let args = "size --blueprint aperag --vectors 2M --growth 3%/month..9%/month --horizon 3mo --forecast";
    snapshot!(sandbox.rapplan(args).transcript());
}

#[test]
fn worlds_and_seed_are_settings_and_the_rate_is_told_on_request() {
    let sandbox = Sandbox::new();
    sandbox.write("rapplan.toml", "[demand]\nrps = '500..2000'\n[uncertainty]\nworlds = 500\nseed = 7\n");
    let found = json(&sandbox, "size")["data"]["uncertainty"].clone();
    assert_eq!((&found["worlds"], &found["seed"]), (&500.into(), &7.into()));
    let loud = sandbox.rapplan("size -v").output();
    assert!(String::from_utf8_lossy(&loud.stderr).contains("500 worlds in "));
    assert_eq!(loud.stdout, sandbox.rapplan("size").output().stdout);
}

#[test]
fn a_forecast_goes_month_by_month() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("size --partitions 40 --growth 8%/month --horizon 6mo --forecast").transcript());
    let args = "size --partitions 40 --growth 3%/month..9%/month --horizon 3mo --forecast --start 2026-12";
    snapshot!(sandbox.rapplan(args).transcript());
}

/// What the schema promises holds for what is printed.
#[test]
fn results_keep_to_their_schema() {
    let sandbox = Sandbox::new();
    let schema: serde_json::Value = serde_json::from_str(&sandbox.rapplan("schema size").stdout_text()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for args in [
        "--partitions 120",
        "--partitions 5 --environment dev",
        "--partitions 900 --require ha --growth 3%/month",
        "--rps 5",
        "--partitions 120 --cloud gcp",
        "--partitions 600 --cloud aws",
        "--blueprint dojangkok --ccu 450 --model-requests 30",
        "--blueprint aperag --vectors 10M --dims 1024 --cloud bare-metal",
        "--rps 500..2000 --growth 1%/month..9%/month --start 2026-12",
        "--blueprint dojangkok --ccu 150..450 --model-requests 5..20 --growth 1%/month..9%/month",
        "--blueprint aperag --vectors 1M..9M --growth 5%/month --start 2026-12",
    ] {
        let result = json(&sandbox, &format!("size {args}"));
        let faults: Vec<String> =
            validator.iter_errors(&result).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(faults.is_empty(), "{args}: {faults:#?}");
    }
}

#[test]
fn the_next_command_names_the_same_application_and_index() {
    let sandbox = Sandbox::new();
    sandbox.write("my app.toml", sandbox.rapplan("blueprints show chatty --source").stdout_text());
    let next = |args: &[&str]| {
        let mut run = sandbox.rapplan("size -o json");
        run.command().args(args);
        let output = run.output();
        let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        result["data"]["next"][0].as_str().unwrap().to_owned()
    };
    let named = next(&["--partitions", "5", "--index", "ivf-pq", "--blueprint", "./my app.toml"]);
    assert_eq!(named, "rapplan render --blueprint './my app.toml' --partitions 5 --index IVF_PQ --out deploy");
    assert_eq!(next(&["--partitions", "501"]), "rapplan size --partitions 501 --why");
}

/// The table names three query nodes for any cluster, which hold 15 billion vectors under no index that can be relied on.
#[test]
fn a_cluster_says_how_many_nodes_the_vectors_take() {
    let sandbox = Sandbox::new();
    let warned = |partitions: u32| {
        let result = json(&sandbox, &format!("size --partitions {partitions} --require autoscaling"));
        result["data"]["warnings"].as_array().unwrap().iter().any(|w| w["id"] == "too-few-nodes-for-the-vectors")
    };
    assert!(warned(501));
    assert!(!warned(1));
}

#[test]
fn why_shows_formula_inputs_and_source_of_every_figure() {
    snapshot!(Sandbox::new().rapplan("size --partitions 120 --why").transcript());
}

#[test]
fn two_sizes_are_compared() {
    let sandbox = Sandbox::new();
    for (name, demand) in [("before", "--partitions 40"), ("after", "--partitions 120 --rps 800")] {
        let size = sandbox.rapplan(&format!("size {demand} -o json")).output();
        sandbox.write(&format!("{name}.json"), String::from_utf8(size.stdout).unwrap());
    }
    snapshot!(sandbox.rapplan("size diff before.json after.json").transcript());
    snapshot!(sandbox.rapplan("size diff after.json after.json").transcript());
}

#[test]
fn what_is_no_size_is_not_compared() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", "{ not json");
    sandbox.write("b.json", r#"{"kind": "render", "schema_version": "1.0", "data": {}}"#);
    sandbox.write("c.json", r#"{"kind": "size", "schema_version": "9.0", "data": {}}"#);
    snapshot!(sandbox.rapplan("size diff a.json b.json").transcript());
    snapshot!(sandbox.rapplan("size diff c.json absent.json").transcript());
}

#[test]
fn alternatives_stand_side_by_side() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("size --partitions 120 --compare single,split,kubernetes --clouds aws,gcp").transcript());
    snapshot!(sandbox.rapplan("size --partitions 40 --compare test,single,split").transcript());
    snapshot!(sandbox.rapplan("size --partitions 40 --compare single,splt --clouds aws,azure").transcript());
    let compared = json(&sandbox, "size --blueprint dojangkok --ccu 200 --clouds aws,gcp");
    assert_eq!(compared["kind"], "comparison");
    assert_eq!(compared["data"]["alternatives"].as_array().unwrap().len(), 2);
}

/// A million partitions of ten million vectors each: clusters side by side, with the limit that forces them and all machines.
#[test]
fn more_than_one_cluster_bears_is_divided_into_cells() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("size --partitions 1M --vectors-per-partition 10M").transcript());
    snapshot!(sandbox.rapplan("size --partitions 501 --cloud aws").transcript());
}

/// Concurrent users say something only to blueprints with load tests, which the error names; a range of growth says once what
/// it is per.
#[test]
fn what_a_user_tries_first_leads_on() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("size --ccu 450 --mix write-heavy").transcript());
    let once = json(&sandbox, "size --partitions 40 --growth 8%..12%/month");
    let twice = json(&sandbox, "size --partitions 40 --growth 8%/month..12%/month");
    assert_eq!(once["data"]["forecast"], twice["data"]["forecast"]);
    assert!(once["data"]["forecast"].is_object());
}
