//! From what the user said to a complete demand.

use super::typical::{read_at, read_back};
use super::{Ask, Because, Demand, Figure, Given};
use crate::blueprint::Blueprint;
use crate::blueprint::tier::{Environment, Input, Tier};
use crate::blueprint::workload::Partition;
use crate::error::{Code, Error, Problem, Result};
use crate::units::{Bytes, Count, Growth, Months, Rate, Share};

/// Fewest and most dimensions of a vector (Milvus limits, milvus.io/docs/limitations.md).
const DIMS: std::ops::RangeInclusive<u32> = 2..=32_768;

/// `partitions x vectors per partition` may differ from `vectors` by this part, since people round.
const TOLERANCE: f64 = 0.01;

/// The largest figure that is counted with; beyond it sums could overflow.
const LARGEST: f64 = 4e18;

/// Completes what the user said by the blueprint's figures.
///
/// # Errors
/// All that is wrong with the inputs at once: zero, out of range, contradictory, too large to count, or nothing to go
/// by; or that the blueprint has nothing to size from.
pub fn derive(blueprint: &Blueprint, ask: &Ask) -> Result<Demand> {
    complete(blueprint, ask, true)
}

/// The same figures without the words that explain them, for millions of demands.
///
/// # Errors
/// As [`derive`].
pub fn derive_unexplained(blueprint: &Blueprint, ask: &Ask) -> Result<Demand> {
    complete(blueprint, ask, false)
}

fn complete(blueprint: &Blueprint, ask: &Ask, explain: bool) -> Result<Demand> {
    let Some(partition) = &blueprint.workload.partition else {
        Error::check(problems_of(ask, false))?;
        return Ok(Demand { monthly_users: monthly_users(blueprint, ask), ..said(ask) });
    };
    Error::check(problems_of(ask, true))?;
    let row = blueprint.tiers.first().map_or("the tier table", |tier| tier.id.split(' ').next().unwrap_or_default());
    let base = Base { partition, tiers: &blueprint.tiers, table: row, name: &blueprint.name, explain };
    let demand = base.complete(ask)?;
    let largest = [Input::Partitions, Input::Vectors, Input::Data, Input::Rps, Input::Users]
        .into_iter()
        .find(|input| demand.base(*input) as f64 * demand.planning_factor() > LARGEST);
    match largest {
        None => Ok(demand),
        Some(input) => Err(Problem::new(Code::TooLarge, format!("{} are more than can be counted", input.plural()))
            .because(demand.because(input).text().to_owned())
            .hint("size one cell of the application at a time")
            .into()),
    }
}

/// Monthly users: said, or what the blueprint plans for.
fn monthly_users(blueprint: &Blueprint, ask: &Ask) -> Option<Figure<Count>> {
    let planned = blueprint.workload.monthly_users;
    let planned =
        planned.map(|users| Figure::default(users, format!("{}.toml workload.monthly_users", blueprint.name)));
    given(&ask.monthly_users).or(planned)
}

/// What was said, with the rules that hold for every application.
fn said(ask: &Ask) -> Demand {
    let grows = ask.growth.is_some();
    Demand {
        partitions: given(&ask.partitions),
        vectors_per_partition: given(&ask.vectors_per_partition),
        vectors: given(&ask.vectors),
        dims: given(&ask.dims),
        data: given(&ask.data),
        rps: given(&ask.rps),
        users: given(&ask.users),
        concurrent_users: given(&ask.concurrent_users),
        monthly_users: given(&ask.monthly_users),
        mix: given(&ask.mix),
        model_requests: given(&ask.model_requests),
        p95: given(&ask.p95),
        max_error_rate: given(&ask.max_error_rate),
        index: given(&ask.index),
        environment: given(&ask.environment)
            .unwrap_or_else(|| Figure::default(Environment::Prod, "production unless said")),
        require: ask.require.iter().map(|g| Figure::given(g.value, g.origin.clone())).collect(),
        growth: given(&ask.growth).unwrap_or_else(|| Figure::default(Growth::default(), "no growth unless said")),
        horizon_months: given(&ask.horizon).unwrap_or_else(|| match grows {
            true => Figure::default(Months(12), "a year ahead when there is growth"),
            false => Figure::default(Months(0), "today, since there is no growth"),
        }),
        headroom: given(&ask.headroom).unwrap_or_else(|| Figure::default(Share::default(), "none unless said")),
    }
}

