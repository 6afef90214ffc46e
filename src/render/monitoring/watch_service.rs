//! What is watched on services, through their own measurements or an exporter beside them.

use super::measured::Measured;
use super::promql::{any_of, human, quoted, select};
use super::watch::{ADDRESS, COUNT, Case, DURATION, PERCENTAGE, SERVER, SERVICE, WINDOW, Watch, broken, sound};
use crate::blueprint::service::Kind;

/// Address that stands for an instance in tests.
const SOME: &str = "192.0.2.1:80";

/// A series of a job.
fn series(name: &str, job: &str, more: &[&str]) -> String {
    let own = [format!("job={}", quoted(job)), format!("instance={}", quoted(SOME))];
    format!("{name}{}", select(&more.iter().map(|matcher| (*matcher).to_owned()).chain(own).collect::<Vec<_>>()))
}

fn selector(jobs: &[&str], more: &[&str]) -> String {
    let own = any_of("job", jobs);
    select(&std::iter::once(own).chain(more.iter().map(|matcher| (*matcher).to_owned())).collect::<Vec<_>>())
}

/// Does not answer, or is not measured any more, or is a database whose exporter does not reach it.
pub(super) fn down(measured: &Measured, service: Option<&str>) -> Option<Watch> {
    let exporter = measured.exporter("postgres-exporter");
    let all = measured.jobs();
    let jobs: Vec<&str> = match service {
        None => all,
        Some(name) if all.contains(&name) => vec![name],
        Some(name) if measured.kind_of(name) == Some(Kind::Sql) => vec![exporter?],
        Some(_) => return None,
    };
    let matcher = if service.is_some() { selector(&jobs, &[]) } else { String::new() };
    let mut clauses = vec![format!("up{matcher} == 0")];
    let database = exporter.filter(|exporter| jobs.contains(exporter));
    if let Some(exporter) = database {
        clauses.push(format!("pg_up{} == 0", selector(&[exporter], &[])));
    }
    clauses.extend(jobs.iter().map(|job| format!("absent(up{})", selector(&[job], &[]))));

    let up = |but: Option<&str>, value: f64| -> Vec<(String, f64, f64)> {
        jobs.iter().map(|job| (series("up", job, &[]), if but == Some(job) { value } else { 1.0 }, 0.0)).collect()
    };
    let first = *jobs.first()?;
    let mut cases = vec![
        broken(up(Some(first), 0.0), &[("job", first), ("instance", SOME)], ""),
        Case { when: "fires without an address", ..broken(up(None, 1.0).split_off(1), &[("job", first)], "") },
        sound(up(None, 1.0)),
    ];
    if let Some(exporter) = database {
        let mut series_of = up(None, 1.0);
        series_of.push((series("pg_up", exporter, &[]), 0.0, 0.0));
        let fires = broken(series_of, &[("job", exporter), ("instance", SOME)], "");
        cases.push(Case { when: "fires for the database", ..fires });
    }
    let (expr, now) = (clauses.join("\nor\n"), format!("up{matcher}"));
    Some(Watch { expr, now, says: "does not answer".to_owned(), subject: ADDRESS, value: None, cases })
}

pub(super) fn connections(measured: &Measured, service: Option<&str>, above: f64) -> Option<Watch> {
    let exporter = measured.exporter("postgres-exporter")?;
    let known = measured.stacks_measured(exporter);
    let stack = match service {
        Some(service) => *measured.stacks_of(service).iter().find(|stack| known.contains(stack))?,
        None => known.first()?,
    };
    let on = any_of("stack", &[stack]);
    let matcher = if service.is_some() { select(std::slice::from_ref(&on)) } else { String::new() };
    let now = format!(
        "sum by (stack, instance) (pg_stat_activity_count{matcher}) / max by (stack, instance) (pg_settings_max_connections{matcher})"
    );
    let used = |state: &str| series("pg_stat_activity_count", exporter, &[&on, state]);
    let most = series("pg_settings_max_connections", exporter, &[&on]);
    let (active, idle) = (used("state=\"active\""), used("state=\"idle\""));
    let cases = vec![
        broken(
            vec![(active.clone(), 400.0, 0.0), (idle.clone(), 600.0, 0.0), (most.clone(), 1000.0, 0.0)],
            &[("stack", stack), ("instance", SOME)],
            "100%",
        ),
        sound(vec![(active, above * 450.0, 0.0), (idle, above * 450.0, 0.0), (most, 1000.0, 0.0)]),
    ];
    let says = "connections in use".to_owned();
    Some(Watch { expr: format!("{now} > {above}"), now, says, subject: SERVER, value: Some(PERCENTAGE), cases })
}

