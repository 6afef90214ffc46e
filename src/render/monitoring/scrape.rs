//! The configuration of Prometheus.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::measured::Measured;
use crate::design::topology::ScrapeTarget;
use crate::units::Span;

/// Longest that one measurement may take, unless measurements are closer together.
const TIMEOUT: Span = Span::seconds(10);

pub(super) fn config(measured: &Measured) -> Value {
    let monitoring = measured.monitoring;
    let interval = monitoring.scrape_interval;
    let mut config = json!({
        "global": {
            "scrape_interval": interval.to_string(),
            "scrape_timeout": TIMEOUT.min(interval).to_string(),
            "evaluation_interval": interval.to_string(),
            "external_labels": { "deployment": measured.topology.deployment, "tier": measured.topology.tier },
        },
        "rule_files": ["rules/*.rules.yml"],
    });
    if let Some(address) = &monitoring.alertmanager {
        config["alerting"] = json!({ "alertmanagers": [{ "static_configs": [{ "targets": [address] }] }] });
    }
    config["scrape_configs"] = measured.jobs().into_iter().map(|job| scrape(measured, job)).collect();
    config
}

fn scrape(measured: &Measured, job: &str) -> Value {
    let targets: Vec<&ScrapeTarget> = measured.monitoring.targets.iter().filter(|target| target.job == job).collect();
    let mut config = json!({ "job_name": job });
    if let Some(path) = targets.first().map(|target| target.path.as_str()).filter(|path| *path != "/metrics") {
        config["metrics_path"] = json!(path);
    }
    let mut here: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut files: Vec<String> = Vec::new();
    for target in targets {
        match &target.file {
            // The configuration is in prometheus/, and paths in it start there.
            Some(file) => files.push(file.strip_prefix("prometheus/").unwrap_or(file).to_owned()),
            None => here.entry(&target.stack).or_default().extend(target.addresses.iter().map(String::as_str)),
        }
    }
    if !here.is_empty() {
        let group = |(stack, addresses)| json!({ "targets": addresses, "labels": { "stack": stack } });
        config["static_configs"] = here.into_iter().map(group).collect();
    }
    files.dedup();
    if !files.is_empty() {
        config["file_sd_configs"] = json!([{ "files": files }]);
    }
    config
}
