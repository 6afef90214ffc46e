//! What is wanted on Google Cloud for the built-in blueprints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::disallowed_methods, reason = "golden files are files, and scripts are read by a shell")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rapplan::blueprint::Blueprint;
use rapplan::blueprint::platform::Provider;
use rapplan::blueprint::tier::Environment;
use rapplan::catalog::Catalog;
use rapplan::cloud::gcp::desire::{Network, Options, Subnetwork, desire, machines};
use rapplan::cloud::gcp::network_proof::{Connection, Party, exposed, open};
use rapplan::cloud::gcp::sim::Sim;
use rapplan::cloud::gcp::{Action, Desired, Gcp, Kind, World};
use rapplan::cloud::machine::Call;
use rapplan::cloud::resource::{Fields, Value};
use rapplan::cloud::sim::Simulated as _;
use rapplan::demand::Ask;
use rapplan::engine::{Ending, Engine, Event, Limits, Policy, Rehearsal, Run, rehearse};
use rapplan::error::Code;
use rapplan::render::cloud_init::unpack;
use rapplan::render::templates::Templates;
use rapplan::size::plan::Plan;
use rapplan::units::{Moment, Rate};
use support::{builtin, concurrent, given, partitions, plan_on};

fn image(name: &str, digit: char) -> String {
    let digest = String::from(digit).repeat(64);
    format!("asia-northeast3-docker.pkg.dev/shop/images/{name}@sha256:{digest}")
}

fn plan(blueprint: &Blueprint, ask: Ask) -> Plan {
    plan_on(blueprint, ask, Provider::Gcp, "asia-northeast3")
}

fn options(blueprint: &Blueprint, plan: &Plan, digit: char) -> Options {
    let mut options = Options::new(&blueprint.name, "asia-northeast3");
    options.certificate = Some("shop".to_owned());
    options.machines = machines(plan, Catalog::embedded());
    options.images = ["api", "app", "ai-server"].iter().map(|name| ((*name).to_owned(), image(name, digit))).collect();
    options.outside = BTreeMap::from([("backend".to_owned(), vec!["198.51.100.0/24".to_owned()])]);
    options
}