/// The histogram of response times of a family: jobs, name, further matcher, and its units in a second.
fn times<'a>(
    measured: &Measured<'a>,
    service: Option<&str>,
) -> Option<(Vec<&'a str>, &'static str, &'static str, f64)> {
    let web = measured.jobs_of(Kind::Web, "", service);
    if !web.is_empty() {
        // prometheus-fastapi-instrumentator: of its two histograms this one has the buckets for percentiles (over 20,
        // from 10 ms to 60 s, no labels); `http_request_duration_seconds` has three (0.1, 0.5, 1 s).
        return Some((web, "http_request_duration_highr_seconds", "", 1.0));
    }
    let vectors = measured.jobs_of(Kind::Vectors, "milvus", service);
    // Milvus, pkg/metrics/proxy_metrics.go: milliseconds.
    (!vectors.is_empty()).then_some((vectors, "milvus_proxy_sq_latency", "query_type=\"search\"", 1000.0))
}

pub(super) fn p95(measured: &Measured, service: Option<&str>, above: f64) -> Option<Watch> {
    let (jobs, name, more, units) = times(measured, service)?;
    let more: Vec<&str> = Some(more).filter(|more| !more.is_empty()).into_iter().collect();
    let matcher = selector(&jobs, &more);
    let quantile = format!("histogram_quantile(0.95, sum by (job, le) (rate({name}_bucket{matcher}[{WINDOW}])))");
    let now = if units > 1.0 { format!("{quantile} / {units}") } else { quantile };

    let job = *jobs.first()?;
    // A quantile beyond the last bucket is the bound of that bucket: a minute, or as many as exceed the threshold.
    let mut last: u32 = 60;
    while f64::from(last) <= above && last < 1 << 30 {
        last *= 2;
    }
    let bucket = |le: &str| series(&format!("{name}_bucket"), job, &[&more[..], &[&format!("le=\"{le}\"")]].concat());
    let (low, high) = (bucket(&format!("{}", above * units / 2.0)), bucket(&format!("{}", f64::from(last) * units)));
    let buckets = |low_rate: f64, high_rate: f64| {
        vec![(low.clone(), 0.0, low_rate), (high.clone(), 0.0, high_rate), (bucket("+Inf"), 0.0, 60.0)]
    };
    let cases = vec![broken(buckets(0.0, 0.0), &[("job", job)], human(u64::from(last))), sound(buckets(60.0, 60.0))];
    let says = "95th percentile of response times".to_owned();
    Some(Watch { expr: format!("{now} > {above}"), now, says, subject: SERVICE, value: Some(DURATION), cases })
}

