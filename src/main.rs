//! The edge: the real world comes in here, and an exit code goes out.

use mastery::system::{clock, env::Env, interrupt::Interrupt, terminal::Terminal};
use mastery::world::World;
use std::process::ExitCode;

fn main() -> ExitCode {
    let env = Env::capture();
    let term = Terminal::standard(&env);
    let now = match clock::now(&env) {
        Ok(now) => now,
        Err(failure) => return mastery::report(&failure, &term).into(),
    };
    let cwd = match mastery::system::env::working_directory() {
        Ok(cwd) => cwd,
        Err(failure) => return mastery::report(&failure, &term).into(),
    };
    let mut world = World { cwd, now, env, term, interrupt: Interrupt::listen(), config_file: None };
    mastery::run(mastery::system::env::arguments(), &mut world).into()
}
