//! Whether a stream gets colour.

use clap::ValueEnum;

use super::settings::env::Env;

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal that can show it, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Decides for one stream.
///
/// With `auto`, in this order: `NO_COLOR` forbids it; `FORCE_COLOR` (unless `0` or `false`) and `CLICOLOR_FORCE`
/// (unless `0`) ask for it; `CLICOLOR=0` and `TERM=dumb` or no `TERM` forbid it; otherwise a terminal gets it.
/// Sources: no-color.org, force-color.org, bixense.com/clicolors.
pub fn wanted(when: When, env: &Env, is_terminal: bool) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto if env.get("NO_COLOR").is_some() => false,
        When::Auto => {
            let forced = |name, off: &[&str]| env.get(name).is_some_and(|value| !off.contains(&value));
            if forced("FORCE_COLOR", &["0", "false"]) || forced("CLICOLOR_FORCE", &["0"]) {
                return true;
            }
            let able = cfg!(windows) || env.get("TERM").is_some();
            is_terminal && able && env.get("TERM") != Some("dumb") && env.get("CLICOLOR") != Some("0")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(env: &[(&str, &str)], is_terminal: bool) -> bool {
        wanted(When::Auto, &Env::of(env), is_terminal)
    }

    #[test]
    fn a_terminal_gets_colour_and_a_pipe_does_not() {
        assert!(auto(&[("TERM", "xterm")], true));
        assert!(!auto(&[("TERM", "xterm")], false));
        assert!(!auto(&[("TERM", "dumb")], true));
        assert!(!auto(&[("TERM", "xterm"), ("CLICOLOR", "0")], true));
    }

    #[test]
    fn no_color_wins_over_every_other_variable() {
        assert!(auto(&[("FORCE_COLOR", "1")], false));
        assert!(auto(&[("CLICOLOR_FORCE", "1")], false));
        assert!(!auto(&[("FORCE_COLOR", "0"), ("CLICOLOR_FORCE", "0")], false));
        assert!(!auto(&[("NO_COLOR", "1"), ("FORCE_COLOR", "1"), ("CLICOLOR_FORCE", "1")], true));
        assert!(auto(&[("NO_COLOR", ""), ("TERM", "xterm")], true));
    }

    #[test]
    fn the_flag_wins_over_the_environment() {
        assert!(wanted(When::Always, &Env::of(&[("NO_COLOR", "1")]), false));
        assert!(!wanted(When::Never, &Env::of(&[("FORCE_COLOR", "1")]), true));
    }
}
