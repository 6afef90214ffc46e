//! Which images the user's own services run: named by flags, or as so far, each with its digest.

use std::collections::BTreeMap;

use super::args::RolloutArgs;
use super::history::History;
use crate::blueprint::Blueprint;
use crate::blueprint::platform::Provider;
use crate::blueprint::service::Service;
use crate::cloud::aws::desire::image_problem;
use crate::cloud::image::short;
use crate::cloud::shown::Playable;
use crate::error::{Code, Problem, Result};
use crate::nearest::did_you_mean;

/// The images by service, each with its digest, and what one should know of them. A service for which none is named keeps the
/// one that it has. In a simulated cloud nothing is pulled, so that a new one gets a name as a release could make it.
///
/// # Errors
/// What is not `SERVICE=IMAGE`, and services that do not exist.
pub fn images<S: Playable>(
    blueprint: &Blueprint,
    provider: Provider,
    args: &RolloutArgs,
    world: &S,
    history: &History,
) -> Result<(BTreeMap<String, String>, Vec<String>)> {
    let mut images = args.images()?;
    if let Some(unknown) = images.keys().find(|service| !blueprint.services.contains_key(service.as_str())) {
        let known = blueprint.services.keys().map(String::as_str);
        return Err(Problem::new(Code::UnknownName, format!("--image: there is no service `{unknown}`"))
            .hint_opt(did_you_mean(unknown, known))
            .hint(format!("see the services: rapplan blueprints show {}", blueprint.name))
            .into());
    }
    let fixed = images.keys().find(|service| blueprint.services.get(*service).is_some_and(|service| !is_own(service)));
    if let Some(fixed) = fixed {
        return Err(Problem::new(Code::BadValue, format!("--image: the image of `{fixed}` is the blueprint's"))
            .because("it is pinned there with its digest, and its configuration was made for that version")
            .hint(format!(
                "to run another, name it in a blueprint of your own (rapplan init --own): services.{fixed}.image"
            ))
            .into());
    }
    let patterns = blueprint.release.as_ref().map_or(&[][..], |release| &release.tags);
    // A tag that moves is told as such later: with its digest it could not be seen any more.
    for (_, image) in images.iter_mut().filter(|(service, image)| image_problem(service, image, patterns).is_none()) {
        *image = world.resolved(image);
    }
    let mut notes = Vec::new();
    // What a run that was cut short wanted goes on, unless something else is said.
    let kept = history.unfinished().or_else(|| history.current()).map(|entry| &entry.images);
    for (name, service) in
        blueprint.services.iter().filter(|(_, service)| is_own(service) && is_on(blueprint, service, provider))
    {
        if images.contains_key(name) {
            continue;
        }
        if let Some(image) = kept.and_then(|kept| kept.get(name)) {
            notes.push(format!("{name} keeps {}, as no other image was named: --image {name}=...", short(image)));
            images.insert(name.clone(), image.clone());
        } else if args.place.simulate {
            let image = imagined(name, service, patterns);
            notes.push(format!("{name} runs {image} in this simulation, as no image was named: --image {name}=..."));
            images.insert(name.clone(), world.resolved(&image));
        }
    }
    Ok((images, notes))
}

/// Whether the user builds the image.
fn is_own(service: &Service) -> bool {
    service.image.as_ref().is_none_or(|image| image.own)
}

/// Whether a service runs on a cloud: one that is placed on another does not.
fn is_on(blueprint: &Blueprint, service: &Service, provider: Provider) -> bool {
    let cloud = service.placement.as_ref().and_then(|placement| blueprint.clouds.get(&placement.cloud));
    cloud.is_none_or(|cloud| cloud.provider == provider)
}

/// An image as a release could make it.
fn imagined(name: &str, service: &Service, patterns: &[String]) -> String {
    let (image, tag) = service.image.as_ref().map_or((name, "1.0.0"), |image| (&image.name, &image.tag));
    let unique: Vec<&String> = patterns.iter().filter(|pattern| pattern.contains('{')).collect();
    // A release of a version is told from one of a branch.
    let pattern = unique.iter().find(|pattern| pattern.contains("{version}")).or(unique.first());
    let tag = pattern.map_or_else(|| tag.to_owned(), |pattern| filled(pattern));
    format!("registry.example.com/{image}:{tag}")
}

/// A pattern with something in the place of each placeholder that looks as it should.
fn filled(pattern: &str) -> String {
    let examples =
        [("{version}", "1.0.0"), ("{commit}", "a1b2c3d"), ("{timestamp}", "202601121400"), ("{branch}", "main")];
    let tag = examples.iter().fold(pattern.to_owned(), |tag, (name, example)| tag.replace(name, example));
    tag.replace(['{', '}'], "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::builtin::BUILTIN;

    #[test]
    fn what_is_imagined_could_be_released() {
        for (name, file, text) in BUILTIN {
            let blueprint = Blueprint::parse(file, text).unwrap().blueprint;
            let patterns = blueprint.release.as_ref().map_or(&[][..], |release| &release.tags);
            for (service, of) in blueprint.services.iter().filter(|(_, of)| is_own(of)) {
                let image = imagined(service, of, patterns);
                assert!(image_problem(service, &image, patterns).is_none(), "{name}: {image}");
            }
        }
        assert_eq!(filled("dev-{branch}-{timestamp}"), "dev-main-202601121400");
        assert_eq!(filled("{odd}"), "odd");
    }
}
