//! From the worlds to what is told of them.

use super::imagine::Imagined;
use super::model::{Candidate, Gauge, Model};
use super::regret::{Regrets, dollars, regrets};
use super::report::{PlanOdds, ServiceRisk, TextSpread, TierChance, UncertainInput, Uncertainty, UsdSpread, Worth};
use super::value::of_knowing;
use super::{Answer, Kind};
use crate::demand::{Ask, Ranged, Variable};
use crate::units::{Bytes, Share, Usd};

/// Most other plans that are told.
const RUNNERS_UP: usize = 3;

/// Chooses the plan and gathers what is known of it.
pub(super) fn summarise<M: Model>(
    model: &M,
    ask: &Ask,
    imagined: &Imagined<M::Key>,
    middle: &M::Key,
) -> Answer<M::Key> {
    let gauges = model.gauges();
    let of_middle = imagined.plans.iter().position(|(key, _)| key == middle).unwrap_or_default();
    let regrets = regrets(model, imagined, &gauges, of_middle);
    let ranking = ranking(&regrets, of_middle);
    let odds = |(plan, mean): &(usize, f64)| odds(imagined, *plan, *mean);
    let (chosen, mean) = ranking.first().copied().unwrap_or((of_middle, 0.0));
    let (key, candidate) = &imagined.plans[chosen];
    let uncertainty = Uncertainty {
        worlds: ask.worlds.count,
        seed: ask.worlds.seed,
        impossible: imagined.impossible,
        inputs: ask.ranges.iter().map(input).collect(),
        least_regret: self::odds(imagined, chosen, mean),
        also_of_the_middle: chosen == of_middle,
        best_monthly_usd: best_cost(imagined),
        undersized: risks(imagined, candidate, &gauges),
        tiers: chances(imagined),
        beyond: share(imagined.beyond as usize, imagined.count()),
        runners_up: ranking.iter().skip(1).take(RUNNERS_UP).map(odds).collect(),
        measure_first: worth(ask, imagined, &regrets),
    };
    Answer { key: key.clone(), uncertainty }
}

/// Plans with their mean regret, least first; of plans that are regretted alike the middle's, else the first.
fn ranking(regrets: &Regrets, middle: usize) -> Vec<(usize, f64)> {
    let mut ranking: Vec<(usize, f64)> = regrets.candidates.iter().copied().zip(regrets.means()).collect();
    ranking.sort_by(|a, b| a.1.total_cmp(&b.1).then((a.0 != middle, a.0).cmp(&(b.0 != middle, b.0))));
    ranking
}

fn share(part: usize, whole: usize) -> Share {
    Share((part as u128 * 1_000_000 / whole.max(1) as u128) as u64)
}

fn cents(dollars: f64) -> Usd {
    Usd((dollars * 100.0).round() as u64)
}

fn input(ranged: &Ranged) -> UncertainInput {
    let show = |base: u64| ranged.variable.show(base).replace([',', ' '], "").trim_end_matches("/s").to_owned();
    let range = &ranged.range;
    UncertainInput {
        variable: ranged.variable,
        range: format!("{}..{}@{}", show(range.low), show(range.high), range.confidence),
        middle: match ranged.variable {
            Variable::Data => Bytes(ranged.variable.middle(range)).approx(),
            variable => variable.show(variable.middle(range)),
        },
        origin: ranged.origin.clone(),
    }
}

fn odds<K>(imagined: &Imagined<K>, plan: usize, mean: f64) -> PlanOdds {
    let candidate = &imagined.plans[plan].1;
    let best = imagined.best.iter().filter(|best| **best as usize == plan).count();
    let short = (0..imagined.count()).filter(|world| {
        let needs = imagined.needs_of(*world).iter().zip(&candidate.capacities);
        needs.into_iter().any(|(need, capacity)| capacity.is_some_and(|capacity| *need > capacity))
    });
    PlanOdds {
        tier: candidate.tier.clone(),
        set: candidate.set.clone(),
        monthly_usd: Usd(candidate.cents),
        regret_usd: cents(dollars(mean)),
        best: share(best, imagined.count()),
        undersized: share(short.count(), imagined.count()),
    }
}

/// The value that a part of the worlds does not exceed, of values in order.
pub(crate) fn percentile<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let at = (sorted.len() * percent).div_ceil(100).max(1) - 1;
    sorted.get(at).copied()
}

fn best_cost<K>(imagined: &Imagined<K>) -> UsdSpread {
    let mut costs: Vec<u64> = imagined.best.iter().map(|best| imagined.plans[*best as usize].1.cents).collect();
    costs.sort_unstable();
    let at = |percent| Usd(percentile(&costs, percent).unwrap_or_default());
    UsdSpread { p5: at(5), p50: at(50), p95: at(95) }
}

fn risks<K>(imagined: &Imagined<K>, plan: &Candidate, gauges: &[Gauge]) -> Vec<ServiceRisk> {
    let risk = |(at, gauge): (usize, &Gauge)| {
        let mut needs: Vec<u64> = (0..imagined.count()).map(|world| imagined.needs_of(world)[at]).collect();
        needs.sort_unstable();
        let capacity = plan.capacities.get(at).copied().flatten();
        let short = capacity.map_or(0, |capacity| needs.iter().filter(|need| **need > capacity).count());
        let show = |percent| percentile(&needs, percent).map(|need| gauge.show.of(need)).unwrap_or_default();
        let needed = needs.last().is_some_and(|most| *most > 0);
        (needed && gauge.of != Kind::Rank).then(|| ServiceRisk {
            service: gauge.service.clone(),
            what: gauge.what.clone(),
            of: gauge.of,
            chance: share(short, imagined.count()),
            gives: capacity.map(|capacity| gauge.show.of(capacity)),
            needs: TextSpread { p5: show(5), p50: show(50), p95: show(95) },
            because: plan.because.get(at).cloned().unwrap_or_default(),
        })
    };
    gauges.iter().enumerate().filter_map(risk).collect()
}

fn chances<K>(imagined: &Imagined<K>) -> Vec<TierChance> {
    let mut times = vec![0usize; imagined.plans.len()];
    imagined.best.iter().for_each(|best| times[*best as usize] += 1);
    let found = imagined.plans.iter().zip(times).filter(|(_, times)| *times > 0);
    found
        .map(|((_, plan), times)| TierChance {
            tier: plan.tier.clone(),
            set: plan.set.clone(),
            chance: share(times, imagined.count()),
        })
        .collect()
}

fn worth<K>(ask: &Ask, imagined: &Imagined<K>, regrets: &Regrets) -> Vec<Worth> {
    let worth = |ranged: &Ranged| {
        let value = cents(of_knowing(ranged.variable, ask.worlds, &imagined.numbers, regrets));
        let flag = ranged.variable.flag();
        let because = match value.0 {
            0 => format!("whatever --{flag} is within its range, the same plan is chosen"),
            _ => format!("knowing --{flag} saves up to {value} of regret a month"),
        };
        Worth { variable: ranged.variable, value_usd: value, because }
    };
    let mut worth: Vec<Worth> = ask.ranges.iter().map(worth).collect();
    worth.sort_by_key(|worth| std::cmp::Reverse(worth.value_usd));
    worth
}
