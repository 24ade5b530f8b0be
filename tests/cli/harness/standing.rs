//! What `mastery status --format json` says, held against the published schema each time.

use super::{Sandbox, schema};
use serde_json::Value;

/// The schema that users are given.
pub const SCHEMA: &str = include_str!("../../../templates/status.schema.json");

impl Sandbox {
    /// The whole answer.
    #[track_caller]
    pub fn status(&self, arguments: &[&str]) -> Value {
        let (global, own): (Vec<&str>, Vec<&str>) = match arguments {
            ["-C", directory, rest @ ..] => (vec!["-C", directory], rest.to_vec()),
            rest => (Vec::new(), rest.to_vec()),
        };
        let all = global.into_iter().chain(["status", "--format", "json"]).chain(own);
        let answer = serde_json::from_str(&self.mastery(all).ok().out).unwrap();
        let wrong = schema::violations(&serde_json::from_str(SCHEMA).unwrap(), &answer);
        assert!(wrong.is_empty(), "not what the schema promises: {wrong:#?}");
        answer
    }

    /// The answer for the only project.
    #[track_caller]
    pub fn project(&self) -> Value {
        let status = self.status(&[]);
        let projects = status["projects"].as_array().unwrap();
        assert_eq!(projects.len(), 1, "{projects:#?}");
        projects[0].clone()
    }
}

/// A track of a project, by its language.
#[track_caller]
pub fn track<'p>(project: &'p Value, language: &str) -> &'p Value {
    by(&project["tracks"], "language", language)
}

/// A metric of a project, by its id.
#[track_caller]
pub fn metric<'p>(project: &'p Value, id: &str) -> &'p Value {
    by(&project["metrics"], "id", id)
}

/// A milestone of a phase (1 to 6), by its id.
#[track_caller]
pub fn milestone<'p>(project: &'p Value, phase: usize, id: &str) -> &'p Value {
    by(&project["phases"][phase - 1]["milestones"], "id", id)
}

#[track_caller]
fn by<'v>(list: &'v Value, key: &str, value: &str) -> &'v Value {
    list.as_array().unwrap().iter().find(|v| v[key] == value).unwrap_or_else(|| panic!("no {value} in {list:#}"))
}
