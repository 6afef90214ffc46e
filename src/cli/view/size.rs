//! A size, for people.

use serde::Serialize;

use super::{Page, View, cells, forecast, machines, uncertainty};
use crate::blueprint::tier::{BytesRange, Input, UsdRange};
use crate::demand::{Demand, told};
use crate::size::component::Reckoning;
use crate::size::plan::{Plan, Room, ServerPlan};
use crate::size::vectors::{MemoryCheck, Row};
use crate::units::{Bytes, Count};

/// A size and how much of it is told to people; programs get all of it.
#[derive(Debug)]
pub struct SizeView<'a> {
    /// The size.
    pub plan: &'a Plan,
    /// Whether formula, inputs and source of every figure are shown.
    pub why: bool,
    /// Whether the forecast is shown.
    pub forecast: bool,
}

impl Serialize for SizeView<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.plan.serialize(serializer)
    }
}

impl View for SizeView<'_> {
    const KIND: &'static str = "size";

    fn page(&self) -> Page {
        let page = overview(self.plan, self.forecast);
        let page = match self.why {
            true => reckonings(page, &self.plan.why)
                .section("Machines not taken", |page| machines::not_taken(page, self.plan)),
            false => page,
        };
        page.section("Next", |page| page.code(self.plan.next.iter()))
    }
}

fn overview(plan: &Plan, forecast: bool) -> Page {
    let shown = plan.forecast.as_ref().filter(|_| forecast);
    Page::new()
        .text(summary(plan))
        .section("Warnings", |page| page.list(plan.warnings.iter().map(warning)))
        .section("Why", |page| page.list(why(plan)))
        .section("Demand", |page| page.table(["input", "today", "from"], told(&plan.demand)))
        .section("Uncertainty", |page| uncertainty::section(page, plan.uncertainty.as_ref()))
        .section("Servers", |page| servers(page, plan))
        .section("Services", |page| services(page, &plan.servers))
        .section("Services", |page| machines::services(page, plan))
        .section("Findings", |page| machines::findings(page, plan))
        .section("Components", |page| components(page, plan))
        .section("Memory of the vectors", |page| vectors(page, plan.vectors.as_ref(), !plan.servers.is_empty()))
        .section("Cells", |page| cells::section(page, plan.cells.as_ref()))
        .section("Room", |page| rooms(page, &plan.headroom, &plan.demand))
        .section("Path", |page| path(page, plan))
        .section("Machines", |page| machines::machines(page, plan))
        .section("Clouds compared", |page| machines::compared(page, plan))
        .section("Cost lines", |page| machines::cost_lines(page, plan))
        .section("Forecast", |page| forecast::section(page, shown))
        .section("Cost", |page| page.text(cost(plan)))
}

/// A size in a few lines: what it is, what decided it, and the machines of the chosen clouds.
pub fn brief(plan: &Plan) -> Vec<String> {
    let drivers = plan.tier.iter().flat_map(|tier| &tier.drivers);
    let because = drivers.map(|driver| format!("because {}", driver.because));
    let hosts = plan.clouds.iter().filter(|cloud| cloud.chosen).flat_map(|cloud| &cloud.placement.hosts);
    let hosts = hosts.map(|host| {
        let holds: Vec<&str> = host.holds.iter().map(|(lot, _)| lot.as_str()).collect();
        format!("{} x {} for {}: {} a month", host.count, host.machine, holds.join(", "), host.monthly_usd)
    });
    [summary(plan)].into_iter().chain(because).chain(hosts).collect()
}

fn summary(plan: &Plan) -> String {
    let cost = usd(&plan.cost.monthly_usd);
    let Some(tier) = &plan.tier else { return format!("{}: {cost} a month", plan.blueprint) };
    let listed = at_list_prices(plan).map(|listed| format!("; at list prices {listed}")).unwrap_or_default();
    // The only set of a tier is called after it, and need not be named again.
    let set = plan.set.as_ref().filter(|set| !set.id.starts_with(&tier.id));
    let set = set.map(|set| format!(", servers of {}", set.id)).unwrap_or_default();
    format!("Tier {} ({}){set}: {cost} a month{listed}", tier.name, tier.id)
}

/// What the machines of the chosen cloud cost, where the plan's cost is the estimate of a table.
fn at_list_prices(plan: &Plan) -> Option<String> {
    let cloud = plan.clouds.iter().find(|cloud| cloud.chosen).filter(|_| plan.tier.is_some())?;
    Some(format!("{} on {} {}", cloud.monthly_usd, cloud.provider.word(), cloud.region))
}

