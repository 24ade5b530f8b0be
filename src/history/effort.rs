//! Effort from commit times: active days and sessions; hours only as a range, and only where the times say anything.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How much work commits speak of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effort {
    /// Days, in the author's own offset, with a commit.
    pub active_days: usize,
    /// Runs of commits with less than two hours between them.
    pub sessions: usize,
    /// Hours: the gaps inside sessions alone, and with half an hour before each.
    pub hours: Option<(f64, f64)>,
    /// Why there are no hours.
    pub refused: Option<&'static str>,
}

/// How the hours are found, for whoever reads them.
pub const METHOD: &str = "gaps under 2 h between commits; the upper end adds 30 min a session";

const GAP: i64 = 2 * 3600;

/// When the commits that count were written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// How many they are.
    pub commits: usize,
    /// Days, in the author's own offset, with one.
    pub days: usize,
    /// Runs of them.
    pub sessions: usize,
    /// The gaps inside the runs, in seconds.
    pub worked: i64,
    /// The latest of the seconds since 1970, and the latest of the days.
    pub latest: Option<(i64, i64)>,
}

impl Pace {
    /// From the times (seconds, offset in minutes) of commits.
    pub fn of(times: &mut [(i64, i32)]) -> Pace {
        let days: BTreeSet<i64> = times.iter().map(|(seconds, offset)| day(*seconds, *offset)).collect();
        times.sort_unstable();
        let mut pace = Pace { commits: times.len(), days: days.len(), ..Pace::default() };
        for (seconds, _) in times.iter() {
            pace.second(*seconds);
        }
        pace.latest = times.last().map(|(seconds, _)| *seconds).zip(days.last().copied());
        pace
    }

    /// The pace with one more commit; none where that was written before another one.
    pub fn and(mut self, seconds: i64, offset: i32) -> Option<Pace> {
        let day = day(seconds, offset);
        let is_earlier = self.latest.is_some_and(|(latest, last_day)| seconds < latest || day < last_day);
        if is_earlier {
            return None;
        }
        self.days += usize::from(self.latest.is_none_or(|(_, last_day)| day > last_day));
        self.second(seconds);
        self.commits += 1;
        self.latest = Some((seconds, day));
        Some(self)
    }

    fn second(&mut self, seconds: i64) {
        match self.latest.map(|(latest, _)| seconds.saturating_sub(latest)) {
            Some(gap) if gap < GAP => self.worked += gap,
            _ => self.sessions += 1,
        }
        self.latest = Some((seconds, 0));
    }

    /// How much work it speaks of.
    pub fn effort(&self, dump: bool, squashed: bool) -> Effort {
        let refused = match self.commits {
            _ if dump => Some("most of it arrived in one commit"),
            _ if squashed => Some("its commits were squashed, which keeps no working times"),
            0..5 => Some("fewer than five commits say nothing of hours"),
            _ => None,
        };
        let hours = |seconds: i64| {
            #[expect(clippy::cast_precision_loss, reason = "tenths of hours")]
            let tenths = (seconds as f64 / 360.0).round();
            tenths / 10.0
        };
        let extra = i64::try_from(self.sessions).unwrap_or(i64::MAX).saturating_mul(1800);
        Effort {
            active_days: self.days,
            sessions: self.sessions,
            hours: refused.is_none().then(|| (hours(self.worked), hours(self.worked.saturating_add(extra)))),
            refused,
        }
    }
}

fn day(seconds: i64, offset: i32) -> i64 {
    seconds.saturating_add(i64::from(offset) * 60).div_euclid(86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effort(times: &mut [(i64, i32)], dump: bool, squashed: bool) -> Effort {
        Pace::of(times).effort(dump, squashed)
    }

    #[test]
    fn a_pace_with_one_more_commit_is_what_all_of_them_have() {
        let mut number = 7u64;
        let mut below = |limit: u64| {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((number >> 33) % limit).unwrap()
        };
        let mut added = 0;
        for _ in 0..300 {
            let (mut times, mut pace, mut at) = (Vec::new(), Pace::default(), 0);
            for _ in 0..8 {
                at += below(40_000) - 300;
                let offset = i32::try_from(below(5) * 60).unwrap();
                times.push((at, offset));
                let Some(next) = pace.and(at, offset) else { break };
                pace = next;
                assert_eq!(pace, Pace::of(&mut times.clone()), "{times:?}");
                added += 1;
            }
        }
        assert!(added > 1000, "{added}");
    }

    #[test]
    fn days_are_counted_where_the_author_was() {
        // 23:30 and 00:30 at +02:00 are two days there, one in UTC.
        let effort = effort(&mut [(21 * 3600 + 1800, 120), (22 * 3600 + 1800, 120)], false, false);
        assert_eq!((effort.active_days, effort.sessions), (2, 1));
    }

    #[test]
    fn hours_are_a_range_from_the_gaps_to_half_an_hour_more_a_session() {
        let mut times: Vec<(i64, i32)> = [0, 1800, 3600, 90_000, 93_600].map(|s| (s, 0)).to_vec();
        let effort = effort(&mut times, false, false);
        assert_eq!((effort.sessions, effort.hours), (2, Some((2.0, 3.0))));
    }

    #[test]
    fn a_dump_and_a_squash_have_no_hours_and_say_why() {
        let mut times = vec![(0, 0); 9];
        assert!(effort(&mut times, true, false).refused.unwrap().contains("one commit"));
        assert!(effort(&mut times, false, true).refused.unwrap().contains("squashed"));
        assert_eq!(effort(&mut times[..2], false, false).hours, None);
        assert_eq!(effort(&mut [(i64::MIN, 0), (i64::MAX, 0)], false, false).sessions, 2);
    }
}
