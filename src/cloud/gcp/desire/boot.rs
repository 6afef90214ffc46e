//! What the machines of a stack are started with, as Google Cloud takes it.

use super::layout::{Layout, Server};
use super::secrets;
use crate::cloud::desire::boot::{self, Around};
use crate::error::Result;
use crate::render::cloud_init::{self, Host};
use crate::render::templates::Templates;
use crate::render::tree::Tree;

/// The most that a value of the metadata may have is 262,144 bytes (Compute Engine API v1, `Metadata.items.value`, read
/// 2026-11-21), in base64.
const LARGEST: usize = 262_144 / 4 * 3;

/// The user data of the machines of a stack; cloud-init is told by `user-data-encoding` that it is in base64.
///
/// # Errors
/// `E0602` when it is more than fits, `E0204` for a variable without a value, `E0403` for a template.
pub(super) fn user_data(layout: &Layout<'_>, server: &Server, tree: &Tree, templates: &Templates) -> Result<String> {
    let around = Around {
        host: Host::Gcp,
        region: &layout.options.region,
        address: &|server| layout.address(server),
        secret: &|name| format!("{}/versions/latest", secrets::name(layout.options, name)),
        asks: &|host| host.ends_with("-docker.pkg.dev"),
    };
    let start = boot::start(layout, &around, server, tree)?;
    cloud_init::pack_within(LARGEST, "Google Cloud", &server.stack, &cloud_init::stack(&start, templates)?)
}
