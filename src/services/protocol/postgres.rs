//! `PostgreSQL`: a start-up with the user and database that the project uses, up to the parameter that names the version.

use super::{Answer, LARGEST, another};
use crate::services::Endpoint;
use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::authentication::sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256};
use postgres_protocol::message::backend::{ErrorResponseBody, Message};
use postgres_protocol::message::frontend;
use std::io::{self, Read, Write};

/// Talks to the server as `endpoint` would have it: user, password, database.
pub(super) fn ask(endpoint: &Endpoint, line: &mut (impl Read + Write)) -> io::Result<Answer> {
    let (user, password) = (endpoint.user.as_str(), endpoint.password.as_str());
    let mut out = BytesMut::new();
    frontend::startup_message([("user", user), ("database", &endpoint.database)], &mut out)?;
    line.write_all(&out)?;
    let mut read = Replies { line, buffer: BytesMut::new(), begun: false };
    let mut scram = None;
    let mut version = None;
    loop {
        out.clear();
        let message = match read.next()? {
            Ok(message) => message,
            Err(answer) => return Ok(answer),
        };
        match message {
            Message::AuthenticationCleartextPassword => frontend::password_message(password.as_bytes(), &mut out)?,
            Message::AuthenticationMd5Password(body) => {
                let hash = md5_hash(user.as_bytes(), password.as_bytes(), body.salt());
                frontend::password_message(hash.as_bytes(), &mut out)?;
            }
            Message::AuthenticationSasl(body) => {
                if !body.mechanisms().any(|m| Ok(m == SCRAM_SHA_256))? {
                    return Ok(Answer::Troubled("it wants a way of authentication that mastery doesn't know".into()));
                }
                let exchange = ScramSha256::new(password.as_bytes(), ChannelBinding::unsupported());
                frontend::sasl_initial_response(SCRAM_SHA_256, exchange.message(), &mut out)?;
                scram = Some(exchange);
            }
            Message::AuthenticationSaslContinue(body) => {
                let Some(exchange) = scram.as_mut() else { return Ok(another(b"")) };
                exchange.update(body.data())?;
                frontend::sasl_response(exchange.message(), &mut out)?;
            }
            Message::ParameterStatus(body) if body.name()? == "server_version" => {
                version = Some(body.value()?.split(' ').next().unwrap_or_default().to_owned());
            }
            Message::ErrorResponse(body) => return refusal(&body),
            Message::ReadyForQuery(_) => {
                frontend::terminate(&mut out);
                let _ = read.line.write_all(&out);
                return Ok(Answer::Well { version });
            }
            _ => {}
        }
        if !out.is_empty() {
            read.line.write_all(&out)?;
        }
    }
}

/// The server's messages, one after the other.
struct Replies<'a, L> {
    line: &'a mut L,
    buffer: BytesMut,
    begun: bool,
}

impl<L: Read> Replies<'_, L> {
    /// The next message; or the answer, where whoever listens is no `PostgreSQL`.
    fn next(&mut self) -> io::Result<Result<Message, Answer>> {
        loop {
            // A start-up is answered by R (authentication), E (error), N (notice) or v (negotiation), and by nothing else.
            if !self.begun && self.buffer.first().is_some_and(|b| !matches!(b, b'R' | b'E' | b'N' | b'v')) {
                return Ok(Err(another(&self.buffer)));
            }
            self.begun |= !self.buffer.is_empty();
            match Message::parse(&mut self.buffer) {
                Ok(Some(message)) => return Ok(Ok(message)),
                Ok(None) if self.buffer.len() < LARGEST => {}
                Ok(None) | Err(_) => return Ok(Err(another(&self.buffer))),
            }
            let mut chunk = [0; 4096];
            match self.line.read(&mut chunk)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                n => self.buffer.extend_from_slice(&chunk[..n]),
            }
        }
    }
}

fn refusal(body: &ErrorResponseBody) -> io::Result<Answer> {
    let (mut code, mut text) = (String::new(), String::new());
    let mut fields = body.fields();
    while let Some(field) = fields.next()? {
        let value = String::from_utf8_lossy(field.value_bytes()).into_owned();
        match field.type_() {
            b'C' => code = value,
            b'M' => text = value,
            _ => {}
        }
    }
    Ok(match code.as_str() {
        "28P01" | "28000" => Answer::Denied(text),
        "57P03" => Answer::Starting(text),
        _ => Answer::Troubled(text),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fake::Fake;
    use super::*;
    use crate::services::Service;

    fn message(tag: u8, body: &[u8]) -> Vec<u8> {
        let mut bytes = vec![tag];
        bytes.extend(u32::try_from(body.len() + 4).unwrap().to_be_bytes());
        bytes.extend(body);
        bytes
    }

    fn error(code: &str, text: &str) -> Vec<u8> {
        message(b'E', format!("SFATAL\0C{code}\0M{text}\0\0").as_bytes())
    }

    fn answer(replies: &[u8]) -> Answer {
        ask(&Endpoint::guide(Service::Postgres), &mut Fake::new([replies])).unwrap()
    }

    #[test]
    fn a_server_that_trusts_us_is_well_and_names_its_version() {
        let mut replies = message(b'R', &[0, 0, 0, 0]);
        replies.extend(message(b'S', b"server_version\x0015.18 (Debian 15.18-0)\0"));
        replies.extend(message(b'Z', b"I"));
        assert_eq!(answer(&replies), Answer::Well { version: Some("15.18".into()) });
    }

    #[test]
    fn what_the_server_objects_to_is_told_apart_by_its_code() {
        let text = || "no".to_owned();
        assert_eq!(answer(&error("28P01", "no")), Answer::Denied(text()));
        assert_eq!(answer(&error("57P03", "no")), Answer::Starting(text()));
        assert_eq!(answer(&error("3D000", "no")), Answer::Troubled(text()));
    }
}
