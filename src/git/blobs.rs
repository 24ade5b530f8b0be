//! Contents of files, for several threads at once.

use super::graph::ById;
use super::objects::{Kind, Objects, Store};
use super::{ObjectId, Repository};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Reads blobs; as many threads as want may ask at the same time.
pub struct Blobs<'r> {
    store: &'r Store,
    /// Ways to the objects that nobody uses now.
    idle: Mutex<Vec<Objects>>,
    /// What was read already: several questions are asked of one file.
    read: Mutex<ById<Arc<Vec<u8>>>>,
    lacks: AtomicBool,
}

/// Larger blobs are not kept.
const SMALL: usize = 4 << 10;
/// More blobs than these are not kept.
const MANY: usize = 4 << 10;

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Repository {
    /// A way to many blobs.
    pub fn blobs(&self) -> Blobs<'_> {
        Blobs { store: self.store(), idle: Mutex::default(), read: Mutex::default(), lacks: AtomicBool::new(false) }
    }
}

impl Blobs<'_> {
    /// The bytes of a blob; none where the object is not here (a partial clone, a damaged store).
    pub fn get(&self, id: ObjectId) -> Option<Arc<Vec<u8>>> {
        if let Some(bytes) = locked(&self.read).get(&id) {
            return Some(Arc::clone(bytes));
        }
        let idle = locked(&self.idle).pop();
        let mut objects = idle.unwrap_or_else(|| Objects::of_many(self.store));
        let found = objects.read(id).filter(|object| object.0 == Kind::Blob);
        locked(&self.idle).push(objects);
        self.lacks.fetch_or(found.is_none(), Ordering::Relaxed);
        let (_, bytes) = found?;
        if bytes.len() <= SMALL {
            let mut read = locked(&self.read);
            if read.len() < MANY {
                read.insert(id, Arc::clone(&bytes));
            }
        }
        Some(bytes)
    }

    /// Whether any that was asked for is not here.
    pub fn lack_any(&self) -> bool {
        self.lacks.load(Ordering::Relaxed)
    }
}
