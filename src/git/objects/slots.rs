//! Memory of a fixed size for what is soon wanted again: of those that share a place, the last stays.

use std::sync::Arc;

/// A key, what is known of it, and the bytes of its object.
type Place<K, V> = Option<(K, V, Arc<Vec<u8>>)>;

/// Objects by some key, with the bytes that they may hold together.
pub(in crate::git) struct Slots<K, V> {
    /// None before the first is kept; then a few, and all once as many have been kept: all of them together are half a megabyte.
    /// Always a power of two, since to divide by another number would take longer than all else.
    places: Vec<Place<K, V>>,
    /// How many there are to be.
    many: usize,
    /// How often one was kept.
    kept: usize,
    held: usize,
    most: usize,
    /// Where room is made next.
    hand: usize,
}

/// So many places are made at first.
const FEW: usize = 256;

impl<K: Copy + PartialEq, V: Copy> Slots<K, V> {
    pub(in crate::git) fn new(places: usize, most: usize) -> Slots<K, V> {
        Slots { places: Vec::new(), many: places.next_power_of_two(), kept: 0, held: 0, most, hand: 0 }
    }

    /// What was kept under `key`, whose hash is `hash`.
    pub(in crate::git) fn get(&self, hash: usize, key: K) -> Option<(V, Arc<Vec<u8>>)> {
        let (at, value, bytes) = self.places.get(hash & self.places.len().wrapping_sub(1))?.as_ref()?;
        (*at == key).then(|| (*value, Arc::clone(bytes)))
    }

    /// Keeps it, unless it alone is much of what may be kept. When all is full, others go, wherever they lie.
    pub(in crate::git) fn put(&mut self, hash: usize, key: K, value: V, bytes: &Arc<Vec<u8>>) {
        if bytes.len() > self.most / 8 {
            return;
        }
        if self.kept >= self.places.len() && self.places.len() < self.many {
            // What was kept in few places is forgotten.
            let many = if self.places.is_empty() { FEW.min(self.many) } else { self.many };
            self.places = (0..many).map(|_| None).collect();
            (self.held, self.hand) = (0, 0);
        }
        self.kept += 1;
        let place = hash & (self.places.len() - 1);
        self.held += bytes.len();
        if let Some((_, _, old)) = self.places[place].replace((key, value, Arc::clone(bytes))) {
            self.held -= old.len();
        }
        while self.held > self.most {
            self.hand = (self.hand + 1) & (self.places.len() - 1);
            if self.hand != place
                && let Some((_, _, old)) = self.places[self.hand].take()
            {
                self.held -= old.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_last_in_a_place_is_found_and_no_more_is_held_than_may_be() {
        let mut slots = Slots::new(1000, 64 << 10);
        for key in 0..5000usize {
            let bytes = Arc::new(vec![1; key % 300]);
            slots.put(key * 7, key, 'x', &bytes);
            assert_eq!(slots.get(key * 7, key), Some(('x', bytes)), "{key}");
            assert_eq!(slots.get(key * 7, key + 1), None);
            let held: usize = slots.places.iter().flatten().map(|(_, _, bytes)| bytes.len()).sum();
            assert!(held == slots.held && held <= 64 << 10, "{held}");
        }
        assert_eq!(slots.places.len(), 1024);
        slots.put(1, 9999, 'y', &Arc::new(vec![0; 10 << 10]));
        assert_eq!(slots.get(1, 9999), None, "too large");
        assert_eq!(Slots::<usize, ()>::new(16, 10).get(3, 3), None);
    }
}
