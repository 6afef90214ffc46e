//! Who machines are: an account for each role, with what its machines need and nothing else.

use std::collections::BTreeMap;

use super::layout::{Layout, Server};
use super::made::{Made, fields, map};
use super::{secrets, storage};
use crate::cloud::desire::{boot, images};
use crate::cloud::gcp::Kind;
use crate::cloud::resource::{Address, Value};

/// Shortest id of a service account (IAM API v1, `CreateServiceAccountRequest.accountId`: 6 to 30 characters; read
/// 2026-11-21).
const SHORTEST: usize = 6;

/// The account of a role.
pub(super) fn account(made: &Made<'_>, role: &str) -> Address<Kind> {
    let account = made.address(Kind::ServiceAccount, &[role]);
    match account.name.len() {
        length if length < SHORTEST => made.address(Kind::ServiceAccount, &[role, "role"]),
        _ => account,
    }
}

/// Wants an account for each role.
pub(super) fn add(layout: &Layout<'_>, made: &mut Made<'_>) {
    let mut roles: BTreeMap<&str, Vec<&Server>> = BTreeMap::new();
    for server in &layout.servers {
        roles.entry(&server.role).or_default().push(server);
    }
    for (role, servers) in roles {
        let mut grants: Vec<Value<Kind>> = servers.iter().flat_map(|server| grants(layout, made, server)).collect();
        grants.sort();
        grants.dedup();
        let own = fields([("roles", Value::List(grants))]);
        let name = account(made, role).name;
        let because = format!("machines of {role} read their own secrets and images, and may do nothing else");
        made.add_named(Kind::ServiceAccount, name, role, own, because);
    }
}

/// What the machines of a stack may do, each on one thing.
fn grants(layout: &Layout<'_>, made: &Made<'_>, server: &Server) -> Vec<Value<Kind>> {
    let grant = |role: &str, on: Value<Kind>| map([("role", role.into()), ("on", on)]);
    let mut all: Vec<Value<Kind>> = boot::secrets(layout, server)
        .iter()
        .map(|secret| grant("roles/secretmanager.secretAccessor", secrets::name(layout.options, secret).into()))
        .collect();
    if images::own(layout, server).next().is_some() {
        all.push(grant("roles/artifactregistry.reader", Value::Of(storage::repository(made))));
    }
    if boot::discovers(layout, server) {
        // No role of Google's has this permission alone; it becomes one of the project's own.
        let permissions = Value::List(vec!["compute.instances.list".into()]);
        all.push(map([("permissions", permissions), ("on", "project".into())]));
    }
    all
}
