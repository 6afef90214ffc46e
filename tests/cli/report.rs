use crate::harness::Sandbox;
use crate::snapshot;

const FILE: &str = "rapplan-report.html";

#[test]
fn writes_a_page_and_says_so() {
    let sandbox = Sandbox::new();
    let transcript = sandbox.rapplan("report --partitions 120").transcript();
    // The size in bytes changes with every word of the page.
    let transcript: Vec<&str> = transcript.lines().filter(|line| !line.starts_with(FILE)).collect();
    snapshot!(transcript.join("\n"));
    let text = sandbox.read(FILE);
    assert!(text.starts_with("<!DOCTYPE html>") && text.contains("split larger"));
    let told: serde_json::Value =
        serde_json::from_str(&sandbox.rapplan("report --partitions 120 -o json").stdout_text()).unwrap();
    assert_eq!((told["data"]["file"].as_str(), told["data"]["bytes"].as_u64()), (Some(FILE), Some(text.len() as u64)));
    assert_eq!(sandbox.read(FILE), text);
}

#[test]
fn never_writes_over_what_is_no_report() {
    let sandbox = Sandbox::new();
    sandbox.write(FILE, "my own page\n");
    snapshot!(sandbox.rapplan("report --partitions 120").transcript());
    assert_eq!(sandbox.read(FILE), "my own page\n");
    assert!(sandbox.rapplan("report --partitions 120 --force").output().status.success());
    assert!(sandbox.read(FILE).starts_with("<!DOCTYPE html>"));
    sandbox.write(FILE, b"\xff\xfe");
    assert!(!sandbox.rapplan("report --partitions 120").output().status.success());
}

#[test]
fn a_dash_is_standard_output() {
    let sandbox = Sandbox::new();
    let page = sandbox.rapplan("report --tier kubernetes --partitions 600 --out -").stdout_text();
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(sandbox.files(".").is_empty());
}
