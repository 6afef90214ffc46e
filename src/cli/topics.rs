//! The help topics that belong to no command.

use super::settings::table::{KEYS, Key, OTHER_VARIABLES};
use super::view::Page;
use super::view::envelope::SCHEMA_VERSION;
use crate::exit;

/// A help topic.
#[derive(Debug, Clone, Copy)]
pub struct Topic {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// Writes its page.
    pub page: fn() -> Page,
}

/// Every topic.
pub const TOPICS: &[Topic] = &[
    Topic { name: "exit-codes", about: "what the exit status says", page: exit_codes },
    Topic { name: "environment", about: "the environment variables that are read", page: environment },
    Topic { name: "files", about: "the files that are read, and in which order", page: files },
    Topic { name: "output", about: "what goes where, and in which form", page: output },
];

/// What the exit status says.
pub fn exit_codes() -> Page {
    let rows = exit::TABLE.iter().map(|(_, number, meaning)| [number.to_string(), (*meaning).to_owned()]);
    Page::new().heading("Exit codes").table(["status", "meaning"], rows)
}

fn environment() -> Page {
    let rows = KEYS.iter().map(|key: &Key| [key.env.to_owned(), key.name.to_owned(), key.means.to_owned()]);
    let others = OTHER_VARIABLES.iter().map(|(name, means)| [(*name).to_owned(), (*means).to_owned()]);
    Page::new()
        .heading("Settings")
        .text("A variable goes before the files and after the flags. An empty one counts as unset.")
        .table(["variable", "setting", "meaning"], rows)
        .heading("Other variables")
        .table(["variable", "meaning"], others)
}

fn files() -> Page {
    let order = [
        "the flags of the command",
        "the variables RAPPLAN_*",
        "rapplan.toml in the current folder or the nearest one above it, or the file of --config",
        "$XDG_CONFIG_HOME/rapplan/config.toml, or ~/.config/rapplan/config.toml",
        "/etc/rapplan/config.toml",
        "the defaults",
    ];
    let rows = order.iter().enumerate().map(|(i, layer)| [(i + 1).to_string(), (*layer).to_owned()]);
    Page::new()
        .heading("Where a setting comes from")
        .text("The first of these that says something decides, setting by setting:")
        .table(["order", "layer"], rows)
        .text("`rapplan explain KEY` says what a setting is set to and which of them said so.")
        .text("Relative paths in a file are relative to that file. All files have the same form: `rapplan schema project`.")
        .heading("Other files")
        .text("A blueprint is a TOML file (`rapplan schema blueprint`); `-` reads it from standard input.")
        .text("Files must be UTF-8 and at most 16 MiB; tables that `calibrate` reads may be of any size.")
        .text("Files are written whole: to a temporary file beside, then renamed.")
}

fn output() -> Page {
    let envelope = [
        "{",
        &format!("  \"schema_version\": \"{SCHEMA_VERSION}\","),
        "  \"kind\": \"version\",",
        "  \"data\": { ... }",
        "}",
    ]
    .map(str::to_owned);
    Page::new()
        .heading("Streams")
        .text("Results go to standard output, everything else (errors, warnings, notes, hints) to standard error.")
        .text("-q leaves results and errors; -qq leaves nothing but the exit status; -v and -vv say more.")
        .heading("Formats of --output")
        .table(
            ["format", "for"],
            [
                ["table", "people; wrapped at COLUMNS or the width of the terminal, never in a pipe"],
                ["json", "programs"],
                ["yaml", "programs; the same as json"],
                ["markdown", "pages and comments"],
                ["csv", "spreadsheets; only results that are one long table"],
            ]
            .map(|row| row.map(str::to_owned)),
        )
        .heading("JSON and YAML")
        .text("Every result has the same envelope; the result itself is under `data`:")
        .code(envelope)
        .text(
            "Within a major `schema_version` fields and kinds are only added, so a program must ignore what it does not \
             know. What is absent or null is unknown or does not apply. `rapplan schema KIND` is the schema.",
        )
        .text("Tables, Markdown and messages are for people and may change with any version.")
        .heading("Colour")
        .text(
            "--color decides for both streams. With `auto`, NO_COLOR forbids colour, FORCE_COLOR and CLICOLOR_FORCE ask \
             for it, and otherwise each stream gets it when it is a terminal. Nothing is said by colour alone.",
        )
}
