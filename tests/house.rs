//! The rules of the house that a lint can't keep: which room may name what, and how large a file may grow.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

/// Every Rust file below `directory` with its text, the tests at its end cut off.
fn sources(directory: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pending = vec![root.join(directory)];
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        for item in fs::read_dir(&path).unwrap() {
            let path: PathBuf = item.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod ").next().unwrap().to_owned();
                found.push((path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), code));
            }
        }
    }
    assert!(!found.is_empty(), "{directory} holds no Rust file");
    found.sort();
    found
}

/// The lines of code in `directory` that have one of `words` in them, but for comments; files below `except` are passed over.
fn lines_with(directory: &str, words: &[&str], except: &[&str]) -> Vec<String> {
    sources(directory)
        .into_iter()
        .filter(|(path, _)| !except.iter().any(|e| path.starts_with(e)))
        .flat_map(|(path, text)| {
            text.lines()
                .enumerate()
                .filter(|(_, line)| !line.trim_start().starts_with("//") && words.iter().any(|w| line.contains(w)))
                .map(|(n, line)| format!("{path}:{}: {}", n + 1, line.trim()))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn the_pure_rooms_know_no_outside() {
    let outside =
        ["std::fs", "std::env", "std::process", "std::net", "git2::", "Instant::now", "SystemTime", "system::"];
    for room in ["history", "progress", "gates", "documents", "curriculum"] {
        assert_eq!(lines_with(&format!("src/{room}"), &outside, &[]), [""; 0], "{room} is pure");
    }
}

#[test]
fn only_the_git_room_names_git2() {
    assert_eq!(lines_with("src", &["git2"], &["src/git/"]), [""; 0]);
}

#[test]
fn only_the_exec_door_starts_processes() {
    assert_eq!(lines_with("src", &["Command::new(", "process::Command"], &["src/system/exec"]), [""; 0]);
}

#[test]
fn only_the_terminal_door_prints() {
    let printing = ["println!", "print!(", "eprintln!", "eprint!(", "io::stdout", "io::stderr"];
    assert_eq!(lines_with("src", &printing, &["src/system/terminal.rs"]), [""; 0]);
}

#[test]
fn only_the_files_door_writes() {
    let writing = [
        "fs::write",
        "File::create",
        "OpenOptions",
        "fs::rename",
        "fs::remove",
        "create_dir",
        "fs::set_permissions",
        ".set_permissions(",
        "fs::copy",
    ];
    assert_eq!(lines_with("src", &writing, &["src/system/files"]), [""; 0]);
}

#[test]
fn only_main_ends_the_process() {
    assert_eq!(lines_with("src", &["process::exit", "process::abort"], &[]), [""; 0]);
}

#[test]
fn every_module_says_what_lives_in_it() {
    let silent: Vec<String> =
        sources("src").into_iter().filter(|(_, text)| !text.starts_with("//!")).map(|(path, _)| path).collect();
    assert_eq!(silent, [""; 0]);
}

#[test]
fn no_file_grows_past_four_hundred_lines() {
    let long: Vec<String> = sources("src")
        .into_iter()
        .map(|(path, text)| (text.lines().count(), path))
        .filter(|(lines, _)| *lines > 400)
        .map(|(lines, path)| format!("{path}: {lines}"))
        .collect();
    assert_eq!(long, [""; 0]);
}

#[test]
fn nothing_is_left_undone_or_switched_off() {
    let marks = ["todo!(", "unimplemented!(", "#[ignore", "TODO", "FIXME", "#[allow("];
    assert_eq!(lines_with("src", &marks, &[]), [""; 0]);
}

#[test]
fn every_test_file_is_part_of_the_test_binary() {
    let main = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/main.rs")).unwrap();
    for (path, _) in sources("tests/cli") {
        let name = path.trim_start_matches("tests/cli/").trim_end_matches(".rs");
        if name != "main" && !name.contains('/') {
            assert!(main.contains(&format!("mod {name};")), "tests/cli/main.rs does not declare {name}");
        }
    }
}

#[test]
fn the_top_level_is_as_it_was_drawn() {
    let drawn = ["Cargo.toml", "Cargo.lock", "README.md", "build.rs", "src", "hooks", "templates", "tests", "target"];
    let unknown: Vec<String> = fs::read_dir(env!("CARGO_MANIFEST_DIR"))
        .unwrap()
        .map(|item| item.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && !drawn.contains(&name.as_str()))
        .collect();
    assert_eq!(unknown, [""; 0]);
}
