//! Monitoring: what Prometheus measures and watches, where Alertmanager sends alerts, what Grafana shows, and what to do.

mod alertmanager;
mod cases;
mod dashboard;
mod grafana;
mod measured;
mod panels;
mod promql;
mod rules;
mod runbooks;
mod scrape;
mod targets;
mod watch;
mod watch_server;
mod watch_service;

use serde::Serialize;

use crate::design::topology::Topology;
use crate::error::Result;
use crate::render::templates::Templates;
use crate::render::tree::Tree;
use crate::render::yaml;
use measured::Measured;

/// The files of the stack that has monitoring; none when the tier has no monitoring.
///
/// # Errors
/// `E0401` when alerts would go nowhere, `E0403` when a template cannot be filled in.
pub fn render(topology: &Topology, templates: &Templates) -> Result<Tree> {
    let mut tree = Tree::default();
    let Some(monitoring) = &topology.monitoring else { return Ok(tree) };
    let measured = Measured { topology, monitoring };
    let at = |path: &str| format!("{}/{path}", monitoring.stack);
    let watched = watch::all(&measured);

    tree.add(at("prometheus/prometheus.yml"), document(PROMETHEUS, &scrape::config(&measured))?);
    tree.add(at("prometheus/rules/rapplan.rules.yml"), document(RULES, &rules::file(&measured, &watched))?);
    tree.add(at("prometheus/tests/rapplan.test.yml"), document(TESTS, &cases::file(&watched))?);
    if let Some(script) = targets::script(&measured, templates)? {
        tree.add_script(at("prometheus/targets.sh"), script);
        tree.add(at("prometheus/targets/README.md"), targets::README);
    }
    if monitoring.alertmanager.is_some() {
        tree.add(at("alertmanager/alertmanager.yml"), document(ALERTMANAGER, &alertmanager::config(monitoring)?)?);
    }
    if let Some(url) = &monitoring.collector_url {
        let (sources, boards) = (grafana::datasources(monitoring, url), grafana::provider(&measured));
        tree.add(at("grafana/provisioning/datasources/prometheus.yml"), document(GRAFANA, &sources)?);
        tree.add(at("grafana/provisioning/dashboards/rapplan.yml"), document(GRAFANA, &boards)?);
        tree.add(at("grafana/dashboards/overview.json"), format!("{:#}\n", dashboard::overview(&measured)));
    }
    tree.add(at("RUNBOOKS.md"), runbooks::page(&measured, &watched, templates)?);
    Ok(tree)
}

const PROMETHEUS: &str = "What is measured, how often, and who is told. Check it: promtool check config prometheus.yml";
const RULES: &str = "The alerts. Check them: promtool check rules rapplan.rules.yml";
const TESTS: &str = "Makes each alert fire, and not fire. Run it in this folder: promtool test rules rapplan.test.yml";
const ALERTMANAGER: &str = "Where alerts go. Check it: amtool check-config alertmanager.yml";
const GRAFANA: &str = "Read by Grafana when it starts.";

fn document(about: &str, value: &impl Serialize) -> Result<String> {
    Ok(format!("# {about}\n{}", yaml::to_string(value)?))
}
