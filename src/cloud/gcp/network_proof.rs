//! Which connections pass, told from the wanted state alone: firewall rules in the order of their priority, subnetworks, the
//! way out, and what takes requests of the world in.
//!
//! It knows nothing of who was meant to call whom, so that it can be held against that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Desired, Kind};
use crate::cloud::cidr::Cidr;
use crate::cloud::names::ROLE;
use crate::cloud::resource::{Address, Fields, Graph, Value};

/// An end of a connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// Machines of a role, by its tag.
    Role(String),
    /// Anybody on the internet.
    Internet,
    /// Google's front ends, which pass requests of the world on and check machines.
    FrontEnds,
    /// The Identity-Aware Proxy, by which those whom it lets come to machines.
    Proxy,
}

/// A connection from one end to another on a port, over TCP.
pub type Connection = (Party, Party, u16);

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Role(role) => role,
            Self::Internet => "internet",
            Self::FrontEnds => "front ends",
            Self::Proxy => "proxy",
        })
    }
}

/// Addresses of Google's front ends, and of its proxy: written here a second time, so that a wrong one is found.
const FRONT_ENDS: [&str; 2] = ["35.191.0.0/16", "130.211.0.0/22"];
const PROXY: [&str; 1] = ["35.235.240.0/20"];
/// An address that is in no network of one's own (RFC 5737), and stands for all others.
const OUTSIDE: [&str; 1] = ["203.0.113.7/32"];

/// Every connection that passes, on ports that any rule names and on those given, in a network that is among the wanted
/// resources.
pub fn open(desired: &Desired, ports: &[u16]) -> BTreeSet<Connection> {
    let net = Net::read(&desired.resources);
    let exposed: BTreeSet<&str> = exposed(desired).into_iter().collect();
    let ports: BTreeSet<u16> = ports.iter().copied().chain(net.ports()).collect();
    let roles = net.accounts.keys().map(|role| Party::Role((*role).to_owned()));
    let parties: Vec<Party> = roles.chain([Party::Internet, Party::FrontEnds, Party::Proxy]).collect();
    let mut open = BTreeSet::new();
    for from in &parties {
        for to in parties.iter().filter(|to| *to != from) {
            let passes = |port: &&u16| match (from, to) {
                (Party::Internet, Party::Role(to)) => exposed.contains(to.as_str()) && net.enters(from, to, **port),
                (_, Party::Role(to)) => net.leaves(from, Some(to), **port) && net.enters(from, to, **port),
                (Party::Role(role), Party::Internet) => net.has_way_out(role) && net.leaves(from, None, **port),
                (Party::Internet, Party::FrontEnds) => net.taken_in.contains(port),
                _ => false,
            };
            open.extend(ports.iter().filter(passes).map(|port| (from.clone(), to.clone(), *port)));
        }
    }
    open
}

/// Roles whose machines may have an address that the internet reaches.
pub fn exposed(desired: &Desired) -> Vec<&str> {
    let private = |template: &Fields<Kind>| match template.get("interface") {
        Some(Value::Map(interface)) => interface.get("external-address") == Some(&Value::Flag(false)),
        _ => false,
    };
    let fleets = desired.fleets.values().map(|fleet| &fleet.template);
    let templates = fleets.chain(desired.singles.values().map(|single| &single.template));
    let account = |template: &Fields<Kind>| match template.get("service-account") {
        Some(Value::Of(account)) => Some(account.clone()),
        _ => None,
    };
    let accounts = templates.filter(|template| !private(template)).filter_map(account);
    accounts.filter_map(|of| desired.resources.get(&of)?.tags.get(ROLE).map(String::as_str)).collect()
}

/// A network as it is read from the wanted resources.
struct Net<'a> {
    accounts: BTreeMap<&'a str, &'a Address<Kind>>,
    blocks: BTreeMap<&'a str, Cidr>,
    /// In the order in which they are asked.
    rules: Vec<Rule<'a>>,
    with_way_out: BTreeSet<&'a str>,
    taken_in: BTreeSet<u16>,
}

struct Rule<'a> {
    inward: bool,
    priority: i64,
    allows: bool,
    /// Ports over TCP; every packet where there are none.
    ports: Vec<u16>,
    from: &'a [Value<Kind>],
    to: &'a [Value<Kind>],
}

fn list<'a>(fields: &'a Fields<Kind>, name: &str) -> &'a [Value<Kind>] {
    match fields.get(name) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

