//! What a user waits for: the process, a size, a rendering, a sweep. `cargo bench`; figures in docs/benchmarks.md.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(clippy::disallowed_methods, reason = "a benchmark starts processes")]

mod releases;

use std::process::{Command, Stdio};

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use rapplan::blueprint::Blueprint;
use rapplan::blueprint::builtin::BUILTIN;
use rapplan::blueprint::platform::Provider;
use rapplan::blueprint::service::Arch;
use rapplan::catalog::{Machine, Prices, Purchase, Quote};
use rapplan::demand::{Ask, Given, Range, Ranged, Variable, Worlds, derive};
use rapplan::render::templates::Templates;
use rapplan::size::component::Resources;
use rapplan::size::placement::{Lot, Rules, Spread, place};
use rapplan::size::sweep::sweep;
use rapplan::size::worlds::{Tiers, answer};
use rapplan::size::{Request, size};
use rapplan::units::{Bytes, Cores, Count, Price, Share};
use rapplan::{design, render};

fn main() {
    divan::main();
}

const CHATTY: &str = BUILTIN[0].2;

fn chatty() -> Blueprint {
    toml::from_str(CHATTY).unwrap()
}

fn partitions(n: u64) -> Ask {
    Ask { partitions: Some(Given { value: Count(n), origin: String::new() }), ..Ask::default() }
}

/// The whole process, from its start to its last byte.
#[divan::bench(args = ["version", "size --partitions 120", "size --partitions 120 -o json", "size --rps 500..2000 --worlds 128", "size --rps 500..2000 --worlds 1000", "size --rps 500..2000 --worlds 10000", "size --blueprint dojangkok --ccu 150..450 --mix write-heavy --worlds 10000", "size --blueprint aperag --vectors 1M..30M --worlds 10000", "explain E0202"], sample_count = 200)]
fn process(bencher: Bencher, args: &str) {
    bencher.bench(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rapplan"));
        let status = command.args(args.split(' ')).env_clear().stdout(Stdio::null()).status().unwrap();
        assert!(status.success());
    });
}

/// The whole process of a rendering that writes every file of the split tier.
#[divan::bench(sample_count = 50)]
fn process_render(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    let mut n = 0;
    bencher.bench_local(|| {
        n += 1;
        let mut command = Command::new(env!("CARGO_BIN_EXE_rapplan"));
        command.args(["render", "--tier", "split", "--out", &n.to_string()]).current_dir(folder.path());
        assert!(command.env_clear().stdout(Stdio::null()).status().unwrap().success());
    });
}

/// Reading and checking the 1,000 lines of the Chatty blueprint, every key against the schema.
#[divan::bench]
fn check_blueprint() -> Blueprint {
    Blueprint::parse("chatty.toml", black_box(CHATTY)).unwrap().blueprint
}

/// One size with all its reasons.
#[divan::bench]
fn size_120(bencher: Bencher) {
    let blueprint = chatty();
    bencher.bench(|| size(&blueprint, &Request { ask: partitions(black_box(120)), ..Request::default() }).unwrap());
}

/// Every file of a tier, in memory.
#[divan::bench(args = [30, 120])]
fn render_files(bencher: Bencher, n: u64) {
    let blueprint = chatty();
    let plan = size(&blueprint, &Request { ask: partitions(n), ..Request::default() }).unwrap();
    let templates = Templates::embedded().unwrap();
    bencher.bench(|| {
        let topology = design::build(&blueprint, &plan, "chatty").unwrap();
        render::files(&topology, &templates).unwrap()
    });
}

/// A seeded stand-in for chance: the same lots and machines each time.
fn chance(state: &mut u64, below: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}

/// 500 machine types: 50 families of 10 sizes, with 2, 4 or 8 GiB for each core, and prices that grow with the size.
fn machine_types() -> Vec<Machine> {
    let mut state = 7;
    let family = |at: u64| {
        let (per_core, gib) = (20_000 + chance(&mut state, 20_000), 2u64 << (at % 3));
        (0..10u64).map(move |size| {
            let cores = [1, 2, 4, 8, 16, 32, 48, 64, 96, 128][size as usize];
            let price = Price(cores * (per_core + gib * 2_500));
            let quote = Quote { price, date: String::new(), source: "synthetic".to_owned(), note: None };
            Machine {
                provider: Provider::Aws,
                region: "synthetic".to_owned(),
                name: format!("f{at}.{size}"),
                family: format!("f{at}"),
                cpu: Cores::whole(cores),
                memory: Bytes::gib(cores * gib),
                arch: if at.is_multiple_of(2) { Arch::Arm64 } else { Arch::Amd64 },
                burstable: false,
                gpu: None,
                local_disk: Bytes(0),
                prices: Prices { on_demand: Some(quote), ..Prices::default() },
                note: None,
            }
        })
    };
    (0..50).flat_map(family).collect()
}

