//! What machines may do in the account: as little as they need, each action by its name.

use serde_json::{Value as Json, json};

use super::layout::{Layout, Server};
use super::made::{Made, fields};
use super::secrets;
use crate::cloud::aws::Kind;
use crate::cloud::desire::boot;
use crate::cloud::resource::Address;

/// Version of the policy language (IAM user guide, read 2026-11-21).
const LANGUAGE: &str = "2012-10-17";

/// The instance profile of a stack.
pub(super) fn profile(made: &Made<'_>, stack: &str) -> Address<Kind> {
    made.address(Kind::InstanceProfile, &[stack])
}

/// Wants a profile for each stack.
pub(super) fn add(layout: &Layout<'_>, made: &mut Made<'_>) {
    for server in &layout.servers {
        let policy = json!({ "Version": LANGUAGE, "Statement": statements(layout, server) });
        let because =
            format!("machines of {} read their own secrets and images, and are reached without SSH", server.stack);
        made.add(Kind::InstanceProfile, &[&server.stack], &server.role, with(&policy), because);
    }
}

/// Wants the profile of the machine that translates addresses, which needs remote hands and nothing else.
pub(super) fn add_nat(made: &mut Made<'_>, stack: &str) {
    let policy = json!({ "Version": LANGUAGE, "Statement": [remote_hands()] });
    made.add(Kind::InstanceProfile, &[stack], stack, with(&policy), "it is reached without SSH");
}

fn with(policy: &Json) -> crate::cloud::resource::Fields<Kind> {
    let trust = json!({
        "Version": LANGUAGE,
        "Statement": [{ "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" }],
    });
    fields([("policy", policy.to_string().into()), ("trust", trust.to_string().into())])
}

fn statements(layout: &Layout<'_>, server: &Server) -> Vec<Json> {
    let mut all = vec![remote_hands()];
    let arn = |service: &str, what: &str| arn(layout, service, what);
    if !boot::secrets(layout, server).is_empty() {
        let each = boot::secrets(layout, server);
        let each =
            each.iter().map(|name| arn("ssm", &format!("parameter{}", secrets::parameter(layout.options, name))));
        let each: Vec<String> = each.collect();
        all.push(allow("ReadOwnSecrets", &["ssm:GetParameters"], &json!(each)));
    }
    if crate::cloud::desire::images::own(layout, server).next().is_some() {
        // The token is for the whole registry; what it opens is decided by the next statement.
        all.push(allow("RegistryToken", &["ecr:GetAuthorizationToken"], &json!("*")));
        let pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
        let each: Vec<String> = crate::cloud::desire::images::own(layout, server)
            .map(|service| arn("ecr", &format!("repository/{}/{service}", layout.options.deployment)))
            .collect();
        all.push(allow("PullOwnImages", &pull, &json!(each)));
    }
    if boot::discovers(layout, server) {
        // Descriptions know no resources (service authorization reference of EC2, read 2026-11-21).
        all.push(allow("FindOwnMachines", &["ec2:DescribeInstances"], &json!("*")));
    }
    all
}

/// What the agent of Systems Manager calls, so that nothing listens for SSH (AmazonSSMManagedInstanceCore, reduced to the
/// agent's registration and Session Manager; read 2026-11-21). None of them knows resources.
fn remote_hands() -> Json {
    let actions = [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    ];
    allow("RemoteHands", &actions, &json!("*"))
}

fn allow(sid: &str, actions: &[&str], resources: &Json) -> Json {
    json!({ "Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources })
}

fn arn(layout: &Layout<'_>, service: &str, what: &str) -> String {
    let region = &layout.options.region;
    let partition = match region {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    let account = layout.options.account.as_deref().unwrap_or("*");
    format!("arn:{partition}:{service}:{region}:{account}:{what}")
}
