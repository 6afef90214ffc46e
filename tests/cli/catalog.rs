use crate::harness::{Run, Sandbox};
use crate::price_server::{Reply, Server};
use crate::snapshot;

const PRICES: &str = "provider,region,name,usd,unit,purchase,date,note\n\
    aws,us-east-1,m7g.large,0.07,hour,,2026-10-01,private price\n\
    aws,*,m7g.*,-12%,,,2026-10-01,\n\
    gcp,asia-northeast3,block-ssd,0.11,GB-month,,2026-10-01,\n";

const KEPT: &str = "home/.local/share/rapplan/catalog";

fn json(run: Run) -> serde_json::Value {
    serde_json::from_str(&run.stdout_text()).unwrap()
}

fn names(list: &serde_json::Value) -> Vec<&str> {
    list["data"]["machines"].as_array().unwrap().iter().map(|machine| machine["name"].as_str().unwrap()).collect()
}

#[test]
fn machines_are_listed_with_the_day_of_their_price() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("catalog list --cloud aws --region us-east-1 --family t4g --sort price").transcript());
    snapshot!(sandbox.rapplan("catalog list --cloud bare-metal --min-memory 500GiB").transcript());
    snapshot!(
        sandbox.rapplan("catalog list --family g2-standard --region asia-northeast3 --min-cpu 24 -o csv").transcript()
    );
    let list = json(sandbox.rapplan("catalog list --gpu --cloud gcp --region us-central1 --sort price -o json"));
    assert_eq!(list["kind"], "catalog");
    assert_eq!(names(&list)[0], "n1-standard-1 + 1 x T4");
    assert!(names(&list).contains(&"a3-highgpu-8g"));
    let all = json(sandbox.rapplan("catalog -o json"));
    assert!(names(&all).len() > 700);
}

#[test]
fn a_machine_is_shown_with_all_its_sources() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("catalog show m7g.xlarge").transcript());
    snapshot!(sandbox.rapplan("catalog show p4d.24xlarge --cloud aws --region us-east-1 -o markdown").transcript());
    snapshot!(sandbox.rapplan("catalog show m7g.xlrge").transcript());
    snapshot!(sandbox.rapplan("catalog list --region us-east-2").transcript());
    snapshot!(sandbox.rapplan("catalog list --arch arm64 --gpu --min-cpu 500").transcript());
}

#[test]
fn prices_of_ones_own_are_used_from_then_on() {
    let sandbox = Sandbox::new();
    sandbox.write("ours.csv", PRICES);
    snapshot!(sandbox.rapplan("catalog update --from ours.csv --dry-run").transcript());
    assert!(!sandbox.path(KEPT).exists(), "a dry run writes nothing");
    let done = json(sandbox.rapplan("catalog update --from ours.csv -o json"));
    assert_eq!((done["kind"].as_str(), done["data"]["rows"].as_u64()), (Some("catalog-update"), Some(3)));
    let shown = json(sandbox.rapplan("catalog show m7g.large --region us-east-1 -o json"));
    let quote = &shown["data"]["machines"][0]["prices"]["on_demand"];
    // 0.07 - 12 % = 0.0616; the discount stands after the price.
    assert_eq!((quote["price"].as_f64(), quote["date"].as_str()), (Some(0.0616), Some("2026-10-01")));
    assert!(
        quote["source"].as_str().unwrap().starts_with("yours, ")
            && quote["source"].as_str().unwrap().ends_with("ours.csv")
    );
    // The same once more changes nothing.
    let again = json(sandbox.rapplan("catalog update --from ours.csv -o json"));
    assert_eq!(again["data"]["changes"].as_array().unwrap().len(), 0);
    // Another folder knows nothing of it.
    let other =
        json(sandbox.rapplan("catalog show m7g.large --region us-east-1 -o json").env("RAPPLAN_CATALOG_DIR", "none"));
    assert_eq!(other["data"]["machines"][0]["prices"]["on_demand"]["price"], 0.0816);
    let flag = sandbox.rapplan("catalog update --from ours.csv --catalog-dir mine");
    assert!(flag.stdout_text().contains("mine/ours.csv"));
    assert_eq!(sandbox.files("mine"), ["ours.csv"]);
}

