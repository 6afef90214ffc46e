//! What `rapplan explain` says, as data and as a page.

use schemars::JsonSchema;
use serde::Serialize;

use crate::blueprint::schema::FieldDoc;
use crate::cli::topics;
use crate::cli::view::{Page, View};

/// What is explained.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum Explanation {
    /// An error.
    Error {
        /// Its number.
        code: &'static str,
        /// What it is about.
        title: &'static str,
        /// The exit status it leads to.
        exit: u8,
        /// Its page, in Markdown.
        page: &'static str,
    },
    /// A setting.
    Setting(SettingFacts),
    /// The settings of a section of `rapplan.toml`, or all of them.
    Settings {
        /// The section; empty for all.
        section: String,
        /// Its settings.
        settings: Vec<SettingFacts>,
    },
    /// The exit statuses.
    ExitCodes {
        /// Each of them.
        statuses: Vec<StatusFacts>,
    },
    /// A field of a blueprint, with the fields in it.
    Field {
        /// The field, then those in it.
        fields: Vec<FieldFacts>,
    },
}

/// What is known of a setting.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SettingFacts {
    /// Its name.
    pub key: &'static str,
    /// What it means.
    pub means: &'static str,
    /// What it takes.
    pub takes: String,
    /// What it is set to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Its flag.
    pub flag: String,
    /// Its environment variable.
    pub env: &'static str,
    /// An example of a value.
    pub example: &'static str,
}

/// An exit status.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusFacts {
    /// The status.
    pub status: u8,
    /// What it says.
    pub means: &'static str,
}

/// What is known of a field.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FieldFacts {
    /// Where it is; `*` stands for a name, `[]` for any item of a list.
    path: String,
    /// Its type.
    r#type: String,
    /// Whether it must be there.
    required: bool,
    /// What stands in for it, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    /// What it takes, with examples.
    #[serde(skip_serializing_if = "Option::is_none")]
    takes: Option<String>,
    /// The words that it takes, each with its meaning.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<[String; 2]>,
    /// What it means.
    means: String,
}

impl From<FieldDoc> for FieldFacts {
    fn from(doc: FieldDoc) -> Self {
        let words = doc.words.into_iter().map(|word| [word.word, word.description]).collect();
        Self {
            path: doc.path,
            r#type: doc.type_name,
            required: doc.required,
            default: doc.default,
            takes: doc.expected,
            words,
            means: doc.description,
        }
    }
}

impl View for Explanation {
    const KIND: &'static str = "explanation";

    fn page(&self) -> Page {
        match self {
            Self::Error { page, .. } => Page::new().code(page.trim_end().lines()),
            Self::Setting(setting) => setting_page(setting),
            Self::Settings { section, settings } => {
                let heading = if section.is_empty() { "Settings".to_owned() } else { format!("Settings of {section}") };
                let rows = settings
                    .iter()
                    .map(|setting| [setting.key.to_owned(), setting.value_and_origin(), setting.means.to_owned()]);
                Page::new().heading(heading).table(["setting", "value", "meaning"], rows)
            }
            Self::ExitCodes { .. } => topics::exit_codes(),
            Self::Field { fields } => field_page(fields),
        }
    }
}

impl SettingFacts {
    fn value_and_origin(&self) -> String {
        match (&self.value, &self.origin) {
            (Some(value), Some(origin)) => format!("{value}  (from {origin})"),
            _ => "not set".to_owned(),
        }
    }
}

fn setting_page(setting: &SettingFacts) -> Page {
    Page::new().heading(setting.key).facts([
        ("meaning", setting.means.to_owned()),
        ("value", setting.value_and_origin()),
        ("takes", setting.takes.clone()),
        ("example", setting.example.to_owned()),
        ("flag", setting.flag.clone()),
        ("environment", setting.env.to_owned()),
    ])
}

fn field_page(fields: &[FieldFacts]) -> Page {
    let Some((field, inner)) = fields.split_first() else { return Page::new() };
    let required = if field.required { "yes" } else { "no" };
    let rows = inner.iter().map(|field| [field.path.clone(), field.r#type.clone(), field.means.clone()]);
    Page::new()
        .heading(&field.path)
        .facts([
            ("meaning", field.means.clone()),
            ("type", field.r#type.clone()),
            ("required", required.to_owned()),
            ("default", field.default.clone().unwrap_or_default()),
            ("takes", field.takes.clone().unwrap_or_default()),
        ])
        .section("Words", |page| page.table(["word", "meaning"], field.words.iter().cloned()))
        .section("Fields", |page| page.table(["field", "type", "meaning"], rows))
}
