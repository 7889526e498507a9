//! The network layer and what reports on it.

pub mod ipv4;

/// The name of an IP protocol number, by IANA's keyword.
#[must_use]
pub fn ip_protocol_name(number: u64) -> Option<&'static str> {
    etherparse::IpNumber(u8::try_from(number).ok()?).keyword_str()
}
