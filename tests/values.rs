//! Awkward texts in every free field of a blueprint come back identical when each rendered file is read the way its
//! format is read; where a format cannot hold one, the render fails with a clear error and there is no file.
//!
//! Each field is first rendered with a mark that needs no escaping. What is read then, with the mark replaced by the
//! awkward text, is what must be read when that text is rendered itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use rapplan::blueprint::Blueprint;
use rapplan::blueprint::tier::Environment;
use rapplan::design;
use rapplan::error::Result;
use rapplan::render::templates::Templates;
use rapplan::render::{self, tree::Tree};
use rapplan::size::{Request, size};
use serde_json::Value as Json;
use toml::{Table, Value};

const CHATTY: &str = include_str!("../blueprints/chatty.toml");

/// Quotes, line ends, marks of templates, variables and comments, and words that YAML 1.1 takes for something else.
const AWKWARD: [&str; 30] = [
    "no",
    "on",
    "n",
    "0400",
    "1e3",
    "12:30:45",
    "~",
    "null",
    "=",
    "a: b",
    "a #b",
    "# a",
    "- a",
    "'\"\\",
    "\"a\" 'b'",
    "{{ .x }} {{ end }} {% raw %} {# x #}",
    "${HOME} ${X:?y} $$ $HOME $",
    "$(id) `id`",
    "100% %n %%",
    "a\\",
    "\\n\\t\\$",
    "a\nb: c\n- d\n",
    "a\tb",
    " a ",
    "a\u{2028}b\u{85}c",
    "*a* &b !c |d| <e> [f](g) ~h~ @i",
    "1. a; b { c } ) (",
    "} :? }} $}",
    "ä 漢 \u{1f600}",
    "---",
];

/// Rounds side by side: the outside programs take most of the time.
const THREADS: usize = 2;
/// Each field sees every fifth text, and each another five; with `RAPPLAN_ALL_VALUES` in the environment, every one.
const STEP: usize = 5;

/// A field of the blueprint: its name, what stands around the text, and how it is put in.
type Field = (&'static str, fn(&str) -> String, fn(&mut Table, String));

fn plain(text: &str) -> String {
    text.to_owned()
}

fn path(text: &str) -> String {
    format!("/p/{text}")
}

fn at<'a>(table: &'a mut Table, steps: &[&str]) -> &'a mut Value {
    let (first, rest) = steps.split_first().unwrap();
    let value = table.entry(*first).or_insert_with(|| Value::Table(Table::new()));
    rest.iter().fold(value, |value, step| match value {
        Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
        Value::Table(table) => table.entry(*step).or_insert_with(|| Value::Table(Table::new())),
        other => panic!("{step} in {other}"),
    })
}

fn set(table: &mut Table, steps: &str, text: String) {
    *at(table, &steps.split('/').collect::<Vec<_>>()) = Value::String(text);
}

fn push(table: &mut Table, steps: &str, text: String) {
    at(table, &steps.split('/').collect::<Vec<_>>()).as_array_mut().unwrap().push(Value::String(text));
}

/// A server of the split tier, by its place.
fn server(table: &mut Table, place: usize, text: String) {
    let tiers = table["tiers"].as_array_mut().unwrap();
    let split = tiers.iter_mut().find(|tier| tier["name"].as_str() == Some("split")).unwrap();
    for size in split["sizes"].as_array_mut().unwrap() {
        size["servers"].as_array_mut().unwrap()[place]["title"] = Value::String(text.clone());
    }
}

