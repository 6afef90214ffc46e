//! Polices the source tree: who may import whom, who may touch the outside world, and how long a file may be.
#![allow(clippy::disallowed_methods, reason = "a test of the source tree reads the source tree")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each module may import, beside itself. The pipeline runs downwards.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("exit", &[]),
    ("nearest", &[]),
    ("error_codes", &["exit"]),
    ("error", &["units", "error_codes", "exit"]),
    ("secret", &["units"]),
    ("blueprint", &["units", "error", "nearest"]),
    ("catalog", &["units", "error", "nearest", "blueprint"]),
    ("demand", &["units", "error", "blueprint"]),
    ("size", &["units", "error", "nearest", "blueprint", "demand", "catalog"]),
    ("design", &["units", "error", "secret", "blueprint", "demand", "catalog", "size"]),
    ("chance", &[]),
    ("cloud", &["units", "chance", "error", "secret", "blueprint", "demand", "catalog", "size", "design", "render"]),
    ("engine", &["units", "chance", "cloud"]),
    ("render", &["units", "error", "nearest", "secret", "blueprint", "demand", "catalog", "size", "design"]),
    (
        "cli",
        &[
            "units",
            "error",
            "error_codes",
            "exit",
            "nearest",
            "secret",
            "blueprint",
            "demand",
            "catalog",
            "size",
            "design",
            "render",
            "chance",
            "cloud",
            "engine",
        ],
    ),
    ("lib", &[]),
    ("main", &["cli"]),
];

/// Modules without files, clock, environment, randomness or terminal.
const PURE: &[&str] = &[
    "units",
    "exit",
    "nearest",
    "error_codes",
    "error",
    "secret",
    "blueprint",
    "catalog",
    "demand",
    "size",
    "design",
    "render",
    "chance",
    "cloud",
    "engine",
];

/// What pure modules must not contain, whatever the lints say.
const IMPURE_WORDS: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "std::thread::sleep",
    "Instant::now",
    "SystemTime",
    // The worlds of `size` are points of a fixed sequence, made from a seed that the user sees: nothing random.
    "rand::",
    "thread_rng",
    "from_os_rng",
    "from_entropy",
    "getrandom",
    "tempfile",
    "disallowed_methods",
    "disallowed_macros",
    "print_stdout",
    "print_stderr",
];

/// The only files that may lift a lint against the outside world, and which.
const MAY_LIFT: &[(&str, &str)] = &[
    // Cargo reads what a build script prints, and hands it the environment.
    ("build.rs", "disallowed_macros"),
    ("build.rs", "disallowed_methods"),
    ("build.rs", "print_stdout"),
    ("main.rs", "disallowed_methods"),
    ("cli/settings/env.rs", "disallowed_methods"),
    ("cli/clock.rs", "disallowed_methods"),
    ("cli/files/mod.rs", "disallowed_methods"),
    ("cli/files/list.rs", "disallowed_methods"),
    ("cli/files/read.rs", "disallowed_methods"),
    ("cli/files/write.rs", "disallowed_methods"),
    // Renderings and secrets reach the disk through one trait, so that tests can put one in that fails or dies.
    ("cli/render_write/disk.rs", "disallowed_methods"),
    ("cli/render_write/tests.rs", "disallowed_methods"),
    ("cli/secrets/tests.rs", "disallowed_methods"),
];

/// Crates that talk over a network or run tasks for it, and the one folder that may name them.
const NETWORK_CRATES: &[&str] = &[
    "reqwest",
    "tokio",
    "hyper",
    "aws_config",
    "aws_credential_types",
    "aws_sdk_autoscaling",
    "aws_sdk_ec2",
    "aws_sdk_elasticloadbalancingv2",
    "aws_sdk_pricing",
    "aws_smithy",
    "google_cloud",
    "std::net",
];
const NETWORK_FOLDER: &str = "cli/price_lists";

const LONGEST_FILE: usize = 500;
const LONGEST_MEDIAN: usize = 150;

struct Source {
    path: PathBuf,
    module: String,
    /// The code without comments and without the unit tests at its end.
    code: String,
    lines: usize,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let relative = path.strip_prefix(&root).unwrap();
        let first = relative.components().next().unwrap().as_os_str().to_string_lossy();
        let module = first.trim_end_matches(".rs").to_owned();
        let code = without_comments(text.split("#[cfg(test)]\nmod ").next().unwrap_or_default());
        Source { path: relative.to_owned(), module, code, lines: text.lines().count() }
    };
    files.into_iter().map(read).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => collect(&path, files),
            false if path.extension().is_some_and(|end| end == "rs") => files.push(path),
            false => {}
        }
    }
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

