//! Doing what was decided, so that a kill or a full disk at any point leaves each file either old or new.
//!
//! First the manifest takes the hashes that are to come beside those that are; then all files are written under
//! other names, so that a full disk shows before anything is replaced; then they are renamed; last comes the manifest
//! as it will stay. Whoever runs next finds every file, old or new, in the manifest.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::decide::Decision;
use super::disk::{Disk, Found, fault};
use super::manifest::{self, Manifest};
use crate::error::Result;
use crate::render::tree::Tree;

/// What a file's name ends with while it is written.
pub const NEW: &str = ".rapplan-new";

/// Does what was decided.
///
/// # Errors
/// `E0501` with the path at which the disk refused.
pub fn perform(disk: &dyn Disk, out: &Path, tree: &Tree, old: &Manifest, decision: &Decision) -> Result<()> {
    let quiet = decision.write.is_empty() && decision.remove.is_empty();
    if !quiet {
        let mut intent = old.clone();
        for path in &decision.write {
            let hash = decision.manifest.files.get(path).cloned().unwrap_or_default();
            intent.pending.entry(path.clone()).or_default().insert(hash);
        }
        put_manifest(disk, out, &intent)?;
        let mut made = Vec::new();
        if let Err(error) = stage(disk, out, tree, decision, &mut made) {
            undo(disk, out, old, decision, &made);
            return Err(error);
        }
        swap(disk, out, decision)?;
        remove(disk, out, decision)?;
    }
    for (path, mode) in &decision.make_runnable {
        let path = out.join(path);
        disk.set_mode(&path, *mode).map_err(|error| fault("cannot make runnable", &path, &error))?;
    }
    if !quiet || *old != decision.manifest { put_manifest(disk, out, &decision.manifest) } else { Ok(()) }
}

/// Removes what a killed run was writing.
pub fn clear_leftovers(disk: &dyn Disk, out: &Path, old: &Manifest) {
    for path in old.pending.keys() {
        // Through a link it would not be ours; the survey refuses such folders right after.
        let linked =
            path.match_indices('/').any(|(at, _)| matches!(disk.look(&out.join(&path[..at])), Ok(Found::Link)));
        if !linked {
            let _ = clear(disk, &new_name(&out.join(path)));
        }
    }
}

/// Writes all files under their names with [`NEW`].
fn stage(disk: &dyn Disk, out: &Path, tree: &Tree, decision: &Decision, made: &mut Vec<PathBuf>) -> Result<()> {
    for path in &decision.write {
        let Some(file) = tree.files.get(path) else { continue };
        for (end, _) in path.match_indices('/') {
            let folder = out.join(&path[..end]);
            let found = disk.look(&folder).map_err(|error| fault("cannot look at", &folder, &error))?;
            if found == Found::Nothing {
                disk.make_folder(&folder, 0o777).map_err(|error| fault("cannot make the folder", &folder, &error))?;
                made.push(folder);
            }
        }
        let target = out.join(path);
        let mode = if file.executable { 0o777 } else { 0o666 };
        put(disk, &target, file.text.as_bytes(), mode).map_err(|error| fault("cannot write", &target, &error))?;
    }
    Ok(())
}

/// Takes back a staging that failed. What cannot be taken back does no harm: the next run clears it.
fn undo(disk: &dyn Disk, out: &Path, old: &Manifest, decision: &Decision, made: &[PathBuf]) {
    for path in &decision.write {
        let _ = clear(disk, &new_name(&out.join(path)));
    }
    for folder in made.iter().rev() {
        let _ = disk.remove_folder(folder);
    }
    if *old == Manifest::default() {
        let _ = disk.remove_file(&out.join(manifest::NAME));
    } else {
        let _ = put_manifest(disk, out, old);
    }
}

fn swap(disk: &dyn Disk, out: &Path, decision: &Decision) -> Result<()> {
    let mut folders = BTreeSet::new();
    for path in &decision.write {
        let target = out.join(path);
        disk.rename(&new_name(&target), &target).map_err(|error| fault("cannot write", &target, &error))?;
        // The folder may be new itself, so its name must reach the disk as well.
        folders.extend(target.ancestors().skip(1).take_while(|folder| folder.starts_with(out)).map(Path::to_path_buf));
    }
    sync(disk, &folders)
}

fn remove(disk: &dyn Disk, out: &Path, decision: &Decision) -> Result<()> {
    let mut folders = BTreeSet::new();
    for path in &decision.remove {
        let target = out.join(path);
        disk.remove_file(&target).map_err(|error| fault("cannot remove", &target, &error))?;
        folders.extend(path.match_indices('/').map(|(at, _)| out.join(&path[..at])));
    }
    // Deepest first; a folder that holds anything stays.
    for folder in folders.iter().rev() {
        let _ = disk.remove_folder(folder);
    }
    Ok(())
}

fn sync(disk: &dyn Disk, folders: &BTreeSet<PathBuf>) -> Result<()> {
    for folder in folders {
        disk.sync_folder(folder).map_err(|error| fault("cannot bring onto the disk", folder, &error))?;
    }
    Ok(())
}

fn put_manifest(disk: &dyn Disk, out: &Path, manifest: &Manifest) -> Result<()> {
    let target = out.join(manifest::NAME);
    let text = manifest.text()?;
    let written = put(disk, &target, text.as_bytes(), 0o666)
        .and_then(|()| disk.rename(&new_name(&target), &target))
        .and_then(|()| disk.sync_folder(out));
    written.map_err(|error| {
        let _ = clear(disk, &new_name(&target));
        fault("cannot write", &target, &error).into()
    })
}

fn put(disk: &dyn Disk, target: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let new = new_name(target);
    clear(disk, &new)?;
    disk.create(&new, content, mode)
}

/// Removes a file that a killed run left.
fn clear(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    match disk.look(path)? {
        Found::File(_) | Found::Link => disk.remove_file(path),
        _ => Ok(()),
    }
}

fn new_name(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{NEW}"))
}
