//! The services that projects lean on: the guide's four as data ([`Service`]), the compose file that runs them ([`compose`]), what a
//! project's own compose file declares ([`declared`]), and what a server answers when it is asked ([`protocol`]).

mod client;
pub mod compose;
pub mod declared;
mod endpoint;
pub mod native;
pub mod platform;
pub mod protocol;
mod service;
mod yaml;

pub use client::Client;
pub use endpoint::Endpoint;
pub use platform::Platform;
pub use service::{PASSWORD, Service, USER};
