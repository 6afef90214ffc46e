//! The few things that are asked of a file system, so that the tests can put one in that fails or dies.
#![allow(clippy::disallowed_methods, reason = "this is the one file through which renderings and secrets reach a disk")]

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use crate::error::{Code, Problem};

/// What is at a path; links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A file with its permission bits.
    File(u32),
    /// A folder with its permission bits.
    Folder(u32),
    /// A symbolic link.
    Link,
    /// A device, a socket or the like.
    Other,
}

/// Held while one run writes into a folder; released when it is dropped or the process ends.
#[derive(Debug)]
pub struct Lock {
    _held: Option<File>,
}

/// A file system.
pub trait Disk {
    /// What is at a path.
    ///
    /// # Errors
    /// When the file system cannot tell.
    fn look(&self, path: &Path) -> io::Result<Found>;
    /// The content of a file.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// The names in a folder, sorted; those that are not UTF-8 are left out.
    ///
    /// # Errors
    /// When it cannot be read.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// Makes a folder and those above it.
    ///
    /// # Errors
    /// When one cannot be made.
    fn make_folders(&self, path: &Path) -> io::Result<()>;
    /// Makes one folder with these permission bits.
    ///
    /// # Errors
    /// When it cannot be made or is there.
    fn make_folder(&self, path: &Path, mode: u32) -> io::Result<()>;
    /// Makes a new file and brings it onto the disk.
    ///
    /// # Errors
    /// When it cannot be written or is there.
    fn create(&self, path: &Path, content: &[u8], mode: u32) -> io::Result<()>;
    /// Puts a file in place of another in one step.
    ///
    /// # Errors
    /// When the file system refuses.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Gives a file a second name, which must be free.
    ///
    /// # Errors
    /// When the name is taken or the file system refuses.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file or a link.
    ///
    /// # Errors
    /// When the file system refuses.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Removes an empty folder.
    ///
    /// # Errors
    /// When it is not empty or the file system refuses.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;
    /// Sets the permission bits.
    ///
    /// # Errors
    /// When the file system refuses.
    fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()>;
    /// Brings the names in a folder onto the disk.
    ///
    /// # Errors
    /// When the file system refuses.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// Locks a folder; `None` when another process holds it.
    ///
    /// # Errors
    /// When the folder cannot be opened.
    fn lock(&self, folder: &Path) -> io::Result<Option<Lock>>;
}

/// How often a lock is tried, and the pause between: a run that is about to end is waited for, and so is a process that
/// another thread has just started, which holds a copy of the lock until it becomes its own program.
const LOCK_TRIES: u32 = 50;
const LOCK_PAUSE: std::time::Duration = std::time::Duration::from_millis(20);

/// The file system of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn look(&self, path: &Path) -> io::Result<Found> {
        let about = match path.symlink_metadata() {
            Ok(about) => about,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(error) => return Err(error),
        };
        let mode = about.permissions().mode() & 0o7777;
        let kind = about.file_type();
        Ok(match () {
            () if kind.is_symlink() => Found::Link,
            () if kind.is_dir() => Found::Folder(mode),
            () if kind.is_file() => Found::File(mode),
            () => Found::Other,
        })
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder)? {
            names.extend(entry?.file_name().into_string().ok());
        }
        names.sort();
        Ok(names)
    }

    fn make_folders(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn make_folder(&self, path: &Path, mode: u32) -> io::Result<()> {
        fs::DirBuilder::new().mode(mode).create(path)
    }

    fn create(&self, path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
        file.write_all(content)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()> {
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn lock(&self, folder: &Path) -> io::Result<Option<Lock>> {
        let file = File::open(folder)?;
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Lock { _held: Some(file) })),
                Err(fs::TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
                // Some network file systems lock no folders; one run at a time is then up to the user.
                Err(fs::TryLockError::Error(_)) => return Ok(Some(Lock { _held: None })),
            }
        }
        Ok(None)
    }
}

/// What went wrong with a path, and what helps.
pub fn fault(what: &str, path: &Path, error: &io::Error) -> Problem {
    let text = error.to_string();
    // The number of the error differs from system to system and says no more than the words.
    let cause = text.split(" (os error").next().unwrap_or(&text).to_owned();
    let problem = Problem::new(Code::File, format!("{what} `{}`", path.display())).because(cause);
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            problem.hint("make room on the disk, then run the same command again; no file was left half written")
        }
        ErrorKind::PermissionDenied => problem.hint("see who owns it and who may write there: `ls -ld`"),
        ErrorKind::ReadOnlyFilesystem => problem.hint("choose an output folder that can be written, with --out"),
        _ => problem,
    }
}
