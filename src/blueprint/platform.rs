//! What the application runs on: networks, tools, clouds, Kubernetes, and how releases go out.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::operations::BackupMethod;
use crate::units::Span;

/// A network that services are members of.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// What it is for.
    pub title: String,
    /// Whether it has no way out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub internal: bool,
    /// Whether services that are only on internal networks join this one on servers where they have a published port:
    /// Docker publishes nothing for a container that is on internal networks alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub publishes: bool,
}

macro_rules! choice {
    ($(#[$doc:meta] $name:ident { $(#[$vdoc:meta] $variant:ident,)* })*) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $(#[$vdoc] $variant,)* }
    )*};
}

choice! {
    /// What runs containers.
    ContainerRuntime {
        /// Docker.
        Docker,
        /// Podman.
        Podman,
    }
    /// What places containers on machines.
    Orchestrator {
        /// Docker Compose, on each server.
        Compose,
        /// Docker Swarm.
        Swarm,
        /// Kubernetes.
        Kubernetes,
        /// Auto Scaling Groups of virtual machines.
        Asg,
    }
    /// What takes requests in.
    GatewayTool {
        /// NGINX.
        Nginx,
        /// Kong.
        Kong,
        /// Traefik.
        Traefik,
        /// HAProxy.
        Haproxy,
        /// The cloud's application load balancer.
        Alb,
    }
    /// What connects services with each other.
    Mesh {
        /// Istio.
        Istio,
        /// Linkerd.
        Linkerd,
        /// Consul.
        Consul,
    }
    /// What builds and delivers.
    Ci {
        /// Jenkins.
        Jenkins,
        /// GitLab CI.
        GitlabCi,
        /// CircleCI.
        CircleCi,
        /// GitHub Actions.
        GithubActions,
    }
    /// What collects and shows measurements.
    MetricsTool {
        /// Prometheus and Grafana.
        PrometheusGrafana,
    }
    /// What collects logs.
    LogsTool {
        /// Elasticsearch, Logstash and Kibana.
        Elk,
        /// Files on each server, rotated.
        Files,
    }
    /// What collects traces.
    TracesTool {
        /// Jaeger.
        Jaeger,
    }
    /// How a new version replaces an old one.
    Strategy {
        /// A whole new group beside the old one, then traffic is switched.
        BlueGreen,
        /// Instance by instance, with extra ones.
        Rolling,
        /// Stopped, replaced with its data, started.
        Replace,
    }
}

/// Which tool does which job. What is absent is not used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Toolchain {
    /// What runs containers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime: Option<ContainerRuntime>,
    /// What places containers on machines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orchestrator: Option<Orchestrator>,
    /// What takes requests in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<GatewayTool>,
    /// What connects services with each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mesh: Option<Mesh>,
    /// What builds and delivers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ci: Option<Ci>,
    /// What collects and shows measurements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<MetricsTool>,
    /// What collects logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logs: Option<LogsTool>,
    /// What collects traces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traces: Option<TracesTool>,
}

/// A cloud the application runs on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cloud {
    /// Provider: `aws`, `gcp` or `bare-metal`.
    pub provider: Provider,
    /// Region.
    pub region: String,
    /// Container registry: `ecr` or `artifact-registry`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
    /// Things in subnets that the internet can reach; nothing else is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public: Vec<String>,
    /// Private subnets, by role.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub private: IndexMap<String, PrivateSubnet>,
    /// How private machines reach the internet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nat: Option<String>,
    /// Disk image that machines start from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine_image: Option<String>,
    /// How data disks are backed up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub backups: Vec<BackupMethod>,
}

/// A cloud provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    /// Amazon Web Services.
    Aws,
    /// Google Cloud.
    Gcp,
    /// Servers of one's own or rented whole, without a cloud.
    BareMetal,
}

impl Provider {
    /// All of them, with the word that a user writes.
    pub const ALL: [(&'static str, Self); 3] =
        [("aws", Self::Aws), ("gcp", Self::Gcp), ("bare-metal", Self::BareMetal)];

    /// The word that a user writes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Gcp => "gcp",
            Self::BareMetal => "bare-metal",
        }
    }
}

/// A private subnet.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrivateSubnet {
    /// What is in it.
    pub title: String,
    /// Roles that may call it; `alb` and `bastion` are roles too.
    pub admits: Vec<String>,
}

/// How new versions go out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Strategy by service.
    pub strategies: IndexMap<String, Strategy>,
    /// Why these.
    pub why: String,
    /// Tags every image carries: unique ones with `{branch}`, `{timestamp}`, `{version}`, `{commit}`, and `latest`.
    pub tags: Vec<String>,
    /// Steps in order, for people.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub steps: IndexMap<String, Vec<String>>,
}

/// What a Kubernetes deployment needs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kubernetes {
    /// Namespace of the application.
    pub namespace: String,
    /// Variable that sets another namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace_variable: Option<String>,
    /// Programs and conditions that are checked before anything is changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// What is installed first, in order, and skipped when it is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prerequisites: Vec<Prerequisite>,
    /// Longest wait until everything runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_timeout: Option<Span>,
    /// How services find each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovery: Option<String>,
    /// How the application gets the credentials of its stores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<String>,
    /// How volumes are backed up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub backups: Vec<BackupMethod>,
    /// Control plane nodes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control_plane: Option<u32>,
    /// Fewest and most worker nodes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workers: Vec<u32>,
}

/// Something installed into a cluster before the application.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prerequisite {
    /// Short name.
    pub name: String,
    /// What it is and where it comes from.
    pub title: String,
    /// Version, when the source pins one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Variable that sets another version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_variable: Option<String>,
    /// Namespace it is installed into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Whether the next step waits until its pods are ready.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wait: bool,
}
