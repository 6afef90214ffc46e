//! What can be made to happen, as it is said on the command line and as it is told.

use clap::{Subcommand, ValueEnum};

use crate::cli::commands::rehearse::faults;
use crate::cli::rollout::args::one_line;
use crate::cloud::incident::{Drift, Exposed, Incident};
use crate::cloud::sim::Faults;
use crate::error::{Code, Problem, Result};
use crate::units::Span;

/// What can be made to happen.
#[derive(Debug, Clone, Subcommand)]
pub enum What {
    /// The load of a service takes so many instances, or so many percent of those that it wants now
    #[command(after_help = "Examples:\n  rapplan simulate load api 6\n  rapplan simulate load api 150%")]
    Load {
        /// Service
        service: String,
        /// Instances that bear the load, or percent of those that are wanted now
        #[arg(value_name = "INSTANCES|PERCENT%")]
        load: String,
    },
    /// A zone is lost with all that runs in it
    #[command(
        after_help = "Examples:\n  rapplan simulate zone-loss us-east-1a\n  rapplan simulate zone-loss us-east-1a --over"
    )]
    ZoneLoss {
        /// Zone
        zone: String,
        /// It is back
        #[arg(long)]
        over: bool,
    },
    /// A zone has no machines to be had; those that run stay
    #[command(
        after_help = "Examples:\n  rapplan simulate stock-out us-east-1a --for 20m\n  rapplan simulate stock-out us-east-1a --over"
    )]
    StockOut {
        /// Zone
        zone: String,
        /// How long [default: until it is said to be over]
        #[arg(long = "for", value_name = "SPAN", conflicts_with = "over")]
        lasting: Option<Span>,
        /// There are machines again
        #[arg(long)]
        over: bool,
    },
    /// The account may have so many instances of groups at once
    #[command(after_help = "Examples:\n  rapplan simulate quota 3\n  rapplan simulate quota none")]
    Quota {
        /// How many, or `none`
        #[arg(value_name = "COUNT|none")]
        most: String,
    },
    /// An alarm begins or ceases to fire
    #[command(after_help = "Examples:\n  rapplan simulate alarm errors on\n  rapplan apply --simulate --alarm errors")]
    Alarm {
        /// Its name, as `apply --alarm` has it
        #[arg(value_parser = one_line)]
        name: String,
        /// Whether it fires
        state: Switch,
    },
    /// Instances that are started from this image never become healthy
    #[command(
        after_help = "Examples:\n  rapplan simulate bad-image api=registry.example.com/api:1.5.0\n  rapplan simulate bad-image api=1.5.0 --over"
    )]
    BadImage {
        /// Service and image, or the tag of the image alone
        #[arg(value_name = "SERVICE=IMAGE")]
        image: String,
        /// They do become healthy again
        #[arg(long)]
        over: bool,
    },
    /// Somebody changes something by hand, as at the provider's console
    #[command(
        after_help = "Examples:\n  rapplan simulate drift group/shop-api size 1\n  rapplan simulate drift security-rule/shop-in-internet-alb-80 delete\n  rapplan simulate drift target-group/shop-api set health-path /other\n  rapplan simulate drift vpc/shop untag rapplan:deployment"
    )]
    Drift {
        /// What is changed, as plans and `status` name it; the hash at its end can be left out
        subject: String,
        /// How
        #[command(subcommand)]
        change: Change,
    },
    /// Somebody else's run takes the lease, and holds it
    #[command(
        after_help = "Examples:\n  rapplan simulate other-run jo@laptop --for 10m\n  rapplan simulate --after 3m other-run jo@laptop"
    )]
    OtherRun {
        /// Who: user and machine
        owner: String,
        /// How long
        #[arg(long = "for", value_name = "SPAN", default_value = "2m")]
        lasting: Span,
    },
    /// Calls are refused, fail, or lose their replies now and then, and looks lag behind
    #[command(after_help = "Examples:\n  rapplan simulate faults on\n  rapplan simulate faults off")]
    Faults {
        /// Whether they do
        state: Switch,
    },
    /// Time passes
    #[command(after_help = "Examples:\n  rapplan simulate wait 10m")]
    Wait {
        /// How much
        lasting: Span,
    },
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// It is so.
    On,
    /// It is not.
    Off,
}

