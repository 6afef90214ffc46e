//! The one table of settings: flags, variables, keys, help pages and the reference are all made from it.

use super::super::view::Format;
use crate::units::{Bytes, CalendarMonth, Count, Growth, Months, Rate, Share, Span, Unit};

/// What a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A quantity: the name of its format, and what is expected.
    Unit(&'static str, &'static str),
    /// A quantity or a range of it: the name of the quantity's format, and what is expected.
    Range(&'static str, &'static str),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Any of these words, separated by commas.
    SomeOf(&'static [&'static str]),
    /// A text, described.
    Text(&'static str),
}

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its name, which is also its place in `rapplan.toml`.
    pub name: &'static str,
    /// Its flag without the dashes.
    pub flag: &'static str,
    /// Its environment variable.
    pub env: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Its value when nobody says anything.
    pub default: Option<&'static str>,
    /// What it means.
    pub means: &'static str,
    /// An example of a value.
    pub example: &'static str,
}

const fn unit<T: Unit>() -> Takes {
    Takes::Unit(T::FORMAT, T::EXPECTED)
}

const fn range<T: Unit>() -> Takes {
    Takes::Range(T::FORMAT, T::EXPECTED)
}

macro_rules! keys {
    ($($name:literal, --$flag:literal, $env:literal, $takes:expr, $default:expr, $example:literal, $means:literal;)*) => {
        /// Every setting.
        pub const KEYS: &[Key] = &[$(Key {
            name: $name, flag: $flag, env: $env, takes: $takes, default: $default, means: $means, example: $example,
        },)*];
    };
}

