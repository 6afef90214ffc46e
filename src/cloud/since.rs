//! Since when things have held without a break, as far as this run has seen.

use std::collections::BTreeMap;

use crate::units::{Moment, Span};

/// Facts with the moment from which on each was seen to hold every time.
///
/// A run that was interrupted starts to count anew, which only makes it wait longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since<F>(BTreeMap<F, Moment>);

impl<F> Default for Since<F> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<F: Ord + Clone> Since<F> {
    /// Takes note of what holds at a moment; what does not hold is forgotten.
    pub fn note(&mut self, facts: Vec<F>, now: Moment) {
        let known = std::mem::take(&mut self.0);
        self.0 = facts
            .into_iter()
            .map(|fact| {
                let since = known.get(&fact).copied().unwrap_or(now);
                (fact, since)
            })
            .collect();
    }

    /// How long something has held; `None` when it does not.
    pub fn held(&self, fact: &F, now: Moment) -> Option<Span> {
        self.0.get(fact).map(|since| now.since(*since))
    }

    /// When something will have held so long; now, if it does not hold yet.
    pub fn until(&self, fact: &F, lasting: Span, now: Moment) -> Moment {
        self.0.get(fact).copied().unwrap_or(now) + lasting
    }

    /// Whether something has held so long.
    pub fn has_held(&self, fact: &F, lasting: Span, now: Moment) -> bool {
        self.held(fact, now).is_some_and(|held| held >= lasting)
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
        assert!(!since.has_held(&"healthy", Span::seconds(31), at(40)));
        since.note(vec![], at(45));
        assert_eq!(since.held(&"healthy", at(50)), None);
        since.note(vec!["healthy"], at(50));
        assert_eq!(since.until(&"healthy", Span::seconds(30), at(50)), at(80));
    }
}
