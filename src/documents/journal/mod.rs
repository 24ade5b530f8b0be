//! The learning journal: which bullets are entries, for which week and language ([`read`]), where a new one goes ([`add`]), and
//! what a commit's message says was learned ([`learned`]).

mod add;
mod learned;
mod names;
mod read;
mod tidy;

pub use add::{Addition, add};
pub use learned::{Learned, learned, no_entry};
pub use names::Names;
pub use read::{Entry, Outline, is_template, new_entries, read, words};
pub use tidy::tidy;
