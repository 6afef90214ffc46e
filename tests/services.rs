//! Blueprints without a tier table: services, findings and machines, with the figures of S1, S2 and S5.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use rapplan::blueprint::Blueprint;
use rapplan::blueprint::builtin::BUILTIN;
use rapplan::blueprint::platform::Provider;
use rapplan::blueprint::service::Runtime;
use rapplan::blueprint::tier::Environment;
use rapplan::catalog::{Catalog, Purchase};
use rapplan::demand::{Ask, Given};
use rapplan::size::clouds::{CloudChoice, Which};
use rapplan::size::plan::Plan;
use rapplan::size::services::{Finding, ServiceSize, Topic};
use rapplan::size::{Request, size};
use rapplan::units::{Bytes, Cores, Count, Share};

fn blueprint(name: &str) -> Blueprint {
    toml::from_str(BUILTIN.iter().find(|(other, ..)| *other == name).unwrap().2).unwrap()
}

fn given<T>(value: T) -> Option<Given<T>> {
    Some(Given { value, origin: "a test".to_owned() })
}

fn users(ccu: u64, mix: &str) -> Ask {
    Ask { concurrent_users: given(Count(ccu)), mix: given(mix.to_owned()), ..Ask::default() }
}

fn plan_of(name: &str, ask: Ask, cloud: CloudChoice) -> Plan {
    size(&blueprint(name), &Request { ask, cloud, ..Request::default() }).unwrap_or_else(|error| panic!("{error}"))
}

fn dojangkok(ask: Ask) -> Plan {
    plan_of("dojangkok", ask, CloudChoice::default())
}

fn service<'a>(plan: &'a Plan, name: &str) -> &'a ServiceSize {
    plan.services.iter().find(|service| service.service == name).unwrap()
}

fn found(plan: &Plan, topic: Topic) -> Vec<&Finding> {
    plan.findings.iter().filter(|finding| finding.topic == topic).collect()
}

fn warned(plan: &Plan, id: &str) -> bool {
    plan.warnings.iter().any(|warning| warning.id == id)
}

/// 50 users on one backend (S5.T2 write heavy 50) are 9 backends for 450; MySQL is in the band of 300 and more.
#[test]
fn four_hundred_and_fifty_users_that_write() {
    let plan = dojangkok(users(450, "write-heavy"));
    assert_eq!((service(&plan, "backend").instances, service(&plan, "backend").each.cpu), (9, Cores::whole(2)));
    assert_eq!((service(&plan, "mysql").instances, service(&plan, "frontend").instances), (2, 2));
    // S5.T6 200-300 came before: m7g.large has 2 cores and 8 GiB, 512 MiB of them for the system.
    let mysql = service(&plan, "mysql");
    assert_eq!((mysql.machine.as_deref(), mysql.each.cpu), (Some("m7g.large"), Cores::whole(2)));
    assert_eq!(mysql.each.memory, Bytes::mib(7 * 1024 + 512));
    let capacity = found(&plan, Topic::Capacity);
    assert!(capacity[0].text.contains("50 concurrent users are borne"), "{}", capacity[0].text);
    let bottleneck = found(&plan, Topic::Bottleneck);
    assert!(bottleneck[0].text.contains("17.4%") && bottleneck[0].text.contains("confirmed"), "{}", bottleneck[0].text);
    assert!(bottleneck[1].text.contains("more of backend alone do not help"), "{}", bottleneck[1].text);
    assert_eq!(found(&plan, Topic::Playbook)[0].source, "S5.T6 300+");
    let rows: Vec<&str> = found(&plan, Topic::ScaleOut).iter().map(|finding| finding.source.as_str()).collect();
    assert_eq!(rows, ["S5.T5 frontend", "S5.T5 backend", "S5.T5 mysql"]);
    assert_eq!(found(&plan, Topic::Trigger)[0].source, "S5.T4 p95");
    assert!(warned(&plan, "machine-untested") && warned(&plan, "database-not-proven"));
}

