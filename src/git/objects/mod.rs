//! The store of objects, read fast: from packs and from files of their own by hand, and through libgit2 whatever that does not find
//! or does not know (other stores that this one borrows from, old or broken packs).

mod delta;
mod index;
pub(super) mod loose;
mod pack;
mod slots;
mod window;

use super::ObjectId;
use libdeflater::Decompressor;
use loose::Found;
use pack::{Inflated, inflate};
pub(super) use pack::{Kind, Object};
use pack::{Pack, Reader};
pub(super) use slots::Slots;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A store, for as many readers as there are threads.
#[derive(Clone)]
pub(super) struct Store {
    packs: Arc<Vec<Pack>>,
    /// Where objects lie.
    objects: PathBuf,
    /// The directory of the repository that libgit2 opens.
    git_dir: PathBuf,
}

impl Store {
    /// The store of the repository whose own directory is `git_dir`, and what all its work trees share lies in `common_dir`.
    pub(super) fn of(common_dir: &Path, git_dir: &Path) -> Store {
        let objects = common_dir.join("objects");
        Store { packs: Arc::new(pack::open(&objects)), objects, git_dir: git_dir.to_owned() }
    }
}

/// Where whatever is unusual is read: opened when it is first needed, and by each thread for itself.
enum Elsewhere {
    Closed,
    Opened(git2::Repository),
    Nowhere,
}

/// One thread's way to the objects.
pub(super) struct Objects {
    reader: Reader,
    store: Store,
    inflate: Decompressor,
    elsewhere: Elsewhere,
    /// How many have been asked for.
    asked: usize,
}

/// The first so many objects are looked for in files of their own first: who wants only a few mostly wants new ones.
const FEW: usize = 64;

impl Objects {
    /// For whoever may want only a few of them.
    pub(super) fn of(store: &Store) -> Objects {
        Objects { asked: 0, ..Objects::keeping(store, pack::HELD) }
    }

    /// For whoever wants many.
    pub(super) fn of_many(store: &Store) -> Objects {
        Objects::keeping(store, pack::HELD)
    }

    /// For whoever reads each object once, beside others who read many.
    pub(super) fn sparing(store: &Store) -> Objects {
        Objects::keeping(store, pack::HELD_ONCE)
    }

    fn keeping(store: &Store, most: usize) -> Objects {
        let reader = Reader::new(Arc::clone(&store.packs), most);
        let (inflate, elsewhere) = (Decompressor::new(), Elsewhere::Closed);
        Objects { reader, store: store.clone(), inflate, elsewhere, asked: FEW }
    }

    /// The object called `id`; none where it is not here.
    pub(super) fn read(&mut self, id: ObjectId) -> Option<Object> {
        self.asked += 1;
        let is_loose_first = self.asked <= FEW;
        if !is_loose_first && let Some(object) = self.reader.read(id) {
            return Some(object);
        }
        let loose = loose::read(&self.store.objects, id, &mut self.inflate);
        if let Found::Whole(object) = loose {
            return Some(object);
        }
        if is_loose_first && let Some(object) = self.reader.read(id) {
            return Some(object);
        }
        if matches!(loose, Found::Damaged) { None } else { self.read_elsewhere(id) }
    }

    fn read_elsewhere(&mut self, id: ObjectId) -> Option<Object> {
        if matches!(self.elsewhere, Elsewhere::Closed) {
            // Verifying each object's hash triples the time; zlib's checksum still guards what is read.
            git2::opts::strict_hash_verification(false);
            git2::opts::enable_caching(false);
            let none: [&Path; 0] = [];
            let opened = git2::Repository::open_ext(&self.store.git_dir, git2::RepositoryOpenFlags::FROM_ENV, none);
            self.elsewhere = opened.map_or(Elsewhere::Nowhere, Elsewhere::Opened);
        }
        let Elsewhere::Opened(repo) = &self.elsewhere else { return None };
        let odb = repo.odb().ok()?;
        let object = odb.read(id.raw()).ok()?;
        let kind = match object.kind() {
            git2::ObjectType::Commit => Kind::Commit,
            git2::ObjectType::Tree => Kind::Tree,
            git2::ObjectType::Blob => Kind::Blob,
            _ => Kind::Tag,
        };
        Some((kind, Arc::new(object.data().to_vec())))
    }
}
