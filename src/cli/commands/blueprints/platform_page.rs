//! A blueprint for people: networks, tools, clouds, releases, Kubernetes.

use super::page::{join, text, word};
use crate::blueprint::Blueprint;
use crate::blueprint::platform::{Cloud, Kubernetes, Release};
use crate::cli::view::Page;

/// Adds what the application runs on.
pub fn platform(page: Page, blueprint: &Blueprint) -> Page {
    let networks = blueprint.networks.iter().map(|(name, network)| {
        let reach = if network.internal { "internal" } else { "reaches out" };
        [name.clone(), reach.to_owned(), network.title.clone()]
    });
    let page = page.section("Networks", |page| page.table(["network", "reach", "what"], networks));
    let page = page.section("Toolchain", |page| toolchain(page, blueprint));
    let page = blueprint
        .clouds
        .iter()
        .fold(page, |page, (name, cloud)| page.section(&format!("Cloud {name}"), |page| self::cloud(page, cloud)));
    let page = page.section("Release", |page| blueprint.release.iter().fold(page, release));
    page.section("Kubernetes", |page| blueprint.kubernetes.iter().fold(page, kubernetes))
}

/// Whatever tools are chosen; the names are those of the file.
fn toolchain(page: Page, blueprint: &Blueprint) -> Page {
    let chosen = serde_json::to_value(&blueprint.toolchain).ok();
    let chosen = chosen.as_ref().and_then(|value| value.as_object()).cloned().unwrap_or_default();
    let shown = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let facts: Vec<(String, String)> =
        chosen.iter().filter(|(_, value)| !value.is_null()).map(|(job, tool)| (job.clone(), shown(tool))).collect();
    page.facts(facts.iter().map(|(job, tool)| (job.as_str(), tool.clone())))
}

fn cloud(page: Page, cloud: &Cloud) -> Page {
    let rows = cloud.private.iter().map(|(name, subnet)| [name.clone(), subnet.title.clone(), join(&subnet.admits)]);
    page.facts([
        ("provider", word(&cloud.provider)),
        ("region", cloud.region.clone()),
        ("registry", text(cloud.registry.as_ref())),
        ("public", join(&cloud.public)),
        ("NAT", text(cloud.nat.as_ref())),
        ("machine image", text(cloud.machine_image.as_ref())),
        ("backups", join(cloud.backups.iter().map(word))),
    ])
    .table(["private subnet", "for", "admits"], rows)
}

fn release(page: Page, release: &Release) -> Page {
    let rows = release.strategies.iter().map(|(service, strategy)| [service.clone(), word(strategy)]);
    page.facts([("why", release.why.clone()), ("tags", join(&release.tags))]).table(["service", "strategy"], rows)
}

fn kubernetes(page: Page, kubernetes: &Kubernetes) -> Page {
    let rows = kubernetes.prerequisites.iter().map(|needed| {
        [needed.name.clone(), text(needed.version.as_ref()), text(needed.namespace.as_ref()), needed.title.clone()]
    });
    page.facts([
        ("namespace", kubernetes.namespace.clone()),
        ("requires", join(&kubernetes.requires)),
        ("ready within", text(kubernetes.ready_timeout)),
        ("discovery", text(kubernetes.discovery.as_ref())),
        ("control plane", text(kubernetes.control_plane)),
        ("workers", kubernetes.workers.iter().map(ToString::to_string).collect::<Vec<_>>().join("-")),
        ("backups", join(kubernetes.backups.iter().map(word))),
    ])
    .table(["installed first", "version", "namespace", "what"], rows)
}