const FIELDS: [Field; 30] = [
    ("title", plain, |t, v| set(t, "title", v)),
    ("notes", plain, |t, v| push(t, "notes", v)),
    ("services.api.title", plain, |t, v| set(t, "services/api/title", v)),
    ("services.nginx.title", plain, |t, v| set(t, "services/nginx/title", v)),
    ("services.postgres.env", plain, |t, v| set(t, "services/postgres/env/EXTRA", v)),
    ("services.minio.command", plain, |t, v| push(t, "services/minio/command", v)),
    ("services.etcd.health.command", plain, |t, v| push(t, "services/etcd/health/command", v)),
    ("services.api.connects.milvus.url", plain, |t, v| {
        set(t, "services/api/connects/milvus/url_env", "MILVUS_URL".to_owned());
        set(t, "services/api/connects/milvus/url", v);
    }),
    (
        "services.api.secrets.format",
        |v| format!("{v}{{secret}}{v}"),
        |t, v| {
            set(t, "services/api/secrets/0/format", v);
        },
    ),
    ("services.api.health.http", path, |t, v| set(t, "services/api/health/http", v)),
    ("services.minio.metrics.path", path, |t, v| set(t, "services/minio/metrics/path", v)),
    ("services.postgres.security.tmpfs", path, |t, v| push(t, "services/postgres/security/tmpfs", v)),
    ("services.postgres.volumes.at", path, |t, v| set(t, "services/postgres/volumes/0/at", v)),
    ("services.attu.image.tag", plain, |t, v| set(t, "services/attu/image/tag", v)),
    ("services.api.image.name", plain, |t, v| set(t, "services/api/image/name", v)),
    ("servers.0.title", plain, |t, v| server(t, 0, v)),
    ("servers.1.title", plain, |t, v| server(t, 1, v)),
    ("networks.frontend.title", plain, |t, v| set(t, "networks/frontend/title", v)),
    ("storage.mount", path, |t, v| set(t, "storage/mount", v)),
    ("storage.export", path, |t, v| set(t, "storage/export", v)),
    ("storage.options", plain, |t, v| push(t, "storage/options", v)),
    ("storage.areas.etcd.path", plain, |t, v| set(t, "storage/areas/etcd/path", v)),
    ("storage.areas.etcd.local_advised", plain, |t, v| set(t, "storage/areas/etcd/local_advised", v)),
    ("storage.areas.milvus.folders", plain, |t, v| push(t, "storage/areas/milvus/folders", v)),
    ("triggers.means", plain, |t, v| set(t, "triggers/1/means", v)),
    ("triggers.action", plain, |t, v| set(t, "triggers/2/action", v)),
    ("triggers.alert", plain, |t, v| set(t, "triggers/3/alert", v)),
    ("backup.jobs.note", plain, |t, v| set(t, "backup/jobs/etcd/note", v)),
    ("backup.jobs.database", plain, |t, v| set(t, "backup/jobs/postgres/database", v)),
    ("backup.jobs.user", plain, |t, v| set(t, "backup/jobs/postgres/user", v)),
];

/// Chatty with these texts in these fields, through the whole program from the text of the blueprint on.
fn rendered(texts: &[(usize, String)]) -> Result<Tree> {
    let mut table: Table = toml::from_str(CHATTY).unwrap();
    for (field, text) in texts {
        let (_, around, put) = FIELDS[*field];
        put(&mut table, around(text));
    }
    let blueprint = Blueprint::parse("values.toml", &toml::to_string(&table).unwrap())?.blueprint;
    let ask = support::partitions(120, Environment::Prod);
    let topology = design::build(&blueprint, &size(&blueprint, &Request { ask, ..Request::default() })?, "values")?;
    render::files(&topology, &Templates::embedded()?)
}

/// What each file says, by the reader of its format.
fn read(tree: &Tree) -> BTreeMap<String, Json> {
    let folder = tempfile::tempdir().unwrap();
    for (path, file) in &tree.files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.text).unwrap();
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/values/read.py");
    let read = said(Command::new(support::peer("python3")).arg(script).arg(folder.path()));
    let mut files: BTreeMap<String, Json> = serde_json::from_str(&read).unwrap();
    for path in tree.files.keys() {
        let at = folder.path().join(path);
        if path.ends_with(".sh") {
            said(Command::new("bash").arg("-n").arg(&at));
        } else if path.ends_with("compose.yaml") {
            files.insert(path.clone(), compose(at.parent().unwrap()));
        } else if path.ends_with(".rules.yml") {
            said(Command::new("promtool").args(["check", "rules"]).arg(&at));
            // The tests hold the texts as they are to arrive in a message.
            let tests = at.parent().unwrap().with_file_name("tests");
            said(Command::new("promtool").args(["test", "rules", "rapplan.test.yml"]).current_dir(tests));
        } else if path.ends_with("prometheus.yml") && path.contains("/prometheus/") {
            said(Command::new("promtool").args(["check", "config", "--syntax-only"]).arg(&at));
        }
    }
    files
}

/// What Compose makes of the files, and of the values in `.env`.
fn compose(folder: &Path) -> Json {
    std::fs::copy(folder.join(".env.example"), folder.join(".env")).unwrap();
    let mut command = Command::new(support::peer("docker-compose"));
    command.args(["config", "--format", "json"]).current_dir(folder).env_clear().env("HOME", folder);
    // Compose makes paths absolute, and the folder is another each time.
    serde_json::from_str(&said(&mut command).replace(&format!("{}/", folder.display()), "./")).unwrap()
}

fn said(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}: run tests/run.py"));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}:\n{errors}{text}");
    text
}

