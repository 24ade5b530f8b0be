//! The two ways in which compose is installed.

/// A compose client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// `docker compose`.
    Plugin,
    /// `docker-compose`.
    Standalone,
}

impl Client {
    /// The words that a command of it begins with.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Client::Plugin => &["docker", "compose"],
            Client::Standalone => &["docker-compose"],
        }
    }

    /// The command that fails where it is not installed.
    pub fn version(self) -> &'static [&'static str] {
        match self {
            Client::Plugin => &["docker", "compose", "version"],
            Client::Standalone => &["docker-compose", "--version"],
        }
    }
}
