//! Firewall rules: one for each pair of roles that call each other, by the accounts of their machines, and a wall behind.
//!
//! A rule that lets something out knows no accounts at the other end (VPC firewall rules, read 2026-11-21), so that it names
//! the subnetwork of the role; who is let in is said by accounts wherever there are any.

use std::collections::{BTreeMap, BTreeSet};

use super::identity;
use super::layout::{BALANCER, FRONT_ENDS, Layout};
use super::made::{Made, fields, map};
use super::network::Net;
use crate::blueprint::platform::Provider;
use crate::cloud::desire::calls::{Call, Party, admits};
use crate::cloud::gcp::Kind;
use crate::cloud::resource::{Fields, Value};

/// Addresses from which the Identity-Aware Proxy reaches machines by SSH, for those whom it lets (Identity-Aware Proxy, TCP
/// forwarding; read 2026-11-21).
pub(super) const PROXY: &str = "35.235.240.0/20";
const SSH: u16 = 22;
/// The name of Google's front ends in names of rules.
const FRONTS: &str = "front-ends";
/// Rules that allow come before walls, and walls before what a network that is there allows to everything in it: the usual
/// one has 65534. Smaller numbers come first.
const ALLOW: i64 = 1000;
const WALL: i64 = 64_000;

/// What is called by whom, with the ports and what for.
type Pairs<'a> = BTreeMap<(&'a Party, &'a Party), Vec<&'a Call>>;

/// Wants the rules.
pub(super) fn add(layout: &Layout<'_>, made: &mut Made<'_>, net: &Net) {
    let mut pairs: Pairs<'_> = BTreeMap::new();
    for call in &layout.calls {
        pairs.entry((&call.from, &call.to)).or_default().push(call);
    }
    for ((from, to), calls) in &pairs {
        match (from, to) {
            (Party::Role(from), Party::Role(to)) if from == BALANCER => {
                let sources = Value::List(FRONT_ENDS.iter().map(|range| (*range).into()).collect());
                inward(made, net, (FRONTS, to), calls, sources);
            }
            (Party::Role(from), Party::Role(to)) => {
                let sources = Value::List(vec![Value::Of(identity::account(made, from))]);
                inward(made, net, (from, to), calls, sources);
                outward(layout, made, net, (from, to), calls);
            }
            (Party::Role(from), Party::World) => outward(layout, made, net, (from, "internet"), calls),
            (Party::World, _) => {}
        }
    }
    from_outside(layout, made, net);
    let roles: BTreeSet<&str> = layout.servers.iter().map(|server| server.role.as_str()).collect();
    for role in roles {
        let because = format!("SSH to {role} is by the Identity-Aware Proxy alone");
        let own = rule(net, "INGRESS", ALLOW, ("allows", &[SSH]), &because);
        let own = with(own, "from", Value::List(vec![PROXY.into()]));
        let own = with(own, "to", Value::List(vec![Value::Of(identity::account(made, role))]));
        made.add(Kind::Firewall, &["ssh", role], role, own, because);
        wall(made, net, role);
    }
}

/// Roles on another cloud have addresses and no accounts.
fn from_outside(layout: &Layout<'_>, made: &mut Made<'_>, net: &Net) {
    for (server, front) in layout.inner() {
        let role = &server.role;
        let admitted = |caller: &&String| admits(layout.blueprint, Provider::Gcp, role, caller);
        for (caller, ranges) in layout.options.outside.iter().filter(|(caller, _)| admitted(caller)) {
            let because = format!("{caller} on another cloud calls {role}");
            let own = rule(net, "INGRESS", ALLOW, ("allows", &[front.port]), &because);
            let own = with(own, "from", Value::List(ranges.iter().map(|range| range.as_str().into()).collect()));
            let own = with(own, "to", Value::List(vec![Value::Of(identity::account(made, role))]));
            made.add(Kind::Firewall, &["in", caller, role], role, own, because);
        }
    }
}

fn inward(made: &mut Made<'_>, net: &Net, (from, to): (&str, &str), calls: &[&Call], sources: Value<Kind>) {
    let because = match from == FRONTS {
        true => format!("Google's front ends check {to} and bring it {}", whys(calls)),
        false => format!("{from} calls {to}: {}", whys(calls)),
    };
    let own = with(rule(net, "INGRESS", ALLOW, ("allows", &ports(calls)), &because), "from", sources);
    let own = with(own, "to", Value::List(vec![Value::Of(identity::account(made, to))]));
    made.add(Kind::Firewall, &["in", from, to], to, own, because);
}

fn outward(layout: &Layout<'_>, made: &mut Made<'_>, net: &Net, (from, to): (&str, &str), calls: &[&Call]) {
    let because = format!("{from} calls {to}: {}", whys(calls));
    let range = layout.place(to).map_or_else(|| "0.0.0.0/0".to_owned(), |place| place.cidr.to_string());
    let own = rule(net, "EGRESS", ALLOW, ("allows", &ports(calls)), &because);
    let own = with(own, "from", Value::List(vec![Value::Of(identity::account(made, from))]));
    let own = with(own, "to", Value::List(vec![range.into()]));
    made.add(Kind::Firewall, &["out", from, to], from, own, because);
}

/// Nothing else, in both directions: a network lets everything out by itself, and one that is there may let in whatever is
/// in it.
fn wall(made: &mut Made<'_>, net: &Net, role: &str) {
    let all = || Value::List(vec!["0.0.0.0/0".into()]);
    let own_account = |made: &Made<'_>| Value::List(vec![Value::Of(identity::account(made, role))]);
    for (direction, word, from, to) in
        [("INGRESS", "wall-in", all(), own_account(made)), ("EGRESS", "wall-out", own_account(made), all())]
    {
        let because = match direction {
            "INGRESS" => format!("nothing else comes in to {role}"),
            _ => format!("{role} calls nothing else"),
        };
        let own = with(rule(net, direction, WALL, ("denies", &[]), &because), "from", from);
        made.add(Kind::Firewall, &[word, role], role, with(own, "to", to), because);
    }
}

/// A rule before it is said from where to where; without ports it is about every protocol.
fn rule(net: &Net, direction: &str, priority: i64, (what, ports): (&str, &[u16]), because: &str) -> Fields<Kind> {
    let packets = match ports {
        [] => map([("protocol", "all".into())]),
        ports => {
            let ports = ports.iter().map(|port| (*port).into()).collect();
            map([("protocol", "tcp".into()), ("ports", Value::List(ports))])
        }
    };
    fields([
        ("network", net.network.clone()),
        ("direction", direction.into()),
        ("priority", priority.into()),
        (what, Value::List(vec![packets])),
        ("description", because.into()),
    ])
}

fn with(mut own: Fields<Kind>, name: &str, value: Value<Kind>) -> Fields<Kind> {
    own.insert(name.to_owned(), value);
    own
}

fn ports(calls: &[&Call]) -> Vec<u16> {
    calls.iter().map(|call| call.port).collect::<BTreeSet<_>>().into_iter().collect()
}

fn whys(calls: &[&Call]) -> String {
    let whys: BTreeSet<&str> = calls.iter().map(|call| call.why.as_str()).collect();
    whys.into_iter().collect::<Vec<_>>().join(", ")
}
