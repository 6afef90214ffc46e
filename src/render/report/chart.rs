//! Lines and steps over an axis.

use super::scale::{ticks, whole_ticks};
use super::svg::{Anchor, LETTERS, Size, Svg, number, width};
use crate::units::Count;

/// A line of a chart. Where there is no value, the line stops.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Class of the line: `a`, `b`.
    pub class: &'static str,
    /// Whether a value holds until the next one.
    pub step: bool,
    /// The points, from left to right.
    pub points: Vec<(f64, Option<f64>)>,
}

/// A chart.
pub(super) struct Chart<'a> {
    /// Id within the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same in a few sentences with the main figures.
    pub description: String,
    /// What the horizontal axis counts.
    pub across: String,
    /// Left end of the horizontal axis.
    pub least_across: u64,
    /// Right end of the horizontal axis.
    pub most_across: u64,
    /// Steps that suit the horizontal axis, the smallest first; round numbers without them.
    pub steps_across: &'a [u64],
    /// What the vertical axis counts.
    pub up: &'a str,
    /// How a value of the vertical axis is written.
    pub show_up: &'a dyn Fn(f64) -> String,
    /// Areas from a lower to an upper line, behind the lines.
    pub bands: Vec<(Line, Line)>,
    /// The lines.
    pub lines: Vec<Line>,
    /// Places along the axis, with what is written above them.
    pub marks: Vec<(f64, String)>,
}

/// Where the chart lies in its picture, and how values become places.
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    from: f64,
    across: f64,
    up: f64,
}

impl Frame {
    fn x(&self, value: f64) -> f64 {
        self.left + (self.right - self.left) * ((value - self.from) / self.across).clamp(0.0, 1.0)
    }

    fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * (value / self.up).clamp(0.0, 1.0)
    }

    /// The path of a line; a step goes across before it goes up.
    fn path(&self, line: &Line) -> String {
        let (mut path, mut last) = (String::new(), None::<f64>);
        for (x, y) in &line.points {
            let at = number(self.x(*x));
            match (y.map(|y| self.y(y)), last) {
                (Some(y), None) => path.push_str(&format!("M{at} {}", number(y))),
                (Some(y), Some(_)) if line.step => path.push_str(&format!("H{at}V{}", number(y))),
                (Some(y), Some(_)) => path.push_str(&format!("L{at} {}", number(y))),
                // A value that holds until here ends here.
                (None, Some(_)) if line.step => path.push_str(&format!("H{at}")),
                (None, _) => {}
            }
            last = y.map(|y| self.y(y));
        }
        path
    }
}

impl Chart<'_> {
    /// Draws it.
    pub fn draw(&self, size: Size) -> String {
        let mut svg = Svg::new(self.id, size, self.title, &self.description);
        let height = if size == Size::Wide { 320.0 } else { 260.0 };
        let highest = self.highest();
        let up = ticks(highest, 5);
        let labels: Vec<String> = up.iter().map(|tick| (self.show_up)(*tick)).collect();
        let label = labels.iter().map(|label| width(label)).fold(0.0, f64::max);
        let frame = Frame {
            left: label + 12.0,
            right: size.width() - 14.0,
            top: 46.0,
            bottom: height - 44.0,
            from: self.least_across as f64,
            across: (self.most_across.saturating_sub(self.least_across) as f64).max(1.0),
            up: up.last().copied().unwrap_or(1.0),
        };
        svg.text([2.0, LETTERS + 1.0, size.width()], Anchor::Start, "soft", self.up);
        for (tick, label) in up.iter().zip(&labels) {
            let y = frame.y(*tick);
            svg.line([frame.left, y, frame.right, y], "grid");
            svg.text([frame.left - 6.0, y + 4.5, 400.0], Anchor::End, "soft", label);
        }
        self.axis(&mut svg, &frame, size, height);
        for (low, high) in &self.bands {
            svg.path(&area(&frame, low, high), "band", "");
        }
        for line in &self.lines {
            svg.path(&frame.path(line), &format!("line {}", line.class), "");
        }
        self.marks(&mut svg, &frame);
        svg.finish(height)
    }

    fn highest(&self) -> f64 {
        let bands = self.bands.iter().flat_map(|(low, high)| [low, high]);
        let lines = self.lines.iter().chain(bands);
        lines.flat_map(|line| &line.points).filter_map(|(_, y)| *y).fold(0.0, f64::max)
    }

    fn axis(&self, svg: &mut Svg, frame: &Frame, size: Size, height: f64) {
        svg.line([frame.left, frame.bottom, frame.right, frame.bottom], "axis");
        let about = if size == Size::Wide { 10 } else { 4 };
        let ticks = whole_ticks(self.most_across.saturating_sub(self.least_across), self.steps_across, about);
        for tick in ticks.into_iter().map(|tick| tick.saturating_add(self.least_across)) {
            let x = frame.x(tick as f64);
            svg.line([x, frame.bottom, x, frame.bottom + 5.0], "axis");
            let label = Count(tick).to_string();
            // The last label must not leave the picture.
            let x = x.min(size.width() - width(&label) / 2.0 - 1.0);
            svg.text([x, frame.bottom + 19.0, 200.0], Anchor::Middle, "soft", &label);
        }
        let middle = (frame.left + frame.right) / 2.0;
        svg.text([middle, height - 6.0, size.width()], Anchor::Middle, "soft", &self.across);
    }

    fn marks(&self, svg: &mut Svg, frame: &Frame) {
        let mut taken = f64::NEG_INFINITY;
        for (at, label) in &self.marks {
            let x = frame.x(*at);
            svg.line([x, frame.top - 6.0, x, frame.bottom], "mark");
            let (left, right) = (1.0, frame.right + 13.0);
            let half = (width(label).min((right - left) * 0.4) / 2.0 + 5.0).max(10.0);
            let middle = x.min(right - half).max(left + half).max(taken + half);
            // A name that has no room is in the table alone.
            if middle + half > right {
                continue;
            }
            svg.rect([middle - half, frame.top - 26.0, half * 2.0, 20.0], "badge");
            svg.text([middle, frame.top - 11.5, half * 2.0 - 8.0], Anchor::Middle, "on-badge", label);
            taken = middle + half + 2.0;
        }
    }
}

/// The area between two lines, both of which have the same values across.
fn area(frame: &Frame, low: &Line, high: &Line) -> String {
    let (mut path, steps) = (String::new(), low.step);
    let both = low.points.iter().zip(&high.points);
    let both: Vec<(f64, f64, f64)> =
        both.filter_map(|((x, low), (_, high))| Some((frame.x(*x), frame.y((*low)?), frame.y((*high)?)))).collect();
    for (at, (x, low, high)) in both.iter().enumerate() {
        let Some((next, next_low, next_high)) = both.get(at + 1) else { continue };
        let (end_low, end_high) = if steps { (low, high) } else { (next_low, next_high) };
        let [x, low, high, next, end_low, end_high] = [*x, *low, *high, *next, *end_low, *end_high].map(number);
        path.push_str(&format!("M{x} {low}L{x} {high}L{next} {end_high}L{next} {end_low}Z"));
    }
    path
}
