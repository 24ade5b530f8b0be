//! Load tests: a script that loads, and what it measured.

use super::found::Load;
use super::inspect::name;
use super::matter::Matter;
use super::papers::{Paper, is_record_place};
use super::pattern::{has_any, in_code};
use super::signals::Finding;
use super::status::{Evidence, State};
use crate::git::Entry;
use crate::history::kind::{self, Kind};
use crate::history::layout::Project;
use crate::history::log::EMPTY;
use crate::history::scaffold;
use bstr::{BStr, ByteSlice};
use regex::Regex;
use serde::Deserialize;
use std::ops::Range;
use std::sync::LazyLock;

static ABOUT: LazyLock<Option<regex::bytes::Regex>> =
    LazyLock::new(|| regex::bytes::Regex::new("load|bench|k6|stress|perf|result|jmeter|locust|stat|wrk|vegeta").ok());
pub(super) static SCRIPT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    in_code(
        r#"from ['"]k6(?:/http)?['"]|from locust import|import locust\b|class \w+\((?:Fast)?HttpUser\)|jmeterTestPlan|extends Simulation|vegeta attack|(?m)^\s*(?:wrk2?|hey|ab|autocannon|bombardier|oha|drill)\s+-|["'](?:autocannon|loadtest)["']|(?m)^\s*-?\s*arrivalRate:"#,
    )
});
pub(super) static RESULT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    in_code(
        r"(?i)http_req_duration|http_reqs|requests/sec|req/s\b|\brps\b|\bp\(?9[059]\)?\b|requests per second|avg response|response time|latency",
    )
});
static COMMAND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    in_code(
        r"(?m)^[\s$>]*`{0,3}(?:\./)?(?:wrk2?|hey|ab|autocannon|bombardier|oha|k6 run|vegeta attack|locust|artillery run)\s+-?[^|\n]*(?:http|-f|\.js|-c)",
    )
});

/// How many files with results are named.
const RESULTS: usize = 6;

/// Whether results are among a project's files: they may name any commit of history as the one that was measured.
pub fn has_results(matter: &Matter<'_>, project: &Project) -> bool {
    matter.below(project.path.as_bstr()).iter().any(|entry| measured(matter, entry))
}

/// What loads a project, and what that measured. `first` is the index of the project's first track in the matter's lists.
pub fn found(matter: &Matter<'_>, project: &Project, first: usize, papers: &[Paper]) -> Load {
    let (mut script, mut given): (Option<Evidence>, Option<Evidence>) = (None, None);
    let mut results: Vec<Evidence> = Vec::new();
    let mut old = 0;
    let mut checks = false;
    let speaks = |e: &&Entry| !matches!(extension(&e.path), b"go" | b"rs" | b"java");
    let code =
        |e: &&Entry| !matches!(kind::general(e.path.as_bstr()), Kind::Vendored | Kind::Dependency | Kind::Document);
    for entry in matter.below(project.path.as_bstr()).iter().filter(speaks).filter(code) {
        let path = entry.path.as_bstr();
        match script.is_none().then(|| loads(matter, entry)).flatten() {
            Some(Script::Given) => given = Some(matter.path(path, "the load test that `mastery start` wrote")),
            Some(Script::Loads) => script = Some(matter.path(path, "a load test")),
            Some(Script::Checks) => checks = true,
            None => {}
        }
        if results.len() < RESULTS && measured(matter, entry) {
            let is_old = is_older_than_sources(matter, project, first, entry);
            old += usize::from(is_old);
            results.push(matter.path(path, if is_old { "results, older than the sources" } else { "results" }));
        }
    }
    let are_files = !results.is_empty();
    if !are_files {
        results.extend(figures(matter, papers));
    }
    // A load test that came with the project is nobody's work; what it measured is.
    let given = given.filter(|_| !results.is_empty());
    let script = script.or(given).or_else(|| command(matter, project));
    Load { script, checks, results, old, are_files }
}

/// Load tested: a script, and results; `begun` says whether there is anything to load. Results that are older than the sources are
/// results all the same, and said to be old.
pub fn tested(load: &Load, begun: bool) -> Finding {
    let mut results = load.results.clone();
    match (load.script.clone(), results.first().cloned()) {
        (Some(script), Some(_)) if begun => {
            let why = match load.old {
                0 => "a load test, and what it measured",
                n if n == results.len() => "a load test, and what it measured before the sources changed: run it again",
                _ => "a load test, and what it measured, a part of it before the sources changed: run it again",
            };
            results.insert(0, script);
            Finding::new(State::Met, why, results)
        }
        (Some(script), None) if begun => Finding::new(State::Partial, "a load test, but no results", vec![script]),
        (Some(script), _) => {
            Finding::new(State::Partial, "a load test, but nothing of one's own to load yet", vec![script])
        }
        (None, Some(result)) => {
            Finding::new(State::Partial, "figures, but not the test that measured them", vec![result])
        }
        (None, None) if load.checks => {
            Finding::new(State::Partial, "a script that checks once but does not load", Vec::new())
        }
        (None, None) => Finding::new(State::Unmet, "no load test and no results", Vec::new()),
    }
}

