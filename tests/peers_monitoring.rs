//! What is rendered for monitoring and the gateway passes the programs that will read it.
#![allow(clippy::disallowed_methods, clippy::panic, clippy::unwrap_used, reason = "tests write files and run programs")]

mod fixture;
mod support;

use std::path::Path;
use std::process::{Command, Output};

use rapplan::design::topology::Topology;
use rapplan::render::templates::Templates;
use rapplan::render::tree::Tree;
use rapplan::render::{gateway, monitoring};
use tempfile::TempDir;

fn rendered(topology: &Topology) -> Tree {
    let templates = Templates::embedded().unwrap();
    let mut tree = monitoring::render(topology, &templates).unwrap();
    tree.extend(gateway::render(topology, &templates).unwrap());
    tree
}

fn written(tree: &Tree) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, file) in &tree.files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.text).unwrap();
    }
    folder
}

/// Runs a program that must end well; its output is the message when it does not.
fn passes(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let Output { status, stdout, stderr } = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let text = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{program} {}:\n{text}", arguments.join(" "));
    text
}

const ENV: &str = "OTHER=1\nDATA_HOST=10.0.0.5\nAPI_HOSTS=\"10.0.0.6, fd00::7\"\n";

#[test]
fn promtool_takes_configuration_rules_and_tests() {
    let folder = written(&rendered(&fixture::topology()));
    let ops = folder.path().join("ops");
    std::fs::write(ops.join(".env"), ENV).unwrap();
    passes(&ops, "sh", &["prometheus/targets.sh"]);
    let text = passes(&ops, "promtool", &["check", "config", "prometheus/prometheus.yml"]);
    assert!(!text.contains("WARNING") && text.contains("17 rules found"), "{text}");
    passes(&ops.join("prometheus/tests"), "promtool", &["test", "rules", "rapplan.test.yml"]);
}

#[test]
fn every_rule_is_tested_and_the_tests_can_fail() {
    let tree = rendered(&fixture::topology());
    let tests = &tree.files["ops/prometheus/tests/rapplan.test.yml"].text;
    let rules = &tree.files["ops/prometheus/rules/rapplan.rules.yml"].text;
    for line in rules.lines().filter_map(|line| line.split_once("alert: ")) {
        for when in ["fires", "stays quiet"] {
            assert!(tests.contains(&format!("name: {} {when}", line.1)), "{} {when}", line.1);
        }
    }
    // Each condition turned about: whatever was to fire is quiet, and the other way round.
    let mut broken = tree.clone();
    let path = "ops/prometheus/rules/rapplan.rules.yml";
    let turned = rules.replace(" > ", " < ").replace("== 0", "== 1").replace("absent(", "vector(1) unless absent(");
    broken.add(path, turned);
    let folder = written(&broken);
    let output = Command::new("promtool")
        .args(["test", "rules", "rapplan.test.yml"])
        .current_dir(folder.path().join("ops/prometheus/tests"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success());
    for name in ["CpuHigh", "ApiSlow", "BackupTooOld", "ServiceDown", "TierBoundaryNear"] {
        assert!(said.contains(name), "{name}: {said}");
    }
}

#[test]
fn targets_are_made_from_env_and_again_the_same() {
    let folder = written(&rendered(&fixture::topology()));
    let ops = folder.path().join("ops");
    let script = ["prometheus/targets.sh"];
    let fails = |env: &str, why: &str| {
        std::fs::write(ops.join(".env"), env).unwrap();
        let output = Command::new("sh").args(script).current_dir(&ops).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(why), "{said}");
    };
    fails("", "DATA_HOST is not set in .env");
    fails("DATA_HOST=10.0.0.5\nAPI_HOSTS=10.0.0.6\n", "API_HOSTS in .env has 1 addresses, and there are 2 servers");
    fails("DATA_HOST=$(id)\n", "DATA_HOST in .env is not an address");

    std::fs::write(ops.join(".env"), ENV).unwrap();
    passes(&ops, "sh", &script);
    let text = std::fs::read_to_string(ops.join("prometheus/targets/api-api.yml")).unwrap();
    let expected: Vec<String> = ["10.0.0.6", "[fd00::7]"]
        .iter()
        .flat_map(|host| (8000..8004).map(move |port| format!("    - \"{host}:{port}\"\n")))
        .collect();
    assert_eq!(text, format!("- labels:\n    stack: \"api\"\n  targets:\n{}", expected.concat()));
    passes(&ops, "sh", &script);
    assert_eq!(std::fs::read_to_string(ops.join("prometheus/targets/api-api.yml")).unwrap(), text);
}

