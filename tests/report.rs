//! The page of a size: well-formed, on its own, the same every time, and whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rapplan::blueprint::Blueprint;
use rapplan::blueprint::builtin::BUILTIN;
use rapplan::demand::{Ask, Given, Range, Ranged, Variable};
use rapplan::render::report::rollout::{self, Rollout, Service};
use rapplan::render::report::{is_report, page};
use rapplan::size::plan::Plan;
use rapplan::size::{Request, size};
use rapplan::units::{Count, Share};

fn blueprint(name: &str) -> Blueprint {
    let (_, file, text) = BUILTIN.iter().find(|(builtin, ..)| *builtin == name).unwrap();
    Blueprint::parse(file, text).unwrap().blueprint
}

fn given<T>(value: T) -> Option<Given<T>> {
    Some(Given { value, origin: "flag <b>\"&'".to_owned() })
}

fn partitions(count: u64) -> Ask {
    Ask { partitions: given(Count(count)), ..Ask::default() }
}

fn asks() -> Vec<(&'static str, Request)> {
    let grown =
        Ask { growth: given("8%/month".parse().unwrap()), horizon: given("24mo".parse().unwrap()), ..partitions(40) };
    let range = Range { low: 30, high: 90, confidence: Share::percent(80) };
    let ranges = vec![Ranged { variable: Variable::Partitions, range, origin: "flag --partitions".to_owned() }];
    let uncertain = Ask { ranges, ..grown.clone() };
    let users = Ask { concurrent_users: given(Count(450)), mix: given("write-heavy".to_owned()), ..Ask::default() };
    let growing = Ask { growth: given("8%/month".parse().unwrap()), ..users.clone() };
    let range = Range { low: 150, high: 450, confidence: Share::percent(90) };
    let ranges = vec![Ranged { variable: Variable::ConcurrentUsers, range, origin: "flag --ccu".to_owned() }];
    let unsure = Ask { ranges, ..growing.clone() };
    let request = |ask| Request { ask, ..Request::default() };
    let cluster = Request { tier: given("kubernetes".to_owned()), ..request(partitions(600)) };
    let all = [
        ("chatty", request(partitions(120))),
        ("chatty", request(grown)),
        ("chatty", request(uncertain)),
        ("chatty", cluster),
        ("chatty", request(partitions(1_000_000))),
        ("dojangkok", request(users)),
        ("dojangkok", request(growing)),
        ("dojangkok", request(unsure)),
    ];
    all.into()
}

fn pages() -> Vec<(Plan, String)> {
    let made = asks().into_iter().map(|(name, request)| {
        let blueprint = blueprint(name);
        let plan = size(&blueprint, &request).unwrap_or_else(|error| panic!("{name}: {error}"));
        let text = page(&plan, &blueprint);
        (plan, text)
    });
    made.collect()
}

/// The tags of a page, each with its attributes; fails on what is not well-formed XML.
fn tags(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let text = text.strip_prefix("<!DOCTYPE html>\n").expect("a doctype");
    let (mut open, mut found, mut rest) = (Vec::<String>::new(), Vec::new(), text);
    while let Some((before, after)) = rest.split_once('<') {
        check_text(before, open.last().map(String::as_str));
        let (tag, after) = after.split_once('>').expect("a tag ends");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "before {}", &rest[..rest.len().min(80)]);
            continue;
        }
        let (tag, empty) = tag.strip_suffix(" /").map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric()), "tag {name}");
        found.push((name.to_owned(), self::attributes(attributes)));
        if !empty {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    found
}

/// Text has no bare `&`, and what has one is an entity that XML itself knows.
fn check_text(text: &str, within: Option<&str>) {
    if within == Some("style") {
        return;
    }
    for part in text.split('&').skip(1) {
        let entity = part.split(';').next().unwrap();
        assert!(["amp", "lt", "gt", "quot", "#39"].contains(&entity), "&{entity}");
    }
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "a control character in {text:?}");
}

