//! A URL taken apart (RFC 3986 section 3), as bytes.

use super::Message;
use crate::conversation::Endpoint;
use std::borrow::Cow;
use std::net::IpAddr;

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host<'a> {
    /// As the request names it: a name, an address, brackets included.
    Named(&'a [u8]),
    /// The request names nobody: the address it was sent to.
    Address(IpAddr),
}

/// A URL taken apart; all parts as they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// `http`, unless the target names another one; empty for CONNECT, whose target is only an authority.
    pub scheme: &'a [u8],
    /// Name and password before an `@`.
    pub user: Option<&'a [u8]>,
    /// Who is asked.
    pub host: Host<'a>,
    /// The port, as it was written.
    pub port: Option<&'a [u8]>,
    /// The port it was sent to, where the request names neither a host nor a port and it is not 80.
    pub sent_to_port: Option<u16>,
    /// The path, with its first slash; `*` of OPTIONS.
    pub path: &'a [u8],
    /// What stands behind `?`.
    pub query: Option<&'a [u8]>,
    /// What stands behind `#`, which no client should send.
    pub fragment: Option<&'a [u8]>,
}

impl<'a> Url<'a> {
    /// From a request's target and its Host; `server` is where it was sent to (RFC 9112 section 3.3).
    #[must_use]
    pub fn of_request(request: &'a Message, server: &Endpoint) -> Self {
        let target = request.target();
        let host = request.head.get("host").filter(|host| !host.is_empty());
        let (scheme, authority, rest) = if request.method().eq_ignore_ascii_case(b"CONNECT") {
            (&b""[..], Some(target).filter(|target| !target.is_empty()), &b""[..])
        } else if let Some((scheme, authority, rest)) = absolute(target) {
            (scheme, Some(authority).filter(|authority| !authority.is_empty()).or(host), rest)
        } else {
            (&b"http"[..], host, target)
        };
        let (user, named, port) = authority.map_or((None, None, None), |authority| {
            let (user, place) = match split_last(authority, b'@') {
                Some((user, place)) => (Some(user), place),
                None => (None, authority),
            };
            let (name, port) = host_and_port(place);
            (user, Some(name), port)
        });
        let (rest, fragment) = split_first(rest, b'#');
        let (path, query) = split_first(rest, b'?');
        Self {
            scheme,
            user,
            host: named.map_or(Host::Address(server.address), Host::Named),
            port,
            sent_to_port: Some(server.port).filter(|port| named.is_none() && *port != 80),
            path,
            query,
            fragment,
        }
    }

    /// The parameters of the query in order, decoded: name and value; no value where there is no `=`.
    pub fn parameters(&self) -> impl Iterator<Item = (Cow<'a, [u8]>, Option<Cow<'a, [u8]>>)> + use<'a> {
        let parts = self.query.unwrap_or_default().split(|byte| *byte == b'&').filter(|part| !part.is_empty());
        parts.map(|part| {
            let (name, value) = split_first(part, b'=');
            (form_decoded(name), value.map(form_decoded))
        })
    }

    /// The path with its percent-encoded bytes decoded (RFC 3986 section 2.1). What is not two hexadecimal digits stays as it is.
    #[must_use]
    pub fn decoded_path(&self) -> Cow<'a, [u8]> {
        decoded(self.path, false)
    }
}

/// Scheme, authority and the rest of an absolute form (RFC 9112 section 3.2.2).
fn absolute(target: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (scheme, rest) = split_first(target, b':');
    let rest = rest?.strip_prefix(b"//")?;
    let is_scheme = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at_checked(end)?;
    is_scheme.then_some((scheme, authority, rest))
}

/// The port stands behind the last colon that is not inside brackets (an IPv6 address).
fn host_and_port(place: &[u8]) -> (&[u8], Option<&[u8]>) {
    match split_last(place, b':') {
        Some((host, port)) if !port.contains(&b']') => (host, Some(port).filter(|port| !port.is_empty())),
        Some(_) | None => (place, None),
    }
}

fn split_first(bytes: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    let mut parts = bytes.splitn(2, |byte| *byte == at);
    (parts.next().unwrap_or_default(), parts.next())
}

fn split_last(bytes: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let mut parts = bytes.rsplitn(2, |byte| *byte == at);
    let last = parts.next()?;
    Some((parts.next()?, last))
}

/// As in a form (`application/x-www-form-urlencoded`): percent-encoded, and `+` is a space.
#[must_use]
pub fn form_decoded(bytes: &[u8]) -> Cow<'_, [u8]> {
    decoded(bytes, true)
}

