//! Instance templates: all that a machine is started from, and the version that follows from it.

use super::identity;
use super::layout::{Layout, Server};
use super::made::{Made, fields, map};
use super::network::Net;
use crate::cloud::gcp::Kind;
use crate::cloud::gcp::labels;
use crate::cloud::names::{DEPLOYMENT, ROLE, SERVICE, hash};
use crate::cloud::resource::{Fields, Value};
use crate::error::{Code, Problem, Result};

/// Disk of the system and of images, in GiB. An assumption: S5 expects machine images of 30 GB once containers are used.
const SYSTEM_DISK: i64 = 30;
/// Series of machines that take no Persistent Disk (Compute Engine, Hyperdisk; read 2026-11-21).
const HYPERDISK_ONLY: [&str; 8] = ["c4", "c4a", "c4d", "n4", "n4a", "n4d", "m4", "x4"];

/// The kind of disk that a machine takes.
pub(super) fn disk_type(machine: &str) -> &'static str {
    let series = machine.split('-').next().unwrap_or_default();
    if HYPERDISK_ONLY.contains(&series) { "hyperdisk-balanced" } else { "pd-balanced" }
}

/// The fields of the template of a stack.
///
/// # Errors
/// No disk image is named for the architecture of its machine.
pub(super) fn of(
    layout: &Layout<'_>,
    made: &Made<'_>,
    net: &Net,
    server: &Server,
    user_data: String,
) -> Result<Fields<Kind>> {
    let machine = &server.machine;
    let image = layout.options.machine_images.get(&machine.arch).ok_or_else(|| {
        let (arch, stack) = (machine.arch.word(), &server.stack);
        let what = format!("no disk image is named for {arch} machines, and `{stack}` runs on one");
        Problem::new(Code::MissingField, what).hint("name one, or a family of them")
    })?;
    // What the catalogue calls `n1-standard-8 + 1 x T4` is a machine with something attached.
    let (kind, attached) =
        machine.name.split_once(" + ").map_or((machine.name.as_str(), false), |(kind, _)| (kind, true));
    let subnetwork = layout.place(&server.role).map(|place| place.subnetwork.clone());
    let interface = map([
        ("network", net.network.clone()),
        ("subnetwork", subnetwork.unwrap_or_else(|| Value::List(Vec::new()))),
        ("external-address", false.into()),
    ]);
    let root =
        map([("size", SYSTEM_DISK.into()), ("type", disk_type(kind).into()), ("delete-with-machine", true.into())]);
    let shielded = map([
        // The kernel would refuse drivers of GPUs that nobody has signed, as most images have them.
        ("secure-boot", machine.gpu.is_none().into()),
        ("virtual-tpm", true.into()),
        ("integrity-monitoring", true.into()),
    ]);
    let metadata = map([
        // Who may log in is said by IAM, and not by keys that somebody has put on the project once.
        ("enable-oslogin", "TRUE".into()),
        ("block-project-ssh-keys", "TRUE".into()),
        ("user-data-encoding", "base64".into()),
    ]);
    let mut own = fields([
        ("region", layout.options.region.as_str().into()),
        ("machine-type", kind.into()),
        ("image", image.as_str().into()),
        ("interface", interface),
        ("service-account", Value::Of(identity::account(made, &server.role))),
        // What the account may do is said by its roles; scopes would say it a second time.
        ("scopes", Value::List(vec!["cloud-platform".into()])),
        ("root-disk", root),
        ("shielded", shielded),
        ("instance-labels", instance_labels(layout, server)),
        ("metadata", metadata),
        ("user-data", user_data.into()),
    ]);
    if let Some((model, count)) = &machine.gpu {
        // Machines with GPUs cannot be moved while they run (`Scheduling.onHostMaintenance`, Compute Engine API v1).
        own.insert("on-host-maintenance".to_owned(), "TERMINATE".into());
        if attached {
            let kind = format!("nvidia-tesla-{}", model.to_ascii_lowercase());
            let gpu = map([("type", kind.into()), ("count", i64::from(*count).into())]);
            own.insert("accelerators".to_owned(), Value::List(vec![gpu]));
        }
    }
    Ok(own)
}

fn instance_labels(layout: &Layout<'_>, server: &Server) -> Value<Kind> {
    let tags = [
        (DEPLOYMENT, layout.options.deployment.as_str()),
        (SERVICE, server.stack.as_str()),
        (ROLE, server.role.as_str()),
    ];
    Value::Map(tags.into_iter().map(|(tag, value)| (labels::key(tag), labels::value(value).into())).collect())
}

/// The version that follows from what a machine is started from: the same for the same, another for anything else. How many
/// machines there are is not in it, and neither is what a group changes in place.
pub(super) fn version(template: &Fields<Kind>) -> String {
    // Texts, numbers and flags are in it, which JSON can always hold.
    hash(&serde_json::to_vec(template).unwrap_or_default())
}
