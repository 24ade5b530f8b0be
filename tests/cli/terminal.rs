//! What is asked on a terminal: `script` makes one, and passes on what is typed.

use crate::harness::{Ran, Sandbox};
use std::io::Write;
use std::process::Stdio;

/// Runs `mastery …` on a terminal of its own, and types `answer`.
fn typed(sandbox: &Sandbox, arguments: &str, answer: &str) -> Ran {
    let mut command = sandbox.command("script", "");
    let line = format!("{} {arguments}", env!("CARGO_BIN_EXE_mastery"));
    command.args(["-qec", &line, "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("script(1) of util-linux makes the terminal");
    child.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
    sandbox.normalise(&child.wait_with_output().unwrap())
}

#[test]
fn init_shows_its_plan_and_asks_and_only_a_yes_writes() {
    let sandbox = Sandbox::new();
    for answer in ["n\n", "\n", "what?\n"] {
        let ran = typed(&sandbox, "init", answer).ok();
        assert!(
            ran.out.contains("Write these?") && ran.out.contains("Nothing was written."),
            "{answer:?}: {}",
            ran.all()
        );
        assert!(ran.out.contains("create   .mastery.toml"), "{}", ran.all());
        assert!(!sandbox.exists(".mastery.toml") && !sandbox.exists("LEARNINGS.md"), "{answer:?}");
    }
    let ran = typed(&sandbox, "init", "y\n").ok();
    assert!(ran.out.contains("created  .mastery.toml"), "{}", ran.all());
    assert!(sandbox.exists(".mastery.toml") && sandbox.exists("LEARNINGS.md"));
    // Where nothing is left to write nothing is asked, and --yes never asks.
    assert!(!typed(&sandbox, "init", "").ok().out.contains("Write these?"));
    let fresh = Sandbox::new();
    assert!(!typed(&fresh, "init --yes", "").ok().out.contains("Write these?"));
    assert!(fresh.exists(".mastery.toml"));
}
