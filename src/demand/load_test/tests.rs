use super::*;
use crate::units::{Count, Rate, Share, Span};

macro_rules! sample {
    ($name:literal) => {
        read($name, &mut &include_bytes!(concat!("../../../tests/data/load_tests/", $name))[..]).unwrap()
    };
}

fn problem(text: &str) -> Problem {
    read("x", &mut text.as_bytes()).unwrap_err().problems()[0].clone()
}

#[test]
fn summary_export_counts_failed_requests_as_passes() {
    let run = sample!("k6_summary_export.json");
    assert_eq!((run.tool, run.kind, run.version, run.date), (Tool::K6SummaryExport, Loop::Closed, None, None));
    let point = &run.points[0];
    // 3,335 of 20,144 failed; read the other way round it would be 83%.
    assert_eq!(point.errors, Share(165_558));
    assert_eq!((point.users, point.requests), (Some(Count(300)), Count(20_144)));
    assert_eq!((point.mean, point.p95, point.p99), (Latency(1_812_868), Latency(6_927_506), Some(Latency(12_966_031))));
    assert_eq!(point.rate, Some(Rate(68_438)));
    assert!(run.notes[0].contains("from 1 to 300"), "{:?}", run.notes);
    let text = include_str!("../../../tests/data/load_tests/k6_summary_export.json");
    let wrong =
        problem(&text.replace("\"passes\": 3335", "\"passes\": 16809").replace("\"fails\": 16809", "\"fails\": 3335"));
    let place = wrong.place.unwrap();
    assert_eq!((place.line, place.column, &*place.field), (46, 23, "metrics.http_req_failed.passes"));
}

#[test]
fn handle_summary_has_its_values_one_level_down() {
    let run = sample!("k6_handle_summary.json");
    let point = &run.points[0];
    assert_eq!((run.tool, point.users, point.errors), (Tool::K6HandleSummary, Some(Count(49)), Share(0)));
    assert_eq!((point.rate, point.duration), (Some(Rate(549_996)), Some(Span(30_018))));
    assert_eq!((point.p50, point.p95), (Some(Latency(39_877)), Latency(63_726)));
}

#[test]
fn the_new_summary_of_k6_has_neither_rate_nor_p99() {
    let run = sample!("k6_new_summary.json");
    let point = &run.points[0];
    assert_eq!((run.version.as_deref(), run.date.as_deref()), (Some("1.5.0"), Some("2025-01-15")));
    assert_eq!((point.rate, point.p99, point.errors), (Some(Rate(24_793)), None, Share::percent(2)));
}

#[test]
fn steps_of_k6_csv_become_points() {
    let run = sample!("k6_steps.csv");
    assert_eq!((run.tool, run.date.as_deref()), (Tool::K6Csv, Some("2022-02-16")));
    let [first, second] = &run.points[..] else { panic!("{run:?}") };
    assert_eq!((first.users, second.users), (Some(Count(50)), Some(Count(100))));
    assert_eq!((first.errors, second.errors), (Share::percent(5), Share::percent(15)));
    assert_eq!((first.mean, second.mean), (Latency(42_000), Latency(303_000)));
    assert_eq!((first.requests, first.duration, first.rate), (Count(120), Some(Span(12_000)), Some(Rate(10_000))));
    // The largest of ten values is 46.5 ms; a histogram of three digits is off by a thousandth at most.
    assert!(first.p95.0.abs_diff(46_500) <= 46, "{}", first.p95.0);
}

#[test]
fn a_ramp_without_steps_is_one_point_at_its_most_users() {
    let mut text = "metric_name,timestamp,metric_value\n".to_owned();
    for second in 0..9 {
        text += &format!(
            "vus,{0},{1}\nhttp_req_duration,{0},10\nhttp_req_failed,{0},0\n",
            1_645_006_000 + second,
            second + 1
        );
    }
    let run = read("ramp.csv", &mut text.as_bytes()).unwrap();
    assert_eq!(run.points.len(), 1);
    assert_eq!((run.points[0].users, run.points[0].requests), (Some(Count(9)), Count(9)));
}

#[test]
fn locust_rounds_and_says_no_users() {
    let run = sample!("locust_stats.csv");
    let point = &run.points[0];
    assert_eq!((run.tool, point.users, point.requests), (Tool::LocustStats, None, Count(608)));
    assert_eq!((point.mean, point.p95, point.rate), (Latency(24_803_021), Latency(93_000_000), Some(Rate(2535))));
    assert!(run.notes[0].contains("rounds"));
}

