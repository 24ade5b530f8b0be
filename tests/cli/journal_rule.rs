//! The journal rule in the commit-msg hook, against real git.

use crate::harness::{Ran, Sandbox};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// A repository with one commit, a journal, and the hooks; suites are off.
fn learner(every: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", format!("[tests]\ngate = \"off\"\n[journal]\nevery = \"{every}\"\n"));
    sandbox.write("LEARNINGS.md", "# Project Learnings\n\n## Week 1: Golang implementation\n- start\n");
    sandbox.write("golang/go.mod", "module x\n");
    sandbox.commit_all("start");
    sandbox.mastery(["hook", "install"]).ok();
    sandbox
}

/// `lines` lines of code in a file of `track`, staged.
fn code(sandbox: &Sandbox, path: &str, lines: usize) {
    let text = (0..lines).fold(String::new(), |text, n| format!("{text}// {path} {n}\n"));
    sandbox.write(path, text);
    sandbox.git(["add", path]).ok();
}

fn commit(sandbox: &Sandbox, message: &str) -> Ran {
    sandbox.git(["commit", "-q", "-m", message])
}

fn commits(sandbox: &Sandbox) -> usize {
    sandbox.git(["rev-list", "--count", "HEAD"]).ok().out.trim().parse().unwrap()
}

/// An editor that writes `script`'s output over the message.
fn editor(sandbox: &mut Sandbox, script: &str) {
    let path = sandbox.root().join("editor");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    let path = path.to_str().unwrap().to_owned();
    sandbox.env("GIT_EDITOR", &path);
}

/// The commands that a refusal offers, in their order.
fn offered(ran: &Ran) -> Vec<String> {
    let command = |line: &str| {
        line.strip_prefix("  ").filter(|l| l.starts_with("git ") || l.starts_with("mastery ")).map(str::to_owned)
    };
    ran.err.lines().filter_map(command).collect()
}

/// Runs an offered command, with words of one's own in place of the dots, as a person would: in a shell with mastery on PATH.
fn take(sandbox: &Sandbox, directory: &str, command: &str) -> Ran {
    let own = Path::new(env!("CARGO_BIN_EXE_mastery")).parent().unwrap().display().to_string();
    let path = format!("{own}:{}", std::env::var("PATH").unwrap());
    let command = command.replace('…', "a closed channel is always ready");
    let mut shell = sandbox.command("sh", directory);
    if !shell.get_envs().any(|(name, _)| name == "GIT_EDITOR") {
        shell.env("GIT_EDITOR", "true");
    }
    // The harness shows its own directory as $ROOT.
    sandbox.run(shell.env("PATH", path).env("ROOT", sandbox.root()).args(["-c", &command]))
}

#[test]
fn a_change_without_an_entry_is_refused_and_the_commit_is_mended_in_one_go() {
    let sandbox = learner("day");
    code(&sandbox, "golang/main.go", 12);
    let ran = commit(&sandbox, "feat: it's a \"limiter\"").fails(1);
    assert!(ran.err.contains("journal: nothing was written down about Golang"), "{}", ran.err);
    assert!(ran.err.contains("this commit changes 12 lines of source in golang"), "{}", ran.err);
    let commands = offered(&ran);
    assert_eq!(commands[0], "git commit -e -F .git/COMMIT_EDITMSG --trailer 'Learned-golang: …'");
    take(&sandbox, "", &commands[0]).ok();
    let message = sandbox.git(["log", "-1", "--format=%B"]).ok().out;
    assert_eq!(message.trim(), "feat: it's a \"limiter\"\n\nLearned-golang: a closed channel is always ready");
}

#[test]
fn the_command_as_it_is_printed_is_no_entry() {
    let mut sandbox = learner("day");
    code(&sandbox, "golang/main.go", 12);
    let ran = commit(&sandbox, "feat: x").fails(1);
    sandbox.env("GIT_EDITOR", "true");
    sandbox.run(sandbox.command("sh", "").args(["-c", &offered(&ran)[0]])).fails(1);
    assert_eq!(commits(&sandbox), 1);
}

