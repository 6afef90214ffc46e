//! Secrets of a stack, in the Parameter Store of Systems Manager: nothing rendered ever has their values.

use super::options::Options;

/// The parameter of a secret.
pub fn parameter(options: &Options, secret: &str) -> String {
    format!("/{}/secrets/{secret}", options.deployment)
}
