//! A blueprint for people: what it is, its services, its tiers, how it is run.

use serde::Serialize;

use super::evidence_page::evidence;
use super::platform_page::platform;
use crate::blueprint::Blueprint;
use crate::blueprint::operations::{Backup, Storage};
use crate::blueprint::service::Service;
use crate::blueprint::tier::{Bounds, Tier};
use crate::cli::view::Page;

/// The whole page.
pub fn page(blueprint: &Blueprint) -> Page {
    let page = Page::new().heading(format!("{}: {}", blueprint.name, blueprint.title)).text(&blueprint.summary);
    let page = workload(page, blueprint);
    let page = page.section("Services", |page| services(page, blueprint));
    let page = page.section("Tiers", |page| tiers(page, blueprint));
    let page = operations(page, blueprint);
    evidence(platform(page, blueprint), blueprint)
}

fn workload(page: Page, blueprint: &Blueprint) -> Page {
    let workload = &blueprint.workload;
    page.section("Workload", |page| {
        let partition = workload.partition.as_ref().map(|partition| {
            format!(
                "{}: {} vectors of {} dimensions, {} on disk ({})",
                partition.means, partition.vectors, partition.dims, partition.data, partition.source
            )
        });
        let hours = workload.active_hours.as_ref().map(|hours| format!("{}:00 to {}:00", hours.from, hours.to));
        page.facts([
            ("partition", partition.unwrap_or_default()),
            ("monthly users", text(workload.monthly_users)),
            ("active hours", hours.unwrap_or_default()),
            ("reads", text(workload.read_share)),
        ])
    })
}

fn services(page: Page, blueprint: &Blueprint) -> Page {
    let image = |service: &Service| match (&service.image, &service.build) {
        (Some(image), _) => format!("{}:{}", image.name, image.tag),
        (None, Some(build)) => format!("built from {}", build.dockerfile),
        (None, None) => String::new(),
    };
    let rows = blueprint.services.iter().map(|(name, service)| {
        let ports = service.ports.iter().map(|port| format!("{} {}", port.port, word(&port.exposure)));
        [name.clone(), word(&service.kind), image(service), join(ports), service.depends_on.join(", ")]
    });
    page.table(["service", "kind", "image", "ports", "waits for"], rows)
}

fn tiers(page: Page, blueprint: &Blueprint) -> Page {
    if blueprint.tiers.is_empty() {
        return page.text("No tier table: rapplan cannot size this application yet.");
    }
    let rows = blueprint.tiers.iter().map(|tier| {
        let cost = range(tier.totals.cost.min, tier.totals.cost.max);
        let environments = join(tier.environments.iter().map(word));
        [&tier.name, &tier.id, &word(&tier.platform), &bounds(&tier.up_to), &environments, &cost].map(String::clone)
    });
    let page = page.table(["tier", "row", "platform", "bears up to", "for", "a month"], rows);
    let page = page.section("Server sets", |page| {
        page.table(["tier", "set", "row", "servers", "bears up to", "a month"], blueprint.tiers.iter().flat_map(sets))
    });
    let components = blueprint.tiers.iter().flat_map(|tier| {
        tier.components.iter().map(|(name, component)| {
            let replicas = range(component.min, component.max);
            [tier.name.clone(), name.clone(), replicas, component.title.clone()]
        })
    });
    page.section("Components", |page| page.table(["tier", "component", "replicas", "what"], components))
}

fn sets(tier: &Tier) -> Vec<[String; 6]> {
    let row = |set: &crate::blueprint::tier::ServerSet| {
        let servers = set.servers.iter().map(|server| {
            let shape: Vec<String> = [
                server.cpu.map(|cpu| format!("{cpu} cores")),
                server.memory.map(|memory| memory.to_string()),
                (!server.disks.is_empty()).then(|| join(server.disks.iter().map(|disk| disk.size))),
            ]
            .into_iter()
            .flatten()
            .collect();
            format!("{} {} ({})", range(server.count, server.count_max), server.name, shape.join(", "))
        });
        let cost = range(set.cost.min, set.cost.max);
        [tier.name.clone(), set.name.clone(), set.id.clone(), join(servers), bounds(&set.up_to), cost]
    };
    tier.sizes.iter().map(row).collect()
}

fn operations(page: Page, blueprint: &Blueprint) -> Page {
    let triggers = blueprint.triggers.iter().map(|trigger| {
        let on = trigger.service.clone().unwrap_or_else(|| "every service".to_owned());
        let limit = trigger.above.as_ref().map(|above| format!(" > {above}")).unwrap_or_default();
        let lasting = trigger.lasting.map(|span| format!(" for {span}")).unwrap_or_default();
        let when = format!("{}{limit}{lasting}", word(&trigger.measure));
        [trigger.alert.clone(), on, when, word(&trigger.severity), trigger.action.clone()]
    });
    let steps = blueprint.migration.iter().map(|step| [format!("{} to {}", step.from, step.to), step.when.clone()]);
    let page = match &blueprint.storage {
        Some(area) => page.section("Storage", |page| storage(page, area)),
        None => page,
    };
    let page = page.section("Triggers", |page| page.table(["alert", "on", "when", "severity", "do"], triggers));
    let page = match &blueprint.backup {
        Some(plan) => page.section("Backup", |page| backup(page, plan)),
        None => page,
    };
    let page = page.section("Monitoring", |page| match &blueprint.monitoring {
        Some(monitoring) => page.facts([
            ("collected by", monitoring.collector.clone()),
            ("every", monitoring.scrape_interval.to_string()),
            ("kept", monitoring.retention.to_string()),
            ("shown by", monitoring.dashboards.clone().unwrap_or_default()),
            ("alerts by", monitoring.alerts.clone().unwrap_or_default()),
        ]),
        None => page,
    });
    page.section("Migration", |page| page.table(["step", "when"], steps))
}

fn storage(page: Page, storage: &Storage) -> Page {
    let rows = storage.areas.iter().map(|(name, area)| [name.clone(), area.path.clone(), area.holds.clone()]);
    let from = format!("{} of {}", word(&storage.protocol), storage.export);
    page.facts([("mount", storage.mount.clone()), ("by", from)]).table(["area", "path", "holds"], rows)
}

fn backup(page: Page, backup: &Backup) -> Page {
    let kept = format!("{} daily, {} weekly, {} monthly", backup.keep_daily, backup.keep_weekly, backup.keep_monthly);
    let rows = backup.jobs.iter().map(|(service, job)| [service.clone(), word(&job.method)]);
    page.facts([("daily at", backup.at.clone()), ("to", backup.area.clone()), ("kept", kept)])
        .table(["service", "method"], rows)
}

fn bounds(bounds: &Bounds) -> String {
    let limits: Vec<String> = [
        bounds.partitions.map(|limit| format!("{limit} partitions")),
        bounds.vectors.map(|limit| format!("{limit} vectors")),
        bounds.data.map(|limit| limit.to_string()),
        bounds.rps.map(|limit| limit.to_string()),
        bounds.users.map(|limit| format!("{limit} users")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if limits.is_empty() { "no limit".to_owned() } else { limits.join(", ") }
}

/// `4`, `4-5`.
fn range<T: ToString + PartialEq>(min: T, max: Option<T>) -> String {
    match max {
        Some(max) if max != min => format!("{}-{}", min.to_string(), max.to_string()),
        _ => min.to_string(),
    }
}

/// The word that stands for a value in a blueprint file.
pub fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// A value that may be absent.
pub fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Values separated by commas.
pub fn join<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
