//! What people type who know adr-tools: `generate`, `upgrade-repository`, `_adr_autocomplete`.

use super::overview::{self, Graph, Toc};
use super::revise::{Wanted, revise};
use crate::documents::adr::Revision;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::world::World;
use bstr::ByteSlice;
use clap::Subcommand;
use regex::bytes::Regex;

/// adr-tools' own commands, in its order.
const COMMANDS: [&str; 8] = ["config", "generate", "help", "init", "link", "list", "new", "upgrade-repository"];

/// Arguments of `mastery adr generate`.
#[derive(Debug, clap::Args)]
pub(super) struct Generate {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A table of contents in Markdown
    Toc(Toc),
    /// A graph of records and relations
    Graph(Graph),
}

/// Arguments of `mastery adr _adr_autocomplete`.
#[derive(Debug, clap::Args)]
pub(super) struct Autocomplete {
    /// The words typed so far, the program's name first
    words: Vec<String>,
}

/// `mastery adr generate toc | graph`.
pub(super) fn generate(arguments: &Generate, world: &World) -> Result<Exit, Failure> {
    match &arguments.what {
        What::Toc(arguments) => overview::toc(arguments, world),
        What::Graph(arguments) => overview::graph(arguments, world),
    }
}

/// Turns `Date: dd/mm/yyyy` into `Date: yyyy-mm-dd`, as adr-tools does for records of its first versions.
pub(super) fn upgrade(world: &World) -> Result<Exit, Failure> {
    let pattern = Regex::new(r"(?m)^Date: ([0-9]{2})/([0-9]{2})/([0-9]{4})")
        .map_err(|e| Failure::missing("can't look for dates").because(e))?;
    revise(world, false, |_, log| {
        let mut revision = Revision::of(log);
        for file in log.files.iter().filter(|f| pattern.is_match(&f.bytes)) {
            revision.put(file.name.clone(), pattern.replace_all(&file.bytes, &b"Date: $3-$2-$1"[..]).into_owned());
        }
        Ok(Wanted::from(revision))
    })
}

/// The names that the last word may be completed to, on one line.
pub(super) fn autocomplete(arguments: &Autocomplete, world: &World) -> Result<Exit, Failure> {
    let words: Vec<&str> = arguments.words.iter().skip(1).map(String::as_str).collect();
    let (names, typed): (&[&str], &str) = match words.as_slice() {
        [] => (&COMMANDS, ""),
        ["generate"] => (&["graph", "toc"], ""),
        ["generate", typed, ..] => (&["graph", "toc"], typed),
        [typed, ..] => (&COMMANDS, typed),
    };
    let fitting: Vec<&str> = names.iter().copied().filter(|n| n.as_bytes().starts_with_str(typed)).collect();
    world.term.out(&format!("{}\n", fitting.join(" ")))?;
    Ok(Exit::Fine)
}
