//! The configuration of Alertmanager.

use serde_json::{Value, json};

use crate::design::topology::MonitoringDesign;

/// Where Compose mounts a secret.
const SECRETS: &str = "/run/secrets";
/// Secret with the address of the webhook; who knows it can write to the channel.
const WEBHOOK: &str = "alert-webhook-url";

pub(super) fn config(monitoring: &MonitoringDesign) -> Value {
    let mut config = json!({ "global": { "resolve_timeout": "5m" } });
    if let Some(smtp) = &monitoring.smtp {
        let global = &mut config["global"];
        global["smtp_smarthost"] = json!(smtp.smarthost);
        global["smtp_from"] = json!(smtp.from);
        global["smtp_require_tls"] = json!(true);
        if let Some(user) = &smtp.username {
            global["smtp_auth_username"] = json!(user);
        }
        if let Some(secret) = &smtp.password {
            global["smtp_auth_password_file"] = json!(format!("{SECRETS}/{secret}"));
        }
    }
    config["route"] = json!({
        "receiver": "operators",
        "group_by": ["deployment", "alertname", "stack"],
        "group_wait": "30s",
        "group_interval": "5m",
        "repeat_interval": "12h",
        "routes": [
            // Somebody must get up: sooner, and again until it is mended.
            { "matchers": ["severity=\"critical\""], "receiver": "operators", "group_wait": "10s", "repeat_interval": "1h" },
            { "matchers": ["severity=\"info\""], "receiver": "operators", "group_wait": "5m", "repeat_interval": "7d" },
        ],
    });
    config["receivers"] = json!([receiver(monitoring)]);
    config["inhibit_rules"] = json!([
        // The same alert is told once, as its worst.
        {
            "source_matchers": ["severity=\"critical\""],
            "target_matchers": ["severity=~\"warning|info\""],
            "equal": ["deployment", "alertname", "stack", "instance"],
        },
        {
            "source_matchers": ["severity=\"warning\""],
            "target_matchers": ["severity=\"info\""],
            "equal": ["deployment", "alertname", "stack", "instance"],
        },
    ]);
    config
}

fn receiver(monitoring: &MonitoringDesign) -> Value {
    let mut receiver = json!({ "name": "operators" });
    if monitoring.receivers.iter().any(|name| name == "webhook") {
        receiver["webhook_configs"] = json!([{ "url_file": format!("{SECRETS}/{WEBHOOK}"), "send_resolved": true }]);
    }
    let mails: Vec<Value> = match &monitoring.smtp {
        Some(_) => monitoring.receivers.iter().filter(|to| to.contains('@')).map(|to| mail(to)).collect(),
        None => Vec::new(),
    };
    if !mails.is_empty() {
        receiver["email_configs"] = mails.into();
    }
    receiver
}

/// The address is read as a template of Go.
fn mail(to: &str) -> Value {
    json!({ "to": super::promql::template(to), "send_resolved": true })
}