fn warning(warning: &crate::size::plan::Warning) -> String {
    let loud = if warning.severe { "WARNING: " } else { "" };
    let hint = warning.hint.as_ref().map(|hint| format!(". Hint: {hint}")).unwrap_or_default();
    format!("{loud}{}{hint}", warning.text)
}

/// What decided the tier and the server set, then what each smaller tier lacked.
fn why(plan: &Plan) -> Vec<String> {
    let drivers = plan.tier.iter().flat_map(|tier| &tier.drivers);
    let mut lines: Vec<String> = drivers.map(|driver| format!("{}: {}", driver.what, driver.because)).collect();
    lines.extend(plan.set.iter().map(|set| format!("servers: {}", set.because)));
    let rejected = plan.rejected.iter().filter(|tier| !tier.lacks.is_empty());
    lines.extend(rejected.map(|tier| format!("not {}: {}", tier.name, tier.lacks.join("; "))));
    lines
}

fn servers(page: Page, plan: &Plan) -> Page {
    let rows = plan.servers.iter().map(|server| {
        let count = match server.count_max.filter(|max| *max > server.count) {
            Some(max) => format!("{} (to {max})", server.count),
            None => server.count.to_string(),
        };
        let disks = server.disks.iter().map(|disk| {
            let most = disk.size_max.map(|max| format!(" to {max}")).unwrap_or_default();
            format!("{}{most} {}", disk.size, disk.kind)
        });
        [
            server.name.clone(),
            count,
            server.cpu.map_or_else(|| "-".to_owned(), |cpu| cpu.to_string()),
            memory(server),
            disks.collect::<Vec<_>>().join(", "),
            server.because.clone(),
        ]
    });
    page.table(["server", "count", "cores", "memory", "disks", "row"], rows)
}

fn memory(server: &ServerPlan) -> String {
    let most = server
        .memory_max
        .filter(|max| Some(*max) > server.memory)
        .map(|max| format!(" (to {max})"))
        .unwrap_or_default();
    server.memory.map_or_else(|| "-".to_owned(), |memory| format!("{memory}{most}"))
}

fn services(page: Page, servers: &[ServerPlan]) -> Page {
    let rows = servers.iter().flat_map(|server| server.services.iter().map(move |service| (server, service))).map(
        |(server, service)| {
            let ports: Vec<String> = service.ports.iter().map(u16::to_string).collect();
            [
                server.name.clone(),
                service.service.clone(),
                replicas(server.count, service.replicas),
                service.cpu.to_string(),
                service.memory.to_string(),
                service.disk.map(Bytes::approx).unwrap_or_default(),
                ports.join(", "),
            ]
        },
    );
    page.table(["server", "service", "replicas", "cores", "memory", "disk", "ports"], rows)
}

/// Instances over all servers of a kind: `8 (4 on each)`.
fn replicas(servers: u32, each: u32) -> String {
    if servers > 1 { format!("{} ({each} on each)", servers * each) } else { each.to_string() }
}

fn components(page: Page, plan: &Plan) -> Page {
    let rows = plan.components.iter().map(|part| {
        let count = match part.component.max {
            Some(max) if max > part.component.min => format!("{} to {max}", part.component.min),
            _ => part.component.min.to_string(),
        };
        [part.name.clone(), count, part.component.title.clone()]
    });
    page.table(["component", "replicas", "what it is"], rows)
}

fn vectors(page: Page, check: Option<&MemoryCheck>, bounded: bool) -> Page {
    let Some(check) = check else { return page };
    let cells = |row: &Row| {
        let nodes = &row.query_nodes;
        [
            row.label.clone(),
            row.need.memory.approx(),
            if row.need.disk.0 > 0 { row.need.disk.approx() } else { String::new() },
            format!("{} x {} cores, {}", nodes.count, nodes.cores, nodes.memory),
        ]
    };
    let raw = format!(
        "{} of {} dimensions are {} raw",
        Input::Vectors.approx_phrase(check.vectors.0),
        check.dims,
        check.raw.approx()
    );
    if !bounded {
        let page = page.text(format!("{raw}; a cluster is made as large as it must be. Indexes, best first:"));
        let head = ["index", "memory", "local disk", "query nodes of a cluster"];
        return page.table(head, check.rows.iter().map(cells));
    }
    let rows = check.rows.iter().map(|row| {
        let fits = match (row.memory_fits, row.disk_fits) {
            (true, true) => "yes",
            (false, _) => "no: memory",
            (true, false) => "no: disk",
        };
        let [label, memory, disk, nodes] = cells(row);
        [label, memory, disk, fits.to_owned(), nodes]
    });
    let (memory, disk) = (check.available_memory.approx(), check.available_disk);
    page.text(format!("{raw}; there are {memory} of memory and {disk} of local disk. Indexes, best first:"))
        .table(["index", "memory", "local disk", "fits", "query nodes of a cluster"], rows)
}

