//! Who logs in, where everybody on the way can read it.

use crate::conversation::body::{Bodies, sniff};
use crate::conversation::http1::{Exchange, Message, form_decoded};
use crate::conversation::text::base64;

/// Names of fields whose value is a password.
const PASSWORDS: [&[u8]; 7] = [b"password", b"passwd", b"passwort", b"pwd", b"pass", b"user_password", b"passphrase"];

/// What somebody logs in with. The password itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// A name and a password (RFC 7617), in base64, which anybody can undo.
    Basic {
        /// Who it is.
        user: Box<[u8]>,
        /// Characters of the password.
        password: u64,
        /// Whether it is for a proxy.
        proxy: bool,
    },
    /// A token (RFC 6750): who has it is let in.
    Token {
        /// Its characters.
        length: u64,
    },
    /// A form with a password.
    Form {
        /// The name of the field.
        field: Box<[u8]>,
    },
    /// A password in the URL.
    Query {
        /// The name of the field.
        field: Box<[u8]>,
    },
}

impl Credentials {
    /// The word for it, for programs.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Basic { proxy: false, .. } => "basic",
            Self::Basic { proxy: true, .. } => "proxy-basic",
            Self::Token { .. } => "bearer",
            Self::Form { .. } => "form",
            Self::Query { .. } => "query",
        }
    }
}

/// What a request logs in with.
pub(super) fn credentials(exchange: &Exchange, bodies: &Bodies) -> Option<Credentials> {
    let request = exchange.request.as_ref()?;
    let header = |name: &str, proxy| request.head.get(name).and_then(|value| of_header(value, proxy));
    header("authorization", false).or_else(|| header("proxy-authorization", true)).or_else(|| of_form(request, bodies)).or_else(|| {
        let query = exchange.url()?.query?;
        password_field(query).map(|field| Credentials::Query { field })
    })
}

fn of_header(value: &[u8], proxy: bool) -> Option<Credentials> {
    let mut words = value.splitn(2, |byte| *byte == b' ');
    let (scheme, rest) = (words.next()?, words.next()?.trim_ascii());
    if scheme.eq_ignore_ascii_case(b"basic") {
        let plain = base64::decode(rest)?;
        let colon = plain.iter().position(|byte| *byte == b':')?;
        let (user, password) = plain.split_at_checked(colon)?;
        return Some(Credentials::Basic { user: user.into(), password: password.len().saturating_sub(1) as u64, proxy });
    }
    (scheme.eq_ignore_ascii_case(b"bearer") && !rest.is_empty()).then_some(Credentials::Token { length: rest.len() as u64 })
}

fn of_form(request: &Message, bodies: &Bodies) -> Option<Credentials> {
    let kind = sniff::essence(request.head.get("content-type")?);
    let is_form = kind.eq_ignore_ascii_case(b"application/x-www-form-urlencoded");
    let body = bodies.request.as_ref().filter(|_| is_form)?;
    password_field(&body.bytes).map(|field| Credentials::Form { field })
}

/// The first field of a form that holds a password, and is not empty.
fn password_field(form: &[u8]) -> Option<Box<[u8]>> {
    form.split(|byte| *byte == b'&').filter_map(password_name).map(|name| form_decoded(name).as_ref().into()).next()
}

/// The name of a field, as it is written, where its value is a password and not empty.
fn password_name(pair: &[u8]) -> Option<&[u8]> {
    let equals = pair.iter().position(|byte| *byte == b'=')?;
    let (name, value) = pair.split_at_checked(equals)?;
    let decoded = form_decoded(name);
    let is_password = PASSWORDS.iter().any(|password| decoded.eq_ignore_ascii_case(password));
    (is_password && value.len() > 1).then_some(name)
}

/// A URL, or the target of a request, with two dots in the place of each password in it: behind the user's name (RFC 3986 section 3.2.1) and in
/// the query.
pub(crate) fn without_passwords(url: &[u8]) -> Vec<u8> {
    const HIDDEN: &[u8] = b"..";
    let mark = url.iter().position(|byte| *byte == b'?').unwrap_or(url.len());
    let (front, behind) = url.split_at(mark);
    let mut out = without_user_password(front, HIDDEN);
    let end = behind.iter().position(|byte| *byte == b'#').unwrap_or(behind.len());
    let (query, fragment) = behind.split_at(end);
    let pairs = query.strip_prefix(b"?").into_iter().flat_map(|query| query.split(|byte| *byte == b'&'));
    for (place, pair) in pairs.enumerate() {
        out.push(if place == 0 { b'?' } else { b'&' });
        match password_name(pair) {
            Some(name) => out.extend([name, b"=", HIDDEN].concat()),
            None => out.extend_from_slice(pair),
        }
    }
    out.extend_from_slice(fragment);
    out
}

/// The front of a URL, up to its query, without the password of a user.
fn without_user_password(front: &[u8], hidden: &[u8]) -> Vec<u8> {
    let authority = front.windows(3).position(|three| three == b"://").map(|place| place + 3);
    let found = authority.and_then(|start| {
        let length = front.get(start..)?.iter().position(|byte| *byte == b'/').unwrap_or(front.len() - start);
        let (authority, path) = front.get(start..)?.split_at_checked(length)?;
        let at = authority.iter().rposition(|byte| *byte == b'@')?;
        let colon = authority.get(..at)?.iter().position(|byte| *byte == b':')?;
        Some([front.get(..=start + colon)?, hidden, authority.get(at..)?, path].concat())
    });
    found.unwrap_or_else(|| front.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_url_all_is_told_but_its_passwords() {
        for (url, told) in [
            ("http://h/login?user=ann&password=secret&x=1#top", "http://h/login?user=ann&password=..&x=1#top"),
            ("/login?PASS%57ORD=a?b&pwd=", "/login?PASS%57ORD=..&pwd="),
            ("http://ann:secret@h:80/a@b:c?q=p:w@x", "http://ann:..@h:80/a@b:c?q=p:w@x"),
            ("http://ann@h:80/?compass=north", "http://ann@h:80/?compass=north"),
            ("http://h?password=1", "http://h?password=.."),
            ("/a?b?c&d&", "/a?b?c&d&"),
            ("*", "*"),
            ("", ""),
        ] {
            assert_eq!(String::from_utf8_lossy(&without_passwords(url.as_bytes())), told, "{url}");
        }
    }
}