/// 50 services of one to three copies, 0.25 to 4 cores, 0.25 to 16 GiB, in so many roles.
fn services(roles: u64) -> Vec<Lot> {
    let mut state = 11;
    let one = |at: u64| Lot {
        name: format!("s{at}"),
        role: format!("r{}", at % roles),
        copies: 1 + chance(&mut state, 3) as u32,
        each: Resources {
            cpu: Cores(250 * (1 + chance(&mut state, 16))),
            memory: Bytes::mib(256 * (1 + chance(&mut state, 64))),
            ..Resources::default()
        },
        arch: if chance(&mut state, 3) == 0 { vec![Arch::Amd64] } else { Vec::new() },
        spread: if chance(&mut state, 2) == 0 { Spread::Machines } else { Spread::None },
        steady: false,
        machine: None,
    };
    (0..50).map(one).collect()
}

/// 50 services onto 500 machine types, by how many roles are kept apart.
#[divan::bench(args = [1, 5, 10, 25], sample_count = 10)]
fn placement_50x500(bencher: Bencher, roles: u64) {
    let (lots, machines) = (services(roles), machine_types());
    let machines: Vec<&Machine> = machines.iter().collect();
    let rules = Rules {
        separate_roles: true,
        max_machines: None,
        zones: 1,
        purchase: Purchase::OnDemand,
        system_memory: Bytes::mib(512),
        runners_up: 2,
    };
    bencher.bench(|| place(black_box(&lots), &machines, &rules).unwrap());
}

/// The eight services of a small application onto 500 machine types.
#[divan::bench]
fn placement_8x500(bencher: Bencher) {
    let (lots, machines) = (services(5), machine_types());
    let machines: Vec<&Machine> = machines.iter().collect();
    let rules = Rules {
        separate_roles: true,
        max_machines: None,
        zones: 1,
        purchase: Purchase::OnDemand,
        system_memory: Bytes::mib(512),
        runners_up: 2,
    };
    bencher.bench(|| place(black_box(&lots[..8]), &machines, &rules).unwrap());
}

/// A million demands on all cores.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn sweep_million(bencher: Bencher) {
    let blueprint = chatty();
    bencher
        .counter(ItemsCount::new(1_000_000u32))
        .bench(|| sweep(&blueprint, 1..=1_000_000, partitions).unwrap().len());
}

/// Possible worlds of two ranges: draws, sizes, regret, chances and the value of information, on all cores.
#[divan::bench(args = [128, 1000, 10_000, 1_000_000])]
fn worlds(bencher: Bencher, count: u32) {
    let blueprint = chatty();
    let range = |variable, low, high| {
        let range = Range { low, high, confidence: Share::percent(90) };
        Ranged { variable, range, origin: String::new() }
    };
    let ranges = vec![range(Variable::Rps, 500_000, 2_000_000), range(Variable::Partitions, 30, 90)];
    let middle = ranges.iter().fold(Ask::default(), |ask, r| ask.with(r.variable, r.variable.middle(&r.range), ""));
    let ask = Ask { ranges, worlds: Worlds { count, seed: 1 }, ..middle };
    let demand = derive(&blueprint, &ask).unwrap();
    bencher.counter(ItemsCount::new(count)).bench(|| {
        let model = Tiers::new(&blueprint, &demand, None, None);
        let (of_middle, _) = model.best(&demand);
        answer(&model, black_box(&ask), &of_middle).unwrap()
    });
}

/// Possible worlds of services: draws, the steps of their sizes, machines for each plan, regret and chances, on all cores.
#[divan::bench(args = [128, 1000, 10_000])]
fn worlds_of_services(bencher: Bencher, count: u32) {
    let blueprint = Blueprint::parse("dojangkok.toml", builtin("dojangkok")).unwrap().blueprint;
    let range = Range { low: 150, high: 450, confidence: Share::percent(90) };
    let users = Ranged { variable: Variable::ConcurrentUsers, range, origin: String::new() };
    let middle = Ask::default().with(users.variable, users.variable.middle(&users.range), "");
    let ask = Ask { ranges: vec![users], worlds: Worlds { count, seed: 1 }, ..middle };
    let request = Request { ask, ..Request::default() };
    bencher.counter(ItemsCount::new(count)).bench(|| size(&blueprint, black_box(&request)).unwrap());
}

fn builtin(name: &str) -> &'static str {
    BUILTIN.iter().find(|(known, ..)| *known == name).unwrap().2
}
