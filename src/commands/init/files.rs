//! What `mastery init` would write: a plan. Existing files are kept; one line may be added to `.gitattributes`.

use crate::commands::ground;
use crate::config::{self, Config};
use crate::failure::Failure;
use crate::history::survey::Survey;
use crate::system::files::{self, Change, Plan};
use std::path::Path;
use toml_edit::Value;

const JOURNAL: &str = include_str!("../../../templates/learnings.md");
const DECISIONS: &str = include_str!("../../../templates/decisions.md");

/// The plan for the repository whose work tree is at `top`. `journals` are the journals that are there already.
///
/// # Errors
/// A file can't be read, or a directory on the way leads out of the repository.
pub(super) fn plan(top: &Path, survey: &Survey, config: &Config, journals: &[String]) -> Result<Plan, Failure> {
    let configuration = create_or_keep(top, config::FILE, &configuration(survey));
    let journal = match journals.first() {
        Some(there) => Change::Keep { path: top.join(there), why: "there already".into() },
        None => create_or_keep(top, &config.journal.file, JOURNAL),
    };
    let changes = vec![configuration, journal, decisions(top, config)?, attributes(top, &config.journal.file)?];
    for change in changes.iter().filter(|c| c.writes()) {
        ground::stays_inside(top, change.path())?;
    }
    Ok(Plan { changes })
}

fn create_or_keep(top: &Path, name: &str, text: &str) -> Change {
    let path = top.join(name);
    if path.symlink_metadata().is_ok() {
        Change::Keep { path, why: "there already".into() }
    } else {
        Change::Create { path, bytes: text.as_bytes().to_vec(), executable: false }
    }
}

/// A README makes the directory one that git keeps; it is no record.
fn decisions(top: &Path, config: &Config) -> Result<Change, Failure> {
    let named = files::read(&top.join(".adr-dir"))?.and_then(|bytes| String::from_utf8(bytes).ok());
    let named = named.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(&config.adr.directory);
    let directory = top.join(named);
    let holds_something = directory.read_dir().is_ok_and(|mut inside| inside.next().is_some());
    if holds_something {
        return Ok(Change::Keep { path: directory, why: "there already".into() });
    }
    Ok(create_or_keep(top, &format!("{}/README.md", named.trim_end_matches('/')), DECISIONS))
}

/// One line that lets two branches that each add an entry merge without a conflict.
fn attributes(top: &Path, journal: &str) -> Result<Change, Failure> {
    let path = top.join(".gitattributes");
    if path.is_symlink() {
        return Ok(Change::Keep { path, why: "a symbolic link; git does not follow it".into() });
    }
    let Some(old) = files::read(&path)? else {
        let line = format!("{} merge=union\n", pattern(journal));
        return Ok(Change::Create { path, bytes: line.into_bytes(), executable: false });
    };
    Ok(match with_union(&old, journal) {
        Some(new) => Change::Replace { path, old, new },
        None => Change::Keep { path, why: format!("it says how to merge {journal}") },
    })
}

/// `old` with the line for `journal` added; nothing where a line for it speaks of merging already. No other byte changes, and
/// the new line ends as the others do.
fn with_union(old: &[u8], journal: &str) -> Option<Vec<u8>> {
    let pattern = pattern(journal);
    let speaks = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        line.trim_start().strip_prefix(&pattern).is_some_and(|rest| {
            rest.starts_with([' ', '\t'])
                && rest.split_ascii_whitespace().any(|word| word.trim_start_matches(['-', '!']).starts_with("merge"))
        })
    };
    if old.split(|b| *b == b'\n').any(speaks) {
        return None;
    }
    let end: &[u8] = if old.windows(2).any(|pair| pair == b"\r\n") { b"\r\n" } else { b"\n" };
    let mut new = old.to_vec();
    if !old.is_empty() && !old.ends_with(b"\n") {
        new.extend_from_slice(end);
    }
    new.extend_from_slice(format!("{pattern} merge=union").as_bytes());
    new.extend_from_slice(end);
    Some(new)
}

/// A file name as a pattern of `.gitattributes`: quoted where it has a space.
fn pattern(name: &str) -> String {
    if name.contains([' ', '\t', '"']) || name.starts_with(['!', '#']) {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        name.to_owned()
    }
}

