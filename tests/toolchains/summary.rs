//! The closing lines of `cargo test`: which tests could not run for want of a tool. With `CI` set, that is a failure.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test")]
#![allow(dead_code, unreachable_pub, reason = "the tests in the other binary use the rest")]

use std::process::ExitCode;

mod tools;
use tools::Tool;

const ALL: [Tool; 5] = [Tool::Jest, Tool::Go, Tool::Pytest, Tool::Managers, Tool::Redis];

fn main() -> ExitCode {
    let missing: Vec<(Tool, String)> = ALL.into_iter().filter_map(|tool| Some((tool, tool.missing()?))).collect();
    if tools::compose().is_none() {
        println!("\nNOT RUN: `docker compose config` over the scaffolds' files (no Docker Compose 2.20 here)");
    }
    if tools::small_disk().is_none() {
        println!(
            "\nNOT RUN: the tests with a really full disk (this user can't mount one); those with a limit on files ran"
        );
    }
    if missing.is_empty() {
        println!("\nthe tests with real toolchains ran: {}\n", ALL.map(Tool::name).join(", "));
        return ExitCode::SUCCESS;
    }
    println!();
    for (tool, what) in missing {
        println!("NOT RUN: every test that needs {} ({what})", tool.name());
    }
    println!("`.ci/run` installs what is missing and runs everything\n");
    if tools::is_ci() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
