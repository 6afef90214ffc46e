//! The program is killed while it renders over an older rendering: each file is the old or the new one, and the next run
//! completes it without calling anything edited.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const KILLS: u32 = 30;

fn start(folder: &Path, partitions: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_rapplan"))
        .args(["render", "--partitions", partitions, "--out", "deploy", "--quiet"])
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn complete(folder: &Path, partitions: &str) -> BTreeMap<String, Vec<u8>> {
    let output = start(folder, partitions).wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    files(&folder.join("deploy"))
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, out);
            } else {
                out.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(folder, folder, &mut out);
    out
}

#[test]
fn killed_at_any_moment_each_file_is_old_or_new() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = "rapplan.manifest.json";
    let new = complete(folder.path(), "120");
    let old = complete(folder.path(), "80");
    assert!(old.iter().filter(|(path, text)| new.get(*path) != Some(text)).count() > 10, "they hardly differ");
    let begin = Instant::now();
    complete(folder.path(), "120");
    let whole = begin.elapsed();

    let (mut mixed, mut killed) = (0, 0);
    for kill in 0..KILLS {
        assert_eq!(complete(folder.path(), "80"), old);
        let mut child = start(folder.path(), "120");
        // Writing comes last: most kills fall into the later part of the run.
        let after = whole * (KILLS + 3 * kill) / (4 * KILLS);
        std::thread::sleep(after.min(Duration::from_secs(5)));
        let _ = child.kill();
        killed += u32::from(!child.wait().unwrap().success());
        let now = files(&folder.path().join("deploy"));
        for (path, text) in now.iter().filter(|(path, _)| !path.ends_with(".rapplan-new") && *path != manifest) {
            assert!(old.get(path) == Some(text) || new.get(path) == Some(text), "{path} is neither old nor new");
        }
        serde_json::from_slice::<serde_json::Value>(&now[manifest]).unwrap();
        mixed += u32::from(now != old && now != new);
        assert_eq!(complete(folder.path(), "120"), new);
    }
    // How many fell between the first file and the last depends on the machine.
    assert!(killed > 0, "every run ended before it was killed, and {mixed} left old and new files");
}
