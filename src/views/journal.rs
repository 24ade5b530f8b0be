//! The journal rule's verdicts as people read them: what is missing, why, and what to type next.

use super::style::{Meaning, paint};
use super::words;
use crate::config::schema::Every;
use crate::gates::invocation::Invocation;
use crate::gates::journal::{Pass, Touched, Verdict};
use bstr::{BStr, ByteSlice};
use std::path::Path;

/// Where the person stands whose commit was refused.
pub struct Place<'a> {
    /// The file that holds the message, as it can be named from there.
    pub message: &'a str,
    /// The directory below the work tree's top, with a slash behind it; empty at the top.
    pub prefix: &'a str,
    /// How git was called.
    pub invocation: &'a Invocation,
    /// Whether the message file has a diff below its scissors line.
    pub cut: bool,
    /// Whether a language may stand for tracks of several projects.
    pub several_projects: bool,
    /// How often an entry is wanted.
    pub every: Every,
}

/// Why a commit passed, in one line.
pub fn passed(pass: &Pass) -> String {
    let why = match pass {
        Pass::Off => "every = \"off\"".into(),
        Pass::UnderWay(what) => format!("{what} is under way"),
        Pass::Exempt(why) => why.clone(),
        Pass::Declared(reason) => format!("none this time ({})", words::shown(reason)),
        Pass::Small => "no track's sources change enough".into(),
        Pass::Entries => "there is an entry for each language".into(),
        Pass::Earlier => "there was one earlier".into(),
    };
    format!("{} journal: {why}\n", paint(Meaning::Good, "✓"))
}

/// What is missing and why, the command that mends it, and how to get the message back.
pub fn refused(verdict: &Verdict, place: &Place<'_>) -> String {
    match verdict {
        Verdict::Refuse(lacking) => lacks(lacking, place),
        Verdict::NoReason => format!(
            "{} journal: `Journal: none` needs a reason: `Journal: none (only moved files)`\n\n{} {}\n",
            paint(Meaning::Bad, "✗"),
            "add one, your message comes back:",
            command(&back(place, true))
        ),
        Verdict::Pass(pass) => passed(pass),
    }
}

fn lacks(lacking: &[Touched], place: &Place<'_>) -> String {
    let mut titles: Vec<String> = lacking.iter().map(|t| words::shown(&t.title)).collect();
    titles.dedup();
    let mut out = format!("{} journal: nothing was written down about {}\n", paint(Meaning::Bad, "✗"), list(&titles));
    for touched in lacking {
        let path = if touched.path.is_empty() { ".".to_owned() } else { words::shown(&touched.path) };
        out.push_str(&format!("  this commit changes {} of source in {path}\n", words::count(touched.lines, "line")));
    }
    out.push_str(match place.every {
        Every::Day => "  neither it nor an earlier one of yours on that day says what you learned\n",
        Every::Week => "  neither it nor an earlier one of yours in that week says what you learned\n",
        Every::Commit | Every::Off => "  it does not say what you learned\n",
    });
    out.push_str("\nsay it and commit, in one go (put your own words in place of the dots):\n");
    out.push_str(&format!("  {}\n", command(&with_trailers(lacking, place))));
    out.push_str("or write it into the journal, and take your message back:\n");
    for touched in lacking {
        out.push_str(&format!("  {}\n", command(&adding(touched, place))));
    }
    out.push_str(&format!("  {}\n", command(&back_with_journals(lacking, place))));
    out.push_str("nothing to say this time? put a line `Journal: none (the reason)` into the message\n");
    out
}

fn command(text: &str) -> String {
    paint(Meaning::Command, words::shown(text))
}

/// `a`, `a and b`, `a, b and c`.
fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// `git commit …` with the message that was refused. `edit` asks for a look at it.
fn back(place: &Place<'_>, edit: bool) -> String {
    let mut words_of = vec!["git commit".to_owned()];
    words_of.extend(place.invocation.again.iter().filter(|flag| *flag != "-v").map(|word| words::shell(word)));
    // Without -v git would take the diff below the scissors for a part of the message.
    if place.cut {
        words_of.push("-v".into());
    }
    if edit {
        words_of.push("-e".into());
    }
    words_of.push(format!("-F {}", words::shell(place.message)));
    words_of.join(" ")
}

