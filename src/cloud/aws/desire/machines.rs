//! Fleets and single machines, with the versions that follow from what they are started from.

use std::collections::BTreeMap;

use super::layout::{Layout, NAT, Server};
use super::made::Made;
use super::network::Net;
use super::options::NAT_MACHINE;
use super::{balancer, boot, template};
use crate::blueprint::service::Arch;
use crate::cloud::aws::Kind;
use crate::cloud::aws::desired::{Fleet, Release, Single};
use crate::cloud::desire::machine::MachineChoice;
use crate::cloud::desire::{health, load, release};
use crate::error::Result;
use crate::render::templates::Templates;
use crate::render::tree::Tree;
use crate::units::Span;

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
            label: release::label(layout, server),
            load,
            size: load::size(layout, server, load),
            hourly: server.machine.hourly,
            zones: layout.options.zones.clone(),
            release: how(layout, server, &front.service),
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
        let single = Single {
            version: template::version(&template, &BTreeMap::new()),
            label: release::label(layout, server),
            volume: server.disk.as_ref().map(|_| made.address(Kind::Volume, &[&server.stack]).name),
            address: Some(made.address(Kind::PrivateAddress, &[&server.stack])),
            hourly: server.machine.hourly,
            may_interrupt: layout.options.may_interrupt,
            interruption: release::interruption(layout, server),
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
    let usual = || MachineChoice { name: NAT_MACHINE.to_owned(), arch: Arch::Arm64, gpu: None, hourly: None };
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

fn how(layout: &Layout<'_>, server: &Server, service: &str) -> Release {
    let options = layout.options;
    let service = layout.blueprint.services.get(service);
    let interval = health::interval(service.and_then(|service| service.health.as_ref()));
    Release {
        steps: options.steps.clone(),
        step_bake: options.step_bake,
        bake: options.bake,
        // Two checks in a row: the first that passes suffices for the load balancer.
        steady: Span(interval.0.saturating_mul(2)),
        patience: release::patience(layout, server),
        interval,
        drain: health::drain(service),
        alarms: options.alarms.clone(),
    }
}
