//! Who reads which secret, and how.

use indexmap::IndexMap;

use super::scene::{Placed, Scene};
use super::topology::{SecretDesign, SecretReader, Value};
use crate::blueprint::service::{Kind, SecretUse};

/// Name of the secret with the certificate chain of the gateway.
pub const CERTIFICATE: &str = "tls-certificate";
/// Name of the secret with the key of the gateway.
pub const KEY: &str = "tls-key";

/// How one service reads its secrets.
#[derive(Debug, Default)]
pub struct Reading {
    /// Secrets mounted as files, sorted.
    pub files: Vec<String>,
    /// Variables that tell where the files are.
    pub environment: Vec<(String, Value)>,
    /// Secrets that must be variables, as (variable, secret).
    pub variables: Vec<(String, String)>,
}

/// The secrets that a service uses in this environment; a gateway always has its certificate and key.
fn uses(scene: &Scene<'_>, placed: &Placed<'_>) -> Vec<SecretUse> {
    let extra = placed.service.environments.get(scene.environment());
    let mut out = placed.service.secrets.clone();
    out.extend(extra.into_iter().flat_map(|over| over.secrets.clone()));
    if placed.service.kind == Kind::Gateway {
        for name in [CERTIFICATE, KEY] {
            if !out.iter().any(|secret| secret.name == name) {
                let name = name.to_owned();
                out.push(SecretUse { name, file_env: None, env: None, format: None, provided: true });
            }
        }
    }
    out
}

/// How a service reads its secrets.
pub fn reading(scene: &Scene<'_>, placed: &Placed<'_>) -> Reading {
    let mut reading = Reading::default();
    for secret in uses(scene, placed) {
        match (secret.env, secret.file_env) {
            (Some(variable), _) => reading.variables.push((variable, secret.name)),
            (None, file_env) => {
                let path = Value::literal(format!("/run/secrets/{}", secret.name));
                reading.environment.extend(file_env.map(|variable| (variable, path)));
                reading.files.push(secret.name);
            }
        }
    }
    reading.files.sort();
    reading.files.dedup();
    reading.variables.sort();
    reading
}

/// Every secret of the deployment, sorted by name.
pub fn all(scene: &Scene<'_>) -> Vec<SecretDesign> {
    let mut found: IndexMap<String, SecretDesign> = IndexMap::new();
    for placed in scene.everything() {
        for secret in uses(scene, &placed) {
            let reader = SecretReader {
                stack: placed.server.name.clone(),
                service: placed.name.to_owned(),
                // Without a user of its own the image starts as root, which has lost the right to read others' files.
                owner: placed.service.security.user.clone().unwrap_or_else(|| "0:0".to_owned()),
                format: secret.format,
            };
            let entry = found.entry(secret.name.clone()).or_insert_with(|| SecretDesign {
                name: secret.name.clone(),
                means: String::new(),
                readers: Vec::new(),
                generated: true,
            });
            entry.generated &= !secret.provided;
            entry.readers.push(reader);
        }
    }
    let mut all: Vec<_> = found.into_values().collect();
    for secret in &mut all {
        secret.means = meaning(secret);
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

fn meaning(secret: &SecretDesign) -> String {
    let mut readers: Vec<&str> = secret.readers.iter().map(|reader| reader.service.as_str()).collect();
    readers.sort_unstable();
    readers.dedup();
    let origin = if secret.generated { "made at random" } else { "provided by you" };
    let what = match secret.name.as_str() {
        CERTIFICATE => "certificate chain in PEM form, read by",
        KEY => "key of the certificate in PEM form, read by",
        _ => "read by",
    };
    format!("{what} {}; {origin}", readers.join(", "))
}
