//! The guide's tools: how each is asked for its version, which one is wanted, and how it is installed.

use super::Platform;
use super::version::Version;
use super::{Finding, Severity};
use crate::services::Service;
use crate::system::exec::limited::Answer;

/// When a tool is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Always,
    /// Where services are to run in containers.
    Containers,
    /// Where the project leans on this one; otherwise it is good to have.
    Service(Service),
    /// Where this language is in use.
    Language(&'static str),
    /// Good to have.
    Wish,
}

/// What the project leans on.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// The services.
    pub services: Vec<Service>,
    /// Whether one of them doesn't answer, so that it would have to be started in a container.
    pub containers: bool,
}

/// A tool of the guide.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// Its name in findings: `tool.NAME`.
    pub name: &'static str,
    /// How people write it.
    pub title: &'static str,
    /// The commands that print its version; the first that is there and new enough counts.
    pub commands: &'static [&'static [&'static str]],
    /// What is wanted at least.
    pub minimum: Option<Version>,
    /// When it is needed.
    pub need: Need,
    /// What it is for.
    pub why: &'static str,
}

/// All of them, in the guide's order.
pub const TOOLS: [Tool; 12] = [
    Tool {
        name: "git",
        title: "git",
        commands: &[&["git", "--version"]],
        minimum: Some(Version::of(2, 0)),
        need: Need::Always,
        why: "git is the record of what you learn: hooks, status and journal all live on it",
    },
    Tool {
        name: "docker",
        title: "Docker",
        commands: &[&["docker", "--version"]],
        minimum: Some(Version::of(24, 0)),
        need: Need::Containers,
        why: "the services of docker-compose.yml run in containers",
    },
    Tool {
        name: "compose",
        title: "Docker Compose",
        commands: &[&["docker", "compose", "version"], &["docker-compose", "--version"]],
        minimum: Some(Version::of(2, 0)),
        need: Need::Containers,
        why: "`mastery services up` starts the services of docker-compose.yml with it",
    },
    Tool {
        name: "psql",
        title: "psql",
        commands: &[&["psql", "--version"]],
        minimum: Some(Version::of(15, 0)),
        need: Need::Service(Service::Postgres),
        why: "it shows what your service wrote to PostgreSQL",
    },
    Tool {
        name: "redis-cli",
        title: "redis-cli",
        commands: &[&["redis-cli", "--version"], &["valkey-cli", "--version"]],
        minimum: Some(Version::of(7, 0)),
        need: Need::Service(Service::Redis),
        why: "it shows what your service wrote to Redis",
    },
    Tool {
        name: "node",
        title: "Node",
        commands: &[&["node", "--version"]],
        minimum: Some(Version::of(20, 0)),
        need: Need::Language("nestjs"),
        why: "NestJS 11 and its tests run on Node 20 or later",
    },
    Tool {
        name: "npm",
        title: "npm",
        commands: &[&["npm", "--version"]],
        minimum: Some(Version::of(10, 0)),
        need: Need::Language("nestjs"),
        why: "it installs what package-lock.json pins; older ones write another format of it",
    },
    Tool {
        name: "nest",
        title: "Nest CLI",
        commands: &[&["nest", "--version"]],
        minimum: None,
        need: Need::Wish,
        why: "`nest g module users` writes a module's files; `npx nest` does the same inside a project that has it",
    },
    Tool {
        name: "go",
        title: "Go",
        commands: &[&["go", "version"]],
        minimum: Some(Version::of(1, 22)),
        need: Need::Language("golang"),
        why: "before 1.22 loop variables were shared between iterations, and net/http's routes had no methods",
    },
    Tool {
        name: "python",
        title: "Python",
        commands: &[
            &["python3", "--version"],
            &["python", "--version"],
            &["python3.12", "--version"],
            &["python3.13", "--version"],
            &["python3.14", "--version"],
        ],
        minimum: Some(Version::of(3, 12)),
        need: Need::Language("python"),
        why: "the guide's Python projects are written for 3.12 or later",
    },
    Tool {
        name: "pip",
        title: "pip",
        commands: &[&["python3", "-m", "pip", "--version"], &["pip", "--version"], &["uv", "--version"]],
        minimum: None,
        need: Need::Language("python"),
        why: "it installs what requirements.txt pins",
    },
    Tool {
        name: "k6",
        title: "k6",
        commands: &[&["k6", "version"]],
        minimum: None,
        need: Need::Wish,
        why: "`mastery load run` measures your service with it",
    },
];

impl Tool {
    /// Whether it is looked for where `languages` are in use.
    pub fn concerns(&self, languages: &[String]) -> bool {
        let uses = |wanted: &str| languages.iter().any(|l| l == wanted);
        match self.need {
            Need::Language(language) => uses(language),
            _ if self.name == "nest" => uses("nestjs"),
            _ => true,
        }
    }

