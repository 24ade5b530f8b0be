//! Where a service is reached, and as whom.

use super::{PASSWORD, Service, USER};

/// A service at an address, with what is needed to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Which service.
    pub service: Service,
    /// Its name in the compose file.
    pub name: String,
    /// The host that it is published on.
    pub host: String,
    /// The port that it is published on.
    pub port: u16,
    /// The user; empty for none.
    pub user: String,
    /// Its password; empty for none.
    pub password: String,
    /// The database, for `PostgreSQL`.
    pub database: String,
    /// The major version that is wanted at least.
    pub major: u64,
}

impl Endpoint {
    /// The service as the guide's compose file runs it.
    pub fn guide(service: Service) -> Endpoint {
        let login = |text: &str| if service == Service::Redis { String::new() } else { text.to_owned() };
        Endpoint {
            service,
            name: service.name().into(),
            host: "127.0.0.1".into(),
            port: service.port(),
            user: login(USER),
            password: login(PASSWORD),
            database: "myproject".into(),
            major: service.major(),
        }
    }

    /// `127.0.0.1:5432`.
    pub fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}
