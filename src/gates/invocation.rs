//! How git was called, from the command lines of the processes above a hook: git itself does not tell a hook that it amends.

use std::ffi::{OsStr, OsString};
use std::path::Path;

/// What is known of the `git commit` that runs the hook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invocation {
    /// `--amend`.
    pub amend: bool,
    /// `--cleanup=MODE`.
    pub cleanup: Option<String>,
    /// What the same commit needs when it is tried again, a word each: `-a`, `--amend`, `-v`, `-p`, `--author=…`, …
    pub again: Vec<String>,
    /// The paths that it was limited to.
    pub paths: Vec<OsString>,
}

/// Long options that take a value of their own, so that the word after them is no option.
const VALUED: [&str; 12] = [
    "message",
    "file",
    "reuse-message",
    "reedit-message",
    "author",
    "date",
    "template",
    "cleanup",
    "fixup",
    "squash",
    "trailer",
    "pathspec-from-file",
];
/// Long options that matter here and take none, with what they are when tried again.
const FLAGS: [(&str, &str); 6] =
    [("amend", "--amend"), ("all", "-a"), ("patch", "-p"), ("verbose", "-v"), ("include", "-i"), ("only", "-o")];

impl Invocation {
    /// The nearest `git commit` among `lines`, the command lines of the parent, its parent, and so on; none where there is none,
    /// or another git command is nearer.
    pub fn of(mut lines: impl Iterator<Item = Vec<OsString>>) -> Option<Invocation> {
        let line = lines.find(|line| line.first().is_some_and(|program| is_git(program)))?;
        let at = command(&line)?;
        (line[at] == "commit").then(|| read(&line[at + 1..]))
    }
}

fn is_git(program: &OsStr) -> bool {
    Path::new(program).file_name().is_some_and(|name| name == "git" || name == "git.exe")
}

/// Where the command stands behind git's own options.
fn command(line: &[OsString]) -> Option<usize> {
    let mut at = 1;
    while let Some(word) = line.get(at) {
        let text = word.to_string_lossy();
        match text.as_ref() {
            "-c" | "-C" | "--git-dir" | "--work-tree" | "--namespace" | "--config-env" => at += 2,
            option if option.starts_with('-') => at += 1,
            _ => return Some(at),
        }
    }
    None
}

fn read(words: &[OsString]) -> Invocation {
    let mut found = Invocation::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let text = word.to_string_lossy();
        if text == "--" {
            found.paths.extend(words.by_ref().cloned());
        } else if let Some(long) = text.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v.to_owned())));
            if let Some((_, again)) = FLAGS.iter().find(|(flag, _)| flag.starts_with(name)) {
                found.flag(again);
            } else if let Some(full) = VALUED.iter().find(|v| v.starts_with(name)) {
                let value = value.or_else(|| words.next().map(|w| w.to_string_lossy().into_owned()));
                match (*full, value) {
                    ("cleanup", value) => found.cleanup = value,
                    ("author" | "date", Some(value)) => found.again.push(format!("--{full}={value}")),
                    _ => {}
                }
            }
        } else if let Some(cluster) = text.strip_prefix('-').filter(|c| !c.is_empty()) {
            if found.cluster(cluster) {
                words.next();
            }
        } else {
            found.paths.push(word.clone());
        }
    }
    found
}

impl Invocation {
    fn flag(&mut self, again: &str) {
        self.amend |= again == "--amend";
        if !self.again.iter().any(|a| a == again) {
            self.again.push(again.to_owned());
        }
    }

    /// `-am`: true where the last letter takes the next word as its value.
    fn cluster(&mut self, letters: &str) -> bool {
        for (at, letter) in letters.char_indices() {
            match letter {
                'm' | 'F' | 'c' | 'C' | 't' => return at + 1 == letters.len(),
                'S' => {
                    self.flag(&format!("-{}", &letters[at..]));
                    return false;
                }
                'u' => return false,
                'a' | 'p' | 'v' | 'i' | 'o' => self.flag(&format!("-{letter}")),
                _ => {}
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Option<Invocation> {
        let lines: Vec<Vec<OsString>> =
            lines.iter().map(|line| shlex::split(line).unwrap().into_iter().map(OsString::from).collect()).collect();
        Invocation::of(lines.into_iter())
    }

    #[test]
    fn an_amend_is_told_from_a_message_that_says_so() {
        assert!(of(&["git commit --amend --no-edit"]).unwrap().amend);
        assert!(of(&["sh .git/hooks/commit-msg", "/usr/bin/git -C x -c a.b=c commit -q --am"]).unwrap().amend);
        assert!(!of(&["git commit -m --amend"]).unwrap().amend);
        assert!(!of(&["git commit -am --amend"]).unwrap().amend);
        assert!(!of(&["git commit -- --amend"]).unwrap().amend);
        assert_eq!(of(&["git merge side", "git commit --amend"]), None);
        assert_eq!(of(&["bash", "idea"]), None);
    }

    #[test]
    fn what_the_same_commit_needs_again_is_kept() {
        let found = of(&["git commit -qvaSkey --cleanup scissors --author 'A <a>' 'a b' c"]).unwrap();
        assert_eq!(found.again, ["-v", "-a", "-Skey", "--author=A <a>"]);
        assert_eq!(found.cleanup.as_deref(), Some("scissors"));
        assert_eq!(found.paths, ["a b", "c"]);
    }
}
