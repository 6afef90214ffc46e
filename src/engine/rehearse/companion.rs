//! Who goes along with a run against a simulated cloud while it happens.

use crate::cloud::Cloud;
use crate::cloud::sim::Simulated;
use crate::engine::{Engine, Event};
use crate::units::Moment;

/// Goes along with a run: lets real time pass, shows what is told, keeps the world, interrupts.
///
/// The driver stays pure: it asks, and whoever answers may sleep or look at signals.
pub trait Companion<S: Simulated> {
    /// Before the clock of the cloud goes on to `next`. The moment at which somebody interrupted the run, if anybody did:
    /// no earlier than the clock shows, and no later than `next`.
    fn passes(&mut self, _sim: &S, _next: Moment, _engine: &Engine<S::Cloud>) -> Option<Moment> {
        None
    }

    /// Something was told.
    fn told(&mut self, _at: Moment, _event: &Event<<S::Cloud as Cloud>::Action>) {}
}

/// Nobody goes along: time passes as fast as it can be reckoned.
#[derive(Debug, Clone, Copy)]
pub struct Alone;

impl<S: Simulated> Companion<S> for Alone {}
