//! How a container is known to work.

use super::topology::HealthDesign;
use crate::blueprint::service::{Health, Kind, Service};
use crate::units::Span;

/// The longest wait between two checks while a container starts, so that what depends on it need not wait longer.
const START_INTERVAL: Span = Span::seconds(5);

/// The health check of a service; `None` when the blueprint says of none.
pub fn of(service: &Service) -> Option<HealthDesign> {
    let health = service.health.as_ref()?;
    let command = if health.command.is_empty() { probe(service, health)? } else { health.command.clone() };
    Some(HealthDesign {
        command,
        interval: health.interval,
        timeout: health.timeout,
        retries: health.retries,
        start_period: health.start_period.unwrap_or(start_period(service.kind)),
        start_interval: START_INTERVAL.min(health.interval),
    })
}

/// Time to start where the blueprint gives none (an assumption): databases may have a log to replay, models to load.
fn start_period(kind: Kind) -> Span {
    match kind {
        Kind::Llm => Span::seconds(600),
        Kind::Vectors | Kind::Search | Kind::Graph | Kind::Sql | Kind::Document => Span::seconds(90),
        Kind::Web | Kind::Objects | Kind::Coordination | Kind::Cache => Span::seconds(30),
        Kind::Gateway | Kind::Admin | Kind::Monitoring => Span::seconds(20),
    }
}

/// A command that asks for the path with a program that the image has: Python and Node.js images have no curl, and
/// those on Alpine or BusyBox have BusyBox's wget.
fn probe(service: &Service, health: &Health) -> Option<Vec<String>> {
    let path = health.http.as_ref()?;
    let port = health.port.or_else(|| service.ports.first().map(|port| port.port))?;
    // 127.0.0.1, since `localhost` may be ::1 where nothing listens.
    let url = format!("http://127.0.0.1:{port}{path}");
    let seconds = (health.timeout.0 / 1000).max(1);
    let base = service.build.as_ref().and_then(|build| build.base.as_ref());
    let image = base.or(service.image.as_ref());
    let image = image.map(|image| format!("{}:{}", image.name, image.tag)).unwrap_or_default();
    let has = |word: &str| image.contains(word);
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Some(if has("python") {
        let code = format!("import urllib.request as r; r.urlopen({}, timeout={seconds})", quoted(&url));
        words(&["python", "-c", &code])
    } else if has("alpine") || has("/prom/") || has("prometheuscommunity/") || has("grafana/grafana") {
        words(&["wget", "-q", "-T", &seconds.to_string(), "-O", "/dev/null", &url])
    } else if has("node") {
        let (url, wait) = (quoted(&url), seconds * 1000);
        let code = format!(
            "fetch({url},{{signal:AbortSignal.timeout({wait})}}).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"
        );
        words(&["node", "-e", &code])
    } else {
        words(&["curl", "-fsS", "-m", &seconds.to_string(), "-o", "/dev/null", &url])
    })
}

/// A text literal that is the same in JSON, Python and JavaScript.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
