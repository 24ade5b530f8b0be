//! `MongoDB`: the `hello` command. Its reply names the newest wire version, from which the release follows; it needs no password.

use super::{Answer, another, exactly};
use std::io::{self, Read, Write};

/// `OP_MSG`.
const MESSAGE: u32 = 2013;

/// Says hello.
pub(super) fn ask(line: &mut (impl Read + Write)) -> io::Result<Answer> {
    line.write_all(&hello())?;
    let start = exactly(line, 4)?;
    let length = word(&start).unwrap_or_default() as usize;
    if !(26..1 << 16).contains(&length) {
        return Ok(another(&[start, rest(line)].concat()));
    }
    let message = exactly(line, length - 4)?;
    // After the length: request, in reply to, operation, flags (a word each), the kind of the section, the document.
    let document = message.get(17..).unwrap_or_default();
    if message.get(8..12).and_then(word) != Some(MESSAGE) {
        return Ok(Answer::Another("it answers, but not as MongoDB".into()));
    }
    let number = |name| fields(document).into_iter().find(|(key, _)| *key == name).and_then(|(_, value)| word(value));
    Ok(match number(b"maxWireVersion".as_slice()) {
        Some(wire) => Answer::Well { version: release(wire) },
        None => Answer::Troubled("it doesn't understand `hello`".into()),
    })
}

/// The release that speaks this wire version at most.
fn release(wire: u32) -> Option<String> {
    let known = match wire {
        13 => "5.0",
        14..=16 => "5.3",
        17 => "6.0",
        18..=20 => "6.3",
        21 => "7.0",
        22..=24 => "7.3",
        25.. => "8.0",
        _ => return None,
    };
    Some(known.into())
}

fn hello() -> Vec<u8> {
    let mut document = Vec::from(b"\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0");
    let length = u32::try_from(document.len() + 4).unwrap_or_default();
    document.splice(..0, length.to_le_bytes());
    let mut message = Vec::new();
    for word in [16 + 5 + length, 1, 0, MESSAGE, 0] {
        message.extend(word.to_le_bytes());
    }
    message.push(0);
    message.extend(document);
    message
}

/// The fields of a BSON document that come before the first one of an unknown type.
fn fields(document: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut found = Vec::new();
    let mut rest = document.get(4..).unwrap_or_default();
    while let Some((name, value, after)) = field(rest) {
        found.push((name, value));
        rest = after;
    }
    found
}

fn field(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (&kind, bytes) = bytes.split_first()?;
    let end = bytes.iter().position(|b| *b == 0)?;
    let (name, value) = (&bytes[..end], &bytes[end + 1..]);
    let counted = || word(value.get(..4)?).and_then(|n| usize::try_from(n).ok());
    let size = match kind {
        0x08 => 1,
        0x0A => 0,
        0x10 => 4,
        0x01 | 0x09 | 0x11 | 0x12 => 8,
        0x07 => 12,
        0x13 => 16,
        0x02 => counted()?.checked_add(4)?,
        0x03 | 0x04 => counted()?,
        0x05 => counted()?.checked_add(5)?,
        _ => return None,
    };
    Some((name, value.get(..size)?, value.get(size..)?))
}

fn word(bytes: &[u8]) -> Option<u32> {
    bytes.get(..4)?.try_into().ok().map(u32::from_le_bytes)
}

/// What else is there to read at once, for showing.
fn rest(line: &mut impl Read) -> Vec<u8> {
    let mut bytes = [0; 60];
    let n = line.read(&mut bytes).unwrap_or_default();
    bytes[..n].to_vec()
}

#[cfg(test)]
mod tests {
    use super::super::fake::Fake;
    use super::*;

    fn reply(document: &[u8]) -> Vec<u8> {
        let length = u32::try_from(document.len() + 4 + 1).unwrap();
        let mut message = Vec::new();
        for word in [16 + 5 + length, 9, 1, MESSAGE, 0] {
            message.extend(word.to_le_bytes());
        }
        message.push(0);
        message.extend(length.to_le_bytes());
        message.extend(document);
        message.push(0);
        message
    }

    #[test]
    fn a_hello_is_answered_with_the_wire_version() {
        let reply = reply(b"\x08isWritablePrimary\0\x01\x02me\0\x02\0\0\0x\0\x10maxWireVersion\0\x15\0\0\0\x01ok\0\0\0\0\0\0\0\xf0\x3f");
        assert_eq!(ask(&mut Fake::new([reply.as_slice()])).unwrap(), Answer::Well { version: Some("7.0".into()) });
    }

    #[test]
    fn a_reply_without_a_wire_version_is_a_trouble() {
        let reply = reply(b"\x02errmsg\0\x03\0\0\0no\0");
        assert!(matches!(ask(&mut Fake::new([reply.as_slice()])).unwrap(), Answer::Troubled(_)));
    }

    #[test]
    fn our_own_hello_says_how_long_it_is() {
        let hello = hello();
        assert_eq!(word(&hello), u32::try_from(hello.len()).ok());
        let names: Vec<&[u8]> = fields(&hello[21..]).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, [b"hello".as_slice(), b"$db"]);
    }
}
