//! Services, findings, machines and cost lines of a size, for people.

use super::Page;
use crate::catalog::Purchase;
use crate::size::clouds::{CloudPlan, Named};
use crate::size::placement::{Host, Proof};
use crate::size::plan::Plan;
use crate::size::services::reckon::{brief, show};
use crate::units::Count;

/// How many rejected machines are named.
const REJECTED: usize = 5;

/// The services of a blueprint without a tier table.
pub(super) fn services(page: Page, plan: &Plan) -> Page {
    let rows = plan.services.iter().map(|service| {
        let disk = if service.each.disk.0 > 0 { brief(service.each.disk) } else { String::new() };
        let gpu = if service.each.gpu_memory.0 > 0 { brief(service.each.gpu_memory) } else { String::new() };
        [
            service.service.clone(),
            service.instances.to_string(),
            service.each.cpu.to_string(),
            brief(service.each.memory),
            disk,
            gpu,
            service.because.clone(),
        ]
    });
    page.table(["service", "instances", "cores", "memory", "disk", "GPU memory", "decided by"], rows)
}

/// What load tests, playbooks and conditions say at this load.
pub(super) fn findings(page: Page, plan: &Plan) -> Page {
    page.list(plan.findings.iter().map(|finding| {
        let of = finding.service.as_ref().map(|service| format!(" of {service}")).unwrap_or_default();
        let action = finding.action.as_ref().map(|action| format!(". Do: {action}")).unwrap_or_default();
        format!("{}{of}: {} [{}]{action}", finding.topic.word(), finding.text, finding.source)
    }))
}

/// The machines of every chosen cloud, and what else is known of them.
pub(super) fn machines(page: Page, plan: &Plan) -> Page {
    plan.clouds.iter().filter(|cloud| cloud.chosen).fold(page, |page, cloud| {
        let rows = cloud.placement.hosts.iter().map(row);
        let head = ["machine", "count", "holds", "used", "zones", "a month"];
        page.text(title(cloud)).table(head, rows).list(remarks(cloud))
    })
}

fn title(cloud: &CloudPlan) -> String {
    // A cloud that is called after its provider need not be named twice.
    let name = cloud.name.as_ref().filter(|name| *name != cloud.provider.word());
    let name = name.map(|name| format!("{name}: ")).unwrap_or_default();
    let proof = match cloud.placement.proof {
        Proof::Optimal => "nothing cheaper exists under the rules".to_owned(),
        Proof::AtLeast { bound_usd } => format!("no plan costs less than {bound_usd}"),
    };
    format!(
        "{name}{} {}, {}: {} a month for machines ({}; {proof})",
        cloud.provider.word(),
        cloud.region,
        paid(cloud),
        cloud.placement.monthly_usd,
        cloud.because
    )
}

/// How the machines are paid for, which is not always as it was asked for.
fn paid(cloud: &CloudPlan) -> String {
    let mut ways: Vec<Purchase> = cloud.placement.hosts.iter().map(|host| host.purchase).collect();
    ways.sort_unstable();
    ways.dedup();
    match ways.as_slice() {
        [] => cloud.placement.purchase.word().to_owned(),
        ways => ways.iter().map(|way| way.word()).collect::<Vec<_>>().join(" and "),
    }
}

fn row(host: &Host) -> [String; 6] {
    let holds = host.holds.iter().map(|(lot, copies)| match copies {
        1 => lot.clone(),
        _ => format!("{copies} x {lot}"),
    });
    [
        host.machine.clone(),
        Count(host.count.into()).to_string(),
        holds.collect::<Vec<_>>().join(", "),
        show(&host.used),
        host.zones.to_string(),
        host.monthly_usd.to_string(),
    ]
}

/// The source's machines that are not kept, a cheaper plan, and the runners-up.
fn remarks(cloud: &CloudPlan) -> Vec<String> {
    let mut lines: Vec<String> = cloud.named.iter().filter(|named| !named.kept).map(not_kept).collect();
    if let Some(cheaper) = &cloud.cheaper {
        lines.push(format!(
            "cheaper without the source's machine types, by {} a month: {} for {}",
            cheaper.saves_usd,
            hosts(&cheaper.hosts),
            cheaper.monthly_usd
        ));
    }
    let next = cloud.placement.runners_up.iter();
    lines.extend(next.map(|other| format!("runner-up at {}: {}", other.monthly_usd, other.differs)));
    lines
}

/// Machine types that no service got, each with what it lacks or costs more.
pub(super) fn not_taken(page: Page, plan: &Plan) -> Page {
    plan.clouds.iter().filter(|cloud| cloud.chosen).fold(page, |page, cloud| {
        let rejected = &cloud.placement.rejected;
        let first = rejected.iter().take(REJECTED).map(|excuse| format!("{}: {}", excuse.machine, excuse.because));
        let more = rejected.len().saturating_sub(REJECTED);
        let more = (more > 0).then(|| format!("and {more} more: -o json has them all"));
        page.list(first.chain(more))
    })
}

fn not_kept(named: &Named) -> String {
    format!("the source names {} for {}, which is not kept: {}", named.machine, named.service, named.because)
}

fn hosts(hosts: &[Host]) -> String {
    hosts.iter().map(|host| format!("{} x {}", Count(host.count.into()), host.machine)).collect::<Vec<_>>().join(", ")
}

/// What is paid, line by line, and what is not in it.
pub(super) fn cost_lines(page: Page, plan: &Plan) -> Page {
    plan.clouds.iter().filter(|cloud| cloud.chosen).fold(page, |page, cloud| {
        let rows = cloud.lines.iter().map(|line| {
            let price = line.unit_price.map(|price| format!("{} {} x {price}", Count(line.quantity), line.unit));
            [
                line.what.clone(),
                price.unwrap_or_else(|| format!("{} {}", Count(line.quantity), line.unit)),
                line.monthly_usd.map_or_else(|| "no price".to_owned(), |usd| usd.to_string()),
                line.date.clone().unwrap_or_default(),
                line.source.clone().unwrap_or_default(),
            ]
        });
        let page = page.table(["what", "reckoned", "a month", "price of", "source"], rows);
        let place = format!("{} {}", cloud.provider.word(), cloud.region);
        page.text(format!("{} a month on {place}", cloud.monthly_usd))
            .list(cloud.missing.iter().map(|missing| format!("not in it: {missing}")))
    })
}

/// Clouds that were compared with the one that is planned with.
pub(super) fn compared(page: Page, plan: &Plan) -> Page {
    if plan.clouds.iter().all(|cloud| cloud.chosen) {
        return page;
    }
    let rows = plan.clouds.iter().map(|cloud| {
        [
            format!("{} {}", cloud.provider.word(), cloud.region),
            cloud.monthly_usd.to_string(),
            cloud.missing.len().to_string(),
            hosts(&cloud.placement.hosts),
        ]
    });
    page.table(["cloud", "a month", "gaps", "machines"], rows)
        .text("A plan is not cheaper because a price is missing: the fewest gaps go first, then the least cost")
}
