//! The same on a simulated Google Cloud, where a release is a rolling update.

use crate::harness::Sandbox;
use crate::snapshot;

const NEXT: &str = "--image api=registry.example.com/chatty-api:1.1.0";

/// What a person does, one command after the other; transcripts as they are printed.
#[test]
fn from_the_first_deployment_to_the_end() {
    let sandbox = Sandbox::new();
    let said = |args: &str| sandbox.rapplan(args).env("USER", "mina").env("HOSTNAME", "build-7").transcript();
    snapshot!(said("plan --cloud gcp --simulate"));
    let first = sandbox.rapplan("apply --cloud gcp --simulate --yes").stdout_text();
    assert!(first.contains("outcome   done (revision 1 of chatty)"), "{first}");
    snapshot!(said("plan --simulate --detailed-exitcode"));
    snapshot!(said("status --simulate"));
    snapshot!(said(&format!("apply --simulate --yes --steps 10,100 {NEXT}")));
    snapshot!(said("rollback --simulate --yes"));
    let gone = sandbox.rapplan("destroy --simulate --confirm chatty").stdout_text();
    assert!(gone.contains("outcome   done (revision 4 of chatty)"), "{gone}");
    // The data is still there, and goes only when that is said.
    snapshot!(said("destroy --simulate --confirm chatty --allow-data-loss"));
    snapshot!(said("status --simulate"));
}

/// Every blueprint and tier that AWS carries out is carried out here too, from nothing to a release to nothing.
#[test]
fn every_blueprint_comes_and_goes() {
    let ai = |tag: &str| {
        let of = |service: &str| format!("--image {service}=registry.example.com/{service}:prod-1.0-{tag}");
        format!("--blueprint dojangkok --users 500 {} {} {}", of("frontend"), of("backend"), of("ai-server"))
    };
    let chatty = |tier: &str, tag: &str| format!("--tier {tier} --image api=registry.example.com/api:{tag}");
    let kag = |tag: &str| format!("--blueprint kag --image app=registry.example.com/app:{tag}");
    for (name, first, second) in [
        ("chatty", chatty("test", "1.0.0"), chatty("test", "1.1.0")),
        ("chatty", chatty("single", "1.0.0"), chatty("single", "1.1.0")),
        ("kag", kag("1.0.0"), kag("1.1.0")),
        ("dojangkok", ai("a1b2c3d"), ai("a1b2c3e")),
    ] {
        let sandbox = Sandbox::new();
        let run = |args: &str| {
            let output = sandbox.rapplan(args).output();
            assert!(output.status.success(), "{args}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        run(&format!("apply --cloud gcp --simulate --yes -q {first}"));
        assert!(run(&format!("plan --simulate {first}")).contains("Nothing to do"), "{name}");
        let agreed = format!("--allow-interruption {second}");
        assert_eq!(
            run(&format!("plan --simulate -o json {agreed}")),
            run(&format!("plan --simulate -o json {agreed}"))
        );
        run(&format!("apply --simulate --yes -q {agreed}"));
        assert!(run(&format!("plan --simulate {agreed}")).contains("Nothing to do"), "{name}");
        let place = format!("--simulate --deployment {name}");
        run(&format!("status {place}"));
        run(&format!("doctor {place}"));
        run(&format!("rollback --yes -q --allow-interruption {place}"));
        run(&format!("destroy -q --confirm {name} --allow-data-loss {place}"));
        assert_eq!(sandbox.rapplan(&format!("status {place}")).output().status.code(), Some(1), "{name}");
    }
}

/// A release that never becomes healthy is taken back; one that dies is found and finished.
#[test]
fn what_goes_wrong_is_put_right() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("apply --cloud gcp --simulate --yes -q").stdout_text();
    let services = || {
        let text = sandbox.rapplan("status --simulate -o json").stdout_text();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["data"]["services"].clone()
    };
    let before = services();
    sandbox.rapplan("simulate bad-image api=1.1.0").stdout_text();
    let bad = sandbox.rapplan(&format!("apply --simulate --yes -q {NEXT}")).output();
    assert_eq!(bad.status.code(), Some(7), "{}", String::from_utf8_lossy(&bad.stderr));
    assert_eq!(before, services());
    let next = "--image api=registry.example.com/chatty-api:1.2.0";
    let died = sandbox.rapplan(&format!("apply --simulate --yes --kill-at 3:effect -q {next}")).output();
    assert_eq!(died.status.code(), Some(6));
    snapshot!(sandbox.rapplan("doctor --simulate").env("USER", "mina").transcript());
    sandbox.rapplan("doctor --simulate --repair --yes -q --lock-wait 5m").stdout_text();
    assert!(sandbox.rapplan("status --simulate").stdout_text().contains("chatty-api:1.2.0"));
}

#[test]
fn worlds_are_of_one_cloud() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("apply --cloud gcp --simulate --yes -q --tier test").stdout_text();
    let other = sandbox.rapplan("plan --cloud aws --simulate --tier test").output();
    assert_eq!(other.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&other.stderr).contains("E0711"));
    let none = sandbox.rapplan("plan --cloud bare-metal --simulate").output();
    assert_eq!(none.status.code(), Some(64));
    assert!(String::from_utf8_lossy(&none.stderr).contains("aws and gcp"));
}

#[test]
fn a_rehearsed_release_bears_its_demand() {
    let sandbox = Sandbox::new();
    let text = sandbox.rapplan("rehearse --cloud gcp --release --faults --seeds 6 -o json").stdout_text();
    let result: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&result["data"]["runs"], &result["data"]["good"]), (&6.into(), &6.into()));
    assert!(!sandbox.path("work/.rapplan").exists(), "a rehearsal changes nothing");
}
