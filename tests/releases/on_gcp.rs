//! Deployments on a simulated Google Cloud.

use std::collections::BTreeMap;

use rapplan::cloud::gcp::desired::{Fleet, Release};
use rapplan::cloud::gcp::sim::Sim;
use rapplan::cloud::gcp::{Action, Desired, Gcp, World};
use rapplan::cloud::load::Load;
use rapplan::cloud::names::{DEPLOYMENT, is_ours};
use rapplan::cloud::resource::Change;
use rapplan::units::{Moment, Span};

use crate::support::Lab;

pub struct OnGcp;

pub fn desired(strategy: &str, version: &str, demand: u64) -> Desired {
    let release = Release {
        surge: 3,
        steps: if strategy == "in steps" { vec![25, 100] } else { vec![100] },
        step_bake: Span::seconds(60),
        patience: Span::seconds(600),
        alarms: vec!["ai-5xx".to_owned()],
    };
    let fleet = Fleet {
        version: version.to_owned(),
        label: format!("ai {version}"),
        template: BTreeMap::from([("image".to_owned(), version.into())]),
        load: Load { demand, each: 300, spare: 1 },
        min: 2,
        max: 10,
        scales: strategy != "fixed size",
        cpu_percent: None,
        settings: BTreeMap::new(),
        hourly: Some(40_000),
        zones: vec!["a".to_owned(), "b".to_owned(), "c".to_owned()],
        release,
    };
    Desired { fleets: BTreeMap::from([("ai".to_owned(), fleet)]), ..OnGcp::nothing() }
}

impl Lab for OnGcp {
    type Cloud = Gcp;
    type Sim = Sim;

    const STRATEGIES: &'static [&'static str] = &["at once", "in steps", "fixed size"];

    fn empty(seed: u64) -> Sim {
        Sim::new(World::default(), Moment(0), seed)
    }

    fn wanted(strategy: &str, version: &str, demand: u64) -> Desired {
        desired(strategy, version, demand)
    }

    fn nothing() -> Desired {
        Desired {
            deployment: "shop".to_owned(),
            tags: BTreeMap::from([(DEPLOYMENT.to_owned(), "shop".to_owned())]),
            resources: BTreeMap::new(),
            fleets: BTreeMap::new(),
            singles: BTreeMap::new(),
            allow_data_loss: true,
        }
    }

    fn shape(world: &World) -> String {
        let groups = world.groups.iter().map(|(name, group)| {
            let sizes = (group.target_size, group.instances.len(), group.healthy());
            (name, sizes, &group.versions, &group.autoscaler, &group.tags, group.is_stable, group.is_reached)
        });
        let groups: Vec<_> = groups.collect();
        format!("{groups:#?}\n{:#?}", world.resources)
    }

    fn breaks(desired: &Desired, world: &World, action: &Action) -> Option<String> {
        let tags = match action {
            Action::Resource(Change::Update { address, .. } | Change::Delete { address }) => {
                world.resources.get(address).map(|found| &found.tags)
            }
            Action::PatchVersions { group, .. }
            | Action::Resize { group, .. }
            | Action::DeleteGroup { group }
            | Action::CreateAutoscaler { group, .. }
            | Action::PatchAutoscaler { group, .. } => world.groups.get(group).map(|found| &found.tags),
            _ => None,
        };
        if tags.is_some_and(|tags| !is_ours(&desired.tags, tags)) {
            return Some("it does not belong to the deployment".to_owned());
        }
        match action {
            Action::Resize { group, size } => {
                let found = world.groups.get(group)?;
                let needed = desired.fleets.get(&found.service).map_or(0, |fleet| fleet.load.needed());
                (*size < needed).then(|| format!("it is made smaller than {needed}"))
            }
            _ => None,
        }
    }

    fn uses(action: &Action) -> Vec<String> {
        let template = |name: &String| format!("instance-template/{name}");
        match action {
            Action::CreateGroup(new) => vec![template(&new.template)],
            Action::PatchVersions { versions, .. } => {
                versions.iter().map(|version| template(&version.template)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn left_over(world: &World) -> Vec<String> {
        let held = |(name, group): (&String, &rapplan::cloud::gcp::world::Group)| {
            group.autoscaler.as_ref().and_then(|scaler| scaler.restore).map(|mode| format!("{name} {mode:?}"))
        };
        world.groups.iter().filter_map(held).collect()
    }
}
