//! What a server answers when it is asked in its own protocol. The protocols are functions over any stream of bytes, one file each;
//! only [`ask`] opens a connection.

mod mongodb;
mod postgres;
mod rabbitmq;
mod redis;

use super::{Endpoint, Service};
use crate::system::net::Line;
use std::io::{self, Read, Write};
use std::time::Duration;

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is the service, and it let us in.
    Well {
        /// Its version, where it says so.
        version: Option<String>,
    },
    /// Nobody listens there.
    Nobody,
    /// It is not ready yet; in its own words.
    Starting(String),
    /// It is the service, and it did not let us in; in its own words.
    Denied(String),
    /// It is the service, and something else is wrong with it; in its own words.
    Troubled(String),
    /// Somebody listens there who doesn't speak the protocol; what was seen instead.
    Another(String),
    /// It could not be reached.
    Unreachable(String),
}

/// Asks the server at `endpoint` in its own protocol; takes no longer than `limit`.
pub fn ask(endpoint: &Endpoint, limit: Duration) -> Answer {
    let mut line = match Line::connect(&endpoint.host, endpoint.port, limit) {
        Ok(line) => line,
        Err(e) if e.kind() == io::ErrorKind::ConnectionRefused => return Answer::Nobody,
        Err(e) => return Answer::Unreachable(e.to_string()),
    };
    talk(endpoint, &mut line)
}

fn talk(endpoint: &Endpoint, line: &mut (impl Read + Write)) -> Answer {
    let asked = match endpoint.service {
        Service::Postgres => postgres::ask(endpoint, line),
        Service::Redis => redis::ask(endpoint, line),
        Service::Mongodb => mongodb::ask(line),
        Service::Rabbitmq => rabbitmq::ask(endpoint, line),
    };
    asked.unwrap_or_else(|e| match e.kind() {
        io::ErrorKind::TimedOut => Answer::Another("it accepts connections and says nothing".into()),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            Answer::Another("it hangs up".into())
        }
        _ => Answer::Another(e.to_string()),
    })
}

/// Whoever listens speaks something else: `said` is the beginning of it.
fn another(said: &[u8]) -> Answer {
    let first = said.split(|b| matches!(b, b'\r' | b'\n')).next().unwrap_or_default();
    let text: String = String::from_utf8_lossy(&first[..first.len().min(60)]).into_owned();
    if said.starts_with(b"HTTP/") {
        Answer::Another(format!("it is a web server ({text})"))
    } else if text.is_empty() {
        Answer::Another("it says something else".into())
    } else {
        Answer::Another(format!("it says {text:?}"))
    }
}

/// No reply that we ask for is larger.
const LARGEST: usize = 1 << 20;

/// Exactly `n` bytes.
fn exactly(line: &mut impl Read, n: usize) -> io::Result<Vec<u8>> {
    if n > LARGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it says something else"));
    }
    let mut bytes = vec![0; n];
    line.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod fake {
    //! A server on paper: it answers each thing that is said to it with the next thing that it has to say.

    use std::collections::VecDeque;
    use std::io::{self, Read, Write};

    pub(super) struct Fake {
        replies: VecDeque<Vec<u8>>,
        reading: Vec<u8>,
        pub(super) heard: Vec<u8>,
    }

    impl Fake {
        pub(super) fn new<const N: usize>(replies: [&[u8]; N]) -> Fake {
            Fake { replies: replies.iter().map(|r| r.to_vec()).collect(), reading: Vec::new(), heard: Vec::new() }
        }
    }

    impl Read for Fake {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = buffer.len().min(self.reading.len());
            buffer[..n].copy_from_slice(&self.reading[..n]);
            self.reading.drain(..n);
            Ok(n)
        }
    }

    impl Write for Fake {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.heard.extend_from_slice(bytes);
            self.reading.extend(self.replies.pop_front().unwrap_or_default());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fake::Fake;

    #[test]
    fn a_web_server_is_told_from_every_service() {
        for service in Service::ALL {
            let mut fake = Fake::new([b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".as_slice()]);
            let answer = talk(&Endpoint::guide(service), &mut fake);
            assert!(matches!(&answer, Answer::Another(seen) if seen.contains("web server")), "{service:?}: {answer:?}");
        }
    }

    #[test]
    fn a_server_that_hangs_up_at_once_is_another() {
        for service in Service::ALL {
            let answer = talk(&Endpoint::guide(service), &mut Fake::new([b"".as_slice()]));
            assert_eq!(answer, Answer::Another("it hangs up".into()), "{service:?}");
        }
    }

    #[test]
    fn any_bytes_get_an_answer_from_every_service() {
        let runner = &mut proptest::test_runner::TestRunner::default();
        runner
            .run(&proptest::collection::vec(proptest::prelude::any::<u8>(), 0..64), |bytes| {
                for service in Service::ALL {
                    talk(&Endpoint::guide(service), &mut Fake::new([bytes.as_slice()]));
                }
                Ok(())
            })
            .unwrap();
    }
}
