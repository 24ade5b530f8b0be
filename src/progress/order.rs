//! In which order a project's tracks were begun, where history knows it.

use super::judge::Case;

impl Case<'_> {
    /// Puts the tracks that have begun in order, where history knows one.
    pub(super) fn order(&mut self) {
        let first = |case: &Self, at: usize| case.facts(at).first;
        let mut begun: Vec<usize> = (0..self.tracks.len())
            .filter(|t| self.tracks[*t].planned && !self.inspected[*t].sources.is_empty())
            .collect();
        begun.sort_by_key(|t| first(self, *t).unwrap_or(u32::MAX));
        for (place, at) in begun.iter().enumerate() {
            let note = match first(self, *at) {
                None => Some("history does not say when it began".to_owned()),
                Some(_) if self.facts(*at).cut => Some("it began before history starts here".to_owned()),
                Some(mine) => begun.iter().filter(|o| *o != at).find_map(|other| self.conflict(mine, *other)),
            };
            self.tracks[*at].order = note.is_none().then_some(place + 1);
            self.tracks[*at].order_note = note;
        }
        self.begun = begun;
    }

    /// Why two tracks have no order, if they have none.
    fn conflict(&self, mine: u32, other: usize) -> Option<String> {
        let theirs = self.facts(other).first?;
        let log = self.matter.log;
        if mine == theirs {
            return Some(format!(
                "added together with {} in {}",
                self.tracks[other].language,
                log.points[mine as usize].id.short()
            ));
        }
        let ordered = log.leads_back(mine.max(theirs), mine.min(theirs));
        (!ordered).then(|| format!("begun in parallel with {}, on another branch", self.tracks[other].language))
    }
}
