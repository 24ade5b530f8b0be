//! `mastery adr list`

use super::directory::Directory;
use super::new::known;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::system::terminal::Terminal;
use crate::views::adr::{self, Listed};
use crate::views::words;
use crate::world::World;
use bstr::ByteSlice;

/// Arguments of `mastery adr list`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Only records with this status, or with none that is known (unknown); may be repeated
    #[arg(long, value_name = "STATUS")]
    status: Vec<String>,
    /// Only their paths, one a line
    #[arg(long)]
    paths: bool,
}

/// Lists the records, those that can't be read too.
pub(super) fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let wanted: Vec<&'static str> = arguments.status.iter().map(|s| status(s)).collect::<Result<_, _>>()?;
    let directory = Directory::locate(world)?;
    let log = directory.read(world)?;
    let adr_tools = directory.has_adr_tools_manners(&log);
    if adr_tools && !directory.exists() && !world.term.is_json() {
        let place = directory.relative(&directory.path);
        world.term.err(&format!("The {place} directory does not exist\n"))?;
        return Err(Failure::verdict(format!("the {place} directory does not exist")).told());
    }
    let place = words::shown(directory.in_repository());
    let mut listed = Listed::of(&place, &log);
    if !wanted.is_empty() {
        listed.records.retain(|r| wanted.contains(&r.status.as_deref().unwrap_or("unknown")));
    }
    if world.term.is_json() {
        world.term.json(&listed)?;
        return Ok(Exit::Fine);
    }
    if adr_tools || arguments.paths {
        return paths(&world.term, &directory, &listed);
    }
    if log.files.is_empty() {
        world.term.note(&adr::none(&directory.relative(&directory.path)))?;
    }
    world.term.out(&adr::list(&listed))?;
    Ok(Exit::Fine)
}

fn paths(term: &Terminal, directory: &Directory, listed: &Listed) -> Result<Exit, Failure> {
    for record in &listed.records {
        let path = directory.relative_path(record.name.as_bstr());
        term.out(&format!("{}\n", words::shown(path.as_os_str().as_encoded_bytes())))?;
    }
    Ok(Exit::Fine)
}

fn status(word: &str) -> Result<&'static str, Failure> {
    if word.eq_ignore_ascii_case("unknown") { Ok("unknown") } else { known(word).map(|s| s.word()) }
}
