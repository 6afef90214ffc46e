//! A whole Milvus as the official calculator plans it: its own nodes, etcd, the object store, the queue.

use schemars::JsonSchema;
use serde::Serialize;

use super::amount::{product, to_bytes};
use super::node_table::{NodeTable, Release, node_table};
use super::queue::{Queue, servers};
use super::{Index, IndexParams, Need, Nodes, need, standalone_machine};
use crate::size::component::{Reckoning, Resources};
use crate::size::{coordination, objects};
use crate::units::{Bytes, Cores, Count};

/// What Milvus is to hold, and how it is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Collection {
    /// Index.
    pub index: Index,
    /// Vectors.
    pub vectors: Count,
    /// Dimensions of each.
    pub dims: u32,
    /// Parameters of the index.
    pub params: IndexParams,
    /// Copies in memory; 0 counts as 1. A standalone server has one.
    pub replicas: u32,
    /// Release.
    pub release: Release,
    /// Queue of the cluster.
    pub queue: Queue,
}

/// Instances of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Role {
    /// What it is: `query-node`, `etcd`, `minio`, `pulsar-bookie`.
    pub role: String,
    /// How many.
    pub count: u64,
    /// What each takes; the disk must last.
    pub each: Resources,
    /// Disk in the machine that each needs for an index that lives on NVMe, in bytes.
    #[serde(rename = "local_disk_bytes")]
    pub local_disk: Bytes,
    /// What the official calculator has for each, where this plan departs from it.
    pub calculator: Option<Resources>,
    /// How it was reckoned.
    pub why: Reckoning,
}

/// A whole Milvus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Deployment {
    /// What the index takes.
    pub index: Need,
    /// Every role, those of Milvus first.
    pub roles: Vec<Role>,
    /// The sum of all instances, held at the largest amounts there are.
    pub total: Resources,
}

impl Deployment {
    /// The role of a name.
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.role == name)
    }
}

/// Raw vectors with their scalar fields, in bytes (`rawDataSizeCalculator`); held at the largest amount there is.
pub fn raw_with_scalars(collection: &Collection) -> Bytes {
    let n = u128::from(collection.vectors.0);
    let row = product(&[4, collection.dims.into()]).saturating_add(collection.params.scalars.bytes.into());
    to_bytes(product(&[n, row])).0
}

/// Milvus Distributed with all that it depends on.
///
/// Source: `clusterNodesConfigCalculator` and `dependencyCalculator` of the official calculator; AISAQ carries its
/// doubtful figure on.
pub fn distributed(collection: &Collection) -> Deployment {
    let index = need(collection.index, collection.vectors, collection.dims, &collection.params);
    let table = node_table(index.memory, collection.replicas, collection.release);
    let mut roles = milvus_roles(collection, &index, &table);
    roles.extend(dependencies(collection, &index, true));
    roles.extend(queue_roles(collection));
    finish(index, roles)
}

/// Memory of all nodes of [`distributed`], without the words: what numbers of clusters are compared by.
pub(super) fn memory(collection: &Collection) -> u128 {
    let index = need(collection.index, collection.vectors, collection.dims, &collection.params);
    let table = node_table(index.memory, collection.replicas, collection.release);
    let raw = raw_with_scalars(collection);
    let members = coordination::members(raw, true);
    let store = objects::store(raw, &index, true);
    let own =
        [Some(table.query), Some(table.proxy), Some(table.mix_coord), Some(table.data), table.index, table.streaming];
    let of_queue = servers(queue(collection), raw).into_iter().map(|server| server.nodes);
    let nodes = own.into_iter().flatten().chain(of_queue).map(|nodes| (nodes.count, nodes.memory));
    let others = [(members.count.into(), members.memory), (store.count.into(), store.memory)];
    let each = nodes.chain(others).map(|(count, memory)| u128::from(count) * u128::from(memory.0));
    each.fold(0, u128::saturating_add)
}

/// Milvus Standalone with its etcd and object store.
///
/// Source: `standaloneNodeConfigCalculator` and `dependencyCalculator`. The calculator gives it no disk of its own
/// beyond that of the index.
pub fn standalone(collection: &Collection) -> Deployment {
    let index = need(collection.index, collection.vectors, collection.dims, &collection.params);
    let machine = standalone_machine(index.memory);
    let mut role = role(
        "standalone",
        machine,
        "8 or 16 GiB, above that the next multiple of 32 GiB; a core for each 4 GiB",
        vec![("index memory", index.memory.approx())],
        "milvus-io/milvus.io, sizingToolCommon.ts, standaloneNodeConfigCalculator",
    );
    place_disk(&mut role, collection, index.disk, 1);
    let mut roles = vec![role];
    roles.extend(dependencies(collection, &index, false));
    finish(index, roles)
}

