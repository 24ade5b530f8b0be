//! A suite in a warm snapshot beside the same suite in place.

use super::contenders::Contender;
use super::world::World;
use super::{Promise, median};
use std::path::Path;

/// A suite that reads every file of its track again and again, for about as long as a small real one takes.
const SUITE: &str = "[languages.golang]\ntest = \"n=0; while [ $n -lt 80 ]; do cat *.go | cksum > /dev/null; n=$((n+1)); done\"\nreport = \"none\"\n";

/// Times commits that run the suite, in place and in a snapshot, in turn.
pub fn compare(rounds: usize) -> Promise {
    let binaries = Path::new(env!("CARGO_BIN_EXE_mastery")).parent().unwrap().to_owned();
    let mastery =
        Contender { name: "mastery", install: "mastery hook install".into(), programs: binaries, promised: None };
    let [in_place, snapshot] = [false, true].map(|has_unstaged_work| {
        let world = World::with(&mastery, has_unstaged_work);
        world.write(".mastery.toml", SUITE);
        world.run("git", &["add", ".mastery.toml"]);
        world.run("git", &["commit", "-q", "--no-verify", "-m", "chore: a suite"]);
        world
    });
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..rounds + 2 {
        let [place, copy] = [&in_place, &snapshot].map(|world| world.first_commit(round));
        if round >= 2 {
            times[0].push(place);
            times[1].push(copy);
        }
    }
    let ratio = median(times[1].iter().zip(&times[0]).map(|(copy, place)| copy / place).collect());
    println!("\na commit that runs its suite: median of {rounds}, milliseconds");
    let [place, copy] = times.map(median);
    println!("  in place     {place:7.1}\n  in a snapshot{copy:7.1}");
    Promise { what: "a suite in a warm snapshot, beside the same in place".into(), ratio, most: 1.15 }
}
