//! `mastery adr init`

use super::directory::{DOT_FILE, Directory, inside};
use super::new::from_file;
use crate::documents::adr::template::{self, Values};
use crate::documents::adr::{Status, name};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::system::files::{self, Change, Plan};
use crate::views::{self, words};
use crate::world::World;
use bstr::{BStr, ByteSlice};
use std::path::{Path, PathBuf};

/// What explains the directory to who finds it.
const README: &str = include_str!("../../../templates/decisions.md");

/// What shows that a formatter is at work, which takes `+` for `-`: its settings, and the file that keeps it away.
const FORMATTERS: [(&[&str], &str); 2] = [
    (
        &[
            ".prettierrc",
            ".prettierrc.json",
            ".prettierrc.yaml",
            ".prettierrc.yml",
            ".prettierrc.js",
            "prettier.config.js",
        ],
        ".prettierignore",
    ),
    (
        &[
            ".markdownlint.json",
            ".markdownlint.yaml",
            ".markdownlint.jsonc",
            ".markdownlint-cli2.jsonc",
            ".markdownlint-cli2.yaml",
        ],
        ".markdownlintignore",
    ),
];

/// Arguments of `mastery adr init`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The directory; .adr-dir remembers it, and things are done there as adr-tools does them
    #[arg(value_name = "DIR", id = "log")]
    directory: Option<PathBuf>,
    /// Also write the lines that keep formatters from turning + into -
    #[arg(short, long)]
    yes: bool,
    /// Show what would be written
    #[arg(long)]
    dry_run: bool,
}

/// Makes the directory; in adr-tools' manners with a first record, whose path is printed.
pub(super) fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    let mut directory = Directory::locate(world)?;
    if let Some(repo) = &directory.repo {
        repo.needs_work_tree()?;
    }
    let mut plan = Plan::default();
    let named = arguments.directory.as_deref();
    if let Some(wanted) = named {
        let root = if directory.repo.is_some() { directory.root.clone() } else { directory.cwd.clone() };
        directory.path = inside(&directory.cwd.join(wanted), &root)?;
        plan.changes.push(dot_file(&directory, wanted)?);
    }
    let log = directory.list()?;
    let adr_tools = named.is_some() || directory.has_adr_tools_manners(&log);
    if !adr_tools {
        return house(arguments, world, &directory);
    }
    let number = directory.next_number(&log)?;
    let width = log.width().unwrap_or(4);
    let file = name::file(number, width, "Record architecture decisions");
    let path = directory.path.join(&file);
    let text = match world.env.get("ADR_INIT_TEMPLATE") {
        Some(path) => from_file(&world.resolve(Path::new(path)), "ADR_INIT_TEMPLATE")?,
        None => template::FIRST.to_owned(),
    };
    let today = world.now.format("%Y-%m-%d").to_string();
    let date = world.env.text("ADR_DATE").unwrap_or(&today);
    let values = Values { number, width, title: "Record architecture decisions", date, status: &Status::Accepted };
    let bytes = template::fill(&text, &values).into_bytes();
    plan.changes.push(Change::Create { path, bytes, executable: false });
    if arguments.dry_run {
        world.term.out(&views::plan::text(&plan, &directory.cwd, false))?;
        return Ok(Exit::Fine);
    }
    let held = directory.lock(world)?;
    directory.write(&plan, &held)?;
    let shown = directory.relative_path(BStr::new(&file));
    world.term.out(&format!("{}\n", words::shown(shown.as_os_str().as_encoded_bytes())))?;
    Ok(Exit::Fine)
}

/// `.adr-dir` where one stands, naming `wanted`.
fn dot_file(directory: &Directory, wanted: &Path) -> Result<Change, Failure> {
    let path = directory.cwd.join(DOT_FILE);
    let mut new = wanted.as_os_str().as_encoded_bytes().to_vec();
    new.push(b'\n');
    Ok(match files::read(&path)? {
        None => Change::Create { path, bytes: new, executable: false },
        Some(old) if old.trim() == new.trim() => Change::Keep { path, why: "it says so already".into() },
        Some(old) => Change::Replace { path, old, new },
    })
}

/// The directory with a word on what it is for, and where formatters are at work the lines that keep them away from it.
fn house(arguments: &Arguments, world: &World, directory: &Directory) -> Result<Exit, Failure> {
    let readme = directory.path.join("README.md");
    let kept = files::read(&readme)?.is_some();
    let mut plan = Plan::default();
    plan.changes.push(if kept {
        Change::Keep { path: readme, why: "it is there".into() }
    } else {
        Change::Create { path: readme, bytes: README.as_bytes().to_vec(), executable: false }
    });
    let ignores = ignores(directory)?;
    let line = ignore_line(directory);
    let offer = !ignores.is_empty()
        && (arguments.yes
            || (!arguments.dry_run
                && world.term.is_interactive()
                && world
                    .term
                    .confirm(&format!("A formatter here would turn + into - in records. Keep it out of {line}?"))?));
    if offer {
        plan.changes.extend(ignores.clone());
    }
    if arguments.dry_run {
        world.term.out(&views::plan::text(&plan, &directory.cwd, false))?;
    } else {
        let held = directory.lock(world)?;
        directory.write(&plan, &held)?;
        world.term.out(&views::plan::text(&plan, &directory.cwd, true))?;
    }
    if !offer {
        for change in &ignores {
            let (Change::Create { path, .. } | Change::Replace { path, .. }) = change else { continue };
            let place = directory.relative(path);
            world.term.note(&format!(
                "a formatter here would turn + into - in records: add {line} to {place}, or run `mastery adr init --yes`\n"
            ))?;
        }
    }
    Ok(Exit::Fine)
}

fn ignore_line(directory: &Directory) -> String {
    format!("{}/", words::shown(directory.in_repository()))
}

/// The changes that keep the formatters that are set up here away from the records.
fn ignores(directory: &Directory) -> Result<Vec<Change>, Failure> {
    let root = &directory.root;
    let package = files::read(&root.join("package.json"))?.unwrap_or_default();
    let mut changes = Vec::new();
    for (settings, ignore) in FORMATTERS {
        let named = ignore == ".prettierignore" && package.contains_str("\"prettier\"");
        if !named && !settings.iter().any(|s| root.join(s).is_file()) {
            continue;
        }
        let path = root.join(ignore);
        let line = format!("{}/\n", directory.in_repository());
        match files::read(&path)? {
            None => changes.push(Change::Create { path, bytes: line.into_bytes(), executable: false }),
            Some(old) if old.lines().any(|l| l.trim() == line.trim().as_bytes()) => {}
            Some(old) => {
                let mut new = old.clone();
                if !new.is_empty() && !new.ends_with(b"\n") {
                    new.push(b'\n');
                }
                new.extend_from_slice(line.as_bytes());
                changes.push(Change::Replace { path, old, new });
            }
        }
    }
    Ok(changes)
}
