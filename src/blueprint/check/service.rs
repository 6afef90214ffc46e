//! One service by itself: its image, health check, variables and volumes.

use super::Checker;
use crate::blueprint::document::{FieldPath, Part};
use crate::blueprint::service::{Health, Image, Service, VolumeUse};
use crate::error::{Code, Problem};

pub(super) fn check(c: &mut Checker<'_>) {
    for (_, service, at) in c.services() {
        if let Some(used) = &service.image {
            image(c, &at.join("image"), used);
        }
        if let Some(base) = service.build.as_ref().and_then(|build| build.base.as_ref()) {
            image(c, &at.join("build").join("base"), base);
        }
        if let Some(checked) = &service.health {
            health(c, &at.join("health"), checked, service);
        }
        variables(c, &at, service);
        volumes(c, &at.join("volumes"), &service.volumes);
        for (name, differing) in &service.environments {
            let at = at.join("environments").join(name);
            c.refer(&at, Part::Key, name, "environment", &["dev", "prod"]);
            volumes(c, &at.join("volumes"), &differing.volumes);
        }
    }
}

fn image(c: &mut Checker<'_>, at: &FieldPath, image: &Image) {
    if image.tag == "latest" {
        let problem = Problem::new(Code::BadField, "the tag `latest` is not a version")
            .because("what it stands for changes, so the same files would run something else tomorrow")
            .hint("name the version that was tested");
        c.at_value(&at.join("tag"), "must be a fixed tag", problem);
    } else if image.tag.is_empty() || !image.tag.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b)) {
        let rule = "a tag has letters, digits, `_`, `.` and `-`";
        c.bad_value(&at.join("tag"), format!("`{}` is not a tag", image.tag), rule);
    }
    let hex = image.digest.strip_prefix("sha256:").unwrap_or_default();
    let sound = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if !image.digest.is_empty() && !sound {
        c.bad_value(&at.join("digest"), "this is not a digest", "must be `sha256:` and 64 hexadecimal digits");
    }
    if image.name.is_empty() || image.name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@') {
        c.bad_value(&at.join("name"), "this is not the name of an image", "must be a repository without a tag");
    }
}

fn health(c: &mut Checker<'_>, at: &FieldPath, health: &Health, service: &Service) {
    if health.http.is_none() && health.command.is_empty() {
        let problem = Problem::new(Code::MissingField, "the health check does not say what is checked")
            .hint("add `http` (a path that answers 2xx) or `command` (one that ends with 0)");
        c.at_value(at, "lacks `http` or `command`", problem);
    }
    if health.http.is_some() && health.port.is_none() && service.ports.is_empty() {
        let problem = Problem::new(Code::MissingField, "the health check has a path and no port")
            .hint("add `port` to it, or `ports` to the service");
        c.at_value(&at.join("http"), "on which port?", problem);
    }
    if health.retries == 0 {
        c.bad_value(&at.join("retries"), "a health check with 0 retries never fails", "must be at least 1");
    }
}

fn variables(c: &mut Checker<'_>, at: &FieldPath, service: &Service) {
    let mut names: Vec<(FieldPath, Part, &str)> = Vec::new();
    names.extend(service.env.keys().map(|name| (at.join("env").join(name), Part::Key, name.as_str())));
    for (environment, differing) in &service.environments {
        let at = at.join("environments").join(environment).join("env");
        names.extend(differing.env.keys().map(|name| (at.join(name), Part::Key, name.as_str())));
    }
    for (i, secret) in service.secrets.iter().enumerate() {
        let at = at.join("secrets").join(i);
        let given = [("env", &secret.env), ("file_env", &secret.file_env)];
        names.extend(given.into_iter().filter_map(|(key, name)| Some((at.join(key), Part::Value, name.as_deref()?))));
    }
    for (other, connect) in &service.connects {
        let at = at.join("connects").join(other);
        let given = [
            ("host_env", &connect.host_env),
            ("port_env", &connect.port_env),
            ("endpoint_env", &connect.endpoint_env),
            ("url_env", &connect.url_env),
        ];
        names.extend(given.into_iter().filter_map(|(key, name)| Some((at.join(key), Part::Value, name.as_deref()?))));
    }
    for (path, part, name) in names {
        let first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        // Elasticsearch takes settings as variables with dots (`discovery.type`); only what is set as it is may have them.
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || (part == Part::Key && b == b'.');
        if first && name.bytes().all(plain) {
            continue;
        }
        let problem = Problem::new(Code::BadField, format!("`{name}` cannot be the name of a variable"))
            .hint("use letters, digits and `_`, and no digit first");
        match part {
            Part::Key => c.at_key(&path, "not a name of a variable", problem),
            Part::Value => c.at_value(&path, "not a name of a variable", problem),
        }
    }
}

fn volumes(c: &mut Checker<'_>, list: &FieldPath, volumes: &[VolumeUse]) {
    for (i, volume) in volumes.iter().enumerate() {
        let given = [&volume.area, &volume.volume, &volume.host_path].into_iter().flatten().count();
        if given != 1 {
            let summary = match given {
                0 => "the volume does not say where its data is",
                _ => "the volume says more than once where its data is",
            };
            let problem = Problem::new(if given == 0 { Code::MissingField } else { Code::BadField }, summary)
                .hint("give one of `area`, `volume` and `host_path`");
            c.at_value(&list.join(i), "needs exactly one", problem);
        }
    }
}
