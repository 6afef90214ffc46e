//! `rapplan explain`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::blueprint::schema::{FieldDoc, blueprint_fields};
use crate::cli::context::Context;
use crate::cli::nearest::did_you_mean;
use crate::cli::settings::Settings;
use crate::cli::settings::table::{KEYS, Key};
use crate::cli::topics;
use crate::cli::view::{Page, View, page_text};
use crate::error::{Code, Problem, Result};
use crate::exit::Exit;

const EXAMPLES: &str = "\
Examples:
  rapplan explain E0202                 what an error means and how to mend it
  rapplan explain demand.partitions     a setting: its value and where it comes from
  rapplan explain services.ports.port   a field of a blueprint
  rapplan explain tiers                 a table of a blueprint and what is in it
  rapplan explain exit-codes            what scripts can branch on";

/// Explain an error, a setting, a field of a blueprint, or the exit codes
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// An error such as E0202, a setting, the path of a field, or exit-codes
    topic: String,
}

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
    Setting {
        /// Its name.
        key: &'static str,
        /// What it means.
        means: &'static str,
        /// What it takes.
        takes: String,
        /// What it is set to.
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<String>,
        /// What set it.
        #[serde(skip_serializing_if = "Option::is_none")]
        origin: Option<String>,
        /// Its flag.
        flag: String,
        /// Its environment variable.
        env: &'static str,
        /// An example of a value.
        example: &'static str,
    },
    /// A field of a blueprint, with the fields in it.
    Field {
        /// The field, then those in it.
        fields: Vec<FieldFacts>,
    },
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
            Self::Setting { key, means, takes, value, origin, flag, env, example } => {
                let value = match (value, origin) {
                    (Some(value), Some(origin)) => format!("{value}  (from {origin})"),
                    _ => "not set".to_owned(),
                };
                Page::new().heading(*key).facts([
                    ("meaning", (*means).to_owned()),
                    ("value", value),
                    ("takes", takes.clone()),
                    ("example", (*example).to_owned()),
                    ("flag", flag.clone()),
                    ("environment", (*env).to_owned()),
                ])
            }
            Self::Field { fields } => field_page(fields),
        }
    }
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

/// Prints the explanation.
///
/// # Errors
/// `E0104` when nothing has this name.
pub fn run(args: Args, context: &Context) -> Result<Exit> {
    let topic = args.topic.trim();
    if topic == "exit-codes" {
        context.ui.data(&page_text(&topics::exit_codes(), context.format()?, context.ui.width()))?;
        return Ok(Exit::Ok);
    }
    if let Some(code) = Code::ALL.iter().find(|code| code.id().eq_ignore_ascii_case(topic)) {
        let (code, title, exit, page) = (code.id(), code.title(), code.exit().number(), code.page());
        return context.show(&Explanation::Error { code, title, exit, page });
    }
    if let Some(key) = KEYS.iter().find(|key| key.name == topic || topic.strip_prefix("--") == Some(key.flag)) {
        return context.show(&setting(key, context.settings()?)?);
    }
    let fields = fields_of(topic);
    if fields.is_empty() { Err(unknown(topic).into()) } else { context.show(&Explanation::Field { fields }) }
}

fn setting(key: &Key, settings: &Settings) -> Result<Explanation> {
    let setting = settings.checked(key.name)?;
    Ok(Explanation::Setting {
        key: key.name,
        means: key.means,
        takes: key.takes.expected(),
        origin: setting.as_ref().map(|setting| setting.origin.to_string()),
        value: setting.map(|setting| setting.text),
        flag: format!("--{}", key.flag),
        env: key.env,
        example: key.example,
    })
}

/// The field of this path and those directly in it. Names and items may be left out or be real ones:
/// `services.api.ports` is `services.*.ports`.
fn fields_of(topic: &str) -> Vec<FieldFacts> {
    let docs = blueprint_fields();
    let Some(at) = docs.iter().position(|doc| matches(&doc.path, topic)) else { return Vec::new() };
    let path = docs[at].path.clone();
    let inner = |doc: &FieldDoc| {
        let rest = doc.path.strip_prefix(&path).map(|rest| rest.trim_start_matches("[]").trim_start_matches(".*"));
        doc.path == path || rest.is_some_and(|rest| rest.starts_with('.') && !rest[1..].contains('.'))
    };
    docs.into_iter().filter(inner).map(FieldFacts::from).collect()
}

/// Whether a path such as `services.*.ports[].port` is meant by what a user typed.
fn matches(path: &str, typed: &str) -> bool {
    let typed: Vec<&str> = typed.split(['.', '[', ']']).filter(|step| !step.is_empty()).collect();
    let typed: Vec<&str> = typed.into_iter().filter(|step| step.parse::<usize>().is_err()).collect();
    let path = path.replace("[]", "");
    steps_match(&path.split('.').collect::<Vec<_>>(), &typed)
}

fn steps_match(path: &[&str], typed: &[&str]) -> bool {
    match (path, typed) {
        ([], []) | (["*"], []) => true,
        (["*", path @ ..], [_, rest @ ..]) => steps_match(path, rest) || steps_match(path, typed),
        (["*", path @ ..], []) => steps_match(path, typed),
        ([step, path @ ..], [first, rest @ ..]) => step == first && steps_match(path, rest),
        _ => false,
    }
}

fn unknown(topic: &str) -> Problem {
    let fields: Vec<String> = blueprint_fields().iter().map(FieldDoc::plain_path).collect();
    let names = Code::ALL.iter().map(|code| code.id()).chain(KEYS.iter().map(|key| key.name)).chain(["exit-codes"]);
    Problem::new(Code::UnknownName, format!("nothing is called `{topic}`"))
        .hint_opt(did_you_mean(topic, names.chain(fields.iter().map(String::as_str))))
        .hint("it may be an error such as `E0202`, a setting such as `demand.partitions`, a field such as `tiers.up_to`, or `exit-codes`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_may_name_items_or_leave_them_out() {
        for typed in ["services.ports.port", "services.api.ports.port", "services.*.ports[0].port"] {
            assert!(matches("services.*.ports[].port", typed), "{typed}");
        }
        assert!(matches("tiers[].up_to", "tiers.up_to"));
        assert!(!matches("tiers[].up_to", "tiers.from"));
        assert!(!matches("services.*.ports[].port", "services.ports"));
    }
}
