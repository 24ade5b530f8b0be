//! History, pure: where the tracks are ([`layout`]), what kind of file a path is ([`kind`]), what commits did to them, folded into
//! facts; and a look at a repository that has no history yet ([`survey`]). No I/O, no clock, no git2.

pub mod abreast;
pub mod bytes;
pub mod effort;
pub mod endpoints;
pub mod facts;
pub mod fold;
pub mod hashed;
pub mod kept;
pub mod kind;
pub mod layout;
pub mod log;
mod names;
pub mod people;
pub mod reach;
pub mod scaffold;
pub mod size;
pub mod slice;
pub mod slots;
pub mod survey;
pub mod territory;
pub mod totals;
