//! Suites: how a track's tests are run on exactly the content in question, and what is remembered of it.
//!
//! [`inputs`] says what a suite depends on, [`fingerprint`] what else; [`receipt`] keeps how it ended for both; [`snapshot`] lays the
//! content out where the work tree is not it; [`wiring`] asks the test framework for a report; [`judge`] says what it all means.

pub mod coverage;
pub mod finding;
pub mod fingerprint;
pub mod inputs;
pub mod judge;
pub mod log;
pub mod receipt;
pub mod references;
pub mod reports;
pub mod snapshot;
pub mod toolchain;
pub mod wiring;
mod xml;

use crate::config::Language;
use crate::git::ObjectId;
use crate::history::layout::{Project, Track};

/// The test command of a track, with its reporter.
#[derive(Debug, Clone, Copy)]
pub struct Suite<'a> {
    /// The project.
    pub project: &'a Project,
    /// The track.
    pub track: &'a Track,
    /// Its language.
    pub language: &'a Language,
    /// The command.
    pub command: &'a str,
}

impl Suite<'_> {
    /// A name for files of its own, unlike that of any other suite of the repository.
    pub fn slug(&self) -> String {
        let path = &self.track.path;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        let mut slug: String = path.iter().map(|b| if plain(*b) { char::from(*b) } else { '+' }).collect();
        let is_plain = path.iter().all(|b| plain(*b) || *b == b'/') && slug.len() <= 60 && !slug.starts_with('.');
        let named = slug == self.language.name || slug.ends_with(&format!("+{}", self.language.name));
        if !named {
            slug = if slug.is_empty() { self.language.name.clone() } else { format!("{slug}+{}", self.language.name) };
        }
        if is_plain && self.language.name.bytes().all(plain) {
            return slug;
        }
        let hash = ObjectId::of_blob(&[path.as_slice(), b"\0", self.language.name.as_bytes()].concat()).short();
        let short: String =
            slug.chars().map(|c| if c.is_ascii() && plain(c as u8) { c } else { '+' }).take(60).collect();
        format!("{}-{hash}", short.trim_start_matches('.'))
    }
}
