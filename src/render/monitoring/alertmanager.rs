//! The configuration of Alertmanager.

use serde_json::{Value, json};

use super::promql::template;
use crate::design::topology::MonitoringDesign;
use crate::error::{Code, Problem, Result};

/// Where Compose mounts a secret.
const SECRETS: &str = "/run/secrets";
/// Secret with the address of the webhook; who knows it can write to the channel.
const WEBHOOK: &str = "alert-webhook-url";

/// The configuration.
///
/// # Errors
/// `E0401` when alerts would go nowhere: a receiver that is not known, or mail without a server that sends it.
pub(super) fn config(monitoring: &MonitoringDesign) -> Result<Value> {
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
            { "matchers": ["severity=\"info\""], "receiver": "operators", "group_wait": "5m", "repeat_interval": "3d" },
        ],
    });
    config["receivers"] = json!([receiver(monitoring)?]);
    // Who is called for the worst of a service need not hear the rest of it.
    let of_the_same = ["deployment", "stack", "job", "instance"];
    config["inhibit_rules"] = json!([
        {
            "source_matchers": ["severity=\"critical\""],
            "target_matchers": ["severity=~\"warning|info\""],
            "equal": of_the_same,
        },
        { "source_matchers": ["severity=\"warning\""], "target_matchers": ["severity=\"info\""], "equal": of_the_same },
    ]);
    Ok(config)
}

fn receiver(monitoring: &MonitoringDesign) -> Result<Value> {
    let mut receiver = json!({ "name": "operators" });
    let mut mails = Vec::new();
    for to in &monitoring.receivers {
        if to == "webhook" {
            receiver["webhook_configs"] =
                json!([{ "url_file": format!("{SECRETS}/{WEBHOOK}"), "send_resolved": true }]);
        } else if to.contains('@') && monitoring.smtp.is_some() {
            // The address is read as a template of Go.
            mails.push(json!({ "to": template(to), "send_resolved": true }));
        } else {
            let problem = Problem::new(Code::NotRendered, format!("alerts cannot be sent to `{to}`"));
            return Err(problem
                .because("no mail server is known, and only `webhook` needs none")
                .hint("name `webhook`")
                .into());
        }
    }
    if !mails.is_empty() {
        receiver["email_configs"] = mails.into();
    }
    Ok(receiver)
}
