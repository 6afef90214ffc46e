//! Text of others in HTML and SVG.

/// Writes a text so that it is read back as the same text, between tags as well as in a quoted attribute.
///
/// Characters that XML 1.0 cannot hold (its production 2, `Char`) become U+FFFD, so the page stays well-formed.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn nothing_ends_the_text_it_stands_in() {
        assert_eq!(text("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
        assert_eq!(text("a\nb\0c\u{1b}[1m"), "a b\u{fffd}c\u{fffd}[1m");
        assert_eq!(text("café 도장콕"), "café 도장콕");
    }
}
