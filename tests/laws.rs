//! Laws of whole plans: more load never needs less, and the same question gets the same bytes.
//!
//! What holds for each component by itself stands beside its model; what holds for uncertain inputs in `worlds.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::LazyLock;

use proptest::prelude::*;
use rapplan::blueprint::Blueprint;
use rapplan::blueprint::platform::Provider;
use rapplan::blueprint::tier::Environment;
use rapplan::catalog::Catalog;
use rapplan::demand::{Ask, Variable, derive_unexplained};
use rapplan::size::clouds::{CloudChoice, Which};
use rapplan::size::plan::Plan;
use rapplan::size::services::{Sizing, size as size_services};
use rapplan::size::vectors::Index;
use rapplan::size::vectors::cells::{CellParams, Cells, cells};
use rapplan::size::worlds::Tiers;
use rapplan::size::{Request, size};
use rapplan::units::Count;
use support::{builtin, given};

static CHATTY: LazyLock<Blueprint> = LazyLock::new(|| builtin("chatty"));
static DOJANGKOK: LazyLock<Blueprint> = LazyLock::new(|| builtin("dojangkok"));

/// Inputs of the tier table, each with a value somewhere about the table in its base unit.
const INPUTS: [(Variable, u64); 5] = [
    (Variable::Partitions, 1),
    (Variable::Vectors, 30_000_000),
    (Variable::Data, 50_000_000_000),
    (Variable::Rps, 4_000),
    (Variable::Users, 200),
];

fn ask(input: usize, amount: u64) -> Ask {
    let (variable, unit) = INPUTS[input];
    Ask::default().with(variable, amount * unit, "a test")
}

fn plan(blueprint: &Blueprint, ask: Ask, cloud: Option<Provider>) -> Plan {
    let provider = cloud.map(|cloud| given(Which::One(cloud)).unwrap());
    let cloud = CloudChoice { provider, ..CloudChoice::default() };
    size(blueprint, &Request { ask, cloud, ..Request::default() }).unwrap_or_else(|error| panic!("{error}"))
}

/// The place in the table and the memory of the servers of a plan.
fn table_place(ask: &Ask) -> (u32, u32) {
    let demand = derive_unexplained(&CHATTY, ask).unwrap();
    let key = Tiers::new(&CHATTY, &demand, None, None).best(&demand).0;
    (key.tier, key.set)
}

/// What a service takes in all: instances, cores, memory, disk, GPU memory.
fn totals(sizing: &Sizing) -> Vec<[u128; 5]> {
    let one = |service: &rapplan::size::services::ServiceSize| {
        let all = |amount: u64| u128::from(amount) * u128::from(service.instances);
        let each = service.each;
        [u128::from(service.instances), all(each.cpu.0), all(each.memory.0), all(each.disk.0), all(each.gpu_memory.0)]
    };
    sizing.services.iter().map(one).collect()
}

fn services(users: u64, mix: &str) -> Sizing {
    let ask = Ask { mix: given(mix.to_owned()), ..Ask::default() };
    let demand = derive_unexplained(&DOJANGKOK, &ask.with(Variable::ConcurrentUsers, users, "")).unwrap();
    size_services(&DOJANGKOK, &demand, None, Catalog::embedded()).unwrap()
}

fn mixes() -> Vec<String> {
    let mut mixes: Vec<String> = DOJANGKOK.load_tests.iter().map(|test| test.scenario.clone()).collect();
    mixes.dedup();
    mixes
}

fn any_cells() -> impl Strategy<Value = (u64, u64, u32)> {
    (1u64..20_000_000_000_000, 0u64..3_000_000, prop::sample::select(vec![96u32, 384, 768, 1536]))
}

