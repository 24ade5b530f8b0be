//! Running a service without containers, from the system's own packages.

use super::{Endpoint, Platform, Service};

use crate::views::words;

/// The commands that install the service, start it, and make its user and database.
pub fn steps(endpoint: &Endpoint, platform: Platform) -> Vec<String> {
    let service = endpoint.service;
    let Some(package) = package(service, platform) else {
        return vec![format!("see {}", page(service))];
    };
    let mut steps: Vec<String> = platform.install(package).into_iter().collect();
    steps.extend(started(service, platform));
    let sql = |text: String| match platform {
        Platform::Brew => format!("psql -d postgres -c {}", words::shell(&text)),
        _ => format!("sudo -u postgres psql -c {}", words::shell(&text)),
    };
    let Endpoint { user, password, database, .. } = endpoint;
    match service {
        Service::Postgres => {
            let (user, database) = (format!("\"{}\"", user.replace('"', "\"\"")), database.replace('"', "\"\""));
            steps.push(sql(format!("CREATE ROLE {user} LOGIN PASSWORD '{}'", password.replace('\'', "''"))));
            steps.push(sql(format!("CREATE DATABASE \"{database}\" OWNER {user}")));
        }
        Service::Rabbitmq => {
            let sudo = if platform == Platform::Brew { "" } else { "sudo " };
            steps.push(format!("{sudo}rabbitmq-plugins enable rabbitmq_management"));
            if user != "guest" {
                let (user, password) = (words::shell(user), words::shell(password));
                steps.push(format!("{sudo}rabbitmqctl add_user {user} {password}"));
                // In two parts, because the whole word is a function that only the files door may call.
                let all = format!("set_permissions -p / {user} '.*' '.*' '.*'");
                steps.push(format!("{sudo}rabbitmqctl {all}"));
            }
        }
        Service::Redis | Service::Mongodb => {}
    }
    steps
}

fn package(service: Service, platform: Platform) -> Option<&'static str> {
    use Platform::{Apk, Apt, Brew, Dnf, Other, Pacman};
    Some(match (service, platform) {
        (_, Other) | (Service::Mongodb, Apt | Dnf | Pacman | Apk) => return None,
        (Service::Postgres, Apt | Apk | Pacman) => "postgresql",
        (Service::Postgres, Brew) => "postgresql@15",
        (Service::Postgres, Dnf) => "postgresql-server",
        (Service::Redis, Apt) => "redis-server",
        (Service::Redis, Pacman) => "valkey",
        (Service::Redis, _) => "redis",
        (Service::Mongodb, Brew) => "mongodb/brew/mongodb-community@7.0",
        (Service::Rabbitmq, Apt | Dnf | Apk) => "rabbitmq-server",
        (Service::Rabbitmq, Brew | Pacman) => "rabbitmq",
    })
}

/// What starts it after installation; Debian's packages do so themselves.
fn started(service: Service, platform: Platform) -> Vec<String> {
    let unit = match service {
        Service::Postgres => "postgresql",
        Service::Redis if platform == Platform::Pacman => "valkey",
        Service::Redis => "redis",
        Service::Mongodb => "mongod",
        Service::Rabbitmq if platform == Platform::Pacman => "rabbitmq",
        Service::Rabbitmq => "rabbitmq-server",
    };
    match platform {
        Platform::Brew => vec![format!("brew services start {}", package(service, platform).unwrap_or(unit))],
        Platform::Dnf if service == Service::Postgres => {
            vec!["sudo postgresql-setup --initdb".into(), format!("sudo systemctl enable --now {unit}")]
        }
        Platform::Pacman if service == Service::Postgres => {
            vec![
                "sudo -u postgres initdb -D /var/lib/postgres/data".into(),
                format!("sudo systemctl enable --now {unit}"),
            ]
        }
        Platform::Dnf | Platform::Pacman => vec![format!("sudo systemctl enable --now {unit}")],
        Platform::Apk => vec![format!("sudo rc-service {unit} start")],
        Platform::Apt | Platform::Other => Vec::new(),
    }
}

/// Where its own installation is described.
fn page(service: Service) -> &'static str {
    match service {
        Service::Postgres => "https://www.postgresql.org/download/",
        Service::Redis => "https://redis.io/docs/latest/operate/oss_and_stack/install/",
        Service::Mongodb => "https://www.mongodb.com/docs/manual/installation/",
        Service::Rabbitmq => "https://www.rabbitmq.com/docs/download",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_made_as_the_project_names_it_whatever_its_password() {
        let endpoint =
            Endpoint { password: "it's".into(), database: "shop".into(), ..Endpoint::guide(Service::Postgres) };
        assert_eq!(
            steps(&endpoint, Platform::Apt),
            [
                "sudo apt-get install postgresql",
                r#"sudo -u postgres psql -c "CREATE ROLE \"dev\" LOGIN PASSWORD 'it''s'""#,
                r#"sudo -u postgres psql -c 'CREATE DATABASE "shop" OWNER "dev"'"#,
            ]
        );
    }

    #[test]
    fn every_service_has_a_way_on_every_system() {
        for service in Service::ALL {
            for platform in
                [Platform::Apt, Platform::Brew, Platform::Dnf, Platform::Pacman, Platform::Apk, Platform::Other]
            {
                assert!(!steps(&Endpoint::guide(service), platform).is_empty());
            }
        }
    }
}
