//! Each check of what Compose does not see, on a design that is wrong in one place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use rapplan::blueprint::tier::Environment;
use rapplan::design::topology::{ImageRef, Part, Stack, Topology, Unit, Value};
use rapplan::error_codes::Code;
use rapplan::render::checks::check;
use rapplan::units::{Bytes, Cores};
use support::{partitions, small, topology};

/// A change that makes the design wrong, and what is said of it.
type Fault = (&'static str, fn(&mut Stack));

fn app(stack: &mut Stack) -> &mut Unit {
    stack.units.iter_mut().find(|unit| unit.name == "app-1").unwrap()
}

fn image(name: &str, tag: &str, digest: Option<&str>) -> ImageRef {
    ImageRef::Pinned { name: name.to_owned(), tag: tag.to_owned(), digest: digest.map(str::to_owned) }
}

const FAULTS: &[Fault] = &[
    ("port 8001 of the server is published for `app-1` and for `app-2`", |s| s.units[1].published[0].host = 8001),
    ("limited to 2 cores and reserves 3", |s| app(s).cpu_reserved = Cores::whole(3)),
    ("limited to 4 GiB of memory and reserves 5 GiB", |s| app(s).memory_reserved = Bytes::gib(5)),
    ("units may use", |s| app(s).memory = Bytes::gib(14)),
    ("two units are `app-1`", |s| s.units[1].name = "app-1".to_owned()),
    ("names the volume `gone`, which is not there", |s| {
        let mount = s.units.iter().flat_map(|unit| &unit.mounts).next().unwrap().clone();
        let from = rapplan::design::topology::MountSource::Volume("gone".to_owned());
        app(s).mounts.push(rapplan::design::topology::Mount { from, ..mount });
    }),
    ("names the network `gone`, which is not there", |s| app(s).networks.push("gone".to_owned())),
    ("the network `back` is used by nothing", |s| s.units.iter_mut().for_each(|u| u.networks.retain(|n| n != "back"))),
    ("names the service `gone`, which is not there", |s| app(s).depends_on.push("gone".to_owned())),
    ("sees two things at /tmp", |s| app(s).tmpfs.push("/tmp:size=1m".to_owned())),
    ("image tag `latest`, which moves", |s| app(s).image = image("a/b", "latest", None)),
    ("image `A/b`, which is no image name", |s| app(s).image = image("A/b", "1", None)),
    ("image tag `a b`, which is none", |s| app(s).image = image("reg.example.com:5000/b", "a b", None)),
    ("image digest `sha256:00`, which is none", |s| app(s).image = image("a/b", "1", Some("sha256:00"))),
    ("the variable GONE is used and not listed", |s| {
        app(s).environment.push(("Z".to_owned(), Value::Parts(vec![Part::Variable("GONE".to_owned())])));
    }),
    ("the variable UNUSED is listed and not used", |s| {
        let mut variable = s.variables[0].clone();
        variable.name = "UNUSED".to_owned();
        s.variables.push(variable);
    }),
    ("publishes a port and is on internal networks only", |s| app(s).networks.retain(|name| name == "back")),
    ("needs `app-1` and shares no network with it", |s| {
        let gate = s.units.iter_mut().find(|unit| unit.name == "gate").unwrap();
        gate.networks = vec!["back".to_owned()];
        app(s).networks.retain(|name| name == "front");
    }),
    ("has a user that is not numeric", |s| app(s).user = Some("app".to_owned())),
    ("has a limit of nothing", |s| app(s).pids = 0),
];

fn good() -> Topology {
    topology(&small(), partitions(5, Environment::Prod))
}

#[test]
fn every_fault_is_found_with_its_place() {
    check(&good()).unwrap();
    for (said, spoil) in FAULTS {
        let mut topology = good();
        spoil(topology.stacks.iter_mut().find(|stack| stack.name == "front").unwrap());
        let error = check(&topology).expect_err(said);
        let found = error.problems().iter().any(|p| p.summary.contains(said) && p.summary.contains("stack `front`"));
        assert!(found && error.problems().iter().all(|p| p.code == Code::BadOutput), "{said}: {error}");
    }
}
