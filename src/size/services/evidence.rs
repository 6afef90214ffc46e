//! What load tests, bands, rows and triggers say at this load.

use super::Facts;
use super::bands;
use super::types::{Finding, ServiceSize, Topic};
use crate::blueprint::evidence::LoadTest;
use crate::blueprint::operations::Measure;
use crate::blueprint::service::Kind;
use crate::size::impossible::pool;
use crate::size::plan::Warning;
use crate::units::{Cores, Count};

/// Everything that the evidence says, capacity first.
pub(super) fn findings(facts: &Facts<'_>, services: &[ServiceSize]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = capacity(facts).into_iter().chain(bottleneck(facts, services)).collect();
    if let Some(users) = facts.users {
        findings.extend(bands::findings(facts.blueprint, users));
        findings.extend(triggers(facts, users));
    }
    findings
}

fn finding(topic: Topic, text: String, source: &str) -> Finding {
    Finding { topic, service: None, text, action: None, source: source.to_owned() }
}

/// What was borne by which machines, and with which objective.
fn capacity(facts: &Facts<'_>) -> Option<Finding> {
    let measured = facts.measured?;
    let objective = match (&facts.demand.p95, &facts.demand.max_error_rate) {
        (None, None) => "by the source's own thresholds".to_owned(),
        (p95, errors) => {
            let p95 = p95.as_ref().map(|p95| format!("a p95 of at most {}", p95.value));
            let errors = errors.as_ref().map(|errors| format!("at most {} of errors", errors.value));
            format!("with {}", p95.into_iter().chain(errors).collect::<Vec<_>>().join(" and "))
        }
    };
    let test = measured.borne.or(measured.broken.as_ref().map(|(test, _)| *test))?;
    let on = machines(test);
    let text = match (measured.borne, &measured.broken) {
        (Some(test), broken) => {
            let next = match broken {
                Some((next, _)) => format!("{} are not", next.concurrent_users),
                None => "more was not tried".to_owned(),
            };
            format!(
                "{} {objective}: {} concurrent users are borne by {on} (p95 {}, {} of errors); {next}",
                measured.mix, test.concurrent_users, test.p95, test.errors
            )
        }
        (None, Some((test, faults))) => {
            let guess = match measured.users {
                0 => "how many are borne was not measured".to_owned(),
                users => format!(
                    "in proportion to the errors {} would be, which is an assumption: measure below {}",
                    Count(users),
                    test.concurrent_users
                ),
            };
            format!(
                "{} {objective}: already {} concurrent users are not borne by {on}: {}; {guess}",
                measured.mix,
                test.concurrent_users,
                faults.join("; ")
            )
        }
        (None, None) => return None,
    };
    Some(finding(Topic::Capacity, text, &test.id))
}

fn machines(test: &LoadTest) -> String {
    let each = test.machines.iter().map(|(service, machine)| format!("one {service} on {machine}"));
    each.collect::<Vec<_>>().join(" and ")
}

/// The load at which it broke, and what is known of why.
fn bottleneck(facts: &Facts<'_>, services: &[ServiceSize]) -> Vec<Finding> {
    let Some(measured) = facts.measured else { return Vec::new() };
    let Some((test, faults)) = &measured.broken else { return Vec::new() };
    let mut findings = vec![finding(
        Topic::Bottleneck,
        format!("{} breaks at {} concurrent users: {}", measured.mix, test.concurrent_users, faults.join("; ")),
        &test.id,
    )];
    let (database, web) = parts(services, test);
    if let (Some(database), Some(web)) = (database, web) {
        let first = bands::reached(facts.blueprint, &database.service, test.concurrent_users.0).pop();
        let advice =
            first.map(|band| format!("; the source looks to {} at that load: {}", database.service, band.action));
        findings.push(Finding {
            topic: Topic::Bottleneck,
            service: Some(database.service.clone()),
            text: format!(
                "{} is the likely one: in the test a single {} had it to itself, and here {} of them write to one primary, so \
                 that more of {} alone do not help; what gave way was not measured{}",
                database.service,
                web.service,
                web.instances,
                web.service,
                advice.unwrap_or_default()
            ),
            action: Some(format!(
                "repeat the load test with two instances of {} and the processors and connections of {} watched",
                web.service, database.service
            )),
            source: first.map_or_else(|| test.id.clone(), |band| band.id.clone()),
        });
    }
    findings
}

/// The database and the application that took part in a test.
fn parts<'a>(services: &'a [ServiceSize], test: &LoadTest) -> (Option<&'a ServiceSize>, Option<&'a ServiceSize>) {
    let took_part = |kinds: &[Kind]| {
        services.iter().find(|service| kinds.contains(&service.kind) && test.machines.contains_key(&service.service))
    };
    (took_part(&[Kind::Sql, Kind::Document]), took_part(&[Kind::Web]))
}

