//! Contents of files, for several threads at once.

use super::objects::{Kind, Objects, Store};
use super::{ObjectId, Repository};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Reads blobs; as many threads as want may ask at the same time.
pub struct Blobs<'r> {
    store: &'r Store,
    /// Ways to the objects that nobody uses now.
    idle: Mutex<Vec<Objects>>,
    lacks: AtomicBool,
}

impl Repository {
    /// A way to many blobs.
    pub fn blobs(&self) -> Blobs<'_> {
        Blobs { store: self.store(), idle: Mutex::new(Vec::new()), lacks: AtomicBool::new(false) }
    }
}

impl Blobs<'_> {
    /// The bytes of a blob; none where the object is not here (a partial clone, a damaged store).
    pub fn get(&self, id: ObjectId) -> Option<Vec<u8>> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let mut objects = taken.unwrap_or_else(|| Objects::of(self.store));
        let found = objects.read(id).filter(|object| object.0 == Kind::Blob);
        idle().push(objects);
        self.lacks.fetch_or(found.is_none(), Ordering::Relaxed);
        found.map(|(_, bytes)| Arc::unwrap_or_clone(bytes))
    }

    /// Whether any that was asked for is not here.
    pub fn lack_any(&self) -> bool {
        self.lacks.load(Ordering::Relaxed)
    }
}
