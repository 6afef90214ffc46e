//! Fleets and single machines, with the versions that follow from what they are started from.

use std::collections::BTreeMap;

use super::layout::{Layout, NAT, Server};
use super::made::Made;
use super::network::Net;
use super::options::{MachineChoice, NAT_MACHINE};
use super::{balancer, boot, load, template};
use crate::blueprint::service::Arch;
use crate::cloud::aws::Kind;
use crate::cloud::aws::desired::{Fleet, Release, Single};
use crate::cloud::image::short;
use crate::design::topology::{ImageRef, Unit};
use crate::error::Result;
use crate::render::templates::Templates;
use crate::render::tree::Tree;
use crate::units::Span;

/// How long a new version may make no progress before it counts as failed, beyond the time that its services take to start;
/// an assumption: a machine boots and pulls its images in a few minutes.
const PATIENCE: Span = Span::seconds(600);
/// How long the replacement of a machine interrupts its service, beyond the time that it takes to stop: its disk and its
/// address move, and it starts. An assumption until it was measured.
const INTERRUPTION: Span = Span::seconds(180);

/// The fleets, by stack.
///
/// # Errors
/// What [`boot::user_data`], [`template::of`] and [`load::load`] refuse.
pub(super) fn fleets(
    layout: &Layout<'_>,
    made: &Made<'_>,
    net: &Net,
    tree: &Tree,
    templates: &Templates,
) -> Result<BTreeMap<String, Fleet>> {
    let mut fleets = BTreeMap::new();
    for server in layout.servers.iter().filter(|server| server.is_fleet) {
        let Some(front) = &server.front else { continue };
        let template = template::of(layout, made, server, boot::user_data(layout, server, tree, templates)?)?;
        let targets = balancer::targets(layout, front, net);
        let load = load::load(layout, server)?;
        let fleet = Fleet {
            version: template::version(&template, &targets),
            label: label(layout, server),
            load,
            size: load::size(layout, server, load),
            hourly: server.machine.hourly,
            zones: layout.options.zones.clone(),
            release: release(layout, server, &front.service),
            template,
            targets,
        };
        fleets.insert(server.stack.clone(), fleet);
    }
    Ok(fleets)
}

/// The single machines, by stack.
///
/// # Errors
/// What [`boot::user_data`] and [`template::of`] refuse.
pub(super) fn singles(
    layout: &Layout<'_>,
    made: &Made<'_>,
    tree: &Tree,
    templates: &Templates,
) -> Result<BTreeMap<String, Single>> {
    let mut singles = BTreeMap::new();
    for server in layout.servers.iter().filter(|server| !server.is_fleet) {
        let template = template::of(layout, made, server, boot::user_data(layout, server, tree, templates)?)?;
        let stack = layout.stack(server);
        let stop = stack.into_iter().flat_map(|stack| &stack.units).map(|unit| unit.stop_grace.0).max().unwrap_or(0);
        let single = Single {
            version: template::version(&template, &BTreeMap::new()),
            label: label(layout, server),
            volume: server.disk.as_ref().map(|_| made.address(Kind::Volume, &[&server.stack]).name),
            address: Some(made.address(Kind::PrivateAddress, &[&server.stack])),
            hourly: server.machine.hourly,
            may_interrupt: layout.options.may_interrupt,
            interruption: Span(INTERRUPTION.0.saturating_add(stop)),
            template,
        };
        singles.insert(server.stack.clone(), single);
    }
    Ok(singles)
}

/// The machine that translates addresses. Another one may take over at any time: connections break, and nothing is lost.
///
/// # Errors
/// What [`boot::nat`] and [`template::nat`] refuse.
pub(super) fn nat(layout: &Layout<'_>, made: &Made<'_>, templates: &Templates) -> Result<Single> {
    let usual = || MachineChoice { name: NAT_MACHINE.to_owned(), arch: Arch::Arm64, hourly: None };
    let machine = layout.options.machines.get(NAT).cloned().unwrap_or_else(usual);
    let template = template::nat(layout, made, &machine, boot::nat(layout, templates)?)?;
    Ok(Single {
        version: template::version(&template, &BTreeMap::new()),
        label: "the way out".to_owned(),
        volume: None,
        address: Some(made.address(Kind::NetworkInterface, &[NAT])),
        hourly: machine.hourly,
        may_interrupt: layout.options.may_interrupt,
        interruption: Span::seconds(10),
        template,
    })
}

/// The version for people: the image that answers, or the first that runs.
fn label(layout: &Layout<'_>, server: &Server) -> String {
    let units = || layout.stack(server).into_iter().flat_map(|stack| &stack.units);
    let front = server.front.as_ref().and_then(|front| units().find(|unit| unit.service == front.service));
    let own = || units().find(|unit| unit.service == server.stack);
    let unit: Option<&Unit> = front.or_else(own).or_else(|| units().next());
    match unit.map(|unit| (&unit.image, &unit.service)) {
        Some((ImageRef::Pinned { name, tag, .. }, _)) => format!("{name}:{tag}"),
        Some((ImageRef::Variable { .. }, service)) => {
            layout.options.images.get(service).map(|image| short(image)).unwrap_or_default()
        }
        None => layout.stack(server).map(|stack| stack.title.clone()).unwrap_or_default(),
    }
}

fn release(layout: &Layout<'_>, server: &Server, service: &str) -> Release {
    let options = layout.options;
    let service = layout.blueprint.services.get(service);
    let interval = balancer::interval(service.and_then(|service| service.health.as_ref()));
    let start = layout.stack(server).into_iter().flat_map(|stack| &stack.units);
    let start = start.filter_map(|unit| unit.health.as_ref()).map(|health| health.start_period.0).max().unwrap_or(0);
    Release {
        steps: options.steps.clone(),
        step_bake: options.step_bake,
        bake: options.bake,
        // Two checks in a row: the first that passes suffices for the load balancer.
        steady: Span(interval.0.saturating_mul(2)),
        patience: Span(PATIENCE.0.saturating_add(start)),
        interval,
        drain: balancer::drain(service),
        alarms: options.alarms.clone(),
    }
}
