//! Load tests: how a track's service is started for one ([`launch`]) or reached ([`address`]), and what k6 measured ([`summary`]). Pure.

pub mod address;
pub mod launch;
pub mod summary;
