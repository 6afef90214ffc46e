//! What runs where and what talks to what.

use super::diagram::{Diagram, Edge, Group, Node};
use super::html::{Column, Figure, list, paragraph, table};
use super::svg::Size;
use super::words;
use crate::blueprint::Blueprint;
use crate::blueprint::service::Exposure;
use crate::size::clouds::CloudPlan;
use crate::size::placement::Host;
use crate::size::plan::{Plan, ServerPlan};
use crate::size::services::reckon::show;

/// The picture, its table, and what the networks are for; nothing where nothing is placed.
pub(super) fn html(plan: &Plan, blueprint: &Blueprint) -> String {
    let mut groups = groups(plan, blueprint);
    if groups.is_empty() {
        return String::new();
    }
    let public = |node: &Node| {
        let service = node.service.as_ref().and_then(|name| blueprint.services.get(name));
        service.is_some_and(|service| service.ports.iter().any(|port| port.exposure == Exposure::Public))
    };
    let open: Vec<bool> = groups.iter().flat_map(|group| &group.nodes).map(public).collect();
    if open.contains(&true) {
        let users =
            Node { name: "users".to_owned(), service: None, takes: String::new(), networks: "the internet".to_owned() };
        groups.insert(0, Group { title: "Outside".to_owned(), about: String::new(), nodes: vec![users] });
    }
    let edges = edges(&groups, blueprint, &open);
    let diagram = Diagram { groups: &groups, edges: &edges, description: description(&groups, &edges) };
    let figure = Figure {
        caption:
            "What runs where, and what calls what: a dot joins a service to the line of what it calls, and the arrow \
                  ends there"
                .to_owned(),
        wide: diagram.draw(Size::Wide),
        narrow: diagram.draw(Size::Narrow),
        legend: Vec::new(),
        below: networks(&groups, blueprint),
        figures: figures(&groups, &edges),
    };
    let cluster = plan.servers.is_empty() && plan.clouds.iter().all(|cloud| !cloud.chosen);
    let note = if cluster { "A cluster places its parts on its worker nodes by itself." } else { "" };
    format!("{}{}", paragraph(note), figure.html())
}

/// Servers, else machines of clouds, else the parts of a cluster.
fn groups(plan: &Plan, blueprint: &Blueprint) -> Vec<Group> {
    if !plan.servers.is_empty() {
        return plan.servers.iter().map(|server| of_server(server, blueprint)).collect();
    }
    let hosts = plan.clouds.iter().filter(|cloud| cloud.chosen && !plan.services.is_empty());
    let hosts =
        hosts.flat_map(|cloud| cloud.placement.hosts.iter().map(move |host| of_host(plan, cloud, host, blueprint)));
    let hosts: Vec<Group> = hosts.collect();
    if !hosts.is_empty() {
        return hosts;
    }
    let nodes = plan.components.iter().map(|part| {
        let (least, most) = (part.component.min, part.component.max.filter(|max| *max > part.component.min));
        let takes = most.map_or_else(|| format!("{least}"), |most| format!("{least} to {most}"));
        let takes = format!("{takes}: {}", part.component.title);
        let service =
            blueprint.services.keys().filter(|name| part.name.starts_with(*name)).max_by_key(|name| name.len());
        node(&part.name, service.cloned(), takes, blueprint)
    });
    let nodes: Vec<Node> = nodes.collect();
    if nodes.is_empty() {
        return Vec::new();
    }
    let about = plan.tier.as_ref().map(|tier| format!("{} servers", words::counts(&tier.servers))).unwrap_or_default();
    vec![Group { title: "Cluster".to_owned(), about, nodes }]
}

fn node(name: &str, service: Option<String>, takes: String, blueprint: &Blueprint) -> Node {
    let networks = service.as_ref().and_then(|name| blueprint.services.get(name)).map(|of| of.networks.join(", "));
    Node { name: name.to_owned(), service, takes, networks: networks.unwrap_or_default() }
}

fn of_server(server: &ServerPlan, blueprint: &Blueprint) -> Group {
    let mut about = Vec::new();
    about.extend(server.cpu.map(|cpu| format!("{cpu} cores")));
    about.extend(server.memory.map(|memory| memory.to_string()));
    about.extend(server.disks.iter().map(|disk| format!("{} {}", disk.size, disk.kind)));
    let nodes = server.services.iter().map(|service| {
        let takes = format!("{} x {} cores, {}", service.replicas, service.cpu, service.memory);
        node(&service.service, Some(service.service.clone()), takes, blueprint)
    });
    let count = if server.count > 1 { format!("{} x ", server.count) } else { String::new() };
    Group { title: format!("{count}{}", server.name), about: about.join(", "), nodes: nodes.collect() }
}

