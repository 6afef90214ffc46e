//! Drawing with lines, boxes and text.

use std::fmt::Write;

use super::escape::text as escaped;

/// For which screens a picture is drawn. Letters keep their size, so a narrow picture is laid out anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// For 800 pixels and more.
    Wide,
    /// For telephones.
    Narrow,
}

impl Size {
    /// Width in the units of the picture, which are about a pixel on its screen.
    pub fn width(self) -> f64 {
        match self {
            Self::Wide => 900.0,
            Self::Narrow => 350.0,
        }
    }

    /// Part of an id, since the page has both pictures.
    pub fn word(self) -> &'static str {
        match self {
            Self::Wide => "w",
            Self::Narrow => "n",
        }
    }
}

/// Height of letters, in units of the picture.
pub(super) const LETTERS: f64 = 13.0;

/// Which side of a text its place is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    /// The text begins there.
    Start,
    /// The text is centred there.
    Middle,
    /// The text ends there.
    End,
}

/// A picture.
#[derive(Debug)]
pub(super) struct Svg {
    id: String,
    title: String,
    description: String,
    width: f64,
    body: String,
}

impl Svg {
    /// An empty picture; title and description are what it is to those who do not see it.
    pub fn new(id: &str, size: Size, title: &str, description: &str) -> Self {
        Self {
            id: format!("{id}-{}", size.word()),
            title: title.to_owned(),
            description: description.to_owned(),
            width: size.width(),
            body: String::new(),
        }
    }

    /// The id of the picture, for ids within it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Raw parts, such as patterns.
    pub fn raw(&mut self, part: &str) {
        self.body.push_str(part);
        self.body.push('\n');
    }

    /// A box.
    pub fn rect(&mut self, [x, y, width, height]: [f64; 4], class: &str) {
        let [x, y, width, height] = [x, y, width.max(0.0), height.max(0.0)].map(number);
        let _ = writeln!(
            self.body,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"3\" class=\"{class}\" />"
        );
    }

    /// A straight line.
    pub fn line(&mut self, [x1, y1, x2, y2]: [f64; 4], class: &str) {
        let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(number);
        let _ = writeln!(self.body, "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" class=\"{class}\" />");
    }

    /// A circle.
    pub fn dot(&mut self, [x, y, radius]: [f64; 3], class: &str) {
        let [x, y, radius] = [x, y, radius].map(number);
        let _ = writeln!(self.body, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" class=\"{class}\" />");
    }

    /// A line through points; `extra` are further attributes.
    pub fn path(&mut self, path: &str, class: &str, extra: &str) {
        if !path.is_empty() {
            let _ = writeln!(self.body, "<path d=\"{path}\" class=\"{class}\"{extra} />");
        }
    }

    /// A text with its foot at `y`, cut where it would be wider than `most`.
    pub fn text(&mut self, [x, y, most]: [f64; 3], anchor: Anchor, class: &str, words: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let words = escaped(&cut(words, most));
        let [x, y] = [x, y].map(number);
        let _ =
            writeln!(self.body, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" class=\"{class}\">{words}</text>");
    }

    /// The whole picture.
    pub fn finish(self, height: f64) -> String {
        let (id, title, description) = (self.id, escaped(&self.title), escaped(&self.description));
        let (width, height) = (number(self.width), number(height));
        format!(
            "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\n\
             <title id=\"{id}-t\">{title}</title>\n<desc id=\"{id}-d\">{description}</desc>\n{}</svg>\n",
            self.body
        )
    }
}

/// A number with at most one digit after the point.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// About how wide a text is. Fonts differ, so letters are taken as wider than most are.
pub(super) fn width(words: &str) -> f64 {
    let em = |c: char| match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | ' ' | '|' | '\'' | '(' | ')' => 0.36,
        'm' | 'w' | 'M' | 'W' | '%' => 0.95,
        'A'..='Z' => 0.72,
        // East Asian letters are squares.
        '\u{1100}'.. => 1.0,
        _ => 0.62,
    };
    words.chars().map(em).sum::<f64>() * LETTERS
}

/// The text, or as much of it as is no wider than `most`, with an ellipsis.
fn cut(words: &str, most: f64) -> String {
    if width(words) <= most {
        return words.to_owned();
    }
    let mut kept = String::new();
    for c in words.chars() {
        kept.push(c);
        if width(&kept) + LETTERS > most {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_to_their_room() {
        assert_eq!(cut("short", 100.0), "short");
        let long = cut(&"long words ".repeat(20), 120.0);
        assert!(long.ends_with('…') && width(&long) <= 121.0, "{long}");
        assert_eq!(number(-0.04), "0");
        assert_eq!(number(12.34), "12.3");
    }
}
