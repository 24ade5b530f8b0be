//! What a post is made from: the project's journal, its decisions, its comparison.

use super::{files_of, read};
use crate::commands::compare;
use crate::commands::ground::{Ground, paths};
use crate::commands::journal;
use crate::documents::adr::Record;
use crate::documents::blog::{self, Decision, Material};
use crate::failure::Failure;
use crate::history::layout::{Project, is_below};
use crate::progress::papers::{is_record_place, speaks_of};
use crate::views::{self, words};
use bstr::{BStr, BString, ByteSlice};

/// The title that the post gets where none is given, and what is known; links lead from `directory`.
pub(super) fn of(ground: &Ground, project: &Project, directory: &BStr) -> Result<(String, Material), Failure> {
    let compared = compare::measure(ground, project)?;
    let titles: Vec<String> = compared.tracks.iter().map(|t| t.title.clone()).collect();
    let called = ground.config.catalogue.project(&project.id).map_or(project.id.as_str(), |p| p.title.as_str());
    let mut material = Material {
        learned: titles.iter().map(|title| (title.clone(), Vec::new())).collect(),
        decisions: decisions(ground, project, directory)?,
        figures: views::compare::summary(&compared),
        ..Material::default()
    };
    for entry in journal::list::gather(ground)?.entries() {
        if entry.project.as_ref().is_some_and(|id| *id != project.id) {
            continue;
        }
        let text = words::shown(entry.text.split_whitespace().collect::<Vec<_>>().join(" "));
        let mut whose =
            project.tracks.iter().zip(&mut material.learned).filter(|(t, _)| entry.languages.contains(&t.language));
        match whose.next() {
            Some((_, (_, entries))) => entries.push(text),
            None if entry.languages.is_empty() => material.general.push(text),
            None => {}
        }
    }
    Ok((blog::title(&words::shown(called), &titles), material))
}

/// The project's own records, and those of the repository that speak of it: all of them where it is the only project.
fn decisions(ground: &Ground, project: &Project, directory: &BStr) -> Result<Vec<Decision>, Failure> {
    let shared = BStr::new(&ground.config.adr.directory);
    let own = files_of(ground, project)?.into_iter().filter(|path| {
        let inside = path.strip_prefix(project.path.as_slice()).unwrap_or(path);
        is_record_place(&inside.to_str_lossy()) || is_below(BStr::new(path), shared)
    });
    let mut places: Vec<(BString, bool)> = own.map(|path| (path, true)).collect();
    let only = ground.projects.len() == 1;
    if let (false, Some(top)) = (project.path.is_empty(), ground.repo.work_tree()) {
        let elsewhere = paths(&ground.repo, top)?.into_iter().filter(|path| is_below(path.as_bstr(), shared));
        places.extend(elsewhere.map(|path| (path, only)));
    }
    let mut found = Vec::new();
    for (path, certain) in places.into_iter().filter(|(path, _)| path.ends_with(b".md")) {
        let Some(bytes) = read(ground, path.as_bstr()) else { continue };
        let Ok(record) = Record::read(&bytes) else { continue };
        let Some(status) = &record.status else { continue };
        if certain || speaks_of(&bytes.to_str_lossy(), project, &ground.config.catalogue) {
            found.push(Decision {
                heading: words::shown(&record.heading),
                link: words::shown(relative(directory, path.as_bstr())),
                status: words::shown(status.word()),
            });
        }
    }
    Ok(found)
}

/// `path` as it is seen from `directory`, both from the repository's root.
fn relative(directory: &BStr, path: &BStr) -> BString {
    let mut from = directory.split(|b| *b == b'/').filter(|part| !part.is_empty()).peekable();
    let mut to = path.split(|b| *b == b'/').peekable();
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let up = from.map(|_| &b".."[..]);
    BString::from(bstr::join("/", up.chain(to)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_link_leads_from_the_posts_directory() {
        let link = |from: &str, to: &str| super::relative(from.into(), to.into()).to_string();
        assert_eq!(link("15-x/blog", "docs/adr/1.md"), "../../docs/adr/1.md");
        assert_eq!(link("15-x/blog", "15-x/docs/adr/1.md"), "../docs/adr/1.md");
        assert_eq!(link("blog", "blog/1.md"), "1.md");
    }
}
