//! The flags of the commands that change a deployment, or say how they would.

use std::collections::BTreeMap;

use crate::cli::cloud_args::CloudArgs;
use crate::cli::demand_args::DemandArgs;
use crate::error::{Code, Problem, Result};

/// What is wanted, and where.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct RolloutArgs {
    /// Which deployment, and in which world.
    #[command(flatten)]
    pub place: PlaceArgs,
    /// Tier to deploy [default: the smallest that bears the demand]
    #[arg(long, value_name = "NAME")]
    tier: Option<String>,
    /// Image of a service, with a tag that never moves or a digest: api=registry.example/api:1.4.2
    #[arg(long = "image", value_name = "SERVICE=IMAGE", help_heading = "Release")]
    images: Vec<String>,
    /// Shares of the requests that a new version gets, one after the other, in percent: 10,50,100
    #[arg(long, value_name = "PERCENT", value_delimiter = ',', help_heading = "Release")]
    pub steps: Vec<u16>,
    /// How long each step before the last is watched
    #[arg(long, value_name = "SPAN", help_heading = "Release", default_value = "5m")]
    pub step_bake: crate::units::Span,
    /// How long the old version is kept whole after the last step
    #[arg(long, value_name = "SPAN", help_heading = "Release", default_value = "5m")]
    pub bake: crate::units::Span,
    /// Reckon with what is demanded at this hour of the day, where the blueprint says how much that is: 03:00
    #[arg(long, value_name = "HH:MM", value_parser = minute, help_heading = "Release")]
    pub at: Option<u32>,
    /// Alarm that stops a release while it fires, and takes it back; can be given several times
    #[arg(long = "alarm", value_name = "NAME", value_parser = one_line, help_heading = "Release")]
    pub alarms: Vec<String>,
    /// Agree that services on one machine with data are away while it is replaced
    #[arg(long, help_heading = "Release")]
    pub allow_interruption: bool,
    /// What must be borne.
    #[command(flatten)]
    demand: DemandArgs,
    /// Which machines and prices are taken.
    #[command(flatten)]
    cloud: CloudArgs,
}

/// Which deployment, and in which world.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct PlaceArgs {
    /// Name of the deployment [default: the blueprint's name]
    #[arg(long, value_name = "NAME")]
    deployment: Option<String>,
    /// Work in a simulated cloud, without an account; its world is kept in .rapplan/simulated
    #[arg(long)]
    pub simulate: bool,
    /// Bucket that the history is kept in, such as s3://acme-releases/rapplan [default: .rapplan/history]
    #[arg(long, value_name = "URL")]
    history_bucket: Option<String>,
}

impl RolloutArgs {
    /// The images that were named, by service.
    ///
    /// # Errors
    /// What is not `SERVICE=IMAGE`.
    pub fn images(&self) -> Result<BTreeMap<String, String>> {
        let mut images = BTreeMap::new();
        for text in &self.images {
            let pair = text.split_once('=').filter(|(service, image)| !service.is_empty() && !image.is_empty());
            let Some((service, image)) = pair else {
                return Err(Problem::new(Code::BadValue, format!("--image: `{text}` is not SERVICE=IMAGE"))
                    .hint("for example --image api=registry.example/api:1.4.2")
                    .into());
            };
            images.insert(service.to_owned(), image.to_owned());
        }
        Ok(images)
    }

    /// The flags that no setting has, as they were given.
    pub fn said(&self) -> Vec<String> {
        let usual = crate::units::Span::seconds(300);
        let mut said: Vec<String> = self.images.iter().map(|image| format!("--image {image}")).collect();
        if !self.steps.is_empty() {
            let steps: Vec<String> = self.steps.iter().map(ToString::to_string).collect();
            said.push(format!("--steps {}", steps.join(",")));
        }
        said.extend((self.step_bake != usual).then(|| format!("--step-bake {}", self.step_bake)));
        said.extend((self.bake != usual).then(|| format!("--bake {}", self.bake)));
        said.extend(self.at.map(|at| format!("--at {}", super::asked::time(at))));
        said.extend(self.alarms.iter().map(|alarm| format!("--alarm {alarm}")));
        said.extend(self.allow_interruption.then(|| "--allow-interruption".to_owned()));
        said
    }

    /// The shares of the requests, one after the other; all at once where none are named.
    ///
    /// # Errors
    /// Shares that do not grow up to 100.
    pub fn steps(&self) -> Result<Vec<u16>> {
        let grows = self.steps.windows(2).all(|pair| pair[0] < pair[1]);
        match self.steps.last() {
            None => Ok(vec![100]),
            Some(100) if grows && self.steps.first() != Some(&0) => Ok(self.steps.clone()),
            Some(_) => Err(Problem::new(Code::BadValue, "--steps: the shares must grow, and end with 100")
                .hint("for example --steps 10,50,100")
                .into()),
        }
    }
}

/// The minute of the day that a time means.
fn minute(text: &str) -> std::result::Result<u32, String> {
    let parts = text.split_once(':').and_then(|(hour, minute)| Some((hour.parse().ok()?, minute.parse().ok()?)));
    match parts {
        Some((hour @ 0..24, minute @ 0..60)) => Ok(hour * 60 + minute),
        _ => Err("a time of the day is wanted, from 00:00 to 23:59".to_owned()),
    }
}

/// A name that is one line of text: it is told in messages, and in commands to be run again.
///
/// # Errors
/// What is wrong with it.
pub fn one_line(text: &str) -> std::result::Result<String, String> {
    match text.is_empty() || text.chars().any(char::is_control) {
        true => Err("a name in one line is wanted".to_owned()),
        false => Ok(text.to_owned()),
    }
}

/// How far a drop of the capacity is agreed to.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct LeaveArgs {
    /// Go on although the capacity falls below the demand for a while
    #[arg(long)]
    pub allow_capacity_drop: bool,
}
