//! What was found of one project, in its files and in its history: all that judging it takes. Plain data: what lies behind it, files
//! and commits, is needed no more.

use super::matter::Measured;
use super::signals::Finding;
use super::status::{Evidence, Source};
use crate::git::ObjectId;
use crate::history::effort::Pace;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// Its directory from the repository's root; `.` for the root.
    pub path: String,
    /// What the curriculum says of it; none where it is not one of its projects.
    pub known: Option<Known>,
    /// Whether it has no file.
    pub is_empty: bool,
    /// The first commit that touched it.
    pub first: Option<Evidence>,
    /// Its tracks: those in the tree, then those that are gone.
    pub tracks: Vec<FoundTrack>,
    /// Its documents, sources and tests whose blobs are not here.
    pub missing: usize,
    /// The day of each commit that is evidence, where its author was.
    pub days: BTreeMap<ObjectId, NaiveDate>,
    /// What its papers and other files say.
    pub said: Said,
}

/// What the curriculum says of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Its name.
    pub title: String,
    /// How many weeks it takes: at least, at most.
    pub weeks: (u32, u32),
}

/// What a project's papers say, and files of it that are no track's sources.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// The brief.
    pub brief: Finding,
    /// Questions about it.
    pub questions: Finding,
    /// Milestones, or the MVP.
    pub plan: Finding,
    /// The technologies.
    pub technologies: Finding,
    /// What it is set up with.
    pub setup: Option<Evidence>,
    /// A test outside of the tracks, which runs against all of them.
    pub shared_tests: Option<Evidence>,
    /// The journals.
    pub journals: Vec<Evidence>,
    /// The document that compares the tracks, with what it compares them by.
    pub comparison: Option<Evidence>,
    /// Monitoring and logging.
    pub monitoring: Finding,
    /// What packages and deploys it.
    pub deployed: Finding,
    /// What loads it.
    pub load: Load,
    /// Decisions.
    pub decisions: Finding,
    /// Posts.
    pub blog: Finding,
}

/// What loads a project, and what that measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// The script, or the command in a document.
    pub script: Option<Evidence>,
    /// Whether there is a script that asks once.
    pub checks: bool,
    /// What was measured.
    pub results: Vec<Evidence>,
    /// How many of the results are older than the sources.
    pub old: usize,
    /// Whether they are files, which age with every commit.
    pub are_files: bool,
}

/// One track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundTrack {
    /// Its language.
    pub language: String,
    /// How people write that.
    pub title: String,
    /// Its directory from the repository's root; `.` for the root.
    pub path: String,
    /// Whether it is known what a manifest is in this language.
    pub is_known: bool,
    /// Whether there is anything of it.
    pub exists: bool,
    /// The first file in its directory.
    pub inside: Option<Evidence>,
    /// The commit that brought its first source of somebody's own.
    pub first: Option<First>,
    /// The last commit that touched it.
    pub last: Option<Last>,
    /// When the commits that touched it and count were written.
    pub pace: Pace,
    /// Whether a commit that is known brought every one of its sources.
    pub is_brought: bool,
    /// Whether most of its sources arrived in its first commit.
    pub dump: bool,
    /// Whether most of its commits were squashed by a host.
    pub squashed: bool,
    /// Where it lay before, and the commit that moved it.
    pub earlier: Vec<(String, ObjectId)>,
    /// The commit that took away its last source, and that brought one back later.
    pub restarted: Option<(ObjectId, ObjectId)>,
    /// Its manifest.
    pub manifest: Option<Evidence>,
    /// Sources of somebody's own.
    pub sources: usize,
    /// Lines of code in them.
    pub lines: usize,
    /// Sources, tests and other files that a generator, a template or somebody else wrote.
    pub given: usize,
    /// Whether a generator wrote more sources than `mastery start` did.
    pub is_generated: bool,
    /// Test files that are not a generator's.
    pub test_files: usize,
    /// Cases in them; none where a framework is not known.
    pub test_cases: Option<usize>,
    /// The first of them.
    pub tests: Vec<Evidence>,
    /// Whether a generator wrote tests.
    pub has_given_tests: bool,
    /// How many routes it answers.
    pub routes: usize,
    /// Whether they are not put together but as they are spelled out.
    pub is_spelled: bool,
    /// The names of Go functions that give a router.
    pub makers: BTreeSet<String>,
    /// The file that starts it, without a note.
    pub start: Option<Evidence>,
    /// Its README, with what that says of it.
    pub readme: Finding,
    /// What was measured of its tree.
    pub measured: Measured,
    /// Entries in the journal.
    pub journal_entries: usize,
}

/// The commit that brought the first source of a track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct First {
    /// Its place among the commits, parents first.
    pub place: u32,
    /// The commit.
    pub commit: ObjectId,
    /// The source.
    pub path: Option<String>,
    /// Whether history is cut there.
    pub cut: bool,
    /// The tracks, by index, whose first commit it neither follows nor precedes.
    pub beside: Vec<usize>,
}

/// The last commit that touched a track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Last {
    /// Its place among the commits, parents first.
    pub place: u32,
    /// The commit.
    pub commit: ObjectId,
    /// When it was written, as RFC 3339 has it; none where no calendar has it.
    pub at: Option<String>,
}

impl First {
    /// It, as evidence.
    pub fn evidence(&self, note: &str) -> Evidence {
        let (commit, path) = (Some(self.commit), self.path.clone());
        Evidence { kind: Source::Commit, commit, path, note: note.to_owned() }
    }
}

impl FoundTrack {
    /// The file that starts it, as evidence.
    pub fn started(&self, note: String) -> Option<Evidence> {
        self.start.clone().map(|start| Evidence { note, ..start })
    }
}

impl Found {
    /// The evidence that the files of it are, to be looked at again where one changes; that of first commits is not among it.
    pub fn evidence(&mut self) -> impl Iterator<Item = &mut Evidence> {
        let Said {
            brief,
            questions,
            plan,
            technologies,
            setup,
            shared_tests,
            journals,
            comparison,
            monitoring,
            deployed,
            load,
            decisions,
            blog,
        } = &mut self.said;
        let findings = [brief, questions, plan, technologies, monitoring, deployed, decisions, blog];
        let single = [setup, shared_tests, comparison, &mut load.script].into_iter().flatten();
        let tracks = self.tracks.iter_mut().flat_map(|t| {
            let single = [&mut t.inside, &mut t.manifest, &mut t.start].into_iter().flatten();
            single.chain(&mut t.tests).chain(&mut t.readme.evidence)
        });
        let found = findings.into_iter().flat_map(|f| &mut f.evidence).chain(single);
        found.chain(journals).chain(&mut load.results).chain(tracks)
    }
}
