//! Asking before anything is changed.

use crate::cli::ui::Ui;
use crate::error::{Code, Problem, Result};

/// Asks for a word, unless leave was given by a flag; whether it was said.
///
/// # Errors
/// `E0706` when nobody can be asked.
pub fn confirm(ui: &Ui, question: &str, word: &str, given: bool, flag: &str) -> Result<bool> {
    if given {
        return Ok(true);
    }
    let Some(said) = ui.ask(question) else {
        return Err(Problem::new(Code::Unconfirmed, "nothing was changed: nobody can be asked whether it shall be")
            .because("standard input is not a terminal")
            .hint(format!("in scripts, give leave with {flag}"))
            .into());
    };
    Ok(said.trim() == word)
}
