//! The memory of every index against the memory there is.

use super::bars::{Bar, Bars};
use super::html::{Column, Figure, paragraph, table};
use super::scale::log2;
use super::svg::Size;
use crate::blueprint::tier::Input;
use crate::size::plan::Plan;
use crate::size::vectors::{Basis, MemoryCheck, Row, Verdict};
use crate::units::Bytes;

/// The bars and their figures; nothing without vectors.
pub(super) fn html(plan: &Plan) -> String {
    let Some(check) = &plan.vectors else { return String::new() };
    // Clusters are made as large as they must be.
    let bounded = check.available_memory.0 < u64::MAX;
    let there = match bounded {
        true => format!(
            "The machine has {} of memory and {} of local disk for them.",
            check.available_memory.approx(),
            check.available_disk
        ),
        false => "A cluster is made as large as it must be, so nothing is compared with a machine.".to_owned(),
    };
    let vectors = Input::Vectors.approx_phrase(check.vectors.0);
    let intro = format!("{vectors} of {} dimensions are {} as they are. {there}", check.dims, check.raw.approx());
    let verdict = if bounded { self::verdict(check) } else { String::new() };
    format!("{}{}{}", paragraph(&intro), paragraph(&verdict), figure(check, bounded).html())
}

fn verdict(check: &MemoryCheck) -> String {
    let best = check.best.as_ref().map(|row| row.label.as_str()).unwrap_or_default();
    match check.verdict {
        Verdict::Fits => format!("The best index that fits is {best}."),
        Verdict::FitsByAssumption => format!("{best} fits, by a figure that rests on an assumption."),
        Verdict::FitsDoubtfully => "An index fits, but only by a doubtful figure: not to be relied on.".to_owned(),
        Verdict::DoesNotFit => "No index fits.".to_owned(),
    }
}

/// Whether a row fits, in words, and how its bar is filled.
fn says(row: &Row, bounded: bool) -> (&'static str, &'static str) {
    let sound = !matches!(row.need.basis, Basis::Doubtful | Basis::Assumption);
    match (bounded, row.memory_fits, row.disk_fits) {
        (true, false, _) => ("does not fit", "bad"),
        (true, true, false) => ("disk too small", "bad"),
        (true, true, true) if sound => ("fits", "ok"),
        (true, true, true) if row.need.basis == Basis::Doubtful => ("doubtful", "doubt"),
        (true, true, true) => ("may fit", "doubt"),
        (false, ..) if sound => ("", "ok"),
        (false, ..) if row.need.basis == Basis::Doubtful => ("doubtful", "doubt"),
        (false, ..) => ("assumed", "doubt"),
    }
}

/// The axis: from the largest power of two below all amounts to the smallest above.
struct Axis {
    low: u32,
    high: u32,
}

impl Axis {
    fn of(amounts: impl Iterator<Item = u64>) -> Self {
        let (mut low, mut high) = (u64::MAX, 1);
        for amount in amounts.map(|amount| amount.max(1)) {
            (low, high) = (low.min(amount), high.max(amount));
        }
        let low = low.min(high).ilog2().saturating_sub(1);
        Self { low, high: (high.saturating_sub(1).max(1).ilog2() + 1).max(low + 2) }
    }

    fn part(&self, amount: Bytes) -> f64 {
        (log2(amount.0) - f64::from(self.low)) / f64::from(self.high - self.low)
    }

    /// At most five places, at powers of two.
    fn ticks(&self) -> Vec<(f64, String)> {
        let step = (self.high - self.low).div_ceil(4).max(1);
        let powers = (self.low..=self.high.min(63)).filter(|power| (self.high - power).is_multiple_of(step));
        powers.map(|power| Bytes(1 << power)).map(|bytes| (self.part(bytes), bytes.approx())).collect()
    }
}

fn figure(check: &MemoryCheck, bounded: bool) -> Figure {
    let amounts = check.rows.iter().map(|row| row.need.memory.0);
    let axis = Axis::of(amounts.chain(bounded.then_some(check.available_memory.0)));
    let amount = |row: &Row| if row.need.overflow { "beyond counting".to_owned() } else { row.need.memory.approx() };
    let bars = check.rows.iter().map(|row| {
        let (words, class) = says(row, bounded);
        let says = if words.is_empty() { amount(row) } else { format!("{}, {words}", amount(row)) };
        Bar { label: row.label.clone(), part: axis.part(row.need.memory), says, class }
    });
    let fitting = check.rows.iter().filter(|row| row.fits).count();
    let description = match bounded {
        true => format!(
            "{fitting} of {} indexes fit into {} of memory. Each bar is the memory of one index.",
            check.rows.len(),
            check.available_memory.approx()
        ),
        false => "Each bar is the memory of one index.".to_owned(),
    };
    let bars = Bars {
        id: "index-memory",
        title: "Memory of each index",
        description,
        bars: bars.collect(),
        ticks: axis.ticks(),
        limit: bounded
            .then(|| (axis.part(check.available_memory), format!("{} available", check.available_memory.approx()))),
    };
    let columns = [
        Column::Words("index"),
        Column::Numbers("memory"),
        Column::Numbers("local disk"),
        Column::Words("fits"),
        Column::Words("query nodes of a cluster"),
        Column::Words("reckoned"),
    ];
    let rows = check.rows.iter().map(|row| {
        let nodes = &row.query_nodes;
        let note = row.need.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
        [
            row.label.clone(),
            amount(row),
            if row.need.disk.0 > 0 { row.need.disk.approx() } else { "none".to_owned() },
            if bounded { says(row, bounded).0.to_owned() } else { "as large as needed".to_owned() },
            format!("{} x {} cores, {}", nodes.count, nodes.cores, nodes.memory),
            format!("{}{note}", row.need.formula),
        ]
    });
    let legend = match bounded {
        true => vec![
            ("box ok", "fits"),
            ("box bad", "does not fit"),
            ("box doubt", "rests on an assumption or is doubtful"),
        ],
        false => vec![("box ok", "sound figure"), ("box doubt", "rests on an assumption or is doubtful")],
    };
    Figure {
        caption: "Memory of each index, best index first, on a logarithmic axis".to_owned(),
        wide: bars.draw(Size::Wide),
        narrow: bars.draw(Size::Narrow),
        legend: legend.into_iter().map(|(class, name)| (class, name.to_owned())).collect(),
        below: String::new(),
        figures: table("Memory and disk of each index, best first", columns, rows),
    }
}
