//! Writing files so that there is always either the old or the new one, whole.

use std::io::Write;
use std::path::Path;

use super::fault;
use crate::error::Result;

/// Who may use a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Readable by all: 0644.
    Plain,
    /// Readable by all and runnable: 0755.
    Program,
    /// For the owner only: 0600.
    Private,
}

/// Makes a folder and those above it.
///
/// # Errors
/// `E0501` when it cannot be made.
pub fn create_folder(path: &Path) -> Result<()> {
    #[allow(clippy::disallowed_methods, reason = "the one place that makes folders")]
    let made = std::fs::create_dir_all(path);
    made.map_err(|error| fault("cannot make the folder", path, &error).into())
}

/// Writes a file as a whole: to a temporary one in the same folder, onto the disk, then renamed.
///
/// The folder must exist. A kill or a full disk leaves the old file; the mode is set before the name is.
///
/// # Errors
/// `E0501` when it cannot be written.
pub fn write(path: &Path, content: &[u8], mode: Mode) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = (|| {
        let mut file = tempfile::Builder::new().prefix(".rapplan-").tempfile_in(folder)?;
        file.write_all(content)?;
        set_mode(file.as_file(), mode)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        sync_folder(folder)
    })();
    written.map_err(|error: std::io::Error| fault("cannot write", path, &error).into())
}

#[cfg(unix)]
fn set_mode(file: &std::fs::File, mode: Mode) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let bits = match mode {
        Mode::Plain => 0o644,
        Mode::Program => 0o755,
        Mode::Private => 0o600,
    };
    file.set_permissions(std::fs::Permissions::from_mode(bits))
}

#[cfg(not(unix))]
fn set_mode(_: &std::fs::File, _: Mode) -> std::io::Result<()> {
    Ok(())
}

/// A rename is on the disk only when its folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    #[allow(clippy::disallowed_methods, reason = "the one place that writes files")]
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests look at the files that were written")]
mod tests {
    use super::*;

    #[test]
    fn replaces_a_file_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write(&path, b"old", Mode::Plain).unwrap();
        write(&path, b"new", Mode::Private).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn names_the_path_that_cannot_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let error = write(&folder.path().join("no/file"), b"", Mode::Plain).unwrap_err();
        assert!(error.to_string().contains("no/file"), "{error}");
    }
}
