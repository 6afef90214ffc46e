//! Preparing a server, looking at it, replacing its services.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::sandbox::Sandbox;

const ENV: &str = "# as copied\nAPI_IMAGE=registry.example.com/api:1\nMILVUS_HOST=\"10.0.0.1\"\nPOSTGRES_HOST=10.0.0.2\nPRIVATE_ADDRESS=10.0.0.3\n";
const SECRETS: [&str; 4] = ["milvus-root-password", "postgres-password", "tls-certificate", "tls-key"];

fn api() -> Sandbox {
    Sandbox::new("split", 120, "api")
}

#[test]
fn prepare_names_all_that_is_missing_and_then_changes_nothing_twice() {
    let sandbox = api();
    sandbox.put("api/.env", "API_IMAGE=\nMILVUS_HOST=10.0.0.1\n");
    let said = sandbox.fails("prepare.sh", &[], "to be mended; nothing was changed");
    for what in ["API_IMAGE is not set", "POSTGRES_HOST is not set", "secrets/tls-key", "secrets/postgres-password"] {
        assert!(said.contains(what), "{what}: {said}");
    }
    assert!(!said.contains("MILVUS_HOST is not set") && !sandbox.path("api/secrets").exists(), "{said}");

    sandbox.put("api/.env", ENV);
    for name in SECRETS {
        sandbox.put(&format!("api/secrets/{name}"), &format!("value of {name}\n"));
    }
    // As it comes from a machine that keeps files from other users.
    sandbox.put("api/nginx/nginx.conf", "");
    fs::set_permissions(sandbox.path("api/nginx"), fs::Permissions::from_mode(0o700)).unwrap();
    fs::set_permissions(sandbox.path("api/nginx/nginx.conf"), fs::Permissions::from_mode(0o600)).unwrap();
    let said = sandbox.runs("prepare.sh", &[]);
    let mode = |path| fs::metadata(sandbox.path(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode("api/nginx"), mode("api/nginx/nginx.conf"), mode("api/.env")], [0o755, 0o644, 0o600]);
    assert_eq!(said.lines().filter(|line| line.starts_with("wrote")).count(), 4, "{said}");
    assert!(!said.contains("value of"), "{said}");
    let copy = sandbox.path("api/secrets/nginx/tls-key");
    assert_eq!(fs::read_to_string(&copy).unwrap(), "value of tls-key\n");
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o400);
    assert!(sandbox.calls().contains("chown -- 101:101 secrets/nginx/tls-key.new"));

    let said = sandbox.runs("prepare.sh", &[]);
    assert!(!said.contains("wrote") && !said.contains("made"), "{said}");
    sandbox.put("api/secrets/tls-key", "new\n");
    assert_eq!(sandbox.runs("prepare.sh", &[]).matches("wrote").count(), 1);
}

#[test]
fn status_ends_with_failure_when_a_service_is_not_healthy() {
    let sandbox = Sandbox::new("split", 120, "storage");
    let units = ["prometheus", "grafana", "alertmanager", "node-exporter"];
    let states = |state: &str| {
        let lines: Vec<String> = units.iter().map(|unit| format!("{unit} running {state}\n")).collect();
        sandbox.put("states", &lines.concat());
    };
    states("healthy");
    let said = sandbox.run("status.sh", &[]).text;
    assert_eq!(said.matches("running healthy").count(), 4, "{said}");
    assert!(said.contains("ok    the NFS server runs"), "{said}");
    states("unhealthy");
    assert_eq!(sandbox.fails("status.sh", &[], "wrong on").matches("running unhealthy").count(), 4);
    sandbox.put("states", "grafana exited \n");
    sandbox.fails("status.sh", &[], "WRONG prometheus missing");
}

#[test]
fn status_knows_how_old_the_last_backup_is() {
    let sandbox = Sandbox::new("single", 20, "app");
    sandbox.put("states", "");
    sandbox.fails("status.sh", &[], "WRONG there is no backup");
    sandbox.put("data/backups/daily/20200101T020000Z-app/file", "");
    sandbox.fails("status.sh", &[], "WRONG the last backup, 20200101T020000Z-app, is ");
    sandbox.runs("backup.sh", &[]);
    sandbox.fails("status.sh", &[], "is 0 hours old");
}

