//! The list of what was rendered, by which edited files are told from rendered ones.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::disk::{Disk, Found, fault};
use super::paths;
use crate::error::{Code, Problem, Result};

/// Name of the manifest in the output folder.
pub const NAME: &str = "rapplan.manifest.json";

/// Version of its form.
const VERSION: u32 = 1;

/// The manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always `render-manifest`.
    kind: String,
    /// Version of this form.
    schema_version: u32,
    /// Version of the program that wrote it.
    rapplan: String,
    /// SHA-256 of each file as it was rendered, by path.
    pub files: BTreeMap<String, String>,
    /// Hashes that files may have besides, while a run writes them or after one was killed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pending: BTreeMap<String, BTreeSet<String>>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            kind: "render-manifest".to_owned(),
            schema_version: VERSION,
            rapplan: env!("CARGO_PKG_VERSION").to_owned(),
            files: BTreeMap::new(),
            pending: BTreeMap::new(),
        }
    }
}

impl Manifest {
    /// Whether a file was rendered here once.
    pub fn knows(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.pending.contains_key(path)
    }

    /// Whether a content of this hash was rendered, so that nobody has edited it.
    pub fn rendered(&self, path: &str, hash: &str) -> bool {
        self.files.get(path).is_some_and(|known| known == hash)
            || self.pending.get(path).is_some_and(|hashes| hashes.contains(hash))
    }

    /// Its text.
    ///
    /// # Errors
    /// `E0901` when it cannot be put into words, which would be a fault of this program.
    pub fn text(&self) -> Result<String> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Problem::new(Code::Internal, format!("the manifest cannot be written: {error}")))?;
        Ok(text + "\n")
    }
}

/// The hash of a content: `sha256:` and 64 hexadecimal digits.
pub fn hash(content: &[u8]) -> String {
    let digits: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

/// The manifest of a folder; an empty one when there is none, or when it is damaged and `force` is given.
///
/// # Errors
/// `E0402` when it is damaged, `E0501` when it cannot be read.
pub fn load(disk: &dyn Disk, out: &Path, force: bool) -> Result<Manifest> {
    let path = out.join(NAME);
    let found = disk.look(&path).map_err(|error| fault("cannot look at", &path, &error))?;
    let why = match found {
        Found::Nothing => return Ok(Manifest::default()),
        Found::File(_) => {
            let content = disk.read(&path).map_err(|error| fault("cannot read", &path, &error))?;
            match parse(&content) {
                Ok(manifest) => return Ok(manifest),
                Err(why) => why,
            }
        }
        _ => "it is not a plain file".to_owned(),
    };
    if force && matches!(found, Found::File(_)) {
        return Ok(Manifest::default());
    }
    Err(Problem::new(Code::Edited, format!("`{}` is not a manifest of rapplan", path.display()))
        .because(why)
        .hint("take it back from version control, if it is there")
        .hint("delete it and add --force: every file of the rendering is then written anew, edited or not")
        .into())
}

fn parse(content: &[u8]) -> Result<Manifest, String> {
    let manifest: Manifest = serde_json::from_slice(content).map_err(|error| error.to_string())?;
    if manifest.schema_version != VERSION {
        return Err(format!("its version is {}, and this rapplan reads {VERSION}", manifest.schema_version));
    }
    // Files are removed by this list, so it may not lead out of the folder.
    match manifest.files.keys().chain(manifest.pending.keys()).find(|path| paths::fault_of(path).is_some()) {
        Some(path) => Err(format!("it names `{path}`, which is not a path of a rendering")),
        None => Ok(manifest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_sha256sum_does() {
        assert_eq!(hash(b"abc"), "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn reads_back_what_it_wrote_and_refuses_ways_out() {
        let mut manifest = Manifest::default();
        manifest.files.insert("api/compose.yaml".into(), hash(b"a"));
        manifest.pending.insert("b".into(), BTreeSet::from([hash(b"b")]));
        assert_eq!(parse(manifest.text().unwrap().as_bytes()), Ok(manifest.clone()));
        assert!(manifest.rendered("b", &hash(b"b")) && !manifest.rendered("b", &hash(b"a")));
        manifest.files.insert("../etc/passwd".into(), hash(b""));
        assert!(parse(manifest.text().unwrap().as_bytes()).unwrap_err().contains("../etc/passwd"));
    }
}
