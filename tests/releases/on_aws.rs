//! Deployments on a simulated AWS.

use std::collections::BTreeMap;

use rapplan::cloud::aws::desired::{Fleet, Load, Release, Single, Size};
use rapplan::cloud::aws::sim::Sim;
use rapplan::cloud::aws::world::{Group, Instance, Lifecycle, Machine, Power, Process, Route};
use rapplan::cloud::aws::{Action, Aws, Desired, Kind, World};
use rapplan::cloud::load::Scaling;
use rapplan::cloud::names::{DEPLOYMENT, RESTORE_MIN, SERVICE, VERSION, is_ours};
use rapplan::cloud::resource::{Address, Change, Found, Graph, State, Tags, Wanted};
use rapplan::cloud::{Cloud, Serving};
use rapplan::units::{Moment, Span};

use crate::support::{Lab, misplaced};

pub struct OnAws;

pub fn fleet(version: &str, steps: &[u16], demand: u64) -> Fleet {
    Fleet {
        version: version.to_owned(),
        label: format!("api {version}"),
        template: BTreeMap::from([("image".to_owned(), version.into())]),
        targets: BTreeMap::from([("drain".to_owned(), 30_i64.into()), ("health-interval".to_owned(), 10_i64.into())]),
        load: Load { demand, each: 300, spare: 1 },
        size: Size { min: 2, max: 10, scaling: Some(Scaling { cpu_percent: 70 }) },
        hourly: Some(40_000),
        zones: vec!["a".to_owned(), "b".to_owned()],
        release: Release {
            steps: steps.to_vec(),
            step_bake: Span::seconds(60),
            bake: Span::seconds(300),
            steady: Span::seconds(20),
            patience: Span::seconds(600),
            interval: Span::seconds(10),
            drain: Span::seconds(30),
            alarms: vec!["api-5xx".to_owned()],
        },
    }
}

pub fn single(version: &str) -> Single {
    Single {
        version: version.to_owned(),
        label: format!("postgres {version}"),
        template: BTreeMap::from([("image".to_owned(), version.into())]),
        volume: Some("shop-db".to_owned()),
        address: None,
        hourly: Some(80_000),
        may_interrupt: true,
        interruption: Span::seconds(120),
    }
}

fn network() -> Graph<Kind> {
    let want = |fields: &[(&str, rapplan::cloud::resource::Value<Kind>)]| Wanted {
        fields: fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        tags: BTreeMap::new(),
        because: "the machines need it".to_owned(),
    };
    let at = |kind, name: &str| Address::new(kind, name);
    let network = [
        (at(Kind::Vpc, "shop"), want(&[("cidr", "10.0.0.0/16".into())])),
        (at(Kind::Subnet, "shop-a"), want(&[("vpc", at(Kind::Vpc, "shop").into())])),
        (at(Kind::SecurityGroup, "shop-api"), want(&[("vpc", at(Kind::Vpc, "shop").into())])),
        (at(Kind::LoadBalancer, "shop"), want(&[("subnets", vec![at(Kind::Subnet, "shop-a").into()].into())])),
        (at(Kind::Listener, "shop-80"), want(&[("of", at(Kind::LoadBalancer, "shop").into())])),
        (at(Kind::Volume, "shop-db"), want(&[("size", 100_i64.into())])),
    ];
    BTreeMap::from(network).into()
}

pub fn desired(strategy: &str, version: &str, demand: u64) -> Desired {
    let mut desired = Desired { allow_data_loss: false, ..OnAws::nothing() };
    let steps: &[u16] = if strategy == "in steps" { &[10, 50, 100] } else { &[100] };
    let mut one = fleet(version, steps, demand);
    one.size.scaling = one.size.scaling.filter(|_| strategy != "fixed size");
    match strategy {
        "single" => {
            desired.resources = network();
            desired.singles.insert("db".to_owned(), single(version));
        }
        "whole" => {
            desired.resources = network();
            desired.singles.insert("db".to_owned(), single("v1"));
            desired.fleets.insert("web".to_owned(), fleet(version, &[50, 100], demand / 2));
            desired.fleets.insert("api".to_owned(), one);
        }
        _ => {
            desired.fleets.insert("api".to_owned(), one);
        }
    }
    desired
}

