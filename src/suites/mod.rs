//! Suites: how a track's tests are run on exactly the content in question, and what is remembered of it.

pub mod coverage;
pub mod receipt;
pub mod reports;
mod xml;
