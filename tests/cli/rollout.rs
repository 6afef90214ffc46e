//! A deployment from its beginning to its end in a simulated cloud, as a person would try it.

use crate::harness::Sandbox;
use crate::snapshot;

const NEXT: &str = "--image api=registry.example.com/chatty-api:1.1.0";

/// What a person does, one command after the other; transcripts as they are printed.
#[test]
fn from_the_first_deployment_to_the_end() {
    let sandbox = Sandbox::new();
    let said = |args: &str| sandbox.rapplan(args).transcript();
    snapshot!(said("plan --cloud aws --simulate"));
    snapshot!(said("apply --cloud aws --simulate --yes"));
    snapshot!(said("plan --simulate --detailed-exitcode"));
    snapshot!(said("status --simulate"));
    snapshot!(said(&format!("apply --simulate --yes --steps 10,100 {NEXT}")));
    snapshot!(said("rollback --simulate --yes"));
    snapshot!(said("history"));
    snapshot!(said("destroy --simulate --confirm chatty"));
    snapshot!(said("status --simulate"));
    // The data is still there, and goes only when that is said.
    snapshot!(said("destroy --simulate --confirm chatty --allow-data-loss"));
    snapshot!(said("status --simulate"));
}

/// A release that never becomes healthy is taken back; one that dies is found and finished.
#[test]
fn what_goes_wrong_is_put_right() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("apply --cloud aws --simulate --yes -q").stdout_text();
    let before = sandbox.rapplan("status --simulate -o json").stdout_text();
    let said = |args: &str| sandbox.rapplan(args).transcript();
    sandbox.rapplan("simulate bad-image api=1.1.0").stdout_text();
    let bad = sandbox.rapplan(&format!("apply --simulate --yes -q {NEXT}")).output();
    assert_eq!(bad.status.code(), Some(7), "{}", String::from_utf8_lossy(&bad.stderr));
    let after = sandbox.rapplan("status --simulate -o json").stdout_text();
    let services = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["data"]["services"].clone();
    assert_eq!(services(&before), services(&after));

    let next = "--image api=registry.example.com/chatty-api:1.2.0";
    let died = sandbox.rapplan(&format!("apply --simulate --yes --kill-at 7 -q {next}")).output();
    assert_eq!(died.status.code(), Some(6));
    snapshot!(said("apply --simulate --yes"));
    snapshot!(said("doctor --simulate"));
    snapshot!(said("doctor --simulate --repair --yes --lock-wait 5m"));
    snapshot!(said("doctor --simulate"));
    assert!(sandbox.rapplan("status --simulate").stdout_text().contains("chatty-api:1.2.0"));
}

#[test]
fn a_saved_plan_is_carried_out_exactly_or_not_at_all() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("plan --cloud aws --simulate --out p.json -q").stdout_text();
    let unasked = sandbox.rapplan("apply p.json --simulate").output();
    assert_eq!(unasked.status.code(), Some(64));
    assert!(String::from_utf8_lossy(&unasked.stderr).contains("--yes"));
    let plan = sandbox.read("p.json");
    sandbox.write("altered.json", plan.replacen("m7", "m8", 1).replacen("1.0.0", "6.6.6", 1));
    let altered = sandbox.rapplan("apply altered.json --simulate --yes").output();
    assert_eq!(altered.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&altered.stderr).contains("error[E0703]"));
    sandbox.rapplan("apply p.json --simulate --yes -q").stdout_text();
    snapshot!(sandbox.rapplan("apply p.json --simulate --yes").transcript());
    // Where nothing has changed, the same plan is empty.
    sandbox.rapplan("plan --simulate --out empty.json -q").stdout_text();
    assert!(sandbox.rapplan("apply empty.json --simulate --yes").stdout_text().contains("Nothing to do"));
}

#[test]
fn programs_get_one_line_for_each_event() {
    let sandbox = Sandbox::new();
    let text = sandbox.rapplan("apply --cloud aws --simulate --yes -o json").stdout_text();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let types: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!((types[0], types[types.len() - 1]), ("planned", "summary"));
    let count = |kind: &str| types.iter().filter(|one| **one == kind).count();
    assert!(count("started") > 90 && count("started") == count("finished"), "{types:?}");
    assert!(lines.iter().all(|line| line["schema_version"] == "1.0" && line["kind"] == "apply-event"));
    let moments: Vec<u64> = lines[1..].iter().map(|line| line["at_ms"].as_u64().unwrap()).collect();
    assert!(moments.is_sorted());
}

#[test]
fn rehearsals_are_the_same_on_any_number_of_threads() {
    let sandbox = Sandbox::new();
    let run = |threads: &str| {
        let command = sandbox.rapplan("rehearse --cloud aws --release --faults --seeds 6 -o json");
        command.env("RAYON_NUM_THREADS", threads).stdout_text()
    };
    let one = run("1");
    assert_eq!(one, run("4"));
    let result: serde_json::Value = serde_json::from_str(&one).unwrap();
    assert_eq!((&result["data"]["runs"], &result["data"]["good"]), (&6.into(), &6.into()));
    assert!(!sandbox.path("work/.rapplan").exists(), "a rehearsal changes nothing");
    snapshot!(sandbox.rapplan("rehearse --cloud aws --release --replay 3").transcript());
}

