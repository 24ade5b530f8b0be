//! The command line itself: help, completions, the manual, wrong usage.

use crate::harness::Sandbox;

#[test]
fn a_command_that_does_not_exist_is_wrong_usage_and_names_the_near_one() {
    let ran = Sandbox::without_repository().mastery(["completion"]).fails(2);
    assert!(ran.err.contains("completions"), "{}", ran.err);
}

#[test]
fn completions_are_accepted_by_the_real_shell() {
    let sandbox = Sandbox::without_repository();
    let script = sandbox.mastery(["completions", "bash"]).ok().out;
    sandbox.write("mastery.bash", &script);
    let ran =
        sandbox.run(sandbox.command("bash", "").args(["-c", "source ./mastery.bash && complete -p mastery"])).ok();
    assert!(ran.out.contains("_mastery"), "{}", ran.out);
}

#[test]
fn the_manual_names_every_command() {
    let page = Sandbox::without_repository().mastery(["man"]).ok().out;
    for command in ["completions", "man"] {
        assert!(page.contains(&format!("mastery\\-{command}")), "{command} is missing");
    }
}

#[test]
fn a_directory_that_is_not_there_is_missing() {
    let ran = Sandbox::without_repository().mastery(["-C", "nowhere", "man"]).fails(3);
    assert!(ran.err.contains("can't change to"), "{}", ran.err);
}
