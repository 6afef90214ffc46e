//! Whether the new version may get requests.

use super::Fact;
use super::view::{Part, View};
use crate::cloud::aws::Action;
use crate::cloud::step::{Invariant, Refusal, Undo};
use crate::cloud::{Next, Since};
use crate::units::{Moment, Span};

/// Whether every instance of the new version is healthy, and has been so long enough.
pub(super) fn passed(
    view: &View<'_>,
    green: &Part<'_>,
    since: &Since<Fact>,
    now: Moment,
    next: &mut Next<Action>,
) -> bool {
    let (name, group, healthy) = (&view.name, green.group, green.healthy);
    let wanted = view.wanted();
    // What has all requests is sized by `floor::release`.
    if group.desired < wanted && !view.all_on_green() {
        let max = view.fleet.size.max.max(wanted);
        let resize = Action::Resize { group: name.clone(), min: wanted, max, desired: Some(wanted) };
        let reason = format!("{wanted} instances bear the load as it is now; {} would be too few", group.desired);
        next.act(resize, reason, Invariant::Capacity, Undo::By("sized anew when fewer are wanted".into()));
        return false;
    }
    let stands = Fact::Stands { group: name.clone(), healthy, desired: group.desired };
    let whole = Fact::Whole { group: name.clone() };
    // One that has all requests already has proven itself when it got them.
    let steady = if view.all_on_green() { Span(0) } else { view.fleet.release.steady };
    let thin = thin_zone(view, green);
    if healthy >= group.desired && thin.is_none() && since.has_held(&whole, steady, now) {
        return true;
    }
    let lacks = healthy < group.desired || thin.is_some();
    if lacks && since.has_held(&stands, view.fleet.release.patience, now) {
        next.refused.push(stalled(view, green, thin));
        return false;
    }
    let what = match thin {
        Some((zone, there, of)) if healthy >= group.desired => {
            next.wait(format!("group/{name}"), format!("healthy targets in zone {zone}, so that another may be lost"))
                .progress(there, of);
            return false;
        }
        _ if lacks => "healthy targets",
        _ => "healthy without a break",
    };
    let waiting = next.wait(format!("group/{name}"), what).progress(healthy, group.desired);
    if !lacks {
        waiting.until(since.until(&whole, steady, now));
    }
    false
}

/// A zone with fewer healthy instances than it takes when another zone is lost, how many it has and how many it needs.
///
/// It matters only where spare instances are promised, before the new version gets requests, and in zones where the old one
/// has as many: a new version is not asked for more than the old one has.
fn thin_zone<'a>(view: &View<'a>, green: &Part<'_>) -> Option<(&'a str, u32, u32)> {
    let load = &view.fleet.load;
    if load.spare == 0 || view.all_on_green() {
        return None;
    }
    let zones = u32::try_from(view.fleet.zones.len()).unwrap_or(u32::MAX).max(1);
    let each = load.needed().saturating_sub(load.spare).div_ceil(zones);
    let fleet: &'a _ = view.fleet;
    let of = |part: &Part<'_>, zone: &str| part.zones.get(zone).copied().unwrap_or_default();
    let old_has = |zone: &str| view.live().any(|part| of(part, zone) >= each);
    let thin = fleet.zones.iter().find(|zone| of(green, zone) < each && old_has(zone))?;
    Some((thin, of(green, thin), each))
}

fn stalled(view: &View<'_>, green: &Part<'_>, thin: Option<(&str, u32, u32)>) -> Refusal {
    let cause = green.group.trouble.clone().unwrap_or_else(|| {
        "its instances run and do not pass the health check: look at the application's log, its port, its path, and the \
         security groups between load balancer and machines"
            .to_owned()
    });
    let (label, patience, desired) = (&view.fleet.label, view.fleet.release.patience, green.group.desired);
    let why = match thin {
        Some((zone, there, of)) if green.healthy >= desired => {
            format!("{there} of {of} instances of {label} in zone {zone} are healthy, and none became so in {patience}")
        }
        _ => {
            let healthy = green.healthy;
            format!(
                "{healthy} of {desired} instances of {label} are healthy, and none became so in {patience}: {cause}"
            )
        }
    };
    let old = view.others.iter().any(Part::is_whole);
    let mend = "mend what keeps it from being healthy, and apply again".to_owned();
    let back = "the old version is still whole: go back to it with rapplan rollback".to_owned();
    Refusal {
        subject: format!("group/{}", view.name),
        why,
        ways_out: if old { vec![back, mend] } else { vec![mend] },
        // Where nothing else is left, there is nothing to go back to either.
        failed: old || !view.all_on_green(),
    }
}
