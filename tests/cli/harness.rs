//! A folder of its own for each test, and the program run in it with an environment that holds nothing else.
#![allow(clippy::disallowed_methods, reason = "the harness makes and reads the files of a test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A blueprint that is as small as one can be.
pub const SMALL: &str = r#"rapplan = 1
name = "small"
title = "Small"
summary = "One service that answers"

[services.api]
title = "API"
kind = "web"
networks = []

[services.api.image]
name = "docker.io/library/nginx"
tag = "1.29.0"
digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
arch = ["amd64"]
"#;

/// A folder for one test.
pub struct Sandbox {
    root: TempDir,
}

impl Sandbox {
    pub fn new() -> Self {
        let sandbox = Self { root: tempfile::tempdir().unwrap() };
        std::fs::create_dir(sandbox.path("work")).unwrap();
        std::fs::create_dir(sandbox.path("home")).unwrap();
        sandbox
    }

    /// A path beside the current folder of the program, which is `work`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Writes a file under `work`, with the folders it needs.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path("work").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path("work").join(name)).unwrap()
    }

    pub fn files(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path("work").join(folder)).unwrap();
        let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The program with these arguments, split at spaces.
    pub fn rapplan(&self, args: &str) -> Run {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("rapplan"));
        command.args(args.split_whitespace()).current_dir(self.path("work")).env_clear().stdin(Stdio::null());
        command.env("HOME", self.path("home")).env("USER", "mina").env("HOSTNAME", "build-7");
        Run { command, args: args.to_owned(), root: self.root.path().to_owned() }
    }
}

/// The program, about to be run.
pub struct Run {
    command: Command,
    args: String,
    root: PathBuf,
}

impl Run {
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn stdout(mut self, stdout: impl Into<Stdio>) -> Self {
        self.command.stdout(stdout);
        self
    }

    pub fn command(&mut self) -> &mut Command {
        &mut self.command
    }

    pub fn output(mut self) -> Output {
        self.command.output().unwrap()
    }

    /// What came to stdout; the run must succeed.
    pub fn stdout_text(self) -> String {
        let output = self.output();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Exit status, stdout and stderr as one text, with what differs from machine to machine left out.
    pub fn transcript(mut self) -> String {
        let output = self.command.output().unwrap();
        let text = format!(
            "$ rapplan {}\nexit status: {}\n--- stdout\n{}--- stderr\n{}",
            self.args,
            output.status.code().unwrap(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        text.replace(&*self.root.to_string_lossy(), "[SANDBOX]").replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
    }
}

/// Opens a file of the system for writing, such as `/dev/full`.
pub fn open_to_write(path: &str) -> std::fs::File {
    std::fs::File::options().write(true).open(Path::new(path)).unwrap()
}

/// Compares a transcript with the one checked in; the commit of the build is left out.
#[macro_export]
macro_rules! snapshot {
    ($transcript:expr) => {
        insta::with_settings!({
            omit_expression => true,
            filters => vec![(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "[TIME]"), (r"pid \d+", "pid [PID]"), (r"commit [0-9a-z]{7,40}", "commit [COMMIT]"), (r#""commit": "[^"]+""#, r#""commit": "[COMMIT]""#)],
        }, { insta::assert_snapshot!($transcript) })
    };
}
