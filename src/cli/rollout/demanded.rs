//! What each service must bear and what an instance of it bears, with where both figures come from.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::wanted::Inputs;
use crate::blueprint::tier::Input;
use crate::cloud::load::Load;
use crate::error::Result;
use crate::size::services::bearing;
use crate::units::{Count, Rate};

/// What a service must bear, and what an instance bears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Demanded {
    /// Service.
    pub service: String,
    /// What it must bear, with its unit.
    pub demand: String,
    /// What one instance bears, with its unit.
    pub each: String,
    /// Instances that bear the demand.
    pub takes: u32,
    /// Instances on top of them, so that one or a whole zone can be missing.
    pub spare: u32,
    /// Where the demand comes from.
    pub because: String,
    /// Where the capacity of an instance comes from.
    pub each_because: String,
}

/// What the figures of a load are.
enum Unit {
    /// Thousandths of a request a second.
    Requests,
    /// Users at the same moment.
    Users,
    /// Machines of the plan.
    Machines,
}

impl Unit {
    fn told(&self, amount: u64) -> String {
        match self {
            Self::Requests => format!("{} requests a second", Rate(amount).to_string().trim_end_matches("/s")),
            Self::Users => format!("{} concurrent users", Count(amount)),
            Self::Machines if amount == 1 => "the work of 1 machine".to_owned(),
            Self::Machines => format!("the work of {} machines", Count(amount)),
        }
    }
}

/// What must be borne, by service.
///
/// # Errors
/// The demand names a mix that no load test has.
pub fn demanded(inputs: &Inputs<'_>, loads: &BTreeMap<String, Load>) -> Result<Vec<Demanded>> {
    let tests = bearing(&inputs.blueprint, &inputs.plan.demand)?;
    let demand = &inputs.plan.demand;
    let one = |(service, load): (&String, &Load)| {
        let (unit, because, each_because) = match (&inputs.plan.tier, &tests) {
            (Some(tier), _) => {
                let figure = demand.rps.as_ref().map(|rps| format!("{}: {}", rps.because.word(), rps.because.text()));
                let bound = format!("the most that tier {} bears", tier.name);
                let count =
                    inputs.plan.servers.iter().find(|server| server.name == *service).map_or(1, |server| server.count);
                let most = tier.up_to.base(Input::Rps).unwrap_or_default();
                let of = format!("tier {} bears {} on {count} of them", tier.name, Unit::Requests.told(most));
                (Unit::Requests, figure.unwrap_or(bound), of)
            }
            (None, Some(found)) => {
                let users = demand.concurrent_users.as_ref().or(demand.users.as_ref());
                let figure = users.map(|users| format!("{}: {}", users.because.word(), users.because.text()));
                let tested = found.services.contains(service);
                let of = match tested {
                    true => format!("load test {}", found.source),
                    false => "an equal share: no load test has it".to_owned(),
                };
                (Unit::Users, figure.unwrap_or_default(), of)
            }
            (None, None) => {
                let why = "nothing says what it must bear".to_owned();
                (Unit::Machines, why, "the planned machines bear it together".to_owned())
            }
        };
        let takes = Load { spare: 0, ..*load }.needed();
        Demanded {
            service: service.clone(),
            demand: unit.told(load.demand),
            each: unit.told(load.each),
            takes,
            spare: load.spare,
            because,
            each_because,
        }
    };
    Ok(loads.iter().map(one).collect())
}
