//! A failure as people read it.

use super::style::{Meaning, paint};
use super::words;
use crate::failure::Failure;
use std::error::Error;

/// `error: …`, its causes beneath, and a line for each hint.
pub fn text(failure: &Failure) -> String {
    let mut out = format!("{} {}\n", paint(Meaning::Bad, "error:"), words::shown_lines(&failure.message));
    let mut cause = failure.source();
    while let Some(error) = cause {
        // libgit2 appends its own classification, which says nothing to a reader.
        let text = error.to_string();
        for line in text.split("; class=").next().unwrap_or_default().lines() {
            out.push_str(&format!("  {}\n", words::shown_lines(line)));
        }
        cause = error.source();
    }
    for hint in &failure.hints {
        out.push_str(&format!("{} {}\n", paint(Meaning::Command, "hint:"), words::shown_lines(hint)));
    }
    out
}
