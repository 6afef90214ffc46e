//! Launch templates: all that a machine is started from, and the version that follows from it.

use super::layout::{Layout, NAT, Server};
use super::made::{Made, fields, map};
use super::{identity, security};
use crate::cloud::aws::Kind;
use crate::cloud::desire::machine::MachineChoice;
use crate::cloud::names::{ROLE, hash};
use crate::cloud::resource::{Fields, Value};
use crate::error::{Code, Problem, Result};

/// Disk of the system and of images, in GiB. An assumption: S5 expects machine images of 30 GB once containers are used.
const SYSTEM_DISK: i64 = 30;

/// The fields of the template of a stack.
///
/// # Errors
/// No disk image is named for the architecture of its machine.
pub(super) fn of(layout: &Layout<'_>, made: &Made<'_>, server: &Server, user_data: String) -> Result<Fields<Kind>> {
    let place = layout.place(&server.role);
    let subnets = place.into_iter().flat_map(|place| &place.subnets).map(|subnet| subnet.value.clone());
    // The disk is in one zone, and so is whoever has it.
    let subnets: Vec<Value<Kind>> = subnets.take(if server.is_fleet { usize::MAX } else { 1 }).collect();
    fields_of(layout, made, (&server.stack, &server.role), &server.machine, subnets, user_data)
}

/// The fields of the template of the machine that translates addresses.
///
/// # Errors
/// No disk image is named for the architecture of its machine.
pub(super) fn nat(
    layout: &Layout<'_>,
    made: &Made<'_>,
    machine: &MachineChoice,
    user_data: String,
) -> Result<Fields<Kind>> {
    let subnets = layout.place(NAT).into_iter().flat_map(|place| &place.subnets).map(|subnet| subnet.value.clone());
    fields_of(layout, made, (NAT, NAT), machine, subnets.collect(), user_data)
}

fn fields_of(
    layout: &Layout<'_>,
    made: &Made<'_>,
    (stack, role): (&str, &str),
    machine: &MachineChoice,
    subnets: Vec<Value<Kind>>,
    user_data: String,
) -> Result<Fields<Kind>> {
    let image = layout.options.machine_images.get(&machine.arch).ok_or_else(|| {
        let what = format!("no disk image is named for {} machines, and `{stack}` runs on one", machine.arch.word());
        Problem::new(Code::MissingField, what).hint("name one, or a parameter that holds its id")
    })?;
    let image = if image.starts_with("ami-") { image.clone() } else { format!("resolve:ssm:{image}") };
    let root = map([("size", SYSTEM_DISK.into()), ("type", "gp3".into()), ("encrypted", true.into())]);
    // Version 2 of the metadata only, and no further than the machine itself: containers do not reach it.
    let metadata = map([("tokens", "required".into()), ("hop-limit", 1_i64.into()), ("endpoint", true.into())]);
    // What a group or a start by hand writes on its machines.
    let tags = layout_tags(layout, stack, role);
    Ok(fields([
        ("instance-type", machine.name.as_str().into()),
        ("image", image.into()),
        ("security-groups", Value::List(vec![Value::Of(security::group(made, role))])),
        ("subnets", Value::List(subnets)),
        ("public-address", false.into()),
        ("instance-profile", Value::Of(identity::profile(made, stack))),
        ("root-disk", root),
        ("metadata", metadata),
        ("instance-tags", tags),
        ("user-data", user_data.into()),
    ]))
}

fn layout_tags(layout: &Layout<'_>, stack: &str, role: &str) -> Value<Kind> {
    map([
        (crate::cloud::names::DEPLOYMENT, layout.options.deployment.as_str().into()),
        (crate::cloud::names::SERVICE, stack.into()),
        (ROLE, role.into()),
    ])
}

/// The version that follows from what a machine is started from: the same for the same, another for anything else. How many
/// machines there are is not in it.
pub(super) fn version(template: &Fields<Kind>, targets: &Fields<Kind>) -> String {
    // Texts alone are in it, which JSON can always hold.
    let bytes = serde_json::to_vec(&(template, targets)).unwrap_or_default();
    hash(&bytes)
}
