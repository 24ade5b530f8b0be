//! The services that the project needs: do they answer in their own protocol, let us in, and have the version that is wanted.

use super::version::Version;
use super::{Finding, Platform};
use crate::services::protocol::Answer;
use crate::services::{Endpoint, Service, native};
use crate::system::net::{Holder, held_by};

/// What a service's answer amounts to. `holders` are the processes that listen on its port, as far as we may know; `engine` says
/// whether containers can be started here.
pub fn judge(endpoint: &Endpoint, answer: &Answer, holders: &[Holder], engine: bool, platform: Platform) -> Finding {
    let id = format!("service.{}", endpoint.name);
    let (title, address) = (endpoint.service.title(), endpoint.address());
    let why = |text: &str| format!("{}; {text}", needed(endpoint));
    match answer {
        Answer::Well { version } => well(id, endpoint, version.as_deref()),
        Answer::Nobody => {
            let finding =
                Finding::error(id, format!("{title} is not running: nothing listens on {address}"), needed(endpoint))
                    .guided(&["docker-compose up -d"]);
            if engine {
                finding.mended_by("mastery services up")
            } else {
                finding.mended_by(native::steps(endpoint, platform).join(" && "))
            }
        }
        Answer::Starting(said) => {
            let what = format!("{title} on {address} is still starting: {said}");
            Finding::warning(id, what, why("it will answer in a moment")).mended_by("mastery services status")
        }
        Answer::Denied(said) => {
            let what = format!("{title} on {address} doesn't let {} in: {said}", user(endpoint));
            Finding::error(
                id,
                what,
                why("a volume keeps the password that it was made with, whatever the file says now"),
            )
            .mended_by(login(endpoint))
            .guided(cure(endpoint.service, true))
        }
        Answer::Troubled(said) => {
            let what = format!("{title} on {address} has a trouble: {said}");
            Finding::error(id, what, needed(endpoint)).mended_by(login(endpoint)).guided(cure(endpoint.service, false))
        }
        Answer::Another(seen) => taken(id, endpoint, seen, holders),
        Answer::Unreachable(error) => {
            let what = format!("{title} on {address} can't be reached: {error}");
            Finding::error(id, what, needed(endpoint)).mended_by(login(endpoint)).guided(cure(endpoint.service, false))
        }
    }
}

fn well(id: String, endpoint: &Endpoint, version: Option<&str>) -> Finding {
    let (title, address) = (endpoint.service.title(), endpoint.address());
    let Some(version) = version else {
        return Finding::fine(id, format!("{title} answers on {address}"));
    };
    match Version::find(version) {
        Some(found) if found.major < endpoint.major => {
            let what = format!("{title} on {address} is {version}; {} or later is wanted", endpoint.major);
            Finding::error(id, what, "what works here would not be what the project's compose file runs")
                .mended_by(format!("docker compose up -d --pull always {}", endpoint.name))
        }
        _ => Finding::fine(id, format!("{title} {version} answers on {address}")),
    }
}

/// Somebody else has the port.
fn taken(id: String, endpoint: &Endpoint, seen: &str, holders: &[Holder]) -> Finding {
    let port = endpoint.port;
    let what = format!(
        "port {port} of {} is taken by {}, which is not {}: {seen}",
        endpoint.host,
        held_by(holders),
        endpoint.service.title()
    );
    let finding =
        Finding::error(id, what, format!("{} can't be started while its port is taken", endpoint.service.title()));
    let finding = match holders {
        [] => finding.mended_by(format!("lsof -i :{port}")),
        holders => {
            let pids: Vec<String> = holders.iter().map(|h| h.pid.to_string()).collect();
            finding.mended_by(format!("kill {}", pids.join(" ")))
        }
    };
    finding.guided(&["docker-compose down", "lsof -i :PORT", "kill -9 PID"])
}

fn needed(endpoint: &Endpoint) -> String {
    format!("the project leans on {}", endpoint.service.title())
}

fn user(endpoint: &Endpoint) -> String {
    if endpoint.user.is_empty() { "us".into() } else { format!("the user {}", endpoint.user) }
}

/// The command with which a person sees the same for themselves.
fn login(endpoint: &Endpoint) -> String {
    let Endpoint { host, port, user, database, .. } = endpoint;
    match endpoint.service {
        Service::Postgres => format!("psql -h {host} -p {port} -U {user} -d {database}"),
        Service::Redis => format!("redis-cli -h {host} -p {port} ping"),
        Service::Mongodb => format!("mongosh --host {host} --port {port} -u {user}"),
        Service::Rabbitmq => format!("docker compose exec {} rabbitmqctl list_users", endpoint.name),
    }
}

/// The guide's cures. `volumes`: the data may have to go.
fn cure(service: Service, volumes: bool) -> &'static [&'static str] {
    match (service, volumes) {
        (Service::Postgres, true) => &[
            "psql -h localhost -U dev -d myproject",
            "docker-compose logs postgres",
            "docker-compose down -v",
            "docker-compose up -d",
        ],
        (Service::Postgres, false) => &["psql -h localhost -U dev -d myproject", "docker-compose logs postgres"],
        (Service::Redis, _) => &["redis-cli ping"],
        (_, true) => &["docker-compose down -v", "docker-compose up -d"],
        (_, false) => &["docker-compose down", "docker-compose up -d"],
    }
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;

    fn found(service: Service, answer: &Answer) -> Finding {
        let holder = Holder { pid: 4711, name: "nginx".into() };
        judge(&Endpoint::guide(service), answer, &[holder], true, Platform::Apt)
    }

    #[test]
    fn an_older_server_than_wanted_is_an_error_and_a_later_one_is_fine() {
        let version = |v: &str| Answer::Well { version: Some(v.into()) };
        let old = found(Service::Postgres, &version("13.4"));
        assert_eq!(old.what, "PostgreSQL on 127.0.0.1:5432 is 13.4; 15 or later is wanted");
        assert_eq!(old.severity, Severity::Error);
        for fine in ["15.18", "17.0", "who knows"] {
            assert_eq!(found(Service::Postgres, &version(fine)).severity, Severity::Fine, "{fine}");
        }
    }

    #[test]
    fn a_taken_port_names_the_process_and_the_command_that_ends_it() {
        let taken = found(Service::Redis, &Answer::Another("it is a web server".into()));
        assert_eq!(
            taken.what,
            "port 6379 of 127.0.0.1 is taken by nginx (process 4711), which is not Redis: it is a web server"
        );
        assert_eq!(taken.mend.unwrap().command, "kill 4711");
        assert!(taken.guide.contains(&"lsof -i :PORT"));
    }

    #[test]
    fn without_an_engine_the_systems_own_packages_mend_it() {
        let endpoint = Endpoint::guide(Service::Redis);
        let with = judge(&endpoint, &Answer::Nobody, &[], true, Platform::Apt);
        let without = judge(&endpoint, &Answer::Nobody, &[], false, Platform::Apt);
        assert_eq!(with.mend.unwrap().command, "mastery services up");
        assert!(without.mend.unwrap().command.starts_with("sudo apt-get install redis-server"));
    }

    #[test]
    fn a_wrong_password_comes_with_the_guides_cure_for_old_volumes() {
        let denied = found(Service::Postgres, &Answer::Denied("password authentication failed".into()));
        assert!(denied.what.contains("the user dev"), "{}", denied.what);
        assert!(denied.guide.contains(&"docker-compose down -v"));
    }
}
