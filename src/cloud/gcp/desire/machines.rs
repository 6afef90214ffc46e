//! Fleets and single machines, with the versions that follow from what they are started from.

use std::collections::BTreeMap;

use super::layout::{Layout, Server};
use super::made::Made;
use super::network::Net;
use super::{balancer, boot, template};
use crate::cloud::desire::{load, release};
use crate::cloud::gcp::Kind;
use crate::cloud::gcp::desired::{Fleet, Release, Single};
use crate::error::Result;
use crate::render::templates::Templates;
use crate::render::tree::Tree;

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
        let template = template::of(layout, made, net, server, boot::user_data(layout, server, tree, templates)?)?;
        let load = load::load(layout, server)?;
        let size = load::size(layout, server, load);
        let fleet = Fleet {
            version: template::version(&template),
            label: release::label(layout, server),
            settings: balancer::settings(layout, made, server, front),
            load,
            min: size.min,
            max: size.max,
            scales: size.scaling.is_some(),
            cpu_percent: size.scaling.map(|scaling| scaling.cpu_percent),
            hourly: server.machine.hourly,
            zones: layout.options.zones.clone(),
            release: how(layout, server),
            template,
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
    net: &Net,
    tree: &Tree,
    templates: &Templates,
) -> Result<BTreeMap<String, Single>> {
    let mut singles = BTreeMap::new();
    for server in layout.servers.iter().filter(|server| !server.is_fleet) {
        let template = template::of(layout, made, net, server, boot::user_data(layout, server, tree, templates)?)?;
        let single = Single {
            version: template::version(&template),
            label: release::label(layout, server),
            volume: server.disk.as_ref().map(|_| made.address(Kind::Disk, &[&server.stack]).name),
            address: Some(made.address(Kind::StaticAddress, &[&server.stack])),
            hourly: server.machine.hourly,
            may_interrupt: layout.options.may_interrupt,
            interruption: release::interruption(layout, server),
            template,
        };
        singles.insert(server.stack.clone(), single);
    }
    Ok(singles)
}

fn how(layout: &Layout<'_>, server: &Server) -> Release {
    Release {
        // The least that a regional group takes, so that the least is added to the quota.
        surge: u32::try_from(layout.options.zones.len()).unwrap_or(u32::MAX),
        steps: layout.options.steps.clone(),
        step_bake: layout.options.step_bake,
        patience: release::patience(layout, server),
        alarms: layout.options.alarms.clone(),
    }
}