fn of(vectors: u64, partitions: u64, dims: u32) -> Cells {
    cells(Count(vectors), Count(partitions), dims, Index::Hnsw, &CellParams::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Two inputs at once: the tier, and the server set within it.
    #[test]
    fn more_load_never_takes_a_smaller_row(a in 0usize..2, b in 3usize..5, low in 1u64..3_000, other in 1u64..3_000, up in 0u64..3_000, growth in 0u64..120_000) {
        let both = |x: u64, y: u64| {
            let ask = ask(a, x).with(INPUTS[b].0, y * INPUTS[b].1, "");
            table_place(&ask.with(Variable::Growth, growth, ""))
        };
        prop_assert!(both(low, other) <= both(low + up, other));
        prop_assert!(both(low, other) <= both(low, other + up));
    }

    /// Every tier bears the sum of what two smaller or equal loads take, so that no part needs a larger row than the whole.
    #[test]
    fn a_part_never_takes_a_larger_row_than_the_whole(input in 0usize..5, a in 1u64..3_000, b in 1u64..3_000) {
        let whole = table_place(&ask(input, a + b));
        prop_assert!(table_place(&ask(input, a)) <= whole && table_place(&ask(input, b)) <= whole);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Clusters of the vector database: memory of all of them, and the fewest that the limits allow. Where the first limit asks
    /// for a second cluster, two on a smaller step of Milvus's calculator may have less memory than the one on a larger step:
    /// there it is the memory of the index that never falls.
    #[test]
    fn more_load_never_takes_less_of_all_clusters(a in any_cells(), up in any_cells()) {
        let (less, more) = (of(a.0, a.1, a.2), of(a.0 + up.0, a.1 + up.1, a.2));
        let index = |cells: &Cells| u128::from(cells.each.deployment.index.memory.0) * u128::from(cells.count);
        let kept = match less.count == 1 && more.count > 1 {
            true => index(&less) <= index(&more),
            false => less.total.memory <= more.total.memory,
        };
        prop_assert!(less.least <= more.least && kept);
        prop_assert!(less.count > 0 && less.each.deployment.roles.iter().all(|role| role.count > 0));
    }

    /// The fewest clusters of two parts, together, are never fewer than those of the whole. The memory of all nodes does not
    /// keep this law: Milvus's calculator makes nodes of 8, 16, 32, 64 or 128 GiB, and equal clusters of the whole may fall
    /// on a worse step than two unequal parts do (the memory of the index itself keeps it, see the model).
    #[test]
    fn two_parts_never_take_fewer_clusters(a in any_cells(), b in any_cells()) {
        let whole = of(a.0 + b.0, a.1 + b.1, a.2);
        prop_assert!(of(a.0, a.1, a.2).least + of(b.0, b.1, a.2).least >= whole.least);
    }

    /// Every service, in instances and in every resource of all of them.
    #[test]
    fn more_users_never_take_less(mix in prop::sample::select(mixes()), users in 1u64..5_000, up in 0u64..5_000) {
        let (less, more) = (totals(&services(users, &mix)), totals(&services(users + up, &mix)));
        for (less, more) in less.iter().zip(&more) {
            prop_assert!(less.iter().zip(more).all(|(less, more)| less <= more), "{less:?} {more:?}");
        }
    }

    /// In instances of every service without a playbook. S5.T6 gives MySQL a larger machine from 200 users on, and one such
    /// machine is more than two of what it has below: the source itself breaks the law there.
    #[test]
    fn two_parts_never_take_fewer_instances(mix in prop::sample::select(mixes()), a in 1u64..5_000, b in 1u64..5_000) {
        let (first, second, whole) = (services(a, &mix), services(b, &mix), services(a + b, &mix));
        for ((first, second), whole) in first.services.iter().zip(&second.services).zip(&whole.services) {
            let playbook = DOJANGKOK.playbooks.iter().any(|band| band.service == whole.service);
            prop_assert!(playbook || first.instances + second.instances >= whole.instances, "{}", whole.service);
        }
    }
}

/// Every number of users up to 600, where rows, bands and load tests of the source lie.
#[test]
fn more_users_never_cost_less_in_the_same_cloud() {
    for mix in mixes() {
        let mut last: Option<(Vec<[u128; 5]>, u64)> = None;
        for users in 1..=600 {
            let key = totals(&services(users, &mix));
            if last.as_ref().is_some_and(|(known, _)| *known == key) {
                continue;
            }
            let ask =
                Ask { mix: given(mix.clone()), ..Ask::default() }.with(Variable::ConcurrentUsers, users, "a test");
            let cost = plan(&DOJANGKOK, ask, Some(Provider::Aws)).cost.monthly_usd.min.0;
            assert!(last.as_ref().is_none_or(|(_, before)| *before <= cost), "{mix} {users}: {last:?} {cost}");
            last = Some((key, cost));
        }
    }
}

/// More requests to the model may take another GPU with less memory or fewer copies, as S5 has the cheapest one taken: what
/// they cost never falls.
#[test]
fn more_requests_to_the_model_never_cost_less() {
    let cost = |requests: u64| {
        let ask = Ask::default().with(Variable::ModelRequests, requests, "a test");
        plan(&DOJANGKOK, ask, Some(Provider::Gcp)).cost.monthly_usd.min.0
    };
    let costs: Vec<u64> = [1, 2, 4, 8, 16, 32, 64, 128].into_iter().map(cost).collect();
    assert!(costs.is_sorted(), "{costs:?}");
}

/// From a thousand to a million partitions of ten million vectors: clusters, nodes and cost.
#[test]
fn a_million_partitions_are_no_less_than_a_thousand() {
    let of = |partitions: u64| {
        let ask = Ask::default().with(Variable::Partitions, partitions, "").with(
            Variable::VectorsPerPartition,
            10_000_000,
            "",
        );
        let plan = plan(&CHATTY, ask, Some(Provider::Aws));
        let cells = plan.cells.unwrap();
        let machines: u64 = plan.clouds[0].placement.hosts.iter().map(|host| u64::from(host.count)).sum();
        (cells.count, cells.total.memory, machines, plan.clouds[0].monthly_usd)
    };
    let sizes: Vec<_> = (3..=6).map(|power| of(10u64.pow(power))).collect();
    assert!(sizes.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1), "{sizes:?}");
    assert!(sizes.windows(2).all(|pair| pair[0].2 < pair[1].2 && pair[0].3 < pair[1].3), "{sizes:?}");
}

/// Every demand that can be counted gets an answer or an error, never a panic.
#[test]
fn the_largest_demand_does_not_overflow() {
    for variable in Variable::ALL {
        for amount in [1, 1 << 40, u64::MAX / 2, u64::MAX] {
            for blueprint in [&*CHATTY, &*DOJANGKOK] {
                let ask = Ask::default().with(variable, amount, "a test");
                let provider = given(Which::One(Provider::Aws));
                let cloud = CloudChoice { provider, ..CloudChoice::default() };
                let _ = size(blueprint, &Request { ask, cloud, ..Request::default() });
            }
        }
    }
}

/// The bytes that programs get, on one thread and on five.
fn bytes(ask: &Ask) -> [String; 2] {
    static POOLS: LazyLock<[rayon::ThreadPool; 2]> =
        LazyLock::new(|| [1, 5].map(|n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap()));
    let json = || serde_json::to_string(&plan(&CHATTY, ask.clone(), None)).unwrap();
    [POOLS[0].install(json), POOLS[1].install(json)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Certain or not, with growth or without.
    #[test]
    fn the_same_seed_gives_the_same_bytes(input in 0usize..5, amount in 1u64..2_000, width in 1u64..9, growth in 0u64..90_000, dev: bool, seed: u32) {
        let (variable, unit) = INPUTS[input];
        let (low, high) = (amount * unit, amount * width * unit);
        let range = rapplan::demand::Range { low, high, confidence: rapplan::units::Share::percent(90) };
        let middle = variable.middle(&range);
        let ranges = match width {
            1 => Vec::new(),
            _ => vec![rapplan::demand::Ranged { variable, range, origin: "a test".to_owned() }],
        };
        let environment = dev.then(|| given(Environment::Dev).unwrap());
        let worlds = rapplan::demand::Worlds { count: 16, seed };
        let ask = Ask { ranges, worlds, environment, ..Ask::default() }.with(variable, middle, "a test");
        let [one, five] = bytes(&ask.with(Variable::Growth, growth, "a test"));
        prop_assert_eq!(one, five);
    }
}
