use crate::harness::Sandbox;
use crate::snapshot;

const STEPS: &str = include_str!("../data/load_tests/k6_steps.csv");
const EXPORT: &str = include_str!("../data/load_tests/k6_summary_export.json");
const VEGETA: &str = include_str!("../data/load_tests/vegeta.json");
const STATS: &str = include_str!("../data/load_tests/locust_stats.csv");

const WRITE: &str = "calibrate steps.csv --scenario write-heavy --service backend --machine backend=t4g.medium \
                     --machine mysql=t4g.small --exclude vllm --write blueprint.toml";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .write("steps.csv", STEPS)
        .write("export.json", EXPORT)
        .write("vegeta.json", VEGETA)
        .write("stats.csv", STATS);
    sandbox
}

#[test]
fn a_test_in_steps_gives_points_a_verdict_and_a_capacity() {
    snapshot!(sandbox().rapplan("calibrate steps.csv --scenario write-heavy --blueprint dojangkok").transcript());
}

#[test]
fn a_stricter_objective_lowers_the_capacity() {
    let sandbox = sandbox();
    let capacity = |flags: &str| {
        let text = sandbox.rapplan(&format!("calibrate steps.csv --blueprint dojangkok -o json {flags}")).stdout_text();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let capacity = &json["data"]["capacity"];
        (capacity["bound"].as_str().unwrap().to_owned(), capacity["reached"]["users"].as_u64())
    };
    // 5% errors at 50 users and 15% at 100: 10% at 75, 6% at 55, and 1% at none.
    assert_eq!(capacity(""), ("between".to_owned(), Some(75)));
    assert_eq!(capacity("--max-error-rate 6%"), ("between".to_owned(), Some(55)));
    assert_eq!(capacity("--max-error-rate 1%"), ("below".to_owned(), None));
    assert_eq!(capacity("--max-error-rate 20%"), ("at-least".to_owned(), Some(100)));
    assert_eq!(capacity("--p95 10ms --max-error-rate 20%"), ("below".to_owned(), None));
}

#[test]
fn files_of_other_tools_are_told_by_their_content() {
    let sandbox = sandbox();
    snapshot!(sandbox.rapplan("calibrate export.json --p95 500ms").transcript());
    snapshot!(sandbox.rapplan("calibrate vegeta.json --mean 100ms").transcript());
    snapshot!(sandbox.rapplan("calibrate stats.csv --users 40 -o yaml").transcript());
}

#[test]
fn rows_are_written_once_and_comments_stay() {
    let sandbox = sandbox();
    assert!(sandbox.rapplan("init --own --blueprint dojangkok").output().status.success());
    let before = sandbox.read("blueprint.toml");
    snapshot!(sandbox.rapplan(&format!("{WRITE} -o markdown")).transcript());
    let once = sandbox.read("blueprint.toml");
    let added: Vec<&str> = once.lines().filter(|line| line.contains("provenance")).collect();
    assert_eq!(added.len(), 2, "{added:?}");
    let comments = |text: &str| text.lines().filter(|line| line.contains('#')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(comments(&before), comments(&once));
    let again = sandbox.rapplan(WRITE).output();
    assert!(String::from_utf8_lossy(&again.stderr).contains("has these rows already"));
    assert_eq!(sandbox.read("blueprint.toml"), once);
    assert!(sandbox.rapplan("blueprints check blueprint.toml").output().status.success());
    // The blueprint of the settings is the file that `init --own` wrote.
    let settings = WRITE.replace("--write blueprint.toml", "--write");
    assert!(sandbox.rapplan(&settings).output().status.success());
    assert_eq!(sandbox.read("blueprint.toml"), once);
}

#[test]
fn what_cannot_be_written_says_why_and_changes_nothing() {
    let sandbox = sandbox();
    snapshot!(sandbox.rapplan("calibrate steps.csv --scenario s --write --blueprint dojangkok").transcript());
    assert!(sandbox.rapplan("init --own --blueprint dojangkok").output().status.success());
    let before = sandbox.read("blueprint.toml");
    snapshot!(sandbox.rapplan("calibrate stats.csv --scenario s --write blueprint.toml").transcript());
    snapshot!(
        sandbox
            .rapplan("calibrate steps.csv --machine mysq=t4g.small --machine x --date today --users 0 --p95 5 --write blueprint.toml")
            .transcript()
    );
    assert_eq!(sandbox.read("blueprint.toml"), before);
}

#[test]
fn what_is_no_load_test_is_told_with_its_place() {
    let sandbox = sandbox();
    sandbox.write("broken.csv", STEPS.replacen(",298.5,", ",fast,", 1));
    sandbox.write("notes.csv", "name,age\nx,1\n").write("empty.json", "{}");
    for file in ["broken.csv", "notes.csv", "empty.json", "missing.csv"] {
        let transcript = sandbox.rapplan(&format!("calibrate {file}")).transcript();
        assert!(!transcript.contains("exit status: 0"), "{transcript}");
        snapshot!(transcript);
    }
}

#[test]
fn the_result_is_what_its_schema_says() {
    let sandbox = sandbox();
    let json = |args: &str| serde_json::from_str(&sandbox.rapplan(args).stdout_text()).unwrap();
    let schema: serde_json::Value = json("schema calibration");
    for files in ["steps.csv --blueprint dojangkok", "export.json vegeta.json", "stats.csv"] {
        let result: serde_json::Value = json(&format!("calibrate {files} -o json"));
        jsonschema::validate(&schema, &result).unwrap();
    }
}
