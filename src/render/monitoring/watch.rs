//! What an alert watches: an expression, and series under which it fires or stays quiet.

use super::measured::Measured;
use super::{watch_server, watch_service};
use crate::blueprint::operations::Measure;
use crate::design::topology::AlertDesign;

/// Over which time rates are taken: four measurements and more at any usual interval.
pub(super) const WINDOW: &str = "5m";

/// An alert with what it watches; without a watch nothing in the deployment measures it.
pub(super) struct Watched<'a> {
    pub alert: &'a AlertDesign,
    pub watch: Option<Watch>,
}

/// How something is watched.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Watch {
    /// The condition in PromQL.
    pub expr: String,
    /// The condition for people: `processor in use above 70%`.
    pub says: String,
    /// Template that names what is concerned.
    pub subject: &'static str,
    /// Template of the value, when it says something.
    pub value: Option<&'static str>,
    /// What is measured now, in PromQL: for a look by hand, and for dashboards.
    pub now: String,
    /// Series under which it fires or not.
    pub cases: Vec<Case>,
}

/// Series, and whether the alert fires under them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    /// What has happened.
    pub when: &'static str,
    /// Series in PromQL with the value at the start and what is added each minute.
    pub series: Vec<(String, f64, f64)>,
    /// Labels with which it fires and the value as its template writes it; `None` when it stays quiet.
    pub fires: Option<(Vec<(String, String)>, String)>,
}

/// Subject of a condition on a server.
pub(super) const SERVER: &str = "{{ $labels.instance }} on {{ $labels.stack }}";
/// Subject of a condition on a service as a whole.
pub(super) const SERVICE: &str = "{{ $labels.job }}";
/// Subject of a condition that may hold for a measured address or for one that has vanished.
pub(super) const ADDRESS: &str = "{{ $labels.job }}{{ with $labels.instance }} on {{ . }}{{ end }}";
/// Value that is a share.
pub(super) const PERCENTAGE: &str = "{{ $value | humanizePercentage }}";
/// Value that is a time.
pub(super) const DURATION: &str = "{{ $value | humanizeDuration }}";
/// Value that is a count.
pub(super) const COUNT: &str = "{{ $value }}";

/// All alerts of the deployment.
pub(super) fn all<'a>(measured: &Measured<'a>) -> Vec<Watched<'a>> {
    measured.monitoring.alerts.iter().map(|alert| Watched { alert, watch: watch(measured, alert) }).collect()
}

fn watch(measured: &Measured, alert: &AlertDesign) -> Option<Watch> {
    let service = alert.service.as_deref();
    if alert.measure == Measure::Down {
        return watch_service::down(measured, service);
    }
    let above = alert.threshold.filter(|threshold| threshold.is_finite() && *threshold >= 0.0)?;
    let mut watch = match alert.measure {
        Measure::Cpu => watch_server::cpu(measured, service, above),
        Measure::Memory => watch_server::memory(measured, service, above),
        Measure::Disk => watch_server::disk(measured, service, above),
        Measure::BackupAge => watch_server::backup_age(measured, above),
        Measure::Connections => watch_service::connections(measured, service, above),
        Measure::P95 => watch_service::p95(measured, service, above),
        Measure::Errors => watch_service::errors(measured, service, above),
        Measure::Queue => watch_service::queue(measured, service, above),
        Measure::Partitions => watch_service::partitions(measured, service, above),
        Measure::Quota => watch_service::quota(measured, service, above),
        Measure::Down | Measure::ConcurrentUsers => None,
    }?;
    watch.says = format!("{} above {}", watch.says, alert.threshold_text);
    Some(watch)
}

/// Labels of a series.
pub(super) fn labels(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A case in which an alert fires.
pub(super) fn broken(series: Vec<(String, f64, f64)>, with: &[(&str, &str)], value: impl Into<String>) -> Case {
    Case { when: "fires", series, fires: Some((labels(with), value.into())) }
}

/// A case in which an alert stays quiet.
pub(super) fn sound(series: Vec<(String, f64, f64)>) -> Case {
    Case { when: "stays quiet", series, fires: None }
}
