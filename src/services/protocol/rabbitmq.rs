//! `RabbitMQ`: the AMQP 0-9-1 header, `Connection.Start` with the server's properties, and a PLAIN login.

use super::{Answer, another, exactly};
use crate::services::Endpoint;
use std::io::{self, Read, Write};

/// The class of connection methods, and the ones that matter.
const CONNECTION: u16 = 10;
const START: u16 = 10;
const START_OK: u16 = 11;
const TUNE: u16 = 30;
const CLOSE: u16 = 50;

/// Talks to the server as `endpoint` would have it.
pub(super) fn ask(endpoint: &Endpoint, line: &mut (impl Read + Write)) -> io::Result<Answer> {
    line.write_all(b"AMQP\x00\x00\x09\x01")?;
    let (method, arguments) = match method(line)? {
        Ok(method) => method,
        Err(said) => return Ok(another(&said)),
    };
    if method != START {
        return Ok(Answer::Another("it answers, but not as RabbitMQ".into()));
    }
    // Major and minor protocol version (a byte each), then the table of properties.
    let version = long(arguments.get(2..).unwrap_or_default()).and_then(version);
    line.write_all(&login(&endpoint.user, &endpoint.password))?;
    let answer = match self::method(line) {
        Ok(Ok((TUNE, _))) => Answer::Well { version },
        Ok(Ok((CLOSE, arguments))) => Answer::Denied(reason(&arguments)),
        // It closes the connection on a client that it lets in nowhere.
        Err(e) if matches!(e.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) => {
            Answer::Denied(format!("it hung up on the user {}", endpoint.user))
        }
        Ok(_) => Answer::Troubled("it answers a login with something else".into()),
        Err(e) => return Err(e),
    };
    Ok(answer)
}

/// A method of a connection with its arguments; or what was said instead.
type Said = Result<(u16, Vec<u8>), Vec<u8>>;

/// The next method.
fn method(line: &mut impl Read) -> io::Result<Said> {
    // A frame: type, channel (2), size (4), payload, end.
    let head = exactly(line, 7)?;
    let size = u32::from_be_bytes([head[3], head[4], head[5], head[6]]) as usize;
    if head[0] != 1 || !(4..1 << 17).contains(&size) {
        let mut more = [0; 60];
        let n = line.read(&mut more).unwrap_or_default();
        return Ok(Err([&head, &more[..n]].concat()));
    }
    let payload = exactly(line, size + 1)?;
    let word = |at: usize| u16::from_be_bytes([payload[at], payload[at + 1]]);
    if word(0) != CONNECTION {
        return Ok(Err(Vec::new()));
    }
    Ok(Ok((word(2), payload[4..size].to_vec())))
}

/// `Connection.StartOk`: who we are, and that a refusal should come as a method and not as a closed connection.
fn login(user: &str, password: &str) -> Vec<u8> {
    let long = |bytes: &[u8]| {
        let mut out = u32::try_from(bytes.len()).unwrap_or_default().to_be_bytes().to_vec();
        out.extend(bytes);
        out
    };
    let capability = b"\x1cauthentication_failure_closet\x01";
    let mut properties = b"\x0ccapabilitiesF".to_vec();
    properties.extend(long(capability));
    let mut payload = [CONNECTION.to_be_bytes(), START_OK.to_be_bytes()].concat();
    payload.extend(long(&properties));
    payload.extend(b"\x05PLAIN");
    payload.extend(long(format!("\0{user}\0{password}").as_bytes()));
    payload.extend(b"\x05en_US");
    let mut frame = vec![1, 0, 0];
    frame.extend(long(&payload));
    frame.push(0xCE);
    frame
}

/// The text of `Connection.Close`: a code (2), then a short string.
fn reason(arguments: &[u8]) -> String {
    let length = usize::from(*arguments.get(2).unwrap_or(&0));
    String::from_utf8_lossy(arguments.get(3..3 + length).unwrap_or_default()).into_owned()
}

/// A string or table with its length before it.
fn long(bytes: &[u8]) -> Option<&[u8]> {
    let size = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    bytes.get(4..)?.get(..size)
}

/// `version` in the table of the server's properties.
fn version(mut table: &[u8]) -> Option<String> {
    while let Some((&length, rest)) = table.split_first() {
        let name = rest.get(..usize::from(length))?;
        let (&kind, value) = rest.get(usize::from(length)..)?.split_first()?;
        let size = match kind {
            b'V' => 0,
            b't' | b'b' | b'B' => 1,
            b's' | b'u' => 2,
            b'I' | b'i' | b'f' => 4,
            b'D' => 5,
            b'l' | b'L' | b'd' | b'T' => 8,
            b'S' | b'x' | b'F' | b'A' => 4 + long(value)?.len(),
            _ => return None,
        };
        if name == b"version" {
            return Some(String::from_utf8_lossy(long(value)?).into_owned());
        }
        table = value.get(size..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::fake::Fake;
    use super::*;
    use crate::services::Service;

    fn frame(method: u16, arguments: &[u8]) -> Vec<u8> {
        let mut frame = vec![1, 0, 0];
        frame.extend(u32::try_from(arguments.len() + 4).unwrap().to_be_bytes());
        frame.extend(CONNECTION.to_be_bytes());
        frame.extend(method.to_be_bytes());
        frame.extend(arguments);
        frame.push(0xCE);
        frame
    }

    fn start() -> Vec<u8> {
        let table = b"\x07productS\0\0\0\x08RabbitMQ\x05countI\0\0\0\x01\x07versionS\0\0\0\x063.10.8";
        let mut arguments = vec![0, 9];
        arguments.extend(u32::try_from(table.len()).unwrap().to_be_bytes());
        arguments.extend(table);
        frame(START, &arguments)
    }

    fn answer(second: &[u8]) -> Answer {
        ask(&Endpoint::guide(Service::Rabbitmq), &mut Fake::new([start().as_slice(), second])).unwrap()
    }

    #[test]
    fn a_login_that_is_tuned_is_well_with_the_version_of_the_properties() {
        assert_eq!(answer(&frame(TUNE, &[0; 8])), Answer::Well { version: Some("3.10.8".into()) });
    }

    #[test]
    fn a_login_that_is_closed_or_hung_up_on_is_denied() {
        let close = frame(CLOSE, b"\x01\x93\x0eACCESS_REFUSED\0\0\0\0");
        assert_eq!(answer(&close), Answer::Denied("ACCESS_REFUSED".into()));
        assert!(matches!(answer(b""), Answer::Denied(_)));
    }
}
