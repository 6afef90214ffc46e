//! Boxes in boxes, and lines beside them from who calls to who is called.

use super::svg::{Anchor, LETTERS, Size, Svg, number, width};

/// A service, or a part of a cluster.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Its name.
    pub name: String,
    /// The service of the blueprint that it is.
    pub service: Option<String>,
    /// Instances and what each takes.
    pub takes: String,
    /// Networks it is in.
    pub networks: String,
}

/// A server, or machines of one kind, with what runs there.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// Its name.
    pub title: String,
    /// What it has.
    pub about: String,
    /// What runs there.
    pub nodes: Vec<Node>,
}

/// A call, by the places of both nodes over all groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    /// Who calls.
    pub from: usize,
    /// Who is called.
    pub to: usize,
}

/// The picture.
#[derive(Debug)]
pub(super) struct Diagram<'a> {
    /// The groups, from top to bottom.
    pub groups: &'a [Group],
    /// The calls.
    pub edges: &'a [Edge],
    /// All of it in words.
    pub description: String,
}

/// The line beside the boxes that leads to one node.
struct Trunk {
    to: usize,
    from: Vec<usize>,
    channel: usize,
}

impl Diagram<'_> {
    /// Draws it.
    pub fn draw(&self, size: Size) -> String {
        let mut svg = Svg::new("topology", size, "Topology", &self.description);
        let trunks = self.trunks();
        let channels = trunks.iter().map(|trunk| trunk.channel + 1).max().unwrap_or(0);
        let gap = if size == Size::Wide { 20.0 } else { (110.0 / channels.max(1) as f64).min(14.0) };
        let right = size.width() - 12.0 - gap * channels as f64 - if channels > 0 { 8.0 } else { 0.0 };
        let (rows, height) = self.boxes(&mut svg, size, right);
        for trunk in &trunks {
            let x = right + 12.0 + gap * (trunk.channel as f64 + 0.5);
            let class = format!("trunk t{}", trunk.channel % 4);
            let end = rows[trunk.to] - 6.0;
            let starts: Vec<f64> =
                trunk.from.iter().map(|from| rows[*from] + leaves(&trunks, *from, trunk.to)).collect();
            let top = starts.iter().copied().fold(end, f64::min);
            let bottom = starts.iter().copied().fold(end, f64::max);
            svg.line([x, top, x, bottom], &class);
            for start in starts {
                svg.line([right - 8.0, start, x, start], &class);
                svg.dot([x, start, 3.2], &format!("join t{}", trunk.channel % 4));
            }
            svg.line([right, end, x, end], &class);
            let [tip, back, up, down] = [right - 7.0, right + 1.0, end - 4.5, end + 4.5].map(number);
            let arrow = format!("M{tip} {}L{back} {up}L{back} {down}Z", number(end));
            svg.path(&arrow, &format!("join t{}", trunk.channel % 4), "");
        }
        svg.finish(height)
    }

    /// Boxes and texts; the middle of each node's row, and the height of all.
    fn boxes(&self, svg: &mut Svg, size: Size, right: f64) -> (Vec<f64>, f64) {
        let wide = size == Size::Wide;
        let row = if wide { 30.0 } else { 44.0 };
        let (mut y, mut rows) = (2.0, Vec::new());
        for group in self.groups {
            let about = if wide { Vec::new() } else { wrapped(&group.about, right - 24.0) };
            let head = 30.0 + 17.0 * about.len() as f64;
            let height = head + row * group.nodes.len() as f64 + 8.0;
            svg.rect([1.0, y, right - 1.0, height], "group");
            svg.text([12.0, y + 20.0, right - 24.0], Anchor::Start, "strong", &group.title);
            if wide {
                svg.text([right - 14.0, y + 20.0, right - 250.0], Anchor::End, "soft", &group.about);
            }
            for (at, line) in about.iter().enumerate() {
                svg.text([12.0, y + 37.0 + 17.0 * at as f64, right - 24.0], Anchor::Start, "soft", line);
            }
            for (at, node) in group.nodes.iter().enumerate() {
                let top = y + head + row * at as f64;
                texts(svg, wide, [top, row - 4.0, right], node);
                rows.push(top + (row - 4.0) / 2.0);
            }
            y += height + 10.0;
        }
        (rows, y - 6.0)
    }

    /// One line for each node that is called, the shortest nearest to the boxes.
    fn trunks(&self) -> Vec<Trunk> {
        let mut trunks: Vec<Trunk> = Vec::new();
        for edge in self.edges {
            match trunks.iter_mut().find(|trunk| trunk.to == edge.to) {
                Some(trunk) => trunk.from.push(edge.from),
                None => trunks.push(Trunk { to: edge.to, from: vec![edge.from], channel: 0 }),
            }
        }
        trunks.sort_by_key(|trunk| (trunk.ends().1 - trunk.ends().0, trunk.to));
        for at in 0..trunks.len() {
            let (top, bottom) = trunks[at].ends();
            let taken = |channel: usize| {
                let mut others = trunks[..at].iter().filter(|other| other.channel == channel);
                others.any(|other| other.ends().0 <= bottom && top <= other.ends().1)
            };
            let free = (0..).find(|channel| !taken(*channel)).unwrap_or(at);
            trunks[at].channel = free;
        }
        trunks
    }
}

/// How far below the middle of its row a call leaves, so that the calls of one node lie beside each other.
fn leaves(trunks: &[Trunk], from: usize, to: usize) -> f64 {
    let own = || trunks.iter().filter(|trunk| trunk.from.contains(&from));
    let (count, at) = (own().count(), own().position(|trunk| trunk.to == to).unwrap_or(0));
    // The outermost line leaves lowest, and so crosses none of the others on its way out.
    1.0 + 9.0 * (at as f64 + 1.0) / (count as f64 + 1.0)
}

impl Trunk {
    /// The first and the last row that it touches.
    fn ends(&self) -> (usize, usize) {
        let rows = || self.from.iter().copied().chain([self.to]);
        (rows().min().unwrap_or(self.to), rows().max().unwrap_or(self.to))
    }
}

/// A list with commas on as many lines as it takes.
fn wrapped(words: &str, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in words.split(", ").filter(|part| !part.is_empty()) {
        match lines.last_mut().filter(|line| width(&format!("{line}, {part}")) <= most) {
            Some(line) => line.push_str(&format!(", {part}")),
            None => lines.push(part.to_owned()),
        }
    }
    lines
}

fn texts(svg: &mut Svg, wide: bool, [top, height, right]: [f64; 3], node: &Node) {
    svg.rect([8.0, top, right - 16.0, height], "node");
    let (left, end) = (18.0, right - 18.0);
    let room = end - left;
    if wide {
        let y = top + height / 2.0 + 4.5;
        svg.text([left, y, room * 0.3], Anchor::Start, "", &node.name);
        svg.text(
            [left + room * 0.32, y, if node.networks.is_empty() { room * 0.68 } else { room * 0.36 }],
            Anchor::Start,
            "soft",
            &node.takes,
        );
        svg.text([end, y, room * 0.3], Anchor::End, "soft", &node.networks);
    } else {
        svg.text([left, top + LETTERS + 3.0, room], Anchor::Start, "", &node.name);
        let second = if node.takes.is_empty() { &node.networks } else { &node.takes };
        svg.text([left, top + LETTERS + 20.0, room], Anchor::Start, "soft", second);
    }
}
