//! Settings of services that follow from their size, and the disk that their data takes.

use super::outlook::Outlook;
use super::plan::{ServerPlan, Setting, Warning};
use super::vectors::{MemoryCheck, Need, Segment, raw};
use super::{coordination, objects, sql, web};
use crate::blueprint::Blueprint;
use crate::blueprint::operations::StorageProtocol;
use crate::blueprint::service::{Kind, Service};
use crate::blueprint::tier::Input;
use crate::demand::Demand;
use crate::units::{Bytes, Cores, Count};

/// What the settings are made from.
struct Facts {
    raw: Bytes,
    partitions: Count,
    index: Option<Need>,
    instances: u32,
    database_cores: u32,
    max_connections: u32,
    database: Vec<Setting>,
}

/// Fills in settings and disks of every service, and says what must be known beside them.
pub(super) fn fill_in(
    blueprint: &Blueprint,
    servers: &mut [ServerPlan],
    demand: &Demand,
    vectors: Option<&MemoryCheck>,
) -> Vec<Warning> {
    let facts = facts(blueprint, servers, demand, vectors);
    let mut warnings = Vec::new();
    for service in servers.iter_mut().flat_map(|server| &mut server.services) {
        match service.kind {
            Kind::Sql => service.settings.clone_from(&facts.database),
            Kind::Coordination => {
                let etcd = coordination::coordinate(facts.raw, facts.partitions, Segment::default());
                service.settings = etcd.settings;
                warnings.extend(etcd.outgrown.then(|| outgrown(etcd.metadata)));
            }
            Kind::Objects => {
                service.disk = facts.index.as_ref().map(|index| objects::store(facts.raw, index, false).disk);
            }
            Kind::Vectors => service.disk = facts.index.as_ref().map(|index| index.disk).filter(|disk| disk.0 > 0),
            Kind::Web if facts.max_connections > 0 => {
                let plan = web::plan(&web::Api {
                    instances: facts.instances,
                    cores: service.cpu,
                    database_cores: facts.database_cores,
                    spindles: 1,
                    max_connections: facts.max_connections,
                });
                service.settings = plan.settings;
                warnings.extend(plan.note.map(|text| Warning {
                    id: "database-connections".to_owned(),
                    severe: !plan.accepted,
                    text: format!("{}: {text}", service.service),
                    hint: None,
                }));
            }
            _ => {}
        }
    }
    warnings
}

fn facts(blueprint: &Blueprint, servers: &[ServerPlan], demand: &Demand, vectors: Option<&MemoryCheck>) -> Facts {
    let planned = Outlook::planned(demand);
    let all = || servers.iter().flat_map(|server| server.services.iter().map(move |service| (server, service)));
    let instances =
        all().filter(|(_, service)| service.kind == Kind::Web).map(|(server, service)| server.count * service.replicas);
    let database = all().find_map(|(server, plan)| {
        let service = blueprint.services.get(&plan.service)?;
        (plan.kind == Kind::Sql).then(|| postgres(blueprint, service, server, plan.memory, plan.cpu)).flatten()
    });
    Facts {
        raw: raw(Count(planned.value(Input::Vectors)), demand.dimensions()),
        partitions: Count(planned.value(Input::Partitions)),
        index: vectors.and_then(|check| check.best.as_ref().or(check.asked.as_ref())).map(|row| row.need.clone()),
        instances: instances.sum(),
        database_cores: database.as_ref().map_or(0, |machine| machine.cpus),
        max_connections: database.as_ref().map_or(0, sql::max_connections),
        database: database.as_ref().map(sql::tune).unwrap_or_default(),
    }
}

/// The machine as PostgreSQL sees it; `None` for another database.
fn postgres(
    blueprint: &Blueprint,
    service: &Service,
    server: &ServerPlan,
    memory: Bytes,
    cpu: Cores,
) -> Option<sql::Server> {
    let image = service.image.as_ref().filter(|image| image.name.rsplit('/').next() == Some("postgres"))?;
    let version = image.tag.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    let networked = blueprint.storage.as_ref().is_some_and(|storage| {
        storage.protocol == StorageProtocol::Nfs
            && !server.storage_host
            && service
                .volumes
                .iter()
                .filter_map(|volume| storage.areas.get(volume.area.as_ref()?))
                .any(|area| !area.local)
    });
    Some(sql::Server {
        memory,
        cpus: u32::try_from(cpu.0 / 1000).unwrap_or(u32::MAX).max(1),
        storage: if networked { sql::Storage::San } else { sql::Storage::Ssd },
        workload: sql::Workload::Web,
        connections: None,
        data: sql::DataSize::AboutMemory,
        version,
    })
}

fn outgrown(metadata: Bytes) -> Warning {
    Warning {
        id: "metadata-outgrows-etcd".to_owned(),
        severe: true,
        text: format!(
            "the metadata of so many segments and partitions is some {}, more than etcd bears well",
            metadata.approx()
        ),
        hint: Some(
            "take larger segments or fewer partitions, or split the application into several deployments".to_owned(),
        ),
    }
}