/// The triggers that what was measured, or what is asked of the model, would set off.
fn triggers(facts: &Facts<'_>, users: u64) -> Vec<Finding> {
    let Some(measured) = facts.measured else { return Vec::new() };
    let worst = measured.broken.as_ref().map(|(test, _)| *test).filter(|test| users >= test.concurrent_users.0);
    let Some(worst) = worst else { return Vec::new() };
    let rows = facts.blueprint.triggers.iter().filter_map(|row| {
        let above = row.above.as_ref()?;
        let (passed, had) = match row.measure {
            Measure::P95 => (above.parse().is_ok_and(|most| worst.p95 > most), format!("a p95 of {}", worst.p95)),
            Measure::Errors => {
                (above.parse().is_ok_and(|most| worst.errors > most), format!("{} of errors", worst.errors))
            }
            _ => return None,
        };
        passed.then(|| Finding {
            topic: Topic::Trigger,
            service: row.service.clone(),
            text: format!(
                "one instance alone sets off {} (above {above}): {} had {had} at {} users",
                row.alert, worst.id, worst.concurrent_users
            ),
            action: Some(row.action.clone()),
            source: row.id.clone(),
        })
    });
    rows.collect()
}

/// What must be known of a size that rests on load tests.
pub(super) fn warnings(facts: &Facts<'_>, services: &[ServiceSize]) -> Vec<Warning> {
    let (Some(measured), Some(users)) = (facts.measured, facts.users) else { return Vec::new() };
    let Some(test) = measured.borne.or(measured.broken.as_ref().map(|(test, _)| *test)) else { return Vec::new() };
    let mut warnings = Vec::new();
    for service in services.iter().filter(|service| service.kind == Kind::Web) {
        let Some(tested) = test.machines.get(&service.service) else { continue };
        warnings.extend(untested(facts, service, tested, users, measured.users, &test.id));
    }
    warnings.extend(unknown_capacity(measured.users, test));
    warnings.extend(pools(facts, services, users));
    if measured.users > 0 && users > measured.users && !services.is_empty() {
        warnings.extend(database_limits(services, test, users, measured.users));
    }
    warnings
}

fn unknown_capacity(users: u64, test: &LoadTest) -> Option<Warning> {
    (users == 0).then(|| Warning {
        id: "capacity-unknown".to_owned(),
        severe: true,
        text: format!("no load test meets the objective, and {} does not tell how far below it would be met", test.id),
        hint: Some("test with fewer users, and read the result in: rapplan calibrate FILE".to_owned()),
    })
}

/// The machine that was tested is not the one that the source deploys.
fn untested(
    facts: &Facts<'_>,
    service: &ServiceSize,
    tested: &str,
    users: u64,
    bears: u64,
    test: &str,
) -> Option<Warning> {
    let named = service.machine.as_deref().filter(|named| *named != tested)?;
    let (was, is) = (facts.machine(tested)?, facts.machine(named)?);
    let cores = |cpu: Cores| format!("{cpu} {}", if cpu == Cores::whole(1) { "core" } else { "cores" });
    let counted = u128::from(users) * u128::from(was.cpu.0);
    let by_cores = counted.div_ceil((u128::from(bears) * u128::from(is.cpu.0)).max(1));
    let throttled = if was.burstable { ", which is throttled under a lasting load" } else { "" };
    Some(Warning {
        id: "machine-untested".to_owned(),
        severe: false,
        text: format!(
            "{test} was measured on {tested} ({}{throttled}), and {named} of the source ({}) was never tested: {} of {} \
             take the load as measured, {by_cores} on {named} if it follows the cores",
            cores(was.cpu),
            cores(is.cpu),
            service.instances,
            service.service
        ),
        hint: Some(format!("repeat the load test on {named} before you rely on either number")),
    })
}

/// The database was tested with one application instance only.
fn database_limits(services: &[ServiceSize], test: &LoadTest, users: u64, bears: u64) -> Option<Warning> {
    let database = services.iter().find(|service| {
        matches!(service.kind, Kind::Sql | Kind::Document) && test.machines.contains_key(&service.service)
    })?;
    Some(Warning {
        id: "database-not-proven".to_owned(),
        severe: true,
        text: format!(
            "{} was proven with {} concurrent users ({}), and {} are asked for: nothing measured says that one {} takes the \
             writes of all of them, and a read replica takes reads only",
            database.service,
            Count(bears),
            test.id,
            Count(users),
            database.service
        ),
        hint: Some(
            "run the load test against the planned machines, or plan a larger database machine from the start"
                .to_owned(),
        ),
    })
}

/// Pools that the playbook has set by now, kept by every instance that is planned, against the database that is planned.
fn pools(facts: &Facts<'_>, services: &[ServiceSize], users: u64) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for database in services.iter().filter(|service| service.kind == Kind::Sql) {
        let bands = bands::reached(facts.blueprint, &database.service, users);
        let Some((band, pool)) = bands.iter().rev().find_map(|band| Some((*band, band.connection_pool?))) else {
            continue;
        };
        let calls = |caller: &&ServiceSize| {
            let service = facts.blueprint.services.get(&caller.service);
            service.is_some_and(|service| service.connects.contains_key(&database.service))
        };
        let callers = services.iter().filter(calls).map(|caller| caller.instances).fold(0, u32::saturating_add);
        let cores = u32::try_from(database.each.cpu.0 / 1000).unwrap_or(u32::MAX).max(1);
        if callers > 1 {
            let set = pool::Pool { connections: pool, instances: callers, cores, spindles: 1 };
            let name = format!("{} in {callers} callers", band.id);
            warnings.extend(pool::check(&database.service, &name, set));
        }
    }
    warnings
}