#[test]
fn shells_take_the_targets_script() {
    let folder = written(&rendered(&fixture::topology()));
    passes(folder.path(), "sh", &["-n", "ops/prometheus/targets.sh"]);
    let shellcheck = support::peer("shellcheck");
    passes(folder.path(), shellcheck.to_str().unwrap(), &["--severity=style", "ops/prometheus/targets.sh"]);
}

#[test]
fn amtool_takes_the_configuration_and_routes_by_severity() {
    let mut tree = rendered(&fixture::topology());
    let path = "ops/alertmanager/alertmanager.yml";
    let text = tree.files[path].text.clone();
    assert!(text.contains("url_file: /run/secrets/alert-webhook-url"));
    // Alertmanager reads `url_file` of webhooks from 0.26 on; the one of Debian 12 is older.
    tree.add(path, text.replace("url_file: /run/secrets/alert-webhook-url", "url: http://localhost/"));
    let folder = written(&tree);
    passes(folder.path(), "amtool", &["check-config", path]);
    let config = format!("--config.file={path}");
    let route = passes(folder.path(), "amtool", &["config", "routes", "test", &config, "severity=critical"]);
    assert_eq!(route.lines().next(), Some("operators"));
}

#[test]
fn receivers_that_cannot_be_reached_are_refused() {
    let templates = Templates::embedded().unwrap();
    let mut topology = fixture::topology();
    topology.monitoring.as_mut().unwrap().smtp = None;
    let error = monitoring::render(&topology, &templates).unwrap_err();
    assert_eq!(error.problems()[0].summary, "alerts cannot be sent to `on-call@example.org`");
}

#[test]
fn the_age_of_monitoring_is_that_of_prometheus() {
    let tree = rendered(&fixture::chatty("split", 120));
    let rules = parsed(&tree, "storage/prometheus/rules/rapplan.rules.yml");
    let rules = rules["groups"][0]["rules"].as_array().unwrap();
    let backup = rules.iter().find(|rule| rule["alert"] == "BackupTooOld").unwrap();
    assert!(backup["expr"].as_str().unwrap().contains("process_start_time_seconds{job=\"prometheus\"} > 93600"));
}

#[test]
fn nginx_takes_the_configuration_without_a_warning() {
    let folder = written(&rendered(&fixture::topology()));
    check_nginx(&folder, "api", &["api-1", "api-2", "api-3", "api-4"]);
}

/// Runs `nginx -t` with names and certificates that exist in this check alone.
fn check_nginx(folder: &TempDir, stack: &str, names: &[&str]) {
    let secrets = folder.path().join("secrets");
    std::fs::create_dir(&secrets).unwrap();
    let (key, certificate) = (secrets.join("tls-key"), secrets.join("tls-certificate"));
    passes(
        folder.path(),
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=test",
            "-days",
            "1",
            "-keyout",
            key.to_str().unwrap(),
            "-out",
            certificate.to_str().unwrap(),
        ],
    );
    std::fs::write(folder.path().join("hosts"), format!("127.0.0.1 localhost {}\n", names.join(" "))).unwrap();
    // Own mounts: the names are known, and the secrets are where Compose puts them, to this process only.
    let script = format!(
        "mount --bind hosts /etc/hosts && mount -t tmpfs none /run && mkdir /run/secrets && cp secrets/* /run/secrets/ && exec nginx -t -c \"$PWD/{stack}/nginx/nginx.conf\""
    );
    let text = passes(folder.path(), "unshare", &["--mount", "sh", "-c", &script]);
    assert!(text.contains("test is successful") && !text.contains("[warn]"), "{text}");
}

#[test]
fn awkward_values_pass_and_come_back() {
    let awkward = "a \"b\" 'c' {{ .x }} {{ range }} ${d} $(e) # f: g\nno `h` \\ %i [j](k) <l> |";
    let mut topology = fixture::topology();
    awkward.clone_into(&mut topology.title);
    awkward.clone_into(&mut topology.demand);
    topology.gateway.as_mut().unwrap().health_path = "/a\"b;${c}".to_owned();
    let monitoring = topology.monitoring.as_mut().unwrap();
    for alert in &mut monitoring.alerts {
        awkward.clone_into(&mut alert.means);
        awkward.clone_into(&mut alert.action);
        awkward.clone_into(&mut alert.threshold_text);
    }
    let tree = rendered(&topology);
    let folder = written(&tree);
    // The annotations that Prometheus makes are the texts themselves: the tests of the rules expect them as they are.
    passes(&folder.path().join("ops/prometheus/tests"), "promtool", &["test", "rules", "rapplan.test.yml"]);
    let tests: serde_json::Value = parsed(&tree, "ops/prometheus/tests/rapplan.test.yml");
    let expected = &tests["tests"][0]["alert_rule_test"][1]["exp_alerts"][0]["exp_annotations"];
    assert_eq!(expected["description"], awkward);
    check_nginx(&folder, "api", &["api-1", "api-2", "api-3", "api-4"]);
    let board: serde_json::Value =
        serde_json::from_str(&tree.files["ops/grafana/dashboards/overview.json"].text).unwrap();
    assert_eq!(board["title"], format!("{awkward}: overview"));
}

