//! What is backed up, where and when.

use super::scene::{Placed, Scene};
use super::topology::{BackupDesign, BackupTask};
use super::volumes::folder;
use crate::blueprint::operations::BackupJob;
use crate::error::{Code, Problem, Result};

/// Backups, when the blueprint has them and the plan runs something that is backed up.
///
/// # Errors
/// The time of day or the area is not one.
pub fn design(scene: &Scene<'_>) -> Result<Option<BackupDesign>> {
    let (Some(said), Some(storage)) = (&scene.blueprint.backup, &scene.blueprint.storage) else { return Ok(None) };
    let area = storage.areas.get(&said.area).ok_or_else(|| {
        let what = format!("backups go to the area `{}`, which is none of the storage", said.area);
        Problem::new(Code::Dangling, what).hint("name an area of `storage.areas`")
    })?;
    let jobs: Vec<_> = said
        .jobs
        .iter()
        .flat_map(|(service, job)| {
            scene.everything().filter(move |p| p.name == service).map(move |p| task(scene, &p, job))
        })
        .collect();
    if jobs.is_empty() {
        return Ok(None);
    }
    Ok(Some(BackupDesign {
        at: time_of_day(&said.at)?,
        folder: format!("{}/{}", storage.mount.trim_end_matches('/'), area.path),
        keep: (said.keep_daily, said.keep_weekly, said.keep_monthly),
        jobs,
    }))
}

fn task(scene: &Scene<'_>, placed: &Placed<'_>, job: &BackupJob) -> BackupTask {
    let storage = scene.blueprint.storage.as_ref();
    let area = |name: &String| storage.and_then(|s| Some(folder(s, s.areas.get(name)?, placed.server)));
    BackupTask {
        stack: placed.server.name.clone(),
        unit: placed.unit_names().swap_remove(0),
        job: job.clone(),
        folder: job.area.as_ref().and_then(area),
    }
}

fn time_of_day(text: &str) -> Result<(u8, u8)> {
    let parts = text.split_once(':').and_then(|(h, m)| Some((h.parse().ok()?, m.parse().ok()?)));
    parts.filter(|(h, m)| *h < 24 && *m < 60).ok_or_else(|| {
        let what = format!("`backup.at`: `{text}` is no time of day");
        Problem::new(Code::BadField, what).hint("give hours and minutes, such as `02:00`").into()
    })
}
