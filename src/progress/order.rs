//! In which order a project's tracks were begun, where history knows it.

use super::found::First;
use super::judge::Case;

impl Case<'_> {
    /// Puts the tracks that have begun in order, where history knows one.
    pub(super) fn order(&mut self) {
        let found = &self.found.tracks;
        let first = |at: usize| found[at].first.as_ref();
        let mut begun: Vec<usize> =
            (0..self.tracks.len()).filter(|t| self.tracks[*t].planned && found[*t].sources > 0).collect();
        begun.sort_by_key(|t| first(*t).map_or(u32::MAX, |f| f.place));
        for (place, at) in begun.iter().enumerate() {
            let note = match first(*at) {
                None => Some("history does not say when it began".to_owned()),
                Some(mine) if mine.cut => Some("it began before history starts here".to_owned()),
                Some(mine) => begun.iter().filter(|o| *o != at).find_map(|other| self.conflict(mine, *other)),
            };
            self.tracks[*at].order = note.is_none().then_some(place + 1);
            self.tracks[*at].order_note = note;
        }
        self.begun = begun;
    }

    /// Why two tracks have no order, if they have none.
    fn conflict(&self, mine: &First, other: usize) -> Option<String> {
        let theirs = self.found.tracks[other].first.as_ref()?;
        let language = &self.tracks[other].language;
        if mine.place == theirs.place {
            return Some(format!("added together with {language} in {}", mine.commit.short()));
        }
        mine.beside.contains(&other).then(|| format!("begun in parallel with {language}, on another branch"))
    }
}
