//! What a machine is, by its name alone: which GPUs its family carries and of which architecture it is.

use std::sync::LazyLock;

use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::size::llm::rows::rows;

/// A machine family with GPUs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Provider.
    pub provider: Provider,
    /// How names of its machines begin: `g2-`.
    pub start: &'static str,
    /// Models of GPU that it carries, the usual one first.
    pub gpus: Vec<&'static str>,
    /// Whether they are attached on request, and not in the machine anyway.
    pub attached: bool,
    /// A machine of it.
    pub example: &'static str,
}

static TABLE: LazyLock<Vec<Family>> =
    LazyLock::new(|| rows(include_str!("families.csv"), 5).filter_map(read).collect());

fn read(cells: Vec<&'static str>) -> Option<Family> {
    let [provider, start, gpus, how, example] = cells.try_into().ok()?;
    let provider = Provider::ALL.into_iter().find(|(word, _)| *word == provider)?.1;
    Some(Family { provider, start, gpus: gpus.split('|').collect(), attached: how == "attached", example })
}

/// What a family is known to carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carries {
    /// GPUs of these models.
    Gpus(&'static Family),
    /// No GPU.
    Nothing,
    /// It is not in the table.
    Unknown,
}

/// Classes of AWS that carry no GPU: general, compute, memory, burstable, storage.
const WITHOUT_ON_AWS: [&str; 13] = ["m", "c", "r", "t", "i", "is", "im", "d", "x", "z", "a", "h", "hpc"];

/// The letters that a name begins with.
fn class(machine: &str) -> &str {
    machine.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default()
}

/// The GPUs that the family of a machine carries. Families that are neither in the table nor certain to be without are unknown:
/// a newer one may have any.
pub fn carries(provider: Provider, machine: &str) -> Carries {
    if let Some(family) = TABLE.iter().find(|family| family.provider == provider && machine.starts_with(family.start)) {
        return Carries::Gpus(family);
    }
    let without = match provider {
        // Google attaches GPUs to N1 only; the other families with GPUs are a and g.
        Provider::Gcp => google(machine).is_some() && !machine.starts_with(['a', 'g']),
        Provider::Aws => amazon(machine).is_some() && WITHOUT_ON_AWS.contains(&class(machine)),
        Provider::BareMetal => false,
    };
    if without { Carries::Nothing } else { Carries::Unknown }
}

/// A machine of the provider that carries that GPU: `g4dn.xlarge`, `n1-standard-4 with a T4`.
pub fn with_gpu(provider: Provider, gpu: &str) -> Option<String> {
    let family = TABLE.iter().find(|family| family.provider == provider && family.gpus.contains(&gpu))?;
    Some(match family.attached {
        true => format!("{} with a {gpu} attached", family.example),
        false => family.example.to_owned(),
    })
}

/// Architecture of a machine, by the rules of its provider's names; `None` when they do not tell.
pub fn arch(provider: Provider, machine: &str) -> Option<Arch> {
    match provider {
        Provider::Gcp => google(machine),
        Provider::Aws => amazon(machine),
        Provider::BareMetal => None,
    }
}

/// Google: T2A, C4A, N4A (Arm) and A4X (Grace) are ARM, the others x86-64 (cloud.google.com/compute/docs/machine-resource).
fn google(machine: &str) -> Option<Arch> {
    const ARM: [&str; 4] = ["t2a", "c4a", "n4a", "a4x"];
    const X86: [&str; 25] = [
        "e2", "f1", "g1", "n1", "n2", "n2d", "n4", "n4d", "c2", "c2d", "c3", "c3d", "c4", "c4d", "t2d", "m1", "m2",
        "m3", "m4", "h3", "z3", "a2", "a3", "a4", "g2",
    ];
    let (family, _) = machine.split_once('-')?;
    match family {
        family if ARM.contains(&family) => Some(Arch::Arm64),
        family if X86.contains(&family) => Some(Arch::Amd64),
        _ => None,
    }
}

