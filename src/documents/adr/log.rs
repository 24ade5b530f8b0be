//! The decision log: the records of one directory, and what holds between them.

use super::edit::Target;
use super::{Dialect, Record, Unreadable, name};
use bstr::{BStr, BString, ByteSlice};

/// A file of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionFile {
    /// Its name.
    pub name: BString,
    /// The number in its name; a name with a date in front has none.
    pub number: Option<u64>,
    /// How many digits its name gives the number.
    pub width: usize,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// What that says, or why it can't be read.
    pub record: Result<Record, Unreadable>,
}

/// Every record of a directory, by number and name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecisionLog {
    /// The files.
    pub files: Vec<DecisionFile>,
}

/// Why a reference leads to no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// None has this number or name.
    Nowhere,
    /// More than one has this number: their names.
    Ambiguous(Vec<BString>),
}

impl DecisionFile {
    /// The file as the other end of a relation; none where it can't be read or has no number.
    pub fn target(&self) -> Option<Target> {
        let record = self.record.as_ref().ok()?;
        Some(Target {
            number: self.number?,
            width: self.width,
            heading: record.heading.clone(),
            numbered: record.number.is_some(),
            file: self.name.to_str_lossy().into_owned(),
        })
    }
}

impl DecisionLog {
    /// The log of these files: names with what they hold, or why that is not known. Other files than records are passed over.
    pub fn of(files: impl IntoIterator<Item = (BString, Result<Vec<u8>, String>)>) -> DecisionLog {
        let mut log = DecisionLog::default();
        for (file, content) in files {
            let number = name::number(file.as_bstr());
            if number.is_none() && !name::is_dated(file.as_bstr()) {
                continue;
            }
            let (bytes, record) = match content {
                Ok(bytes) => {
                    let record = Record::read(&bytes);
                    (bytes, record)
                }
                Err(why) => (Vec::new(), Err(Unreadable::File(why))),
            };
            let (number, width) = number.map_or((None, 0), |(n, width)| (Some(n), width));
            log.files.push(DecisionFile { name: file, number, width, bytes, record });
        }
        log.files.sort_by(|a, b| (a.number.is_none(), a.number, &a.name).cmp(&(b.number.is_none(), b.number, &b.name)));
        log
    }

    /// The file that a person means by `reference`: a number (`7`, `007`, `ADR-007`) or a file name, with its path or without.
    ///
    /// # Errors
    /// None is meant, or more than one.
    pub fn find(&self, reference: &str) -> Result<&DecisionFile, Lost> {
        let base = reference.rsplit('/').next().unwrap_or(reference);
        if let Some(file) = self.files.iter().find(|f| f.name == base) {
            return Ok(file);
        }
        let digits = base.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches(['-', ' ', '#']);
        let prefix = &base[..base.len() - digits.len()];
        let plain =
            prefix.is_empty() || prefix.trim_end_matches(['-', ' ', '#']).eq_ignore_ascii_case("adr") || prefix == "#";
        let number: u64 = digits.parse().ok().filter(|_| plain).ok_or(Lost::Nowhere)?;
        let found: Vec<&DecisionFile> = self.files.iter().filter(|f| f.number == Some(number)).collect();
        match found.as_slice() {
            [] => Err(Lost::Nowhere),
            [one] => Ok(one),
            many => Err(Lost::Ambiguous(many.iter().map(|f| f.name.clone()).collect())),
        }
    }

    /// The file with this name.
    pub fn named(&self, name: &BStr) -> Option<&DecisionFile> {
        self.files.iter().find(|f| f.name == name)
    }

    /// The form of the last numbered record that can be read: new ones are written like it.
    pub fn dialect(&self) -> Option<Dialect> {
        let numbered = self.files.iter().filter(|f| f.number.is_some());
        numbered.filter_map(|f| f.record.as_ref().ok()).map(|r| r.dialect).rfind(|d| *d != Dialect::Other)
    }

    /// How many digits file names give the number here; none where there is no record yet.
    pub fn width(&self) -> Option<usize> {
        self.files.iter().rfind(|f| f.number.is_some()).map(|f| f.width)
    }

    /// Whether relations here are spelled as adr-tools does (`Superceded by`); none where no record states one yet.
    pub fn spelled_as_adr_tools(&self) -> Option<bool> {
        let records = self.files.iter().filter_map(|f| f.record.as_ref().ok());
        let names = records.flat_map(|r| &r.relations).map(|r| r.name.to_lowercase());
        let spelled: Vec<bool> = names
            .filter(|n| n.starts_with("supers") || n.starts_with("superc"))
            .map(|n| n.starts_with("superc"))
            .collect();
        (!spelled.is_empty()).then(|| spelled.contains(&true))
    }

    /// Whether adr-tools made this directory: its last record is in Nygard's form with four digits and a `Date:` line.
    pub fn looks_like_adr_tools(&self) -> bool {
        self.dialect() == Some(Dialect::Nygard)
            && self.width() == Some(4)
            && self.files.iter().filter_map(|f| f.record.as_ref().ok()).any(|r| r.date.is_some())
    }
}
