//! Adapters (LoRA) that the model class or the version of vLLM does not run.

use crate::size::llm::lora::{self, LOADED_AT_RUN_TIME_SINCE};
use crate::size::plan::Warning;

/// Id of the warning on a class without adapters.
pub const NO_ADAPTERS: &str = "adapters-not-supported";

/// Id of the warning on paths that the version lacks.
pub const NO_PATHS: &str = "adapter-paths-not-in-this-version";

/// Whether adapters run with the class of the model; nothing is said of classes that are not in the table.
pub fn class_without_adapters(service: &str, class: &str) -> Option<Warning> {
    (lora::supported(class) == Some(false)).then(|| Warning {
        id: NO_ADAPTERS.to_owned(),
        severe: true,
        text: format!("{service} is to run LoRA adapters on {class}, and vLLM runs none on that class ({})", lora::SOURCE),
        hint: Some(
            "merge each adapter into the weights and serve the results as models of their own, or take a model of a class that \
             runs adapters, such as LlamaForCausalLM, Qwen2ForCausalLM or ExaoneForCausalLM"
                .to_owned(),
        ),
    })
}

/// Whether the version of vLLM that the image tag names has the paths that load adapters into a running server.
pub fn paths_at_run_time(service: &str, tag: &str) -> Option<Warning> {
    let (major, minor, patch) = LOADED_AT_RUN_TIME_SINCE;
    let version = lora::version(tag).filter(|version| *version < LOADED_AT_RUN_TIME_SINCE)?;
    let pinned = format!("{}.{}.{}", version.0, version.1, version.2);
    Some(Warning {
        id: NO_PATHS.to_owned(),
        severe: true,
        text: format!(
            "{service} is to load adapters while it runs, and vLLM {pinned} has no path for that: they came with {major}.{minor}.{patch} \
             (vLLM pull request 6566, merged 2024-09-06)"
        ),
        hint: Some(format!(
            "pin vLLM {major}.{minor}.{patch} or newer and set VLLM_ALLOW_RUNTIME_LORA_UPDATING=True, or name all adapters at start \
             (--lora-modules)"
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gpt_neox_is_told() {
        let got = class_without_adapters("vllm", "GPTNeoXForCausalLM").unwrap();
        assert!(
            got.severe && got.text.contains("GPTNeoXForCausalLM") && got.hint.unwrap().contains("LlamaForCausalLM")
        );
        assert_eq!(class_without_adapters("vllm", "LlamaForCausalLM"), None);
        assert_eq!(class_without_adapters("vllm", "Unheard"), None);
        // The classes that the hint names do run adapters.
        for class in ["LlamaForCausalLM", "Qwen2ForCausalLM", "ExaoneForCausalLM"] {
            assert_eq!(lora::supported(class), Some(true));
        }
    }

    #[test]
    fn version_0_4_0_has_no_paths() {
        assert!(paths_at_run_time("vllm", "v0.4.0").unwrap().text.contains("vLLM 0.4.0"));
        assert!(paths_at_run_time("vllm", "v0.6.0").is_some());
        for tag in ["v0.6.1", "v0.11.0", "nightly", ""] {
            assert_eq!(paths_at_run_time("vllm", tag), None, "{tag}");
        }
    }
}