#[test]
fn steps_of_a_locust_history_become_points() {
    let run = sample!("locust_stats_history.csv");
    let [first, second] = &run.points[..] else { panic!("{run:?}") };
    // 15 intervals of 20 requests at 50 ms, then of 36 at 80 ms with one failure each.
    assert_eq!((first.users, first.requests, first.errors), (Some(Count(10)), Count(300), Share(0)));
    assert_eq!((second.users, second.requests, second.errors), (Some(Count(20)), Count(540), Share(27_777)));
    assert_eq!((first.rate, second.rate), (Some(Rate(20_000)), Some(Rate(36_000))));
    assert!(second.mean.0.abs_diff(80_000) <= 1, "{}", second.mean.0);
    assert!(second.p95.0.abs_diff(150_000) <= 150, "{}", second.p95.0);
    assert_eq!(run.date.as_deref(), Some("2026-06-27"));
}

#[test]
fn vegeta_counts_in_nanoseconds() {
    let run = sample!("vegeta.json");
    let point = &run.points[0];
    assert_eq!((run.kind, point.users, run.date.as_deref()), (Loop::Open, None, Some("2023-03-31")));
    assert_eq!((point.mean, point.p95, point.errors), (Latency(3627), Latency(3911), Share::percent(60)));
    assert_eq!((point.rate, point.duration), (Some(Rate(10_204)), Some(Span(4900))));
}

#[test]
fn what_is_not_read_is_named_with_what_is() {
    for (text, because) in [
        ("", "empty"),
        ("\u{1f}\u{8b}", "no load generator"),
        ("{}", "without `metrics`"),
        ("[1]", "without `metrics`"),
        ("{\"type\":\"Metric\",\"data\":{}}\n{\"type\":\"Point\"}", "--out json"),
        ("a,b\n1,2\n", "no load generator"),
    ] {
        let problem = problem(text);
        assert_eq!(problem.code, Code::LoadTestFile, "{text}");
        assert!(problem.cause.as_deref().unwrap_or_default().contains(because), "{problem}");
        assert!(problem.hints.iter().any(|hint| hint.contains("vegeta") || hint.contains("csv=FILE")), "{problem}");
    }
    let gzip = read("x", &mut &[0x1f_u8, 0x8b, 8, 0][..]).unwrap_err();
    assert!(gzip.to_string().contains("gunzip"), "{gzip}");
}

#[test]
fn faults_have_a_place() {
    let vegeta = include_str!("../../../tests/data/load_tests/vegeta.json");
    let csv = "metric_name,timestamp,metric_value\nvus,1645006049,5\nhttp_req_duration,yesterday,5\n";
    for (text, line, column) in [
        (vegeta.replace("3910717", "-1"), 1, 85),
        (vegeta.replace("0.4", "\"x\""), 1, 450),
        ("{\n  \"metrics\": }".to_owned(), 2, 14),
        (csv.to_owned(), 3, 19),
        (csv.replace(",5\nhttp", ",many\nhttp"), 2, 16),
        (csv.replace("yesterday,5", "1645006049"), 3, 19),
    ] {
        let problem = problem(&text);
        let place = problem.place.clone().unwrap_or_else(|| panic!("{problem}"));
        assert_eq!((place.line, place.column), (line, column), "{problem}");
    }
}

/// Never ends well, never panics: any prefix of a good file is read or refused.
#[test]
fn half_a_file_is_read_or_refused() {
    for whole in [
        &include_bytes!("../../../tests/data/load_tests/k6_summary_export.json")[..],
        include_bytes!("../../../tests/data/load_tests/vegeta.json"),
        include_bytes!("../../../tests/data/load_tests/locust_stats.csv"),
    ] {
        for end in 0..whole.len() {
            let _ = read("half", &mut &whole[..end]);
        }
    }
}

/// A source that makes lines as they are asked for, so that nothing but the reader can hold them.
struct Endless {
    left: u64,
    line: Vec<u8>,
    at: usize,
}

impl std::io::Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.line.len() {
            if self.left == 0 {
                return Ok(0);
            }
            self.left -= 1;
            let second = 1_645_006_000 + self.left / 1000;
            self.line =
                format!("http_req_duration,{second},{}\nhttp_req_failed,{second},0\n", self.left % 997).into_bytes();
            self.at = 0;
        }
        let take = into.len().min(self.line.len() - self.at);
        into[..take].copy_from_slice(&self.line[self.at..self.at + take]);
        self.at += take;
        Ok(take)
    }
}

#[test]
fn a_long_file_is_read_as_it_comes() {
    let line = b"metric_name,timestamp,metric_value\n".to_vec();
    let mut source = std::io::BufReader::new(Endless { left: 200_000, line, at: 0 });
    let run = read("long.csv", &mut source).unwrap();
    assert_eq!(run.points[0].requests, Count(200_000));
    assert_eq!(run.points[0].duration, Some(Span::seconds(200)));
}
