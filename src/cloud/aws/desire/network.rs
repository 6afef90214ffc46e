//! The network: subnets of each role in each zone, and the ways out of them.

use super::layout::{Layout, NAT};
use super::made::{Made, fields, map};
use super::options::{Nat, Network};
use super::security;
use crate::cloud::aws::Kind;
use crate::cloud::resource::{Address, Value};

/// What the others refer to.
pub(super) struct Net {
    /// The network: a resource, or the id of one that is there.
    pub vpc: Value<Kind>,
}

/// Wants the network, when it is one of its own.
pub(super) fn add(layout: &Layout<'_>, made: &mut Made<'_>) -> Net {
    let cidr = match &layout.options.network {
        Network::Existing { vpc, .. } => return Net { vpc: vpc.as_str().into() },
        Network::New { cidr } => cidr,
    };
    let own = fields([("cidr", cidr.as_str().into()), ("dns-hostnames", true.into()), ("dns-support", true.into())]);
    let vpc = made.add(Kind::Vpc, &[], "", own, "everything of the deployment is in one network of its own");
    let net = Net { vpc: Value::Of(vpc) };
    let own = fields([("vpc", net.vpc.clone())]);
    let internet = made.add(Kind::InternetGateway, &[], "", own, "the load balancer and the way out need the internet");
    for place in &layout.places {
        for subnet in &place.subnets {
            let own = fields([
                ("vpc", net.vpc.clone()),
                ("cidr", subnet.cidr.to_string().into()),
                ("zone", subnet.zone.as_str().into()),
                // Whatever needs a public address gets one by name; nothing gets one because of where it is.
                ("public-addresses", false.into()),
            ]);
            let because = format!("{} in zone {}", place.role, subnet.zone);
            made.add(Kind::Subnet, &[&place.role, &subnet.zone], &place.role, own, because);
        }
    }
    let out = way_out(layout, made);
    routes(layout, made, &net, "public", Value::Of(internet));
    routes(layout, made, &net, "private", Value::Of(out));
    net
}

/// What private machines reach the internet by.
fn way_out(layout: &Layout<'_>, made: &mut Made<'_>) -> Address<Kind> {
    let place = layout.place(NAT);
    let subnet = place.and_then(|place| place.subnets.first()).map(|subnet| subnet.value.clone());
    let subnet = subnet.unwrap_or_else(|| Value::List(Vec::new()));
    if layout.options.nat == Nat::Gateway {
        let own = fields([]);
        let public =
            made.add(Kind::PublicAddress, &[NAT], NAT, own, "what private machines ask comes from one address");
        let own = fields([("subnet", subnet), ("public-address", Value::Of(public))]);
        return made.add(
            Kind::NatGateway,
            &[NAT],
            NAT,
            own,
            "private machines reach the internet and not the other way round",
        );
    }
    let address = place.map_or_else(String::new, |place| place.address());
    let group = security::group(made, NAT);
    let own = fields([
        ("subnet", subnet),
        ("address", address.into()),
        ("security-groups", Value::List(vec![Value::Of(group)])),
        // It passes on what is neither from it nor for it.
        ("source-dest-check", false.into()),
        ("description", "moves to the machine that translates addresses".into()),
    ]);
    let because = "routes lead to it, whichever machine translates addresses";
    let interface = made.add(Kind::NetworkInterface, &[NAT], NAT, own, because);
    let own = fields([("of", Value::Of(interface.clone()))]);
    made.add(Kind::PublicAddress, &[NAT], NAT, own, "what private machines ask comes from one address");
    interface
}

fn routes(layout: &Layout<'_>, made: &mut Made<'_>, net: &Net, name: &str, via: Value<Kind>) {
    let public = name == "public";
    let places = layout.places.iter().filter(|place| place.public == public);
    let subnets: Vec<Value<Kind>> = places.flat_map(|place| place.subnets.iter().map(|s| s.value.clone())).collect();
    let route = map([("to", "0.0.0.0/0".into()), ("via", via)]);
    let own =
        fields([("vpc", net.vpc.clone()), ("routes", Value::List(vec![route])), ("subnets", Value::List(subnets))]);
    let because = if public { "the internet is next door" } else { "out through the one way there is, and never in" };
    made.add(Kind::RouteTable, &[name], "", own, because);
}
