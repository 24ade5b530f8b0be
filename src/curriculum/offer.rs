//! What the curriculum offers, beside how far it has come in a repository.

use super::{Level, Project};
use serde::Serialize;

/// A project of the catalogue, and how far it has come in this repository.
#[derive(Debug, Clone, Serialize)]
pub struct Offer<'a> {
    /// What the catalogue says.
    #[serde(flatten)]
    pub project: &'a Project,
    /// How far it has come; none where nothing of it is here.
    pub here: Option<Progress>,
}

/// How far a project has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// The highest phase that has begun; 0 for none.
    pub current_phase: u8,
    /// Whether all six are done.
    pub complete: bool,
}

impl Offer<'_> {
    /// Whether all six phases are done.
    pub fn is_complete(&self) -> bool {
        self.here.is_some_and(|here| here.complete)
    }

    /// Whether `text` means it: its id, its number, or its name without the number.
    pub fn is_called(&self, text: &str) -> bool {
        let id = self.project.id.as_str();
        let (number, name) = id.split_once('-').unwrap_or((id, id));
        text == id || text == name || text.parse::<u32>().is_ok_and(|n| number.parse() == Ok(n))
    }
}

/// The first level with a recommended project that is not finished; the last where all are.
pub fn first_unfinished(offers: &[Offer<'_>]) -> Level {
    let open = |level: &Level| {
        let mut recommended = offers.iter().filter(|o| o.project.level == *level && o.project.order.is_some());
        recommended.any(|o| !o.is_complete())
    };
    [Level::Beginner, Level::Intermediate].into_iter().find(open).unwrap_or(Level::Advanced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curriculum::Catalogue;

    fn offers<'a>(guide: &'a Catalogue, finished: &[&str]) -> Vec<Offer<'a>> {
        let progress = |id: &str| finished.contains(&id).then_some(Progress { current_phase: 6, complete: true });
        guide.projects().iter().map(|project| Offer { project, here: progress(&project.id) }).collect()
    }

    #[test]
    fn the_next_level_comes_when_all_that_is_recommended_is_finished() {
        let guide = Catalogue::default();
        let offers = |finished: &[&str]| offers(&guide, finished);
        let mut finished: Vec<&str> = guide.recommended(Level::Beginner).iter().map(|p| p.id.as_str()).collect();
        assert_eq!(first_unfinished(&offers(&finished[..2])), Level::Beginner);
        assert_eq!(first_unfinished(&offers(&finished)), Level::Intermediate);
        finished.extend(guide.recommended(Level::Intermediate).iter().map(|p| p.id.as_str()));
        assert_eq!(first_unfinished(&offers(&finished)), Level::Advanced);
    }

    #[test]
    fn a_project_answers_to_its_id_number_and_name() {
        let guide = Catalogue::default();
        let offers = offers(&guide, &[]);
        let called = |text: &str| offers.iter().find(|o| o.is_called(text)).map(|o| o.project.id.as_str());
        for text in ["01-distributed-url-shortener", "distributed-url-shortener", "01", "1"] {
            assert_eq!(called(text), Some("01-distributed-url-shortener"), "{text}");
        }
        assert_eq!(called("16"), None);
    }
}
