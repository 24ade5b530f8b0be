//! What else than its input tree a suite's outcome depends on.

use super::toolchain::Tool;
use crate::config::Language;
use crate::config::schema::TestsTable;
use crate::git::ObjectId;
use crate::system::env::Env;
use std::collections::BTreeMap;

/// A suite's fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// As a hexadecimal hash.
    pub hex: String,
    /// The tools in it, with their versions.
    pub tools: BTreeMap<String, String>,
}

impl Fingerprint {
    /// Of a command with the variables that the language names, these tools, and this kind of machine.
    pub fn of(command: &str, language: &Language, env: &Env, tools: &[Tool], rules: &TestsTable) -> Fingerprint {
        let tools: BTreeMap<String, String> = tools.iter().map(|t| (t.name.to_owned(), t.version.clone())).collect();
        let environment: Vec<(&String, Option<String>)> = language
            .environment
            .iter()
            .map(|name| (name, env.get(name).map(|v| v.to_string_lossy().into_owned())))
            .collect();
        let parts = (
            1,
            (&language.name, command, format!("{:?}", language.report), rules.require_tests),
            rules.enforce_coverage.then(|| rules.coverage_min.to_string()),
            environment,
            &tools,
            (std::env::consts::OS, std::env::consts::ARCH),
        );
        let hex = ObjectId::of_blob(format!("{parts:?}").as_bytes()).to_string();
        Fingerprint { hex, tools }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::parse;

    #[test]
    fn it_differs_by_command_named_variable_and_tool_and_by_nothing_else() {
        let config = parse("[languages.golang]\nenvironment = [\"MODE\"]\n", "x").unwrap();
        let language = &config.languages["golang"];
        let tools = |version: &str| vec![Tool { name: "go", version: version.into() }];
        let of = |command: &str, env: Env, version: &str| {
            Fingerprint::of(command, language, &env, &tools(version), &config.tests).hex
        };
        let first = of("go test", Env::of([("MODE", "a"), ("OTHER", "1")]), "1.22");
        assert_eq!(first, of("go test", Env::of([("MODE", "a"), ("OTHER", "2")]), "1.22"));
        assert_ne!(first, of("go test", Env::of([("MODE", "b")]), "1.22"));
        assert_ne!(first, of("go test -race", Env::of([("MODE", "a")]), "1.22"));
        assert_ne!(first, of("go test", Env::of([("MODE", "a")]), "1.23"));
    }
}
