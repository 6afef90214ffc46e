//! Plans that are not carried out, and why.

use super::planned::{Drop, Planned};
use super::ways::WayOut;
use super::{clock, healthy, instances};
use crate::cloud::Lease;
use crate::error::{Code, Error, Problem, Result};
use crate::units::{Moment, Span};

/// Refuses what cannot be had, and what would let the capacity fall below the demand.
///
/// # Errors
/// `E0707` and `E0704`, with the ways out.
pub fn check(plan: &Planned, allow_capacity_drop: bool) -> Result<()> {
    if let Some(refused) = &plan.refusal {
        let problem = Problem::new(Code::Unattainable, "what is wanted cannot be had").because(refused.why.clone());
        return Err(refused.ways_out.iter().fold(problem, |problem, way| problem.hint(way.clone())).into());
    }
    let Some(drop) = plan.drops().filter(|_| !allow_capacity_drop) else { return Ok(()) };
    let low = drop.low;
    let known = plan.demand.iter().find(|one| one.service == low.service);
    let known = known.map(|one| format!("; it must bear {}, and an instance bears {}", one.demand, one.each));
    let cause = because(&drop) + &known.unwrap_or_default();
    let problem = Problem::new(Code::CapacityDrop, drop.told()).because(cause);
    let way = |way: &WayOut| match way.is_enough {
        true => format!("{}: {}", way.told(), way.commands.join(", then ")),
        false => format!("tried, and not enough: {}", way.told()),
    };
    let problem = plan.ways_out.iter().map(way).fold(problem, Problem::hint);
    Err(problem.hint("if the drop is agreed to: --allow-capacity-drop").into())
}

/// When a service would not bear its demand, and with how many instances.
fn because(drop: &Drop<'_>) -> String {
    let low = drop.low;
    if drop.with_a_zone_lost {
        let when = clock(Span(low.zone_at_ms.unwrap_or_default()));
        return format!("{when} after the start, too many of its healthy instances are in one zone");
    }
    let when = match (low.at_ms, low.before) {
        (0, Some(before)) if before == low.permille => "before anything is changed".to_owned(),
        (at, _) => format!("{} after the start", clock(Span(at))),
    };
    let needed = instances(low.takes_permille);
    format!("{when}, {} of {} where {needed} are needed", healthy(low.healthy), low.part)
}

/// Another run holds the lease.
pub fn locked(lease: &Lease, now: Moment, command: &str) -> Error {
    let since = super::lasting(now.since(lease.since));
    let left = super::lasting(lease.expires.since(now));
    Problem::new(Code::Leased, "another run works on this deployment")
        .because(format!(
            "{} runs `{}` since {since}; its lease ends in {left} unless it is renewed",
            lease.owner, lease.command
        ))
        .hint(format!("wait for it: {command} --lock-wait 5m"))
        .hint("if that run is dead: its lease ends by itself, and the next run goes on from where it was")
        .into()
}

/// A drill has killed the run.
pub fn killed(call: u32, resume: &str) -> Error {
    Problem::new(Code::PartWay, format!("the run was killed at call {call}, as --kill-at says"))
        .because("nothing was given back or put right, as a run that dies can do neither")
        .hint(format!("go on from there: {resume}"))
        .hint("see what it left: rapplan doctor --simulate")
        .into()
}

/// No cloud can be reached.
pub fn no_credentials(cloud: &str, command: &str) -> Error {
    let problem =
        Problem::new(Code::NoCredentials, format!("this version of rapplan does not work on a real {cloud} yet"));
    let ways = match cloud {
        "gcp" => [
            "application default credentials: gcloud auth application-default login",
            "a service account: GOOGLE_APPLICATION_CREDENTIALS=key.json",
            "on a machine of Google Cloud, the service account that it has",
        ],
        _ => [
            "the variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
            "a profile of ~/.aws/config, with AWS_PROFILE, after aws sso login",
            "on a machine of AWS, the role that it has",
        ],
    };
    let problem = problem
        .because("it would need credentials, and no part that uses them is built in")
        .hint(format!("in a simulated cloud it works without an account: {command} --cloud {cloud} --simulate"));
    ways.into_iter().fold(problem, |problem, way| problem.hint(format!("credentials will be found by: {way}"))).into()
}
