//! What reaches outside a container: paths and users.

use super::Checker;
use crate::blueprint::document::FieldPath;
use crate::blueprint::service::{Service, VolumeUse};
use crate::path;

pub(super) fn check(c: &mut Checker<'_>) {
    for (_, service, at) in c.services() {
        in_service(c, &at, service);
    }
    let Some(storage) = &c.blueprint.storage else { return };
    absolute(c, &path!["storage", "mount"], &storage.mount);
    absolute(c, &path!["storage", "export"], &storage.export);
    for (name, area) in &storage.areas {
        let at = path!["storage", "areas", name];
        below(c, &at.join("path"), &area.path);
        for (i, folder) in area.folders.iter().enumerate() {
            below(c, &at.join("folders").join(i), folder);
        }
        if let Some(owner) = &area.owner {
            user(c, &at.join("owner"), owner);
        }
    }
}

fn in_service(c: &mut Checker<'_>, at: &FieldPath, service: &Service) {
    volumes(c, &at.join("volumes"), &service.volumes);
    for (name, differing) in &service.environments {
        volumes(c, &at.join("environments").join(name).join("volumes"), &differing.volumes);
    }
    for (i, folder) in service.security.tmpfs.iter().enumerate() {
        absolute(c, &at.join("security").join("tmpfs").join(i), folder);
    }
    if let Some(name) = &service.security.user {
        user(c, &at.join("security").join("user"), name);
    }
    if let Some(http) = service.health.as_ref().and_then(|health| health.http.as_ref()) {
        url_path(c, &at.join("health").join("http"), http);
    }
    if let Some(metrics) = service.metrics.as_ref().and_then(|metrics| metrics.path.as_ref()) {
        url_path(c, &at.join("metrics").join("path"), metrics);
    }
}

fn volumes(c: &mut Checker<'_>, list: &FieldPath, volumes: &[VolumeUse]) {
    for (i, volume) in volumes.iter().enumerate() {
        absolute(c, &list.join(i).join("at"), &volume.at);
        // A folder of the sources, mounted while developing, is relative: `./src`.
        if let Some(path) = volume.host_path.as_ref().filter(|path| climbs(path) || !path.starts_with(['/', '.'])) {
            let rule = "must start with `/` or `./` and have no `..`";
            c.bad_value(&list.join(i).join("host_path"), format!("`{path}` is not a host path"), rule);
        }
    }
}

fn climbs(path: &str) -> bool {
    path.split('/').any(|part| part == "..")
}

fn absolute(c: &mut Checker<'_>, at: &FieldPath, path: &str) {
    if !path.starts_with('/') || climbs(path) {
        c.bad_value(at, format!("`{path}` is not an absolute path"), "must start with `/` and have no `..`");
    }
}

fn below(c: &mut Checker<'_>, at: &FieldPath, path: &str) {
    if path.is_empty() || path.starts_with('/') || climbs(path) {
        c.bad_value(at, format!("`{path}` is not a path below another"), "must not start with `/` or have a `..`");
    }
}

fn url_path(c: &mut Checker<'_>, at: &FieldPath, path: &str) {
    if !path.starts_with('/') || path.contains(char::is_whitespace) {
        c.bad_value(at, format!("`{path}` is not the path of a URL"), "must start with `/`");
    }
}

fn user(c: &mut Checker<'_>, at: &FieldPath, user: &str) {
    let number =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u32>().is_ok();
    if !user.split_once(':').is_some_and(|(uid, gid)| number(uid) && number(gid)) {
        c.bad_value(at, format!("`{user}` is not a user"), "must be numbers as in `1000:1000`");
    }
}
