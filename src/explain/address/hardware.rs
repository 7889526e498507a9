//! Link addresses of 48 bits: what their two flags say, who gave them out, and the ones that have a meaning of their own.

use super::vendor::{Vendor, vendor};
use std::net::Ipv4Addr;

/// A link address taken apart (IEEE 802 section 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hardware {
    /// The address.
    pub address: [u8; 6],
    /// The lowest bit of the first byte: it is for a group of stations.
    pub group: bool,
    /// The second lowest: somebody made it up, no maker gave it out.
    pub local: bool,
    /// Who was given its block.
    pub vendor: Option<Vendor>,
    /// What it means, where it has a meaning of its own.
    pub meaning: Option<Meaning>,
}

/// What a link address means, beyond who gave it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// All zeros: none.
    None,
    /// All ones: every station of the link.
    Broadcast,
    /// 01:00:5e and 23 bits of an IPv4 group; the lowest of the 32 groups that it stands for (RFC 1112 section 6.4).
    Ipv4Group(Ipv4Addr),
    /// 33:33 and the last 32 bits of an IPv6 group (RFC 2464 section 7).
    Ipv6Group([u8; 4]),
    /// One that a protocol or a program is known by.
    Known(&'static Known),
    /// One that a protocol is known by, with a number in its last bits.
    Numbered(&'static Known, u16),
    /// 02:42 and an IPv4 address: how Docker named the ends of its networks for years.
    Container(Ipv4Addr),
}

/// Link addresses that a protocol or a program is known by.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// The address that all of them begin with, zeros behind.
    pub prefix: [u8; 6],
    /// How many bits they have in common.
    pub bits: u8,
    /// Whose it is.
    pub what: &'static str,
    /// What the bits behind say, where they say something.
    pub number: Option<&'static str>,
    /// Where it is specified, or who uses it.
    pub reference: &'static str,
}

const fn known(prefix: [u8; 6], bits: u8, what: &'static str, reference: &'static str) -> Known {
    Known { prefix, bits, what, number: None, reference }
}

const fn numbered(prefix: [u8; 6], bits: u8, what: &'static str, number: &'static str, reference: &'static str) -> Known {
    Known { prefix, bits, what, number: Some(number), reference }
}

