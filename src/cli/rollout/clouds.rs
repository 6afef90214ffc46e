//! The clouds that commands work on. A further one is one line here, beside its [`super::wanted::Deployable`].

use crate::blueprint::platform::Provider;
use crate::error::{Code, Problem, Result};

/// Runs a function for the simulated cloud of a place, whose type it has as its parameter: `on_cloud!(place, on(args))`.
macro_rules! on_cloud {
    ($provider:expr, $function:ident ( $($argument:expr),* $(,)? )) => {
        match $provider {
            $crate::blueprint::platform::Provider::Aws => $function::<$crate::cloud::aws::sim::Sim>($($argument),*),
            $crate::blueprint::platform::Provider::Gcp => $function::<$crate::cloud::gcp::sim::Sim>($($argument),*),
            other => Err($crate::cli::rollout::clouds::not_yet(other.word()).into()),
        }
    };
}

pub(crate) use on_cloud;

/// The cloud of a name.
///
/// # Errors
/// A name of none that can be worked on.
pub fn named(word: &str) -> Result<Provider> {
    let found = Provider::ALL.into_iter().find(|(known, _)| *known == word);
    found.map(|(_, provider)| provider).ok_or_else(|| not_yet(word).into())
}

/// A cloud that cannot be worked on.
pub fn not_yet(word: &str) -> Problem {
    Problem::new(Code::BadValue, format!("deployments to `{word}` are not carried out yet"))
        .hint("the clouds that work are aws and gcp: --cloud aws")
}
