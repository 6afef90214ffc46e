//! What tells sizes of services apart, in a few words.

use crate::blueprint::service::Kind as Family;
use crate::size::component::Resources;
use crate::size::services::ServiceSize;
use crate::size::services::load::{Bare, Load};
use crate::size::services::reckon::show;
use crate::size::worlds::Kind;

/// What of a service differs between its sizes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Differs {
    instances: bool,
    gpu_memory: bool,
    memory: bool,
    cpu: bool,
    disk: bool,
}

impl Differs {
    /// Between these sizes.
    pub fn among<'a>(sizes: impl IntoIterator<Item = &'a Bare>) -> Self {
        let mut sizes = sizes.into_iter();
        let Some(first) = sizes.next() else { return Self::default() };
        sizes.fold(Self::default(), |differs, size| {
            let (a, b) = (&first.each, &size.each);
            Self {
                instances: differs.instances || size.instances != first.instances,
                gpu_memory: differs.gpu_memory || a.gpu_memory != b.gpu_memory,
                memory: differs.memory || a.memory != b.memory,
                cpu: differs.cpu || a.cpu != b.cpu,
                disk: differs.disk || a.disk != b.disk,
            }
        })
    }

    fn any(self) -> bool {
        self != Self::default()
    }

    /// The one resource of each instance that tells sizes apart best.
    fn resource(self, each: &Resources) -> Option<(&'static str, Resources)> {
        let none = Resources::default();
        match self {
            Self { gpu_memory: true, .. } => Some(("GPU memory", Resources { gpu_memory: each.gpu_memory, ..none })),
            Self { memory: true, .. } => Some(("memory", Resources { memory: each.memory, ..none })),
            Self { cpu: true, .. } => Some(("cores", Resources { cpu: each.cpu, ..none })),
            Self { disk: true, .. } => Some(("disk", Resources { disk: each.disk, ..none })),
            _ => None,
        }
    }

    /// What is needed, by which load: `instances for concurrent users`.
    pub fn what(self, load: Load) -> String {
        let what = match (self.instances, self.resource(&Resources::default())) {
            (true, Some((resource, _))) => format!("instances, {resource} of each,"),
            (false, Some((resource, _))) => format!("{resource} of each"),
            (_, None) => "instances".to_owned(),
        };
        format!("{what} for {}", load.word())
    }

    /// A size: `6`, `46.08 GB`, `2 x 7.5 GiB`.
    pub fn size(self, size: &Bare) -> String {
        match (self.instances, self.resource(&size.each)) {
            (true, Some((_, each))) => format!("{} x {}", size.instances, show(&each)),
            (false, Some((_, each))) => show(&each),
            (_, None) => size.instances.to_string(),
        }
    }

    /// What kind of thing runs short. Stores that lack memory fail; all else answers later.
    pub fn kind(self, family: Family) -> Kind {
        match (crate::size::services::keeps_data(family), self) {
            (true, Self { memory: true, .. }) => Kind::Memory,
            (true, Self { memory: false, instances: false, cpu: false, disk: true, .. }) => Kind::Disk,
            _ => Kind::Requests,
        }
    }
}

/// A name for each of several sizes of all services: what differs between them, `6 backend, 2 mysql of 7.5 GiB`.
pub fn labels(plans: &[&[ServiceSize]]) -> Vec<String> {
    let count = plans.first().map_or(0, |services| services.len());
    let bare = |services: &[ServiceSize], at: usize| services.get(at).map(Bare::of);
    let differs = (0..count).map(|at| {
        let sizes: Vec<Bare> = plans.iter().filter_map(|plan| bare(plan, at)).collect();
        Differs::among(&sizes)
    });
    let differs: Vec<Differs> = differs.collect();
    let one = |services: &&[ServiceSize]| {
        let told = services.iter().zip(&differs).filter(|(_, differs)| differs.any());
        let told = told.map(|(service, differs)| {
            let each = differs.resource(&service.each).map(|(_, each)| show(&each));
            match (differs.instances, each) {
                (true, Some(each)) => format!("{} {} of {each}", service.instances, service.service),
                (false, Some(each)) => format!("{} of {each}", service.service),
                (_, None) => format!("{} {}", service.instances, service.service),
            }
        });
        let told: Vec<String> = told.collect();
        if told.is_empty() { "the same services".to_owned() } else { told.join(", ") }
    };
    plans.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Bytes, Cores};

    fn size(instances: u32, cores: u64, gib: u64) -> Bare {
        let each = Resources { cpu: Cores::whole(cores), memory: Bytes::gib(gib), ..Resources::default() };
        Bare { instances, each, machine: None }
    }

    #[test]
    fn what_differs_is_told() {
        let among = |sizes: &[Bare]| Differs::among(sizes);
        let count = among(&[size(1, 2, 4), size(3, 2, 4)]);
        assert_eq!(
            (count.what(Load::Users), count.size(&size(3, 2, 4))),
            ("instances for concurrent users".into(), "3".into())
        );
        let memory = among(&[size(1, 2, 4), size(1, 4, 8)]);
        assert_eq!(
            (memory.what(Load::Vectors), memory.size(&size(1, 4, 8))),
            ("memory of each for vectors".into(), "8 GiB".into())
        );
        let both = among(&[size(1, 2, 4), size(2, 2, 8)]);
        assert_eq!(both.size(&size(2, 2, 8)), "2 x 8 GiB");
        assert_eq!((both.kind(Family::Sql), both.kind(Family::Web)), (Kind::Memory, Kind::Requests));
        assert!(!among(&[]).any() && !among(&[size(1, 1, 1)]).any());
    }
}
