//! A disk that fails, or whose process is killed, at a chosen step.

use std::cell::Cell;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::disk::{Disk, Found, Lock, RealDisk};

/// What happens at the chosen step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// This step fails for want of space, leaving half a file; later ones work.
    Full,
    /// The process dies in this step: half a file is left and no later step happens.
    Killed,
}

/// The real disk with trouble at one of the steps that change something.
#[derive(Debug)]
pub struct TroubledDisk {
    steps: Cell<usize>,
    at: usize,
    trouble: Trouble,
}

impl TroubledDisk {
    /// Trouble at the step of this number, from 0.
    pub fn new(at: usize, trouble: Trouble) -> Self {
        Self { steps: Cell::new(0), at, trouble }
    }

    /// Steps that were asked for.
    pub fn steps(&self) -> usize {
        self.steps.get()
    }

    fn step(&self) -> io::Result<()> {
        let step = self.steps.replace(self.steps.get() + 1);
        match self.trouble {
            Trouble::Full if step == self.at => Err(ErrorKind::StorageFull.into()),
            Trouble::Killed if step >= self.at => Err(ErrorKind::Interrupted.into()),
            _ => Ok(()),
        }
    }
}

impl Disk for TroubledDisk {
    fn look(&self, path: &Path) -> io::Result<Found> {
        RealDisk.look(path)
    }
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        RealDisk.read(path)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        RealDisk.list(folder)
    }
    fn make_folders(&self, path: &Path) -> io::Result<()> {
        RealDisk.make_folders(path)
    }
    fn make_folder(&self, path: &Path, mode: u32) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.make_folder(path, mode))
    }
    fn create(&self, path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
        let first = self.steps.get() == self.at;
        match self.step() {
            Ok(()) => RealDisk.create(path, content, mode),
            Err(error) => {
                if first {
                    RealDisk.create(path, &content[..content.len() / 2], mode)?;
                }
                Err(error)
            }
        }
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.rename(from, to))
    }
    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.link(from, to))
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.remove_file(path))
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.remove_folder(path))
    }
    fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.set_mode(path, mode))
    }
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.sync_folder(path))
    }
    fn lock(&self, folder: &Path) -> io::Result<Option<Lock>> {
        RealDisk.lock(folder)
    }
}
