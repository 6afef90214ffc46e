//! How every figure of a size was reckoned: formula, inputs, source.

use super::component::Reckoning;
use super::outlook::Outlook;
use super::plan::{Plan, ServerPlan, ServicePlan};
use super::services::Sizing;
use super::vectors::{Basis, Row};
use crate::blueprint::service::Kind;
use crate::blueprint::tier::{Input, Tier};
use crate::demand::{Because, Demand, Figure};
use crate::units::Bytes;

/// Every figure of a plan that follows the tier table, in the order in which one leads to the next.
pub(super) fn of(tier: &Tier, plan: &Plan) -> Vec<Reckoning> {
    let mut why = demand(&plan.demand);
    why.extend(planned(&plan.demand));
    why.extend(choice(tier, plan));
    for server in &plan.servers {
        why.extend(server_memory(server));
        for service in &server.services {
            why.push(service_memory(server, service));
            why.extend(settings(service));
        }
    }
    why.extend(vectors(plan));
    why.push(cost(plan));
    why
}

/// Every figure of services that are sized one by one.
pub(super) fn of_services(asked: &Demand, sizing: &Sizing) -> Vec<Reckoning> {
    let mut why = demand(asked);
    why.extend(sizing.why.iter().cloned());
    for service in &sizing.services {
        let named = |reckoning: &Reckoning| Reckoning {
            figure: format!("{}: {}", service.service, reckoning.figure),
            ..reckoning.clone()
        };
        why.extend(service.why.iter().map(named));
    }
    why
}

fn reckoning(figure: &str, value: String, formula: &str, inputs: Vec<(&str, String)>, source: &str) -> Reckoning {
    Reckoning {
        figure: figure.to_owned(),
        value,
        formula: formula.to_owned(),
        inputs: inputs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        source: source.to_owned(),
    }
}

/// Each input of demand with where it comes from.
pub(super) fn demand(demand: &Demand) -> Vec<Reckoning> {
    let mut why = Vec::new();
    let mut push = |name: &str, value: String, because: &Because| {
        let (formula, source) = match because {
            Because::Given { origin } => ("as given".to_owned(), origin.to_string()),
            Because::Default { origin } => ("as nobody said otherwise".to_owned(), origin.to_string()),
            Because::Derived { formula } => (formula.to_string(), "follows exactly from the inputs".to_owned()),
            Because::Typical { formula } => {
                (formula.to_string(), "straight lines between the rows of the tier table; decides no tier".to_owned())
            }
        };
        why.push(reckoning(name, value, &formula, Vec::new(), &source));
    };
    fn each<T>(figure: &Option<Figure<T>>, show: impl Fn(&T) -> String, mut push: impl FnMut(String, &Because)) {
        if let Some(figure) = figure {
            push(show(&figure.value), &figure.because);
        }
    }
    each(&demand.partitions, |v| v.to_string(), |v, b| push("partitions", v, b));
    each(&demand.vectors_per_partition, |v| v.to_string(), |v, b| push("vectors per partition", v, b));
    each(&demand.vectors, |v| v.to_string(), |v, b| push("vectors", v, b));
    each(&demand.dims, |v| v.to_string(), |v, b| push("dimensions", v, b));
    each(&demand.data, |v| v.short(), |v, b| push("data", v, b));
    each(&demand.rps, |v| v.to_string(), |v, b| push("requests per second", v, b));
    each(&demand.users, |v| v.to_string(), |v, b| push("users", v, b));
    each(&demand.monthly_users, |v| v.to_string(), |v, b| push("monthly users", v, b));
    each(&demand.concurrent_users, |v| v.to_string(), |v, b| push("concurrent users", v, b));
    each(&demand.model_requests, |v| v.to_string(), |v, b| push("requests to the model", v, b));
    why
}

/// What is planned for, where growth or reserve make it differ from today.
fn planned(demand: &Demand) -> Vec<Reckoning> {
    let outlook = Outlook::planned(demand);
    let factor = demand.planning_factor();
    let grows = Input::ALL.into_iter().filter(|input| outlook.value(*input) > demand.base(*input));
    let inputs = |input: Input| {
        vec![
            ("today", input.show(demand.base(input))),
            ("growth", demand.growth.value.to_string()),
            ("months", demand.horizon_months.value.0.to_string()),
            ("headroom", demand.headroom.value.to_string()),
            ("factor", format!("{factor:.4}")),
        ]
    };
    grows
        .map(|input| {
            reckoning(
                &format!("{} planned for", input.word()),
                input.approx(outlook.value(input)),
                "today x (1 + growth)^months x (1 + headroom), rounded up",
                inputs(input),
                "compound growth",
            )
        })
        .collect()
}

