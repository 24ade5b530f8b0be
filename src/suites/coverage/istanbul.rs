//! Istanbul, which Jest, Vitest and nyc use: `coverage-summary.json` with totals, `coverage-final.json` with every statement.

use super::{Coverage, Unit, Unreadable, share};
use serde::Deserialize;
use std::collections::HashMap;

const FORMAT: &str = "Istanbul";

#[derive(Deserialize)]
struct Summary {
    total: Totals,
}

#[derive(Deserialize)]
struct Totals {
    lines: Total,
}

#[derive(Deserialize)]
struct Total {
    total: u64,
    covered: u64,
}

/// One file: how often each statement was run, by its number.
#[derive(Deserialize)]
struct File {
    s: HashMap<String, f64>,
}

fn unreadable(error: &serde_json::Error) -> Unreadable {
    Unreadable { format: FORMAT, what: error.to_string() }
}

/// `coverage-summary.json`.
pub(super) fn summary(bytes: &[u8]) -> Result<Option<Coverage>, Unreadable> {
    let Summary { total: Totals { lines } } = serde_json::from_slice(bytes).map_err(|e| unreadable(&e))?;
    share(FORMAT, Unit::Lines, lines.covered, lines.total)
}

/// `coverage-final.json`.
pub(super) fn all_files(bytes: &[u8]) -> Result<Option<Coverage>, Unreadable> {
    let files: HashMap<String, File> = serde_json::from_slice(bytes).map_err(|e| unreadable(&e))?;
    let counts = || files.values().flat_map(|file| file.s.values());
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let covered = counts().filter(|count| **count > 0.0).count();
    share(FORMAT, Unit::Statements, number(covered), number(counts().count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_gives_its_lines() {
        let text = br#"{"total": {"lines":{"total":12,"covered":9,"skipped":0,"pct":75},"statements":{"total":13,"covered":9,"skipped":0,"pct":69.23},"functions":{"total":3,"covered":2,"skipped":0,"pct":66.66},"branches":{"total":0,"covered":0,"skipped":0,"pct":100}},"/srv/a.js":{"lines":{"total":12,"covered":9,"skipped":0,"pct":75}}}"#;
        let coverage = summary(text).unwrap().unwrap();
        assert_eq!((coverage.covered, coverage.total, coverage.unit), (9, 12, Unit::Lines));
    }

    #[test]
    fn an_unknown_percentage_has_no_answer() {
        let text = br#"{"total": {"lines":{"total":0,"covered":0,"skipped":0,"pct":"Unknown"}}}"#;
        assert_eq!(summary(text), Ok(None));
        assert_eq!(all_files(b"{}"), Ok(None));
    }

    #[test]
    fn the_full_report_gives_its_statements() {
        let text = br#"{"/srv/a.js": {"path":"/srv/a.js","statementMap":{"0":{}},"fnMap":{},"branchMap":{},"s":{"0":1,"1":0,"2":3},"f":{},"b":{}},"/srv/b.js": {"s":{"0":1}}}"#;
        let coverage = all_files(text).unwrap().unwrap();
        assert_eq!((coverage.covered, coverage.total, coverage.unit), (3, 4, Unit::Statements));
    }

    #[test]
    fn other_or_cut_json_is_unreadable() {
        assert!(summary(b"{}").is_err());
        assert!(summary(br#"{"total": {"lines":{"total":12"#).is_err());
        assert!(all_files(br#"{"total": {"lines":{}}}"#).is_err());
    }
}
