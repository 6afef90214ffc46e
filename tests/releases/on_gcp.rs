//! Deployments on a simulated Google Cloud.

use std::collections::BTreeMap;

use rapplan::cloud::gcp::desired::{Fleet, Release};
use rapplan::cloud::gcp::sim::Sim;
use rapplan::cloud::gcp::world::{Autoscaler, Doing, Group, Instance, Mode, Version};
use rapplan::cloud::gcp::{Action, Desired, Gcp, Kind, World};
use rapplan::cloud::load::Load;
use rapplan::cloud::names::{DEPLOYMENT, SERVICE, VERSION, is_ours};
use rapplan::cloud::resource::{Address, Change, Found, State, Tags, Value};
use rapplan::units::{Moment, Span};

use crate::support::{Lab, misplaced};

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
            tags: tags(),
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
            Action::Resource(change) => misplaced(change, &world.resources).or_else(|| {
                let Change::Delete { address } = change else { return None };
                let runs = |group: &Group| {
                    group.versions.iter().any(|version| version.template == address.name)
                        || group.instances.iter().any(|instance| instance.template == address.name)
                };
                let used = address.kind == Kind::InstanceTemplate && world.groups.values().any(runs);
                used.then(|| "it is in use".to_owned())
            }),
            Action::DeleteGroup { group } => {
                let names = |value: &Value<Kind>| value.texts().contains(&group.as_str());
                let mut backends = world.resources.iter().filter(|(at, _)| at.kind == Kind::BackendService);
                let (at, _) = backends.find(|(_, found)| found.fields.values().any(names))?;
                Some(format!("{at} sends requests to it"))
            }
            // The next step waits for the last one: all of the new version that was asked for is healthy.
            Action::PatchVersions { group, versions, .. } => {
                let found = world.groups.get(group)?;
                let of = |all: &[Version], template: &String| {
                    let taken: u32 = all.iter().filter_map(|version| version.size).sum();
                    let version = all.iter().find(|version| version.template == *template);
                    version.map(|version| version.size.unwrap_or(found.target_size.saturating_sub(taken)))
                };
                let wanted = desired.fleets.get(&found.service)?;
                if found.autoscaler.as_ref().is_some_and(|scaler| scaler.mode == Mode::On) {
                    return Some("its autoscaler may make it smaller meanwhile".to_owned());
                }
                let new = versions.iter().find(|version| version.template.ends_with(&wanted.version))?;
                let before = of(&found.versions, &new.template)?;
                let more = of(versions, &new.template) > Some(before);
                let early = more && found.healthy_of(&new.template) < before;
                early.then(|| format!("of {before} instances of the last step not all are healthy"))
            }
            Action::PatchAutoscaler { .. } => None,
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
        let ours = world.groups.iter().filter(|(_, group)| is_ours(&tags(), &group.tags));
        let held = |(name, group): (&String, &Group)| {
            group.autoscaler.as_ref().and_then(|scaler| scaler.restore).map(|mode| format!("{name} {mode:?}"))
        };
        ours.filter_map(held).collect()
    }

    /// Of another deployment, and of none, with names and services as ours have them.
    fn strangers(sim: &mut Sim) {
        let other = BTreeMap::from([
            (DEPLOYMENT.to_owned(), "shop-2".to_owned()),
            (SERVICE.to_owned(), "ai".to_owned()),
            (VERSION.to_owned(), "v1".to_owned()),
        ]);
        sim.by_hand(|world| {
            let group = Group {
                service: "ai".to_owned(),
                zones: vec!["a".to_owned()],
                target_size: 1,
                versions: vec![Version { template: "shop-2-ai-v0".to_owned(), size: None }],
                max_surge: 1,
                instances: vec![Instance {
                    name: "shop-2-ai-zzzz".to_owned(),
                    zone: "a".to_owned(),
                    template: "shop-2-ai-v0".to_owned(),
                    action: Doing::None,
                    healthy: Some(true),
                    made: Moment(0),
                }],
                fingerprint: 1,
                is_stable: true,
                is_reached: true,
                autoscaler: Some(Autoscaler {
                    mode: Mode::OnlyScaleOut,
                    min: 1,
                    max: 2,
                    cpu_percent: None,
                    restore: Some(Mode::On),
                }),
                settings: BTreeMap::new(),
                trouble: None,
                tags: other.clone(),
                deleting: false,
            };
            world.groups.insert("shop-2-ai".to_owned(), group);
            for (name, tags) in [("shop-2-ai-v0", other), ("shop-ai-by-hand", BTreeMap::new())] {
                let (fields, state, id) = (BTreeMap::new(), State::Ready, format!("stranger/{name}"));
                let address = Address::new(Kind::InstanceTemplate, name);
                world.resources.insert(address, Found { id, fields, tags, state });
            }
        });
    }

    fn foreign(world: &World) -> String {
        let ours = |of: &Tags| is_ours(&tags(), of);
        let groups: Vec<_> = world.groups.iter().filter(|(_, group)| !ours(&group.tags)).collect();
        let resources: Vec<_> = world.resources.iter().filter(|(_, found)| !ours(&found.tags)).collect();
        format!("{groups:#?}\n{resources:#?}")
    }

    /// None that must stay: instances of both versions serve side by side until the last step.
    fn old(_: &Desired, _: &World) -> Vec<(String, Span)> {
        Vec::new()
    }

    fn shrinks<'a>(_: &World, _: &'a Action) -> Option<&'a str> {
        None
    }
}

fn tags() -> Tags {
    BTreeMap::from([(DEPLOYMENT.to_owned(), "shop".to_owned())])
}
