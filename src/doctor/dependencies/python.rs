//! pip: `requirements.txt` against what lies in the virtual environment.

use super::named;
use crate::doctor::Finding;
use crate::doctor::version::Version;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a track in Python has.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The files of requirements, joined; none where there are none.
    pub requirements: Option<String>,
    /// Whether an environment is active in the shell: a virtual one, or Conda's.
    pub active: bool,
    /// The virtual environment's directory: `.venv` or `venv`.
    pub environment: Option<&'static str>,
    /// Its `pyvenv.cfg`.
    pub configuration: String,
    /// Whether its Python can be started.
    pub alive: bool,
    /// The names in its `site-packages` that end in `.dist-info`, without that.
    pub packages: Vec<String>,
}

const WHY: &str = "tests and service run on what is installed, not on what is pinned";
const CURE: [&str; 3] = ["python -m venv venv", "source venv/bin/activate", "pip install -r requirements.txt"];

/// Whether what is installed is what is pinned. `at` is the track's directory, for people `name`; `python` is the Python to make a
/// new environment with.
pub fn judge(found: &Found, name: &str, at: PathBuf, python: &str) -> Finding {
    let id = format!("dependencies.{name}");
    let install = |environment: &str| format!("{environment}/bin/python -m pip install -r requirements.txt");
    let made = |environment: &str| match found.requirements {
        Some(_) => format!("{python} -m venv {environment} && {}", install(environment)),
        None => format!("{python} -m venv {environment}"),
    };
    let Some(environment) = found.environment else {
        if found.active {
            return Finding::fine(id, format!("{name}: uses the environment that is active in this shell"));
        }
        return Finding::error(
            id,
            format!("{name}: there is no virtual environment (.venv or venv)"),
            "packages of one project disturb another, and the system's Python refuses to have any installed",
        )
        .safely_mended_by(made(".venv"), at)
        .guided(&CURE);
    };
    if !found.alive {
        let what = format!("{name}: the Python of {environment} is gone");
        return Finding::error(
            id,
            what,
            "an environment links to the Python that made it; that one was removed or upgraded",
        )
        .mended_in(format!("rm -rf {environment} && {}", made(environment)), at)
        .guided(&CURE);
    }
    let version = found.configuration.lines().find_map(|l| l.strip_prefix("version")).and_then(Version::find);
    if let Some(version) = version.filter(|v| *v < Version::of(3, 12)) {
        let what = format!("{name}: {environment} was made with Python {version}; 3.12 or later is wanted");
        return Finding::warning(id, what, "the guide's Python projects are written for 3.12 or later")
            .mended_in(format!("rm -rf {environment} && {}", made(environment)), at);
    }
    let Some(requirements) = &found.requirements else {
        return Finding::fine(id, format!("{name}: {environment} is there"));
    };
    let differing = differing(requirements, &found.packages);
    if differing.is_empty() {
        return Finding::fine(id, format!("{name}: {environment} holds what requirements.txt pins"));
    }
    Finding::error(
        id,
        format!("{name}: {environment} doesn't hold what requirements.txt pins: {}", named(&differing)),
        WHY,
    )
    .safely_mended_by(install(environment), at)
    .guided(&CURE)
}

/// Requirements that are missing or installed in another version than the pinned one. What has a condition (`; sys_platform …`) or
/// comes from elsewhere (a path, an address) is left to pip.
fn differing(requirements: &str, packages: &[String]) -> Vec<String> {
    let installed: BTreeMap<String, &str> =
        packages.iter().filter_map(|p| p.rsplit_once('-')).map(|(name, version)| (normal(name), version)).collect();
    let mut names = Vec::new();
    for line in requirements.lines() {
        let line = line.split(" #").next().unwrap_or_default().trim().trim_end_matches('\\').trim();
        if line.is_empty() || line.starts_with(['#', '-', '.', '/']) || line.contains([';', '@']) {
            continue;
        }
        let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(line.len());
        let (name, rest) = line.split_at(end);
        let rest = rest.trim_start();
        let rest = rest.strip_prefix('[').and_then(|r| r.split_once(']')).map_or(rest, |(_, after)| after).trim();
        let pinned = rest.strip_prefix("==").map(|v| v.split([' ', ',']).next().unwrap_or_default());
        match (installed.get(&normal(name)), pinned) {
            (Some(there), Some(wanted)) if !matches(wanted, there) => {
                names.push(format!("{name} {there} instead of {wanted}"));
            }
            (Some(_), _) => {}
            (None, _) => names.push(name.to_owned()),
        }
    }
    names
}

/// `1.0`, `1.0.*` and `1.0.0` all allow `1.0.0`.
fn matches(wanted: &str, there: &str) -> bool {
    let short = |text: &str| text.to_ascii_lowercase().trim_end_matches(".0").to_owned();
    match wanted.strip_suffix(".*") {
        Some(start) => there == start || there.starts_with(&format!("{start}.")),
        None => short(wanted) == short(there),
    }
}

/// As the package index compares names.
fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Severity;

    fn found(requirements: &str, packages: &[&str]) -> Finding {
        let found = Found {
            requirements: Some(requirements.into()),
            active: false,
            environment: Some(".venv"),
            configuration: "home = /usr/bin\nversion = 3.12.4\n".into(),
            alive: true,
            packages: packages.iter().map(|p| (*p).to_owned()).collect(),
        };
        judge(&found, "python", "/x".into(), "python3")
    }

    #[test]
    fn names_versions_extras_and_conditions_are_read_as_pip_does() {
        let requirements = "# comment\nPydantic_Settings==2.1.0\nuvicorn[standard]==0.30.* # server\nfastapi>=0.1\n\
            pywin32==300; sys_platform == 'win32'\n-r other.txt\n--hash=sha256:1\nexample @ https://example.com/x.whl\n";
        let packages = ["pydantic_settings-2.1", "uvicorn-0.30.6", "fastapi-0.115.0"];
        assert_eq!(found(requirements, &packages).severity, Severity::Fine, "{:?}", found(requirements, &packages));
    }

    #[test]
    fn a_missing_package_and_another_version_are_out_of_step() {
        let found = found("redis==5.0.1\nfastapi==0.115.0\n", &["fastapi-0.114.9"]);
        assert!(found.what.ends_with("pins: redis, fastapi 0.114.9 instead of 0.115.0"), "{}", found.what);
        let mend = found.mend.unwrap();
        assert_eq!((mend.command.as_str(), mend.safe), (".venv/bin/python -m pip install -r requirements.txt", true));
    }

    #[test]
    fn no_environment_is_made_and_a_dead_one_is_not_removed_by_itself() {
        let none = judge(&Found::default(), "python", "/x".into(), "python3.12");
        assert_eq!(none.mend.map(|m| (m.command, m.safe)), Some(("python3.12 -m venv .venv".into(), true)));
        let dead = Found { environment: Some("venv"), ..Found::default() };
        let dead = judge(&dead, "python", "/x".into(), "python3");
        assert!(dead.what.contains("is gone") && !dead.mend.unwrap().safe);
    }

    #[test]
    fn an_environment_of_an_old_python_is_worth_a_warning() {
        let old = Found {
            environment: Some(".venv"),
            configuration: "version = 3.11.2".into(),
            alive: true,
            ..Found::default()
        };
        assert_eq!(judge(&old, "python", "/x".into(), "python3").severity, Severity::Warning);
    }
}
