//! What several test files need: blueprints, plans and topologies, and the outside programs.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::disallowed_methods, reason = "a test asks where the programs are")]

use rapplan::blueprint::Blueprint;
use rapplan::blueprint::builtin::BUILTIN;
use rapplan::blueprint::platform::Provider;
use rapplan::blueprint::tier::Environment;
use rapplan::demand::{Ask, Given};
use rapplan::design::build;
use rapplan::design::topology::Topology;
use rapplan::size::clouds::{CloudChoice, Which};
use rapplan::size::plan::Plan;
use rapplan::size::{Request, size};

/// Two servers, each kind of exposure, secret, volume and address; small enough to read.
pub const SMALL: &str = include_str!("small.toml");

/// A value that a test gives.
pub fn given<T>(value: T) -> Option<Given<T>> {
    Some(Given { value, origin: "a test".to_owned() })
}

/// The built-in blueprint of this name.
pub fn builtin(name: &str) -> Blueprint {
    toml::from_str(BUILTIN.iter().find(|(known, ..)| *known == name).unwrap().2).unwrap()
}

/// The small blueprint.
pub fn small() -> Blueprint {
    toml::from_str(SMALL).unwrap()
}

/// The topology of a blueprint for a demand.
pub fn topology(blueprint: &Blueprint, ask: Ask) -> Topology {
    let plan = size(blueprint, &Request { ask, ..Request::default() }).unwrap_or_else(|error| panic!("{error}"));
    build(blueprint, &plan, &blueprint.name).unwrap_or_else(|error| panic!("{error}"))
}

/// The plan of a blueprint for a demand, on a cloud.
pub fn plan_on(blueprint: &Blueprint, ask: Ask, provider: Provider, region: &str) -> Plan {
    let cloud = CloudChoice {
        provider: given(Which::One(provider)),
        region: given(region.to_owned()),
        ..CloudChoice::default()
    };
    size(blueprint, &Request { ask, cloud, ..Request::default() }).unwrap_or_else(|error| panic!("{error}"))
}

/// A demand in users at the same moment.
pub fn concurrent(users: u64) -> Ask {
    Ask { concurrent_users: given(rapplan::units::Count(users)), ..Ask::default() }
}

/// A demand in partitions.
pub fn partitions(n: u64, environment: Environment) -> Ask {
    Ask { partitions: given(rapplan::units::Count(n)), environment: given(environment), ..Ask::default() }
}

/// Chatty in each of its shapes: name and topology.
pub fn chatty() -> Vec<(&'static str, Topology)> {
    use Environment::{Dev, Prod};
    let shapes = [("test", 5, Dev), ("single", 30, Prod), ("split-smaller", 80, Prod), ("split-larger", 120, Prod)];
    let blueprint = builtin("chatty");
    shapes.map(|(name, n, environment)| (name, topology(&blueprint, partitions(n, environment)))).into()
}

/// The path of an outside program: in the folder that `tests/run.py` installs them into.
///
/// # Panics
/// It is not installed.
pub fn peer(program: &str) -> std::path::PathBuf {
    let given = std::env::var_os("RAPPLAN_TEST_PEERS").map(std::path::PathBuf::from);
    let folder = given.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers/bin").into());
    let path = folder.join(program);
    assert!(path.exists(), "{} is not there: run tests/run.py, which installs what tests need", path.display());
    path
}

/// Gives a text to a program and returns what it writes.
///
/// # Panics
/// It fails.
pub fn pipe(command: &mut std::process::Command, text: &str) -> String {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // From another thread, so that neither side waits for a full pipe.
    let text = text.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let done = child.wait_with_output().unwrap();
    let written = writer.join().unwrap();
    assert!(done.status.success() && written.is_ok(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}
