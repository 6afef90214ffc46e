//! Where each role is in the network: one subnetwork in the region, which is in all of its zones.

use std::collections::BTreeMap;

use super::layout::Server;
use super::options::{Network, Options, Subnetwork};
use crate::cloud::cidr::{Cidr, shown};
use crate::cloud::gcp::Kind;
use crate::cloud::names::bounded;
use crate::cloud::resource::{Address, Kind as _, Value};
use crate::error::{Code, Problem, Result};

/// Length of the block of a role: 16 roles in a `/16`, each with 4,092 machines.
const ROLE_BITS: u8 = 20;
/// Google keeps the first two addresses of a subnetwork and the last two (VPC, subnets; read 2026-11-21). What stays has the
/// tenth.
const KEPT: u32 = 10;

/// A role in the network.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The role.
    pub role: String,
    /// Its subnetwork: a resource, or the name of one that is there.
    pub subnetwork: Value<Kind>,
    /// Its addresses.
    pub cidr: Cidr,
    address: u32,
}

impl Place {
    /// The address of its machine with data, or of the load balancer before its group, which does not change.
    pub(super) fn address(&self) -> String {
        shown(self.address)
    }
}

/// The place of every role.
///
/// # Errors
/// A network that is too small, or subnetworks that are not named.
pub(super) fn of(servers: &[Server], options: &Options) -> Result<Vec<Place>> {
    if options.zones.is_empty() || options.zones.len() > 8 {
        let what = format!("{} zones are named for the groups", options.zones.len());
        return Err(Problem::new(Code::BadValue, what).hint("name three zones of the region").into());
    }
    let mut roles: Vec<&str> = Vec::new();
    for server in servers {
        if !roles.contains(&server.role.as_str()) {
            roles.push(&server.role);
        }
    }
    let places = roles.into_iter().zip(0u32..);
    match &options.network {
        Network::New { cidr } => {
            let whole = Cidr::parse(cidr).filter(|block| block.bits() == 16).ok_or_else(|| {
                let what = format!("the network `{cidr}` is no block of 65,536 addresses");
                Problem::new(Code::BadValue, what).hint("give a /16 of private addresses, such as `10.0.0.0/16`")
            })?;
            places.map(|(role, at)| own(whole, at, role, options)).collect()
        }
        Network::Existing { name, subnetworks } => {
            places.map(|(role, at)| existing(at, role, name, subnetworks)).collect()
        }
    }
}

fn own(whole: Cidr, at: u32, role: &str, options: &Options) -> Result<Place> {
    let cidr = whole.part(at, ROLE_BITS).ok_or_else(|| {
        let what = format!("the network {whole} has no room for the role `{role}`");
        Problem::new(Code::BadValue, what).because("it has room for 16 roles")
    })?;
    let name = bounded(&[&options.deployment, role], Kind::Subnetwork.info().longest_name);
    let subnetwork = Value::Of(Address::new(Kind::Subnetwork, name));
    Ok(Place { role: role.to_owned(), subnetwork, cidr, address: cidr.first() + KEPT })
}

fn existing(at: u32, role: &str, network: &str, subnetworks: &BTreeMap<String, Subnetwork>) -> Result<Place> {
    let given = subnetworks.get(role).or_else(|| subnetworks.get("*")).ok_or_else(|| {
        Problem::new(Code::MissingField, format!("no subnetwork of {network} is named for the role `{role}`"))
            .hint(format!("name one for `{role}`, or for every role that is not named: `*`"))
    })?;
    let cidr = Cidr::parse(&given.cidr)
        .filter(|cidr| cidr.bits() <= 28)
        .ok_or_else(|| Problem::new(Code::BadValue, format!("`{}` is no block of a subnetwork", given.cidr)))?;
    // From the end, where what is given out by itself comes last; each role its own, as they may share a subnetwork.
    let address = cidr.last().saturating_sub(at.saturating_add(2)).max(cidr.first());
    Ok(Place { role: role.to_owned(), subnetwork: given.name.as_str().into(), cidr, address })
}
