//! Reading a file of prices, with every fault at once.

use std::collections::BTreeMap;

use super::{Change, Discount, Overlay, Shape, Value, matches};
use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::catalog::csv::{Field, Row, rows};
use crate::catalog::{Catalog, Gpu, Item, Purchase};
use crate::error::{Code, Error, Place, Problem, Result};
use crate::nearest::did_you_mean;
use crate::units::{Bytes, HOURS_A_MONTH, Price, UnitError};

/// The columns with what they hold; the first four must be there.
pub const COLUMNS: &[(&str, &str)] = &[
    ("provider", "`aws`, `gcp` or `bare-metal`"),
    ("region", "a region, or a pattern: `*` stands for anything"),
    ("name", "a machine, an item such as `block-ssd`, or a pattern such as `m7g.*`"),
    ("usd", "US dollars for one unit, or a change of what stands: `-12%`, `+3%`"),
    ("unit", "`hour` or `month` for machines [default: hour]; for items their unit"),
    ("purchase", "`on-demand`, `spot` or `committed`; a change without one holds for all [default: on-demand]"),
    ("date", "day of the price, YYYY-MM-DD [default: the day of the update]"),
    ("note", "anything that must be known beside the price"),
    ("cpu", "processors of a machine that no table has"),
    ("memory", "its memory, such as `512GiB`"),
    ("arch", "its architecture, `amd64` or `arm64` [default: amd64]"),
    ("gpu", "model of its GPUs"),
    ("gpus", "how many [default: 1]"),
    ("gpu_memory", "memory of each of them"),
    ("local_disk", "disk that is in it"),
];

const REQUIRED: usize = 4;

/// Reads a file. `today` is the day of rows that have none; `base` is the catalogue that names are looked up in.
///
/// # Errors
/// Every fault of the file, each with its line and column: `E0202` for an unknown column, `E0204` for what is missing,
/// `E0205` for a value that is none, `E0208` for a name that is neither a machine nor an item.
pub fn read(file: &str, text: &str, today: &str, base: &Catalog) -> Result<Overlay> {
    let all = rows(text);
    let lines: Vec<&str> = text.lines().collect();
    let Some((head, body)) = all.split_first() else {
        let problem = Problem::new(Code::MissingField, format!("`{file}` is empty"));
        return Err(problem.hint(format!("begin with the line `{}`", header(8))).into());
    };
    let mut reader = Reader { file, lines, today, base, columns: BTreeMap::new(), problems: Vec::new() };
    reader.head(head);
    Error::check(std::mem::take(&mut reader.problems))?;
    let changes: Vec<Change> = body.iter().filter_map(|row| reader.row(row)).collect();
    if body.is_empty() {
        reader.problems.push(Problem::new(Code::MissingField, format!("`{file}` has a header and no row")));
    }
    Error::check(reader.problems)?;
    Ok(Overlay { file: file.to_owned(), rows: changes })
}

fn header(columns: usize) -> String {
    COLUMNS.iter().take(columns).map(|(name, _)| *name).collect::<Vec<_>>().join(",")
}

