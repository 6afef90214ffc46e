//! Golden values of Erlang C (worked out with another program) and of square-root staffing.

use proptest::prelude::*;

use super::*;

fn work(rate: u64, service_micros: u64, importance: Importance) -> Work {
    Work { rate: Rate::per_second(rate), service_micros, importance }
}

#[test]
fn square_root_staffing() {
    for (rate, micros, want) in
        [(200, 5_000, [4, 3, 3, 2]), (2_500, 2_000, [11, 9, 8, 8]), (10_000, 2_000, [31, 28, 26, 25])]
    {
        assert_eq!(Importance::ALL.map(|importance| work(rate, micros, importance).cores()), want, "{rate}");
    }
    assert_eq!(Work::default().cores(), 1);
    assert!(work(200, 5_000, Importance::High).why("cores").inputs.contains(&("Q".to_owned(), "1.761".to_owned())));
}

#[test]
fn erlang_c() {
    // Servers, service time in ms, rate: the chance of waiting, mean wait and 95 % response time in ms.
    for (servers, service, rate, waits, wait, p95) in [
        (1, 10, 90, 0.9, 90.0, 299.57),
        (2, 10, 180, 0.8526, 42.63, 152.97),
        (8, 10, 720, 0.7015, 8.77, 49.25),
        (4, 20, 120, 0.2870, 3.59, 66.84),
    ] {
        let queue = Queue::new(&work(rate, service * 1000, Importance::High), servers).unwrap();
        assert!((queue.waits - waits).abs() < 5e-5, "{}", queue.waits);
        assert!((queue.mean_wait_ms() - wait).abs() < 5e-3, "{}", queue.mean_wait_ms());
        assert!((queue.response_ms(0.95) - p95).abs() < 5e-3, "{}", queue.response_ms(0.95));
        assert!((queue.mean_wait_with_variation_ms(1.0, 0.0) * 2.0 - queue.mean_wait_ms()).abs() < 1e-9);
    }
}

#[test]
fn a_queue_that_grows_without_end_is_none() {
    assert_eq!(Queue::new(&work(200, 10_000, Importance::High), 2), None);
    assert_eq!(Queue::new(&work(0, 10_000, Importance::High), 2), None);
    assert_eq!(Queue::new(&work(1, 1_000, Importance::High), MOST_SERVERS + 1), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn more_load_never_takes_fewer_cores(rate: u64, more: u64, micros: u64, which in 0usize..4) {
        let load = Work { rate: Rate(rate), service_micros: micros, importance: Importance::ALL[which] };
        let larger = Work { rate: Rate(rate.saturating_add(more)), ..load };
        prop_assert!(larger.cores() >= load.cores());
    }

    #[test]
    fn two_halves_never_take_fewer_cores(rate in 0u64..1 << 40, other in 0u64..1 << 40, micros in 0u64..1 << 20, which in 0usize..4) {
        let load = |rate| Work { rate: Rate(rate), service_micros: micros, importance: Importance::ALL[which] };
        let together = load(rate + other).cores();
        prop_assert!(u64::from(load(rate).cores()) + u64::from(load(other).cores()) >= u64::from(together));
    }

    #[test]
    fn staffing_leaves_a_queue_that_ends(rate in 1u64..1 << 20, micros in 1u64..1 << 20, which in 0usize..4) {
        let load = Work { rate: Rate(rate), service_micros: micros, importance: Importance::ALL[which] };
        let queue = Queue::new(&load, load.cores());
        prop_assert!(queue.is_some_and(|queue| (0.0..=1.0).contains(&queue.waits)));
        let queue = queue.unwrap();
        prop_assert!(queue.response_ms(0.5) <= queue.response_ms(0.99));
    }
}
