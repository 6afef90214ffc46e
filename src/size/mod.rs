//! From a demand to a sized deployment: which tier, on which servers, at what cost, and why.

pub mod cache;
mod cells;
pub mod choose;
pub mod clouds;
pub mod compare;
pub mod component;
pub mod coordination;
pub mod cost;
pub mod diff;
pub mod document;
pub mod forecast;
pub mod graph;
pub mod impossible;
pub mod jvm;
pub mod llm;
pub mod mysql;
pub mod objects;
mod other_store;
pub mod outlook;
pub mod placement;
pub mod plan;
pub mod queueing;
mod reckon;
mod room;
pub mod search;
mod servers;
pub mod services;
mod settings;
pub mod sql;
pub mod sweep;
#[cfg(test)]
mod test_machine;
mod uncertain;
mod vector_memory;
pub mod vectors;
mod warnings;
pub mod web;
mod why;
pub mod worlds;

use crate::blueprint::Blueprint;
use crate::blueprint::tier::{Platform, Tier, UsdRange};
use crate::catalog::Catalog;
use crate::demand::{Ask, Demand, Given, derive};
use crate::error::{Code, Problem, Result};
use crate::nearest::did_you_mean;
use crate::units::Usd;
use choose::Choice;
use clouds::CloudChoice;
use plan::{ComponentPlan, Cost, Plan, TierChoice};
use uncertain::Decided;
pub use uncertain::about;
use worlds::services::Market;

/// What is sized.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What the user said of the demand.
    pub ask: Ask,
    /// The tier, when the user named it.
    pub tier: Option<Given<String>>,
    /// Which machines and prices are taken.
    pub cloud: CloudChoice,
}

/// Sizes a blueprint at the prices that the program carries.
///
/// # Errors
/// As [`size_at`].
pub fn size(blueprint: &Blueprint, request: &Request) -> Result<Plan> {
    size_at(blueprint, request, Catalog::embedded())
}

/// Sizes a blueprint at the prices of a catalogue.
///
/// # Errors
/// All that is wrong with the inputs, that no tier bears the demand, or that no machines hold it.
pub fn size_at(blueprint: &Blueprint, request: &Request, catalog: &Catalog) -> Result<Plan> {
    let named = request.tier.as_ref().map(|tier| named_tier(blueprint, tier)).transpose()?;
    let ask = match named {
        Some(tier) if says_nothing(&request.ask) => ask_of_row(tier, &request.ask),
        _ => request.ask.clone(),
    };
    if blueprint.tiers.is_empty() {
        return without_tiers(blueprint, request, catalog);
    }
    if !ask.ranges.is_empty() {
        worlds::check(&ask)?;
    }
    let demand = derive(blueprint, &ask)?;
    let at = named.and_then(|tier| blueprint.tiers.iter().position(|other| other.name == tier.name));
    let choice = match (&request.tier, at) {
        (Some(given), Some(at)) => choose::forced(&blueprint.tiers, at, &demand, &given.origin),
        _ => choose::choose(&blueprint.tiers, &demand)?,
    };
    let asked = vector_memory::asked_index(&demand)?;
    let decided = uncertain::decide(blueprint, &ask, &demand, choice, at, asked)?;
    let mut plan = assemble(blueprint, demand, &decided, request.tier.is_some(), asked);
    plan.forecast = forecast::forecast(blueprint, &ask, &plan.demand, at)?;
    plan.warnings.extend(decided.uncertainty.iter().flat_map(|found| uncertain::warnings(found, true)));
    plan.warnings.sort_by_key(|warning| !warning.severe);
    plan.why.extend(decided.uncertainty.iter().flat_map(worlds::why));
    plan.uncertainty = decided.uncertainty;
    if !plan.servers.is_empty() || plan.tier.as_ref().is_some_and(|tier| tier.platform == Platform::Kubernetes) {
        plan.clouds = clouds::of_servers(blueprint, &plan, &request.cloud, catalog)?;
        plan.warnings.extend(clouds::not_planned(&plan, &request.cloud));
        plan.warnings.extend(clouds::against_the_table(&plan, catalog));
        plan.warnings.extend(clouds::warnings(&plan.clouds, catalog));
        plan.warnings.extend(clouds::without_a_cloud(&plan, &request.cloud));
        plan.warnings.sort_by_key(|warning| !warning.severe);
    }
    plan.next = next(&plan, None);
    Ok(plan)
}