struct Reader<'a> {
    file: &'a str,
    lines: Vec<&'a str>,
    today: &'a str,
    base: &'a Catalog,
    columns: BTreeMap<&'static str, usize>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn head(&mut self, head: &Row<'_>) {
        for (at, field) in head.iter().enumerate() {
            let lower = field.text.to_ascii_lowercase();
            match COLUMNS.iter().find(|(name, _)| *name == lower) {
                Some((name, _)) if self.columns.contains_key(name) => {
                    self.fault(Code::NameTwice, field, format!("the column `{name}` is there twice"), "give it once");
                }
                Some((name, _)) => {
                    self.columns.insert(name, at);
                }
                None => {
                    let hint = did_you_mean(&lower, COLUMNS.iter().map(|(name, _)| *name))
                        .unwrap_or_else(|| format!("the columns are {}", header(COLUMNS.len())));
                    self.fault(Code::UnknownField, field, format!("there is no column `{}`", field.text), &hint);
                }
            }
        }
        let missing: Vec<&str> = COLUMNS
            .iter()
            .take(REQUIRED)
            .map(|(name, _)| *name)
            .filter(|name| !self.columns.contains_key(name))
            .collect();
        if let (false, Some(field)) = (missing.is_empty(), head.first()) {
            let what = format!("the header lacks {}", missing.join(", "));
            self.fault(Code::MissingField, field, what, &format!("begin with the line `{}`", header(8)));
        }
    }

    fn row(&mut self, row: &Row<'_>) -> Option<Change> {
        let before = self.problems.len();
        if let Some(extra) = row.iter().skip(self.columns.len()).find(|field| !field.text.is_empty()) {
            let what = format!("the row has {} values and the header {} columns", row.len(), self.columns.len());
            self.fault(Code::BadField, extra, what, "put a value with a comma between double quotes");
        }
        let provider = self.required(row, "provider").and_then(|field| {
            let known = Provider::ALL.into_iter().find(|(word, _)| *word == field.text);
            let hint = "give `aws`, `gcp` or `bare-metal`";
            self.or_fault(known.map(|(_, provider)| provider), field, "is no provider", hint)
        });
        let region = self.required(row, "region").map(|field| field.text.to_string());
        let name = self.required(row, "name");
        let purchase = self.word(row, "purchase", &Purchase::ALL);
        let value = self.value(row, name);
        let date = self.date(row);
        let machine = self.shape(row);
        let (provider, region, name, value) = (provider?, region?, name?, value?);
        self.known(provider, &region, name, value, machine.is_some());
        (self.problems.len() == before).then(|| Change {
            provider,
            region,
            name: name.text.to_string(),
            purchase,
            value,
            date,
            note: self.given(row, "note").map(|field| field.text.to_string()),
            machine,
        })
    }

    /// A name must be an item, a machine, or a pattern for such; a machine of one's own brings its figures.
    fn known(&mut self, provider: Provider, region: &str, name: &Field<'_>, value: Value, has_shape: bool) {
        let machines = self.base.all(provider);
        let pattern = name.text.contains('*') || region.contains('*') || matches!(value, Value::Discount(_));
        let item = Item::ALL.iter().any(|(word, _)| matches(&name.text, word));
        let machine = machines.iter().any(|machine| matches(&name.text, &machine.name));
        if item || machine || (has_shape && !pattern) {
            return;
        }
        let names = machines.iter().map(|machine| machine.name.as_str()).chain(Item::ALL.iter().map(|(word, _)| *word));
        let hint = did_you_mean(&name.text, names).unwrap_or_else(|| {
            "`rapplan catalog list` has the machines; one of your own needs the columns cpu and memory".to_owned()
        });
        let what = format!("`{}` is neither a machine nor an item of {}", name.text, provider.word());
        self.fault(Code::Dangling, name, what, &hint);
    }

    fn value(&mut self, row: &Row<'_>, name: Option<&Field<'_>>) -> Option<Value> {
        let field = self.required(row, "usd")?;
        if field.text.ends_with('%') {
            let hint = "give a sign and at most two decimals: `-12%`, `-7.5%`; less than all can be taken off";
            return self.or_fault(Discount::read(&field.text), field, "is no discount", hint).map(Value::Discount);
        }
        let price = self.unit::<Price>(field)?;
        if price.0 == 0 {
            let hint = "a price that is not known is left out; write what it costs";
            return self.or_fault(None, field, "is no price", hint);
        }
        let price = self.per_unit(row, name, price)?;
        Some(Value::Price(price))
    }

    /// A price a month as one an hour, and the unit of an item checked.
    fn per_unit(&mut self, row: &Row<'_>, name: Option<&Field<'_>>, price: Price) -> Option<Price> {
        let Some(unit) = self.given(row, "unit") else { return Some(price) };
        match (name.and_then(|name| Item::named(&name.text)), &*unit.text) {
            (Some(item), text) if text == item.unit() => Some(price),
            (Some(item), _) => {
                let hint = format!("`{}` is sold by the {}", item.word(), item.unit());
                self.or_fault(None, unit, "is not its unit", &hint)
            }
            (None, "hour") => Some(price),
            (None, "month") => Some(Price(price.0.saturating_add(HOURS_A_MONTH / 2) / HOURS_A_MONTH)),
            (None, _) => self.or_fault(None, unit, "is not a unit of machines", "give `hour` or `month`"),
        }
    }

    fn date(&mut self, row: &Row<'_>) -> String {
        let Some(field) = self.given(row, "date") else { return self.today.to_owned() };
        let number = |range: std::ops::Range<usize>| field.text.get(range).and_then(|text| text.parse::<u32>().ok());
        let dashes = field.text.len() == 10
            && field.text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let day = number(5..7).zip(number(8..10));
        if !(dashes && day.is_some_and(|(month, day)| (1..=12).contains(&month) && (1..=31).contains(&day))) {
            self.or_fault::<()>(None, field, "is no day", "give it as 2026-11-21");
        }
        field.text.to_string()
    }

    fn shape(&mut self, row: &Row<'_>) -> Option<Shape> {
        let cpu = self.given(row, "cpu").map(|field| (field, self.unit(field)));
        let memory = self.given(row, "memory").map(|field| (field, self.unit(field)));
        let arch = self.word(row, "arch", &[("amd64", Arch::Amd64), ("arm64", Arch::Arm64)]).unwrap_or(Arch::Amd64);
        let local_disk = self.given(row, "local_disk").and_then(|field| self.unit::<Bytes>(field)).unwrap_or_default();
        let gpu = self.given(row, "gpu").and_then(|model| {
            let count = match self.given(row, "gpus") {
                None => Some(1),
                Some(field) => {
                    let count = field.text.parse::<u32>().ok().filter(|count| *count > 0);
                    self.or_fault(count, field, "is no number of GPUs", "give a whole number from 1")
                }
            };
            let memory = match self.given(row, "gpu_memory") {
                Some(field) => self.unit::<Bytes>(field),
                None => self.or_fault(None, model, "has no memory", "give that of each GPU in the column gpu_memory"),
            };
            Some(Gpu { model: model.text.to_string(), count: count?, memory: memory? })
        });
        match (cpu, memory) {
            (None, None) => None,
            (Some((field, _)), None) => self.or_fault(None, field, "comes without memory", "fill the column memory"),
            (None, Some((field, _))) => self.or_fault(None, field, "comes without processors", "fill the column cpu"),
            (Some((_, cpu)), Some((_, memory))) => Some(Shape { cpu: cpu?, memory: memory?, arch, gpu, local_disk }),
        }
    }

    fn given<'r, 't>(&self, row: &'r Row<'t>, column: &str) -> Option<&'r Field<'t>> {
        row.get(*self.columns.get(column)?).filter(|field| !field.text.is_empty())
    }

    fn required<'r, 't>(&mut self, row: &'r Row<'t>, column: &'static str) -> Option<&'r Field<'t>> {
        let given = self.given(row, column);
        if let (None, Some(field)) = (given, row.first()) {
            let means = COLUMNS.iter().find(|(name, _)| *name == column).map(|(_, means)| *means).unwrap_or_default();
            self.fault(Code::MissingField, field, format!("the row has no {column}"), &format!("give {means}"));
        }
        given
    }

    fn word<T: Copy>(&mut self, row: &Row<'_>, column: &str, words: &[(&str, T)]) -> Option<T> {
        let field = self.given(row, column)?;
        let found = words.iter().find(|(word, _)| *word == field.text).map(|(_, value)| *value);
        let hint = words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        self.or_fault(found, field, &format!("is no {column}"), &format!("give one of {hint}"))
    }

    fn unit<T: std::str::FromStr<Err = UnitError>>(&mut self, field: &Field<'_>) -> Option<T> {
        match field.text.parse() {
            Ok(value) => Some(value),
            Err(error) => self.or_fault(None, field, &error.problem, &format!("give {}", error.expected)),
        }
    }

    /// The value, or a fault of the field: "`x` is no price".
    fn or_fault<T>(&mut self, value: Option<T>, field: &Field<'_>, clause: &str, hint: &str) -> Option<T> {
        if value.is_none() {
            self.fault(Code::BadField, field, format!("`{}` {clause}", field.text), hint);
        }
        value
    }

    fn fault(&mut self, code: Code, field: &Field<'_>, what: String, hint: &str) {
        let source = self.lines.get(field.line - 1).copied().unwrap_or_default();
        let place = Place {
            file: self.file.to_owned(),
            line: field.line,
            column: field.column,
            field: String::new(),
            source: source.chars().take(400).collect(),
            caret: field.column.min(400),
            width: field.text.chars().count().clamp(1, 80),
            label: "here".to_owned(),
        };
        self.problems.push(Problem::new(code, what).at(place).hint(hint));
    }
}
