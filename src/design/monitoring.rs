//! What is measured, where, and which alerts follow.

use super::alerts;
use super::ports::Ports;
use super::scene::{Placed, Scene};
use super::topology::{MonitoringDesign, ScrapeTarget};
use crate::blueprint::service::Metrics;
use crate::error::Result;

/// Monitoring, when the plan runs a collector.
///
/// # Errors
/// The threshold of a trigger is not what its measure takes.
pub fn design(scene: &Scene<'_>, ports: &Ports) -> Result<Option<MonitoringDesign>> {
    let (Some(said), Some(collector)) = (&scene.blueprint.monitoring, scene.collector()) else { return Ok(None) };
    let here = |service: &Option<String>| {
        let placed = scene.nearest(collector.server, service.as_deref()?)?;
        (placed.server.name == collector.server.name).then_some(placed)
    };
    let address = |placed: &Placed<'_>| Some(format!("{}:{}", placed.name, placed.service.ports.first()?.port));
    let mut targets = Vec::new();
    for placed in scene.everything() {
        if let Some(metrics) = &placed.service.metrics {
            targets.extend(targets_of(ports, &collector, &placed, metrics));
        }
    }
    Ok(Some(MonitoringDesign {
        stack: collector.server.name.clone(),
        scrape_interval: said.scrape_interval,
        retention: said.retention,
        retention_size: said.retention_size,
        targets,
        alerts: alerts::all(scene)?,
        alertmanager: here(&said.alerts).and_then(|placed| address(&placed)),
        collector_url: here(&said.dashboards).and_then(|_| address(&collector)).map(|at| format!("http://{at}")),
        receivers: said.receivers.clone(),
        smtp: None,
    }))
}

/// Near the collector one target with the units' names; elsewhere one for each instance, since each has a port of its own
/// on the server, and the addresses of the servers are the operator's to give.
fn targets_of(ports: &Ports, collector: &Placed<'_>, placed: &Placed<'_>, metrics: &Metrics) -> Vec<ScrapeTarget> {
    let server = &placed.server.name;
    let target = |addresses: Vec<String>, file: Option<String>, port: u16| ScrapeTarget {
        job: placed.name.to_owned(),
        kind: placed.service.kind,
        path: metrics.path.clone().unwrap_or_else(|| "/metrics".to_owned()),
        addresses,
        file,
        stack: server.clone(),
        port,
    };
    let units = placed.unit_names();
    if *server == collector.server.name {
        let addresses = units.iter().map(|unit| format!("{unit}:{}", metrics.port)).collect();
        return vec![target(addresses, None, metrics.port)];
    }
    let file = || Some(format!("prometheus/targets/{server}-{}.yml", placed.name));
    let published = units.iter().filter_map(|unit| ports.host_port(server, unit, metrics.port));
    published.map(|port| target(Vec::new(), file(), port)).collect()
}