    /// How bad it is when it is missing.
    fn severity(&self, needs: &Needs) -> Severity {
        let needed = match self.need {
            Need::Always | Need::Language(_) => true,
            Need::Containers => needs.containers,
            Need::Service(service) => needs.services.contains(&service),
            Need::Wish => false,
        };
        if needed { Severity::Error } else { Severity::Warning }
    }

    /// What the answers of its commands amount to.
    pub fn judge(&self, answers: &[Answer], needs: &Needs, platform: Platform) -> Finding {
        let id = format!("tool.{}", self.name);
        let read: Vec<Read> = answers.iter().map(|a| self.read(a)).collect();
        // The first that does; else the first that is there and says why not; else it is missing.
        let best = read.iter().find(|r| matches!(r, Read::Good(_))).or_else(|| {
            read.iter()
                .find(|r| matches!(r, Read::Old(_)))
                .or_else(|| read.iter().find(|r| !matches!(r, Read::Missing)))
        });
        let wanted = self.minimum.map(|v| match v.minor {
            0 => v.major.to_string(),
            minor => format!("{}.{minor}", v.major),
        });
        let what = match best {
            Some(Read::Good(version)) => return Finding::fine(id, format!("{} {version}", self.title)),
            Some(Read::Old(version)) => {
                format!("{} {version} is too old: {} or later is wanted", self.title, wanted.unwrap_or_default())
            }
            Some(Read::Odd(why)) => format!("{} is there, but {why}", self.title),
            Some(Read::Missing) | None => {
                let version = wanted.map(|v| format!(" ({v} or later)")).unwrap_or_default();
                format!("{} is missing{version}", self.title)
            }
        };
        let finding = match self.severity(needs) {
            Severity::Error => Finding::error(id, what, self.why),
            _ => Finding::warning(id, what, self.why),
        };
        finding.mended_by(self.installed_by(platform, matches!(best, Some(Read::Old(_)))))
    }

    /// Whether an answer is that of a version that will do.
    pub fn accepts(&self, answer: &Answer) -> bool {
        matches!(self.read(answer), Read::Good(_))
    }

    fn read(&self, answer: &Answer) -> Read {
        match answer {
            Answer::Missing => Read::Missing,
            Answer::Refused(why) => Read::Odd(format!("can't be started: {why}")),
            Answer::TooSlow => Read::Odd("doesn't answer: it was still running when its time was up".into()),
            // A docker without the compose plugin, a python without pip.
            Answer::Ended { code, .. } if *code != 0 && matches!(self.name, "compose" | "pip") => Read::Missing,
            Answer::Ended { code, err, .. } if *code != 0 => {
                let line = err.lines().rfind(|l| !l.trim().is_empty()).unwrap_or("without a word").trim();
                Read::Odd(format!("fails with exit code {code}: {line}"))
            }
            Answer::Ended { out, err, .. } => match Version::find(if out.trim().is_empty() { err } else { out }) {
                Some(version) if self.minimum.is_none_or(|minimum| version >= minimum) => Read::Good(version),
                Some(version) => Read::Old(version),
                None => Read::Odd("its version can't be read from what it prints".into()),
            },
        }
    }

    /// The command that installs it, or a later one where it `is_old`.
    fn installed_by(&self, platform: Platform, is_old: bool) -> String {
        let package = |name: &str, page: &str| platform.install(name).unwrap_or_else(|| format!("see {page}"));
        let brew = platform == Platform::Brew;
        match self.name {
            "git" => package("git", "https://git-scm.com/downloads"),
            "docker" | "compose" if brew => "brew install --cask docker".into(),
            "docker" | "compose" => "curl -fsSL https://get.docker.com | sudo sh".into(),
            "psql" if brew => "brew install libpq && brew link --force libpq".into(),
            "psql" => match platform {
                Platform::Apt | Platform::Apk => package("postgresql-client", ""),
                _ => package("postgresql", "https://www.postgresql.org/download/"),
            },
            "redis-cli" if platform == Platform::Apt => package("redis-tools", ""),
            "redis-cli" => package("redis", "https://redis.io/docs/latest/get-started/"),
            "node" if brew => "brew install node@22 && brew link --overwrite node@22".into(),
            "node" if platform == Platform::Apt => {
                "curl -fsSL https://deb.nodesource.com/setup_22.x | sudo -E bash - && sudo apt-get install nodejs"
                    .into()
            }
            "node" => package("nodejs", "https://nodejs.org/en/download"),
            "npm" => "npm install -g npm@latest".into(),
            "nest" => "npm install -g @nestjs/cli".into(),
            "go" if platform == Platform::Apt => {
                let archive = "https://go.dev/dl/go1.26.0.linux-$(dpkg --print-architecture).tar.gz";
                format!("curl -fsSL {archive} | sudo tar -C /usr/local -xz && export PATH=/usr/local/go/bin:$PATH")
            }
            "go" => package("go", "https://go.dev/dl"),
            "python" if brew => "brew install python@3.13".into(),
            // The system's own is as old as the system is.
            "python" if is_old => {
                "curl -LsSf https://astral.sh/uv/install.sh | sh && uv python install 3.13 --default".into()
            }
            "python" if platform == Platform::Apt => package("python3 python3-venv python3-pip", ""),
            "python" => package("python3", "https://www.python.org/downloads/"),
            "pip" if platform == Platform::Apt => package("python3-pip python3-venv", ""),
            "pip" => "python3 -m ensurepip --upgrade".into(),
            _ if brew => format!("brew install {}", self.name),
            _ => "go install go.k6.io/k6@latest".into(),
        }
    }
}

