//! The command line: the clap tree, and one arm a command.

use crate::commands::{
    adr, blog, check, clean, compare, completions, demo, doctor, hook, init, journal, man, next, projects, resources,
    start, status, supervise, test, verify,
};
use crate::commands::{load, services};
use crate::exit::Exit;
use crate::failure::{Context, Failure};
use crate::system::terminal::{Color, Format};
use crate::world::World;
use clap::{Args, CommandFactory, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// Keeps you honest with git while you learn: hooks that test exactly what is committed, a journal, decision records, and a
/// status read from history.
#[derive(Debug, Parser)]
#[command(name = "mastery", version, max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// Act as if started in DIR
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub directory: Option<PathBuf>,
    /// Use FILE instead of every .mastery.toml
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// When to colour output
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto, global = true)]
    pub color: Color,
    /// How a command that reads answers
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Human, global = true)]
    pub format: Format,
    /// Say only what must be said
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// The commands, one file each in `commands/`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look at the repository, and write what a learner starts with
    Init(init::Arguments),
    /// Tell the whole story in a temporary repository
    Demo(demo::Arguments),
    /// Write what a project starts with: its papers, its services, and an implementation that runs in each language
    Start(start::Arguments),
    /// Install the hooks, look after them, and do what they do
    Hook(hook::Arguments),
    /// Write, list and relate decision records
    Adr(adr::Arguments),
    /// Write down what was learned, list it, and keep the journal in order
    Journal(journal::Arguments),
    /// Begin a blog post from what is known of a project, and say which posts there are
    Blog(blog::Arguments),
    /// Run suites, and keep what was found: a commit of the same content does not run them again
    Test(test::Arguments),
    /// Find out about every commit of a range: look for its receipts, and run in snapshots what has none
    Verify(verify::Arguments),
    /// Hold the hooks' rules against every commit of a range, for CI
    Check(check::Arguments),
    /// Remove snapshots and caches
    Clean(clean::Arguments),
    /// The curriculum's projects, and which one to take up next
    Projects(projects::Arguments),
    /// Books, courses, practice, and where to get help
    Resources,
    /// Check tools, services, ports, dependencies and hooks, and say what mends what is wrong
    Doctor(doctor::Arguments),
    /// Compare a project's implementations: size, speed, tests, endpoints
    Compare(compare::Arguments),
    /// Say what to do now, with the command that does it
    Next(next::Arguments),
    /// Say where each project stands, and from what that is known
    Status(status::Arguments),
    /// Start and stop the services that a project needs, and ask whether they answer
    Services(services::Arguments),
    /// Load the service of each track with k6, and keep the figures
    Load(load::Arguments),
    /// Write the completion script for a shell to standard output
    Completions(completions::Arguments),
    /// Write the manual page to standard output
    Man,
    /// Watch one suite; mastery starts this itself
    #[command(hide = true)]
    Supervise(supervise::Arguments),
}

/// Reads the command line and runs the command that it names.
///
/// # Errors
/// Whatever the command reports.
pub fn dispatch(arguments: Vec<OsString>, world: &mut World) -> Result<Exit, Failure> {
    if let Some(call) = hook::Call::of(&arguments) {
        return hook::fire(&call, world);
    }
    if let Some((arguments, format)) = status::Arguments::of(&arguments) {
        world.term.format = format;
        return status::run(&arguments, world);
    }
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return explain(&error, world),
    };
    apply(cli.global, world)?;
    match cli.command {
        Command::Init(arguments) => init::run(&arguments, world),
        Command::Demo(arguments) => demo::run(&arguments, world),
        Command::Start(arguments) => start::run(&arguments, world),
        Command::Hook(arguments) => hook::run(arguments, world),
        Command::Adr(arguments) => adr::run(&arguments, world),
        Command::Journal(arguments) => journal::run(arguments, world),
        Command::Test(arguments) => test::run(&arguments, world),
        Command::Verify(arguments) => verify::run(&arguments, world),
        Command::Blog(arguments) => blog::run(arguments, world),
        Command::Check(arguments) => check::run(&arguments, world),
        Command::Clean(arguments) => clean::run(&arguments, world),
        Command::Projects(arguments) => projects::run(&arguments, world),
        Command::Resources => resources::run(world),
        Command::Doctor(arguments) => doctor::run(&arguments, world),
        Command::Compare(arguments) => compare::run(&arguments, world),
        Command::Next(arguments) => next::run(&arguments, world),
        Command::Status(arguments) => status::run(&arguments, world),
        Command::Services(arguments) => services::run(&arguments, world),
        Command::Load(arguments) => load::run(&arguments, world),
        Command::Completions(arguments) => completions::run(&arguments, world),
        Command::Man => man::run(world),
        Command::Supervise(arguments) => supervise::run(&arguments, world),
    }
}

/// The clap tree, for completions and the manual.
pub fn tree() -> clap::Command {
    Cli::command()
}

/// Help and version go to standard output; a wrong command line goes to standard error and is a usage failure.
fn explain(error: &clap::Error, world: &World) -> Result<Exit, Failure> {
    let text = error.render().ansi().to_string();
    if error.use_stderr() {
        world.term.err(&text)?;
        return Ok(Exit::Usage);
    }
    world.term.out(&text)?;
    Ok(Exit::Fine)
}

fn apply(global: Global, world: &mut World) -> Result<(), Failure> {
    world.term.set_color(global.color);
    world.term.format = global.format;
    world.term.quiet = global.quiet;
    world.term.verbose = global.verbose;
    world.config_file = global.config.map(|file| world.resolve(&file));
    if let Some(directory) = global.directory {
        let directory = world.resolve(&directory);
        let cannot = || format!("can't change to {}", directory.display());
        world.cwd = directory.canonicalize().or_missing(cannot)?;
        if !world.cwd.is_dir() {
            return Err(Failure::missing(cannot()).because("it is not a directory"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tree_is_sound() {
        super::tree().debug_assert();
    }
}
