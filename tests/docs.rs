//! The pages say what is so: links lead somewhere, errors are explained, commands work and print what is shown.
#![allow(clippy::disallowed_methods, reason = "a test of the pages reads the pages")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What stands for output that is left out, as a whole line or within one.
const LEFT_OUT: &str = "...";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README.md and every page below docs, sorted.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

/// Targets of the links and pictures of a page, outside of code.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        }
        // What stands between backquotes is code; a link whose text is code goes on after it.
        let prose: String = line.split('`').step_by(2).collect();
        for (at, _) in prose.match_indices("](").filter(|_| !in_block) {
            found.extend(prose[at + 2..].split(')').next().map(str::to_owned));
        }
    }
    found
}

#[test]
fn links_are_found_in_prose_only() {
    let text = "[a](b.md) and [`c`](d.md#e) but `[f](g.md)`\n```\n[h](i.md)\n```\n![j](k.svg)";
    assert_eq!(links(text), ["b.md", "d.md#e", "k.svg"]);
}

#[test]
fn links_lead_to_files() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let name = page.strip_prefix(root()).unwrap().display();
        for link in links(&text).iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:")) {
            let file = link.split('#').next().unwrap();
            let target = page.parent().unwrap().join(file);
            if !(file.is_empty() || target.exists()) {
                broken.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

#[test]
fn every_error_is_explained() {
    let mut empty = Vec::new();
    for code in rapplan::error::Code::ALL {
        let body: Vec<&str> = code.page().lines().skip(1).filter(|line| !line.trim().is_empty()).collect();
        if body.len() < 3 || !body.iter().any(|line| line.starts_with("## ")) {
            empty.push(code.id());
        }
    }
    assert!(empty.is_empty(), "pages that do not say what it means and what to do: {empty:?}");
}

#[test]
fn every_decision_is_listed() {
    let folder = root().join("docs/design");
    let index = fs::read_to_string(folder.join("README.md")).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "README.md" || index.contains(&format!("({name})")), "docs/design/README.md lacks {name}");
    }
}

/// A command of a page and the output that is shown below it.
struct Step {
    line: usize,
    command: String,
    shown: Vec<String>,
}

/// The commands of the blocks that are marked `console`, in order.
fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut in_console = false;
    for (number, line) in text.lines().enumerate() {
        match (in_console, line) {
            (false, _) => in_console = line == "```console",
            (true, "```") => in_console = false,
            (true, _) => match line.strip_prefix("$ ") {
                Some(command) => steps.push(Step { line: number + 1, command: command.to_owned(), shown: Vec::new() }),
                None => steps.last_mut().expect("a block begins with a command").shown.push(line.to_owned()),
            },
        }
    }
    steps
}

/// Runs a command in a folder, with the program on the path and nothing of the user's settings.
fn run(command: &str, folder: &Path, home: &Path) -> Output {
    let program = assert_cmd::cargo::cargo_bin!("rapplan").parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(folder).stdin(Stdio::null()).env_clear();
    shell.env("PATH", path).env("HOME", home).env("COLUMNS", "100").env("LC_ALL", "C");
    shell.output().unwrap()
}

/// The first line that is shown but not printed, in the order of the page.
///
/// Without a line `...` before it a shown line follows the one before it at once. Empty lines do not count.
fn not_printed<'a>(shown: &'a [String], printed: &str) -> Option<&'a str> {
    let mut lines = printed.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let mut anywhere = false;
    for want in shown.iter().map(|line| line.trim_end()).filter(|line| !line.is_empty()) {
        if want == LEFT_OUT {
            anywhere = true;
            continue;
        }
        let found =
            if anywhere { lines.any(|line| fits(want, line)) } else { lines.next().is_some_and(|l| fits(want, l)) };
        if !found {
            return Some(want);
        }
        anywhere = false;
    }
    // What is printed beyond the end must be said to be left out.
    if !anywhere && !shown.is_empty() && lines.next().is_some() { Some("(the end)") } else { None }
}

