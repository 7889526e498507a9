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
    form.split(|byte| *byte == b'&').find_map(|pair| {
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        let (name, value) = pair.split_at_checked(equals)?;
        let name = form_decoded(name);
        let is_password = PASSWORDS.iter().any(|password| name.eq_ignore_ascii_case(password));
        (is_password && value.len() > 1).then(|| name.as_ref().into())
    })
}