/// A change by hand.
#[derive(Debug, Clone, Subcommand)]
pub enum Change {
    /// A group is to have so many instances
    #[command(after_help = "Examples:\n  rapplan simulate drift group/shop-api size 1")]
    Size {
        /// How many
        count: u32,
    },
    /// It is deleted
    #[command(after_help = "Examples:\n  rapplan simulate drift listener/shop-80 delete")]
    Delete,
    /// A field has another value
    #[command(after_help = "Examples:\n  rapplan simulate drift target-group/shop-api set health-path /other")]
    Set {
        /// Field
        field: String,
        /// Value
        value: String,
    },
    /// A tag has another value
    #[command(after_help = "Examples:\n  rapplan simulate drift vpc/shop tag owner=platform")]
    Tag {
        /// Name and value
        #[arg(value_name = "NAME=VALUE")]
        tag: String,
    },
    /// A tag is taken away
    #[command(after_help = "Examples:\n  rapplan simulate drift vpc/shop untag rapplan:deployment")]
    Untag {
        /// Name
        name: String,
    },
}

impl What {
    /// As it befalls a world; none when only time passes.
    ///
    /// # Errors
    /// `E0102` for a value that is not what it takes.
    pub fn incident<S: Exposed>(&self, world: &S) -> Result<Option<Incident>> {
        Ok(Some(match self.clone() {
            Self::Load { service, load } => Incident::Load { instances: instances(&service, &load, world)?, service },
            Self::ZoneLoss { zone, over: false } => Incident::ZoneLost(zone),
            Self::ZoneLoss { zone, over: true } => Incident::ZoneBack(zone),
            Self::StockOut { zone, over: true, .. } => Incident::StockOut { zone, lasting: Some(Span(0)) },
            Self::StockOut { zone, lasting, .. } => Incident::StockOut { zone, lasting },
            Self::Quota { most } if most == "none" => Incident::Quota(None),
            Self::Quota { most } => Incident::Quota(Some(most.parse().map_err(|_| {
                Problem::new(Code::BadValue, format!("`{most}` is not a number of instances"))
                    .hint("for example: rapplan simulate quota 3")
                    .hint("as many as one likes: rapplan simulate quota none")
            })?)),
            Self::Alarm { name, state } => Incident::Alarm { name, fires: state == Switch::On },
            Self::BadImage { image, over } => {
                let (service, image) = pair(&image, "SERVICE=IMAGE", "bad-image api=registry.example.com/api:1.5.0")?;
                Incident::BadImage { service, image, bad: !over }
            }
            Self::Drift { subject, change } => {
                Incident::Drift { subject: whole(&subject, world), change: drift(change)? }
            }
            Self::OtherRun { owner, lasting } => Incident::OtherRun { owner, lasting },
            Self::Faults { state: Switch::On } => Incident::Faults(faults()),
            Self::Faults { state: Switch::Off } => Incident::Faults(Faults::default()),
            Self::Wait { .. } => return Ok(None),
        }))
    }

    /// How long only time passes.
    pub fn pause(&self) -> Option<Span> {
        match self {
            Self::Wait { lasting } => Some(*lasting),
            _ => None,
        }
    }

    /// What to try next.
    pub fn next(&self) -> Vec<String> {
        let next: &[&str] = match self {
            Self::Load { .. } => &["let the group notice: rapplan simulate wait 5m", "rapplan status --simulate"],
            Self::Alarm { name, state: Switch::On } => {
                return vec![format!("a release that the alarm stops: rapplan apply --simulate --alarm {name}")];
            }
            Self::Alarm { name, state: Switch::Off } => {
                return vec![format!("rapplan apply --simulate --alarm {name}")];
            }
            Self::BadImage { image, over: false } if image.contains(':') => {
                return vec![format!("release it: rapplan apply --simulate --image {image}")];
            }
            Self::BadImage { .. } => &["rapplan apply --simulate"],
            Self::Drift { .. } => &["see it: rapplan plan --simulate", "put it right: rapplan apply --simulate"],
            Self::OtherRun { .. } => &["rapplan status --simulate", "rapplan apply --simulate --lock-wait 5m"],
            Self::ZoneLoss { .. } | Self::StockOut { .. } | Self::Quota { .. } | Self::Wait { .. } => {
                &["rapplan status --simulate"]
            }
            Self::Faults { .. } => &["rapplan apply --simulate"],
        };
        next.iter().map(|next| (*next).to_owned()).collect()
    }
}

