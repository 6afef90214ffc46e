//! Network ACLs: the first rule that fits decides, and what no rule fits does not pass.

use std::collections::BTreeSet;

use super::read::AclRule;
use crate::cloud::cidr::Cidr;

/// Ports that answers may come back on.
pub(super) const EPHEMERAL: (u16, u16) = (1024, u16::MAX);

/// Seen from the subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Into it.
    In,
    /// Out of it.
    Out,
}

impl Direction {
    /// The way of the answers.
    pub(super) fn back(self) -> Self {
        match self {
            Self::In => Self::Out,
            Self::Out => Self::In,
        }
    }

    /// The word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// Whether rules, in the order of their numbers, let every packet pass with any of these addresses at the other end and any
/// of these ports.
///
/// What the rules say changes at their own borders only, so that it is enough to ask there.
pub(super) fn lets_pass(rules: &[AclRule], other: Cidr, ports: (u16, u16)) -> bool {
    let mut addresses = BTreeSet::from([other.first(), other.last()]);
    let mut at = BTreeSet::from([ports.0, ports.1]);
    for rule in rules {
        addresses.extend([Some(rule.cidr.first()), rule.cidr.last().checked_add(1)].into_iter().flatten());
        at.extend([Some(rule.ports.0), rule.ports.1.checked_add(1)].into_iter().flatten());
    }
    let addresses: Vec<u32> = addresses.into_iter().filter(|a| other.contains(Cidr::one(*a))).collect();
    let mut at = at.into_iter().filter(|port| (ports.0..=ports.1).contains(port));
    at.all(|port| addresses.iter().all(|address| decides(rules, *address, port)))
}

fn decides(rules: &[AclRule], address: u32, port: u16) -> bool {
    let fits =
        |rule: &&AclRule| rule.cidr.contains(Cidr::one(address)) && (rule.ports.0..=rule.ports.1).contains(&port);
    rules.iter().find(fits).is_some_and(|rule| rule.allows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(allows: bool, cidr: &str, ports: (u16, u16)) -> AclRule {
        AclRule { number: 0, allows, cidr: Cidr::parse(cidr).unwrap(), ports }
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let block = |text: &str| Cidr::parse(text).unwrap();
        let rules = [
            rule(true, "10.0.16.0/20", (1024, 65535)),
            rule(false, "10.0.0.0/16", (0, 65535)),
            rule(true, "0.0.0.0/0", (1024, 65535)),
        ];
        assert!(lets_pass(&rules, block("10.0.16.0/23"), EPHEMERAL));
        assert!(!lets_pass(&rules, block("10.0.32.0/23"), EPHEMERAL));
        assert!(lets_pass(&rules, block("203.0.113.7/32"), EPHEMERAL));
        assert!(!lets_pass(&rules, block("203.0.113.7/32"), (443, 443)));
        // Part of it is denied.
        assert!(!lets_pass(&rules, block("10.0.0.0/16"), EPHEMERAL));
        assert!(!lets_pass(&rules, block("10.0.16.0/23"), (1000, 2000)));
        // A hole in the middle of the ports.
        let rules = [rule(false, "0.0.0.0/0", (5000, 5000)), rule(true, "0.0.0.0/0", (1024, 65535))];
        assert!(!lets_pass(&rules, block("10.0.0.0/16"), EPHEMERAL));
        assert!(lets_pass(&rules, block("10.0.0.0/16"), (5001, 65535)));
        assert!(!lets_pass(&[], block("10.0.0.0/16"), (80, 80)));
    }
}
