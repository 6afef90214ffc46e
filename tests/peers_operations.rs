//! What is rendered for operators passes the programs that will read it.
#![allow(clippy::disallowed_methods, clippy::panic, clippy::unwrap_used, reason = "tests write files and run programs")]

#[path = "operations/chatty.rs"]
mod chatty;

use std::path::{Path, PathBuf};
use std::process::Command;

use rapplan::render::tree::Tree;
use tempfile::TempDir;

/// All tiers that run on servers.
fn all() -> Vec<(&'static str, Tree)> {
    [("test", 5), ("single", 20), ("split", 120)]
        .map(|(tier, n)| (tier, chatty::tree(&chatty::topology(tier, n))))
        .into()
}

/// All tiers in a folder, and the paths of their files that end with one of these.
fn written(endings: &[&str]) -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let mut found = Vec::new();
    for (tier, tree) in all() {
        for (name, file) in &tree.files {
            let path = folder.path().join(tier).join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            // Units name programs that the machine of the test need not have.
            let text =
                file.text.replace("ExecStart=", "ExecStart=-/bin/true ").replace("ExecStop=", "ExecStop=-/bin/true ");
            std::fs::write(&path, if name.contains("systemd/") { &text } else { &file.text }).unwrap();
            if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    (folder, found)
}

fn run(program: &str, arguments: &[&str], path: &Path) -> (bool, String) {
    let output = Command::new(program).args(arguments).arg(path).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

#[test]
fn shellcheck_has_nothing_to_say() {
    let (_folder, scripts) = written(&[".sh"]);
    assert!(scripts.len() > 25, "{scripts:?}");
    for script in scripts {
        let (good, text) = run("shellcheck", &[], &script);
        assert!(good && text.is_empty(), "{}:\n{text}", script.display());
    }
}

/// Programs of systemd are there where it runs, and in no package index.
fn has_systemd() -> bool {
    Command::new("systemd-analyze").arg("--version").output().is_ok()
}

#[test]
fn systemd_takes_the_units() {
    if !has_systemd() {
        return;
    }
    let (_folder, units) = written(&[".service", ".timer", ".mount"]);
    assert!(units.len() > 10, "{units:?}");
    for unit in units {
        let name = unit.file_name().unwrap().to_string_lossy().into_owned();
        let (_, text) = run("systemd-analyze", &["verify", "--man=no"], &unit);
        let said: Vec<&str> =
            text.lines().filter(|line| line.contains(&name) && !line.contains("docker.service")).collect();
        assert!(said.is_empty(), "{name}:\n{}", said.join("\n"));
    }
}

#[test]
fn the_mount_unit_is_named_as_systemd_wants_it() {
    if !has_systemd() {
        return;
    }
    let (_folder, units) = written(&[".mount"]);
    let (good, name) = run("systemd-escape", &["--path", "--suffix=mount"], Path::new("/mnt/storage/rag-data"));
    assert!(good);
    assert!(units.len() == 3 && units.iter().all(|unit| unit.ends_with(name.trim())), "{units:?}");
}
