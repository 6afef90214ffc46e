//! Security groups by reference: a group for each role, a rule for each call that is allowed, and nothing else.

use std::collections::BTreeSet;

use super::layout::{BALANCER, Layout, NAT};
use super::made::{Made, fields};
use super::network::Net;
use super::options::Nat;
use crate::cloud::aws::Kind;
use crate::cloud::desire::calls::{Call, Party};
use crate::cloud::resource::{Address, Value};

/// Longest description of a rule or a group (EC2 API, `SecurityGroupRuleDescription`, read 2026-11-21).
const LONGEST: usize = 255;

/// The security group of a role.
pub(super) fn group(made: &Made<'_>, role: &str) -> Address<Kind> {
    made.address(Kind::SecurityGroup, &[role])
}

/// Wants the groups and the rules.
pub(super) fn add(layout: &Layout<'_>, made: &mut Made<'_>, net: &Net, calls: &[Call]) {
    let mut roles: BTreeSet<&str> = layout.servers.iter().map(|server| server.role.as_str()).collect();
    for party in calls.iter().filter(|call| has_groups(layout, call)).flat_map(|call| [&call.from, &call.to]) {
        if let Party::Role(role) = party {
            roles.insert(role);
        }
    }
    for role in roles {
        let own = fields([
            ("vpc", net.vpc.clone()),
            ("description", describe(&format!("machines of {role}")).into()),
            // A new group lets everything out; that rule is taken away with the same breath.
            ("default-egress", false.into()),
        ]);
        let because = match role {
            BALANCER => "the load balancer takes requests in".to_owned(),
            NAT => "what translates addresses".to_owned(),
            role => format!("what {role} may call, and who may call it"),
        };
        made.add(Kind::SecurityGroup, &[role], role, own, because);
    }
    for call in calls.iter().filter(|call| has_groups(layout, call)) {
        match (&call.from, &call.to) {
            // What is passed on is addressed to the internet, which the caller's own rule lets out.
            (Party::Role(from), Party::Role(to)) if to == NAT => {
                let (caller, called) = (group(made, from), group(made, to));
                rule(made, call, "in", to, Value::Of(called), Value::Of(caller));
            }
            (Party::Role(from), Party::Role(to)) => {
                let (caller, called) = (group(made, from), group(made, to));
                rule(made, call, "out", from, Value::Of(caller.clone()), Value::Of(called.clone()));
                rule(made, call, "in", to, Value::Of(called), Value::Of(caller));
            }
            (Party::Role(from), Party::World) => {
                let caller = group(made, from);
                rule(made, call, "out", from, Value::Of(caller), "0.0.0.0/0".into());
            }
            (Party::World, Party::Role(to)) => {
                let called = group(made, to);
                rule(made, call, "in", to, Value::Of(called), "0.0.0.0/0".into());
            }
            (Party::World, Party::World) => {}
        }
    }
}

/// The provider's own translation of addresses has no security group.
fn has_groups(layout: &Layout<'_>, call: &Call) -> bool {
    let nat = |party: &Party| matches!(party, Party::Role(role) if role == NAT);
    layout.options.nat == Nat::Instance || !(nat(&call.from) || nat(&call.to))
}

fn rule(made: &mut Made<'_>, call: &Call, way: &str, role: &str, of: Value<Kind>, peer: Value<Kind>) {
    let (from, to) = (call.from.to_string(), call.to.to_string());
    let own = fields([
        ("group", of),
        ("direction", if way == "in" { "ingress" } else { "egress" }.into()),
        ("protocol", "tcp".into()),
        ("from-port", call.port.into()),
        ("to-port", call.port.into()),
        ("peer", peer),
        ("description", describe(&format!("{from} to {to}: {}", call.why)).into()),
    ]);
    let port = call.port.to_string();
    made.add(
        Kind::SecurityRule,
        &[way, &from, &to, &port],
        role,
        own,
        format!("{from} calls {to} on {port}: {}", call.why),
    );
}

/// A description with the characters that AWS takes in it: letters, digits, spaces and `._-:/()#,@[]+=&;{}!$*`.
fn describe(text: &str) -> String {
    let taken = |c: char| c.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(c);
    text.chars().map(|c| if taken(c) { c } else { ' ' }).take(LONGEST).collect()
}
