//! Bars from the left, against a limit.

use super::svg::{Anchor, LETTERS, Size, Svg, number, width};

/// A bar.
#[derive(Debug, Clone)]
pub(super) struct Bar {
    /// What it stands for.
    pub label: String,
    /// How far it goes, as a part of the axis.
    pub part: f64,
    /// Its value and what that means: `92 GiB, fits`.
    pub says: String,
    /// How it is filled: `ok`, `bad` or `doubt`. Words say the same, and each has a pattern of its own.
    pub class: &'static str,
}

/// Bars under one another.
#[derive(Debug)]
pub(super) struct Bars<'a> {
    /// Id within the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same in a few sentences with the main figures.
    pub description: String,
    /// The bars.
    pub bars: Vec<Bar>,
    /// Places along the axis, as parts of it, with what is written below them.
    pub ticks: Vec<(f64, String)>,
    /// The limit as a part of the axis, with what is written above it.
    pub limit: Option<(f64, String)>,
}

impl Bars<'_> {
    /// Draws them: labels to the left where there is room, else above.
    pub fn draw(&self, size: Size) -> String {
        let mut svg = Svg::new(self.id, size, self.title, &self.description);
        patterns(&mut svg);
        let longest = |of: fn(&Bar) -> &str| self.bars.iter().map(|bar| width(of(bar))).fold(0.0, f64::max);
        let wide = size == Size::Wide;
        let (left, right) = match size {
            Size::Wide => (
                (longest(|bar| &bar.label) + 12.0).min(260.0),
                size.width() - (longest(|bar| &bar.says) + 14.0).min(300.0),
            ),
            Size::Narrow => (2.0, size.width() - 10.0),
        };
        let row = if wide { 30.0 } else { 46.0 };
        let top = if self.limit.is_some() { 34.0 } else { 4.0 };
        let bottom = top + row * self.bars.len() as f64;
        let x = |part: f64| left + (right - left) * part.clamp(0.0, 1.0);
        // Where values stand above the bars, upright lines leave them out.
        let upright: Vec<(f64, f64)> = match size {
            Size::Wide => vec![(top, bottom)],
            Size::Narrow => {
                (0..self.bars.len()).map(|at| top + row * at as f64).map(|y| (y + 19.0, y + 39.0)).collect()
            }
        };
        for (part, label) in &self.ticks {
            upright.iter().for_each(|(from, to)| svg.line([x(*part), *from, x(*part), *to], "grid"));
            let half = width(label) / 2.0;
            let middle = x(*part).max(half + 1.0).min(size.width() - half - 1.0);
            svg.text([middle, bottom + 18.0, 120.0], Anchor::Middle, "soft", label);
        }
        for (at, bar) in self.bars.iter().enumerate() {
            let y = top + row * at as f64;
            let fill = match bar.class {
                "bad" | "doubt" => format!("bar {}\" style=\"fill:url(#{}-{})", bar.class, svg.id(), bar.class),
                other => format!("bar {other}"),
            };
            let length = (x(bar.part) - left).max(2.0);
            if wide {
                svg.rect([left, y + 6.0, length, 18.0], &fill);
                svg.text([left - 8.0, y + 19.5, left - 8.0], Anchor::End, "", &bar.label);
                svg.text([right + 8.0, y + 19.5, size.width() - right - 8.0], Anchor::Start, "", &bar.says);
            } else {
                let says = width(&bar.says).min(size.width() * 0.62);
                svg.text([left, y + LETTERS + 3.0, size.width() - says - 9.0], Anchor::Start, "", &bar.label);
                svg.text([size.width() - 2.0, y + LETTERS + 3.0, says + 1.0], Anchor::End, "soft", &bar.says);
                svg.rect([left, y + 22.0, length, 14.0], &fill);
            }
        }
        if let Some((part, label)) = &self.limit {
            let at = x(*part);
            svg.line([at, top - 6.0, at, top], "limit");
            upright.iter().for_each(|(from, to)| svg.line([at, *from, at, *to], "limit"));
            let half = width(label) / 2.0;
            let middle = at.max(half + 2.0).min(size.width() - half - 2.0);
            svg.text([middle, top - 10.0, size.width()], Anchor::Middle, "strong", label);
        }
        svg.finish(bottom + 28.0)
    }
}

/// Fillings that are told apart without colour: stripes for what does not fit, dots for what is doubtful.
fn patterns(svg: &mut Svg) {
    let (id, step) = (svg.id().to_owned(), number(8.0));
    svg.raw(&format!(
        "<defs><pattern id=\"{id}-bad\" width=\"{step}\" height=\"{step}\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect width=\"8\" height=\"8\" class=\"bad-back\" /><rect width=\"3\" height=\"8\" \
         class=\"bad-front\" /></pattern><pattern id=\"{id}-doubt\" width=\"{step}\" height=\"{step}\" \
         patternUnits=\"userSpaceOnUse\"><rect width=\"8\" height=\"8\" class=\"doubt-back\" /><circle cx=\"4\" cy=\"4\" \
         r=\"1.7\" class=\"doubt-front\" /></pattern></defs>"
    ));
}
