//! Maps and sets by hashes that are soon made: what is looked up for every path and every file that a commit changed spends less on
//! them than with the standard library's. Hashes begin at random, as those do, so that nobody can choose paths which share one.

use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};

/// A map.
pub type Map<K, V> = HashMap<K, V, RandomState>;

/// A set.
pub type Set<K> = HashSet<K, RandomState>;

/// A set that keeps the order in which it was filled.
pub type Ordered<K> = indexmap::IndexSet<K, RandomState>;
