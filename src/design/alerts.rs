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
    scene.blueprint.triggers.iter().filter(watched).filter_map(|trigger| alert(scene, trigger).transpose()).collect()
}

/// `None` when it is a share of something that the tier does not bound.
fn alert(scene: &Scene<'_>, trigger: &Trigger) -> Result<Option<AlertDesign>> {
    let threshold = match (&trigger.above, trigger.measure) {
        (None, Measure::Down) => None,
        (None, _) => {
            let what = format!("trigger `{}` has no threshold", trigger.id);
            return Err(Problem::new(Code::MissingField, what).hint("give `above`").into());
        }
        (Some(text), measure) => {
            let read = threshold(scene, measure, text).map_err(|error| {
                let what = format!("`above` of trigger `{}`", trigger.id);
                Problem::from_unit(Code::BadField, &what, &error)
            })?;
            let Some(value) = read else { return Ok(None) };
            Some(value)
        }
    };
    Ok(Some(AlertDesign {
        name: trigger.alert.clone(),
        id: trigger.id.clone(),
        measure: trigger.measure,
        service: trigger.service.clone(),
        threshold,
        threshold_text: threshold_text(scene, trigger, threshold),
        lasting: trigger.lasting.unwrap_or(LASTING),
        severity: trigger.severity,
        means: trigger.means.clone(),
        action: trigger.action.clone(),
    }))
}

/// The threshold for people; a share of what the tier bears tells the number as well.
fn threshold_text(scene: &Scene<'_>, trigger: &Trigger, threshold: Option<f64>) -> String {
    let said = trigger.above.clone().unwrap_or_default();
    let input = match trigger.measure {
        Measure::Partitions => Input::Partitions,
        Measure::ConcurrentUsers => Input::Users,
        _ => return said,
    };
    match (threshold, scene.tier.up_to.base(input)) {
        (Some(count), Some(bound)) if said.ends_with('%') => {
            let count = Count(count as u64);
            format!("{count} ({said} of the {} of tier {})", input.phrase(bound), scene.tier.name)
        }
        _ => said,
    }
}

/// Shares as 0.8, times in seconds, counts as they are; a share of partitions or users is one of what the tier bears.
fn threshold(scene: &Scene<'_>, measure: Measure, text: &str) -> Result<Option<f64>, UnitError> {
    let bounds = &scene.tier.up_to;
    let bound = match measure {
        Measure::Partitions => Some(bounds.partitions),
        Measure::ConcurrentUsers => Some(bounds.users),
        _ => None,
    };
    match (measure, bound) {
        (Measure::P95 | Measure::BackupAge, _) => text.parse::<Span>().map(|span| Some(span.0 as f64 / 1000.0)),
        (_, Some(bound)) if text.trim_end().ends_with('%') => {
            let share = text.parse::<Share>()?;
            Ok(bound.map(|bound| (bound.0 as f64 * share.as_f64()).floor()))
        }
        (Measure::Partitions | Measure::ConcurrentUsers | Measure::Queue | Measure::Down, _) => {
            text.parse::<Count>().map(|count| Some(count.0 as f64))
        }
        _ => text.parse::<Share>().map(|share| Some(share.as_f64())),
    }
}