fn finish(index: Need, roles: Vec<Role>) -> Deployment {
    let sum = |of: fn(&Resources) -> u64| {
        let each = roles.iter().map(|role| u128::from(role.count) * u128::from(of(&role.each)));
        to_bytes(each.fold(0, u128::saturating_add)).0.0
    };
    let total = Resources {
        cpu: Cores(sum(|each| each.cpu.0)),
        memory: Bytes(sum(|each| each.memory.0)),
        disk: Bytes(sum(|each| each.disk.0)),
        gpu_memory: Bytes(0),
    };
    Deployment { index, roles, total }
}

fn role(name: &str, nodes: Nodes, formula: &str, inputs: Vec<(&str, String)>, source: &str) -> Role {
    let value = format!("{} x {} cores and {}", nodes.count, nodes.cores, nodes.memory.approx());
    Role {
        role: name.to_owned(),
        count: nodes.count,
        each: Resources { cpu: nodes.cores, memory: nodes.memory, ..Resources::default() },
        local_disk: Bytes(0),
        calculator: None,
        why: Reckoning {
            figure: format!("milvus {name}"),
            value,
            formula: formula.to_owned(),
            inputs: inputs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            source: source.to_owned(),
        },
    }
}

/// Splits the disk of the index over the nodes of one copy: in the machine for an index that lives on NVMe, else any.
fn place_disk(role: &mut Role, collection: &Collection, disk: Bytes, nodes: u64) {
    let share = Bytes(disk.0.div_ceil(nodes.max(1)));
    if collection.index.maps() { role.each.disk = share } else { role.local_disk = share }
}

fn milvus_roles(collection: &Collection, index: &Need, table: &NodeTable) -> Vec<Role> {
    let source = match collection.release {
        Release::V2_5 => "milvus-io/milvus.io, sizingToolV250.ts, clusterNodesConfigCalculator",
        Release::V2_6 => "milvus-io/milvus.io, sizingTool.ts, clusterNodesConfigCalculator",
    };
    let replicas = collection.replicas.max(1);
    let inputs = || vec![("index memory", index.memory.approx()), ("replicas", replicas.to_string())];
    let row = |name: &str, nodes: Nodes, formula: &str| role(name, nodes, formula, inputs(), source);
    let mut query = row(
        "query-node",
        table.query,
        "replicas x ceil(index memory / node): nodes of 8 or 16 GiB below 96 GiB, 32 below 512, 64 below 2048, else 128",
    );
    place_disk(&mut query, collection, index.disk, table.query.count / u64::from(replicas));
    let by_memory = "by the memory of the index: the table of the calculator";
    let mut roles = vec![
        query,
        row("proxy", table.proxy, by_memory),
        row("mix-coordinator", table.mix_coord, by_memory),
        row("data-node", table.data, by_memory),
    ];
    roles.extend(table.index.map(|nodes| row("index-node", nodes, by_memory)));
    let formula = "2 cores for each 16 cores of the query nodes, in nodes of at most 8 cores and 32 GiB";
    roles.extend(table.streaming.map(|nodes| row("streaming-node", nodes, formula)));
    roles
}

fn dependencies(collection: &Collection, index: &Need, cluster: bool) -> [Role; 2] {
    const SOURCE: &str = "milvus-io/milvus.io, sizingTool.ts, dependencyCalculator";
    let raw = raw_with_scalars(collection);
    let members = coordination::members(raw, cluster);
    let nodes = Nodes { count: members.count.into(), cores: members.cores, memory: members.memory };
    let formula = "by the raw size: the table of the calculator";
    let mut etcd = role("etcd", nodes, formula, vec![("raw", raw.approx())], SOURCE);
    etcd.each.disk = members.disk;
    let store = objects::store(raw, index, cluster);
    let nodes = Nodes { count: store.count.into(), cores: store.cores, memory: store.memory };
    let mut minio = role("minio", nodes, &store.formula, vec![("raw", raw.approx())], SOURCE);
    minio.each.disk = store.disk;
    if store.calculator_disk != store.disk {
        minio.calculator = Some(Resources { disk: store.calculator_disk, ..minio.each });
        minio.why.source = format!("{SOURCE}; with the files of the index on local disk, which it forgets");
    }
    [etcd, minio]
}

/// The queue that the release has: 2.5 has no Woodpecker, and its calculator starts with Pulsar.
fn queue(collection: &Collection) -> Queue {
    match (collection.queue, collection.release) {
        (Queue::Woodpecker, Release::V2_5) => Queue::Pulsar,
        (queue, _) => queue,
    }
}

fn queue_roles(collection: &Collection) -> Vec<Role> {
    let raw = raw_with_scalars(collection);
    let roles = servers(queue(collection), raw).into_iter().map(|server| {
        let mut role = role(
            server.role,
            server.nodes,
            "by the raw size; ledgers and brokers max(20, raw) GiB, journal min(raw / 2, 50) GiB",
            vec![("raw", raw.approx())],
            "milvus-io/milvus.io, sizingTool.ts, dependencyCalculator",
        );
        role.each.disk = server.disk;
        role
    });
    roles.collect()
}

#[cfg(test)]
#[path = "cluster_tests.rs"]
mod tests;
