//! Every blueprint file is read, and the figures of those without a tier table are held against their sources.
#![allow(clippy::disallowed_methods, reason = "a test reads the files of the repository itself")]
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of a test")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use rapplan::blueprint::Blueprint;
use rapplan::blueprint::evidence::Judgement;
use rapplan::blueprint::operations::{BackupMethod, Measure};
use rapplan::blueprint::platform::{Ci, Orchestrator, Provider, Strategy};
use rapplan::blueprint::service::{Arch, Restart, Runtime, Service};
use rapplan::units::{Bytes, Cores, Count, Share, Span};

/// The tag that names no version.
const MOVING_TAG: &str = "latest";

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("blueprints")
}

fn text(name: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{name}.toml"))).expect("the blueprint is a file")
}

fn blueprint(name: &str) -> Blueprint {
    toml::from_str(&text(name)).unwrap_or_else(|error| panic!("{name}.toml: {error}"))
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder of blueprints")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    names
}

fn gb(n: u64) -> Option<Bytes> {
    Some(Bytes(n * 1_000_000_000))
}

fn half_gib() -> Option<Bytes> {
    Some(Bytes::mib(512))
}

fn env<'a>(service: &'a Service, environment: &str, variable: &str) -> Option<&'a str> {
    service.environments.get(environment)?.env.get(variable).map(String::as_str)
}

#[test]
fn every_blueprint_reads() {
    let names = names();
    for name in ["aperag", "dojangkok", "kag"] {
        assert!(names.iter().any(|found| found == name), "{name}");
    }
    for name in names {
        let text = text(&name);
        let blueprint = blueprint(&name);
        assert_eq!(text.lines().next(), Some("#:schema ../docs/reference/blueprint.schema.json"), "{name}");
        assert_eq!((blueprint.rapplan, &blueprint.name), (1, &name));
        let bases = blueprint.services.values().filter_map(|s| s.build.as_ref()).flat_map(|b| [&b.base, &b.builder]);
        let images = blueprint.services.values().map(|s| &s.image).chain(bases).flatten();
        for image in images {
            assert_ne!(image.tag, MOVING_TAG, "{name}: {}", image.name);
            let digest = image.digest.strip_prefix("sha256:").unwrap_or(&image.digest);
            assert!(digest.is_empty() || digest.len() == 64 && image.digest.len() == 71, "{name}: {}", image.name);
        }
    }
}

/// Ids of all rows that results can cite.
fn ids(blueprint: &Blueprint) -> Vec<&str> {
    let needs = blueprint.services.values().filter_map(|s| s.needs.as_ref()?.source.as_deref());
    needs
        .chain(blueprint.load_tests.iter().map(|row| row.id.as_str()))
        .chain(blueprint.verdicts.iter().map(|row| row.id.as_str()))
        .chain(blueprint.triggers.iter().map(|row| row.id.as_str()))
        .chain(blueprint.scale_out.iter().map(|row| row.id.as_str()))
        .chain(blueprint.playbooks.iter().map(|row| row.id.as_str()))
        .chain(blueprint.rulings.iter().map(|row| row.id.as_str()))
        .collect()
}

#[test]
fn ids_are_unique_and_name_a_source() {
    for name in ["aperag", "dojangkok", "kag"] {
        let blueprint = blueprint(name);
        let ids = ids(&blueprint);
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{name}: {ids:?}");
        for id in ids {
            let source = id.split('.').next().unwrap_or_default();
            assert!(blueprint.sources.contains_key(source), "{name}: {id}");
        }
    }
}

