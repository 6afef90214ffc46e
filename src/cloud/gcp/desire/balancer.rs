//! What takes requests in: the world's load balancer, those inside the network, and how both check machines.

use super::layout::{BALANCER, Front, Layout, Server};
use super::made::{Made, fields, map};
use super::network::Net;
use super::storage;
use crate::cloud::desire::{health, paths, release};
use crate::cloud::gcp::Kind;
use crate::cloud::gcp::reconcile::{GROUPS, group_name};
use crate::cloud::resource::{Address, Fields, Value};
use crate::units::Span;

/// Longest that an answer may take; longer than a model thinks before its first word (an assumption).
const ANSWER_SECONDS: i64 = 120;
/// How long a machine boots and pulls its images before its group asks whether it works; an assumption, on the long side: a
/// group that asks too early makes machines anew for ever.
const BOOTS: Span = Span::seconds(300);
/// The name that a group has for the port of its application.
const PORT: &str = "front";

fn seconds(span: Span) -> i64 {
    i64::try_from(span.0.div_ceil(1000)).unwrap_or(i64::MAX)
}

/// Wants checks, load balancers and what leads to them.
pub(super) fn add(layout: &Layout<'_>, made: &mut Made<'_>, net: &Net) {
    for server in &layout.servers {
        let Some(front) = &server.front else { continue };
        let own = check(layout, front, false);
        let because = format!("only machines of {} that answer get requests", server.stack);
        made.add(Kind::HealthCheck, &[&server.stack, "serve"], &server.role, own, because);
        if server.is_fleet {
            let own = check(layout, front, true);
            let because = format!("machines of {} that long do not answer are made anew", server.stack);
            made.add(Kind::HealthCheck, &[&server.stack, "heal"], &server.role, own, because);
        }
    }
    let inner: Vec<(&Server, &Front)> = layout.inner().collect();
    for (server, front) in inner {
        inside(layout, made, net, server, front);
    }
    if layout.has_balancer() {
        world(layout, made, net);
    }
}

/// What a group is set to beside versions and size.
pub(super) fn settings(layout: &Layout<'_>, made: &Made<'_>, server: &Server, front: &Front) -> Fields<Kind> {
    let after = Span(BOOTS.0.saturating_add(release::start(layout, server).0)).min(Span::seconds(3600));
    let check = made.address(Kind::HealthCheck, &[&server.stack, "heal"]);
    fields([
        ("heal", map([("check", Value::Of(check)), ("after", seconds(after).into())])),
        ("ports", Value::Map(fields([(PORT, front.port.into())]))),
        // As evenly over the zones as can be, so that the loss of one is the least.
        ("shape", "EVEN".into()),
    ])
}

/// How machines are checked: whether they get requests, which turns quickly, or whether they are made anew, which does not,
/// since a machine that is only busy would be lost as well.
fn check(layout: &Layout<'_>, front: &Front, heals: bool) -> Fields<Kind> {
    let service = layout.blueprint.services.get(&front.service);
    let (interval, timeout, retries) = health::checks(service.and_then(|service| service.health.as_ref()));
    let (well, ill) = if heals { (1_i64, (retries * 2).clamp(6, 10)) } else { (2, retries) };
    let mut own = fields([
        // Without a path that says that it works, taking connections must do: any path could answer with an error.
        ("type", front.path.as_ref().map_or("TCP", |_| front.protocol).into()),
        ("scope", "global".into()),
        ("port", front.port.into()),
        ("interval", seconds(interval).into()),
        ("timeout", seconds(timeout).into()),
        ("healthy-after", well.into()),
        ("unhealthy-after", ill.into()),
    ]);
    if let Some(path) = &front.path {
        own.insert("path".to_owned(), path.as_str().into());
    }
    own
}

/// Requests from inside the network: packets are passed on as they are, so that the firewall sees who calls.
fn inside(layout: &Layout<'_>, made: &mut Made<'_>, net: &Net, server: &Server, front: &Front) {
    let because = format!("{} is reached there, however many machines it has", server.stack);
    let address = storage::address(layout, made, server, because);
    let region = || Value::from(layout.options.region.as_str());
    let mut own = backend(layout, made, server, front);
    own.extend(fields([
        ("scheme", "INTERNAL".into()),
        ("protocol", "TCP".into()),
        ("region", region()),
        ("network", net.network.clone()),
    ]));
    let because = format!("calls of {} are shared among its machines", server.stack);
    let target = made.add(Kind::BackendService, &[&server.stack], &server.role, own, because);
    let subnetwork = layout.place(&server.role).map(|place| place.subnetwork.clone());
    let own = fields([
        ("scheme", "INTERNAL".into()),
        ("region", region()),
        ("network", net.network.clone()),
        ("subnetwork", subnetwork.unwrap_or_else(|| Value::List(Vec::new()))),
        ("address", address.map_or_else(|| "".into(), Value::Of)),
        ("ports", Value::List(vec![front.port.into()])),
        ("target", Value::Of(target)),
    ]);
    let because = format!("whoever may call {} does so by it", server.stack);
    made.add(Kind::ForwardingRule, &[&server.stack], &server.role, own, because);
}