/// What is wrong with single inputs.
fn problems_of(ask: &Ask, must_say: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut positive = |what: &str, given: Option<(u64, &str)>| {
        if let Some((0, origin)) = given {
            problems.push(
                Problem::new(Code::BadValue, format!("{what} is 0"))
                    .because(format!("said by {origin}; there is nothing to size"))
                    .hint("give at least 1, or leave it out and it is derived"),
            );
        }
    };
    positive("partitions", ask.partitions.as_ref().map(|g| (g.value.0, g.origin.as_str())));
    positive("vectors", ask.vectors.as_ref().map(|g| (g.value.0, g.origin.as_str())));
    positive("vectors per partition", ask.vectors_per_partition.as_ref().map(|g| (g.value.0, g.origin.as_str())));
    positive("requests per second", ask.rps.as_ref().map(|g| (g.value.0, g.origin.as_str())));
    positive("concurrent users", ask.concurrent_users.as_ref().map(|g| (g.value.0, g.origin.as_str())));
    positive("monthly users", ask.monthly_users.as_ref().map(|g| (g.value.0, g.origin.as_str())));
    positive("requests to the model", ask.model_requests.as_ref().map(|g| (g.value.0, g.origin.as_str())));
    positive("users", ask.users.as_ref().map(|g| (g.value.0, g.origin.as_str())));
    positive("data", ask.data.as_ref().map(|g| (g.value.0, g.origin.as_str())));
    positive("horizon", ask.horizon.as_ref().map(|g| (u64::from(g.value.0), g.origin.as_str())));
    if let Some(dims) = ask.dims.as_ref().filter(|dims| !DIMS.contains(&dims.value)) {
        problems.push(
            Problem::new(Code::BadValue, format!("{} dimensions are outside what a vector can have", dims.value))
                .because(format!("said by {}; Milvus takes {} to {}", dims.origin, DIMS.start(), DIMS.end()))
                .hint("give the dimensions of your embedding model, such as 384, 768 or 1536"),
        );
    }
    if let Some(headroom) = ask.headroom.as_ref().filter(|headroom| headroom.value > Share::percent(1000)) {
        problems.push(
            Problem::new(Code::BadValue, format!("a headroom of {} is more than ten times the demand", headroom.value))
                .because(format!("said by {}", headroom.origin))
                .hint("headroom is added to the demand: 30% plans for 1.3 times of it"),
        );
    }
    if let Some(errors) = ask.max_error_rate.as_ref().filter(|errors| errors.value > Share::percent(100)) {
        problems.push(
            Problem::new(Code::BadValue, format!("{} of failed requests is more than all of them", errors.value))
                .because(format!("said by {}", errors.origin))
                .hint("give a share of at most 100%, such as 1%"),
        );
    }
    let says_how_much = ask.partitions.is_some()
        || ask.vectors.is_some()
        || ask.data.is_some()
        || ask.rps.is_some()
        || ask.users.is_some();
    if must_say && problems.is_empty() && !says_how_much {
        let mut problem = Problem::new(Code::Usage, "nothing says how much the application must bear")
            .hint("give at least one of --partitions, --vectors, --data, --rps, --users; the rest is derived")
            .hint("for example: rapplan size --partitions 120");
        if ask.concurrent_users.is_some() || ask.monthly_users.is_some() || ask.mix.is_some() {
            problem = problem
                .because("concurrent users and mixes of requests are sized by load tests, and this blueprint has none")
                .hint("name one that has: rapplan size --blueprint dojangkok --ccu 450 --mix write-heavy");
        }
        problems.push(problem);
    }
    problems
}

/// What the blueprint offers to complete a demand.
struct Base<'a> {
    partition: &'a Partition,
    tiers: &'a [Tier],
    table: &'a str,
    name: &'a str,
    explain: bool,
}

