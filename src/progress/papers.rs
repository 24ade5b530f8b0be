//! A project's papers: brief, plan, journal, decisions, comparison, blog. What is fenced, a template's or only a name is no paper.

use super::inspect::name;
use super::matter::Matter;
use super::names::Name;
use super::text;
use crate::curriculum::Catalogue;
use crate::history::kind::{self, Kind};
use crate::history::layout::{Project, is_below};
use bstr::{BStr, BString, ByteSlice};
use regex::Regex;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// One document.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Its path from the repository's root.
    pub path: BString,
    /// Its path from the project's directory, in lower case.
    pub inside: String,
    /// Its prose.
    pub prose: String,
    /// Words of prose.
    pub words: usize,
}

/// More documents than these are not read.
const MANY: usize = 500;

/// The documents of a project: those below it, and for one at the root all; and how many more there are whose blobs are not here.
pub fn of(matter: &Matter<'_>, project: &BStr) -> (Vec<Paper>, usize) {
    let skip = if project.is_empty() { 0 } else { project.len() + 1 };
    below(matter, project, skip)
}

/// The records in the repository's own directory of decisions that speak of a project below the root: every one where it is the
/// `only` project that has begun, else those that name it.
pub fn shared(matter: &Matter<'_>, project: &Project, only: bool) -> Vec<Paper> {
    if project.path.is_empty() {
        return Vec::new();
    }
    let (mut papers, _) = below(matter, BStr::new(&matter.config.adr.directory), 0);
    papers.retain(|paper| only || speaks_of(&paper.prose, project, &matter.config.catalogue));
    papers
}

/// Whether a text names a project: by its id, that without its number, or its title.
pub fn speaks_of(text: &str, project: &Project, catalogue: &Catalogue) -> bool {
    let text = text.to_lowercase();
    words_for(project, catalogue).iter().any(|word| text.contains(word.as_str()))
}

/// How prose names a project, in lower case: its id, that without the number, its title.
pub(super) fn words_for(project: &Project, catalogue: &Catalogue) -> Vec<String> {
    let id = project.id.to_lowercase();
    let name = id.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('-').to_owned();
    let title = catalogue.project(&project.id).map(|p| p.title.to_lowercase());
    [Some(id), Some(name), title].into_iter().flatten().filter(|word| word.len() > 3).collect()
}

/// The documents below a directory, and how many are not here; what is `inside` of each counts from byte `skip` of its path.
fn below(matter: &Matter<'_>, directory: &BStr, skip: usize) -> (Vec<Paper>, usize) {
    let mut missing = 0;
    let papers = matter
        .below(directory)
        .iter()
        .filter(|e| kind::general(e.path.as_bstr()) == Kind::Document && !matter.foreign.contains(&e.id))
        .filter(|e| is_prose(e.path.as_bstr()))
        .take(MANY)
        .filter_map(|e| {
            let bytes = matter.read(e);
            missing += usize::from(bytes.is_none() && matter.is_missing(e));
            Some(Paper::of(e.path.clone(), skip, &bytes?))
        })
        .collect();
    (papers, missing)
}

/// Whether a file is called as one with prose in it.
pub fn is_prose(path: &BStr) -> bool {
    let known = [&b"md"[..], b"markdown", b"mdx", b"rst", b"adoc", b"txt", b"org"];
    path.rsplit(|b| *b == b'.').next().is_some_and(|x| known.iter().any(|t| x.eq_ignore_ascii_case(t)))
        || name(path).eq_ignore_ascii_case(b"readme")
}

impl Paper {
    /// The document at `path`; what is `inside` counts from byte `skip` of that.
    pub fn of(path: BString, skip: usize, bytes: &[u8]) -> Paper {
        let prose = text::prose(bytes);
        let inside = path.get(skip..).unwrap_or_default().to_str_lossy().to_lowercase();
        Paper { path, inside, words: text::words(&prose), prose }
    }