fn number(value: &Value<Kind>) -> Option<i64> {
    match value {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

fn port_numbers(values: &[Value<Kind>]) -> impl Iterator<Item = u16> + '_ {
    values.iter().filter_map(number).filter_map(|port| u16::try_from(port).ok())
}

impl<'a> Net<'a> {
    fn read(graph: &'a Graph<Kind>) -> Self {
        let of = |kind: Kind| graph.iter().filter(move |(address, _)| address.kind == kind);
        let role =
            |kind: Kind| of(kind).filter_map(|(address, want)| Some((want.tags.get(ROLE)?.as_str(), address, want)));
        let cidr = |fields: &Fields<Kind>| Cidr::parse(&fields.get("cidr")?.to_string());
        let translated: BTreeSet<&Address<Kind>> = of(Kind::Router)
            .filter_map(|(_, want)| match want.fields.get("nat") {
                Some(Value::Map(nat)) => Some(list(nat, "subnetworks").iter().flat_map(Value::references)),
                _ => None,
            })
            .flatten()
            .collect();
        let mut rules: Vec<Rule<'_>> = of(Kind::Firewall).map(|(_, want)| Rule::read(&want.fields)).collect();
        // Of two with the same priority the one that denies is asked first.
        rules.sort_by_key(|rule| (rule.priority, rule.allows));
        let entries = of(Kind::ForwardingRule)
            .filter(|(_, want)| want.fields.get("scheme") == Some(&Value::Text("EXTERNAL_MANAGED".to_owned())));
        Self {
            accounts: role(Kind::ServiceAccount).map(|(role, address, _)| (role, address)).collect(),
            blocks: role(Kind::Subnetwork).filter_map(|(role, _, want)| Some((role, cidr(&want.fields)?))).collect(),
            rules,
            with_way_out: role(Kind::Subnetwork)
                .filter(|(_, address, _)| translated.contains(address))
                .map(|(role, ..)| role)
                .collect(),
            taken_in: entries.flat_map(|(_, want)| port_numbers(list(&want.fields, "ports"))).collect(),
        }
    }

    fn ports(&self) -> impl Iterator<Item = u16> + '_ {
        self.rules.iter().flat_map(|rule| rule.ports.iter().copied()).chain(self.taken_in.iter().copied())
    }

    fn has_way_out(&self, role: &str) -> bool {
        self.with_way_out.contains(role)
    }

    fn blocks_of(&self, party: &Party) -> Vec<Cidr> {
        let parse = |texts: &[&str]| texts.iter().filter_map(|text| Cidr::parse(text)).collect();
        match party {
            Party::Role(role) => self.blocks.get(role.as_str()).copied().into_iter().collect(),
            Party::Internet => parse(&OUTSIDE),
            Party::FrontEnds => parse(&FRONT_ENDS),
            Party::Proxy => parse(&PROXY),
        }
    }

    /// Whether the rules of the caller let a connection out, to a role or to the internet; what is no machine here has none.
    fn leaves(&self, from: &Party, to: Option<&str>, port: u16) -> bool {
        let Party::Role(caller) = from else { return true };
        let Some(account) = self.accounts.get(caller.as_str()) else { return false };
        let target = to.map_or(Party::Internet, |role| Party::Role(role.to_owned()));
        let blocks = self.blocks_of(&target);
        let mut asked = self.rules.iter().filter(|rule| {
            let here = rule.from.iter().flat_map(Value::references).any(|of| of == *account);
            !rule.inward && here && rule.is_about(port) && blocks.iter().all(|block| covers(rule.to, *block))
        });
        // A network lets everything out by itself.
        asked.next().is_none_or(|rule| rule.allows)
    }

    /// Whether the rules of the called let a connection in.
    fn enters(&self, from: &Party, to: &str, port: u16) -> bool {
        let Some(account) = self.accounts.get(to) else { return false };
        let caller = match from {
            Party::Role(role) => self.accounts.get(role.as_str()),
            _ => None,
        };
        let blocks = self.blocks_of(from);
        let mut asked = self.rules.iter().filter(|rule| {
            let here = rule.to.iter().flat_map(Value::references).any(|of| of == *account);
            let by_account =
                caller.is_some_and(|of| rule.from.iter().flat_map(Value::references).any(|from| from == *of));
            let by_address = blocks.iter().all(|block| covers(rule.from, *block));
            rule.inward && here && rule.is_about(port) && (by_account || by_address)
        });
        // And nothing in.
        asked.next().is_some_and(|rule| rule.allows)
    }
}

impl<'a> Rule<'a> {
    fn read(fields: &'a Fields<Kind>) -> Self {
        let packets = |name: &str| {
            list(fields, name).iter().find_map(|packets| match packets {
                Value::Map(packets) => Some(packets),
                _ => None,
            })
        };
        let ports = packets("allows").map(|packets| port_numbers(list(packets, "ports")).collect());
        Self {
            inward: fields.get("direction") == Some(&Value::Text("INGRESS".to_owned())),
            priority: fields.get("priority").and_then(number).unwrap_or(1000),
            allows: packets("allows").is_some(),
            ports: ports.unwrap_or_default(),
            from: list(fields, "from"),
            to: list(fields, "to"),
        }
    }

    fn is_about(&self, port: u16) -> bool {
        self.ports.is_empty() || self.ports.contains(&port)
    }
}

/// Whether one of some blocks has another one in it.
fn covers(blocks: &[Value<Kind>], inner: Cidr) -> bool {
    let all = blocks.iter().flat_map(Value::texts).filter_map(Cidr::parse);
    all.into_iter().any(|block| block.contains(inner))
}