/// What one command's answer says.
enum Read {
    Good(Version),
    Old(Version),
    Odd(String),
    Missing,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(name: &str) -> &'static Tool {
        TOOLS.iter().find(|t| t.name == name).unwrap()
    }

    fn said(text: &str) -> Answer {
        Answer::Ended { code: 0, out: text.into(), err: String::new() }
    }

    fn judge(name: &str, answers: &[Answer]) -> Finding {
        let needs = Needs { services: vec![Service::Postgres], containers: true };
        tool(name).judge(answers, &needs, Platform::Apt)
    }

    #[test]
    fn the_versions_of_the_guide_are_wanted() {
        let minimum: Vec<String> =
            TOOLS.iter().filter_map(|t| t.minimum.map(|v| format!("{} {}.{}", t.name, v.major, v.minor))).collect();
        let guide = [
            "git 2.0",
            "docker 24.0",
            "compose 2.0",
            "psql 15.0",
            "redis-cli 7.0",
            "node 20.0",
            "npm 10.0",
            "go 1.22",
            "python 3.12",
        ];
        assert_eq!(minimum, guide);
    }

    #[test]
    fn old_missing_hanging_and_broken_tools_are_told_apart() {
        let found = [
            judge("node", &[said("v20.1.0")]),
            judge("node", &[said("v18.19.0")]),
            judge("node", &[Answer::Missing]),
            judge("node", &[Answer::TooSlow]),
            judge("node", &[said("hello")]),
            judge("node", &[Answer::Ended { code: 127, out: String::new(), err: "libfoo.so: not found\n".into() }]),
        ];
        let whats: Vec<&str> = found.iter().map(|f| f.what.as_str()).collect();
        assert_eq!(
            whats,
            [
                "Node 20.1.0",
                "Node 18.19.0 is too old: 20 or later is wanted",
                "Node is missing (20 or later)",
                "Node is there, but doesn't answer: it was still running when its time was up",
                "Node is there, but its version can't be read from what it prints",
                "Node is there, but fails with exit code 127: libfoo.so: not found",
            ]
        );
        assert!(found[1..].iter().all(|f| f.severity == Severity::Error && f.mend.is_some()));
    }

    #[test]
    fn a_second_python_that_is_new_enough_will_do() {
        let found = judge("python", &[said("Python 3.11.2"), Answer::Missing, said("Python 3.12.4")]);
        assert_eq!((found.severity, found.what.as_str()), (Severity::Fine, "Python 3.12.4"));
    }

    #[test]
    fn a_docker_without_the_compose_plugin_has_no_compose() {
        let no_plugin = Answer::Ended { code: 1, out: String::new(), err: "docker: unknown command".into() };
        let found = judge("compose", &[no_plugin.clone(), Answer::Missing]);
        assert_eq!(found.what, "Docker Compose is missing (2 or later)");
        assert_eq!(judge("compose", &[no_plugin, said("docker-compose version 1.29.2")]).severity, Severity::Error);
    }

    #[test]
    fn a_client_of_a_service_that_the_project_does_without_is_only_missed() {
        assert_eq!(judge("psql", &[Answer::Missing]).severity, Severity::Error);
        assert_eq!(judge("redis-cli", &[Answer::Missing]).severity, Severity::Warning);
        assert_eq!(
            tool("docker").judge(&[Answer::Missing], &Needs::default(), Platform::Apt).severity,
            Severity::Warning
        );
    }

    #[test]
    fn only_the_tools_of_languages_in_use_are_looked_for() {
        let names: Vec<&str> = TOOLS.iter().filter(|t| t.concerns(&["golang".into()])).map(|t| t.name).collect();
        assert_eq!(names, ["git", "docker", "compose", "psql", "redis-cli", "go", "k6"]);
    }

    #[test]
    fn every_tool_has_a_way_to_be_installed_everywhere() {
        for tool in &TOOLS {
            for platform in
                [Platform::Apt, Platform::Brew, Platform::Dnf, Platform::Pacman, Platform::Apk, Platform::Other]
            {
                assert!(tool.installed_by(platform, false).len() > 8, "{} on {}", tool.name, platform.name());
            }
        }
    }
}