#[test]
fn the_other_way_writes_the_journal_and_takes_the_message_back() {
    let sandbox = learner("commit");
    code(&sandbox, "golang/main.go", 12);
    let ran = commit(&sandbox, "feat: x").fails(1);
    let commands = offered(&ran);
    for command in &commands[1..] {
        take(&sandbox, "", command).ok();
    }
    assert_eq!(sandbox.git(["log", "-1", "--format=%B"]).ok().out.trim(), "feat: x");
    assert!(sandbox.read("LEARNINGS.md").contains("\n- start\n- a closed channel is always ready\n"));
}

#[test]
fn the_commands_work_from_a_subdirectory_with_paths_flags_and_a_diff_in_the_message() {
    let mut sandbox = learner("commit");
    sandbox.write("golang/it's.go", "x\n");
    sandbox.commit_all("more");
    editor(
        &mut sandbox,
        "grep -q 'feat: x' \"$1\" || { echo 'feat: x' | cat - \"$1\" > \"$1.new\" && mv \"$1.new\" \"$1\"; }",
    );
    sandbox.write("golang/it's.go", "y\n".repeat(20));
    let ran = sandbox.git_in("golang", ["commit", "-v", "it's.go"]).fails(1);
    let commands = offered(&ran);
    take(&sandbox, "golang", &commands[0]).ok();
    let message = sandbox.git(["log", "-1", "--format=%B"]).ok().out;
    assert_eq!(message.trim(), "feat: x\n\nLearned-golang: a closed channel is always ready");

    sandbox.write("golang/it's.go", "z\n".repeat(20));
    let ran = sandbox.git_in("golang", ["commit", "-av", "--author", "It's Eve <eve@example.com>"]).fails(1);
    for command in &offered(&ran)[1..] {
        take(&sandbox, "golang", command).ok();
    }
    assert_eq!(sandbox.git(["log", "-1", "--format=%an: %B"]).ok().out.trim(), "It's Eve: feat: x");
    assert_eq!(sandbox.git(["status", "--porcelain"]).ok().out, "");
}

#[test]
fn a_new_bullet_in_the_staged_journal_counts_and_an_unstaged_one_does_not() {
    let sandbox = learner("commit");
    code(&sandbox, "golang/main.go", 12);
    sandbox.mastery(["journal", "add", "-l", "go", "a nil map can be read"]).ok();
    commit(&sandbox, "feat: x").fails(1);
    sandbox.git(["add", "LEARNINGS.md"]).ok();
    commit(&sandbox, "feat: x").ok();
    code(&sandbox, "golang/main.go", 24);
    commit(&sandbox, "feat: y").fails(1);
}

#[test]
fn reworded_headings_template_text_short_and_foreign_bullets_are_no_entries() {
    let sandbox = learner("commit");
    for journal in [
        "## Week 1: Golang things\n- start\n",
        "## Week 1: Golang\n- start\n- what you learned\n- [what you learned this week]\n",
        "## Week 1: Golang\n- start\n- too short\n",
        "## Week 1: Golang\n- start\n## Week 1: Python\n- decorators are only functions\n",
        "## Week 1: Golang\n- start\n<!--\n- a comment says nothing at all\n-->\n",
    ] {
        code(&sandbox, "golang/main.go", 12);
        sandbox.write("LEARNINGS.md", journal);
        sandbox.git(["add", "-A"]).ok();
        commit(&sandbox, "feat: x").fails(1);
    }
}

#[test]
fn each_touched_language_needs_its_own() {
    let sandbox = learner("commit");
    code(&sandbox, "golang/main.go", 12);
    code(&sandbox, "python/app.py", 12);
    let ran = commit(&sandbox, "feat: x\n\nLearned: two at once").fails(1);
    assert!(ran.err.contains("about Golang and Python"), "{}", ran.err);
    let ran = commit(&sandbox, "feat: x\n\nLearned(golang): channels close once").fails(1);
    assert!(ran.err.contains("about Python\n"), "{}", ran.err);
    commit(&sandbox, "feat: x\n\nLearned(golang): channels close once\nLearned-py: lists are references").ok();
}

