//! What colours mean. The terminal drops them where they are not wanted.

use anstyle::{AnsiColor, Style};
use std::fmt::Display;

/// A meaning that text can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// It is well.
    Good,
    /// It is not.
    Bad,
    /// It wants attention, or can't be known.
    Doubt,
    /// A heading, a name.
    Strong,
    /// Said for completeness.
    Faint,
    /// Something to type.
    Command,
}

fn style(meaning: Meaning) -> Style {
    let color = |c: AnsiColor| Style::new().fg_color(Some(c.into()));
    match meaning {
        Meaning::Good => color(AnsiColor::Green),
        Meaning::Bad => color(AnsiColor::Red).bold(),
        Meaning::Doubt => color(AnsiColor::Yellow),
        Meaning::Strong => Style::new().bold(),
        Meaning::Faint => Style::new().dimmed(),
        Meaning::Command => color(AnsiColor::Cyan),
    }
}

/// `text` in the colour of its meaning.
pub fn paint(meaning: Meaning, text: impl Display) -> String {
    let style = style(meaning);
    format!("{style}{text}{style:#}")
}
