//! Ctrl-C once and twice, and `kill -9`, in the middle of a release that passes at a pace; then the same command goes on, and
//! the end is that of a release that nothing disturbed.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "a test makes folders and ends the processes that it has started")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

const RELEASE: &str = "apply --simulate --yes -q --steps 10,100 --image api=registry.example.com/chatty-api:1.1.0";

fn rapplan(args: &str, folder: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("rapplan"));
    command.args(args.split_whitespace()).current_dir(folder).env_clear().stdin(Stdio::null());
    command.env("HOME", folder).env("USER", "mina").env("HOSTNAME", "build-7");
    command
}

fn done(args: &str, folder: &Path) -> Output {
    rapplan(args, folder).output().unwrap()
}

/// A folder with a deployment in it.
fn deployed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert!(done("apply --cloud aws --simulate --yes -q", folder.path()).status.success());
    folder
}

/// What is there in the end: services with their versions, sizes, shares, and nothing left behind.
fn standing(folder: &Path) -> serde_json::Value {
    let text = done("status --simulate -o json", folder).stdout;
    let status: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let data = &status["data"];
    assert_eq!(data["leftovers"], serde_json::json!([]));
    serde_json::json!([data["services"], data["things"]])
}

fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Starts the release, ends it with these signals once it has told a line with this text, and what it printed.
fn disturbed(folder: &Path, pace: u32, text: &str, signals: &[&str]) -> (Option<i32>, String, String) {
    let mut child = rapplan(&format!("{RELEASE} --pace {pace}"), folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = String::new();
    let mut signals = signals.iter();
    let mut sent = false;
    for line in &mut lines {
        let line = line.unwrap();
        // The second one once the first was heard.
        let next = line.contains(text) || (sent && line.contains("stop   "));
        if let Some(signal) = next.then(|| signals.next()).flatten() {
            send(&child, signal);
            sent = true;
        }
        told.push_str(&line);
        told.push('\n');
    }
    let output = child.wait_with_output().unwrap();
    (output.status.code(), told, String::from_utf8(output.stderr).unwrap())
}

fn goes_on(folder: &Path, said: &str) {
    let command = said.lines().find_map(|line| line.trim().strip_prefix("hint: go on from there: rapplan "));
    let command = command.unwrap_or_else(|| panic!("no command: {said}"));
    let output = done(command, folder);
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
}

fn undisturbed() -> serde_json::Value {
    let folder = deployed();
    assert!(done(RELEASE, folder.path()).status.success());
    standing(folder.path())
}

#[test]
fn the_first_ctrl_c_leaves_a_safe_state() {
    let folder = deployed();
    let (code, told, said) = disturbed(folder.path(), 300, "10 chatty", &["-INT"]);
    assert_eq!(code, Some(130), "{told}{said}");
    assert!(told.contains("nothing new is begun") && said.contains("error[E0712]"), "{told}{said}");
    // No requests are left shared between two versions, and nobody is kept out.
    let text = done("status --simulate -o json", folder.path()).stdout;
    let status: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let shares: Vec<_> = status["data"]["services"].as_array().unwrap().iter().map(|one| &one["share"]).collect();
    assert!(shares.iter().all(|share| share.is_null() || **share == 0 || **share == 100), "{shares:?}");
    assert_eq!(status["data"]["lease"], serde_json::Value::Null);
    goes_on(folder.path(), &said);
    assert_eq!(standing(folder.path()), undisturbed());
}

#[test]
fn the_second_ctrl_c_ends_it_at_once() {
    let folder = deployed();
    // Slow enough that the second one comes before what is under way has ended.
    let (code, told, said) = disturbed(folder.path(), 1, "create group", &["-INT", "-INT"]);
    assert_eq!(code, Some(130), "{told}{said}");
    assert!(said.contains("error[E0712]"), "{told}{said}");
    goes_on(folder.path(), &said);
    assert_eq!(standing(folder.path()), undisturbed());
}

#[test]
fn a_run_that_is_killed_leaves_what_a_cloud_would_have() {
    let folder = deployed();
    let (code, told, said) = disturbed(folder.path(), 300, "healthy without a break", &["-KILL"]);
    assert_eq!((code, said.as_str()), (None, ""), "{told}");
    let refused = done(RELEASE, folder.path());
    assert_eq!(refused.status.code(), Some(5), "its lease is still there");
    let doctor = String::from_utf8(done("doctor --simulate", folder.path()).stdout).unwrap();
    assert!(doctor.contains("a run did not come to its end"), "{doctor}");
    let resumed = done(&format!("{RELEASE} --lock-wait 5m"), folder.path());
    assert!(resumed.status.success(), "{}", String::from_utf8_lossy(&resumed.stderr));
    assert!(!String::from_utf8_lossy(&resumed.stdout).contains("create group"), "what was made is not made again");
    assert_eq!(standing(folder.path()), undisturbed());
}