fn is(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(text))
}

/// Whether a path speaks of load.
fn is_about(lower: &[u8]) -> bool {
    ABOUT.as_ref().is_some_and(|about| about.is_match(lower))
}

fn extension(lower: &[u8]) -> &[u8] {
    let file = name(lower.as_bstr());
    file.rsplit(|b| *b == b'.').next().unwrap_or_default()
}

/// What a script of a load tool is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// `mastery start` wrote it, and nobody has touched it.
    Given,
    /// It loads.
    Loads,
    /// It asks once.
    Checks,
}

/// What a file is, if it is a script of a load tool.
fn loads(matter: &Matter<'_>, entry: &Entry) -> Option<Script> {
    may_load(entry.path.as_bstr()).then(|| script(entry.path.as_bstr(), &matter.read(entry)?, &is_script))?
}

fn is_script(text: &str) -> bool {
    is(&SCRIPT, text)
}

/// Whether a path may be one of a script of a load tool.
fn may_load(path: &BStr) -> bool {
    let lower = kind::lowered(path);
    let anywhere = matches!(extension(&lower), b"js" | b"ts" | b"mjs" | b"py" | b"jmx" | b"makefile");
    let if_about = matches!(extension(&lower), b"sh" | b"yml" | b"yaml" | b"scala" | b"lua" | b"ps1" | b"json");
    (anywhere || if_about && is_about(&lower)) && !lower.ends_with(b".min.js")
}

/// What a text that may be a script of a load tool is; `is_script` says whether [`SCRIPT`] is in it.
fn script(path: &BStr, bytes: &[u8], is_script: &dyn Fn(&str) -> bool) -> Option<Script> {
    let text = bytes.to_str_lossy();
    if !is_script(&text) {
        return None;
    }
    if scaffold::is_ours(name(path), bytes) {
        return Some(Script::Given);
    }
    // One user or one iteration is a check, not a load.
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let once = ["vus:1,", "vus:1}", "iterations:1,", "iterations:1}"].iter().any(|w| compact.contains(w));
    let loads = !once || compact.contains("stages:") || compact.contains("scenarios:");
    Some(if loads { Script::Loads } else { Script::Checks })
}

/// Words of which every text that has [`SCRIPT`] in it has one, or begins a line with one of [`TOOLS`].
const WORDS: [&str; 10] = [
    "k6",
    "locust",
    "HttpUser",
    "jmeterTestPlan",
    "extends Simulation",
    "vegeta attack",
    "autocannon",
    "loadtest",
    "arrivalRate",
    "bombardier",
];
const TOOLS: [&str; 5] = ["wrk", "hey", "ab", "oha", "drill"];

/// Whether a change leaves what a file is to a load test as it is.
pub(super) fn stays(path: &BStr, old: &[u8], new: &[u8]) -> bool {
    let begins = |line: &str| TOOLS.iter().any(|tool| line.trim_start().starts_with(tool));
    let is_script = |text: &str| {
        let may_be = has_any(text, &WORDS) || text.lines().any(begins);
        may_be && is(&SCRIPT, text)
    };
    !may_load(path) || script(path, old, &is_script) == script(path, new, &is_script)
}

/// Whether a data file holds what a load tool measured. A dashboard only shows such things.
fn measured(matter: &Matter<'_>, entry: &Entry) -> bool {
    let lower = kind::lowered(&entry.path);
    let shows = || ["dashboard", "grafana"].iter().any(|w| lower.contains_str(w));
    if !matches!(extension(&lower), b"json" | b"csv" | b"jtl" | b"txt" | b"html" | b"log")
        || entry.id == EMPTY
        || !is_about(&lower)
        || shows()
    {
        return false;
    }
    // A result that is too large to be here is one all the same, if its name says so.
    let Some(bytes) = (matter.contents)(entry.id) else { return lower.contains_str("result") };
    let text = bytes[..bytes.len().min(200_000)].to_str_lossy();
    is(&RESULT, &text) && !text.contains("import ") && digits(&text) > 20
}

/// What `mastery load run` says of its results.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Circumstances {
    language: Option<String>,
    /// HEAD when it was measured.
    commit: Option<String>,
    /// Whether the sources were others than those of that commit.
    changed: bool,
}

