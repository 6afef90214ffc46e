//! The most that memory bandwidth lets a GPU write.

use super::budget::{self, Budget};
use super::gpu::GpuFacts;
use super::load::Load;

/// Thousandths of tokens per second that one copy of the model writes at most, for `batch` requests together.
///
/// To write one token for each request of a batch, every weight and the cache of every request are read once, so
/// `batch x bandwidth / (weights + batch x cache of a request)` is a physical limit. It is no forecast: what is reached must be
/// measured, and is less. `None` when the bandwidth is not known.
pub fn bound_millitokens(load: &Load, gpu: &GpuFacts, budget: &Budget, batch: u64) -> Option<u64> {
    let bandwidth = u128::from(gpu.bandwidth?);
    let weights =
        budget::weights(&load.model, budget.dtype, load.quantization).0.div_ceil(u64::from(budget.gpus.max(1)));
    let cache = u128::from(budget.per_token.0).saturating_mul(u128::from(load.request())).saturating_mul(batch.into());
    let read = u128::from(weights).saturating_add(cache).max(1);
    let bound = bandwidth.saturating_mul(u128::from(batch)).saturating_mul(1000) / read;
    Some(u64::try_from(bound).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::llm::{gpu, model};

    #[test]
    fn a_t4_reads_the_weights_27_times_a_second() {
        // 320e9 / (11,770,118,144 + 1 x 458,752) = 27.19 for one request of one token.
        let load = Load { request: Some(1), ..Load::new(model::named("polyglot-ko-5.8b").unwrap().clone(), 1) };
        let t4 = gpu::named("T4").unwrap();
        let budget = budget::budget(&load, t4, 1).unwrap();
        assert_eq!(bound_millitokens(&load, t4, &budget, 1), Some(27_186));
        // Two full sequences: 2 x 320e9 / (11,770,118,144 + 2 x 2048 x 458,752) = 46.89.
        let full = Load { request: None, ..load };
        assert_eq!(bound_millitokens(&full, t4, &budget, 2), Some(46_889));
        let unknown = GpuFacts { bandwidth: None, ..t4.clone() };
        assert_eq!(bound_millitokens(&full, &unknown, &budget, 2), None);
        assert!(bound_millitokens(&full, t4, &budget, u64::MAX).is_some());
    }
}
