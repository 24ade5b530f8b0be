//! What came of a program that may be missing, broken or slow, told apart.

use super::Run;
use crate::system::interrupt::Interrupt;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::Output;
use std::time::Duration;

/// What came of a program that was given a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// There is no such program.
    Missing,
    /// It is there and could not be started; why.
    Refused(String),
    /// It was still running at the limit, or when we were interrupted, and was ended.
    TooSlow,
    /// It ended by itself.
    Ended {
        /// Its exit code; 128 + n where signal n ended it.
        code: i32,
        /// Its standard output.
        out: String,
        /// Its standard error.
        err: String,
    },
}

impl Run<'_> {
    /// As [`Run::output_within`], with everything that can go wrong as an answer.
    pub fn within(&self, limit: Duration, interrupt: &Interrupt) -> Answer {
        match self.output_within(limit, interrupt) {
            Ok(Some(output)) => ended(&output),
            Ok(None) => Answer::TooSlow,
            Err(failure) => match failure.cause.as_ref().and_then(|cause| cause.downcast_ref::<io::Error>()) {
                Some(error) if error.kind() == io::ErrorKind::NotFound => Answer::Missing,
                Some(error) => Answer::Refused(error.to_string()),
                None => Answer::Refused(failure.message),
            },
        }
    }
}

fn ended(output: &Output) -> Answer {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let code = output.status.code().or_else(|| output.status.signal().map(|n| 128 + n)).unwrap_or(1);
    Answer::Ended { code, out: text(&output.stdout), err: text(&output.stderr) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::env::Env;
    use std::path::Path;

    fn sh(script: &str, limit: Duration) -> Answer {
        let env = Env::of([("PATH", "/usr/bin:/bin")]);
        Run::new("test", "sh", Path::new("/"), &env).args(["-c", script]).within(limit, &Interrupt::default())
    }

    #[test]
    fn a_program_that_ends_leaves_its_outputs_and_code() {
        let answer = sh("echo out; echo err >&2; exit 7", Duration::from_secs(60));
        assert_eq!(answer, Answer::Ended { code: 7, out: "out\n".into(), err: "err\n".into() });
    }

    #[test]
    fn a_program_that_hangs_was_too_slow() {
        assert_eq!(sh("exec sleep 600", Duration::from_millis(200)), Answer::TooSlow);
    }

    #[test]
    fn a_program_that_is_not_there_is_missing() {
        let env = Env::of([("PATH", "/nowhere")]);
        let run = Run::new("test", "no-such-program", Path::new("/"), &env);
        assert_eq!(run.within(Duration::from_secs(60), &Interrupt::default()), Answer::Missing);
    }
}
