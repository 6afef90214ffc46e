//! The examples on the pages of the errors of blueprints are what rapplan prints.

use rapplan::blueprint::Blueprint;
use rapplan::error::Code::{self, *};

const SAMPLE: &str = include_str!("data/sample.toml");

/// The fault that each page shows, as a change of the sample.
const FAULTS: &[(Code, &str, &str)] = &[
    (Syntax, "dims = 768", "dims = "),
    (UnknownField, "title = \"Sample\"", "titel = \"Sample\""),
    (WrongType, "dims = 768", "dims = \"768\""),
    (MissingField, "title = \"Vector store\"\n", ""),
    (BadField, "data = \"50 GB\"", "data = 50"),
    (TierGap, "from = { partitions = 51", "from = { partitions = 60"),
    (
        TierOrder,
        "from = { partitions = 51, rps = 1000 }\n",
        "from = { partitions = 30 }\nup_to = { partitions = 49 }\n",
    ),
    (Dangling, "depends_on = [\"postgres\", \"vectors\"]", "depends_on = [\"postgers\"]"),
    (PortTwice, "port = 9090, exposure", "port = 9090, host_port = 5432, exposure"),
    (NameTwice, "id = \"X.T3 down\"", "id = \"X.T3 cpu\""),
    (Cycle, "title = \"Vector store\"", "title = \"Vector store\"\ndepends_on = [\"prometheus\"]"),
    (Overfull, "postgres = { cpu = 8, memory = \"16 GB\" }", "postgres = { cpu = 8, memory = \"160 GB\" }"),
];

#[test]
fn every_page_shows_what_is_printed() {
    for (code, from, to) in FAULTS {
        assert!(SAMPLE.contains(from), "the sample has no {from}");
        let mut text = SAMPLE.replacen(from, to, 1);
        if *code == Cycle {
            text = text.replace("title = \"Measurements\"", "title = \"Measurements\"\ndepends_on = [\"vectors\"]");
        }
        let printed = Blueprint::parse("app.toml", &text).unwrap_err().to_string();
        let example = code.page().split("```text\n").nth(1).and_then(|rest| rest.split("\n```").next());
        let example = example.unwrap_or_else(|| panic!("the page of {code} has no example"));
        assert!(printed.contains(example), "the page of {code} shows\n{example}\n\nbut this is printed\n{printed}");
        assert!(example.starts_with(&format!("error[{code}]")), "the page of {code} shows another error");
    }
}
