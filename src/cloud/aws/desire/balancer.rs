//! What takes requests in: the load balancer, its ports, and the fields of what it sends them to.

use super::layout::{BALANCER, Front, Layout, Server};
use super::made::{Made, fields, map};
use super::network::Net;
use super::security;
use crate::cloud::aws::Kind;
use crate::cloud::desire::{health, paths};
use crate::cloud::resource::{Address, Fields, Value};
use crate::units::Span;

/// Policy of ciphers with TLS 1.2 and 1.3 and forward secrecy (Elastic Load Balancing user guide, read 2026-11-21).
const CIPHERS: &str = "ELBSecurityPolicy-TLS13-1-2-2021-06";
/// Longest that a connection may be silent; longer than a model thinks before its first word (an assumption).
const IDLE_SECONDS: i64 = 120;

/// Ports that the world may reach: HTTPS with a certificate, HTTP for the way there or, without one, for all.
pub(super) fn public_ports(layout: &Layout<'_>) -> Vec<u16> {
    match (layout.has_balancer(), &layout.options.certificate) {
        (false, _) => Vec::new(),
        (true, Some(_)) => vec![80, 443],
        (true, None) => vec![80],
    }
}

/// Wants the load balancer with its listeners, where anything is behind it.
pub(super) fn add(layout: &Layout<'_>, made: &mut Made<'_>, net: &Net) {
    let Some(place) = layout.place(BALANCER).filter(|_| layout.has_balancer()) else { return };
    let group = security::group(made, BALANCER);
    let attributes = map([
        // Requests with headers that only some programs understand are how one is made to read another's.
        ("drop-invalid-header-fields", true.into()),
        ("deletion-protection", false.into()),
        ("idle-timeout", IDLE_SECONDS.into()),
        ("http2", true.into()),
    ]);
    let own = fields([
        ("type", "application".into()),
        ("scheme", "internet-facing".into()),
        ("subnets", Value::List(place.subnets.iter().map(|subnet| subnet.value.clone()).collect())),
        ("security-groups", Value::List(vec![Value::Of(group)])),
        ("attributes", attributes),
    ]);
    let balancer = made.add(Kind::LoadBalancer, &[], BALANCER, own, "requests come in here and nowhere else");
    let fixed = fixed_targets(layout, made, net);
    for port in public_ports(layout) {
        let secure = port == 443;
        let mut own = fields([
            ("load-balancer", Value::Of(balancer.clone())),
            ("port", port.into()),
            ("protocol", if secure { "HTTPS" } else { "HTTP" }.into()),
        ]);
        if let Some(certificate) = layout.options.certificate.as_ref().filter(|_| secure) {
            own.insert("certificate".to_owned(), certificate.as_str().into());
            own.insert("ssl-policy".to_owned(), CIPHERS.into());
        }
        let redirects = !secure && layout.options.certificate.is_some();
        own.insert("default".to_owned(), if redirects { redirect() } else { otherwise(fixed.clone()) });
        if !redirects {
            own.insert("routes".to_owned(), routes(layout));
        }
        let because = if redirects { "whoever comes by HTTP is sent to HTTPS" } else { "requests of users" };
        made.add(Kind::Listener, &[&port.to_string()], BALANCER, own, because);
    }
}

fn redirect() -> Value<Kind> {
    map([
        ("action", "redirect".into()),
        ("protocol", "HTTPS".into()),
        ("port", 443_u16.into()),
        ("status", 301_i64.into()),
    ])
}

/// What no route takes: the machine that stays, or an answer that there is nothing.
fn otherwise(fixed: Option<Address<Kind>>) -> Value<Kind> {
    match fixed {
        Some(targets) => map([("action", "forward".into()), ("to", Value::Of(targets))]),
        None => map([("action", "answer".into()), ("status", 503_i64.into())]),
    }
}

/// Which requests go to which service.
fn routes(layout: &Layout<'_>) -> Value<Kind> {
    let route = |(at, (server, path)): (usize, (&Server, String))| {
        let priority = i64::try_from(at + 1).unwrap_or(i64::MAX) * 10;
        let own = map([("priority", priority.into()), ("paths", Value::List(vec![path.into()]))]);
        (server.stack.clone(), own)
    };
    Value::Map(paths::of(layout).into_iter().enumerate().map(route).collect())
}

/// Targets that are one machine with an address that stays.
fn fixed_targets(layout: &Layout<'_>, made: &mut Made<'_>, net: &Net) -> Option<Address<Kind>> {
    let server = layout.servers.iter().find(|server| server.front.is_some() && !server.is_fleet)?;
    let front = server.front.as_ref()?;
    let address = layout.place(&server.role)?.address();
    let mut own = targets(layout, front, net);
    own.insert("target-type".to_owned(), "ip".into());
    own.insert(
        "targets".to_owned(),
        Value::List(vec![map([("address", address.into()), ("port", front.port.into())])]),
    );
    let because = format!("{} is one machine, whose address stays when it is replaced", server.stack);
    Some(made.add(Kind::TargetGroup, &[&server.stack], &server.role, own, because))
}

/// The fields of a target group.
pub(super) fn targets(layout: &Layout<'_>, front: &Front, net: &Net) -> Fields<Kind> {
    let service = layout.blueprint.services.get(&front.service);
    let own = service.and_then(|service| service.health.as_ref());
    let (interval, timeout, retries) = health::checks(own);
    let seconds = |span: Span| i64::try_from(span.0.div_ceil(1000)).unwrap_or(i64::MAX);
    // Without a path that says that it works, any answer that is no fault of the server does: an assumption.
    let matcher = if front.path.is_some() { "200-299" } else { "200-499" };
    fields([
        ("vpc", net.vpc.clone()),
        ("port", front.port.into()),
        ("protocol", front.protocol.into()),
        ("target-type", "instance".into()),
        ("health-protocol", front.protocol.into()),
        ("health-port", front.port.into()),
        ("health-path", front.path.as_deref().unwrap_or("/").into()),
        ("health-interval", seconds(interval).into()),
        ("health-timeout", seconds(timeout).into()),
        ("healthy-after", 2_i64.into()),
        ("unhealthy-after", retries.into()),
        ("matcher", matcher.into()),
        ("drain", seconds(health::drain(service)).into()),
    ])
}
