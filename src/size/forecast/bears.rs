//! How far the services of a month reach before one of them must change.

use crate::size::services::load::{Load, Loads, Sizer};

/// The load of a month beside what its services bear of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// The load.
    pub load: Load,
    /// How much of it there is, with the reserve, in the base unit.
    pub needed: u64,
    /// The most of it at which every service is as it is now; absent when no amount within reach changes any.
    pub bears: Option<u64>,
}

/// How many times a load is doubled before it counts as without a limit: a million times it.
const DOUBLINGS: u32 = 20;

impl Reach {
    /// Of services at some loads, by one of them: services are steps in each load, and grow with it.
    pub(super) fn of(sizer: &Sizer<'_>, loads: &Loads, load: Load) -> Self {
        let needed = loads.get(load);
        let sizes =
            |loads: &Loads| -> Vec<_> { sizer.all(loads).iter().map(|one| (one.instances, one.each)).collect() };
        let now = sizes(loads);
        let same = |value: u64| sizes(&loads.with(load, value)) == now;
        let mut doubled = (1..=DOUBLINGS).map(|times| needed.max(1).saturating_mul(1 << times));
        let Some(mut at) = doubled.find(|value| !same(*value)) else {
            return Self { load, needed, bears: None };
        };
        let mut bears = needed;
        while at - bears > 1 {
            let middle = bears + (at - bears) / 2;
            if same(middle) {
                bears = middle;
            } else {
                at = middle;
            }
        }
        Self { load, needed, bears: Some(bears) }
    }

    /// What is borne, for people.
    pub fn shown(&self) -> Option<String> {
        self.bears.map(|bears| self.load.phrase(bears))
    }
}

#[cfg(test)]
mod tests {
    use crate::blueprint::Blueprint;
    use crate::blueprint::builtin::BUILTIN;
    use crate::demand::{Ask, Given, Variable};
    use crate::size::{Request, size};

    /// A mixed load is borne by one backend up to 200 users (S5.T2 mixed), and the next thing to change decides.
    #[test]
    fn services_reach_to_the_next_change() {
        let text = BUILTIN.iter().find(|(name, ..)| *name == "dojangkok").unwrap().2;
        let blueprint = Blueprint::parse("dojangkok.toml", text).unwrap().blueprint;
        let mix = Some(Given { value: "mixed".to_owned(), origin: String::new() });
        let ask =
            Ask { mix, ..Ask::default() }.with(Variable::ConcurrentUsers, 100, "").with(Variable::Growth, 50_000, "");
        let plan = size(&blueprint, &Request { ask, ..Request::default() }).unwrap();
        let months = plan.forecast.unwrap().months;
        for pair in months.windows(2) {
            let (now, next) = (pair[0].reach.unwrap(), pair[1].reach.unwrap());
            let same = pair[0].services == pair[1].services;
            assert!(now.bears.is_some_and(|bears| now.needed <= bears));
            assert_eq!(same, now.bears >= Some(next.needed), "{now:?} {next:?}");
        }
        assert_eq!(months[0].bears.as_deref(), Some("199 concurrent users"));
    }
}
