//! npm: `package.json` against `package-lock.json`, and that against what lies in `node_modules`.

use super::named;
use crate::doctor::Finding;
use serde_json::{Map, Value};
use std::path::PathBuf;

/// What a track on Node has.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// `package.json`.
    pub package: String,
    /// `package-lock.json`.
    pub lock: Option<String>,
    /// `node_modules/.package-lock.json`, in which npm notes what it installed.
    pub installed: Option<String>,
    /// Whether there is a `node_modules`.
    pub node_modules: bool,
    /// The lock file of another package manager: yarn, pnpm, bun.
    pub other: Option<&'static str>,
}

/// The lock files of other package managers, with the command that installs what they pin.
pub const OTHERS: [(&str, &str); 4] = [
    ("pnpm-lock.yaml", "pnpm install --frozen-lockfile"),
    ("yarn.lock", "yarn install"),
    ("bun.lock", "bun install --frozen-lockfile"),
    ("bun.lockb", "bun install --frozen-lockfile"),
];

const CURE: [&str; 2] = ["rm -rf node_modules package-lock.json", "npm install"];
const WHY: &str = "tests and service run on what is installed, not on what is pinned";

/// Whether what is installed is what is pinned. `at` is the track's directory, for people `name`.
pub fn judge(found: &Found, name: &str, at: PathBuf) -> Finding {
    let id = format!("dependencies.{name}");
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    if let Some(manager) = found.other {
        let install = OTHERS.iter().find(|(file, _)| *file == manager).map_or("npm install", |(_, command)| command);
        return if found.node_modules {
            Finding::fine(id, format!("{name}: node_modules is there ({manager})"))
        } else {
            Finding::error(id, format!("{name}: nothing is installed, node_modules is missing"), WHY)
                .mended_in(install, at)
                .guided(&CURE)
        };
    }
    let Some(package) = read(&found.package) else {
        return Finding::error(id, format!("{name}: package.json is no JSON"), "npm can do nothing with it");
    };
    let Some(lock) = found.lock.as_deref() else {
        let why = "without a lock file everybody gets other versions, and `npm ci` refuses";
        let finding = Finding::warning(id, format!("{name}: there is no package-lock.json"), why);
        return finding.mended_in("npm install", at);
    };
    let Some(lock) = read(lock) else {
        return Finding::error(id, format!("{name}: package-lock.json is no JSON (a merge conflict?)"), WHY)
            .mended_in("npm install --package-lock-only", at)
            .guided(&CURE);
    };
    let unlocked = unlocked(&package, &lock);
    if !unlocked.is_empty() {
        let what = format!("{name}: package.json asks for what package-lock.json doesn't pin: {}", named(&unlocked));
        return Finding::error(id, what, "`npm ci` refuses, here and in CI").mended_in("npm install", at).guided(&CURE);
    }
    if !found.node_modules {
        return Finding::error(id, format!("{name}: nothing is installed, node_modules is missing"), WHY)
            .safely_mended_by("npm ci", at)
            .guided(&CURE);
    }
    let installed = found.installed.as_deref().and_then(read).unwrap_or_default();
    let differing = differing(&lock, &installed);
    if differing.is_empty() {
        return Finding::fine(id, format!("{name}: node_modules is what package-lock.json pins"));
    }
    Finding::error(id, format!("{name}: node_modules is not what package-lock.json pins: {}", named(&differing)), WHY)
        .safely_mended_by("npm ci", at)
        .guided(&CURE)
}

/// Dependencies of `package.json` that the lock file has not, or with another range.
fn unlocked(package: &Value, lock: &Value) -> Vec<String> {
    let root = &lock["packages"][""];
    let mut names = Vec::new();
    for kind in ["dependencies", "devDependencies"] {
        for (name, range) in package[kind].as_object().into_iter().flatten() {
            if root.is_object() && root[kind].get(name) != Some(range) {
                names.push(name.clone());
            }
        }
    }
    names
}

/// Packages whose version in `node_modules` is another one, that are missing, or that nobody asked for. What is optional may be
/// left out on this system.
fn differing(lock: &Value, installed: &Value) -> Vec<String> {
    let none = Map::new();
    let packages = |value: &Value| value["packages"].as_object().cloned().unwrap_or_default();
    let (wanted, there) = (packages(lock), packages(installed));
    let mut names: Vec<String> = Vec::new();
    for (path, entry) in wanted.iter().filter(|(path, _)| path.starts_with("node_modules/")) {
        let entry = entry.as_object().unwrap_or(&none);
        let flag = |name: &str| entry.get(name) == Some(&Value::Bool(true));
        match there.get(path) {
            Some(other) if other.get("version") == entry.get("version") => {}
            None if flag("optional") || flag("devOptional") || flag("peer") => {}
            Some(_) | None => names.push(short(path)),
        }
    }
    names.extend(
        there.keys().filter(|path| path.starts_with("node_modules/") && !wanted.contains_key(*path)).map(|p| short(p)),
    );
    names
}

fn short(path: &str) -> String {
    path.rsplit("node_modules/").next().unwrap_or(path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Severity;

    const PACKAGE: &str = r#"{"dependencies": {"ioredis": "^5.0.0"}}"#;
    const LOCK: &str = r#"{"packages": {"": {"dependencies": {"ioredis": "^5.0.0"}},
        "node_modules/ioredis": {"version": "5.4.1"},
        "node_modules/fsevents": {"version": "2.3.3", "optional": true}}}"#;

    fn found(lock: Option<&str>, installed: Option<&str>) -> Finding {
        let found = Found {
            package: PACKAGE.into(),
            lock: lock.map(Into::into),
            installed: installed.map(Into::into),
            node_modules: installed.is_some(),
            other: None,
        };
        judge(&found, "nestjs", "/x".into())
    }

    #[test]
    fn what_is_pinned_and_installed_is_fine_without_what_is_optional() {
        let installed = r#"{"packages": {"node_modules/ioredis": {"version": "5.4.1"}}}"#;
        assert_eq!(found(Some(LOCK), Some(installed)).severity, Severity::Fine);
    }

    #[test]
    fn another_version_a_missing_package_and_an_extra_one_are_out_of_step() {
        for installed in [
            r#"{"packages": {"node_modules/ioredis": {"version": "5.3.0"}}}"#,
            r#"{"packages": {}}"#,
            "half a file",
            r#"{"packages": {"node_modules/ioredis": {"version": "5.4.1"}, "node_modules/left-pad": {"version": "1.0.0"}}}"#,
        ] {
            let found = found(Some(LOCK), Some(installed));
            assert_eq!(found.severity, Severity::Error, "{installed}");
            let mend = found.mend.unwrap();
            assert_eq!((mend.command.as_str(), mend.safe), ("npm ci", true));
        }
    }

    #[test]
    fn what_the_lock_file_does_not_pin_is_never_mended_by_itself() {
        let lock = r#"{"packages": {"": {"dependencies": {"ioredis": "^4.0.0"}}}}"#;
        let found = found(Some(lock), Some("{}"));
        assert!(found.what.contains("doesn't pin: ioredis"), "{}", found.what);
        assert!(!found.mend.unwrap().safe);
    }

    #[test]
    fn no_lock_no_modules_and_a_conflicted_lock_are_told_apart() {
        assert!(found(None, None).what.contains("no package-lock.json"));
        assert!(found(Some(LOCK), None).what.contains("node_modules is missing"));
        assert!(found(Some("<<<<<<< HEAD"), None).what.contains("merge conflict"));
    }
}
