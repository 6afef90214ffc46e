//! The hint at the name that a mistyped word was probably meant to be.

pub use crate::blueprint::nearest::nearest;

/// "did you mean `x`?", if there is such a name.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|name| format!("did you mean `{name}`?"))
}