#[test]
fn an_earlier_entry_of_the_same_author_serves_the_day_and_not_the_next() {
    let mut sandbox = learner("day");
    code(&sandbox, "golang/main.go", 12);
    commit(&sandbox, "feat: x\n\nLearned: channels close once").ok();
    sandbox.at("2026-11-22T23:50:00+00:00");
    code(&sandbox, "golang/main.go", 30);
    commit(&sandbox, "feat: y").ok();
    code(&sandbox, "golang/main.go", 60);
    sandbox.env("GIT_AUTHOR_EMAIL", "eve@example.com");
    commit(&sandbox, "feat: z").fails(1);
    sandbox.env("GIT_AUTHOR_EMAIL", "ada@example.com");
    sandbox.at("2026-11-23T00:10:00+00:00");
    let ran = commit(&sandbox, "feat: z").fails(1);
    assert!(ran.err.contains("an earlier one of yours on that day"), "{}", ran.err);
    // The author's own day: it is still the 22nd there.
    sandbox.at("2026-11-22T22:10:00-02:00");
    commit(&sandbox, "feat: z").ok();
}

#[test]
fn two_addresses_that_the_mailmap_makes_one_are_the_same_author() {
    let mut sandbox = learner("day");
    code(&sandbox, "golang/main.go", 12);
    commit(&sandbox, "feat: x\n\nLearned: channels close once").ok();
    sandbox.env("GIT_AUTHOR_EMAIL", "ada@work.example");
    code(&sandbox, "golang/main.go", 30);
    commit(&sandbox, "feat: y").fails(1);
    sandbox.write(".mailmap", "Ada Learner <ada@example.com> <ADA@work.example>\n").git(["add", ".mailmap"]).ok();
    commit(&sandbox, "feat: y").ok();
    sandbox.mastery(["journal", "check", "HEAD~1..HEAD"]).ok();
    sandbox.mastery(["check", "HEAD~1..HEAD"]).ok();
}

#[test]
fn an_entry_in_the_journal_serves_the_week_and_not_the_next() {
    let mut sandbox = learner("week");
    sandbox.at("2026-11-16T09:00:00+00:00");
    code(&sandbox, "golang/main.go", 12);
    sandbox.mastery(["journal", "add", "-l", "golang", "interfaces are satisfied without a word"]).ok();
    sandbox.git(["add", "-A"]).ok();
    commit(&sandbox, "feat: x").ok();
    sandbox.at("2026-11-22T23:00:00+00:00");
    code(&sandbox, "golang/main.go", 30);
    commit(&sandbox, "feat: y").ok();
    sandbox.at("2026-11-23T01:00:00+00:00");
    code(&sandbox, "golang/main.go", 60);
    commit(&sandbox, "feat: z").fails(1);
}

#[test]
fn exempt_messages_small_changes_and_other_files_need_none() {
    let mut sandbox = learner("commit");
    for message in
        ["docs(api)!: x", "chore: x", "fixup! feat: x", "squash! feat: x", "feat: x\n\nJournal: none (only moved code)"]
    {
        code(&sandbox, "golang/main.go", commits(&sandbox) * 20);
        commit(&sandbox, message).ok();
    }
    code(&sandbox, "golang/small.go", 9);
    commit(&sandbox, "feat: small").ok();
    code(&sandbox, "README.md", 99);
    code(&sandbox, "golang/notes.md", 99);
    code(&sandbox, "golang/node_modules/x.go", 99);
    commit(&sandbox, "feat: words").ok();
    code(&sandbox, "golang/big.go", 99);
    let ran = commit(&sandbox, "feat: x\n\nJournal: none").fails(1);
    assert!(ran.err.contains("needs a reason"), "{}", ran.err);
    sandbox.env("MASTERY_SKIP", "journal");
    commit(&sandbox, "feat: skipped").ok();
    sandbox.env("MASTERY_SKIP", "");
    sandbox.git(["mv", "golang/big.go", "golang/great.go"]).ok();
    commit(&sandbox, "feat: a rename").ok();
    code(&sandbox, "golang/more.go", 99);
    sandbox.git(["commit", "-q", "--no-verify", "-m", "feat: past the hooks"]).ok();
}

