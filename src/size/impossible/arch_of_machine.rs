//! An image for another architecture than that of the machine.

use super::families::{arch, of_arch};
use crate::blueprint::platform::Provider;
use crate::blueprint::service::Arch;
use crate::catalog::Machine;
use crate::size::plan::Warning;

/// Id of the warning.
pub const ID: &str = "architecture-mismatch";

/// What is known of the architectures of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Image<'a> {
    /// Architecture that the service is placed as, when the source says one.
    pub placed: Option<Arch>,
    /// Architectures that its image exists for, or of its base when it is built; empty when nothing is known.
    pub exists_for: &'a [Arch],
    /// Whether the user builds it.
    pub built: bool,
}

/// Whether the image runs on `machine`; `known` is the machine as the catalogue has it. Names both ways out: another family of
/// machines, and an image that exists for this one.
pub fn check(
    service: &str,
    provider: Provider,
    machine: &str,
    image: Image<'_>,
    known: Option<&Machine>,
) -> Option<Warning> {
    let has = known.map(|known| known.arch).or_else(|| arch(provider, machine))?;
    let exists = image.exists_for.is_empty() || image.exists_for.contains(&has);
    let placed = image.placed.filter(|placed| *placed != has);
    let only = image.exists_for.first().copied().filter(|_| !exists);
    let wanted = placed.or(only)?;
    let text = match exists {
        true => format!("{service} is planned as {} on {machine}, which is {}", wanted.word(), has.word()),
        false => {
            format!("the image of {service} exists for {} and {machine} is {}", words(image.exists_for), has.word())
        }
    };
    let other_machine = format!("take a family of {}, such as {}", wanted.word(), of_arch(provider, wanted));
    let other_image = match (exists && !image.exists_for.is_empty(), image.built) {
        (true, true) => {
            format!("build the image for {} too: its base exists for {}", has.word(), words(image.exists_for))
        }
        (true, false) => format!("run the image for {}: it exists for {}", has.word(), words(image.exists_for)),
        (false, _) => format!("use an image that exists for several architectures, {} among them", has.word()),
    };
    Some(Warning { id: ID.to_owned(), severe: true, text, hint: Some(format!("{other_machine}, or {other_image}")) })
}

fn words(all: &[Arch]) -> String {
    all.iter().map(|arch| arch.word()).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(placed: Option<Arch>, exists_for: &[Arch]) -> Image<'_> {
        Image { placed, exists_for, built: false }
    }

    #[test]
    fn arm_on_n2d_has_two_ways_out() {
        let only_arm = image(Some(Arch::Arm64), &[Arch::Arm64]);
        let got = check("chromadb", Provider::Gcp, "n2d-standard-2", only_arm, None).unwrap();
        assert!(got.severe);
        assert_eq!(got.text, "the image of chromadb exists for arm64 and n2d-standard-2 is amd64");
        let hint = got.hint.unwrap();
        assert!(hint.contains("t2a or c4a") && hint.contains("several architectures"), "{hint}");
        let both = Image { built: true, ..image(Some(Arch::Arm64), &[Arch::Amd64, Arch::Arm64]) };
        let got = check("ai-server", Provider::Gcp, "n2d-standard-2", both, None).unwrap();
        assert_eq!(got.text, "ai-server is planned as arm64 on n2d-standard-2, which is amd64");
        assert!(got.hint.unwrap().contains("build the image for amd64 too"));
    }

    #[test]
    fn what_agrees_or_is_unknown_passes() {
        let of = |machine, image| check("s", Provider::Aws, machine, image, None);
        assert_eq!(of("m7g.medium", image(Some(Arch::Arm64), &[Arch::Arm64])), None);
        assert_eq!(of("m7i.large", image(None, &[Arch::Amd64, Arch::Arm64])), None);
        assert_eq!(of("m7i.large", image(None, &[])), None);
        assert_eq!(of("u-6tb1.metal", image(Some(Arch::Arm64), &[Arch::Arm64])), None);
        assert!(of("m7i.large", image(None, &[Arch::Arm64])).is_some());
        assert!(of("m7i.large", image(Some(Arch::Arm64), &[])).is_some());
    }
}
