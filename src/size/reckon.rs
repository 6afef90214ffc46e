//! What the models of databases and servers share: exact arithmetic that cannot overflow, and the words of an answer.

use super::component::{Bottleneck, Excuse, Fit, Need, Reckoning, fit};
use super::plan::{Setting, Warning};
use crate::blueprint::tier::Environment;
use crate::catalog::Machine;
use crate::units::Bytes;

/// A product held at the largest amount instead of overflowing.
pub(super) fn times(factors: &[u64]) -> u64 {
    factors.iter().fold(1, |so_far, factor| so_far.saturating_mul(*factor))
}

/// A sum held at the largest amount instead of overflowing.
pub(super) fn sum(parts: &[u64]) -> u64 {
    parts.iter().fold(0, |so_far, part| so_far.saturating_add(*part))
}

/// `amount x numerator / denominator`, rounded up and held at the largest amount.
pub(super) fn part(amount: u64, numerator: u64, denominator: u64) -> u64 {
    let product = u128::from(amount) * u128::from(numerator);
    u64::try_from(product.div_ceil(u128::from(denominator.max(1)))).unwrap_or(u64::MAX)
}

/// The next multiple of `step`, or the largest amount where there is none.
pub(super) fn up_to(amount: u64, step: u64) -> u64 {
    amount.checked_next_multiple_of(step.max(1)).unwrap_or(u64::MAX)
}

/// A number of instances, held at the largest.
pub(super) fn instances(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A figure with all that gave it.
pub(super) fn because(
    figure: &str,
    value: impl ToString,
    formula: &str,
    inputs: &[(&str, String)],
    source: &str,
) -> Reckoning {
    Reckoning {
        figure: figure.to_owned(),
        value: value.to_string(),
        formula: formula.to_owned(),
        inputs: inputs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        source: source.to_owned(),
    }
}

/// A setting as the service reads it.
pub(super) fn setting(name: &str, value: impl ToString, because: impl Into<String>) -> Setting {
    Setting { name: name.to_owned(), value: value.to_string(), because: because.into() }
}

/// A warning with its way out.
pub(super) fn warning(id: &str, severe: bool, text: String, hint: &str) -> Warning {
    Warning { id: id.to_owned(), severe, text, hint: Some(hint.to_owned()) }
}

/// Memory as JVMs, Elasticsearch and Neo4j read it: in GiB where that loses nothing, else in MiB, rounded down.
pub(super) fn jvm_size(bytes: u64) -> String {
    let gib = Bytes::gib(1).0;
    if bytes >= gib && bytes.is_multiple_of(gib) { format!("{}g", bytes / gib) } else { format!("{}m", bytes >> 20) }
}

/// Whether a machine holds a database: what every instance needs, and in production processors that are not throttled.
///
/// A database on a burstable machine serves at a fraction of its speed once the credits are used up, in the middle of a
/// load that lasts (the unlimited modes of the providers bill for it instead, which no price table shows).
///
/// # Errors
/// What the machine lacks.
pub(super) fn fit_database(need: &Need, machine: &Machine, environment: Environment) -> Result<Fit, Excuse> {
    let fits = fit(&need.each, machine)?;
    if machine.burstable && environment == Environment::Prod {
        return Err(Excuse {
            machine: machine.name.clone(),
            bottleneck: Bottleneck::Burstable,
            because:
                "its processors are throttled once credits are used up; a database in production needs steady ones"
                    .to_owned(),
        });
    }
    Ok(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::test_machine::machine;

    #[test]
    fn arithmetic_holds_at_the_largest() {
        assert_eq!(times(&[u64::MAX, 2]), u64::MAX);
        assert_eq!(sum(&[u64::MAX, 2]), u64::MAX);
        assert_eq!((part(10, 1, 3), part(u64::MAX, 3, 2), part(5, 1, 0)), (4, u64::MAX, 5));
        assert_eq!((up_to(5, 4), up_to(8, 4), up_to(u64::MAX, 4), up_to(7, 0)), (8, 8, u64::MAX, 7));
        assert_eq!(jvm_size(Bytes::gib(2).0), "2g");
        assert_eq!(jvm_size(Bytes::mib(1536).0), "1536m");
        assert_eq!(jvm_size(0), "0m");
    }

    #[test]
    fn production_databases_refuse_burstable_machines() {
        let need = Need::default();
        let mut small = machine("t4g.medium", 2, 4);
        assert!(fit_database(&need, &small, Environment::Prod).is_ok());
        small.burstable = true;
        assert!(fit_database(&need, &small, Environment::Dev).is_ok());
        let excuse = fit_database(&need, &small, Environment::Prod).unwrap_err();
        assert_eq!((excuse.bottleneck, excuse.machine.as_str()), (Bottleneck::Burstable, "t4g.medium"));
    }
}
