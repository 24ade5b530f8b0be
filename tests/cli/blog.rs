//! `mastery blog`: a stub from what is known, and what counts as a post.

use crate::harness::Sandbox;
use std::os::unix::fs::PermissionsExt;

const POST: &str = "15-api-rate-limiter/blog/building-an-api-rate-limiter-golang-vs-python.md";

/// Two tracks, two entries, one decision.
fn learner() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("15-api-rate-limiter/golang/go.mod", "module limits\n\ngo 1.22\n");
    sandbox.write("15-api-rate-limiter/golang/main.go", "package main\n\nfunc main() {\n\tprintln(1)\n}\n");
    sandbox.write("15-api-rate-limiter/python/main.py", "print(1)\n");
    sandbox.write(
        "LEARNINGS.md",
        "# Learnings\n\n## Week 1: Golang implementation\n\n- channels close once, --> by the sender\n",
    );
    sandbox.commit_all("feat: begin");
    sandbox.write("15-api-rate-limiter/python/main.py", "print(1 + 1)\n");
    sandbox.commit_all("feat: more\n\nLearned-python: generators keep their frame alive");
    sandbox.mastery(["adr", "new", "Use Redis"]).ok();
    sandbox
}

fn metric(sandbox: &Sandbox) -> String {
    let json: serde_json::Value =
        serde_json::from_str(&sandbox.mastery(["status", "--format", "json"]).ok().out).unwrap();
    let metrics = json["projects"][0]["metrics"].as_array().unwrap().clone();
    let blog = metrics.iter().find(|m| m["id"] == "blog").unwrap();
    format!("{}: {}", blog["state"].as_str().unwrap(), blog["why"].as_str().unwrap())
}

#[test]
fn a_stub_holds_what_is_known_and_counts_for_nothing() {
    let sandbox = learner();
    assert!(sandbox.mastery(["blog", "new", "--dry-run"]).ok().out.contains("create"));
    assert!(!sandbox.exists(POST));
    let ran = sandbox.mastery_in("15-api-rate-limiter/golang", ["blog", "new"]).ok();
    assert!(ran.out.contains(&format!("created  {POST}")) && ran.err.contains("every TO-DO"), "{}", ran.all());
    let text = sandbox.read(POST);
    assert!(
        text.starts_with(
            "---\ntitle: \"Building an API Rate Limiter: Golang vs Python\"\ndate: 2026-11-22\ndraft: true\n---\n"
        ),
        "{text}"
    );
    assert!(text.contains("- channels close once, --&gt; by the sender\n-->\n\n## Python\n"), "{text}");
    assert!(text.contains("- generators keep their frame alive\n-->\n"), "{text}");
    assert!(text.contains("- [ADR 001: Use Redis](../../docs/adr/001-use-redis.md): accepted\n"), "{text}");
    assert!(text.contains("| lines of code | 4 | 1 |\n"), "{text}");
    sandbox.commit_all("docs: begin a post");
    assert_eq!(metric(&sandbox), "unmet: the post is a draft");
    // Neither do its own words count once it is no draft any more, nor do they once there are no gaps.
    sandbox.write(POST, text.replace("draft: true\n", ""));
    sandbox.commit_all("docs: publish");
    assert_eq!(metric(&sandbox), "unmet: the post has gaps");
    let gapless: String =
        text.replace("draft: true\n", "").lines().filter(|l| !l.starts_with("TO-DO")).collect::<Vec<_>>().join("\n");
    sandbox.write(POST, gapless);
    sandbox.commit_all("docs: no gaps");
    assert_eq!(metric(&sandbox), "unmet: the post is only a note");
    let next = sandbox.mastery(["blog", "list"]).ok().out;
    assert!(next.contains("a post has 200"), "{next}");
}

#[test]
fn the_list_says_what_each_post_lacks_until_it_counts() {
    let sandbox = learner();
    assert!(sandbox.mastery(["blog", "list"]).ok().out.contains("no posts yet"));
    sandbox.mastery(["blog", "new", "What", "surprised", "me"]).ok();
    let path = "15-api-rate-limiter/blog/what-surprised-me.md";
    assert!(sandbox.mastery(["blog", "list"]).ok().out.contains(&format!("{path}\n  What surprised me\n  a draft")));
    sandbox.write(path, format!("# Done\n\n{}", "a limiter counts ".repeat(70)));
    sandbox.write("15-api-rate-limiter/README.md", "I wrote about it: https://dev.to/ada/limits.\n");
    let list = || sandbox.mastery(["blog", "list", "-p", "15-api-rate-limiter", "--format", "json"]).ok().out;
    let posts =
        |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["posts"].as_array().unwrap().clone();
    let before = posts(&list());
    assert_eq!(before.len(), 2, "{before:?}");
    assert!(before.iter().all(|p| p["counts"] == false), "{before:?}");
    sandbox.commit_all("docs: write");
    let after = posts(&list());
    assert!(after.iter().all(|p| p["counts"] == true), "{after:?}");
    assert_eq!((after[0]["link"].as_str(), after[0]["state"].as_str()), (Some("https://dev.to/ada/limits"), None));
    assert_eq!((after[1]["title"].as_str(), after[1]["state"].as_str()), (Some("Done"), Some("post")));
    assert!(metric(&sandbox).starts_with("met: "));
    let bare = sandbox.root().join("bare.git");
    sandbox.git(["clone", "-q", "--bare", ".", bare.to_str().unwrap()]).ok();
    let ran = sandbox.mastery(["-C", bare.to_str().unwrap(), "blog", "list"]).ok();
    assert!(ran.out.contains("a post, counts"), "{}", ran.all());
    sandbox.mastery(["-C", bare.to_str().unwrap(), "blog", "new"]).fails(3);
}

