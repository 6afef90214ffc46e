//! Laws of quantities: what is printed reads back as the same, and no text makes a reader panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use rapplan::units::{Bytes, Cores, Count, Growth, Months, Rate, Share, Span, Unit, Usd, check_format};

fn reads_back<T: Unit + Copy + PartialEq + std::fmt::Debug>(value: T) -> Result<(), TestCaseError> {
    let printed = value.to_string();
    prop_assert_eq!(printed.parse::<T>(), Ok(value), "{}", printed);
    Ok(())
}

/// Small figures, round ones and any at all: a factor of a power of ten or two, or all bits.
fn amount() -> impl Strategy<Value = u64> {
    prop_oneof![
        0u64..2000,
        any::<u64>(),
        (1u64..1000, 0u32..16).prop_map(|(n, zeros)| n.saturating_mul(10u64.pow(zeros))),
        (1u64..1000, 0u32..50).prop_map(|(n, shift)| n << shift),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn what_is_printed_reads_back(n in amount()) {
        reads_back(Bytes(n))?;
        reads_back(Count(n))?;
        reads_back(Cores(n))?;
        reads_back(Rate(n))?;
        reads_back(Span(n))?;
        reads_back(Usd(n))?;
        reads_back(Share(n % 1_000_000_000_000))?;
        reads_back(Growth(Share(n % 10_000_001)))?;
        reads_back(Months(u32::try_from(n % 121).unwrap()))?;
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in ".{0,24}", number in "[-+0-9.,_eE]{0,30} ?[A-Za-z%/$]{0,6}") {
        for format in [
            Bytes::FORMAT, Count::FORMAT, Cores::FORMAT, Rate::FORMAT, Span::FORMAT, Usd::FORMAT, Share::FORMAT,
            Growth::FORMAT, Months::FORMAT,
        ] {
            for text in [&text, &number] {
                if let Some(Err(error)) = check_format(format, text) {
                    prop_assert!(!error.problem.is_empty() && !error.expected.is_empty());
                }
            }
        }
    }

    #[test]
    fn a_minus_is_always_refused(n in 1u64.., unit in "(GB|K|%|ms|/s|mo)?") {
        let text = format!("-{n}{unit}");
        for format in [Bytes::FORMAT, Count::FORMAT, Cores::FORMAT, Rate::FORMAT, Span::FORMAT, Usd::FORMAT, Share::FORMAT] {
            prop_assert!(check_format(format, &text).unwrap().is_err(), "{text}");
        }
    }
}
