//! What the design decides, on a small blueprint and on Chatty.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use rapplan::blueprint::service::Exposure;
use rapplan::blueprint::tier::Environment;
use rapplan::demand::Ask;
use rapplan::design::build;
use rapplan::design::topology::{Address, Part, Topology, Unit, Value};
use rapplan::error_codes::Code;
use rapplan::size::{Request, size};
use support::{builtin, chatty, given, partitions, small, topology};

fn shape(name: &str) -> Topology {
    chatty().into_iter().find(|(known, _)| *known == name).unwrap().1
}

fn unit<'a>(topology: &'a Topology, stack: &str, name: &str) -> &'a Unit {
    topology.stack(stack).unwrap().units.iter().find(|unit| unit.name == name).unwrap()
}

#[test]
fn storage_starts_first_and_the_api_last() {
    let names = |t: &Topology| t.stacks.iter().map(|stack| stack.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&shape("split-larger")), ["storage", "milvus", "postgres", "api"]);
    let topology = shape("split-larger");
    assert_eq!(topology.stack("api").unwrap().starts_after, ["milvus", "postgres"]);
    assert_eq!(topology.stack("milvus").unwrap().starts_after, ["storage"]);
    let order: Vec<_> = topology.stack("milvus").unwrap().units.iter().map(|unit| unit.name.as_str()).collect();
    let at = |name: &str| order.iter().position(|unit| *unit == name).unwrap();
    assert!(at("etcd") < at("milvus") && at("minio") < at("milvus"));
}

#[test]
fn addresses_are_names_near_and_variables_far() {
    let value = |topology: &Topology, stack: &str, name: &str| {
        let unit = unit(topology, stack, "api-1");
        unit.environment.iter().find(|(known, _)| known == name).unwrap().1.clone()
    };
    assert_eq!(value(&shape("single"), "app", "MILVUS_HOST"), Value::literal("milvus"));
    let far = Value::Parts(vec![Part::Variable("MILVUS_HOST".to_owned())]);
    assert_eq!(value(&shape("split-larger"), "api", "MILVUS_HOST"), far);
}

#[test]
fn stores_are_published_only_where_another_server_calls() {
    let (near, far) = (shape("single"), shape("split-larger"));
    for name in ["milvus", "postgres", "etcd", "minio"] {
        assert!(unit(&near, "app", name).published.is_empty(), "{name}");
    }
    let ports = |unit: &Unit| unit.published.iter().map(|p| (p.on.clone(), p.host)).collect::<Vec<_>>();
    assert_eq!(ports(unit(&far, "milvus", "milvus")), [(Address::Private, 19530), (Address::Private, 9091)]);
    assert_eq!(ports(unit(&far, "milvus", "etcd")), [(Address::Private, 2381)]);
    assert_eq!(ports(unit(&far, "api", "api-4")), [(Address::Private, 8003)]);
    assert_eq!(ports(unit(&shape("test"), "test", "milvus")), [(Address::Loopback, 19530)]);
    assert!(unit(&far, "milvus", "milvus").networks.contains(&"private".to_owned()));
    assert_eq!(unit(&near, "app", "milvus").networks, ["backend"]);
}

#[test]
fn an_internal_port_is_not_called_from_another_server() {
    let mut blueprint = small();
    blueprint.services["db"].ports[0].exposure = Exposure::Internal;
    let plan = size(&blueprint, &Request { ask: partitions(5, Environment::Prod), ..Request::default() }).unwrap();
    let error = build(&blueprint, &plan, "small").unwrap_err();
    assert_eq!(error.problems()[0].code, Code::BadField);
    assert!(error.to_string().contains("`app` calls port `sql` of `db` from another server"), "{error}");
}

#[test]
fn clusters_are_not_rendered_yet() {
    let blueprint = builtin("chatty");
    let ask = Ask { partitions: given(rapplan::units::Count(600)), ..Ask::default() };
    let plan = size(&blueprint, &Request { ask, ..Request::default() }).unwrap();
    assert_eq!(build(&blueprint, &plan, "chatty").unwrap_err().problems()[0].code, Code::NotRendered);
}

#[test]
fn thresholds_are_numbers_and_shares_of_the_tier() {
    let monitoring = shape("split-smaller").monitoring.unwrap();
    let above = |name: &str| monitoring.alerts.iter().find(|alert| alert.name == name).unwrap().threshold;
    assert_eq!(above("ApiSlow"), Some(0.5));
    assert_eq!(above("CpuHigh"), Some(0.7));
    assert_eq!(above("ServiceDown"), None);
    assert_eq!(above("TierBoundaryNear"), Some(400.0));
    let api: Vec<u16> = monitoring.targets.iter().filter(|t| t.job == "api").map(|t| t.port).collect();
    assert_eq!(api, [8000, 8001, 8002, 8003]);
}

#[test]
fn secrets_have_readers_with_owners_and_no_value() {
    let topology = topology(&small(), partitions(5, Environment::Prod));
    let secret = topology.secrets.iter().find(|secret| secret.name == "db-password").unwrap();
    let readers: Vec<_> = secret.readers.iter().map(|r| (r.file(&secret.name), r.owner.as_str())).collect();
    let want = [("secrets/app/db-password", "10001:10001"), ("secrets/db/db-password", "999:999")];
    assert_eq!(readers, want.map(|(file, owner)| (file.to_owned(), owner)));
    let provided = |name: &str| !topology.secrets.iter().find(|secret| secret.name == name).unwrap().generated;
    assert!(provided("tls-key") && provided("tls-certificate") && provided("token") && !provided("db-password"));
    assert_eq!(unit(&topology, "front", "app-1").secret_env, [("TOKEN".to_owned(), "token".to_owned())]);
}

#[test]
fn data_is_bound_to_the_storage_layout() {
    let topology = shape("split-larger");
    let path = |stack: &str, volume: &str| {
        let volumes = &topology.stack(stack).unwrap().volumes;
        volumes.iter().find(|known| known.name == volume).unwrap().path.clone()
    };
    assert_eq!(path("postgres", "postgres").unwrap(), "/mnt/storage/rag-data/postgres");
    assert_eq!(path("storage", "prometheus").unwrap(), "/export/rag-data/prometheus");
    assert_eq!(path("milvus", "milvus-cache").unwrap(), "/var/lib/rag-data/milvus-cache");
    assert_eq!(path("storage", "alertmanager-data"), None);
}

#[test]
fn building_twice_gives_the_same() {
    assert_eq!(format!("{:?}", shape("split-larger")), format!("{:?}", shape("split-larger")));
}
