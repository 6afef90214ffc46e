//! What the load tests of the blueprint say that one instance bears.

use crate::blueprint::Blueprint;
use crate::blueprint::evidence::{Judgement, LoadTest};
use crate::demand::Demand;
use crate::error::{Code, Problem, Result};
use crate::nearest::did_you_mean;

/// What one instance of each tested service bears together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured<'a> {
    /// Name of the scenario.
    pub mix: &'a str,
    /// Why this scenario.
    pub mix_because: String,
    /// The largest load that was borne, and no smaller one was not.
    pub borne: Option<&'a LoadTest>,
    /// The smallest load that was not borne, and why.
    pub broken: Option<(&'a LoadTest, Vec<String>)>,
    /// Concurrent users that are borne; below what was borne in proportion, where no test was.
    pub users: u64,
}

/// What is borne by the objective of the demand; `None` where the blueprint has no load tests.
///
/// # Errors
/// When no load test has the mix that the user named.
pub(super) fn measured<'a>(blueprint: &'a Blueprint, demand: &Demand) -> Result<Option<Measured<'a>>> {
    let Some((mix, mix_because)) = mix(blueprint, demand)? else { return Ok(None) };
    let mut tests: Vec<&LoadTest> = blueprint.load_tests.iter().filter(|test| test.scenario == mix).collect();
    tests.sort_by_key(|test| test.concurrent_users);
    let mut borne = None;
    let mut broken = None;
    for test in tests {
        let faults = faults(blueprint, demand, test);
        if !faults.is_empty() {
            broken = Some((test, faults));
            break;
        }
        borne = Some(test);
    }
    let users = match (borne, &broken) {
        (Some(test), _) => test.concurrent_users.0,
        (None, Some((test, _))) => below(demand, test),
        (None, None) => 0,
    };
    Ok(Some(Measured { mix, mix_because, borne, broken, users }))
}

/// The scenario that is meant: the one named, else the one with the share of reads that the workload has.
fn mix<'a>(blueprint: &'a Blueprint, demand: &Demand) -> Result<Option<(&'a str, String)>> {
    let scenarios: Vec<&str> = blueprint.load_tests.iter().map(|test| test.scenario.as_str()).collect();
    if let Some(asked) = &demand.mix {
        let found = scenarios.iter().find(|name| **name == asked.value);
        return match found {
            Some(name) => Ok(Some((*name, asked.because.text().to_owned()))),
            None => Err(unknown(blueprint, &asked.value, asked.because.text(), scenarios).into()),
        };
    }
    let usual = blueprint.workload.read_share;
    let test = blueprint.load_tests.iter().find(|test| usual.is_some() && test.read_share == usual);
    let because = |test: &LoadTest| {
        let share = test.read_share.map(|share| share.to_string()).unwrap_or_default();
        format!("{}.toml workload.read_share is {share}, as in {}", blueprint.name, test.id)
    };
    Ok(test.map(|test| (test.scenario.as_str(), because(test))))
}

fn unknown(blueprint: &Blueprint, asked: &str, origin: &str, mut scenarios: Vec<&str>) -> Problem {
    scenarios.dedup();
    Problem::new(Code::UnknownName, format!("the blueprint `{}` has no load test of the mix `{asked}`", blueprint.name))
        .because(format!("named by {origin}"))
        .hint_opt(did_you_mean(asked, scenarios.iter().copied()))
        .hint(match scenarios.is_empty() {
            true => "it has no load tests at all: leave --mix out".to_owned(),
            false => format!("its mixes are {}", scenarios.join(", ")),
        })
}

/// What a test fails of the objective. Where the user gives none the source's own verdict holds.
fn faults(blueprint: &Blueprint, demand: &Demand, test: &LoadTest) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(p95) = demand.p95.as_ref().filter(|p95| test.p95 > p95.value) {
        faults.push(format!("a p95 of {} is above {} ({})", test.p95, p95.value, p95.because.text()));
    }
    match &demand.max_error_rate {
        Some(most) if test.errors > most.value => {
            faults.push(format!("{} of errors are above {} ({})", test.errors, most.value, most.because.text()));
        }
        None if test.verdict == Judgement::Bottleneck => faults.extend(by_thresholds(blueprint, test)),
        _ => {}
    }
    faults
}

/// The thresholds of the blueprint that a test passes, and its verdict.
fn by_thresholds(blueprint: &Blueprint, test: &LoadTest) -> Vec<String> {
    use crate::blueprint::operations::Measure;
    let mut told: Vec<String> = blueprint
        .verdicts
        .iter()
        .filter_map(|row| {
            let passed = match row.measure {
                Measure::P95 => {
                    row.above.parse().is_ok_and(|most| test.p95 > most).then(|| format!("a p95 of {}", test.p95))
                }
                Measure::Errors => {
                    row.above.parse().is_ok_and(|most| test.errors > most).then(|| format!("{} of errors", test.errors))
                }
                _ => None,
            }?;
            let word = if row.verdict == Judgement::Bottleneck { "confirmed" } else { "suspected" };
            Some(format!("{passed}, above the {} of {}: {word}", row.above, row.id))
        })
        .collect();
    if told.is_empty() {
        told.push(format!("{} calls it a bottleneck", test.id));
    }
    told
}

/// Users that are borne by a stricter share of errors than the smallest test had: in proportion from no user and no
/// error. An assumption: errors of real systems rise later and faster than that, which would let more users in.
fn below(demand: &Demand, test: &LoadTest) -> u64 {
    let slow = demand.p95.as_ref().is_some_and(|p95| test.p95 > p95.value);
    match &demand.max_error_rate {
        Some(most) if !slow && test.errors.0 > 0 => {
            let users = u128::from(test.concurrent_users.0) * u128::from(most.value.0) / u128::from(test.errors.0);
            u64::try_from(users).unwrap_or(u64::MAX)
        }
        _ => 0,
    }
}
