//! Load tests: what k6 measured ([`summary`]). Pure.

pub mod summary;
