//! An answer as it lies in a file. Bytes that are damaged, or that another version wrote, are none.

use super::place::Seen;
use crate::git::ObjectId;
use crate::history::bytes::{Rest, index, long, number, text};
use crate::history::reach::Reach;
use crate::history::totals::Totals;
use crate::system::files::own;
use crate::views::parts::About;
use bstr::{BStr, BString, ByteSlice};

const MAGIC: &[u8; 16] = b"mastery answer 4";
const HEADER: usize = 16 + 4;

/// What an answer has to know of a project to judge it anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: String,
    /// Its directory.
    pub path: BString,
    /// Whether it has any tracks.
    pub has_tracks: bool,
}

/// An answer with all that it depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    /// What was asked, and of what repository, beside HEAD.
    pub(super) state: ObjectId,
    /// The commit at HEAD, and the branch that HEAD was on.
    pub(super) head: ObjectId,
    /// The branch.
    pub(super) branch: Option<BString>,
    /// From when on it holds, in seconds since 1970.
    pub(super) made: i64,
    /// When it holds no longer.
    pub(super) until: i64,
    /// How long it took to find, in milliseconds.
    pub(super) took: i64,
    /// What lies outside of history.
    pub(super) places: Vec<Seen>,
    /// What new commits add to.
    pub(super) totals: Totals,
    /// Commits without a passing run.
    pub(super) unverified: Option<usize>,
    /// What else there is to know of the tree.
    pub(super) remarks: Vec<String>,
    /// The paths that have a say.
    pub(super) reach: Reach,
    /// The projects that it tells of.
    pub(super) projects: Vec<Known>,
    /// The [`Current`](super::Current) ones of them by index, as bytes: mostly nobody asks for them.
    pub(super) current: Vec<(usize, Vec<u8>)>,
    /// Its parts.
    pub(super) parts: Vec<(About, String)>,
}

impl Kept {
    /// As bytes.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(self.state.as_bytes());
        out.extend_from_slice(self.head.as_bytes());
        list(&mut out, self.branch.as_slice(), |out, branch| text(out, branch));
        for n in [self.made, self.until, self.took] {
            long(&mut out, n);
        }
        list(&mut out, &self.places, |out, place| place.write(out));
        let Totals { commits, excused, future, skewed, cut, incomplete, until } = self.totals;
        for n in [commits, excused, future, skewed] {
            number(&mut out, index(n));
        }
        out.push(u8::from(cut) | u8::from(incomplete) << 1);
        long(&mut out, until);
        list(&mut out, self.unverified.as_slice(), |out, n| number(out, index(*n)));
        list(&mut out, &self.remarks, |out, remark| text(out, remark.as_bytes()));
        out.push(u8::from(self.reach.is_apart));
        list(&mut out, &self.reach.projects, |out, project| text(out, project));
        list(&mut out, &self.reach.places, |out, place| text(out, place));
        list(&mut out, &self.reach.journals, |out, name| text(out, name));
        list(&mut out, &self.projects, |out, project| {
            text(out, project.id.as_bytes());
            text(out, &project.path);
            out.push(u8::from(project.has_tracks));
        });
        list(&mut out, &self.current, |out, (at, current)| {
            number(out, index(*at));
            text(out, current);
        });
        list(&mut out, &self.parts, |out, (about, part)| {
            let about = match about {
                About::All => 0,
                About::Repository => 1,
                About::Project(at) => at.saturating_add(2),
            };
            number(out, about);
            text(out, part.as_bytes());
        });
        let sum = own::checksum(&out[HEADER..]);
        out[HEADER - 4..HEADER].copy_from_slice(&sum.to_le_bytes());
        out
    }

    /// The answer in `bytes`.
    pub(super) fn read(bytes: &[u8]) -> Option<Kept> {
        let (header, body) = bytes.split_at_checked(HEADER)?;
        if header[..16] != *MAGIC || own::checksum(body).to_le_bytes() != header[16..] {
            return None;
        }
        let mut rest = Rest(body);
        let rest = &mut rest;
        let string = |rest: &mut Rest<'_>| Some(rest.text()?.to_str().ok()?.to_owned());
        let bytes = |rest: &mut Rest<'_>| rest.text().map(BStr::to_owned);
        let size = |rest: &mut Rest<'_>| usize::try_from(rest.number()?).ok();
        let kept = Kept {
            state: rest.id()?,
            head: rest.id()?,
            branch: read_list(rest, bytes)?.pop(),
            made: rest.long()?,
            until: rest.long()?,
            took: rest.long()?,
            places: read_list(rest, Seen::read)?,
            totals: Totals {
                commits: size(rest)?,
                excused: size(rest)?,
                future: size(rest)?,
                skewed: size(rest)?,
                cut: rest.0.first()? & 1 != 0,
                incomplete: rest.byte()? & 2 != 0,
                until: rest.long()?,
            },
            unverified: read_list(rest, size)?.pop(),
            remarks: read_list(rest, string)?,
            reach: Reach {
                is_apart: rest.byte()? != 0,
                projects: read_list(rest, bytes)?,
                places: read_list(rest, bytes)?,
                journals: read_list(rest, bytes)?,
            },
            projects: read_list(rest, |rest| {
                Some(Known { id: string(rest)?, path: bytes(rest)?, has_tracks: rest.byte()? != 0 })
            })?,
            current: read_list(rest, |rest| Some((size(rest)?, rest.text()?.to_vec())))?,
            parts: read_list(rest, |rest| {
                let about = match rest.number()? {
                    0 => About::All,
                    1 => About::Repository,
                    at => About::Project(at - 2),
                };
                Some((about, string(rest)?))
            })?,
        };
        let is_harmless = kept.parts.iter().all(|(_, part)| is_harmless(part));
        (rest.0.is_empty() && is_harmless).then_some(kept)
    }
}

