//! Writes measured load tests into the text of a blueprint; comments, order and all else stay as they are.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use super::Blueprint;
use super::evidence::{Judgement, LoadTest};
use crate::error::{Code, Problem, Result};

/// What was done to the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The new text; the old one when nothing changed.
    pub text: String,
    /// Ids of the rows that were added.
    pub added: Vec<String>,
    /// Ids of the rows that were there with other figures.
    pub changed: Vec<String>,
}

/// The text with these rows in `[[load_tests]]`. A row that is there with the same id is replaced, and left alone when
/// it is the same. The result is read back: a text that is no sound blueprint is never returned.
///
/// # Errors
/// The faults of the text before, those after, and `E0901` when the rows do not come back as they were written.
pub fn load_tests(file: &str, text: &str, rows: &[LoadTest]) -> Result<Recorded> {
    let before = Blueprint::parse(file, text)?.blueprint.load_tests;
    let mut recorded = Recorded { text: text.to_owned(), added: Vec::new(), changed: Vec::new() };
    // A byte order mark and Windows line ends are kept by the library only in part, so both are put back below.
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        Problem::new(Code::Syntax, format!("`{file}` cannot be changed")).because(error.message().to_owned())
    })?;
    for row in rows {
        match before.iter().position(|old| old.id == row.id) {
            Some(i) if before[i] == *row => {}
            Some(i) => {
                replace(&mut document, i, row);
                recorded.changed.push(row.id.clone());
            }
            None => {
                append(&mut document, row);
                recorded.added.push(row.id.clone());
            }
        }
    }
    if recorded.added.is_empty() && recorded.changed.is_empty() {
        return Ok(recorded);
    }
    let windows = text.contains("\r\n");
    let written = document.to_string();
    recorded.text = if windows { written.replace("\r\n", "\n").replace('\n', "\r\n") } else { written };
    let after = Blueprint::parse(file, &recorded.text)?.blueprint.load_tests;
    match rows.iter().find(|row| !after.contains(row)) {
        None => Ok(recorded),
        Some(row) => Err(Problem::new(Code::Internal, format!("the load test `{}` cannot be written", row.id)).into()),
    }
}

fn append(document: &mut DocumentMut, row: &LoadTest) {
    let fields = fields(row);
    let list = document.entry("load_tests").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    match list {
        Item::Value(Value::Array(array)) => array.push(inline(fields)),
        Item::ArrayOfTables(tables) => {
            let mut table = Table::new();
            table.decor_mut().set_prefix("\n");
            fields.into_iter().for_each(|(key, field)| drop(table.insert(key, value(field))));
            tables.push(table);
        }
        _ => {}
    }
}

fn replace(document: &mut DocumentMut, i: usize, row: &LoadTest) {
    match document.get_mut("load_tests") {
        Some(Item::Value(Value::Array(array))) => {
            array.replace(i, inline(fields(row)));
        }
        Some(Item::ArrayOfTables(tables)) => {
            let Some(table) = tables.get_mut(i) else { return };
            let fields = fields(row);
            table.retain(|key, _| fields.iter().any(|(known, _)| *known == key));
            for (key, field) in fields {
                table.insert(key, value(field));
            }
        }
        _ => {}
    }
}

