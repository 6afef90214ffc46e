//! The flags that say what must be borne, and how they become an [`Ask`].

use super::settings::{Origin, Setting, Settings};
use crate::blueprint::tier::Environment;
use crate::demand::{Ask, Given, Range, Ranged, Requirement, Variable, Worlds};
use crate::error::{Code, Error, Problem, Result};
use crate::units::{Bytes, Count, Growth, Rate, Share, Unit};

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
    /// Users active at the same moment, such as 450
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    pub ccu: Option<String>,
    /// Users active in a month, such as 50K
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    pub mau: Option<String>,
    /// Mix of requests: the scenario of a load test, such as write-heavy
    #[arg(long, value_name = "NAME")]
    pub mix: Option<String>,
    /// Requests to the language model at the same moment, such as 30
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    pub model_requests: Option<String>,
    /// Longest p95 of the response time that is borne, such as 500ms
    #[arg(long, value_name = "SPAN", allow_negative_numbers = true)]
    pub p95: Option<String>,
    /// Largest share of failed requests that is borne, such as 1%
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub max_error_rate: Option<String>,
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
    /// Month that is month 0 of a forecast, such as 2026-12
    #[arg(long, value_name = "MONTH")]
    pub start: Option<String>,
    /// Possible worlds that are imagined where an input is a range, such as --rps 500..2000@90% [default: 10000]
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true, help_heading = "Uncertainty")]
    pub worlds: Option<String>,
    /// Which worlds: the same seed gives the same ones [default: 1]
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true, help_heading = "Uncertainty")]
    pub seed: Option<String>,
}

/// What the settings say of the demand, from whatever layer.
///
/// # Errors
/// Every value that is not what its setting takes, all at once.
pub fn ask(settings: &Settings) -> Result<Ask> {
    let mut problems = Vec::new();
    let mut ranges = Vec::new();
    let ask = Ask {
        partitions: ranged(settings, Variable::Partitions, &mut ranges, &mut problems),
        vectors: ranged(settings, Variable::Vectors, &mut ranges, &mut problems),
        vectors_per_partition: ranged(settings, Variable::VectorsPerPartition, &mut ranges, &mut problems),
        dims: dims(settings, &mut problems),
        index: text(settings, "demand.index"),
        rps: ranged(settings, Variable::Rps, &mut ranges, &mut problems),
        users: ranged(settings, Variable::Users, &mut ranges, &mut problems),
        data: ranged(settings, Variable::Data, &mut ranges, &mut problems),
        concurrent_users: ranged(settings, Variable::ConcurrentUsers, &mut ranges, &mut problems),
        monthly_users: ranged(settings, Variable::MonthlyUsers, &mut ranges, &mut problems),
        mix: text(settings, "demand.mix"),
        model_requests: ranged(settings, Variable::ModelRequests, &mut ranges, &mut problems),
        p95: quantity(settings, "demand.p95", &mut problems),
        max_error_rate: quantity(settings, "demand.max-error-rate", &mut problems),
        environment: environment(settings, &mut problems),
        require: require(settings, &mut problems),
        growth: ranged(settings, Variable::Growth, &mut ranges, &mut problems),
        horizon: quantity(settings, "demand.horizon", &mut problems),
        headroom: quantity(settings, "demand.headroom", &mut problems),
        ranges: Vec::new(),
        worlds: worlds(settings, &mut problems),
        start: quantity(settings, "demand.start", &mut problems),
    };
    let ask = Ask { ranges, ..ask };
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

/// A value in its base unit; units whose base the variable counts in.
trait Base: Unit + Copy + PartialOrd {
    fn base(self) -> u64;
    fn of(base: u64) -> Self;
}

macro_rules! base {
    ($($unit:ident by $base:expr, $of:expr;)*) => {$(
        impl Base for $unit {
            fn base(self) -> u64 {
                let base: fn(Self) -> u64 = $base;
                base(self)
            }

            fn of(base: u64) -> Self {
                let of: fn(u64) -> Self = $of;
                of(base)
            }
        }
    )*};
}

base! {
    Bytes by |v| v.0, Bytes;
    Count by |v| v.0, Count;
    Rate by |v| v.0, Rate;
    Growth by |v| v.0.0, |base| Growth(Share(base));
}

/// The middle of what was said for a variable; a true range is put aside as well.
fn ranged<T: Base>(
    settings: &Settings,
    variable: Variable,
    ranges: &mut Vec<Ranged>,
    problems: &mut Vec<Problem>,
) -> Option<Given<T>> {
    let (range, origin) = or_problems(settings.range::<T>(variable.setting()), problems)?;
    let base = Range { low: range.low.base(), high: range.high.base(), confidence: range.confidence };
    if range.is_certain() {
        return Some(given(range.low, &origin));
    }
    if base.low == 0 && variable.offset() == 0 {
        problems.push(
            Problem::new(Code::BadValue, format!("{origin}: `{range}` begins at 0, where there is nothing to size"))
                .because("a range is as many times above its middle as below it, and nothing is any number of times 0")
                .hint(format!(
                    "begin at the least that you expect: --{} {}..{}",
                    variable.flag(),
                    T::of(1.max(base.high / 20)),
                    range.high
                )),
        );
    }
    ranges.push(Ranged { variable, range: base, origin: origin.to_string() });
    Some(Given { value: T::of(variable.middle(&base)), origin: format!("{origin}, the middle of {range}") })
}

/// How many worlds, and which.
fn worlds(settings: &Settings, problems: &mut Vec<Problem>) -> Worlds {
    let mut number = |key: &str, otherwise: u32| {
        let given: Option<Given<Count>> = quantity(settings, key, problems);
        given.map_or(Some(otherwise), |given| {
            let number = u32::try_from(given.value.0).ok();
            if number.is_none() {
                let most = Count(u32::MAX.into());
                problems.push(
                    Problem::new(Code::BadValue, format!("{}: {} is more than {most}", given.origin, given.value))
                        .hint("give a smaller number"),
                );
            }
            number
        })
    };
    let usual = Worlds::default();
    let count = number("uncertainty.worlds", usual.count).unwrap_or(usual.count);
    Worlds { count, seed: number("uncertainty.seed", usual.seed).unwrap_or(usual.seed) }
}

fn text(settings: &Settings, key: &str) -> Option<Given<String>> {
    said(settings, key).map(|setting| given(setting.text.clone(), &setting.origin))
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
