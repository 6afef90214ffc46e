//! Objects under names, written only when nobody else has written them meanwhile: what S3, Cloud Storage and a folder have in
//! common, and all that a shared history needs.
//!
//! S3 takes `If-None-Match: *` with a write since 2024-08-20 and `If-Match` since 2024-11-25, and answers 412 where it does
//! not hold ("Conditional writes", Amazon S3 User Guide, read 2026-11-21); Cloud Storage takes `ifGenerationMatch`, where 0
//! stands for an object that is not there ("Request preconditions", read 2026-11-21). Both show a write to every later read.

mod sim;

pub use sim::SimulatedBucket;

use super::Trouble;
use crate::units::Span;

/// An object as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// What is in it.
    pub body: Vec<u8>,
    /// Its version: another one after each write.
    pub tag: String,
}

/// When a write is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// There is no such object.
    IsAbsent,
    /// The object is of this version.
    Is(String),
}

/// Objects under names.
pub trait Bucket {
    /// How a read or a write fails.
    type Error;

    /// Reads an object; `None` where there is none.
    ///
    /// # Errors
    /// What the store says.
    fn read(&mut self, name: &str) -> Result<Option<Object>, Self::Error>;

    /// Writes an object, if the condition holds at that moment.
    ///
    /// # Errors
    /// [`Trouble::Conflict`] when it does not hold, and what the store says.
    fn write(&mut self, name: &str, body: &[u8], condition: &Condition) -> Result<(), Self::Error>;

    /// What must be done about an error.
    fn trouble(error: &Self::Error) -> Trouble;

    /// Lets time pass before the next try.
    fn wait(&mut self, span: Span);
}
