//! Images of the user's own services: named so that a version can be gone back to.

use std::collections::BTreeSet;

use super::layout::{Layout, Server};
use crate::design::topology::{ImageRef, Unit};
use crate::error::{Code, Error, Problem, Result};

/// Services of a stack whose images the user builds, each once.
pub(in crate::cloud) fn own<'a>(layout: &'a Layout<'_>, server: &Server) -> impl Iterator<Item = &'a str> {
    let units = layout.stack(server).into_iter().flat_map(|stack| &stack.units);
    let own = units.filter(|unit| matches!(unit.image, ImageRef::Variable { .. }));
    own.map(|unit| unit.service.as_str()).collect::<BTreeSet<_>>().into_iter()
}

/// Checks every image of the deployment.
///
/// # Errors
/// An image is not named, or by a tag that moves, or by one that the blueprint's release does not make.
pub(in crate::cloud) fn check(layout: &Layout<'_>) -> Result<()> {
    let patterns = layout.blueprint.release.as_ref().map_or(&[][..], |release| &release.tags);
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for unit in layout.topology.stacks.iter().flat_map(|stack| &stack.units) {
        if !seen.insert(&unit.service) {
            continue;
        }
        problems.extend(match &unit.image {
            ImageRef::Variable { .. } => match layout.terms.images.get(&unit.service) {
                Some(image) => problem(&unit.service, image, patterns),
                None => Some(missing(unit)),
            },
            ImageRef::Pinned { name, tag, digest: None } => problem(&unit.service, &format!("{name}:{tag}"), &[]),
            ImageRef::Pinned { .. } => None,
        });
    }
    Error::check(problems)
}

fn missing(unit: &Unit) -> Problem {
    Problem::new(Code::MissingField, format!("no image is named for `{}`, which you build yourself", unit.service))
        .hint(format!("name it: --image {}=REGISTRY/NAME@sha256:...", unit.service))
}

/// What is wrong with the name of a service's image: a digest that is none, a tag that moves, or one that no release makes.
pub fn problem(service: &str, image: &str, patterns: &[String]) -> Option<Problem> {
    if !is_reference(image) {
        let what = format!("the image of `{service}`: `{image}` is not the name of an image");
        return Some(
            Problem::new(Code::BadValue, what)
                .because("names have letters, digits and `. _ - / :`, a tag at most 128 of them, and nothing else")
                .hint("for example `registry.example/api:1.4.2`, or `registry.example/api@sha256:...`"),
        );
    }
    if let Some((_, digest)) = image.split_once('@') {
        let hex = digest.strip_prefix("sha256:").filter(|hex| hex.len() == 64);
        let is_hex = hex.is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
        let what = format!("the image of `{service}`: `{digest}` is no digest");
        return (!is_hex).then(|| Problem::new(Code::BadValue, what).hint("give `sha256:` and 64 hexadecimal digits"));
    }
    // What follows a colon before a slash is the port of a registry.
    let tag = image.rsplit_once(':').map(|(_, tag)| tag).filter(|tag| !tag.contains('/'));
    let moving = |what: String| {
        Problem::new(Code::MovingTag, what)
            .because("machines that are started later, or to go back, would run something else than those before")
            .hint("name the image by its digest: `name@sha256:...`")
    };
    match tag {
        None => Some(moving(format!("the image of `{service}` has no tag, which means `latest`"))),
        Some("latest") => Some(moving(format!("the image of `{service}` has the tag `latest`, which moves"))),
        Some(tag) => {
            let unique: Vec<&String> = patterns.iter().filter(|pattern| pattern.contains('{')).collect();
            let fits = unique.is_empty() || unique.iter().any(|pattern| matches(pattern, tag));
            let known = unique.iter().map(|pattern| format!("`{pattern}`")).collect::<Vec<_>>().join(" or ");
            let what = format!("the tag `{tag}` of the image of `{service}` is none that a release makes");
            (!fits).then(|| moving(what).hint(format!("or give one of the form {known}")))
        }
    }
}

