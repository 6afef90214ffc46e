//! A stand-in for a file with misfits, so that faults of meaning are told together with them.
//!
//! Unknown keys go (or take the name that was meant), values that do not fit are replaced by ones that do, and what is
//! missing is filled in. The places of all this are kept: nothing is said of the meaning of what was made up.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::document::{Document, Entry, FieldPath, Node, Value};
use super::schema::{Field, Shape, Shapes};
use super::{Blueprint, check};
use crate::error::{Code, Problem};
use crate::{nearest, units};

/// How deep made-up tables may nest.
const DEEPEST: usize = 8;

/// The faults of meaning of a blueprint that also has misfits, as far as they can be told.
pub(super) fn meaning(document: &Document, shapes: &Shapes, misfits: &[Problem]) -> Vec<Problem> {
    let bad = misfits.iter().filter(|problem| matches!(problem.code, Code::WrongType | Code::BadField));
    let places = bad.filter_map(|problem| problem.place.as_ref()).map(|place| (place.line, place.column)).collect();
    let mut repair = Repair { document, shapes, places, made_up: Vec::new() };
    let value = repair.value(&FieldPath::default(), document.root(), &shapes.root);
    let Ok(blueprint) = serde_json::from_value::<Blueprint>(value) else { return Vec::new() };
    let made_up = repair.made_up;
    let tiers_made_up = made_up.iter().any(|path| path.starts_with("tiers"));
    let told = |problem: &Problem| {
        let of_table = matches!(problem.code, Code::TierGap | Code::TierOrder | Code::Overfull);
        let field = problem.place.as_ref().map_or("", |place| place.field.as_str());
        !(of_table && tiers_made_up || made_up.iter().any(|path| is_within(field, path)))
    };
    check::problems(&blueprint, document).into_iter().filter(told).collect()
}

/// Whether a field is the one at a path, or in it.
fn is_within(field: &str, path: &str) -> bool {
    field.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

struct Repair<'a> {
    document: &'a Document,
    shapes: &'a Shapes,
    /// Line and column of every value that does not fit.
    places: BTreeSet<(usize, usize)>,
    /// Paths of what was made up.
    made_up: Vec<String>,
}

impl Repair<'_> {
    fn misfits(&self, node: &Node) -> bool {
        let place = self.document.place(&node.span, String::new(), "");
        self.places.contains(&(place.line, place.column))
    }

    fn value(&mut self, path: &FieldPath, node: &Node, shape: &Shape) -> Json {
        if self.misfits(node) {
            self.made_up.push(path.to_string());
            return self.neutral(shape, 0);
        }
        let shapes = self.shapes;
        match (shapes.resolve(shape), &node.value) {
            (Shape::Struct { fields, .. }, Value::Table(table)) => Json::Object(self.table(path, table, fields)),
            (Shape::Map(of), Value::Table(table)) => {
                let items = table.iter();
                Json::Object(items.map(|(k, e)| (k.clone(), self.value(&path.join(k.as_str()), &e.node, of))).collect())
            }
            (Shape::List(of), Value::Array(items)) => {
                Json::Array(items.iter().enumerate().map(|(i, item)| self.value(&path.join(i), item, of)).collect())
            }
            _ => plain(node),
        }
    }

    fn table(
        &mut self,
        path: &FieldPath,
        table: &IndexMap<String, Entry>,
        fields: &IndexMap<String, Field>,
    ) -> Map<String, Json> {
        let mut out = Map::new();
        for (key, entry) in table {
            let absent = fields.keys().map(String::as_str).filter(|name| !table.contains_key(*name));
            let name = if fields.contains_key(key) { Some(key.as_str()) } else { nearest::nearest(key, absent) };
            let Some((name, field)) = name.and_then(|name| fields.get_key_value(name)) else { continue };
            if field.required || !self.misfits(&entry.node) {
                let value = self.value(&path.join(name.as_str()), &entry.node, &field.shape);
                out.insert(name.clone(), value);
            } else {
                self.made_up.push(path.join(name.as_str()).to_string());
            }
        }
        for (name, field) in fields.iter().filter(|(_, field)| field.required) {
            if !out.contains_key(name) {
                self.made_up.push(path.join(name.as_str()).to_string());
                out.insert(name.clone(), self.neutral(&field.shape, 0));
            }
        }
        out
    }

    /// A value that fits a shape and says nothing.
    fn neutral(&self, shape: &Shape, depth: usize) -> Json {
        if depth > DEEPEST {
            return Json::Null;
        }
        match self.shapes.resolve(shape) {
            Shape::Struct { fields, .. } => {
                let required = fields.iter().filter(|(_, field)| field.required);
                Json::Object(required.map(|(n, f)| (n.clone(), self.neutral(&f.shape, depth + 1))).collect())
            }
            Shape::Map(_) => Json::Object(Map::new()),
            Shape::List(_) => Json::Array(Vec::new()),
            Shape::Words(words) => words.first().map_or(Json::Null, |word| Json::from(word.word.as_str())),
            Shape::Text => Json::from("x"),
            Shape::Unit { format, .. } => {
                let fits = |text: &&str| units::check_format(format, text).is_some_and(|checked| checked.is_ok());
                ["1", "1 GB", "1s", "1%/month"]
                    .iter()
                    .find(|text| fits(text))
                    .map_or(Json::Null, |text| Json::from(*text))
            }
            Shape::Integer { min, max } => i64::try_from(1.clamp(*min, *max)).map_or(Json::Null, Json::from),
            Shape::Number => Json::from(1),
            Shape::Boolean => Json::from(false),
            Shape::Either(all) => all.first().map_or(Json::Null, |first| self.neutral(first, depth + 1)),
            Shape::Any | Shape::Named(_) => Json::Null,
        }
    }
}

/// A value as JSON has it; what JSON cannot hold becomes nothing.
fn plain(node: &Node) -> Json {
    match &node.value {
        Value::Text(text) => Json::from(text.as_str()),
        Value::Integer(number) => {
            let number = number
                .and_then(|n| i64::try_from(n).map(Json::from).or_else(|_| u64::try_from(n).map(Json::from)).ok());
            number.unwrap_or(Json::Null)
        }
        Value::Float(number) => Json::from(*number),
        Value::Boolean(yes) => Json::from(*yes),
        Value::Datetime => Json::Null,
        Value::Array(items) => Json::Array(items.iter().map(plain).collect()),
        Value::Table(table) => {
            Json::Object(table.iter().map(|(key, entry)| (key.clone(), plain(&entry.node))).collect())
        }
    }
}
