//! What is watched on servers, through node_exporter.

use std::collections::BTreeSet;

use super::measured::Measured;
use super::promql::{any_of, quoted, select};
use super::watch::{Case, PERCENTAGE, SERVER, WINDOW, Watch, broken, labels, sound};

/// Address that stands for a server in tests.
const SOME: &str = "192.0.2.1:9100";

/// File systems that fill without harm, or never change.
const NOT_DISKS: &str = r#"fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|erofs|vfat""#;

struct Server<'a> {
    job: &'a str,
    stack: &'a str,
    matchers: Vec<String>,
}

impl Server<'_> {
    fn select(&self, more: &[&str]) -> String {
        let mut matchers: Vec<String> = more.iter().map(|matcher| (*matcher).to_owned()).collect();
        matchers.extend(self.matchers.iter().cloned());
        select(&matchers)
    }

    /// A series of that server.
    fn series(&self, name: &str, more: &[&str]) -> String {
        let (job, stack) = (quoted(self.job), quoted(self.stack));
        let own = [format!("job={job}"), format!("stack={stack}"), format!("instance={}", quoted(SOME))];
        let all: Vec<String> = more.iter().map(|matcher| (*matcher).to_owned()).chain(own).collect();
        format!("{name}{}", select(&all))
    }

    fn where_<'b>(&'b self, more: &[(&'b str, &'b str)]) -> Vec<(&'b str, &'b str)> {
        [&[("stack", self.stack), ("instance", SOME)], more].concat()
    }
}

/// The servers of a service, or all of them.
fn servers<'a>(measured: &Measured<'a>, service: Option<&str>) -> Option<Server<'a>> {
    let job = measured.exporter("node-exporter")?;
    let known = measured.stacks_measured(job);
    let stacks: Vec<&str> = match service {
        Some(service) => measured.stacks_of(service).into_iter().filter(|stack| known.contains(stack)).collect(),
        None => known,
    };
    let matchers = service.map(|_| any_of("stack", &stacks)).into_iter().collect();
    Some(Server { job, stack: stacks.first()?, matchers })
}

pub(super) fn cpu(measured: &Measured, service: Option<&str>, above: f64) -> Option<Watch> {
    let server = servers(measured, service)?;
    let idle = server.select(&["mode=\"idle\""]);
    let now = format!("1 - avg by (stack, instance) (rate(node_cpu_seconds_total{idle}[{WINDOW}]))");
    let series = server.series("node_cpu_seconds_total", &["mode=\"idle\"", "cpu=\"0\""]);
    let cases = vec![
        broken(vec![(series.clone(), 0.0, 0.0)], &server.where_(&[]), "100%"),
        sound(vec![(series, 0.0, 60.0 * (1.0 - above * 0.9))]),
    ];
    let says = "processor in use".to_owned();
    Some(Watch { expr: format!("{now} > {above}"), now, says, subject: SERVER, value: Some(PERCENTAGE), cases })
}

pub(super) fn memory(measured: &Measured, service: Option<&str>, above: f64) -> Option<Watch> {
    let server = servers(measured, service)?;
    let all = server.select(&[]);
    let now = format!("1 - node_memory_MemAvailable_bytes{all} / node_memory_MemTotal_bytes{all}");
    let (free, total) =
        (server.series("node_memory_MemAvailable_bytes", &[]), server.series("node_memory_MemTotal_bytes", &[]));
    let cases = vec![
        broken(
            vec![(free.clone(), 0.0, 0.0), (total.clone(), 1000.0, 0.0)],
            &server.where_(&[("job", server.job)]),
            "100%",
        ),
        sound(vec![(free, 1000.0 - above * 900.0, 0.0), (total, 1000.0, 0.0)]),
    ];
    let says = "memory in use".to_owned();
    Some(Watch { expr: format!("{now} > {above}"), now, says, subject: SERVER, value: Some(PERCENTAGE), cases })
}

pub(super) fn disk(measured: &Measured, service: Option<&str>, above: f64) -> Option<Watch> {
    let server = servers(measured, service)?;
    let disks = server.select(&[NOT_DISKS]);
    // A device that is mounted in several places counts once.
    let now = format!(
        "max by (stack, instance, device) (1 - node_filesystem_avail_bytes{disks} / node_filesystem_size_bytes{disks})"
    );
    let of = ["device=\"/dev/sda1\"", "fstype=\"ext4\"", "mountpoint=\"/\""];
    let (free, size) =
        (server.series("node_filesystem_avail_bytes", &of), server.series("node_filesystem_size_bytes", &of));
    let cases = vec![
        broken(
            vec![(free.clone(), 0.0, 0.0), (size.clone(), 1000.0, 0.0)],
            &server.where_(&[("device", "/dev/sda1")]),
            "100%",
        ),
        sound(vec![(free, 1000.0 - above * 900.0, 0.0), (size, 1000.0, 0.0)]),
    ];
    let subject = "{{ $labels.device }} of {{ $labels.instance }} on {{ $labels.stack }}";
    let says = "disk in use".to_owned();
    Some(Watch { expr: format!("{now} > {above}"), now, says, subject, value: Some(PERCENTAGE), cases })
}

/// Name of the file metric that the backup script leaves for node_exporter.
const BACKUP: &str = "rapplan_backup_last_success_timestamp_seconds";

pub(super) fn backup_age(measured: &Measured, above: f64) -> Option<Watch> {
    let backup = measured.topology.backup.as_ref()?;
    let server = servers(measured, None)?;
    let now = format!("time() - {BACKUP}");
    let mut expr = format!("{now} > {above}");
    let series = server.series(BACKUP, &[]);
    // A test begins at the time 0, so a time before it is an age.
    let old = vec![(series.clone(), -above, 0.0)];
    let mut cases = vec![broken(old, &server.where_(&[("job", server.job)]), ""), sound(vec![(series, 0.0, 60.0)])];
    if let Some(collector) = measured.collector() {
        // No backup ever is as bad, once monitoring has run for as long as a backup may be old.
        let started = format!("process_start_time_seconds{}", select(&[any_of("job", &[collector])]));
        let known = measured.stacks_measured(server.job);
        let with_backup: BTreeSet<&str> = backup.jobs.iter().map(|task| task.stack.as_str()).collect();
        let with_backup: Vec<&str> = with_backup.into_iter().filter(|stack| known.contains(stack)).collect();
        for stack in &with_backup {
            let own = select(&[any_of("stack", &[stack])]);
            expr = format!("{expr}\nor\nabsent({BACKUP}{own}) and on () (time() - {started} > {above})");
        }
        if let Some((missing, others)) = with_backup.split_first() {
            let on = |stack| Server { job: server.job, stack, matchers: Vec::new() }.series(BACKUP, &[]);
            let mut series = vec![(started, -above, 0.0)];
            series.extend(others.iter().map(|stack| (on(stack), 0.0, 60.0)));
            let fires = Some((labels(&[("stack", missing)]), String::new()));
            cases.push(Case { when: "fires without any backup", series, fires });
        }
    }
    Some(Watch { expr, now, says: "age of the last good backup".to_owned(), subject: BACKUP_OF, value: None, cases })
}

/// Subject of a backup; one that never was has no address.
const BACKUP_OF: &str = "backup of {{ $labels.stack }}{{ with $labels.instance }} on {{ . }}{{ end }}";
