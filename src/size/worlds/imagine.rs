//! Very many worlds on all cores, the same whatever the number of cores.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::draw::{Law, uniform};
use super::model::{Candidate, Model, Shape};
use crate::demand::Ask;
use crate::error::{Code, Error, Problem, Result};

/// Worlds that one core takes at a time.
const BATCH: usize = 256;

/// The worlds that there can be, with the best plan of each.
pub struct Imagined<K> {
    /// The plans that are best in some world, and those asked for besides, in the order of their keys.
    pub plans: Vec<(K, Candidate)>,
    /// The best plan of each world, as a place in `plans`.
    pub best: Vec<u32>,
    /// Needs, world by world, each with a place for every gauge.
    pub needs: Vec<u64>,
    /// Gauges.
    pub gauges: usize,
    /// Numbers of the worlds, since those that cannot be are left out.
    pub numbers: Vec<u32>,
    /// Worlds that were left out because their figures contradict each other.
    pub impossible: u32,
    /// Worlds that not even the largest plan bears.
    pub beyond: u32,
}

impl<K> Imagined<K> {
    /// How many worlds there can be; at least one.
    pub fn count(&self) -> usize {
        self.best.len()
    }

    /// What a world needs, gauge by gauge.
    pub fn needs_of(&self, world: usize) -> &[u64] {
        &self.needs[world * self.gauges..(world + 1) * self.gauges]
    }
}

/// Makes and sizes the worlds of an ask; plans of `besides` are candidates too.
///
/// # Errors
/// When a world is larger than can be counted, or when none of them can be.
pub fn imagine<M: Model>(model: &M, ask: &Ask, laws: &[Law], besides: &[M::Key]) -> Result<Imagined<M::Key>> {
    let gauges = model.gauges().len();
    let count = ask.worlds.count as usize;
    let base = ask.clone().unexplained();
    let mut needs = vec![0u64; count * gauges.max(1)];
    let shapes: Vec<Result<Shape<M::Key>>> = needs
        .par_chunks_mut(gauges.max(1))
        .enumerate()
        .with_min_len(BATCH)
        .map_init(
            || base.clone(),
            |world_ask, (world, needs)| {
                for law in laws {
                    let draw = uniform(ask.worlds.seed, law.variable, world as u32);
                    world_ask.set(law.variable, law.value(draw), "");
                }
                model.world(world_ask, needs)
            },
        )
        .collect();
    gather(model, shapes, needs, gauges, besides)
}

/// Leaves out what cannot be and gives each plan a number.
fn gather<M: Model>(
    model: &M,
    shapes: Vec<Result<Shape<M::Key>>>,
    mut needs: Vec<u64>,
    gauges: usize,
    besides: &[M::Key],
) -> Result<Imagined<M::Key>> {
    let (mut keys, mut numbers, mut beyond, mut first) = (Vec::new(), Vec::new(), 0, None);
    let count = shapes.len();
    for (world, shape) in shapes.into_iter().enumerate() {
        match shape {
            Ok(shape) => {
                needs.copy_within(world * gauges..(world + 1) * gauges, numbers.len() * gauges);
                numbers.push(world as u32);
                beyond += u32::from(shape.beyond);
                keys.push(shape.key);
            }
            Err(error) if too_large(&error) => return Err(reaches_too_far(&error)),
            Err(error) => first = first.or(Some(error)),
        }
    }
    if let (true, Some(error)) = (keys.is_empty(), first) {
        return Err(error);
    }
    needs.truncate(numbers.len() * gauges);
    let distinct: BTreeMap<&M::Key, u32> = keys.iter().chain(besides).map(|key| (key, 0)).collect();
    let distinct: BTreeMap<&M::Key, u32> = distinct.into_keys().zip(0..).collect();
    let best = keys.iter().filter_map(|key| distinct.get(key).copied()).collect();
    let plans = distinct.into_keys().map(|key| (key.clone(), model.plan(key))).collect();
    let impossible = (count - numbers.len()) as u32;
    Ok(Imagined { plans, best, needs, gauges, numbers, impossible, beyond })
}

fn too_large(error: &Error) -> bool {
    error.problems().iter().any(|problem| problem.code == Code::TooLarge)
}

fn reaches_too_far(error: &Error) -> Error {
    let what = error.problems().first().map(|problem| problem.summary.clone()).unwrap_or_default();
    Problem::new(Code::TooLarge, "a range reaches beyond what can be counted")
        .because(format!("in some of the possible worlds: {what}"))
        .hint("narrow the range, or name a lower upper end")
        .into()
}