/// Whether a commit changed the sources that were measured after they were: after the commit that the results name, else after
/// the one that brought them. Only the track's own sources count where the results say which track it was.
fn is_older_than_sources(matter: &Matter<'_>, project: &Project, first: usize, entry: &Entry) -> bool {
    let bytes = matter.read(entry).unwrap_or_default();
    let said: Circumstances = serde_json::from_slice(&bytes).unwrap_or_default();
    let named = said.commit.filter(|_| !said.changed).and_then(|id| id.parse().ok());
    let named = named.and_then(|id| matter.log.points.iter().rposition(|p| p.id == id)?.try_into().ok());
    let Some(base) = named.or_else(|| matter.touched.last(&entry.path)) else { return false };
    let one = said.language.and_then(|language| project.tracks.iter().position(|t| t.language == language));
    let tracks = one.map_or(first..first + project.tracks.len(), |n| first + n..first + n + 1);
    let before = matter.log.ancestors(base);
    let later = (0u32..).zip(&matter.log.points).zip(&before).filter(|((_, p), is_before)| !**is_before && !p.merge);
    later.into_iter().any(|((point, _), _)| changes_sources(matter, point, &tracks))
}

fn changes_sources(matter: &Matter<'_>, point: u32, tracks: &Range<usize>) -> bool {
    let range = matter.log.points[point as usize].touches.clone();
    matter.log.touches[range.start as usize..range.end as usize].iter().any(|touch| {
        let owner = matter.territory.owner(touch.path, point);
        owner.is_some_and(|(track, kind)| tracks.contains(&track) && matches!(kind, Kind::Source | Kind::Manifest))
    })
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Figures in prose or a table. Commands in fenced code show how it was run, not what came of it.
fn figures(matter: &Matter<'_>, papers: &[Paper]) -> Option<Evidence> {
    let has = |paper: &&Paper| {
        let lines = paper.prose.lines().filter(|l| is(&RESULT, l) && l.chars().any(|c| c.is_ascii_digit())).count();
        !is_record_place(&paper.inside) && (lines >= 3 || has_table(&paper.prose))
    };
    papers.iter().find(has).map(|p| matter.path(p.path.as_bstr(), "figures"))
}

/// A table whose head speaks of load, with at least two rows of figures.
fn has_table(prose: &str) -> bool {
    let mut head = false;
    let mut rows = 0;
    for line in prose.lines().map(str::trim) {
        if !line.starts_with('|') {
            head = false;
        } else if is(&RESULT, line) {
            head = true;
            rows += usize::from(digits(line) > 1);
        } else if head && line.chars().any(|c| c.is_ascii_digit()) {
            rows += 1;
        }
    }
    rows >= 2
}

/// A document that shows, in fenced code or not, the command of a load tool.
fn command(matter: &Matter<'_>, project: &Project) -> Option<Evidence> {
    let entries = matter.below(project.path.as_bstr()).iter();
    let papers = entries
        .filter(|e| e.path.to_ascii_lowercase().ends_with(b".md") && kind::general(e.path.as_bstr()) == Kind::Document);
    let own = |e: &Entry, bytes: &[u8]| !scaffold::is_ours(name(e.path.as_bstr()), bytes);
    let shows = |e: &&Entry| matter.read(e).is_some_and(|b| is(&COMMAND, &b.to_str_lossy()) && own(e, &b));
    papers.take(200).find(shows).map(|e| matter.path(e.path.as_bstr(), "the command of a load test"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_stays_where_it_makes_a_script_nothing_else() {
        let plain = "def f():\n    return 1 - 2\n";
        let scripts = [
            "import http from 'k6/http';",
            "from locust import task",
            "import locust\n",
            "class U(FastHttpUser):",
            "vegeta attack x",
            "require('autocannon')",
            "arrivalRate: 3",
            "  ab -n 3 http://x",
            "hey\n  -n 3",
            "wrk2 -t 3",
            "oha -n 1",
            "\u{a0}\x0bdrill --x",
        ];
        let path = BStr::new("a.py");
        for script in scripts {
            let text = format!("{plain}{script}\n");
            let is_one = is_script(&text);
            assert_eq!(stays(path, plain.as_bytes(), text.as_bytes()), !is_one, "{script}");
            assert_eq!(stays(path, text.as_bytes(), plain.as_bytes()), !is_one, "{script}");
            assert!(stays(path, text.as_bytes(), text.as_bytes()) && stays(BStr::new("a.go"), plain.as_bytes(), b""));
        }
        let once = |more: &str| format!("import http from 'k6/http';\nvus: 1,\n{more}");
        assert!(!stays(path, once("").as_bytes(), once("stages: []").as_bytes()), "a check that loads now");
        assert!(stays(path, once("").as_bytes(), once("// stages").as_bytes()));
    }
}
