//! Names that stand for addresses: `4.1.130.10.in-addr.arpa` (RFC 1035 section 3.5), and of IPv6 the 32 digits under `ip6.arpa` (RFC 3596
//! section 2.5).

use std::net::IpAddr;

/// The address that a name stands for.
#[must_use]
pub fn address(name: &[u8]) -> Option<IpAddr> {
    let name = std::str::from_utf8(name).ok()?;
    if let Some(octets) = strip_end(name, ".in-addr.arpa") {
        let mut labels = octets.split('.').rev();
        let mut address = [0u8; 4];
        for place in &mut address {
            let label = labels.next()?;
            *place = label.parse().ok().filter(|_| label.bytes().all(|byte| byte.is_ascii_digit()))?;
        }
        return labels.next().is_none().then_some(address.into());
    }
    let mut labels = strip_end(name, ".ip6.arpa")?.split('.').rev();
    let mut address = [0u8; 16];
    for place in &mut address {
        *place = digit(labels.next()?)? << 4 | digit(labels.next()?)?;
    }
    labels.next().is_none().then_some(address.into())
}

fn digit(label: &str) -> Option<u8> {
    let mut characters = label.chars();
    let digit = characters.next()?.to_digit(16)?;
    u8::try_from(digit).ok().filter(|_| characters.next().is_none())
}

/// The name without its end, whatever case that is written in.
fn strip_end<'a>(name: &'a str, end: &str) -> Option<&'a str> {
    let (before, last) = name.split_at_checked(name.len().checked_sub(end.len())?)?;
    last.eq_ignore_ascii_case(end).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_backwards() {
        assert_eq!(address(b"4.1.130.10.IN-ADDR.arpa"), Some([10, 130, 1, 4].into()));
        let name = b"b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";
        assert_eq!(address(name), "2001:db8::567:89ab".parse().ok());
    }

    #[test]
    fn what_is_no_whole_address_is_none() {
        for name in [
            "1.130.10.in-addr.arpa",
            "9.4.1.130.10.in-addr.arpa",
            "256.1.130.10.in-addr.arpa",
            "+4.1.130.10.in-addr.arpa",
            "8.b.d.0.ip6.arpa",
            "in-addr.arpa",
            "x",
            "",
        ] {
            assert_eq!(address(name.as_bytes()), None, "{name}");
        }
        let long = b"0.b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";
        assert_eq!(address(long), None);
    }
}
