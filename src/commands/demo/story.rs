//! The story: two commits that are refused, mended and accepted, a decision, and where that leaves you. Every step is checked.

use super::PROJECT;
use super::flavour::Flavour;
use super::stage::{Stage, Told};
use crate::failure::Failure;
use crate::views::demo as view;
use crate::views::words;
use crate::world::World;
use chrono::Duration;

const FIRST: &str = "feat: limit requests";
const LEARNED: &str = "Learned: windows slide, but buckets leak";
const SECOND: &str = "feat: tell clients what is left";
const ENTRY: &str = "A client that knows its limit waits";
const DECISION: &str = "Keep the counters in memory";

/// Tells it on the terminal.
///
/// # Errors
/// A step did not go as it should: kind `Missing`, with what it said.
pub(super) fn tell(stage: &mut Stage<'_>, flavour: &Flavour, world: &World) -> Result<(), Failure> {
    stage.at(world.now - Duration::days(1));
    prepare(stage, flavour)?;
    say(world, &view::command("git init && mastery init && mastery hook install", ""))?;

    limiter(stage, flavour, true)?;
    let commit = ["commit", "-m", FIRST, "-m", LEARNED];
    let line = format!("git commit -m {FIRST:?} -m {LEARNED:?}");
    say(world, &view::command(&line, "with a mistake"))?;
    refused(stage, world, &commit, flavour.failing, &["tests failed", flavour.failing], 2)?;

    limiter(stage, flavour, false)?;
    say(world, &view::command(&line, "mended"))?;
    accepted(stage, world, &commit)?;

    stage.at(world.now);
    add(stage, flavour, flavour.second)?;
    let line = format!("git commit -m {SECOND:?}");
    let commit = ["commit", "-m", SECOND];
    say(world, &view::command(&line, "and nothing learned?"))?;
    refused(stage, world, &commit, "journal", &["✗ journal", "mastery journal add"], 2)?;

    say(world, &view::command(&format!("mastery journal add -l {} {ENTRY:?}", flavour.language), ""))?;
    well(stage.mastery(&["journal", "add", "-l", flavour.language, ENTRY])?, "the journal takes an entry")?;
    well(stage.git(&["add", "-A"])?, "git stages the entry")?;
    say(world, &view::command(&line, ""))?;
    accepted(stage, world, &commit)?;

    say(world, &view::command(&format!("mastery adr new {DECISION:?}"), ""))?;
    let told = well(stage.mastery(&["adr", "new", DECISION])?, "a decision is recorded")?;
    say(world, &view::said(told.text.lines().take(1)))?;
    well(stage.git(&["add", "-A"])?, "git stages the decision")?;
    well(stage.git(&["commit", "-q", "-m", "docs: record a decision"])?, "the decision is committed")?;

    say(world, &view::command("mastery status", ""))?;
    let told = well(stage.mastery(&["status"])?, "the status is read from history")?;
    check(told.text.contains("Phase 3 of 6"), "the status names the phase", &told)?;
    say(world, &view::said(told.text.lines().filter(|line| !line.trim().is_empty()).take(5)))?;
    let left = well(stage.git(&["status", "--porcelain"])?, "git looks at the work tree")?;
    check(left.text.is_empty(), "nothing is left uncommitted", &left)
}

fn say(world: &World, text: &str) -> Result<(), Failure> {
    world.term.out(text)
}

/// A repository with mastery's files, the project's brief and the hooks, committed.
fn prepare(stage: &Stage<'_>, flavour: &Flavour) -> Result<(), Failure> {
    well(stage.git(&["-c", "init.defaultBranch=main", "init", "-q"])?, "git makes a repository")?;
    stage.write(".mastery.toml", &flavour.configuration())?;
    stage.write(".gitignore", "__pycache__/\n.pytest_cache/\n")?;
    let brief =
        "# API Rate Limiter\n\nSo many requests for each client in a window of time; one more is answered by 429.\n";
    stage.write(&format!("{PROJECT}/README.md"), brief)?;
    well(stage.mastery(&["init", "--yes"])?, "mastery writes its files")?;
    well(stage.mastery(&["hook", "install"])?, "the hooks are installed")?;
    well(stage.git(&["add", "-A"])?, "git stages the files")?;
    well(stage.git(&["commit", "-q", "-m", "docs: begin"])?, "the files are committed").map(|_| ())
}

/// The limiter and its tests, with the mistake or without it.
fn limiter(stage: &Stage<'_>, flavour: &Flavour, mistaken: bool) -> Result<(), Failure> {
    let (file, right, wrong) = flavour.mistake;
    let text =
        |name: &str, text: &str| if mistaken && name == file { text.replace(right, wrong) } else { text.to_owned() };
    for (name, content) in flavour.first {
        stage.write(&format!("{PROJECT}/{}/{name}", flavour.language), &text(name, content))?;
    }
    well(stage.git(&["add", "-A"])?, "git stages the limiter").map(|_| ())
}

fn add(stage: &Stage<'_>, flavour: &Flavour, files: &[(&str, &str)]) -> Result<(), Failure> {
    for (name, content) in files {
        stage.write(&format!("{PROJECT}/{}/{name}", flavour.language), content)?;
    }
    well(stage.git(&["add", "-A"])?, "git stages the new files").map(|_| ())
}

/// A commit that must not come to be, and must say why.
fn refused(
    stage: &Stage<'_>,
    world: &World,
    commit: &[&str],
    why: &str,
    telling: &[&str],
    most: usize,
) -> Result<(), Failure> {
    let before = head(stage)?;
    let told = stage.git(commit)?;
    check(told.code == Some(1) && head(stage)? == before, "the commit is refused", &told)?;
    check(told.text.contains(why), "the refusal says why", &told)?;
    let lines = told.text.lines().map(str::trim).filter(|line| telling.iter().any(|word| line.contains(word)));
    say(world, &view::said(lines.take(most)))?;
    say(world, &view::outcome(None))
}

/// A commit that must come to be.
fn accepted(stage: &Stage<'_>, world: &World, commit: &[&str]) -> Result<(), Failure> {
    let before = head(stage)?;
    let told = well(stage.git(commit)?, "the commit is accepted")?;
    let after = head(stage)?;
    check(after != before, "the commit is accepted", &told)?;
    let lines = told.text.lines().filter(|line| line.contains(PROJECT) && !line.starts_with(' '));
    say(world, &view::said(lines.take(1)))?;
    say(world, &view::outcome(Some(&after)))
}

fn head(stage: &Stage<'_>) -> Result<String, Failure> {
    let told = well(stage.git(&["log", "-1", "--format=%h %s"])?, "git names the last commit")?;
    Ok(told.text.trim().to_owned())
}

fn well(told: Told, step: &str) -> Result<Told, Failure> {
    check(told.code == Some(0), step, &told)?;
    Ok(told)
}

fn check(holds: bool, step: &str, told: &Told) -> Result<(), Failure> {
    if holds {
        return Ok(());
    }
    let lines: Vec<&str> = told.text.lines().collect();
    let end = lines[lines.len().saturating_sub(20)..].join("\n");
    let code = told.code.map_or_else(|| "a signal".to_owned(), |code| format!("exit {code}"));
    Err(Failure::missing(format!("the story went another way; it should have been so: {step}"))
        .because(format!("instead there was {code}, and:\n{}", words::shown_lines(end)))
        .hint("`mastery demo --keep` leaves the repository for a look"))
}
