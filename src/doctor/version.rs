//! Versions as tools print them: the first number that looks like one.

use std::fmt;

/// Major, minor, patch; what is not said is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// What must not be lower.
    pub major: u64,
    /// Then this.
    pub minor: u64,
    /// Then this.
    pub patch: u64,
}

impl Version {
    /// `major.minor.0`.
    pub const fn of(major: u64, minor: u64) -> Version {
        Version { major, minor, patch: 0 }
    }

    /// The first version in what a tool printed: a number at the start of a word, or after `v` or `go`. A lone number counts only
    /// where no dotted one is to be had.
    pub fn find(text: &str) -> Option<Version> {
        let words =
            || text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '"' | ':' | '=' | '/' | '-'));
        let read = |word: &str, dotted: bool| {
            let digits = ["go", "v"].iter().find_map(|p| word.strip_prefix(p)).unwrap_or(word);
            let mut parts = digits.split(['.', '+', '~']).map_while(number);
            let major = parts.next()?;
            let minor = parts.next();
            (minor.is_some() || !dotted).then(|| Version {
                major,
                minor: minor.unwrap_or(0),
                patch: parts.next().unwrap_or(0),
            })
        };
        words().find_map(|w| read(w, true)).or_else(|| words().find_map(|w| read(w, false)))
    }
}

/// The digits that `part` begins with: 23 in `23rc1`.
fn number(part: &str) -> Option<u64> {
    let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
    part[..end].parse().ok()
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_real_tools_print() {
        let printed = [
            ("git version 2.39.5 (Apple Git-154)", "2.39.5"),
            ("Docker version 28.2.2, build e6534b4", "28.2.2"),
            ("Docker Compose version v2.27.0-desktop.2", "2.27.0"),
            ("docker-compose version 1.29.2, build unknown", "1.29.2"),
            ("psql (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "15.18.0"),
            ("psql (PostgreSQL) 17beta1", "17.0.0"),
            ("redis-cli 7.0.15 (git:00000000/0)", "7.0.15"),
            ("v20.20.2\n", "20.20.2"),
            ("11.19.1", "11.19.1"),
            ("go version go1.26.8 linux/amd64", "1.26.8"),
            ("go version devel go1.27-3a4b5c Thu Jan 1 2026 linux/amd64", "1.27.0"),
            ("go version go1.23rc1 linux/amd64", "1.23.0"),
            ("Python 3.12.1+", "3.12.1"),
            ("pip 24.0 from /usr/lib/python3.11/site-packages/pip (python 3.11)", "24.0.0"),
            ("k6 v0.49.0 (go1.21.6, linux/amd64)", "0.49.0"),
        ];
        for (text, expected) in printed {
            assert_eq!(Version::find(text).map(|v| v.to_string()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn text_without_a_version_has_none_and_nothing_overflows() {
        for text in ["", "N/A", "command not found", "go", "v", "99999999999999999999999.1"] {
            assert_eq!(Version::find(text), None, "{text}");
        }
    }
}