fn decoded(bytes: &[u8], plus: bool) -> Cow<'_, [u8]> {
    if !bytes.iter().any(|byte| *byte == b'%' || plus && *byte == b'+') {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = after;
        match (*first, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push(digit(*high) << 4 | digit(*low));
                rest = after;
            }
            (b'+', _) if plus => out.push(b' '),
            (byte, _) => out.push(byte),
        }
    }
    Cow::Owned(out)
}

fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte.saturating_sub(b'0'),
        b'a'..=b'f' => byte.saturating_sub(b'a').saturating_add(10),
        b'A'..=b'F' => byte.saturating_sub(b'A').saturating_add(10),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Head;
    use super::*;
    use proptest::prelude::*;
    use std::net::Ipv4Addr;

    fn message(head: &str) -> Message {
        Message { head: Head::parse(head.as_bytes().into(), 1_000).0, ..Message::default() }
    }

    const SERVER: Endpoint = Endpoint { address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), port: 8080 };

    #[test]
    fn each_form_of_target_is_taken_apart() {
        type Row = (&'static str, &'static str, Host<'static>, Option<&'static str>, &'static str, Option<&'static str>);
        let named = |name: &'static str| Host::Named(name.as_bytes());
        let rows: [Row; 9] = [
            ("GET /a/b?c=d HTTP/1.1\r\nHost: example.com\r\n\r\n", "http", named("example.com"), None, "/a/b", Some("c=d")),
            ("GET / HTTP/1.1\r\nHost: example.com:81\r\n\r\n", "http", named("example.com"), Some("81"), "/", None),
            ("GET / HTTP/1.1\r\nHost: [2001:db8::1]\r\n\r\n", "http", named("[2001:db8::1]"), None, "/", None),
            ("GET / HTTP/1.1\r\nHost: [2001:db8::1]:81\r\n\r\n", "http", named("[2001:db8::1]"), Some("81"), "/", None),
            ("GET ftp://h/p HTTP/1.1\r\nHost: other\r\n\r\n", "ftp", named("h"), None, "/p", None),
            ("GET http://h:8?q HTTP/1.1\r\n\r\n", "http", named("h"), Some("8"), "", Some("q")),
            ("CONNECT h:443 HTTP/1.1\r\nHost: other\r\n\r\n", "", named("h"), Some("443"), "", None),
            ("OPTIONS * HTTP/1.0\r\n\r\n", "http", Host::Address(SERVER.address), None, "*", None),
            ("GET /?u=http://x/y HTTP/1.0\r\nHost: h\r\n\r\n", "http", named("h"), None, "/", Some("u=http://x/y")),
        ];
        for (head, scheme, host, port, path, query) in rows {
            let message = message(head);
            let url = Url::of_request(&message, &SERVER);
            let got = (url.scheme, url.host, url.port, url.path, url.query);
            assert_eq!(got, (scheme.as_bytes(), host, port.map(str::as_bytes), path.as_bytes(), query.map(str::as_bytes)), "{head}");
            assert_eq!(url.sent_to_port, (host == Host::Address(SERVER.address)).then_some(8080), "{head}");
        }
    }

    #[test]
    fn user_and_fragment() {
        let message = message("GET http://me:secret@h/a#b?c HTTP/1.1\r\n\r\n");
        let url = Url::of_request(&message, &SERVER);
        assert_eq!((url.user, url.host, url.path), (Some(&b"me:secret"[..]), Host::Named(b"h"), &b"/a"[..]));
        assert_eq!((url.query, url.fragment), (None, Some(&b"b?c"[..])));
    }

    #[test]
    fn parameters_are_decoded() {
        let message = message("GET /%7Ea%2?address=207+N.+Defiance&x=%e5%9c%b0%zz&&flag&e= HTTP/1.1\r\nHost: h\r\n\r\n");
        let url = Url::of_request(&message, &SERVER);
        let got: Vec<_> = url.parameters().map(|(name, value)| (name.into_owned(), value.map(Cow::into_owned))).collect();
        let want: [(&[u8], Option<&[u8]>); 4] =
            [(b"address", Some(b"207 N. Defiance")), (b"x", Some("地%zz".as_bytes())), (b"flag", None), (b"e", Some(b""))];
        assert_eq!(got, want.map(|(name, value)| (name.to_vec(), value.map(<[u8]>::to_vec))));
        assert_eq!(&*url.decoded_path(), b"/~a%2");
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(bytes: Vec<u8>) {
            let encoded: Vec<u8> = bytes.iter().flat_map(|byte| [b'%', b"0123456789ABCDEF"[usize::from(byte >> 4)], b"0123456789abcdef"[usize::from(byte & 15)]]).collect();
            prop_assert_eq!(&*form_decoded(&encoded), bytes);
        }
    }
}
