//! A key-value cache that is too small for the requests at once.

use crate::catalog::Gpu;
use crate::size::llm::{self, Load};
use crate::size::plan::Warning;

/// Id of the warning.
pub const ID: &str = "kv-cache-too-small";

/// Whether one copy of the model on these GPUs holds the requests that are asked for at once, and whether it runs there at all.
/// `queue` is the length of the queue from which the blueprint adds GPUs, when it names one.
pub fn check(service: &str, load: &Load, gpu: &Gpu, queue: Option<u64>) -> Option<Warning> {
    let facts = llm::facts(gpu);
    let on = if gpu.count == 1 { format!("one {}", facts.model) } else { format!("{} {}", gpu.count, facts.model) };
    let warning = |text: String, hint: String| Warning { id: ID.to_owned(), severe: true, text, hint: Some(hint) };
    let budget = match llm::budget(load, &facts, gpu.count) {
        Ok(budget) => budget,
        Err(refusal) => {
            let hint = ways(
                load,
                gpu,
                "take a GPU with more memory, more GPUs, quantised weights or a shorter --max-model-len",
            );
            return Some(warning(format!("{service} does not run on {on}: {}", refusal.because), hint));
        }
    };
    if budget.requests >= load.concurrent {
        return None;
    }
    let hundredths = budget.sequences_hundredths(load.request());
    let queued =
        queue.map(|queue| format!(", and GPUs are added only when more than {queue} wait")).unwrap_or_default();
    let text = format!(
        "{service} on {on} has a key-value cache of {} for {} tokens: {}.{} requests of {} tokens at once, and {} are to be \
         answered{queued}",
        cache_of_all(&budget),
        budget.tokens,
        hundredths / 100,
        hundredths % 100 / 10,
        load.request(),
        load.concurrent
    );
    Some(warning(
        text,
        ways(load, gpu, "the others wait; shorten the requests (--max-model-len) or quantise the weights"),
    ))
}

fn cache_of_all(budget: &llm::Budget) -> String {
    crate::units::Bytes(budget.cache.0.saturating_mul(budget.gpus.into())).approx()
}

/// What bears it, by the same arithmetic: this GPU and the next larger one of the table.
fn ways(load: &Load, gpu: &Gpu, otherwise: &str) -> String {
    let own = llm::facts(gpu);
    // Catalogues give a GPU a little less than its nominal size: the same model is no larger one.
    let larger =
        llm::gpus().iter().filter(|facts| facts.model != own.model && facts.memory > own.memory.max(gpu.memory));
    let larger = larger.min_by_key(|facts| facts.memory);
    let larger = larger.map(|facts| Gpu { model: facts.model.clone(), count: 1, memory: facts.memory });
    let sized = |gpu: &Gpu| {
        let need = llm::need(load, gpu).ok()?;
        let size = llm::facts(gpu).memory.0.max(1);
        let gpus = u64::from(need.instances).saturating_mul(need.each.gpu_memory.0 / size);
        Some(format!("{gpus} {}", gpu.model))
    };
    let ways: Vec<String> = [Some(gpu.clone()), larger].into_iter().flatten().filter_map(|gpu| sized(&gpu)).collect();
    match ways.is_empty() {
        true => otherwise.to_owned(),
        false => format!("{} would hold them; else {otherwise}", ways.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bytes;

    fn t4(count: u32) -> Gpu {
        Gpu { model: "T4".to_owned(), count, memory: Bytes::gib(16) }
    }

    fn load(concurrent: u64) -> Load {
        Load::new(llm::model_named("polyglot-ko-5.8b").unwrap().clone(), concurrent)
    }

    #[test]
    fn thirty_users_on_one_t4() {
        let got = check("vllm", &load(30), &t4(1), Some(10)).unwrap();
        assert!(got.severe);
        assert!(got.text.contains("1.54 GiB for 3600 tokens: 1.7 requests of 2048 tokens"), "{}", got.text);
        assert!(got.text.contains("30 are to be answered") && got.text.contains("more than 10 wait"), "{}", got.text);
        assert!(got.hint.unwrap().starts_with("4 T4 or "), "the need for 30 is 4 T4");
        assert_eq!(check("vllm", &load(1), &t4(1), None), None);
        assert_eq!(check("vllm", &load(30), &t4(4), None), None);
    }

    #[test]
    fn what_does_not_run_at_all_is_told() {
        let llama = Load::new(llm::model_named("Llama-3.1-70B").unwrap().clone(), 1);
        let got = check("vllm", &llama, &t4(1), None).unwrap();
        assert!(got.text.contains("does not run on one T4"), "{}", got.text);
        assert!(check("vllm", &load(1), &t4(0), None).is_some());
    }
}
