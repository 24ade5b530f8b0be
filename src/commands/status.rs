//! `mastery status`: where each project stands.

use super::answers::Question;
use super::standing;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::system::terminal::Format;
use crate::views::parts::Form;
use crate::world::World;
use std::ffi::OsString;

/// Arguments of `mastery status`.
#[derive(Debug, Default, PartialEq, Eq, clap::Args)]
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

impl Arguments {
    /// The arguments of the lines that are in the way of a learner all day, and the format they ask for; none for any other line, and
    /// for any that is wrong. To make the clap tree alone would cost as much as all else that such a line does.
    pub fn of(line: &[OsString]) -> Option<(Arguments, Format)> {
        let [_, command, words @ ..] = line else { return None };
        let mut found = (Arguments::default(), None);
        for word in words {
            match word.to_str()? {
                "--explain" if !found.0.explain => found.0.explain = true,
                "--format=json" if found.1.is_none() => found.1 = Some(Format::Json),
                id if !id.is_empty() && !id.starts_with('-') && found.0.project.is_none() => {
                    found.0.project = Some(id.to_owned());
                }
                _ => return None,
            }
        }
        (command == "status").then(|| (found.0, found.1.unwrap_or_default()))
    }
}

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
    let form = Form { json: is_json, explain: arguments.explain, width: if is_json { 0 } else { world.term.width() } };
    let may_ask = !arguments.no_cache && arguments.at.is_none();
    let question = may_ask.then(|| Question::new(world, arguments.project.as_deref(), form)).flatten();
    let text = match question.as_ref().and_then(Question::answer) {
        Some(text) => text,
        None => find(arguments, world, form, question.as_ref())?,
    };
    if is_json {
        world.term.out_bytes(text.as_bytes())?;
    } else {
        world.term.out(&text)?;
    }
    Ok(Exit::Fine)
}

/// The answer, made from history, and remembered where it may be.
fn find(arguments: &Arguments, world: &World, form: Form, question: Option<&Question<'_>>) -> Result<String, Failure> {
    let (project, at) = (arguments.project.as_deref(), arguments.at.as_deref());
    let wants = question.map(Question::wants).unwrap_or_default();
    let standing = standing::take_and_part(world, project, at, !arguments.no_cache, &wants)?;
    let parts =
        form.parts(&standing.status).map_err(|e| Failure::missing("can't write the answer as JSON").because(e))?;
    let text = parts.iter().map(|(_, part)| part.as_str()).collect();
    if let (Some(question), Some(basis)) = (question, standing.basis) {
        question.keep(basis, &standing.status.repository, parts);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser;

    #[test]
    fn a_line_that_is_read_without_the_tree_means_what_the_tree_says() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        let mut read = 0;
        for line in [
            "mastery status",
            "mastery status 15",
            "mastery status --explain",
            "mastery status --explain 15-api",
            "mastery status 15 --explain --format=json",
            "mastery status --format=json",
            "mastery status --format json",
            "mastery status 15 16",
            "mastery status --explain --explain",
            "mastery status --no-cache",
            "mastery status -- 15",
            "mastery status --help",
            "mastery --format=json status",
            "mastery next",
            "mastery",
        ] {
            let line = words(line);
            let Some((arguments, format)) = Arguments::of(&line) else { continue };
            let cli = Cli::try_parse_from(&line).unwrap();
            let Command::Status(own) = cli.command else { panic!("{line:?}") };
            assert_eq!((&arguments, format), (&own, cli.global.format), "{line:?}");
            read += 1;
        }
        assert_eq!(read, 6);
    }
}
