//! Secrets of a stack, in the Secret Manager: nothing rendered ever has their values.

use super::options::Options;

/// The name of a secret in its project.
pub fn name(options: &Options, secret: &str) -> String {
    format!("secrets/{}-{secret}", options.deployment)
}
