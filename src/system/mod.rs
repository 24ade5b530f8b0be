//! The doors to the outside: environment, clock, processes, files, signals, terminal. Nothing else may reach through the wall.

pub mod ancestors;
pub mod clock;
pub mod env;
pub mod exec;
pub mod files;
pub mod interrupt;
pub mod listing;
pub mod machine;
pub mod net;
pub mod terminal;
