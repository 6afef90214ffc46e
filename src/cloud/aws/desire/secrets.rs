//! Secrets of a stack, in the Parameter Store of Systems Manager: nothing rendered ever has their values.

use super::layout::{Layout, Server};
use super::options::Options;

/// Names of the secrets that the machines of a stack read.
pub(super) fn names(layout: &Layout<'_>, server: &Server) -> Vec<String> {
    layout.stack(server).map(|stack| stack.secrets.clone()).unwrap_or_default()
}

/// The parameter of a secret.
pub fn parameter(options: &Options, secret: &str) -> String {
    format!("/{}/secrets/{secret}", options.deployment)
}
