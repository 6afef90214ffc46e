//! A size as one page of HTML that needs nothing else: no network, no script, no other file.

mod ahead;
mod bars;
mod chart;
mod diagram;
mod escape;
mod html;
mod memory;
mod money;
mod over_time;
mod ranges;
pub mod rollout;
mod scale;
mod summary;
mod svg;
mod topology;
mod words;

use crate::blueprint::Blueprint;
use crate::demand::told;
use crate::size::plan::Plan;
use html::{Column, details, section, table};

const STYLE: &str = include_str!("../../../templates/report/style.css");

/// By this line a page is known as one of these.
const MARK: &str = "<meta name=\"generator\" content=\"rapplan report\" />";

/// Whether a text is a page that [`page`] made.
pub fn is_report(text: &str) -> bool {
    text.starts_with("<!DOCTYPE html>") && text.contains(MARK)
}

/// The page of a size. The same size gives the same bytes.
pub fn page(plan: &Plan, blueprint: &Blueprint) -> String {
    let parts = [
        ("warnings", "Warnings", summary::warnings(plan)),
        ("cost-and-capacity", "Cost and capacity", over_time(plan, blueprint)),
        ("topology", "Topology", topology::html(plan, blueprint)),
        ("memory", "Memory of the indexes", memory::html(plan)),
        ("ranges", "What is not known exactly", ranges::html(plan)),
        ("why", "Why this plan", summary::why(plan)),
        ("findings", "What the evidence says", summary::findings(plan)),
        ("demand", "Demand", demand(plan)),
        ("money", "What is paid", money::html(plan)),
        ("reckonings", "How every figure was reckoned", reckonings(plan)),
    ];
    document(&format!("{} - size", blueprint.title), &summary::html(plan, blueprint), &parts, "rapplan report")
}

/// A page: its title, what is at its top, its parts with id and heading, and the command that makes it.
fn document(title: &str, header: &str, parts: &[(&str, &str, String)], made_by: &str) -> String {
    let links: String = parts
        .iter()
        .filter(|(_, _, body)| !body.is_empty())
        .map(|(id, title, _)| format!("<li><a href=\"#{id}\">{}</a></li>\n", escape::text(title)))
        .collect();
    let body: String = parts.iter().map(|(id, title, body)| section(id, title, body)).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n\
         <meta name=\"color-scheme\" content=\"light dark\" />\n{MARK}\n<title>{}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n{header}<nav aria-label=\"Parts of this page\">\n<ul>\n{links}</ul>\n</nav>\n<main>\n{body}</main>\n\
         <footer><p>Made by {made_by}. Nothing on this page is fetched from a network.</p></footer>\n</body>\n</html>\n",
        escape::text(title)
    )
}

/// Lines as they are typed or printed.
fn scripted(lines: &[String]) -> String {
    let lines: Vec<_> = lines.iter().map(|line| escape::text(line)).collect();
    format!("<pre class=\"scroll\" tabindex=\"0\"><code>{}</code></pre>\n", lines.join("\n"))
}

fn over_time(plan: &Plan, blueprint: &Blueprint) -> String {
    let grown = over_time::html(plan, blueprint);
    if grown.is_empty() { ahead::html(plan, blueprint) } else { grown }
}

fn demand(plan: &Plan) -> String {
    let columns = [Column::Words("input"), Column::Numbers("today"), Column::Words("from")];
    table("What must be borne, each figure with where it comes from", columns, told(&plan.demand))
}

fn reckonings(plan: &Plan) -> String {
    let columns = [
        Column::Words("figure"),
        Column::Numbers("value"),
        Column::Words("formula"),
        Column::Words("with"),
        Column::Words("source"),
    ];
    let rows = plan.why.iter().map(|one| {
        let inputs: Vec<String> = one.inputs.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        [one.figure.clone(), one.value.clone(), one.formula.clone(), inputs.join("; "), one.source.clone()]
    });
    let table = table("Formula, inputs and source of every figure", columns, rows);
    details(&format!("All {} reckonings", plan.why.len()), &table)
}
