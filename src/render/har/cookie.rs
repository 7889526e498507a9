//! Cookies (RFC 6265), as they were sent.

/// The cookies of a `Cookie` header: name and value.
pub(super) fn sent(header: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    header.split(|byte| *byte == b';').map(<[u8]>::trim_ascii).filter(|pair| !pair.is_empty()).map(name_and_value)
}

/// The cookie of a `Set-Cookie` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Given<'a> {
    pub(super) name: &'a [u8],
    pub(super) value: &'a [u8],
    pub(super) path: Option<&'a [u8]>,
    pub(super) domain: Option<&'a [u8]>,
    pub(super) http_only: bool,
    pub(super) secure: bool,
}

impl<'a> Given<'a> {
    pub(super) fn parse(header: &'a [u8]) -> Self {
        let mut parts = header.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let (name, value) = parts.next().map(name_and_value).unwrap_or_default();
        let mut cookie = Self { name, value, ..Self::default() };
        for part in parts {
            let (name, value) = name_and_value(part);
            match name.to_ascii_lowercase().as_slice() {
                b"path" => cookie.path = Some(value),
                b"domain" => cookie.domain = Some(value),
                b"httponly" => cookie.http_only = true,
                b"secure" => cookie.secure = true,
                _ => {}
            }
        }
        cookie
    }
}

fn name_and_value(pair: &[u8]) -> (&[u8], &[u8]) {
    let mut parts = pair.splitn(2, |byte| *byte == b'=');
    let [name, value] = [parts.next(), parts.next()].map(|part| part.unwrap_or_default().trim_ascii());
    (name, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_of_both_headers() {
        assert!(sent(b"a=1; b=x=y; ; c").eq([(&b"a"[..], &b"1"[..]), (b"b", b"x=y"), (b"c", b"")]));
        let given = Given::parse(b"id=7; Path=/; HttpOnly; Expires=Wed, 21 Oct 2026 07:28:00 GMT; SECURE");
        assert_eq!(given, Given { name: b"id", value: b"7", path: Some(b"/"), domain: None, http_only: true, secure: true });
        assert_eq!(Given::parse(b""), Given::default());
    }
}
