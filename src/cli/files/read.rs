//! Reading text files and stdin.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{depth, exists, fault};
use crate::error::{Code, Problem, Result};

/// Largest file that is read, in bytes: a hundred times the largest blueprint one would write by hand.
pub const MOST: u64 = 16 * 1024 * 1024;

/// The text of a file; `-` is stdin.
///
/// # Errors
/// `E0501` when it cannot be read, is a folder or is larger than [`MOST`]; `E0502` when it is not UTF-8.
pub fn read(path: &Path) -> Result<String> {
    if path == Path::new("-") {
        return text("standard input", limited(std::io::stdin().lock(), Path::new("-"))?);
    }
    text(&path.display().to_string(), limited(opened(path)?, path)?)
}

/// A file of any size, to be read as it comes; `-` is stdin.
///
/// # Errors
/// `E0501` when it cannot be opened or is a folder.
pub fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    Ok(Box::new(opened(path)?))
}

fn opened(path: &Path) -> Result<std::fs::File> {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads files")]
    let file = std::fs::File::open(path).map_err(|error| {
        let mut problem = fault("cannot read", path, &error);
        if let Some(hint) = beside(path).filter(|_| error.kind() == std::io::ErrorKind::NotFound) {
            problem.hints.insert(0, hint);
        }
        problem
    })?;
    let about = file.metadata().map_err(|error| fault("cannot read", path, &error))?;
    if about.is_dir() {
        let problem = Problem::new(Code::File, format!("cannot read `{}`", path.display())).because("it is a folder");
        return Err(problem.hint("name a file in it").into());
    }
    Ok(file)
}

/// The text of a file, or `None` when there is none.
///
/// # Errors
/// As [`read`].
pub fn read_if_there(path: &Path) -> Result<Option<String>> {
    if exists(path) { read(path).map(Some) } else { Ok(None) }
}

/// The nearest file of this name in the current folder or one above it, as a path relative to the current folder.
pub fn find_up(name: &str) -> Option<PathBuf> {
    let mut path = PathBuf::from(name);
    for _ in 0..depth() {
        if path.is_file() {
            return Some(path);
        }
        path = Path::new("..").join(path);
    }
    None
}

/// Reads at most [`MOST`] bytes, so that `/dev/zero` ends as well.
fn limited(source: impl Read, path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MOST + 1).read_to_end(&mut bytes).map_err(|error| fault("cannot read", path, &error))?;
    if bytes.len() as u64 > MOST {
        let problem = Problem::new(Code::File, format!("cannot read `{}`", path.display()));
        return Err(problem.because("it is larger than 16 MiB, so it is no file for rapplan").into());
    }
    Ok(bytes)
}

/// A byte-order mark, which some editors put before the text, is no part of it.
fn text(name: &str, bytes: Vec<u8>) -> Result<String> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        Problem::new(Code::NotUtf8, format!("`{name}` is not UTF-8 text"))
            .because(format!("byte {at}, in line {line}, does not begin a character"))
            .hint("save the file as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// A hint at the file that was probably meant.
fn beside(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    #[allow(clippy::disallowed_methods, reason = "the one place that reads folders")]
    let entries = std::fs::read_dir(folder).ok()?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).take(1000).collect();
    names.sort();
    let wanted = path.file_name()?.to_str()?;
    let name = crate::nearest::nearest(wanted, names.iter().map(String::as_str))?;
    Some(format!("did you mean `{}`?", path.with_file_name(name).display()))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests make the files that are read")]
mod tests {
    use super::*;

    fn problem(path: &Path) -> Problem {
        read(path).unwrap_err().problems()[0].clone()
    }

    #[test]
    fn says_what_is_wrong_with_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("blueprint.toml");
        std::fs::write(&path, b"\xef\xbb\xbfa = 1\n").unwrap();
        assert_eq!(read(&path).unwrap(), "a = 1\n");
        assert!(problem(&folder.path().join("bluprint.toml")).hints[0].contains("blueprint.toml"));
        assert_eq!(problem(folder.path()).cause.as_deref(), Some("it is a folder"));
        std::fs::write(&path, b"a = 1\nb = \"\xff\"\n").unwrap();
        let not_utf8 = problem(&path);
        assert_eq!(not_utf8.code, Code::NotUtf8);
        assert_eq!(not_utf8.cause.as_deref(), Some("byte 11, in line 2, does not begin a character"));
    }

    #[test]
    fn refuses_what_never_ends() {
        assert!(limited(std::io::repeat(b'a'), Path::new("endless")).is_err());
    }
}
