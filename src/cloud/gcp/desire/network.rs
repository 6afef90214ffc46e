//! The network: a subnetwork for each role, and the one way out.

use super::layout::{Layout, NAT};
use super::made::{Made, fields, map};
use super::options::Network;
use crate::cloud::gcp::Kind;
use crate::cloud::resource::Value;

/// What the others refer to.
pub(super) struct Net {
    /// The network: a resource, or the name of one that is there.
    pub network: Value<Kind>,
}

/// Wants the network, when it is one of its own.
pub(super) fn add(layout: &Layout<'_>, made: &mut Made<'_>) -> Net {
    if let Network::Existing { name, .. } = &layout.options.network {
        return Net { network: name.as_str().into() };
    }
    let region = || Value::from(layout.options.region.as_str());
    // Subnetworks are made for roles, and not one for every region of the world.
    let own = fields([("auto-subnetworks", false.into()), ("routing", "REGIONAL".into())]);
    let network = made.add(Kind::Network, &[], "", own, "everything of the deployment is in one network of its own");
    let network = Value::Of(network);
    for place in &layout.places {
        let own = fields([
            ("network", network.clone()),
            ("region", region()),
            ("cidr", place.cidr.to_string().into()),
            // Google's own interfaces are reached without a public address: images, secrets.
            ("private-google-access", true.into()),
            ("purpose", "PRIVATE".into()),
        ]);
        made.add(Kind::Subnetwork, &[&place.role], &place.role, own, format!("{} in all zones", place.role));
    }
    let own = fields([("region", region()), ("type", "EXTERNAL".into())]);
    let because = "what private machines ask comes from one address";
    let address = made.add(Kind::StaticAddress, &[NAT], NAT, own, because);
    let subnetworks = layout.places.iter().map(|place| place.subnetwork.clone()).collect();
    let nat = map([
        ("addresses", Value::List(vec![Value::Of(address)])),
        ("subnetworks", Value::List(subnetworks)),
        ("log", "ERRORS_ONLY".into()),
    ]);
    let own = fields([("network", network.clone()), ("region", region()), ("nat", nat)]);
    let because = "private machines reach the internet and not the other way round";
    made.add(Kind::Router, &[NAT], NAT, own, because);
    Net { network }
}
