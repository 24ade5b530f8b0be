//! A look at a repository without libgit2: where it is, what HEAD names, and loose objects. Opening libgit2's view of it, with all of
//! git's configuration, takes longer than all else that a hook does. Whatever is unusual is none here, and libgit2 is asked.

use super::objects::{Kind, loose};
use super::{ObjectId, raw};
use bstr::{BString, ByteSlice};
use libdeflater::Decompressor;
use std::cell::{OnceCell, RefCell};
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A repository with a work tree around its `.git` directory, of the usual form, that belongs to whoever runs this.
pub(super) struct Glance {
    /// Both end in a slash, as libgit2 has them.
    pub(super) top: PathBuf,
    pub(super) git_dir: PathBuf,
    /// All of git's files of settings, and what they hold, in small letters, once somebody has asked; none where one can't be read.
    settings: Vec<PathBuf>,
    said: OnceCell<Option<Vec<u8>>>,
    decompressor: RefCell<Decompressor>,
}

impl Glance {
    /// The repository that `start` lies in. `settings` are git's files of settings outside of it.
    pub(super) fn at(start: &Path, mut settings: Vec<PathBuf>) -> Option<Glance> {
        let device = fs::metadata(start).ok()?.dev();
        for top in start.ancestors() {
            let git_dir = top.join(".git/");
            match fs::symlink_metadata(top.join(".git")) {
                Ok(about) if about.is_dir() => {
                    let owner = rustix::process::geteuid().as_raw();
                    let (place, own) = (fs::metadata(top).ok()?, about.uid() == owner);
                    let is_whole = git_dir.join("objects").is_dir();
                    if !own || place.uid() != owner || place.dev() != device || !is_whole {
                        return None;
                    }
                    if git_dir.join("commondir").exists() || !is_usual(&fs::read(git_dir.join("config")).ok()?) {
                        return None;
                    }
                    settings.push(git_dir.join("config"));
                    let decompressor = RefCell::new(Decompressor::new());
                    return Some(Glance { top: top.join(""), git_dir, settings, said: OnceCell::new(), decompressor });
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                _ => return None,
            }
            // A bare repository may be here, or the end of what git looks through.
            if top.join("HEAD").exists() || fs::metadata(top).ok()?.dev() != device {
                return None;
            }
        }
        None
    }

    /// What HEAD names, as it stands there: a reference, or a commit.
    fn head(&self) -> Option<Vec<u8>> {
        Some(fs::read(self.git_dir.join("HEAD")).ok()?.trim_ascii_end().to_vec())
    }

    /// The branch that HEAD is on; none where it is on none.
    ///
    /// # Errors
    /// HEAD can't be read: nothing is known.
    pub(super) fn branch(&self) -> Result<Option<BString>, ()> {
        let head = self.head().ok_or(())?;
        let name = head.strip_prefix(b"ref: ");
        if name.is_none() && raw::hex(&head).is_none() {
            return Err(());
        }
        Ok(name.map(|name| name.strip_prefix(b"refs/heads/").unwrap_or(name).into()))
    }

    /// The commit that HEAD names, or the branch that it is on.
    pub(super) fn tip(&self) -> Option<ObjectId> {
        let head = self.head()?;
        let Some(name) = head.strip_prefix(b"ref: ") else { return raw::hex(&head) };
        let is_branch = name.starts_with(b"refs/heads/") && !name.contains_str("..") && !name.contains(&0);
        let file = self.git_dir.join(name.to_path().ok().filter(|_| is_branch)?);
        match fs::read(file) {
            Ok(bytes) => raw::hex(&bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let packed = fs::read(self.git_dir.join("packed-refs")).ok()?;
                let of = |line: &[u8]| line.get(41..) == Some(name) && line[40] == b' ';
                raw::hex(packed.lines().find(|line| of(line))?.get(..40)?)
            }
            Err(_) => None,
        }
    }

    /// Whether no file of settings speaks of `key`, so that it has git's own default.
    pub(super) fn is_default(&self, key: &str) -> bool {
        let name = key.rsplit('.').next().unwrap_or(key).to_ascii_lowercase();
        let read = |file: &PathBuf| match fs::read(file) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Some(Vec::new()),
            bytes => bytes.ok(),
        };
        let all =
            || Some(self.settings.iter().map(read).collect::<Option<Vec<_>>>()?.join(&b'\n').to_ascii_lowercase());
        self.said
            .get_or_init(all)
            .as_ref()
            .is_some_and(|said| !said.contains_str(&name) && !said.contains_str("include"))
    }

