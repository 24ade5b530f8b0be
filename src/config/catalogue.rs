//! A curriculum of one's own: projects beside the guide's fifteen or in their place, strictly read.

use super::mistake;
use crate::curriculum::{Catalogue, Level, Project};
use crate::failure::Failure;
use crate::services::Service;
use serde::Deserialize;
use std::collections::HashSet;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Whether the guide's projects go.
    #[serde(default)]
    replace: bool,
    #[serde(default)]
    projects: Vec<Written>,
}

/// A project as it is written down: what has an obvious value may be left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: Spanned<String>,
    title: String,
    level: Level,
    difficulty: Option<Level>,
    order: Option<u32>,
    #[serde(default = "weeks")]
    weeks: Spanned<(u32, u32)>,
    #[serde(default)]
    learned: Vec<String>,
    #[serde(default)]
    services: Vec<Service>,
    why: Option<String>,
    path: Option<String>,
}

/// What the guide gives a project.
fn weeks() -> Spanned<(u32, u32)> {
    Spanned::new(0..0, (3, 4))
}

/// The catalogue that `bytes`, which came from `origin`, make of the guide's: of two projects with one id theirs counts.
///
/// # Errors
/// As [`super::parse_bytes`]; also where an id is no directory's name, stands twice, or no project is left.
pub fn catalogue(bytes: &[u8], origin: &str) -> Result<Catalogue, Failure> {
    let text = super::parse::as_text(bytes, origin)?;
    let file: File = toml::from_str(text)
        .map_err(|e| mistake::of_reader(text, origin, e.span().map_or(0, |s| s.start), e.message()))?;
    let mut seen = HashSet::new();
    for project in &file.projects {
        let (id, at) = (project.id.get_ref(), project.id.span().start);
        if !is_directory(id) {
            let what = format!("{id:?} is no project's id: two digits, a dash and a name, as its directory is called");
            return Err(mistake::at(text, origin, at, &what).hint("id = \"16-circuit-breaker\""));
        }
        if !seen.insert(id) {
            return Err(mistake::at(text, origin, at, &format!("{id} stands here twice")).hint("keep one of the two"));
        }
        let (least, most) = *project.weeks.get_ref();
        if least > most || most == 0 || most > 520 {
            let at = project.weeks.span().start;
            return Err(mistake::at(text, origin, at, "weeks are at least and at most, like [2, 3]"));
        }
    }
    if file.projects.is_empty() {
        return Err(Failure::usage(format!("{origin} has no projects")).hint("a project begins with [[projects]]"));
    }
    let guide = if file.replace { Catalogue::of(Vec::new()) } else { Catalogue::default() };
    Ok(guide.with(file.projects.into_iter().map(project).collect()))
}

fn is_directory(id: &str) -> bool {
    let (number, name) = id.split_once('-').unwrap_or_default();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty() && name.chars().all(plain)
}

fn project(written: Written) -> Project {
    let id = written.id.into_inner();
    Project {
        path: written.path.unwrap_or_else(|| format!("{id}/README.md")),
        title: written.title,
        level: written.level,
        difficulty: written.difficulty.unwrap_or(written.level),
        order: written.order,
        weeks: written.weeks.into_inner(),
        learned: written.learned,
        services: written.services,
        why: written.why,
        id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str =
        "[[projects]]\nid = \"16-circuit-breaker\"\ntitle = \"Circuit Breaker\"\nlevel = \"beginner\"\norder = 1\n";

    fn error(text: &str) -> String {
        catalogue(text.as_bytes(), "own.toml").unwrap_err().message
    }

    #[test]
    fn projects_are_added_and_take_the_place_of_those_with_their_id() {
        let added = catalogue(OWN.as_bytes(), "own.toml").unwrap();
        assert_eq!(added.projects().len(), 16);
        let own = added.project("16-circuit-breaker").unwrap();
        assert_eq!((own.weeks, own.path.as_str()), ((3, 4), "16-circuit-breaker/README.md"));
        let same = catalogue(OWN.replace("16-circuit-breaker", "15-api-rate-limiter").as_bytes(), "own.toml").unwrap();
        assert_eq!(same.projects().len(), 15);
        assert_eq!(same.project("15-api-rate-limiter").unwrap().title, "Circuit Breaker");
        let alone = catalogue(format!("replace = true\n{OWN}").as_bytes(), "own.toml").unwrap();
        assert_eq!(alone.projects().len(), 1);
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        assert!(error(&OWN.replace("order", "oder")).starts_with("own.toml:5:1: there is no key `oder` here"));
        assert!(error(&OWN.replace("beginner", "begginer")).starts_with("own.toml:4:9: `begginer` is none of"));
        assert!(
            error(&OWN.replace("16-c", "../c")).starts_with("own.toml:2:6: \"../circuit-breaker\" is no project's id")
        );
        assert!(error(&format!("{OWN}weeks = [3, 2]\n")).starts_with("own.toml:6:9: weeks are"));
        assert!(error(&format!("{OWN}{OWN}")).starts_with("own.toml:7:6: 16-circuit-breaker stands here twice"));
        assert!(error("replace = true\n").contains("has no projects"));
        assert!(error("[[projects]\n").starts_with("own.toml:1:"));
        assert!(catalogue(b"# \xff\n", "own.toml").unwrap_err().message.starts_with("own.toml:1:3: from here on"));
    }
}
