//! `mastery blog new`.

use super::{files_of, material};
use crate::commands::editor;
use crate::commands::ground::{Ground, stays_inside};
use crate::commands::journal::standing::Standing;
use crate::documents::adr::name;
use crate::documents::blog;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::history::layout::{Project, join};
use crate::progress::posts::DIRECTORIES;
use crate::system::files::{Change, Plan};
use crate::views;
use crate::world::World;
use bstr::{BString, ByteSlice};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// Arguments of `mastery blog new`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The title, in as many words as it takes; default: of the guide's kind, with the languages
    #[arg(value_name = "TITLE")]
    title: Vec<String>,
    /// The project; default: the one you are in, or the only one
    #[arg(short, long, value_name = "ID")]
    project: Option<String>,
    /// Open the post in VISUAL, EDITOR or git's core.editor
    #[arg(short, long)]
    edit: bool,
    /// Show what would be written
    #[arg(long)]
    dry_run: bool,
}

/// Writes the stub, where the project's posts lie.
pub(super) fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let ground = Ground::of_work_tree(world)?;
    let top = ground.repo.needs_work_tree()?.to_owned();
    let project = Standing::new(&ground, world).project(arguments.project.as_deref())?;
    let given = title(&arguments.title)?;
    let directory = directory(&ground, project)?;
    let (default, material) = material::of(&ground, project, directory.as_bstr())?;
    let title = given.unwrap_or(default);
    let path = join(directory.as_bstr(), format!("{}.md", name::slug(&title)).as_bytes());
    let path = top.join(OsStr::from_bytes(&path));
    stays_inside(&top, &path)?;
    if path.symlink_metadata().is_ok() {
        let shown = path.strip_prefix(&top).unwrap_or(&path).display();
        return Err(Failure::verdict(format!("{shown} is there already; it was not touched"))
            .hint("write on in it, or give the new one a title: mastery blog new \"What surprised me\""));
    }
    let bytes = blog::stub(&title, &world.now.format("%Y-%m-%d").to_string(), &material);
    let plan = Plan { changes: vec![Change::Create { path: path.clone(), bytes, executable: false }] };
    let editor = if arguments.edit && !arguments.dry_run { editor(&ground, world)? } else { None };
    if !arguments.dry_run {
        plan.apply()?;
    }
    world.term.out(&views::plan::text(&plan, &top, !arguments.dry_run))?;
    match editor {
        Some(editor) => editor::open(world, &editor, &path)?,
        None => world.term.note(views::blog::AFTER)?,
    }
    Ok(Exit::Fine)
}

fn editor(ground: &Ground, world: &World) -> Result<Option<String>, Failure> {
    let known = editor::of_user(world, Some(&ground.repo));
    known.map(Some).ok_or_else(|| {
        Failure::missing("no editor is known; nothing was written")
            .hint("set VISUAL or EDITOR, or git's: git config --global core.editor vim")
    })
}

/// The title on one line, without control characters; none where none is given.
fn title(words: &[String]) -> Result<Option<String>, Failure> {
    let joined = words.join(" ");
    let plain: String = joined.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let title = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() || title.contains(char::is_alphanumeric) {
        return Ok((!words.is_empty()).then_some(title));
    }
    Err(Failure::usage("a title needs a letter").hint("mastery blog new \"Five things I learned about caching\""))
}

/// Where the project's posts lie: in the directory that has some, else in `blog`. What lies in a track is the track's.
fn directory(ground: &Ground, project: &Project) -> Result<BString, Failure> {
    let of_post = |path: &BString| {
        let (directory, _) = path.rsplit_once_str("/")?;
        let last = directory.rsplit_once_str("/").map_or(directory, |(_, last)| last);
        let is_post = path.ends_with(b".md") && DIRECTORIES.iter().any(|d| last == d.as_bytes());
        let in_track = project.tracks.iter().any(|t| !t.path.is_empty() && t.holds(path.as_bstr()));
        (is_post && !in_track).then(|| BString::from(directory))
    };
    let found = files_of(ground, project)?.iter().rev().find_map(of_post);
    Ok(found.unwrap_or_else(|| join(project.path.as_bstr(), b"blog")))
}
