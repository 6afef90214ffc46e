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
            let problem = Problem::new(Code::MissingField, what);
            let problem = match &service.chart {
                Some(chart) => problem.because(format!(
                    "it is meant for Kubernetes, where the chart `{}` of Helm brings its image",
                    chart.name
                )),
                None => problem,
            };
            Err(problem
                .hint(format!("give `services.{name}.image`, as {{ name = \"docker.io/...\", tag = \"...\" }}"))
                .hint("where the blueprint is a built-in one, in a copy of it: rapplan init --own")
                .into())
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
