//! How many servers a load takes: square-root staffing, and what waiting then is (Erlang C, Allen-Cunneen).
//!
//! `a = rate x service time` is the offered load in busy servers (Little). Square-root staffing and its quality factors are
//! those of Netflix's `service-capacity-modeling` (`models/common.py`, read 2026-11), after Halfin and Whitt; Erlang C is
//! the textbook M/M/c queue.

use schemars::JsonSchema;
use serde::Serialize;

use super::component::Reckoning;
use super::reckon::because;
use crate::units::Rate;

/// Most servers for which waiting is calculated: the sum takes one step for each.
pub const MOST_SERVERS: u32 = 1_000_000;

const STAFFING: &str = "square-root staffing, quality factors of Netflix service-capacity-modeling";

/// How much waiting a service bears: the chance that a request waits at all is then about 1, 5, 20 or 29 percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Importance {
    /// Everything waits for it: tier 0.
    Critical,
    /// Users see it: tier 1.
    #[default]
    High,
    /// Users hardly see it: tier 2.
    Normal,
    /// Nobody waits for it: tier 3.
    Low,
}

impl Importance {
    /// All of them, from the one that bears the least waiting.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Normal, Self::Low];

    /// `Q` of `a + Q sqrt(a)`.
    pub fn quality(self) -> f64 {
        match self {
            Self::Critical => 2.375,
            Self::High => 1.761,
            Self::Normal => 1.16,
            Self::Low => 1.0,
        }
    }
}

/// Requests and what each of them keeps busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Requests per second.
    pub rate: Rate,
    /// Time on a core for each, in microseconds.
    pub service_micros: u64,
    /// How much waiting is borne.
    pub importance: Importance,
}

impl Work {
    /// The offered load: cores that are busy on average.
    pub fn offered(&self) -> f64 {
        // Thousandths of a request per second times microseconds.
        (u128::from(self.rate.0) * u128::from(self.service_micros)) as f64 / 1e9
    }

    /// Cores by square-root staffing, at least one: `ceil(a + Q sqrt(a))`.
    pub fn cores(&self) -> u32 {
        let offered = self.offered();
        // A cast holds at the largest number.
        (offered + self.importance.quality() * offered.sqrt()).ceil().max(1.0) as u32
    }

    /// How the cores came about.
    pub fn why(&self, figure: &str) -> Reckoning {
        because(
            figure,
            self.cores(),
            "ceil(a + Q x sqrt(a)), a = rate x service time",
            &[
                ("rate", self.rate.to_string()),
                ("service time", format!("{} us", self.service_micros)),
                ("a", format!("{:.3}", self.offered())),
                ("Q", self.importance.quality().to_string()),
            ],
            STAFFING,
        )
    }
}

/// A queue with several servers: exponential times between arrivals and of service (M/M/c).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Queue {
    servers: f64,
    offered: f64,
    service_ms: f64,
    /// The chance that a request waits (Erlang C).
    pub waits: f64,
}

impl Queue {
    /// The queue before `servers` servers; `None` where it grows without end (`a >= c`), without work, or with more than
    /// [`MOST_SERVERS`].
    pub fn new(work: &Work, servers: u32) -> Option<Self> {
        let (a, c) = (work.offered(), f64::from(servers));
        if servers > MOST_SERVERS || a >= c || a <= 0.0 {
            return None;
        }
        // Erlang B by its recursion, which neither overflows nor loses digits.
        let blocked = (1..=servers).fold(1.0, |b, k| a * b / (f64::from(k) + a * b));
        let waits = blocked / (1.0 - a / c * (1.0 - blocked));
        Some(Self { servers: c, offered: a, service_ms: work.service_micros as f64 / 1000.0, waits })
    }

    /// Mean wait in milliseconds: `C x S / (c - a)`.
    pub fn mean_wait_ms(&self) -> f64 {
        self.waits * self.service_ms / (self.servers - self.offered)
    }

    /// Mean wait where arrivals and service times vary otherwise (Allen-Cunneen): times `(ca^2 + cs^2) / 2`, the squared
    /// coefficients of variation; both are 1 in M/M/c.
    pub fn mean_wait_with_variation_ms(&self, arrivals: f64, service: f64) -> f64 {
        self.mean_wait_ms() * (arrivals + service) / 2.0
    }

    /// The response time in milliseconds that a share of requests stays below: wait and service together.
    pub fn response_ms(&self, share: f64) -> f64 {
        let (mut low, mut high) = (0.0, self.service_ms);
        while self.longer_than(high) > 1.0 - share && high < 1e15 {
            high *= 2.0;
        }
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            if self.longer_than(middle) > 1.0 - share { low = middle } else { high = middle }
        }
        f64::midpoint(low, high)
    }

    /// The chance that a response takes longer than `ms`.
    fn longer_than(&self, ms: f64) -> f64 {
        let t = ms / self.service_ms;
        let spare = self.servers - self.offered - 1.0;
        let slower = if spare.abs() < 1e-9 { t } else { (1.0 - (-spare * t).exp()) / spare };
        (-t).exp() * (1.0 + self.waits * slower)
    }
}

#[cfg(test)]
#[path = "queueing_tests.rs"]
mod tests;
