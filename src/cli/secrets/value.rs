//! Random values.

use rand::TryRngCore;
use rand::rngs::OsRng;

use crate::error::{Code, Problem, Result};
use crate::secret::Secret;

/// Length in characters; 6 random bits each make 240. Some stores (MinIO) take at most 40 in a secret key.
pub const LENGTH: usize = 40;

/// Characters that need no quoting in URLs, shells, YAML and environment files.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A value from the random numbers of the operating system.
///
/// # Errors
/// `E0901` when the operating system has none.
pub fn random() -> Result<Secret<String>> {
    loop {
        let mut bytes = [0_u8; LENGTH];
        OsRng.try_fill_bytes(&mut bytes).map_err(|error| {
            Problem::new(Code::Internal, "the operating system gives no random numbers").because(error.to_string())
        })?;
        let text: String = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 63)])).collect();
        // A value that begins with a hyphen is taken for an option by programs that get it as an argument.
        if text.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            return Ok(Secret::new(text));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn are_long_plain_and_never_the_same() {
        let values: BTreeSet<String> = (0..500).map(|_| random().unwrap().reveal().clone()).collect();
        assert_eq!(values.len(), 500);
        let used: BTreeSet<u8> = values.iter().flat_map(|value| value.bytes()).collect();
        assert_eq!(used, ALPHABET.iter().copied().collect(), "20,000 characters show all 64");
        assert!(values.iter().all(|value| value.len() == 40 && value.as_bytes()[0].is_ascii_alphanumeric()));
    }
}
