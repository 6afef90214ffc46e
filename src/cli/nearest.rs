//! The name that a mistyped word was probably meant to be.

/// The candidate nearest to `word`, if one is near enough: at most a third of the letters differ, or `word` begins it.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    if word.is_empty() {
        return None;
    }
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= limit(&word, candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?", if there is such a name.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|name| format!("did you mean `{name}`?"))
}

fn distance(word: &str, candidate: &str) -> usize {
    let candidate = candidate.to_lowercase();
    if word.len() >= 3 && candidate.starts_with(word) { 1 } else { strsim::damerau_levenshtein(word, &candidate) }
}

fn limit(word: &str, candidate: &str) -> usize {
    (word.chars().count().max(candidate.chars().count()) / 3).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let names = ["chatty", "kag", "aperag", "dojangkok"];
        assert_eq!(nearest("chaty", names), Some("chatty"));
        assert_eq!(nearest("DOJANG", names), Some("dojangkok"));
        assert_eq!(nearest("milvus", names), None);
        assert_eq!(nearest("", names), None);
    }
}