/// Sizes a blueprint whose services are sized one by one.
fn without_tiers(blueprint: &Blueprint, request: &Request, catalog: &Catalog) -> Result<Plan> {
    if !services::says_enough(blueprint) {
        return Err(not_sizable(blueprint).into());
    }
    let demand = derive(blueprint, &request.ask)?;
    let named = clouds::named(blueprint, &request.cloud);
    let sizer = services::load::Sizer::new(blueprint, &demand, named.clone(), catalog)?;
    let known = clouds::Known::default();
    let environment = demand.environment.value;
    let market = Market { environment, choice: &request.cloud, catalog, known: &known };
    let (planned, uncertainty) = uncertain::of_services(&sizer, &request.ask, &demand, market)?.unzip();
    let planned = planned.as_ref().unwrap_or(&demand);
    let sizing = services::size(blueprint, planned, named, catalog)?;
    let clouds = clouds::of_services(blueprint, &sizing.services, planned, &request.cloud, catalog)?;
    let mut why = why::of_services(&demand, &sizing);
    why.extend(uncertainty.iter().flat_map(worlds::why));
    let mut plan = Plan {
        blueprint: blueprint.name.clone(),
        tier: None,
        rejected: Vec::new(),
        set: None,
        servers: Vec::new(),
        components: Vec::new(),
        cost: clouds::cost(&clouds),
        headroom: Vec::new(),
        path: Vec::new(),
        vectors: None,
        warnings: sizing.warnings,
        next: Vec::new(),
        findings: sizing.findings,
        why,
        uncertainty,
        forecast: forecast::of_services(&sizer, &request.ask, &demand, market)?,
        services: sizing.services,
        clouds,
        cells: cells::of_services(blueprint, planned),
        demand,
    };
    plan.why.extend(cells::why(&plan).collect::<Vec<_>>());
    plan.warnings.extend(cells::warnings(&plan));
    plan.warnings.extend(warnings::unused(blueprint, &plan.demand));
    let found: Vec<_> = plan.uncertainty.iter().flat_map(|found| uncertain::warnings(found, false)).collect();
    plan.warnings.extend(found);
    let impossible = impossible_input(blueprint, &plan, catalog);
    plan.warnings.extend(impossible);
    plan.warnings.extend(impossible::placed_model::check(blueprint, &plan, catalog));
    plan.warnings.extend(clouds::warnings(&plan.clouds, catalog));
    plan.warnings.sort_by_key(|warning| !warning.severe);
    plan.next = next(&plan, None);
    Ok(plan)
}

/// What cannot work of what the blueprint says, with the requests to the model that the demand has, where the services are
/// planned to run.
fn impossible_input(blueprint: &Blueprint, plan: &Plan, catalog: &Catalog) -> Vec<plan::Warning> {
    let mut asked = blueprint.clone();
    for model in asked.services.values_mut().filter_map(|service| service.model.as_mut()) {
        if let Some(requests) = &plan.demand.model_requests {
            model.concurrent_requests = Some(requests.value);
        }
    }
    let machine = |provider, region: &str, name: &str| catalog.machine(provider, region, name).cloned();
    let planned = |service: &str| clouds::planned(blueprint, service, &plan.clouds, catalog);
    let mut found = impossible::of_services(&asked, &machine, &planned);
    // Pools that are planned were weighed against the database that is planned, which says more.
    if plan.warnings.iter().any(|warning| warning.id == impossible::pool::ID) {
        found.retain(|warning| warning.id != impossible::pool::ID);
    }
    found
}

fn not_sizable(blueprint: &Blueprint) -> Problem {
    Problem::new(Code::NotSizable, format!("the blueprint `{}` says nothing to size from", blueprint.name))
        .because(
            "it has no tier table, no service says what it needs or how large its heap is, and nothing was load-tested",
        )
        .hint("say what each service needs: rapplan explain services.needs")
        .hint("size one that says it: rapplan size --blueprint dojangkok --ccu 450")
}

