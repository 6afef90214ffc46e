//! A simulated bucket: several writers, and all that can happen to a write.

use std::collections::BTreeMap;

use super::{Bucket, Condition, Object};
use crate::chance::Chance;
use crate::cloud::sim::Faults;
use crate::cloud::{Failure, Trouble};
use crate::units::Span;

/// What another writer does between a read and a write.
type Meanwhile = Box<dyn FnMut(&mut BTreeMap<String, (Vec<u8>, u64)>) + Send>;

/// A simulated bucket. Calls are refused, fail and lose their replies as often as its faults say.
pub struct SimulatedBucket {
    objects: BTreeMap<String, (Vec<u8>, u64)>,
    faults: Faults,
    chance: Chance,
    meanwhile: Option<Meanwhile>,
    waited: Span,
}

impl SimulatedBucket {
    /// An empty bucket.
    pub fn new(seed: u64, faults: Faults) -> Self {
        let (objects, chance) = (BTreeMap::new(), Chance::new(seed));
        Self { objects, faults, chance, meanwhile: None, waited: Span(0) }
    }

    /// Before each write from now on, another writer does this to the objects, each with its number of writes.
    #[must_use]
    pub fn with(mut self, meanwhile: impl FnMut(&mut BTreeMap<String, (Vec<u8>, u64)>) + Send + 'static) -> Self {
        self.meanwhile = Some(Box::new(meanwhile));
        self
    }

    /// What is in an object.
    pub fn body(&self, name: &str) -> Option<&[u8]> {
        self.objects.get(name).map(|(body, _)| body.as_slice())
    }

    /// How long was waited between tries.
    pub fn waited(&self) -> Span {
        self.waited
    }

    fn stumble(&mut self) -> Result<(), Failure> {
        if self.chance.happens(self.faults.throttled) {
            return Err(Failure::new(Trouble::Throttled, "503 SlowDown"));
        }
        match self.chance.happens(self.faults.unavailable) {
            true => Err(Failure::new(Trouble::Unavailable, "500 InternalError")),
            false => Ok(()),
        }
    }
}

impl Bucket for SimulatedBucket {
    type Error = Failure;

    fn read(&mut self, name: &str) -> Result<Option<Object>, Failure> {
        self.stumble()?;
        let found = self.objects.get(name);
        Ok(found.map(|(body, writes)| Object { body: body.clone(), tag: writes.to_string() }))
    }

    fn write(&mut self, name: &str, body: &[u8], condition: &Condition) -> Result<(), Failure> {
        self.stumble()?;
        if let Some(meanwhile) = &mut self.meanwhile {
            meanwhile(&mut self.objects);
        }
        let writes = self.objects.get(name).map(|(_, writes)| *writes);
        let holds = match condition {
            Condition::IsAbsent => writes.is_none(),
            Condition::Is(tag) => writes.is_some_and(|writes| writes.to_string() == *tag),
        };
        if !holds {
            return Err(Failure::new(Trouble::Conflict, "412 PreconditionFailed"));
        }
        self.objects.insert(name.to_owned(), (body.to_vec(), writes.unwrap_or_default() + 1));
        match self.chance.happens(self.faults.lost) {
            true => Err(Failure::new(Trouble::Unknown, "the connection broke")),
            false => Ok(()),
        }
    }

    fn trouble(error: &Failure) -> Trouble {
        error.trouble
    }

    fn wait(&mut self, span: Span) {
        self.waited = Span(self.waited.0.saturating_add(span.0));
    }
}