fn inline(fields: Vec<(&'static str, Value)>) -> InlineTable {
    fields.into_iter().collect()
}

/// The fields of a row in the order in which people write them.
fn fields(row: &LoadTest) -> Vec<(&'static str, Value)> {
    let count = |number: u64| match i64::try_from(number) {
        Ok(number) => Value::from(number),
        Err(_) => Value::from(number.to_string()),
    };
    let text = |shown: &dyn ToString| Value::from(shown.to_string());
    let verdict = match row.verdict {
        Judgement::Stable => "stable",
        Judgement::Suspect => "suspect",
        Judgement::Bottleneck => "bottleneck",
    };
    let machines: InlineTable = row.machines.iter().map(|(role, name)| (role.as_str(), name.as_str())).collect();
    let excludes: Array = row.excludes.iter().map(String::as_str).collect();
    let provenance = row.provenance.as_ref().map(|from| {
        let mut fields = vec![("file", &from.file), ("sha256", &from.sha256), ("format", &from.format)];
        fields.extend(from.version.as_ref().map(|version| ("version", version)));
        fields.into_iter().map(|(key, field)| (key, field.as_str())).collect::<InlineTable>()
    });
    let fields = [
        ("id", Some(text(&row.id))),
        ("scenario", Some(text(&row.scenario))),
        ("read_share", row.read_share.map(|share| text(&share))),
        ("concurrent_users", Some(count(row.concurrent_users.0))),
        ("mean", Some(text(&row.mean))),
        ("p95", Some(text(&row.p95))),
        ("p99", row.p99.map(|p99| text(&p99))),
        ("rate", row.rate.map(|rate| text(&rate))),
        ("errors", Some(text(&row.errors))),
        ("duration", row.duration.map(|duration| text(&duration))),
        ("requests", row.requests.map(|requests| count(requests.0))),
        ("verdict", Some(Value::from(verdict))),
        ("date", Some(text(&row.date))),
        ("tool", Some(text(&row.tool))),
        ("machines", Some(Value::from(machines))),
        ("excludes", (!row.excludes.is_empty()).then(|| Value::from(excludes))),
        ("provenance", provenance.map(Value::from)),
    ];
    fields.into_iter().filter_map(|(key, field)| Some((key, field?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::evidence::Provenance;
    use crate::units::{Count, Rate, Share, Span};

    const TEXT: &str = include_str!("../../blueprints/dojangkok.toml");

    fn row(id: &str) -> LoadTest {
        LoadTest {
            id: id.to_owned(),
            scenario: "write \"heavy\"".to_owned(),
            read_share: None,
            concurrent_users: Count(300),
            mean: Span(1813),
            p95: Span(6928),
            p99: Some(Span(12_967)),
            rate: Some(Rate(68_438)),
            errors: Share(165_558),
            duration: Some(Span(294_341)),
            requests: Some(Count(20_144)),
            verdict: Judgement::Bottleneck,
            date: "2026-02-01".to_owned(),
            tool: "k6".to_owned(),
            machines: [("mysql".to_owned(), "t4g.small".to_owned())].into_iter().collect(),
            excludes: vec!["vllm".to_owned()],
            provenance: Some(Provenance {
                file: "a b.json".to_owned(),
                sha256: "00".repeat(32),
                format: "k6 CSV".to_owned(),
                version: None,
            }),
        }
    }

    #[test]
    fn a_row_comes_after_the_others_and_nothing_else_changes() {
        let recorded = load_tests("d.toml", TEXT, &[row("mine")]).unwrap();
        assert_eq!(recorded.added, ["mine"]);
        let before: Vec<&str> = TEXT.lines().collect();
        let after: Vec<&str> = recorded.text.lines().collect();
        let at = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
        let grown = after.len() - before.len();
        assert_eq!(before[at..], after[at + grown..], "only lines were added");
        let spike = before.iter().position(|line| line.contains("S5.T2 spike")).unwrap();
        assert!((spike..spike + 15).contains(&at), "at line {at}, after the last load test");
        let again = load_tests("d.toml", &recorded.text, &[row("mine")]).unwrap();
        assert_eq!((again.text, again.added.len(), again.changed.len()), (recorded.text, 0, 0));
    }

    #[test]
    fn a_row_of_the_same_id_is_replaced_in_its_place() {
        let first = load_tests("d.toml", TEXT, &[row("mine"), row("other")]).unwrap();
        let changed = LoadTest { p95: Span(100), p99: None, ..row("mine") };
        let second = load_tests("d.toml", &first.text, std::slice::from_ref(&changed)).unwrap();
        assert_eq!((second.added.len(), &second.changed[..]), (0, &["mine".to_owned()][..]));
        assert_eq!(second.text.lines().count() + 1, first.text.lines().count());
        assert!(Blueprint::parse("d.toml", &second.text).unwrap().blueprint.load_tests.contains(&changed));
    }

    #[test]
    fn lists_in_one_line_and_files_without_any_are_written_too() {
        let start = TEXT.find("[[load_tests]]").unwrap();
        let end = TEXT.find("# ---- S5.T3").unwrap();
        let without = format!("{}{}", &TEXT[..start], &TEXT[end..]);
        let recorded = load_tests("d.toml", &without, &[row("mine")]).unwrap();
        assert!(recorded.text.contains("[[load_tests]]"));
        let inline = without.replace("rapplan = 1\n", "rapplan = 1\nload_tests = [] # mine\n");
        let recorded = load_tests("d.toml", &inline, &[row("mine")]).unwrap();
        assert!(recorded.text.contains("] # mine"), "{}", &recorded.text[..400]);
        let windows = TEXT.replace('\n', "\r\n");
        let recorded = load_tests("d.toml", &windows, &[row("mine")]).unwrap();
        assert_eq!(recorded.text.matches('\n').count(), recorded.text.matches("\r\n").count());
    }
}