#[test]
fn what_is_named_exists() {
    for name in ["aperag", "dojangkok", "kag"] {
        let blueprint = blueprint(name);
        let mut named: Vec<&String> = Vec::new();
        for service in blueprint.services.values() {
            named.extend(service.depends_on.iter().chain(service.connects.keys()));
            assert!(service.networks.iter().all(|network| blueprint.networks.contains_key(network)), "{name}");
        }
        named.extend(blueprint.load_tests.iter().flat_map(|test| test.machines.keys().chain(&test.excludes)));
        named.extend(blueprint.verdicts.iter().filter_map(|row| row.service.as_ref()));
        named.extend(blueprint.triggers.iter().filter_map(|row| row.service.as_ref()));
        named.extend(blueprint.scale_out.iter().map(|row| &row.service));
        named.extend(blueprint.playbooks.iter().map(|row| &row.service));
        named.extend(blueprint.memory_budgets.values().map(|budget| &budget.service));
        named.extend(blueprint.release.iter().flat_map(|release| release.strategies.keys()));
        for service in named {
            assert!(blueprint.services.contains_key(service), "{name}: {service}");
        }
    }
}

#[test]
fn those_without_tiers_say_what_is_missing() {
    for name in ["aperag", "dojangkok", "kag"] {
        let blueprint = blueprint(name);
        assert!(blueprint.tiers.is_empty(), "{name}");
        assert!(blueprint.notes.iter().any(|note| note.contains("does not render")), "{name}");
    }
}

#[test]
fn kag_services() {
    let kag = blueprint("kag");
    let ports: Vec<(&str, Vec<u16>)> = kag
        .services
        .iter()
        .map(|(name, service)| (name.as_str(), service.ports.iter().map(|port| port.port).collect()))
        .collect();
    assert_eq!(ports, [("app", vec![8000]), ("elasticsearch", vec![9200]), ("neo4j", vec![7474, 7687])]);
    for service in kag.services.values() {
        let health = service.health.as_ref().expect("a health check");
        assert_eq!((health.interval, health.timeout, health.retries), (Span::seconds(30), Span::seconds(10), 3));
        assert_eq!(service.networks, ["kag-network"]);
    }
    let paths = kag.services.values().map(|service| service.health.as_ref().and_then(|h| h.http.as_deref()));
    assert_eq!(paths.collect::<Vec<_>>(), [Some("/health"), Some("/_cluster/health"), Some("/")]);
    let tags = ["elasticsearch", "neo4j"].map(|name| kag.services[name].image.as_ref().map(|i| i.tag.as_str()));
    assert_eq!(tags, [Some("8.10.0"), Some("5.13.0")]);

    let app = &kag.services["app"];
    assert_eq!(app.depends_on, ["elasticsearch", "neo4j"]);
    for (store, variable) in [("elasticsearch", "ELASTICSEARCH_HOST"), ("neo4j", "NEO4J_HOST")] {
        let connect = &app.connects[store];
        assert_eq!(connect.host_env.as_deref(), Some(variable));
        assert_eq!(connect.default_host.as_deref(), Some("localhost"));
    }
    assert_eq!(app.env["NEO4J_USER"], "neo4j");
    assert_eq!(app.secrets[0].env.as_deref(), Some("NEO4J_PASSWORD"));
    let neo4j = &kag.services["neo4j"];
    assert_eq!(neo4j.volumes.iter().map(|v| v.at.as_str()).collect::<Vec<_>>(), ["/data", "/logs"]);
    assert_eq!(neo4j.secrets[0].format.as_deref(), Some("neo4j/{secret}"));
}