#[test]
fn what_is_there_is_never_overwritten_and_links_are_not_followed() {
    let sandbox = learner();
    sandbox.mastery(["blog", "new"]).ok();
    sandbox.write(POST, "mine\n");
    let ran = sandbox.mastery(["blog", "new"]).fails(1);
    assert!(ran.err.contains("is there already; it was not touched"), "{}", ran.all());
    assert_eq!(sandbox.read(POST), "mine\n");
    sandbox.mastery(["blog", "new", "!!!"]).fails(2);
    sandbox.mastery(["blog", "new", "--project", "16-none"]).fails(2);
    // New posts go where posts are; a directory that leads out of the repository takes none.
    sandbox.write("15-api-rate-limiter/docs/posts/first.md", "# First\n");
    sandbox.mastery(["blog", "new", "../../Out of\u{7} here"]).ok();
    assert!(sandbox.exists("15-api-rate-limiter/docs/posts/out-of-here.md"));
    std::fs::remove_dir_all(sandbox.work().join("15-api-rate-limiter/docs")).unwrap();
    std::fs::remove_dir_all(sandbox.work().join("15-api-rate-limiter/blog")).unwrap();
    std::os::unix::fs::symlink(sandbox.home(), sandbox.work().join("15-api-rate-limiter/blog")).unwrap();
    sandbox.mastery(["blog", "new"]).fails(3);
    assert_eq!(std::fs::read_dir(sandbox.home()).unwrap().count(), 0);
}

#[test]
fn the_editor_gets_the_stub_and_without_one_nothing_is_written() {
    let mut sandbox = learner();
    let ran = sandbox.mastery(["blog", "new", "-e"]).fails(3);
    assert!(ran.err.contains("no editor is known; nothing was written") && !sandbox.exists(POST), "{}", ran.all());
    let editor = sandbox.home().join("editor");
    std::fs::write(&editor, "#!/bin/sh\nprintf 'my words\\n' >> \"$1\"\n").unwrap();
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.env("EDITOR", editor.to_str().unwrap());
    sandbox.mastery(["blog", "new", "-e"]).ok();
    assert!(sandbox.read(POST).ends_with("my words\n"));
}

#[test]
fn of_several_projects_each_post_has_what_is_its_own() {
    let sandbox = learner();
    sandbox.write("14-background-job-processor/golang/main.go", "package main\n\nfunc main() {\n\tprintln(2)\n}\n");
    let decided = "Need one clock for all servers of the API rate limiter.";
    let record = sandbox.read("docs/adr/001-use-redis.md").replace("## Context\n", &format!("## Context\n{decided}\n"));
    sandbox.write("docs/adr/001-use-redis.md", record);
    sandbox.write(
        "docs/adr/002-use-a-queue.md",
        "# ADR 002: Use a Queue\n\n## Status: Accepted\n\n## Context\nJobs wait.\n",
    );
    sandbox
        .write("14-background-job-processor/LEARNINGS.md", "## Week 1: Golang\n\n- workers stop on a closed channel\n");
    sandbox.commit_all("feat: a second project");
    let err = sandbox.mastery(["blog", "new"]).fails(2).err;
    assert!(err.contains("which project is meant?") && err.contains("14-background-job-processor"), "{err}");
    sandbox.mastery(["blog", "new", "--project", "15-api-rate-limiter"]).ok();
    let text = sandbox.read(POST);
    assert!(text.contains("ADR 001: Use Redis") && !text.contains("Queue") && !text.contains("workers stop"), "{text}");
    sandbox.mastery_in("14-background-job-processor", ["blog", "new", "Jobs"]).ok();
    let text = sandbox.read("14-background-job-processor/blog/jobs.md");
    assert!(text.contains("- workers stop on a closed channel\n") && !text.contains("ADR"), "{text}");
}