#[test]
fn a_message_is_read_as_git_will_clean_it() {
    let mut sandbox = learner("commit");
    code(&sandbox, "golang/main.go", 12);
    // In comments, below scissors and in the diff of `commit -v` nothing is said.
    editor(&mut sandbox, "printf 'feat: x\\n\\n# Learned: channels close once\\n' > \"$1\"");
    sandbox.git(["commit", "-q"]).fails(1);
    editor(
        &mut sandbox,
        "printf 'feat: x\\n\\n# ------------------------ >8 ------------------------\\nLearned: channels close once\\n' > \"$1\"",
    );
    sandbox.git(["commit", "-q", "--cleanup=scissors"]).fails(1);
    sandbox.write("golang/main.go", "Learned(golang): channels close once\n".repeat(12));
    sandbox.git(["add", "-A"]).ok();
    editor(&mut sandbox, "printf 'feat: x\\n' | cat - \"$1\" > \"$1.new\" && mv \"$1.new\" \"$1\"");
    sandbox.git(["commit", "-q", "-v"]).fails(1);
    // With another comment character the line is one of the message.
    editor(&mut sandbox, "printf 'feat: x\\n\\n; a comment\\n# Learned\\nLearned: channels close once\\n' > \"$1\"");
    sandbox.git(["-c", "core.commentChar=;", "commit", "-q"]).ok();
    assert!(sandbox.git(["log", "-1", "--format=%B"]).ok().out.contains("# Learned\n"));
    // Without an editor `#` begins no comment.
    code(&sandbox, "golang/main.go", 40);
    editor(&mut sandbox, "printf 'feat: x\\n\\n; Learned: channels close once\\n' > \"$1\"");
    sandbox.git(["-c", "core.commentChar=;", "commit", "-q"]).fails(1);
    commit(&sandbox, "feat: y\n\n#1\n  Learned: channels close once").ok();
}

#[test]
fn the_character_that_git_chooses_by_itself_is_seen() {
    let mut sandbox = learner("commit");
    sandbox.git(["config", "core.commentChar", "auto"]).ok();
    code(&sandbox, "golang/main.go", 12);
    sandbox.write("message", "feat: x\n\n#1 is done\n");
    editor(&mut sandbox, "sed -i 's/^; Please.*/; Learned: channels close once/' \"$1\"; cp \"$1\" seen");
    sandbox.git(["commit", "-q", "-e", "-F", "message"]).fails(1);
    assert!(sandbox.read("seen").contains("\n; Learned: channels close once\n"), "{}", sandbox.read("seen"));
    editor(&mut sandbox, "sed -i 's/^; Please.*/Learned: channels close once/' \"$1\"");
    sandbox.git(["commit", "-q", "-e", "-F", "message"]).ok();
}

#[test]
fn an_amend_compares_with_what_it_replaces() {
    let sandbox = learner("commit");
    code(&sandbox, "golang/main.go", 12);
    sandbox.mastery(["journal", "add", "-l", "golang", "a nil map can be read"]).ok();
    sandbox.git(["add", "-A"]).ok();
    commit(&sandbox, "feat: x").ok();
    // The entry of the amended commit counts for what the amend adds.
    code(&sandbox, "golang/main.go", 60);
    commit(&sandbox, "feat: y").fails(1);
    sandbox.git(["commit", "-q", "--amend", "--no-edit"]).ok();
    assert_eq!(commits(&sandbox), 2);
    // A new message alone asks for nothing, whatever the commit lacked.
    code(&sandbox, "golang/main.go", 120);
    sandbox.git(["commit", "-q", "--no-verify", "-m", "feat: silent"]).ok();
    sandbox.git(["commit", "-q", "--amend", "-m", "feat: still silent"]).ok();
    // An entry that the amend takes out again is gone.
    code(&sandbox, "golang/main.go", 12);
    sandbox.git(["commit", "-q", "--amend", "--no-edit"]).fails(1);
    // A message that merely says --amend amends nothing.
    commit(&sandbox, "--amend").fails(1);
}

