//! What a status says of a whole history in numbers: new commits are added, and the old ones need not be looked at again.

use super::log::Log;

/// The numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Commits.
    pub commits: usize,
    /// Those that excused themselves from the journal.
    pub excused: usize,
    /// Those dated more than a day after now.
    pub future: usize,
    /// Those committed more than a day from being written.
    pub skewed: usize,
    /// Whether one's parents are not here.
    pub cut: bool,
    /// Whether a tree that was needed is not here.
    pub incomplete: bool,
    /// The second at which one of the future is so no more.
    pub until: i64,
}

impl Default for Totals {
    fn default() -> Self {
        Totals { commits: 0, excused: 0, future: 0, skewed: 0, cut: false, incomplete: false, until: i64::MAX }
    }
}

impl Totals {
    /// Adds the commits of a log, as they stand `now` (seconds since 1970).
    pub fn add(&mut self, log: &Log, now: i64) {
        const DAY: i64 = 86_400;
        self.commits += log.points.len();
        self.incomplete |= log.incomplete;
        for point in &log.points {
            self.excused += usize::from(point.excused);
            self.cut |= point.cut;
            let is_skewed = point.seconds.abs_diff(point.committed) > DAY.unsigned_abs() && !point.squashed;
            self.skewed += usize::from(is_skewed);
            if point.seconds > now.saturating_add(DAY) {
                self.future += 1;
                self.until = self.until.min(point.seconds - DAY);
            }
        }
    }
}
