//! Editors check a blueprint by its JSON Schema, rapplan by its own walk: both must say the same of the same file.
#![allow(clippy::disallowed_methods, reason = "a test reads and writes files")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rapplan::blueprint::{Blueprint, schema};
use rapplan::error::Code;

const SAMPLE: &str = include_str!("data/sample.toml");

/// Whether the JSON Schema takes the text, and whether rapplan does; faults of meaning are left to rapplan alone.
fn verdicts(validator: &jsonschema::Validator, text: &str) -> (bool, bool) {
    let json: serde_json::Value = toml::from_str(text).unwrap();
    let shape = [Code::UnknownField, Code::WrongType, Code::MissingField, Code::BadField];
    let walk = match Blueprint::parse("x.toml", text) {
        Ok(_) => true,
        Err(error) => error.problems().iter().all(|problem| !shape.contains(&problem.code)),
    };
    (validator.is_valid(&json), walk)
}

#[test]
fn schema_and_walk_agree() {
    let validator = jsonschema::validator_for(&schema::blueprint_schema()).unwrap();
    assert_eq!(verdicts(&validator, SAMPLE), (true, true));
    for (from, to) in [
        ("title = \"Sample\"", "titel = \"Sample\""),
        ("title = \"Sample\"", ""),
        ("title = \"Sample\"", "title = 1"),
        ("dims = 768", "dims = \"768\""),
        ("dims = 768", "dims = -1"),
        ("dims = 768", "dims = 7.5"),
        ("data = \"50 GB\"", "data = 50"),
        ("vectors = \"30M\"", "vectors = true"),
        ("kind = \"web\"", "kind = \"wbe\""),
        ("port = 8000, exposure", "port = 65536, exposure"),
        ("ports = [{ name = \"http\", port = 8000, exposure = \"internal\" }]", "ports = {}"),
        ("networks = [\"frontend\", \"backend\"]", "networks = \"frontend\""),
        ("env = { LOG_LEVEL = \"info\" }", "env = { LOG_LEVEL = 1 }"),
        ("read_only = true", "read_only = \"yes\""),
        ("[services.api.health]", "[services.api.health.inner]"),
        ("high_availability = \"no\"", "high_availability = false"),
    ] {
        assert!(SAMPLE.contains(from), "the sample has no {from}");
        assert_eq!(verdicts(&validator, &SAMPLE.replacen(from, to, 1)), (false, false), "{to}");
    }
    for (from, to) in [
        ("vectors = \"30M\"", "vectors = 30_000_000"),
        ("cost = { min = 500", "cost = { min = 500.5"),
        (
            "[toolchain]",
            "[services.vectors.chart]\nname = \"x\"\nrepository = \"y\"\nenabled = true\nvalues = { a = [1, { b = \"c\" }] }\n[toolchain]",
        ),
    ] {
        assert!(SAMPLE.contains(from), "the sample has no {from}");
        assert_eq!(verdicts(&validator, &SAMPLE.replacen(from, to, 1)), (true, true), "{to}");
    }
}

/// What JSON cannot hold, a free value cannot either; the schema cannot say so.
#[test]
fn free_values_hold_what_json_holds() {
    let chart = "[services.vectors.chart]\nname = \"x\"\nrepository = \"y\"\nenabled = true\nvalues = ";
    for (value, code) in
        [("{ a = 1979-05-27 }", Code::WrongType), ("{ a = [nan] }", Code::BadField), ("{ a = inf }", Code::BadField)]
    {
        let text = SAMPLE.replace("[toolchain]", &format!("{chart}{value}\n[toolchain]"));
        let error = Blueprint::parse("x.toml", &text).unwrap_err();
        assert_eq!(error.problems()[0].code, code, "{error}");
        assert!(error.problems()[0].place.is_some());
    }
}
