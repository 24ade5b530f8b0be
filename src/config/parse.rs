//! From text to [`Config`], strictly: an error names the file, line and column, and the key that was probably meant.

use super::schema::{File, Gate, ProjectTable};
use super::{Config, Language, Project, preset};
use crate::failure::Failure;
use crate::views::words;
use indexmap::IndexMap;

/// Reads `text`, which came from `origin` (a path, or words like "the staged .mastery.toml").
///
/// # Errors
/// The text is not TOML, has a key that does not exist, or a value that can't be: kind `Usage`.
pub fn parse(text: &str, origin: &str) -> Result<Config, Failure> {
    let file: File =
        toml::from_str(text).map_err(|e| bad(text, origin, e.span().map_or(0, |s| s.start), e.message()))?;
    check(&file, text, origin)?;
    Ok(resolve(file))
}

/// What the types can't say: globs that do not compile, paths that leave the repository.
fn check(file: &File, text: &str, origin: &str) -> Result<(), Failure> {
    let place = |needle: &str| text.find(needle).unwrap_or(0);
    for (name, table) in &file.languages {
        let lists = [&table.directories, &table.inputs, &table.ignore, &table.tests, &table.dependencies];
        for glob in lists.into_iter().flatten().flatten() {
            if let Err(e) = globset::Glob::new(glob) {
                return Err(bad(
                    text,
                    origin,
                    place(glob),
                    &format!("[languages.{name}]: {glob:?} is no glob: {}", e.kind()),
                ));
            }
        }
        for path in [&table.directories, &table.dependencies].into_iter().flatten().flatten() {
            if path.starts_with('/') || path.split('/').any(|part| part == "..") {
                let message =
                    format!("[languages.{name}]: {path:?} leaves the project; paths are relative and stay inside");
                return Err(bad(text, origin, place(path), &message));
            }
        }
    }
    for (key, path) in [("[journal] file", &file.journal.file), ("[adr] directory", &file.adr.directory)] {
        if path.is_empty() || path.starts_with('/') || path.split('/').any(|part| part == "..") {
            let message = format!("{key}: {path:?} must be a relative path inside the repository");
            return Err(bad(text, origin, place(path), &message));
        }
    }
    Ok(())
}

/// Fills in presets and defaults.
pub(super) fn resolve(file: File) -> Config {
    let gate = file.tests.gate;
    let mut languages: IndexMap<String, Language> = file
        .languages
        .into_iter()
        .map(|(name, table)| (name.clone(), Language::resolve(&name, Some(table), gate)))
        .collect();
    for name in preset::NAMES {
        if !languages.contains_key(name) {
            languages.insert(name.to_owned(), preset_language(name, gate));
        }
    }
    Config {
        project: file.project.map(project),
        projects: file.projects.into_iter().map(|(id, table)| (id, project(table))).collect(),
        people: file.people,
        languages,
        tests: file.tests,
        journal: file.journal,
        adr: file.adr,
        hooks: file.hooks,
    }
}

fn preset_language(name: &str, gate: Gate) -> Language {
    Language::resolve(name, None, gate)
}

fn project(table: ProjectTable) -> Project {
    Project {
        id: table.id,
        started: table.started,
        languages: table.languages,
        baseline: table.baseline,
        done: table.done,
    }
}

/// `origin:LINE:COLUMN: message`, with the key or value that was probably meant.
fn bad(text: &str, origin: &str, offset: usize, message: &str) -> Failure {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let failure = Failure::usage(format!("{origin}:{line}:{column}: {message}"));
    match suggestion(message) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("`.mastery.toml.example` in mastery's sources shows every key with its default"),
    }
}

/// Serde says "unknown field `x`, expected one of `a`, `b`": the nearest of those.
fn suggestion(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = message.starts_with("unknown").then(|| quoted.next()).flatten()?;
    words::nearest(unknown, quoted).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_placed_and_the_near_one_suggested() {
        let failure = parse("[tests]\ngate = \"commit\"\nbuget = \"60s\"\n", ".mastery.toml").unwrap_err();
        assert!(failure.message.starts_with(".mastery.toml:3:1: unknown field `buget`"), "{}", failure.message);
        assert_eq!(failure.hints, ["did you mean `budget`?"]);
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_placed() {
        let failure = parse("[journal]\nmin_words = \"four\"\n", "x.toml").unwrap_err();
        assert!(failure.message.starts_with("x.toml:2:13:"), "{}", failure.message);
    }

    #[test]
    fn planned_languages_are_the_written_tables_in_their_order_else_the_three() {
        assert_eq!(Config::default().planned("x"), ["nestjs", "golang", "python"]);
        let config = parse("[languages.rust]\ntest = \"cargo test\"\n[languages.golang]\n", "x").unwrap();
        assert_eq!(config.planned("x"), ["rust", "golang"]);
    }

    #[test]
    fn a_path_that_leaves_the_project_is_refused() {
        assert!(parse("[languages.golang]\ndirectories = [\"../x\"]\n", "x").is_err());
    }
}