#[test]
fn the_entry_of_a_commit_that_is_replaced_serves_no_day() {
    let sandbox = learner("day");
    code(&sandbox, "golang/main.go", 12);
    commit(&sandbox, "feat: x\n\nLearned: channels close once").ok();
    code(&sandbox, "golang/main.go", 60);
    let ran = sandbox.git(["commit", "-q", "--amend", "-m", "feat: x"]).fails(1);
    let again = &offered(&ran)[0];
    assert!(again.starts_with("git commit --amend -e -F"), "{again}");
    take(&sandbox, "", again).ok();
    assert_eq!(commits(&sandbox), 2);
}

#[test]
fn merges_reverts_cherry_picks_and_rebases_rest_the_rule() {
    let sandbox = learner("commit");
    sandbox.git(["checkout", "-q", "-b", "side"]).ok();
    code(&sandbox, "golang/side.go", 30);
    commit(&sandbox, "feat: side\n\nLearned: channels close once").ok();
    sandbox.git(["checkout", "-q", "main"]).ok();
    code(&sandbox, "golang/main.go", 30);
    commit(&sandbox, "feat: main\n\nLearned: channels close once").ok();
    sandbox.git(["merge", "-q", "--no-ff", "--no-edit", "side"]).ok();
    sandbox.git(["commit", "-q", "--amend", "-m", "Merge it all the same"]).ok();
    sandbox.git(["revert", "--no-edit", "-m", "1", "HEAD"]).ok();
    sandbox.git(["revert", "-n", "HEAD"]).ok();
    commit(&sandbox, "Put it back").ok();

    // A conflict that a person resolves and commits.
    code(&sandbox, "golang/side.go", 50);
    commit(&sandbox, "feat: a\n\nLearned: channels close once").ok();
    sandbox.git(["checkout", "-q", "-b", "other", "HEAD~1"]).ok();
    code(&sandbox, "golang/side.go", 70);
    commit(&sandbox, "feat: b\n\nLearned: channels close once").ok();
    for operation in [&["cherry-pick", "main"][..], &["merge", "main"], &["rebase", "main"]] {
        sandbox.git(operation).fails(1);
        code(&sandbox, "golang/side.go", 99);
        commit(&sandbox, "resolved by hand").ok();
        sandbox.git(["rebase", "--abort"]);
        sandbox.git(["reset", "-q", "--hard", "other"]).ok();
        sandbox.git(["checkout", "-q", "-B", "other", "main~1"]).ok();
        code(&sandbox, "golang/side.go", 70);
        sandbox.git(["commit", "-q", "--no-verify", "-m", "b"]).ok();
    }
}

#[test]
fn the_nearest_journal_counts() {
    let sandbox = learner("commit");
    sandbox.write("golang/LEARNINGS.md", "# Go\n");
    sandbox.commit_all("a journal of its own");
    code(&sandbox, "golang/main.go", 12);
    sandbox.write("LEARNINGS.md", "## Week 1: Golang\n- start\n- channels close only once\n");
    sandbox.git(["add", "-A"]).ok();
    let ran = commit(&sandbox, "feat: x").fails(1);
    assert!(ran.err.contains("git add golang/LEARNINGS.md"), "{}", ran.err);
    sandbox.mastery_in("golang", ["journal", "add", "slices share their arrays"]).ok();
    assert!(sandbox.read("golang/LEARNINGS.md").contains("- slices share their arrays\n"));
    sandbox.git(["add", "-A"]).ok();
    commit(&sandbox, "feat: x").ok();
}

#[test]
fn the_rule_reads_the_staged_configuration() {
    let sandbox = learner("commit");
    code(&sandbox, "golang/main.go", 12);
    sandbox.write(".mastery.toml", "[tests]\ngate = \"off\"\n[journal]\nevery = \"off\"\n");
    commit(&sandbox, "feat: x").fails(1);
    sandbox.git(["add", ".mastery.toml"]).ok();
    commit(&sandbox, "feat: x").ok();
}

