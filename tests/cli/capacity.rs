//! Plans that would let the capacity fall below the demand, their ways out, and what a rehearsal shows of it.

use serde_json::Value;

use crate::harness::Sandbox;
use crate::snapshot;

const NEXT: &str = "--image backend=registry.example.com/backend:prod-1.1.0-a1b2c3e";

/// Two backends of 200 users each, as for 200 users with one to spare.
fn deployed() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("rapplan.toml", "blueprint = \"dojangkok\"\n");
    sandbox.rapplan("apply --cloud aws --simulate --ccu 200 --yes -q").stdout_text();
    sandbox
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_release_under_too_much_demand_is_refused_with_ways_out_that_work() {
    let sandbox = deployed();
    let release = format!("--simulate --ccu 700 {NEXT}");
    snapshot!(sandbox.rapplan(&format!("plan {release}")).transcript());
    let refused = sandbox.rapplan(&format!("apply {release} --yes")).output();
    assert_eq!(refused.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("error[E0704]"));
    let plan = json(&String::from_utf8(sandbox.rapplan(&format!("plan {release} -o json")).output().stdout).unwrap());
    let ways = plan["data"]["ways_out"].as_array().unwrap().clone();
    assert_eq!(ways.len(), 3, "{ways:#?}");
    let good: Vec<&Value> = ways.iter().filter(|way| way["is_enough"] == true).collect();
    assert_eq!(good.len(), 2, "more instances first, and another hour: {ways:#?}");
    for way in &ways {
        let lowest = way["permille"].as_u64().unwrap().min(way["zone_lost"].as_u64().unwrap_or(1000));
        assert_eq!(way["is_enough"] == true, lowest >= 1000, "{way:#?}");
        assert!(way["took_ms"].as_u64().unwrap() > 60_000, "{way:#?}");
    }
    // Only growing is no release: what stands gets better from the first moment on.
    sandbox.rapplan("plan --simulate --ccu 700 -q").stdout_text();
    // Each way that is told as enough is followed as it is written.
    for way in good {
        let other = deployed();
        for command in way["commands"].as_array().unwrap() {
            let command = command.as_str().unwrap().strip_prefix("rapplan ").unwrap();
            let command = command.strip_prefix("plan").map_or(command.to_owned(), |rest| format!("apply{rest}"));
            other.rapplan(&format!("{command} --yes -q")).stdout_text();
        }
        assert!(other.rapplan("status --simulate").stdout_text().contains("prod-1.1.0-a1b2c3e"), "{way:#?}");
    }
}

#[test]
fn the_hour_counts_as_long_as_it_lasts() {
    let sandbox = deployed();
    let at = |time: &str| sandbox.rapplan(&format!("plan --simulate --ccu 700 {NEXT} --at {time}"));
    let quiet = at("03:00").stdout_text();
    assert!(quiet.contains("at 03:00 25 % of the demand"), "{quiet}");
    assert_eq!(at("12:00").output().status.code(), Some(3));
    let late = String::from_utf8(at("08:57").output().stderr).unwrap();
    assert!(late.contains("into the busy hours") && late.contains("--at 03:00"), "{late}");
    assert_eq!(at("25:00").output().status.code(), Some(64));
    // A blueprint that does not say how much is demanded when.
    snapshot!(Sandbox::new().rapplan("plan --cloud aws --simulate --at 03:00").transcript());
}

#[test]
fn a_drop_that_is_agreed_to_is_in_the_history() {
    let sandbox = deployed();
    let release = format!("--simulate --ccu 700 {NEXT} --allow-capacity-drop");
    sandbox.rapplan(&format!("plan {release} --out p.json -q")).stdout_text();
    sandbox.rapplan("apply p.json --simulate --yes -q").stdout_text();
    let history = json(&sandbox.rapplan("history -o json").stdout_text());
    let agreed = &history["data"]["runs"][0]["agreed"];
    assert_eq!(agreed, &Value::from(vec!["backend would bear 57 % of its demand, with --allow-capacity-drop"]));
    assert!(sandbox.rapplan("history").stdout_text().contains("agreed: backend would bear 57 %"));
}

/// Every failure is told with the command that runs it again, and that command fails alike.
#[test]
fn failures_of_rehearsals_can_be_run_again() {
    let sandbox = deployed();
    let args = format!("rehearse --ccu 700 {NEXT} --seeds 3 --report page.html -o json");
    let output = sandbox.rapplan(&args).output();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let all = json(&String::from_utf8(output.stdout).unwrap());
    assert_eq!((&all["data"]["runs"], &all["data"]["good"]), (&3.into(), &0.into()));
    let failed = all["data"]["failures"].as_array().unwrap();
    assert_eq!(failed.len(), 3);
    let again = failed[2]["again"].as_str().unwrap().strip_prefix("rapplan ").unwrap();
    assert!(again.ends_with("--replay 3"), "{again}");
    let one = sandbox.rapplan(&format!("{again} -o json")).output();
    assert_eq!(one.status.code(), Some(1));
    let one = json(&String::from_utf8(one.stdout).unwrap());
    assert_eq!(one["data"]["failures"][0], failed[2]);
    // The page has the same commands, and is written over by the next one; what is not such a page is not.
    let page = sandbox.read("page.html");
    for failure in failed {
        assert!(page.contains(failure["again"].as_str().unwrap()), "{failure}");
    }
    assert!(page.contains("backend: never below 57 %") && page.matches("<svg").count() >= 6);
    sandbox.write("mine.html", "<!DOCTYPE html>\n<title>mine</title>");
    let refused = sandbox.rapplan("rehearse --cloud aws --seeds 1 --report mine.html").output();
    assert!(String::from_utf8_lossy(&refused.stderr).contains("error[E0402]"));
}