/// The known ones; of two that hold an address the first speaks.
#[rustfmt::skip]
pub static KNOWN: &[Known] = &[
    known([0x01, 0x80, 0xc2, 0, 0, 0x00], 48, "all bridges: the spanning tree protocol", "IEEE 802.1Q 8.6.3"),
    known([0x01, 0x80, 0xc2, 0, 0, 0x01], 48, "the neighbour on the cable: PAUSE frames", "IEEE 802.3 31B"),
    known([0x01, 0x80, 0xc2, 0, 0, 0x02], 48, "the neighbour on the cable: slow protocols (link aggregation, LACP)", "IEEE 802.3 57A"),
    known([0x01, 0x80, 0xc2, 0, 0, 0x03], 48, "the nearest port that controls access (802.1X)", "IEEE 802.1X"),
    known([0x01, 0x80, 0xc2, 0, 0, 0x0e], 48, "the nearest bridge: LLDP, by which devices introduce themselves", "IEEE 802.1AB 7.1"),
    known([0x01, 0x80, 0xc2, 0, 0, 0x00], 44, "protocols of the link, which no bridge passes on", "IEEE 802.1Q 8.6.3"),
    known([0x01, 0x00, 0x0c, 0xcc, 0xcc, 0xcc], 48, "Cisco devices: CDP, VTP, UDLD", "Cisco"),
    known([0x01, 0x00, 0x0c, 0xcc, 0xcc, 0xcd], 48, "Cisco bridges: the spanning tree of each VLAN", "Cisco"),
    known([0x01, 0x1b, 0x19, 0, 0, 0], 48, "clocks (PTP)", "IEEE 1588"),
    numbered([0x00, 0x00, 0x5e, 0x00, 0x01, 0], 40, "a virtual router of IPv4 (VRRP), whose owner may change", "virtual router", "RFC 9568 7.3"),
    numbered([0x00, 0x00, 0x5e, 0x00, 0x02, 0], 40, "a virtual router of IPv6 (VRRP), whose owner may change", "virtual router", "RFC 9568 7.3"),
    known([0x00, 0x00, 0x5e, 0x00, 0x53, 0], 40, "an example in documents", "RFC 9542 2.1.2"),
    known([0x01, 0x00, 0x5e, 0x90, 0x10, 0], 40, "a group for examples in documents", "RFC 9542 2.1.2"),
    numbered([0x00, 0x00, 0x0c, 0x07, 0xac, 0], 40, "a virtual router (HSRP), whose owner may change", "group", "RFC 2281"),
    numbered([0x00, 0x00, 0x0c, 0x9f, 0xf0, 0], 36, "a virtual router (HSRP version 2), whose owner may change", "group", "Cisco"),
    numbered([0x00, 0x05, 0x73, 0xa0, 0x00, 0], 36, "a virtual router of IPv6 (HSRP version 2), whose owner may change", "group", "Cisco"),
    known([0x00, 0x07, 0xb4, 0x00, 0, 0], 32, "a virtual router (GLBP), whose owner may change", "Cisco"),
    known([0x52, 0x54, 0x00, 0, 0, 0], 24, "a virtual machine of QEMU and KVM, as they number them", "QEMU"),
    known([0x00, 0x16, 0x3e, 0, 0, 0], 24, "a virtual machine of Xen, as it numbers them", "Xen"),
    known([0x00, 0x50, 0x56, 0, 0, 0], 24, "a virtual machine of VMware", "VMware"),
    known([0x00, 0x0c, 0x29, 0, 0, 0], 24, "a virtual machine of VMware, as it numbers them", "VMware"),
    known([0x00, 0x05, 0x69, 0, 0, 0], 24, "a virtual machine of VMware", "VMware"),
    known([0x08, 0x00, 0x27, 0, 0, 0], 24, "a virtual machine of VirtualBox, as it numbers them", "VirtualBox"),
    known([0x00, 0x15, 0x5d, 0, 0, 0], 24, "a virtual machine of Hyper-V, as it numbers them", "Microsoft"),
    known([0x00, 0x1c, 0x42, 0, 0, 0], 24, "a virtual machine of Parallels, as it numbers them", "Parallels"),
    known([0xee, 0xee, 0xee, 0xee, 0xee, 0xee], 48, "the host's end of a container's cable, as Calico names it", "Calico"),
    known([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff], 48, "the host's end of a virtual machine's cable, as Xen names it", "Xen"),
    known([0xaa, 0x00, 0x04, 0x00, 0, 0], 32, "a DECnet node, whose number stands in the last two bytes", "DECnet phase IV"),
];

impl Known {
    fn holds(&self, address: [u8; 6]) -> bool {
        let shift = 48 - u32::from(self.bits);
        value(address) >> shift == value(self.prefix) >> shift
    }
}

impl Hardware {
    /// Takes an address apart.
    #[must_use]
    pub fn of(address: [u8; 6]) -> Self {
        let [first, ..] = address;
        let group = first & 1 != 0;
        Self {
            address,
            group,
            local: first & 2 != 0,
            // A group's address is its block owner's with the group bit set.
            vendor: vendor(address).or_else(|| vendor(with_first(address, first & !1)).filter(|_| group)),
            meaning: meaning(address),
        }
    }
}

fn with_first(address: [u8; 6], first: u8) -> [u8; 6] {
    let [_, b, c, d, e, f] = address;
    [first, b, c, d, e, f]
}