#[test]
fn kag_environments_and_operation() {
    let kag = blueprint("kag");
    let (app, search, graph) = (&kag.services["app"], &kag.services["elasticsearch"], &kag.services["neo4j"]);
    assert_eq!(search.env["discovery.type"], "single-node");
    assert_eq!(env(search, "dev", "ES_JAVA_OPTS"), Some("-Xms512m -Xmx512m"));
    assert_eq!(env(search, "prod", "ES_JAVA_OPTS"), Some("-Xms2g -Xmx2g"));
    assert_eq!(env(search, "dev", "xpack.security.enabled"), Some("false"));
    assert_eq!(env(search, "prod", "xpack.security.enabled"), Some("true"));
    assert_eq!(env(graph, "prod", "NEO4J_server_memory_heap_initial__size"), Some("1g"));
    assert_eq!(env(graph, "prod", "NEO4J_server_memory_heap_max__size"), Some("2g"));
    assert_eq!(env(graph, "prod", "NEO4J_server_memory_pagecache_size"), Some("1g"));
    assert_eq!(env(app, "prod", "SSL_ENABLED"), Some("true"));
    let dev = &app.environments["dev"];
    assert_eq!((dev.volumes[0].host_path.as_deref(), dev.volumes[0].at.as_str()), (Some("."), "/app"));
    assert!(dev.reload);

    let logs = kag.log_rotation.as_ref().expect("log rotation");
    assert_eq!((logs.driver.as_str(), logs.max_size, logs.max_files), ("json-file", Bytes(100_000_000), 3));
    assert_eq!(kag.volumes["neo4j-data"].backup, Some(BackupMethod::Files));

    let scaling = app.scaling.as_ref().expect("scaling of the application");
    assert_eq!((scaling.max, scaling.update_parallelism), (Some(3), Some(1)));
    assert_eq!((scaling.update_delay, scaling.restart), (Some(Span::seconds(10)), Some(Restart::OnFailure)));
    let members = |service: &Service| {
        let scaling = service.scaling.as_ref().expect("scaling");
        scaling.members.iter().map(|(role, n)| (role.clone(), *n)).collect::<Vec<_>>()
    };
    assert_eq!(members(search), [("master".to_owned(), 1), ("data".to_owned(), 2)]);
    assert_eq!(members(graph), [("core".to_owned(), 2), ("read-replica".to_owned(), 1)]);
}

#[test]
fn aperag_rows() {
    let aperag = blueprint("aperag");
    // S2.T1: service, mode, replicas, cores in thousandths, memory, storage in GiB, switch.
    let rows = [
        ("postgres", Some("replication"), 2, 500, half_gib(), 5, "ENABLE_POSTGRESQL"),
        ("redis", Some("standalone"), 1, 500, half_gib(), 20, "ENABLE_REDIS"),
        ("qdrant", None, 1, 500, half_gib(), 20, "ENABLE_QDRANT"),
        ("neo4j", Some("singlealone"), 1, 2000, Some(Bytes::gib(4)), 20, "ENABLE_NEO4J"),
        ("elasticsearch", Some("single-node"), 1, 500, Some(Bytes::gib(1)), 5, "ENABLE_ELASTICSEARCH"),
    ];
    assert_eq!(aperag.services.len(), rows.len());
    for (name, mode, replicas, cpu, memory, storage, switch) in rows {
        let service = &aperag.services[name];
        let needs = service.needs.as_ref().expect("needs");
        assert_eq!(needs.source.as_deref(), Some(format!("S2.T1 {name}").as_str()));
        assert_eq!((needs.replicas, needs.cpu, needs.memory), (Some(replicas), Some(Cores(cpu)), memory), "{name}");
        assert_eq!(needs.storage, Some(Bytes::gib(storage)), "{name}");
        let chart = service.chart.as_ref().expect("a chart");
        assert!(chart.enabled, "{name}");
        assert_eq!(chart.switch.as_deref(), Some(switch));
        // The chart is told the same as the table says.
        let number = |key: &str| chart.values.get(key).and_then(serde_json::Value::as_f64);
        assert_eq!(chart.values.get("mode").and_then(serde_json::Value::as_str), mode, "{name}");
        assert_eq!(number("cpu"), Some(Cores(cpu).as_f64()), "{name}");
        assert_eq!(number("memory"), memory.map(Bytes::as_gib), "{name}");
        assert_eq!(number("storage"), Some(storage as f64), "{name}");
        assert!(number("replicas").is_none_or(|n| n == f64::from(replicas)), "{name}");
    }
    let value = |name: &str, pointer: &str| {
        let chart = aperag.services[name].chart.as_ref().expect("a chart");
        serde_json::to_value(&chart.values).expect("values").pointer(pointer).cloned()
    };
    assert_eq!(value("postgres", "/terminationPolicy"), Some("Delete".into()));
    assert_eq!(value("qdrant", "/extra/terminationPolicy"), Some("Delete".into()));
    assert_eq!(value("redis", "/extra/disableExporter"), Some(true.into()));
    assert_eq!(value("elasticsearch", "/extra/disableExporter"), Some(true.into()));
    assert_eq!(value("neo4j", "/extra"), None);
}

