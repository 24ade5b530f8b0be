//! Whether a part of the work tree holds just what is staged, told as git tells it: by what the index has noted of each file. Only
//! where the clock can't tell is a file's content looked at; where that doesn't settle it either, libgit2 compares.

use super::index_file::{self, Item};
use super::work_tree::is_at_or_below;
use super::{ObjectId, Repository};
use crate::failure::Failure;
use bstr::{BStr, BString, ByteSlice};
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Which files are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files {
    /// Those that are tracked.
    Tracked,
    /// Those, and any that are neither tracked nor ignored.
    All,
}

/// Larger files are not read only to spare a comparison.
const LARGE: u64 = 1 << 20;

impl Repository {
    /// Whether the parts of the work tree at `places` (files or directories from the root; `""` is the root) hold just what is staged
    /// in the index at `index`, and what is ignored.
    ///
    /// # Errors
    /// The work tree can't be read: kind `Missing`.
    pub fn is_as_staged(&self, places: &[BString], files: Files, index: &Path) -> Result<bool, Failure> {
        if let Some(answer) = self.told_by_the_clock(places, files, index) {
            return Ok(answer);
        }
        let difference = self.difference(places)?;
        Ok(difference.changed.is_empty() && (files == Files::Tracked || difference.untracked.is_empty()))
    }

    /// None where nothing is certain.
    fn told_by_the_clock(&self, places: &[BString], files: Files, index: &Path) -> Option<bool> {
        let top = self.work_tree()?;
        let about = fs::metadata(index).ok()?;
        let bytes = fs::read(index).ok()?;
        let is_wanted = |path: &BStr| places.iter().any(|place| is_at_or_below(path, place.as_bstr()));
        let items = index_file::items(&bytes, &is_wanted)?;
        let look = Look { repo: self, top, files, written: (about.mtime(), about.mtime_nsec()) };
        for place in places {
            let place = place.as_bstr();
            // Behind a link lies something else, whatever it holds.
            let is_plain = |above: &Path| fs::symlink_metadata(above).is_ok_and(|about| about.is_dir());
            let at = look.place(place);
            if !at.ancestors().skip(1).take_while(|above| above.starts_with(top)).all(is_plain) {
                return None;
            }
            let items = below(&items, place);
            // A place that is one file is compared as one.
            let is_file = matches!(items, [one] if one.path == place);
            let fits = if is_file { look.file(&items[0])? } else { look.directory(place, items)? };
            if !fits {
                return Some(false);
            }
        }
        Some(true)
    }
}

/// The entries at or below a path; all of them for `""`.
fn below<'i, 'a>(items: &'i [Item<'a>], place: &BStr) -> &'i [Item<'a>] {
    if place.is_empty() {
        return items;
    }
    let start = items.partition_point(|item| item.path < place);
    if items.get(start).is_some_and(|item| item.path == place) {
        return &items[start..=start];
    }
    let first = [place.as_bytes(), b"/"].concat();
    let start = items.partition_point(|item| *item.path < *first);
    let count = items[start..].partition_point(|item| item.path.starts_with(&first));
    &items[start..start + count]
}

struct Look<'r> {
    repo: &'r Repository,
    top: &'r Path,
    files: Files,
    /// When the index was written, in seconds and nanoseconds.
    written: (i64, i64),
}

