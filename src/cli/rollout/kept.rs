//! The form in which states are kept: what it is, of which version, cloud and deployment, and the state itself.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Code, Problem, Result};

/// Version of the form.
const FORMAT: u32 = 1;

/// A state as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept<T> {
    kind: String,
    format: u32,
    rapplan: String,
    cloud: String,
    deployment: String,
    data: T,
}

/// What a state is, and of what.
#[derive(Debug, Clone, Copy)]
pub struct Label<'a> {
    /// What it is: `desired`, `simulated-world`.
    pub kind: &'a str,
    /// The cloud.
    pub cloud: &'a str,
    /// The deployment.
    pub deployment: &'a str,
}

/// A state as text.
///
/// # Errors
/// As [`line`].
pub fn text<T: Serialize>(label: Label<'_>, data: &T) -> Result<String> {
    line(&Kept {
        kind: label.kind.to_owned(),
        format: FORMAT,
        rapplan: env!("CARGO_PKG_VERSION").to_owned(),
        cloud: label.cloud.to_owned(),
        deployment: label.deployment.to_owned(),
        data,
    })
}

/// The state in a text that was read at `from`.
///
/// # Errors
/// `E0711` when it is damaged, of another version, or of another cloud.
pub fn state<T: DeserializeOwned>(label: Label<'_>, text: &str, from: &str) -> Result<T> {
    // The head first, so that a newer form is told as such and not as a damaged file.
    let head: Kept<IgnoredAny> = read(text, from)?;
    if (head.kind.as_str(), head.format) != (label.kind, FORMAT) {
        let said = format!("it holds a {} of form {}, and this rapplan reads form {FORMAT}", head.kind, head.format);
        return Err(damaged(from, &said).into());
    }
    if head.cloud != label.cloud {
        return Err(damaged(from, &format!("it is of the cloud {}, not {}", head.cloud, label.cloud)).into());
    }
    Ok(read::<Kept<T>>(text, from)?.data)
}

/// The cloud that a state is of.
///
/// # Errors
/// `E0711` when it is damaged.
pub fn cloud(text: &str, from: &str) -> Result<String> {
    Ok(read::<Kept<IgnoredAny>>(text, from)?.cloud)
}

fn read<T: DeserializeOwned>(text: &str, from: &str) -> Result<T> {
    Ok(serde_json::from_str(text).map_err(|error| damaged(from, &error.to_string()))?)
}

/// Something that was kept and cannot be read.
pub fn damaged(from: &str, why: &str) -> Problem {
    Problem::new(Code::BadState, format!("`{from}` is not a file that rapplan can go on from"))
        .because(why)
        .hint("take it back from a copy, or use the rapplan that wrote it")
        .hint("a simulated world that may be lost: delete it, and begin anew")
}

/// Something as one line of JSON.
///
/// # Errors
/// `E0901` when it cannot be put into words, which would be a fault of this program.
pub fn line<T: Serialize>(value: &T) -> Result<String> {
    let text = serde_json::to_string(value);
    Ok(text
        .map_err(|error| Problem::new(Code::Internal, "a state cannot be written down").because(error.to_string()))?)
}

/// The first digits of the SHA-256 of something as JSON: enough to tell states apart, and short enough to be compared by eye.
///
/// # Errors
/// As [`line`].
pub fn hash_of<T: Serialize>(value: &T) -> Result<String> {
    Ok(Sha256::digest(line(value)?.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}
