use proptest::prelude::*;

use super::*;
use crate::size::llm::gpu;
use crate::size::llm::load::{ACTIVATIONS, Adapters};
use crate::size::llm::model::named;
use crate::units::Share;

fn polyglot(activations: Bytes) -> Load {
    let load = Load::new(named("EleutherAI/polyglot-ko-5.8b").unwrap().clone(), 1);
    Load { activations: (activations, activations), ..load }
}

fn of(visible: Bytes) -> GpuFacts {
    GpuFacts { visible, ..gpu::named("T4").unwrap().clone() }
}

#[test]
fn one_token_of_polyglot_takes_458_752_bytes() {
    // 2 x 28 layers x 16 heads x 256 x 2 bytes.
    let load = polyglot(Bytes(0));
    assert_eq!(per_token(&load.model, Dtype::Float16, false, 1), Bytes(458_752));
    assert_eq!(per_token(&load.model, Dtype::Float16, true, 1), Bytes(229_376));
    assert_eq!(per_token(&load.model, Dtype::Float16, false, 2), Bytes(229_376));
    // 5,885,059,072 x 2 bytes = 10.96 GiB.
    let weights = weights(&load.model, Dtype::Float16, None);
    assert_eq!((weights, weights.approx().as_str()), (Bytes(11_770_118_144), "11 GiB"));
    assert_eq!((weights.as_gib() * 100.0).round(), 1096.0);
}

#[test]
fn two_gib_of_cache_are_2_28_sequences() {
    let weights = weights(&polyglot(Bytes(0)).model, Dtype::Float16, None);
    let load = Load { utilization: Share::percent(100), ..polyglot(Bytes(0)) };
    let got = budget(&load, &of(Bytes(weights.0 + Bytes::gib(2).0)), 1).unwrap();
    assert_eq!((got.cache, got.tokens, got.sequences_hundredths(2048), got.requests), (Bytes::gib(2), 4_681, 228, 2));
}

#[test]
fn t4_and_l4_with_half_a_gib_to_one_of_activations() {
    let (least, most) = ACTIVATIONS;
    let tokens = |activations, visible| budget(&polyglot(activations), &of(visible), 1).unwrap().tokens;
    let t4 = Bytes::gib(15);
    assert_eq!((tokens(most, t4), tokens(least, t4)), (3_600, 4_770));
    let l4 = Bytes(Bytes::gib(45).0 / 2);
    assert_eq!((tokens(most, l4), tokens(least, l4)), (19_399, 20_569));
    // The table's own figure for the L4 is 23,034 MiB.
    let got = budget(&polyglot(most), gpu::named("L4").unwrap(), 1).unwrap();
    assert_eq!((got.tokens, got.requests), (19_386, 9));
}

#[test]
fn weights_and_cache_divide_among_gpus_when_the_heads_do() {
    let load = polyglot(Bytes(0));
    let t4 = gpu::named("T4").unwrap();
    let two = budget(&load, t4, 2).unwrap();
    assert_eq!((two.weights, two.per_token), (Bytes(5_885_059_072), Bytes(229_376)));
    let refusal = budget(&load, t4, 3).unwrap_err();
    assert_eq!(refusal.bottleneck, Bottleneck::Gpu);
    assert!(refusal.because.contains("16 attention heads"), "{}", refusal.because);
    assert!(budget(&load, t4, 0).is_err());
    // Qwen2.5 7B: 28 heads over 7 GPUs would do, its 4 key-value heads do not.
    let qwen = named("Qwen/Qwen2.5-7B-Instruct").unwrap();
    assert!(divides(qwen, 7).unwrap_err().because.contains("4 key-value heads"));
    assert!(divides(qwen, 4).is_ok());
    // Key-value heads are repeated when there are fewer than GPUs.
    let wide = Architecture { kv_heads: 2, heads: 16, ..qwen.clone() };
    assert!(divides(&wide, 8).is_ok());
    assert_eq!(per_token(&wide, Dtype::Float16, false, 8), per_token(&wide, Dtype::Float16, false, 2));
}

