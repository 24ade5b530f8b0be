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
    let help = Sandbox::without_repository().mastery(["--help"]).ok().out;
    let listed = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let commands: Vec<&str> = listed
        .lines()
        .filter(|l| !l.starts_with("   "))
        .filter_map(|l| l.split_whitespace().next())
        .filter(|c| *c != "help")
        .collect();
    assert!(commands.len() > 3, "{help}");
    for command in commands {
        assert!(page.contains(&format!("mastery\\-{command}")), "{command} is missing");
    }
}

#[test]
fn a_directory_that_is_not_there_is_missing() {
    let ran = Sandbox::without_repository().mastery(["-C", "nowhere", "man"]).fails(3);
    assert!(ran.err.contains("can't change to"), "{}", ran.err);
}

#[test]
fn resources_are_listed_without_a_repository_as_text_and_as_data() {
    let sandbox = Sandbox::without_repository();
    let text = sandbox.mastery(["resources"]).ok().out;
    assert!(text.starts_with("Books\n  Designing Data-Intensive Applications, Martin Kleppmann\n"), "{text}");
    let data: serde_json::Value =
        serde_json::from_str(&sandbox.mastery(["resources", "--format", "json"]).ok().out).unwrap();
    assert_eq!(data["schema"], 1);
    assert_eq!(data["groups"][1]["entries"][0]["url"], "https://github.com/donnemartin/system-design-primer");
}
