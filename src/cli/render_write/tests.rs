#![allow(clippy::disallowed_methods, reason = "the tests look at the files that were written")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::trouble::{Trouble, TroubledDisk};
use super::*;

const FORCE: Options = Options { force: true };
const GENTLE: Options = Options { force: false };

fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::default();
    for (path, text) in files {
        if Path::new(path).extension().is_some_and(|end| end == "sh") {
            tree.add_script(*path, *text);
        } else {
            tree.add(*path, *text);
        }
    }
    tree
}

fn old_tree() -> Tree {
    tree(&[("README.md", "old\n"), ("api/compose.yaml", "a: 1\n"), ("api/run.sh", "one\n"), ("gone/deep/x", "x\n")])
}

fn new_tree() -> Tree {
    tree(&[("README.md", "new\n"), ("api/compose.yaml", "a: 2\n"), ("api/run.sh", "one\n"), ("db/etc/y", "y\n")])
}

/// Every file below a folder but the manifest.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found.remove(MANIFEST);
    found
}

fn texts(tree: &Tree) -> BTreeMap<String, String> {
    tree.files.iter().map(|(path, file)| (path.clone(), file.text.clone())).collect()
}

fn codes(error: &Error) -> Vec<Code> {
    error.problems().iter().map(|problem| problem.code).collect()
}

#[test]
fn writes_once_and_then_touches_nothing() {
    let out = tempfile::tempdir().unwrap();
    let target = out.path().join("made/here");
    let first = write(&old_tree(), &target, GENTLE).unwrap();
    assert_eq!(first.written.len(), 4);
    assert_eq!(files(&target), texts(&old_tree()));
    assert_eq!(fs::metadata(target.join("api/run.sh")).unwrap().permissions().mode() & 0o100, 0o100);
    assert_eq!(fs::metadata(target.join("README.md")).unwrap().permissions().mode() & 0o111, 0);

    let times = |name: &str| fs::metadata(target.join(name)).unwrap().modified().unwrap();
    let before = [times("README.md"), times(MANIFEST), times("api")];
    let disk = TroubledDisk::new(0, Trouble::Killed);
    let again = write_on(&disk, &old_tree(), &target, GENTLE).unwrap();
    assert_eq!(disk.steps(), 0, "a second run must not change anything");
    assert_eq!(again.unchanged.len(), 4);
    assert_eq!(before, [times("README.md"), times(MANIFEST), times("api")]);
}

#[test]
fn replaces_what_is_unedited_and_removes_what_is_no_longer_rendered() {
    let out = tempfile::tempdir().unwrap();
    write(&old_tree(), out.path(), GENTLE).unwrap();
    let report = write(&new_tree(), out.path(), GENTLE).unwrap();
    assert_eq!(report.written, ["README.md", "api/compose.yaml", "db/etc/y"]);
    assert_eq!(report.unchanged, ["api/run.sh"]);
    assert_eq!(report.removed, ["gone/deep/x"]);
    assert_eq!(files(out.path()), texts(&new_tree()));
    assert!(!out.path().join("gone").exists(), "empty folders go as well");
}

#[test]
fn reports_all_conflicts_with_differences_and_writes_nothing() {
    let out = tempfile::tempdir().unwrap();
    write(&old_tree(), out.path(), GENTLE).unwrap();
    fs::create_dir_all(out.path().join("api/secrets")).unwrap();
    fs::write(out.path().join("api/secrets/key"), "topsecretvalue").unwrap();
    fs::write(out.path().join("api/compose.yaml"), "a: 1\nb: topsecretvalue\nPASSWORD: hand\n").unwrap();
    fs::create_dir_all(out.path().join("db/etc")).unwrap();
    fs::write(out.path().join("db/etc/y"), "mine\n").unwrap();
    let before = files(out.path());
    let error = write(&new_tree(), out.path(), GENTLE).unwrap_err();
    assert_eq!(codes(&error), [Code::Edited, Code::Edited]);
    let text = error.to_string();
    assert!(text.contains("-a: 1\n") && text.contains("+a: 2") && text.contains("-mine"), "{text}");
    assert!(!text.contains("topsecretvalue") && !text.contains("hand\n"), "{text}");
    assert_eq!(files(out.path()), before);
    // The way out that the hint names.
    write(&new_tree(), out.path(), FORCE).unwrap();
    assert_eq!(fs::read_to_string(out.path().join("api/compose.yaml")).unwrap(), "a: 2\n");
}

#[test]
fn keeps_edited_files_that_are_no_longer_rendered_and_says_so_each_time() {
    let out = tempfile::tempdir().unwrap();
    write(&old_tree(), out.path(), GENTLE).unwrap();
    fs::write(out.path().join("gone/deep/x"), "edited\n").unwrap();
    for options in [GENTLE, FORCE] {
        assert_eq!(write(&new_tree(), out.path(), options).unwrap().kept, ["gone/deep/x"]);
    }
    assert_eq!(fs::read_to_string(out.path().join("gone/deep/x")).unwrap(), "edited\n");
}

#[test]
fn takes_over_a_foreign_file_with_the_same_content_and_mends_its_mode() {
    let out = tempfile::tempdir().unwrap();
    fs::write(out.path().join("run.sh"), "one\n").unwrap();
    let wanted = tree(&[("run.sh", "one\n")]);
    assert_eq!(write(&wanted, out.path(), GENTLE).unwrap().written, ["run.sh"]);
    assert_eq!(fs::metadata(out.path().join("run.sh")).unwrap().permissions().mode() & 0o700, 0o700);
    assert_eq!(write(&wanted, out.path(), GENTLE).unwrap().unchanged, ["run.sh"]);
}

