//! What Grafana reads when it starts.

use serde_json::{Value, json};

use super::measured::Measured;
use crate::design::topology::{MonitoringDesign, MountSource};

/// Name by which dashboards find the measurements.
pub(super) const SOURCE: &str = "prometheus";
/// Where dashboards are, unless a mount says otherwise.
const DASHBOARDS: &str = "/etc/grafana/dashboards";

pub(super) fn datasources(monitoring: &MonitoringDesign, url: &str) -> Value {
    json!({
        "apiVersion": 1,
        "prune": true,
        "datasources": [{
            "name": "Prometheus",
            "uid": SOURCE,
            "type": "prometheus",
            "access": "proxy",
            // Grafana reads `$NAME` in these files as a variable of its environment.
            "url": url.replace('$', "$$"),
            "isDefault": true,
            "editable": false,
            "jsonData": {
                "httpMethod": "POST",
                "timeInterval": monitoring.scrape_interval.to_string(),
                "prometheusType": "Prometheus",
            },
        }],
    })
}

pub(super) fn provider(measured: &Measured) -> Value {
    json!({
        "apiVersion": 1,
        "providers": [{
            "name": "rapplan",
            "type": "file",
            "folder": "",
            "allowUiUpdates": false,
            "disableDeletion": true,
            "updateIntervalSeconds": 60,
            "options": { "path": folder(measured).replace('$', "$$") },
        }],
    })
}

/// Where the folder of dashboards is mounted.
fn folder(measured: &Measured) -> String {
    let mounts = measured.units().flat_map(|unit| &unit.mounts);
    let path = mounts.filter_map(|mount| match &mount.from {
        MountSource::File(file) if file.trim_end_matches('/') == "grafana/dashboards" => Some(mount.at.clone()),
        _ => None,
    });
    path.last().unwrap_or_else(|| DASHBOARDS.to_owned())
}
