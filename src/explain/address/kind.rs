//! What kind of address it is: by the registry's row, or by what the registries are silent about.

use super::special::{Purpose, Special, special};
use std::net::{IpAddr, Ipv4Addr};

/// What kind of address it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of a special-purpose registry.
    Special(&'static Special),
    /// A group of hosts.
    Multicast,
    /// `::a.b.c.d`, a tunnel that is given up (RFC 4291 section 2.5.5.1).
    Ipv4Compatible,
    /// fec0::/10, given up (RFC 3879).
    SiteLocal,
    /// An address of one host in the world.
    Global,
    /// IPv6 beyond 2000::/3, of which nothing was given out (RFC 4291 section 2.4).
    Unassigned,
}

/// The kind of an address.
#[must_use]
pub fn kind(address: IpAddr) -> Kind {
    if let Some(row) = special(address) {
        return Kind::Special(row);
    }
    match address {
        address if address.is_multicast() => Kind::Multicast,
        IpAddr::V4(_) => Kind::Global,
        IpAddr::V6(address) => match address.segments() {
            [0, 0, 0, 0, 0, 0, _, _] => Kind::Ipv4Compatible,
            [0xfec0..=0xfeff, ..] => Kind::SiteLocal,
            [0x2000..=0x3fff, ..] => Kind::Global,
            _ => Kind::Unassigned,
        },
    }
}

impl Kind {
    /// What it is for, where it is of a registry.
    #[must_use]
    pub fn purpose(self) -> Option<Purpose> {
        match self {
            Self::Special(row) => Some(row.purpose),
            Self::Multicast | Self::Ipv4Compatible | Self::SiteLocal | Self::Global | Self::Unassigned => None,
        }
    }
}

/// The class of an IPv4 address, by which its network's length was known before there were masks (RFC 791 section 3.2), and that length.
#[must_use]
pub fn class(address: Ipv4Addr) -> (&'static str, Option<u8>) {
    match address.octets()[0] {
        0..=127 => ("A", Some(8)),
        128..=191 => ("B", Some(16)),
        192..=223 => ("C", Some(24)),
        224..=239 => ("D", None),
        240..=255 => ("E", None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_of_a_kind() {
        let kind = |text: &str| kind(text.parse().expect("an address"));
        assert_eq!(kind("10.1.2.3").purpose(), Some(Purpose::Private));
        assert_eq!(kind("255.255.255.255").purpose(), Some(Purpose::LimitedBroadcast));
        assert_eq!(kind("2001:db8::1").purpose(), Some(Purpose::Documentation));
        assert_eq!([kind("8.8.8.8"), kind("2606:4700::1111"), kind("2001:200::1")], [Kind::Global; 3]);
        assert_eq!([kind("224.0.0.1"), kind("ff02::1")], [Kind::Multicast; 2]);
        assert_eq!([kind("::192.0.2.1"), kind("fec0::1")], [Kind::Ipv4Compatible, Kind::SiteLocal]);
        assert_eq!([kind("4000::1"), kind("1::1"), kind("fe00::1")], [Kind::Unassigned; 3]);
    }

    #[test]
    fn classes_of_old() {
        let classes = [0, 127, 128, 191, 192, 223, 224, 239, 240, 255].map(|first| class(Ipv4Addr::new(first, 0, 0, 0)).0);
        assert_eq!(classes, ["A", "A", "B", "B", "C", "C", "D", "D", "E", "E"]);
    }
}
