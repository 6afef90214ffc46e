//! Whether what is placed on a server fits it.
//!
//! Memory limits may not add up to more than the server has: what is over is killed. Limits of cores may: they only
//! slow each other down. One instance cannot use more cores than there are.

use super::Checker;
use crate::blueprint::document::FieldPath;
use crate::blueprint::tier::Server;
use crate::error::{Code, Problem};
use crate::path;
use crate::units::Bytes;

pub(super) fn check(c: &mut Checker<'_>) {
    for (i, tier) in c.blueprint.tiers.iter().enumerate() {
        for (j, set) in tier.sizes.iter().enumerate() {
            for (k, server) in set.servers.iter().enumerate() {
                let at = path!["tiers", i, "sizes", j, "servers", k];
                memory(c, &at, server);
                cores(c, &at, server);
            }
        }
    }
}

fn memory(c: &mut Checker<'_>, at: &FieldPath, server: &Server) {
    let Some(has) = server.memory else { return };
    let share = |(replicas, memory): (Option<u32>, Bytes)| memory.0.saturating_mul(replicas.unwrap_or(1).into());
    let given = server.services.values().filter_map(|share| Some((share.replicas, share.memory?)));
    let sum = Bytes(given.map(share).fold(0, u64::saturating_add));
    let rest: Vec<_> =
        server.services.iter().filter(|(_, share)| share.memory.is_none()).map(|(name, _)| name).collect();
    if sum > has {
        let problem =
            Problem::new(Code::Overfull, format!("server `{}` has less memory than is given out", server.name))
                .because(format!("its services get {sum} together, and it has {has}"))
                .hint("lower the memory of a service, or move one to another server");
        c.at_value(&at.join("memory"), "too little", problem);
    } else if let (true, [only]) = (sum == has, rest.as_slice()) {
        let problem = Problem::new(Code::Overfull, format!("nothing of server `{}` is left for `{only}`", server.name))
            .because(format!("the others get all of its {has}, and `{only}` gets what is left"))
            .hint("lower the memory of another service");
        c.at_key(&at.join("services").join(*only), "gets nothing", problem);
    }
    if let [first, second, ..] = rest.as_slice() {
        let summary = format!("`{first}` and `{second}` both get what is left of server `{}`", server.name);
        let problem = Problem::new(Code::Overfull, summary)
            .because("one service of a server may leave `memory` out, as only one can have the rest")
            .hint(format!("give `{second}` its memory"));
        c.at_key(&at.join("services").join(*second), "lacks `memory`", problem);
    }
}

fn cores(c: &mut Checker<'_>, at: &FieldPath, server: &Server) {
    let Some(has) = server.cpu else { return };
    for (name, share) in &server.services {
        if let Some(cpu) = share.cpu.filter(|cpu| *cpu > has) {
            let summary = format!("`{name}` may use {cpu} cores of server `{}`, which has {has}", server.name);
            let problem = Problem::new(Code::Overfull, summary).hint(format!("give at most {has}"));
            c.at_value(&at.join("services").join(name).join("cpu"), "more than there are", problem);
        }
    }
}
