//! The templates that come with the program.

/// Name and text of every template, by name.
pub(super) const ALL: &[(&str, &str)] = &[
    ("monitoring/RUNBOOKS.md.tera", include_str!("../../../templates/monitoring/RUNBOOKS.md.tera")),
    ("monitoring/targets.sh.tera", include_str!("../../../templates/monitoring/targets.sh.tera")),
    ("nginx/nginx.conf.tera", include_str!("../../../templates/nginx/nginx.conf.tera")),
];
