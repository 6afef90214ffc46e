//! A folder in which the scripts of one server run.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::chatty;

/// Stands in for Docker: it logs each call and does to the data what the real one would.
const DOCKER: &str = r#"#!/bin/bash
echo "$*" >>"$SANDBOX/calls"
case "$*" in
"compose version --short") echo 2.40.1 ;;
"version --format "*) echo 28.1.0 ;;
*" pg_dump "*) [[ ! -e $SANDBOX/fail-dump ]] || { echo half; exit 1; }; echo dump of "$(cat "$SANDBOX/database")" ;;
*" pg_restore --list") grep -q '^dump of' ;;
*" pg_restore "*) sed 's/^dump of //' >"$SANDBOX/database" ;;
*" etcdctl snapshot save "*) cat "$SANDBOX/data/etcd/member/db" >"$SANDBOX/data/etcd/rapplan-snapshot.db" ;;
*"compose cp etcd:"*) cp "$SANDBOX/data/etcd/rapplan-snapshot.db" "${!#}" ;;
*" snapshot restore "*) mkdir -p "$SANDBOX/data/etcd/rapplan-restored/member"; cp "$SANDBOX/data/etcd/rapplan-restore.db" "$SANDBOX/data/etcd/rapplan-restored/member/db" ;;
"compose ps "*) cat "$SANDBOX/states" ;;
"compose up "*) [[ ! -e $SANDBOX/fail-up || "$*" != *"$(cat "$SANDBOX/fail-up")" ]] ;;
esac
"#;

/// Stands in for rsync, which not every machine has.
const RSYNC: &str = "#!/bin/bash\nargs=(\"$@\")\ncp -a \"${args[-2]}.\" \"${args[-1]}\"\n";

/// What the scripts are given in place of the real programs.
const PROGRAMS: [(&str, &str); 8] = [
    ("docker", DOCKER),
    ("rsync", RSYNC),
    ("mountpoint", "#!/bin/bash\n[[ ! -e $SANDBOX/unmounted ]]\n"),
    ("systemctl", "#!/bin/bash\necho \"systemctl $*\" >>\"$SANDBOX/calls\"\n"),
    ("mount.nfs", "#!/bin/bash\n"),
    ("exportfs", "#!/bin/bash\necho \"exportfs $*\" >>\"$SANDBOX/calls\"\n"),
    ("id", "#!/bin/bash\necho 0\n"),
    ("chown", "#!/bin/bash\necho \"chown $*\" >>\"$SANDBOX/calls\"\n"),
];

/// One server in a folder.
pub struct Sandbox {
    root: TempDir,
    stack: String,
}

/// What a script did.
pub struct Outcome {
    /// Whether it ended with 0.
    pub good: bool,
    /// What it wrote.
    pub text: String,
}

impl Sandbox {
    /// A server of a tier, with its scripts and some data.
    pub fn new(tier: &str, partitions: u64, stack: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let this = Self { stack: stack.to_owned(), root };
        let here = this.root.path().to_str().unwrap().to_owned();
        for (path, file) in chatty::tree(&chatty::topology(tier, partitions)).files {
            let text = file.text.replace("/mnt/storage/rag-data", &format!("{here}/data"));
            let text = text.replace("/var/lib/node_exporter/textfile_collector", &format!("{here}/textfile"));
            let text = text.replace("/export/rag-data", &format!("{here}/export"));
            this.put(&path, &text.replace("/var/lib/rag-data", &format!("{here}/local")));
        }
        for (name, text) in PROGRAMS {
            this.put(&format!("bin/{name}"), text);
            fs::set_permissions(this.path(&format!("bin/{name}")), fs::Permissions::from_mode(0o755)).unwrap();
        }
        this.put("data/etcd/member/db", "metadata");
        this.put("data/minio/bucket/object", "object");
        this.put("data/milvus/logs/log", "log");
        this.put("database", "rows");
        this
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// Folder of the server's files.
    pub fn home(&self) -> PathBuf {
        self.path(&self.stack)
    }

    pub fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Names in a folder.
    pub fn names(&self, path: &str) -> BTreeSet<String> {
        let entries = fs::read_dir(self.path(path)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// Calls of the stand-ins since the last time.
    pub fn calls(&self) -> String {
        let text = fs::read_to_string(self.path("calls")).unwrap_or_default();
        let _ = fs::remove_file(self.path("calls"));
        text
    }

    /// Runs a script of the server.
    pub fn run(&self, script: &str, arguments: &[&str]) -> Outcome {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        let output = Command::new("bash")
            .arg(Path::new(&self.home()).join(script))
            .args(arguments)
            .env("PATH", path)
            .env("SANDBOX", self.root.path())
            .env("SYSTEMD_FOLDER", self.path("units"))
            .env("EXPORTS_FOLDER", self.path("exports.d"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        Outcome { good: output.status.success(), text }
    }

    /// Runs a script that must end well.
    pub fn runs(&self, script: &str, arguments: &[&str]) -> String {
        let outcome = self.run(script, arguments);
        assert!(outcome.good, "{script}:\n{}", outcome.text);
        outcome.text
    }

    /// Runs a script that must fail and say this.
    pub fn fails(&self, script: &str, arguments: &[&str], says: &str) -> String {
        let outcome = self.run(script, arguments);
        assert!(!outcome.good && outcome.text.contains(says), "{script}, {}:\n{}", outcome.good, outcome.text);
        outcome.text
    }
}
