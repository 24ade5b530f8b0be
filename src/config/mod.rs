//! `.mastery.toml`: its schema ([`schema`]), what it means once presets and defaults are filled in ([`Config`]), strict errors
//! with place and suggestion ([`parse`]). Reading files and trees is not done here.

mod language;
mod parse;
pub mod preset;
pub mod schema;

pub use language::Language;
pub use parse::parse;

use chrono::NaiveDate;
use indexmap::IndexMap;
use schema::{AdrTable, HooksTable, JournalTable, PeopleTable, TestsTable};

/// The name of the file, at the repository's root.
pub const FILE: &str = ".mastery.toml";

/// The configuration as it is meant: nothing is optional that has a default.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// `[project]`, in a repository that holds one project.
    pub project: Option<Project>,
    /// `[projects.ID]`, in a curriculum.
    pub projects: IndexMap<String, Project>,
    /// `[people]`.
    pub people: PeopleTable,
    /// The three preset languages and every configured one; configured ones first, in the order of the file.
    pub languages: IndexMap<String, Language>,
    /// `[tests]`.
    pub tests: TestsTable,
    /// `[journal]`.
    pub journal: JournalTable,
    /// `[adr]`.
    pub adr: AdrTable,
    /// `[hooks]`.
    pub hooks: HooksTable,
}

/// What the configuration says of one project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Project {
    /// Its id; where it is not given, the directory's name.
    pub id: Option<String>,
    /// The first day; where it is not given, that of its first commit.
    pub started: Option<NaiveDate>,
    /// The planned languages, as written; see [`Config::planned`].
    pub languages: Option<Vec<String>>,
    /// A commit whose content is nobody's evidence; empty for none.
    pub baseline: String,
    /// Milestones or phases that the learner vouches for.
    pub done: Vec<String>,
}

impl Config {
    /// The settings of the project with this id: its own table in a curriculum, else `[project]`.
    pub fn project(&self, id: &str) -> Project {
        self.projects.get(id).or(self.project.as_ref()).cloned().unwrap_or_default()
    }

    /// The languages that a project is to be built in: its own list, else the configured tables, else the three presets.
    pub fn planned(&self, id: &str) -> Vec<String> {
        let configured = || {
            let tables: Vec<String> =
                self.languages.values().filter(|l| l.configured).map(|l| l.name.clone()).collect();
            if tables.is_empty() { preset::NAMES.map(str::to_owned).to_vec() } else { tables }
        };
        self.project(id).languages.unwrap_or_else(configured)
    }
}

impl Default for Config {
    fn default() -> Self {
        parse::resolve(schema::File::default())
    }
}
