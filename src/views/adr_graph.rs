//! Decision records and their relations as a graph, for Graphviz and for Mermaid.

use crate::documents::adr::check::other_end;
use crate::documents::adr::{DecisionLog, Status, relation};
use bstr::ByteSlice;

/// What is drawn.
#[derive(Debug, Clone, Default)]
pub struct Drawing {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

#[derive(Debug, Clone)]
struct Node {
    id: String,
    label: String,
    url: String,
    status: Option<Status>,
}

#[derive(Debug, Clone)]
struct Edge {
    from: String,
    to: String,
    label: String,
}

impl Drawing {
    /// Every record, and every relation from the side that acts: what ends in "by" is the other end of one.
    pub fn of(log: &DecisionLog, prefix: &str, extension: &str) -> Drawing {
        let mut drawing = Drawing::default();
        let id = |at: usize| {
            let file = &log.files[at];
            let shared = log.files.iter().filter(|f| f.number == file.number).count() > 1;
            match file.number {
                Some(number) if !shared => format!("_{number}"),
                _ => format!("_file{at}"),
            }
        };
        for (at, file) in log.files.iter().enumerate() {
            let name = file.name.to_str_lossy();
            let stem = name.strip_suffix(".md").unwrap_or(&name);
            let record = file.record.as_ref().ok();
            drawing.nodes.push(Node {
                id: id(at),
                label: record.map_or_else(|| name.to_string(), |r| r.heading.clone()),
                url: format!("{prefix}{stem}{extension}"),
                status: record.and_then(|r| r.status.clone()),
            });
            for stated in record.map(|r| r.relations.as_slice()).unwrap_or_default() {
                let Some(other) = other_end(log, stated) else { continue };
                let Some(to) = log.files.iter().position(|f| f.name == other.name) else { continue };
                let edge = Edge { from: id(at), to: id(to), label: stated.name.clone() };
                let mirrored =
                    |e: &Edge| e.from == edge.to && e.to == edge.from && relation::same(&e.label, &edge.label);
                if !edge.label.to_lowercase().ends_with(" by") && !drawing.edges.iter().any(mirrored) {
                    drawing.edges.push(edge);
                }
            }
        }
        drawing
    }
}

/// For Graphviz, as adr-tools draws it.
pub fn dot(drawing: &Drawing) -> String {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut text = String::from("digraph {\n  node [shape=plaintext];\n  subgraph {\n");
    let mut before: Option<&str> = None;
    for node in &drawing.nodes {
        text.push_str(&format!(
            "    {} [label=\"{}\"; URL=\"{}\"];\n",
            node.id,
            quoted(&node.label),
            quoted(&node.url)
        ));
        if let Some(before) = before {
            text.push_str(&format!("    {before} -> {} [style=\"dotted\", weight=1];\n", node.id));
        }
        before = Some(&node.id);
    }
    text.push_str("  }\n");
    for edge in &drawing.edges {
        text.push_str(&format!("  {} -> {} [label=\"{}\", weight=0]\n", edge.from, edge.to, quoted(&edge.label)));
    }
    text + "}\n"
}

/// For Mermaid; records that no longer hold are dashed.
pub fn mermaid(drawing: &Drawing) -> String {
    let quoted =
        |text: &str| text.replace('#', "#35;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;");
    let mut text = String::from("flowchart TD\n");
    for node in &drawing.nodes {
        let over = matches!(node.status, Some(Status::Superseded | Status::Deprecated | Status::Rejected));
        let class = if over { ":::past" } else { "" };
        text.push_str(&format!("  {}[\"{}\"]{class}\n", node.id, quoted(&node.label)));
    }
    for edge in &drawing.edges {
        text.push_str(&format!("  {} -->|\"{}\"| {}\n", edge.from, quoted(&edge.label), edge.to));
    }
    text + "  classDef past stroke-dasharray: 4 4,color:#777\n"
}
