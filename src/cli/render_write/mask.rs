//! Keeping secrets out of the differences that are shown.
//!
//! Renderings hold none, but an edited file may: somebody wrote a password into a Compose file by hand.

use std::collections::BTreeSet;
use std::path::Path;

use super::disk::Disk;
use crate::render::tree::Tree;
use crate::secret::MASK;

/// Shortest text that is taken for a secret; shorter ones would mask ordinary words.
const SHORTEST: usize = 6;

/// Words in a name whose value is not shown.
const TELLING: [&str; 8] = ["password", "passwd", "secret", "token", "credential", "api_key", "apikey", "private_key"];

/// The values of all secrets that lie in the output folder, line by line.
pub fn known_secrets(disk: &dyn Disk, out: &Path, tree: &Tree) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    let tops: BTreeSet<&str> = tree.files.keys().filter_map(|path| path.split_once('/').map(|(top, _)| top)).collect();
    for top in tops {
        let folder = out.join(top).join("secrets");
        for name in disk.list(&folder).unwrap_or_default() {
            let content = disk.read(&folder.join(name)).unwrap_or_default();
            let text = String::from_utf8_lossy(&content);
            known.extend(text.lines().map(str::trim).filter(|line| line.len() >= SHORTEST).map(str::to_owned));
        }
    }
    known
}

/// A line without secrets.
pub fn mask(line: &str, secrets: &BTreeSet<String>) -> String {
    let mut line = line.to_owned();
    for secret in secrets {
        line = line.replace(secret.as_str(), MASK);
    }
    let Some(at) = line.find([':', '=']) else { return line };
    let (name, value) = line.split_at(at + 1);
    let lower = name.to_lowercase().replace('-', "_");
    let telling = TELLING.iter().any(|word| lower.contains(word));
    // `..._FILE` and `${...}` name a secret; they are not one.
    let names_only = lower.contains("_file") || value.trim().is_empty() || value.contains("${") || value.contains('/');
    if telling && !names_only { format!("{name} {MASK}") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_known_values_and_telling_names() {
        let known = BTreeSet::from(["hunter2hunter2".to_owned()]);
        assert_eq!(mask("-  url: postgres://u:hunter2hunter2@db", &known), "-  url: postgres://u:[secret]@db");
        assert_eq!(mask("-  POSTGRES_PASSWORD: abc", &known), "-  POSTGRES_PASSWORD: [secret]");
        assert_eq!(mask("-DB-PASSWORD=abc", &known), "-DB-PASSWORD= [secret]");
        for plain in ["+  POSTGRES_PASSWORD_FILE: /run/secrets/x", "   secrets:", "+  mem_limit: 4g"] {
            assert_eq!(mask(plain, &known), plain);
        }
    }
}
