//! A demand in words, figure by figure, for tables.

use super::{Because, Demand};
use crate::blueprint::tier::{Environment, Input};

/// Name, value and origin of every figure that is known, in the order in which they are read.
pub fn told(demand: &Demand) -> Vec<[String; 3]> {
    let inputs = Input::ALL.into_iter().filter(|input| demand.base(*input) > 0);
    let mut rows: Vec<[String; 3]> =
        inputs.map(|input| row(input.word(), amount(demand, input), demand.because(input))).collect();
    let per = demand.vectors_per_partition.as_ref();
    let per = per.map(|per| row("vectors per partition", per.value.to_string(), &per.because));
    let dims = demand.dims.as_ref().map(|dims| row("dimensions", dims.value.to_string(), &dims.because));
    for (at, row) in per.into_iter().chain(dims).enumerate() {
        rows.insert((2 + at).min(rows.len()), row);
    }
    let counts = [
        ("concurrent users", &demand.concurrent_users),
        ("monthly users", &demand.monthly_users),
        ("requests to the model", &demand.model_requests),
    ];
    let counts = counts.into_iter().filter_map(|(name, figure)| figure.as_ref().map(|figure| (name, figure)));
    rows.extend(counts.map(|(name, figure)| row(name, figure.value.to_string(), &figure.because)));
    rows.extend(demand.mix.as_ref().map(|mix| row("mix", mix.value.clone(), &mix.because)));
    rows.extend(demand.p95.as_ref().map(|p95| row("p95 at most", p95.value.to_string(), &p95.because)));
    let errors = demand.max_error_rate.as_ref();
    rows.extend(errors.map(|errors| row("errors at most", errors.value.to_string(), &errors.because)));
    if demand.growth.because.is_given() {
        rows.push(row("growth", demand.growth.value.to_string(), &demand.growth.because));
        rows.push(row("horizon", demand.horizon_months.value.to_string(), &demand.horizon_months.because));
    }
    if demand.headroom.because.is_given() {
        rows.push(row("headroom", demand.headroom.value.to_string(), &demand.headroom.because));
    }
    if let Some(index) = &demand.index {
        rows.push(row("index", index.value.clone(), &index.because));
    }
    if demand.environment.because.is_given() {
        let word = if demand.environment.value == Environment::Dev { "dev" } else { "prod" };
        rows.push(row("environment", word.to_owned(), &demand.environment.because));
    }
    rows.extend(
        demand.require.iter().map(|required| row("require", required.value.word().to_owned(), &required.because)),
    );
    rows
}

/// The exact value where that is short, else a few digits of it: 100 million vectors are 166,666,666,666 bytes.
fn amount(demand: &Demand, input: Input) -> String {
    let base = demand.base(input);
    let exact = input.show(base);
    if demand.because(input).is_given() || exact.len() <= 10 { exact } else { input.approx(base) }
}

fn row(what: &str, value: String, because: &Because) -> [String; 3] {
    [what.to_owned(), value, format!("{}: {}", because.word(), because.text())]
}
