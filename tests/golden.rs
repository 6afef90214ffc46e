//! The whole rendered tree of each tier, as it is checked in under `tests/golden`: a change of any rendered file shows
//! in review. `RAPPLAN_BLESS=1 cargo test --test golden` writes the trees anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::disallowed_methods, reason = "golden files are files")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rapplan::blueprint::tier::Environment;
use rapplan::render;
use rapplan::render::templates::Templates;
use support::{builtin, partitions, topology};

fn check(name: &str, n: u64, environment: Environment) {
    let topology = topology(&builtin("chatty"), partitions(n, environment));
    assert!(topology.rows[0].ends_with(name), "{:?}", topology.rows);
    let tree = render::files(&topology, &Templates::embedded().unwrap()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("RAPPLAN_BLESS").is_some() {
        let _ = fs::remove_dir_all(&folder);
        for (path, file) in &tree.files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.text).unwrap();
        }
    }
    let mut golden = BTreeMap::new();
    collect(&folder, &folder, &mut golden);
    let rendered: BTreeMap<String, String> =
        tree.files.iter().map(|(path, file)| (path.clone(), file.text.clone())).collect();
    let paths = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&rendered), paths(&golden), "other files than in tests/golden/{name}");
    for (path, text) in &rendered {
        let diff = similar::TextDiff::from_lines(golden[path].as_str(), text.as_str());
        let diff = diff.unified_diff().header("golden", "rendered").to_string();
        assert!(diff.is_empty(), "tests/golden/{name}/{path} differs:\n{diff}");
    }
}

fn collect(root: &Path, folder: &PathBuf, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}; bless it", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn test() {
    check("test", 5, Environment::Dev);
}

#[test]
fn single() {
    check("single", 30, Environment::Prod);
}

#[test]
fn split() {
    check("split", 120, Environment::Prod);
}
