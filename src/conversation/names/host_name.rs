//! What can be the name of a host, so that it may stand in place of an address.

use super::NameSource;
use crate::limits::Limits;

/// The name in these bytes, without the root's dot; `None` where it cannot be one of a host.
///
/// It stands where an address would: what could be taken for an address or for more than one word is not let through. Letters of all scripts
/// are, since multicast DNS has them (RFC 6762 section 16).
pub(super) fn from_bytes(bytes: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(bytes).ok()?;
    let name = name.strip_suffix('.').unwrap_or(name);
    let allowed = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
    let sound = !name.is_empty() && name.len() <= Limits::HOST_NAME && !name.starts_with(['.', '-']) && name.chars().all(allowed);
    (sound && !name.split('.').any(str::is_empty) && !ends_in_number(name)).then_some(name)
}

/// Whether the last label is a number: then the name reads as an address, `10.0.0.1` or `0x7f000001` (as URLs are read).
fn ends_in_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    last.bytes().all(|byte| byte.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// The name as it is kept. Of those that mean the same in every case some come in a random one, to prove that the answer fits.
pub(super) fn written(name: &str, source: NameSource) -> Box<str> {
    match source {
        NameSource::Dns | NameSource::ReverseDns | NameSource::ServerName | NameSource::HttpHost => name.to_ascii_lowercase().into(),
        NameSource::Capture | NameSource::MulticastDns | NameSource::LinkLocal | NameSource::NetBios | NameSource::Dhcp => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_hosts_are_let_through() {
        for name in
            ["h1", "www.example.com", "_dns.example", "xn--bcher-kva.example", "b\u{fc}ro.local", "4.130.10.in-addr.arpa", "a1", "0xg"]
        {
            assert_eq!(from_bytes(name.as_bytes()), Some(name));
        }
        assert_eq!(from_bytes(b"example.com."), Some("example.com"));
    }

    #[test]
    fn what_would_read_as_something_else_is_not() {
        let long = "a".repeat(254);
        for name in [
            "",
            ".",
            "..",
            "a..b",
            ".a",
            "-e",
            "10.0.0.1",
            "10.0.0.1.",
            "a.1",
            "2130706433",
            "0x7f000001",
            "::1",
            "a b",
            "a>b",
            "a:80",
            &long,
        ] {
            assert_eq!(from_bytes(name.as_bytes()), None, "{name:?}");
        }
        assert_eq!(from_bytes(b"a\x1b[31m"), None);
        assert_eq!(from_bytes("a\u{202e}b".as_bytes()), None);
        assert_eq!(from_bytes(b"a\xff"), None);
    }

    #[test]
    fn case_is_kept_where_a_host_chose_it() {
        assert_eq!(&*written("wWw.eXample", NameSource::Dns), "www.example");
        assert_eq!(&*written("PC-Anna", NameSource::Dhcp), "PC-Anna");
    }
}