/// The file that a person will want to keep: what was found and needs saying, and the two settings that are changed most.
pub(super) fn configuration(survey: &Survey) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let list = |texts: &[String]| format!("[{}]", texts.iter().map(|t| quoted(t)).collect::<Vec<_>>().join(", "));
    let mut text = String::from(
        "# What mastery is to know of this repository. Every key is optional; what is not here has its default.\n\n",
    );
    if let Some(project) = survey.single() {
        text.push_str(&format!(
            "[project]\nid = {}\nlanguages = {}  # planned, in any order\n\n",
            quoted(&project.id),
            list(&survey.planned())
        ));
    }
    let tables = match (survey.proposals.is_empty(), survey.single()) {
        (true, _) => Vec::new(),
        (false, Some(_)) => survey.proposals.keys().cloned().collect(),
        // Tables that are written are the planned languages: in a curriculum all of them have to be.
        (false, None) => survey.planned(),
    };
    for name in tables {
        text.push_str(&format!("[languages.{}]\n", toml_edit::Key::new(name.as_str())));
        if let Some(proposal) = survey.proposals.get(&name) {
            text.push_str(&format!("directories = {}\n", list(&proposal.directories)));
            if let Some(test) = &proposal.test {
                text.push_str(&format!("test = {}\n", quoted(test)));
            }
        }
        text.push('\n');
    }
    text.push_str("[tests]\ngate = \"commit\"  # a failing suite stops you at each: commit | push | off\n\n");
    text.push_str(
        "[journal]\nevery = \"day\"    # one thing learned is written down each: commit | day | week | off\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use bstr::BString;

    fn survey(paths: &[&str]) -> Survey {
        let mut paths: Vec<BString> = paths.iter().map(|p| BString::from(*p)).collect();
        paths.sort();
        Survey::of(&paths, &Config::default(), "my \"odd\" name")
    }

    fn tracks(paths: &[&str]) -> Vec<(String, BString)> {
        let text = configuration(&survey(paths));
        let config = config::parse(&text, "x").unwrap_or_else(|f| panic!("{f}\n{text}"));
        let mut paths: Vec<BString> = paths.iter().map(|p| BString::from(*p)).collect();
        paths.sort();
        let projects = Survey::of(&paths, &config, "x").projects;
        projects.into_iter().flat_map(|p| p.tracks).map(|t| (t.language, t.path)).collect()
    }

    #[test]
    fn what_is_written_finds_what_was_found() {
        let at = |language: &str, path: &str| (language.to_owned(), BString::from(path));
        assert_eq!(tracks(&["go.mod"]), [at("golang", "")]);
        assert_eq!(
            tracks(&["15-a/x/go.mod", "15-a/python/a.py"]),
            [at("python", "15-a/python"), at("golang", "15-a/x")]
        );
        assert_eq!(tracks(&["rust/Cargo.toml"]), [at("rust", "rust")]);
        assert_eq!(tracks(&[]), []);
    }

    #[test]
    fn a_curriculum_that_needs_a_table_keeps_all_its_planned_languages() {
        let config = config::parse(&configuration(&survey(&["15-a/x/go.mod", "15-a/python/a.py"])), "x").unwrap();
        assert_eq!(config.planned("15-a"), ["python", "golang", "nestjs"]);
    }

    #[test]
    fn the_line_is_added_and_every_other_byte_stays() {
        let added = |old: &str| String::from_utf8(with_union(old.as_bytes(), "LEARNINGS.md").unwrap()).unwrap();
        assert_eq!(added("* text=auto"), "* text=auto\nLEARNINGS.md merge=union\n");
        assert_eq!(added("* text=auto\r\n"), "* text=auto\r\nLEARNINGS.md merge=union\r\n");
        assert_eq!(added("LEARNINGS.md text\n"), "LEARNINGS.md text\nLEARNINGS.md merge=union\n");
        assert_eq!(added(""), "LEARNINGS.md merge=union\n");
    }

    #[test]
    fn a_line_that_speaks_of_merging_is_left_alone() {
        for line in ["LEARNINGS.md merge=union", "  LEARNINGS.md\ttext -merge", "LEARNINGS.md merge=ours\r"] {
            assert_eq!(with_union(line.as_bytes(), "LEARNINGS.md"), None, "{line}");
        }
        assert_eq!(with_union(b"\"my notes.md\" merge=union\n", "my notes.md"), None);
    }

    #[test]
    fn the_journals_template_holds_nothing_that_could_be_an_entry() {
        assert!(!JOURNAL.lines().any(|l| l.starts_with(['-', '*', '+']) || l.starts_with("## ")));
    }
}
