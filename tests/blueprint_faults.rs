//! What a user is told of a blueprint with many faults, and that the sample has none.
#![allow(clippy::disallowed_methods, reason = "a test reads and writes files")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rapplan::blueprint::Blueprint;

const SAMPLE: &str = include_str!("data/sample.toml");

#[test]
fn the_sample_is_sound() {
    let loaded = Blueprint::parse("sample.toml", SAMPLE).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.blueprint.services.len(), 4);
}

fn told(text: &str) -> String {
    Blueprint::parse("app.toml", text).unwrap_err().to_string()
}

#[test]
fn every_fault_of_shape_is_told_at_once() {
    let text = SAMPLE
        .replace("title = \"Sample\"", "titel = \"Sample\"")
        .replace("dims = 768", "dims = \"768\"")
        .replace("data = \"50 GB\"", "data = 50")
        .replace("protocol = \"nfs\"", "protocol = \"nsf\"")
        .replace("kind = \"web\"\n", "")
        .replace("port = 5432", "port = 70000")
        .replace("timeout = \"5s\"", "timeout = \"5 parsecs\"")
        .replace("networks = [\"backend\"]\nmetrics", "\tnetworks = \"backend\"\r\nmetrics")
        .replace("{ replicas = 4, cpu", "{ \"한글\" = 4, replica = 4, cpu");
    insta::assert_snapshot!(told(&text));
}

#[test]
fn every_fault_of_meaning_is_told_at_once() {
    let text = SAMPLE
        .replace("rapplan = 1", "rapplan = 2")
        .replace("dims = 768", "dims = 1")
        .replace("from = { partitions = 51, rps = 1000 }", "from = { partitions = 60, rps = 1000 }")
        .replace("bridges = [\"rps\"]", "")
        .replace("depends_on = [\"postgres\", \"vectors\"]", "depends_on = [\"postgers\"]")
        .replace("title = \"Vector store\"", "title = \"Vector store\"\ndepends_on = [\"prometheus\"]")
        .replace("title = \"Measurements\"", "title = \"Measurements\"\ndepends_on = [\"vectors\"]")
        .replace("port = 9090, exposure", "port = 9090, host_port = 5432, exposure")
        .replace("postgres = { cpu = 8, memory = \"16 GB\" }", "postgres = { cpu = 80, memory = \"160 GB\" }")
        .replace("tag = \"v2\"", "tag = \"latest\"")
        .replace("id = \"X.T3 down\"", "id = \"X.T3 cpu\"")
        .replace("above = \"70%\"", "above = \"70ms\"")
        .replace("at = \"02:00\"", "at = \"2 am\"");
    insta::assert_snapshot!(told(&text));
}

/// An unknown key, a word that is none, a missing field and a wrong type beside a name that refers to nothing, a port
/// twice and a circle: none hides another, and nothing is said of what was made up to go on.
#[test]
fn faults_of_shape_do_not_hide_those_of_meaning() {
    let text = SAMPLE
        .replace("title = \"Sample\"", "titel = \"Sample\"")
        .replace("kind = \"web\"\n", "")
        .replace("dims = 768", "dims = \"768\"")
        .replace("protocol = \"nfs\"", "protocol = \"nsf\"")
        .replace("depends_on = [\"postgres\", \"vectors\"]", "depends_on = [\"postgers\"]")
        .replace("title = \"Vector store\"", "title = \"Vector store\"\ndepends_on = [\"prometheus\"]")
        .replace("title = \"Measurements\"", "title = \"Measurements\"\ndepends_on = [\"vectors\"]")
        .replace("port = 9090, exposure", "port = 9090, host_port = 5432, exposure")
        .replace("from = { partitions = 51, rps = 1000 }", "from = { partitions = 60, rps = 1000 }");
    let told = told(&text);
    for code in ["E0202", "E0203", "E0204", "E0205", "E0206", "E0208", "E0209", "E0211"] {
        assert!(told.contains(code), "{code}:\n{told}");
    }
    assert_eq!(told.matches("error[").count(), 8, "{told}");
}

#[test]
fn errors_of_syntax_do_not_hide_what_is_sure() {
    let text = SAMPLE
        .replace("title = \"Sample\"", "titel = \"Sample\"")
        .replace("dims = 768", "dims = ")
        .replace("gateway = \"nginx\"", "gateway = \"ngnix\"")
        .replace("because = ", "because ");
    insta::assert_snapshot!(told(&text));
}

#[test]
fn the_blueprints_that_come_with_rapplan_are_sound() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("blueprints");
    let mut seen = 0;
    let mut told = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if let Err(error) = Blueprint::parse(&path.file_name().unwrap().to_string_lossy(), &text) {
            told.push_str(&format!("{error}\n\n"));
        }
        seen += 1;
    }
    assert!(told.is_empty(), "{told}");
    assert!(seen > 0);
}
