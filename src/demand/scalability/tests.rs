use proptest::prelude::*;

use super::*;
use crate::demand::load_test::Latency;
use crate::units::{Count, Rate, Share, Span};

fn point(users: u64, rate: f64, mean_ms: u64) -> Point {
    Point {
        users: Some(Count(users)),
        rate: Some(Rate((rate * 1000.0).round() as u64)),
        mean: Latency(mean_ms * 1000),
        p50: None,
        p95: Latency(mean_ms * 3000),
        p99: None,
        errors: Share(0),
        duration: None,
        requests: Count(1000),
    }
}

const README: [(u64, f64); 7] =
    [(1, 65.0), (18, 996.0), (36, 1652.0), (72, 1853.0), (108, 1829.0), (144, 1775.0), (216, 1702.0)];

fn close(found: f64, golden: f64, part: f64) {
    assert!((found - golden).abs() <= golden.abs() * part, "{found} is not {golden}");
}

/// The data of the README of usl-rs; the figures of `scipy.optimize.least_squares` with bounds `sigma, kappa >= 0`.
#[test]
fn the_fit_is_that_of_scipy() {
    let points: Vec<Point> = README.iter().map(|(users, rate)| point(*users, *rate, 10)).collect();
    let fitted = fitted(Loop::Closed, &points).unwrap();
    close(fitted.law.lambda, 89.987, 1e-5);
    close(fitted.law.sigma, 0.027_729, 2e-5);
    close(fitted.law.kappa, 1.0435e-4, 2e-5);
    close(fitted.peak_users.unwrap(), 96.5, 5e-4);
    close(fitted.peak_rate.unwrap(), 1883.78, 1e-5);
    assert!(fitted.r_squared > 0.98 && fitted.residuals.len() == 7, "{fitted:?}");
    let around = fitted.intervals.peak_users.unwrap();
    assert!(around.low < 96.5 && 96.5 < around.high && around.high - around.low < 80.0, "{around:?}");
}

#[test]
fn the_same_points_give_the_same_bytes() {
    let points: Vec<Point> = README.iter().map(|(users, rate)| point(*users, *rate, 10)).collect();
    assert_eq!(fitted(Loop::Closed, &points), fitted(Loop::Closed, &points));
}

#[test]
fn what_is_missing_is_counted() {
    let mut points = vec![point(10, 100.0, 10), point(10, 101.0, 10), point(20, 180.0, 10)];
    points.push(Point { users: None, ..point(1, 50.0, 10) });
    points.push(Point { rate: None, ..point(40, 50.0, 10) });
    let missing = fitted(Loop::Closed, &points).unwrap_err();
    assert_eq!((missing.usable, missing.needed), (2, 6));
    for part in ["4 more are needed", "1 of the points do not tell the number of users", "the requests per second"] {
        assert!(missing.because.contains(part), "{}", missing.because);
    }
    assert!(fitted(Loop::Open, &points).unwrap_err().because.contains("fixed rate"));
}

#[test]
fn think_time_follows_from_littles_law() {
    // 300 users, 68.437636 requests/s, 1.812868 s: 300 / 68.437636 - 1.812868 = 2.571 s.
    let real = pace(&point(300, 68.438, 1813)).unwrap();
    assert_eq!((real.think_time, real.doubt), (Some(Span(2571)), None));
    let none = pace(&point(200, 8000.0, 25)).unwrap();
    assert!(none.doubt.unwrap().contains("did not pause"));
    let parallel = pace(&point(10, 8000.0, 25)).unwrap();
    assert_eq!(parallel.think_time, None);
    assert!(parallel.doubt.unwrap().contains("in flight"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What a law makes is found again, and whatever comes, the figures stay within their bounds.
    #[test]
    fn a_law_is_found_again(lambda in 1.0..1000.0f64, sigma in 0.0..0.3f64, kappa in 0.0..0.001f64) {
        let law = Law { lambda, sigma, kappa };
        let samples: Vec<Sample> =
            [1.0, 5.0, 20.0, 60.0, 150.0, 400.0].map(|users| Sample { users, rate: law.rate(users) }).to_vec();
        let found = fit(&samples).unwrap();
        for sample in &samples {
            prop_assert!((found.rate(sample.users) - sample.rate).abs() <= 1e-4 * sample.rate, "{found:?} {law:?}");
        }
    }

    #[test]
    fn figures_stay_within_bounds(rates in prop::collection::vec(0.0..1e6f64, 6..12)) {
        let samples: Vec<Sample> =
            rates.iter().enumerate().map(|(i, rate)| Sample { users: (i * i + 1) as f64, rate: *rate }).collect();
        if let Some(law) = fit(&samples) {
            prop_assert!(law.lambda > 0.0 && law.sigma >= 0.0 && law.kappa >= 0.0, "{law:?}");
            prop_assert!(law.peak_users().is_none_or(|users| users >= 1.0 && users.is_finite()), "{law:?}");
        }
    }
}
