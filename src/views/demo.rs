//! The demonstration as it is told.

use super::style::{Meaning, paint};
use super::words;

/// What is about to be shown.
pub fn title(language: &str) -> String {
    format!("A rate limiter in {language}.\nIts commits go through the real hooks of a temporary repository.\n")
}

/// A command as it was typed, and in what situation.
pub fn command(line: &str, why: &str) -> String {
    let line = paint(Meaning::Command, format!("$ {}", words::shown(line)));
    if why.is_empty() {
        format!("{line}\n")
    } else {
        format!("{line}  {}\n", paint(Meaning::Faint, format!("# {why}")))
    }
}

/// The telling lines of what a command said.
pub fn said<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    lines.into_iter().map(|line| format!("  {}\n", words::shown(line))).collect::<Vec<_>>().concat()
}

/// How a commit ended.
pub fn outcome(accepted: Option<&str>) -> String {
    match accepted {
        Some(commit) => format!("  {} {}\n", paint(Meaning::Good, "accepted:"), words::shown(commit)),
        None => format!("  {}\n", paint(Meaning::Bad, "refused")),
    }
}

/// What to type now.
pub fn end() -> String {
    let command = |text: &str| paint(Meaning::Command, text);
    format!(
        "Nothing of this is left behind (--keep leaves it). In your own repository:\n  {}\n",
        command("mastery init && mastery hook install")
    )
}
