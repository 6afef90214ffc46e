#![allow(clippy::disallowed_methods, reason = "the tests look at the files that were written")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;
use crate::cli::render_write::trouble::{Trouble, TroubledDisk};
use crate::design::topology::SecretReader;

fn secret(name: &str, stacks: &[&str], generated: bool) -> SecretDesign {
    let readers = stacks
        .iter()
        .map(|stack| SecretReader {
            stack: (*stack).to_owned(),
            service: "x".to_owned(),
            owner: "70:70".to_owned(),
            format: None,
        })
        .collect();
    SecretDesign { name: name.to_owned(), means: String::new(), readers, generated }
}

fn text(out: &Path, path: &str) -> String {
    fs::read_to_string(out.join(path)).unwrap()
}

fn mode(out: &Path, path: &str) -> u32 {
    fs::metadata(out.join(path)).unwrap().permissions().mode() & 0o777
}

#[test]
fn makes_one_value_for_all_servers_and_only_once() {
    let out = tempfile::tempdir().unwrap();
    let wanted = [secret("db-password", &["api", "db", "db"], true), secret("tls-key", &["api"], false)];
    let report = generate(&wanted, out.path()).unwrap();
    assert_eq!(report.made, ["api/secrets/db-password", "db/secrets/db-password"]);
    assert_eq!(report.to_supply, ["api/secrets/tls-key"]);
    assert!(report.open_to_others.is_empty());
    let value = text(out.path(), "api/secrets/db-password");
    assert_eq!(value.len(), 40);
    assert_eq!(value, text(out.path(), "db/secrets/db-password"));
    assert_eq!((mode(out.path(), "api/secrets"), mode(out.path(), "api/secrets/db-password")), (0o700, 0o600));
    assert_eq!(fs::read_dir(out.path().join("api/secrets")).unwrap().count(), 1);

    let again = generate(&wanted, out.path()).unwrap();
    assert!(again.made.is_empty() && again.kept.len() == 2);
    assert_eq!(value, text(out.path(), "api/secrets/db-password"));
    assert!(!format!("{report:?}{again:?}").contains(&value));
}

#[test]
fn takes_over_a_value_that_one_server_has() {
    let out = tempfile::tempdir().unwrap();
    fs::create_dir_all(out.path().join("db/secrets")).unwrap();
    fs::write(out.path().join("db/secrets/tls-key"), "by hand\n").unwrap();
    fs::set_permissions(out.path().join("db/secrets"), fs::Permissions::from_mode(0o755)).unwrap();
    let report = generate(&[secret("tls-key", &["api", "db"], false)], out.path()).unwrap();
    assert_eq!((report.made, report.kept), (vec!["api/secrets/tls-key".into()], vec!["db/secrets/tls-key".into()]));
    assert_eq!(text(out.path(), "api/secrets/tls-key"), "by hand\n");
    assert!(report.open_to_others.contains(&"db/secrets".to_owned()));
}

#[test]
fn makes_nothing_when_something_is_wrong() {
    let out = tempfile::tempdir().unwrap();
    for stack in ["api", "db"] {
        fs::create_dir_all(out.path().join(stack).join("secrets")).unwrap();
        fs::write(out.path().join(stack).join("secrets/differs"), format!("held by {stack}")).unwrap();
    }
    fs::write(out.path().join("api/secrets/empty"), " \n").unwrap();
    symlink("/dev/null", out.path().join("api/secrets/link")).unwrap();
    let wanted = [
        secret("fine", &["api"], true),
        secret("differs", &["api", "db"], true),
        secret("empty", &["api"], true),
        secret("link", &["api"], true),
        secret("../../up", &["api"], true),
    ];
    let error = generate(&wanted, out.path()).unwrap_err();
    assert_eq!(error.problems().len(), 4, "{error}");
    assert!(!error.to_string().contains("held by"), "{error}");
    assert!(!out.path().join("api/secrets/fine").exists());
}

#[test]
fn a_kill_leaves_no_half_secret() {
    for step in 0..12 {
        let out = tempfile::tempdir().unwrap();
        let wanted = [secret("key", &["api", "db"], true)];
        let done = generate_on(&TroubledDisk::new(step, Trouble::Killed), &wanted, out.path()).is_ok();
        let before = fs::read_to_string(out.path().join("api/secrets/key")).ok();
        assert!(before.as_ref().is_none_or(|value| value.len() == 40), "step {step}");
        generate(&wanted, out.path()).unwrap();
        let after = text(out.path(), "api/secrets/key");
        assert!(before.is_none_or(|value| value == after), "step {step}: a secret was replaced");
        assert_eq!(after, text(out.path(), "db/secrets/key"), "step {step}");
        assert_eq!(fs::read_dir(out.path().join("api/secrets")).unwrap().count(), 1, "step {step}");
        assert!(step < 11 || done, "the last step must be beyond the end");
    }
}
