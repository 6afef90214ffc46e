//! Compose files: what they say, and that Compose itself reads back what was meant.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]

mod support;

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use rapplan::blueprint::Blueprint;
use rapplan::blueprint::tier::Environment;
use rapplan::design::topology::{Address, Stack, Topology};
use rapplan::render::{checks, compose, env, yaml};
use support::{chatty, partitions, small, topology};

fn small_topology() -> Topology {
    topology(&small(), partitions(5, Environment::Prod))
}

#[test]
fn the_small_files_stay_as_they_are() {
    let topology = small_topology();
    for stack in &topology.stacks {
        let (files, variables) = (compose::render(&topology, stack).unwrap(), env::render(&topology, stack));
        insta::assert_snapshot!(format!("small-{}", stack.name), format!("{files}--- .env.example\n{variables}"));
    }
}

#[test]
fn everything_passes_the_checks() {
    for (name, topology) in chatty() {
        checks::check(&topology).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    checks::check(&small_topology()).unwrap();
}

/// Writes a stack's files and everything they name.
fn write(topology: &Topology, stack: &Stack, folder: &Path) {
    std::fs::create_dir_all(folder.join("secrets")).unwrap();
    std::fs::write(folder.join(compose::FILE), compose::render(topology, stack).unwrap()).unwrap();
    std::fs::write(folder.join(".env"), env::render(topology, stack)).unwrap();
    for file in stack.units.iter().filter_map(|unit| unit.secret_env_file()) {
        std::fs::write(folder.join(file), "TOKEN=a$b\"c #d\n").unwrap();
    }
}

/// What Compose makes of the files; it must have nothing to warn of.
fn config(folder: &Path) -> serde_json::Value {
    let done = Command::new(support::peer("docker-compose"))
        .args(["config", "--format", "json"])
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&done.stderr).into_owned();
    let files = || std::fs::read_to_string(folder.join(compose::FILE)).unwrap();
    assert!(done.status.success() && talk.is_empty(), "{talk}\n{}", files());
    serde_json::from_slice(&done.stdout).unwrap()
}

#[test]
fn compose_reads_every_stack_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    for (name, topology) in chatty().into_iter().chain([("small", small_topology())]) {
        for stack in topology.stacks.iter().filter(|stack| !stack.units.is_empty()) {
            let at = folder.path().join(name).join(&stack.name);
            write(&topology, stack, &at);
            let read = config(&at);
            assert_eq!(read["services"].as_object().unwrap().len(), stack.units.len(), "{name} {}", stack.name);
        }
    }
}

#[test]
fn a_secret_in_a_variable_arrives_as_it_is() {
    let (folder, topology) = (tempfile::tempdir().unwrap(), small_topology());
    write(&topology, topology.stack("front").unwrap(), folder.path());
    let read = config(folder.path());
    assert_eq!(undollar(&read["services"]["app-1"]["environment"]["TOKEN"]), "a$b\"c #d");
}

/// Compose doubles the dollars in what it prints, so that its output is a Compose file again.
fn undollar(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).replace("$$", "$")
}

const TRAPS: [&str; 24] = [
    "",
    " ",
    "no",
    "on",
    "n",
    "y",
    "~",
    "null",
    "0400",
    "1e3",
    "12:30",
    "a\nb\n",
    "{{ x }}",
    "${HOME}",
    "$(id)",
    "$$",
    "$",
    "a: b",
    "a #b",
    "'\"\\",
    "`id`",
    "\ttab ",
    "${X:?y}",
    "*a &b !c %d @e",
];

fn trap() -> impl Strategy<Value = String> {
    let any = any::<String>().prop_map(|text| text.replace('\0', ""));
    let mixed = proptest::collection::vec(proptest::sample::select(&TRAPS[..]), 1..4).prop_map(|parts| parts.concat());
    prop_oneof![any, mixed, proptest::sample::select(&TRAPS[..]).prop_map(str::to_owned)]
}

fn with_traps(title: &str, values: &[String]) -> Blueprint {
    let mut blueprint = small();
    let app = blueprint.services.get_mut("app").unwrap();
    app.title = title.to_owned();
    app.env = values.iter().enumerate().map(|(i, value)| (format!("V{i}"), value.clone())).collect();
    app.command = std::iter::once("run".to_owned()).chain(values.iter().cloned()).collect();
    app.health.as_mut().unwrap().command = app.command.clone();
    app.connects["db"].url = Some(format!("{}{{endpoint}}{}", title.replace('{', "("), title.replace('{', "(")));
    blueprint.title = title.to_owned();
    blueprint
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn values_come_back_from_compose(title in trap(), values in proptest::collection::vec(trap(), 12..13)) {
        let blueprint = with_traps(&title, &values);
        let topology = topology(&blueprint, partitions(5, Environment::Prod));
        let folder = tempfile::tempdir().unwrap();
        write(&topology, topology.stack("front").unwrap(), folder.path());
        let read = config(folder.path());
        let app = &read["services"]["app-2"];
        for (i, value) in values.iter().enumerate() {
            prop_assert_eq!(&undollar(&app["environment"][format!("V{i}")]), value);
            prop_assert_eq!(&undollar(&app["command"][i + 1]), value);
            prop_assert_eq!(&undollar(&app["healthcheck"]["test"][i + 2]), value);
        }
        prop_assert_eq!(undollar(&app["labels"]["rapplan.title"]), title.clone());
        let around = title.replace('{', "(");
        prop_assert_eq!(undollar(&app["environment"]["DB_URL"]), format!("{around}10.0.0.12:5432{around}"));
    }

    #[test]
    fn variables_come_back_from_the_env_file(values in proptest::collection::vec(trap(), 12..13)) {
        let folder = tempfile::tempdir().unwrap();
        // Compose reads an empty required variable as one that is not set, and no variable of a process holds a NUL.
        let lines: String = values.iter().enumerate().map(|(i, v)| format!("V{i}={}\n", env::quoted(v))).collect();
        let echo: serde_json::Map<_, _> =
            (0..values.len()).map(|i| (format!("V{i}"), format!("${{V{i}}}").into())).collect();
        let file = serde_json::json!({ "name": "t", "services": { "a": { "image": "a:1", "environment": echo } } });
        std::fs::write(folder.path().join(compose::FILE), yaml::to_string(&file).unwrap()).unwrap();
        std::fs::write(folder.path().join(".env"), lines).unwrap();
        let read = config(folder.path());
        for (i, value) in values.iter().enumerate() {
            prop_assert_eq!(&undollar(&read["services"]["a"]["environment"][format!("V{i}")]), value);
        }
    }

    #[test]
    fn yaml_1_1_reads_the_same(values in proptest::collection::vec((trap(), trap()), 40..41)) {
        let map: serde_json::Map<_, _> = values.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
        let list: Vec<_> = values.iter().map(|(key, _)| key.clone()).collect();
        let value = serde_json::json!({ "map": map, "list": list, "deep": [[{ "a": map }]] });
        let script = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin.buffer), sys.stdout)";
        let read = support::pipe(Command::new(support::peer("python3")).args(["-c", script]), &yaml::to_string(&value).unwrap());
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&read).unwrap(), value);
    }
}

#[test]
fn only_a_gateway_is_open_to_the_world() {
    for (name, topology) in chatty() {
        for unit in topology.stacks.iter().flat_map(|stack| &stack.units) {
            let open = unit.published.iter().any(|port| port.on == Address::Any);
            assert_eq!(open, unit.service == "nginx", "{name}: {}", unit.name);
        }
    }
}
