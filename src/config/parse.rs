//! From text to [`Config`], strictly: an error names the file, line and column, and the key that was probably meant.

use super::schema::{File, Gate, LanguageTable, ProjectTable};
use super::{Config, Language, Project, mistake, preset};
use crate::curriculum::Catalogue;
use crate::failure::Failure;
use crate::views::words;
use indexmap::IndexMap;

/// Reads `bytes`, which came from `origin` (a path, or words like "the staged .mastery.toml").
///
/// # Errors
/// They are not UTF-8, or as [`parse`].
pub fn parse_bytes(bytes: &[u8], origin: &str) -> Result<Config, Failure> {
    parse(as_text(bytes, origin)?, origin)
}

/// `bytes` as text.
pub(super) fn as_text<'b>(bytes: &'b [u8], origin: &str) -> Result<&'b str, Failure> {
    std::str::from_utf8(bytes).map_err(|e| {
        let before = String::from_utf8_lossy(&bytes[..e.valid_up_to()]);
        mistake::at(&before, origin, before.len(), "from here on it is not UTF-8").hint("save the file as UTF-8")
    })
}

/// Reads `text`, which came from `origin`.
///
/// # Errors
/// The text is not TOML, has a key that does not exist, or a value that can't be: kind `Usage`.
pub fn parse(text: &str, origin: &str) -> Result<Config, Failure> {
    let file: File = toml::from_str(text)
        .map_err(|e| mistake::of_reader(text, origin, e.span().map_or(0, |s| s.start), e.message()))?;
    match check(&file) {
        Ok(()) => Ok(resolve(file)),
        Err((path, message)) => {
            let failure = mistake::at(text, origin, mistake::place(text, &path), &message.text);
            Err(message.hint.into_iter().fold(failure, Failure::hint))
        }
    }
}

/// What is wrong with a value that is of the right kind.
struct Wrong {
    text: String,
    hint: Option<String>,
}

type Checked = Result<(), (Vec<String>, Wrong)>;

fn wrong(path: &[&str], text: String, hint: Option<String>) -> Checked {
    Err((path.iter().map(|part| (*part).to_owned()).collect(), Wrong { text, hint }))
}

/// What the types can't say: globs that do not compile, paths that leave the repository, languages that nobody knows.
fn check(file: &File) -> Checked {
    for (name, table) in &file.languages {
        check_language(name, table)?;
    }
    for (path, value) in [(["journal", "file"], &file.journal.file), (["adr", "directory"], &file.adr.directory)] {
        if value.is_empty() || leaves(value) {
            return wrong(&path, format!("{value:?} must be a relative path inside the repository"), None);
        }
    }
    if leaves(&file.curriculum.file) {
        let text = format!("{:?} must be a relative path inside the repository", file.curriculum.file);
        return wrong(&["curriculum", "file"], text, None);
    }
    let percent = file.tests.coverage_min;
    if !(0.0..=100.0).contains(&percent) {
        return wrong(&["tests", "coverage_min"], format!("{percent} is no percentage from 0 to 100"), None);
    }
    let tables = file.projects.iter().map(|(id, table)| (vec!["projects", id, "languages"], table));
    for (path, table) in tables.chain(file.project.iter().map(|table| (vec!["project", "languages"], table))) {
        for name in table.languages.iter().flatten() {
            if !file.languages.contains_key(name) && preset::named(name).is_none() {
                let known = preset::NAMES.into_iter().chain(file.languages.keys().map(String::as_str));
                let hint = words::nearest(name, known).map_or_else(
                    || format!("describe it in a table [languages.{name}]"),
                    |near| format!("did you mean `{near}`?"),
                );
                let text = format!("no language is called {name:?}: it has neither a preset nor a table");
                return wrong(&[&path[..], &[name]].concat(), text, Some(hint));
            }
        }
    }
    Ok(())
}

fn leaves(path: &str) -> bool {
    path.starts_with('/') || path.split('/').any(|part| part == "..")
}

fn check_language(name: &str, table: &LanguageTable) -> Checked {
    let lists = [
        ("directories", &table.directories),
        ("inputs", &table.inputs),
        ("ignore", &table.ignore),
        ("tests", &table.tests),
        ("dependencies", &table.dependencies),
    ];
    for (key, list) in lists {
        for value in list.iter().flatten() {
            let path = ["languages", name, key, value];
            if let Err(e) = globset::Glob::new(value) {
                return wrong(&path, format!("{value:?} is no glob: {}", e.kind()), None);
            }
            if matches!(key, "directories" | "dependencies") && leaves(value) {
                let text = format!("{value:?} leaves the project; paths are relative and stay inside");
                return wrong(&path, text, None);
            }
        }
    }
    if preset::named(name).is_none()
        && table.test.is_none()
        && table.directories.is_none()
        && let Some(near) = words::nearest(name, preset::NAMES)
    {
        let text = format!("[languages.{name}] has no preset, no `test` and no `directories`");
        return wrong(&["languages", name], text, Some(format!("did you mean [languages.{near}]?")));
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
        curriculum: file.curriculum,
        catalogue: Catalogue::default(),
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

#[cfg(test)]
mod tests {
    use super::*;

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
