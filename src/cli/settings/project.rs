//! What a settings file may say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::blueprint::tier::Environment;
use crate::demand::Requirement;
use crate::units::{Bytes, CalendarMonth, Count, Growth, Months, Range, Rate, Share, Span};

/// A cloud, or the cheapest of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CloudName {
    /// Amazon Web Services.
    Aws,
    /// Google Cloud.
    Gcp,
    /// Servers without a cloud.
    BareMetal,
    /// Whichever costs least.
    Cheapest,
}

/// A way of paying for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PurchaseName {
    /// By the hour.
    OnDemand,
    /// Cheap, and taken away when the provider needs it.
    Spot,
    /// Promised for a time.
    Committed,
}

macro_rules! optional {
    ($(#[$doc:meta] $name:ident { $(#[$fdoc:meta] $field:ident: $type:ty,)* })*) => {$(
        #[$doc]
        #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name {
            $(
                #[$fdoc]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
        }
    )*};
}

optional! {
    /// A settings file: `rapplan.toml` of a project, or `config.toml` of a user or a system. Everything is optional.
    Project {
        /// Name of the deployment: lower-case letters, digits and hyphens.
        deployment: String,
        /// Name of a built-in blueprint, or a file; a relative path is relative to this file.
        blueprint: String,
        /// What the deployment must bear.
        demand: DemandSection,
        /// How inputs that are ranges are treated.
        uncertainty: UncertaintySection,
        /// Where machines and prices are taken from.
        cloud: CloudSection,
        /// Where prices of one's own are.
        catalog: CatalogSection,
        /// Where the history of deployments is kept.
        history: HistorySection,
        /// How files are rendered.
        render: RenderSection,
        /// How results are printed.
        output: OutputSection,
    }

    /// What the deployment must bear.
    DemandSection {
        /// Partitions of vectors that must be served.
        partitions: Range<Count>,
        /// Vectors that must be searched, over all partitions.
        vectors: Range<Count>,
        /// Vectors in one partition, instead of the blueprint's figure.
        vectors_per_partition: Range<Count>,
        /// Dimensions of a vector, instead of the blueprint's figure.
        dims: Count,
        /// Index that the vectors are searched with.
        index: String,
        /// Requests per second at the peak.
        rps: Range<Rate>,
        /// Users served.
        users: Range<Count>,
        /// Users that are active at the same moment.
        concurrent_users: Range<Count>,
        /// Users that are active in a month; concurrent users are reckoned from it.
        monthly_users: Range<Count>,
        /// Mix of requests, by the name of a load test's scenario.
        mix: String,
        /// Requests to the language model at the same moment.
        model_requests: Range<Count>,
        /// Longest p95 of the response time that is borne.
        p95: Span,
        /// Largest share of failed requests that is borne.
        max_error_rate: Share,
        /// Data on disk: vectors, texts and metadata together.
        data: Range<Bytes>,
        /// What the deployment is for.
        environment: Environment,
        /// Qualities that the tier must have in full.
        require: Vec<Requirement>,
        /// How fast the demand grows.
        growth: Range<Growth>,
        /// How far ahead the size must hold.
        horizon: Months,
        /// What is added to the demand before a tier is chosen.
        headroom: Share,
        /// Month of the calendar that is month 0 of a forecast.
        start: CalendarMonth,
    }

    /// How inputs that are ranges are treated.
    UncertaintySection {
        /// Possible worlds that are imagined.
        worlds: Count,
        /// Which worlds: the same seed gives the same ones.
        seed: Count,
    }

    /// Where machines and prices are taken from.
    CloudSection {
        /// Cloud whose machines and prices are taken; `cheapest` compares them all.
        provider: CloudName,
        /// Region of that cloud.
        region: String,
        /// How machines are paid for.
        purchase: PurchaseName,
        /// Most servers that there may be.
        max_servers: Count,
    }

    /// Where prices of one's own are.
    CatalogSection {
        /// Folder of prices of one's own; a relative path is relative to this file.
        dir: String,
    }

    /// Where the history of deployments is kept.
    HistorySection {
        /// Address of a bucket, which a team shares; without one, `.rapplan/history`.
        bucket: String,
    }

    /// How files are rendered.
    RenderSection {
        /// Folder that the rendered files go to; a relative path is relative to this file.
        out: String,
        /// Tier to render, instead of the one the demand leads to.
        tier: String,
        /// Folder of templates that replace the built-in ones of the same name; relative to this file.
        templates: String,
    }

    /// How results are printed.
    OutputSection {
        /// How results are printed.
        format: OutputFormat,
        /// When colour is used.
        color: OutputColor,
    }
}

macro_rules! words {
    ($(#[$doc:meta] $name:ident { $(#[$vdoc:meta] $variant:ident,)* })*) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $(#[$vdoc] $variant,)* }
    )*};
}

words! {
    /// How results are printed.
    OutputFormat {
        /// Tables for people.
        Table,
        /// JSON.
        Json,
        /// YAML.
        Yaml,
        /// Markdown.
        Markdown,
        /// Comma-separated values; only where a result is one long table.
        Csv,
    }
    /// When colour is used.
    OutputColor {
        /// On a terminal.
        Auto,
        /// Always.
        Always,
        /// Never.
        Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::settings::table::KEYS;

    #[test]
    fn holds_every_setting_and_nothing_else() {
        let mut lines = Vec::new();
        for key in KEYS {
            let text = key.example;
            let value = if key.name == "demand.require" { "['ha', 'autoscaling']".into() } else { format!("'{text}'") };
            lines.push(format!("{} = {value}", key.name));
        }
        let project: Project = toml::from_str(&lines.join("\n")).unwrap();
        let back = toml::Table::try_from(&project).unwrap();
        let sections = back.values().map(|value| value.as_table().map_or(1, toml::Table::len));
        assert_eq!(sections.sum::<usize>(), KEYS.len());
    }
}
