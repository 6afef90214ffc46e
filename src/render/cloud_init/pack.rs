//! User data as clouds take it: compressed, in base64, the same bytes for the same text.

use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};

use crate::error::{Code, Error, Problem, Result};

/// The most that AWS takes before base64 (EC2 user guide: 16 KB in raw form; read 2026-11-21). cloud-init takes it compressed
/// by gzip.
pub const LARGEST: usize = 16_384;

/// A cloud-config, compressed and in base64. No time and no name is in it.
///
/// # Errors
/// `E0602` when it is more than AWS takes; `machines` says of what.
pub fn pack(machines: &str, text: &str) -> Result<String> {
    pack_within(LARGEST, "AWS", machines, text)
}

/// The same, where `cloud` takes so many bytes before base64.
///
/// # Errors
/// `E0602` when it is more; `machines` says of what.
pub fn pack_within(most: usize, cloud: &str, machines: &str, text: &str) -> Result<String> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    let written = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    let bytes = written.map_err(|error| Error::from(Problem::new(Code::Internal, format!("gzip: {error}"))))?;
    if bytes.len() > most {
        let what = format!("the machines of `{machines}` would be started with {} bytes", bytes.len());
        return Err(Problem::new(Code::UserData, what)
            .because(format!("{cloud} takes {most} bytes of user data, compressed"))
            .hint("run fewer services on one server, as larger tiers do: --tier split")
            .into());
    }
    Ok(STANDARD.encode(bytes))
}

/// The cloud-config in what [`pack`] made; `None` when it is something else.
pub fn unpack(packed: &str) -> Option<String> {
    let bytes = STANDARD.decode(packed).ok()?;
    let mut text = String::new();
    GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was() {
        let text = "#cloud-config\nwrite_files: []\n";
        let packed = pack("api", text).unwrap();
        assert_eq!(packed, pack("api", text).unwrap());
        assert_eq!(unpack(&packed).as_deref(), Some(text));
        assert_eq!(unpack("no base64!"), None);
        assert_eq!(unpack(&STANDARD.encode("no gzip")), None);
    }

    #[test]
    fn too_much_is_refused() {
        let mut chance = crate::chance::Chance::new(1);
        let text: String = (0..5_000).map(|_| format!("{:x}", chance.draw())).collect();
        let error = pack("app", &text).unwrap_err();
        assert_eq!(error.problems()[0].code, Code::UserData);
        assert!(error.problems()[0].summary.contains("app"));
    }
}
