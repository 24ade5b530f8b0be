//! `mastery blog list`.

use super::{files_of, read};
use crate::commands::ground::Ground;
use crate::documents::blog;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::history::kind::{self, Kind};
use crate::history::layout::Project;
use crate::progress::papers::{Paper, is_prose};
use crate::progress::posts::{self, Maturity};
use crate::views::blog::{Listed, Listing};
use crate::views::words;
use crate::world::World;
use bstr::{BString, ByteSlice};

/// Arguments of `mastery blog list`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Only this project
    #[arg(short, long, value_name = "ID")]
    project: Option<String>,
}

/// Lists what lies among posts, and links to posts elsewhere, with what status makes of each.
pub(super) fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let ground = Ground::of_work_tree(world)?;
    let projects: Vec<&Project> = match arguments.project.as_deref() {
        Some(id) => vec![ground.project(id)?],
        None => ground.projects.iter().collect(),
    };
    let mut listing = Listing::default();
    for project in projects {
        for path in files_of(&ground, project)? {
            listing.posts.extend(listed(&ground, project, path)?);
        }
    }
    if world.term.is_json() {
        world.term.json(&listing)?;
    } else {
        world.term.out(&listing.text())?;
    }
    Ok(Exit::Fine)
}

/// A document that is a post, or begun as one, or that links to one.
fn listed(ground: &Ground, project: &Project, path: BString) -> Result<Option<Listed>, Failure> {
    if kind::general(path.as_bstr()) != Kind::Document || !is_prose(path.as_bstr()) {
        return Ok(None);
    }
    let Some(bytes) = read(ground, path.as_bstr()) else { return Ok(None) };
    let skip = if project.path.is_empty() { 0 } else { project.path.len() + 1 };
    let paper = Paper::of(path, skip, &bytes);
    let (maturity, link) = (posts::maturity(&paper), posts::linked(&paper));
    if maturity.is_none() && link.is_none() {
        return Ok(None);
    }
    let committed = match ground.repo.head()? {
        Some(head) => ground.repo.file_in(ground.repo.tree_of(head)?, paper.path.as_bstr()),
        None => None,
    };
    let counts = committed.is_some_and(|bytes| {
        let paper = Paper::of(paper.path.clone(), skip, &bytes);
        posts::maturity(&paper) == Some(Maturity::Post) || posts::linked(&paper).is_some()
    });
    Ok(Some(Listed {
        project: words::shown(&project.id),
        path: words::shown(&paper.path),
        title: blog::heading(&bytes).map(words::shown),
        words: paper.words,
        state: maturity,
        link: link.map(words::shown),
        counts,
    }))
}
