//! A hermetic world for each test: a home of its own, no user or system git configuration, a fixed clock, normalised paths.

#![allow(dead_code, reason = "a harness also offers what the next test needs")]

mod numbers;
#[cfg(target_os = "linux")]
pub mod processes;
mod sandbox;
pub mod schema;
pub mod servers;
pub mod standing;

pub use numbers::Numbers;
pub use sandbox::{Ran, Sandbox};
