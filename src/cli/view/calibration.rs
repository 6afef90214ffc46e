//! A calibration, for people.

use super::{Page, View};
use crate::blueprint::evidence::Judgement;
use crate::cli::calibrate::{Calibration, Row};
use crate::demand::capacity::{Bound, Capacity, Load, Metric};
use crate::demand::load_test::Loop;
use crate::demand::scalability::{Fitted, Interval};

impl View for Calibration {
    const KIND: &'static str = "calibration";

    fn page(&self) -> Page {
        Page::new()
            .text(summary(&self.capacity, self.objective.limits.is_empty()))
            .section("Warnings", |page| page.list(warnings(self)))
            .section("Points", |page| {
                let header = ["users", "rate", "mean", "p95", "p99", "errors", "pause", "verdict"];
                page.table(header, self.points.iter().map(point))
            })
            .section("Objective", |page| {
                let rows = self.objective.limits.iter().map(|limit| {
                    [limit.metric.words().to_owned(), limit.metric.show(limit.at_most), limit.source.clone()]
                });
                page.table(["measure", "at most", "from"], rows)
            })
            .section("How the capacity was found", |page| {
                let rows = self.capacity.why.iter().map(|why| {
                    let inputs = why.inputs.iter().map(|(name, value)| format!("{name}: {value}"));
                    [why.figure.clone(), why.value.clone(), why.formula.clone(), inputs.collect::<Vec<_>>().join("; ")]
                });
                page.table(["figure", "value", "formula", "inputs"], rows)
            })
            .section("Verdict", |page| verdict(page, self))
            .section("Scalability law", |page| law(page, self))
            .section("Missing", |page| page.list(self.missing.iter().cloned()))
            .section("Files", |page| {
                let rows = self.sources.iter().map(|source| {
                    let run = &source.run;
                    let kind = if run.kind == Loop::Open { "fixed rate" } else { "users who wait" };
                    [
                        source.file.clone(),
                        run.tool.form().to_owned(),
                        run.version.clone().unwrap_or_default(),
                        run.date.clone().unwrap_or_default(),
                        kind.to_owned(),
                        source.sha256[..12].to_owned(),
                    ]
                });
                page.table(["file", "read as", "version", "date", "load", "sha256"], rows)
            })
            .section("How the figures came to be", |page| {
                let mut notes: Vec<String> =
                    self.sources.iter().flat_map(|source| source.run.notes.iter().cloned()).collect();
                notes.dedup();
                page.list(notes)
            })
            .section("Written", |page| {
                let rows = self.written.iter().flat_map(|written| {
                    let added = written.added.iter().map(|id| ["added".to_owned(), id.clone()]);
                    added.chain(written.changed.iter().map(|id| ["changed".to_owned(), id.clone()]))
                });
                page.table(["row", "id"], rows.collect::<Vec<_>>())
            })
    }
}

fn load(load: Option<Load>) -> String {
    match load.map(|load| (load.users, load.rate)) {
        Some((Some(users), Some(rate))) => format!("{users} users at {}", round(rate.as_f64())),
        Some((Some(users), None)) => format!("{users} users"),
        Some((None, Some(rate))) => round(rate.as_f64()),
        _ => "an unknown load".to_owned(),
    }
}

fn round(per_second: f64) -> String {
    if per_second >= 100.0 { format!("{per_second:.0}/s") } else { format!("{per_second:.1}/s") }
}

fn summary(capacity: &Capacity, unlimited: bool) -> String {
    let machines: Vec<String> = capacity.machines.iter().map(|(role, machine)| format!("{role} {machine}")).collect();
    let on = if machines.is_empty() { String::new() } else { format!(" on {}", machines.join(", ")) };
    let scenario = &capacity.scenario;
    match capacity.bound {
        Bound::AtLeast if unlimited => {
            format!(
                "Largest load measured for {scenario}{on}: {}; without an objective nothing limits it",
                load(capacity.measured)
            )
        }
        Bound::AtLeast => {
            format!("Capacity for {scenario}{on}: at least {}, the largest load measured", load(capacity.measured))
        }
        Bound::Between => format!(
            "Capacity for {scenario}{on}: {} measured; {} between the points",
            load(capacity.measured),
            load(capacity.reached)
        ),
        Bound::Below => format!(
            "Capacity for {scenario}{on}: below {}, the smallest load measured: no point keeps the objective",
            load(capacity.below)
        ),
        Bound::Unknown => {
            format!("Capacity for {scenario}{on}: unknown, since the objective speaks of what was not measured")
        }
    }
}

