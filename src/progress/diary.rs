//! How many entries the journal has for each track of a project: bullets and trailers, by the rules of [`crate::documents::journal`],
//! which the hooks keep too.

use super::search::Search;
use crate::documents::journal::{self, Names};
use bstr::ByteSlice;

impl Search<'_> {
    /// Entries for each track. `only` says whether it is the only project that the repository's own journal can mean.
    pub(super) fn entries(&self, only: bool) -> Vec<usize> {
        let names = self.names();
        let mut counts = vec![0; self.project.tracks.len()];
        let mut near = false;
        for paper in self.papers.iter().filter(|p| self.is_journal(p.name())) {
            let holds = |t: &crate::history::layout::Track| {
                !t.path.is_empty() && t.path != self.project.path && t.holds(paper.path.as_bstr())
            };
            let own = self.project.tracks.iter().position(holds);
            near = true;
            let bytes = self.matter.text(paper.path.as_bstr()).unwrap_or_default();
            self.count(&bytes, &names, own, None, &mut counts);
        }
        if !near && !self.project.path.is_empty() {
            // The repository's own journal may speak of every project: of several, only what names this one is its.
            let words = super::papers::words_for(self.project, &self.matter.config.catalogue);
            let top =
                self.matter.entries.iter().filter(|e| !e.path.contains(&b'/') && !self.matter.foreign.contains(&e.id));
            for entry in top.filter(|e| self.is_journal(&e.path.to_str_lossy().to_lowercase())) {
                let bytes = self.matter.read(entry).unwrap_or_default();
                self.count(&bytes, &names, None, (!only).then_some(&words), &mut counts);
            }
        }
        self.trailers(&names, &mut counts);
        counts
    }

    /// The languages as the hooks know them, and those of tracks that only their sources gave away.
    fn names(&self) -> Names {
        let config = self.matter.config;
        let unknown =
            self.project.tracks.iter().enumerate().filter(|(_, t)| !config.languages.contains_key(&t.language));
        unknown.fold(Names::of(config), |names, (at, track)| match self.matter.lenses[self.first + at].family() {
            Some(family) => names.and(&track.language, family),
            None => names,
        })
    }

    fn is_journal(&self, name: &str) -> bool {
        let file = self.matter.config.journal.file.rsplit('/').next().unwrap_or_default();
        name.eq_ignore_ascii_case(file) || matches!(name, "learnings.md" | "journal.md")
    }

    /// Adds the entries of one journal: all of them for the track whose `own` it is, else for those they name; with `words`, only
    /// those that have one of these in them or in a heading above.
    fn count(
        &self,
        bytes: &[u8],
        names: &Names,
        own: Option<usize>,
        words: Option<&Vec<String>>,
        counts: &mut [usize],
    ) {
        let lines: Vec<String> =
            if words.is_some() { bytes.to_str_lossy().lines().map(str::to_lowercase).collect() } else { Vec::new() };
        let read = journal::read(bytes, names);
        for entry in journal::new_entries(&read, &[], self.matter.config.journal.min_words) {
            if words.is_some_and(|words| !speaks(&lines, entry.line, words)) {
                continue;
            }
            for (at, track) in self.project.tracks.iter().enumerate() {
                let its = own.map_or_else(|| entry.languages.contains(&track.language), |own| own == at);
                counts[at] += usize::from(its);
            }
        }
    }

    /// Adds what messages say was learned: for the track that they name among those that the commit touched, or the only one.
    fn trailers(&self, names: &Names, counts: &mut [usize]) {
        let log = self.matter.log;
        for learned in log.learned.iter().filter(|l| log.points[l.point as usize].counts) {
            let owner = |touch: u32| self.matter.territory.owner(log.touches[touch as usize].path, learned.point);
            let touches = log.points[learned.point as usize].touches.clone();
            let mut tracks: Vec<usize> = touches
                .filter_map(owner)
                .filter_map(|(t, _)| t.checked_sub(self.first).filter(|t| *t < counts.len()))
                .collect();
            tracks.sort_unstable();
            tracks.dedup();
            let language = learned.language.as_ref().map(|l| l.to_str_lossy());
            let is_meant = |track: &usize| {
                let own = &self.project.tracks[*track].language;
                language.as_ref().is_none_or(|l| l.eq_ignore_ascii_case(own) || names.exactly(l) == Some(own.as_str()))
            };
            tracks.retain(is_meant);
            if let [one] = tracks[..] {
                counts[one] += 1;
            }
        }
    }
}

/// Whether the line (from 1) or a heading above it has one of the words; `lines` are in lower case.
fn speaks(lines: &[String], line: usize, words: &[String]) -> bool {
    let has = |text: &str| words.iter().any(|w| text.contains(w.as_str()));
    let mut level = usize::MAX;
    lines[..line.min(lines.len())].iter().enumerate().rev().any(|(at, text)| {
        let marks = text.bytes().take_while(|b| *b == b'#').count();
        let heads = (1..level).contains(&marks);
        level = if heads { marks } else { level };
        (heads || at + 1 == line) && has(text)
    })
}