    /// Its file name, in lower case.
    pub fn name(&self) -> &str {
        self.inside.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it lies directly in the project, or among its documents.
    pub fn is_near(&self) -> bool {
        !self.inside.contains('/') || self.inside.starts_with("docs/") || self.inside.starts_with("doc/")
    }

    /// Whether a heading with one of these words has anything written beneath it, be it in deeper sections.
    pub fn has_section(&self, words: &[&str]) -> bool {
        let level = |line: &str| line.trim_start().bytes().take_while(|b| *b == b'#').count();
        let mut open: Option<usize> = None;
        for line in self.prose.lines() {
            let Some(heading) = text::headings(line).next() else {
                if open.is_some() && line.contains(char::is_alphanumeric) {
                    return true;
                }
                continue;
            };
            if heading.split(|c: char| !c.is_alphanumeric()).any(|w| words.contains(&w)) {
                open = Some(open.unwrap_or(usize::MAX).min(level(line)));
            } else if open.is_some_and(|open| level(line) <= open) {
                open = None;
            }
        }
        false
    }

    /// Whether a heading has one of these words.
    pub fn has_heading(&self, words: &[&str]) -> bool {
        text::headings(&self.prose).any(|h| h.split(|c: char| !c.is_alphanumeric()).any(|w| words.contains(&w)))
    }
}

/// How prose names each of some tracks.
pub type Named = Vec<Arc<Name>>;

/// The names of the tracks of all projects, in their order. Tracks that are called alike have one.
pub fn named(matter: &Matter<'_>, projects: &[Project]) -> Named {
    let mut made: HashMap<(&str, &[u8]), Arc<Name>> = HashMap::new();
    let mut named = Named::new();
    for (track, lens) in projects.iter().flat_map(|p| &p.tracks).zip(matter.lenses) {
        let directory = track.path.rsplit(|b| *b == b'/').next().unwrap_or_default();
        let new = || Arc::new(Name::of(&track.language, lens.family().map(|f| f.name), &directory.to_str_lossy()));
        named.push(Arc::clone(made.entry((&track.language, directory)).or_insert_with(new)));
    }
    named
}

fn mentioned(text: &str, named: &Named) -> Vec<usize> {
    named.iter().enumerate().filter(|(_, name)| name.is_in(text)).map(|(i, _)| i).collect()
}

pub(super) static FIGURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\d(?:[\d.,]*)\s*(?:ms|µs|us|ns|s|sec|seconds|min|h|hours?|days?|mb|mib|gb|kb|%|x|rps|req/s|requests?|reqs|lines|loc)\b").ok()
});
static MEASURED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:rps|req|reqs|requests?|latency|ms|p50|p90|p95|p99|avg|average|mean|median|memory|ram|cpu|time|lines|loc|throughput|size|startup|speed|score|rank|performance)\b").ok()
});
pub(super) static JUDGES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:faster|slower|fastest|slowest|easier|harder|simpler|better|worse|best|worst|than|whereas|outperforms?|leader|lags|advantages?|drawbacks?|trade-?offs?|compared|in contrast|verbose|lighter|heavier|strengths?|weaknesses|more readable|strict|boilerplate)\b").ok()
});
pub(super) static UNFILLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\[(?:metrics|lines|time|name|date|title|todo)[^\]]*\](?:[^(]|$)|\bTO-?DO\b|\bTBD\b|\bcoming soon\b",
    )
    .ok()
});

fn is(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(text))
}

/// Whether a text still has gaps to be filled.
pub fn is_unfilled(text: &str) -> bool {
    is(&UNFILLED, text)
}

/// Whether a document compares at least two of the named tracks: says so with figures in a table, with figures and a judgement,
/// or with several judgements. Gives what was found.
pub fn compares(paper: &Paper, named: &Named) -> Option<String> {
    let mut figures: Vec<usize> = Vec::new();
    let (mut rows, mut header, mut judgements, mut measured) = (Vec::new(), false, 0, 0);
    let (mut columns, mut in_columns) = (0, 0);
    for unit in units(&paper.prose) {
        if is(&UNFILLED, &unit) {
            continue;
        }
        if unit.starts_with('|') || unit.matches('|').count() >= 2 {
            // The first row of a table is its head: measured words stand there, or the languages themselves.
            if unit.chars().all(|c| "|-: ".contains(c)) {
                continue;
            }
            let who = mentioned(&unit, named);
            header |= is(&MEASURED, &unit);
            if who.len() >= 2 {
                columns = who.len();
            }
            let mut cells: Vec<&str> = unit
                .split('|')
                .skip(2)
                .map(str::trim)
                .filter(|cell| cell.chars().any(|c| c.is_ascii_digit()))
                .collect();
            cells.sort_unstable();
            cells.dedup();
            if !cells.is_empty() && who.len() == 1 {
                rows.extend(who);
            } else if cells.len() >= 2 && columns >= 2 && is(&MEASURED, &unit) {
                // The same figure in each column is a setting, not a measurement.
                in_columns = columns;
            }
            continue;
        }
        let has_figure = unit.contains(char::is_numeric) && is(&FIGURE, &unit);
        let judges = is(&JUDGES, &unit);
        if !has_figure && !judges {
            continue;
        }
        let who = mentioned(&unit, named);
        if !who.is_empty() && has_figure {
            measured += 1;
            figures.extend(&who);
        }
        if judges && (who.len() >= 2 || !who.is_empty() && has_figure) {
            judgements += 1;
        }
    }
    let distinct = |list: &mut Vec<usize>| {
        list.sort_unstable();
        list.dedup();
        list.len()
    };
    let in_table = distinct(&mut rows).max(in_columns);
    if (header || in_columns > 0) && in_table >= 2 {
        return Some(format!("a table with figures for {in_table} of the tracks"));
    }
    if measured >= 2 && distinct(&mut figures) >= 2 && judgements >= 1 {
        return Some("figures and a judgement on at least two of the tracks".into());
    }
    (judgements >= 3).then(|| format!("{judgements} passages that weigh the tracks against each other"))
}

