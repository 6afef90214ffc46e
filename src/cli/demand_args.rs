//! The flags that say what must be borne, and how they become an [`Ask`].

use super::settings::{Origin, Setting, Settings};
use crate::blueprint::tier::Environment;
use crate::demand::{Ask, Given, Requirement};
use crate::error::{Error, Problem, Result};
use crate::units::{Count, Unit};

/// What the application must bear; all optional, since each has an environment variable and a place in rapplan.toml
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Demand (give any; the rest is derived)")]
pub struct DemandArgs {
    /// Partitions of vectors, such as 120
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    pub partitions: Option<String>,
    /// Vectors over all partitions, such as 3.6B
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    pub vectors: Option<String>,
    /// Vectors in one partition, instead of the blueprint's figure
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    pub vectors_per_partition: Option<String>,
    /// Dimensions of a vector, instead of the blueprint's figure
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    pub dims: Option<String>,
    /// Vector index: FLAT, IVF_FLAT, IVF_SQ8, IVF_RABITQ, IVF_PQ, SCANN, HNSW, DISKANN or AISAQ
    #[arg(long, value_name = "NAME")]
    pub index: Option<String>,
    /// Requests per second at the peak, such as 800
    #[arg(long, value_name = "RATE", allow_negative_numbers = true)]
    pub rps: Option<String>,
    /// Users served, such as 20K
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    pub users: Option<String>,
    /// Data on disk, such as 6TB
    #[arg(long, value_name = "BYTES", allow_negative_numbers = true)]
    pub data: Option<String>,
    /// What it is for: dev or prod [default: prod]
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
    /// A quality the tier must have in full: ha, autoscaling
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub require: Vec<String>,
    /// How fast demand grows, such as 8%/month
    #[arg(long, value_name = "GROWTH", allow_negative_numbers = true)]
    pub growth: Option<String>,
    /// How far ahead the size must hold, such as 12mo
    #[arg(long, value_name = "MONTHS", allow_negative_numbers = true)]
    pub horizon: Option<String>,
    /// Reserve added to the demand, such as 25%: plans for 1.25 times of it
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub headroom: Option<String>,
}

/// What the settings say of the demand, from whatever layer.
///
/// # Errors
/// Every value that is not what its setting takes, all at once.
pub fn ask(settings: &Settings) -> Result<Ask> {
    let mut problems = Vec::new();
    let ask = Ask {
        partitions: quantity(settings, "demand.partitions", &mut problems),
        vectors: quantity(settings, "demand.vectors", &mut problems),
        vectors_per_partition: quantity(settings, "demand.vectors-per-partition", &mut problems),
        dims: dims(settings, &mut problems),
        index: said(settings, "demand.index").map(|setting| given(setting.text.clone(), &setting.origin)),
        rps: quantity(settings, "demand.rps", &mut problems),
        users: quantity(settings, "demand.users", &mut problems),
        data: quantity(settings, "demand.data", &mut problems),
        environment: environment(settings, &mut problems),
        require: require(settings, &mut problems),
        growth: quantity(settings, "demand.growth", &mut problems),
        horizon: quantity(settings, "demand.horizon", &mut problems),
        headroom: quantity(settings, "demand.headroom", &mut problems),
    };
    Error::check(problems).map(|()| ask)
}

fn given<T>(value: T, origin: &Origin) -> Given<T> {
    Given { value, origin: origin.to_string() }
}

/// A setting that somebody said.
fn said(settings: &Settings, key: &str) -> Option<Setting> {
    settings.resolve(key).filter(|setting| setting.origin != Origin::Default)
}

/// The value of a result, with its problems put aside.
fn or_problems<T>(result: Result<Option<T>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.unwrap_or_else(|error| {
        problems.extend(error.problems().iter().cloned());
        None
    })
}

fn quantity<T: Unit>(settings: &Settings, key: &str, problems: &mut Vec<Problem>) -> Option<Given<T>> {
    or_problems(settings.quantity(key), problems).map(|(value, origin)| given(value, &origin))
}

fn dims(settings: &Settings, problems: &mut Vec<Problem>) -> Option<Given<u32>> {
    // What is beyond 32 bits is far beyond any limit of dimensions, and refused as such.
    let dims: Given<Count> = quantity(settings, "demand.dims", problems)?;
    Some(Given { value: u32::try_from(dims.value.0).unwrap_or(u32::MAX), origin: dims.origin })
}

fn environment(settings: &Settings, problems: &mut Vec<Problem>) -> Option<Given<Environment>> {
    said(settings, "demand.environment")?;
    let setting = or_problems(settings.checked("demand.environment"), problems)?;
    let environment = if setting.text == "dev" { Environment::Dev } else { Environment::Prod };
    Some(given(environment, &setting.origin))
}

fn require(settings: &Settings, problems: &mut Vec<Problem>) -> Vec<Given<Requirement>> {
    let Some(setting) = or_problems(settings.checked("demand.require"), problems) else { return Vec::new() };
    let asked = |word: &str| setting.text.split(',').any(|item| item.trim() == word);
    let known = Requirement::ALL.into_iter().filter(|(word, _)| asked(word));
    known.map(|(_, requirement)| given(requirement, &setting.origin)).collect()
}