fn of_host(plan: &Plan, cloud: &CloudPlan, host: &Host, blueprint: &Blueprint) -> Group {
    let zones = if host.zones > 1 { format!(", {} zones", host.zones) } else { String::new() };
    let nodes = host.holds.iter().map(|(lot, copies)| {
        let service = blueprint.services.contains_key(lot).then(|| lot.clone());
        let each = plan.services.iter().find(|one| one.service == *lot).map(|one| one.each);
        let each = each.map(|each| format!(": {}", show(&each))).unwrap_or_default();
        node(lot, service, format!("{copies} on each{each}"), blueprint)
    });
    Group {
        title: format!("{} x {}", host.count, host.machine),
        about: format!("{} {}, role {}{zones}", cloud.provider.word(), cloud.region, host.role),
        nodes: nodes.collect(),
    }
}

/// Who calls whom: a service calls the one in its own group where there is one, else the first there is.
fn edges(groups: &[Group], blueprint: &Blueprint, open: &[bool]) -> Vec<Edge> {
    let nodes: Vec<(usize, &Node)> =
        groups.iter().enumerate().flat_map(|(at, group)| group.nodes.iter().map(move |node| (at, node))).collect();
    let users = usize::from(open.contains(&true));
    let mut edges: Vec<Edge> =
        open.iter().enumerate().filter(|(_, open)| **open).map(|(at, _)| Edge { from: 0, to: at + users }).collect();
    for (from, (group, node)) in nodes.iter().enumerate() {
        let Some(service) = node.service.as_ref().and_then(|name| blueprint.services.get(name)) else { continue };
        for target in service.connects.keys().filter(|target| Some(*target) != node.service.as_ref()) {
            let is = |(_, other): &(usize, &Node)| other.service.as_ref() == Some(target);
            let near = nodes.iter().position(|other| other.0 == *group && is(other));
            edges.extend(near.or_else(|| nodes.iter().position(is)).map(|to| Edge { from, to }));
        }
    }
    edges
}

fn description(groups: &[Group], edges: &[Edge]) -> String {
    let holds = groups.iter().map(|group| {
        let names: Vec<&str> = group.nodes.iter().map(|node| node.name.as_str()).collect();
        format!("{} ({}): {}", group.title, group.about, names.join(", "))
    });
    let nodes: Vec<&Node> = groups.iter().flat_map(|group| &group.nodes).collect();
    let calls = edges.iter().map(|edge| format!("{} calls {}", nodes[edge.from].name, nodes[edge.to].name));
    holds.chain(calls).collect::<Vec<_>>().join(". ")
}

fn figures(groups: &[Group], edges: &[Edge]) -> String {
    let nodes: Vec<(&Group, &Node)> =
        groups.iter().flat_map(|group| group.nodes.iter().map(move |node| (group, node))).collect();
    let rows = nodes.iter().enumerate().map(|(at, (group, node))| {
        let calls = edges.iter().filter(|edge| edge.from == at).map(|edge| nodes[edge.to].1.name.as_str());
        let calls: Vec<&str> = calls.collect();
        [node.name.clone(), group.title.clone(), node.takes.clone(), node.networks.clone(), calls.join(", ")]
    });
    let columns = [
        Column::Words("service"),
        Column::Words("on"),
        Column::Words("instances"),
        Column::Words("networks"),
        Column::Words("calls"),
    ];
    table("Services, their servers, networks and what they call", columns, rows)
}

/// What each network that is used is for.
fn networks(groups: &[Group], blueprint: &Blueprint) -> String {
    let used = |name: &str| {
        let names = groups.iter().flat_map(|group| &group.nodes).filter_map(|node| node.service.as_ref());
        let mut services = names.filter_map(|name| blueprint.services.get(name));
        services.any(|service| service.networks.iter().any(|network| network == name))
    };
    list(blueprint.networks.iter().filter(|(name, _)| used(name)).map(|(name, network)| {
        let inside = if network.internal { " (no way out)" } else { "" };
        format!("network {name}{inside}: {}", network.title)
    }))
}
