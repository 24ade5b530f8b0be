//! Git: the only room that names git2. What it returns is plain owned data; paths are bytes from end to end.
//!
//! Nothing here writes the work tree, the index or a ref.

mod ahead;
mod as_staged;
mod attributes;
mod blobs;
mod branches;
mod compare;
mod compared;
mod glance;
mod graph;
mod index_file;
mod listing;
mod object_id;
mod objects;
mod origin;
mod outgoing;
mod raw;
mod repository;
mod staged;
mod tree;
mod walk;
mod work_tree;

pub use as_staged::Files;
pub use attributes::{Attributes, Conversion, LineEnds};
pub use blobs::Blobs;
pub use compare::{difference, upward, without_moves};
pub use object_id::ObjectId;
pub use origin::Introduction;
pub use outgoing::Outgoing;
pub use raw::{Change, Commit, Listing, Signature};
pub use repository::{Operation, Repository};
pub use staged::Staged;
pub use tree::{Entry, Mode, subtree, subtree_id};
pub use walk::{Base, Changes, Did, Told, Walked};
pub use work_tree::Difference;
