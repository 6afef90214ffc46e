//! Network ACLs: a second wall around the subnets of each role, without memory of connections.
//!
//! Answers come back on the caller's ephemeral port. They are let in from those that the role calls, and from the
//! internet; from nobody else of the network, which a rule between the two sees to.

use std::collections::BTreeSet;

use super::layout::{Layout, NAT};
use super::made::{Made, fields, map};
use super::network::Net;
use super::options::Network;
use super::places::Place;
use crate::cloud::aws::Kind;
use crate::cloud::cidr::Cidr;
use crate::cloud::desire::calls::{Call, Party};
use crate::cloud::resource::Value;
use crate::error::{Code, Problem, Result};

/// Ports that answers come back on, whoever calls (VPC user guide, ephemeral ports, read 2026-11-21).
const EPHEMERAL: (u16, u16) = (1024, 65535);
/// Rules in one direction of a network ACL, by default (VPC quotas, read 2026-11-21).
const MOST: usize = 20;
/// The numbers at which rules for the network, the wall behind them, and rules for the internet begin.
const INSIDE: i64 = 100;
const WALL: i64 = 900;
const OUTSIDE: i64 = 1000;

/// A rule before it has a number.
type Rule = (Cidr, (u16, u16));

/// Wants a network ACL for each role of a network of one's own.
///
/// # Errors
/// A role has more callers than there are rules.
pub(super) fn add(layout: &Layout<'_>, made: &mut Made<'_>, net: &Net, calls: &[Call]) -> Result<()> {
    let Network::New { cidr } = &layout.options.network else { return Ok(()) };
    for place in &layout.places {
        let (mut inbound, mut outbound) = (BTreeSet::new(), BTreeSet::new());
        for call in calls {
            sides(layout, place, call, &mut inbound, &mut outbound);
        }
        for rules in [&inbound, &outbound] {
            if rules.len() + 1 > MOST {
                let what = format!("the network ACL of `{}` needs {} rules", place.role, rules.len() + 1);
                let because = format!("AWS takes {MOST} in one direction");
                return Err(Problem::new(Code::BadValue, what)
                    .because(because)
                    .hint("join roles that call the same")
                    .into());
            }
        }
        let subnets = place.subnets.iter().map(|subnet| subnet.value.clone()).collect();
        let own = fields([
            ("vpc", net.vpc.clone()),
            ("subnets", Value::List(subnets)),
            ("inbound", numbered(&inbound, cidr)),
            ("outbound", numbered(&outbound, cidr)),
        ]);
        made.add(
            Kind::NetworkAcl,
            &[&place.role],
            &place.role,
            own,
            format!("the subnets of {} let in and out what its calls need", place.role),
        );
    }
    Ok(())
}

/// What a call needs on the side of a role: its way there, and the answers' way back.
fn sides(layout: &Layout<'_>, place: &Place, call: &Call, inbound: &mut BTreeSet<Rule>, outbound: &mut BTreeSet<Rule>) {
    let port = (call.port, call.port);
    let blocks = |party: &Party| match party {
        Party::World => vec![Cidr::ALL],
        Party::Role(role) => layout.place(role).map(Place::blocks).unwrap_or_default(),
    };
    let is = |party: &Party| matches!(party, Party::Role(role) if *role == place.role);
    // What is passed on is addressed to the internet.
    let passed_on = matches!(&call.to, Party::Role(role) if role == NAT);
    if is(&call.from) && !passed_on {
        outbound.extend(blocks(&call.to).into_iter().map(|block| (block, port)));
        inbound.extend(blocks(&call.to).into_iter().map(|block| (block, EPHEMERAL)));
    }
    if is(&call.to) {
        inbound.extend(blocks(&call.from).into_iter().map(|block| (block, port)));
        outbound.extend(blocks(&call.from).into_iter().map(|block| (block, EPHEMERAL)));
    }
}

/// First what is allowed in the network, then nothing else of it, then what is allowed with the internet.
fn numbered(rules: &BTreeSet<Rule>, network: &str) -> Value<Kind> {
    let (outside, inside): (Vec<&Rule>, Vec<&Rule>) = rules.iter().partition(|(block, _)| *block == Cidr::ALL);
    let allow = |(number, (block, ports)): (i64, &&Rule)| rule(number, true, &block.to_string(), Some(*ports));
    let mut all: Vec<Value<Kind>> = (INSIDE..).step_by(10).zip(&inside).map(allow).collect();
    if !outside.is_empty() {
        all.push(rule(WALL, false, network, None));
        all.extend((OUTSIDE..).step_by(10).zip(&outside).map(allow));
    }
    Value::List(all)
}

fn rule(number: i64, allows: bool, cidr: &str, ports: Option<(u16, u16)>) -> Value<Kind> {
    let (from, to) = ports.unwrap_or((0, u16::MAX));
    map([
        ("number", number.into()),
        ("action", if allows { "allow" } else { "deny" }.into()),
        ("protocol", if ports.is_some() { "tcp" } else { "all" }.into()),
        ("from-port", from.into()),
        ("to-port", to.into()),
        ("cidr", cidr.into()),
    ])
}
