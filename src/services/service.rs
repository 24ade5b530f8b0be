//! The guide's four services, as data.

use serde::{Deserialize, Serialize};

/// The user that the guide's compose file makes.
pub const USER: &str = "dev";
/// Its password: for development on one's own machine, and in the guide for all to read.
pub const PASSWORD: &str = "devpassword";

/// A service of the guide's compose file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// `PostgreSQL` 15.
    Postgres,
    /// Redis 7.
    Redis,
    /// `MongoDB` 7.
    Mongodb,
    /// `RabbitMQ` 3 with its management interface.
    Rabbitmq,
}

impl Service {
    /// All four, in the guide's order.
    pub const ALL: [Service; 4] = [Service::Postgres, Service::Redis, Service::Mongodb, Service::Rabbitmq];

    /// Its name in the compose file and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Service::Postgres => "postgres",
            Service::Redis => "redis",
            Service::Mongodb => "mongodb",
            Service::Rabbitmq => "rabbitmq",
        }
    }

    /// How people write it.
    pub fn title(self) -> &'static str {
        match self {
            Service::Postgres => "PostgreSQL",
            Service::Redis => "Redis",
            Service::Mongodb => "MongoDB",
            Service::Rabbitmq => "RabbitMQ",
        }
    }

    /// The service called `name`, as in the compose file.
    pub fn named(name: &str) -> Option<Service> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }

    /// The major version that the guide asks for.
    pub fn major(self) -> u64 {
        match self {
            Service::Postgres => 15,
            Service::Redis | Service::Mongodb => 7,
            Service::Rabbitmq => 3,
        }
    }

    /// The port that it answers its protocol on.
    pub fn port(self) -> u16 {
        match self {
            Service::Postgres => 5432,
            Service::Redis => 6379,
            Service::Mongodb => 27017,
            Service::Rabbitmq => 5672,
        }
    }

    /// The guide's image.
    pub fn image(self) -> &'static str {
        match self {
            Service::Postgres => "postgres:15-alpine",
            Service::Redis => "redis:7-alpine",
            Service::Mongodb => "mongo:7",
            Service::Rabbitmq => "rabbitmq:3-management-alpine",
        }
    }

    /// The volume that keeps its data.
    pub fn volume(self) -> &'static str {
        match self {
            Service::Postgres => "postgres_data",
            Service::Redis => "redis_data",
            Service::Mongodb => "mongo_data",
            Service::Rabbitmq => "rabbitmq_data",
        }
    }
}