#[test]
fn aperag_cluster() {
    let kubernetes = blueprint("aperag").kubernetes.expect("what Kubernetes needs");
    assert_eq!(kubernetes.namespace, "default");
    assert_eq!(kubernetes.requires, ["kubectl", "helm >= 3", "a reachable cluster"]);
    let order: Vec<_> = kubernetes.prerequisites.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(order, ["csi-snapshotter-crds", "snapshot-controller", "kubeblocks-crds", "kubeblocks"]);
    let operator = &kubernetes.prerequisites[3];
    assert_eq!(operator.namespace.as_deref(), Some("kb-system"));
    assert_eq!(operator.version_variable.as_deref(), Some("KB_VERSION"));
    assert!(operator.wait);
    assert_eq!(kubernetes.ready_timeout, Some(Span::seconds(600)));
    assert_eq!(kubernetes.discovery.as_deref(), Some("{release}-{database}.{namespace}.svc.cluster.local"));
    assert_eq!(kubernetes.backups, [BackupMethod::VolumeSnapshot]);
}

#[test]
fn dojangkok_services() {
    let dojangkok = blueprint("dojangkok");
    let rows = [
        ("frontend", "node:20-alpine", Arch::Arm64, 3000, "aws", gb(1), 1, "m7g.medium"),
        ("backend", "amazoncorretto:21-alpine", Arch::Arm64, 8080, "aws", gb(2), 1, "m7g.medium"),
        ("ai-server", "python:3.11-slim", Arch::Arm64, 8100, "gcp", gb(1), 2, "n2d-standard-2"),
        ("chromadb", "chroma:1.0", Arch::Arm64, 8000, "gcp", gb(4), 2, "n2d-standard-2"),
        ("vllm", "vllm-openai:v0.4.0", Arch::Amd64, 8001, "gcp", gb(16), 4, "g2-standard-4"),
        ("mysql", "mysql:8.0", Arch::Arm64, 3306, "aws", gb(2), 1, "m7g.medium"),
        ("mongodb", "mongo:7.0", Arch::Arm64, 27017, "aws", gb(1), 1, "m7g.medium"),
        ("redis", "redis:7", Arch::Arm64, 6379, "aws", Some(Bytes(512_000_000)), 1, "m7g.medium"),
    ];
    assert_eq!(dojangkok.services.len(), rows.len());
    for (name, tag, arch, port, cloud, memory, cpu, machine) in rows {
        let service = &dojangkok.services[name];
        let image = service.image.as_ref().or(service.build.as_ref().and_then(|build| build.base.as_ref()));
        let image = image.map(|image| format!("{}:{}", image.name, image.tag)).unwrap_or_default();
        assert!(image.contains(&format!("/{tag}")), "{name}: {image}");
        assert_eq!(service.ports.iter().map(|p| p.port).collect::<Vec<_>>(), [port], "{name}");
        let needs = service.needs.as_ref().expect("needs");
        assert_eq!((needs.memory, needs.cpu), (memory, Some(Cores::whole(cpu))), "{name}");
        assert_eq!(needs.source.as_deref(), Some(format!("S5.T1 {name}").as_str()));
        let placement = service.placement.as_ref().expect("a placement");
        assert_eq!((placement.cloud.as_str(), placement.machine.as_deref()), (cloud, Some(machine)), "{name}");
        assert_eq!(placement.arch, Some(arch), "{name}");
        assert!(dojangkok.clouds[cloud].private.contains_key(&placement.role), "{name}");
    }
    for name in ["mysql", "mongodb", "redis", "chromadb"] {
        let runtime = dojangkok.services[name].runtime.as_ref().map(|choice| (choice.dev, choice.prod));
        assert_eq!(runtime, Some((Runtime::Container, Runtime::Host)), "{name}");
    }
    let vllm = &dojangkok.services["vllm"];
    assert_eq!(vllm.needs.as_ref().and_then(|needs| needs.gpu_memory), gb(16));
    assert_eq!(vllm.placement.as_ref().and_then(|placement| placement.gpu.as_deref()), Some("T4"));
    let model = vllm.model.as_ref().expect("a model");
    assert_eq!((model.parameters, model.bytes_per_parameter), (Some(Count(5_800_000_000)), Some(2)));
    assert_eq!((model.adapters.len(), model.max_adapters), (3, Some(2)));
    assert_eq!((model.adapter_memory, model.adapter_memory_max), (Some(Share::percent(10)), Some(Share::percent(20))));
}