impl Base<'_> {
    fn complete(&self, ask: &Ask) -> Result<Demand> {
        let field = |name: &str| self.told(|| format!("{}.toml workload.partition.{name}", self.name));
        let per = given(&ask.vectors_per_partition)
            .unwrap_or_else(|| Figure::default(self.partition.vectors, field("vectors")));
        let dims = given(&ask.dims).unwrap_or_else(|| Figure::default(self.partition.dims, field("dims")));
        let partitions = self.partitions(ask, per.value)?;
        let vectors = match given(&ask.vectors) {
            Some(vectors) => vectors,
            None => self.vectors(&partitions, per.value)?,
        };
        agree(&partitions, &per, &vectors)?;
        let data = self.data(ask, &vectors, dims.value)?;
        let rps = given(&ask.rps).unwrap_or_else(|| {
            let rate = self.read(Input::Rps, partitions.value.0).0;
            Figure::typical(Rate(rate / 1000 * 1000), self.reading("requests per second", partitions.value))
        });
        let users = given(&ask.users).unwrap_or_else(|| {
            Figure::typical(
                Count(self.read(Input::Users, partitions.value.0).0),
                self.reading("users", partitions.value),
            )
        });
        Ok(Demand {
            partitions: Some(partitions),
            vectors_per_partition: Some(per),
            vectors: Some(vectors),
            dims: Some(dims),
            data: Some(data),
            rps: Some(rps),
            users: Some(users),
            ..said(ask)
        })
    }

    /// Partitions: said, counted from vectors or data, or read back from the table.
    fn partitions(&self, ask: &Ask, per: Count) -> Result<Figure<Count>> {
        if let Some(partitions) = given(&ask.partitions) {
            return Ok(partitions);
        }
        if let Some(vectors) = &ask.vectors {
            let formula = self.told(|| format!("{} vectors / {per} each", vectors.value));
            return Ok(Figure::derived(Count(vectors.value.0.div_ceil(per.0.max(1))), formula));
        }
        if let Some(data) = &ask.data {
            let dims = ask.dims.as_ref().map_or(self.partition.dims, |dims| dims.value);
            let each =
                self.data_of(per, dims).filter(|each| each.0 > 0).ok_or_else(|| too_large("data per partition"))?;
            let formula = self.told(|| format!("{} / {each} each", data.value));
            return Ok(Figure::derived(Count(data.value.0.div_ceil(each.0)), formula));
        }
        let rps = ask
            .rps
            .as_ref()
            .map(|rps| (read_back(self.tiers, Input::Rps, rps.value.0), self.told(|| format!("{}", rps.value))));
        let users = ask.users.as_ref().map(|users| {
            (read_back(self.tiers, Input::Users, users.value.0), self.told(|| format!("{} users", users.value)))
        });
        let (partitions, at) =
            rps.into_iter().chain(users).max_by_key(|(partitions, _)| *partitions).unwrap_or_default();
        let formula = self.told(|| format!("read off {} at {at}", self.table));
        Ok(Figure::typical(Count(partitions.max(1)), formula))
    }

    fn vectors(&self, partitions: &Figure<Count>, per: Count) -> Result<Figure<Count>> {
        let vectors = partitions.value.0.checked_mul(per.0).ok_or_else(|| too_large("vectors"))?;
        let formula = self.told(|| format!("{} x {per} each", Input::Partitions.phrase(partitions.value.0)));
        Ok(match partitions.because {
            Because::Typical { .. } => Figure::typical(Count(vectors), formula),
            _ => Figure::derived(Count(vectors), formula),
        })
    }

    fn data(&self, ask: &Ask, vectors: &Figure<Count>, dims: u32) -> Result<Figure<Bytes>> {
        if let Some(data) = given(&ask.data) {
            // One bit a dimension is the least that any index keeps of a vector.
            let least = u128::from(vectors.value.0) * u128::from(dims) / 8;
            if vectors.because.binds() && u128::from(data.value.0) < least {
                return Err(Problem::new(
                    Code::Contradiction,
                    format!("{} of data cannot hold {} vectors of {dims} dimensions", data.value, vectors.value),
                )
                .because(format!(
                    "one bit a dimension alone is {}",
                    Bytes(u64::try_from(least).unwrap_or(u64::MAX)).approx()
                ))
                .hint("leave --data out and it is derived, or mend --partitions, --vectors or --vectors-per-partition")
                .into());
            }
            return Ok(data);
        }
        let data = self.data_of(vectors.value, dims).ok_or_else(|| too_large("data"))?;
        let each = self.partition.vectors.0.max(1);
        let per_vector = self.partition.data.0.saturating_add(each / 2) / each;
        let formula = self.told(|| match i64::from(dims) - i64::from(self.partition.dims) {
            0 => format!("{} vectors x {} / {}", vectors.value, self.partition.data, self.partition.vectors),
            more => {
                let sign = if more > 0 { '+' } else { '-' };
                format!("{} vectors x ({per_vector} {sign} {} x 4) bytes", vectors.value, more.abs())
            }
        });
        Ok(match vectors.because {
            Because::Typical { .. } => Figure::typical(data, formula),
            _ => Figure::derived(data, formula),
        })
    }

    /// Data of so many vectors: the blueprint's bytes for each, and 4 bytes for each dimension more or less than its.
    fn data_of(&self, vectors: Count, dims: u32) -> Option<Bytes> {
        let vectors = i128::from(vectors.0);
        let usual =
            vectors.checked_mul(i128::from(self.partition.data.0))? / i128::from(self.partition.vectors.0.max(1));
        let more = vectors.checked_mul(4 * (i128::from(dims) - i128::from(self.partition.dims)))?;
        u64::try_from((usual + more).max(vectors)).ok().map(Bytes)
    }

    fn read(&self, input: Input, partitions: u64) -> Count {
        Count(read_at(self.tiers, input, partitions))
    }

    fn reading(&self, what: &str, partitions: Count) -> String {
        self.told(|| format!("{what} read off {} at {}", self.table, Input::Partitions.phrase(partitions.0)))
    }

    /// An explanation, when explanations are wanted.
    fn told(&self, text: impl FnOnce() -> String) -> String {
        if self.explain { text() } else { String::new() }
    }
}