    /// The content of an object of this kind that lies in a file of its own.
    pub(super) fn read(&self, id: ObjectId, wanted: Kind) -> Option<Arc<Vec<u8>>> {
        match loose::read(&self.git_dir.join("objects"), id, &mut self.decompressor.borrow_mut()) {
            loose::Found::Whole((kind, content)) => Some(content).filter(|_| kind == wanted),
            loose::Found::Unknown | loose::Found::Damaged => None,
        }
    }
}

/// Whether the settings of a repository say nothing that changes where or how its parts lie.
fn is_usual(config: &[u8]) -> bool {
    config.to_ascii_lowercase().lines().all(|line| {
        let speaks_of = |word: &[u8]| line.windows(word.len()).any(|part| part == word);
        let says = |what: &[u8]| line.trim_ascii() == what;
        !speaks_of(b"extensions")
            && !speaks_of(b"include")
            && !speaks_of(b"worktree")
            && (!speaks_of(b"bare") || says(b"bare = false"))
            && (!speaks_of(b"repositoryformatversion") || says(b"repositoryformatversion = 0"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::Repository;
    use crate::system::files::{self, own};
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    fn write(path: &Path, bytes: impl AsRef<[u8]>) {
        files::replace(path, bytes.as_ref()).unwrap();
    }

    /// A repository with one commit: a file at the top, and one below a directory.
    fn repository() -> (tempfile::TempDir, git2::Oid) {
        let directory = tempfile::tempdir().unwrap();
        let repo = git2::Repository::init(directory.path()).unwrap();
        let mut index = repo.index().unwrap();
        for (path, text) in [("a.txt", "one\n"), ("golang/in/b\u{e9}.go", "package b\n"), ("golang/c.go", "")] {
            let place = directory.path().join(path);
            write(&place, text);
            index.add_path(Path::new(OsStr::from_bytes(path.as_bytes()))).unwrap();
        }
        let tree = repo.find_tree(index.write_tree().unwrap()).unwrap();
        let who = git2::Signature::now("Ada", "ada@x").unwrap();
        let commit = repo.commit(Some("HEAD"), &who, &who, "feat: begin", &tree, &[]).unwrap();
        (directory, commit)
    }

    fn glance(directory: &tempfile::TempDir) -> Option<Glance> {
        Glance::at(&directory.path().canonicalize().unwrap(), Vec::new())
    }

    #[test]
    fn it_sees_what_libgit2_sees_from_wherever_one_stands() {
        let (directory, commit) = repository();
        let inside = directory.path().canonicalize().unwrap().join("golang/in");
        let (seen, plain) = (Repository::glance(&inside, Vec::new()).unwrap(), Repository::open(&inside).unwrap());
        assert_eq!(seen.git_dir().as_os_str(), plain.git_dir().as_os_str());
        assert_eq!(seen.work_tree().map(Path::as_os_str), plain.work_tree().map(Path::as_os_str));
        assert_eq!((seen.tip(), seen.head().unwrap()), (Some(commit.into()), plain.head().unwrap()));
        let tree = plain.tree_of(commit.into()).unwrap();
        assert_eq!(seen.tree_of(commit.into()).unwrap(), tree);
        assert_eq!(seen.commit(commit.into()).unwrap(), plain.commit(commit.into()).unwrap());
        assert_eq!(seen.listing(tree), plain.listing(tree));
        for path in ["golang", "golang/in", "golang/in/b\u{e9}.go", "a.txt", "golang/none", "a.txt/none", "none/at/all"]
        {
            let (ours, theirs) = (seen.object_at(tree, path.into()), plain.object_at(tree, path.into()));
            assert_eq!(ours, theirs, "{path}");
            assert_eq!(ours.and_then(|id| seen.blob(id)), theirs.and_then(|id| plain.blob(id)), "{path}");
        }
    }

    #[test]
    fn what_it_does_not_find_libgit2_does() {
        let (directory, commit) = repository();
        let repo = git2::Repository::open(directory.path()).unwrap();
        let packed = format!("# pack-refs with: peeled fully-peeled sorted\n{commit} refs/heads/old\n");
        write(&repo.path().join("packed-refs"), packed);
        write(&repo.path().join("HEAD"), "ref: refs/heads/old\n");
        let seen = Repository::glance(directory.path(), Vec::new()).unwrap();
        assert_eq!(glance(&directory).unwrap().tip(), Some(commit.into()), "packed");
        assert_eq!((seen.tip(), seen.branch()), (Some(commit.into()), Some("old".into())));
        write(&repo.path().join("refs/heads/old"), "ref: refs/heads/older\n");
        assert_eq!((glance(&directory).unwrap().tip(), seen.tip()), (None, None), "it leads on");
        write(&repo.path().join("HEAD"), format!("{commit}\n"));
        assert_eq!(glance(&directory).unwrap().tip(), Some(commit.into()), "detached");
    }

    #[test]
    fn of_an_unusual_repository_it_says_nothing() {
        for unusual in [
            "[extensions]\n\tobjectFormat = sha256\n",
            "[core]\n\tbare = true\n",
            "[core] bare = true\n",
            "[core]\n\trepositoryformatversion = 1\n",
            "[Core]\n\tWorkTree = ../elsewhere\n",
            "[include]\n\tpath = more\n",
        ] {
            let (directory, _) = repository();
            write(&directory.path().join(".git/config"), unusual);
            assert!(glance(&directory).is_none(), "{unusual:?}");
        }
        let (directory, _) = repository();
        assert!(glance(&directory).is_some());
        write(&directory.path().join(".git/commondir"), "../other\n");
        assert!(glance(&directory).is_none(), "a linked work tree");
        let (directory, _) = repository();
        let below = directory.path().join("golang");
        write(&below.join(".git"), "gitdir: ../.git\n");
        assert!(Glance::at(&below, Vec::new()).is_none(), "a file that leads to the repository");
        own::remove_whatever(&below.join(".git")).unwrap();
        write(&below.join("HEAD"), "ref: refs/heads/main\n");
        assert!(Glance::at(&below.join("in"), Vec::new()).is_none(), "what may be a bare repository is nearer");
    }

    #[test]
    fn a_setting_is_the_default_where_no_file_could_say_otherwise() {
        let (directory, _) = repository();
        let file = directory.path().join("settings");
        let is_default = |text: &str| {
            write(&file, text);
            Glance::at(directory.path(), vec![file.clone(), "/dev/null/none".into()])
                .unwrap()
                .is_default("core.commentChar")
        };
        assert!(is_default("[user]\n\tname = Ada\n"));
        assert!(!is_default("[core]\n\tCommentchar = ;\n"));
        assert!(!is_default("[includeIf \"gitdir:~/x\"]\n\tpath = y\n"));
    }

    #[test]
    fn a_damaged_object_is_none() {
        let (directory, commit) = repository();
        let hex = commit.to_string();
        let path = directory.path().join(".git/objects").join(&hex[..2]).join(&hex[2..]);
        let whole = fs::read(&path).unwrap();
        let seen = glance(&directory).unwrap();
        own::remove_whatever(&path).unwrap();
        for cut in 0..whole.len() {
            write(&path, &whole[..cut]);
            assert!(seen.read(commit.into(), Kind::Commit).is_none(), "cut at {cut}");
        }
        write(&path, &whole);
        assert!(seen.read(commit.into(), Kind::Commit).is_some() && seen.read(commit.into(), Kind::Blob).is_none());
    }
}
