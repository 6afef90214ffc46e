//! Capacity beside the demand over time.

use super::super::chart::{Chart, Line};
use super::super::html::{Column, Figure, paragraph, table};
use super::super::svg::Size;
use super::{Rollout, Service};

/// Above so many percent of the demand a line says nothing more: it is cut there, so that what matters is large.
const CUT: f64 = 400.0;
/// Classes of the lines of several services.
const CLASSES: [&str; 4] = ["a", "c", "d", "e"];

/// A picture with all services, where there are several, and one for each.
pub(super) fn html(rollout: &Rollout) -> String {
    let span = Span::of(rollout);
    let together = if rollout.services.len() > 1 { together(rollout, &span) } else { String::new() };
    let each: String =
        rollout.services.iter().enumerate().map(|(at, service)| one(rollout, &span, at, service)).collect();
    if each.is_empty() {
        return paragraph("No service takes requests from the load balancer, so that there is no capacity to look at.");
    }
    let what = "What the healthy instances that get requests bear, in percent of what is demanded of them, at the part of the \
                service that is worst off. Below 100 % requests are lost. The pictures show the run that came lowest of all.";
    format!("{}{together}{each}{}", paragraph(what), switches(rollout))
}

/// The axis of time: minutes where a run takes some, else seconds.
struct Span {
    most: u64,
    /// Seconds of one unit of the axis.
    unit: f64,
    word: &'static str,
}

impl Span {
    fn of(rollout: &Rollout) -> Self {
        let services = rollout.services.iter().flat_map(|service| service.lowest.iter().chain(&service.median));
        let most = services.map(|(at, _)| *at).fold(0.0, f64::max).max(1.0);
        let (unit, word) =
            if most >= 300.0 { (60.0, "minutes from the beginning") } else { (1.0, "seconds from the beginning") };
        Self { most: (most / unit).ceil() as u64, unit, word }
    }

    fn line(&self, class: &'static str, points: &[(f64, f64)]) -> Line {
        let point = |(at, value): &(f64, f64)| (at / self.unit, Some(value.min(CUT)));
        Line { class, step: true, points: points.iter().map(point).collect() }
    }

    fn demand(&self) -> Line {
        let ends = [0.0, self.most as f64];
        Line { class: "demand", step: false, points: ends.map(|at| (at, Some(100.0))).to_vec() }
    }

    fn figure(
        &self,
        id: &str,
        caption: &str,
        description: String,
        lines: Vec<Line>,
        marks: Vec<(f64, String)>,
    ) -> [String; 2] {
        let chart = Chart {
            id,
            title: caption,
            description,
            across: self.word.to_owned(),
            least_across: 0,
            most_across: self.most,
            steps_across: &[],
            up: "% of the demand",
            show_up: &|value| if value >= CUT { format!("{value}+") } else { format!("{value}") },
            bands: Vec::new(),
            lines,
            marks,
        };
        [chart.draw(Size::Wide), chart.draw(Size::Narrow)]
    }
}

fn together(rollout: &Rollout, span: &Span) -> String {
    let coloured = || rollout.services.iter().zip(CLASSES.into_iter().cycle());
    let mut lines: Vec<Line> = coloured().map(|(service, class)| span.line(class, &service.lowest)).collect();
    lines.push(span.demand());
    let caption = "All services in the run that came lowest";
    let told = rollout.services.iter().map(|service| format!("{}: {}", service.name, least(&service.lowest)));
    let description = format!("The lowest of each. {}.", told.collect::<Vec<_>>().join("; "));
    let [wide, narrow] = span.figure("all", caption, description, lines, Vec::new());
    let mut legend: Vec<(&'static str, String)> =
        coloured().map(|(service, class)| (class, service.name.clone())).collect();
    legend.push(("demand", "the demand".to_owned()));
    let figures = figures(
        "The lowest of each service",
        rollout.services.iter().map(|service| {
            [service.name.clone(), least(&service.lowest), least(&service.zone_lost), least(&service.median)]
        }),
    );
    Figure { caption: caption.to_owned(), wide, narrow, legend, below: String::new(), figures }.html()
}

fn one(rollout: &Rollout, span: &Span, at: usize, service: &Service) -> String {
    let mut lines = vec![span.line("median", &service.median)];
    let mut legend = vec![("a", format!("the run that came lowest, seed {}", rollout.seeds.0))];
    if !service.zone_lost.is_empty() {
        lines.push(span.line("b", &service.zone_lost));
        legend.push(("b", "the same, had a zone been lost at that moment".to_owned()));
    }
    lines.push(span.line("a", &service.lowest));
    lines.push(span.demand());
    legend.push(("median", format!("the run of median length, seed {}", rollout.seeds.1)));
    legend.push(("demand", "the demand".to_owned()));
    let own = rollout.switches.iter().filter(|(_, of, _)| *of == service.name).enumerate();
    let marks = own.map(|(number, (at, ..))| (at / span.unit, format!("{}", number + 1))).collect();
    let caption = format!("{}: never below {}", service.name, least(&service.lowest));
    let zone = match service.zone_lost.is_empty() {
        true => String::new(),
        false => format!(" With a zone lost never below {}.", least(&service.zone_lost)),
    };
    let description = format!("{caption} of the demand in the run that came lowest.{zone}");
    let [wide, narrow] = span.figure(&format!("service-{at}"), &caption, description, lines, marks);
    let rows = service.lowest.iter().map(|(at, value)| {
        let zone = value_at(&service.zone_lost, *at).map(percent).unwrap_or_default();
        [
            super::spread::lasting(*at),
            percent(*value),
            zone,
            value_at(&service.median, *at).map(percent).unwrap_or_default(),
        ]
    });
    let figures = figures("Every change of the capacity, in percent of the demand", rows);
    Figure { caption, wide, narrow, legend, below: String::new(), figures }.html()
}

fn figures(caption: &str, rows: impl IntoIterator<Item = [String; 4]>) -> String {
    let columns = [
        Column::Words("from"),
        Column::Numbers("run that came lowest"),
        Column::Numbers("with a zone lost"),
        Column::Numbers("run of median length"),
    ];
    table(caption, columns, rows)
}

fn value_at(points: &[(f64, f64)], at: f64) -> Option<f64> {
    points.iter().take_while(|(from, _)| *from <= at).last().map(|(_, value)| *value)
}

/// Rounded down, so that it never says more than there is.
fn percent(value: f64) -> String {
    format!("{} %", value.floor())
}

fn least(points: &[(f64, f64)]) -> String {
    points.iter().map(|(_, value)| *value).reduce(f64::min).map(percent).unwrap_or_default()
}

fn switches(rollout: &Rollout) -> String {
    let mut numbers = std::collections::BTreeMap::new();
    let rows = rollout.switches.iter().map(|(at, service, what)| {
        let number = numbers.entry(service.clone()).and_modify(|number| *number += 1).or_insert(1);
        [format!("{service} {number}"), super::spread::lasting(*at), what.clone()]
    });
    let columns = [Column::Words("mark"), Column::Numbers("at"), Column::Words("what is sent")];
    table("Marks: where requests move to another version", columns, rows.collect::<Vec<_>>())
}