fn list<T>(out: &mut Vec<u8>, items: &[T], mut write: impl FnMut(&mut Vec<u8>, &T)) {
    number(out, index(items.len()));
    for item in items {
        write(out, item);
    }
}

fn read_list<T>(rest: &mut Rest<'_>, read: impl Fn(&mut Rest<'_>) -> Option<T>) -> Option<Vec<T>> {
    (0..rest.count()?).map(|_| read(rest)).collect()
}

/// Whether a text does no more to a terminal than to colour it: a file in a stranger's repository may be anybody's.
pub(super) fn is_harmless(text: &str) -> bool {
    // Controls are bytes below the space, DEL, and the two-byte characters of which the first byte is this.
    const SECOND: u8 = 0xc2;
    let is_plain = |byte: u8| byte >= b' ' && byte != 0x7f && byte != SECOND || byte == b'\n';
    if text.bytes().all(is_plain) {
        return true;
    }
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
    use super::super::place::Place;
    use super::*;

    fn kept() -> Kept {
        Kept {
            state: ObjectId::from_bytes([1; 20]),
            head: ObjectId::from_bytes([2; 20]),
            branch: Some("main".into()),
            made: -5,
            until: i64::MAX,
            took: 3,
            places: vec![Place::Whole("/".into()).look(), Place::Unreported("/no/such place".into()).look()],
            totals: Totals { commits: 7, skewed: 2, cut: true, ..Totals::default() },
            unverified: None,
            remarks: vec!["a remark".into()],
            reach: Reach {
                is_apart: true,
                projects: vec!["01-a".into()],
                places: vec!["docs".into()],
                journals: vec!["learnings.md".into()],
            },
            current: vec![(0, b"{}".to_vec())],
            projects: vec![Known { id: "a".into(), path: "01-a".into(), has_tracks: true }],
            parts: vec![
                (About::All, "one\n".into()),
                (About::Project(3), "p".into()),
                (About::Repository, "\x1b[31mtwo\x1b[0m — …".into()),
            ],
        }
    }

    #[test]
    fn an_answer_is_read_as_it_was_written() {
        assert_eq!(Kept::read(&kept().write()), Some(kept()));
        let other = Kept { branch: None, unverified: Some(4), current: Vec::new(), ..kept() };
        assert_eq!(Kept::read(&other.write()), Some(other));
    }

    #[test]
    fn what_is_cut_off_or_flipped_is_no_answer() {
        let bytes = kept().write();
        for at in 0..bytes.len() {
            assert_eq!(Kept::read(&bytes[..at]), None, "cut off at {at}");
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x10;
            assert_eq!(Kept::read(&flipped), None, "flipped at {at}");
        }
    }

    #[test]
    fn bytes_whose_checksum_was_made_to_fit_never_harm() {
        let bytes = kept().write();
        for at in HEADER..bytes.len() {
            for value in [0, 1, 0x1b, 0x7f, 0xff] {
                let mut forged = bytes.clone();
                forged[at] = value;
                let sum = own::checksum(&forged[HEADER..]);
                forged[HEADER - 4..HEADER].copy_from_slice(&sum.to_le_bytes());
                if let Some(kept) = Kept::read(&forged) {
                    assert!(kept.parts.iter().all(|(_, part)| is_harmless(part)));
                }
            }
        }
    }

    #[test]
    fn an_answer_may_colour_a_terminal_and_nothing_else() {
        assert!(is_harmless("plain\nand \x1b[1;32mgreen\x1b[0m\n"));
        assert!(is_harmless("©, and no more"), "its first byte is that of some controls");
        for text in ["\x1b]0;title\x07", "\x1b[2J", "\r", "\x1b", "\x07", "\x1b[31mred\x1b[H", "\u{9b}31m"] {
            assert!(!is_harmless(text), "{text:?}");
        }
    }
}