fn wanted(blueprint: &Blueprint, plan: &Plan, options: &Options) -> Desired {
    desire(blueprint, plan, &Templates::embedded().unwrap(), options).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Every shape: name, blueprint and plan.
fn shapes() -> Vec<(&'static str, Blueprint, Plan)> {
    let (chatty, dojang, kag) = (builtin("chatty"), builtin("dojangkok"), builtin("kag"));
    let of = |n, environment| plan(&chatty, partitions(n, environment));
    vec![
        ("test", chatty.clone(), of(5, Environment::Dev)),
        ("single", chatty.clone(), of(30, Environment::Prod)),
        ("split-smaller", chatty.clone(), of(80, Environment::Prod)),
        ("split-larger", chatty.clone(), of(120, Environment::Prod)),
        ("dojangkok", dojang.clone(), plan(&dojang, concurrent(500))),
        ("kag", kag.clone(), plan(&kag, Ask::default())),
    ]
}

/// The graph for people, with user data by its size alone: what is in it has tests of its own.
fn told(desired: &Desired) -> String {
    let mut out = String::new();
    let fields = |out: &mut String, own: &Fields<Kind>| {
        for (name, value) in own {
            match name.as_str() {
                "user-data" => out.push_str("  user-data: packed\n"),
                _ => writeln!(out, "  {name}: {value}").unwrap(),
            }
        }
    };
    for (address, wanted) in &desired.resources {
        writeln!(out, "{address}: {}", wanted.because).unwrap();
        fields(&mut out, &wanted.fields);
    }
    for (name, fleet) in &desired.fleets {
        let (load, size, release) = (fleet.load, (fleet.min, fleet.max, fleet.cpu_percent), &fleet.release);
        writeln!(out, "fleet {name} {}: {load:?}, {size:?}, {release:?}", fleet.label).unwrap();
        fields(&mut out, &fleet.template);
        fields(&mut out, &fleet.settings);
    }
    for (name, single) in &desired.singles {
        let address = single.address.as_ref().map(ToString::to_string);
        writeln!(out, "single {name} {}: disk {:?}, address {address:?}", single.label, single.volume).unwrap();
        fields(&mut out, &single.template);
    }
    out
}

#[test]
fn golden() {
    for (name, blueprint, plan) in shapes() {
        let told = told(&wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a')));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/gcp/{name}.txt"));
        if std::env::var_os("RAPPLAN_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &told).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        let diff = similar::TextDiff::from_lines(golden.as_str(), told.as_str());
        let diff = diff.unified_diff().header("golden", "wanted").to_string();
        assert!(diff.is_empty(), "{} differs:\n{diff}", path.display());
    }
}

fn role(name: &str) -> Party {
    match name {
        "internet" => Party::Internet,
        "front ends" => Party::FrontEnds,
        name => Party::Role(name.to_owned()),
    }
}

/// Who may call whom, written down by hand; what every role may do is added.
fn allowed(calls: &[(&str, &str, &[u16])], roles: &[&str]) -> BTreeSet<Connection> {
    let mut all = BTreeSet::new();
    for (from, to, ports) in calls {
        all.extend(ports.iter().map(|port| (role(from), role(to), *port)));
    }
    for one in roles {
        all.insert((role(one), Party::Internet, 443));
        all.insert((Party::Proxy, role(one), 22));
    }
    all
}

#[test]
fn every_allowed_call_passes_and_no_other() {
    let world: (&str, &str, &[u16]) = ("internet", "front ends", &[80, 443]);
    let split: &[(&str, &str, &[u16])] = &[
        world,
        ("front ends", "api", &[443]),
        ("api", "milvus", &[19530]),
        ("api", "postgres", &[5432]),
        ("milvus", "storage", &[2049]),
        ("postgres", "storage", &[2049]),
        ("storage", "api", &[8000, 8001, 8002, 8003, 9100]),
        ("storage", "milvus", &[9091, 2381, 9000, 9100]),
        ("storage", "postgres", &[9187, 9100]),
    ];
    let single: &[(&str, &str, &[u16])] = &[world, ("front ends", "app", &[443]), ("app", "storage", &[2049])];
    let dojangkok: &[(&str, &str, &[u16])] =
        &[("front ends", "ai", &[8100]), ("ai", "vectors", &[8000]), ("ai", "llm", &[8001])];
    let kag: &[(&str, &str, &[u16])] = &[("app", "elasticsearch", &[9200]), ("app", "neo4j", &[7687])];
    let expected = BTreeMap::from([
        ("test", allowed(&[], &["test"])),
        ("single", allowed(single, &["app", "storage"])),
        ("split-smaller", allowed(split, &["api", "milvus", "postgres", "storage"])),
        ("split-larger", allowed(split, &["api", "milvus", "postgres", "storage"])),
        ("dojangkok", allowed(dojangkok, &["ai", "vectors", "llm"])),
        ("kag", allowed(kag, &["app", "elasticsearch", "neo4j"])),
    ]);
    for (name, blueprint, plan) in shapes() {
        let desired = wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a'));
        assert_eq!(open(&desired, &[22, 25, 80, 443, 3389, 5432, 65535]), expected[name], "{name}");
        assert!(exposed(&desired).is_empty(), "{name}");
    }
}

/// Each rule that allows lets something through that nothing else does, and each wall keeps something out, except the one
/// behind which a network lets nothing in by itself.
#[test]
fn every_rule_is_needed() {
    for (name, blueprint, plan) in shapes() {
        let desired = wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a'));
        let all = open(&desired, &[8080]);
        for rule in desired.resources.keys().filter(|address| address.kind == Kind::Firewall) {
            let mut less = desired.clone();
            less.resources.remove(rule);
            let found = open(&less, &[8080]);
            match rule.name.contains("-wall-") {
                true => assert!(found.is_superset(&all), "{name} {rule}"),
                // What is let in from another cloud by its addresses is no party of the proof.
                false if rule.name.contains("-in-backend-") => assert_eq!(found, all, "{name} {rule}"),
                false => assert!(found.is_subset(&all) && found != all, "{name} {rule}"),
            }
            if rule.name.contains("-wall-out-") {
                assert!(found != all, "{name} {rule}");
            }
        }
    }
}

/// Addresses say who is let in only where there are no accounts: Google's own, and other clouds.
#[test]
fn who_is_let_in_is_said_by_accounts() {
    let known = ["35.191.0.0/16", "130.211.0.0/22", "35.235.240.0/20", "198.51.100.0/24", "0.0.0.0/0"];
    for (name, blueprint, plan) in shapes() {
        let desired = wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a'));
        for (address, wanted) in desired.resources.iter().filter(|(address, _)| address.kind == Kind::Firewall) {
            let inward = wanted.fields["direction"] == Value::Text("INGRESS".to_owned());
            let texts = wanted.fields["from"].texts();
            assert!(texts.iter().all(|text| known.contains(text)), "{name} {address} {texts:?}");
            assert_eq!(texts.contains(&"0.0.0.0/0"), inward && address.name.contains("-wall-in-"), "{name} {address}");
            // Machines are never meant by their addresses.
            let own = if inward { &wanted.fields["to"] } else { &wanted.fields["from"] };
            assert!(own.texts().is_empty() && own.references().len() == 1, "{name} {address}");
        }
    }
}

#[test]
fn what_is_exposed_is_told() {
    let blueprint = builtin("dojangkok");
    let plan = plan(&blueprint, concurrent(500));
    let mut desired = wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a'));
    let template = &mut desired.fleets.get_mut("ai-server").unwrap().template;
    let Some(Value::Map(interface)) = template.get_mut("interface") else { panic!() };
    interface.insert("external-address".to_owned(), true.into());
    assert_eq!(exposed(&desired), ["ai"]);
    let rule =
        desired.resources.iter_mut().find(|(address, _)| address.name == "dojangkok-in-front-ends-ai").unwrap().1;
    rule.fields.insert("from".to_owned(), Value::List(vec!["0.0.0.0/0".into()]));
    assert!(open(&desired, &[]).contains(&(Party::Internet, role("ai"), 8100)));
}

/// RFC 1035 names, labels and ids of accounts within what Google takes.
#[test]
fn names_are_within_limits() {
    let taken = |name: &str, longest: usize| {
        let inner = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        inner && name.len() <= longest && name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.ends_with('-')
    };
    for (name, blueprint, plan) in shapes() {
        for deployment in ["a", "chatty", "a-deployment-with-a-name-that-is-as-long-as-one-may-be-at-all"] {
            let mut options = options(&blueprint, &plan, 'a');
            deployment.clone_into(&mut options.deployment);
            options.may_interrupt = true;
            let desired = wanted(&blueprint, &plan, &options);
            for address in desired.resources.keys() {
                let longest = if address.kind == Kind::ServiceAccount { 30 } else { 63 };
                assert!(taken(&address.name, longest), "{name} {address}");
                assert!(address.kind != Kind::ServiceAccount || address.name.len() >= 6, "{name} {address}");
            }
            let mut sim = Sim::new(World::default(), Moment(0), 1);
            run(&mut sim, desired, None, "one");
            let world = sim.truth();
            let names = world.groups.keys().chain(world.machines.keys());
            let instances = world.groups.values().flat_map(|group| &group.instances).map(|instance| &instance.name);
            for one in names.chain(instances).chain(world.resources.keys().map(|address| &address.name)) {
                assert!(taken(one, 63), "{name} {one}");
            }
        }
    }
}

fn versions(desired: &Desired) -> BTreeMap<String, String> {
    let fleets = desired.fleets.iter().map(|(name, fleet)| (name.clone(), fleet.version.clone()));
    fleets.chain(desired.singles.iter().map(|(name, single)| (name.clone(), single.version.clone()))).collect()
}

/// The stack in which an image of one's own runs.
fn own_stack(name: &str) -> (&'static str, &'static str) {
    match name {
        "test" => ("api", "test"),
        "single" => ("api", "app"),
        "dojangkok" => ("ai-server", "ai-server"),
        "kag" => ("app", "app"),
        _ => ("api", "api"),
    }
}

#[test]
fn versions_follow_what_machines_are_started_from() {
    for (name, blueprint, plan) in shapes() {
        let options = options(&blueprint, &plan, 'a');
        let before = wanted(&blueprint, &plan, &options);
        let again = wanted(&blueprint, &plan, &options);
        assert_eq!(serde_json::to_string(&before).unwrap(), serde_json::to_string(&again).unwrap());
        let (service, stack) = own_stack(name);
        let mut other = options.clone();
        other.images.insert(service.to_owned(), image(service, 'b'));
        let after = versions(&wanted(&blueprint, &plan, &other));
        let before = versions(&before);
        let changed: Vec<&String> = after.iter().filter(|(name, v)| before[*name] != **v).map(|(n, _)| n).collect();
        assert_eq!(changed, [stack], "{name}");
    }
}

#[test]
fn sizes_change_no_version() {
    let chatty = builtin("chatty");
    let busy = |rps: u64| Ask { rps: given(Rate::per_second(rps)), ..partitions(120, Environment::Prod) };
    let (low, high) = (plan(&chatty, busy(600)), plan(&chatty, busy(1900)));
    let of = |plan: &Plan| wanted(&chatty, plan, &options(&chatty, plan, 'a'));
    let (low, high) = (of(&low), of(&high));
    assert_eq!(versions(&low), versions(&high));
    assert!(low.fleets["api"].min < high.fleets["api"].min);
    assert!(low.fleets["api"].load.demand < high.fleets["api"].load.demand);
}

#[test]
fn a_network_that_is_there_is_left_alone() {
    let chatty = builtin("chatty");
    let plan = plan(&chatty, partitions(80, Environment::Prod));
    let mut options = options(&chatty, &plan, 'a');
    let one = |name: &str, cidr: &str| Subnetwork { name: name.to_owned(), cidr: cidr.to_owned() };
    let subnetworks =
        BTreeMap::from([("api".to_owned(), one("front", "10.9.0.0/24")), ("*".to_owned(), one("back", "10.9.1.0/24"))]);
    options.network = Network::Existing { name: "shared".to_owned(), subnetworks };
    let desired = wanted(&chatty, &plan, &options);
    let made: BTreeSet<Kind> = desired.resources.keys().map(|address| address.kind).collect();
    assert!(![Kind::Network, Kind::Subnetwork, Kind::Router].iter().any(|kind| made.contains(kind)));
    let texts: Vec<&str> = desired.fleets["api"].template["interface"].texts();
    assert_eq!(texts, ["shared", "front"]);
    let addresses: BTreeSet<String> = desired
        .singles
        .values()
        .map(|single| desired.resources[single.address.as_ref().unwrap()].fields["address"].to_string())
        .collect();
    assert_eq!(addresses.len(), desired.singles.len(), "{addresses:?}");
    assert!(addresses.iter().all(|address| address.starts_with("10.9.1.2")), "{addresses:?}");
    options.network = Network::Existing { name: "shared".to_owned(), subnetworks: BTreeMap::new() };
    let error = desire(&chatty, &plan, &Templates::embedded().unwrap(), &options).unwrap_err();
    assert_eq!(error.problems()[0].code, Code::MissingField);
}

/// What a machine is started with, by stack: files by path.
fn started(desired: &Desired) -> BTreeMap<String, BTreeMap<String, String>> {
    let fleets = desired.fleets.iter().map(|(name, fleet)| (name, &fleet.template));
    let all = fleets.chain(desired.singles.iter().map(|(name, single)| (name, &single.template)));
    all.map(|(name, template)| {
        let Value::Text(packed) = &template["user-data"] else { panic!("{name} has no user data") };
        assert!(packed.len() <= 262_144);
        let text = unpack(packed).unwrap();
        assert!(text.starts_with("#cloud-config\n"), "{name}");
        let yaml: serde_json::Value = yaml_serde::from_str(&text).unwrap();
        let files = yaml["write_files"].as_array().unwrap().iter();
        let files =
            files.map(|file| (file["path"].as_str().unwrap().to_owned(), file["content"].as_str().unwrap().to_owned()));
        (name.clone(), files.collect())
    })
    .collect()
}

#[test]
fn user_data_is_a_cloud_config_of_the_rendered_files() {
    for (name, blueprint, plan) in shapes() {
        let desired = wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a'));
        for (stack, files) in started(&desired) {
            for (path, content) in files.iter().filter(|(path, _)| path.ends_with(".sh")) {
                let mut shell = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
                std::io::Write::write_all(&mut shell.stdin.take().unwrap(), content.as_bytes()).unwrap();
                assert!(shell.wait().unwrap().success(), "{name} {path}");
                assert!(!content.contains("aws"), "{name} {path}");
            }
            assert!(files.keys().any(|path| path.ends_with("/boot.sh")), "{name} {stack}");
        }
    }
}

#[test]
fn variables_and_secrets_are_there_when_a_machine_starts() {
    let blueprint = builtin("chatty");
    let plan = plan(&blueprint, partitions(120, Environment::Prod));
    let desired = wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a'));
    let started = started(&desired);
    let of = |stack: &str, file: &str| started[stack][&format!("/opt/chatty/{stack}/{file}")].clone();
    let address = |stack: &str| {
        let address = desired.singles[stack].address.as_ref().unwrap();
        desired.resources[address].fields["address"].to_string()
    };
    let env = of("api", ".env.fixed");
    assert!(env.contains(&format!("MILVUS_HOST={}\n", address("milvus"))), "{env}");
    assert!(env.contains(&format!("API_IMAGE={}\n", image("api", 'a'))), "{env}");
    let boot = of("api", "boot.sh");
    assert!(boot.contains("'PRIVATE_ADDRESS'"), "{boot}");
    assert!(boot.contains("secret 'postgres-password' 'secrets/chatty-postgres-password/versions/latest'"), "{boot}");
    assert!(boot.contains("https://'asia-northeast3-docker.pkg.dev'"), "{boot}");
    let boot = of("milvus", "boot.sh");
    assert!(boot.contains("google-data") && boot.contains(&format!("'{}'", address("milvus"))), "{boot}");
    assert!(of("storage", "discover.sh").contains("addresses_of 'chatty' 'api'"));
    assert!(of("api", "nginx/nginx.conf").contains("set_real_ip_from \"130.211.0.0/22\";"));
    let account = |role: &str| {
        let found =
            desired.resources.iter().find(|(address, _)| address.to_string() == format!("service-account/{role}"));
        found.unwrap().1.fields["roles"].to_string()
    };
    assert!(account("chatty-api").contains("secrets/chatty-postgres-password"));
    assert!(!account("chatty-api").contains("minio") && !account("chatty-api").contains("compute"));
    assert!(account("chatty-storage").contains("compute.instances.list"));
}

/// Packets by the load balancer inside the network are for its address, so that the machine must listen on every one.
#[test]
fn what_is_called_from_another_cloud_has_an_address_inside() {
    let blueprint = builtin("dojangkok");
    let plan = plan(&blueprint, concurrent(500));
    let mut options = options(&blueprint, &plan, 'a');
    let desired = wanted(&blueprint, &plan, &options);
    let env = &started(&desired)["ai-server"]["/opt/dojangkok/ai-server/.env.fixed"];
    assert!(env.contains("PRIVATE_ADDRESS=0.0.0.0\n"), "{env}");
    let rules = |desired: &Desired| desired.resources.keys().filter(|address| address.kind == Kind::Firewall).count();
    // A role that the blueprint does not admit is not let in, whatever its addresses.
    options.outside.insert("frontend".to_owned(), vec!["198.51.100.0/24".to_owned()]);
    assert_eq!(rules(&wanted(&blueprint, &plan, &options)), rules(&desired));
    options.outside.clear();
    assert_eq!(rules(&wanted(&blueprint, &plan, &options)), rules(&desired) - 1);
}

fn run(sim: &mut Sim, to: Desired, former: Option<Desired>, owner: &str) -> Rehearsal<Action> {
    let run = Run { owner: owner.to_owned(), command: "rapplan apply".to_owned(), seed: 1 };
    rehearse(sim, Engine::<Gcp>::new(to, former, run, Policy::default()), Limits::default())
}

#[test]
fn rehearsed_from_nothing_to_a_release_and_to_the_end() {
    for (name, blueprint, plan) in shapes() {
        let mut options = options(&blueprint, &plan, 'a');
        options.may_interrupt = true;
        let first = wanted(&blueprint, &plan, &options);
        let mut sim = Sim::new(World::default(), Moment(0), 1);
        let story = run(&mut sim, first.clone(), None, "one");
        assert_eq!(story.ending, Some(Ending::Converged { changed: true }), "{name} {:?}", story.timeline.last());
        assert_eq!(sim.truth().machines.len(), first.singles.len(), "{name}");
        for (single, machine) in first
            .singles
            .values()
            .flat_map(|s| sim.truth().machines.values().filter(|m| m.version == s.version).map(move |m| (s, m)))
        {
            assert_eq!((&machine.volume, &machine.address), (&single.volume, &single.address), "{name}");
        }
        let again = run(&mut sim, first.clone(), None, "two");
        assert_eq!(again.ending, Some(Ending::Converged { changed: false }), "{name}");
        options.images.insert(own_stack(name).0.to_owned(), image("next", 'b'));
        let second = wanted(&blueprint, &plan, &options);
        let story = run(&mut sim, second.clone(), Some(first), "three");
        assert_eq!(story.ending, Some(Ending::Converged { changed: true }), "{name} {:?}", story.timeline.last());
        assert!(story.lowest.iter().all(|(_, low)| low.is_enough()), "{name} {:?}", story.lowest);
        assert_eq!(story.lowest.len(), second.fleets.len(), "{name}");
        let again = run(&mut sim, second.clone(), None, "four");
        assert_eq!(again.ending, Some(Ending::Converged { changed: false }), "{name}");
        let nothing = Desired {
            resources: Default::default(),
            fleets: BTreeMap::new(),
            singles: BTreeMap::new(),
            allow_data_loss: true,
            ..second
        };
        let story = run(&mut sim, nothing, None, "five");
        assert_eq!(story.ending, Some(Ending::Converged { changed: true }), "{name} {:?}", story.timeline.last());
        let left = sim.truth();
        assert!(left.resources.is_empty() && left.groups.is_empty() && left.machines.is_empty(), "{name} {left:?}");
    }
}

/// Its disk is at no time with two machines, and nobody replaces what holds data without having agreed to it.
#[test]
fn a_machine_with_data_is_replaced_with_its_disk_once_that_is_agreed_to() {
    let kag = builtin("kag");
    let plan = plan(&kag, Ask::default());
    let mut options = options(&kag, &plan, 'a');
    let first = wanted(&kag, &plan, &options);
    let mut sim = Sim::new(World::default(), Moment(0), 1);
    run(&mut sim, first.clone(), None, "one");
    options.machine_images.values_mut().for_each(|image| image.push_str("-2"));
    let refused = run(&mut sim.clone(), wanted(&kag, &plan, &options), Some(first.clone()), "two");
    let Some(Ending::Refused { why, ways_out }) = &refused.ending else { panic!("{:?}", refused.ending) };
    assert!(why.contains("interrupts it for about") && ways_out[0].contains("--allow-interruption"), "{why}");
    options.may_interrupt = true;
    let story = run(&mut sim, wanted(&kag, &plan, &options), Some(first), "two");
    assert_eq!(story.ending, Some(Ending::Converged { changed: true }));
    let calls: Vec<String> = story
        .timeline
        .iter()
        .filter_map(|(_, event)| match event {
            Event::Sent { action: Action::Machine(call), .. } if call.machine().contains("neo4j") => Some(match call {
                Call::Attach { part, .. } => format!("attach {}", part.kind as u8 == Kind::Disk as u8),
                other => other.to_string().split(' ').next().unwrap().to_owned(),
            }),
            _ => None,
        })
        .collect();
    let order = ["start", "stop", "detach", "attach true", "detach", "attach false", "delete"];
    assert_eq!(calls, order);
    // The application itself keeps nothing.
    assert_eq!(sim.truth().machines.values().filter(|machine| machine.volume.is_some()).count(), 2);
}

#[test]
fn what_cannot_be_gone_back_to_is_refused() {
    let blueprint = builtin("dojangkok");
    let plan = plan(&blueprint, concurrent(500));
    for image in ["r/ai-server", "r/ai-server:latest", "r/ai-server:1.0.0"] {
        let mut options = options(&blueprint, &plan, 'a');
        options.images.insert("ai-server".to_owned(), image.to_owned());
        let error = desire(&blueprint, &plan, &Templates::embedded().unwrap(), &options).unwrap_err();
        assert_eq!(error.problems()[0].code, Code::MovingTag, "{image}");
    }
    let mut options = options(&blueprint, &plan, 'a');
    options.images.insert("ai-server".to_owned(), "r/ai-server:prod-1.0-a1b2c3d".to_owned());
    wanted(&blueprint, &plan, &options);
}
