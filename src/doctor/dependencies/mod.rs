//! What is installed for a track against what its lock files pin: one file a language, each a function over the texts of files.

pub mod golang;
pub mod nestjs;
pub mod python;

/// `a, b, c and 3 more`: which ones, without drowning the reader.
fn named(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
