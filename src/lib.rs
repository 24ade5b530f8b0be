//! `mastery` makes git keep you honest while you learn.
//!
//! Three streets, each one-way:
//!
//! ```text
//! commit    hooks/shim -> commands/hook -> git (staged trees) -> suites (receipt? else run) -> gates (verdict) -> views -> exit code
//! status    git (one walk) -> history (facts) -> progress (phases, metrics, evidence) -> views (text, JSON)
//! writing   text in -> documents (pure edit) -> Plan of changes -> system/files (atomic)
//! ```
//!
//! `history`, `progress`, `gates`, `documents` and `curriculum` are pure: values in, values out. Everything that touches the
//! outside goes through one of the doors in `system`.

pub mod cli;
pub mod commands;
pub mod config;
pub mod curriculum;
pub mod doctor;
pub mod documents;
pub mod exit;
pub mod failure;
pub mod gates;
pub mod git;
pub mod history;
pub mod hooks;
pub mod load;
pub mod progress;
pub mod scaffold;
pub mod services;
pub mod suites;
pub mod system;
pub mod views;
pub mod world;

use exit::Exit;
use failure::Failure;
use std::ffi::OsString;
use system::terminal::Terminal;
use world::World;

/// Runs one command line in `world` and says how the process should end.
///
/// Never panics on bad input; what goes wrong is written to standard error with what to do next.
pub fn run(arguments: Vec<OsString>, world: &mut World) -> Exit {
    match cli::dispatch(arguments, world) {
        Ok(exit) => exit,
        Err(failure) => report(&failure, &world.term),
    }
}

/// Writes `failure` for people and turns it into the exit code that its kind promises.
pub fn report(failure: &Failure, term: &Terminal) -> Exit {
    if !failure.is_quiet() {
        // A closed standard error leaves nobody to tell.
        let _ = term.err(&views::failure::text(failure));
    }
    failure.exit()
}
