use serde_json::json;

use super::*;

fn with(text: &str) -> Templates {
    let mut sources = BTreeMap::new();
    sources.insert("t".to_owned(), text.to_owned());
    Templates::compile(sources).unwrap()
}

fn problem(text: &str, values: &serde_json::Value) -> Problem {
    with(text).render("t", values).unwrap_err().problems()[0].clone()
}

#[test]
fn embedded_templates_are_well_formed_and_sorted() {
    Templates::embedded().unwrap();
    assert!(embedded::ALL.is_sorted_by(|a, b| a.0 < b.0));
}

#[test]
fn fills_in_through_escapers_and_ends_with_a_newline() {
    let text = "{% for x in list %}echo {{ x | shell }} {{ n }} {{ yes }}\n{% endfor %}end";
    let out = with(text).render("t", &json!({"list": ["a", "b'"], "n": 4, "yes": true})).unwrap();
    assert_eq!(out, "echo 'a' 4 true\necho 'b'\\''' 4 true\nend\n");
}

#[test]
fn a_text_without_an_escaper_is_refused() {
    let problem = problem("a\n  set {{ x }};", &json!({"x": "$(id)"}));
    assert_eq!(problem.code, Code::Template);
    assert!(problem.summary.contains("`$(id)` without an escaper"), "{problem}");
    assert!(problem.cause.unwrap().contains("line 2 of the rendered file, after `set `"));
}

#[test]
fn a_missing_variable_is_placed() {
    let problem = problem("a\nb {{ port_of | shell }}", &json!({}));
    let place = problem.place.clone().unwrap();
    assert_eq!((place.file.as_str(), place.line), ("t", 2));
    assert!(problem.to_string().contains("port_of"), "{problem}");
    let templates = with("{{ port_of }}");
    assert_eq!(templates.render("t", &json!({})).unwrap_err().problems()[0].code, Code::Template);
}

#[test]
fn a_value_its_language_cannot_hold_is_placed() {
    let problem = problem("{{ x | nginx }}", &json!({"x": "$a"}));
    assert_eq!(problem.place.clone().unwrap().line, 1);
    assert!(problem.to_string().contains("`nginx` refuses it"), "{problem}");
}

#[test]
fn an_ill_formed_override_is_placed() {
    let name = "nginx/nginx.conf.tera".to_owned();
    let error = Templates::new(BTreeMap::from([(name.clone(), "a\n{% if %}".to_owned())])).unwrap_err();
    let place = error.problems()[0].place.clone().unwrap();
    assert_eq!((place.file, place.line), (name, 2));
}

#[test]
fn an_override_of_nothing_is_refused_with_the_nearest_name() {
    let error = Templates::new(BTreeMap::from([("nginx/nginx.conf".to_owned(), String::new())])).unwrap_err();
    assert_eq!(error.problems()[0].code, Code::UnknownName);
    assert_eq!(error.problems()[0].hints, ["did you mean `nginx/nginx.conf.tera`?"]);
}

#[test]
fn an_override_takes_the_place_of_the_embedded_one() {
    let name = "nginx/nginx.conf.tera";
    let templates = Templates::new(BTreeMap::from([(name.to_owned(), "own {{ x | comment }}".to_owned())])).unwrap();
    assert_eq!(templates.render(name, &json!({"x": "a\nb"})).unwrap(), "own a b\n");
}
