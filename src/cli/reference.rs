//! The reference pages, made from the same definitions that the program runs on.

use std::fmt::Write;

use clap::Command;

use super::commands::schema;
use super::settings::table::{KEYS, OTHER_VARIABLES};
use super::topics;
use super::view::{Format, Page, page_text};
use crate::blueprint::schema::blueprint_fields;
use crate::error::{Code, Result};

/// Every page: its path under `docs/reference` and its text.
///
/// # Errors
/// `E0901` when a schema cannot be written.
pub fn pages() -> Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("commands.md", commands()),
        ("settings.md", settings()),
        ("exit-codes.md", titled("Exit codes", &topics::exit_codes())),
        ("errors.md", errors()),
        ("output.md", output()),
        ("blueprint.md", blueprint()),
        ("blueprint.schema.json", schema::text("blueprint")? + "\n"),
        ("project.schema.json", schema::text("project")? + "\n"),
    ])
}

const MADE: &str = "<!-- Made from the program by tests/reference.rs; do not edit. -->";

fn titled(title: &str, page: &Page) -> String {
    let text = page_text(page, Format::Markdown, None);
    let text = text.strip_prefix(&format!("## {title}\n\n")).unwrap_or(&text);
    format!("# {title}\n\n{MADE}\n\n{text}")
}

fn commands() -> String {
    let mut text = format!("# Commands\n\n{MADE}\n");
    let mut root = super::command().term_width(100);
    root.build();
    command(&mut text, &mut root);
    text
}

fn command(text: &mut String, command: &mut Command) {
    let name = command.get_bin_name().unwrap_or("rapplan").to_owned();
    // The global options are the same for all, so they are listed once, with `rapplan` itself.
    if name != "rapplan" {
        *command = command.clone().mut_args(|arg| {
            let global = arg.is_global_set();
            arg.hide(global)
        });
    }
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    let _ = write!(text, "\n## `{name}`\n\n```text\n{}\n```\n", help.join("\n").trim_end());
    command.get_subcommands_mut().for_each(|below| self::command(text, below));
}

fn settings() -> String {
    let code = |text: &str| format!("`{text}`");
    let rows = KEYS.iter().map(|key| {
        let default = key.default.map(code).unwrap_or_default();
        let flag = format!("`--{}`", key.flag);
        [code(key.name), flag, code(key.env), key.takes.expected(), default, key.means.to_owned()]
    });
    let others = OTHER_VARIABLES.iter().map(|(name, means)| [code(name), (*means).to_owned()]);
    let layers = [
        "Flags go before `RAPPLAN_*` variables, these before `rapplan.toml`, that before the user's",
        "`~/.config/rapplan/config.toml`, that before `/etc/rapplan/config.toml`, and all before the defaults.",
        "`rapplan explain KEY` says what a setting is set to and what set it. The key is also the place in the file:",
        "`demand.partitions` is `partitions` in the table `[demand]`.",
    ];
    let page = Page::new()
        .text(layers.join("\n"))
        .table(["key", "flag", "variable", "takes", "default", "meaning"], rows)
        .heading("Other variables")
        .table(["variable", "meaning"], others);
    titled("Settings", &page)
}

fn errors() -> String {
    let rows = Code::ALL.iter().map(|code| {
        let page = format!("[{0}](../errors/{0}.md)", code.id());
        [page, code.title().to_owned(), code.exit().number().to_string()]
    });
    titled("Errors", &Page::new().table(["error", "about", "exit status"], rows))
}

fn output() -> String {
    let page = super::topics::TOPICS.iter().find(|topic| topic.name == "output").map(|topic| (topic.page)());
    titled("Output", &page.unwrap_or_default())
}

fn blueprint() -> String {
    let rows = blueprint_fields().into_iter().map(|field| {
        let takes = field.expected.unwrap_or_else(|| {
            field.words.iter().map(|word| format!("`{}`", word.word)).collect::<Vec<_>>().join(", ")
        });
        let required = if field.required { "yes" } else { "" };
        let default = field.default.map(|default| format!("`{default}`")).unwrap_or_default();
        [format!("`{}`", field.path), field.type_name, required.to_owned(), takes, default, field.description]
    });
    let page = Page::new()
        .text("`*` stands for a name, `[]` for any item of a list. `rapplan explain services.ports` prints one field.")
        .table(["field", "type", "required", "takes", "default", "meaning"], rows);
    titled("Blueprint fields", &page)
}
