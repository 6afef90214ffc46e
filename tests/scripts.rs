//! Stories: commands in, transcript out, with the real program in an empty folder.
//!
//! Each file of `tests/scripts` is one of them: lines that begin with `# ` tell it, lines that begin with `$ ` are commands,
//! and below each is what a person sees: both streams, and the exit status where it is not 0. `RAPPLAN_BLESS=1` writes them
//! anew. All of it is simulated, so that it is the same on each run.
#![allow(clippy::disallowed_methods, reason = "a test makes and reads files")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts")
}

/// A comment or a command with the comments before it.
struct Scene {
    comments: Vec<String>,
    command: Option<String>,
}

fn scenes(text: &str) -> Vec<Scene> {
    let mut scenes = Vec::new();
    let mut comments = Vec::new();
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            scenes.push(Scene { comments: std::mem::take(&mut comments), command: Some(command.to_owned()) });
        } else if line == "#" || line.starts_with("# ") {
            comments.push(line.to_owned());
        }
    }
    scenes.push(Scene { comments, command: None });
    scenes
}

/// Runs a command line as a shell does; what it printed and how it ended.
fn run(line: &str, sandbox: &Path) -> String {
    let program = assert_cmd::cargo::cargo_bin!("rapplan");
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let output = Command::new("/bin/sh")
        .args(["-c", &format!("exec 2>&1; {line}")])
        .current_dir(sandbox.join("work"))
        .env_clear()
        .envs([("PATH", path.as_str()), ("USER", "mina"), ("HOSTNAME", "build-7")])
        .env("HOME", sandbox.join("home"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = fixed(&String::from_utf8(output.stdout).unwrap());
    let said: Vec<&str> = said.lines().map(str::trim_end).collect();
    assert!(!said.iter().any(|line| line.starts_with("$ ") || line.starts_with("# ")), "reads as a script: {said:?}");
    let mut told = said.join("\n");
    match output.status.code() {
        Some(0) => {}
        Some(code) => told.push_str(&format!("\n[exit {code}]")),
        None => told.push_str("\n[killed]"),
    }
    told
}

/// What differs from run to run is the same each time: times of day and process ids.
fn fixed(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("pid ") {
        let (before, after) = rest.split_at(at + 4);
        let digits = after.chars().take_while(char::is_ascii_digit).count();
        out.push_str(before);
        out.push_str(if digits > 0 { "4711" } else { "" });
        rest = &after[digits..];
    }
    out.push_str(rest);
    let is_time = |window: &[u8]| {
        let pattern = b"dddd-dd-ddTdd:dd:ddZ";
        window.iter().zip(pattern).all(|(byte, like)| if *like == b'd' { byte.is_ascii_digit() } else { byte == like })
    };
    let mut bytes = out.into_bytes();
    for at in 0..bytes.len().saturating_sub(19) {
        if is_time(&bytes[at..at + 20]) {
            bytes[at..at + 20].copy_from_slice(b"2026-11-21T09:00:00Z");
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn tell(name: &str) {
    let path = folder().join(format!("{name}.txt"));
    let script = std::fs::read_to_string(&path).unwrap();
    let sandbox = tempfile::tempdir().unwrap();
    for folder in ["work", "home"] {
        std::fs::create_dir(sandbox.path().join(folder)).unwrap();
    }
    let mut told = Vec::new();
    for scene in scenes(&script) {
        let mut lines = scene.comments;
        if let Some(command) = scene.command {
            let said = run(&command, sandbox.path());
            lines.push(format!("$ {command}"));
            lines.extend((!said.is_empty()).then_some(said));
        }
        told.extend((!lines.is_empty()).then(|| lines.join("\n")));
    }
    let told = told.join("\n\n") + "\n";
    if std::env::var_os("RAPPLAN_BLESS").is_some() {
        std::fs::write(&path, told).unwrap();
        return;
    }
    if let Some((number, (is, was))) = told.lines().zip(script.lines()).enumerate().find(|(_, (a, b))| a != b) {
        panic!("{name}.txt, line {}:\n  written {was}\n  told    {is}\nRAPPLAN_BLESS=1 writes it anew", number + 1);
    }
    assert_eq!(told.lines().count(), script.lines().count(), "{name}.txt: the beginning is the same, the end is not");
}

macro_rules! stories {
    ($($name:ident)*) => {
        $(#[test] fn $name() { tell(stringify!($name)); })*

        #[test]
        fn every_file_is_a_story() {
            let mut files: Vec<String> = std::fs::read_dir(folder())
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            files.sort();
            let mut told = vec![$(concat!(stringify!($name), ".txt").to_owned()),*];
            told.sort();
            assert_eq!(files, told);
        }
    };
}

stories! {
    alarm
    bad_image
    crash_and_resume
    destroy
    drift_by_hand
    first_deployment
    quota
    release
    release_while_autoscaling
    release_during_a_stock_out
    rollback
    tier_migration
    two_operators
    zone_loss
}
