//! Redis: `AUTH` where there is a password, `PING`, and `INFO` for the version.

use super::{Answer, LARGEST, another};
use crate::services::Endpoint;
use std::io::{self, Read, Write};

/// Talks to Redis as `endpoint` would have it.
pub(super) fn ask(endpoint: &Endpoint, line: &mut (impl Read + Write)) -> io::Result<Answer> {
    if !endpoint.password.is_empty() {
        let words = ["AUTH", endpoint.user.as_str(), endpoint.password.as_str()];
        let without_user = ["AUTH", endpoint.password.as_str()];
        let said = say(line, if endpoint.user.is_empty() { &without_user } else { &words })?;
        if !said.starts_with(b"+OK") {
            return Ok(refusal(&said));
        }
    }
    let said = say(line, &["PING"])?;
    if !said.starts_with(b"+PONG") {
        return Ok(refusal(&said));
    }
    let said = say(line, &["INFO", "server"])?;
    let Some(length) = said.strip_prefix(b"$").and_then(|n| std::str::from_utf8(n).ok()?.parse::<usize>().ok()) else {
        return Ok(Answer::Well { version: None });
    };
    let text = super::exactly(line, length)?;
    let text = String::from_utf8_lossy(&text);
    let version = text.lines().find_map(|l| l.strip_prefix("redis_version:")).map(|v| v.trim().to_owned());
    Ok(Answer::Well { version })
}

fn refusal(said: &[u8]) -> Answer {
    let Some(error) = said.strip_prefix(b"-") else { return another(said) };
    let text = String::from_utf8_lossy(error).into_owned();
    match text.split(' ').next().unwrap_or_default() {
        "NOAUTH" | "WRONGPASS" | "NOPERM" => Answer::Denied(text),
        "LOADING" | "BUSY" => Answer::Starting(text),
        _ if text.contains("AUTH") || text.contains("password") => Answer::Denied(text),
        _ => Answer::Troubled(text),
    }
}

/// Sends a command and reads the first line of what it says, without its end.
fn say(line: &mut (impl Read + Write), words: &[&str]) -> io::Result<Vec<u8>> {
    let mut command = format!("*{}\r\n", words.len());
    for word in words {
        command.push_str(&format!("${}\r\n{word}\r\n", word.len()));
    }
    line.write_all(command.as_bytes())?;
    let mut said = Vec::new();
    let mut byte = [0];
    while !said.ends_with(b"\r\n") {
        if said.len() > LARGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it says something else"));
        }
        line.read_exact(&mut byte)?;
        said.push(byte[0]);
    }
    said.truncate(said.len() - 2);
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::super::fake::Fake;
    use super::*;
    use crate::services::Service;

    #[test]
    fn a_pong_is_well_and_info_names_the_version() {
        let info = b"$40\r\n# Server\r\nredis_version:7.0.15\r\nother:1\r\n\r\n".as_slice();
        let mut fake = Fake::new([b"+PONG\r\n".as_slice(), info]);
        let answer = ask(&Endpoint::guide(Service::Redis), &mut fake).unwrap();
        assert_eq!(answer, Answer::Well { version: Some("7.0.15".into()) });
        assert!(fake.heard.starts_with(b"*1\r\n$4\r\nPING\r\n"));
    }

    #[test]
    fn a_password_that_is_missing_or_wrong_is_a_denial_in_the_servers_words() {
        let mut fake = Fake::new([b"-NOAUTH Authentication required.\r\n".as_slice()]);
        let answer = ask(&Endpoint::guide(Service::Redis), &mut fake).unwrap();
        assert_eq!(answer, Answer::Denied("NOAUTH Authentication required.".into()));
        let endpoint = Endpoint { password: "wrong".into(), ..Endpoint::guide(Service::Redis) };
        let mut fake = Fake::new([b"-WRONGPASS invalid username-password pair\r\n".as_slice()]);
        assert!(matches!(ask(&endpoint, &mut fake).unwrap(), Answer::Denied(_)));
    }

    #[test]
    fn a_server_that_loads_its_data_is_starting() {
        let mut fake = Fake::new([b"-LOADING Redis is loading the dataset in memory\r\n".as_slice()]);
        assert!(matches!(ask(&Endpoint::guide(Service::Redis), &mut fake).unwrap(), Answer::Starting(_)));
    }
}
