//! Names that are more than names, and commands that say as little as can be.

use crate::harness::Sandbox;

/// An image's name goes into start-up scripts: a quote or a line break in it would be a command of its own.
#[test]
fn what_is_no_image_is_refused() {
    for cloud in ["aws", "gcp"] {
        for image in ["r.example/a\"b:1", "r.example/api:1\nEVIL=1", "r.example/$(id):1", "r.example/api:1;id"] {
            let sandbox = Sandbox::new();
            let mut run = sandbox.rapplan(&format!("plan --cloud {cloud} --simulate"));
            run.command().args(["--image", &format!("api={image}")]);
            let output = run.output();
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(64), "{image}: {text}");
            assert!(text.contains("is not the name of an image"), "{image}: {text}");
        }
    }
}

/// What somebody calls an alarm is told in messages: it must neither steer the terminal nor pass for a line of its own.
#[test]
fn a_name_is_one_line() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("apply --cloud aws --simulate --yes -qq --tier test").stdout_text();
    for name in ["\u{1b}[31mred", "errors\n0:00:00 end    all is well", ""] {
        for (command, args) in [("simulate alarm", [name, "on"]), ("plan --simulate", ["--alarm", name])] {
            let mut run = sandbox.rapplan(command);
            run.command().args(args);
            let output = run.output();
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(64), "{command} {name:?}: {text}");
            assert!(text.contains("a name in one line is wanted") && !text.contains('\u{1b}'), "{text}");
        }
    }
    sandbox.rapplan("simulate alarm 5xx-errors on").stdout_text();
}

#[test]
fn without_a_cloud_the_usual_one_is_simulated() {
    let sandbox = Sandbox::new();
    let plan = sandbox.rapplan("plan --simulate").stdout_text();
    assert!(
        plan.contains("chatty on simulated aws") && plan.contains("no cloud is named, so that aws is simulated"),
        "{plan}"
    );
    sandbox.rapplan("apply --simulate --yes -qq").stdout_text();
    assert!(!sandbox.rapplan("plan --simulate").stdout_text().contains("no cloud is named"));
    assert!(sandbox.rapplan("rehearse --seeds 1").stdout_text().contains("chatty on simulated aws"));
    // What is real is never guessed.
    let real = sandbox.rapplan("apply --deployment other --yes").output();
    assert!(String::from_utf8_lossy(&real.stderr).contains("nothing says on which cloud"));
}
