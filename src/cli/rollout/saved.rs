//! A plan in a file, to be carried out later: exactly that, or not at all.

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::planned::Planned;
use super::store::line;
use crate::cli::files::{self, Mode};
use crate::error::{Code, Error, Problem, Result};

/// What the file says that it is.
const KIND: &str = "saved-plan";
/// Version of its form.
const FORMAT: u32 = 1;

/// The file: the checksum is that of the text of the body, so that a change of a single letter is found.
#[derive(Serialize, Deserialize)]
struct Wrapped {
    kind: String,
    format: u32,
    checksum: String,
    body: Value,
}

/// What is carried out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Saved<D, W> {
    /// What was shown.
    pub plan: Planned,
    /// What is wanted.
    pub desired: D,
    /// The images of the user's own services, each with its digest.
    pub images: BTreeMap<String, String>,
    /// What was told of the demand, the blueprint and the machines, by setting.
    pub said: BTreeMap<String, String>,
    /// What was observed, without what changes by itself.
    pub observed: W,
    /// Whether a drop of the capacity was agreed to.
    pub allow_capacity_drop: bool,
    /// The command that makes such a plan anew.
    pub again: String,
}

/// Writes a plan to a file that only its owner can read.
///
/// # Errors
/// `E0501` when it cannot be written.
pub fn save<D: Serialize, W: Serialize>(path: &Path, saved: &Saved<D, W>) -> Result<()> {
    let body = serde_json::to_value(saved)
        .map_err(|error| Problem::new(Code::Internal, "a plan cannot be written down").because(error.to_string()))?;
    let wrapped = Wrapped { kind: KIND.to_owned(), format: FORMAT, checksum: checksum(&body)?, body };
    files::write(path, (line(&wrapped)? + "\n").as_bytes(), Mode::Private)
}

/// The cloud that a plan in a file is for.
///
/// # Errors
/// As [`load`].
pub fn cloud(path: &Path) -> Result<(String, String)> {
    let body = body(path)?;
    let word = |name: &str| body["plan"][name].as_str().map(str::to_owned);
    match (word("cloud"), word("deployment")) {
        (Some(cloud), Some(deployment)) => Ok((cloud, deployment)),
        _ => Err(altered(path, "it names neither cloud nor deployment")),
    }
}

/// Reads a plan from a file.
///
/// # Errors
/// `E0703` when it is not as it was written; `E0501` when it cannot be read.
pub fn load<D: DeserializeOwned, W: DeserializeOwned>(path: &Path) -> Result<Saved<D, W>> {
    serde_json::from_value(body(path)?).map_err(|error| altered(path, &error.to_string()))
}

fn body(path: &Path) -> Result<Value> {
    let text = files::read(path)?;
    let wrapped: Wrapped = serde_json::from_str(&text).map_err(|error| altered(path, &error.to_string()))?;
    if (wrapped.kind.as_str(), wrapped.format) != (KIND, FORMAT) {
        return Err(altered(path, &format!("it is a {} of form {}", wrapped.kind, wrapped.format)));
    }
    let found = checksum(&wrapped.body)?;
    if found != wrapped.checksum {
        return Err(altered(path, &format!("its checksum is {found}, and it says {}", wrapped.checksum)));
    }
    Ok(wrapped.body)
}

fn checksum(body: &Value) -> Result<String> {
    Ok(Sha256::digest(line(body)?.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
}

fn altered(path: &Path, why: &str) -> Error {
    Problem::new(Code::AlteredPlan, format!("`{}` is not a plan as rapplan wrote it", path.display()))
        .because(why.to_owned())
        .hint(format!("make it anew, with the flags of before: rapplan plan --out {}", path.display()))
        .into()
}

/// The world is not the one that a plan was made for.
pub fn stale(path: &Path, made_for: &str, found: &str, since: &[String], again: &str) -> Error {
    let problem = Problem::new(Code::StalePlan, format!("the plan in `{}` is for another state", path.display()))
        .because(format!("it was made when {made_for} was observed, and now it is {found}"))
        .hint(format!("plan again, and look at it: {again}"));
    match since.is_empty() {
        true => problem,
        false => problem.detail(format!("What has changed since:\n  {}", since.join("\n  "))),
    }
    .into()
}
