//! `[curriculum] file`: projects of one's own beside the guide's fifteen, or in their place.

use crate::harness::Sandbox;

const OWN: &str = "[[projects]]\nid = \"16-circuit-breaker\"\ntitle = \"Circuit Breaker\"\nlevel = \"beginner\"\norder = 1\nweeks = [1, 1]\nlearned = [\"failure\"]\nservices = [\"redis\"]\nwhy = \"everything fails\"\n";

/// A repository whose `.mastery.toml` names a curriculum with this text.
fn with(curriculum: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", "[curriculum]\nfile = \"docs/curriculum.toml\"\n");
    sandbox.write("docs/curriculum.toml", curriculum);
    sandbox
}

fn json(sandbox: &Sandbox, arguments: &[&str]) -> serde_json::Value {
    let all = [arguments, &["--format", "json"]].concat();
    serde_json::from_str(&sandbox.mastery(all).ok().out).unwrap()
}

fn ids(sandbox: &Sandbox, arguments: &[&str]) -> Vec<String> {
    let answer = json(sandbox, arguments);
    answer["projects"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_command_knows_a_project_of_ones_own() {
    let mut sandbox = with(OWN);
    assert_eq!(ids(&sandbox, &["projects", "list"]).len(), 16);
    let recommended = ids(&sandbox, &["projects", "recommend", "--level", "beginner"]);
    assert_eq!(recommended.len(), 4);
    assert!(recommended.contains(&"16-circuit-breaker".to_owned()), "{recommended:?}");
    let shown = sandbox.mastery(["projects", "show", "16"]).ok().out;
    assert!(shown.contains("Circuit Breaker") && shown.contains("everything fails"), "{shown}");
    sandbox.mastery(["start", "circuit", "--language", "golang"]).ok();
    let compose = sandbox.read("16-circuit-breaker/docker-compose.yml");
    assert!(compose.contains("redis") && !compose.contains("postgres"), "{compose}");
    assert!(sandbox.read("16-circuit-breaker/README.md").contains("Circuit Breaker"));
    sandbox.commit_all("feat: start");
    // A week is planned for it: what the guide would plan for a month is late by then.
    sandbox.at("2026-11-30T10:00:00+00:00");
    let project = json(&sandbox, &["status"])["projects"][0].clone();
    assert_eq!(project["title"], "Circuit Breaker");
    assert_eq!(project["schedule"]["planned_phase"], 6, "{project}");
}

#[test]
fn the_guides_projects_can_be_replaced() {
    let sandbox = with(&format!("replace = true\n{OWN}"));
    assert_eq!(ids(&sandbox, &["projects"]), ["16-circuit-breaker"]);
    sandbox.mastery(["projects", "show", "15"]).fails(2);
    let err = sandbox.mastery(["start", "15-api-rate-limiter"]).fails(2).err;
    assert!(err.contains("there are: 16-circuit-breaker") || err.contains("did you mean 16-circuit-breaker"), "{err}");
}

#[test]
fn a_mistake_in_it_is_shown_where_it_is_and_a_missing_file_is_named() {
    let sandbox = with(&OWN.replace("level", "levle"));
    let err = sandbox.mastery(["projects"]).fails(2).err;
    assert!(err.starts_with("error: docs/curriculum.toml:4:1: there is no key `levle` here"), "{err}");
    assert!(err.ends_with("hint: did you mean `level`?\n"), "{err}");
    std::fs::remove_file(sandbox.work().join("docs/curriculum.toml")).unwrap();
    let err = sandbox.mastery(["status"]).fails(2).err;
    assert!(
        err.contains("[curriculum] in .mastery.toml names a file that is not there: docs/curriculum.toml"),
        "{err}"
    );
    sandbox.write(".mastery.toml", "[curriculum]\nfile = \"../curriculum.toml\"\n");
    let err = sandbox.mastery(["status"]).fails(2).err;
    assert!(err.starts_with("error: .mastery.toml:2:8: "), "{err}");
}

#[test]
fn hooks_read_it_from_the_index_and_a_look_back_from_the_commit() {
    let sandbox = with(OWN);
    sandbox.git(["add", ".mastery.toml"]).ok();
    let err = sandbox.mastery(["hook", "run", "pre-commit"]).fails(2).err;
    assert!(err.contains("not there: the staged docs/curriculum.toml"), "{err}");
    sandbox.write("16-circuit-breaker/golang/main.go", "package main\n\nfunc main() {\n\tprintln(1)\n}\n");
    let before = sandbox.commit_all("feat: begin");
    sandbox.write("docs/curriculum.toml", OWN.replace("Circuit Breaker", "Fuse"));
    sandbox.commit_all("docs: rename");
    let title = |arguments: &[&str]| json(&sandbox, arguments)["projects"][0]["title"].as_str().unwrap().to_owned();
    assert_eq!(title(&["status"]), "Fuse");
    assert_eq!(title(&["status", "--at", &before]), "Circuit Breaker");
}