/// Whether a line is the one shown, where `...` within it stands for anything.
fn fits(shown: &str, line: &str) -> bool {
    match shown.split_once(LEFT_OUT) {
        None => shown == line,
        Some((before, after)) => {
            line.len() + LEFT_OUT.len() >= shown.len() && line.starts_with(before) && line.ends_with(after)
        }
    }
}

#[test]
fn shown_output_is_compared() {
    let shown = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let printed = "one\n\ntwo 2 of 3\nthree\nfour\n";
    for good in ["", "one\ntwo 2 of 3\nthree\nfour", "...\nthree\nfour", "one\ntwo ... of 3\n...", "...\nfour"] {
        assert_eq!(not_printed(&shown(good), printed), None, "{good}");
    }
    for bad in ["one", "three\n...", "...\nfour\nthree\n...", "...\ntwo ... of 4\n...", "one\nthree\n..."] {
        assert!(not_printed(&shown(bad), printed).is_some(), "{bad}");
    }
}

#[test]
fn commands_of_the_start_page_work() {
    commands_work("docs/start.md", 10);
}

#[test]
fn commands_of_the_guides_work() {
    for entry in fs::read_dir(root().join("docs/guides")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        commands_work(&format!("docs/guides/{name}"), 1);
    }
}

/// Runs the commands of a page, of which there are at least so many, one after the other in one folder that holds the files
/// of load generators, and compares what they print with what is shown.
fn commands_work(page: &str, least: usize) {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let steps = steps(&text);
    assert!(steps.len() >= least, "{page} has lost its commands");
    let (folder, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for entry in fs::read_dir(root().join("tests/data/load_tests")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    for Step { line, command, shown } in &steps {
        let output = run(command, folder.path(), home.path());
        let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        let at = format!("{page}:{line}: {command}");
        let fails = shown.first().is_some_and(|line| line.starts_with("error["));
        assert_eq!(output.status.success(), !fails, "{at}\n{printed}");
        if let Some(wrong) = not_printed(shown, &printed) {
            panic!("{at}\nis shown to print this line here, and does not: {wrong}\nIt prints:\n{printed}");
        }
    }
}

/// What leads to the examples of some pages of errors.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "E0301",
        "rapplan init --own -q && sed -i 's/^from = { partitions = 500.*/&\\nup_to = { partitions = 1000 }/' \\
         blueprint.toml && rapplan size --partitions 1200",
    ),
    (
        "E0302",
        "printf 'rapplan = 1\\nname = \"own\"\\ntitle = \"Own\"\\nsummary = \"One service\"\\n[services.api]\\ntitle = \"API\"\\nkind = \"web\"\\nnetworks = []\\nimage = { name = \"docker.io/library/nginx\", tag = \"1.29.0\" }\\n' > own.toml && rapplan size --blueprint ./own.toml --rps 5",
    ),
];

#[test]
fn pages_of_errors_show_what_is_printed() {
    for (code, command) in EXAMPLES {
        let page = fs::read_to_string(root().join(format!("docs/errors/{code}.md"))).unwrap();
        let example = page.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
        let (folder, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let output = run(command, folder.path(), home.path());
        let printed = String::from_utf8(output.stderr).unwrap();
        let shown: Vec<String> = example.lines().map(str::to_owned).collect();
        if let Some(wrong) = not_printed(&shown, &printed) {
            panic!("{code}: {command}\nis shown to print this line here, and does not: {wrong}\nIt prints:\n{printed}");
        }
    }
}

#[test]
fn the_picture_is_current() {
    let mut recorder = Command::new("python3");
    recorder.arg(root().join("docs/pictures/record.py"));
    // As for the reference pages: RAPPLAN_BLESS=1 records anew.
    if std::env::var_os("RAPPLAN_BLESS").is_none() {
        recorder.arg("--check");
    }
    recorder.arg(assert_cmd::cargo::cargo_bin!("rapplan"));
    let output = recorder.output().expect("python3 is needed to look at the picture");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