fn given<T: Clone>(given: &Option<Given<T>>) -> Option<Figure<T>> {
    given.as_ref().map(|given| Figure::given(given.value.clone(), given.origin.clone()))
}

fn too_large(what: &str) -> Problem {
    Problem::new(Code::TooLarge, format!("{what}: the product is more than can be counted"))
        .hint("size one cell of the application at a time")
}

/// Partitions, vectors in each, and vectors must tell the same story.
fn agree(partitions: &Figure<Count>, per: &Figure<Count>, vectors: &Figure<Count>) -> Result<()> {
    if !(partitions.because.is_given() && vectors.because.is_given()) {
        return Ok(());
    }
    let agrees = |per: u64| {
        let product = u128::from(partitions.value.0) * u128::from(per);
        product.abs_diff(u128::from(vectors.value.0)) as f64 <= TOLERANCE * vectors.value.0 as f64
    };
    let product = u128::from(partitions.value.0) * u128::from(per.value.0);
    if agrees(per.value.0) {
        return Ok(());
    }
    let each = Count((vectors.value.0 / partitions.value.0).max(1));
    let product = u64::try_from(product).map_or_else(|_| "more".to_owned(), |product| Count(product).to_string());
    // A way out only where whole vectors in each partition make that many.
    let way = format!("if your partitions are of that size, say so: --vectors-per-partition {each}");
    let possible = agrees(each.0);
    Err(Problem::new(
        Code::Contradiction,
        format!("{} partitions and {} vectors contradict each other", partitions.value, vectors.value),
    )
    .because(format!(
        "{} partitions ({}) x {} vectors each ({}) are {product} vectors, not {} ({})",
        partitions.value,
        partitions.because.text(),
        per.value,
        per.because.text(),
        vectors.value,
        vectors.because.text()
    ))
    .hint("give one of --partitions and --vectors, and the other is derived")
    .hint_opt(possible.then_some(way))
    .into())
}
