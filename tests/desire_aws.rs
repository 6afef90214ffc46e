//! What is wanted on AWS for the built-in blueprints.
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
use rapplan::cloud::aws::desire::{Nat, Network, Options, Subnet, desire, machines};
use rapplan::cloud::aws::network_proof::{Connection, Party, exposed, open, passes};
use rapplan::cloud::aws::sim::Sim;
use rapplan::cloud::aws::{Action, Aws, Desired, Kind, World};
use rapplan::cloud::resource::{Address, Kind as _, Value};
use rapplan::cloud::sim::Simulated as _;
use rapplan::demand::Ask;
use rapplan::engine::{Ending, Engine, Limits, Policy, Rehearsal, Run, rehearse};
use rapplan::error::Code;
use rapplan::render::cloud_init::{pack, unpack};
use rapplan::render::templates::Templates;
use rapplan::size::plan::Plan;
use rapplan::units::{Moment, Rate};
use support::{builtin, concurrent, given, partitions, plan_on};

fn image(name: &str, digit: char) -> String {
    let digest = String::from(digit).repeat(64);
    format!("123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/{name}@sha256:{digest}")
}

fn plan(blueprint: &Blueprint, ask: Ask) -> Plan {
    plan_on(blueprint, ask, Provider::Aws, "ap-northeast-2")
}

fn options(blueprint: &Blueprint, plan: &Plan, digit: char) -> Options {
    let mut options = Options::new(&blueprint.name, "ap-northeast-2", &["ap-northeast-2a", "ap-northeast-2c"]);
    options.account = Some("123456789012".to_owned());
    options.certificate = Some("arn:aws:acm:ap-northeast-2:123456789012:certificate/1".to_owned());
    options.machines = machines(plan, Catalog::embedded());
    options.images = ["api", "frontend", "backend"]
        .iter()
        .map(|name| ((*name).to_owned(), image(&format!("{}/{name}", blueprint.name), digit)))
        .collect();
    options
}

