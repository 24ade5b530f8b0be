//! The services that projects lean on: the guide's four as data ([`Service`]), and the compose file that runs them ([`compose`]).
//! Nothing here starts or asks anything.

pub mod compose;
mod service;

pub use service::{PASSWORD, Service, USER};
