//! A program that serves HTTP, and a Redis, each on a free port and ended when it is dropped.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// As long as anything here may take before the test fails.
const LONG: Duration = Duration::from_secs(120);

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// A running program, with what it writes to standard output.
pub struct Service {
    child: Child,
    lines: Receiver<String>,
}

impl Service {
    /// Starts `command` in a process group of its own, and waits for a line that has one of `ready` in it. Gives the lines up to
    /// there too.
    pub fn start(command: &mut Command, ready: &[&str]) -> (Service, Vec<String>) {
        let command = command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (send, lines) = channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let service = Service { child, lines };
        let mut seen = Vec::new();
        loop {
            let line = service.lines.recv_timeout(LONG).unwrap_or_else(|e| panic!("{e} before {ready:?}: {seen:#?}"));
            seen.push(line);
            if ready.iter().any(|word| seen.last().unwrap().contains(word)) {
                return (service, seen);
            }
        }
    }

    /// Sends SIGTERM, and gives what was written until the end.
    pub fn stop(mut self) -> Vec<String> {
        self.signal("TERM");
        let mut seen = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(LONG) {
            seen.push(line);
        }
        self.child.wait().unwrap();
        seen
    }

    fn signal(&self, name: &str) {
        let group = format!("-{}", self.child.id());
        Command::new("kill").args([&format!("-{name}"), "--", &group]).stderr(Stdio::null()).status().unwrap();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.signal("KILL");
        let _ = self.child.wait();
    }
}

/// A Redis that keeps nothing, and its port.
pub fn redis() -> (Service, u16) {
    let port = free_port();
    let mut command = Command::new("redis-server");
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
    (Service::start(&mut command, &["Ready to accept connections"]).0, port)
}

/// A place that OpenTelemetry's exporters send to, and what came: the first line of each request, and its body.
pub fn collector() -> (u16, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (send, came) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let send = send.clone();
            std::thread::spawn(move || {
                let requests = std::iter::from_fn(|| take(&stream));
                requests.map(|request| send.send(request)).all(|sent| sent.is_ok())
            });
        }
    });
    (port, came)
}

/// The next request of a connection, answered; none at its end.
fn take(stream: &TcpStream) -> Option<(String, Vec<u8>)> {
    let first = line(stream)?;
    let headers: Vec<String> = std::iter::from_fn(|| line(stream)).take_while(|l| !l.is_empty()).collect();
    let length = |l: &String| l.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok();
    let mut body = match headers.iter().find_map(length) {
        Some(length) => part(stream, length)?,
        // In chunks, each behind its length; an empty one is the last.
        None => Vec::new(),
    };
    let is_chunked = headers.iter().any(|l| l.to_lowercase() == "transfer-encoding: chunked");
    if is_chunked {
        loop {
            let chunk = part(stream, usize::from_str_radix(&line(stream)?, 16).ok()?)?;
            line(stream)?;
            if chunk.is_empty() {
                break;
            }
            body.extend(chunk);
        }
    }
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    (&*stream).write_all(answer.as_bytes()).ok()?;
    Some((first, body))
}

fn line(stream: &TcpStream) -> Option<String> {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") {
        line.extend(part(stream, 1)?);
    }
    Some(String::from_utf8_lossy(&line).trim_end().to_owned())
}

fn part(mut stream: &TcpStream, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// An answer: status, headers in lower case, body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The value of a header; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

/// Asks for `path` over HTTP with these headers.
pub fn get(port: u16, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    let headers = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect::<Vec<_>>().concat();
    // HTTP/1.0: the answer ends with the connection, and comes in one piece.
    write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let header = |line: &str| line.split_once(':').map(|(n, v)| (n.to_lowercase(), v.trim().to_owned()));
    Answer { status, headers: lines.filter_map(header).collect(), body: body.to_owned() }
}

/// The samples of a page in Prometheus' text format: name with labels, and value.
///
/// # Panics
/// A line is none of that format.
pub fn samples(page: &str) -> Vec<(String, f64)> {
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let mut found = Vec::new();
    for line in page.lines().filter(|line| !line.is_empty()) {
        if let Some(comment) = line.strip_prefix("# ") {
            let mut words = comment.splitn(3, ' ');
            let (kind, of, rest) = (words.next().unwrap(), words.next().unwrap_or(""), words.next().unwrap_or(""));
            assert!(matches!(kind, "HELP" | "TYPE" | "EOF") && of.chars().all(name), "{line}");
            let types = ["counter", "gauge", "histogram", "summary", "untyped"];
            assert!(kind != "TYPE" || types.contains(&rest), "{line}");
            continue;
        }
        let (sample, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
        let (metric, labels) = sample.split_once('{').map_or((sample, ""), |(m, l)| (m, l.strip_suffix('}').unwrap()));
        assert!(!metric.is_empty() && metric.chars().all(name) && !metric.starts_with(|c: char| c.is_ascii_digit()));
        for label in labels.split("\",").filter(|label| !label.is_empty()) {
            let (key, quoted) = label.split_once('=').unwrap_or_else(|| panic!("{line}"));
            assert!(!key.is_empty() && key.chars().all(name) && quoted.starts_with('"'), "{line}");
        }
        let value = value.replace("+Inf", "inf").replace("-Inf", "-inf");
        found.push((sample.to_owned(), value.parse().unwrap_or_else(|e| panic!("{line}: {e}"))));
    }
    found
}
