//! Where each role is in the network: its addresses, and its subnets zone by zone.

use std::collections::BTreeMap;

use super::layout::{BALANCER, NAT, Server};
use super::options::{Nat, Network, Options, Subnet};
use crate::cloud::aws::Kind;
use crate::cloud::cidr::{Cidr, shown};
use crate::cloud::names::bounded;
use crate::cloud::resource::{Address, Kind as _, Value};
use crate::error::{Code, Problem, Result};

/// Length of the block of a role: 16 roles in a `/16`, each with 8 zones of 507 machines.
const ROLE_BITS: u8 = 20;
/// Length of the block of a subnet.
const SUBNET_BITS: u8 = 23;
/// AWS keeps the first four addresses of a subnet and the last one (VPC user guide, read 2026-11-21). Machines with data
/// have the tenth, which is kept from others by a reservation.
const KEPT: u32 = 10;

/// A role in the network.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The role.
    pub role: String,
    /// Whether the internet is next door.
    pub public: bool,
    /// All its addresses, when they are one block of its own.
    pub block: Option<Cidr>,
    /// Its subnets, in the order of the zones.
    pub subnets: Vec<SubnetPlace>,
    /// The address of its machine with data, which does not change.
    pub address: u32,
}

/// A subnet of a role.
#[derive(Debug, Clone)]
pub(super) struct SubnetPlace {
    /// The subnet: a resource, or the id of one that is there.
    pub value: Value<Kind>,
    /// Its zone.
    pub zone: String,
    /// Its addresses.
    pub cidr: Cidr,
}

impl Place {
    /// The block of the role, or the blocks of its subnets.
    pub(super) fn blocks(&self) -> Vec<Cidr> {
        match self.block {
            Some(block) => vec![block],
            None => self.subnets.iter().map(|subnet| subnet.cidr).collect(),
        }
    }

    /// The address of its machine with data, for people and for settings.
    pub(super) fn address(&self) -> String {
        shown(self.address)
    }
}

/// The place of every role.
pub(super) fn of(servers: &[Server], options: &Options) -> Result<Vec<Place>> {
    let balanced = servers.iter().any(|server| server.front.is_some());
    let zones = options.zones.len();
    if zones == 0 || (balanced && zones < 2) || zones > 8 {
        let what = format!("{zones} zones are named for the network");
        let because = "a load balancer is in at least two zones, and a role has room for eight";
        return Err(Problem::new(Code::BadValue, what)
            .because(because)
            .hint("name two or three zones of the region")
            .into());
    }
    let mut roles: Vec<&str> = [BALANCER, NAT].into();
    for server in servers {
        if !roles.contains(&server.role.as_str()) {
            roles.push(&server.role);
        }
    }
    let wanted = |role: &str| role != BALANCER || balanced;
    let places = roles.iter().enumerate().filter(|(_, role)| wanted(role));
    match &options.network {
        Network::New { cidr } => {
            let whole = block(cidr)?;
            places.map(|(at, role)| own(whole, at, role, options)).collect()
        }
        Network::Existing { vpc, subnets } => {
            places.filter(|(_, role)| **role != NAT).map(|(at, role)| existing(at, role, vpc, subnets)).collect()
        }
    }
}

fn block(text: &str) -> Result<Cidr> {
    Cidr::parse(text).filter(|block| block.bits() == 16).ok_or_else(|| {
        let what = format!("the network `{text}` is no block of 65,536 addresses");
        Problem::new(Code::BadValue, what).hint("give a /16 of private addresses, such as `10.0.0.0/16`").into()
    })
}

fn own(whole: Cidr, at: usize, role: &str, options: &Options) -> Result<Place> {
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    let block = whole.part(at, ROLE_BITS).ok_or_else(|| {
        let what = format!("the network {whole} has no room for the role `{role}`");
        Problem::new(Code::BadValue, what).because("it has room for 14 roles beside load balancer and NAT")
    })?;
    let one_zone = role == NAT && options.nat == Nat::Instance;
    let zones = options.zones.iter().zip(0u32..).take(if one_zone { 1 } else { usize::MAX });
    let subnets = zones.filter_map(|(zone, n)| {
        let name = bounded(&[&options.deployment, role, zone], Kind::Subnet.info().longest_name);
        let value = Value::Of(Address::new(Kind::Subnet, name));
        Some(SubnetPlace { value, zone: zone.clone(), cidr: block.part(n, SUBNET_BITS)? })
    });
    let public = role == BALANCER || role == NAT;
    let address = block.first() + KEPT;
    Ok(Place { role: role.to_owned(), public, block: Some(block), subnets: subnets.collect(), address })
}

fn existing(at: usize, role: &str, vpc: &str, subnets: &BTreeMap<String, Vec<Subnet>>) -> Result<Place> {
    let given = subnets.get(role).or_else(|| subnets.get("*")).filter(|given| !given.is_empty());
    let given = given.ok_or_else(|| {
        Problem::new(Code::MissingField, format!("no subnet of {vpc} is named for the role `{role}`"))
            .hint(format!("name subnets for `{role}`, or for every role that is not named: `*`"))
    })?;
    let mut places = Vec::new();
    for subnet in given {
        let cidr = Cidr::parse(&subnet.cidr)
            .filter(|cidr| cidr.bits() <= 28)
            .ok_or_else(|| Problem::new(Code::BadValue, format!("`{}` is no block of a subnet", subnet.cidr)))?;
        places.push(SubnetPlace { value: subnet.id.as_str().into(), zone: subnet.zone.clone(), cidr });
    }
    // From the end, where what AWS gives out by itself comes last; each role its own, as they may share a subnet.
    let from_end = 2 + u32::try_from(at).unwrap_or(0);
    let address = places.first().map_or(0, |place| place.cidr.last().saturating_sub(from_end).max(place.cidr.first()));
    Ok(Place { role: role.to_owned(), public: role == BALANCER, block: None, subnets: places, address })
}
