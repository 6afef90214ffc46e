//! Pieces of PromQL, and texts in the templates that Prometheus makes of annotations.

/// A selector of labels: `{job="api",mode="idle"}`; nothing when there are none.
pub(super) fn select(matchers: &[String]) -> String {
    if matchers.is_empty() { String::new() } else { format!("{{{}}}", matchers.join(",")) }
}

/// A matcher that takes any of the values.
pub(super) fn any_of(label: &str, values: &[&str]) -> String {
    match values {
        [only] => format!("{label}={}", quoted(only)),
        _ => {
            let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
            format!("{label}=~{}", quoted(&values.join("|")))
        }
    }
}

/// A string of PromQL.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n"))
}

/// A regular expression that matches the text alone.
fn literal(text: &str) -> String {
    text.chars().flat_map(|c| r"\.+*?()|[]{}^$".contains(c).then_some('\\').into_iter().chain(Some(c))).collect()
}

/// A text as a template of Go: braces in it are not read as instructions.
pub(super) fn template(text: &str) -> String {
    text.replace("{{", BRACES)
}

/// How a template of Go writes two opening braces.
pub(super) const BRACES: &str = "{{ \"{{\" }}";

/// A length of time as Prometheus' `humanizeDuration` writes whole seconds.
pub(super) fn human(seconds: u64) -> String {
    let (s, m, h, d) = (seconds % 60, seconds / 60 % 60, seconds / 3600 % 24, seconds / 86400);
    match (d, h, m) {
        (0, 0, 0) => format!("{s}s"),
        (0, 0, _) => format!("{m}m {s}s"),
        (0, ..) => format!("{h}h {m}m {s}s"),
        _ => format!("{d}d {h}h {m}m {s}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matchers() {
        assert_eq!(any_of("job", &["a"]), r#"job="a""#);
        assert_eq!(any_of("job", &["a.b", "c"]), r#"job=~"a\\.b|c""#);
        assert_eq!(select(&["a=\"b\"".into(), "c=\"d\"".into()]), r#"{a="b",c="d"}"#);
        assert_eq!(select(&[]), "");
    }

    #[test]
    fn braces_are_not_instructions() {
        assert_eq!(template("a {{ b }}"), r#"a {{ "{{" }} b }}"#);
    }

    #[test]
    fn durations() {
        assert_eq!([human(59), human(60), human(3700), human(90061)], ["59s", "1m 0s", "1h 1m 40s", "1d 1h 1m 1s"]);
    }
}
