//! What each server and each service on it gets.

use super::plan::{ServerPlan, ServicePlan};
use crate::blueprint::Blueprint;
use crate::blueprint::service::Kind;
use crate::blueprint::tier::{Server, ServerSet, Share};
use crate::units::{Bytes, Cores};

/// Least memory left to the operating system.
const SYSTEM_LEAST: Bytes = Bytes::gib(1);

/// Part of a server's memory left to the operating system, as one in so many; a judgement: 5 % covers the kernel, the
/// container engine and its page tables on servers of 32 to 512 GiB.
const SYSTEM_PART: u64 = 20;

/// Limits of memory are whole multiples of this, so that they read well.
const STEP: u64 = 256 << 20;

/// Cores of an instance where neither the blueprint nor the server says how many there are.
const CORES_UNKNOWN: Cores = Cores::whole(1);

/// Memory of an instance where nothing says how much there is.
const MEMORY_UNKNOWN: Bytes = Bytes::mib(512);

/// The servers of a set, with every figure filled in.
pub fn servers(blueprint: &Blueprint, set: &ServerSet) -> Vec<ServerPlan> {
    set.servers.iter().map(|server| server_plan(blueprint, set, server)).collect()
}

fn server_plan(blueprint: &Blueprint, set: &ServerSet, server: &Server) -> ServerPlan {
    let stated = stated_memory(server);
    let system = server.memory.map_or(SYSTEM_LEAST, |memory| {
        let rule = Bytes((memory.0 / SYSTEM_PART).max(SYSTEM_LEAST.0));
        let everything_stated = server.services.values().all(|share| share.memory.is_some());
        if everything_stated { Bytes(memory.0.saturating_sub(stated.0)) } else { rule }
    });
    let rest = server.memory.map(|memory| {
        let rest = memory.0.saturating_sub(system.0).saturating_sub(stated.0);
        Bytes(rest / STEP * STEP)
    });
    let crowding = crowding(server);
    let services = server
        .services
        .iter()
        .filter_map(|(name, share)| {
            let service = blueprint.services.get(name)?;
            let memory = share.memory.or(rest).unwrap_or(MEMORY_UNKNOWN);
            let cpu = share.cpu.or(server.cpu).unwrap_or(CORES_UNKNOWN);
            Some(ServicePlan {
                service: name.clone(),
                kind: service.kind,
                replicas: share.replicas.unwrap_or(1),
                cpu,
                cpu_reserved: Cores((cpu.0 as f64 * crowding / 10.0) as u64 * 10),
                memory,
                memory_reserved: reserved(service.kind, memory),
                disk: share.disk,
                ports: service.ports.iter().map(|port| port.port).collect(),
                settings: Vec::new(),
                because: because(share, set, server),
            })
        })
        .collect();
    ServerPlan {
        name: server.name.clone(),
        title: server.title.clone(),
        count: server.count,
        count_max: server.count_max,
        cpu: server.cpu,
        memory: server.memory,
        memory_max: server.memory_max,
        system_memory: system,
        disks: server.disks.clone(),
        network: server.network.clone(),
        storage_host: server.storage_host,
        services,
        because: set.id.clone(),
    }
}

/// Memory that the blueprint gives away by figures.
fn stated_memory(server: &Server) -> Bytes {
    let each =
        |share: &Share| share.memory.map_or(0, |memory| memory.0.saturating_mul(share.replicas.unwrap_or(1).into()));
    Bytes(server.services.values().map(each).fold(0, u64::saturating_add))
}

/// Limits of cores may exceed the cores there are, since services are seldom busy together; what is kept for each may
/// not, so limits are scaled by this to make the reservations.
fn crowding(server: &Server) -> f64 {
    let limits: u64 = server
        .services
        .values()
        .map(|share| share.cpu.or(server.cpu).unwrap_or(CORES_UNKNOWN).0 * u64::from(share.replicas.unwrap_or(1)))
        .sum();
    match server.cpu {
        Some(cores) => (cores.0 as f64 * 0.9 / limits.max(1) as f64).min(1.0),
        None => 0.25,
    }
}

/// Stores keep most of their memory at all times; what serves requests needs it only under load.
fn reserved(kind: Kind, memory: Bytes) -> Bytes {
    let share = match kind {
        Kind::Web | Kind::Gateway | Kind::Admin | Kind::Monitoring => 50,
        _ => 80,
    };
    // In whole MiB, of which every part of a limit has enough.
    Bytes(((memory.0 >> 20) * share / 100) << 20)
}

fn because(share: &Share, set: &ServerSet, server: &Server) -> String {
    match (share.memory, server.memory) {
        (Some(_), _) => format!("{} gives it to each instance", set.id),
        (None, Some(memory)) => format!("what is left of the {memory} of {}", set.id),
        (None, None) => "nothing says how much memory the server has".to_owned(),
    }
}