impl Lab for OnAws {
    type Cloud = Aws;
    type Sim = Sim;

    const STRATEGIES: &'static [&'static str] = &["at once", "in steps", "fixed size", "single", "whole"];

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
            let sizes = (group.min, group.max, group.desired, group.instances.len(), world.healthy(group));
            let rest =
                (&group.template, &group.target_group, &group.suspended, group.scaling, &group.tags, group.deleting);
            (name, sizes, rest)
        });
        let machines = world.machines.iter().map(|(name, machine)| {
            (name, &machine.version, machine.state, machine.healthy, &machine.volume, &machine.tags)
        });
        let targets = world.targets.iter().map(|(name, targets)| (name, targets.len())).filter(|(_, count)| *count > 0);
        let (groups, machines): (Vec<_>, Vec<_>) = (groups.collect(), machines.collect());
        let targets: Vec<_> = targets.collect();
        format!("{groups:#?}\n{machines:#?}\n{targets:?}\n{:#?}\n{:#?}", world.resources, world.routes)
    }

    fn breaks(desired: &Desired, world: &World, action: &Action) -> Option<String> {
        not_ours(desired, world, action).or_else(|| match action {
            Action::Resource(change) => misplaced(change, &world.resources).or_else(|| in_use(world, change)),
            Action::CreateGroup(new) => {
                let ready = |kind, name: &String| {
                    let found = world.resources.get(&Address::new(kind, name.clone()));
                    found.is_some_and(|found| found.state == State::Ready)
                };
                let parts = ready(Kind::LaunchTemplate, &new.template) && ready(Kind::TargetGroup, &new.target_group);
                (!parts).then(|| "its template or its target group is not there".to_owned())
            }
            Action::Detach { machine, part } if part.kind == Kind::Volume => {
                let found = world.machines.get(machine)?;
                (found.state == Power::Running).then(|| "it may write to it".to_owned())
            }
            Action::Share { service, weights, .. } => {
                let mut after = world.clone();
                Aws::apply(&mut after, action, Moment(0));
                let of = |world: &World| {
                    Aws::serving(desired, world).into_iter().find(|one: &Serving| one.service == *service)
                };
                let (before, after) = (of(world), of(&after)?);
                let first = before.as_ref().is_none_or(|one| one.healthy == 0);
                let worse = before.and_then(|one| one.permille) > after.permille;
                let weight = |name: &String| weights.get(name).copied().unwrap_or_default();
                let dropped = world.groups.values().find(|group| {
                    group.service == *service
                        && world.weight(group) > 0
                        && group.target_group.as_ref().is_some_and(|name| weight(name) == 0)
                });
                let whole = dropped.is_none_or(|group| group.desired > 0);
                (!first && !after.is_enough() && worse || !whole).then(|| format!("{after:?}"))
            }
            Action::Resize { group, desired: size, min, .. } => {
                let found = world.groups.get(group)?;
                let needed = desired.fleets.get(&found.service).map_or(0, |fleet| fleet.load.needed());
                let live = world.weight(found) > 0;
                let small = size.unwrap_or(found.desired).max(*min) < needed.min(found.desired);
                (live && small).then(|| format!("it gets requests and is made smaller than {needed}"))
            }
            Action::DeleteGroup { group } => {
                let found = world.groups.get(group)?;
                if world.weight(found) > 0 {
                    return Some("it gets requests".to_owned());
                }
                (!found.instances.is_empty()).then(|| "it has instances".to_owned())
            }
            Action::StopMachine { machine } | Action::DeleteMachine { machine } => {
                let found = world.machines.get(machine)?;
                let single = desired.singles.get(&found.service)?;
                let last = world.machines.values().filter(|one| one.service == found.service).count() < 2;
                if last || found.version == single.version {
                    return Some("it is the one that is wanted".to_owned());
                }
                let wanted = world.machines.values().find(|one| {
                    one.service == found.service && one.version == single.version && is_ours(&tags(), &one.tags)
                });
                let early = wanted.is_none_or(|one| !one.healthy) && matches!(action, Action::DeleteMachine { .. });
                early.then(|| "the one that is wanted does not answer yet".to_owned())
            }
            _ => None,
        })
    }

    fn uses(action: &Action) -> Vec<String> {
        let target = |name: &String| format!("target-group/{name}");
        match action {
            Action::Resource(Change::Create { fields, .. } | Change::Update { fields, .. }) => {
                fields.values().flat_map(|value| value.references()).map(ToString::to_string).collect()
            }
            Action::CreateGroup(new) => vec![format!("launch-template/{}", new.template), target(&new.target_group)],
            Action::Share { weights, .. } => weights.keys().map(target).collect(),
            Action::StartMachine { template, .. } => vec![format!("launch-template/{template}")],
            Action::Attach { machine, part } => vec![part.to_string(), format!("machine/{machine}")],
            Action::PowerOn { machine } | Action::Detach { machine, .. } => vec![format!("machine/{machine}")],
            Action::Resize { group, .. } | Action::Resume { group, .. } => vec![format!("group/{group}")],
            _ => Vec::new(),
        }
    }

    fn left_over(world: &World) -> Vec<String> {
        let mut left = Vec::new();
        for (name, group) in world.groups.iter().filter(|(_, group)| is_ours(&tags(), &group.tags)) {
            left.extend(group.tags.keys().filter(|tag| tag.contains("restore")).map(|tag| format!("{name} {tag}")));
            left.extend(group.suspended.iter().map(|process| format!("{name} {process:?}")));
        }
        for (service, route) in &world.routes {
            left.extend(
                route.weights.iter().filter(|(_, weight)| **weight == 0).map(|(to, _)| format!("{service} {to}")),
            );
        }
        left
    }

    /// Of another deployment, and of none, with names, services and versions as ours have them.
    fn strangers(sim: &mut Sim) {
        let other = |service: &str| {
            BTreeMap::from([
                (DEPLOYMENT.to_owned(), "shop-2".to_owned()),
                (SERVICE.to_owned(), service.to_owned()),
                (VERSION.to_owned(), "v1".to_owned()),
                (RESTORE_MIN.to_owned(), "1".to_owned()),
            ])
        };
        sim.by_hand(|world| {
            for (at, service) in ["api", "backend", "frontend"].into_iter().enumerate() {
                let id = format!("i-stranger-{at}");
                world.groups.insert(
                    format!("shop-{service}-v0"),
                    Group {
                        service: service.to_owned(),
                        version: "v0".to_owned(),
                        template: format!("shop-{service}-v0"),
                        target_group: None,
                        min: 1,
                        max: 1,
                        desired: 1,
                        instances: vec![Instance {
                            id,
                            zone: "a".to_owned(),
                            state: Lifecycle::InService,
                            launched: Moment(0),
                        }],
                        suspended: [Process::AzRebalance].into(),
                        scaling: None,
                        trouble: None,
                        tags: other(service),
                        deleting: false,
                    },
                );
            }
            for service in ["db", "postgres", "app", "nat"] {
                let machine = Machine {
                    id: format!("machine/stranger-{service}"),
                    service: service.to_owned(),
                    version: "v0".to_owned(),
                    state: Power::Running,
                    healthy: true,
                    volume: None,
                    address: None,
                    tags: other(service),
                };
                world.machines.insert(format!("shop-{service}-v0"), machine);
            }
            let kinds =
                [Kind::LaunchTemplate, Kind::TargetGroup, Kind::SecurityGroup, Kind::Vpc, Kind::Subnet, Kind::Volume];
            for (kind, service) in kinds.into_iter().flat_map(|kind| [(kind, "api"), (kind, "")]) {
                let tags = if service.is_empty() { BTreeMap::new() } else { other(service) };
                let (fields, state) = (BTreeMap::new(), State::Ready);
                let name = format!("shop-stranger-{service}");
                let id = format!("stranger/{name}");
                world.resources.insert(Address::new(kind, name), Found { id, fields, tags, state });
            }
        });
    }

    fn foreign(world: &World) -> String {
        let ours = |of: &Tags| is_ours(&tags(), of);
        let groups: Vec<_> = world.groups.iter().filter(|(_, group)| !ours(&group.tags)).collect();
        let machines: Vec<_> = world.machines.iter().filter(|(_, machine)| !ours(&machine.tags)).collect();
        let resources: Vec<_> = world.resources.iter().filter(|(_, found)| !ours(&found.tags)).collect();
        format!("{groups:#?}\n{machines:#?}\n{resources:#?}")
    }

    fn old(desired: &Desired, world: &World) -> Vec<(String, Span)> {
        let of = |(name, group): (&String, &Group)| {
            let fleet = desired.fleets.get(&group.service)?;
            let old = group.version != fleet.version && world.weight(group) > 0;
            old.then(|| (name.clone(), fleet.release.bake))
        };
        world.groups.iter().filter_map(of).collect()
    }

    fn shrinks<'a>(world: &World, action: &'a Action) -> Option<&'a str> {
        match action {
            Action::Resize { group, desired: size, max, .. } => {
                let found = world.groups.get(group)?;
                (size.unwrap_or(found.desired).min(*max) < found.desired).then_some(group)
            }
            Action::DeleteGroup { group } => Some(group),
            _ => None,
        }
    }
}