fn meaning(address: [u8; 6]) -> Option<Meaning> {
    if let Some(known) = KNOWN.iter().find(|known| known.holds(address)) {
        let [.., high, low] = address;
        let behind = u16::from_be_bytes([high, low]) & (((1_u32 << (48 - known.bits).min(16)) - 1) as u16);
        return Some(if known.number.is_some() { Meaning::Numbered(known, behind) } else { Meaning::Known(known) });
    }
    match address {
        [0, 0, 0, 0, 0, 0] => Some(Meaning::None),
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => Some(Meaning::Broadcast),
        [0x01, 0x00, 0x5e, b @ 0..0x80, c, d] => Some(Meaning::Ipv4Group(Ipv4Addr::new(224, b, c, d))),
        [0x33, 0x33, a, b, c, d] => Some(Meaning::Ipv6Group([a, b, c, d])),
        [0x02, 0x42, a, b, c, d] if Ipv4Addr::new(a, b, c, d).is_private() => Some(Meaning::Container(Ipv4Addr::new(a, b, c, d))),
        _ => None,
    }
}

fn value(address: [u8; 6]) -> u64 {
    address.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_vendor_and_meaning() {
        let card = Hardware::of([0x00, 0x1b, 0x21, 0x3c, 0x4d, 0x5e]);
        assert_eq!(
            (card.group, card.local, card.vendor.map(|vendor| vendor.name), card.meaning),
            (false, false, Some("Intel Corporate"), None)
        );
        let made_up = Hardware::of([0x02, 0x00, 0xc0, 0xa8, 0x01, 0x01]);
        assert_eq!((made_up.group, made_up.local, made_up.vendor), (false, true, None));
        let bridges = Hardware::of([0x01, 0x80, 0xc2, 0, 0, 0]);
        assert!(bridges.group && bridges.vendor.is_some());
    }

    #[test]
    fn meanings() {
        let what = |address: [u8; 6]| match meaning(address) {
            Some(Meaning::Known(known)) => known.reference,
            other => panic!("{other:?}"),
        };
        assert_eq!(what([0x01, 0x80, 0xc2, 0, 0, 0x0e]), "IEEE 802.1AB 7.1");
        assert_eq!(what([0x01, 0x80, 0xc2, 0, 0, 0x0f]), "IEEE 802.1Q 8.6.3");
        assert_eq!(meaning([0x01, 0x80, 0xc2, 0, 0, 0x10]), None);
        assert!(matches!(meaning([0x00, 0x00, 0x5e, 0x00, 0x01, 51]), Some(Meaning::Numbered(known, 51)) if known.bits == 40));
        assert!(matches!(meaning([0x00, 0x00, 0x0c, 0x9f, 0xf1, 2]), Some(Meaning::Numbered(_, 0x102))));
        assert_eq!(meaning([0x01, 0x00, 0x5e, 0x7f, 0xff, 0xfa]), Some(Meaning::Ipv4Group(Ipv4Addr::new(224, 127, 255, 250))));
        assert_eq!(meaning([0x01, 0x00, 0x5e, 0x80, 0, 1]), None);
        assert_eq!(meaning([0x33, 0x33, 0xff, 0x28, 0x9c, 0x5a]), Some(Meaning::Ipv6Group([0xff, 0x28, 0x9c, 0x5a])));
        assert_eq!(meaning([0x02, 0x42, 172, 17, 0, 2]), Some(Meaning::Container(Ipv4Addr::new(172, 17, 0, 2))));
        assert_eq!(meaning([0x02, 0x42, 8, 8, 8, 8]), None);
        assert_eq!((meaning([0; 6]), meaning([0xff; 6])), (Some(Meaning::None), Some(Meaning::Broadcast)));
    }

    #[test]
    fn the_known_have_nothing_behind_their_prefix() {
        for known in KNOWN {
            assert_eq!(value(known.prefix) & ((1 << (48 - known.bits)) - 1), 0, "{}", known.what);
        }
    }
}
