//! Plans that are not carried out, and why.

use super::planned::Planned;
use super::{clock, percent};
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
    match plan.lowest().filter(|low| low.permille < 1000 && !allow_capacity_drop) {
        None => Ok(()),
        Some(low) => {
            let what = format!("{} would bear {} of its demand", low.service, percent(low.permille));
            let why = format!(
                "{} after the start, {} healthy instances of {} get requests",
                clock(Span(low.at_ms)),
                low.healthy,
                low.part
            );
            Err(Problem::new(Code::CapacityDrop, what)
                .because(why)
                .hint("have more instances before it begins, so that those that remain bear the demand")
                .hint("do it at an hour with less demand, and say how much there is then: --rps")
                .hint("take smaller steps: --steps 10,25,50,100")
                .hint("if the drop is agreed to: --allow-capacity-drop")
                .into())
        }
    }
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
