//! The kinds of resources on Google Cloud, with what can be changed in place and how long each takes.
//!
//! Fields that can be changed in place are those that `patch` of the Compute Engine API v1 takes (read 2026-11-21). Times are
//! typical ones and an assumption each: they forecast, and decide nothing.

use crate::cloud::machine::Parts;
use crate::cloud::resource::kinds;

kinds! {
    /// A kind of resource on Google Cloud.
    Kind:
    /// A network of one's own.
    Network "network", data false, changeable [], made 10000, gone 10000, name 63;
    /// A part of it in one region.
    Subnetwork "subnetwork", data false, changeable ["private-google-access"], made 10000, gone 10000, name 63;
    /// Which connections machines take.
    Firewall "firewall", data false, changeable ["allows", "denies", "from", "to", "description"], made 5000, gone 5000, name 63;
    /// What exchanges routes, and holds the address translation.
    Router "router", data false, changeable ["nat"], made 10000, gone 10000, name 63;
    /// How a machine is started, made anew for each version.
    InstanceTemplate "instance-template", data false, changeable [], made 3000, gone 3000, name 63;
    /// How machines are checked.
    HealthCheck "health-check", data false, changeable ["port", "path", "interval", "timeout", "healthy-after", "unhealthy-after"], made 3000, gone 3000, name 63;
    /// Addresses of single machines that requests are sent to.
    EndpointGroup "endpoint-group", data false, changeable ["endpoints"], made 5000, gone 5000, name 63;
    /// Groups that requests are sent to.
    BackendService "backend-service", data false, changeable ["drain", "groups", "endpoints", "check", "timeout"], made 5000, gone 5000, name 63;
    /// Which requests go to which backend service.
    UrlMap "url-map", data false, changeable ["default", "routes", "redirect"], made 5000, gone 5000, name 63;
    /// What ends connections, with or without a certificate.
    TargetProxy "target-proxy", data false, changeable ["url-map", "certificate", "ssl-policy"], made 5000, gone 5000, name 63;
    /// Which versions and ciphers of TLS are taken.
    SslPolicy "ssl-policy", data false, changeable ["least-version", "profile"], made 5000, gone 5000, name 63;
    /// An address that stays, for the world or inside the network.
    StaticAddress "address", data false, changeable [], made 5000, gone 5000, name 63;
    /// An address and a port that take requests in.
    ForwardingRule "forwarding-rule", data false, changeable ["target"], made 10000, gone 10000, name 63;
    /// Who machines are.
    ServiceAccount "service-account", data false, changeable ["roles"], made 5000, gone 1000, name 30;
    /// A disk with data.
    Disk "disk", data true, changeable ["size"], made 5000, gone 5000, name 63;
    /// Where images are kept.
    Repository "repository", data true, changeable [], made 5000, gone 5000, name 63;
}

impl Parts for Kind {
    const TEMPLATE: Self = Self::InstanceTemplate;
    const DISK: Self = Self::Disk;
}
