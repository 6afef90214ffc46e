//! The dashboard that shows a deployment at a glance; its red lines are the thresholds of the alerts.

use serde_json::{Value, json};

use super::measured::Measured;
use super::panels::{Panel, lay_out};
use super::promql::{any_of, select};
use crate::blueprint::operations::Measure;
use crate::blueprint::service::Kind;

/// Version of the format, of Grafana 12; newer versions read it as well.
const SCHEMA: u32 = 41;

pub(super) fn overview(measured: &Measured) -> Value {
    let rows = vec![
        ("Now", now(measured)),
        ("Requests", requests(measured)),
        ("Servers", servers(measured)),
        ("Vectors", vectors(measured)),
        ("Databases", databases(measured)),
    ];
    json!({
        "uid": "rapplan-overview",
        "title": format!("{}: overview", measured.topology.title),
        "description": format!("{}, tier {}. {}", measured.topology.deployment, measured.topology.tier, measured.topology.demand),
        "tags": ["rapplan", measured.topology.deployment],
        "schemaVersion": SCHEMA,
        "version": 1,
        "editable": true,
        "graphTooltip": 1,
        "timezone": "browser",
        "refresh": "30s",
        "time": { "from": "now-6h", "to": "now" },
        "templating": { "list": [] },
        "annotations": { "list": [] },
        "links": [],
        "panels": lay_out(rows),
    })
}

/// The lowest threshold of the alerts on a measure.
fn bad(measured: &Measured, measure: Measure) -> Option<f64> {
    let alerts = measured.monitoring.alerts.iter().filter(|alert| alert.measure == measure);
    alerts.filter_map(|alert| alert.threshold).min_by(f64::total_cmp)
}

fn now(measured: &Measured) -> Vec<Panel> {
    let mut panels = vec![
        Panel::figure("Alerts that fire", "none", "count(ALERTS{alertstate=\"firing\"}) or vector(0)".to_owned())
            .bad_above(Some(1.0)),
        Panel::figure("Not answering", "none", "count(up == 0) or vector(0)".to_owned()).bad_above(Some(1.0)),
    ];
    if let Some(web) = web(measured) {
        panels.push(Panel::figure(
            "Requests",
            "reqps",
            format!("sum(rate(http_requests_total{web}[$__rate_interval]))"),
        ));
    }
    if measured.topology.backup.is_some() && measured.exporter("node-exporter").is_some() {
        let age = "max(time() - rapplan_backup_last_success_timestamp_seconds)".to_owned();
        panels
            .push(Panel::figure("Age of the last good backup", "s", age).bad_above(bad(measured, Measure::BackupAge)));
    }
    if let Some(milvus) = milvus(measured) {
        let partitions = format!("sum(milvus_rootcoord_partition_num{milvus})");
        panels.push(Panel::figure("Partitions", "none", partitions).bad_above(bad(measured, Measure::Partitions)));
    }
    let firing = vec![("ALERTS{alertstate=\"firing\"}".to_owned(), "")];
    panels.push(Panel { kind: "table", width: 24, height: 6, ..Panel::lines("Alerts", "none", firing) });
    panels
}

fn web(measured: &Measured) -> Option<String> {
    let jobs = measured.jobs_of(Kind::Web, "", None);
    (!jobs.is_empty()).then(|| select(&[any_of("job", &jobs)]))
}

fn milvus(measured: &Measured) -> Option<String> {
    let jobs = measured.jobs_of(Kind::Vectors, "milvus", None);
    (!jobs.is_empty()).then(|| select(&[any_of("job", &jobs)]))
}

fn requests(measured: &Measured) -> Vec<Panel> {
    let Some(web) = web(measured) else { return Vec::new() };
    let failed = web.replace('}', ",status=~\"5..\"}");
    let p95 = format!(
        "histogram_quantile(0.95, sum by (instance, le) (rate(http_request_duration_highr_seconds_bucket{web}[$__rate_interval])))"
    );
    vec![
        Panel::lines(
            "Requests by instance",
            "reqps",
            vec![(format!("sum by (instance) (rate(http_requests_total{web}[$__rate_interval]))"), "{{instance}}")],
        ),
        Panel::lines(
            "Requests that fail",
            "percentunit",
            vec![(
                format!(
                    "sum(rate(http_requests_total{failed}[$__rate_interval])) / sum(rate(http_requests_total{web}[$__rate_interval]))"
                ),
                "answers 5xx",
            )],
        )
        .bad_above(bad(measured, Measure::Errors)),
        Panel::lines("95th percentile of response times by instance", "s", vec![(p95, "{{instance}}")])
            .bad_above(bad(measured, Measure::P95)),
    ]
}

