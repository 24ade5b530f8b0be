//! The curriculum as data: its projects, its phases and metrics with their words, and the weeks that it plans for each.

pub mod offer;
pub mod resources;

use crate::services::Service;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// One project of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Its id, which is its directory's name: `15-api-rate-limiter`.
    pub id: String,
    /// Its name.
    pub title: String,
    /// For whom it is.
    pub level: Level,
    /// How hard the curriculum calls it.
    pub difficulty: Level,
    /// Its place among those that the guide recommends for its level, from 1.
    #[serde(default)]
    pub order: Option<u32>,
    /// How many weeks it takes: at least, at most.
    pub weeks: (u32, u32),
    /// What one learns.
    pub learned: Vec<String>,
    /// Which of the guide's services it leans on, in the guide's order.
    #[serde(default)]
    pub services: Vec<Service>,
    /// Why the guide recommends it.
    #[serde(default)]
    pub why: Option<String>,
    /// Its brief, from the curriculum's root.
    pub path: String,
}

/// How much experience a project asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Up to a year.
    Beginner,
    /// One to three years.
    Intermediate,
    /// More than three.
    Advanced,
}

/// The projects that there are: the guide's fifteen, or what a repository makes of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalogue {
    /// In the order of their numbers; none where they are the guide's, which are read only when somebody asks: hooks don't.
    own: Option<Vec<Project>>,
}

#[derive(Deserialize)]
struct Guide {
    projects: Vec<Project>,
}

static GUIDE: LazyLock<Vec<Project>> = LazyLock::new(|| {
    let text = include_str!("../../templates/curriculum.toml");
    toml::from_str(text).map_or(Vec::new(), |guide: Guide| guide.projects)
});

impl Catalogue {
    /// One of just these projects, in the order of their numbers.
    pub fn of(mut projects: Vec<Project>) -> Catalogue {
        projects.sort_by(|a, b| a.id.cmp(&b.id));
        Catalogue { own: Some(projects) }
    }

    /// All of them, in the order of their numbers.
    pub fn projects(&self) -> &[Project] {
        self.own.as_deref().unwrap_or(&GUIDE)
    }

    /// The project with this id.
    pub fn project(&self, id: &str) -> Option<&Project> {
        self.projects().iter().find(|p| p.id == id)
    }

    /// The projects that are recommended for a level, first things first.
    pub fn recommended(&self, level: Level) -> Vec<&Project> {
        let mut found: Vec<&Project> =
            self.projects().iter().filter(|p| p.level == level && p.order.is_some()).collect();
        found.sort_by_key(|p| p.order);
        found
    }

    /// This one with `others`: of two with one id, theirs.
    #[must_use]
    pub fn with(&self, mut others: Vec<Project>) -> Catalogue {
        let is_kept = |p: &&Project| others.iter().all(|o| o.id != p.id);
        let kept: Vec<Project> = self.projects().iter().filter(is_kept).cloned().collect();
        others.extend(kept);
        Catalogue::of(others)
    }
}

/// The names of the phases 1 to 6.
pub const PHASES: [&str; 6] = [
    "Read & Understand",
    "Plan Implementation",
    "Build in First Language",
    "Build in Second Language",
    "Build in Third Language",
    "Compare & Document",
];

/// The nine success metrics: id, and the guide's words.
pub const METRICS: [(&str, &str); 9] = [
    ("first_language", "Completed first project in one language"),
    ("second_language", "Completed same project in second language"),
    ("third_language", "Completed same project in third language"),
    ("coverage", "Wrote comprehensive tests (>80% coverage)"),
    ("monitoring", "Set up monitoring and logging"),
    ("deployed", "Deployed to production-like environment"),
    ("load_tested", "Load tested and optimized"),
    ("decisions", "Documented architecture decisions"),
    ("blog", "Wrote blog post about learnings"),
];

/// In which phase the guide would have one be on day `day` (from 0) of a project that takes four weeks at the least: a day to
/// read, a day to plan, two weeks for the first language, one for each other, then comparing. Shorter and longer projects scale.
pub fn planned_phase(day: i64, weeks: (u32, u32)) -> u8 {
    let length = i64::from(weeks.1.max(1)) * 7;
    match day {
        i64::MIN..=0 => 1,
        1 => 2,
        _ => {
            // The guide's weeks 1-2, 3 and 4 are half, a quarter and a quarter of the time.
            let quarter = (day * 4).checked_div(length).unwrap_or(4);
            match quarter {
                0 | 1 => 3,
                2 => 4,
                3 => 5,
                _ => 6,
            }
        }
    }
}

/// The first day (from 0) on which [`planned_phase`] wants phase `phase`.
pub fn first_day(phase: u8, weeks: (u32, u32)) -> i64 {
    let length = i64::from(weeks.1.max(1)) * 7;
    match phase {
        0 | 1 => 0,
        2 => 1,
        3 => 2,
        4 => (length + 1) / 2,
        5 => (length * 3 + 3) / 4,
        _ => length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_holds_fifteen_projects_and_three_recommendations_a_level() {
        let guide = Catalogue::default();
        let (projects, recommended) = (&guide.projects(), |level| guide.recommended(level));
        assert_eq!(projects.len(), 15);
        assert!(projects.iter().zip(1..).all(|(p, n)| p.id.starts_with(&format!("{n:02}-"))));
        let ids: Vec<&str> = recommended(Level::Beginner).iter().map(|p| p.id.as_str()).collect();
        assert_eq!(ids, ["15-api-rate-limiter", "14-background-job-processor", "01-distributed-url-shortener"]);
        assert!([Level::Intermediate, Level::Advanced].iter().all(|l| recommended(*l).len() == 3));
        assert!(projects.iter().all(|p| p.order.is_some() == p.why.is_some() && p.weeks.0 <= p.weeks.1));
    }

    #[test]
    fn the_guides_four_weeks_are_planned_as_it_says() {
        let weeks = (3, 4);
        let at: Vec<u8> = [0, 1, 2, 13, 14, 20, 21, 27, 28, 99].map(|d| planned_phase(d, weeks)).to_vec();
        assert_eq!(at, [1, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    }

    #[test]
    fn a_phase_begins_on_the_first_day_that_is_planned_for_it() {
        for weeks in [(2, 2), (2, 3), (3, 4), (4, 5)] {
            for phase in 1..=6 {
                let day = first_day(phase, weeks);
                assert_eq!(planned_phase(day, weeks), phase, "{weeks:?} {phase}");
                assert!(planned_phase(day - 1, weeks) < phase || phase == 1, "{weeks:?} {phase}");
            }
        }
    }
}
