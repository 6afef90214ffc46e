//! Every check sees its fault, at its place, and nothing else.

use crate::blueprint::Blueprint;
use crate::error::Code::{self, *};

const SAMPLE: &str = include_str!("../../../tests/data/sample.toml");

/// What is replaced by what in the sample, the expected code, and the text at which the complaint must stand.
type Case = (&'static str, &'static str, Code, &'static str);

fn verify(cases: &[Case]) {
    for (from, to, code, at) in cases {
        assert!(SAMPLE.contains(from), "the sample has no {from}");
        let text = SAMPLE.replacen(from, to, 1);
        let Err(error) = Blueprint::parse("x.toml", &text) else { panic!("{to} was accepted") };
        let [problem] = error.problems() else { panic!("{to} led to more than one problem:\n{error}") };
        let place = problem.place.as_ref().unwrap();
        let found: String = place.source.chars().skip(place.caret - 1).collect();
        assert_eq!(problem.code, *code, "{to}:\n{error}");
        assert!(found.starts_with(at), "{to} was placed at {found}, not at {at}:\n{error}");
    }
}

#[test]
fn names_and_version() {
    verify(&[
        ("rapplan = 1", "rapplan = 0", BadField, "0"),
        ("name = \"sample\"", "name = \"Sample\"", BadField, "\"Sample\""),
        ("name = \"sample\"", "name = \"\"", BadField, "\"\""),
        ("name = \"sample\"", "name = \"1st\"", BadField, "\"1st\""),
        ("frontend = {", "front_end = { title = \"x\" }\nfrontend = {", BadField, "front_end"),
        ("query = {", "Query = {", BadField, "Query"),
        ("name = \"only\"", "name = \"on-\"", BadField, "\"on-\""),
        ("name = \"all\"", "name = \"a b\"", BadField, "\"a b\""),
        ("name = \"postgres-password\"", "name = \"../x\"", BadField, "\"../x\""),
        ("name = \"grpc\"", "name = \"gRPC\"", BadField, "\"gRPC\""),
        ("[memory_budgets.api]", "[memory_budgets.\"a b\"]", BadField, "\"a b\""),
    ]);
}

#[test]
fn given_twice() {
    verify(&[
        ("id = \"X.T2 small\"", "id = \"X.T1 small\"", NameTwice, "\"X.T1 small\""),
        ("id = \"X.T3 down\"", "id = \"X.T3 cpu\"", NameTwice, "\"X.T3 cpu\""),
        ("name = \"metrics\", port", "name = \"grpc\", port", NameTwice, "\"grpc\""),
    ]);
    let ports = SAMPLE.replace("name = \"metrics\", port = 9091", "name = \"grpc\", port = 19530");
    let error = Blueprint::parse("x.toml", &ports).unwrap_err();
    let codes: Vec<_> = error.problems().iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [NameTwice, PortTwice, Dangling], "{error}");
}

#[test]
fn workload() {
    verify(&[
        ("vectors = \"30M\"", "vectors = 0", BadField, "0"),
        ("data = \"50 GB\"", "data = \"0 GB\"", BadField, "\"0 GB\""),
        ("dims = 768", "dims = 32769", BadField, "32769"),
        ("from = 9, to = 21", "from = 9, to = 25", BadField, "25"),
        ("from = 9, to = 21", "from = 21, to = 9", BadField, "9"),
    ]);
}

#[test]
fn services_by_themselves() {
    verify(&[
        ("tag = \"v2\"", "tag = \"latest\"", BadField, "\"latest\""),
        ("tag = \"v2\"", "tag = \"\"", BadField, "\"\""),
        ("digest = \"sha256:0", "digest = \"sha256:", BadField, "\"sha256:1"),
        ("digest = \"sha256:0", "digest = \"0", BadField, "\"0"),
        ("name = \"docker.io/example/vectors\"", "name = \"a b\"", BadField, "\"a b\""),
        ("command = [\"pg_isready\"]", "", MissingField, "[services.postgres.health]"),
        ("retries = 3", "retries = 0", BadField, "0"),
        ("env = { LOG_LEVEL = \"info\" }", "env = { \"LOG LEVEL\" = \"info\" }", BadField, "\"LOG LEVEL\""),
        ("host_env = \"DB_HOST\"", "host_env = \"1DB\"", BadField, "\"1DB\""),
        ("file_env = \"POSTGRES_PASSWORD_FILE\"", "file_env = \"A-B\"", BadField, "\"A-B\""),
        ("{ area = \"database\", at", "{ area = \"database\", volume = \"x\", at", BadField, "{ area"),
        ("[services.api.environments.dev]", "[services.api.environments.test]", Dangling, "test"),
    ]);
}