#[test]
fn dojangkok_load_tests_and_verdicts() {
    use Judgement::{Bottleneck, Stable, Suspect};
    let dojangkok = blueprint("dojangkok");
    // S5.T2: id, concurrent users, mean and p95 in ms, errors in millionths, verdict.
    let rows = [
        ("S5.T2 mixed", 200, 25, 80, 44_000, Stable),
        ("S5.T2 read heavy", 300, 115, 265, 0, Stable),
        ("S5.T2 write heavy 50", 50, 42, 127, 76_000, Stable),
        ("S5.T2 write heavy 100", 100, 303, 1578, 174_000, Bottleneck),
        ("S5.T2 spike", 200, 146, 625, 0, Stable),
    ];
    assert_eq!(dojangkok.load_tests.len(), rows.len());
    for (test, (id, users, mean, p95, errors, verdict)) in dojangkok.load_tests.iter().zip(rows) {
        assert_eq!((test.id.as_str(), test.concurrent_users), (id, Count(users)));
        assert_eq!((test.mean, test.p95, test.errors), (Span(mean), Span(p95), Share(errors)), "{id}");
        assert_eq!((test.verdict, test.date.as_str(), test.tool.as_str()), (verdict, "2026-01-14", "k6"), "{id}");
        assert_eq!((test.machines["backend"].as_str(), test.machines["mysql"].as_str()), ("t4g.medium", "t4g.small"));
        assert_eq!(test.excludes, ["ai-server", "chromadb", "vllm"]);
    }
    assert_eq!(dojangkok.load_tests[0].read_share, Some(Share::percent(80)));
    let verdicts: Vec<_> = dojangkok.verdicts.iter().map(|v| (v.measure, v.above.as_str(), v.verdict)).collect();
    let expected =
        [(Measure::P95, "500ms", Suspect), (Measure::Errors, "10%", Bottleneck), (Measure::Cpu, "80%", Suspect)];
    assert_eq!(verdicts, expected);
}

#[test]
fn dojangkok_growth() {
    let dojangkok = blueprint("dojangkok");
    let hour = Some(Span::seconds(3600));
    let triggers: Vec<_> = dojangkok
        .triggers
        .iter()
        .map(|t| (t.id.as_str(), t.measure, t.above.as_deref().unwrap_or_default(), t.lasting))
        .collect();
    let expected = [
        ("S5.T4 cpu", Measure::Cpu, "70%", hour),
        ("S5.T4 memory", Measure::Memory, "80%", None),
        ("S5.T4 connections", Measure::Connections, "80%", None),
        ("S5.T4 p95", Measure::P95, "500ms", None),
        ("S5.T4 ai queue", Measure::Queue, "10", None),
    ];
    assert_eq!(triggers, expected);
    let scale_out: Vec<_> =
        dojangkok.scale_out.iter().map(|s| (s.service.as_str(), s.concurrent_users.map(|n| n.0))).collect();
    let expected = [
        ("frontend", Some(300)),
        ("backend", Some(200)),
        ("ai-server", None),
        ("vllm", None),
        ("mysql", Some(300)),
        ("mongodb", None),
        ("redis", None),
    ];
    assert_eq!(scale_out, expected);
    assert!(dojangkok.scale_out[5].when.contains("10,000"));
    assert!(dojangkok.scale_out[6].when.contains("100 "));
    let bands: Vec<_> = dojangkok.playbooks.iter().map(|p| (p.from.0, p.up_to.map(|n| n.0))).collect();
    assert_eq!(bands, [(100, Some(200)), (200, Some(300)), (300, Some(500)), (500, None)]);
    for (band, word) in dojangkok.playbooks.iter().zip(["30 to 50", "m7g.large", "read replica", "sharding"]) {
        assert!(band.action.contains(word), "{}", band.id);
    }
}