keys! {
    "demand.partitions", --"partitions", "RAPPLAN_PARTITIONS", range::<Count>(), None, "120",
        "partitions of vectors that must be served; the blueprint says what one stands for";
    "demand.vectors", --"vectors", "RAPPLAN_VECTORS", range::<Count>(), None, "3.6B",
        "vectors that must be searched, over all partitions";
    "demand.vectors-per-partition", --"vectors-per-partition", "RAPPLAN_VECTORS_PER_PARTITION", range::<Count>(), None,
        "30M", "vectors in one partition, instead of the blueprint's figure";
    "demand.dims", --"dims", "RAPPLAN_DIMS", unit::<Count>(), None, "1536",
        "dimensions of a vector, instead of the blueprint's figure";
    "demand.index", --"index", "RAPPLAN_INDEX", Takes::Text("the name of a vector index"), None, "hnsw",
        "index that the vectors are searched with";
    "demand.rps", --"rps", "RAPPLAN_RPS", range::<Rate>(), None, "800",
        "requests per second at the peak";
    "demand.users", --"users", "RAPPLAN_USERS", range::<Count>(), None, "20K",
        "users served";
    "demand.concurrent-users", --"ccu", "RAPPLAN_CCU", range::<Count>(), None, "450",
        "users that are active at the same moment";
    "demand.monthly-users", --"mau", "RAPPLAN_MAU", range::<Count>(), None, "50K",
        "users that are active in a month; concurrent users are reckoned from it";
    "demand.mix", --"mix", "RAPPLAN_MIX", Takes::Text("the name of a load test's scenario"), None, "write-heavy",
        "mix of requests, by the name of a load test's scenario";
    "demand.model-requests", --"model-requests", "RAPPLAN_MODEL_REQUESTS", range::<Count>(), None, "30",
        "requests to the language model at the same moment";
    "demand.p95", --"p95", "RAPPLAN_P95", unit::<Span>(), None, "500ms",
        "longest p95 of the response time that is borne";
    "demand.max-error-rate", --"max-error-rate", "RAPPLAN_MAX_ERROR_RATE", unit::<Share>(), None, "1%",
        "largest share of failed requests that is borne";
    "demand.data", --"data", "RAPPLAN_DATA", range::<Bytes>(), None, "6TB",
        "data on disk: vectors, texts and metadata together";
    "demand.environment", --"environment", "RAPPLAN_ENVIRONMENT", Takes::OneOf(&["dev", "prod"]), Some("prod"), "dev",
        "what the deployment is for: development and test, or production";
    "demand.require", --"require", "RAPPLAN_REQUIRE", Takes::SomeOf(&["ha", "autoscaling"]), None, "ha,autoscaling",
        "qualities that the tier must have in full";
    "demand.growth", --"growth", "RAPPLAN_GROWTH", range::<Growth>(), None, "8%/month",
        "how fast the demand grows";
    "demand.horizon", --"horizon", "RAPPLAN_HORIZON", unit::<Months>(), None, "12mo",
        "how far ahead the size must hold";
    "demand.headroom", --"headroom", "RAPPLAN_HEADROOM", unit::<Share>(), None, "25%",
        "what is added to the demand before a tier is chosen";
    "demand.start", --"start", "RAPPLAN_START", unit::<CalendarMonth>(), None, "2026-12",
        "month of the calendar that is month 0 of a forecast; without one, months are counted";
    "uncertainty.worlds", --"worlds", "RAPPLAN_WORLDS", unit::<Count>(), Some("10000"), "10000",
        "possible worlds that are imagined where inputs are ranges";
    "uncertainty.seed", --"seed", "RAPPLAN_SEED", unit::<Count>(), Some("1"), "1",
        "which worlds: the same seed gives the same ones";
    "blueprint", --"blueprint", "RAPPLAN_BLUEPRINT", Takes::Text("the name of a built-in blueprint, or a file"),
        Some("chatty"), "./blueprint.toml", "what the application is";
    "deployment", --"deployment", "RAPPLAN_DEPLOYMENT", Takes::Text("lower-case letters, digits and hyphens"), None,
        "chatty-prod", "name of the deployment; without one, the name of the blueprint";
    "history.bucket", --"history-bucket", "RAPPLAN_HISTORY_BUCKET", Takes::Text("the address of a bucket"), None,
        "s3://acme-releases/rapplan", "bucket of the history, which a team shares; without one, `.rapplan/history`";
    "cloud.provider", --"cloud", "RAPPLAN_CLOUD", Takes::OneOf(&["aws", "gcp", "bare-metal", "cheapest"]), None, "aws",
        "cloud whose machines and prices are taken; `cheapest` compares them all";
    "cloud.region", --"region", "RAPPLAN_REGION", Takes::Text("the name of a region"), None, "ap-northeast-2",
        "region of that cloud; without one, the blueprint's or the first of the catalogue";
    "cloud.purchase", --"purchase", "RAPPLAN_PURCHASE", Takes::OneOf(&["on-demand", "spot", "committed"]),
        Some("on-demand"), "committed", "how machines are paid for";
    "cloud.max-servers", --"max-servers", "RAPPLAN_MAX_SERVERS", unit::<Count>(), None, "6",
        "most servers that there may be";
    "catalog.dir", --"catalog-dir", "RAPPLAN_CATALOG_DIR", Takes::Text("a folder"), None, "./prices",
        "folder of prices of one's own, instead of `$XDG_DATA_HOME/rapplan/catalog`";
    "output.format", --"output", "RAPPLAN_OUTPUT", Takes::OneOf(Format::NAMES), Some("table"), "json",
        "how results are printed";
    "output.color", --"color", "RAPPLAN_COLOR", Takes::OneOf(&["auto", "always", "never"]), Some("auto"), "never",
        "when colour is used";
    "render.out", --"out", "RAPPLAN_OUT", Takes::Text("a folder"), Some("deploy"), "deploy",
        "folder that the rendered files go to";
    "render.tier", --"tier", "RAPPLAN_TIER", Takes::Text("the name of a tier of the blueprint"), None, "split",
        "tier to render, instead of the one the demand leads to";
    "render.templates", --"templates", "RAPPLAN_TEMPLATES", Takes::Text("a folder"), None, "templates",
        "folder of templates that replace the built-in ones of the same name";
}

