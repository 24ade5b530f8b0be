//! `mastery adr toc | graph`: all the records in one document.

use super::directory::Directory;
use super::new::from_file;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::views::adr::Listed;
use crate::views::adr_graph::{self, Drawing};
use crate::views::{adr_toc, words};
use crate::world::World;
use std::path::{Path, PathBuf};

/// Arguments of `mastery adr toc`.
#[derive(Debug, clap::Args)]
pub(super) struct Toc {
    /// A file to put before the list
    #[arg(short, long, value_name = "FILE")]
    intro: Option<PathBuf>,
    /// A file to put behind the list
    #[arg(short, long, value_name = "FILE")]
    outro: Option<PathBuf>,
    /// What to put before each file name in a link
    #[arg(short, long, value_name = "PREFIX", default_value = "")]
    prefix: String,
}

/// Arguments of `mastery adr graph`.
#[derive(Debug, clap::Args)]
pub(super) struct Graph {
    /// Draw it for Mermaid instead of Graphviz
    #[arg(long)]
    mermaid: bool,
    /// What to put before each file name in a link
    #[arg(short, long, value_name = "PREFIX", default_value = "")]
    prefix: String,
    /// What to put in the place of .md in a link, with its dot
    #[arg(short, long, value_name = "EXTENSION", default_value = ".html")]
    extension: String,
}

/// Writes a table of contents in Markdown.
pub(super) fn toc(arguments: &Toc, world: &World) -> Result<Exit, Failure> {
    let directory = Directory::locate(world)?;
    let log = directory.read(world)?;
    let text = |path: &Option<PathBuf>, origin: &str| {
        path.as_deref().map(|p: &Path| from_file(&world.resolve(p), origin)).transpose()
    };
    let (intro, outro) = (text(&arguments.intro, "--intro")?, text(&arguments.outro, "--outro")?);
    let with_status = !directory.has_adr_tools_manners(&log);
    let toc = adr_toc::toc(&log, intro.as_deref(), outro.as_deref(), &arguments.prefix, with_status);
    world.term.out(&words::shown_lines(toc))?;
    Ok(Exit::Fine)
}

/// Writes the records and their relations as a graph.
pub(super) fn graph(arguments: &Graph, world: &World) -> Result<Exit, Failure> {
    let directory = Directory::locate(world)?;
    let log = directory.read(world)?;
    if world.term.is_json() {
        world.term.json(&Listed::of(&words::shown(directory.in_repository()), &log))?;
        return Ok(Exit::Fine);
    }
    let drawing = Drawing::of(&log, &arguments.prefix, &arguments.extension);
    let text = if arguments.mermaid { adr_graph::mermaid(&drawing) } else { adr_graph::dot(&drawing) };
    world.term.out(&words::shown_lines(text))?;
    Ok(Exit::Fine)
}