fn attributes(mut text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    while !text.is_empty() {
        let (name, after) = text.split_once("=\"").unwrap_or_else(|| panic!("attributes {text}"));
        let (value, after) = after.split_once('"').expect("an attribute ends");
        check_text(value, None);
        assert!(found.iter().all(|(other, _)| other != name), "{name} twice");
        found.push((name.to_owned(), value.to_owned()));
        text = after.strip_prefix(' ').unwrap_or(after);
    }
    found
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}

/// Rehearsals with everything that a page of them can have, and odd characters in it.
fn rehearsed() -> Rollout {
    let service = |name: &str| Service {
        name: name.to_owned(),
        lowest: vec![(0.0, 200.0), (60.0, 57.0), (400.0, 900.0)],
        zone_lost: vec![(0.0, 100.0), (60.0, 20.0), (400.0, 450.0)],
        median: vec![(0.0, 200.0), (380.0, 200.0)],
    };
    let odd = || "<b>\"&'".to_owned();
    Rollout {
        deployment: odd(),
        cloud: "aws".to_owned(),
        what: odd(),
        facts: vec![("capacity".to_owned(), odd()), ("nothing".to_owned(), String::new())],
        services: vec![service("api"), Service { zone_lost: Vec::new(), ..service("<web>") }],
        switches: vec![(3.0, "api".to_owned(), odd()), (65.0, "api".to_owned(), "all of them".to_owned())],
        seeds: (7, 11),
        seconds: vec![380.0, 400.0, 420.0],
        dollars: vec![0.12, 0.15, 1.25],
        demand: vec![["api", "700 users", "200 users", "4", "said"].map(str::to_owned)],
        failures: vec![["7".to_owned(), "done".to_owned(), odd(), "rapplan rehearse --replay 7".to_owned()]],
        timeline: vec![odd(), "0:00:02 do".to_owned()],
        command: "rapplan rehearse".to_owned(),
        notes: vec![odd()],
    }
}

#[test]
fn a_rehearsal_is_told_whole() {
    let rollout = rehearsed();
    let text = rollout::page(&rollout);
    assert_eq!(text, rollout::page(&rollout));
    let has = |what: &str| assert!(text.contains(&escaped(what)), "lacks {what}");
    for failure in &rollout.failures {
        failure.iter().for_each(|part| has(part));
    }
    rollout.timeline.iter().chain(&rollout.notes).for_each(|line| has(line));
    rollout.switches.iter().for_each(|(_, _, what)| has(what));
    rollout.demand.iter().flatten().for_each(|cell| has(cell));
    for told in
        ["api: never below 57 %", "<web>: never below 57 %", "the run that came lowest, seed 7", "rehearse --replay 7"]
    {
        has(told);
    }
    // Together, each by itself, time and cost, each for wide and for narrow screens.
    assert_eq!(text.matches("<svg").count(), 10);
    let bare = rollout::page(&Rollout::default());
    assert!(bare.contains("No service takes requests") && !bare.contains("<svg"));
    tags(&bare);
}

#[test]
fn pages_are_well_formed_and_fetch_nothing() {
    for text in pages().into_iter().map(|(_, text)| text).chain([rollout::page(&rehearsed())]) {
        let tags = tags(&text);
        let mut ids = std::collections::BTreeSet::new();
        for (name, attributes) in &tags {
            assert!(!["script", "link", "img", "iframe", "object", "image", "use"].contains(&name.as_str()), "{name}");
            for (key, value) in attributes {
                assert!(!key.starts_with("on") && !["src", "xlink:href", "srcset"].contains(&key.as_str()), "{key}");
                assert!(key != "href" || value.starts_with('#'), "{value}");
                assert!(key != "id" || ids.insert(value.clone()), "id {value} twice");
            }
        }
        for (_, value) in tags.iter().flat_map(|(_, attributes)| attributes).filter(|(key, _)| key == "href") {
            assert!(ids.contains(&value[1..]), "{value} leads nowhere");
        }
        let style = text.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        assert!(!style.contains("url(") && !style.contains("@import"));
        assert!(is_report(&text));
    }
    assert!(!is_report("<!DOCTYPE html>\n<title>mine</title>"));
}

