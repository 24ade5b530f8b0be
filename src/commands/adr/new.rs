//! `mastery adr new`

use super::directory::{Directory, refused};
use crate::commands::editor;
use crate::documents::adr::edit::{self, Target};
use crate::documents::adr::template::{self, Values};
use crate::documents::adr::{DecisionLog, Record, Revision, Status, name, relation};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::system::files;
use crate::views::{self, words};
use crate::world::World;
use bstr::{BString, ByteSlice};
use std::path::{Path, PathBuf};

/// Arguments of `mastery adr new`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The title, in as many words as it takes
    #[arg(value_name = "TITLE")]
    title: Vec<String>,
    /// Where the decision stands: draft, proposed, accepted, rejected, deprecated [default: accepted]
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// A record that this one stands in the place of; may be repeated
    #[arg(short, long, value_name = "N")]
    supersedes: Vec<String>,
    /// Another relation, and what it is called from the other side: "3:Amends:Amended by"; may be repeated
    #[arg(short, long, value_name = "N:RELATION:INVERSE")]
    link: Vec<String>,
    /// mastery, nygard, madr, or a file with the words NUMBER, TITLE, DATE and STATUS in it
    #[arg(long, value_name = "TEMPLATE")]
    template: Option<String>,
    /// Open the record in VISUAL, EDITOR or git's core.editor
    #[arg(short, long)]
    edit: bool,
    /// Show what would be written
    #[arg(long)]
    dry_run: bool,
}

/// Writes the record, under a number that nobody has, and prints its path.
pub(super) fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let directory = Directory::locate(world)?;
    let title = title(arguments, &directory, world)?;
    let status = arguments.status.as_deref().map(known).transpose()?;
    if arguments.dry_run {
        let log = directory.read(world)?;
        let (revision, _) = compose(arguments, world, &directory, &log, &title, status.as_ref())?;
        world.term.out(&views::plan::text(&directory.plan(&revision), &directory.cwd, false))?;
        return Ok(Exit::Fine);
    }
    let held = directory.lock(world)?;
    let log = directory.list()?;
    let (revision, file) = compose(arguments, world, &directory, &log, &title, status.as_ref())?;
    let plan = directory.plan(&revision);
    directory.write(&plan, &held)?;
    drop(held);
    let adr_tools = directory.has_adr_tools_manners(&log);
    let path = directory.relative_path(file.as_bstr());
    if !adr_tools && plan.changes.len() > 1 {
        let rest = files::Plan {
            changes: plan.changes.iter().filter(|c| matches!(c, files::Change::Replace { .. })).cloned().collect(),
        };
        world.term.note(&views::plan::text(&rest, &directory.cwd, true))?;
    }
    edit_it(arguments, world, &directory, adr_tools, &path)?;
    world.term.out(&format!("{}\n", words::shown(path.as_os_str().as_encoded_bytes())))?;
    Ok(Exit::Fine)
}

/// With `-e`, and in adr-tools' manners always, the record is opened in the editor.
fn edit_it(
    arguments: &Arguments,
    world: &World,
    directory: &Directory,
    adr_tools: bool,
    path: &Path,
) -> Result<(), Failure> {
    let editor = match (arguments.edit, adr_tools) {
        (true, _) => Some(editor::of_user(world, directory.repo.as_ref()).ok_or_else(|| {
            Failure::missing("no editor is known")
                .hint(format!("{} is written and stays", path.display()))
                .hint("set VISUAL or EDITOR, or git's: git config --global core.editor vim")
        })?),
        (false, true) => editor::of_environment(world),
        (false, false) => None,
    };
    editor.map_or(Ok(()), |editor| editor::open(world, &editor, path))
}

/// The title on one line, without control characters.
fn title(arguments: &Arguments, directory: &Directory, world: &World) -> Result<String, Failure> {
    let words = arguments.title.join(" ");
    let plain: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let title = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if !title.is_empty() {
        return Ok(title);
    }
    if directory.has_adr_tools_manners(&DecisionLog::default()) {
        world.term.err("ERROR: no title given\n")?;
        return Err(Failure::usage("no title given").told());
    }
    Err(Failure::usage("a decision record needs a title").hint("mastery adr new Use Redis for Rate Limiting"))
}

pub(super) fn known(word: &str) -> Result<Status, Failure> {
    Status::named(word).ok_or_else(|| {
        let known: Vec<&str> = Status::KNOWN.iter().map(Status::word).collect();
        let failure = Failure::usage(format!("{word:?} is no status"));
        match words::nearest(&word.to_lowercase(), known.iter().copied()) {
            Some(near) => failure.hint(format!("did you mean {near}?")),
            None => failure.hint(format!("there are: {}", known.join(", "))),
        }
    })
}