/// Longest tag (the grammar of references of the distribution project, read 2026-11-21).
const LONGEST_TAG: usize = 128;

/// Whether a text can name an image. It goes into start-up scripts and files of variables, where a quote or a line break would
/// be more than a name.
fn is_reference(image: &str) -> bool {
    let (name, digest) = image.split_once('@').map_or((image, None), |(name, digest)| (name, Some(digest)));
    let word = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let tag = name.rsplit_once(':').map(|(_, tag)| tag).filter(|tag| !tag.contains('/'));
    let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_alphanumeric());
    begins(name)
        && name.chars().all(|c| word(c) || "/:".contains(c))
        && !name.contains("//")
        && !name.ends_with(['/', ':'])
        && tag.is_none_or(|tag| tag.len() <= LONGEST_TAG && tag.chars().all(word))
        && digest.is_none_or(|digest| digest.chars().all(|c| word(c) || c == ':'))
}

/// Whether a tag has the form of a pattern: `prod-{version}-{commit}`.
fn matches(pattern: &str, tag: &str) -> bool {
    let Some((before, rest)) = pattern.split_once('{') else { return pattern == tag };
    let (Some(tag), Some((name, after))) = (tag.strip_prefix(before), rest.split_once('}')) else { return false };
    let ends = (1..=tag.len()).filter(|end| tag.is_char_boundary(*end));
    ends.into_iter().any(|end| is_a(name, &tag[..end]) && matches(after, &tag[end..]))
}

/// Whether a text is what a placeholder stands for: a time to the minute, a commit, a version, or a word.
fn is_a(name: &str, text: &str) -> bool {
    let all = |test: fn(char) -> bool| text.chars().all(test);
    match name {
        "timestamp" => text.len() == 12 && all(|c| c.is_ascii_digit()),
        "commit" => (7..=40).contains(&text.len()) && all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)),
        "version" => {
            let number = text.strip_prefix('v').unwrap_or(text);
            number.split('.').count() >= 2 && number.split('.').all(|part| part.parse::<u32>().is_ok())
        }
        _ => all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns() -> Vec<String> {
        ["dev-{branch}-{timestamp}", "prod-{version}-{commit}", "latest"].map(str::to_owned).into()
    }

    #[test]
    fn tags_are_those_that_a_release_makes() {
        let code = |image: &str| problem("api", image, &patterns()).map(|problem| problem.code);
        let digest = "0".repeat(64);
        for good in
            ["r/api:dev-feat-login-202601121400", "r/api:prod-v1.0.2-a1b2c3d", "localhost:5000/api:prod-1.0-a1b2c3d"]
        {
            assert_eq!(code(good), None, "{good}");
        }
        assert_eq!(code(&format!("r/api@sha256:{digest}")), None);
        assert_eq!(code(&format!("r/api:latest@sha256:{digest}")), None);
        for bad in [
            "r/api",
            "r/api:latest",
            "localhost:5000/api",
            "r/api:1.0.0",
            "r/api:prod-v1-a1b2c3d",
            "r/api:dev-x-20260112",
        ] {
            assert_eq!(code(bad), Some(Code::MovingTag), "{bad}");
        }
        assert_eq!(code("r/api@sha256:abc"), Some(Code::BadValue));
        for no_name in [
            "",
            "r/api:prod-v1.0.2-a1b2c3d\nX=1",
            "r/a\"b:prod-v1.0.2-a1b2c3d",
            "r/a$(id):prod-v1.0.2-a1b2c3d",
            "r/a b:prod-v1.0.2-a1b2c3d",
            "-r/api:prod-v1.0.2-a1b2c3d",
            "r//api:prod-v1.0.2-a1b2c3d",
            "r/api:",
            &format!("r/api:{}", "a".repeat(129)),
        ] {
            assert_eq!(code(no_name), Some(Code::BadValue), "{no_name}");
        }
    }
}