impl Look<'_> {
    fn place(&self, path: &BStr) -> std::path::PathBuf {
        self.top.join(OsStr::from_bytes(path))
    }

    /// Whether a directory holds what `items` (all entries below it) say, and nothing else that counts.
    fn directory(&self, path: &BStr, items: &[Item<'_>]) -> Option<bool> {
        let place = self.place(path);
        match fs::symlink_metadata(&place) {
            Ok(about) if about.is_dir() => {}
            Ok(_) => return None,
            Err(_) => return Some(items.is_empty()),
        }
        let skip = if path.is_empty() { 0 } else { path.len() + 1 };
        if self.files == Files::All && self.has_others(path, &place, items)? {
            return Some(false);
        }
        // The directory inside that an entry is in; none for a file that lies here itself.
        let inside = |item: &Item<'_>| item.path[skip..].find_byte(b'/').map(|slash| skip + slash);
        let is_one =
            |a: &Item<'_>, b: &Item<'_>| inside(a).is_some_and(|end| b.path.get(..=end) == Some(&a.path[..=end]));
        for group in items.chunk_by(is_one) {
            let fits = match inside(&group[0]) {
                None => self.file(&group[0])?,
                Some(end) => self.directory(group[0].path[..end].as_bstr(), group)?,
            };
            if !fits {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Whether a file lies in a directory that is neither tracked nor ignored. None where a directory of such may hold one.
    fn has_others(&self, path: &BStr, place: &Path, items: &[Item<'_>]) -> Option<bool> {
        for other in fs::read_dir(place).ok()? {
            let other = other.ok()?;
            let name = other.file_name();
            let at = if path.is_empty() {
                name.as_bytes().to_vec()
            } else {
                [path.as_bytes(), b"/", name.as_bytes()].concat()
            };
            if name == ".git" || !below(items, at.as_bstr()).is_empty() {
                continue;
            }
            if !self.repo.inner().ok()?.is_path_ignored(OsStr::from_bytes(&at)).ok()? {
                return (!other.file_type().ok()?.is_dir()).then_some(true);
            }
        }
        Some(false)
    }

    /// Whether a file is as its entry says.
    fn file(&self, item: &Item<'_>) -> Option<bool> {
        let place = self.place(item.path);
        let Ok(about) = fs::symlink_metadata(&place) else { return Some(false) };
        if !item.is_plain() || kind(&about)? != item.mode() {
            return None;
        }
        let noted = (i64::from(item.number(2)), i64::from(item.number(3)));
        if is_noted(&about, item) && noted < self.written {
            return Some(true);
        }
        if about.len() > LARGE {
            return None;
        }
        let bytes = if about.is_symlink() {
            fs::read_link(&place).ok()?.into_os_string().as_bytes().to_vec()
        } else {
            fs::read(&place).ok()?
        };
        // Other bytes may still be what a checkout gives.
        (ObjectId::of_blob(&bytes) == item.id()).then_some(true)
    }
}

/// The mode that git has for a file or a link; none for anything else.
fn kind(about: &Metadata) -> Option<u32> {
    match about.mode() & 0o170_000 {
        0o120_000 => Some(0o120_000),
        0o100_000 if about.mode() & 0o100 != 0 => Some(0o100_755),
        0o100_000 => Some(0o100_644),
        _ => None,
    }
}

/// Whether a file is the one that the index has noted, untouched since.
fn is_noted(about: &Metadata, item: &Item<'_>) -> bool {
    let low = |number: u64| u32::try_from(number & 0xffff_ffff).unwrap_or_default();
    let time = |number: i64| low(number.cast_unsigned());
    let now = [
        (0, time(about.ctime())),
        (1, time(about.ctime_nsec())),
        (2, time(about.mtime())),
        (3, time(about.mtime_nsec())),
        (5, low(about.ino())),
        (9, low(about.size())),
    ];
    now.into_iter().all(|(at, number)| item.number(at) == number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::files::{self, own};
    use proptest::prelude::*;

    const PATHS: [&str; 6] = ["a.go", "in/b.go", "in/deep/c.go", "other/d.go", "in.go", "in/link"];

    /// Something that happens to a work tree.
    #[derive(Debug, Clone)]
    enum Event {
        Write(usize, u8),
        Remove(usize),
        Untracked(&'static str),
        Executable(usize),
        /// The file becomes a directory, or a directory becomes a link.
        Turn(usize),
        /// As `git update-index --assume-unchanged`.
        Assume(usize),
        Intend,
    }

    fn event() -> impl Strategy<Value = Event> {
        let untracked =
            ["in/new.go", "new/x.go", "in/deep/x.log", "node_modules/m/x.js", "in/node_modules/y", "empty/"];
        prop_oneof![
            (0..6usize, 0..3u8).prop_map(|(n, b)| Event::Write(n, b)),
            (0..6usize).prop_map(Event::Remove),
            prop::sample::select(untracked.to_vec()).prop_map(Event::Untracked),
            (0..6usize).prop_map(Event::Executable),
            (0..6usize).prop_map(Event::Turn),
            (0..6usize).prop_map(Event::Assume),
            Just(Event::Intend),
        ]
    }

    fn happen(event: &Event, top: &Path, repo: &git2::Repository) {
        use std::os::unix::fs::PermissionsExt;
        let write = |path: &str, byte: u8| _ = files::replace(&top.join(path), &[b'x', byte]);
        match event {
            Event::Write(n, byte) => write(PATHS[*n], *byte),
            Event::Remove(n) => _ = own::remove_whatever(&top.join(PATHS[*n])),
            Event::Untracked(path) if path.ends_with('/') => _ = own::directory(&top.join(path)),
            Event::Untracked(path) => write(path, 7),
            Event::Executable(n) => {
                if let Ok(file) = fs::File::open(top.join(PATHS[*n])) {
                    file.set_permissions(fs::Permissions::from_mode(0o755)).unwrap();
                }
            }
            Event::Turn(n) if n % 2 == 0 => {
                let _ = own::remove_whatever(&top.join(PATHS[*n]));
                write(&format!("{}/inside", PATHS[*n]), 1);
            }
            Event::Turn(_) => {
                let _ = own::remove_whatever(&top.join("in"));
                let _ = own::link(&top.join("in"), OsStr::new("other"));
            }
            Event::Assume(n) => {
                let mut index = repo.index().unwrap();
                if let Some(mut entry) = index.get_path(Path::new(PATHS[*n]), 0) {
                    entry.flags |= 1 << 15;
                    index.add(&entry).unwrap();
                    index.write().unwrap();
                }
            }
            Event::Intend => {
                let mut index = repo.index().unwrap();
                let mut entry = index.get_path(Path::new(PATHS[0]), 0).unwrap();
                entry.path = b"in/intended".to_vec();
                entry.flags_extended |= 1 << 13;
                index.add(&entry).unwrap();
                index.write().unwrap();
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]
        #[test]
        fn it_says_what_a_comparison_says(events in prop::collection::vec(event(), 0..4)) {
            let directory = tempfile::tempdir().unwrap();
            let top = directory.path().canonicalize().unwrap();
            let inner = git2::Repository::init(&top).unwrap();
            for (n, path) in PATHS.iter().enumerate().take(5) {
                files::replace(&top.join(path), &[b'x', u8::try_from(n).unwrap() % 3]).unwrap();
            }
            own::link(&top.join(PATHS[5]), OsStr::new("b.go")).unwrap();
            files::replace(&top.join(".gitignore"), b"node_modules/\n*.log\n").unwrap();
            let mut index = inner.index().unwrap();
            index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
            index.write().unwrap();
            for event in &events {
                happen(event, &top, &inner);
            }
            let repo = Repository::glance(&top, Vec::new()).unwrap();
            for places in [vec![""], vec!["in"], vec!["in/deep", "other"], vec!["a.go"], vec!["none"]] {
                let places: Vec<BString> = places.into_iter().map(BString::from).collect();
                let plain = repo.difference(&places).unwrap();
                let ask = |files| repo.is_as_staged(&places, files, &top.join(".git/index")).unwrap();
                prop_assert_eq!(ask(Files::All), plain.is_empty(), "{:?} {:?}", &places, &plain);
                prop_assert_eq!(ask(Files::Tracked), plain.changed.is_empty(), "{:?} {:?}", &places, &plain);
            }
        }
    }

    #[test]
    fn a_place_behind_a_link_is_not_told_by_the_clock() {
        let directory = tempfile::tempdir().unwrap();
        let top = directory.path().canonicalize().unwrap();
        let inner = git2::Repository::init(&top).unwrap();
        files::replace(&top.join("in/deep/a.go"), b"one").unwrap();
        let mut index = inner.index().unwrap();
        index.add_path(Path::new("in/deep/a.go")).unwrap();
        index.write().unwrap();
        own::remove_whatever(&top.join("in")).unwrap();
        files::replace(&top.join("other/deep/a.go"), b"one").unwrap();
        own::link(&top.join("in"), OsStr::new("other")).unwrap();
        let repo = Repository::glance(&top, Vec::new()).unwrap();
        assert!(!repo.is_as_staged(&["in/deep".into()], Files::Tracked, &top.join(".git/index")).unwrap());
    }

    #[test]
    fn an_untouched_work_tree_is_known_by_the_clock_alone() {
        let directory = tempfile::tempdir().unwrap();
        let top = directory.path().canonicalize().unwrap();
        let inner = git2::Repository::init(&top).unwrap();
        files::replace(&top.join("in/a.go"), b"one").unwrap();
        let index = top.join(".git/index");
        let add = || {
            let mut index = inner.index().unwrap();
            index.add_path(Path::new("in/a.go")).unwrap();
            index.write().unwrap();
        };
        add();
        let repo = Repository::glance(&top, Vec::new()).unwrap();
        let told = |files| repo.told_by_the_clock(&["in".into()], files, &index);
        assert_eq!((told(Files::All), told(Files::Tracked)), (Some(true), Some(true)));
        files::replace(&top.join("in/new.go"), b"").unwrap();
        assert_eq!((told(Files::All), told(Files::Tracked)), (Some(false), Some(true)));
        // Of the same size, and with the time that is noted.
        let then = fs::metadata(top.join("in/a.go")).unwrap().modified().unwrap();
        files::replace(&top.join("in/a.go"), b"two").unwrap();
        fs::File::open(top.join("in/a.go")).unwrap().set_modified(then).unwrap();
        assert_eq!(told(Files::Tracked), None);
        assert!(!repo.is_as_staged(&["in".into()], Files::Tracked, &index).unwrap());
    }
}
