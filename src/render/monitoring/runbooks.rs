//! A page for whoever is called by an alert: what it means, what to look at, what to do.

use serde::Serialize;

use super::measured::Measured;
use super::rules::{condition, severity};
use super::watch::Watched;
use crate::blueprint::operations::Measure;
use crate::design::topology::AlertDesign;
use crate::error::Result;
use crate::render::templates::Templates;

#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    deployment: &'a str,
    alerts: Vec<Alert<'a>>,
    blind: Vec<Blind<'a>>,
    web: bool,
}

#[derive(Serialize)]
struct Alert<'a> {
    name: &'a str,
    severity: &'static str,
    condition: String,
    means: &'a str,
    action: &'a str,
    place: String,
    look: Vec<Look>,
    expr: Vec<String>,
    now: &'a str,
}

/// Something to look at, and by which command.
#[derive(Serialize)]
struct Look {
    what: &'static str,
    command: String,
}

/// An alert that nothing measures.
#[derive(Serialize)]
struct Blind<'a> {
    name: &'a str,
    threshold: &'a str,
    means: &'a str,
    action: &'a str,
}

pub(super) fn page(measured: &Measured, watched: &[Watched], templates: &Templates) -> Result<String> {
    let mut page = Page {
        title: &measured.topology.title,
        deployment: &measured.topology.deployment,
        alerts: Vec::new(),
        blind: Vec::new(),
        web: watched.iter().any(|item| matches!(item.alert.measure, Measure::P95 | Measure::Errors)),
    };
    for item in watched {
        let alert = item.alert;
        let Some(watch) = &item.watch else {
            let (name, threshold) = (&alert.name, &alert.threshold_text);
            page.blind.push(Blind { name, threshold, means: &alert.means, action: &alert.action });
            continue;
        };
        page.alerts.push(Alert {
            name: &alert.name,
            severity: severity(alert.severity),
            condition: condition(alert, watch),
            means: &alert.means,
            action: &alert.action,
            place: place(measured, alert),
            look: look(alert),
            expr: watch.expr.lines().map(str::to_owned).collect(),
            now: &watch.now,
        });
    }
    templates.render("monitoring/RUNBOOKS.md.tera", &page)
}

/// On which servers to look.
fn place(measured: &Measured, alert: &AlertDesign) -> String {
    let stacks = alert.service.as_deref().map(|service| measured.stacks_of(service)).unwrap_or_default();
    if stacks.is_empty() {
        "the server that the alert names".to_owned()
    } else {
        format!("server {}", stacks.join(", "))
    }
}

fn look(alert: &AlertDesign) -> Vec<Look> {
    let service = alert.service.as_deref();
    // A name of a service is letters, digits and hyphens; without one the alert's label says which.
    let unit = service.unwrap_or("SERVICE");
    let pairs: Vec<(&'static str, String)> = match alert.measure {
        Measure::Down => vec![
            ("what runs, and whether it is healthy", "docker compose ps --all".into()),
            ("its last words", format!("docker compose logs --tail 100 {unit}")),
            ("whether the kernel killed it for memory", "journalctl -k --since -1h --grep 'out of memory|oom'".into()),
        ],
        Measure::Cpu => vec![
            ("which container takes the processors", "docker stats --no-stream".into()),
            ("which process does", "top -b -n 1 -o %CPU | head -n 20".into()),
        ],
        Measure::Memory => vec![
            ("which container takes the memory", "docker stats --no-stream".into()),
            ("what the system has left", "free -h".into()),
        ],
        Measure::Disk => vec![
            ("which file system is full", "df -h".into()),
            ("what images, volumes and logs of containers take", "docker system df".into()),
            ("which folders are large", "du -xh --max-depth 2 / 2>/dev/null | sort -h | tail -n 20".into()),
        ],
        Measure::Connections => vec![(
            "who holds connections, and in which state",
            format!(
                "docker compose exec {unit} sh -c 'psql -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\" -c \"select usename, client_addr, state, count(*) from pg_stat_activity group by 1, 2, 3 order by 4 desc\"'"
            ),
        )],
        Measure::P95 | Measure::Errors | Measure::Queue | Measure::ConcurrentUsers => vec![
            ("what it logs", format!("docker compose logs --since 15m {unit}")),
            ("whether it has room to work", "docker stats --no-stream".into()),
        ],
        Measure::BackupAge => vec![
            ("when the timer ran and will run", "systemctl list-timers '*backup*'".into()),
            ("what the backup said", "journalctl --since -2d --grep backup".into()),
            ("whether there is room for it", "df -h".into()),
        ],
        Measure::Partitions => vec![("the forecast for more", "rapplan size --partitions NUMBER".into())],
        Measure::Quota => vec![
            ("size, quota and alarms", format!("docker compose exec {unit} etcdctl endpoint status --write-out table")),
            ("whether it has stopped writes already", format!("docker compose exec {unit} etcdctl alarm list")),
        ],
    };
    pairs.into_iter().map(|(what, command)| Look { what, command }).collect()
}