fn parsed(tree: &Tree, path: &str) -> serde_json::Value {
    yaml_serde::from_str(&tree.files[path].text).unwrap()
}

/// Chatty at each tier of servers.
fn chatty() -> [Topology; 3] {
    [fixture::chatty("single", 20), fixture::chatty("split", 80), fixture::chatty("split", 120)]
}

#[test]
fn every_tier_of_chatty_passes() {
    for topology in chatty() {
        let tree = rendered(&topology);
        let folder = written(&tree);
        let monitoring = topology.monitoring.as_ref().unwrap();
        let ops = folder.path().join(&monitoring.stack);
        if tree.files.contains_key(&format!("{}/prometheus/targets.sh", monitoring.stack)) {
            let stack = topology.stack(&monitoring.stack).unwrap();
            let env: Vec<String> =
                stack.variables.iter().map(|variable| format!("{}={}\n", variable.name, variable.example)).collect();
            std::fs::write(ops.join(".env"), env.concat()).unwrap();
            passes(&ops, "sh", &["prometheus/targets.sh"]);
        }
        let text = passes(&ops, "promtool", &["check", "config", "prometheus/prometheus.yml"]);
        assert!(!text.contains("WARNING"), "{text}");
        assert!(text.contains(&format!("{} rules found", monitoring.alerts.len())), "every trigger is watched: {text}");
        passes(&ops.join("prometheus/tests"), "promtool", &["test", "rules", "rapplan.test.yml"]);
        let gateway = topology.gateway.as_ref().unwrap();
        let names: Vec<&str> = gateway.upstreams.iter().filter_map(|at| Some(at.split_once(':')?.0)).collect();
        check_nginx(&folder, &gateway.stack, &names);
    }
}

#[test]
fn the_test_tier_has_neither() {
    assert_eq!(rendered(&fixture::chatty("test", 5)), Tree::default());
}

#[test]
fn dashboards_have_places_ids_and_sources_of_their_own() {
    for topology in [fixture::topology(), fixture::chatty("single", 20), fixture::chatty("split", 120)] {
        let tree = rendered(&topology);
        let stack = &topology.monitoring.as_ref().unwrap().stack;
        let board: serde_json::Value =
            serde_json::from_str(&tree.files[&format!("{stack}/grafana/dashboards/overview.json")].text).unwrap();
        let panels = board["panels"].as_array().unwrap();
        let mut taken = std::collections::BTreeSet::new();
        for panel in panels {
            let place = |key: &str| panel["gridPos"][key].as_u64().unwrap();
            assert!(place("x") + place("w") <= 24);
            for (x, y) in (place("x")..place("x") + place("w"))
                .flat_map(|x| (place("y")..place("y") + place("h")).map(move |y| (x, y)))
            {
                assert!(taken.insert((x, y)), "{} overlaps at {x}, {y}", panel["title"]);
            }
        }
        let ids: std::collections::BTreeSet<u64> = panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
        assert_eq!(ids.len(), panels.len());
        let provisioned = parsed(&tree, &format!("{stack}/grafana/provisioning/datasources/prometheus.yml"));
        let queries = panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten();
        for query in queries.clone() {
            assert_eq!(query["datasource"]["uid"], provisioned["datasources"][0]["uid"]);
        }
        // Each query is PromQL: as a rule, with Grafana's interval filled in.
        let rules: Vec<_> = queries
            .enumerate()
            .map(|(i, query)| {
                let expr = query["expr"].as_str().unwrap().replace("$__rate_interval", "5m");
                serde_json::json!({ "record": format!("panel:{i}"), "expr": expr })
            })
            .collect();
        assert!(rules.len() > 15, "{}", rules.len());
        let folder = tempfile::tempdir().unwrap();
        let file = serde_json::json!({ "groups": [{ "name": "panels", "rules": rules }] }).to_string();
        std::fs::write(folder.path().join("panels.yml"), file).unwrap();
        passes(folder.path(), "promtool", &["check", "rules", "panels.yml"]);
    }
}

#[test]
fn rendering_again_gives_the_same_bytes() {
    let topology = fixture::chatty("split", 120);
    assert_eq!(rendered(&topology), rendered(&topology));
}