fn assemble(
    blueprint: &Blueprint,
    demand: Demand,
    decided: &Decided<'_>,
    forced: bool,
    asked: Option<vectors::Index>,
) -> Plan {
    let (choice, chosen) = (&decided.choice, &decided.set);
    let tier = choice.tier;
    let set = chosen.as_ref().map(|(set, _)| *set);
    let mut servers = set.map(|set| servers::servers(blueprint, set)).unwrap_or_default();
    // Only Milvus has these indexes and limits.
    let milvus = other_store::is_milvus(blueprint);
    let vectors = milvus.then(|| vector_memory::check(tier, &servers, &demand, asked)).flatten();
    let notes = settings::fill_in(blueprint, &mut servers, &demand, vectors.as_ref());
    let headroom = room::rooms(&blueprint.tiers, tier, set, &demand);
    let mut plan = Plan {
        blueprint: blueprint.name.clone(),
        tier: Some(tier_choice(tier, choice, forced)),
        rejected: choice.rejected.clone(),
        set: chosen.as_ref().map(|(_, choice)| choice.clone()),
        servers,
        components: components(tier),
        cost: cost(tier, set.map(|set| set.cost), set.map_or(&tier.id, |set| &set.id)),
        headroom,
        path: room::milestones(&blueprint.tiers, &demand),
        warnings: Vec::new(),
        next: Vec::new(),
        services: Vec::new(),
        findings: Vec::new(),
        clouds: Vec::new(),
        why: Vec::new(),
        uncertainty: None,
        forecast: None,
        cells: cells::of_tier(tier, vectors.as_ref(), &demand),
        vectors,
        demand,
    };
    plan.why = why::of(tier, &plan);
    plan.why.extend(cells::why(&plan).collect::<Vec<_>>());
    plan.warnings = warnings::warnings(blueprint, tier, &plan, notes);
    let of_store = other_store::check(blueprint, &mut plan);
    plan.warnings.extend(of_store);
    plan.warnings.sort_by_key(|warning| !warning.severe);
    plan
}

fn named_tier<'a>(blueprint: &'a Blueprint, given: &Given<String>) -> Result<&'a Tier> {
    let names: Vec<_> = blueprint.tiers.iter().map(|tier| tier.name.as_str()).collect();
    blueprint.tiers.iter().find(|tier| tier.name == given.value).ok_or_else(|| {
        Problem::new(Code::UnknownName, format!("the blueprint `{}` has no tier `{}`", blueprint.name, given.value))
            .because(format!("named by {}", given.origin))
            .hint_opt(did_you_mean(&given.value, names.iter().copied()))
            .hint(match names.is_empty() {
                true => format!("the blueprint has no tier table: rapplan blueprints show {}", blueprint.name),
                false => format!("its tiers are {}", names.join(", ")),
            })
            .into()
    })
}

fn says_nothing(ask: &Ask) -> bool {
    ask.partitions.is_none() && ask.vectors.is_none() && ask.data.is_none() && ask.rps.is_none() && ask.users.is_none()
}

/// A tier named without a demand is sized for all that its first server set bears.
fn ask_of_row(tier: &Tier, ask: &Ask) -> Ask {
    let set = tier.sizes.first().filter(|set| set.up_to.partitions.is_some());
    let (bounds, id) = set.map_or((&tier.up_to, &tier.id), |set| (&set.up_to, &set.id));
    let lower = tier.from.partitions;
    let mut ask = ask.clone();
    let partitions = bounds.partitions.or(lower);
    ask.partitions = partitions.map(|value| Given { value, origin: format!("{id}, since no demand was given") });
    if ask.environment.is_none() {
        ask.environment = tier.environments.last().map(|environment| Given {
            value: *environment,
            origin: format!("{}, since no environment was given", tier.id),
        });
    }
    ask
}

fn tier_choice(tier: &Tier, choice: &Choice<'_>, forced: bool) -> TierChoice {
    TierChoice {
        id: tier.id.clone(),
        name: tier.name.clone(),
        title: tier.title.clone(),
        platform: tier.platform,
        drivers: choice.drivers.clone(),
        forced,
        high_availability: tier.high_availability,
        auto_scaling: tier.auto_scaling,
        up_to: tier.up_to.clone(),
        servers: tier.totals.servers,
        cpu: tier.totals.cpu,
        memory: tier.totals.memory,
        storage: tier.totals.storage,
        when: tier.when.clone(),
        complexity: tier.complexity.clone(),
    }
}

fn components(tier: &Tier) -> Vec<ComponentPlan> {
    tier.components
        .iter()
        .map(|(name, component)| ComponentPlan { name: name.clone(), component: component.clone() })
        .collect()
}

fn cost(tier: &Tier, of_set: Option<UsdRange>, row: &str) -> Cost {
    let monthly_usd = of_set.unwrap_or(tier.totals.cost);
    Cost {
        monthly_usd,
        typical_usd: Some(tier.totals.typical_cost).filter(|usd| within(&monthly_usd, *usd)),
        because: format!("{row}, the table's own estimate; machine prices of a cloud are not in it"),
    }
}

