//! Which known word a misspelt one was meant to be: the one place that decides it.

/// The known word that is nearest to `word`, when one is near enough to be meant.
///
/// Near enough is a third of the length in edits (insert, delete, change, swap), or one that the word begins with.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase().replace('_', "-");
    // A word far longer than any known one is not a slip of the keyboard, and comparing it takes its length squared.
    if lower.is_empty() || lower.len() > 100 {
        return None;
    }
    let scored = known.into_iter().map(|known| {
        let like = known.to_lowercase().replace('_', "-");
        let edits = strsim::damerau_levenshtein(&lower, &like);
        let starts = lower.len() >= 3 && (like.starts_with(&lower) || (like.len() >= 3 && lower.starts_with(&like)));
        (edits, starts, known)
    });
    let limit = (lower.chars().count() / 3).max(1);
    scored
        .filter(|(edits, starts, _)| *edits <= limit || *starts)
        .min_by_key(|(edits, ..)| *edits)
        .map(|(.., known)| known)
}

/// The hint "did you mean `x`?", if there is such a word.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, known).map(|name| format!("did you mean `{name}`?"))
}

/// The hint for a word that is not known: the nearest one, or all of them.
pub fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(meant) = did_you_mean(word, known.clone()) {
        return Some(meant);
    }
    let all: Vec<_> = known.into_iter().map(|known| format!("`{known}`")).collect();
    match all.as_slice() {
        [] => None,
        [only] => Some(format!("the only one is {only}")),
        _ => Some(format!("known are {}", all.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips_and_beginnings_but_not_anything() {
        let known = ["replicas", "memory", "cpu", "high_availability"];
        assert_eq!(nearest("replica", known), Some("replicas"));
        assert_eq!(nearest("Memroy", known), Some("memory"));
        assert_eq!(nearest("high-availability", known), Some("high_availability"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest(&"x".repeat(10_000), known), None);
    }

    #[test]
    fn without_a_near_one_all_are_named() {
        assert_eq!(hint("colour", ["a1", "b2"]), Some("known are `a1`, `b2`".to_owned()));
        assert_eq!(hint("colour", []), None);
    }
}
