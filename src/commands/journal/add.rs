//! `mastery journal add`.

use super::standing::{Standing, stays_inside};
use super::weeks::Weeks;
use crate::commands::editor;
use crate::commands::ground::Ground;
use crate::documents::journal::{self, Addition, Names};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::system::files::{self, Change, Plan};
use crate::views;
use crate::world::World;
use bstr::{BString, ByteSlice};
use std::path::Path;

/// Arguments of `mastery journal add`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What was learned, in as many words as you like; `-` reads it from standard input
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    /// What was learned, as one argument
    #[arg(short, long, value_name = "TEXT", conflicts_with = "text")]
    message: Option<String>,
    /// Write it in the editor
    #[arg(short, long)]
    edit: bool,
    /// The language; default: the one whose track you are in, or the only one
    #[arg(short, long, value_name = "LANG")]
    language: Option<String>,
    /// The project; default: the one you are in, or the only one
    #[arg(short, long, value_name = "ID")]
    project: Option<String>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// A new journal begins with this.
pub(super) const TEMPLATE: &str = include_str!("../../../templates/learnings.md");

/// Puts the entry in, and reads the file again to see that it is there.
pub(super) fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let ground = Ground::of_work_tree(world)?;
    let top = ground.repo.needs_work_tree()?.to_owned();
    let standing = Standing::new(&ground, world);
    let project = standing.project(arguments.project.as_deref())?;
    let language = standing.language(project, arguments.language.as_deref())?;
    let title = ground.config.languages.get(&language).map_or(language.as_str(), |l| l.title());
    let text = text(arguments, &ground, world)?;
    let week = Weeks::of(&ground, &mut |_, _| {})?.week(&project.path, world.now.date_naive());
    let path = standing.journal(&top, project, &language);
    stays_inside(&top, &path)?;

    let names = Names::of(&ground.config);
    let old = files::read(&path)?;
    let source = old.as_deref().unwrap_or(TEMPLATE.as_bytes());
    let addition = Addition { week, language: &language, title, text: text.as_bstr() };
    let new = journal::add(source, addition, &names).ok_or_else(|| not_taken(&path))?;
    let change = match old {
        Some(old) => Change::Replace { path: path.clone(), old, new: new.clone() },
        None => Change::Create { path: path.clone(), bytes: new.clone(), executable: false },
    };
    let plan = Plan { changes: vec![change] };
    if !arguments.dry_run {
        plan.apply()?;
        if files::read(&path)?.as_deref() != Some(&new) {
            return Err(not_taken(&path));
        }
    }
    if !world.term.quiet {
        world.term.out(&views::plan::text(&plan, &top, !arguments.dry_run))?;
        world.term.out(&views::journal::added(week, title, text.as_bstr(), &path, &world.cwd))?;
    }
    Ok(Exit::Fine)
}

pub(super) fn not_taken(path: &Path) -> Failure {
    Failure::verdict(format!("the entry does not read back from {}; nothing was changed for good", path.display()))
        .hint("is a code block or a comment left open above the end of the file?")
}

/// What was learned: from the arguments, standard input or the editor.
fn text(arguments: &Arguments, ground: &Ground, world: &World) -> Result<BString, Failure> {
    let given = match (&arguments.message, arguments.text.as_slice()) {
        (Some(message), _) => BString::from(message.as_str()),
        (None, [only]) if only == "-" => world.term.input()?.into(),
        (None, words) => BString::from(words.join(" ")),
    };
    let given = if arguments.edit || (given.is_empty() && world.term.is_interactive()) {
        edited(given, ground, world)?
    } else {
        given
    };
    let text = given.trim();
    let text = text.strip_prefix(b"- ").unwrap_or(text).trim();
    if journal::words(text.as_bstr()) == 0 || journal::is_template(text.as_bstr()) {
        return Err(Failure::usage("there is nothing to write down")
            .hint("mastery journal add -l golang \"channels close only once\""));
    }
    // Escapes and other control characters are no part of what anybody learned.
    Ok(text.bytes().filter(|b| *b >= 0x20 && *b != 0x7f || matches!(b, b'\n' | b'\t')).collect::<Vec<u8>>().into())
}

/// What the person made of `begun` in their editor; lines that begin with `#` are remarks.
fn edited(begun: BString, ground: &Ground, world: &World) -> Result<BString, Failure> {
    let editor = editor::of_user(world, Some(&ground.repo)).ok_or_else(|| {
        Failure::missing("no editor is configured").hint("set VISUAL or EDITOR, or say it on the command line with -m")
    })?;
    let path = ground.repo.git_dir().join("mastery").join(format!("JOURNAL_EDITMSG.{}", std::process::id()));
    let mut page = begun;
    page.extend_from_slice(b"\n# What did you learn? One thing; lines that begin with # are left out.\n");
    files::replace(&path, &page)?;
    let outcome = editor::open(world, &editor, &path).and_then(|()| files::read(&path));
    files::remove(&path)?;
    let page = outcome?.unwrap_or_default();
    let kept: Vec<&[u8]> = page.lines().filter(|line| !line.starts_with(b"#")).collect();
    Ok(kept.join(&b'\n').into())
}