#[test]
fn what_is_wrong_is_told_before_anything_is_made() {
    let sandbox = Sandbox::new();
    for (args, status) in [
        ("apply --cloud aws", 4),
        ("apply --cloud aws --simulate", 64),
        ("apply --simulate", 64),
        ("plan --cloud aws --simulate --image nothing=a:1", 64),
        ("plan --cloud aws --simulate --image api", 64),
        ("plan --cloud aws --simulate --steps 50,10", 64),
        ("rollback --cloud aws --simulate", 1),
        ("destroy --cloud aws --simulate --confirm chatty", 1),
        ("destroy --cloud aws --simulate --confirm other", 64),
        ("status --cloud aws --simulate", 1),
    ] {
        let output = sandbox.rapplan(args).output();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{args}: {said}");
        assert!(said.contains("hint: "), "{args}: {said}");
    }
    assert!(!sandbox.path("work/.rapplan/simulated").exists());
    snapshot!(sandbox.rapplan("apply --cloud aws").transcript());
    sandbox.write(".rapplan/simulated/chatty.json", "{\"kind\":\"simulated-world\",\"format\":99}");
    assert_eq!(sandbox.rapplan("plan --cloud aws --simulate").output().status.code(), Some(1));
}

#[test]
fn a_team_shares_the_history_in_a_bucket() {
    let sandbox = Sandbox::new();
    let bucket = "--history-bucket s3://acme-releases/rapplan";
    sandbox.rapplan(&format!("apply --cloud aws --simulate --yes --tier test {bucket}")).stdout_text();
    let told = sandbox.rapplan(&format!("history --simulate {bucket}")).stdout_text();
    assert!(told.contains("rapplan apply"), "{told}");
    assert!(sandbox.path("work/.rapplan/simulated/buckets/s3/acme-releases/rapplan/chatty.jsonl").exists());
    assert!(!sandbox.path("work/.rapplan/history").exists());
    let real = sandbox.rapplan(&format!("history {bucket}")).output();
    assert!(String::from_utf8_lossy(&real.stderr).contains("error[E0701]"));
    let nowhere = sandbox.rapplan("history --history-bucket s3://acme/../x --simulate").output();
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("is not a bucket"));
}

/// What a release that died had begun is undone at once: no step and no bake holds up the way back.
#[test]
fn going_back_in_the_middle_of_a_release_is_quick() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("apply --cloud aws --simulate --yes -qq").stdout_text();
    let died = sandbox.rapplan(&format!("apply --simulate --yes -q --steps 10,100 --kill-at 10 {NEXT}")).output();
    assert_eq!(died.status.code(), Some(6));
    let text = sandbox.rapplan("rollback --simulate --yes -q --lock-wait 2m -o json").stdout_text();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sent = |line: &&serde_json::Value| line["type"] == "started" && line["subject"] != "lease";
    let first = lines.iter().find(sent).unwrap()["at_ms"].as_u64().unwrap();
    let shares = |line: &&serde_json::Value| sent(line) && line["subject"] == "route/api";
    let back = lines.iter().find(shares).unwrap()["at_ms"].as_u64().unwrap();
    assert!(back < first + 2_000, "{first} {back}");
    // Where that has come to is the state of before, and not another one that could be gone back from.
    assert!(sandbox.rapplan("plan --simulate").stdout_text().contains("Nothing to do"));
    let none = sandbox.rapplan("rollback --simulate --yes").output();
    assert_eq!(none.status.code(), Some(1), "{}", String::from_utf8_lossy(&none.stdout));
}

/// Who puts something right does not release another version by it.
#[test]
fn what_runs_stays_unless_another_image_is_named() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("apply --cloud aws --simulate --yes -qq").stdout_text();
    sandbox.rapplan(&format!("apply --simulate --yes -qq {NEXT}")).stdout_text();
    assert!(sandbox.rapplan("plan --simulate").stdout_text().contains("Nothing to do"));
}

#[test]
fn drills_are_of_what_there_is() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("apply --cloud aws --simulate --yes -qq").stdout_text();
    for (args, hint) in [
        ("zone-loss us-east-1c", "us-east-1a, us-east-1b"),
        ("load apy 3", "did you mean `api`?"),
        ("load api lots", "simulate load api 6"),
        ("quota few", "simulate quota 3"),
        ("bad-image api", "bad-image api="),
        ("drift vpc/chaty delete", "did you mean `vpc/chatty`?"),
        ("drift vpc/chatty set cidrs 10.0.0.0/8", "did you mean `cidr`?"),
        ("drift vpc/chatty size 3", "group/chatty-api"),
        ("drift vpc/chatty tag owner", "NAME=VALUE"),
    ] {
        let output = sandbox.rapplan(&format!("simulate {args}")).output();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(64), "{args}: {said}");
        assert!(said.contains(hint), "{args}: {said}");
    }
    for wrong in ["--pace 0", "--pace fast", "--kill-at 7:late", "--kill-at x"] {
        let output = sandbox.rapplan(&format!("apply --simulate --yes {wrong}")).output();
        assert_eq!(output.status.code(), Some(64), "{wrong}");
    }
    // What is said to be over is over.
    for args in
        ["quota 1", "quota none", "faults on", "faults off", "stock-out us-east-1a", "stock-out us-east-1a --over"]
    {
        sandbox.rapplan(&format!("simulate {args}")).stdout_text();
    }
    sandbox.rapplan(&format!("apply --simulate --yes -qq {NEXT}")).stdout_text();
}
