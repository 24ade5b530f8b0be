//! The network: a connection that can't outlast its limit, and who listens on a port.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream, ToSocketAddrs};
use std::path::Path;
use std::time::{Duration, Instant};

/// A connection whose reads and writes all end by one moment.
#[derive(Debug)]
pub struct Line {
    stream: TcpStream,
    deadline: Instant,
}

impl Line {
    /// Connects to `host` and `port`; connecting and everything said after it take no longer than `limit`.
    ///
    /// # Errors
    /// As the system has it: `ConnectionRefused` where nobody listens.
    pub fn connect(host: &str, port: u16, limit: Duration) -> io::Result<Line> {
        let deadline = Instant::now() + limit;
        let mut last = io::Error::new(io::ErrorKind::NotFound, format!("{host} has no address"));
        for address in (host, port).to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, left(deadline)?) {
                Ok(stream) => return Ok(Line { stream, deadline }),
                Err(e) => last = e,
            }
        }
        Err(last)
    }
}

fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

impl Read for Line {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(left(self.deadline)?))?;
        self.stream.read(buffer).map_err(|e| match e.kind() {
            io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
            _ => e,
        })
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(left(self.deadline)?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A port of this machine that was free a moment ago.
///
/// # Errors
/// The system has none to give.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Asks for a page by HTTP, and gives the status of the answer.
///
/// # Errors
/// As the system has it; `InvalidData` where whoever listens speaks no HTTP.
pub fn get(host: &str, port: u16, path: &str, limit: Duration) -> io::Result<u16> {
    let mut line = Line::connect(host, port, limit)?;
    line.write_all(format!("GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n").as_bytes())?;
    // `HTTP/1.1 200`
    let mut start = [0; 12];
    line.read_exact(&mut start)?;
    let status = start.strip_prefix(b"HTTP/1.").and_then(|rest| std::str::from_utf8(rest.get(2..)?).ok()?.parse().ok());
    status.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the answer is no HTTP"))
}

/// A process that listens on a port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    /// Its id.
    pub pid: u32,
    /// Its name.
    pub name: String,
}

/// Whether a server could listen on the port of this machine now.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// The processes that listen on `port` of this machine, as far as this user may know; only Linux tells.
pub fn holders(port: u16) -> Vec<Holder> {
    let sockets: BTreeSet<u64> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| std::fs::read_to_string(table).ok())
        .flat_map(|table| listening(&table, port))
        .collect();
    if sockets.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Holder> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|item| {
            let pid = item.file_name().to_str()?.parse().ok()?;
            holds(&item.path(), &sockets).then(|| Holder { pid, name: name(&item.path()) })
        })
        .collect();
    found.sort();
    found
}

/// `nginx (process 4711)`, or that it can't be known.
pub fn held_by(holders: &[Holder]) -> String {
    match holders {
        [] => "an unknown process".into(),
        holders => {
            let names: Vec<String> = holders.iter().map(|h| format!("{} (process {})", h.name, h.pid)).collect();
            names.join(" and ")
        }
    }
}

fn holds(process: &Path, sockets: &BTreeSet<u64>) -> bool {
    std::fs::read_dir(process.join("fd")).into_iter().flatten().flatten().any(|descriptor| {
        std::fs::read_link(descriptor.path()).is_ok_and(|to| {
            let number = to.to_str().and_then(|t| t.strip_prefix("socket:[")).and_then(|t| t.strip_suffix(']'));
            number.and_then(|n| n.parse().ok()).is_some_and(|n| sockets.contains(&n))
        })
    })
}

fn name(process: &Path) -> String {
    std::fs::read(process.join("comm"))
        .map(|bytes| String::from_utf8_lossy(&bytes).trim_end().to_owned())
        .unwrap_or_default()
}

/// The sockets in Linux's table of TCP connections that listen on `port`.
fn listening(table: &str, port: u16) -> Vec<u64> {
    const LISTEN: &str = "0A";
    table
        .lines()
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (_, local) = fields.get(1)?.rsplit_once(':')?;
            let matches = u16::from_str_radix(local, 16) == Ok(port) && *fields.get(3)? == LISTEN;
            if matches { fields.get(9)?.parse().ok() } else { None }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listening_sockets_of_that_port_count() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 0 4711 1\n\
            1: 0100007F:1538 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000 0 4712 1\n\
            2: 00000000:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 0 4713 1\n\
            garbage\n";
        assert_eq!(listening(table, 5432), [4711]);
        assert_eq!(listening(table, 6379), [4713]);
        assert_eq!(listening(table, 80), [0; 0]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_process_that_holds_a_port_is_found() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(holders(port).iter().any(|h| h.pid == std::process::id()), "{:?}", holders(port));
        assert!(!is_free(port));
    }

    /// The status that is read where a server gives this answer.
    fn asked(answer: &'static str) -> io::Result<u16> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.read_exact(&mut [0; 16]).unwrap();
            let _ = stream.write_all(answer.as_bytes());
        });
        let status = get("127.0.0.1", port, "/health", Duration::from_secs(60));
        server.join().unwrap();
        status
    }

    #[test]
    fn the_status_of_an_answer_is_read_and_nothing_else_is_taken_for_one() {
        assert_eq!(asked("HTTP/1.1 200 OK\r\n\r\n").unwrap(), 200);
        assert_eq!(asked("HTTP/1.0 503 Service Unavailable\r\n\r\n").unwrap(), 503);
        assert_eq!(asked("SSH-2.0-OpenSSH_9.6").unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert!(asked("HTTP").is_err());
    }

    #[test]
    fn a_server_that_says_nothing_is_not_waited_for_beyond_the_limit() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut line = Line::connect("127.0.0.1", port, Duration::from_millis(50)).unwrap();
        assert_eq!(line.read(&mut [0; 1]).unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
