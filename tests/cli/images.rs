//! Images of the user's own services: tags that move are refused, and what is gone back to is what ran.

use serde_json::Value;

use crate::harness::Sandbox;
use crate::snapshot;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn images(sandbox: &Sandbox) -> String {
    let history = json(&sandbox.rapplan("history -o json").stdout_text());
    history["data"]["runs"][0]["images"]["api"].as_str().unwrap().to_owned()
}

#[test]
fn a_moved_tag_does_not_change_what_is_gone_back_to() {
    let sandbox = Sandbox::new();
    let image = |tag: &str| format!("--image api=registry.example.com/chatty-api:{tag}");
    sandbox.rapplan(&format!("apply --cloud aws --simulate --yes -q {}", image("1.0.0"))).stdout_text();
    let first = images(&sandbox);
    assert!(first.starts_with("registry.example.com/chatty-api:1.0.0@sha256:"), "{first}");
    // What no image is named for keeps the one it has.
    assert!(sandbox.rapplan("plan --simulate").stdout_text().contains("Nothing to do"));
    sandbox.rapplan(&format!("apply --simulate --yes -q {}", image("1.1.0"))).stdout_text();
    assert!(sandbox.rapplan("plan --simulate").stdout_text().contains("Nothing to do"));
    // Somebody moves the tag.
    let file = ".rapplan/simulated/chatty.json";
    let mut world = json(&sandbox.read(file));
    world["data"]["registry"]["moved"]["registry.example.com/chatty-api:1.0.0"] = 1.into();
    sandbox.write(file, world.to_string());
    sandbox.rapplan("rollback --simulate --yes -q").stdout_text();
    assert_eq!(images(&sandbox), first);
    let back = sandbox.rapplan("status --simulate").stdout_text();
    let digest = &first.split_once("@sha256:").unwrap().1[..6];
    assert!(back.contains(&format!("chatty-api:1.0.0 (sha256:{digest})")), "{back}");
    // The same tag means something else now: that is another version.
    let moved = sandbox.rapplan(&format!("plan --simulate --detailed-exitcode {}", image("1.0.0"))).output();
    assert_eq!(moved.status.code(), Some(2));
    // By its name, the last that ran under it is found.
    let named = sandbox.rapplan("rollback --simulate --to chatty-api:1.1.0 --yes -q").output();
    assert!(named.status.success(), "{}", String::from_utf8_lossy(&named.stderr));
}

#[test]
fn images_that_cannot_be_gone_back_to_are_refused() {
    let sandbox = Sandbox::new();
    let plan = |blueprint: &str, image: &str| {
        let output =
            sandbox.rapplan(&format!("plan --blueprint {blueprint} --cloud aws --simulate --image {image}")).output();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for (blueprint, image) in [
        ("chatty", "api=registry.example.com/chatty-api:latest"),
        ("chatty", "api=registry.example.com/chatty-api"),
        ("dojangkok", "backend=registry.example.com/backend:latest"),
        ("dojangkok", "backend=registry.example.com/backend:1.0.0"),
    ] {
        let (status, said) = plan(blueprint, image);
        assert_eq!(status, Some(1), "{image}: {said}");
        assert!(said.contains("error[E0601]") && said.contains("hint: "), "{image}: {said}");
    }
    let (_, said) = plan("dojangkok", "backend=registry.example.com/backend:1.0.0");
    assert!(said.contains("prod-{version}-{commit}"), "{said}");
    // What is imagined fits the patterns of the blueprint.
    let imagined = sandbox.rapplan("plan --blueprint dojangkok --cloud aws --simulate").stdout_text();
    assert!(imagined.contains("backend:prod-1.0.0-a1b2c3d (sha256:") && !imagined.contains("ai-server"), "{imagined}");
    snapshot!(sandbox.rapplan("plan --blueprint aperag --cloud aws --simulate").transcript());
}

/// For pull requests.
#[test]
fn a_plan_can_be_pasted() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("apply --cloud aws --simulate --yes -q").stdout_text();
    let next = "--image api=registry.example.com/chatty-api:1.1.0";
    snapshot!(sandbox.rapplan(&format!("plan --simulate -o markdown {next}")).transcript());
}
