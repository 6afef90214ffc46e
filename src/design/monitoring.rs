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
            targets.push(target(ports, &collector, &placed, metrics));
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
        // No blueprint says yet by which server mail is sent.
        smtp: None,
    }))
}

fn target(ports: &Ports, collector: &Placed<'_>, placed: &Placed<'_>, metrics: &Metrics) -> ScrapeTarget {
    let server = &placed.server.name;
    let near = *server == collector.server.name;
    let units = placed.unit_names();
    let published = |unit: &String| ports.host_port(server, unit, metrics.port).unwrap_or(metrics.port);
    let addresses = if near {
        units.iter().map(|unit| format!("{unit}:{}", metrics.port)).collect()
    } else {
        let names = server_names(server, placed.server.count);
        names.iter().flat_map(|name| units.iter().map(move |unit| format!("{name}:{}", published(unit)))).collect()
    };
    ScrapeTarget {
        job: placed.name.to_owned(),
        kind: placed.service.kind,
        path: metrics.path.clone().unwrap_or_else(|| "/metrics".to_owned()),
        addresses,
        file: (!near).then(|| format!("prometheus/targets/{server}-{}.yml", placed.name)),
        stack: server.clone(),
        port: if near { metrics.port } else { units.first().map_or(metrics.port, published) },
    }
}

fn server_names(server: &str, count: u32) -> Vec<String> {
    match count {
        0 | 1 => vec![server.to_owned()],
        n => (1..=n).map(|i| format!("{server}-{i}")).collect(),
    }
}
