//! The network as the graph has it.

use std::collections::{BTreeMap, BTreeSet};

use super::Blocked;
use super::acl::{Direction, lets_pass};
use crate::cloud::aws::Kind;
use crate::cloud::cidr::Cidr;
use crate::cloud::names::ROLE;
use crate::cloud::resource::{Address, Fields, Graph, Value, Wanted};

/// The network as the graph has it.
pub(super) struct Net<'a> {
    graph: &'a Graph<Kind>,
    subnets: BTreeMap<&'a str, Vec<Subnet<'a>>>,
    rules: Vec<GroupRule<'a>>,
    acls: BTreeMap<&'a Address<Kind>, (Vec<AclRule>, Vec<AclRule>)>,
    ways: BTreeMap<&'a Address<Kind>, &'a Address<Kind>>,
    whole: Option<Cidr>,
}

/// A subnet.
pub(super) struct Subnet<'a> {
    pub address: &'a Address<Kind>,
    pub cidr: Cidr,
}

/// A rule of a security group.
struct GroupRule<'a> {
    group: &'a Address<Kind>,
    inward: bool,
    ports: (u16, u16),
    peer: &'a Value<Kind>,
}

/// A rule of a network ACL.
#[derive(Debug, Clone, Copy)]
pub(super) struct AclRule {
    pub number: i64,
    pub allows: bool,
    pub cidr: Cidr,
    pub ports: (u16, u16),
}

/// How a subnet reaches the internet.
pub(super) enum Way<'a> {
    /// Not at all.
    None,
    /// By the internet gateway.
    Internet,
    /// By what translates addresses.
    Through {
        /// Its role.
        role: &'a str,
        /// Whether a security group guards it.
        has_group: bool,
    },
}

fn role(wanted: &Wanted<Kind>) -> &str {
    wanted.tags.get(ROLE).map_or("", String::as_str)
}

fn text<'a>(fields: &'a Fields<Kind>, name: &str) -> Option<&'a str> {
    match fields.get(name)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn port(fields: &Fields<Kind>, name: &str) -> Option<u16> {
    match fields.get(name)? {
        Value::Number(number) => u16::try_from(*number).ok(),
        _ => None,
    }
}

fn ports(fields: &Fields<Kind>) -> Option<(u16, u16)> {
    Some((port(fields, "from-port")?, port(fields, "to-port")?))
}

fn items<'a>(fields: &'a Fields<Kind>, name: &str) -> &'a [Value<Kind>] {
    match fields.get(name) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

fn of(value: Option<&Value<Kind>>) -> Option<&Address<Kind>> {
    match value? {
        Value::Of(address) => Some(address),
        _ => None,
    }
}

fn acl_rules(fields: &Fields<Kind>, name: &str) -> Vec<AclRule> {
    let read = |item: &Value<Kind>| {
        let Value::Map(own) = item else { return None };
        let Some(Value::Number(number)) = own.get("number") else { return None };
        let allows = text(own, "action") == Some("allow");
        Some(AclRule { number: *number, allows, cidr: Cidr::parse(text(own, "cidr")?)?, ports: ports(own)? })
    };
    let mut rules: Vec<AclRule> = items(fields, name).iter().filter_map(read).collect();
    rules.sort_by_key(|rule| rule.number);
    rules
}

impl<'a> Net<'a> {
    pub(super) fn read(graph: &'a Graph<Kind>) -> Self {
        let mut net = Self {
            graph,
            subnets: BTreeMap::new(),
            rules: Vec::new(),
            acls: BTreeMap::new(),
            ways: BTreeMap::new(),
            whole: None,
        };
        for (address, wanted) in graph {
            net.take(address, wanted);
        }
        net
    }

    fn take(&mut self, address: &'a Address<Kind>, wanted: &'a Wanted<Kind>) {
        let fields = &wanted.fields;
        let subnets = || items(fields, "subnets").iter().filter_map(|item| of(Some(item)));
        match address.kind {
            Kind::Vpc => self.whole = text(fields, "cidr").and_then(Cidr::parse),
            Kind::Subnet => {
                if let Some(cidr) = text(fields, "cidr").and_then(Cidr::parse) {
                    self.subnets.entry(role(wanted)).or_default().push(Subnet { address, cidr });
                }
            }
            Kind::SecurityRule => {
                let inward = text(fields, "direction") == Some("ingress");
                if let (Some(group), Some(ports), Some(peer)) =
                    (of(fields.get("group")), ports(fields), fields.get("peer"))
                {
                    self.rules.push(GroupRule { group, inward, ports, peer });
                }
            }
            Kind::NetworkAcl => {
                let rules = (acl_rules(fields, "inbound"), acl_rules(fields, "outbound"));
                self.acls.extend(subnets().map(|subnet| (subnet, rules.clone())));
            }
            Kind::RouteTable => {
                let out = items(fields, "routes").iter().find_map(|item| match item {
                    Value::Map(own) if text(own, "to") == Some("0.0.0.0/0") => of(own.get("via")),
                    _ => None,
                });
                self.ways.extend(out.into_iter().flat_map(|via| subnets().map(move |subnet| (subnet, via))));
            }
            _ => {}
        }
    }

