//! LCOV: records of one source file each, from `SF:` to `end_of_record`; `LF`/`LH` are its lines, `DA` the lines one by one.

use super::{Coverage, Unit, Unreadable, share};
use std::collections::BTreeMap;

const FORMAT: &str = "LCOV";

/// One record: what it says of its lines in sum, and one by one.
#[derive(Default)]
struct Record {
    found: Option<u64>,
    hit: Option<u64>,
    lines: BTreeMap<u64, bool>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Option<Coverage>, Unreadable> {
    let text = String::from_utf8_lossy(bytes);
    let wrong = |number: usize, what: &str| Unreadable { format: FORMAT, what: format!("line {}: {what}", number + 1) };
    let (mut covered, mut total) = (0u64, 0u64);
    let mut open: Option<Record> = None;
    let mut records = 0;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line == "end_of_record" {
            let record = open.take().ok_or_else(|| wrong(number, "a record ends that has not begun"))?;
            let (hit, found) = record.sum();
            covered = covered.saturating_add(hit);
            total = total.saturating_add(found);
            records += 1;
            continue;
        }
        let Some((key, value)) = line.split_once(':') else {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            return Err(wrong(number, "neither a field nor the end of a record"));
        };
        if key == "SF" && open.replace(Record::default()).is_some() {
            return Err(wrong(number, "a record begins inside another"));
        }
        if let Some(record) = &mut open {
            record.take(key, value).ok_or_else(|| wrong(number, "not a number"))?;
        }
    }
    if open.is_some() || records == 0 {
        return Err(Unreadable { format: FORMAT, what: "it ends before its last record does".into() });
    }
    share(FORMAT, Unit::Lines, covered, total)
}

impl Record {
    fn take(&mut self, key: &str, value: &str) -> Option<()> {
        match key {
            "LF" => self.found = Some(value.parse().ok()?),
            "LH" => self.hit = Some(value.parse().ok()?),
            "DA" => {
                let mut fields = value.split(',');
                let line = fields.next()?.parse().ok()?;
                // geninfo writes negative counts, and floats where counts overflow: above 0 is run.
                let is_run = fields.next()?.parse::<f64>().ok()? > 0.0;
                *self.lines.entry(line).or_default() |= is_run;
            }
            _ => {}
        }
        Some(())
    }

    fn sum(&self) -> (u64, u64) {
        let counted = || {
            let hit = self.lines.values().filter(|is_run| **is_run).count();
            (u64::try_from(hit).unwrap_or(u64::MAX), u64::try_from(self.lines.len()).unwrap_or(u64::MAX))
        };
        self.hit.zip(self.found).unwrap_or_else(counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_believed_and_lines_counted_where_they_are_missing() {
        let text = "TN:\nSF:src/a.js\nFN:1,limit\nDA:1,1\nDA:2,0\nLF:4\nLH:3\nBRF:0\nend_of_record\nSF:src/b.js\nDA:1,0\nDA:2,7\nDA:2,0\nDA:3,1,abc\nDA:4,0\nend_of_record\n";
        let coverage = parse(text.as_bytes()).unwrap().unwrap();
        assert_eq!((coverage.covered, coverage.total, coverage.unit), (5, 8, Unit::Lines));
    }

    #[test]
    fn a_report_that_is_cut_anywhere_is_unreadable() {
        let whole = "TN:\nSF:src/a.js\nDA:1,1\nLF:1\nLH:1\nend_of_record";
        for end in 0..whole.len() {
            assert!(parse(&whole.as_bytes()[..end]).is_err(), "{end}");
        }
        assert!(parse(whole.as_bytes()).is_ok());
    }

    #[test]
    fn records_do_not_nest_and_numbers_are_numbers() {
        assert!(parse(b"SF:a\nSF:b\nend_of_record\n").is_err());
        assert!(parse(b"end_of_record\n").is_err());
        assert!(parse(b"SF:a\nLF:many\nend_of_record\n").is_err());
    }
}