#[test]
fn does_not_follow_links() {
    let (out, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    symlink(other.path(), out.path().join("api")).unwrap();
    let error = write(&old_tree(), out.path(), FORCE).unwrap_err();
    assert_eq!(codes(&error), [Code::File]);
    assert!(files(other.path()).is_empty());

    fs::remove_file(out.path().join("api")).unwrap();
    fs::write(other.path().join("kept"), "kept\n").unwrap();
    symlink(other.path().join("kept"), out.path().join("README.md")).unwrap();
    assert_eq!(codes(&write(&old_tree(), out.path(), GENTLE).unwrap_err()), [Code::Edited]);
    write(&old_tree(), out.path(), FORCE).unwrap();
    assert_eq!(fs::read_to_string(other.path().join("kept")).unwrap(), "kept\n");
    assert_eq!(files(out.path()), texts(&old_tree()));
}

#[test]
fn refuses_a_second_run_and_a_damaged_manifest() {
    let out = tempfile::tempdir().unwrap();
    let lock = RealDisk.lock(out.path()).unwrap().unwrap();
    assert_eq!(codes(&write(&old_tree(), out.path(), GENTLE).unwrap_err()), [Code::Busy]);
    drop(lock);
    fs::write(out.path().join(MANIFEST), "{").unwrap();
    assert_eq!(codes(&write(&old_tree(), out.path(), GENTLE).unwrap_err()), [Code::Edited]);
    write(&old_tree(), out.path(), FORCE).unwrap();
    assert_eq!(write(&old_tree(), out.path(), GENTLE).unwrap().unchanged.len(), 4);
}

/// Every file is whole: as it was, as it is to be, or absent where it may be.
fn assert_whole(out: &Path, step: usize) {
    let (old, new) = (texts(&old_tree()), texts(&new_tree()));
    for (path, text) in files(out).iter().filter(|(path, _)| !path.ends_with(perform::NEW)) {
        assert!(old.get(path) == Some(text) || new.get(path) == Some(text), "step {step}: {path} is {text:?}");
    }
    for path in old.keys().filter(|path| new.contains_key(*path)) {
        assert!(out.join(path).exists(), "step {step}: {path} is gone");
    }
}

#[test]
fn a_kill_at_any_step_leaves_whole_files_and_the_next_run_recovers() {
    let mut step = 0;
    loop {
        let out = tempfile::tempdir().unwrap();
        write(&old_tree(), out.path(), GENTLE).unwrap();
        let done = write_on(&TroubledDisk::new(step, Trouble::Killed), &new_tree(), out.path(), GENTLE).is_ok();
        assert_whole(out.path(), step);
        // The next run may want something else again, and it may be killed as well.
        let _ = write_on(&TroubledDisk::new(step / 2, Trouble::Killed), &old_tree(), out.path(), GENTLE);
        assert_whole(out.path(), step);
        write(&new_tree(), out.path(), GENTLE).unwrap_or_else(|error| panic!("step {step}: {error}"));
        assert_eq!(files(out.path()), texts(&new_tree()), "step {step}");
        assert!(!fs::read_to_string(out.path().join(MANIFEST)).unwrap().contains("pending"));
        step += 1;
        if done {
            break;
        }
    }
    assert!(step > 15, "only {step} steps were tried");
}

#[test]
fn a_full_disk_names_the_path_and_leaves_nothing_behind() {
    for step in 0.. {
        let out = tempfile::tempdir().unwrap();
        write(&old_tree(), out.path(), GENTLE).unwrap();
        let result = write_on(&TroubledDisk::new(step, Trouble::Full), &new_tree(), out.path(), GENTLE);
        assert_whole(out.path(), step);
        let leftover = files(out.path()).keys().find(|path| path.ends_with(perform::NEW)).cloned();
        match result {
            Ok(_) if step > 15 => break,
            // Removing an empty folder is no step that matters.
            Ok(_) => {}
            Err(error) => {
                assert_eq!(codes(&error), [Code::File], "step {step}");
                assert!(error.to_string().contains(out.path().to_str().unwrap()), "step {step}: {error}");
                let renaming = fs::read_to_string(out.path().join(MANIFEST)).unwrap().contains("pending");
                assert!(leftover.is_none() || renaming, "step {step}: {leftover:?}");
            }
        }
        write(&new_tree(), out.path(), GENTLE).unwrap();
        assert_eq!(files(out.path()), texts(&new_tree()), "step {step}");
    }
}

/// A file system of 64 KiB, unmounted at the end; `None` where one may not mount.
struct Small(tempfile::TempDir);

impl Small {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=64k", "none"]).arg(folder.path());
        mount.output().is_ok_and(|output| output.status.success()).then(|| Self(folder))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_disk_that_is_really_full_keeps_the_old_files() {
    let Some(small) = Small::mount() else { return };
    let out = small.0.path();
    write(&old_tree(), out, GENTLE).unwrap();
    let before = (files(out), fs::read_to_string(out.join(MANIFEST)).unwrap());
    let mut large = new_tree();
    large.add("zz/large", "0123456789abcdef\n".repeat(8000));
    let error = write(&large, out, GENTLE).unwrap_err();
    assert_eq!(codes(&error), [Code::File]);
    assert!(error.to_string().contains("zz/large") && error.to_string().contains("make room"), "{error}");
    assert_eq!(before, (files(out), fs::read_to_string(out.join(MANIFEST)).unwrap()));
    assert!(!out.join("zz").exists());
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let out = tempfile::tempdir().unwrap();
    fs::write(out.path().join("file"), "").unwrap();
    let error = write(&old_tree(), &out.path().join("file/out"), GENTLE).unwrap_err();
    assert_eq!(codes(&error), [Code::File]);
    assert!(error.to_string().contains("file/out"), "{error}");
}