fn servers(measured: &Measured) -> Vec<Panel> {
    if measured.exporter("node-exporter").is_none() {
        return Vec::new();
    }
    let by = "{{stack}} {{instance}}";
    let disk = "max by (stack, instance, device) (1 - node_filesystem_avail_bytes{fstype!~\"tmpfs|ramfs|overlay|squashfs|iso9660|erofs|vfat\"} / node_filesystem_size_bytes)";
    vec![
        Panel::lines(
            "Processor in use",
            "percentunit",
            vec![(
                "1 - avg by (stack, instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[$__rate_interval]))"
                    .to_owned(),
                by,
            )],
        )
        .bad_above(bad(measured, Measure::Cpu)),
        Panel::lines(
            "Memory in use",
            "percentunit",
            vec![("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes".to_owned(), by)],
        )
        .bad_above(bad(measured, Measure::Memory)),
        Panel::lines("Disk in use", "percentunit", vec![(disk.to_owned(), "{{stack}} {{device}}")])
            .bad_above(bad(measured, Measure::Disk)),
    ]
}

fn vectors(measured: &Measured) -> Vec<Panel> {
    let Some(milvus) = milvus(measured) else { return Vec::new() };
    let searches = milvus.replace('}', ",query_type=\"search\"}");
    let quantile = |q: &str| {
        format!(
            "histogram_quantile({q}, sum by (le) (rate(milvus_proxy_sq_latency_bucket{searches}[$__rate_interval])))"
        )
    };
    let entities = |status: &str| {
        format!("sum(milvus_rootcoord_entity_num{})", milvus.replace('}', &format!(",status=\"{status}\"}}")))
    };
    vec![
        Panel::lines(
            "Search latency",
            "ms",
            vec![
                (quantile("0.5"), "median"),
                (quantile("0.95"), "95th percentile"),
                (quantile("0.99"), "99th percentile"),
            ],
        ),
        Panel::lines("Vectors", "short", vec![(entities("total"), "stored"), (entities("loaded"), "loaded")]),
        Panel::lines(
            "Collections",
            "none",
            vec![
                (format!("sum(milvus_rootcoord_collection_num{milvus})"), "stored"),
                (format!("sum(milvus_querycoord_collection_num{milvus})"), "loaded"),
            ],
        ),
    ]
}

fn databases(measured: &Measured) -> Vec<Panel> {
    let mut panels = Vec::new();
    if measured.exporter("postgres-exporter").is_some() {
        panels.push(
            Panel::lines(
                "PostgreSQL connections in use",
                "percentunit",
                vec![(
                    "sum by (instance) (pg_stat_activity_count) / max by (instance) (pg_settings_max_connections)"
                        .to_owned(),
                    "{{instance}}",
                )],
            )
            .bad_above(bad(measured, Measure::Connections)),
        );
        let rate = |what: &str| format!("sum(rate(pg_stat_database_xact_{what}[$__rate_interval]))");
        let lines = vec![(rate("commit"), "committed"), (rate("rollback"), "rolled back")];
        panels.push(Panel::lines("PostgreSQL transactions", "ops", lines));
    }
    if !measured.jobs_of(Kind::Coordination, "etcd", None).is_empty() {
        let used = "etcd_mvcc_db_total_size_in_bytes / etcd_server_quota_backend_bytes".to_owned();
        let needed = "etcd_mvcc_db_total_size_in_use_in_bytes / etcd_server_quota_backend_bytes".to_owned();
        panels.push(
            Panel::lines("etcd quota", "percentunit", vec![(used, "on disk"), (needed, "after defragmentation")])
                .bad_above(bad(measured, Measure::Quota)),
        );
    }
    panels
}
