//! The sizing calculator of Milvus and this program give the same answers.
//!
//! `tests/data/milvus_calculator.csv` holds what the calculator answered. It reckons in floating point and does not round;
//! this program reckons exactly and rounds up to a byte. So its answer is rounded to a hundredth of a byte, which takes
//! the last bits of floating point away (exact values are whole hundredths), and then up. Above 2^43 bytes (8 TiB, beyond
//! where the page gives an answer for most indexes) its rounding errors reach that hundredth; there the answers must be
//! the same but for the four last places of a double that a handful of roundings can cost.
#![allow(clippy::unwrap_used, clippy::panic)]

use rapplan::size::component::Resources;
use rapplan::size::vectors::cluster::{Collection, Role, distributed, raw_with_scalars, standalone};
use rapplan::size::vectors::{
    Index, IndexParams, NodeTable, Nodes, Queue, Refine, Release, Segment, journal, ledgers, need, node_table,
    standalone_machine,
};
use rapplan::units::{Bytes, Cores, Count};

const ANSWERS: &str = include_str!("data/milvus_calculator.csv");
const GIB: f64 = (1u64 << 30) as f64;

fn rows(kind: &str) -> Vec<Vec<&'static str>> {
    let rows = ANSWERS.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(',').collect::<Vec<_>>());
    rows.filter(|row| row[0] == kind).map(|row| row[1..].to_vec()).collect()
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse().ok().unwrap_or_else(|| panic!("{text} is no number"))
}

/// Whether an amount rounded up is the official one.
fn same(ours: Bytes, official: f64) -> bool {
    if official < (1u64 << 43) as f64 {
        ours.0 as f64 == ((official * 100.0).round() / 100.0).ceil()
    } else {
        (ours.0 as f64 - official).abs() <= 1.0 + 4.0 * f64::EPSILON * official
    }
}

fn parse(row: &[&str]) -> (Index, Count, u32, IndexParams) {
    let nlist = number(row[4]);
    let mut params = IndexParams {
        m: number(row[3]),
        nlist,
        max_degree: number(row[5]),
        inline_pq: number(row[6]),
        refine: match row[7] {
            "None" => Refine::None,
            "SQ6" => Refine::Sq6,
            "SQ8" => Refine::Sq8,
            "FP16" => Refine::Fp16,
            "BF16" => Refine::Bf16,
            "SQ32" => Refine::Fp32,
            other => panic!("{other}"),
        },
        raw_data: row[8] == "1",
        segment: match row[9] {
            "512" => Segment::Mib512,
            "1024" => Segment::Mib1024,
            _ => Segment::Mib2048,
        },
        ..IndexParams::default()
    };
    params.scalars.bytes = number(row[10]);
    params.scalars.offloaded = row[11] == "1";
    (row[0].parse().unwrap(), Count(number::<u64>(row[1]) * 1_000_000), number(row[2]), params)
}

#[test]
fn memory_and_disk_of_every_index() {
    let rows = rows("index");
    assert!(rows.len() > 3000);
    let mut exact = 0;
    for row in &rows {
        let (index, vectors, dims, params) = parse(row);
        let got = need(index, vectors, dims, &params);
        for (ours, text) in [(got.memory, row[12]), (got.disk, row[13])] {
            let official: f64 = number(text);
            assert!(same(ours, official), "{}: {} and {official}", row.join(","), ours.0);
            exact += usize::from(official < (1u64 << 43) as f64);
        }
    }
    assert!(exact * 100 > rows.len() * 2 * 85, "most of the grid is compared to the byte");
}

fn machine(text: &str) -> Nodes {
    let parts: Vec<f64> = text.split('/').map(number).collect();
    Nodes { count: parts[2] as u64, cores: Cores((parts[0] * 1000.0) as u64), memory: Bytes((parts[1] * GIB) as u64) }
}

#[test]
fn nodes_of_every_role() {
    let rows = rows("nodes");
    assert!(rows.len() > 100);
    for row in rows {
        let memory = Bytes(number(row[0]));
        let at = |column: usize| machine(row[column]);
        assert_eq!(standalone_machine(memory), at(1), "{memory}");
        let new = NodeTable {
            query: at(2),
            proxy: at(3),
            mix_coord: at(4),
            data: at(5),
            index: None,
            streaming: Some(at(6)),
        };
        assert_eq!(node_table(memory, 1, Release::V2_6), new, "{memory}");
        let old = NodeTable {
            query: at(7),
            proxy: at(8),
            mix_coord: at(9),
            data: at(10),
            index: Some(at(11)),
            streaming: None,
        };
        assert_eq!(node_table(memory, 1, Release::V2_5), old, "{memory}");
    }
}

/// What the calculator has: cores, memory and count as in `text`, and the disk after them, which is several for bookies.
fn assert_role(roles: &[Role], name: &str, text: &str, at: &str) {
    let role = roles.iter().find(|role| role.role == name).unwrap_or_else(|| panic!("{name} is missing"));
    let disk: f64 = text.split('/').skip(3).map(number::<f64>).sum();
    let want = machine(text);
    let each = Resources { disk: Bytes((disk * GIB) as u64), cpu: want.cores, memory: want.memory, ..role.each };
    assert_eq!((role.count, role.calculator.unwrap_or(role.each)), (want.count, each), "{name} at {at}");
}

#[test]
fn everything_that_milvus_depends_on() {
    let rows = rows("needs");
    assert!(rows.len() > 500);
    for row in rows {
        let mut params = IndexParams::default();
        params.scalars.bytes = number(row[3]);
        let collection = Collection {
            index: row[0].parse().unwrap(),
            vectors: Count(number::<u64>(row[1]) * 1_000_000),
            dims: number(row[2]),
            params,
            replicas: 1,
            release: Release::V2_6,
            queue: Queue::Pulsar,
        };
        let at = row.join(",");
        let one = standalone(&collection).roles;
        assert_role(&one, "etcd", row[4], &at);
        assert_role(&one, "minio", row[5], &at);
        let pulsar = distributed(&collection).roles;
        let kafka = distributed(&Collection { queue: Queue::Kafka, ..collection }).roles;
        let roles = ["etcd", "minio", "pulsar-bookie", "pulsar-broker", "pulsar-proxy", "pulsar-zookeeper"];
        for (name, text) in roles.into_iter().zip(&row[6..]) {
            assert_role(&pulsar, name, text, &at);
        }
        assert_role(&kafka, "kafka-broker", row[12], &at);
        assert_role(&kafka, "kafka-zookeeper", row[13], &at);
        // The two disks of a bookie apart.
        let disks: Vec<f64> = row[8].split('/').skip(3).map(number).collect();
        let raw = raw_with_scalars(&collection);
        assert_eq!((journal(raw).0 as f64, ledgers(raw).0 as f64), (disks[0] * GIB, disks[1] * GIB), "{at}");
        let woodpecker = distributed(&Collection { queue: Queue::Woodpecker, ..collection }).roles;
        assert_eq!(woodpecker.len() + 4, pulsar.len());
    }
}
