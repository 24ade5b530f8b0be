//! Memory of a fixed size for what is soon wanted again: of those that share a place, the last stays.

use std::sync::Arc;

/// A key, what is known of it, and the bytes of its object.
type Place<K, V> = Option<(K, V, Arc<Vec<u8>>)>;

/// Objects by some key, with the bytes that they may hold together.
pub(in crate::git) struct Slots<K, V> {
    /// None are made before the first is kept.
    places: Vec<Place<K, V>>,
    /// How many there are to be: a power of two, since to divide by another number would take longer than all else.
    many: usize,
    held: usize,
    most: usize,
    /// Where room is made next.
    hand: usize,
}

impl<K: Copy + PartialEq, V: Copy> Slots<K, V> {
    pub(in crate::git) fn new(places: usize, most: usize) -> Slots<K, V> {
        Slots { places: Vec::new(), many: places.next_power_of_two(), held: 0, most, hand: 0 }
    }

    /// What was kept under `key`, whose hash is `hash`.
    pub(in crate::git) fn get(&self, hash: usize, key: K) -> Option<(V, Arc<Vec<u8>>)> {
        let (at, value, bytes) = self.places.get(hash & (self.many - 1))?.as_ref()?;
        (*at == key).then(|| (*value, Arc::clone(bytes)))
    }

    /// Keeps it, unless it alone is much of what may be kept. When all is full, others go, wherever they lie.
    pub(in crate::git) fn put(&mut self, hash: usize, key: K, value: V, bytes: &Arc<Vec<u8>>) {
        if bytes.len() > self.most / 8 {
            return;
        }
        if self.places.is_empty() {
            self.places.resize_with(self.many, || None);
        }
        let place = hash & (self.many - 1);
        self.held += bytes.len();
        if let Some((_, _, old)) = self.places[place].replace((key, value, Arc::clone(bytes))) {
            self.held -= old.len();
        }
        while self.held > self.most {
            self.hand = (self.hand + 1) & (self.many - 1);
            if self.hand != place
                && let Some((_, _, old)) = self.places[self.hand].take()
            {
                self.held -= old.len();
            }
        }
    }
}
