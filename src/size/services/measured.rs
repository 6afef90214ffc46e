//! What the load tests of the blueprint say that one instance bears.

use crate::blueprint::Blueprint;
use crate::blueprint::evidence::{Judgement, LoadTest};
use crate::demand::Demand;
use crate::demand::capacity::{self, Limiting, Metric, Objective, judge};
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
    /// How the capacity was reckoned.
    pub why: Vec<crate::demand::Reckoning>,
}

/// What is borne by the objective of the demand; `None` where the blueprint has no load tests of its mix.
///
/// # Errors
/// When no load test has the mix that the user named.
pub(super) fn measured<'a>(blueprint: &'a Blueprint, demand: &Demand) -> Result<Option<Measured<'a>>> {
    let Some((mix, mix_because)) = mix(blueprint, demand)? else { return Ok(None) };
    let Some(capacity) = capacity::of(&blueprint.load_tests, mix, &objective(blueprint, demand)) else {
        return Ok(None);
    };
    let tests = || blueprint.load_tests.iter().filter(|test| test.scenario == mix);
    let users = capacity.measured.and_then(|load| load.users);
    let borne = users.and_then(|users| tests().find(|test| test.concurrent_users == users));
    let broken = capacity.limiting.as_ref().and_then(|limiting| {
        let test = tests().find(|test| test.id == limiting.row)?;
        Some((test, faults(blueprint, test, limiting)))
    });
    let users = match (users, &broken) {
        (Some(users), _) => users.0,
        (None, Some((test, _))) => below(demand, test),
        (None, None) => 0,
    };
    Ok(Some(Measured { mix, mix_because, borne, broken, users, why: capacity.why }))
}

/// The blueprint's own limits, with those that the user set in their place.
fn objective(blueprint: &Blueprint, demand: &Demand) -> Objective {
    let mut objective = Objective::of_verdicts(&blueprint.verdicts);
    if let Some(p95) = &demand.p95 {
        objective = objective.with_time(Metric::P95, Some(p95.value), p95.because.text());
    }
    if let Some(errors) = &demand.max_error_rate {
        objective = objective.with_errors(Some(errors.value), errors.because.text());
    }
    objective
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

/// The limit that a test breaks, and the other thresholds of the blueprint that it passes.
fn faults(blueprint: &Blueprint, test: &LoadTest, limiting: &Limiting) -> Vec<String> {
    let mut faults = vec![format!(
        "{} is {}, above {} ({})",
        limiting.metric.words(),
        limiting.measured,
        limiting.at_most,
        limiting.source
    )];
    let judged = judge(&blueprint.verdicts, &test.into());
    for crossed in judged.crossed {
        let word = if crossed.verdict == Judgement::Bottleneck { "confirmed" } else { "suspected" };
        match crossed.row == limiting.source {
            true => faults[0].push_str(&format!(": {word}")),
            false => {
                faults.push(format!("{} is above the {} of {}: {word}", crossed.measured, crossed.above, crossed.row))
            }
        }
    }
    faults
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
