use std::io::Read;
use std::process::Stdio;

use crate::harness::{Sandbox, open_to_write};

fn coloured(args: &str, env: &[(&str, &str)]) -> (bool, bool) {
    let sandbox = Sandbox::new();
    let output = env.iter().fold(sandbox.rapplan(args), |run, (name, value)| run.env(name, value)).output();
    (output.stdout.contains(&0x1b), output.stderr.contains(&0x1b))
}

#[test]
fn a_pipe_gets_no_colour_unless_it_is_asked_for() {
    assert_eq!(coloured("help exit-codes", &[("TERM", "xterm")]), (false, false));
    assert_eq!(coloured("help exit-codes", &[("FORCE_COLOR", "1")]), (true, false));
    assert_eq!(coloured("help exit-codes", &[("CLICOLOR_FORCE", "1")]), (true, false));
    assert_eq!(coloured("nonsense", &[("FORCE_COLOR", "1")]), (false, true));
    assert_eq!(coloured("--color=always nonsense", &[]), (false, true));
    assert_eq!(coloured("explain nonsense --color always", &[]), (false, true));
}

#[test]
fn no_color_wins_over_the_environment_and_the_flag_over_both() {
    let both = [("NO_COLOR", "1"), ("FORCE_COLOR", "1"), ("CLICOLOR_FORCE", "1")];
    assert_eq!(coloured("help exit-codes", &both), (false, false));
    assert_eq!(coloured("nonsense", &both), (false, false));
    assert_eq!(coloured("help exit-codes --color always", &both), (true, false));
    assert_eq!(coloured("help exit-codes --color never", &both[1..]), (false, false));
}

#[test]
fn colour_changes_no_word() {
    let sandbox = Sandbox::new();
    let plain = sandbox.rapplan("blueprints show nothing").output().stderr;
    let painted = sandbox.rapplan("blueprints show nothing --color always").output().stderr;
    let stripped = anstream::adapter::strip_bytes(&painted).into_vec();
    assert_ne!(painted, plain);
    assert_eq!(stripped, plain);
}

#[test]
fn quiet_leaves_errors_and_silent_only_the_status() {
    let sandbox = Sandbox::new();
    let quiet = sandbox.rapplan("-q explain nonsense").output();
    assert!(!quiet.stderr.is_empty());
    let silent = sandbox.rapplan("-qq explain nonsense").output();
    assert_eq!((silent.status.code(), silent.stdout.len(), silent.stderr.len()), (Some(64), 0, 0));
    let silent = sandbox.rapplan("-qq nonsense").output();
    assert_eq!((silent.status.code(), silent.stdout.len(), silent.stderr.len()), (Some(64), 0, 0));
    let silent = sandbox.rapplan("version -qq").output();
    assert_eq!((silent.status.code(), silent.stdout.len(), silent.stderr.len()), (Some(0), 0, 0));
}

#[test]
fn verbose_says_which_files_were_read() {
    let sandbox = Sandbox::new();
    sandbox.write("rapplan.toml", "");
    let output = sandbox.rapplan("-v version").output();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "settings from rapplan.toml\n");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = Sandbox::new();
    let mut run = sandbox.rapplan("schema blueprint");
    let mut child = run.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The program is still starting, so the pipe is closed before the first byte comes.
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let output = Sandbox::new().rapplan("version").stdout(open_to_write("/dev/full")).output();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.starts_with("error[E0501]: standard output cannot be written"), "{said}");
}

#[test]
fn a_row_stays_a_line_in_a_pipe_and_is_wrapped_at_columns() {
    let sandbox = Sandbox::new();
    let longest = |text: String| text.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(longest(sandbox.rapplan("help environment").stdout_text()) > 120);
    assert!(longest(sandbox.rapplan("help environment").env("COLUMNS", "90").stdout_text()) <= 90);
}
