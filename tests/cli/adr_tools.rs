//! What scripts that were written for adr-tools rely on: words and paths on standard output, and what is in the files.

use crate::harness::Sandbox;
use std::fs;

/// A template of one's own, which switches adr-tools' manners on, and the day that its users set.
fn scripts() -> Sandbox {
    let mut sandbox = Sandbox::without_repository();
    let template = "# NUMBER. TITLE\n\nDate: DATE\n\n## Status\n\nSTATUS\n\n## Context\n\nmy words\n";
    fs::write(sandbox.home().join("template.md"), template).unwrap();
    let path = sandbox.home().join("template.md").to_str().unwrap().to_owned();
    sandbox.env("ADR_TEMPLATE", &path).env("ADR_DATE", "1992-01-12");
    fs::create_dir(sandbox.work().join("sub")).unwrap();
    sandbox
}

fn out(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let ran = sandbox.mastery([&["adr"], arguments].concat()).ok();
    assert_eq!(ran.err, "", "{arguments:?}");
    ran.out
}

fn three() -> Sandbox {
    let sandbox = scripts();
    for title in ["First", "Second", "Third"] {
        sandbox.mastery(["adr", "new", title]).ok();
    }
    sandbox
}

#[test]
fn the_first_record_needs_no_init_and_the_directory_is_found_from_below() {
    let sandbox = scripts();
    assert_eq!(out(&sandbox, &["new", "The", "First", "Decision"]), "doc/adr/0001-the-first-decision.md\n");
    assert_eq!(
        sandbox.read("doc/adr/0001-the-first-decision.md"),
        "# 1. The First Decision\n\nDate: 1992-01-12\n\n## Status\n\nAccepted\n\n## Context\n\nmy words\n"
    );
    let below = sandbox.mastery_in("sub", ["adr", "new", "From", "below"]).ok();
    assert_eq!((below.out.as_str(), below.err.as_str()), ("../doc/adr/0002-from-below.md\n", ""));
    assert_eq!(
        sandbox.mastery_in("sub", ["adr", "list"]).ok().out,
        "../doc/adr/0001-the-first-decision.md\n../doc/adr/0002-from-below.md\n"
    );
    // Nothing that `ls` shows beside the records was made.
    let mut visible: Vec<String> = fs::read_dir(sandbox.work())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.'))
        .collect();
    visible.sort();
    assert_eq!(visible, ["doc", "sub"]);
}

#[test]
fn init_writes_the_record_about_records_in_its_usual_or_the_named_place() {
    let sandbox = scripts();
    assert_eq!(out(&sandbox, &["init"]), "doc/adr/0001-record-architecture-decisions.md\n");
    let sandbox = scripts();
    assert_eq!(out(&sandbox, &["init", "elsewhere"]), "elsewhere/0001-record-architecture-decisions.md\n");
    let below = sandbox.mastery_in("sub", ["adr", "new", "Below"]).ok().out;
    assert_eq!(below, "../elsewhere/0002-below.md\n");
}

#[test]
fn numbers_are_decimal_and_titles_lose_only_what_a_file_name_cannot_have() {
    let sandbox = scripts();
    for n in 1..=9 {
        sandbox.write(format!("doc/adr/000{n}-n.md"), format!("# {n}. n\n\n## Status\n\nAccepted\n"));
    }
    assert_eq!(out(&sandbox, &["new", "After", "nine"]), "doc/adr/0010-after-nine.md\n");
    let odd = "What's, with: \"odd\" / characters?";
    assert_eq!(out(&sandbox, &["new", odd]), "doc/adr/0011-what-s-with-odd-characters.md\n");
    assert!(sandbox.read("doc/adr/0011-what-s-with-odd-characters.md").starts_with(&format!("# 11. {odd}\n")));
    assert_eq!(out(&sandbox, &["new", "--", "-Bar-"]), "doc/adr/0012-bar.md\n");
}

#[test]
fn the_editor_is_visual_then_editor_then_none_and_gets_the_path_that_is_printed() {
    let mut sandbox = three();
    let said = |sandbox: &Sandbox, title: &str| sandbox.mastery_in("sub", ["adr", "new", title]).ok().out;
    sandbox.env("VISUAL", "").env("EDITOR", "");
    assert_eq!(said(&sandbox, "One"), "../doc/adr/0004-one.md\n");
    sandbox.env("EDITOR", "echo editor");
    assert_eq!(said(&sandbox, "Two"), "editor ../doc/adr/0005-two.md\n../doc/adr/0005-two.md\n");
    sandbox.env("VISUAL", "echo visual");
    assert_eq!(said(&sandbox, "Three"), "visual ../doc/adr/0006-three.md\n../doc/adr/0006-three.md\n");
}

