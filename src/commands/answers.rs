//! Answers of `mastery status`, remembered word for word. One is given again only while everything that it was made from is as it
//! was: the commit at HEAD, the configuration, the binary, the day, and every place outside of history that was looked at.

use super::ground::written_config;
use super::remembered;
use crate::git::{ObjectId, Repository};
use crate::system::files::own;
use crate::world::World;
use serde::{Deserialize, Serialize};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What is asked, and the state of all that is known to have a say in the answer before looking further.
pub struct Question {
    file: PathBuf,
    state: ObjectId,
    asked: Instant,
}

/// A place outside of history, as it was when it was looked at; nothing was there where it has no stamp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    path: String,
    stamp: Option<Stamp>,
}

/// Changes whenever what lies there does: a directory's with its entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    seconds: i64,
    nanoseconds: i64,
    inode: u64,
    size: u64,
}

/// What lies in a file: an answer and what it depends on.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    state: ObjectId,
    /// How long it took to find, in milliseconds.
    took: u64,
    places: Vec<Place>,
    text: String,
}

/// A clock of a file system may stand still for as long as this, in nanoseconds: what changed this shortly before it was looked
/// at may have changed again without a trace.
const TICK: i128 = 2_000_000_000;
/// More answers than these are forgotten together.
const MANY: usize = 32;

impl Question {
    /// The question that `words` put at HEAD; none where nothing is remembered: in a bare repository, before the first commit.
    pub fn new(world: &World, words: &str) -> Option<Question> {
        let asked = Instant::now();
        let repo = Repository::open(&world.cwd).ok()?;
        let top = repo.work_tree()?;
        let state = format!(
            "{} {} {:?} {} {} {:?} {:?} {} {words}",
            remembered::binary()?,
            repo.tip()?,
            repo.branch(),
            world.now.date_naive(),
            world.now.offset(),
            top.as_os_str().as_encoded_bytes(),
            written_config(world, top).ok()?,
            repo.edges(),
        );
        let name = ObjectId::of_blob(format!("{:?} {words}", repo.git_dir().as_os_str().as_encoded_bytes()).as_bytes())
            .to_string();
        let file = remembered::directory(repo.common_dir()).join("answers").join(name);
        Some(Question { file, state: ObjectId::of_blob(state.as_bytes()), asked })
    }

    /// The answer, if it is remembered and nothing has changed since.
    pub fn answer(&self) -> Option<String> {
        let bytes = fs::read(&self.file).ok()?;
        let about = self.file.metadata().ok()?;
        let (sum, rest) = bytes.split_at_checked(4)?;
        if own::checksum(rest).to_le_bytes() != *sum {
            return None;
        }
        let kept: Kept = serde_json::from_slice(rest).ok()?;
        let written = nanoseconds(about.mtime(), about.mtime_nsec());
        let settled = written - i128::from(kept.took) * 1_000_000 - TICK;
        let is_same = |place: &Place| {
            place.stamp == stamp(Path::new(&place.path))
                && place.stamp.as_ref().is_none_or(|s| nanoseconds(s.seconds, s.nanoseconds) < settled)
        };
        let holds = kept.state == self.state && kept.places.iter().all(is_same) && is_harmless(&kept.text);
        holds.then_some(kept.text)
    }

    /// Remembers `text` as the answer, made from history and from what lies at `places`.
    pub fn keep(&self, places: &[PathBuf], text: &str) {
        let place = |path: &PathBuf| Some(Place { path: path.to_str()?.to_owned(), stamp: stamp(path) });
        // A path that is no text can't be written down: then nothing is remembered.
        let Some(places) = places.iter().map(place).collect::<Option<Vec<_>>>() else { return };
        let took = u64::try_from(self.asked.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1);
        let kept = Kept { state: self.state, took, places, text: text.to_owned() };
        let Ok(rest) = serde_json::to_vec(&kept) else { return };
        let Some(directory) = self.file.parent() else { return };
        if fs::read_dir(directory).is_ok_and(|all| all.count() >= MANY) {
            let _ = own::remove_whatever(directory);
        }
        let bytes = [own::checksum(&rest).to_le_bytes().as_slice(), &rest].concat();
        // A repository that can't be written is read all the same.
        let _ = own::remember(&self.file, &bytes);
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let about = path.metadata().ok()?;
    // The size of a directory says nothing that its time doesn't.
    let size = if about.is_dir() { 0 } else { about.len() };
    Some(Stamp { seconds: about.mtime(), nanoseconds: about.mtime_nsec(), inode: about.ino(), size })
}

fn nanoseconds(seconds: i64, rest: i64) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(rest)
}

/// Whether a text does no more to a terminal than to colour it: a file in a stranger's repository may be anybody's.
fn is_harmless(text: &str) -> bool {
    let mut parts = text.split('\x1b');
    let plain = |part: &str| part.chars().all(|c| c == '\n' || !c.is_control());
    parts.next().is_none_or(plain)
        && parts.all(|part| {
            let colour = part.strip_prefix('[').and_then(|p| p.split_once('m'));
            colour.is_some_and(|(digits, rest)| digits.bytes().all(|b| b.is_ascii_digit() || b == b';') && plain(rest))
        })
}

#[cfg(test)]
mod tests {
    use super::is_harmless;

    #[test]
    fn an_answer_may_colour_a_terminal_and_nothing_else() {
        assert!(is_harmless("plain\nand \x1b[1;32mgreen\x1b[0m\n"));
        for text in ["\x1b]0;title\x07", "\x1b[2J", "\r", "\x1b", "\x07", "\x1b[31mred\x1b[H", "\u{9b}31m"] {
            assert!(!is_harmless(text), "{text:?}");
        }
    }
}