fn within(range: &UsdRange, usd: Usd) -> bool {
    usd > Usd(0) && usd >= range.min && range.max.is_none_or(|max| usd <= max)
}

/// The commands that come next; `named` is how the command line named the blueprint, when it did.
pub fn next(plan: &Plan, named: Option<&str>) -> Vec<String> {
    let blueprint = |flag: &str| named.map(|name| format!(" {flag}{}", shell_word(name))).unwrap_or_default();
    let size = || format!("rapplan size{} {}", blueprint("--blueprint "), demand_flags(plan));
    if plan.tier.as_ref().is_some_and(|tier| tier.platform == Platform::Compose) {
        let mut next = vec![format!("rapplan render{} {}--out deploy", blueprint("--blueprint "), demand_flags(plan))];
        if plan.clouds.is_empty() {
            next.push(format!("{}--cloud cheapest", size()));
        }
        next
    } else if plan.tier.is_none() {
        vec![format!("{}--why", size()), format!("{}--cloud cheapest", size())]
    } else {
        let mut next = vec![format!("{}--why", size())];
        if plan.clouds.is_empty() && plan.cells.is_some() {
            next.push(format!("{}--cloud cheapest", size()));
        }
        next
    }
}

/// A text as one word of a shell.
fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// The flags that say the same demand again.
fn demand_flags(plan: &Plan) -> String {
    let demand = &plan.demand;
    let mut flags = String::new();
    let mut flag = |given: bool, name: &str, value: String| {
        if given {
            flags.push_str(&format!("--{name} {} ", value.replace(' ', "")));
        }
    };
    let digits = |text: String| text.replace(',', "").replace("/s", "");
    // What was given as a range is given as the same range again.
    let range = |name: &str| {
        let inputs = plan.uncertainty.iter().flat_map(|found| &found.inputs);
        inputs.into_iter().find(|input| input.variable.flag() == name).map(|input| input.range.clone())
    };
    let mut said = |name: &str, figure: Option<(bool, String)>| {
        let (given, value) = figure.unwrap_or_default();
        flag(given, name, range(name).unwrap_or_else(|| digits(value)));
    };
    said("partitions", demand.partitions.as_ref().map(|f| (f.because.is_given(), f.value.0.to_string())));
    said("vectors", demand.vectors.as_ref().map(|f| (f.because.is_given(), f.value.to_string())));
    let per = demand.vectors_per_partition.as_ref();
    said("vectors-per-partition", per.map(|f| (f.because.is_given(), f.value.to_string())));
    said("dims", demand.dims.as_ref().map(|f| (f.because.is_given(), f.value.to_string())));
    said("data", demand.data.as_ref().map(|f| (f.because.is_given(), f.value.to_string())));
    said("rps", demand.rps.as_ref().map(|f| (f.because.is_given(), f.value.to_string())));
    said("users", demand.users.as_ref().map(|f| (f.because.is_given(), f.value.to_string())));
    said("ccu", demand.concurrent_users.as_ref().map(|f| (f.because.is_given(), f.value.to_string())));
    said("mau", demand.monthly_users.as_ref().map(|f| (f.because.is_given(), f.value.to_string())));
    said("mix", demand.mix.as_ref().map(|f| (f.because.is_given(), f.value.clone())));
    said("model-requests", demand.model_requests.as_ref().map(|f| (f.because.is_given(), f.value.to_string())));
    let environment = match demand.environment.value {
        crate::blueprint::tier::Environment::Dev => "dev",
        crate::blueprint::tier::Environment::Prod => "prod",
    };
    flag(demand.environment.because.is_given(), "environment", environment.to_owned());
    for required in &demand.require {
        flag(true, "require", required.value.word().to_owned());
    }
    let growth = range("growth").unwrap_or_else(|| demand.growth.value.to_string());
    flag(demand.growth.because.is_given(), "growth", growth);
    flag(demand.horizon_months.because.is_given(), "horizon", demand.horizon_months.value.to_string());
    flag(demand.headroom.because.is_given(), "headroom", demand.headroom.value.to_string());
    let index = demand.index.as_ref().and_then(|index| index.value.parse::<vectors::Index>().ok());
    flag(index.is_some(), "index", index.map(vectors::Index::name).unwrap_or_default().to_owned());
    flags
}
