//! The speed promises: what the hooks add to `git commit`, beside other hook managers, what they ask of a large index, beside git,
//! and what a snapshot adds to a suite.
//!
//! `cargo bench --bench hooks [ROUNDS]` installs the peers from their registries into `target/peers`, times all contenders in
//! turn within each round, and compares medians of paired differences: a noisy machine hits all of them alike. Exit 1 where
//! a promise is missed; what could not be measured is said loudly.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a bench acts on the outside"
)]

mod contenders;
mod index;
mod median;
mod snapshot;
mod world;

use contenders::Contender;
use median::median;
use std::process::ExitCode;
use world::World;

/// A promise: no more than `most` times what the other adds.
struct Promise {
    what: String,
    ratio: f64,
    most: f64,
}

fn main() -> ExitCode {
    if index::is_question(&std::env::args().skip(1).collect::<Vec<_>>()) {
        return ExitCode::SUCCESS;
    }
    let rounds = std::env::args().filter_map(|a| a.parse().ok()).find(|n| *n > 0).unwrap_or(25);
    let (there, missing) = contenders::all();
    let mut promises = Vec::new();
    for has_unstaged_work in [false, true] {
        promises.extend(compare(&there, has_unstaged_work, 1, rounds));
    }
    // For the record: here the journal rule asks for an entry, so that mastery starts a second time.
    compare(&there, false, 12, rounds);
    promises.extend(index::compare(rounds));
    promises.push(snapshot::compare(rounds));
    println!();
    for promise in &promises {
        let verdict = if promise.ratio <= promise.most { "kept  " } else { "MISSED" };
        println!("{verdict} {:<62} {:5.2} x, at most {:.2} x", promise.what, promise.ratio, promise.most);
    }
    for why in &missing {
        println!("NOT MEASURED: {why}");
    }
    if promises.iter().all(|p| p.ratio <= p.most) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Times a commit of so many lines with each contender's hooks, and gives mastery's promises.
fn compare(contenders: &[Contender], has_unstaged_work: bool, lines: usize, rounds: usize) -> Vec<Promise> {
    let state = if has_unstaged_work { "with unstaged work" } else { "clean" };
    let worlds: Vec<World> = contenders.iter().map(|c| World::with(c, has_unstaged_work)).collect();
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); contenders.len()];
    for round in 0..rounds + 3 {
        for turn in 0..contenders.len() {
            let which = (turn + round) % contenders.len();
            let time = worlds[which].commit(round, lines);
            if round >= 3 {
                times[which].push(time);
            }
        }
    }
    println!("\n{state}: median of {rounds} commits of {lines} changed lines, milliseconds over one without hooks");
    let none = contenders.iter().position(|c| c.name == "none").unwrap();
    let added: Vec<f64> =
        times.iter().map(|own| median(own.iter().zip(&times[none]).map(|(a, b)| a - b).collect())).collect();
    for (contender, added) in contenders.iter().zip(&added).filter(|(c, _)| c.name != "none") {
        println!("  {:<12} {added:7.1}", contender.name);
    }
    println!("  ({:<11} {:7.1} in all)", "none", median(times[none].clone()));
    let mastery = contenders.iter().position(|c| c.name == "mastery").unwrap();
    contenders
        .iter()
        .zip(&added)
        .filter_map(|(contender, others)| {
            Some(Promise {
                what: format!("all hooks on a tested tree, {state}, beside {}", contender.name),
                ratio: added[mastery] / others,
                most: contender.promised?,
            })
        })
        .collect()
}
