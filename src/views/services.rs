//! What services answered.

use super::style::{Meaning, paint};
use super::words::shown;
use crate::services::Endpoint;
use crate::services::protocol::Answer;
use serde::Serialize;
use std::path::Path;

/// `mastery services status`, as JSON has it.
#[derive(Debug, Serialize)]
pub struct Status {
    schema: u32,
    /// The compose file that declares the services; null where the curriculum names them.
    file: Option<String>,
    services: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    service: &'static str,
    address: String,
    /// `answers`, `absent`, `starting`, `denied`, `troubled`, `taken` or `unreachable`.
    state: &'static str,
    version: Option<String>,
    /// In the server's own words, or ours; empty where it answers.
    note: String,
}

impl Status {
    /// What was answered.
    pub fn new(file: Option<&Path>, answers: &[(&Endpoint, Answer)]) -> Status {
        let row = |(endpoint, answer): &(&Endpoint, Answer)| {
            let (state, note) = state(answer);
            let version = if let Answer::Well { version } = answer { version.clone() } else { None };
            let (name, service) = (endpoint.name.clone(), endpoint.service.title());
            Row { name, service, address: endpoint.address(), state, version, note }
        };
        let file = file.map(|f| f.to_string_lossy().into_owned());
        Status { schema: 1, file, services: answers.iter().map(row).collect() }
    }

    /// A line a service, and the next step where one is needed.
    pub fn text(&self) -> String {
        let width = self.services.iter().map(|r| r.name.chars().count()).max().unwrap_or(0);
        let mut out = String::new();
        for row in &self.services {
            let meaning = match row.state {
                "answers" => Meaning::Good,
                "starting" => Meaning::Doubt,
                _ => Meaning::Bad,
            };
            let name = shown(&row.name);
            let version = row.version.as_deref().map(|v| format!(" {}", shown(v))).unwrap_or_default();
            let note = if row.note.is_empty() { String::new() } else { format!("  {}", shown(&row.note)) };
            let (state, place) = (paint(meaning, format!("{:<11}", row.state)), shown(&row.address));
            out.push_str(&format!("{name:<width$}  {state} {place}  {}{version}{note}\n", row.service));
        }
        if self.services.iter().any(|row| row.state == "absent") {
            out.push_str(&format!("to start what is absent: {}\n", paint(Meaning::Command, "mastery services up")));
        }
        out
    }
}

/// An answer in one word, and more where there is more to say.
pub fn state(answer: &Answer) -> (&'static str, String) {
    match answer {
        Answer::Well { .. } => ("answers", String::new()),
        Answer::Nobody => ("absent", "nothing listens there".into()),
        Answer::Starting(said) => ("starting", said.clone()),
        Answer::Denied(said) => ("denied", said.clone()),
        Answer::Troubled(said) => ("troubled", said.clone()),
        Answer::Another(seen) => ("taken", seen.clone()),
        Answer::Unreachable(error) => ("unreachable", error.clone()),
    }
}

/// `Redis 7.0.15 answers on 127.0.0.1:6379`.
pub fn answers(endpoint: &Endpoint, answer: &Answer) -> String {
    let version = match answer {
        Answer::Well { version: Some(version) } => format!(" {}", shown(version)),
        _ => String::new(),
    };
    format!("{}{version} answers on {}\n", endpoint.service.title(), endpoint.address())
}