fn choice(tier: &Tier, plan: &Plan) -> Vec<Reckoning> {
    let outlook = Outlook::planned(&plan.demand);
    let bounds = |input: Input| Some((input, tier.up_to.base(input)?));
    let inputs = Input::ALL.into_iter().filter_map(bounds).map(|(input, bound)| {
        let binds = if plan.demand.because(input).binds() { "" } else { ", which is only usual and decides nothing" };
        let value = format!("{} of at most {}{binds}", input.approx(outlook.value(input)), input.show(bound));
        (input.word(), value)
    });
    let forced = plan.tier.as_ref().is_some_and(|tier| tier.forced);
    let formula = if forced { "named by the user" } else { "the smallest tier whose every upper bound holds" };
    let mut why = vec![reckoning("tier", tier.name.clone(), formula, inputs.collect(), &tier.id)];
    why.extend(plan.set.as_ref().map(|set| {
        let inputs = vec![("because", set.because.clone())];
        reckoning("server set", set.name.clone(), "the smallest set of the tier that bears it", inputs, &set.id)
    }));
    why
}

fn server_memory(server: &ServerPlan) -> Option<Reckoning> {
    let memory = server.memory?;
    let given: u64 = server.services.iter().map(|service| service.memory.0 * u64::from(service.replicas)).sum();
    let inputs = vec![
        ("memory", memory.to_string()),
        ("services", Bytes(given).approx()),
        ("left over", Bytes(memory.0.saturating_sub(given)).approx()),
    ];
    Some(reckoning(
        &format!("{}: memory of the system", server.name),
        server.system_memory.approx(),
        "a twentieth of the server, at least 1 GiB; or what the table leaves over where it gives every service a figure",
        inputs,
        "a judgement of rapplan's: kernel, container engine and page tables",
    ))
}

fn service_memory(server: &ServerPlan, service: &ServicePlan) -> Reckoning {
    let inputs = vec![
        ("instances on each server", service.replicas.to_string()),
        ("cores of each", service.cpu.to_string()),
        ("kept for each", format!("{} cores and {}", service.cpu_reserved, service.memory_reserved.approx())),
    ];
    let what = format!("{}/{}: memory", server.name, service.service);
    reckoning(&what, service.memory.to_string(), "as the table gives it", inputs, &service.because)
}

fn settings(service: &ServicePlan) -> impl Iterator<Item = Reckoning> + '_ {
    let source = match service.kind {
        Kind::Sql => "pgtune, le0pard/pgtune at 7caef27c",
        Kind::Coordination => "Milvus's own Compose file; etcd documentation, maintenance",
        Kind::Web => "HikariCP, About Pool Sizing; uvicorn, --workers",
        _ => "",
    };
    service.settings.iter().map(move |setting| {
        let what = format!("{}: {}", service.service, setting.name);
        reckoning(&what, setting.value.clone(), &setting.because, Vec::new(), source)
    })
}

fn vectors(plan: &Plan) -> Vec<Reckoning> {
    let Some(check) = &plan.vectors else { return Vec::new() };
    let one = |row: &Row| {
        let source = match row.need.basis {
            Basis::Calculator => "Milvus sizing calculator, milvus.io/tools/sizing, read at f57ab625 of 2026-08-21",
            Basis::Documentation => "Milvus documentation of the index",
            Basis::Assumption => "an assumption, see the note",
            Basis::Doubtful => "the official figure, which cannot be right for large collections",
        };
        let mut inputs = vec![
            ("memory there is", check.available_memory.approx()),
            ("fits", if row.fits { "yes" } else { "no" }.to_owned()),
        ];
        inputs.extend(row.need.note.iter().map(|note| ("note", note.clone())));
        let what = format!("vectors under {}", row.label);
        reckoning(&what, row.need.memory.approx(), &row.need.formula, inputs, source)
    };
    check.rows.iter().map(one).collect()
}

fn cost(plan: &Plan) -> Reckoning {
    let typical = plan.cost.typical_usd.map(|usd| ("comparison table", usd.to_string()));
    let range = &plan.cost.monthly_usd;
    let value = range.max.map_or_else(|| format!("from {}", range.min), |max| format!("{} to {max}", range.min));
    reckoning("cost a month", value, "as the table estimates it", typical.into_iter().collect(), &plan.cost.because)
}
