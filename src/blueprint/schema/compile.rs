//! From the JSON Schema that schemars derives to [`Shapes`].

use serde_json::{Map, Value};

use super::shape::{Field, Shape, Shapes, Word, expected_of};

/// Compiles a root schema. What a schema says that TOML files are not checked by is passed over.
pub(super) fn compile(name: &str, schema: &Value) -> Shapes {
    let definitions = schema.get("definitions").or_else(|| schema.get("$defs")).and_then(Value::as_object);
    let named = definitions.into_iter().flatten().map(|(name, schema)| (name.clone(), shape(schema))).collect();
    Shapes { name: name.to_owned(), root: shape(schema), named }
}

fn shape(schema: &Value) -> Shape {
    let Some(schema) = schema.as_object() else { return Shape::Any };
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return Shape::Named(reference.rsplit('/').next().unwrap_or_default().to_owned());
    }
    // The drafts before 2019 allow nothing beside `$ref`, so a described reference comes wrapped in `allOf`.
    if let Some([only]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        return shape(only);
    }
    if let Some(words) = words(schema) {
        return Shape::Words(words);
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(all) = schema.get(key).and_then(Value::as_array) {
            let mut all: Vec<_> = all.iter().filter(|one| !is_null(one)).map(shape).collect();
            return if all.len() == 1 { all.remove(0) } else { Shape::Either(all) };
        }
    }
    by_type(schema)
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

/// The words of an enumeration, documented (`oneOf` of `const`) or not (`enum`); `None` when it is something else.
fn words(schema: &Map<String, Value>) -> Option<Vec<Word>> {
    let describe = |schema: &Map<String, Value>| text(schema, "description");
    if let Some(word) = schema.get("const").and_then(Value::as_str) {
        return Some(vec![Word { word: word.to_owned(), description: describe(schema) }]);
    }
    if let Some(all) = schema.get("enum").and_then(Value::as_array) {
        let words = all.iter().filter_map(Value::as_str);
        return Some(words.map(|word| Word { word: word.to_owned(), description: String::new() }).collect());
    }
    let all = schema.get("oneOf")?.as_array()?;
    let each: Option<Vec<_>> = all.iter().filter(|one| !is_null(one)).map(|one| words(one.as_object()?)).collect();
    each.map(|each| each.into_iter().flatten().collect())
}

fn by_type(schema: &Map<String, Value>) -> Shape {
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).filter(|one| *one != "null").collect(),
        _ => Vec::new(),
    };
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    if expected_of(format).is_some() {
        return Shape::Unit { format: format.to_owned(), bare: types.contains(&"number") };
    }
    match types.as_slice() {
        ["object"] => table(schema),
        ["array"] => Shape::List(Box::new(schema.get("items").map_or(Shape::Any, shape))),
        ["string"] => Shape::Text,
        ["integer"] => integer(schema, format),
        ["number"] => Shape::Number,
        ["boolean"] => Shape::Boolean,
        _ => Shape::Any,
    }
}

fn table(schema: &Map<String, Value>) -> Shape {
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let others = schema.get("additionalProperties");
    match schema.get("properties").and_then(Value::as_object) {
        Some(properties) => {
            let fields = properties.iter().map(|(name, schema)| {
                let required = required.contains(&name.as_str());
                (name.clone(), field(schema, required))
            });
            Shape::Struct { fields: fields.collect(), open: others != Some(&Value::Bool(false)) }
        }
        None => Shape::Map(Box::new(others.map_or(Shape::Any, shape))),
    }
}

fn field(schema: &Value, required: bool) -> Field {
    let description = schema.as_object().map(|schema| text(schema, "description")).unwrap_or_default();
    let default = schema.get("default").filter(|value| !value.is_null()).map(Value::to_string);
    Field { shape: shape(schema), required, description, default }
}

fn text(schema: &Map<String, Value>, key: &str) -> String {
    schema.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn integer(schema: &Map<String, Value>, format: &str) -> Shape {
    let (min, max) = match format {
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" | "uint" => (0, u64::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN.into(), i64::MAX.into()),
    };
    let bound = |key| schema.get(key).and_then(Value::as_i64).map(i128::from);
    Shape::Integer { min: bound("minimum").unwrap_or(min).max(min), max: bound("maximum").unwrap_or(max).min(max) }
}
