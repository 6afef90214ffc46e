//! What a container may do, and how long it may take to stop.

use super::topology::LogDesign;
use crate::blueprint::Blueprint;
use crate::blueprint::service::{Kind, Restart, Service};
use crate::units::{Bytes, Span};

/// Limit of processes and threads where the blueprint gives none (an assumption): several times what such programs start,
/// low enough to stop a runaway.
pub fn pids(service: &Service) -> u32 {
    service.security.pids.unwrap_or(match service.kind {
        Kind::Vectors | Kind::Search | Kind::Graph | Kind::Llm => 8192,
        Kind::Sql | Kind::Document | Kind::Objects => 2048,
        Kind::Web | Kind::Coordination | Kind::Monitoring => 512,
        Kind::Cache | Kind::Gateway | Kind::Admin => 256,
    })
}

/// Time to stop where the blueprint gives none (an assumption): stores write out what they hold, the others finish the
/// requests they have. Docker itself kills after 10 s.
pub fn stop_grace(service: &Service) -> Span {
    service.stop_grace.unwrap_or(match service.kind {
        Kind::Vectors | Kind::Search | Kind::Graph | Kind::Sql | Kind::Document => Span::seconds(120),
        Kind::Objects | Kind::Coordination | Kind::Cache | Kind::Llm => Span::seconds(60),
        Kind::Web | Kind::Gateway | Kind::Monitoring => Span::seconds(30),
        Kind::Admin => Span::seconds(10),
    })
}

/// When it is started again. Always, unless an operator stopped it: that also covers a server that restarts.
pub fn restart(service: &Service) -> &'static str {
    match service.scaling.as_ref().and_then(|scaling| scaling.restart) {
        Some(Restart::No) => "no",
        Some(Restart::OnFailure) => "on-failure",
        Some(Restart::Always) | None => "unless-stopped",
    }
}

/// How logs are kept; three files of 10 MB where the blueprint says nothing. Docker's own default has no bound.
pub fn log(blueprint: &Blueprint) -> LogDesign {
    match &blueprint.log_rotation {
        Some(said) => LogDesign { driver: said.driver.clone(), max_size: said.max_size, max_files: said.max_files },
        None => LogDesign { driver: "json-file".to_owned(), max_size: Bytes(10_000_000), max_files: 3 },
    }
}

/// Whether a service holds a session with another that it does not renew when the other is replaced: Milvus ends when
/// its lease in etcd does. Applications and gateways connect again by themselves, and restarting them drops requests.
pub fn restarts_with(service: &Service, other: &Service) -> bool {
    service.kind == Kind::Vectors && matches!(other.kind, Kind::Coordination | Kind::Objects)
}
