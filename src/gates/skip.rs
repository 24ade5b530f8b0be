//! `MASTERY_SKIP`: the explicit way past a gate.

use crate::failure::Failure;

/// Which gates are passed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Skip {
    /// The suites.
    pub tests: bool,
    /// The journal.
    pub journal: bool,
}

impl Skip {
    /// Reads the value of `MASTERY_SKIP`: `tests`, `journal`, or both with a comma between.
    ///
    /// # Errors
    /// A word that is neither: a gate that was meant to be passed over must not be, nor the other way round, for a typing error.
    pub fn read(value: Option<&str>) -> Result<Skip, Failure> {
        let mut skip = Skip::default();
        for word in value.unwrap_or_default().split(',').map(str::trim).filter(|w| !w.is_empty()) {
            match word {
                "tests" => skip.tests = true,
                "journal" => skip.journal = true,
                _ => {
                    return Err(Failure::usage(format!("MASTERY_SKIP: there is nothing called {word:?} to skip"))
                        .hint("MASTERY_SKIP=tests, MASTERY_SKIP=journal, or MASTERY_SKIP=tests,journal"));
                }
            }
        }
        Ok(skip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_words_are_taken_and_a_typing_error_is_refused() {
        assert_eq!(Skip::read(None).unwrap(), Skip::default());
        assert_eq!(Skip::read(Some("tests, journal")).unwrap(), Skip { tests: true, journal: true });
        assert!(Skip::read(Some("test")).is_err());
    }
}
