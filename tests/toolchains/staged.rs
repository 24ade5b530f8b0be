//! What is staged decides, whatever the work tree holds; and the work tree is left alone.

use super::fixture::{Fixture, GO, JEST, PYTEST, TS_JEST, every_byte};

fn porcelain(sandbox: &crate::harness::Sandbox) -> String {
    sandbox.git(["status", "--porcelain=v2"]).ok().out
}

/// A failing test is staged, and mended in the work tree.
fn a_failing_staged_test_is_refused_although_the_work_tree_is_mended(fixture: &Fixture) {
    if !fixture.tool.is_here() {
        return;
    }
    let sandbox = fixture.planted();
    sandbox.write(fixture.path(), fixture.content(false));
    sandbox.git(["add", "-A"]).ok();
    sandbox.write(fixture.path(), fixture.content(true));
    sandbox.write(format!("{}/notes.txt", fixture.track), "not staged, and not to be lost");
    let before = (porcelain(&sandbox), every_byte(&sandbox));

    let ran = sandbox.git(["commit", "-m", "feat: let more through"]).fails(1);

    assert!(ran.err.contains(fixture.test), "{}", ran.err);
    assert_eq!(porcelain(&sandbox), before.0);
    assert_eq!(every_byte(&sandbox), before.1);
}

/// A passing state is staged, and the work tree is broken.
fn a_passing_staged_state_is_accepted_although_the_work_tree_is_broken(fixture: &Fixture) {
    if !fixture.tool.is_here() {
        return;
    }
    let sandbox = fixture.planted();
    sandbox.write(fixture.path(), fixture.content(true) + "\n");
    sandbox.git(["add", "-A"]).ok();
    sandbox.write(fixture.path(), fixture.content(false));
    sandbox.write(format!("{}/notes.txt", fixture.track), "not staged, and not to be lost");
    let before = every_byte(&sandbox);

    let ran = sandbox.git(["commit", "-m", "feat: leave room at the end"]).ok();

    assert!(ran.err.contains("1 test"), "{}", ran.err);
    assert_eq!(every_byte(&sandbox), before);
    let status = porcelain(&sandbox);
    assert!(status.contains(&format!(" {}\n", fixture.path())) && status.starts_with("1 .M "), "{status}");
    assert!(status.ends_with(&format!("? {}/notes.txt\n", fixture.track)), "{status}");
}

/// The work tree is what is staged: the suite runs where it is.
fn a_clean_work_tree_gets_the_verdict_of_its_tests(fixture: &Fixture) {
    if !fixture.tool.is_here() {
        return;
    }
    let sandbox = fixture.planted();
    sandbox.write(fixture.path(), fixture.content(false));
    sandbox.git(["add", "-A"]).ok();
    let ran = sandbox.git(["commit", "-m", "feat: let more through"]).fails(1);
    assert!(ran.err.contains(fixture.test), "{}", ran.err);

    sandbox.write(fixture.path(), fixture.content(true) + "\n");
    sandbox.git(["add", "-A"]).ok();
    let ran = sandbox.git(["commit", "-m", "feat: leave room at the end"]).ok();
    assert!(ran.err.contains("1 test"), "{}", ran.err);
    assert_eq!(porcelain(&sandbox), "");
}

macro_rules! with_each_toolchain {
    ($($name:ident: $fixture:expr,)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn a_failing_staged_test_is_refused_although_the_work_tree_is_mended() {
                super::a_failing_staged_test_is_refused_although_the_work_tree_is_mended(&$fixture);
            }

            #[test]
            fn a_passing_staged_state_is_accepted_although_the_work_tree_is_broken() {
                super::a_passing_staged_state_is_accepted_although_the_work_tree_is_broken(&$fixture);
            }
        }
    )*};
}

with_each_toolchain! {
    jest: JEST,
    ts_jest: TS_JEST,
    go: GO,
    pytest: PYTEST,
}

#[test]
fn a_clean_work_tree_gets_the_verdict_of_its_jest_tests() {
    a_clean_work_tree_gets_the_verdict_of_its_tests(&JEST);
}

#[test]
fn a_clean_work_tree_gets_the_verdict_of_its_go_tests() {
    a_clean_work_tree_gets_the_verdict_of_its_tests(&GO);
}

#[test]
fn a_clean_work_tree_gets_the_verdict_of_its_pytest_tests() {
    a_clean_work_tree_gets_the_verdict_of_its_tests(&PYTEST);
}
