//! What a version is called, and how long its releases may take.

use super::layout::{Layout, Server};
use crate::cloud::image::short;
use crate::design::topology::{ImageRef, Unit};
use crate::units::Span;

/// How long a new version may make no progress before it counts as failed, beyond the time that its services take to start;
/// an assumption: a machine boots and pulls its images in a few minutes.
const PATIENCE: Span = Span::seconds(600);
/// How long the replacement of a machine interrupts its service, beyond the time that it takes to stop: its disk and its
/// address move, and it starts. An assumption until it was measured.
const INTERRUPTION: Span = Span::seconds(180);

/// How long the services of a stack may take to start, as their checks allow it.
pub(in crate::cloud) fn start(layout: &Layout<'_>, server: &Server) -> Span {
    let units = layout.stack(server).into_iter().flat_map(|stack| &stack.units);
    Span(units.filter_map(|unit| unit.health.as_ref()).map(|health| health.start_period.0).max().unwrap_or(0))
}

/// How long a new version may make no progress.
pub(in crate::cloud) fn patience(layout: &Layout<'_>, server: &Server) -> Span {
    Span(PATIENCE.0.saturating_add(start(layout, server).0))
}

/// How long the replacement of a single machine interrupts it.
pub(in crate::cloud) fn interruption(layout: &Layout<'_>, server: &Server) -> Span {
    let stack = layout.stack(server);
    let stop = stack.into_iter().flat_map(|stack| &stack.units).map(|unit| unit.stop_grace.0).max().unwrap_or(0);
    Span(INTERRUPTION.0.saturating_add(stop))
}

/// The version for people: the image that answers, or the first that runs.
pub(in crate::cloud) fn label(layout: &Layout<'_>, server: &Server) -> String {
    let units = || layout.stack(server).into_iter().flat_map(|stack| &stack.units);
    let front = server.front.as_ref().and_then(|front| units().find(|unit| unit.service == front.service));
    let own = || units().find(|unit| unit.service == server.stack);
    let unit: Option<&Unit> = front.or_else(own).or_else(|| units().next());
    match unit.map(|unit| (&unit.image, &unit.service)) {
        Some((ImageRef::Pinned { name, tag, .. }, _)) => format!("{name}:{tag}"),
        Some((ImageRef::Variable { .. }, service)) => {
            layout.terms.images.get(service).map(|image| short(image)).unwrap_or_default()
        }
        None => layout.stack(server).map(|stack| stack.title.clone()).unwrap_or_default(),
    }
}