/// Ruling S5.R3: a stricter objective lowers the capacity; below all that was measured it is said to be an assumption.
#[test]
fn a_stricter_objective_lowers_the_capacity() {
    let own = dojangkok(users(450, "write-heavy"));
    let strict = dojangkok(Ask { max_error_rate: given(Share::percent(1)), ..users(450, "write-heavy") });
    assert!(service(&strict, "backend").instances > service(&own, "backend").instances);
    // 50 users x 1 / 7.6 = 6; 450 / 6 = 75.
    assert_eq!(service(&strict, "backend").instances, 75);
    assert!(found(&strict, Topic::Capacity)[0].text.contains("an assumption"));
    // Reading was measured without errors, so that the objective changes nothing there.
    let reads = dojangkok(Ask { max_error_rate: given(Share::percent(1)), ..users(300, "read-heavy") });
    assert_eq!(service(&reads, "backend").instances, 2, "by S5.T5 backend: 300 / 200");
}

#[test]
fn monthly_users_become_concurrent_ones_step_by_step() {
    let plan = dojangkok(Ask::default());
    let steps = found(&plan, Topic::Users);
    assert_eq!(steps.len(), 4);
    assert!(steps[2].text.contains("09:00 to 21:00"), "{}", steps[2].text);
    // 50,000 x 20 % / 12 h x 2 x 10 min = 277.8.
    assert!(steps[3].text.starts_with("278 concurrent users"), "{}", steps[3].text);
    assert_eq!(found(&plan, Topic::Playbook)[0].source, "S5.T6 200-300");
}

#[test]
fn everything_impossible_is_named() {
    let plan = dojangkok(users(450, "write-heavy"));
    let text: String = plan.warnings.iter().map(|warning| warning.text.as_str()).collect::<Vec<_>>().join("\n");
    for word in [
        "g2-standard-4, which carries L4",
        "chromadb exists for arm64 and n2d-standard-2 is amd64",
        "LoRA adapters on GPTNeoXForCausalLM",
        "30 are to be answered",
        "450 connections to mysql, which has 2 cores",
    ] {
        assert!(text.contains(word), "{word}\n{text}");
    }
    // Asked for, they are planned with, and nothing is too small any more.
    let plan = dojangkok(Ask { model_requests: given(Count(30)), ..users(450, "write-heavy") });
    assert!(!warned(&plan, "kv-cache-too-small"), "{:#?}", plan.warnings);
    // 30 requests of polyglot-ko-5.8b take two copies on two T4 each.
    assert_eq!((service(&plan, "vllm").instances, service(&plan, "vllm").each.gpu_memory), (2, Bytes::gib(30)));
}

#[test]
fn each_service_goes_where_its_blueprint_puts_it() {
    let plan = dojangkok(users(450, "write-heavy"));
    let places: Vec<_> = plan.clouds.iter().map(|cloud| (cloud.provider, cloud.region.as_str())).collect();
    assert_eq!(places, [(Provider::Aws, "ap-northeast-2"), (Provider::Gcp, "asia-northeast3")]);
    for cloud in &plan.clouds {
        for host in &cloud.placement.hosts {
            assert_eq!(host.role.split('+').count(), 1, "roles are apart: {}", host.role);
        }
        assert!(cloud.lines.iter().all(|line| line.monthly_usd.is_none() || line.date.is_some()));
    }
    let named: Vec<_> = plan.clouds[0].named.iter().map(|named| (named.service.as_str(), named.kept)).collect();
    assert_eq!(named, [("frontend", true), ("backend", false), ("mysql", true), ("mongodb", true), ("redis", true)]);
    let sum: u64 = plan.clouds.iter().map(|cloud| cloud.monthly_usd.0).sum();
    assert_eq!(plan.cost.monthly_usd.min.0, sum);
    assert!(plan.clouds[0].missing.iter().any(|missing| missing.starts_with("load balancer")), "no price is not zero");
}

