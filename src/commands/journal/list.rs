//! `mastery journal list`.

use super::rule::{Rule, time_of};
use super::said::{Said, collect};
use super::standing::{Standing, journals};
use super::weeks::Weeks;
use crate::commands::ground::Ground;
use crate::documents::journal;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::history::layout::is_below;
use crate::system::files;
use crate::views::journal_list::{Listed, Listing, Source};
use crate::world::World;
use bstr::{BString, ByteSlice};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// Arguments of `mastery journal list`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Only this language
    #[arg(short, long, value_name = "LANG")]
    language: Option<String>,
    /// Only this project
    #[arg(short, long, value_name = "ID")]
    project: Option<String>,
    /// Only this week
    #[arg(short, long, value_name = "N")]
    week: Option<u32>,
}

/// Lists the entries of every journal and every `Learned` line that HEAD can reach, by week and language.
pub(super) fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let ground = Ground::of_work_tree(world)?;
    let only = arguments.project.as_deref().map(|id| ground.project(id)).transpose()?.map(|p| p.id.clone());
    let language = match arguments.language.as_deref() {
        Some(called) => {
            let standing = Standing::new(&ground, world);
            ground.projects.first().map(|p| standing.language(p, Some(called))).transpose()?
        }
        None => None,
    };
    let mut listing = gather(&ground)?;
    listing.retain(|entry| {
        only.as_ref().is_none_or(|id| entry.project.as_ref() == Some(id) || entry.project.is_none())
            && language.as_ref().is_none_or(|name| entry.languages.contains(name))
            && arguments.week.is_none_or(|week| entry.week == Some(week))
    });
    if world.term.is_json() {
        world.term.json(&listing)?;
    } else {
        world.term.out(&listing.text(&ground.config))?;
    }
    Ok(Exit::Fine)
}

/// Everything that was learned, from the journals and the commits, in order.
pub(in crate::commands) fn gather(ground: &Ground) -> Result<Listing, Failure> {
    let rule = Rule::new(ground);
    let mut said = Vec::new();
    let weeks = Weeks::of(ground, &mut |commit, changes| collect(&rule, commit, changes, &mut said))?;
    let mut listing = Listing::default();
    from_files(&rule, &mut listing)?;
    for said in said {
        listing.add(from_commit(&said, ground, &weeks));
    }
    listing.sort();
    Ok(listing)
}

fn from_commit(said: &Said, ground: &Ground, weeks: &Weeks) -> Listed {
    let project = match (&said.project, ground.projects.as_slice()) {
        (Some(path), projects) => projects.iter().find(|p| p.path == *path),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let at = time_of(&said.commit.author);
    Listed {
        project: project.map(|p| p.id.clone()),
        week: project.zip(at).map(|(p, at)| weeks.week(&p.path, at.date_naive())),
        languages: said.language.iter().cloned().collect(),
        text: said.line.text.to_str_lossy().into_owned(),
        sources: vec![Source::Commit { commit: said.commit.id, at: at.map(|at| at.to_rfc3339()) }],
    }
}

/// The entries of every journal upward of a track, of a project or at the root: from the work tree, or from HEAD where there is
/// none.
fn from_files(rule: &Rule<'_>, listing: &mut Listing) -> Result<(), Failure> {
    let ground = rule.ground;
    for path in journals(ground) {
        let text = match ground.repo.work_tree() {
            Some(top) => files::read(&top.join(OsStr::from_bytes(&path)))?,
            None => ground.entries.iter().find(|e| e.path == path).and_then(|e| ground.repo.blob(e.id)),
        };
        let inside = |directory: &BString| directory.is_empty() || is_below(path.as_bstr(), directory.as_bstr());
        let project = ground.projects.iter().filter(|p| inside(&p.path)).max_by_key(|p| p.path.len());
        for entry in journal::read(&text.unwrap_or_default(), &rule.names) {
            if journal::words(entry.text.as_bstr()) > 0 && !journal::is_template(entry.text.as_bstr()) {
                listing.add(Listed {
                    project: project.map(|p| p.id.clone()),
                    week: entry.week,
                    languages: entry.languages,
                    text: entry.text.to_str_lossy().into_owned(),
                    sources: vec![Source::File { path: path.to_str_lossy().into_owned(), line: entry.line }],
                });
            }
        }
    }
    Ok(())
}
