//! How the figures of uncertainty were reckoned.

use super::report::Uncertainty;
use crate::size::component::Reckoning;
use crate::units::Count;

/// Every figure: the draws, the regret, the chances, the value of information.
pub fn why(found: &Uncertainty) -> Vec<Reckoning> {
    let worlds = Count(found.worlds.into()).to_string();
    let reckoning = |figure: &str, value: String, formula: &str, inputs: Vec<(&str, String)>, source: &str| Reckoning {
        figure: figure.to_owned(),
        value,
        formula: formula.to_owned(),
        inputs: inputs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        source: source.to_owned(),
    };
    let draw = |input: &super::UncertainInput| {
        reckoning(
            &format!("{} over the worlds", input.variable.flag()),
            input.range.clone(),
            "middle x e^(sigma x z), sigma = ln(high / low) / (2 z of the confidence)",
            vec![("middle", input.middle.clone()), ("worlds", worlds.clone()), ("seed", found.seed.to_string())],
            "assumption: log-normal, as demand is misjudged by factors; z from a scrambled Sobol sequence (Burley 2020)",
        )
    };
    let mut why: Vec<Reckoning> = found.inputs.iter().map(draw).collect();
    why.push(reckoning(
        "regret",
        format!("{} a month", found.least_regret.regret_usd),
        "mean of (dollars too many)^1.2, (1.25 x dollars too few)^1.2, (weight x share short x cost)^1.2; then ^(1/1.2)",
        vec![("weight of memory", "1.5".to_owned()), ("of disk", "1.1".to_owned()), ("of requests", "1.25".to_owned())],
        "after CapacityRegretParameters of Netflix-Skunkworks/service-capacity-modeling, read 2026-11-21; docs/design/0012",
    ));
    why.extend(found.undersized.iter().map(|risk| {
        reckoning(
            &format!("chance that {} is undersized", risk.service),
            crate::size::about(risk.chance),
            "worlds in which it needs more than it is given / worlds",
            vec![
                ("given", risk.gives.clone().unwrap_or_else(|| "as much as is needed".to_owned())),
                ("needed (p50)", risk.needs.p50.clone()),
            ],
            &risk.because,
        )
    }));
    why.extend(found.measure_first.iter().map(|worth| {
        reckoning(
            &format!("worth of measuring {}", worth.variable.flag()),
            format!("{} a month", worth.value_usd),
            "regret of the one plan - regret when the plan is chosen anew in each of up to 32 bins of the input",
            Vec::new(),
            "value of information (Howard 1966), by bins (Strong and Oakley 2013); docs/design/0012",
        )
    }));
    why
}
