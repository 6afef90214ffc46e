//! What the internet could reach though nothing but the load balancer is meant for it.

use crate::cloud::aws::{Desired, Kind};
use crate::cloud::names::ROLE;
use crate::cloud::resource::{Fields, Value};

/// Everything that gives a machine a public address, or lets anybody in but at the load balancer, in sentences; none where
/// all is well. The one that translates addresses is known to the internet by an address, and lets nobody of it in.
pub fn exposed(desired: &Desired) -> Vec<String> {
    let mut found = Vec::new();
    let yes = |fields: &Fields<Kind>, name: &str| fields.get(name) == Some(&Value::Flag(true));
    let fleets = desired.fleets.iter().map(|(name, fleet)| (name, &fleet.template));
    for (name, template) in fleets.chain(desired.singles.iter().map(|(name, single)| (name, &single.template))) {
        if template.get("public-address") != Some(&Value::Flag(false)) {
            found.push(format!("machines of {name} may get public addresses"));
        }
    }
    for (address, wanted) in &desired.resources {
        let role = wanted.tags.get(ROLE).map_or("", String::as_str);
        match address.kind {
            Kind::Subnet if yes(&wanted.fields, "public-addresses") => {
                found.push(format!("machines in {address} get public addresses"));
            }
            Kind::PublicAddress => {
                let of = wanted.fields.get("of");
                let moves = matches!(of, Some(Value::Of(of)) if of.kind == Kind::NetworkInterface);
                if of.is_some() && !moves {
                    found.push(format!("{address} is of a machine"));
                }
            }
            Kind::SecurityRule => {
                let inward = wanted.fields.get("direction") == Some(&Value::Text("ingress".to_owned()));
                let by_address = matches!(wanted.fields.get("peer"), Some(Value::Text(_)));
                let port = wanted.fields.get("from-port");
                let public = [80_i64, 443].iter().any(|known| port == Some(&Value::Number(*known)));
                let balancer = desired.resources.iter().any(|(other, balancer)| {
                    other.kind == Kind::LoadBalancer && balancer.tags.get(ROLE).is_some_and(|own| own == role)
                });
                if inward && by_address && !(balancer && public) {
                    found.push(format!("{address} lets in whoever has an address"));
                }
            }
            _ => {}
        }
    }
    found
}
