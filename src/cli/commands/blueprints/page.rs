//! A blueprint for people: what it is, its services, its tiers, how it is run.

use serde::Serialize;

use super::evidence_page::evidence;
use super::platform_page::platform;
use super::tier_page::tiers;
use crate::blueprint::Blueprint;
use crate::blueprint::operations::{Backup, Storage};
use crate::blueprint::service::Service;
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

/// A range: `4`, `4-5`.
pub fn range<T: ToString + PartialEq>(min: T, max: Option<T>) -> String {
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