#[test]
fn development_is_one_copy_of_each_in_containers() {
    let mut ask = users(450, "write-heavy");
    ask.environment = given(Environment::Dev);
    let plan = dojangkok(ask);
    assert!(plan.services.iter().all(|service| service.instances == 1 && service.runtime == Runtime::Container));
    assert!(plan.clouds.iter().flat_map(|cloud| &cloud.placement.hosts).all(|host| host.zones == 1));
    let production = dojangkok(users(450, "write-heavy"));
    assert_eq!(service(&production, "mysql").runtime, Runtime::Host);
    assert_eq!(service(&production, "backend").runtime, Runtime::Container);
}

/// S1: a heap of 2 GiB is half of Elasticsearch's memory; Neo4j has heap 2 GiB and page cache 1 GiB beside its system.
#[test]
fn kag_follows_its_heaps() {
    let plan = plan_of("kag", Ask::default(), CloudChoice::default());
    assert_eq!(service(&plan, "elasticsearch").each.memory, Bytes::gib(4));
    let neo4j = service(&plan, "neo4j").each.memory;
    assert!(neo4j > Bytes::gib(4) && neo4j <= Bytes::gib(5), "{neo4j}");
    let dev = Ask { environment: given(Environment::Dev), ..Ask::default() };
    assert_eq!(service(&plan_of("kag", dev, CloudChoice::default()), "elasticsearch").each.memory, Bytes::gib(1));
    assert!(plan.services.iter().all(|service| !service.why.is_empty()));
}

#[test]
fn aperag_is_what_its_table_says_until_vectors_ask_for_more() {
    let plan = plan_of("aperag", Ask::default(), CloudChoice::default());
    let got: Vec<_> = plan.services.iter().map(|one| (one.instances, one.each.cpu.0, one.each.disk)).collect();
    let gib = Bytes::gib;
    let want = [(2, 500, gib(5)), (1, 500, gib(20)), (1, 500, gib(20)), (1, 2000, gib(20)), (1, 500, gib(5))];
    assert_eq!(got, want);
    let ask = Ask { vectors: given(Count(10_000_000)), dims: given(1024), ..Ask::default() };
    let more = plan_of("aperag", ask, CloudChoice::default());
    // Qdrant: 10 M x 1024 x 4 x 1.5 = 57.2 GiB at least.
    let qdrant = service(&more, "qdrant");
    assert!(qdrant.each.memory.0 * u64::from(qdrant.instances) >= 61_440_000_000, "{}", qdrant.each.memory);
}

#[test]
fn spot_leaves_databases_on_demand() {
    let choice =
        CloudChoice { provider: given(Which::One(Provider::Gcp)), purchase: Purchase::Spot, ..CloudChoice::default() };
    let plan = plan_of("aperag", Ask::default(), choice);
    let hosts = &plan.clouds[0].placement.hosts;
    assert!(!hosts.is_empty() && hosts.iter().all(|host| host.purchase == Purchase::OnDemand), "all keep data");
}

#[test]
fn too_few_servers_are_refused_with_the_least_number() {
    let choice = CloudChoice { max_servers: given(4), ..CloudChoice::default() };
    let request = Request { ask: users(450, "write-heavy"), cloud: choice, ..Request::default() };
    let error = size(&blueprint("dojangkok"), &request).unwrap_err().to_string();
    assert!(error.contains("machines are needed, and no more than 4 are allowed"), "{error}");
}