#[test]
fn paths_and_users() {
    verify(&[
        ("mount = \"/mnt/storage\"", "mount = \"mnt\"", BadField, "\"mnt\""),
        ("export = \"/export/storage\"", "export = \"/a/../b\"", BadField, "\"/a/../b\""),
        ("path = \"postgres\"", "path = \"/postgres\"", BadField, "\"/postgres\""),
        ("folders = [\"daily\"", "folders = [\"../daily\"", BadField, "\"../daily\""),
        ("at = \"/app/src\"", "at = \"app/src\"", BadField, "\"app/src\""),
        ("host_path = \"./src\"", "host_path = \"../src\"", BadField, "\"../src\""),
        ("tmpfs = [\"/tmp\"]", "tmpfs = [\"tmp\"]", BadField, "\"tmp\""),
        ("user = \"1000:1000\"", "user = \"root\"", BadField, "\"root\""),
        ("owner = \"999:999\"", "owner = \"999\"", BadField, "\"999\""),
        ("http = \"/health\"", "http = \"health\"", BadField, "\"health\""),
    ]);
}

#[test]
fn ports_on_one_host() {
    verify(&[
        ("port = 9090, exposure", "port = 9091, exposure", PortTwice, "9091"),
        ("port = 9090, exposure", "port = 9090, host_port = 5432, exposure", PortTwice, "5432"),
        ("port = 9090, exposure", "port = 0, exposure", BadField, "0"),
    ]);
    let inside = SAMPLE.replace("port = 9090, exposure = \"local\"", "port = 9091, exposure = \"internal\"");
    assert!(Blueprint::parse("x.toml", &inside).is_ok());
}

#[test]
fn references() {
    verify(&[
        ("depends_on = [\"postgres\"", "depends_on = [\"mysql\"", Dangling, "\"mysql\""),
        ("networks = [\"frontend\"", "networks = [\"front\"", Dangling, "\"front\""),
        ("port = \"sql\", host_env", "port = \"http\", host_env", Dangling, "\"http\""),
        ("area = \"database\"", "area = \"databases\"", Dangling, "\"databases\""),
        ("metrics = { port = 9091 }", "metrics = { port = 9092 }", Dangling, "9092"),
        ("vectors = {}", "milvus = {}", Dangling, "milvus"),
        ("collector = \"prometheus\"", "collector = \"grafana\"", Dangling, "\"grafana\""),
        ("service = \"api\"\nabove", "service = \"app\"\nabove", Dangling, "\"app\""),
        ("area = \"backups\"", "area = \"elsewhere\"", Dangling, "\"elsewhere\""),
        ("postgres = { method", "mongodb = { method", Dangling, "mongodb"),
        ("volume = \"vectors\", stops", "volume = \"data\", stops", Dangling, "\"data\""),
        ("to = \"large\"", "to = \"larger\"", Dangling, "\"larger\""),
        ("admits = [\"web\"]", "admits = [\"wbe\"]", Dangling, "\"wbe\""),
        ("strategies = { api", "strategies = { app", Dangling, "app"),
        ("service = \"postgres\"\nfrom", "service = \"mysql\"\nfrom", Dangling, "\"mysql\""),
        ("service = \"api\"\nparts", "service = \"app\"\nparts", Dangling, "\"app\""),
        ("tag = \"v2\" }", "tag = \"v2\" }\nplacement = { cloud = \"gcp\", role = \"web\" }", Dangling, "\"gcp\""),
        ("tag = \"v2\" }", "tag = \"v2\" }\nplacement = { cloud = \"aws\", role = \"db\" }", Dangling, "\"db\""),
    ]);
}