fn warnings(calibration: &Calibration) -> Vec<String> {
    let mut lines = calibration.capacity.warnings.clone();
    let doubts = calibration.points.iter().filter_map(|row| row.pace.as_ref()?.doubt.clone());
    lines.extend(doubts);
    lines
}

fn point(row: &Row) -> [String; 8] {
    let point = &row.point;
    let pause = row.pace.as_ref().and_then(|pace| pace.think_time);
    [
        point.users.map(|users| users.to_string()).unwrap_or_default(),
        point.rate.map(|rate| round(rate.as_f64())).unwrap_or_default(),
        point.mean.to_string(),
        point.p95.to_string(),
        point.p99.map(|p99| p99.to_string()).unwrap_or_default(),
        Metric::Errors.show(point.errors.0),
        pause.map(|pause| pause.to_string()).unwrap_or_default(),
        row.judged.verdict.map(word).unwrap_or("not judged").to_owned(),
    ]
}

fn word(verdict: Judgement) -> &'static str {
    match verdict {
        Judgement::Stable => "stable",
        Judgement::Suspect => "suspect",
        Judgement::Bottleneck => "bottleneck",
    }
}

fn verdict(page: Page, calibration: &Calibration) -> Page {
    let rows = calibration.points.iter().flat_map(|row| {
        row.judged.crossed.iter().map(|crossed| {
            [
                row.point.users.map(|users| users.to_string()).unwrap_or_default(),
                crossed.row.clone(),
                format!("{} > {}", crossed.measured, crossed.above),
                word(crossed.verdict).to_owned(),
                crossed.service.clone().unwrap_or_else(|| "no service named".to_owned()),
                crossed.action.clone(),
            ]
        })
    });
    let bands = calibration.playbooks.iter().map(|band| {
        [band.id.clone(), band.service.clone(), band.symptom.clone().unwrap_or_default(), band.action.clone()]
    });
    let page = page
        .table(["users", "row", "measured", "verdict", "service", "do"], rows.collect::<Vec<_>>())
        .table(["playbook", "service", "symptom", "do"], bands);
    let unmeasured = calibration.points.first().map(|row| row.judged.unmeasured.join(", ")).unwrap_or_default();
    if unmeasured.is_empty() {
        page
    } else {
        page.text(format!("Not judged, since a load test does not tell it: {unmeasured}"))
    }
}

fn law(page: Page, calibration: &Calibration) -> Page {
    if let Some(missing) = &calibration.no_law {
        return page.text(format!("No law is fitted: {}", missing.because));
    }
    let Some(Fitted { law, peak_users, peak_rate, r_squared, intervals, .. }) = &calibration.law else { return page };
    let digits = |value: f64| if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.3}") };
    let small = |value: f64| format!("{value:.3e}");
    let range = |interval: Option<Interval>, show: &dyn Fn(f64) -> String| {
        interval.map(|interval| format!("{} to {}", show(interval.low), show(interval.high))).unwrap_or_default()
    };
    let row = |what: &str, value: String, range: String| [what.to_owned(), value, range];
    let peak = |value: &Option<f64>| value.map(digits).unwrap_or_else(|| "none".to_owned());
    let rows = [
        row("lambda, requests/s of one user", digits(law.lambda), range(Some(intervals.lambda), &digits)),
        row("sigma, contention", small(law.sigma), range(Some(intervals.sigma), &small)),
        row("kappa, coherency", small(law.kappa), range(Some(intervals.kappa), &small)),
        row("users at the peak", peak(peak_users), range(intervals.peak_users, &digits)),
        row("requests/s at the peak", peak(peak_rate), range(intervals.peak_rate, &digits)),
        row("R squared", format!("{r_squared:.4}"), String::new()),
    ];
    let most = calibration.points.iter().filter_map(|row| row.point.users).max();
    let page = page
        .text("X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)), least squares with sigma and kappa not below 0")
        .table(["figure", "value", "95 of 100 resamplings"], rows);
    match (peak_users, most) {
        (Some(peak), Some(most)) if *peak > most.0 as f64 => page.text(format!(
            "The peak is beyond the {most} users that were measured: it is what the law says, and no capacity"
        )),
        _ => page,
    }
}