fn tags() -> Tags {
    BTreeMap::from([(DEPLOYMENT.to_owned(), "shop".to_owned())])
}

/// A resource that is deleted while something still needs it.
fn in_use(world: &World, change: &Change<Kind>) -> Option<String> {
    let Change::Delete { address } = change else { return None };
    let mut ours = world.groups.values().filter(|group| is_ours(&tags(), &group.tags));
    let by_group = ours.any(|group| match address.kind {
        Kind::LaunchTemplate => group.template == address.name,
        Kind::TargetGroup => group.target_group.as_ref() == Some(&address.name),
        _ => false,
    });
    let by_machine = world.machines.values().any(|machine| machine.has(address));
    let named = |route: &Route| route.weights.contains_key(&address.name);
    let by_route = address.kind == Kind::TargetGroup && world.routes.values().any(named);
    (by_group || by_machine || by_route).then(|| "it is in use".to_owned())
}

/// An action on what does not belong to the deployment.
fn not_ours(desired: &Desired, world: &World, action: &Action) -> Option<String> {
    let tags = match action {
        Action::Resource(Change::Update { address, .. } | Change::Delete { address }) => {
            world.resources.get(address).map(|found| &found.tags)
        }
        Action::Resize { group, .. }
        | Action::TagGroup { group, .. }
        | Action::Suspend { group, .. }
        | Action::Resume { group, .. }
        | Action::PutPolicy { group, .. }
        | Action::DeleteGroup { group } => world.groups.get(group).map(|found| &found.tags),
        Action::StopMachine { machine }
        | Action::PowerOn { machine }
        | Action::DeleteMachine { machine }
        | Action::Detach { machine, .. }
        | Action::Attach { machine, .. } => world.machines.get(machine).map(|found| &found.tags),
        _ => None,
    };
    tags.filter(|tags| !is_ours(&desired.tags, tags)).map(|_| "it does not belong to the deployment".to_owned())
}
