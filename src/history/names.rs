//! Lists of names to be looked for whatever their case: which ones is the caller's.

/// Names of files or directories, in lower case.
pub(super) struct Names {
    all: &'static [&'static str],
    /// For each first letter the lengths of the names that begin with it, a bit each: most other names are told by these two alone.
    lengths: [u32; 128],
}

impl Names {
    /// These; none is empty or longer than 31 bytes, and all begin with ASCII.
    pub(super) const fn of(all: &'static [&'static str]) -> Names {
        let mut lengths = [0; 128];
        let mut at = 0;
        while at < all.len() {
            lengths[all[at].as_bytes()[0] as usize] |= 1 << all[at].len();
            at += 1;
        }
        Names { all, lengths }
    }

    /// Whether `name` is one of them.
    pub(super) fn hold(&self, name: &[u8]) -> bool {
        let Some(first) = name.first() else { return false };
        let lengths = self.lengths.get(usize::from(first.to_ascii_lowercase())).copied().unwrap_or_default();
        let may_be = name.len() < 32 && lengths >> name.len() & 1 == 1;
        may_be && self.all.iter().any(|one| name.eq_ignore_ascii_case(one.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_held_whatever_its_case_and_no_other_is() {
        static NAMES: Names = Names::of(&["test", "_build", "virtualenv"]);
        for name in ["test", "TEST", "Test", "_BUILD", "virtualenv"] {
            assert!(NAMES.hold(name.as_bytes()), "{name}");
        }
        for name in ["", "t", "tests", "tost", "_test", "Ünder", &"t".repeat(36)] {
            assert!(!NAMES.hold(name.as_bytes()), "{name}");
        }
    }
}