#[test]
fn update_replaces_one_instance_after_the_other_and_stops_at_the_first_that_fails() {
    let sandbox = api();
    sandbox.runs("update.sh", &["api"]);
    let calls = sandbox.calls();
    let steps: Vec<&str> = calls
        .lines()
        .filter_map(|call| match call.rsplit(' ').next() {
            unit if call.contains(" up ") => unit,
            _ => call.contains("-s reload").then_some("reload"),
        })
        .collect();
    assert_eq!(steps, ["api-1", "reload", "api-2", "reload", "api-3", "reload", "api-4", "reload"], "{calls}");

    assert!(
        calls.lines().filter(|call| call.contains(" up ")).all(|call| call.contains("--force-recreate")),
        "{calls}"
    );
    let checks = calls.lines().filter(|call| call.ends_with("nginx -t -q -c /etc/nginx/rapplan/nginx.conf")).count();
    assert_eq!(checks, 4, "{calls}");

    sandbox.put("fail-up", "api-2");
    sandbox.fails("update.sh", &["api"], "api-2 is not healthy. Replaced before: api-1.");
    assert!(!sandbox.calls().lines().any(|call| call.contains(" up ") && call.ends_with("api-3")));
    sandbox.fails("update.sh", &["apo"], "SERVICE is one of: api nginx");
}

#[test]
fn install_puts_the_units_in_place_once_with_the_address_of_the_storage() {
    let sandbox = Sandbox::new("split", 120, "postgres");
    sandbox.fails("install.sh", &[], "there is no .env");
    sandbox.put("postgres/.env", "STORAGE_ADDRESS=10.0.0.9; reboot\n");
    sandbox.fails("install.sh", &[], "STORAGE_ADDRESS in .env is not the address");
    sandbox.put("postgres/.env", "STORAGE_ADDRESS=fd00::9\n");
    sandbox.runs("install.sh", &[]);
    let here = sandbox.path("");
    let mount = sandbox.text("units/mnt-storage-rag\\x2ddata.mount");
    assert!(mount.contains(&format!("What=[fd00::9]:{}export\n", here.display())), "{mount}");
    let service = sandbox.text("units/chatty-postgres.service");
    assert!(service.contains(&format!("WorkingDirectory={}postgres\n", here.display())), "{service}");
    assert!(service.contains("RequiresMountsFor="), "{service}");
    let calls = sandbox.calls();
    for call in
        ["daemon-reload", "enable --now mnt-storage-rag\\x2ddata.mount", "enable --now chatty-postgres-backup.timer"]
    {
        assert!(calls.contains(call), "{call}:\n{calls}");
    }
    assert!(!sandbox.runs("install.sh", &[]).contains("wrote") && !sandbox.calls().contains("daemon-reload"));
}

#[test]
fn the_storage_is_exported_to_its_clients_alone() {
    let sandbox = Sandbox::new("split", 120, "storage");
    sandbox.put("storage/.env", "STORAGE_CLIENTS=\"10.0.0.1 *\"\n");
    sandbox.fails("prepare-storage.sh", &[], "* is not an address");
    sandbox.put("storage/.env", "STORAGE_CLIENTS=\"10.0.0.1 10.0.1.0/24\"\n");
    sandbox.runs("prepare-storage.sh", &[]);
    let exports = sandbox.text("exports.d/chatty.exports");
    let clients: Vec<_> = exports.lines().filter_map(|line| line.split([' ', '(']).nth(1)).collect();
    assert_eq!(clients, ["10.0.0.1", "10.0.1.0/24"], "{exports}");
    assert!(sandbox.path("export/milvus/wal").is_dir() && sandbox.path("export/backups/weekly").is_dir());
    assert!(!sandbox.path("export/milvus-cache").exists(), "it is on a disk of its own");
    assert!(sandbox.calls().contains("exportfs -ra"));
    let said = sandbox.runs("prepare-storage.sh", &[]);
    assert!(said.contains("the exports are as they should be") && !said.contains("made"), "{said}");
    assert!(sandbox.calls().contains("enable --now nfs-server.service"));
}
