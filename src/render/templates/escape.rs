//! How a text is written so that each language reads the same text back.

type Escaped = Result<String, String>;

/// Writes a text for a language, or says what that language cannot hold.
pub(super) type Escaper = fn(&str) -> Escaped;

/// The escapers by the name of their filter.
pub(super) const ALL: &[(&str, Escaper)] = &[
    ("block", block),
    ("code", code),
    ("comment", comment),
    ("markdown", markdown),
    ("nginx", nginx),
    ("nginx_literal", nginx_literal),
    ("plain_path", plain_path),
    ("shell", shell),
    ("systemd", systemd),
    ("systemd_path", systemd_path),
    ("systemd_word", systemd_word),
];

/// One word of a POSIX shell, in single quotes.
fn shell(text: &str) -> Escaped {
    no_nul(text)?;
    Ok(format!("'{}'", text.replace('\'', r"'\''")))
}

/// One parameter of an nginx directive. nginx has no way to write a `$` where it reads variables.
fn nginx(text: &str) -> Escaped {
    if text.contains('$') {
        return Err("has a `$`, which nginx would read as a variable".to_owned());
    }
    nginx_literal(text)
}

/// One parameter of an nginx directive that reads no variables: `location`, `listen`, `server_name`, `upstream`.
/// See `ngx_conf_read_token`: in double quotes it knows `\"`, `\\`, `\t`, `\r`, `\n`.
fn nginx_literal(text: &str) -> Escaped {
    no_nul(text)?;
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => out.push(c),
        }
    }
    out.push('"');
    Ok(out)
}

/// The value of a systemd setting that is not split into words (`Description=`, `Where=`): specifiers are doubled.
fn systemd(text: &str) -> Escaped {
    one_line(text)?;
    if text.ends_with('\\') {
        return Err("ends with `\\`, which joins it to the next line".to_owned());
    }
    if text.trim() != text {
        return Err("begins or ends with a space, which systemd takes away".to_owned());
    }
    Ok(text.replace('%', "%%"))
}

/// One path of a systemd setting that takes several (`RequiresMountsFor=`, `ReadWritePaths=`): unlike in command lines a
/// `$` is itself there, and escapes other than of quotes are not known, so those characters are refused.
fn systemd_path(text: &str) -> Escaped {
    one_line(text)?;
    match text.chars().find(|c| "\"'\\".contains(*c)) {
        Some(c) => Err(format!("has a `{c}`, which systemd does not take in a path")),
        None => Ok(format!("\"{}\"", text.replace('%', "%%"))),
    }
}

/// One word of a systemd command line (`ExecStart=`), see `systemd.service(5)`, "Command lines".
fn systemd_word(text: &str) -> Escaped {
    no_nul(text)?;
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '%' | '$' => out.extend([c, c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => out.push(c),
        }
    }
    out.push('"');
    Ok(out)
}

/// Running text of Markdown. Line ends become spaces; at the start they could make an indented block.
fn markdown(text: &str) -> Escaped {
    let mut out = String::new();
    for (i, c) in one_spaced(text).trim_start().chars().enumerate() {
        let special = "\\`*_[]<>#|~&$".contains(c) || (i == 0 && "+-=0123456789".contains(c));
        match c {
            // A digit cannot be escaped; it only starts a list before a dot, which is escaped where it stands.
            '0'..='9' => out.push(c),
            _ if special => out.extend(['\\', c]),
            '.' | ')' if !out.is_empty() && out.bytes().all(|byte| byte.is_ascii_digit()) => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    Ok(out)
}

/// A code span of Markdown, with as many backticks as it takes. Line ends become spaces.
fn code(text: &str) -> Escaped {
    let text = one_spaced(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // Spaces keep a backtick at the edge, or a text of spaces, apart from the fence; readers take one off each side.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) || text.is_empty() { " " } else { "" };
    Ok(format!("{fence}{pad}{text}{pad}{fence}"))
}

/// A path where nothing can be quoted (`exports`): any character that would need it is refused.
fn plain_path(text: &str) -> Escaped {
    if text.starts_with('/') && text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)) {
        Ok(text.to_owned())
    } else {
        Err("is no absolute path of letters, digits and `._-`".to_owned())
    }
}

/// A line of an indented code block of Markdown, in which nothing is read as Markdown. Line ends become spaces.
fn block(text: &str) -> Escaped {
    Ok(format!("    {}", one_spaced(text)))
}

/// The rest of a comment line in any language. Line ends become spaces.
fn comment(text: &str) -> Escaped {
    Ok(one_spaced(text).trim_end_matches('\\').to_owned())
}

fn one_spaced(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

fn no_nul(text: &str) -> Result<(), String> {
    if text.contains('\0') { Err("has a zero byte".to_owned()) } else { Ok(()) }
}

fn one_line(text: &str) -> Result<(), String> {
    if text.chars().any(char::is_control) {
        Err("has a line end or another control character".to_owned())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shell_words_survive_a_real_shell() {
        for text in ["", "a b", "it's", "$(rm -rf /)", "${HOME}", "`id`", "line\nend", "!x", "\\", "ä…", "-n"] {
            let script = format!("printf %s {}", shell(text).unwrap());
            let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), text);
        }
        assert!(shell("a\0b").is_err());
    }

    #[test]
    fn nginx_words() {
        assert_eq!(nginx("/a b;{}#").unwrap(), "\"/a b;{}#\"");
        assert_eq!(nginx("a\"b\\c\nd").unwrap(), r#""a\"b\\c\nd""#);
        assert!(nginx("$host").is_err());
        assert_eq!(nginx_literal("/$x").unwrap(), "\"/$x\"");
    }

    #[test]
    fn systemd_settings_and_words() {
        assert_eq!(systemd("50% of \"x\" $y").unwrap(), "50%% of \"x\" $y");
        assert!(systemd("a\nb").is_err());
        assert!(systemd("a\\").is_err());
        assert!(systemd(" a").is_err());
        assert_eq!(systemd_path("/a $b %n").unwrap(), r#""/a $b %%n""#);
        assert!(["/a\"", "/a'", "/a\\b", "/a\nb"].iter().all(|path| systemd_path(path).is_err()));
        assert_eq!(systemd_word("a %n \"$HOME\"\n").unwrap(), r#""a %%n \"$$HOME\"\n""#);
    }

    #[test]
    fn markdown_text_and_code() {
        assert_eq!(markdown("# a *b* <c> |d|").unwrap(), r"\# a \*b\* \<c\> \|d\|");
        assert_eq!(markdown("1. one. two").unwrap(), r"1\. one. two");
        assert_eq!(markdown("- a\n- b").unwrap(), r"\- a - b");
        assert_eq!(markdown("80% in 5 minutes (a-b)").unwrap(), "80% in 5 minutes (a-b)");
        assert_eq!(markdown("\n    a ").unwrap(), "a ");
        assert_eq!(code("a").unwrap(), "`a`");
        assert_eq!(code("a``b").unwrap(), "```a``b```");
        assert_eq!(code("`").unwrap(), "`` ` ``");
        assert_eq!(code("").unwrap(), "`  `");
        assert_eq!(block("a `b`\n# c").unwrap(), "    a `b` # c");
    }

    #[test]
    fn plain_paths() {
        assert_eq!(plain_path("/export/rag-data").unwrap(), "/export/rag-data");
        assert!(plain_path("/a b").is_err() && plain_path("a").is_err() && plain_path("/a(rw)").is_err());
    }

    #[test]
    fn comments_stay_on_their_line() {
        assert_eq!(comment("a\nserver {}\r\u{2028}\\").unwrap(), "a server {}  ");
    }
}
