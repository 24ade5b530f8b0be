//! Coverage reports, read by their formats' real grammar: one small parser a format, all with one shape of answer.
//!
//! Where a format counts several things, lines are taken, else statements; branches are never mixed in. A report that covers
//! nothing (no line to cover, Istanbul's "Unknown") has no answer, rather than 0 or 100.

mod cobertura;
mod coverage_py;
mod fresh;
mod go_profile;
mod istanbul;
mod lcov;

pub use fresh::Before;
use std::path::Path;

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Statements.
    Statements,
    /// Lines.
    Lines,
}

/// How much of the code a run has touched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// From 0 to 100, not rounded.
    pub percent: f64,
    /// What the two counts count.
    pub unit: Unit,
    /// How many were run.
    pub covered: u64,
    /// How many there are; never 0.
    pub total: u64,
}

/// The format of a coverage report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `go test -coverprofile`.
    GoProfile,
    /// LCOV, the default of many tools.
    Lcov,
    /// Istanbul's `coverage-summary.json`.
    IstanbulSummary,
    /// Istanbul's `coverage-final.json`.
    IstanbulFinal,
    /// Cobertura's XML, which coverage.py writes too.
    Cobertura,
    /// `coverage json`.
    CoveragePy,
}

/// The report is not what its format promises.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{format} coverage: {what}")]
pub struct Unreadable {
    /// The format's name.
    pub format: &'static str,
    /// What is wrong, and where.
    pub what: String,
}

/// The directory that some tools put their reports in.
const OWN: &str = "coverage";

/// Where the tools put their reports, from a track's directory; of several the earlier is the more exact.
const PLACES: [(Format, &str); 13] = [
    (Format::GoProfile, "coverage.out"),
    (Format::GoProfile, "cover.out"),
    (Format::GoProfile, "c.out"),
    (Format::IstanbulSummary, "coverage/coverage-summary.json"),
    (Format::IstanbulFinal, "coverage/coverage-final.json"),
    (Format::Lcov, "coverage/lcov.info"),
    (Format::Lcov, "lcov.info"),
    (Format::Lcov, "coverage.lcov"),
    (Format::CoveragePy, "coverage.json"),
    (Format::CoveragePy, "coverage/coverage.json"),
    (Format::Cobertura, "coverage.xml"),
    (Format::Cobertura, "coverage/coverage.xml"),
    (Format::Cobertura, "coverage/cobertura-coverage.xml"),
];

/// The known places that `exists` says yes to, in the order in which to believe them. Whoever asks must say yes only to what
/// the run in question has written: a report of an earlier run is a lie about this one.
pub fn find(exists: impl Fn(&str) -> bool) -> impl Iterator<Item = (Format, &'static str)> {
    PLACES.into_iter().filter(move |(_, path)| exists(path))
}

/// Whether anything lies below a track's directory where a tool would put its report.
pub fn may_lie_in(directory: &Path) -> bool {
    // About half of the places are in a directory that mostly is not there.
    let has_own = directory.join(OWN).is_dir();
    let may_be = |path: &str| has_own || !Path::new(path).starts_with(OWN);
    find(|path| may_be(path) && directory.join(path).exists()).next().is_some()
}

/// Reads a report; none where there was nothing to cover.
///
/// # Errors
/// The bytes are not in that format, not all of it, or contradict themselves.
pub fn parse(format: Format, bytes: &[u8]) -> Result<Option<Coverage>, Unreadable> {
    match format {
        Format::GoProfile => go_profile::parse(bytes),
        Format::Lcov => lcov::parse(bytes),
        Format::IstanbulSummary => istanbul::summary(bytes),
        Format::IstanbulFinal => istanbul::all_files(bytes),
        Format::Cobertura => cobertura::parse(bytes),
        Format::CoveragePy => coverage_py::parse(bytes),
    }
}

/// The share as a percentage; none of nothing.
///
/// # Errors
/// More is covered than there is.
fn share(format: &'static str, unit: Unit, covered: u64, total: u64) -> Result<Option<Coverage>, Unreadable> {
    if covered > total {
        return Err(Unreadable { format, what: format!("it covers {covered} of {total}") });
    }
    #[expect(clippy::cast_precision_loss, reason = "no code base has 2^52 lines")]
    let percent = covered as f64 * 100.0 / total as f64;
    Ok((total > 0).then_some(Coverage { percent, unit, covered, total }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reports_are_found_where_the_tools_put_them() {
        let here = ["coverage.xml", "coverage/lcov.info", "coverage/clover.xml"];
        let found: Vec<_> = find(|path| here.contains(&path)).collect();
        assert_eq!(found, [(Format::Lcov, "coverage/lcov.info"), (Format::Cobertura, "coverage.xml")]);
    }

    #[test]
    fn a_report_may_lie_wherever_a_tool_puts_one() {
        for (_, place) in PLACES {
            let (directory, own) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let link = |at: &str| std::os::unix::fs::symlink(own.path(), directory.path().join(at)).unwrap();
            link(OWN);
            assert!(!may_lie_in(directory.path()), "{place}");
            link(place);
            assert!(may_lie_in(directory.path()), "{place}");
        }
    }

    #[test]
    fn a_share_of_nothing_is_none_and_more_than_all_is_an_error() {
        assert_eq!(share("x", Unit::Lines, 0, 0), Ok(None));
        assert!(share("x", Unit::Lines, 2, 1).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "(mode: set\n|SF:|DA:|end_of_record\n|<coverage>|\\{|[0-9:,\\. \n\"a]|18446744073709551615)*") {
            for (format, _) in PLACES {
                let _ = parse(format, &bytes);
                let _ = parse(format, text.as_bytes());
            }
        }
    }
}
