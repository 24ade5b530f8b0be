//! Memory of a fixed size for what is soon wanted again: of those that share a place, the last stays.

use std::rc::Rc;

/// A key, what is known of it, and the bytes of its object.
type Place<K, V> = Option<(K, V, Rc<Vec<u8>>)>;

/// Objects by some key, with the bytes that they may hold together.
pub(in crate::git) struct Slots<K, V> {
    places: Vec<Place<K, V>>,
    held: usize,
    most: usize,
}

impl<K: Copy + PartialEq, V: Copy> Slots<K, V> {
    pub(in crate::git) fn new(places: usize, most: usize) -> Slots<K, V> {
        Slots { places: (0..places).map(|_| None).collect(), held: 0, most }
    }

    /// What was kept under `key`, whose hash is `hash`.
    pub(in crate::git) fn get(&self, hash: usize, key: K) -> Option<(V, Rc<Vec<u8>>)> {
        let (at, value, bytes) = self.places.get(hash % self.places.len().max(1))?.as_ref()?;
        (*at == key).then(|| (*value, Rc::clone(bytes)))
    }

    /// Keeps it, unless it alone is much of what may be kept. When all is full, everything goes.
    pub(in crate::git) fn put(&mut self, hash: usize, key: K, value: V, bytes: &Rc<Vec<u8>>) {
        if bytes.len() > self.most / 8 || self.places.is_empty() {
            return;
        }
        if self.held + bytes.len() > self.most {
            self.places.iter_mut().for_each(|place| *place = None);
            self.held = 0;
        }
        self.held += bytes.len();
        let place = hash % self.places.len();
        if let Some((_, _, old)) = self.places[place].replace((key, value, Rc::clone(bytes))) {
            self.held -= old.len();
        }
    }
}
