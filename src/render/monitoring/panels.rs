//! Panels of dashboards.

use serde_json::{Value, json};

use super::grafana::SOURCE;

/// Columns of Grafana's grid.
const COLUMNS: u32 = 24;

/// A panel before it has a place.
#[derive(Debug, Clone)]
pub(super) struct Panel {
    pub kind: &'static str,
    pub title: String,
    pub unit: &'static str,
    /// Expression and legend.
    pub lines: Vec<(String, &'static str)>,
    /// From where on it is bad.
    pub threshold: Option<f64>,
    /// Largest value, for shares.
    pub max: Option<f64>,
    pub width: u32,
    pub height: u32,
}

impl Panel {
    pub fn lines(title: &str, unit: &'static str, lines: Vec<(String, &'static str)>) -> Self {
        let max = (unit == "percentunit").then_some(1.0);
        let title = title.to_owned();
        Self { kind: "timeseries", title, unit, lines, threshold: None, max, width: 8, height: 8 }
    }

    pub fn figure(title: &str, unit: &'static str, expr: String) -> Self {
        let lines = vec![(expr, "")];
        Self { kind: "stat", width: 4, height: 4, max: None, ..Self::lines(title, unit, lines) }
    }

    pub fn bad_above(mut self, threshold: Option<f64>) -> Self {
        self.threshold = threshold;
        self
    }
}

/// Puts rows of panels on the grid, from left to right and from top to bottom, each under its heading.
pub(super) fn lay_out(rows: Vec<(&str, Vec<Panel>)>) -> Vec<Value> {
    let mut placed = Vec::new();
    let mut top = 0;
    for (heading, panels) in rows {
        if panels.is_empty() {
            continue;
        }
        let id = placed.len() + 1;
        let place = json!({ "x": 0, "y": top, "w": COLUMNS, "h": 1 });
        placed.push(
            json!({ "id": id, "type": "row", "title": heading, "collapsed": false, "gridPos": place, "panels": [] }),
        );
        top += 1;
        let (mut left, mut tallest) = (0, 0);
        for panel in panels {
            if left + panel.width > COLUMNS {
                top += tallest;
                (left, tallest) = (0, 0);
            }
            let place = json!({ "x": left, "y": top, "w": panel.width, "h": panel.height });
            left += panel.width;
            tallest = tallest.max(panel.height);
            placed.push(drawn(placed.len() + 1, &panel, &place));
        }
        top += tallest;
    }
    placed
}

fn drawn(id: usize, panel: &Panel, place: &Value) -> Value {
    let source = json!({ "type": "prometheus", "uid": SOURCE });
    let targets: Vec<Value> =
        panel.lines.iter().zip('A'..).map(|((expr, legend), letter)| query(panel, expr, legend, letter)).collect();
    let mut defaults = json!({ "unit": panel.unit, "min": 0, "thresholds": thresholds(panel.threshold) });
    if let Some(max) = panel.max {
        defaults["max"] = json!(max);
    }
    let options = match panel.kind {
        "stat" => json!({
            "colorMode": "value", "graphMode": "none", "textMode": "auto", "justifyMode": "auto", "orientation": "auto",
            "reduceOptions": { "calcs": ["lastNotNull"], "fields": "", "values": false },
        }),
        "table" => json!({ "showHeader": true, "cellHeight": "sm" }),
        _ => json!({
            "legend": { "displayMode": "table", "placement": "bottom", "calcs": ["mean", "max"], "showLegend": true },
            "tooltip": { "mode": "multi", "sort": "desc" },
        }),
    };
    if panel.kind == "timeseries" {
        defaults["color"] = json!({ "mode": "palette-classic" });
        let style = if panel.threshold.is_some() { "dashed" } else { "off" };
        defaults["custom"] = json!({
            "drawStyle": "line", "lineWidth": 1, "fillOpacity": 10, "showPoints": "never", "spanNulls": false,
            "thresholdsStyle": { "mode": style },
        });
    }
    json!({
        "id": id,
        "type": panel.kind,
        "title": panel.title,
        "datasource": source,
        "gridPos": place,
        "targets": targets,
        "fieldConfig": { "defaults": defaults, "overrides": [] },
        "options": options,
    })
}

fn query(panel: &Panel, expr: &str, legend: &str, letter: char) -> Value {
    let mut query = json!({
        "refId": letter.to_string(),
        "datasource": { "type": "prometheus", "uid": SOURCE },
        "expr": expr,
        "legendFormat": if legend.is_empty() { "__auto" } else { legend },
    });
    match panel.kind {
        "timeseries" => query["range"] = json!(true),
        kind => {
            query["instant"] = json!(true);
            query["format"] = json!(if kind == "table" { "table" } else { "time_series" });
        }
    }
    query
}

fn thresholds(bad: Option<f64>) -> Value {
    let mut steps = vec![json!({ "color": "green", "value": null })];
    steps.extend(bad.map(|value| json!({ "color": "red", "value": value })));
    json!({ "mode": "absolute", "steps": steps })
}