/// Paragraphs, and each row of a table by itself; headings are left out.
fn units(prose: &str) -> Vec<String> {
    let mut units: Vec<String> = vec![String::new()];
    for line in prose.lines() {
        let line = line.trim();
        let alone = line.starts_with(['|', '#', '-', '*', '>'])
            || line.starts_with(|c: char| c.is_ascii_digit())
            || line.matches('|').count() >= 2;
        if line.is_empty() || alone {
            units.push(String::new());
        }
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        if let Some(last) = units.last_mut() {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(line);
        }
        if alone {
            units.push(String::new());
        }
    }
    units.retain(|u| !u.is_empty());
    units
}

/// Whether a document may hold the comparison: the project's own README, one of its documents, or one that is called after it.
/// Decision records weigh alternatives, not implementations.
pub fn may_compare(paper: &Paper) -> bool {
    let named = ["compar", "benchmark", "result", "performance", "conclusion", "finding", "retro", "lessons", "learn"]
        .iter()
        .any(|w| paper.name().contains(w));
    !is_record_place(&paper.inside) && (paper.is_near() || named)
}

/// Whether a path lies where decision records do.
pub fn is_record_place(inside: &str) -> bool {
    inside.split('/').any(|p| {
        matches!(p, "adr" | "adrs" | "decisions" | "decision-records" | "architecture-decisions" | "rfc" | "rfcs")
    })
}

/// Whether a document is a filled-in decision record.
pub fn is_record(paper: &Paper, directory: &str) -> bool {
    let named = paper.name().starts_with("adr") || paper.name().starts_with(|c: char| c.is_ascii_digit());
    let placed =
        is_record_place(&paper.inside) || is_below(BStr::new(&paper.inside), BStr::new(&directory.to_lowercase()));
    let headed = text::headings(&paper.prose).next().is_some_and(|h| h.starts_with("adr"));
    let decided = paper.has_heading(&["decision", "decisions", "decided"])
        || paper.has_heading(&["outcome"])
        || paper.prose.to_lowercase().contains("**decision");
    !paper.name().contains("template")
        && !paper.name().starts_with("readme")
        && (placed && named || headed)
        && decided
        && paper.words >= 15
        && !is(&UNFILLED, &paper.prose)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(inside: &str, prose: &str) -> Paper {
        let prose = text::prose(prose.as_bytes());
        Paper { path: inside.into(), inside: inside.to_lowercase(), words: text::words(&prose), prose }
    }

    fn named() -> Named {
        ["golang", "python"].map(|name| Arc::new(Name::of(name, Some(name), name))).to_vec()
    }

    #[test]
    fn a_section_is_what_is_written_beneath_its_heading() {
        let has = |text: &str| paper("PLAN.md", text).has_section(&["milestones"]);
        assert!(!has("# Plan\n## Milestones\n<!-- in which steps? -->\n## Questions\nwhy so many tenants?\n"));
        assert!(has("## Milestones\n- links are shortened\n"));
        assert!(has("## Milestones\n### First\nlinks are shortened\n"));
    }

    #[test]
    fn an_unfilled_template_compares_nothing() {
        let text = "# Implementation Comparison\n## Performance\n- Golang: [metrics]\n- Python: [metrics]\n## Code Size\n- Golang: [lines]\n";
        assert_eq!(compares(&paper("comparison.md", text), &named()), None);
    }

    #[test]
    fn figures_in_a_table_and_judgements_compare() {
        let table = "| language | p95 latency |\n|---|---|\n| Go | 12 ms |\n| Python | 40 ms |\n";
        assert!(compares(&paper("README.md", table), &named()).is_some());
        let ports = "| service | port |\n|---|---|\n| Go | 8080 |\n| Python | 8000 |\n";
        assert_eq!(compares(&paper("README.md", ports), &named()), None);
        let text = "- Golang: 12 ms at 100 users\n- Python: 40 ms, three times slower than Go\n";
        assert!(compares(&paper("comparison.md", text), &named()).is_some());
    }

    #[test]
    fn the_name_of_a_document_and_fenced_code_prove_nothing() {
        assert_eq!(compares(&paper("COMPARISON.md", "# Comparison\nTo do.\n"), &named()), None);
        assert_eq!(compares(&paper("COMPARISON.md", "```\n| Go | 1 ms |\n| Python | 2 ms |\n```\n"), &named()), None);
    }

    #[test]
    fn a_record_says_what_was_decided() {
        let text = "# ADR 001: Use Redis\n## Status: Accepted\n## Context\nNeed distributed rate limiting across multiple servers, with one clock for all of them.\n## Decision\nUse Redis with a sliding window.\n";
        assert!(is_record(&paper("docs/adr/001-use-redis.md", text), "docs/adr"));
        assert!(!is_record(&paper("docs/adr/template.md", text), "docs/adr"));
        assert!(!is_record(&paper("docs/adr/001-x.md", "# ADR 001\n## Decision\n"), "docs/adr"));
    }
}
