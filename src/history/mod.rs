//! History, pure: where the tracks are ([`layout`]), what commits did to them, folded into facts. No I/O, no clock, no git2.

pub mod layout;
