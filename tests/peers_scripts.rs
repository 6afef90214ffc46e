//! Every rendered script and systemd unit of every tier, in the eyes of the programs that will read it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::disallowed_methods, reason = "the programs read files")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rapplan::render;
use rapplan::render::templates::Templates;
use support::{chatty, peer};

/// Writes the tree of each shape of Chatty into a folder.
fn trees() -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (name, topology) in chatty() {
        let tree = render::files(&topology, &Templates::embedded().unwrap()).unwrap();
        for (path, file) in &tree.files {
            let path = folder.path().join(name).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &file.text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(if file.executable { 0o755 } else { 0o644 }))
                .unwrap();
            paths.push(path);
        }
    }
    (folder, paths)
}

fn ending<'a>(paths: &'a [PathBuf], ends: &[&str]) -> Vec<&'a PathBuf> {
    let has = |path: &&PathBuf| ends.iter().any(|end| path.extension().is_some_and(|extension| extension == *end));
    paths.iter().filter(has).collect()
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}:\n{said}");
}

#[test]
fn shellcheck_finds_nothing() {
    let (_folder, paths) = trees();
    let scripts = ending(&paths, &["sh"]);
    assert!(scripts.len() > 30, "{}", scripts.len());
    run(Command::new(peer("shellcheck")).args(["--severity=style", "--external-sources"]).args(&scripts));
    for script in scripts {
        run(Command::new("bash").arg("-n").arg(script));
    }
}

/// systemd resolves what a unit needs, so the programs and units that belong to a real server are put in place.
#[test]
fn systemd_takes_every_unit() {
    let (folder, paths) = trees();
    let units = ending(&paths, &["service", "timer", "mount"]);
    assert!(units.len() > 15, "{}", units.len());
    let stand_ins = folder.path().join("stand-ins");
    fs::create_dir_all(&stand_ins).unwrap();
    for name in ["docker.service", "nfs-server.service"] {
        fs::write(stand_ins.join(name), "[Service]\nExecStart=/bin/true\n").unwrap();
    }
    for unit in units {
        let text = fs::read_to_string(unit).unwrap();
        let real = |line: &str| programs_put_in_place(line, unit);
        let copy = folder.path().join("units").join(unit.strip_prefix(folder.path()).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::write(&copy, text.lines().map(|line| format!("{}\n", real(line))).collect::<String>()).unwrap();
        let search = format!("{}:{}:", copy.parent().unwrap().display(), stand_ins.display());
        for sibling in
            ending(&paths, &["service", "timer", "mount"]).iter().filter(|path| path.parent() == unit.parent())
        {
            let beside = copy.with_file_name(sibling.file_name().unwrap());
            if !beside.exists() {
                fs::copy(sibling, beside).unwrap();
            }
        }
        let mut command = Command::new("systemd-analyze");
        run(command.args(["verify", "--man=no", "--recursive-errors=no"]).arg(&copy).env("SYSTEMD_UNIT_PATH", search));
    }
}

/// Its name is computed here, and systemd is asked what it should be.
#[test]
fn the_mount_unit_is_named_as_systemd_wants_it() {
    let (_folder, paths) = trees();
    let units = ending(&paths, &["mount"]);
    assert_eq!(units.len(), 5, "{units:?}");
    for unit in units {
        let text = fs::read_to_string(unit).unwrap();
        let place = text.lines().find_map(|line| line.strip_prefix("Where=")).unwrap();
        let output = Command::new("systemd-escape").args(["--path", "--suffix=mount", place]).output();
        let output = output.unwrap_or_else(|error| panic!("systemd-escape: {error}: run tests/run.py"));
        let name = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && unit.ends_with(name.trim()), "{name}: {}", unit.display());
    }
}

/// Programs that only a server has (Docker, the scripts under `/opt`) are not on the machine that tests.
fn programs_put_in_place(line: &str, unit: &Path) -> String {
    let Some((key, value)) = line.split_once('=').filter(|(key, _)| key.starts_with("Exec")) else {
        return line.to_owned();
    };
    let program = value.trim_start_matches(['-', '+', '!', ':', '@']).split(' ').next().unwrap();
    assert!(program.starts_with('/') || program.starts_with('"'), "{}: {line}: not an absolute path", unit.display());
    format!("{key}=/bin/true {}", value.split_once(' ').map_or("", |(_, rest)| rest))
}