fn wanted(blueprint: &Blueprint, plan: &Plan, options: &Options) -> Desired {
    desire(blueprint, plan, &Templates::embedded().unwrap(), options).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Every shape: name, blueprint and plan.
fn shapes() -> Vec<(&'static str, Blueprint, Plan)> {
    let chatty = builtin("chatty");
    let dojang = builtin("dojangkok");
    let of = |n| plan(&chatty, partitions(n, Environment::Prod));
    vec![
        ("single", chatty.clone(), of(30)),
        ("split-smaller", chatty.clone(), of(80)),
        ("split-larger", chatty.clone(), of(120)),
        ("dojangkok", dojang.clone(), plan(&dojang, concurrent(500))),
    ]
}

/// The graph for people, with user data by its size alone: what is in it has tests of its own.
fn told(desired: &Desired) -> String {
    let mut out = String::new();
    let fields = |out: &mut String, own: &rapplan::cloud::resource::Fields<Kind>| {
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
        let (load, size, release) = (fleet.load, fleet.size, &fleet.release);
        writeln!(out, "fleet {name} {}: {load:?}, {size:?}, {release:?}", fleet.label).unwrap();
        fields(&mut out, &fleet.template);
        fields(&mut out, &fleet.targets);
    }
    for (name, single) in &desired.singles {
        let address = single.address.as_ref().map(ToString::to_string);
        writeln!(out, "single {name} {}: volume {:?}, address {address:?}", single.label, single.volume).unwrap();
        fields(&mut out, &single.template);
    }
    out
}

#[test]
fn golden() {
    for (name, blueprint, plan) in shapes() {
        let told = told(&wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a')));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/aws/{name}.txt"));
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
    if name == "internet" { Party::Internet } else { Party::Role(name.to_owned()) }
}

/// Who may call whom, written down by hand; what every role may do is added.
fn allowed(calls: &[(&str, &str, &[u16])], roles: &[&str]) -> BTreeSet<Connection> {
    let mut all = BTreeSet::new();
    for (from, to, ports) in
        calls.iter().copied().chain([("internet", "alb", &[80, 443][..]), ("nat", "internet", &[443])])
    {
        all.extend(ports.iter().map(|port| (role(from), role(to), *port)));
    }
    for one in roles {
        // By way of what translates addresses.
        all.insert((role(one), role("internet"), 443));
    }
    all
}

#[test]
fn every_allowed_call_passes_and_no_other() {
    let split: &[(&str, &str, &[u16])] = &[
        ("alb", "api", &[443]),
        ("api", "milvus", &[19530]),
        ("api", "postgres", &[5432]),
        ("milvus", "storage", &[2049]),
        ("postgres", "storage", &[2049]),
        ("storage", "api", &[8000, 8001, 8002, 8003, 9100]),
        ("storage", "milvus", &[9091, 2381, 9000, 9100]),
        ("storage", "postgres", &[9187, 9100]),
    ];
    let single: &[(&str, &str, &[u16])] = &[("alb", "app", &[443]), ("app", "storage", &[2049])];
    let dojangkok: &[(&str, &str, &[u16])] = &[
        ("alb", "frontend", &[3000]),
        ("alb", "backend", &[8080]),
        ("frontend", "backend", &[8080]),
        ("backend", "rdb", &[3306]),
        ("backend", "nosql", &[27017]),
        ("backend", "in-memory", &[6379]),
    ];
    let expected = BTreeMap::from([
        ("single", allowed(single, &["app", "storage"])),
        ("split-smaller", allowed(split, &["api", "milvus", "postgres", "storage"])),
        ("split-larger", allowed(split, &["api", "milvus", "postgres", "storage"])),
        ("dojangkok", allowed(dojangkok, &["frontend", "backend", "rdb", "nosql", "in-memory"])),
    ]);
    for (name, blueprint, plan) in shapes() {
        let desired = wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a'));
        let found = open(&desired.resources, &[22, 25, 80, 443, 3389, 5432, 65535]);
        assert_eq!(found, expected[name], "{name}");
        for (from, to, port) in &found {
            assert_eq!(passes(&desired.resources, from, to, *port), Ok(()), "{name}: {from} to {to} on {port}");
        }
        assert_eq!(exposed(&desired), Vec::<String>::new(), "{name}");
    }
}

/// Each wall alone stops a call: taken away rule by rule, what was proven is proven no more.
#[test]
fn every_rule_is_needed() {
    let blueprint = builtin("dojangkok");
    let plan = plan(&blueprint, concurrent(500));
    let desired = wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a'));
    let all = open(&desired.resources, &[]);
    let rules = desired
        .resources
        .keys()
        .filter(|address| matches!(address.kind, Kind::SecurityRule | Kind::NetworkAcl | Kind::RouteTable));
    for rule in rules {
        let mut graph = desired.resources.clone();
        graph.remove(rule);
        let less = open(&graph, &[]);
        assert!(less.is_subset(&all) && less != all, "{rule}");
    }
}

#[test]
fn what_is_exposed_is_told() {
    let blueprint = builtin("dojangkok");
    let plan = plan(&blueprint, concurrent(500));
    let desired = wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a'));
    let mut open = desired.clone();
    open.fleets.get_mut("backend").unwrap().template.insert("public-address".to_owned(), true.into());
    assert_eq!(exposed(&open).len(), 1);
    let mut open = desired.clone();
    for (address, wanted) in open.resources.iter_mut() {
        if address.kind == Kind::Subnet {
            wanted.fields.insert("public-addresses".to_owned(), true.into());
        }
        if address.kind == Kind::SecurityRule && address.name.contains("in-backend-rdb") {
            wanted.fields.insert("peer".to_owned(), "0.0.0.0/0".into());
        }
    }
    let subnets = open.resources.keys().filter(|address| address.kind == Kind::Subnet).count();
    assert_eq!(exposed(&open).len(), subnets + 1);
}

fn versions(desired: &Desired) -> BTreeMap<String, String> {
    let fleets = desired.fleets.iter().map(|(name, fleet)| (name.clone(), fleet.version.clone()));
    fleets.chain(desired.singles.iter().map(|(name, single)| (name.clone(), single.version.clone()))).collect()
}

#[test]
fn versions_follow_what_machines_are_started_from() {
    for (name, blueprint, plan) in shapes() {
        let options = options(&blueprint, &plan, 'a');
        let before = wanted(&blueprint, &plan, &options);
        assert_eq!(
            serde_json::to_string(&before).unwrap(),
            serde_json::to_string(&wanted(&blueprint, &plan, &options)).unwrap()
        );
        for (service, stack) in
            [("api", if name == "single" { "app" } else { "api" }), ("backend", "backend"), ("frontend", "frontend")]
        {
            if !blueprint.services.contains_key(service) {
                continue;
            }
            let mut other = options.clone();
            other.images.insert(service.to_owned(), image(service, 'b'));
            let after = versions(&wanted(&blueprint, &plan, &other));
            let changed: Vec<&String> =
                after.iter().filter(|(name, v)| versions(&before)[*name] != **v).map(|(n, _)| n).collect();
            assert_eq!(changed, [stack], "{name}");
        }
    }
}

#[test]
fn sizes_change_no_version() {
    let chatty = builtin("chatty");
    let busy = |rps: u64| Ask { rps: given(Rate::per_second(rps)), ..partitions(120, Environment::Prod) };
    let (low, high) = (plan(&chatty, busy(600)), plan(&chatty, busy(1900)));
    let of = |blueprint: &Blueprint, plan: &Plan| wanted(blueprint, plan, &options(blueprint, plan, 'a'));
    let (low, high) = (of(&chatty, &low), of(&chatty, &high));
    assert_eq!(versions(&low), versions(&high));
    assert!(low.fleets["api"].size.min < high.fleets["api"].size.min);
    assert!(low.fleets["api"].load.demand < high.fleets["api"].load.demand);
    let dojang = builtin("dojangkok");
    let (few, many) = (plan(&dojang, concurrent(320)), plan(&dojang, concurrent(490)));
    let (few, many) = (of(&dojang, &few), of(&dojang, &many));
    assert_eq!(versions(&few)["backend"], versions(&many)["backend"]);
    assert!(few.fleets["backend"].size.min < many.fleets["backend"].size.min);
}

/// What a machine is started with, by stack: text and files by path.
fn started(desired: &Desired) -> BTreeMap<String, (String, BTreeMap<String, String>)> {
    let fleets = desired.fleets.iter().map(|(name, fleet)| (name, &fleet.template));
    let all = fleets.chain(desired.singles.iter().map(|(name, single)| (name, &single.template)));
    all.map(|(name, template)| {
        let Value::Text(packed) = &template["user-data"] else { panic!("{name} has no user data") };
        let text = unpack(packed).unwrap();
        let yaml: serde_json::Value = yaml_serde::from_str(&text).unwrap();
        let files = yaml["write_files"].as_array().unwrap().iter();
        let files =
            files.map(|file| (file["path"].as_str().unwrap().to_owned(), file["content"].as_str().unwrap().to_owned()));
        (name.clone(), (text.clone(), files.collect()))
    })
    .collect()
}

#[test]
fn user_data_is_a_cloud_config_of_the_rendered_files() {
    for (name, blueprint, plan) in shapes() {
        let desired = wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a'));
        for (stack, (text, files)) in started(&desired) {
            assert!(text.starts_with("#cloud-config\n"), "{name} {stack}");
            assert!(pack(&stack, &text).is_ok(), "{name} {stack}");
            for (path, content) in &files {
                if path.ends_with(".sh") {
                    let mut shell = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
                    std::io::Write::write_all(&mut shell.stdin.take().unwrap(), content.as_bytes()).unwrap();
                    assert!(shell.wait().unwrap().success(), "{name} {path}");
                    let heredoc = content.lines().any(|line| line.contains("<<") && !line.contains("<<<"));
                    assert!(!heredoc, "{path}: a line of it could begin with #");
                }
                if path.ends_with(".yaml") || path.ends_with(".yml") {
                    let here: serde_json::Value = yaml_serde::from_str(content).unwrap();
                    assert!(here.is_object() || here.is_array(), "{path}");
                }
            }
            if stack != "nat" {
                assert!(files.keys().any(|path| path.ends_with("/boot.sh")), "{name} {stack}");
            }
        }
    }
}

/// What is left out for want of room are comments: the files say the same.
#[test]
fn what_is_left_out_says_nothing() {
    let blueprint = builtin("chatty");
    let plan = plan(&blueprint, partitions(120, Environment::Prod));
    let desired = wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a'));
    let topology = rapplan::design::build(&blueprint, &plan, "chatty").unwrap();
    let tree = rapplan::render::files(&topology, &Templates::embedded().unwrap()).unwrap();
    let started = started(&desired);
    let mut same = 0;
    for (path, file) in tree.files.iter().filter(|(path, _)| path.ends_with(".yml") || path.ends_with(".yaml")) {
        let (stack, rest) = path.split_once('/').unwrap();
        let Some(here) = started[stack].1.get(&format!("/opt/chatty/{stack}/{rest}")) else { continue };
        let read = |text: &str| yaml_serde::from_str::<serde_json::Value>(text).unwrap();
        // Volumes that Docker would keep, and the database, are on disks of their own here.
        if rest != "compose.yaml" || ["api", "milvus"].contains(&stack) {
            assert_eq!(read(here), read(&file.text), "{path}");
            same += 1;
        }
    }
    assert!(same > 4, "{same}");
}

#[test]
fn variables_and_secrets_are_there_when_a_machine_starts() {
    let blueprint = builtin("chatty");
    let plan = plan(&blueprint, partitions(120, Environment::Prod));
    let desired = wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a'));
    let started = started(&desired);
    let of = |stack: &str, file: &str| started[stack].1[&format!("/opt/chatty/{stack}/{file}")].clone();
    let env = of("api", ".env.fixed");
    let address = |stack: &str| {
        let address = desired.singles[stack].address.as_ref().unwrap();
        desired.resources[address].fields["address"].to_string()
    };
    assert!(env.contains(&format!("MILVUS_HOST={}\n", address("milvus"))), "{env}");
    assert!(env.contains(&format!("API_IMAGE={}\n", image("chatty/api", 'a'))), "{env}");
    assert!(!env.contains("PRIVATE_ADDRESS"), "{env}");
    let boot = of("api", "boot.sh");
    assert!(boot.contains("'PRIVATE_ADDRESS'") && boot.contains("'/chatty/secrets/postgres-password'"), "{boot}");
    let env = of("storage", ".env.fixed");
    assert!(env.contains(&format!("STORAGE_CLIENTS=\"{} {}\"\n", address("milvus"), address("postgres"))), "{env}");
    assert!(!env.contains("API_HOST"), "{env}");
    assert!(
        of("storage", "discover.sh")
            .contains("prometheus/targets/api-api.yml' 'api' \"$addresses\" 8000 8001 8002 8003")
    );
    assert!(of("api", "nginx/nginx.conf").contains("set_real_ip_from \"10.0.0.0/20\";"));
    let policy = |stack: &str| {
        let address = Address::new(Kind::InstanceProfile, format!("chatty-{stack}"));
        desired.resources[&address].fields["policy"].to_string()
    };
    assert!(policy("api").contains("parameter/chatty/secrets/postgres-password"));
    assert!(!policy("api").contains("minio-root-password") && !policy("api").contains("DescribeInstances"));
    for one in desired.resources.values().filter_map(|wanted| wanted.fields.get("policy")) {
        let policy: serde_json::Value = serde_json::from_str(&one.to_string()).unwrap();
        for statement in policy["Statement"].as_array().unwrap() {
            assert!(
                statement["Action"].as_array().unwrap().iter().all(|action| !action.as_str().unwrap().contains('*'))
            );
        }
    }
}

fn run(sim: &mut Sim, to: Desired, former: Option<Desired>, owner: &str) -> Rehearsal<Action> {
    let run = Run { owner: owner.to_owned(), command: "rapplan apply".to_owned(), seed: 1 };
    rehearse(sim, Engine::<Aws>::new(to, former, run, Policy::default()), Limits::default())
}

#[test]
fn rehearsed_from_nothing_to_a_release() {
    for (name, blueprint, plan) in shapes() {
        let mut options = options(&blueprint, &plan, 'a');
        options.may_interrupt = true;
        let first = wanted(&blueprint, &plan, &options);
        let mut sim = Sim::new(World::default(), Moment(0), 1);
        let story = run(&mut sim, first.clone(), None, "one");
        assert_eq!(story.ending, Some(Ending::Converged { changed: true }), "{name} {:?}", story.timeline.last());
        assert!(story.lowest.iter().all(|(_, low)| low.is_enough()), "{name} {:?}", story.lowest);
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
        for service in ["api", "frontend", "backend"] {
            options.images.insert(service.to_owned(), image(service, 'b'));
        }
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
        assert!(
            left.resources.is_empty() && left.groups.is_empty() && left.machines.is_empty() && left.routes.is_empty(),
            "{name}"
        );
    }
}

#[test]
fn names_keep_the_limits() {
    let mut blueprint = builtin("dojangkok");
    blueprint.name = "a-deployment-with-quite-a-long-name-of-its-own".to_owned();
    let plan = plan(&blueprint, concurrent(500));
    let desired = wanted(&blueprint, &plan, &options(&blueprint, &plan, 'a'));
    for address in desired.resources.keys() {
        assert!(address.name.len() <= address.kind.info().longest_name, "{address}");
    }
    assert_eq!(open(&desired.resources, &[]).len(), 6 + 3 + 5);
}

#[test]
fn a_network_that_is_there_is_left_alone() {
    let blueprint = builtin("chatty");
    let plan = plan(&blueprint, partitions(120, Environment::Prod));
    let mut options = options(&blueprint, &plan, 'a');
    let subnet =
        |id: &str, zone: &str, cidr: &str| Subnet { id: id.to_owned(), zone: zone.to_owned(), cidr: cidr.to_owned() };
    let private = vec![subnet("subnet-1", "a", "172.31.0.0/24"), subnet("subnet-2", "c", "172.31.1.0/24")];
    let public = vec![subnet("subnet-3", "a", "172.31.2.0/24"), subnet("subnet-4", "c", "172.31.3.0/24")];
    let subnets = BTreeMap::from([("*".to_owned(), private), ("alb".to_owned(), public)]);
    options.network = Network::Existing { vpc: "vpc-1".to_owned(), subnets };
    let desired = wanted(&blueprint, &plan, &options);
    let kinds: BTreeSet<Kind> = desired.resources.keys().map(|address| address.kind).collect();
    for kind in
        [Kind::Vpc, Kind::Subnet, Kind::RouteTable, Kind::NetworkAcl, Kind::InternetGateway, Kind::NetworkInterface]
    {
        assert!(!kinds.contains(&kind), "{kind:?}");
    }
    assert!(!desired.singles.contains_key("nat"));
    let addresses: BTreeSet<String> = desired
        .singles
        .values()
        .map(|single| desired.resources[single.address.as_ref().unwrap()].fields["address"].to_string())
        .collect();
    assert_eq!(addresses.len(), desired.singles.len(), "{addresses:?}");
    assert!(addresses.iter().all(|address| address.starts_with("172.31.0.2")), "{addresses:?}");
}

#[test]
fn what_cannot_be_gone_back_to_is_refused() {
    let blueprint = builtin("dojangkok");
    let plan = plan(&blueprint, concurrent(500));
    let refused = |change: &dyn Fn(&mut Options)| {
        let mut options = options(&blueprint, &plan, 'a');
        change(&mut options);
        desire(&blueprint, &plan, &Templates::embedded().unwrap(), &options).unwrap_err().problems()[0].code
    };
    let named = |image: &'static str| {
        move |options: &mut Options| drop(options.images.insert("backend".to_owned(), image.to_owned()))
    };
    assert_eq!(refused(&named("r/backend:latest")), Code::MovingTag);
    assert_eq!(refused(&named("r/backend:1.0.0")), Code::MovingTag);
    assert_eq!(refused(&|options| drop(options.images.remove("backend"))), Code::MissingField);
    assert_eq!(refused(&|options| drop(options.machines.remove("redis"))), Code::NoMachine);
    assert_eq!(refused(&|options| options.zones.truncate(1)), Code::BadValue);
    assert_eq!(refused(&|options| options.network = Network::New { cidr: "10.0.0.0/20".to_owned() }), Code::BadValue);
    assert_eq!(refused(&|options| options.machine_images.clear()), Code::MissingField);
}

#[test]
fn a_gateway_in_place_of_the_instance() {
    let blueprint = builtin("dojangkok");
    let plan = plan(&blueprint, concurrent(500));
    let mut options = options(&blueprint, &plan, 'a');
    options.nat = Nat::Gateway;
    let desired = wanted(&blueprint, &plan, &options);
    assert!(!desired.singles.contains_key("nat"));
    assert_eq!(passes(&desired.resources, &role("backend"), &Party::Internet, 443), Ok(()));
    assert!(passes(&desired.resources, &role("backend"), &Party::Internet, 80).is_err());
    assert_eq!(exposed(&desired), Vec::<String>::new());
}
