//! The JSON Schema of a file, made from the Rust types, and what is made from the schema in turn.

mod compile;
mod fields;
mod shape;

use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

pub use fields::{FieldDoc, fields};
pub(in crate::blueprint) use shape::expected_of;
pub use shape::{Field, Shape, Shapes, Word};

/// The JSON Schema of a type, in draft 7, which the TOML plug-ins of editors read.
pub fn schema_of<T: JsonSchema>() -> serde_json::Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<T>().to_value()
}

/// The JSON Schema of a result of this type, as it is written: quantities are numbers in their base unit.
pub fn schema_of_result<T: JsonSchema>() -> serde_json::Value {
    SchemaSettings::draft07().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}

/// The JSON Schema of blueprints.
pub fn blueprint_schema() -> serde_json::Value {
    let mut schema = schema_of::<super::Blueprint>();
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), "rapplan blueprint".into());
    }
    schema
}

/// Every field of a blueprint.
pub fn blueprint_fields() -> Vec<FieldDoc> {
    fields(&shapes::<super::Blueprint>())
}

/// The shape of a type; worked out once for each type.
pub fn shapes<T: JsonSchema + 'static>() -> Arc<Shapes> {
    static KNOWN: Mutex<BTreeMap<TypeId, Arc<Shapes>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let shapes = known
        .entry(TypeId::of::<T>())
        .or_insert_with(|| Arc::new(compile::compile(&T::schema_name().to_lowercase(), &schema_of::<T>())));
    Arc::clone(shapes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::Blueprint;

    fn doc(path: &str) -> FieldDoc {
        fields(&shapes::<Blueprint>()).into_iter().find(|doc| doc.path == path).unwrap()
    }

    #[test]
    fn every_field_has_a_type_and_a_description() {
        let docs = fields(&shapes::<Blueprint>());
        assert!(docs.len() > 200);
        for doc in docs {
            assert!(!doc.description.is_empty(), "{} has no description", doc.path);
            let only_values = doc.path.ends_with(".values");
            assert_eq!(doc.type_name.contains("any value"), only_values, "{} is {}", doc.path, doc.type_name);
        }
    }

    #[test]
    fn a_field_tells_what_it_takes() {
        let port = doc("services.*.ports[].port");
        assert_eq!((port.type_name.as_str(), port.required), ("integer", true));
        assert_eq!(port.expected.as_deref(), Some("a whole number from 0 to 65535"));
        assert_eq!(port.plain_path(), "services.ports.port");
        let memory = doc("tiers[].sizes[].servers[].services.*.memory");
        assert_eq!((memory.type_name.as_str(), memory.required), ("bytes", false));
        assert!(memory.expected.is_some_and(|text| text.contains("GiB")));
        let inputs = doc("tiers[].bridges");
        assert_eq!((inputs.type_name.as_str(), inputs.words.len()), ("array of words", 5));
        assert_eq!(inputs.words[0].description, "Partitions.");
        assert_eq!(doc("services").type_name, "table of tables");
        assert_eq!(doc("workload").default.as_deref(), Some("{}"));
    }

    #[test]
    fn the_schema_is_one_that_editors_take() {
        let schema = blueprint_schema();
        assert_eq!(schema["title"], "rapplan blueprint");
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
        assert!(schema.get("$id").is_none());
        assert!(jsonschema::meta::is_valid(&schema));
    }
}
