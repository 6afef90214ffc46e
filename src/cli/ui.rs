//! The only file that writes to a terminal: data to stdout, talk to stderr.

use std::cell::Cell;
use std::io::{ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use super::color::{self, When};
use super::settings::env::Env;
use crate::error::{Code, Error, Problem, Result};

/// Bold text, for headings.
pub const BOLD: Style = Style::new().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();
/// The word that begins a warning.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// How much is said on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `-qq`: nothing at all, not even data; only the exit status speaks.
    Silent,
    /// `-q`: data and errors.
    Quiet,
    /// Data, errors, warnings, notes.
    Normal,
    /// `-v`: what was read and decided as well.
    Verbose,
    /// `-vv`: everything.
    Debug,
}

impl Level {
    /// From the number of `-q` and of `-v`.
    pub fn of(quiet: u8, verbose: u8) -> Self {
        match (quiet, verbose) {
            (0, 0) => Self::Normal,
            (0, 1) => Self::Verbose,
            (0, _) => Self::Debug,
            (1, _) => Self::Quiet,
            _ => Self::Silent,
        }
    }
}

/// The terminal, or whatever the streams lead to.
#[derive(Debug)]
pub struct Ui {
    level: Level,
    out: ColorChoice,
    err: ColorChoice,
    width: Option<u16>,
    closed: Cell<bool>,
    /// Whether lines can be drawn over.
    is_live: bool,
    /// Lines that are drawn over by what comes next.
    drawn: Cell<usize>,
}

impl Ui {
    /// Looks at the streams and the environment.
    ///
    /// Tables are as wide as `COLUMNS` says, else as the terminal is; in a pipe or file nothing is wrapped, so that a
    /// row stays a line.
    pub fn new(level: Level, when: When, env: &Env) -> Self {
        let choice = |is_terminal| {
            if color::wanted(when, env, is_terminal) { ColorChoice::Always } else { ColorChoice::Never }
        };
        let terminals = std::io::stdout().is_terminal() && std::io::stderr().is_terminal();
        let columns = env.get("COLUMNS").and_then(|text| text.parse().ok()).filter(|width| *width >= 20);
        Self {
            level,
            out: choice(std::io::stdout().is_terminal()),
            err: choice(std::io::stderr().is_terminal()),
            width: columns.or_else(|| comfy_table::Table::new().width()),
            closed: Cell::new(false),
            is_live: level >= Level::Normal && terminals && env.get("TERM") != Some("dumb"),
            drawn: Cell::new(0),
        }
    }

    /// How many columns there are; `None` when text is not to be wrapped.
    pub fn width(&self) -> Option<u16> {
        self.width
    }