#[test]
fn quantised_weights_keep_their_embeddings() {
    let llama = named("Llama-3.1-8B").unwrap();
    // 128,256 x 4,096 x 2 = 1,050,673,152 stay in 2 bytes; 6,979,588,096 take 532 bits for each 128.
    let embeddings = 1_050_673_152 * 2;
    assert_eq!(weights(llama, Dtype::Float16, Some(Quantization::Awq)).0, 6_979_588_096 / 128 * 532 / 8 + embeddings);
    assert_eq!(weights(llama, Dtype::Float16, Some(Quantization::Fp8)).0, 6_979_588_096 + embeddings);
    let load = Load { quantization: Some(Quantization::Fp8), ..Load::new(llama.clone(), 1) };
    let why = budget(&load, gpu::named("A100").unwrap(), 1).unwrap_err().because;
    assert!(why.contains("8.9") && why.contains("8.0"), "{why}");
}

#[test]
fn adapters_by_the_layers_or_by_the_share() {
    let two = Some(Adapters { max: 2, rank: None, share: Some(Share::percent(20)) });
    let load = Load { adapters: two, ..polyglot(Bytes(0)) };
    let t4 = gpu::named("T4").unwrap();
    assert_eq!(budget(&load, t4, 1).unwrap().adapters, Bytes(2 * 33_030_144 * 2));
    // A fifth of weights and cache is a sixth of all: 13.5 GiB / 6 = 2.25 GiB, and the rest no longer holds a sequence.
    let unknown = Load { model: Architecture { intermediate: None, ..load.model.clone() }, ..load };
    let refusal = budget(&unknown, t4, 1).unwrap_err();
    assert!(refusal.because.contains("295 MiB"), "{}", refusal.because);
    let l4 = gpu::named("L4").unwrap();
    assert_eq!(budget(&unknown, l4, 1).unwrap().adapters.0, (l4.visible.0 * 9 / 10).div_ceil(6));
}

#[test]
fn what_does_not_fit_says_by_how_much() {
    let load = Load::new(named("Llama-3.1-70B").unwrap().clone(), 1);
    let refusal = budget(&load, gpu::named("L4").unwrap(), 1).unwrap_err();
    assert_eq!(refusal.bottleneck, Bottleneck::GpuMemory);
    assert!(refusal.because.contains("132 GiB") && refusal.because.contains("20.2 GiB"), "{}", refusal.because);
    // 131,072 tokens of 128 KiB are 16 GiB: too long a context for an L4, and fine when it is cut.
    let long = Load::new(named("Llama-3.1-8B").unwrap().clone(), 1);
    assert!(budget(&long, gpu::named("L4").unwrap(), 1).unwrap_err().because.contains("one sequence of 131072"));
    assert!(budget(&Load { context: Some(8_192), ..long }, gpu::named("L4").unwrap(), 1).is_ok());
}

proptest! {
    #[test]
    fn no_input_panics(
        sizes: [u64; 8], context: Option<u64>, request: Option<u64>, utilization: u64, activations: u64,
        block: u64, visible: u64, gpus: u32, max: u64, rank: Option<u64>, share: u64, fp8: bool,
    ) {
        let [layers, hidden, heads, kv_heads, head_size, vocab, parameters, longest] = sizes;
        let model = Architecture {
            layers, hidden, heads, kv_heads, head_size, parameters,
            vocab: Some(vocab), intermediate: Some(hidden), context: longest,
            ..named("polyglot-ko-5.8b").unwrap().clone()
        };
        let load = Load {
            context, request, block, kv_fp8: fp8,
            utilization: Share(utilization),
            activations: (Bytes(0), Bytes(activations)),
            quantization: fp8.then_some(Quantization::Awq),
            adapters: Some(Adapters { max, rank, share: Some(Share(share)) }),
            ..Load::new(model, u64::MAX)
        };
        if let Ok(got) = budget(&load, &of(Bytes(visible)), gpus) {
            let parts = [got.weights, got.adapters, got.activations, got.cache];
            prop_assert_eq!(parts.into_iter().map(|part| u128::from(part.0)).sum::<u128>(), u128::from(got.usable.0));
        }
    }

    #[test]
    fn a_longer_context_and_longer_requests_never_let_more_in(a in 1u64..4096, b in 1u64..4096, c in 1u64..4096) {
        let requests = |context, request| {
            let load = Load { context: Some(context), request: Some(request), ..polyglot(Bytes::mib(512)) };
            budget(&load, gpu::named("T4").unwrap(), 1).map_or(0, |got| got.requests)
        };
        let (short, long) = (a.min(b), a.max(b));
        prop_assert!(requests(long, c) <= requests(short, c));
        prop_assert!(requests(c, long) <= requests(c, short));
    }
}