#[test]
fn a_faulty_file_is_told_in_full_and_not_kept() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "bad.csv",
        "provider,region,name,usd,unit,purchase,date,note\naws,us-east-1,m7g.lrge,0.1\nazure,x,y,free\n",
    );
    snapshot!(sandbox.rapplan("catalog update --from bad.csv").transcript());
    sandbox.write("fetched-aws.csv", PRICES);
    snapshot!(sandbox.rapplan("catalog update --from fetched-aws.csv").transcript());
    snapshot!(sandbox.rapplan("catalog update").transcript());
    assert!(!sandbox.path(KEPT).exists());
}

const AWS_ENTRY: &str = include_str!("../data/price_lists/aws_entry.json");

fn aws_page(machine: &str, region: &str, next: Option<&str>) -> String {
    let entry =
        AWS_ENTRY.replace("m5.large", machine).replace("\"vcpu\"", &format!("\"regionCode\": \"{region}\", \"vcpu\""));
    let mut page = serde_json::json!({ "FormatVersion": "aws_v1", "PriceList": [entry] });
    if let Some(next) = next {
        page["NextToken"] = next.into();
    }
    page.to_string()
}

fn aws(sandbox: &Sandbox, server: &Server, more: &str) -> Run {
    sandbox
        .rapplan(&format!("catalog update --cloud aws --endpoint-url {} {more}", server.url))
        .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "verysecretkey")
        .env("AWS_SESSION_TOKEN", "verysecrettoken")
        .env("AWS_EC2_METADATA_DISABLED", "true")
}

/// Whether nothing of a secret is in what was printed.
fn keeps_secrets(transcript: &str) -> bool {
    !["verysecretkey", "verysecrettoken"].iter().any(|secret| transcript.contains(secret))
}

#[test]
fn the_list_of_aws_is_read_page_by_page_through_throttling() {
    let sandbox = Sandbox::new();
    let throttled = Reply {
        headers: vec![("x-amzn-errortype", "ThrottlingException".to_owned())],
        ..Reply::status(400, r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#)
    };
    let server = Server::new(vec![
        Reply::ok(aws_page("m7g.large", "us-east-1", Some("more"))),
        throttled,
        Reply::ok(aws_page("m7g.xlarge", "us-east-1", None)),
    ]);
    let text = aws(&sandbox, &server, "--region us-east-1 -v").transcript();
    assert!(text.contains("exit status: 0") && keeps_secrets(&text), "{text}");
    let asked = server.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked[0].to_lowercase().contains("x-amz-target: awspricelistservice.getproducts"), "{}", asked[0]);
    assert!(
        asked[0].contains("us-east-1")
            && !asked[0].contains("\"NextToken\"")
            && asked[2].contains("\"NextToken\":\"more\"")
    );
    let shown = json(sandbox.rapplan("catalog show m7g.xlarge --region us-east-1 -o json"));
    let prices = &shown["data"]["machines"][0]["prices"];
    assert_eq!(
        (prices["on_demand"]["price"].as_f64(), prices["committed"]["price"].as_f64()),
        (Some(0.096), Some(0.038623))
    );
    let kept = sandbox.read(&format!("../{KEPT}/fetched-aws.csv"));
    assert!(kept.contains("\naws,us-east-1,m7g.large,0.096,on-demand,20"), "{kept}");
    // Prices of one's own go before those that were fetched.
    sandbox.write("ours.csv", PRICES);
    sandbox.rapplan("catalog update --from ours.csv").stdout_text();
    let shown = json(sandbox.rapplan("catalog show m7g.xlarge --region us-east-1 -o json"));
    assert_eq!(shown["data"]["machines"][0]["prices"]["on_demand"]["price"], 0.08448);
}