fn rooms(page: Page, rooms: &[Room], demand: &Demand) -> Page {
    // What is only usual passes its boundary without deciding anything.
    let name = |input: Input| {
        if demand.because(input).binds() { input.word().to_owned() } else { format!("{} (typical)", input.word()) }
    };

    let rows = rooms.iter().map(|room| {
        let when = room.passed_in_month.map(|month| format!("month {month}")).unwrap_or_default();
        let used = format!("{}%", room.used.0 / 10_000);
        [
            name(room.input),
            room.planned.clone(),
            room.bound.clone(),
            used,
            room.then.clone(),
            when,
            room.because.clone(),
        ]
    });
    page.table(["input", "planned", "boundary", "used", "then", "passed in", "row"], rows)
}

fn path(page: Page, plan: &Plan) -> Page {
    if plan.path.len() < 2 {
        return page;
    }
    let rows = plan.path.iter().map(|step| {
        let from = if step.month == 0 { "today".to_owned() } else { format!("month {}", step.month) };
        [from, step.demand.clone(), step.tier.clone(), step.set.clone().unwrap_or_default()]
    });
    page.table(["from", "demand", "tier", "servers"], rows)
}

fn cost(plan: &Plan) -> String {
    let range = &plan.cost.monthly_usd;
    // A typical cost that is the whole of the range, or its only end, says nothing more.
    let more = range.max != Some(range.min) && !(range.max.is_none() && plan.cost.typical_usd == Some(range.min));
    let typical = plan.cost.typical_usd.filter(|_| more);
    let typical = typical.map(|usd| format!(" (the comparison table says {usd} for the tier)")).unwrap_or_default();
    let estimate = format!("{} a month{typical}: {}", usd(&plan.cost.monthly_usd), plan.cost.because);
    let Some(cloud) = plan.clouds.iter().find(|cloud| cloud.chosen).filter(|_| plan.tier.is_some()) else {
        return estimate;
    };
    let gaps = match cloud.missing.len() {
        0 => String::new(),
        1 => "; one thing is not in it".to_owned(),
        n => format!("; {n} things are not in it"),
    };
    let listed = format!(
        "{} a month on {} {}: list prices of {}{gaps}",
        cloud.monthly_usd,
        cloud.provider.word(),
        cloud.region,
        cloud.price_date.shown()
    );
    format!("{listed}. For comparison, {estimate}")
}

/// A range of costs: `$5,000 to $8,000`, `$10,000 or more`.
pub fn usd(range: &UsdRange) -> String {
    match range.max {
        Some(max) if max == range.min => max.to_string(),
        Some(max) => format!("{} to {max}", range.min),
        None => format!("{} or more", range.min),
    }
}

/// A range of amounts.
pub fn bytes(range: &BytesRange) -> String {
    match range.max {
        Some(max) if max == range.min => max.to_string(),
        Some(max) => format!("{} to {max}", range.min),
        None => format!("{} or more", range.min),
    }
}

/// A demand in a sentence: "120 partitions, 3.6 billion vectors, 384 dimensions".
pub fn sentence(demand: &Demand) -> String {
    format!(
        "{}, {} vectors, {} dimensions",
        Input::Partitions.phrase(demand.base(Input::Partitions)),
        Count(demand.base(Input::Vectors)).spoken(),
        demand.dimensions()
    )
}

/// Figure by figure, formula, inputs and source.
fn reckonings(page: Page, why: &[Reckoning]) -> Page {
    let rows = why.iter().map(|one| {
        let inputs: Vec<String> = one.inputs.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let inputs = if inputs.is_empty() { String::new() } else { format!(", with {}", inputs.join("; ")) };
        let source = if one.source.is_empty() { String::new() } else { format!(" [{}]", one.source) };
        [one.figure.clone(), one.value.clone(), format!("{}{inputs}{source}", one.formula)]
    });
    page.section("Reckoned", |page| page.table(["figure", "value", "how, with what, from where"], rows))
}
