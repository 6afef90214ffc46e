//! Impossible input is named in whole plans, and only where it matters.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rapplan::blueprint::Blueprint;
use rapplan::blueprint::builtin::BUILTIN;
use rapplan::blueprint::platform::Provider;
use rapplan::demand::{Ask, Given};
use rapplan::size::clouds::{CloudChoice, Which};
use rapplan::size::plan::Plan;
use rapplan::size::{Request, size};
use rapplan::units::Count;

fn text(name: &str) -> &'static str {
    BUILTIN.iter().find(|(other, ..)| *other == name).unwrap().2
}

fn given<T>(value: T) -> Option<Given<T>> {
    Some(Given { value, origin: "a test".to_owned() })
}

fn plan(blueprint: &str, ask: Ask, cloud: CloudChoice) -> Plan {
    let blueprint: Blueprint = toml::from_str(blueprint).unwrap();
    size(&blueprint, &Request { ask, cloud, ..Request::default() }).unwrap_or_else(|error| panic!("{error}"))
}

fn partitions(n: u64) -> Ask {
    Ask { partitions: given(Count(n)), ..Ask::default() }
}

fn on(which: Which, region: Option<&str>) -> CloudChoice {
    CloudChoice {
        provider: given(which),
        region: region.and_then(|region| given(region.to_owned())),
        ..CloudChoice::default()
    }
}

fn said(plan: &Plan) -> String {
    plan.warnings.iter().map(|warning| format!("{}: {}\n", warning.id, warning.text)).collect()
}

#[test]
fn etcd_on_nfs_is_named_once_in_a_tier_plan() {
    let chatty = plan(text("chatty"), partitions(120), CloudChoice::default());
    let etcd: Vec<_> = chatty.warnings.iter().filter(|warning| warning.text.contains("etcd")).collect();
    assert_eq!(etcd.len(), 1, "{}", said(&chatty));
    assert!(etcd[0].id == "etcd-on-nfs" && etcd[0].severe);
    // Where everything is on one server nothing comes over the network.
    let dev = Ask { environment: given(rapplan::blueprint::tier::Environment::Dev), ..partitions(5) };
    assert!(!said(&plan(text("chatty"), dev, CloudChoice::default())).contains("etcd-on-nfs"));
    // The way out that the hint names.
    let local = text("chatty").replace("[storage.areas.etcd]\n", "[storage.areas.etcd]\nlocal = true\n");
    let local = plan(&local, partitions(120), CloudChoice::default());
    assert!(!said(&local).contains("etcd"), "{}", said(&local));
}

#[test]
fn other_stores_are_not_told_what_holds_for_milvus() {
    let milvus = plan(text("chatty"), partitions(120), CloudChoice::default());
    assert!(milvus.vectors.is_some() && said(&milvus).contains("beyond-milvus-standalone"));
    for (image, engine) in [("qdrant/qdrant", "Qdrant"), ("chromadb/chroma", "Chroma")] {
        let other = text("chatty").replace("milvusdb/milvus", image);
        assert_ne!(other, text("chatty"));
        let other = plan(&other, Ask { index: given("DISKANN".to_owned()), ..partitions(120) }, CloudChoice::default());
        let said = said(&other);
        assert!(other.vectors.is_none() && other.cells.is_none(), "{said}");
        assert!(!said.contains("beyond-milvus") && !said.contains("vectors-need-a-smaller-index"), "{said}");
        assert!(said.contains("vectors-do-not-fit") && said.contains(&format!("and {engine} takes")), "{said}");
        assert!(said.contains(&format!("the vectors are in {engine}, not in Milvus")), "{said}");
        assert!(other.clouds.is_empty());
        assert!(other.why.iter().any(|reckoning| reckoning.figure.starts_with("milvus: ")), "{:#?}", other.why);
    }
}

