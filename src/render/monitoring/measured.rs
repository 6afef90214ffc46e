//! Who measures what in a deployment.

use crate::blueprint::service::Kind;
use crate::design::topology::{ImageRef, MonitoringDesign, ScrapeTarget, Stack, Topology, Unit};

/// A deployment as its monitoring sees it.
pub(super) struct Measured<'a> {
    pub topology: &'a Topology,
    pub monitoring: &'a MonitoringDesign,
}

impl<'a> Measured<'a> {
    /// Names of the jobs, each once, in order.
    pub fn jobs(&self) -> Vec<&'a str> {
        let mut jobs = Vec::new();
        for target in &self.monitoring.targets {
            if !jobs.contains(&target.job.as_str()) {
                jobs.push(target.job.as_str());
            }
        }
        jobs
    }

    /// Jobs of a family that are watched on a service, or all of them; `image` tells apart members of a family by what
    /// the repository of the image has in its name, or ends with when it begins with a slash.
    pub fn jobs_of(&self, kind: Kind, image: &str, service: Option<&str>) -> Vec<&'a str> {
        let fits = |target: &&ScrapeTarget| {
            target.kind == kind && service.is_none_or(|name| name == target.job) && self.runs(&target.job, image)
        };
        let mut jobs: Vec<&str> = Vec::new();
        for target in self.monitoring.targets.iter().filter(fits) {
            if !jobs.contains(&target.job.as_str()) {
                jobs.push(&target.job);
            }
        }
        jobs
    }

    /// The job of the exporter whose image is named so.
    pub fn exporter(&self, image: &str) -> Option<&'a str> {
        self.jobs_of(Kind::Monitoring, image, None).first().copied()
    }

    /// The job of Prometheus itself.
    pub fn collector(&self) -> Option<&'a str> {
        self.exporter("/prometheus")
    }

    /// Stacks on which a service runs.
    pub fn stacks_of(&self, service: &str) -> Vec<&'a str> {
        let runs = |stack: &&Stack| stack.units.iter().any(|unit| unit.service == service);
        self.topology.stacks.iter().filter(runs).map(|stack| stack.name.as_str()).collect()
    }

    /// Stacks on which a job measures.
    pub fn stacks_measured(&self, job: &str) -> Vec<&'a str> {
        let targets = self.monitoring.targets.iter().filter(|target| target.job == job);
        targets.map(|target| target.stack.as_str()).collect()
    }

    /// Family of a service.
    pub fn kind_of(&self, service: &str) -> Option<Kind> {
        self.units().find(|unit| unit.service == service).map(|unit| unit.kind)
    }

    /// All units of all stacks.
    pub fn units(&self) -> impl Iterator<Item = &'a Unit> {
        self.topology.stacks.iter().flat_map(|stack| &stack.units)
    }

    fn runs(&self, service: &str, image: &str) -> bool {
        image.is_empty()
            || self.units().filter(|unit| unit.service == service).any(|unit| match &unit.image {
                ImageRef::Pinned { name, .. } if image.starts_with('/') => name.ends_with(image),
                ImageRef::Pinned { name, .. } => name.replace('_', "-").contains(image),
                ImageRef::Variable { .. } => false,
            })
    }
}