    /// Every role that has a subnet.
    pub(super) fn roles(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.subnets.keys().copied()
    }

    /// The subnets of a role.
    pub(super) fn subnets(&self, role: &str) -> impl Iterator<Item = &Subnet<'a>> {
        self.subnets.get(role).into_iter().flatten()
    }

    /// Ports that rules of security groups name.
    pub(super) fn ports(&self) -> BTreeSet<u16> {
        self.rules.iter().flat_map(|rule| [rule.ports.0, rule.ports.1]).collect()
    }

    /// An address outside the network, of a block kept for examples (RFC 5737).
    pub(super) fn outside(&self) -> Cidr {
        let examples = ["203.0.113.1/32", "198.51.100.1/32"].into_iter().filter_map(Cidr::parse);
        let mut outside = examples.filter(|one| self.whole.is_none_or(|whole| !whole.contains(*one)));
        outside.next().unwrap_or(Cidr::ALL)
    }

    /// The security groups of a role.
    fn groups(&self, of: &str) -> BTreeSet<&'a Address<Kind>> {
        let groups = self.graph.iter().filter(|(address, _)| address.kind == Kind::SecurityGroup);
        groups.filter(|(_, wanted)| role(wanted) == of).map(|(address, _)| address).collect()
    }

    fn group_lets(&self, inward: bool, role: &str, port: u16, peer: Option<&str>, block: Cidr) -> bool {
        let (own, peers) = (self.groups(role), peer.map(|peer| self.groups(peer)).unwrap_or_default());
        self.rules.iter().filter(|rule| rule.inward == inward && own.contains(rule.group)).any(|rule| {
            let fits = match rule.peer {
                Value::Of(group) => peers.contains(group),
                Value::Text(text) => Cidr::parse(text).is_some_and(|cidr| cidr.contains(block)),
                _ => false,
            };
            fits && (rule.ports.0..=rule.ports.1).contains(&port)
        })
    }

    /// Whether the groups of a role let a connection out to a peer, or to a block.
    pub(super) fn group_lets_out(&self, role: &str, port: u16, peer: Option<&str>, block: Cidr) -> bool {
        self.group_lets(false, role, port, peer, block)
    }

    /// Whether the groups of a role let a connection in from a peer, or from a block.
    pub(super) fn group_lets_in(&self, role: &str, port: u16, peer: Option<&str>, block: Cidr) -> bool {
        self.group_lets(true, role, port, peer, block)
    }

    /// Whether the network ACL of a subnet lets packets pass.
    pub(super) fn acl(
        &self,
        subnet: &Subnet<'_>,
        direction: Direction,
        other: Cidr,
        ports: (u16, u16),
    ) -> Result<(), Blocked> {
        let what = || format!("{} for {other}, ports {} to {}", direction.word(), ports.0, ports.1);
        let Some((inbound, outbound)) = self.acls.get(subnet.address) else {
            return Err(Blocked(format!("{} has no network ACL of its own", subnet.address)));
        };
        let rules = if direction == Direction::In { inbound } else { outbound };
        match lets_pass(rules, other, ports) {
            true => Ok(()),
            false => Err(Blocked(format!("the network ACL of {} has no way {}", subnet.address, what()))),
        }
    }

    /// How a subnet reaches the internet.
    pub(super) fn way(&self, subnet: &Subnet<'_>) -> Way<'a> {
        let Some((via, wanted)) = self.ways.get(subnet.address).and_then(|via| self.graph.get_key_value(*via)) else {
            return Way::None;
        };
        match via.kind {
            Kind::InternetGateway => Way::Internet,
            Kind::NetworkInterface => Way::Through { role: role(wanted), has_group: true },
            Kind::NatGateway => Way::Through { role: role(wanted), has_group: false },
            _ => Way::None,
        }
    }

    /// Whether anything of a role is known to the internet by an address.
    pub(super) fn has_public_address(&self, of: &str) -> bool {
        self.graph.iter().filter(|(_, wanted)| role(wanted) == of).any(|(address, wanted)| match address.kind {
            Kind::LoadBalancer => text(&wanted.fields, "scheme") == Some("internet-facing"),
            Kind::PublicAddress => true,
            _ => false,
        })
    }
}
