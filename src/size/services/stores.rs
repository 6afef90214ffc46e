//! Databases by the data that they are to keep.

use super::Facts;
use super::reckon::reckon;
use crate::blueprint::service::Service;
use crate::size::component::Need;
use crate::size::outlook::grown;
use crate::size::{document, mysql, sql};
use crate::units::{Bytes, Share};

/// The part of the data, with its indexes, that is in use. An assumption: no source measures it.
const IN_USE: Share = Share::percent(50);

/// Connections where nothing says them: `max_connections` of MySQL by default (MySQL manual, Server System Variables).
const CONNECTIONS: u32 = 151;

/// Major version of PostgreSQL where no tag tells it. An assumption; memory and disk are the same for all.
const POSTGRES: u32 = 17;

/// What MySQL or PostgreSQL needs for the data; `None` without data, or for what is neither.
pub(super) fn sql_of(facts: &Facts<'_>, service: &Service) -> Option<Need> {
    let data = planned(facts)?;
    let working_set = in_use(data);
    let tag = service.image.as_ref().map_or("", |image| image.tag.as_str());
    match program(service)? {
        "mysql" | "percona" => Some(assumed(mysql::need(&mysql::Load {
            data,
            working_set,
            cached: Share::percent(100),
            connections: CONNECTIONS,
            work: None,
            copies: 1,
            version: if tag.starts_with("8.0") { mysql::Version::V80 } else { mysql::Version::V84 },
        }))),
        "postgres" | "postgresql" => Some(assumed(sql::need(&sql::Load {
            data,
            working_set,
            cached: Share::percent(100),
            connections: None,
            work: None,
            workload: sql::Workload::Web,
            storage: sql::Storage::Ssd,
            version: major(tag).unwrap_or(POSTGRES),
            copies: 1,
        }))),
        _ => None,
    }
}

/// What MongoDB needs for the data; `None` without data, or for another program.
pub(super) fn document_of(facts: &Facts<'_>, service: &Service) -> Option<Need> {
    let data = planned(facts)?;
    matches!(program(service)?, "mongo" | "mongodb").then(|| {
        assumed(document::need(&document::Load {
            data,
            working_set: in_use(data),
            cached: Share::percent(100),
            connections: CONNECTIONS,
            work: None,
            members: 1,
        }))
    })
}

fn planned(facts: &Facts<'_>) -> Option<Bytes> {
    let data = facts.demand.data.as_ref()?;
    Some(Bytes(grown(data.value.0, facts.demand.planning_factor())))
}

fn in_use(data: Bytes) -> Bytes {
    let part = u128::from(data.0) * u128::from(IN_USE.0.min(1_000_000)) / 1_000_000;
    Bytes(u64::try_from(part).unwrap_or(u64::MAX))
}

/// What runs, by the last part of the name of its image, or of its chart: `mysql`, `postgresql` of `postgresql-cluster`.
fn program(service: &Service) -> Option<&str> {
    let image = service.image.as_ref().map(|image| image.name.as_str());
    let name = image.or_else(|| Some(service.chart.as_ref()?.name.trim_end_matches("-cluster")))?;
    name.rsplit('/').next()
}

fn major(tag: &str) -> Option<u32> {
    tag.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn assumed(mut need: Need) -> Need {
    let source = "an assumption: measure how much of the data and its indexes is read";
    need.why.push(reckon("data in use", IN_USE.to_string(), "as nothing measures it", &[], source));
    need
}
