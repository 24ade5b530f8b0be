//! What each exit code promises.

use std::process::ExitCode;

/// How a command ended, in the words of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: all is well.
    Fine,
    /// 1: a verdict against the user: tests failed, a rule is broken, a check is not met.
    Verdict,
    /// 2: wrong usage or a bad configuration.
    Usage,
    /// 3: something needed is missing or broken: no repository, no toolchain, an unreadable object.
    Missing,
    /// 128 + n: ended by signal n.
    Signal(u8),
}

impl Exit {
    /// The number that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Verdict => 1,
            Exit::Usage => 2,
            Exit::Missing => 3,
            Exit::Signal(n) => 128 + n.min(127),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn codes_are_those_of_the_contract() {
        let codes = [Exit::Fine, Exit::Verdict, Exit::Usage, Exit::Missing, Exit::Signal(2)].map(Exit::code);
        assert_eq!(codes, [0, 1, 2, 3, 130]);
    }
}
