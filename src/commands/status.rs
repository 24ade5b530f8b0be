//! `mastery status`: where each project stands.

use super::answers::Question;
use super::standing;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::views;
use crate::world::World;

/// Arguments of `mastery status`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The project; all of them where none is named
    project: Option<String>,
    /// Judge this commit instead of HEAD, with its own configuration
    #[arg(long, value_name = "REV")]
    at: Option<String>,
    /// Show the evidence for every milestone and metric
    #[arg(long)]
    explain: bool,
    /// Look at all of history again, and remember nothing of it
    #[arg(long)]
    no_cache: bool,
    /// Print the JSON Schema of what --format json answers
    #[arg(long, conflicts_with_all = ["project", "at", "explain", "no_cache"])]
    schema: bool,
}

/// What `--format json` answers, as a JSON Schema; a test holds every answer against it.
const SCHEMA: &str = include_str!("../../templates/status.schema.json");

/// Runs `mastery status`.
///
/// # Errors
/// As [`standing::take`]; the terminal can't be written.
pub fn run(arguments: &Arguments, world: &World) -> Result<Exit, Failure> {
    if arguments.schema {
        world.term.out(SCHEMA)?;
        return Ok(Exit::Fine);
    }
    let is_json = world.term.is_json();
    let width = if is_json { 0 } else { world.term.width() };
    let words = format!("{:?} {} {is_json} {width}", arguments.project, arguments.explain);
    let may_ask = !arguments.no_cache && arguments.at.is_none();
    let question = may_ask.then(|| Question::new(world, &words)).flatten();
    let text = match question.as_ref().and_then(Question::answer) {
        Some(text) => text,
        None => find(arguments, world, width, question.as_ref())?,
    };
    if is_json {
        world.term.out_bytes(text.as_bytes())?;
    } else {
        world.term.out(&text)?;
    }
    Ok(Exit::Fine)
}

/// The answer, made from history, and remembered where it may be.
fn find(arguments: &Arguments, world: &World, width: usize, question: Option<&Question>) -> Result<String, Failure> {
    let (project, at) = (arguments.project.as_deref(), arguments.at.as_deref());
    let standing = standing::take(world, project, at, !arguments.no_cache)?;
    let text = if world.term.is_json() {
        serde_json::to_string_pretty(&standing.status)
            .map_err(|e| Failure::missing("can't write the answer as JSON").because(e))?
            + "\n"
    } else {
        views::status::text(&standing.status, arguments.explain, width)
    };
    if let (Some(question), Some(places)) = (question, standing.places) {
        question.keep(&places, &text);
    }
    Ok(text)
}
