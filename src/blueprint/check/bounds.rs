//! Comparing bounds of demand input by input.

use crate::blueprint::tier::{Bounds, Input};

/// All inputs.
pub(super) const INPUTS: [Input; 5] = [Input::Partitions, Input::Vectors, Input::Data, Input::Rps, Input::Users];

/// One bound of a table, in base units of its input.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    /// For comparing.
    pub value: u64,
    /// As it is printed.
    pub text: String,
}

/// The key of an input in the file.
pub(super) fn key(input: Input) -> &'static str {
    match input {
        Input::Partitions => "partitions",
        Input::Vectors => "vectors",
        Input::Data => "data",
        Input::Rps => "rps",
        Input::Users => "users",
    }
}

/// An input as a sentence names it.
pub(super) fn spoken(input: Input) -> &'static str {
    match input {
        Input::Rps => "requests per second",
        other => key(other),
    }
}

/// The bound of one input, if there is one.
pub(super) fn bound(bounds: &Bounds, input: Input) -> Option<Bound> {
    let (value, text) = match input {
        Input::Partitions => bounds.partitions.map(|n| (n.0, n.to_string())),
        Input::Vectors => bounds.vectors.map(|n| (n.0, n.to_string())),
        Input::Data => bounds.data.map(|n| (n.0, n.to_string())),
        Input::Rps => bounds.rps.map(|n| (n.0, n.to_string())),
        Input::Users => bounds.users.map(|n| (n.0, n.to_string())),
    }?;
    Some(Bound { value, text })
}

/// The step from one demand to the next larger: counts have nothing between 10 and 11, rates and amounts do.
pub(super) fn step(input: Input) -> u64 {
    match input {
        Input::Partitions | Input::Vectors | Input::Users => 1,
        Input::Data | Input::Rps => 0,
    }
}