    /// Writes what was asked for to stdout, with a line end.
    ///
    /// A reader that has gone away (`rapplan size | head -1`) ends the output quietly.
    ///
    /// # Errors
    /// `E0501` when stdout cannot be written for another reason, such as a full disk.
    pub fn data(&self, text: &str) -> Result<()> {
        if self.level == Level::Silent || self.closed.get() {
            return Ok(());
        }
        self.live(&[]);
        let mut out = AutoStream::new(std::io::stdout().lock(), self.out);
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let written = out.write_all(text.as_bytes()).and_then(|()| out.write_all(end.as_bytes()));
        match written.and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed.set(true);
                Ok(())
            }
            Err(error) => Err(Problem::new(Code::File, "standard output cannot be written")
                .because(error.to_string())
                .hint("see that the disk it leads to has room and may be written")
                .into()),
        }
    }

    /// Whether somebody looks at a terminal on which lines can be drawn over.
    pub fn is_live(&self) -> bool {
        self.is_live
    }

    /// Draws lines at the end of the screen, over those that were drawn there before; what is said next takes their place.
    pub fn live(&self, lines: &[String]) {
        if !self.is_live || (lines.is_empty() && self.drawn.get() == 0) {
            return;
        }
        let up = match self.drawn.replace(lines.len()) {
            0 => String::new(),
            drawn => format!("\u{1b}[{drawn}A\u{1b}[J"),
        };
        let width = usize::from(self.width.unwrap_or(80)).saturating_sub(1);
        let lines: String =
            lines.iter().map(|line| line.chars().take(width).chain(['\n']).collect::<String>()).collect();
        // What cannot be drawn is told by the lines that stay.
        let mut err = std::io::stderr().lock();
        let _ = err.write_all(format!("{up}{lines}").as_bytes()).and_then(|()| err.flush());
    }

    /// Says what was done.
    pub fn note(&self, text: &str) {
        self.say(Level::Normal, text);
    }

    /// Says what may go wrong although the work is done.
    pub fn warn(&self, text: &str) {
        self.say(Level::Normal, &format!("{WARNING}warning:{WARNING:#} {text}"));
    }

    /// Says what one could do next.
    pub fn hint(&self, text: &str) {
        self.say(Level::Normal, &format!("{HINT}hint:{HINT:#} {text}"));
    }

    /// Says what was read or decided, with `-v`.
    pub fn verbose(&self, text: &str) {
        self.say(Level::Verbose, &format!("{DIM}{text}{DIM:#}"));
    }

    /// Asks on stderr and reads a line; `None` when nobody is there to answer.
    pub fn ask(&self, question: &str) -> Option<String> {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return None;
        }
        let mut err = AutoStream::new(std::io::stderr().lock(), self.err);
        write!(err, "{BOLD}{question}{BOLD:#} ").and_then(|()| err.flush()).ok()?;
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).ok()?;
        Some(line)
    }

    /// Says what went wrong, all of it.
    pub fn error(&self, error: &Error) {
        let painted: Vec<String> = error.problems().iter().map(paint).collect();
        self.say(Level::Quiet, &painted.join("\n\n"));
    }

    /// Talk that cannot be heard (a closed stderr) is no reason to fail.
    fn say(&self, least: Level, text: &str) {
        if self.level >= least {
            self.live(&[]);
            let _ = writeln!(AutoStream::new(std::io::stderr().lock(), self.err), "{text}");
        }
    }
}

/// The plain text of a problem with its labels and carets in colour.
fn paint(problem: &Problem) -> String {
    let plain = problem.to_string();
    let detail = problem.detail.as_ref().map_or(0, |detail| detail.trim_end().lines().count());
    let own = plain.lines().count() - detail;
    let mut lines: Vec<String> = Vec::new();
    for (number, line) in plain.lines().enumerate() {
        let label = |prefix: &str, style: Style| {
            line.strip_prefix(prefix).map(|rest| format!("{style}{prefix}{style:#}{rest}"))
        };
        let painted = match number {
            0 => label(&format!("error[{}]:", problem.code), ERROR),
            _ if number >= own => None,
            3 if problem.place.is_some() => {
                line.find('^').map(|at| format!("{}{ERROR}{}{ERROR:#}", &line[..at], &line[at..]))
            }
            _ => label("  hint:", HINT).or_else(|| label("  cause:", BOLD)),
        };
        lines.push(painted.unwrap_or_else(|| line.to_owned()));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_changes_nothing_but_the_colour() {
        let problem = Problem::new(Code::UnknownField, "unknown field `replica`")
            .because("it is not there")
            .hint("did you mean `replicas`?")
            .detail("  hint: not a hint\n");
        let painted = paint(&problem);
        assert!(painted.starts_with("\u{1b}[1m\u{1b}[31merror[E0202]:\u{1b}[0m unknown"), "{painted:?}");
        assert!(painted.ends_with("\n  hint: not a hint"), "{painted:?}");
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), problem.to_string().trim_end());
    }

    #[test]
    fn quiet_and_verbose_are_levels() {
        assert_eq!(Level::of(0, 0), Level::Normal);
        assert_eq!(Level::of(2, 0), Level::Silent);
        assert!(Level::of(0, 2) > Level::of(0, 1));
    }
}