/// 1 TB of which half is in use: 500 GB are 3,726 chunks of 128 MiB, 4/3 of which are 621 GiB for MySQL (3/4 is its pool),
/// and twice that and 1 GiB for the cache of MongoDB, in steps of 512 MiB.
#[test]
fn data_sizes_the_databases() {
    let ask = Ask { data: given(Bytes(1_000_000_000_000)), ..users(50, "mixed") };
    let (plan, before) = (dojangkok(ask.clone()), dojangkok(users(50, "mixed")));
    let (mysql, mongodb) = (service(&plan, "mysql"), service(&plan, "mongodb"));
    assert_eq!(mysql.each.memory, Bytes::gib(621));
    assert!(mysql.each.disk >= Bytes(1_000_000_000_000) && service(&before, "mysql").each.disk == Bytes(0));
    assert!(mysql.why.iter().any(|why| why.figure == "innodb buffer pool" && why.source.contains("MySQL manual")));
    assert!(mysql.why.iter().any(|why| why.figure == "data in use" && why.source.contains("assumption")));
    assert_eq!(mongodb.each.memory, Bytes::mib(954_880));
    assert!(
        plan.clouds
            .iter()
            .all(|cloud| cloud.missing.iter().all(|missing| !missing.contains("disks of mysql: nothing says")))
    );
    let postgres = |ask| service(&plan_of("aperag", ask, CloudChoice::default()), "postgres").each.memory;
    // 3/4 of the memory are cache: 10 GB in use take 12.5 GiB.
    assert_eq!(postgres(Ask { data: given(Bytes(20_000_000_000)), ..Ask::default() }), Bytes::mib(12_800));
}

#[test]
fn an_input_that_decides_nothing_is_named() {
    let plan = plan_of("kag", Ask { partitions: given(Count(5)), ..Ask::default() }, CloudChoice::default());
    assert!(warned(&plan, "input-not-used"));
}

/// The services without their machines.
fn services(ask: &Ask) -> Vec<ServiceSize> {
    static DOJANGKOK: std::sync::LazyLock<Blueprint> = std::sync::LazyLock::new(|| blueprint("dojangkok"));
    let demand = rapplan::demand::derive(&DOJANGKOK, ask).unwrap();
    rapplan::size::services::size(&DOJANGKOK, &demand, None, Catalog::embedded()).unwrap().services
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn more_users_never_need_less(a in 1u64..1 << 40, b: u64, mix in 0usize..3, strict: bool) {
        let mix = ["mixed", "read-heavy", "write-heavy"][mix];
        let errors = strict.then(|| given(Share::percent(5))).flatten();
        let of = |ccu| services(&Ask { max_error_rate: errors.clone(), ..users(ccu, mix) });
        let b = b.max(1);
        for (less, more) in of(a.min(b)).iter().zip(&of(a.max(b))) {
            prop_assert!(less.instances <= more.instances, "{}", less.service);
            prop_assert!(less.each.cpu <= more.each.cpu && less.each.memory <= more.each.memory, "{}", less.service);
        }
    }
}

#[test]
fn the_largest_demand_does_not_overflow() {
    let sizes = services(&Ask { model_requests: given(Count(u64::MAX)), ..users(u64::MAX, "write-heavy") });
    assert_eq!(sizes.iter().find(|one| one.service == "backend").unwrap().instances, u32::MAX);
}

/// A cluster of the tier table becomes nodes by the physical model of the vectors.
#[test]
fn a_cluster_is_placed_node_by_node() {
    let choice = CloudChoice { provider: given(Which::One(Provider::Aws)), ..CloudChoice::default() };
    let ask = Ask { partitions: given(Count(501)), index: given("IVF_SQ8".to_owned()), ..Ask::default() };
    let plan = plan_of("chatty", ask, choice);
    let held = |role: &str| -> u32 {
        let hosts = plan.clouds[0].placement.hosts.iter();
        hosts.flat_map(|host| host.holds.iter().filter(|(lot, _)| lot == role).map(|(_, n)| n * host.count)).sum()
    };
    // 15.03 G x 384 dimensions take more than 6 TB under IVF_SQ8: 49 query nodes of 128 GB at least.
    assert!(held("query-node") >= 49, "{}", held("query-node"));
    assert!(plan.clouds[0].missing.iter().any(|missing| missing.contains("FastAPI")));
}
