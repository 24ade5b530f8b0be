//! The answer of a status in parts, each about one thing: where only that has changed, only its parts are made anew.

use super::status;
use crate::progress::status::{Project, Repository, Status};
use serde::Serialize;

/// What a part is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Which projects there are.
    All,
    /// The repository.
    Repository,
    /// One of the projects.
    Project(u32),
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// As JSON; else as text.
    pub json: bool,
    /// With the evidence for everything.
    pub explain: bool,
    /// How wide lines may be, where words allow.
    pub width: usize,
}

impl Form {
    /// The parts of an answer, in order.
    ///
    /// # Errors
    /// There is nothing in it that JSON can't say.
    pub fn parts(&self, status: &Status) -> serde_json::Result<Vec<(About, String)>> {
        let mut parts = Vec::new();
        let ids: Vec<&str> = status.projects.iter().map(|p| p.id.as_str()).collect();
        let mut about = Vec::new();
        for (at, project) in (0..).zip(&status.projects) {
            about.push(self.project(project, &ids)?.into_iter().map(move |part| (About::Project(at), part)));
        }
        if self.json {
            let repository = self.repository(&status.repository)?;
            parts.push((About::All, format!("{{\n  \"schema\": {},\n  \"repository\": ", status.schema)));
            parts.push((About::Repository, repository));
            let (start, end) = if ids.is_empty() { ("[", "]\n}\n") } else { ("[\n    ", "\n  ]\n}\n") };
            parts.push((About::All, format!(",\n  \"projects\": {start}")));
            for (at, project) in about.into_iter().enumerate() {
                parts.extend((at > 0).then(|| (About::All, ",\n    ".to_owned())));
                parts.extend(project);
            }
            parts.push((About::All, end.to_owned()));
            return Ok(parts);
        }
        // First a line for each, then what is told in full.
        parts.extend(about.iter_mut().filter_map(Iterator::next));
        if !self.explain && ids.len() > 1 {
            parts.push((About::All, "\n`mastery status PROJECT` shows one of them in full.\n".to_owned()));
        }
        parts.extend(about.into_iter().flatten());
        parts.push((About::Repository, self.repository(&status.repository)?));
        Ok(parts)
    }

    /// The part about the repository.
    ///
    /// # Errors
    /// As [`Form::parts`].
    pub fn repository(&self, repository: &Repository) -> serde_json::Result<String> {
        if self.json { indented(repository, "  ") } else { Ok(status::repository(repository, self.width)) }
    }

    /// The parts about one project, where all those with `ids` are told of.
    ///
    /// # Errors
    /// As [`Form::parts`].
    pub fn project(&self, project: &Project, ids: &[&str]) -> serde_json::Result<Vec<String>> {
        if self.json {
            return Ok(vec![indented(project, "    ")?]);
        }
        if ids.len() == 1 {
            return Ok(vec![status::screen(project, self.explain, self.width)]);
        }
        let line = status::line(project, ids, self.width);
        let screen = self.explain.then(|| format!("\n{}", status::screen(project, true, self.width)));
        Ok([line].into_iter().chain(screen).collect())
    }
}

/// A value as JSON, as it stands `by` so much to the right.
fn indented<T: Serialize>(value: &T, by: &str) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(value)?.replace('\n', &format!("\n{by}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_an_answer_as_json_are_what_serde_makes_of_it() {
        let repository = Repository {
            head: None,
            branch: Some("a\n\"b\"".into()),
            commits: 0,
            shallow: false,
            unverified_commits: None,
            excused_commits: 2,
            notes: vec!["one".into(), "two\nlines".into()],
        };
        let project = |id: &str| Project {
            id: id.into(),
            path: ".".into(),
            title: id.into(),
            current_phase: 0,
            complete: false,
            started: None,
            last_active: None,
            known: false,
            schedule: None,
            planned: vec!["golang".into()],
            phases: Vec::new(),
            tracks: Vec::new(),
            metrics: Vec::new(),
            gaps: Vec::new(),
            notes: Vec::new(),
            overrules: Vec::new(),
        };
        for projects in [vec![], vec![project("a")], vec![project("a"), project("b"), project("c")]] {
            let status = Status { schema: 1, repository: repository.clone(), projects };
            let form = Form { json: true, explain: false, width: 0 };
            let text: String = form.parts(&status).unwrap().into_iter().map(|(_, part)| part).collect();
            assert_eq!(text, serde_json::to_string_pretty(&status).unwrap() + "\n");
        }
    }
}