#[test]
fn dojangkok_memory_adds_up() {
    let dojangkok = blueprint("dojangkok");
    for (name, sum, allotted) in [("backend", 1312, 2000), ("mysql", 1000, 2000), ("vllm", 14_000, 16_000)] {
        let budget = &dojangkok.memory_budgets[name];
        let parts: u64 = budget.parts.values().map(|part| part.0).sum();
        assert_eq!((parts, budget.allotted.0), (sum * 1_000_000, allotted * 1_000_000), "{name}");
        assert_eq!(dojangkok.services[name].needs.as_ref().and_then(|n| n.memory), Some(budget.allotted), "{name}");
    }
}

#[test]
fn dojangkok_clouds_and_releases() {
    let dojangkok = blueprint("dojangkok");
    assert_eq!(dojangkok.workload.monthly_users, Some(Count(50_000)));
    assert_eq!(dojangkok.workload.active_hours.as_ref().map(|h| (h.from, h.to)), Some((9, 21)));
    assert_eq!(dojangkok.toolchain.ci, Some(Ci::GithubActions));
    assert_eq!(dojangkok.toolchain.orchestrator, Some(Orchestrator::Asg));

    let (aws, gcp) = (&dojangkok.clouds["aws"], &dojangkok.clouds["gcp"]);
    assert_eq!(
        (aws.provider, aws.region.as_str(), aws.registry.as_deref()),
        (Provider::Aws, "ap-northeast-2", Some("ecr"))
    );
    assert_eq!((gcp.provider, gcp.region.as_str()), (Provider::Gcp, "asia-northeast3"));
    assert_eq!(gcp.registry.as_deref(), Some("artifact-registry"));
    assert_eq!(aws.public, ["alb", "bastion", "nat-instance"]);
    assert_eq!((aws.nat.as_deref(), gcp.public.len()), (Some("instance"), 0));
    assert_eq!(aws.backups, [BackupMethod::VolumeSnapshot, BackupMethod::MysqlBinlog]);
    assert_eq!(aws.private.len(), 5);
    for role in ["rdb", "nosql", "in-memory"] {
        assert_eq!(aws.private[role].admits, ["backend"], "{role}");
    }

    let release = dojangkok.release.as_ref().expect("releases");
    let strategies: Vec<_> = release.strategies.iter().map(|(name, strategy)| (name.as_str(), *strategy)).collect();
    let expected =
        [("frontend", Strategy::BlueGreen), ("backend", Strategy::BlueGreen), ("ai-server", Strategy::Rolling)];
    assert_eq!(strategies, expected);
    assert_eq!(release.tags, ["dev-{branch}-{timestamp}", "prod-{version}-{commit}", "latest"]);
    assert_eq!(release.steps.values().map(Vec::len).collect::<Vec<_>>(), [7, 7]);
    let rulings: Vec<_> = dojangkok.rulings.iter().map(|ruling| ruling.id.as_str()).collect();
    assert_eq!(rulings, ["S5.R3", "S5.R4", "S5.R5", "S5.R6"]);
}

#[test]
fn built_in_blueprints_pass_their_own_checks() {
    for (_, file, text) in rapplan::blueprint::builtin::BUILTIN {
        Blueprint::parse(file, text).unwrap_or_else(|error| panic!("{error}"));
    }
}
