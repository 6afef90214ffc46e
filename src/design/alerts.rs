//! Alerts from the triggers of a blueprint.

use super::scene::Scene;
use super::topology::AlertDesign;
use crate::blueprint::operations::{Measure, Trigger};
use crate::blueprint::tier::Input;
use crate::error::{Code, Problem, Result};
use crate::units::{Count, Share, Span, UnitError};

/// How long a condition must hold where the blueprint does not say (an assumption): long enough to pass over a restart.
const LASTING: Span = Span::seconds(300);

/// The alerts of everything that the plan runs, in the order of the blueprint.
///
/// # Errors
/// A threshold is not what its measure takes.
pub fn all(scene: &Scene<'_>) -> Result<Vec<AlertDesign>> {
    let runs = |service: &String| scene.everything().any(|placed| placed.name == service);
    let watched = |trigger: &&Trigger| trigger.service.as_ref().is_none_or(runs);
    scene.blueprint.triggers.iter().filter(watched).map(|trigger| alert(scene, trigger)).collect()
}

fn alert(scene: &Scene<'_>, trigger: &Trigger) -> Result<AlertDesign> {
    let threshold = match (&trigger.above, trigger.measure) {
        (None, Measure::Down) => None,
        (None, _) => {
            let what = format!("trigger `{}` has no threshold", trigger.id);
            return Err(Problem::new(Code::MissingField, what).hint("give `above`").into());
        }
        (Some(text), measure) => Some(threshold(measure, text).map_err(|error| {
            let what = format!("`above` of trigger `{}`", trigger.id);
            Problem::from_unit(Code::BadField, &what, &error)
        })?),
    };
    let said = trigger.above.clone().unwrap_or_default();
    let (threshold, threshold_text) = match (threshold, bound(scene, trigger.measure)) {
        (Some(share), Some((bound, input))) if said.ends_with('%') => {
            let count = Count((share * bound as f64).floor() as u64);
            (
                Some(count.0 as f64),
                format!("{count} ({said} of the {} of tier {})", input.phrase(bound), scene.plan.tier.name),
            )
        }
        (threshold, _) => (threshold, said),
    };
    Ok(AlertDesign {
        name: trigger.alert.clone(),
        id: trigger.id.clone(),
        measure: trigger.measure,
        service: trigger.service.clone(),
        threshold,
        threshold_text,
        lasting: trigger.lasting.unwrap_or(LASTING),
        severity: trigger.severity,
        means: trigger.means.clone(),
        action: trigger.action.clone(),
    })
}

/// What the tier bears of a measure that a trigger may give as a share of it.
fn bound(scene: &Scene<'_>, measure: Measure) -> Option<(u64, Input)> {
    let input = match measure {
        Measure::Partitions => Input::Partitions,
        Measure::ConcurrentUsers => Input::Users,
        _ => return None,
    };
    Some((scene.plan.tier.up_to.base(input)?, input))
}

/// Shares as 0.8, times in seconds, counts as they are. Partitions and users may be shares of what the tier bears.
fn threshold(measure: Measure, text: &str) -> Result<f64, UnitError> {
    match measure {
        Measure::P95 | Measure::BackupAge => text.parse::<Span>().map(|span| span.0 as f64 / 1000.0),
        Measure::Partitions | Measure::ConcurrentUsers | Measure::Queue | Measure::Down if !text.ends_with('%') => {
            text.parse::<Count>().map(|count| count.0 as f64)
        }
        _ => text.parse::<Share>().map(Share::as_f64),
    }
}
