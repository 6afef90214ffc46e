//! A GPU that the machine does not carry.

use super::families::{Carries, carries, with_gpu};
use crate::blueprint::platform::Provider;
use crate::catalog::Machine;
use crate::size::llm::short_name;
use crate::size::plan::Warning;

/// Id of the warning.
pub const ID: &str = "gpu-not-in-this-machine";

/// Whether `machine` carries `gpu`; `known` is the machine as the catalogue has it. Names both ways out: the machine that has
/// that GPU, and the GPU that this machine has. Nothing is said of families that nothing is known of.
pub fn check(service: &str, provider: Provider, machine: &str, gpu: &str, known: Option<&Machine>) -> Option<Warning> {
    let wanted = short_name(gpu);
    let (has, attached) = match (known, carries(provider, machine)) {
        // A catalogue that lists N1 without its attachments does not say that nothing can be attached.
        (_, Carries::Gpus(family)) if family.attached => (family.gpus.clone().join(", "), true),
        (Some(known), _) => (known.gpu.as_ref().map(|gpu| short_name(&gpu.model)).unwrap_or_default(), false),
        (None, Carries::Gpus(family)) => (family.gpus.join(", "), false),
        (None, Carries::Nothing) => (String::new(), false),
        (None, Carries::Unknown) => return None,
    };
    if has.split(", ").any(|model| short_name(model) == wanted) {
        return None;
    }
    let text = match (has.is_empty(), attached) {
        (true, _) => format!("{service} asks for a {wanted} in {machine}, which carries no GPU"),
        (false, true) => format!("{service} asks for a {wanted} in {machine}, to which only {has} can be attached"),
        (false, false) => format!("{service} asks for a {wanted} in {machine}, which carries {has} and nothing else"),
    };
    let there = with_gpu(provider, &wanted).map(|machine| format!("take {machine}"));
    let here = (!has.is_empty()).then(|| format!("keep {machine} and plan for its {has}"));
    let ways: Vec<String> = there.into_iter().chain(here).collect();
    let hint = match ways.is_empty() {
        true => {
            "ask for GPU memory (needs.gpu_memory) and leave machine and GPU out: one that has it is picked".to_owned()
        }
        false => format!("{}; or ask for GPU memory alone, and a machine that has it is picked", ways.join(", or ")),
    };
    Some(Warning { id: ID.to_owned(), severe: true, text, hint: Some(hint) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_t4_in_g2_has_two_ways_out() {
        let got = check("vllm", Provider::Gcp, "g2-standard-4", "T4", None).unwrap();
        assert!(got.severe);
        assert_eq!(got.text, "vllm asks for a T4 in g2-standard-4, which carries L4 and nothing else");
        let hint = got.hint.unwrap();
        assert!(hint.contains("n1-standard-4 with a T4 attached") && hint.contains("keep g2-standard-4"), "{hint}");
    }

    #[test]
    fn true_pairs_and_unknown_families_pass() {
        for (provider, machine, gpu) in [
            (Provider::Gcp, "g2-standard-4", "nvidia-l4"),
            (Provider::Gcp, "n1-standard-4", "nvidia-tesla-t4"),
            (Provider::Gcp, "a2-ultragpu-1g", "A100 80GB"),
            (Provider::Gcp, "g4-standard-48", "RTX PRO 6000"),
            (Provider::Aws, "g4dn.xlarge", "Tesla T4"),
            (Provider::Aws, "p5.48xlarge", "H100"),
            (Provider::BareMetal, "anything", "T4"),
        ] {
            assert_eq!(check("s", provider, machine, gpu, None), None, "{machine} {gpu}");
        }
    }

    #[test]
    fn machines_without_gpus_and_wrong_attachments() {
        let of =
            |provider, machine, gpu| check("s", provider, machine, gpu, None).map(|got| got.text + &got.hint.unwrap());
        assert!(of(Provider::Aws, "m7g.medium", "T4").unwrap().contains("carries no GPUtake g4dn.xlarge"));
        assert!(
            of(Provider::Gcp, "n1-standard-4", "L4").unwrap().contains("take g2-standard-4, or keep n1-standard-4")
        );
        assert!(of(Provider::Gcp, "e2-medium", "Z9").unwrap().contains("needs.gpu_memory"));
        assert!(of(Provider::Aws, "", "").is_none());
    }
}
