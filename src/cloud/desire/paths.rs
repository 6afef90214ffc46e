//! Which requests go to which service: by path, the most particular first, and all that is left to the last.

use super::calls::Party;
use super::layout::{Layout, Server};

/// The groups that the world reaches, with the path of what each answers, in the order in which paths are tried.
///
/// That a service that others call by its API is under `/api` is an assumption, since blueprints say no paths.
pub(in crate::cloud) fn of<'a>(layout: &'a Layout<'_>) -> Vec<(&'a Server, String)> {
    let mut fleets: Vec<&Server> = layout.servers.iter().filter(|server| is_public(server)).collect();
    fleets.sort_by_key(|server| (!is_called(layout, server), server.stack.clone()));
    let last = fleets.len().saturating_sub(1);
    let path = |(at, server): (usize, &'a Server)| {
        let path = match at {
            at if at == last => "/*".to_owned(),
            _ if is_called(layout, server) => "/api/*".to_owned(),
            _ => format!("/{}/*", server.stack),
        };
        (server, path)
    };
    fleets.into_iter().enumerate().map(path).collect()
}

fn is_public(server: &Server) -> bool {
    server.is_fleet && server.front.as_ref().is_some_and(|front| front.public)
}

/// Whether another service behind the load balancer calls this one.
fn is_called(layout: &Layout<'_>, server: &Server) -> bool {
    let roles = layout.servers.iter().filter(|other| is_public(other) && other.stack != server.stack);
    let mut roles = roles.map(|other| &other.role);
    roles.any(|role| {
        let is = |party: &Party, role: &String| *party == Party::Role(role.clone());
        layout.calls.iter().any(|call| is(&call.from, role) && is(&call.to, &server.role))
    })
}