/// Requests of the world: taken in by Google's front ends, everywhere, and by nothing else.
fn world(layout: &Layout<'_>, made: &mut Made<'_>, net: &Net) {
    let own = fields([("type", "EXTERNAL".into()), ("scope", "global".into())]);
    let address = made.add(Kind::StaticAddress, &["front"], BALANCER, own, "names of the application lead to it");
    let targets = targets(layout, made, net);
    let Some(default) = targets.last().map(|(target, _)| target.clone()) else { return };
    let routes =
        targets.iter().filter(|(_, path)| path != "/*").map(|(target, path)| (path.clone(), Value::Of(target.clone())));
    let own = fields([("default", Value::Of(default)), ("routes", Value::Map(routes.collect()))]);
    let map_of_all = made.add(Kind::UrlMap, &[], BALANCER, own, "which requests go to which service");
    let Some(certificate) = layout.options.certificate.clone() else {
        entry(made, &address, 80, fields([("url-map", Value::Of(map_of_all))]));
        return;
    };
    let own = fields([("least-version", "TLS_1_2".into()), ("profile", "MODERN".into())]);
    let policy = made.add(Kind::SslPolicy, &[], BALANCER, own, "no older version of TLS, and no weak cipher");
    let secure = fields([
        ("url-map", Value::Of(map_of_all)),
        ("certificate", certificate.into()),
        ("ssl-policy", Value::Of(policy)),
    ]);
    entry(made, &address, 443, secure);
    let redirect = map([("https", true.into()), ("status", 301_i64.into())]);
    let because = "whoever comes by HTTP is sent to HTTPS";
    let away = made.add(Kind::UrlMap, &["redirect"], BALANCER, fields([("redirect", redirect)]), because);
    entry(made, &address, 80, fields([("url-map", Value::Of(away))]));
}

/// A port of the world's load balancer.
fn entry(made: &mut Made<'_>, address: &Address<Kind>, port: u16, proxy: Fields<Kind>) {
    let word = if port == 443 { "https" } else { "http" };
    let mut proxy = proxy;
    proxy.insert("type".to_owned(), word.to_uppercase().into());
    let proxy = made.add(Kind::TargetProxy, &[word], BALANCER, proxy, format!("ends connections of {word}"));
    let own = fields([
        ("scheme", "EXTERNAL_MANAGED".into()),
        ("scope", "global".into()),
        ("address", Value::Of(address.clone())),
        ("ports", Value::List(vec![port.into()])),
        ("target", Value::Of(proxy)),
    ]);
    made.add(Kind::ForwardingRule, &[word], BALANCER, own, "requests of users");
}

/// What requests of the world are sent to, with the paths of each; the last takes all that is left.
fn targets(layout: &Layout<'_>, made: &mut Made<'_>, net: &Net) -> Vec<(Address<Kind>, String)> {
    let mut targets = Vec::new();
    let single = layout.servers.iter().find(|server| !server.is_fleet && server.front.is_some());
    let fleets = paths::of(layout);
    let fixed = single.filter(|_| fleets.is_empty()).map(|server| (server, "/*".to_owned()));
    for (server, path) in fleets.into_iter().chain(fixed) {
        let Some(front) = &server.front else { continue };
        let mut own = backend(layout, made, server, front);
        own.extend(fields([("scheme", "EXTERNAL_MANAGED".into()), ("scope", "global".into())]));
        if server.is_fleet {
            own.insert("protocol".to_owned(), front.protocol.into());
            own.insert("port-name".to_owned(), PORT.into());
        } else {
            let endpoints = endpoints(layout, made, net, server, front);
            own.remove(GROUPS);
            own.insert("protocol".to_owned(), front.protocol.into());
            own.insert("endpoints".to_owned(), Value::Of(endpoints));
        }
        own.insert("timeout".to_owned(), ANSWER_SECONDS.into());
        let because = format!("requests for {}", server.stack);
        targets.push((made.add(Kind::BackendService, &[&server.stack], &server.role, own, because), path));
    }
    targets
}

/// The one machine of a stack, by its address: whoever has the address is the endpoint.
fn endpoints(layout: &Layout<'_>, made: &mut Made<'_>, net: &Net, server: &Server, front: &Front) -> Address<Kind> {
    let address = made.address(Kind::StaticAddress, &[&server.stack]);
    let subnetwork = layout.place(&server.role).map(|place| place.subnetwork.clone());
    let own = fields([
        ("type", "GCE_VM_IP_PORT".into()),
        ("zone", layout.options.zones.first().map_or("", String::as_str).into()),
        ("network", net.network.clone()),
        ("subnetwork", subnetwork.unwrap_or_else(|| Value::List(Vec::new()))),
        ("endpoints", Value::List(vec![map([("address", Value::Of(address)), ("port", front.port.into())])])),
    ]);
    let because = format!("{} is one machine, whose address stays when it is replaced", server.stack);
    made.add(Kind::EndpointGroup, &[&server.stack], &server.role, own, because)
}

fn backend(layout: &Layout<'_>, made: &Made<'_>, server: &Server, front: &Front) -> Fields<Kind> {
    let check = made.address(Kind::HealthCheck, &[&server.stack, "serve"]);
    let service = layout.blueprint.services.get(&front.service);
    let group = group_name(&layout.options.deployment, &server.stack);
    fields([
        ("check", Value::Of(check)),
        (GROUPS, Value::List(vec![group.into()])),
        ("drain", seconds(health::drain(service)).into()),
    ])
}
