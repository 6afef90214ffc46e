//! What a machine of a cloud is started with: the rendered files of its stack, and the script that brings them to life.
//!
//! The values of secrets are not among it: the machine asks for them when it starts.

mod pack;

pub use pack::{LARGEST, pack, pack_within, unpack};

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::templates::Templates;
use super::{env, yaml};
use crate::error::Result;

/// What a machine must do when it starts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Start {
    /// Deployment and stack, as units of systemd name it: `chatty-api`.
    pub name: String,
    /// Name of the stack.
    pub stack: String,
    /// What it is for.
    pub title: String,
    /// Folder of the stack on the machine.
    pub folder: String,
    /// Region of the cloud.
    pub region: String,
    /// Whose programs and disks it finds.
    #[serde(skip)]
    pub host: Host,
    /// Files below the folder: path, text, and whether it is run.
    #[serde(skip)]
    pub files: Vec<(String, String, bool)>,
    /// Variables of `.env`.
    #[serde(skip)]
    pub variables: Vec<(String, String)>,
    /// Variable that takes the machine's own address, where that is not known before.
    pub own_address: Option<String>,
    /// Secrets with the parameters that hold them.
    pub secrets: Vec<(String, String)>,
    /// Registries that ask who pulls.
    pub registries: Vec<String>,
    /// Folder where the disk with its data is mounted.
    pub disk: Option<String>,
    /// The address that it gets when the machine before it has given it up.
    pub address: Option<String>,
    /// Scripts of the stack that make it ready, in order.
    pub scripts: Vec<String>,
    /// The unit that starts the stack.
    pub unit: Option<String>,
    /// Groups of machines whose addresses are asked for again and again.
    pub groups: Vec<Group>,
}

/// Whose machine it is, which decides how it learns its address and its secrets, and where its disk is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Host {
    /// Amazon Web Services.
    #[default]
    Aws,
    /// Google Cloud.
    Gcp,
}

impl Host {
    /// The template of the script that brings a machine up.
    fn boot(self) -> &'static str {
        match self {
            Self::Aws => "cloud_init/boot.sh.tera",
            Self::Gcp => "cloud_init/gcp_boot.sh.tera",
        }
    }

    /// The template of the script that asks for the addresses of groups.
    fn discover(self) -> &'static str {
        match self {
            Self::Aws => "cloud_init/discover.sh.tera",
            Self::Gcp => "cloud_init/gcp_discover.sh.tera",
        }
    }
}

/// A group of machines that is measured from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Deployment, by its tag.
    pub deployment: String,
    /// Service, by its tag.
    pub service: String,
    /// Files of targets, with the ports of each.
    pub files: Vec<(String, Vec<u16>)>,
}

/// A file that cloud-init writes.
fn file(path: &str, text: &str, permissions: &str) -> Json {
    json!({ "path": path, "permissions": permissions, "content": text })
}

fn unit(name: &str, text: &str) -> Json {
    file(&format!("/etc/systemd/system/{name}"), text, "0644")
}

/// The cloud-config of a machine that runs a stack.
///
/// # Errors
/// `E0403` when a template cannot be filled in.
pub fn stack(start: &Start, templates: &Templates) -> Result<String> {
    let at = |path: &str| format!("{}/{path}", start.folder);
    let mut files: Vec<Json> = Vec::new();
    for (path, text, runs) in &start.files {
        files.push(file(&at(path), text, if *runs { "0755" } else { "0644" }));
    }
    let lines = start.variables.iter().map(|(name, value)| format!("{name}={}\n", env::quoted(value)));
    files.push(file(&at(".env.fixed"), &lines.collect::<String>(), "0600"));
    files.push(file(&at("boot.sh"), &templates.render(start.host.boot(), start)?, "0755"));
    files.push(unit("rapplan-boot.service", &templates.render("cloud_init/boot.service.tera", start)?));
    let mut run = vec![json!(["systemctl", "enable", "--now", "--no-block", "rapplan-boot.service"])];
    if !start.groups.is_empty() {
        files.push(file(&at("discover.sh"), &templates.render(start.host.discover(), start)?, "0755"));
        files.push(unit("rapplan-discover.service", &templates.render("cloud_init/discover.service.tera", start)?));
        files.push(unit("rapplan-discover.timer", &templates.render("cloud_init/discover.timer.tera", start)?));
        run.push(json!(["systemctl", "enable", "--now", "rapplan-discover.timer"]));
    }
    config(&files, &run)
}

/// The cloud-config of a machine that translates the addresses of a network for the internet.
///
/// # Errors
/// `E0403` when a template cannot be filled in.
pub fn nat(name: &str, network: &str, templates: &Templates) -> Result<String> {
    let values = json!({ "title": "the way out", "folder": "/opt/rapplan", "name": name, "network": network });
    let files = [
        file("/opt/rapplan/boot.sh", &templates.render("cloud_init/nat.sh.tera", &values)?, "0755"),
        unit("rapplan-boot.service", &templates.render("cloud_init/boot.service.tera", &values)?),
    ];
    config(&files, &[json!(["systemctl", "enable", "--now", "--no-block", "rapplan-boot.service"])])
}

fn config(files: &[Json], run: &[Json]) -> Result<String> {
    // Units that cloud-init has just written are not known yet.
    let reload = json!(["systemctl", "daemon-reload"]);
    let run: Vec<&Json> = std::iter::once(&reload).chain(run).collect();
    let body = yaml::to_string(&json!({ "write_files": files, "runcmd": run }))?;
    Ok(format!("#cloud-config\n{body}"))
}