/// Texts and keys in which marks are replaced, written as the reader of that file gives them.
fn filled(value: &Json, path: &str, texts: &[(String, String)]) -> Json {
    let fill = |text: &str| {
        let text = texts.iter().fold(normal(path, text), |text, (mark, by)| text.replace(mark, by));
        if path.ends_with(".md") { spaced(&text) } else { text }
    };
    match value {
        Json::String(text) => Json::String(fill(text)),
        Json::Array(items) => items.iter().map(|item| filled(item, path, texts)).collect(),
        Json::Object(map) => map.iter().map(|(key, value)| (fill(key), filled(value, path, texts))).collect(),
        other => other.clone(),
    }
}

/// Markdown does not tell line ends and rows of spaces from one space.
fn spaced(text: &str) -> String {
    let plain = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.chars().map(plain).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text that is meant by one that was read.
fn normal(path: &str, text: &str) -> String {
    if path.ends_with("compose.yaml") {
        // Compose doubles the dollars in what it prints.
        text.replace("$$", "$")
    } else if text.starts_with("RUNBOOKS.md#") {
        // The place on that page is made of the name, and is not the name.
        "RUNBOOKS.md#".to_owned()
    } else if path.ends_with(".rules.yml") {
        text.replace("{{ \"{{\" }}", "{{")
    } else {
        text.to_owned()
    }
}

/// Name of the unit that mounts the storage, as systemd has it.
fn mount_unit(text: &str) -> String {
    let arguments = ["--path", "--suffix=mount", &path(text)];
    said(Command::new("systemd-escape").args(arguments)).trim_end().to_owned()
}

fn mark(field: usize) -> String {
    format!("zz{field}zz")
}

/// What one round found: files that say something else, and by field and code of the error the texts that are refused.
#[derive(Default)]
struct Found {
    wrong: Vec<String>,
    refused: BTreeMap<&'static str, BTreeMap<String, BTreeSet<&'static str>>>,
}

/// Every field with one of the texts, each with another.
fn round(round: usize, found: &mut Found) {
    let mut taken = Vec::new();
    for (field, (name, ..)) in FIELDS.iter().enumerate() {
        let text = AWKWARD[(round + field) % AWKWARD.len()];
        match rendered(&[(field, text.to_owned())]) {
            Ok(_) => taken.push((field, text.to_owned())),
            Err(error) => {
                let code = error.problems()[0].code.id().to_owned();
                found.refused.entry(name).or_default().entry(code).or_default().insert(text);
            }
        }
    }
    let marks: Vec<_> = taken.iter().map(|(field, _)| (*field, mark(*field))).collect();
    let mut texts: Vec<_> = taken.iter().map(|(field, text)| (mark(*field), text.clone())).collect();
    if let Some((field, text)) = taken.iter().find(|(field, _)| FIELDS[*field].0 == "storage.mount") {
        texts.insert(0, (mount_unit(&mark(*field)), mount_unit(text)));
    }
    let wanted = read(&rendered(&marks).unwrap_or_else(|error| panic!("{error}")));
    let read = read(&rendered(&taken).unwrap_or_else(|error| panic!("{error}")));
    assert_eq!(wanted.len(), read.len());
    for (path, wanted) in &wanted {
        let wanted = filled(wanted, path, &texts);
        let path = texts.iter().fold(path.clone(), |path, (mark, by)| path.replace(mark, by));
        let got = filled(read.get(&path).unwrap_or(&Json::Null), &path, &[]);
        if wanted != got {
            found.wrong.push(format!("round {round}, {path}:\n{}", difference(&wanted, &got)));
        }
    }
}

#[test]
fn awkward_texts_come_back_or_are_refused() {
    let all = std::env::var_os("RAPPLAN_ALL_VALUES").is_some();
    let run = move |first: usize| {
        let mut found = Found::default();
        let rounds = (0..AWKWARD.len()).step_by(if all { 1 } else { STEP });
        rounds.skip(first).step_by(THREADS).for_each(|place| round(place, &mut found));
        found
    };
    let mut sum = Found::default();
    for found in std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|first| scope.spawn(move || run(first))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    }) {
        sum.wrong.extend(found.wrong);
        for (field, codes) in found.refused {
            for (code, texts) in codes {
                sum.refused.entry(field).or_default().entry(code).or_default().extend(texts);
            }
        }
    }
    assert!(sum.wrong.is_empty(), "{}", sum.wrong.join("\n"));
    if !all {
        insta::assert_debug_snapshot!("refused", sum.refused);
    }
}

fn difference(wanted: &Json, got: &Json) -> String {
    let text = |value: &Json| serde_json::to_string_pretty(value).unwrap();
    let (wanted, got) = (text(wanted), text(got));
    similar::TextDiff::from_lines(&wanted, &got).unified_diff().header("wanted", "read").to_string()
}
