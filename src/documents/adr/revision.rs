//! Edits to several records of a log, gathered before any of them is written: all of them hold, or none is made.

use super::edit::{self, EditError, Target};
use super::{DecisionFile, DecisionLog, Record, relation};
use bstr::{BStr, BString};
use std::collections::BTreeMap;

/// What the records of a log are to hold.
#[derive(Debug)]
pub struct Revision<'l> {
    log: &'l DecisionLog,
    new: BTreeMap<BString, Vec<u8>>,
}

/// A record that could not be edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {why}")]
pub struct Refused {
    /// Its file name.
    pub file: String,
    /// Why.
    pub why: String,
}

impl<'l> Revision<'l> {
    /// A revision of `log` that changes nothing yet.
    pub fn of(log: &'l DecisionLog) -> Self {
        Revision { log, new: BTreeMap::new() }
    }

    /// Adds a file that is not there yet, or replaces what one is to hold.
    pub fn put(&mut self, name: BString, bytes: Vec<u8>) {
        self.new.insert(name, bytes);
    }

    /// Edits one file as it is to be so far.
    ///
    /// # Errors
    /// It can't be read as a record, or the edit can't be done.
    pub fn edit(
        &mut self,
        name: &BStr,
        change: impl FnOnce(&[u8], &Record) -> Result<Vec<u8>, EditError>,
    ) -> Result<(), Refused> {
        let refused = |why: String| Refused { file: name.to_string(), why };
        let bytes = self.bytes(name).ok_or_else(|| refused("there is no such record".into()))?;
        let record = Record::read(bytes).map_err(|e| {
            let why = self.log.named(name).and_then(|f| f.record.as_ref().err()).unwrap_or(&e);
            refused(why.to_string())
        })?;
        let new = change(bytes, &record).map_err(|e| refused(e.to_string()))?;
        self.new.insert(name.to_owned(), new);
        Ok(())
    }

    /// States a relation on both sides.
    ///
    /// # Errors
    /// One of the two can't be edited.
    pub fn relate(&mut self, from: &Target, name: &str, to: &Target, inverse: &str) -> Result<(), Refused> {
        self.edit(BStr::new(&from.file), |bytes, record| edit::relate(bytes, record, name, to))?;
        self.edit(BStr::new(&to.file), |bytes, record| edit::relate(bytes, record, inverse, from))
    }

    /// States on both sides that `new` stands in the place of `old`, in the spelling and manner of adr-tools where that is wanted.
    ///
    /// # Errors
    /// One of the two can't be edited.
    pub fn supersede(&mut self, old: &Target, new: &Target, as_adr_tools: bool) -> Result<(), Refused> {
        let name = |record: &Record, house: &str| {
            let odd = as_adr_tools && record.dialect == super::Dialect::Nygard;
            if odd { house.replace("Superse", "Superce") } else { house.to_owned() }
        };
        self.edit(BStr::new(&old.file), |bytes, record| {
            edit::supersede(bytes, record, &name(record, "Superseded by"), new, as_adr_tools)
        })?;
        self.edit(BStr::new(&new.file), |bytes, record| edit::relate(bytes, record, &name(record, "Supersedes"), old))
    }

    /// Takes the relations called `name` (or all) between two records away, on both sides. Says whether there were any.
    ///
    /// # Errors
    /// One of the two can't be edited.
    pub fn unrelate(&mut self, one: &Target, other: &Target, name: Option<&str>) -> Result<bool, Refused> {
        let inverse = name.map(|n| relation::inverse(n).unwrap_or_else(|| n.to_owned()));
        let before = [self.now(&one.file), self.now(&other.file)];
        self.edit(BStr::new(&one.file), |bytes, record| edit::unrelate(bytes, record, name, other))?;
        self.edit(BStr::new(&other.file), |bytes, record| edit::unrelate(bytes, record, inverse.as_deref(), one))?;
        Ok(before != [self.now(&one.file), self.now(&other.file)])
    }

    /// A file of the log as the other end of a relation, with the title that it is to have.
    pub fn target(&self, name: &BStr) -> Option<Target> {
        let mut target = self.log.named(name)?.target()?;
        let record = Record::read(self.bytes(name)?).ok()?;
        target.numbered = record.number.is_some();
        target.heading = record.heading;
        Some(target)
    }

    fn now(&self, name: &str) -> Option<Vec<u8>> {
        self.bytes(BStr::new(name)).map(<[u8]>::to_vec)
    }

    /// What a file is to hold.
    pub fn bytes(&self, name: &BStr) -> Option<&[u8]> {
        match self.new.get(name) {
            Some(bytes) => Some(bytes),
            None => self.log.named(name).map(|f| f.bytes.as_slice()),
        }
    }

    /// The files that are to change: each with what it was, if it was there, and what it is to hold.
    pub fn changes(&self) -> impl Iterator<Item = (&BString, Option<&DecisionFile>, &[u8])> {
        self.new.iter().filter_map(|(name, new)| {
            let old = self.log.named(name.as_ref());
            (old.map(|f| &f.bytes) != Some(new)).then_some((name, old, new.as_slice()))
        })
    }
}
