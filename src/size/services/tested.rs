//! Instances by load tests and bands.

use super::Facts;
use super::bands;
use super::reckon::{reckon, show};
use crate::blueprint::service::Kind;
use crate::blueprint::tier::Environment;
use crate::size::component::{Need, Resources};
use crate::units::Count;

/// What the load tests make of the concurrent users, for a service that took part and keeps nothing: as many of the
/// tested machine as bear them. With the id of the test.
///
/// An instance is made as large in cores as the machine that was tested, since nothing was measured on another.
pub(super) fn need(facts: &Facts<'_>, name: &str, kind: Kind) -> Option<(Need, String)> {
    let (users, measured) = (facts.users?, facts.measured?);
    let test = measured.borne.or(measured.broken.as_ref().map(|(test, _)| *test))?;
    let tested = test.machines.get(name).filter(|_| kind == Kind::Web)?;
    if measured.users == 0 {
        return None;
    }
    let instances = u32::try_from(users.div_ceil(measured.users)).unwrap_or(u32::MAX);
    let formula = match measured.borne {
        Some(_) => "concurrent users / users that one bears, rounded up",
        None => {
            "concurrent users / users that one bears, rounded up; no test was borne, so fewer users in proportion to the errors, an assumption"
        }
    };
    let mut why = vec![reckon(
        "instances by the load test",
        instances.to_string(),
        formula,
        &[
            ("concurrent users", Count(users).to_string()),
            ("one bears", Count(measured.users).to_string()),
            ("mix", measured.mix.to_owned()),
            ("machine tested", tested.clone()),
        ],
        &test.id,
    )];
    let mut each = Resources::default();
    if let Some(machine) = facts.machine(tested) {
        each.cpu = machine.cpu;
        why.push(reckon(
            "cores of each instance by the load test",
            show(&each),
            "as many as the machine that was tested, since nothing was measured with fewer",
            &[("machine tested", tested.clone())],
            &test.id,
        ));
    }
    Some((Need { instances, each, why, ..Need::default() }, test.id.clone()))
}

/// What scale-out rows and playbooks make of the concurrent users, with the machine type that a band names. Nothing in
/// development, where one copy does.
pub(super) fn bands(facts: &Facts<'_>, name: &str, kind: Kind) -> Option<(Need, Option<String>)> {
    let users = facts.users.filter(|_| facts.environment() == Environment::Prod)?;
    bands::need(facts.blueprint, name, kind == Kind::Web, users, |machine| facts.machine(machine))
}