pub(super) fn errors(measured: &Measured, service: Option<&str>, above: f64) -> Option<Watch> {
    let web = measured.jobs_of(Kind::Web, "", service);
    let vectors = measured.jobs_of(Kind::Vectors, "milvus", service);
    // The instrumentator groups answers by class (`5xx`); other libraries write the number (`503`).
    let (jobs, name, bad, total, some) = if !web.is_empty() {
        (web, "http_requests_total", "status=~\"5..\"", None, ("status=\"5xx\"", "status=\"2xx\""))
    } else if !vectors.is_empty() {
        // Milvus counts each request under `total`, and again by how it ended.
        let total = "status=\"total\"";
        (vectors, "milvus_proxy_req_count", "status=\"fail\"", Some(total), ("status=\"fail\"", total))
    } else {
        return None;
    };
    let sum = |more: &[&str]| format!("sum by (job) (rate({name}{}[{WINDOW}]))", selector(&jobs, more));
    let all: Vec<&str> = total.into_iter().collect();
    let now = format!("{} / {}", sum(&[bad]), sum(&all));
    let job = *jobs.first()?;
    let (failed, other) = (series(name, job, &[some.0]), series(name, job, &[some.1]));
    let rest = if total.is_some() { 60.0 } else { 0.0 };
    let cases = vec![
        broken(vec![(failed.clone(), 0.0, 60.0), (other.clone(), 0.0, rest)], &[("job", job)], "100%"),
        sound(vec![(failed, 0.0, 900.0 * above), (other, 0.0, 1000.0)]),
    ];
    let says = "requests that fail".to_owned();
    Some(Watch { expr: format!("{now} > {above}"), now, says, subject: SERVICE, value: Some(PERCENTAGE), cases })
}

/// A gauge summed over the instances of a job.
fn gauge(jobs: &[&str], name: &str, says: &str, above: f64) -> Option<Watch> {
    let now = format!("sum by (job) ({name}{})", selector(jobs, &[]));
    let job = *jobs.first()?;
    let series = series(name, job, &[]);
    let more = above.floor() + 1.0;
    let cases = vec![
        broken(vec![(series.clone(), more, 0.0)], &[("job", job)], format!("{more}")),
        sound(vec![(series, above.floor(), 0.0)]),
    ];
    let expr = format!("{now} > {above}");
    Some(Watch { expr, now, says: says.to_owned(), subject: SERVICE, value: Some(COUNT), cases })
}

pub(super) fn queue(measured: &Measured, service: Option<&str>, above: f64) -> Option<Watch> {
    let models = measured.jobs_of(Kind::Llm, "vllm", service);
    let vectors = measured.jobs_of(Kind::Vectors, "milvus", service);
    gauge(&models, "vllm:num_requests_waiting", "requests that wait", above)
        .or_else(|| gauge(&vectors, "milvus_querynode_read_task_ready_len", "searches that wait", above))
}

/// The threshold is a number of partitions; a share of a bound that is not known cannot be watched.
pub(super) fn partitions(measured: &Measured, service: Option<&str>, above: f64) -> Option<Watch> {
    let jobs = measured.jobs_of(Kind::Vectors, "milvus", service);
    if above < 1.0 {
        return None;
    }
    gauge(&jobs, "milvus_rootcoord_partition_num", "partitions", above)
}

pub(super) fn quota(measured: &Measured, service: Option<&str>, above: f64) -> Option<Watch> {
    let jobs = measured.jobs_of(Kind::Coordination, "etcd", service);
    let job = *jobs.first()?;
    // The size on disk, free pages included, is what etcd holds against its quota.
    let matcher = selector(&jobs, &[]);
    let now = format!("etcd_mvcc_db_total_size_in_bytes{matcher} / etcd_server_quota_backend_bytes{matcher}");
    let (size, most) =
        (series("etcd_mvcc_db_total_size_in_bytes", job, &[]), series("etcd_server_quota_backend_bytes", job, &[]));
    let cases = vec![
        broken(
            vec![(size.clone(), 1000.0, 0.0), (most.clone(), 1000.0, 0.0)],
            &[("job", job), ("instance", SOME)],
            "100%",
        ),
        sound(vec![(size, above * 900.0, 0.0), (most, 1000.0, 0.0)]),
    ];
    let (says, subject) = ("quota in use".to_owned(), ADDRESS);
    Some(Watch { expr: format!("{now} > {above}"), now, says, subject, value: Some(PERCENTAGE), cases })
}
