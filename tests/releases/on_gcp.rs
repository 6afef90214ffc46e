//! Deployments on a simulated Google Cloud.

use std::collections::BTreeMap;

use rapplan::cloud::gcp::desired::{Fleet, Release};
use rapplan::cloud::gcp::sim::Sim;
use rapplan::cloud::gcp::world::{Autoscaler, Doing, Group, Instance, Machine, Mode, Power, Version};
use rapplan::cloud::gcp::{Action, Desired, Gcp, Kind, World};
use rapplan::cloud::load::Load;
use rapplan::cloud::machine::Call;
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
            resources: Default::default(),
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
        let machines = world
            .machines
            .iter()
            .map(|(name, machine)| (name, machine.state, machine.healthy, &machine.volume, &machine.tags));
        let machines: Vec<_> = machines.collect();
        format!("{groups:#?}\n{machines:#?}\n{:#?}", world.resources)
    }

    fn breaks(desired: &Desired, world: &World, action: &Action) -> Option<String> {
        if not_ours(desired, world, action) {
            return Some("it does not belong to the deployment".to_owned());
        }
        match action {
            Action::Resource(change) => misplaced(change, &world.resources).or_else(|| {
                let Change::Delete { address } = change else { return None };
                let runs = |group: &Group| {
                    group.versions.iter().any(|version| version.template == address.name)
                        || group.instances.iter().any(|instance| instance.template == address.name)
                };
                let by_group = address.kind == Kind::InstanceTemplate && world.groups.values().any(runs);
                let by_machine = world.machines.values().any(|machine| machine.has(address));
                (by_group || by_machine).then(|| "it is in use".to_owned())
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
            Action::Machine(call) => interrupts(desired, world, call),
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
            Action::Machine(Call::Start { template: name, .. }) => vec![template(name)],
            Action::Machine(Call::Attach { machine, part }) => vec![part.to_string(), format!("machine/{machine}")],
            Action::Machine(Call::PowerOn { machine } | Call::Detach { machine, .. }) => {
                vec![format!("machine/{machine}")]
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
            for service in ["backend", "postgres", "app", "milvus"] {
                let machine = Machine {
                    id: format!("machine/stranger-{service}"),
                    service: service.to_owned(),
                    version: "v0".to_owned(),
                    state: Power::Running,
                    healthy: true,
                    volume: None,
                    address: None,
                    tags: other.clone(),
                };
                world.machines.insert(format!("shop-{service}-v0"), machine);
            }
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
        let machines: Vec<_> = world.machines.iter().filter(|(_, machine)| !ours(&machine.tags)).collect();
        format!("{groups:#?}\n{machines:#?}\n{resources:#?}")
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

/// Whether an action is on what does not belong to the deployment.
fn not_ours(desired: &Desired, world: &World, action: &Action) -> bool {
    let tags = match action {
        Action::Resource(Change::Update { address, .. } | Change::Delete { address }) => {
            world.resources.get(address).map(|found| &found.tags)
        }
        Action::PatchVersions { group, .. }
        | Action::PatchSettings { group, .. }
        | Action::Resize { group, .. }
        | Action::DeleteGroup { group }
        | Action::CreateAutoscaler { group, .. }
        | Action::PatchAutoscaler { group, .. } => world.groups.get(group).map(|found| &found.tags),
        Action::Machine(call) => world.machines.get(call.machine()).map(|found| &found.tags),
        _ => None,
    };
    tags.is_some_and(|tags| !is_ours(&desired.tags, tags))
}

/// What a call would break of a service on one machine: its disk is never taken from one that writes to it, and neither the
/// machine that is wanted nor the only one goes.
fn interrupts(desired: &Desired, world: &World, call: &Call<Kind>) -> Option<String> {
    let found = world.machines.get(call.machine())?;
    match call {
        Call::Detach { part, .. } if part.kind == Kind::Disk => {
            (found.state == Power::Running).then(|| "it may write to it".to_owned())
        }
        Call::Stop { .. } | Call::Delete { .. } => {
            let single = desired.singles.get(&found.service)?;
            let ours = || {
                world.machines.values().filter(|one| one.service == found.service && is_ours(&desired.tags, &one.tags))
            };
            if ours().count() < 2 || found.version == single.version {
                return Some("it is the one that is wanted".to_owned());
            }
            let early = !ours().any(|one| one.version == single.version && one.healthy);
            (early && matches!(call, Call::Delete { .. }))
                .then(|| "the one that is wanted does not answer yet".to_owned())
        }
        _ => None,
    }
}
