//! Where a service is: the address that `--url` gives.

/// An address of HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Whether it is HTTPS, which only k6 speaks here.
    pub is_secure: bool,
    /// The host, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The path before that of every request, without a slash at its end: mostly empty.
    pub base: String,
}

impl Address {
    /// Reads `http://localhost:8080/v1`; none where it is no such address.
    pub fn parse(url: &str) -> Option<Address> {
        let (is_secure, rest) = match (url.strip_prefix("http://"), url.strip_prefix("https://")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => return None,
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, base) = rest.split_at(end);
        let (host, port) = match authority.strip_prefix('[') {
            Some(six) => {
                let (host, after) = six.split_once(']')?;
                (host, if after.is_empty() { None } else { Some(after.strip_prefix(':')?) })
            }
            None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
        };
        let port = match port {
            Some(port) => port.parse().ok().filter(|p| *p != 0)?,
            None if is_secure => 443,
            None => 80,
        };
        let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_graphic());
        let is_host = !host.is_empty() && is_plain(host) && !host.contains('@');
        let is_base = is_plain(base) && !base.contains(['?', '#']);
        let base = base.trim_end_matches('/').to_owned();
        (is_host && is_base).then(|| Address { is_secure, host: host.to_owned(), port, base })
    }

    /// What stands for it in a script that names a fixed address.
    pub fn port_in_text(&self) -> String {
        format!(":{}", self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_scheme_host_port_and_base() {
        let read = |url: &str| Address::parse(url).map(|a| (a.is_secure, a.host, a.port, a.base));
        assert_eq!(read("http://localhost:8080"), Some((false, "localhost".into(), 8080, String::new())));
        assert_eq!(read("https://example.com/v1/"), Some((true, "example.com".into(), 443, "/v1".into())));
        assert_eq!(read("http://[::1]:3000"), Some((false, "::1".into(), 3000, String::new())));
        assert_eq!(read("http://example.com/"), Some((false, "example.com".into(), 80, String::new())));
    }

    #[test]
    fn what_is_no_address_is_none() {
        for url in [
            "localhost:8080",
            "http://",
            "http://h:0",
            "http://h:x",
            "http://h:99999",
            "ftp://h",
            "http://h/\n",
            "http://[::1",
            "http://h?x",
        ] {
            assert_eq!(Address::parse(url), None, "{url}");
        }
    }
}
