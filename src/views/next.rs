//! What to do now, as people read it.

use super::style::{Meaning, paint};
use super::words;
use crate::progress::next::{Item, Step};

/// The checklist, if there is one, and the first thing to do with its command.
pub fn text(checklist: &[Item], step: Option<&Step>) -> String {
    let mut out = String::new();
    if !checklist.is_empty() {
        out.push_str(&format!("{}\n", paint(Meaning::Strong, "Before you begin")));
    }
    for item in checklist {
        let (mark, meaning) = match item.done {
            Some(true) => ("[x]", Meaning::Good),
            Some(false) => ("[ ]", Meaning::Doubt),
            None => ("[?]", Meaning::Faint),
        };
        out.push_str(&format!("  {} {}\n", paint(meaning, mark), item.what));
    }
    if !checklist.is_empty() {
        out.push('\n');
    }
    match step {
        None => out.push_str(&format!(
            "Nothing is left to do here: begin the next project.\n  {}\n",
            paint(Meaning::Command, "mastery projects recommend")
        )),
        Some(step) => {
            let project = step.project.as_ref().map_or(String::new(), |p| format!("{}: ", words::shown(p)));
            out.push_str(&format!("{} {project}{}\n", paint(Meaning::Strong, "Next:"), words::shown(&step.what)));
            out.push_str(&format!("  {}\n", paint(Meaning::Command, words::shown(&step.command))));
        }
    }
    out
}
