//! What a user waits for: the process, a size, a rendering, a sweep. `cargo bench`; figures in docs/benchmarks.md.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(clippy::disallowed_methods, reason = "a benchmark starts processes")]

use std::process::{Command, Stdio};

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use rapplan::blueprint::Blueprint;
use rapplan::blueprint::builtin::BUILTIN;
use rapplan::demand::{Ask, Given};
use rapplan::render::templates::Templates;
use rapplan::size::sweep::sweep;
use rapplan::size::{Request, size};
use rapplan::units::Count;
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
#[divan::bench(args = ["version", "size --partitions 120", "size --partitions 120 -o json", "explain E0202"], sample_count = 200)]
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

/// A million demands on all cores.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn sweep_million(bencher: Bencher) {
    let blueprint = chatty();
    bencher
        .counter(ItemsCount::new(1_000_000u32))
        .bench(|| sweep(&blueprint, 1..=1_000_000, partitions).unwrap().len());
}