#[test]
fn every_picture_has_a_title_a_description_and_a_table() {
    for text in pages().into_iter().map(|(_, text)| text).chain([rollout::page(&rehearsed())]) {
        let tags = tags(&text);
        let ids: Vec<&str> = tags
            .iter()
            .flat_map(|(_, attributes)| attributes)
            .filter(|(key, _)| key == "id")
            .map(|(_, value)| value.as_str())
            .collect();
        let pictures: Vec<_> = tags.iter().filter(|(name, _)| name == "svg").collect();
        assert!(pictures.len() >= 4, "{} pictures", pictures.len());
        for (_, attributes) in pictures {
            let named = attributes.iter().find(|(key, _)| key == "aria-labelledby").unwrap();
            assert!(named.1.split(' ').all(|id| ids.contains(&id)), "{}", named.1);
        }
        for figure in text.split("<figure>").skip(1) {
            let figure = figure.split("</figure>").next().unwrap();
            assert!(figure.contains("<table ") && figure.matches("<svg").count() == 2, "{figure}");
        }
    }
}

#[test]
fn the_same_size_gives_the_same_bytes() {
    for ((_, first), (_, second)) in pages().into_iter().zip(pages()) {
        assert_eq!(first, second);
    }
}

#[test]
fn nothing_of_a_size_is_left_out() {
    for (plan, text) in pages() {
        let has = |what: &str| assert!(text.contains(&escaped(what)), "lacks {what}");
        plan.warnings.iter().for_each(|warning| {
            has(&warning.text);
            warning.hint.iter().for_each(|hint| has(hint));
        });
        plan.vectors.iter().flat_map(|check| &check.rows).for_each(|row| has(&row.label));
        for one in &plan.why {
            [&one.figure, &one.value, &one.formula, &one.source].into_iter().for_each(|part| has(part));
        }
        plan.servers.iter().flat_map(|server| &server.services).for_each(|service| has(&service.service));
        plan.components.iter().for_each(|part| has(&part.name));
        plan.findings.iter().for_each(|finding| has(&finding.text));
        plan.forecast.iter().flat_map(|forecast| &forecast.crossings).for_each(|crossing| has(&crossing.what));
        for line in plan.clouds.iter().filter(|cloud| cloud.chosen).flat_map(|cloud| &cloud.lines) {
            has(&line.what);
            line.date.iter().for_each(|date| has(date));
        }
        for month in plan.forecast.iter().flat_map(|forecast| &forecast.months) {
            has(&month.demand);
            month.differs.iter().for_each(|services| has(services));
        }
        if let Some(found) = &plan.uncertainty {
            has(&found.best_monthly_usd.p95.to_string());
            found.undersized.iter().for_each(|risk| has(&risk.what));
            found.measure_first.iter().for_each(|worth| has(&worth.because));
        }
        let first = plan.warnings.first().map(|warning| text.find(&escaped(&warning.text)).unwrap());
        assert!(first.is_none_or(|at| at < text.find("<svg").unwrap()), "warnings come first");
    }
}

#[test]
fn names_of_others_are_only_text() {
    let evil = "<script>alert(1)</script>\"' onload=x &amp; \u{1}\u{202e}";
    let mut blueprint = blueprint("chatty");
    blueprint.title = evil.to_owned();
    blueprint.summary = evil.to_owned();
    blueprint.networks.values_mut().for_each(|network| network.title = evil.to_owned());
    blueprint.tiers.iter_mut().for_each(|tier| {
        tier.name = format!("{}{evil}", tier.name);
        tier.id = evil.to_owned();
        tier.sizes.iter_mut().for_each(|set| set.servers.iter_mut().for_each(|server| server.name = evil.to_owned()));
    });
    for ask in asks().into_iter().filter(|(name, request)| *name == "chatty" && request.tier.is_none()) {
        let plan = size(&blueprint, &ask.1).unwrap();
        let text = page(&plan, &blueprint);
        assert!(tags(&text).iter().all(|(name, _)| name != "script"));
        assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=x &amp;amp; \u{fffd}"));
    }
}
