//! Effort from commit times: active days and sessions; hours only as a range, and only where the times say anything.

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

/// From the times (seconds, offset in minutes) of the commits that count.
pub fn of(times: &mut [(i64, i32)], dump: bool, squashed: bool) -> Effort {
    let days: BTreeSet<i64> =
        times.iter().map(|(s, offset)| s.saturating_add(i64::from(*offset) * 60).div_euclid(86_400)).collect();
    times.sort_unstable();
    let mut sessions = usize::from(!times.is_empty());
    let mut worked = 0i64;
    for pair in times.windows(2) {
        match pair[1].0.saturating_sub(pair[0].0) {
            gap if gap < GAP => worked += gap,
            _ => sessions += 1,
        }
    }
    let refused = match times.len() {
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
    let extra = i64::try_from(sessions).unwrap_or(i64::MAX).saturating_mul(1800);
    Effort {
        active_days: days.len(),
        sessions,
        hours: refused.is_none().then(|| (hours(worked), hours(worked.saturating_add(extra)))),
        refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_where_the_author_was() {
        // 23:30 and 00:30 at +02:00 are two days there, one in UTC.
        let effort = of(&mut [(21 * 3600 + 1800, 120), (22 * 3600 + 1800, 120)], false, false);
        assert_eq!((effort.active_days, effort.sessions), (2, 1));
    }

    #[test]
    fn hours_are_a_range_from_the_gaps_to_half_an_hour_more_a_session() {
        let mut times: Vec<(i64, i32)> = [0, 1800, 3600, 90_000, 93_600].map(|s| (s, 0)).to_vec();
        let effort = of(&mut times, false, false);
        assert_eq!((effort.sessions, effort.hours), (2, Some((2.0, 3.0))));
    }

    #[test]
    fn a_dump_and_a_squash_have_no_hours_and_say_why() {
        let mut times = vec![(0, 0); 9];
        assert!(of(&mut times, true, false).refused.unwrap().contains("one commit"));
        assert!(of(&mut times, false, true).refused.unwrap().contains("squashed"));
        assert_eq!(of(&mut times[..2], false, false).hours, None);
        assert_eq!(of(&mut [(i64::MIN, 0), (i64::MAX, 0)], false, false).sessions, 2);
    }
}