/// AWS: letters of the class, digit of the generation, then letters of which `g` means Graviton; `a1` is Graviton too
/// (docs.aws.amazon.com/ec2, "Instance type names").
fn amazon(machine: &str) -> Option<Arch> {
    let (family, _) = machine.split_once('.')?;
    let digit = family.find(|c: char| c.is_ascii_digit()).filter(|at| *at > 0)?;
    let (class, rest) = family.split_at(digit);
    // Other names, such as u-6tb1, u7i and mac2, do not follow the rule.
    if !class.bytes().all(|b| b.is_ascii_lowercase()) || ["u", "mac"].contains(&class) {
        return None;
    }
    let arm = class == "a" || rest.trim_start_matches(|c: char| c.is_ascii_digit()).split('-').next()?.contains('g');
    Some(if arm { Arch::Arm64 } else { Arch::Amd64 })
}

/// ARM families of a provider that one can turn to.
pub fn of_arch(provider: Provider, arch: Arch) -> &'static str {
    match (provider, arch) {
        (Provider::Gcp, Arch::Arm64) => "t2a or c4a",
        (Provider::Gcp, Arch::Amd64) => "n2d or e2",
        (Provider::Aws, Arch::Arm64) => "m7g or t4g",
        (Provider::Aws, Arch::Amd64) => "m7i or m7a",
        (Provider::BareMetal, Arch::Arm64) => "ARM servers",
        (Provider::BareMetal, Arch::Amd64) => "x86-64 servers",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        let lines = include_str!("families.csv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(TABLE.len(), lines);
        assert!(TABLE.iter().all(|family| family.example.starts_with(family.start)));
    }

    #[test]
    fn true_pairs() {
        let gpus = |provider, machine| match carries(provider, machine) {
            Carries::Gpus(family) => family.gpus.clone(),
            Carries::Nothing => vec!["-"],
            Carries::Unknown => vec!["?"],
        };
        assert_eq!(gpus(Provider::Gcp, "g2-standard-4"), ["L4"]);
        assert_eq!(gpus(Provider::Gcp, "n1-standard-8"), ["T4", "V100", "P100", "P4"]);
        assert_eq!(gpus(Provider::Gcp, "n2d-standard-2"), ["-"]);
        assert_eq!(gpus(Provider::Gcp, "g4-standard-48"), ["?"]);
        assert_eq!(gpus(Provider::Aws, "g5.2xlarge"), ["A10G"]);
        assert_eq!(gpus(Provider::Aws, "m7g.medium"), ["-"]);
        assert_eq!(gpus(Provider::Aws, "trn1.2xlarge"), ["?"]);
        assert_eq!(gpus(Provider::BareMetal, "g2-standard-4"), ["?"]);
        assert_eq!(with_gpu(Provider::Gcp, "T4").as_deref(), Some("n1-standard-4 with a T4 attached"));
        assert_eq!(with_gpu(Provider::Aws, "T4").as_deref(), Some("g4dn.xlarge"));
        assert_eq!(with_gpu(Provider::Aws, "P4"), None);
    }

    #[test]
    fn architecture_by_name() {
        let arm = Some(Arch::Arm64);
        let x86 = Some(Arch::Amd64);
        for (provider, machine, want) in [
            (Provider::Gcp, "n2d-standard-2", x86),
            (Provider::Gcp, "t2a-standard-2", arm),
            (Provider::Gcp, "c4a-highmem-4", arm),
            (Provider::Gcp, "c9z-standard-4", None),
            (Provider::Gcp, "", None),
            (Provider::Aws, "m7g.medium", arm),
            (Provider::Aws, "t4g.small", arm),
            (Provider::Aws, "c7gn.large", arm),
            (Provider::Aws, "g5.xlarge", x86),
            (Provider::Aws, "g5g.xlarge", arm),
            (Provider::Aws, "g4dn.xlarge", x86),
            (Provider::Aws, "m7i-flex.large", x86),
            (Provider::Aws, "a1.medium", arm),
            (Provider::Aws, "u7i-12tb.224xlarge", None),
            (Provider::Aws, "x", None),
            (Provider::Aws, ".", None),
            (Provider::BareMetal, "m7g.medium", None),
        ] {
            assert_eq!(arch(provider, machine), want, "{machine}");
        }
    }
}
