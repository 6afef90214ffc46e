//! How time and cost are spread over the runs.

use super::super::chart::{Chart, Line};
use super::super::html::{Column, Figure, paragraph, table};
use super::super::svg::Size;
use super::Rollout;

/// Bars of a picture.
const BARS: usize = 24;

/// Both pictures.
pub(super) fn html(rollout: &Rollout) -> String {
    let minutes: Vec<f64> = rollout.seconds.iter().map(|seconds| seconds / 60.0).collect();
    let time = one("time", "Time", "minutes", &minutes, &|minutes| lasting(minutes * 60.0));
    let cents: Vec<f64> = rollout.dollars.iter().map(|dollars| dollars * 100.0).collect();
    let cost = one("cost", "Cost beside what runs before and after", "cents", &cents, &|cents| {
        format!("${:.2}", cents / 100.0)
    });
    format!("{time}{cost}")
}

/// A time to the second: `45s`, `12m 30s`.
pub(super) fn lasting(seconds: f64) -> String {
    let seconds = seconds.round().max(0.0) as u64;
    match seconds / 60 {
        0 => format!("{seconds}s"),
        minutes => format!("{minutes}m {:02}s", seconds % 60),
    }
}

fn one(id: &str, what: &str, unit: &str, values: &[f64], show: &dyn Fn(f64) -> String) -> String {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let (Some(least), Some(most)) = (sorted.first().copied(), sorted.last().copied()) else { return String::new() };
    let at = |percent: usize| sorted[(sorted.len() * percent).div_ceil(100).clamp(1, sorted.len()) - 1];
    let (p50, p95) = (at(50), at(95));
    let told = format!(
        "{what}: {} to {}; half of {} runs within {}, 95 of 100 within {}",
        show(least),
        show(most),
        sorted.len(),
        show(p50),
        show(p95)
    );
    if show(least) == show(most) {
        return paragraph(&told);
    }
    let (from, to) = (least.floor(), most.floor() + 1.0);
    let (counts, width) = bars(&sorted, from, to);
    let figures = figures(&counts, from, width, show);
    let line = Line { class: "a", step: true, points: steps(&counts, from, width) };
    let floor = Line { points: line.points.iter().map(|(x, _)| (*x, Some(0.0))).collect(), ..line.clone() };
    let chart = Chart {
        id,
        title: what,
        description: format!("{told}."),
        across: unit.to_owned(),
        least_across: from as u64,
        most_across: to as u64,
        steps_across: &[],
        up: "runs",
        show_up: &|value| format!("{value}"),
        bands: vec![(floor, line.clone())],
        lines: vec![line],
        marks: vec![(p50, "half".to_owned()), (p95, "95 of 100".to_owned())],
    };
    let (wide, narrow) = (chart.draw(Size::Wide), chart.draw(Size::Narrow));
    Figure { caption: told, wide, narrow, legend: Vec::new(), below: String::new(), figures }.html()
}

/// How many values fall into each of equally wide parts between two values, and how wide they are.
fn bars(sorted: &[f64], from: f64, to: f64) -> (Vec<usize>, f64) {
    let width = (to - from) / BARS as f64;
    let mut counts = vec![0; BARS];
    for value in sorted {
        counts[(((value - from) / width) as usize).min(BARS - 1)] += 1;
    }
    (counts, width)
}

fn steps(counts: &[usize], from: f64, width: f64) -> Vec<(f64, Option<f64>)> {
    let bars = counts.iter().enumerate().map(|(at, count)| (from + at as f64 * width, Some(*count as f64)));
    bars.chain([(from + counts.len() as f64 * width, Some(0.0))]).collect()
}

fn figures(counts: &[usize], least: f64, width: f64, show: &dyn Fn(f64) -> String) -> String {
    let rows = counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(at, count)| {
        let (from, to) = (least + at as f64 * width, least + (at + 1) as f64 * width);
        [format!("{} to {}", show(from), show(to)), count.to_string()]
    });
    table("Runs by what they came to", [Column::Words("from and to"), Column::Numbers("runs")], rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_is_in_a_bar() {
        let values = [2.0, 2.1, 9.9, 9.99, 10.0];
        let (counts, width) = bars(&values, 2.0, 10.0);
        assert_eq!((counts.iter().sum::<usize>(), counts[0], counts[BARS - 1]), (5, 2, 3));
        assert_eq!(steps(&counts, 2.0, width).last(), Some(&(10.0, Some(0.0))));
        assert_eq!(one("time", "Time", "minutes", &[], &|value| value.to_string()), "");
        assert!(one("time", "Time", "minutes", &[2.0, 2.0], &|value| value.to_string()).starts_with("<p>"));
        assert_eq!([0.4, 59.6, 125.0].map(lasting), ["0s", "1m 00s", "2m 05s"]);
    }
}
