//! What stays as it is unless somebody says otherwise.

use crate::harness::Sandbox;

fn stderr(sandbox: &Sandbox, args: &str, status: i32) -> String {
    let output = sandbox.rapplan(args).output();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "{args}: {text}");
    text
}

/// A release says nothing of the demand, and so does not make the deployment smaller.
#[test]
fn a_release_keeps_the_demand() {
    let sandbox = Sandbox::new();
    let run = |args: &str| sandbox.rapplan(args).stdout_text();
    run("apply --cloud aws --simulate --blueprint dojangkok --ccu 900 --yes -qq");
    let image = "--image backend=registry.example.com/backend:prod-1.1.0-b2c3d4e";
    let plan = run(&format!("plan --simulate --deployment dojangkok {image}"));
    assert!(plan.contains("the demand is that of revision 1, as no other is named: --ccu 900"), "{plan}");
    assert!(!plan.contains("machines  ") && !plan.contains("service/frontend"), "{plan}");
    run(&format!("apply --simulate --deployment dojangkok --yes -qq {image}"));
    assert!(run("plan --simulate --deployment dojangkok").contains("Nothing to do"));
    // Another demand takes the place of all that was said of it.
    let other = run("plan --simulate --deployment dojangkok --ccu 200");
    assert!(!other.contains("as no other is named: --ccu") && other.contains("machines  "), "{other}");
}

/// No provider makes a disk smaller: what is there stays.
#[test]
fn a_disk_never_shrinks() {
    for cloud in ["aws", "gcp"] {
        let sandbox = Sandbox::new();
        let run = |args: &str| sandbox.rapplan(args).stdout_text();
        run(&format!("apply --cloud {cloud} --simulate --partitions 400 --yes -qq"));
        let plan = run("plan --simulate --partitions 100 --allow-interruption");
        assert!(!plan.contains("size  "), "{cloud}: {plan}");
        run("apply --simulate --partitions 100 --allow-interruption --yes -qq");
        assert!(run("plan --simulate --partitions 100 --allow-interruption").contains("Nothing to do"), "{cloud}");
    }
}

#[test]
fn a_saved_plan_takes_no_other_wishes() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("plan --cloud aws --simulate --tier test --out p.json -q").stdout_text();
    let text = stderr(&sandbox, "apply p.json --simulate --yes --bake 30m --partitions 9", 64);
    assert!(text.contains("error[E0103]") && text.contains("--partitions 9 --bake 30m"), "{text}");
    sandbox.rapplan("apply p.json --simulate --yes -qq").stdout_text();
}

#[test]
fn images_that_the_blueprint_pins_are_its_own() {
    let sandbox = Sandbox::new();
    let text = stderr(&sandbox, "plan --cloud aws --simulate --image milvus=docker.io/milvusdb/milvus:v2.6.19", 64);
    assert!(
        text.contains("the image of `milvus` is the blueprint's") && text.contains("services.milvus.image"),
        "{text}"
    );
}

/// Deleting needs its leave each time, also to go on with it.
#[test]
fn the_doctor_deletes_no_deployment() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("apply --cloud aws --simulate --tier test --yes -qq").stdout_text();
    let died = "destroy --simulate --confirm chatty --allow-data-loss --kill-at 3";
    assert_eq!(sandbox.rapplan(died).output().status.code(), Some(6));
    let text = stderr(&sandbox, "doctor --simulate --repair --yes --lock-wait 5m", 64);
    assert!(text.contains("error[E0706]") && text.contains("--allow-data-loss"), "{text}");
    let finish = "rapplan destroy --simulate --deployment chatty --confirm chatty";
    assert!(text.contains(finish), "{text}");
    sandbox.rapplan("destroy --simulate --deployment chatty --confirm chatty --lock-wait 5m -qq").stdout_text();
}
