//! Starter projects: choices in, files out ([`project`], [`track`]), and recognising afterwards what nobody has touched
//! ([`wrote`]). Pure: what is there already, and what is written, is the command's.

mod brief;
mod marks;
mod templates;

pub use brief::Brief;

use crate::curriculum::Project;
use crate::failure::Failure;
use crate::services::compose::{compose, database_name};
use marks::Marks;
use std::sync::OnceLock;

/// The languages that there are templates for, in the guide's order.
pub const LANGUAGES: [&str; 3] = ["nestjs", "golang", "python"];

/// The journal that a project starts with.
const JOURNAL: &str = include_str!("../../templates/learnings.md");

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path from the directory that it was asked for, with `/` between the parts.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// The files of the project itself: brief, plan, journal (called `journal`), services, load test.
///
/// # Errors
/// A template can't be filled in: kind `Missing`.
pub fn project(subject: &Project, journal: &str) -> Result<Vec<File>, Failure> {
    let brief = Brief::of(subject);
    let marks = Marks::of(subject, &brief, "");
    let mut files = render("project", kind(subject), &marks);
    if let Some(text) = compose(&brief.services, &database_name(&subject.id))? {
        files.push(File { path: "docker-compose.yml".into(), text });
    }
    files.push(File { path: journal.into(), text: JOURNAL.into() });
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The files of a track in `language`, one of [`LANGUAGES`]. `up` leads from its directory to the project's (`..`).
pub fn track(subject: &Project, language: &str, up: &str) -> Vec<File> {
    let marks = Marks::of(subject, &Brief::of(subject), up);
    let mut files = render(language, kind(subject), &marks);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// What a template begins with before any mark could stand, what the file is called that it makes, and its text.
type Beginning = (&'static str, String, &'static str);

/// The templates by the first byte of what they make, each when it is first asked for; last those that begin with a mark.
static BEGINNINGS: [OnceLock<Vec<Beginning>>; 257] = [const { OnceLock::new() }; 257];

/// The templates of which all that they make begins with `first`; where that is none, those that begin with a mark.
fn beginnings(first: Option<u8>) -> &'static [Beginning] {
    BEGINNINGS[first.map_or(256, usize::from)].get_or_init(|| {
        let begins = |text: &&str| text.bytes().next().filter(|byte| !marks::may_begin_with(*byte)) == first;
        let file = |path: &str| {
            let inside = templates::target(path).map_or("", |(_, _, inside)| inside);
            undotted(inside.rsplit('/').next().unwrap_or_default())
        };
        let alike = templates::ALL.iter().filter(|(_, text)| begins(text));
        alike.map(|(path, text)| (marks::beginning(text), file(path), *text)).collect()
    })
}

/// Whether `content` is what a template for files called `name` (without a directory) makes, for whatever project: then it is
/// nobody's work yet.
pub fn wrote(name: &str, content: &str) -> bool {
    let makes = |(beginning, file, text): &Beginning| {
        content.starts_with(beginning) && marks::made(file, name) && marks::made(text, content)
    };
    let first = content.bytes().next();
    beginnings(None).iter().chain(first.map_or(&[][..], |first| beginnings(Some(first)))).any(makes)
}

fn kind(subject: &Project) -> &'static str {
    if subject.id == "15-api-rate-limiter" { "limiter" } else { "items" }
}

fn render(language: &str, kind: &str, marks: &Marks) -> Vec<File> {
    templates::ALL
        .iter()
        .filter_map(|(path, text)| Some((templates::target(path)?, text)))
        .filter(|((of, variant, _), _)| *of == language && (*variant == "shared" || *variant == kind))
        .map(|((_, _, inside), text)| File { path: undotted(&marks.fill(inside)), text: marks.fill(text) })
        .collect()
}

/// `.gitignore` for `_gitignore`: under their own names these would work on the templates themselves.
fn undotted(path: &str) -> String {
    let dotted = ["gitignore", "dockerignore", "npmrc"];
    let name = path.strip_prefix('_').filter(|name| dotted.contains(name));
    name.map_or_else(|| path.to_owned(), |name| format!(".{name}"))
}

#[cfg(test)]
mod tests;
