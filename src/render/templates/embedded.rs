//! The templates that come with the program.

/// Name and text of every template, by name.
pub(super) const ALL: &[(&str, &str)] =
    &[("nginx/nginx.conf.tera", include_str!("../../../templates/nginx/nginx.conf.tera"))];
