//! The services that a project's own compose file declares, wherever it publishes them and with whatever password.

use super::yaml::{self, Value};
use super::{Endpoint, Service};

/// Names under which a compose file is looked for, in the order of `docker compose`.
pub const FILES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// The guide's services in a compose file, in its order. `variable` gives the value of `${NAME}`.
///
/// # Errors
/// The file is no YAML: in words.
pub fn declared(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Endpoint>, String> {
    let file = yaml::read(text)?;
    let services = file.get("services").map(Value::entries).unwrap_or_default();
    Ok(services.iter().filter_map(|(name, table)| endpoint(name, table, variable)).collect())
}

fn endpoint(name: &str, table: &Value, variable: &dyn Fn(&str) -> Option<String>) -> Option<Endpoint> {
    let text = |key: &str| table.get(key).and_then(Value::text).map(|t| interpolated(t, variable));
    let image = text("image");
    let service = match &image {
        Some(image) => of_image(image)?,
        None => Service::named(name)?,
    };
    let given = |key: &str| environment(table, key).map(|v| interpolated(&v, variable)).filter(|v| !v.is_empty());
    let mut endpoint = Endpoint { name: name.to_owned(), ..Endpoint::guide(service) };
    if let Some(major) = image.as_deref().and_then(major) {
        endpoint.major = major;
    }
    let ports = table.get("ports").map(Value::items).unwrap_or_default();
    if let Some((host, port)) = ports.iter().find_map(|p| published(p, service.port(), variable)) {
        (endpoint.host, endpoint.port) = (host, port);
    }
    let (user, password) = match service {
        Service::Postgres => ("POSTGRES_USER", "POSTGRES_PASSWORD"),
        Service::Mongodb => ("MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_PASSWORD"),
        Service::Rabbitmq => ("RABBITMQ_DEFAULT_USER", "RABBITMQ_DEFAULT_PASS"),
        Service::Redis => ("REDIS_USERNAME", "REDIS_PASSWORD"),
    };
    // What each image does where nothing is said.
    endpoint.user = given(user).unwrap_or_else(|| default_user(service).into());
    endpoint.password = given(password)
        .or_else(|| requirepass(table).map(|p| interpolated(&p, variable)))
        .unwrap_or_else(|| if service == Service::Rabbitmq { "guest".into() } else { String::new() });
    endpoint.database = given("POSTGRES_DB").unwrap_or_else(|| endpoint.user.clone());
    Some(endpoint)
}

fn default_user(service: Service) -> &'static str {
    match service {
        Service::Postgres => "postgres",
        Service::Rabbitmq => "guest",
        Service::Redis | Service::Mongodb => "",
    }
}

/// Which service an image is of: `postgis/postgis:16-3.4` is `PostgreSQL`.
fn of_image(image: &str) -> Option<Service> {
    let name = image.split('@').next()?.rsplit('/').next()?.split(':').next()?;
    match name {
        "postgres" | "postgresql" | "postgis" | "pgvector" | "timescaledb" => Some(Service::Postgres),
        "redis" | "redis-stack" | "redis-stack-server" | "valkey" => Some(Service::Redis),
        "mongo" | "mongodb" | "mongodb-community-server" => Some(Service::Mongodb),
        "rabbitmq" => Some(Service::Rabbitmq),
        _ => None,
    }
}