#[test]
fn a_broken_list_of_aws_writes_nothing() {
    let sandbox = Sandbox::new();
    let whole = aws_page("m7g.large", "us-east-1", Some("more"));
    let entry = serde_json::json!({ "FormatVersion": "aws_v1", "PriceList": ["{\"product\": {}}"] }).to_string();
    for replies in [
        vec![Reply::ok(whole.clone()), Reply::ok(entry)],
        vec![Reply::ok(whole.clone()), Reply::ok("<html>not JSON</html>")],
        vec![Reply::ok(whole.clone()), Reply::status(400, r#"{"__type":"AccessDeniedException","message":"not you"}"#)],
        vec![Reply::ok(whole.clone()), Reply::ok(whole.clone())],
        vec![Reply::ok(aws_page("x9.large", "us-east-1", None))],
    ] {
        let server = Server::new(replies);
        let text = aws(&sandbox, &server, "--region us-east-1").transcript();
        assert!(text.contains("exit status: 1") && text.contains("error[E0504]") && keeps_secrets(&text), "{text}");
        assert!(!sandbox.path(KEPT).exists(), "{text}");
    }
    let server = Server::new(vec![Reply { cut: true, ..Reply::ok(whole) }]);
    let text = aws(&sandbox, &server, "--region us-east-1").transcript();
    assert!(text.contains("error[E0504]") && !sandbox.path(KEPT).exists(), "{text}");
}

#[test]
fn without_credentials_the_ways_to_them_are_named() {
    let sandbox = Sandbox::new();
    snapshot!(sandbox.rapplan("catalog update --cloud aws").env("AWS_EC2_METADATA_DISABLED", "true").transcript());
    let text = sandbox.rapplan("catalog update --cloud gcp").env("GCE_METADATA_HOST", "127.0.0.1:1").transcript();
    assert!(text.contains("error[E0504]: there are no credentials for Google Cloud"), "{text}");
    assert!(text.contains("GOOGLE_API_KEY") && text.contains("gcloud auth application-default login"), "{text}");
}

const GCP_PAGE: &str = include_str!("../data/price_lists/gcp_page.json");

fn gcp(sandbox: &Sandbox, server: &Server) -> Run {
    let args = format!("catalog update --cloud gcp --region us-central1 --endpoint-url {}", server.url);
    sandbox.rapplan(&args).env("GOOGLE_API_KEY", "verysecretkey")
}

#[test]
fn the_list_of_google_is_read_page_by_page_through_throttling() {
    let sandbox = Sandbox::new();
    let busy = Reply {
        headers: vec![("retry-after", "0".to_owned())],
        ..Reply::status(429, r#"{"error": {"code": 429, "message": "Quota exceeded"}}"#)
    };
    let server = Server::new(vec![Reply::ok(GCP_PAGE), busy, Reply::ok("{\"skus\": [], \"nextPageToken\": \"\"}")]);
    let text = gcp(&sandbox, &server).transcript();
    assert!(text.contains("exit status: 0") && keeps_secrets(&text), "{text}");
    let asked = server.asked();
    assert!(asked[0].starts_with("GET /v1/services/6F81-5844-456A/skus?pageSize=5000"), "{}", asked[0]);
    assert!(asked[0].contains("x-goog-api-key: verysecretkey") && asked[2].contains("pageToken=next"), "{asked:?}");
    let shown = json(sandbox.rapplan("catalog show g2-standard-4 --region us-central1 -o json"));
    assert_eq!(shown["data"]["machines"][0]["prices"]["on_demand"]["price"], 0.706824);
}

#[test]
fn a_broken_list_of_google_writes_nothing() {
    let sandbox = Sandbox::new();
    for replies in [
        vec![Reply::ok(GCP_PAGE), Reply::ok("{\"skus\": [{}]}")],
        vec![Reply::ok(GCP_PAGE), Reply::status(403, r#"{"error": {"message": "API key not valid"}}"#)],
        vec![Reply::ok(GCP_PAGE), Reply::ok(GCP_PAGE)],
        vec![Reply::ok(&GCP_PAGE[..GCP_PAGE.len() / 2])],
        vec![Reply::ok("{\"skus\": []}")],
    ] {
        let text = gcp(&sandbox, &Server::new(replies)).transcript();
        assert!(text.contains("exit status: 1") && text.contains("error[E0504]") && keeps_secrets(&text), "{text}");
        assert!(!sandbox.path(KEPT).exists(), "{text}");
    }
}

#[test]
fn results_are_what_their_schema_says() {
    let sandbox = Sandbox::new();
    sandbox.write("ours.csv", PRICES);
    for (kind, command) in [
        ("catalog", "catalog list"),
        ("machine", "catalog show g5.xlarge"),
        ("catalog-update", "catalog update --from ours.csv --dry-run"),
    ] {
        let schema = serde_json::from_str(&sandbox.rapplan(&format!("schema {kind}")).stdout_text()).unwrap();
        jsonschema::validate(&schema, &json(sandbox.rapplan(&format!("{command} -o json")))).unwrap();
    }
}