#[test]
fn the_first_commit_and_a_linked_work_tree_are_judged_too() {
    let sandbox = Sandbox::new();
    sandbox.write(".mastery.toml", "[tests]\ngate = \"off\"\n");
    sandbox.mastery(["hook", "install"]).ok();
    sandbox.git(["add", "-A"]).ok();
    code(&sandbox, "golang/main.go", 12);
    commit(&sandbox, "feat: x").fails(1);
    commit(&sandbox, "feat: x\n\nLearned: channels close once").ok();
    sandbox.git(["worktree", "add", "-q", "../linked"]).ok();
    sandbox.write("../linked/python/app.py", "x = 1\n".repeat(20));
    sandbox.git_in("../linked", ["add", "-A"]).ok();
    let ran = sandbox.git_in("../linked", ["commit", "-q", "-m", "feat: y"]).fails(1);
    take(&sandbox, "../linked", &offered(&ran)[0]).ok();
}

/// From here on the commit-msg shim can only be content with the word that pre-commit left, or fail.
const NO_BINARY: &str = r#"sed -i 's/^exec .*/exit 9/' "$HOOKS/commit-msg"; echo "feat: more" > "$1""#;

#[test]
fn where_no_message_could_change_the_verdict_commit_msg_starts_no_binary() {
    let mut sandbox = learner("day");
    sandbox.git(["worktree", "add", "-q", "../linked", "-b", "side"]).ok();
    let hooks = sandbox.work().join(".git/hooks").to_str().unwrap().to_owned();
    sandbox.env("HOOKS", &hooks);
    editor(&mut sandbox, NO_BINARY);
    let installed = sandbox.read(".git/hooks/commit-msg");
    code(&sandbox, "golang/main.go", 3);
    sandbox.git(["commit", "-q"]).ok();
    sandbox.git(["commit", "-q", "--amend"]).ok();
    sandbox.write("README.md", "# More than ten lines\n\n".repeat(12)).git(["add", "README.md"]).ok();
    sandbox.git(["commit", "-q"]).ok();
    sandbox.write("../linked/golang/small.go", "package main\n");
    sandbox.git_in("../linked", ["add", "golang"]).ok();
    sandbox.git_in("../linked", ["commit", "-q"]).ok();
    assert!(sandbox.read(".git/hooks/commit-msg").contains("exit 9"));
    // The word is for the commit that it was left for, and no other.
    code(&sandbox, "golang/main.go", 30);
    sandbox.git(["commit", "-q"]).fails(1);
    sandbox.write(".git/hooks/commit-msg", &installed);
    editor(&mut sandbox, r#"echo "feat: more" > "$1""#);
    let ran = sandbox.git(["commit", "-q"]).fails(1);
    assert!(ran.err.contains("journal: nothing was written down about Golang"), "{}", ran.err);
}

#[test]
fn a_word_of_another_git_process_is_none() {
    let sandbox = learner("day");
    for word in ["commit-msg 1\n", "commit-msg\n", "commit-msg", "", "commit-msg 1 2 3\n"] {
        sandbox.write(".git/mastery/settled", word);
        code(&sandbox, "golang/main.go", 12);
        // Without pre-commit, which takes the word away.
        let hook = sandbox.work().join(".git/hooks/pre-commit");
        fs::rename(&hook, hook.with_extension("away")).unwrap();
        let ran = commit(&sandbox, "feat: x").fails(1);
        fs::rename(hook.with_extension("away"), &hook).unwrap();
        assert!(ran.err.contains("journal: nothing was written down about Golang"), "{word:?} {}", ran.err);
    }
}

#[test]
fn what_commit_msg_has_to_do_or_to_say_is_done_and_said_for_a_small_commit_too() {
    let sandbox = learner("day");
    sandbox.mastery(["hook", "uninstall"]).ok();
    sandbox.write(".git/hooks/commit-msg", "#!/bin/sh\necho kept >&2\n");
    fs::set_permissions(sandbox.work().join(".git/hooks/commit-msg"), fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.mastery(["hook", "install"]).ok();
    code(&sandbox, "golang/main.go", 3);
    let ran = commit(&sandbox, "feat: x").ok();
    assert!(ran.err.contains("kept"), "{}", ran.err);
    code(&sandbox, "golang/main.go", 4);
    let mut command = sandbox.command("git", "");
    let ran = sandbox.run(command.env("MASTERY_SKIP", "journal").args(["commit", "-q", "-m", "feat: y"])).ok();
    assert!(ran.err.contains("MASTERY_SKIP lets this commit pass without a journal entry"), "{}", ran.err);
}
