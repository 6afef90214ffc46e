//! Which connections pass, told from the wanted resources alone: security groups, network ACLs and routes, there and back.
//!
//! It knows nothing of who was meant to call whom, so that it can be held against that.

mod acl;
mod exposed;
mod read;

pub use exposed::exposed;

use std::collections::BTreeSet;
use std::fmt;

use super::Kind;
use crate::cloud::cidr::Cidr;
use crate::cloud::resource::Graph;
use acl::{Direction, EPHEMERAL};
use read::{Net, Subnet, Way};

/// An end of a connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// Machines of a role, by its tag.
    Role(String),
    /// Anybody outside the network.
    Internet,
}

/// Where a connection ends, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked(pub String);

/// A connection from one end to another on a port, over TCP.
pub type Connection = (Party, Party, u16);

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Role(role) => role,
            Self::Internet => "internet",
        })
    }
}

/// Whether a connection passes between all subnets of its ends, in a network that is among the wanted resources.
///
/// # Errors
/// What blocks it.
pub fn passes(graph: &Graph<Kind>, from: &Party, to: &Party, port: u16) -> Result<(), Blocked> {
    let paths = paths(&Net::read(graph), from, to, port);
    if paths.is_empty() {
        return Err(Blocked(format!("{from} or {to} is nowhere in the network")));
    }
    paths.into_iter().collect()
}

/// Every connection that passes between any subnets of its ends, on ports that any rule names and on those given.
pub fn open(graph: &Graph<Kind>, ports: &[u16]) -> BTreeSet<Connection> {
    let net = Net::read(graph);
    let ports: BTreeSet<u16> = ports.iter().copied().chain(net.ports()).collect();
    let roles = net.roles().map(|role| Party::Role(role.to_owned()));
    let parties: Vec<Party> = roles.chain([Party::Internet]).collect();
    let mut open = BTreeSet::new();
    for from in &parties {
        for to in parties.iter().filter(|to| *to != from) {
            let passing = ports.iter().filter(|port| paths(&net, from, to, **port).iter().any(Result::is_ok));
            open.extend(passing.map(|port| (from.clone(), to.clone(), *port)));
        }
    }
    open
}

/// What becomes of a connection between each pair of subnets.
fn paths(net: &Net<'_>, from: &Party, to: &Party, port: u16) -> Vec<Result<(), Blocked>> {
    match (from, to) {
        (Party::Role(from), Party::Role(to)) => {
            let pairs = net.subnets(from).flat_map(|near| net.subnets(to).map(move |far| (near, far)));
            pairs.map(|(near, far)| inside(net, (from, near), (to, far), port)).collect()
        }
        (Party::Role(from), Party::Internet) => net.subnets(from).map(|near| out(net, from, near, port)).collect(),
        (Party::Internet, Party::Role(to)) => net.subnets(to).map(|far| inward(net, to, far, port)).collect(),
        (Party::Internet, Party::Internet) => Vec::new(),
    }
}

fn blocked(what: String) -> Result<(), Blocked> {
    Err(Blocked(what))
}

/// From machine to machine: every subnet of a network has a route to every other one of it.
fn inside(
    net: &Net<'_>,
    (from, near): (&str, &Subnet<'_>),
    (to, far): (&str, &Subnet<'_>),
    port: u16,
) -> Result<(), Blocked> {
    if !net.group_lets_out(from, port, Some(to), far.cidr) {
        return blocked(format!("the security group of {from} lets nothing out to {to} on {port}"));
    }
    if !net.group_lets_in(to, port, Some(from), near.cidr) {
        return blocked(format!("the security group of {to} lets nothing in from {from} on {port}"));
    }
    if near.address == far.address {
        // Network ACLs stand at the border of a subnet.
        return Ok(());
    }
    let there = (port, port);
    net.acl(near, Direction::Out, far.cidr, there)?;
    net.acl(far, Direction::In, near.cidr, there)?;
    net.acl(far, Direction::Out, near.cidr, EPHEMERAL)?;
    net.acl(near, Direction::In, far.cidr, EPHEMERAL)
}

/// To the internet: by the internet gateway with an address of one's own, or by what translates addresses.
fn out(net: &Net<'_>, from: &str, near: &Subnet<'_>, port: u16) -> Result<(), Blocked> {
    if !net.group_lets_out(from, port, None, Cidr::ALL) {
        return blocked(format!("the security group of {from} lets nothing out to the internet on {port}"));
    }
    border(net, near, Direction::Out, port)?;
    match net.way(near) {
        Way::None => blocked(format!("{} has no route to the internet", near.address)),
        Way::Internet if net.has_public_address(from) => Ok(()),
        Way::Internet => blocked(format!("{from} has no public address")),
        Way::Through { role, has_group } => {
            let Some(hop) = net.subnets(role).next() else { return blocked(format!("{role} is in no subnet")) };
            if has_group && !net.group_lets_in(role, port, Some(from), near.cidr) {
                return blocked(format!("the security group of {role} lets nothing in from {from} on {port}"));
            }
            // To the subnet of what translates, the packets come from the machine, and the answers go to it.
            net.acl(hop, Direction::In, near.cidr, (port, port))?;
            net.acl(hop, Direction::Out, near.cidr, EPHEMERAL)?;
            border(net, hop, Direction::Out, port)?;
            match net.way(hop) {
                Way::Internet if !has_group || net.group_lets_out(role, port, None, Cidr::ALL) => Ok(()),
                Way::Internet => blocked(format!("the security group of {role} lets nothing out on {port}")),
                _ => blocked(format!("{role} has no route to the internet")),
            }
        }
    }
}

/// From the internet: to something with an address that it knows.
fn inward(net: &Net<'_>, to: &str, far: &Subnet<'_>, port: u16) -> Result<(), Blocked> {
    if !net.has_public_address(to) {
        return blocked(format!("{to} has no public address"));
    }
    if !matches!(net.way(far), Way::Internet) {
        return blocked(format!("{} has no route to the internet", far.address));
    }
    if !net.group_lets_in(to, port, None, Cidr::ALL) {
        return blocked(format!("the security group of {to} lets nothing in from the internet on {port}"));
    }
    border(net, far, Direction::In, port)
}

/// A connection with the internet at the border of a subnet, and its answers.
fn border(net: &Net<'_>, subnet: &Subnet<'_>, direction: Direction, port: u16) -> Result<(), Blocked> {
    // One address outside stands for all: rules tell the network from everything, and nothing else apart.
    let outside = net.outside();
    net.acl(subnet, direction, outside, (port, port))?;
    net.acl(subnet, direction.back(), outside, EPHEMERAL)
}
