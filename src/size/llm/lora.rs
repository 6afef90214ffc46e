//! Adapters (LoRA): which classes run them, since which version they can be loaded at run time, and what they take.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::dtype::Dtype;
use super::model::Architecture;
use super::rows::rows;

/// Where the classes with adapters were read.
pub const SOURCE: &str = "vllm-project/vllm@0046f770 docs/models/supported_models.md, read 2026-11-21";

/// `--max-lora-rank` of vLLM when nothing is set.
pub const DEFAULT_RANK: u64 = 16;

/// First version with `/v1/load_lora_adapter` and `/v1/unload_lora_adapter`: they were merged on 2024-09-06 (vLLM pull
/// request 6566), after 0.6.0 and before 0.6.1, whose documentation describes them.
pub const LOADED_AT_RUN_TIME_SINCE: (u32, u32, u32) = (0, 6, 1);

static CLASSES: LazyLock<BTreeMap<&'static str, bool>> = LazyLock::new(|| {
    rows(include_str!("classes.csv"), 2).filter_map(|cells| Some((*cells.first()?, *cells.get(1)? == "yes"))).collect()
});

/// Whether adapters run with a model class; `None` when it is not in the table.
pub fn supported(class: &str) -> Option<bool> {
    CLASSES.get(class).copied()
}

/// The version that an image tag names: `v0.4.0` and `0.6.1.post2` do, `latest` and `nightly` do not.
pub fn version(tag: &str) -> Option<(u32, u32, u32)> {
    let mut parts = tag.strip_prefix('v').unwrap_or(tag).split(['.', '-', '+']);
    let mut next = || parts.next()?.parse::<u32>().ok();
    Some((next()?, next()?, next().unwrap_or(0)))
}

/// Bytes that vLLM sets aside for adapters, in all layers: two matrices of `rank` beside each matrix of attention and
/// feed-forward, for `max` adapters at once (`vllm/lora/layers`, the buffers `lora_a_stacked` and `lora_b_stacked`):
/// `max x rank x layers x sum(in + out) x bytes`. `None` when the size of the feed-forward layers is not known.
pub fn bytes(model: &Architecture, max: u64, rank: u64, dtype: Dtype) -> Option<u64> {
    let (q, kv) = (mul(model.heads, model.head_size), mul(model.kv_heads, model.head_size));
    let (hidden, intermediate) = (u128::from(model.hidden), u128::from(model.intermediate?));
    let attention = 2 * (hidden + q) + 2 * (hidden + kv);
    // GPT-NeoX and its like have no gate beside the feed-forward.
    let matrices = if gated(&model.class) { 3 } else { 2 };
    let each = attention + matrices * (hidden + intermediate);
    let factors = [max, rank, model.layers, dtype.bytes()];
    let total = factors.into_iter().fold(each, |product, factor| product.saturating_mul(u128::from(factor)));
    Some(u64::try_from(total).unwrap_or(u64::MAX))
}

fn mul(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}

/// Whether the feed-forward of a class has a gate, and so three matrices; that of these has two.
fn gated(class: &str) -> bool {
    let plain =
        ["GPTNeoX", "GPTJ", "GPT2", "GPTBigCode", "Bloom", "Falcon", "RW", "OPT", "MPT", "PhiForCausal", "Nemotron"];
    !plain.iter().any(|start| class.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::llm::model::named;

    #[test]
    fn gpt_neox_runs_no_adapters() {
        assert_eq!(supported("GPTNeoXForCausalLM"), Some(false));
        assert_eq!(supported("LlamaForCausalLM"), Some(true));
        assert_eq!(supported("NobodyKnows"), None);
        let lines = include_str!("classes.csv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(CLASSES.len(), lines);
    }

    #[test]
    fn llama_8b_at_rank_16_has_41_943_040_parameters_per_adapter() {
        // q 8192, k 5120, v 5120, o 8192, gate, up, down 18432 each: 81,920; x 16 x 32 layers = 41,943,040.
        let llama = named("Llama-3.1-8B").unwrap();
        assert_eq!(bytes(llama, 1, 16, Dtype::Bfloat16), Some(41_943_040 * 2));
        assert_eq!(bytes(llama, 2, 16, Dtype::Bfloat16), Some(41_943_040 * 4));
        // 4 x 8192 + 2 x 20480 = 73,728; x 16 x 28 = 33,030,144.
        let polyglot = named("polyglot-ko-5.8b").unwrap();
        assert_eq!(bytes(polyglot, 1, 16, Dtype::Float16), Some(33_030_144 * 2));
        assert_eq!(bytes(&Architecture { intermediate: None, ..polyglot.clone() }, 1, 16, Dtype::Float16), None);
        assert_eq!(bytes(polyglot, u64::MAX, u64::MAX, Dtype::Float16), Some(u64::MAX));
    }

    #[test]
    fn versions_of_tags() {
        for (tag, want) in [
            ("v0.4.0", Some((0, 4, 0))),
            ("v0.6.1.post2", Some((0, 6, 1))),
            ("0.6", Some((0, 6, 0))),
            ("v0.11.0-x86_64", Some((0, 11, 0))),
            ("latest", None),
            ("", None),
            ("v", None),
            ("v99999999999.1", None),
        ] {
            assert_eq!(version(tag), want, "{tag}");
        }
        assert!(version("v0.4.0").unwrap() < LOADED_AT_RUN_TIME_SINCE);
        assert!(version("v0.10.0").unwrap() > LOADED_AT_RUN_TIME_SINCE);
    }
}
