//! Whether the new version may get requests.

use super::Fact;
use super::view::View;
use crate::cloud::aws::Action;
use crate::cloud::aws::world::Group;
use crate::cloud::step::{Invariant, Refusal, Undo};
use crate::cloud::{Next, Since};
use crate::units::{Moment, Span};

/// Whether every instance of the new version is healthy, and has been so long enough.
pub(super) fn passed(
    view: &View<'_>,
    group: &Group,
    since: &Since<Fact>,
    now: Moment,
    next: &mut Next<Action>,
) -> bool {
    let name = &view.name;
    let wanted = view.wanted();
    // What has all requests is sized by `floor::release`.
    if group.desired < wanted && !view.all_on_green() {
        let max = view.fleet.size.max.max(wanted);
        let resize = Action::Resize { group: name.clone(), min: wanted, max, desired: wanted };
        let reason = format!("{wanted} instances bear the load as it is now; {} would be too few", group.desired);
        next.act(resize, reason, Invariant::Capacity, Undo::By("sized anew when fewer are wanted".into()));
        return false;
    }
    let healthy = view.world.healthy(group);
    let stands = Fact::Stands { group: name.clone(), healthy, desired: group.desired };
    let whole = Fact::Whole { group: name.clone() };
    // One that has all requests already has proven itself when it got them.
    let steady = if view.all_on_green() { Span(0) } else { view.fleet.release.steady };
    if healthy >= group.desired && since.has_held(&whole, steady, now) {
        return true;
    }
    if healthy < group.desired && since.has_held(&stands, view.fleet.release.patience, now) {
        next.refused.push(stalled(view, group, healthy));
        return false;
    }
    let what = if healthy < group.desired { "healthy targets" } else { "healthy without a break" };
    let waiting = next.wait(format!("group/{name}"), what).progress(healthy, group.desired);
    if healthy >= group.desired {
        waiting.until(since.until(&whole, steady, now));
    }
    false
}

fn stalled(view: &View<'_>, group: &Group, healthy: u32) -> Refusal {
    let cause = group.trouble.clone().unwrap_or_else(|| {
        "its instances run and do not pass the health check: look at the application's log, its port, its path, and the \
         security groups between load balancer and machines"
            .to_owned()
    });
    Refusal {
        subject: format!("group/{}", view.name),
        why: format!(
            "{healthy} of {} instances of {} are healthy, and none became so in {}: {cause}",
            group.desired, view.fleet.label, view.fleet.release.patience
        ),
        ways_out: vec![
            "the old version still has all requests: go back to it with rapplan rollback".to_owned(),
            "mend what keeps it from being healthy, and apply again".to_owned(),
        ],
        failed: true,
    }
}
