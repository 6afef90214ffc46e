//! The templates that come with the program.

/// Name and text of every template, by name.
pub(super) const ALL: &[(&str, &str)] = &[
    ("monitoring/RUNBOOKS.md.tera", include_str!("../../../templates/monitoring/RUNBOOKS.md.tera")),
    ("monitoring/targets.sh.tera", include_str!("../../../templates/monitoring/targets.sh.tera")),
    ("nginx/nginx.conf.tera", include_str!("../../../templates/nginx/nginx.conf.tera")),
    ("operations/README.md.tera", include_str!("../../../templates/operations/README.md.tera")),
    ("operations/backup.service.tera", include_str!("../../../templates/operations/backup.service.tera")),
    ("operations/backup.sh.tera", include_str!("../../../templates/operations/backup.sh.tera")),
    ("operations/backup.timer.tera", include_str!("../../../templates/operations/backup.timer.tera")),
    ("operations/backup_names.sh.tera", include_str!("../../../templates/operations/backup_names.sh.tera")),
    ("operations/docker-storage.conf.tera", include_str!("../../../templates/operations/docker-storage.conf.tera")),
    ("operations/env.sh.tera", include_str!("../../../templates/operations/env.sh.tera")),
    ("operations/exports.tera", include_str!("../../../templates/operations/exports.tera")),
    ("operations/folder.sh.tera", include_str!("../../../templates/operations/folder.sh.tera")),
    ("operations/gitignore.tera", include_str!("../../../templates/operations/gitignore.tera")),
    ("operations/head.sh.tera", include_str!("../../../templates/operations/head.sh.tera")),
    ("operations/install.sh.tera", include_str!("../../../templates/operations/install.sh.tera")),
    ("operations/lock.sh.tera", include_str!("../../../templates/operations/lock.sh.tera")),
    ("operations/prepare-storage.sh.tera", include_str!("../../../templates/operations/prepare-storage.sh.tera")),
    ("operations/prepare.sh.tera", include_str!("../../../templates/operations/prepare.sh.tera")),
    ("operations/restore.sh.tera", include_str!("../../../templates/operations/restore.sh.tera")),
    ("operations/stack.service.tera", include_str!("../../../templates/operations/stack.service.tera")),
    ("operations/status.sh.tera", include_str!("../../../templates/operations/status.sh.tera")),
    ("operations/storage.mount.tera", include_str!("../../../templates/operations/storage.mount.tera")),
    ("operations/update.sh.tera", include_str!("../../../templates/operations/update.sh.tera")),
    ("operations/volume.sh.tera", include_str!("../../../templates/operations/volume.sh.tera")),
];