/// The modules that a source imports by `crate::` (or, in the binary, `rapplan::`).
fn imports(source: &Source) -> BTreeSet<String> {
    let prefixes = if source.module == "main" { &["rapplan::"][..] } else { &["crate::"][..] };
    let mut found = BTreeSet::new();
    for prefix in prefixes {
        for (at, _) in source.code.match_indices(prefix) {
            let rest = &source.code[at + prefix.len()..];
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            found.insert(name);
        }
    }
    found
}

#[test]
fn modules_import_along_the_arrows() {
    let table: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let known: BTreeSet<&str> = table.keys().copied().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(allowed) = table.get(source.module.as_str()) else {
            if source.path != Path::new("build.rs") {
                wrong.push(format!("{}: the module `{}` is not in the table", source.path.display(), source.module));
            }
            continue;
        };
        let imports =
            imports(&source).into_iter().filter(|name| known.contains(name.as_str()) && *name != source.module);
        for name in imports.filter(|name| !allowed.contains(&name.as_str())) {
            wrong.push(format!("{}: `{}` may not import `{name}`", source.path.display(), source.module));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_modules_do_not_touch_the_outside_world() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| PURE.contains(&source.module.as_str())) {
        for word in IMPURE_WORDS.iter().filter(|word| source.code.contains(**word)) {
            wrong.push(format!("{}: `{word}`", source.path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The crates that a text names, tests at the end of a file included.
fn network_crates(text: &str) -> impl Iterator<Item = &'static str> {
    let word = |text: &str, at: usize, end: usize| {
        let begins = text[..at].chars().next_back().is_none_or(|before| !(before.is_alphanumeric() || before == '_'));
        // Crates of a family go on with `_`; a disk is no crate.
        begins && text[end..].chars().next().is_none_or(|after| !after.is_alphanumeric())
    };
    let code = without_comments(text);
    let named = move |name: &&&str| code.match_indices(**name).any(|(at, found)| word(&code, at, at + found.len()));
    NETWORK_CRATES.iter().filter(named).copied()
}

#[test]
fn only_price_lists_talk_over_a_network() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let (mut wrong, mut inside) = (Vec::new(), BTreeSet::new());
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let relative = path.strip_prefix(&root).unwrap();
        for name in network_crates(&text) {
            match relative.starts_with(NETWORK_FOLDER) {
                true => drop(inside.insert(name)),
                false => wrong.push(format!("{}: `{name}` is for {NETWORK_FOLDER} only", relative.display())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // That the words are found where they are known to be.
    for name in ["reqwest", "tokio", "aws_config", "aws_sdk_pricing", "google_cloud"] {
        assert!(inside.contains(name), "{name} is not in {NETWORK_FOLDER}");
    }
}

/// A crate that `Cargo.toml` has for the network and that the list above forgets would be let in everywhere.
#[test]
fn every_network_crate_of_the_manifest_is_on_the_list() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let names = manifest.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.replace('-', "_"));
    let network =
        |name: &String| ["aws", "google_cloud", "reqwest", "tokio", "hyper"].iter().any(|w| name.starts_with(w));
    for name in names.filter(network).filter(|name| name != "aws") {
        assert!(NETWORK_CRATES.iter().any(|known| name.starts_with(known)), "{name}");
    }
}

#[test]
fn only_known_files_lift_a_lint() {
    let lints = [
        "disallowed_methods",
        "disallowed_macros",
        "print_stdout",
        "print_stderr",
        "unwrap_used",
        "expect_used",
        "panic",
    ];
    let mut wrong = Vec::new();
    for source in sources() {
        let path = source.path.display().to_string();
        let lifted: BTreeSet<&str> = source
            .code
            .match_indices("allow(")
            .flat_map(|(at, _)| {
                let inside = source.code[at..].split(')').next().unwrap_or_default().to_owned();
                lints.iter().copied().filter(move |lint| inside.contains(&format!("clippy::{lint}")))
            })
            .collect();
        for lint in lifted.into_iter().filter(|lint| !MAY_LIFT.contains(&(path.as_str(), lint))) {
            wrong.push(format!("{path}: lifts clippy::{lint}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_short() {
    let mut lengths: Vec<usize> = Vec::new();
    let mut wrong = Vec::new();
    for source in sources() {
        lengths.push(source.lines);
        if source.lines > LONGEST_FILE {
            wrong.push(format!("{}: {} lines", source.path.display(), source.lines));
        }
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(median < LONGEST_MEDIAN, "the median file has {median} lines");
}