/// Everything that the new record changes, and its file name.
fn compose<'l>(
    arguments: &Arguments,
    world: &World,
    directory: &Directory,
    log: &'l DecisionLog,
    title: &str,
    status: Option<&Status>,
) -> Result<(Revision<'l>, BString), Failure> {
    let number = directory.next_number(log)?;
    let text = find_template(arguments, world, directory, log)?;
    let padded = text.contains("ADR NUMBER") || text.contains("ADR-NUMBER");
    let house = padded && !directory.has_adr_tools_manners(log);
    let width = log.width().unwrap_or(if house { 3 } else { 4 });
    let today = world.now.format("%Y-%m-%d").to_string();
    let date = world.env.text("ADR_DATE").unwrap_or(&today);
    let values = Values { number, width, title, date, status: status.unwrap_or(&Status::Accepted) };
    let bytes = template::fill(&text, &values).into_bytes();
    let file = BString::from(name::file(number, width, title));
    let record = Record::read(&bytes).map_err(|e| {
        Failure::usage(format!("the template makes no decision record: {e}"))
            .hint("begin it with a line `# NUMBER. TITLE`")
    })?;
    let numbered = record.number.is_some();
    let new = Target { number, width, heading: record.heading, numbered, file: file.to_string() };
    let mut revision = Revision::of(log);
    revision.put(file.clone(), bytes);
    if let Some(status) = status.filter(|s| record.status.as_ref() != Some(s)) {
        revision.edit(file.as_bstr(), |b, r| edit::set_status(b, r, status)).map_err(|e| refused(&e))?;
    }
    let odd = directory.spells_as_adr_tools(log);
    for reference in &arguments.supersedes {
        let old = directory.target(log, reference)?;
        revision.supersede(&old, &new, odd).map_err(|e| refused(&e))?;
    }
    for link in &arguments.link {
        let (other, name, inverse) = parse_link(link)?;
        let other = directory.target(log, other)?;
        revision.relate(&new, name, &other, &inverse).map_err(|e| refused(&e))?;
    }
    Ok((revision, file))
}

/// `3:Amends:Amended by`; the inverse may be left out where it is known.
fn parse_link(link: &str) -> Result<(&str, &str, String), Failure> {
    let parts: Vec<&str> = link.splitn(3, ':').map(str::trim).collect();
    match parts.as_slice() {
        [other, name, inverse] if ![other, name, inverse].iter().any(|p| p.is_empty()) => {
            Ok((other, name, (*inverse).to_owned()))
        }
        [other, name] if !other.is_empty() && !name.is_empty() => match relation::inverse(name) {
            Some(inverse) => Ok((other, name, inverse)),
            None => Err(Failure::usage(format!("--link {link:?} does not say what the other side calls it"))
                .hint(format!("--link \"{other}:{name}:<what the other record says>\""))),
        },
        _ => {
            Err(Failure::usage(format!("--link {link:?} is not N:RELATION:INVERSE"))
                .hint("--link \"3:Amends:Amended by\""))
        }
    }
}

/// The template's text: `--template`, the directory's own (it is everybody's), `ADR_TEMPLATE`, the configured file, the form of the
/// records that are there, the configured form.
fn find_template(
    arguments: &Arguments,
    world: &World,
    directory: &Directory,
    log: &DecisionLog,
) -> Result<String, Failure> {
    if let Some(chosen) = &arguments.template {
        return match template::named(chosen) {
            Some(text) => Ok(text.to_owned()),
            None => from_file(&world.resolve(Path::new(chosen)), "--template"),
        };
    }
    if let Some(bytes) = files::read(&directory.path.join("templates/template.md"))? {
        return as_text(bytes, &directory.path.join("templates/template.md"));
    }
    if let Some(path) = world.env.get("ADR_TEMPLATE") {
        return from_file(&world.resolve(Path::new(path)), "ADR_TEMPLATE");
    }
    let configured = &directory.settings.template;
    let built_in = template::named(configured);
    if built_in.is_none() {
        let path: PathBuf = super::directory::inside(&directory.root.join(configured), &directory.root)?;
        return from_file(&path, "[adr] template");
    }
    if let Some(text) = log.dialect().and_then(template::like) {
        return Ok(text);
    }
    if directory.has_adr_tools_manners(log) && configured == "mastery" {
        return Ok(template::NYGARD.to_owned());
    }
    Ok(built_in.unwrap_or(template::MASTERY).to_owned())
}

pub(super) fn from_file(path: &Path, origin: &str) -> Result<String, Failure> {
    let bytes = files::read(path)?.ok_or_else(|| {
        Failure::usage(format!("{origin}: there is no template {}", path.display()))
            .hint("give mastery, nygard, madr, or the path of a file")
    })?;
    as_text(bytes, path)
}

fn as_text(bytes: Vec<u8>, path: &Path) -> Result<String, Failure> {
    String::from_utf8(bytes)
        .map_err(|e| Failure::usage(format!("the template {} is not UTF-8", path.display())).because(e))
}
