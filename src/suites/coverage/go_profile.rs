//! Go cover profiles: `mode: set`, then a block a line, `path/file.go:12.30,14.2 3 1` (three statements, run once).
//!
//! With `-coverpkg` every test binary writes every block, so that identical blocks appear several times and count once.

use super::{Coverage, Unit, Unreadable, share};
use std::collections::HashMap;

const FORMAT: &str = "Go";

pub(super) fn parse(bytes: &[u8]) -> Result<Option<Coverage>, Unreadable> {
    let text = String::from_utf8_lossy(bytes);
    let wrong =
        |number: usize, what: String| Unreadable { format: FORMAT, what: format!("line {}: {what}", number + 1) };
    if !text.ends_with('\n') {
        return Err(Unreadable { format: FORMAT, what: "it ends inside a line".into() });
    }
    let mut blocks: HashMap<&str, (u64, bool)> = HashMap::new();
    for (number, line) in text.lines().enumerate() {
        if line.starts_with("mode: ") || (number > 0 && line.is_empty()) {
            continue;
        }
        if number == 0 {
            return Err(wrong(number, "a profile begins with its mode".into()));
        }
        let (place, statements, is_run) = block(line).ok_or_else(|| wrong(number, format!("no block: {line:?}")))?;
        let known = blocks.entry(place).or_insert((statements, false));
        if known.0 != statements {
            return Err(wrong(number, format!("{place} has {statements} statements here and {} before", known.0)));
        }
        known.1 |= is_run;
    }
    let sum = |which: &dyn Fn(bool) -> bool| {
        blocks.values().filter(|block| which(block.1)).fold(0u64, |sum, block| sum.saturating_add(block.0))
    };
    share(FORMAT, Unit::Statements, sum(&|is_run| is_run), sum(&|_| true))
}

/// Its place, its statements, and whether it was run.
fn block(line: &str) -> Option<(&str, u64, bool)> {
    let mut fields = line.rsplitn(3, ' ');
    let is_run = fields.next()?.parse::<u64>().ok()? > 0;
    let statements = fields.next()?.parse().ok()?;
    let place = fields.next()?;
    let (_, range) = place.rsplit_once(':')?;
    let (from, to) = range.split_once(',')?;
    let is_position =
        |p: &str| p.split_once('.').is_some_and(|(l, c)| l.parse::<u32>().is_ok() && c.parse::<u32>().is_ok());
    (is_position(from) && is_position(to)).then_some((place, statements, is_run))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_weigh_and_equal_blocks_count_once() {
        let text = "mode: atomic\nexample.com/lim/a.go:3.20,5.2 3 0\nexample.com/lim/a.go:7.20,9.2 1 12\nexample.com/lim/a.go:3.20,5.2 3 1\nexample.com/lim/b c.go:1.1,2.2 4 0\n";
        let coverage = parse(text.as_bytes()).unwrap().unwrap();
        assert_eq!((coverage.covered, coverage.total, coverage.unit), (4, 8, Unit::Statements));
        assert!((coverage.percent - 50.0).abs() < f64::EPSILON);
    }

    #[test]
    fn equal_blocks_of_different_size_are_an_error() {
        let text = "mode: set\na.go:3.20,5.2 3 0\na.go:3.20,5.2 2 1\n";
        assert!(parse(text.as_bytes()).unwrap_err().what.contains("line 3"));
    }

    #[test]
    fn a_profile_of_nothing_has_no_answer() {
        assert_eq!(parse(b"mode: set\n"), Ok(None));
    }

    #[test]
    fn a_profile_that_is_cut_inside_a_line_or_has_no_mode_is_unreadable() {
        let whole = "mode: set\na.go:3.20,5.2 3 10\n";
        for end in (0..whole.len()).filter(|end| *end != 10) {
            assert!(parse(&whole.as_bytes()[..end]).is_err(), "{end}");
        }
        assert!(parse(b"a.go:3.20,5.2 3 10\n").is_err());
    }
}