/// The major version in an image's tag: 15 in `postgres:15-alpine`, 16 in `pgvector:pg16`.
fn major(image: &str) -> Option<u64> {
    let tag = image.split('@').next()?.rsplit('/').next()?.split_once(':')?.1;
    let digits: String =
        tag.trim_start_matches(|c: char| c.is_ascii_alphabetic()).chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// A variable of the service: `environment` is a table, or a list of `NAME=value`.
fn environment(table: &Value, key: &str) -> Option<String> {
    let environment = table.get("environment")?;
    if let Some(value) = environment.get(key) {
        return value.text().map(str::to_owned);
    }
    let assigned = |item: &Value| item.text()?.split_once('=').filter(|(k, _)| *k == key).map(|(_, v)| v.to_owned());
    environment.items().iter().find_map(assigned)
}

/// The password in `command: redis-server --requirepass secret`, as text or list.
fn requirepass(table: &Value) -> Option<String> {
    let command = table.get("command")?;
    let words = match command.text() {
        Some(text) => shlex::split(text)?,
        None => command.items().iter().filter_map(|i| i.text().map(str::to_owned)).collect(),
    };
    let at = words.iter().position(|w| w == "--requirepass")?;
    words.get(at + 1).cloned()
}

/// Where `port` of the container is published: `"5433:5432"`, `"127.0.0.1:5433:5432"`, or the long form.
fn published(value: &Value, port: u16, variable: &dyn Fn(&str) -> Option<String>) -> Option<(String, u16)> {
    let local = || "127.0.0.1".to_owned();
    let Some(text) = value.text() else {
        let of = |key: &str| value.get(key).and_then(Value::text).map(|t| interpolated(t, variable));
        let target: u16 = of("target")?.parse().ok()?;
        return (target == port).then(|| of("published")?.parse().ok().map(|p| (local(), p))).flatten();
    };
    let text = interpolated(text, variable);
    let text = text.split('/').next()?;
    let (before, target) = text.rsplit_once(':')?;
    if target.parse() != Ok(port) {
        return None;
    }
    let (host, number) = match before.rsplit_once(':') {
        Some((host, number)) if host != "0.0.0.0" && !host.contains(':') => (host.to_owned(), number),
        Some((_, number)) => (local(), number),
        None => (local(), before),
    };
    Some((host, number.parse().ok()?))
}

/// `text` with `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME-default}` filled in, as compose does; `$$` is a dollar.
fn interpolated(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((inside, after)) = after.strip_prefix('{').and_then(|a| a.split_once('}')) {
            let end = inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inside.len());
            let (name, how) = inside.split_at(end);
            let value = variable(name);
            out.push_str(&match how.strip_prefix(":-") {
                Some(default) => value.filter(|v| !v.is_empty()).unwrap_or_else(|| default.to_owned()),
                None => value.or_else(|| how.strip_prefix('-').map(str::to_owned)).unwrap_or_default(),
            });
            rest = after;
        } else {
            let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(after.len());
            let (name, after) = after.split_at(end);
            out.push_str(&variable(name).unwrap_or_else(|| if name.is_empty() { "$".into() } else { String::new() }));
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// The value of `name` in the text of a `.env` file, which compose reads beside its own.
pub fn dotenv(text: &str, name: &str) -> Option<String> {
    text.lines().rev().find_map(|line| {
        let line = line.trim();
        let (key, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
        (key.trim() == name).then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::super::compose::compose;
    use super::*;

    fn read(text: &str) -> Vec<Endpoint> {
        declared(text, &|name| (name == "PORT").then(|| "7000".to_owned())).unwrap()
    }

    #[test]
    fn what_compose_writes_is_read_back_as_the_guide_has_it() {
        let text = compose(&Service::ALL, "shop").unwrap().unwrap();
        let expected: Vec<Endpoint> = Service::ALL
            .into_iter()
            .map(|service| {
                let mut endpoint = Endpoint::guide(service);
                endpoint.database = if service == Service::Postgres { "shop".into() } else { endpoint.user.clone() };
                endpoint
            })
            .collect();
        assert_eq!(read(&text), expected);
    }

    #[test]
    fn other_names_ports_images_and_forms_are_understood() {
        let found = read(
            "services:\n  db:\n    image: ghcr.io/x/pgvector:pg16\n    environment:\n      - POSTGRES_PASSWORD=a=b\n    ports:\n      - 127.0.0.2:5433:5432/tcp\n  cache:\n    image: valkey/valkey:8\n    command: valkey-server --requirepass secret\n    ports:\n      - target: 6379\n        published: ${PORT}\n  app:\n    build: .\n",
        );
        let db = Endpoint {
            name: "db".into(),
            host: "127.0.0.2".into(),
            port: 5433,
            user: "postgres".into(),
            password: "a=b".into(),
            database: "postgres".into(),
            major: 16,
            ..Endpoint::guide(Service::Postgres)
        };
        let cache = Endpoint {
            name: "cache".into(),
            port: 7000,
            password: "secret".into(),
            database: String::new(),
            major: 8,
            ..Endpoint::guide(Service::Redis)
        };
        assert_eq!(found, [db, cache]);
    }

    #[test]
    fn variables_are_filled_in_as_compose_does() {
        let set = |name: &str| match name {
            "SET" => Some("x".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        let texts = ["a${SET}b", "$SET-", "${NO:-d}", "${EMPTY:-d}", "${EMPTY-d}", "${NO-d}", "$$SET", "5$", "${open"];
        assert_eq!(texts.map(|t| interpolated(t, &set)), ["axb", "x-", "d", "d", "", "d", "$SET", "5$", "${open"]);
    }

    #[test]
    fn a_dotenv_file_is_read_from_its_end() {
        assert_eq!(dotenv("A=1\n# A=2\nexport A=\"3\"\n", "A").as_deref(), Some("3"));
        assert_eq!(dotenv("B=1", "A"), None);
    }
}