fn paths(place: &Place<'_>, more: &[String]) -> String {
    if place.invocation.paths.is_empty() {
        return String::new();
    }
    let named = place.invocation.paths.iter().map(|path| words::shell(&path.to_string_lossy()));
    let all: Vec<String> = named.chain(more.iter().cloned()).collect();
    format!(" -- {}", all.join(" "))
}

fn with_trailers(lacking: &[Touched], place: &Place<'_>) -> String {
    let mut names: Vec<&str> = lacking.iter().map(|t| t.language.as_str()).collect();
    names.dedup();
    let trailers: Vec<String> = names.iter().map(|name| format!("--trailer {}", trailer(name))).collect();
    format!("{} {}{}", back(place, true), trailers.join(" "), paths(place, &[]))
}

/// `'Learned-golang: …'`; a name that is not one plain word stands in parentheses.
fn trailer(language: &str) -> String {
    let plain = language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    words::shell(&if plain { format!("Learned-{language}: …") } else { format!("Learned({language}): …") })
}

/// Adds an entry and stages the journal.
fn adding(touched: &Touched, place: &Place<'_>) -> String {
    let project =
        if place.several_projects { format!(" --project {}", words::shell(&touched.project)) } else { String::new() };
    let journal = journal(touched, place);
    format!("mastery journal add -l {}{project} '…' && git add {journal}", words::shell(&touched.language))
}

/// The journal as it can be named from where the person stands.
fn journal(touched: &Touched, place: &Place<'_>) -> String {
    let path = touched.journal.to_string();
    match path.strip_prefix(place.prefix) {
        Some(below) => words::shell(below),
        None => words::shell(&format!(":/{path}")),
    }
}

fn back_with_journals(lacking: &[Touched], place: &Place<'_>) -> String {
    let mut journals: Vec<String> = lacking.iter().map(|t| journal(t, place)).collect();
    journals.dedup();
    format!("{}{}", back(place, true), paths(place, &journals))
}

/// What `journal add` wrote, and how to take it into the next commit.
pub fn added(week: u32, title: &str, text: &BStr, path: &Path, here: &Path) -> String {
    let line = text.lines().next().unwrap_or_default();
    let path = path.strip_prefix(here).unwrap_or(path).to_string_lossy();
    let stage = format!("git add {}", words::shell(&path));
    format!("week {week}, {}: {}\nfor the next commit: {}\n", words::shown(title), words::shown(line), command(&stage))
}

/// What `journal sync` folded.
pub fn synced(count: usize, homeless: usize, dry_run: bool) -> String {
    let verb = if dry_run { "to fold" } else { "folded" };
    let mut out = match count {
        0 => "every `Learned` line stands in its journal; nothing to fold\n".to_owned(),
        n => format!("{} {verb}\n", words::count(n, "`Learned` line")),
    };
    if homeless > 0 {
        let lines = words::count(homeless, "`Learned` line");
        out.push_str(&format!("{lines} could not be placed: which project or language is meant?\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_with_an_evil_name_neither_drives_the_terminal_nor_the_shell() {
        let name = "x'; touch y; '\u{1b}]0;z";
        let touched = Touched {
            project: name.into(),
            language: name.into(),
            title: name.into(),
            path: name.into(),
            lines: 12,
            journal: name.into(),
            entry: false,
        };
        let place = Place {
            message: ".git/COMMIT_EDITMSG",
            prefix: "",
            invocation: &Invocation::default(),
            cut: false,
            several_projects: true,
            every: Every::Day,
        };
        let text = refused(&Verdict::Refuse(vec![touched]), &place);
        assert!(!text.contains("\u{1b}]0"), "{text:?}");
        for line in anstream::adapter::strip_str(&text).to_string().lines() {
            if let Some(command) = line.strip_prefix("  ").filter(|l| l.starts_with("git") || l.starts_with("mastery"))
            {
                let words = shlex::split(command).unwrap();
                assert!(!words.contains(&"touch".to_owned()), "{command}");
            }
        }
    }
}
