//! Which image a service runs.

use super::topology::{ImageRef, Variable};
use super::topology_names::variable_name;
use crate::blueprint::service::Service;
use crate::error::{Code, Problem, Result};

/// The image of a service. Images that the user builds are named by a required variable.
///
/// # Errors
/// The service has neither an image nor a build.
pub fn of(name: &str, service: &Service) -> Result<ImageRef> {
    match &service.image {
        Some(image) if !image.own => {
            let digest = Some(image.digest.clone()).filter(|digest| !digest.is_empty());
            Ok(ImageRef::Pinned { name: image.name.clone(), tag: image.tag.clone(), digest })
        }
        None if service.build.is_none() => {
            let what = format!("`{name}` has no image, so it cannot run in a container");
            Err(Problem::new(Code::MissingField, what).hint(format!("give `services.{name}.image`")).into())
        }
        _ => Ok(ImageRef::Variable { variable: variable(name) }),
    }
}

/// The variable for the image of a service that the user builds.
pub fn variable(name: &str) -> String {
    format!("{}_IMAGE", variable_name(name))
}

/// What is said of that variable.
pub fn explain(name: &str, service: &Service) -> Variable {
    let (image, tag) = service.image.as_ref().map_or((name, "1.0.0"), |image| (&image.name, &image.tag));
    Variable {
        name: variable(name),
        means: format!("image of {name} with its registry and a tag or digest that is never moved"),
        example: format!("registry.example.com/{image}:{tag}"),
        outside_compose: false,
    }
}
