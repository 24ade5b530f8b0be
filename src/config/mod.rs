//! `.mastery.toml`: its schema ([`schema`]), what it means once presets and defaults are filled in ([`Config`]), strict errors
//! with place and suggestion ([`parse`]). Reading files and trees is not done here.

mod catalogue;
pub mod family;
mod language;
mod mistake;
mod parse;
pub mod preset;
pub mod schema;

pub use catalogue::catalogue;
pub use language::Language;
pub use parse::{parse, parse_bytes};

use crate::curriculum::Catalogue;
use chrono::NaiveDate;
use indexmap::IndexMap;
use schema::{AdrTable, CurriculumTable, HooksTable, JournalTable, PeopleTable, TestsTable};

/// The name of the file, at the repository's root.
pub const FILE: &str = ".mastery.toml";

/// The configuration as it is meant: nothing is optional that has a default.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// `[project]`, in a repository that holds one project.
    pub project: Option<Project>,
    /// `[projects.ID]`, in a curriculum.
    pub projects: IndexMap<String, Project>,
    /// `[curriculum]`.
    pub curriculum: CurriculumTable,
    /// The projects that there are: the guide's, until [`catalogue`] has read the file that `[curriculum]` names.
    pub catalogue: Catalogue,
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

#[cfg(test)]
mod example {
    use super::*;
    use std::collections::BTreeSet;

    const EXAMPLE: &str = include_str!("../../.mastery.toml.example");

    /// The example with every key in force: `#key = …` and `#[table]` taken out of their comments.
    fn in_force() -> String {
        let commented = |line: &str| line.strip_prefix('#').is_some_and(|rest| !rest.starts_with(' '));
        let lines: Vec<&str> = EXAMPLE.lines().map(|l| if commented(l) { &l[1..] } else { l }).collect();
        lines.join("\n")
    }

    /// The keys that the schema knows in `table`: the strict parser names them when it meets one that it does not know.
    fn known(table: &str) -> BTreeSet<String> {
        let message = parse(&format!("{table}\nno_such_key = 1\n"), "x").unwrap_err().message;
        let list = message.split("there are ").nth(1).unwrap_or_else(|| panic!("{message}"));
        list.split(", ").map(str::to_owned).collect()
    }

    fn written(table: &toml::Table) -> BTreeSet<String> {
        table.keys().cloned().collect()
    }

    #[test]
    fn as_it_stands_it_means_the_defaults() {
        assert_eq!(parse(EXAMPLE, "example").unwrap(), Config::default());
    }

    #[test]
    fn it_shows_every_key_that_the_schema_knows() {
        let all: toml::Table = in_force().parse().unwrap();
        let mut tables = written(&all);
        tables.insert("projects".into());
        assert_eq!(tables, known(""));
        assert!(EXAMPLE.contains("[projects.\"15-api-rate-limiter\"]"));
        for name in ["project", "curriculum", "people", "tests", "journal", "adr", "hooks"] {
            assert_eq!(written(all[name].as_table().unwrap()), known(&format!("[{name}]")), "[{name}]");
        }
        assert_eq!(written(all["languages"]["golang"].as_table().unwrap()), known("[languages.golang]"));
    }

    #[test]
    fn what_it_says_of_a_preset_is_the_preset() {
        let (example, default) = (parse(&in_force(), "example").unwrap(), Config::default());
        for (name, preset) in &default.languages {
            let written = Language { configured: false, directories: None, ..example.languages[name].clone() };
            assert_eq!(written, *preset);
        }
        assert_eq!(example.planned("15-api-rate-limiter"), default.planned("15-api-rate-limiter"));
        let project = example.project.unwrap();
        assert_eq!((project.baseline, project.done), (String::new(), Vec::new()));
    }
}