#[test]
fn superseding_several_takes_their_status_and_links_stand_on_both_sides() {
    let sandbox = three();
    assert_eq!(out(&sandbox, &["new", "-s", "1", "-s", "2", "Both", "go"]), "doc/adr/0004-both-go.md\n");
    for (file, status) in [
        ("0001-first.md", "## Status\n\nSuperceded by [4. Both go](0004-both-go.md)\n\n## Context\n"),
        ("0002-second.md", "## Status\n\nSuperceded by [4. Both go](0004-both-go.md)\n\n## Context\n"),
        (
            "0004-both-go.md",
            "## Status\n\nAccepted\n\nSupercedes [1. First](0001-first.md)\n\nSupercedes [2. Second](0002-second.md)\n\n## Context\n",
        ),
    ] {
        let text = sandbox.read(format!("doc/adr/{file}"));
        assert!(text.contains(status), "{text}");
    }
    let link = ["new", "-l", "3:Amends:Amended by", "-l", "4:Clarifies:Clarified by", "Linked"];
    assert_eq!(out(&sandbox, &link), "doc/adr/0005-linked.md\n");
    assert_eq!(out(&sandbox, &["link", "3", "Needs", "4", "Needed by"]), "");
    let third = sandbox.read("doc/adr/0003-third.md");
    assert!(
        third.contains("Accepted\n\nAmended by [5. Linked](0005-linked.md)\n\nNeeds [4. Both go](0004-both-go.md)\n"),
        "{third}"
    );
    assert!(sandbox.read("doc/adr/0004-both-go.md").contains("\n\nNeeded by [3. Third](0003-third.md)\n"));
}

#[test]
fn the_contents_have_a_head_a_foot_and_a_prefix_where_they_are_asked_for() {
    let sandbox = three();
    let plain = "# Architecture Decision Records\n\n* [1. First](0001-first.md)\n* [2. Second](0002-second.md)\n* [3. Third](0003-third.md)\n";
    assert_eq!(out(&sandbox, &["generate", "toc"]), plain);
    assert_eq!(out(&sandbox, &["generate", "toc", "-p", "foo/"]), plain.replace("](", "](foo/"));
    sandbox.write("head", "before\n").write("foot", "after\n");
    assert_eq!(
        out(&sandbox, &["generate", "toc", "-i", "head", "-o", "foot"]),
        plain.replace("Records\n\n", "Records\n\nbefore\n\n") + "\nafter\n"
    );
}

#[test]
fn the_graph_chains_the_records_and_draws_each_link_once() {
    let sandbox = three();
    out(&sandbox, &["new", "-s", "2", "Fourth"]);
    let graph = out(&sandbox, &["generate", "graph"]);
    for line in [
        "digraph {\n  node [shape=plaintext];\n  subgraph {\n    _1 [label=\"1. First\"; URL=\"0001-first.html\"];\n",
        "    _1 -> _2 [style=\"dotted\", weight=1];\n",
        "  }\n  _4 -> _2 [label=\"Supercedes\", weight=0]\n}\n",
    ] {
        assert!(graph.contains(line), "{line}\n{graph}");
    }
    assert!(!graph.contains(" by\""), "{graph}");
    let elsewhere = out(&sandbox, &["generate", "graph", "-p", "http://x/", "-e", ".md"]);
    assert!(elsewhere.contains("URL=\"http://x/0001-first.md\""), "{elsewhere}");
}

#[test]
fn completion_answers_on_one_line() {
    let sandbox = scripts();
    for (words, answer) in [
        (&[][..], "config generate help init link list new upgrade-repository\n"),
        (&["l"], "link list\n"),
        (&["generate", ""], "graph toc\n"),
        (&["generate", "t"], "toc\n"),
        (&["zz"], "\n"),
    ] {
        assert_eq!(out(&sandbox, &[&["_adr_autocomplete", "adr"], words].concat()), answer, "{words:?}");
    }
}

#[test]
fn what_is_missing_is_said_as_scripts_expect_it() {
    let sandbox = scripts();
    let ran = sandbox.mastery(["adr", "list"]).fails(1);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", "The doc/adr directory does not exist\n"));
    assert_eq!(sandbox.mastery(["adr", "new"]).fails(2).err, "ERROR: no title given\n");
    assert!(!sandbox.exists("doc"));
}