#[test]
fn tier_table() {
    verify(&[
        ("from = { partitions = 51", "from = { partitions = 52", TierGap, "52"),
        ("bridges = [\"rps\"]", "", TierGap, "1000"),
        ("environments = [\"prod\"]", "environments = []", BadField, "[]"),
        (
            "cost = { min = 500, max = 2000 }\n[[",
            "cost = { min = 500, max = 2000 }\nup_to = { rps = 499 }\n[[",
            TierGap,
            "499",
        ),
        (
            "from = { partitions = 51, rps = 1000 }\n",
            "from = { partitions = 30 }\nup_to = { partitions = 49 }\n",
            TierOrder,
            "49",
        ),
        ("from = { partitions = 1, rps", "from = { partitions = 51, rps", TierOrder, "51"),
    ]);
    let unlimited = SAMPLE
        .replacen("up_to = { partitions = 50, vectors = \"1.5B\", data = \"2.5 TB\", rps = 500 }\n", "", 1)
        .replacen(
            "high_availability = \"yes\"\nauto_scaling = \"yes\"",
            "high_availability = \"no\"\nauto_scaling = \"no\"",
            1,
        );
    let error = Blueprint::parse("x.toml", &unlimited).unwrap_err();
    assert!(error.to_string().contains("tier `large` can never be chosen"), "{error}");
}

#[test]
fn capacity_and_ranges() {
    verify(&[
        (
            "replicas = 4, cpu = 4, memory = \"4 GB\"",
            "replicas = 4, cpu = 4, memory = \"40 GB\"",
            Overfull,
            "\"128 GB\"",
        ),
        ("replicas = 4, cpu = 4, memory = \"4 GB\"", "replicas = 1, memory = \"110 GB\"", Overfull, "vectors"),
        ("postgres = { cpu = 8, memory = \"16 GB\" }", "postgres = { cpu = 8 }", Overfull, "vectors"),
        ("postgres = { cpu = 8,", "postgres = { cpu = 33,", Overfull, "33"),
        ("min = \"15ms\", max = \"20ms\"", "min = \"15ms\", max = \"10ms\"", BadField, "\"10ms\""),
        ("cpu = { min = 32, max = 64 }", "cpu = { min = 32, max = 31 }", BadField, "31"),
        ("size = \"10 TB\", size_max = \"50 TB\"", "size = \"10 TB\", size_max = \"5 TB\"", BadField, "\"5 TB\""),
        ("min = 3, max = 9", "min = 3, max = 2", BadField, "2"),
        ("up_to = 200", "up_to = 99", BadField, "99"),
        ("count = 1\n", "count = 0\n", BadField, "0"),
        ("replicas = 4, cpu = 4", "replicas = 0, cpu = 4", BadField, "0"),
    ]);
}

#[test]
fn operations() {
    verify(&[
        ("at = \"02:00\"", "at = \"24:00\"", BadField, "\"24:00\""),
        ("at = \"02:00\"", "at = \"2:00\"", BadField, "\"2:00\""),
        ("above = \"70%\"", "above = \"70ms\"", BadField, "\"70ms\""),
        ("above = \"70%\"\n", "", MissingField, "[[triggers]]"),
        ("measure = \"down\"\n", "measure = \"down\"\nabove = \"1\"\n", BadField, "\"1\""),
        ("above = \"500ms\"", "above = \"500\"", BadField, "\"500\""),
        ("measure = \"p95\"", "measure = \"queue\"", BadField, "\"500ms\""),
    ]);
}

#[test]
fn every_circle_is_named_once() {
    let text = SAMPLE
        .replacen("title = \"Relational store\"", "title = \"Relational store\"\ndepends_on = [\"api\"]", 1)
        .replacen("title = \"Measurements\"", "title = \"Measurements\"\ndepends_on = [\"prometheus\", \"api\"]", 1);
    let error = Blueprint::parse("x.toml", &text).unwrap_err();
    let told: Vec<_> = error.problems().iter().map(|problem| problem.summary.as_str()).collect();
    let circle = "services wait for each other: ";
    assert_eq!(
        told,
        [format!("{circle}`api` -> `postgres` -> `api`"), format!("{circle}`prometheus` -> `prometheus`")]
    );
}
