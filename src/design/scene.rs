//! What is placed where: the plan's servers joined with the blueprint's services.

use crate::blueprint::Blueprint;
use crate::blueprint::service::{Connect, Exposure, Kind, Port, Service};
use crate::blueprint::tier::Environment;
use crate::error::{Code, Problem, Result};
use crate::size::plan::{Plan, ServerPlan, ServicePlan, TierChoice};

/// Everything that decisions are made from.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The blueprint.
    pub blueprint: &'a Blueprint,
    /// Its size.
    pub plan: &'a Plan,
    /// Its tier.
    pub tier: &'a TierChoice,
    /// Name of the deployment.
    pub deployment: &'a str,
}

/// A service on a kind of server.
#[derive(Clone, Copy)]
pub struct Placed<'a> {
    /// The server.
    pub server: &'a ServerPlan,
    /// Its size there.
    pub share: &'a ServicePlan,
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub service: &'a Service,
}

impl<'a> Scene<'a> {
    /// Checks that every service of the plan is in the blueprint.
    pub fn new(blueprint: &'a Blueprint, plan: &'a Plan, tier: &'a TierChoice, deployment: &'a str) -> Result<Self> {
        for server in &plan.servers {
            for share in &server.services {
                if !blueprint.services.contains_key(&share.service) {
                    let what = format!("server `{}` runs `{}`, which is no service", server.name, share.service);
                    return Err(Problem::new(Code::Dangling, what).into());
                }
            }
        }
        Ok(Self { blueprint, plan, tier, deployment })
    }

    /// What runs on a server, in the order of the plan.
    pub fn on(&self, server: &'a ServerPlan) -> impl Iterator<Item = Placed<'a>> + use<'a> {
        let services = &self.blueprint.services;
        server.services.iter().filter_map(move |share| {
            let (name, service) = services.get_key_value(&share.service)?;
            Some(Placed { server, share, name, service })
        })
    }

    /// Everything that runs, server by server.
    pub fn everything(&self) -> impl Iterator<Item = Placed<'a>> + use<'a> {
        let scene = *self;
        self.plan.servers.iter().flat_map(move |server| scene.on(server))
    }

    /// Where a service is reached from a server: there, or on the first other server that runs it.
    pub fn nearest(&self, from: &ServerPlan, service: &str) -> Option<Placed<'a>> {
        let mut found: Vec<_> = self.everything().filter(|placed| placed.name == service).collect();
        let near = found.iter().position(|placed| placed.server.name == from.name).unwrap_or(0);
        (near < found.len()).then(|| found.swap_remove(near))
    }

    /// The server that holds the shared storage.
    pub fn storage_host(&self) -> Option<&'a ServerPlan> {
        self.plan.servers.iter().find(|server| server.storage_host)
    }

    /// The collector of measurements, when the plan runs it.
    pub fn collector(&self) -> Option<Placed<'a>> {
        let name = &self.blueprint.monitoring.as_ref()?.collector;
        self.everything().find(|placed| placed.name == name)
    }

    /// The gateway, when the plan runs one.
    pub fn gateway(&self) -> Option<Placed<'a>> {
        self.everything().find(|placed| placed.service.kind == Kind::Gateway)
    }

    /// The environment as blueprints name it.
    pub fn environment(&self) -> &'static str {
        match self.plan.demand.environment.value {
            Environment::Dev => "dev",
            Environment::Prod => "prod",
        }
    }
}

impl<'a> Placed<'a> {
    /// Names of its units: each instance has its own, so that it can be replaced alone.
    pub fn unit_names(&self) -> Vec<String> {
        match self.share.replicas {
            0 | 1 => vec![self.name.to_owned()],
            n => (1..=n).map(|i| format!("{}-{i}", self.name)).collect(),
        }
    }

    /// The port that a connection means.
    pub fn port(&self, connect: &Connect) -> Option<&'a Port> {
        match &connect.port {
            Some(name) => self.service.ports.iter().find(|port| port.name == *name),
            None => self.service.ports.first(),
        }
    }

    /// Who may reach a port on this server: what the tier says of this server, else what the service says.
    pub fn exposure(&self, scene: &Scene<'_>, port: &Port) -> Exposure {
        let tier = scene.blueprint.tiers.iter().find(|tier| tier.id == scene.tier.id);
        let set = scene.plan.set.as_ref().and_then(|chosen| tier?.sizes.iter().find(|set| set.id == chosen.id));
        let server = set.and_then(|set| set.servers.iter().find(|server| server.name == self.server.name));
        let here = server.and_then(|server| server.services.get(self.name)?.expose.get(&port.name));
        here.copied().unwrap_or(port.exposure)
    }
}
