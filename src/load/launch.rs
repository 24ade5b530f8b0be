//! The command that starts a track's service, found by what lies in its directory.

use regex::Regex;
use std::sync::LazyLock;

/// What is known of a track's directory.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// `package.json`.
    pub package: Option<String>,
    /// Whether there is a `go.mod`.
    pub is_go: bool,
    /// Directories below `cmd` that hold a `main.go`, in order.
    pub commands: Vec<String>,
    /// Whether a `main.go` lies beside `go.mod`.
    pub has_main: bool,
    /// The interpreter of its virtual environment, else `python3`.
    pub python: String,
    /// Which of [`MAINS`] are there.
    pub mains: Vec<&'static str>,
}

/// Main files of Python services, the guide's first.
pub const MAINS: [&str; 3] = ["src/main.py", "app/main.py", "main.py"];

static TAKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:EADDRINUSE|address (?:is )?already in use|port \d+ is (?:already )?in use)").ok()
});
static PORT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)(?:[:,)]\s?|port[ :=]+)(\d{2,5})\b").ok());

/// The command for `sh -c` in the track's directory; the service is told its port by `PORT`. None where nothing tells how.
pub fn command(found: &Found) -> Option<String> {
    if let Some(package) = &found.package {
        let package: serde_json::Value = serde_json::from_str(package).ok()?;
        let has = |name: &&str| package["scripts"][name].is_string();
        let start = ["start:prod", "start"].into_iter().find(has)?;
        let build = if has(&"build") { "npm run build && " } else { "" };
        return Some(format!("{build}npm run {start}"));
    }
    if found.is_go {
        let known = ["server", "api"].into_iter().find(|name| found.commands.iter().any(|c| c == name));
        return match (known, found.commands.as_slice()) {
            (Some(name), _) => Some(format!("go run ./cmd/{name}")),
            (None, _) if found.has_main => Some("go run .".into()),
            (None, [only]) => Some(format!("go run ./cmd/{}", shlex::try_quote(only).ok()?)),
            _ => None,
        };
    }
    let module = found.mains.first()?.trim_end_matches(".py").replace('/', ".");
    Some(format!("{} -m {module}", found.python))
}

/// The port that a service complains of in its log: somebody else has it.
pub fn taken_port(log: &str) -> Option<u16> {
    let line = log.lines().find(|line| TAKEN.as_ref().is_some_and(|r| r.is_match(line)))?;
    let ports = PORT.as_ref()?.captures_iter(line).filter_map(|c| c.get(1)?.as_str().parse().ok());
    ports.filter(|port| *port != 0).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_service_is_built_and_started_by_its_own_scripts() {
        let node = |scripts: &str| {
            command(&Found { package: Some(format!("{{\"scripts\": {scripts}}}")), ..Found::default() })
        };
        let nest = r#"{"build": "nest build", "start": "nest start", "start:prod": "node dist/main"}"#;
        assert_eq!(node(nest).as_deref(), Some("npm run build && npm run start:prod"));
        assert_eq!(node(r#"{"start": "node x.js"}"#).as_deref(), Some("npm run start"));
        assert_eq!(node("{}"), None);
        assert_eq!(command(&Found { package: Some("no JSON".into()), ..Found::default() }), None);
    }

    #[test]
    fn a_go_service_is_its_one_main_package() {
        let go = |commands: &[&str], has_main| {
            let commands = commands.iter().map(|c| (*c).to_owned()).collect();
            command(&Found { is_go: true, commands, has_main, ..Found::default() })
        };
        assert_eq!(go(&["admin", "server"], true).as_deref(), Some("go run ./cmd/server"));
        assert_eq!(go(&["limiter"], false).as_deref(), Some("go run ./cmd/limiter"));
        assert_eq!(go(&["my app"], false).as_deref(), Some("go run ./cmd/'my app'"));
        assert_eq!(go(&["migrate"], true).as_deref(), Some("go run ."));
        assert_eq!(go(&["one", "two"], false), None, "nobody knows which");
        assert_eq!(go(&[], false), None, "a library");
    }

    #[test]
    fn a_python_service_is_its_main_module() {
        let python = Found { python: ".venv/bin/python".into(), mains: vec!["src/main.py"], ..Found::default() };
        assert_eq!(command(&python).as_deref(), Some(".venv/bin/python -m src.main"));
        assert_eq!(command(&Found::default()), None);
    }

    #[test]
    fn a_port_that_is_taken_is_read_from_each_languages_complaint() {
        for (log, port) in [
            ("Error: listen EADDRINUSE: address already in use :::3000\n    at Server.setupListenHandle", Some(3000)),
            ("{\"msg\":\"listen tcp :8080: bind: address already in use\"}", Some(8080)),
            (
                "ERROR: [Errno 98] error while attempting to bind on address ('0.0.0.0', 8000): address already in use",
                Some(8000),
            ),
            ("OSError: [Errno 98] Address already in use", None),
            ("listening on :3000", None),
        ] {
            assert_eq!(taken_port(log), port, "{log}");
        }
    }
}