/// Instances, or percent of those that the service wants now; rounded up, as half an instance bears nothing.
fn instances<S: Exposed>(service: &str, load: &str, world: &S) -> Result<u32> {
    let wrong = || {
        Problem::new(Code::BadValue, format!("`{load}` is neither a number of instances nor a percentage"))
            .hint("for example: rapplan simulate load api 6")
            .hint("half as much again: rapplan simulate load api 150%")
    };
    let Some(percent) = load.strip_suffix('%') else { return Ok(load.parse().map_err(|_| wrong())?) };
    let percent: u64 = percent.parse().map_err(|_| wrong())?;
    let fleets = world.fleets();
    let now = fleets.iter().find(|(name, _)| name == service).map_or(0, |(_, now)| *now);
    Ok(u32::try_from((u64::from(now).saturating_mul(percent)).div_ceil(100)).unwrap_or(u32::MAX))
}

/// The name of something of which the beginning was given, such as a group without the hash of its version; what is not clear
/// stays as it is.
fn whole<S: Exposed>(subject: &str, world: &S) -> String {
    let subjects = world.subjects();
    let mut begin =
        subjects.iter().filter(|known| known.strip_prefix(subject).is_some_and(|rest| rest.starts_with('-')));
    match (subjects.iter().any(|known| known == subject), begin.next(), begin.next()) {
        (false, Some(one), None) => one.clone(),
        _ => subject.to_owned(),
    }
}

fn drift(change: Change) -> Result<Drift> {
    Ok(match change {
        Change::Size { count } => Drift::Size(count),
        Change::Delete => Drift::Delete,
        Change::Set { field, value } => Drift::Set { field, value },
        Change::Tag { tag } => {
            let (name, value) = pair(&tag, "NAME=VALUE", "drift vpc/shop tag owner=platform")?;
            Drift::Tag { name, value: Some(value) }
        }
        Change::Untag { name } => Drift::Tag { name, value: None },
    })
}

fn pair(text: &str, form: &str, example: &str) -> Result<(String, String)> {
    match text.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty()) {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(Problem::new(Code::BadValue, format!("`{text}` is not {form}"))
            .hint(format!("for example: rapplan simulate {example}"))
            .into()),
    }
}

/// What happens, in words.
pub fn told(incident: &Incident) -> String {
    match incident {
        Incident::Load { service, instances } => format!("the load of {service} takes {instances} instances"),
        Incident::ZoneLost(zone) => format!("zone {zone} is lost with all that runs in it"),
        Incident::ZoneBack(zone) => format!("zone {zone} is back"),
        Incident::StockOut { zone, lasting: None } => format!("zone {zone} has no machines to be had"),
        Incident::StockOut { zone, lasting: Some(Span(0)) } => format!("zone {zone} has machines again"),
        Incident::StockOut { zone, lasting: Some(lasting) } => {
            format!("zone {zone} has no machines to be had for {lasting}")
        }
        Incident::Quota(None) => "the account may have as many instances as it likes".to_owned(),
        Incident::Quota(Some(most)) => format!("the account may have {most} instances of groups at once"),
        Incident::Alarm { name, fires: true } => format!("alarm {name} fires"),
        Incident::Alarm { name, fires: false } => format!("alarm {name} does not fire any more"),
        Incident::BadImage { service, image, bad: true } => {
            format!("instances of {service} that are started from {image} never become healthy")
        }
        Incident::BadImage { service, image, bad: false } => {
            format!("instances of {service} that are started from {image} become healthy again")
        }
        Incident::Faults(faults) if *faults == Faults::default() => "calls do not fail by chance".to_owned(),
        Incident::Faults(_) => "calls are refused, fail or lose their replies now and then".to_owned(),
        Incident::OtherRun { owner, lasting } => {
            format!("a run of {owner} takes the lease, and holds it for {lasting}")
        }
        Incident::Drift { subject, change } => match change {
            Drift::Size(size) => format!("somebody sets the size of {subject} to {size} by hand"),
            Drift::Delete => format!("somebody deletes {subject} by hand"),
            Drift::Set { field, value } => format!("somebody sets `{field}` of {subject} to {value} by hand"),
            Drift::Tag { name, value: Some(value) } => format!("somebody tags {subject} by hand: {name}={value}"),
            Drift::Tag { name, value: None } => format!("somebody takes the tag {name} of {subject} away by hand"),
        },
    }
}
