//! Backup and restore.

use std::fs::{self, File};

use crate::sandbox::Sandbox;

fn app() -> Sandbox {
    Sandbox::new("single", 20, "app")
}

/// The one backup in a class that is not from before.
fn newest(sandbox: &Sandbox, class: &str) -> String {
    sandbox.names(&format!("data/backups/{class}")).into_iter().filter(|name| name.ends_with("Z-app")).max().unwrap()
}

#[test]
fn a_backup_holds_everything_and_its_sums() {
    let sandbox = app();
    sandbox.runs("backup.sh", &[]);
    let name = newest(&sandbox, "daily");
    let at = format!("data/backups/daily/{name}");
    let files = ["SHA256SUMS", "etcd.snapshot.db", "milvus.files.tar", "minio.files", "minio.files.list"];
    let names = sandbox.names(&at);
    assert!(files.iter().all(|file| names.contains(*file)) && names.len() == 6, "{names:?}");
    assert_eq!(sandbox.text(&format!("{at}/postgres.rag_db_chatty.dump")), "dump of rows\n");
    assert_eq!(sandbox.text(&format!("{at}/SHA256SUMS")).lines().count(), 4);
    for class in ["weekly", "monthly"] {
        assert_eq!(
            sandbox.names(&format!("data/backups/{class}")).into_iter().collect::<Vec<_>>(),
            std::slice::from_ref(&name)
        );
    }
    let metric = sandbox.text("textfile/rapplan_backup_app.prom");
    assert!(metric.contains("rapplan_backup_last_success_timestamp_seconds 1"), "{metric}");
    assert!(!sandbox.path("data/etcd/rapplan-snapshot.db").exists());
    let calls = sandbox.calls();
    let (etcd, objects) = (calls.find("etcdctl").unwrap(), calls.find("pg_dump").unwrap());
    assert!(etcd < objects, "etcd points to the objects, so it comes first:\n{calls}");
}

#[test]
fn it_keeps_exactly_as_many_as_are_wanted_and_touches_nothing_else() {
    let sandbox = app();
    let old: Vec<String> = (1..=20).map(|day| format!("202001{day:02}T020000Z-app")).collect();
    let foreign =
        ["notes", "20200101T020000Z-app2", "20200101T020000Z-db", "20200101T020000-app", "x20200101T020000Z-app"];
    for class in ["daily", "weekly", "monthly"] {
        for name in old.iter().map(String::as_str).chain(foreign) {
            sandbox.put(&format!("data/backups/{class}/{name}/file"), "old");
        }
        sandbox.put(&format!("data/backups/{class}/20200101T020001Z-app"), "a file is no backup");
    }
    sandbox.runs("backup.sh", &[]);
    for (class, keep) in [("daily", 7), ("weekly", 4), ("monthly", 12)] {
        let names = sandbox.names(&format!("data/backups/{class}"));
        assert!(foreign.iter().all(|name| names.contains(*name)), "{class}: {names:?}");
        assert!(names.contains("20200101T020001Z-app"), "{class}: {names:?}");
        let mut ours = old.clone();
        ours.push(newest(&sandbox, class));
        let left: Vec<_> = ours.iter().filter(|name| names.contains(*name)).collect();
        assert_eq!(left, ours[ours.len() - keep..].iter().collect::<Vec<_>>(), "{class}");
        assert_eq!(names.len(), keep + foreign.len() + 1, "{class}: {names:?}");
    }
}

#[test]
fn a_failure_leaves_the_earlier_backups_and_is_loud() {
    let sandbox = app();
    for day in 1..=9 {
        sandbox.put(&format!("data/backups/daily/2020010{day}T020000Z-app/file"), "old");
    }
    let before = sandbox.names("data/backups/daily");
    sandbox.put("fail-dump", "");
    sandbox.fails("backup.sh", &[], "the backup of app failed");
    assert_eq!(sandbox.names("data/backups/daily"), before);
    assert!(!sandbox.path("textfile/rapplan_backup_app.prom").exists());

    fs::remove_file(sandbox.path("fail-dump")).unwrap();
    sandbox.put("unmounted", "");
    sandbox.fails("backup.sh", &[], "not mounted");
    assert_eq!(sandbox.names("data/backups/daily"), before);
}

#[test]
fn two_runs_exclude_each_other() {
    let sandbox = app();
    let folder = File::open(sandbox.home()).unwrap();
    folder.lock().unwrap();
    sandbox.fails("backup.sh", &[], "is at work");
    sandbox.fails("restore.sh", &["--yes", "latest"], "is at work");
    folder.unlock().unwrap();
    sandbox.runs("backup.sh", &[]);
}

#[test]
fn a_restore_brings_everything_back_and_moves_the_rest_aside() {
    let sandbox = app();
    sandbox.runs("backup.sh", &[]);
    let name = newest(&sandbox, "daily");
    assert!(sandbox.runs("restore.sh", &["--list"]).contains(&name));
    let after =
        [("data/etcd/member/db", "x"), ("data/minio/bucket/object", "x"), ("data/minio/new", "x"), ("database", "x")];
    for (path, text) in after {
        sandbox.put(path, text);
    }
    sandbox.fails("restore.sh", &[&name], "add --yes");
    sandbox.fails("restore.sh", &["--yes", "20200101T020000Z-app"], "there is no backup");
    assert_eq!(sandbox.text("data/minio/bucket/object"), "x");
    sandbox.calls();

    let said = sandbox.runs("restore.sh", &["--yes", "latest"]);
    assert!(said.contains("is restored from") && said.contains("the data from before is in"), "{said}");
    assert_eq!(sandbox.text("data/etcd/member/db"), "metadata");
    assert_eq!(sandbox.text("data/minio/bucket/object"), "object");
    assert!(!sandbox.path("data/minio/new").exists());
    assert_eq!(sandbox.text("data/milvus/logs/log"), "log");
    assert_eq!(sandbox.text("database"), "rows\n");
    let aside = sandbox.names("data").into_iter().find(|name| name.starts_with("minio.before-")).unwrap();
    assert_eq!(sandbox.text(&format!("data/{aside}/new")), "x");
    let calls = sandbox.calls();
    assert!(calls.starts_with("compose stop\n") && calls.ends_with("compose up --detach --wait\n"), "{calls}");
}

#[test]
fn a_damaged_backup_is_refused_before_anything_is_changed() {
    let sandbox = app();
    sandbox.runs("backup.sh", &[]);
    let name = newest(&sandbox, "daily");
    sandbox.calls();
    sandbox.put(&format!("data/backups/daily/{name}/minio.files/bucket/object"), "longer than it was");
    sandbox.fails("restore.sh", &["--yes", "latest"], "is damaged; nothing was changed");
    sandbox.put(&format!("data/backups/daily/{name}/etcd.snapshot.db"), "x");
    sandbox.fails("restore.sh", &["--yes", "latest"], "is damaged; nothing was changed");
    assert_eq!(sandbox.calls(), "");
}
