//! `coverage json`: its totals. Its percentage mixes branches in where they are measured, so the lines are counted here.

use super::{Coverage, Unit, Unreadable, share};
use serde::Deserialize;

const FORMAT: &str = "coverage.py";

#[derive(Deserialize)]
struct Report {
    totals: Totals,
}

#[derive(Deserialize)]
struct Totals {
    covered_lines: u64,
    num_statements: u64,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Option<Coverage>, Unreadable> {
    let Report { totals } =
        serde_json::from_slice(bytes).map_err(|e| Unreadable { format: FORMAT, what: e.to_string() })?;
    share(FORMAT, Unit::Lines, totals.covered_lines, totals.num_statements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_without_branches() {
        let text = br#"{"meta": {"format": 3, "version": "7.6.1", "branch_coverage": true}, "files": {}, "totals": {"covered_lines": 3, "num_statements": 4, "percent_covered": 66.66666666666667, "percent_covered_display": "67", "missing_lines": 1, "excluded_lines": 0, "num_branches": 2, "covered_branches": 1}}"#;
        let coverage = parse(text).unwrap().unwrap();
        assert!((coverage.percent - 75.0).abs() < f64::EPSILON, "{}", coverage.percent);
    }

    #[test]
    fn nothing_to_cover_has_no_answer_and_other_json_is_unreadable() {
        assert_eq!(parse(br#"{"totals": {"covered_lines": 0, "num_statements": 0}}"#), Ok(None));
        assert!(parse(br#"{"totals": {"covered_li"#).is_err());
        assert!(parse(b"{}").is_err());
    }
}