#[test]
fn machines_of_another_cloud_are_no_matter_of_the_one_that_was_chosen() {
    let ask = || Ask { concurrent_users: given(Count(450)), mix: given("write-heavy".to_owned()), ..Ask::default() };
    let own = said(&plan(text("dojangkok"), ask(), CloudChoice::default()));
    let hints: Vec<String> = plan(text("dojangkok"), ask(), CloudChoice::default())
        .warnings
        .into_iter()
        .filter_map(|warning| warning.hint)
        .collect();
    assert!(hints.iter().any(|hint| hint.starts_with("4 T4 or 2 L4 would hold them")), "{hints:#?}");
    assert!(own.contains("n2d-standard-2") && own.contains("g2-standard-4") && own.contains("on one T4"), "{own}");
    let aws = said(&plan(text("dojangkok"), ask(), on(Which::One(Provider::Aws), None)));
    assert!(!aws.contains("n2d") && !aws.contains("g2-standard-4") && !aws.contains("t2a"), "{aws}");
    assert!(aws.contains("vllm on one T4") && aws.contains("LoRA"), "{aws}");
    // There the L4 of g2-standard-4 is taken.
    let us = said(&plan(text("dojangkok"), ask(), on(Which::One(Provider::Gcp), Some("us-central1"))));
    assert!(
        us.contains("vllm on g2-standard-4 with 1 L4") && !us.contains("on one T4") && us.contains("n2d-standard-2"),
        "{us}"
    );
    // One warning of the pool is enough, of the database that is planned.
    assert_eq!(own.matches("pool-larger-than-the-database-uses").count(), 1, "{own}");
}

#[test]
fn machines_cost_what_their_lines_say() {
    let plans = [
        plan(text("dojangkok"), Ask { concurrent_users: given(Count(450)), ..Ask::default() }, CloudChoice::default()),
        plan(text("chatty"), partitions(120), on(Which::Cheapest, None)),
        plan(text("chatty"), partitions(1_000_000), on(Which::One(Provider::Aws), None)),
    ];
    for cloud in plans.iter().flat_map(|plan| &plan.clouds) {
        for (host, line) in cloud.placement.hosts.iter().zip(&cloud.lines) {
            assert_eq!(Some(host.monthly_usd), line.monthly_usd, "{line:?}");
        }
        let sum: u64 = cloud.placement.hosts.iter().map(|host| host.monthly_usd.0).sum();
        assert_eq!(sum, cloud.placement.monthly_usd.0);
        assert!(cloud.placement.runners_up.iter().all(|other| other.monthly_usd >= cloud.placement.monthly_usd));
    }
}

#[test]
fn a_cluster_without_sizes_has_no_cost() {
    let other = text("chatty").replace("milvusdb/milvus", "qdrant/qdrant");
    let other = plan(&other, partitions(1_200), on(Which::One(Provider::Aws), None));
    assert!(other.clouds.is_empty() && said(&other).contains("no-machines-planned"), "{}", said(&other));
    let milvus = plan(text("chatty"), partitions(1_200), on(Which::One(Provider::Aws), None));
    assert!(!milvus.clouds.is_empty() && !said(&milvus).contains("no-machines-planned"));
    assert_eq!(other.next, ["rapplan size --partitions 1200 --why"]);
}

#[test]
fn flags_that_a_tier_table_does_not_read_are_named() {
    let ask = Ask {
        concurrent_users: given(Count(5)),
        mix: given("write-heavy".to_owned()),
        monthly_users: given(Count(50_000)),
        ..partitions(120)
    };
    let choice = CloudChoice { max_servers: given(2), ..CloudChoice::default() };
    let chatty = plan(text("chatty"), ask, choice);
    for flag in ["--ccu", "--mau", "--mix", "--max-servers"] {
        let named = |warning: &rapplan::size::plan::Warning| {
            warning.id == "input-not-used" && warning.text.starts_with(&format!("{flag} decides nothing"))
        };
        assert!(chatty.warnings.iter().any(named), "{flag}: {}", said(&chatty));
    }
    let plain = plan(text("chatty"), partitions(120), CloudChoice::default());
    assert!(!said(&plain).contains("input-not-used"), "{}", said(&plain));
}

#[test]
fn a_way_of_paying_is_advised_only_where_its_prices_are_known() {
    let hint = |which, region| {
        let plan = plan(text("chatty"), partitions(120), on(which, region));
        let found = plan.warnings.into_iter().find(|warning| warning.id == "cost-against-the-table").unwrap();
        (found.hint.unwrap(), found.text)
    };
    assert!(hint(Which::One(Provider::Aws), None).0.contains("--purchase committed"));
    assert!(!hint(Which::One(Provider::Gcp), None).0.contains("--purchase committed"));
    let (_, seoul) = hint(Which::One(Provider::Aws), Some("ap-northeast-2"));
    assert!(seoul.contains("nothing for disks and addresses") && seoul.contains("prices are not known"), "{seoul}");
}
