//! Reading files of any size, with their hash on the way.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::cli::files;
use crate::demand::load_test::{self, Run};
use crate::error::{Code, Problem, Result};

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Source {
    /// The file as the user named it.
    pub file: String,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// What it says.
    pub run: Run,
}

/// Reads a file; `-` is stdin.
///
/// # Errors
/// `E0221` when it is no result of a load test, `E0501` when it cannot be read.
pub fn read(path: &Path) -> Result<Source> {
    let file = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
    let mut source = BufReader::with_capacity(1 << 16, Hashed { inner: files::open(path)?, hash: Sha256::new() });
    let run = load_test::read(&file, &mut source)?;
    // What the reader left, such as lines after the last record, belongs to the hash.
    loop {
        let more = source
            .fill_buf()
            .map_err(|error| Problem::new(Code::File, format!("cannot read `{file}`")).because(error.to_string()))?;
        let length = more.len();
        if length == 0 {
            break;
        }
        source.consume(length);
    }
    let digest = source.into_inner().hash.finalize();
    Ok(Source { file, sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(), run })
}

/// Passes bytes on and hashes them.
struct Hashed {
    inner: Box<dyn Read>,
    hash: Sha256,
}

impl Read for Hashed {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(into)?;
        self.hash.update(&into[..length]);
        Ok(length)
    }
}
