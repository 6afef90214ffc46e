//! Chatty in each of its tiers, rendered for operators.

use rapplan::blueprint::Blueprint;
use rapplan::demand::{Ask, Given};
use rapplan::design::{self, topology::Topology};
use rapplan::render::operations;
use rapplan::render::templates::Templates;
use rapplan::render::tree::Tree;
use rapplan::size::{Request, size};
use rapplan::units::Count;

/// Chatty for this many partitions in a tier.
pub fn topology(tier: &str, partitions: u64) -> Topology {
    let text = include_str!("../../blueprints/chatty.toml");
    let blueprint = Blueprint::parse("chatty.toml", text).unwrap().blueprint;
    let given = |value| Some(Given { value, origin: "test".to_owned() });
    let ask = Ask { partitions: given(Count(partitions)), ..Ask::default() };
    let tier = Some(Given { value: tier.to_owned(), origin: "test".to_owned() });
    let plan = size(&blueprint, &Request { ask, tier, ..Request::default() }).unwrap();
    design::build(&blueprint, &plan, "chatty").unwrap()
}

/// The files for operators.
pub fn tree(topology: &Topology) -> Tree {
    operations::files(topology, &Templates::embedded().unwrap()).unwrap()
}
