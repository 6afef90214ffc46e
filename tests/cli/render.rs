use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::harness::Sandbox;
use crate::snapshot;

/// Every file below a folder with its text and mode.
#[allow(clippy::disallowed_methods, reason = "the test reads what was rendered")]
fn tree(root: &Path) -> BTreeMap<String, (String, u32)> {
    fn walk(root: &Path, folder: &Path, out: &mut BTreeMap<String, (String, u32)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, out);
            } else {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                let mode = path.metadata().unwrap().permissions().mode() & 0o777;
                out.insert(name, (std::fs::read_to_string(&path).unwrap(), mode));
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(root, root, &mut out);
    out
}

#[test]
fn as_written_with_no_file_and_no_further_flag() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("render --tier split").transcript());
    assert!(sandbox.path("work/deploy/rapplan.manifest.json").exists());
}

#[test]
fn rendering_again_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("render --partitions 120 --out a").stdout_text();
    let before = tree(&sandbox.path("work/a"));
    let again = sandbox.rapplan("render --partitions 120 --out a -o json").stdout_text();
    let again: serde_json::Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["data"]["files"]["written"], serde_json::json!([]));
    assert_eq!(again["data"]["files"]["unchanged"].as_array().unwrap().len(), before.len() - 1);
    assert_eq!(tree(&sandbox.path("work/a")), before);
}

#[test]
fn the_same_bytes_whatever_locale_time_zone_and_folder() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("render --tier single --out a").stdout_text();
    sandbox.write("deep/er/.keep", "");
    let other = sandbox.rapplan("-C deep/er render --tier single --out ../../b");
    other.env("LC_ALL", "tr_TR.UTF-8").env("LANG", "ko_KR.EUC-KR").env("TZ", "Pacific/Kiritimati").stdout_text();
    assert_eq!(tree(&sandbox.path("work/a")), tree(&sandbox.path("work/b")));
}

#[test]
fn edited_files_are_kept_and_the_difference_is_shown() {
    let sandbox = Sandbox::new();
    sandbox.rapplan("render --tier test").stdout_text();
    let path = "deploy/README.md";
    let edited = sandbox.read(path).replace("how to run it", "how I run it");
    sandbox.write(path, &edited);
    let refused = sandbox.rapplan("render --tier test --partitions 7 --environment dev").output();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1));
    assert!(said.contains("error[E0402]") && said.contains("how I run it") && said.contains("--force"), "{said}");
    assert_eq!(sandbox.read(path), edited);
    sandbox.rapplan("render --tier test --force").stdout_text();
    assert!(!sandbox.read(path).contains("how I run it"));
}

#[test]
fn secrets_are_made_once_and_never_printed() {
    let sandbox = Sandbox::new();
    let first = sandbox.rapplan("render --partitions 120 --generate-secrets -vv").output();
    assert!(first.status.success());
    let files = tree(&sandbox.path("work/deploy"));
    let secrets: BTreeMap<&String, &(String, u32)> =
        files.iter().filter(|(name, _)| name.contains("/secrets/")).collect();
    assert!(secrets.len() >= 6, "{secrets:?}");
    let said = format!("{}{}", String::from_utf8_lossy(&first.stdout), String::from_utf8_lossy(&first.stderr));
    for (name, (value, mode)) in &secrets {
        assert_eq!(*mode, 0o600, "{name}");
        assert!(value.trim().len() >= 32, "{name}");
        assert!(!said.contains(value.trim()), "{name} was printed");
        let elsewhere = files.iter().filter(|(other, _)| !other.contains("/secrets/"));
        assert!(elsewhere.into_iter().all(|(_, (text, _))| !text.contains(value.trim())), "{name} is in another file");
    }
    let of = |stack: &str| &files[&format!("{stack}/secrets/postgres-password")].0;
    assert_eq!(of("api"), of("postgres"));
    let without = sandbox.rapplan("render --partitions 120").stdout_text();
    assert!(!without.contains("make the secrets"), "{without}");
    sandbox.rapplan("render --partitions 120 --generate-secrets").stdout_text();
    assert_eq!(tree(&sandbox.path("work/deploy")), files);
}

#[test]
fn names_that_are_none_are_refused() {
    let sandbox = Sandbox::new();
    for args in [
        "--tier spilt",
        "--tier split --deployment Bad_Name",
        "--tier split --templates nowhere",
        "--tier split --partitions 0",
    ] {
        let output = sandbox.rapplan(&format!("render {args}")).output();
        assert!(matches!(output.status.code(), Some(64 | 1)), "{args}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("hint: "), "{args}");
        assert!(!sandbox.path("work/deploy").exists(), "{args}");
    }
    snapshot!(sandbox.rapplan("render --tier spilt").transcript());
    snapshot!(sandbox.rapplan("render --partitions 900").transcript());
    snapshot!(sandbox.rapplan("render --blueprint kag").transcript());
}

#[test]
fn a_template_of_the_user_takes_the_place_of_the_built_in_one() {
    let sandbox = Sandbox::new();
    sandbox.write("mine/nginx/nginx.conf.tera", "# mine\n");
    sandbox.rapplan("render --tier single --templates mine").stdout_text();
    let files = tree(&sandbox.path("work/deploy"));
    let conf = files.iter().find(|(name, _)| name.ends_with("nginx.conf")).unwrap();
    assert_eq!(conf.1.0, "# mine\n");
    sandbox.write("mine/nginx/nginx.conf.tera", "{{ nothing_of_this_name }}\n");
    let output = sandbox.rapplan("render --tier single --templates mine").output();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("error[E0403]"));
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("file", "");
    let output = sandbox.rapplan("render --tier test --out file/deploy").output();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error[E0501]") && said.contains("file"), "{said}");
}
