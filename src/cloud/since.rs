//! Since when things have held without a break, as far as this run has seen.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::units::{Moment, Span};

/// Facts with the moment from which on each was seen to hold every time.
///
/// A run that was interrupted starts to count anew, which only makes it wait longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since<F> {
    held: BTreeMap<F, Moment>,
    /// The earliest moment at which an answer that was given turns by time alone.
    turns: Cell<Option<Moment>>,
}

impl<F> Default for Since<F> {
    fn default() -> Self {
        Self { held: BTreeMap::new(), turns: Cell::new(None) }
    }
}

impl<F: Ord + Clone> Since<F> {
    /// Takes note of what holds at a moment; what does not hold is forgotten.
    pub fn note(&mut self, facts: Vec<F>, now: Moment) {
        let known = std::mem::take(&mut self.held);
        self.held = facts
            .into_iter()
            .map(|fact| {
                let since = known.get(&fact).copied().unwrap_or(now);
                (fact, since)
            })
            .collect();
    }

    /// How long something has held; `None` when it does not.
    pub fn held(&self, fact: &F, now: Moment) -> Option<Span> {
        self.held.get(fact).map(|since| now.since(*since))
    }

    /// When something will have held so long; now, if it does not hold yet.
    pub fn until(&self, fact: &F, lasting: Span, now: Moment) -> Moment {
        self.held.get(fact).copied().unwrap_or(now) + lasting
    }

    /// Whether something has held so long.
    pub fn has_held(&self, fact: &F, lasting: Span, now: Moment) -> bool {
        let Some(since) = self.held.get(fact) else { return false };
        let turns = *since + lasting;
        if turns > now {
            self.turns.set(Some(self.turns.get().map_or(turns, |known| known.min(turns))));
        }
        turns <= now
    }

    /// The earliest moment at which one of the answers that [`Self::has_held`] gave, since this was last asked, turns by time
    /// alone. Until then, whoever asked would decide the same again.
    pub fn take_turns(&self) -> Option<Moment> {
        self.turns.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_break_starts_the_count_anew() {
        let mut since = Since::default();
        let at = |seconds: u64| Moment(seconds * 1000);
        since.note(vec!["healthy"], at(10));
        since.note(vec!["healthy"], at(40));
        assert!(since.has_held(&"healthy", Span::seconds(30), at(40)));
        assert_eq!(since.take_turns(), None);
        assert!(!since.has_held(&"healthy", Span::seconds(31), at(40)));
        assert_eq!(since.take_turns(), Some(at(41)));
        since.note(vec![], at(45));
        assert_eq!(since.held(&"healthy", at(50)), None);
        since.note(vec!["healthy"], at(50));
        assert_eq!(since.until(&"healthy", Span::seconds(30), at(50)), at(80));
    }
}
