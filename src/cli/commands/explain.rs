//! `rapplan explain`.

use super::explanation::{Explanation, FieldFacts, SettingFacts, StatusFacts};
use crate::blueprint::schema::{FieldDoc, blueprint_fields};
use crate::cli::context::Context;
use crate::cli::settings::Settings;
use crate::cli::settings::table::{KEYS, Key};
use crate::error::{Code, Problem, Result};
use crate::exit::{self, Exit};
use crate::nearest::did_you_mean;

const EXAMPLES: &str = "\
Examples:
  rapplan explain E0202                 what an error means and how to mend it
  rapplan explain demand.partitions     a setting: its value and where it comes from
  rapplan explain demand                all settings of a section
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

/// Prints the explanation.
///
/// # Errors
/// `E0104` when nothing has this name.
pub fn run(args: Args, context: &Context) -> Result<Exit> {
    let topic = args.topic.trim();
    if topic == "exit-codes" {
        let status = |(_, status, means): &(Exit, u8, &'static str)| StatusFacts { status: *status, means };
        return context.show(&Explanation::ExitCodes { statuses: exit::TABLE.iter().map(status).collect() });
    }
    if let Some(code) = Code::ALL.iter().find(|code| code.id().eq_ignore_ascii_case(topic)) {
        let (code, title, exit, page) = (code.id(), code.title(), code.exit().number(), code.page());
        return context.show(&Explanation::Error { code, title, exit, page });
    }
    if let Some(explanation) = of_settings(topic, context)? {
        return context.show(&explanation);
    }
    let fields = fields_of(topic.strip_prefix("blueprint.").unwrap_or(topic));
    if fields.is_empty() { Err(unknown(topic).into()) } else { context.show(&Explanation::Field { fields }) }
}

/// A setting by its key or flag; a section of `rapplan.toml`; or, as `project`, all settings.
fn of_settings(topic: &str, context: &Context) -> Result<Option<Explanation>> {
    let name = topic.strip_prefix("project.").unwrap_or(topic).split('[').next().unwrap_or_default();
    let named = |key: &&Key| key.name == name || name.strip_prefix("--") == Some(key.flag);
    if let Some(key) = KEYS.iter().find(named) {
        return Ok(Some(Explanation::Setting(setting(key, context.settings()?)?)));
    }
    let section = if name == "project" { "" } else { name };
    let within = |key: &&Key| section.is_empty() || key.name.split_once('.').is_some_and(|(of, _)| of == section);
    let keys: Vec<&Key> = KEYS.iter().filter(within).collect();
    if name.is_empty() || keys.is_empty() {
        return Ok(None);
    }
    let settings = context.settings()?;
    let settings = keys.into_iter().map(|key| setting(key, settings)).collect::<Result<_>>()?;
    Ok(Some(Explanation::Settings { section: section.to_owned(), settings }))
}

fn setting(key: &Key, settings: &Settings) -> Result<SettingFacts> {
    let setting = settings.checked(key.name)?;
    Ok(SettingFacts {
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
    let keys = KEYS.iter().map(|key| key.name);
    let names = Code::ALL.iter().map(|code| code.id()).chain(keys.clone()).chain(["exit-codes"]);
    // `headroom` and `up_to` are the last words of `demand.headroom` and `tiers.up_to`.
    let ends = |path: &&str| path.rsplit('.').next() == Some(topic);
    let last = keys.chain(fields.iter().map(String::as_str)).find(ends).map(|path| format!("did you mean `{path}`?"));
    Problem::new(Code::UnknownName, format!("nothing is called `{topic}`"))
        .hint_opt(last.or_else(|| did_you_mean(topic, names.chain(fields.iter().map(String::as_str)))))
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