/// The variables that are no settings.
pub const OTHER_VARIABLES: &[(&str, &str)] = &[
    ("RAPPLAN_CONFIG", "the project file, instead of the nearest `rapplan.toml` (as `--config`)"),
    ("NO_COLOR", "forbids colour"),
    ("FORCE_COLOR, CLICOLOR_FORCE", "ask for colour even where no terminal is"),
    ("CLICOLOR=0, TERM=dumb", "mean that the terminal has no colour"),
    ("COLUMNS", "how wide tables may be"),
    ("XDG_DATA_HOME", "where prices of one's own are kept; `~/.local/share` without it"),
    ("GOOGLE_API_KEY", "the key that `catalog update --cloud gcp` asks with"),
    ("XDG_CONFIG_HOME", "where the user's settings are; `~/.config` without it"),
];

impl Key {
    /// The setting of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.name == name)
    }

    /// The id that clap has for the flag.
    pub fn arg_id(&self) -> String {
        self.flag.replace('-', "_")
    }
}

impl Takes {
    /// What is expected, for a message: "one of `dev`, `prod`".
    pub fn expected(&self) -> String {
        let words = |words: &[&str]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        match self {
            Self::Unit(_, expected) => (*expected).to_owned(),
            Self::Range(_, expected) => format!("{expected}; or a range of it, `LOW..HIGH` or `LOW..HIGH@CONFIDENCE`"),
            Self::Text(what) => (*what).to_owned(),
            Self::OneOf(choices) => format!("one of {}", words(choices)),
            Self::SomeOf(choices) => format!("any of {}, separated by commas", words(choices)),
        }
    }

    /// Why a text is not what the setting takes, as a clause: "is negative"; with the word that was probably meant.
    ///
    /// # Errors
    /// The clause and a hint.
    pub fn check(&self, text: &str) -> Result<(), (String, String)> {
        let expected = format!("give {}", self.expected());
        let unknown = |word: &str, choices: &'static [&'static str]| {
            let meant = crate::nearest::did_you_mean(word, choices.iter().copied());
            let choices = Self::OneOf(choices).expected();
            (format!("`{word}` is not {choices}"), meant.unwrap_or_else(|| expected.clone()))
        };
        match self {
            Self::Text(_) if text.trim().is_empty() => Err(("is empty".to_owned(), expected)),
            Self::Text(_) => Ok(()),
            Self::Unit(format, _) => match crate::units::check_format(format, text) {
                Some(Err(error)) => Err((format!("`{text}` {}", error.problem), expected)),
                _ => Ok(()),
            },
            Self::Range(format, _) => match crate::units::check_range(format, text) {
                Some(Err(error)) => Err((format!("`{text}` {}", error.problem), expected)),
                _ => Ok(()),
            },
            Self::OneOf(choices) if choices.contains(&text) => Ok(()),
            Self::OneOf(choices) => Err(unknown(text, choices)),
            Self::SomeOf(choices) => match text.split(',').map(str::trim).find(|word| !choices.contains(word)) {
                Some(word) => Err(unknown(word, choices)),
                None => Ok(()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_and_defaults_are_what_the_setting_takes() {
        for key in KEYS {
            for text in [Some(key.example), key.default].into_iter().flatten() {
                assert_eq!(key.takes.check(text), Ok(()), "{}: {text}", key.name);
            }
        }
    }

    #[test]
    fn names_are_told_apart() {
        for name in [|key: &Key| key.name, |key: &Key| key.flag, |key: &Key| key.env] {
            let names: std::collections::BTreeSet<_> = KEYS.iter().map(name).collect();
            assert_eq!(names.len(), KEYS.len());
        }
    }

    #[test]
    fn says_what_was_meant() {
        let takes = Key::named("output.format").unwrap().takes;
        assert_eq!(takes.check("jsn").unwrap_err().1, "did you mean `json`?");
    }
}
