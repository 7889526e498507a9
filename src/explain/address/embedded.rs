//! What other addresses stand in an IPv6 address.

use ipnet::Ipv6Net;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Something that an IPv6 address was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedded {
    /// `::ffff:a.b.c.d`: how a program that speaks IPv6 sees an IPv4 address (RFC 4291 section 2.5.5.2).
    Ipv4Mapped(Ipv4Addr),
    /// `::a.b.c.d`: an automatic tunnel, which is given up (RFC 4291 section 2.5.5.1).
    Ipv4Compatible(Ipv4Addr),
    /// `::ffff:0:a.b.c.d`: a translator of the first kind, which is given up (RFC 2765 section 2.1).
    Ipv4Translated(Ipv4Addr),
    /// An IPv4 host behind a translator (RFC 6052 section 2.2).
    Translated {
        /// The translator's prefix.
        prefix: Ipv6Net,
        /// The host.
        address: Ipv4Addr,
        /// Whether the prefix's length is known, and not merely possible.
        certain: bool,
    },
    /// 6to4: the site behind a router that has an IPv4 address (RFC 3056 section 2).
    SixToFour {
        /// The router.
        router: Ipv4Addr,
        /// The subnet behind it.
        subnet: u16,
    },
    /// Teredo: a host behind an address translator (RFC 4380 section 4).
    Teredo {
        /// The server that it asked.
        server: Ipv4Addr,
        /// The flags; 0x8000 (behind a cone translator) is not set any more (RFC 5991 section 3).
        flags: u16,
        /// The port that its translator uses for it, its obfuscation taken off.
        port: u16,
        /// The address of its translator, its obfuscation taken off.
        client: Ipv4Addr,
    },
    /// ISATAP: a host that reaches IPv6 through a site's IPv4 (RFC 5214 section 6.1).
    Isatap {
        /// Its IPv4 address.
        address: Ipv4Addr,
        /// Whether it says that the address is unique in the world.
        unique: bool,
    },
    /// A link address of 48 bits: ff:fe in its middle, its universal/local bit flipped (RFC 4291 appendix A).
    LinkAddress([u8; 6]),
    /// The unicast prefix that a group was made from (RFC 3306 section 4).
    GroupPrefix(Ipv6Net),
    /// The router at which a group's sources and listeners meet (RFC 3956 section 3).
    RendezvousPoint(Ipv6Addr),
}

/// The translation prefix that everybody knows (RFC 6052 section 2.1).
pub const WELL_KNOWN_PREFIX: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);
/// The prefix whose parts a network may use for its own translators (RFC 8215).
pub const LOCAL_PREFIX: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48);

/// The IPv4 address that a translator of this prefix finds in an address: none where the prefix has another length than the six that there
/// are, does not hold the address, or where bits that must be zero are not (RFC 6052 section 2.2).
#[must_use]
pub fn translated(prefix: Ipv6Net, address: Ipv6Addr) -> Option<Ipv4Addr> {
    if !prefix.contains(&address) {
        return None;
    }
    let octets = address.octets();
    let [.., a, b, c, d] = octets;
    if prefix.prefix_len() == 96 {
        return Some(Ipv4Addr::new(a, b, c, d));
    }
    let start = match prefix.prefix_len() {
        32 | 40 | 48 | 56 | 64 => usize::from(prefix.prefix_len() / 8),
        _ => return None,
    };
    // Byte 8 stands between them, and is zero.
    let mut bytes = octets.iter().enumerate().skip(start).filter(|(place, _)| *place != 8).map(|(_, byte)| *byte);
    let found = Ipv4Addr::new(bytes.next()?, bytes.next()?, bytes.next()?, bytes.next()?);
    (octets[8] == 0 && bytes.all(|byte| byte == 0)).then_some(found)
}

/// All that stands in an address, the outermost first.
#[must_use]
pub fn embedded(address: Ipv6Addr) -> Vec<Embedded> {
    let (segments, octets) = (address.segments(), address.octets());
    let [.., a, b, c, d] = octets;
    let last = Ipv4Addr::new(a, b, c, d);
    let mut found = Vec::new();
    match segments {
        [0, 0, 0, 0, 0, 0xffff, _, _] => found.push(Embedded::Ipv4Mapped(last)),
        [0, 0, 0, 0, 0xffff, 0, _, _] => found.push(Embedded::Ipv4Translated(last)),
        [0, 0, 0, 0, 0, 0, high, _] if high != 0 => found.push(Embedded::Ipv4Compatible(last)),
        [0x2002, high, low, subnet, ..] => {
            let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
            found.push(Embedded::SixToFour { router: Ipv4Addr::new(a, b, c, d), subnet });
        }
        [0x2001, 0, high, low, flags, port, ..] => {
            let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
            let client = Ipv4Addr::from(!u32::from(last));
            found.push(Embedded::Teredo { server: Ipv4Addr::new(a, b, c, d), flags, port: !port, client });
        }
        [0xff00..=0xffff, ..] => found.extend(in_group(segments)),
        _ => {}
    }
    if let Some(address) = translated(WELL_KNOWN_PREFIX, address) {
        found.push(Embedded::Translated { prefix: WELL_KNOWN_PREFIX, address, certain: true });
    } else if LOCAL_PREFIX.contains(&address) {
        found.extend(local_translations(address));
    }
    // Groups, and addresses that begin with three zero bits, have no interface identifier of this form (RFC 4291 section 2.5.1).
    let has_identifier = octets[0] >= 0x20 && octets[0] != 0xff && !matches!(segments, [0x2001, 0, ..]);
    match octets {
        [_, _, _, _, _, _, _, _, first, e, f, 0xff, 0xfe, x, y, z] if has_identifier => {
            found.push(Embedded::LinkAddress([first ^ 2, e, f, x, y, z]));
        }
        [_, _, _, _, _, _, _, _, unique @ (0 | 2), 0, 0x5e, 0xfe, ..] if has_identifier => {
            found.push(Embedded::Isatap { address: last, unique: unique == 2 });
        }
        _ => {}
    }
    found
}

/// What a translator of the own network may mean: which length its prefix has cannot be seen, so each is given that leaves the bits behind
/// zero.
fn local_translations(address: Ipv6Addr) -> impl Iterator<Item = Embedded> {
    [48, 56, 64, 96].into_iter().filter_map(move |length| {
        let prefix = Ipv6Net::new(address, length).ok()?.trunc();
        let found = translated(prefix, address).filter(|found| !found.is_unspecified())?;
        Some(Embedded::Translated { prefix, address: found, certain: false })
    })
}

fn in_group(segments: [u16; 8]) -> Option<Embedded> {
    let [first, second, a, b, c, d, _, _] = segments;
    let (flags, length) = (first >> 4 & 15, second & 0xff);
    let prefix = Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0);
    let prefix = Ipv6Net::new(prefix, u8::try_from(length).ok()?).ok().filter(|_| (1..=64).contains(&length))?.trunc();
    match flags {
        3 => Some(Embedded::GroupPrefix(prefix)),
        7 if second >> 8 & 15 != 0 => {
            Some(Embedded::RendezvousPoint(Ipv6Addr::from(u128::from(prefix.network()) | u128::from(second >> 8 & 15))))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn v6(text: &str) -> Ipv6Addr {
        text.parse().expect("an address")
    }

    fn v4(text: &str) -> Ipv4Addr {
        text.parse().expect("an address")
    }

    fn net(text: &str) -> Ipv6Net {
        text.parse().expect("a prefix")
    }

    #[test]
    fn the_table_of_rfc_6052() {
        for (prefix, address) in [
            ("2001:db8::/32", "2001:db8:c000:221::"),
            ("2001:db8:100::/40", "2001:db8:1c0:2:21::"),
            ("2001:db8:122::/48", "2001:db8:122:c000:2:2100::"),
            ("2001:db8:122:300::/56", "2001:db8:122:3c0:0:221::"),
            ("2001:db8:122:344::/64", "2001:db8:122:344:c0:2:2100::"),
            ("2001:db8:122:344::/96", "2001:db8:122:344::192.0.2.33"),
            ("64:ff9b::/96", "64:ff9b::192.0.2.33"),
        ] {
            assert_eq!(translated(net(prefix), v6(address)), Some(v4("192.0.2.33")), "{prefix}");
        }
        assert_eq!(translated(net("2001:db8::/32"), v6("2001:db8:c000:221:100::")), None);
        assert_eq!(translated(net("2001:db8::/33"), v6("2001:db8::1")), None);
    }

    #[test]
    fn ipv4_in_all_its_forms() {
        let only = |text: &str| match embedded(v6(text))[..] {
            [one] => Some(one),
            _ => None,
        };
        assert_eq!(only("::ffff:192.0.2.1"), Some(Embedded::Ipv4Mapped(v4("192.0.2.1"))));
        assert_eq!(only("::192.0.2.1"), Some(Embedded::Ipv4Compatible(v4("192.0.2.1"))));
        assert_eq!(only("::ffff:0:192.0.2.1"), Some(Embedded::Ipv4Translated(v4("192.0.2.1"))));
        assert_eq!((only("::1"), only("::"), only("2001:db8::1")), (None, None, None));
        assert_eq!(only("2002:c000:204:7::1"), Some(Embedded::SixToFour { router: v4("192.0.2.4"), subnet: 7 }));
        // The example of RFC 4380 section 4, with addresses for documents.
        assert_eq!(
            only("2001:0:4136:e378:8000:63bf:3fff:fdd2"),
            Some(Embedded::Teredo { server: v4("65.54.227.120"), flags: 0x8000, port: 40000, client: v4("192.0.2.45") })
        );
        assert_eq!(only("fe80::5efe:c000:201"), Some(Embedded::Isatap { address: v4("192.0.2.1"), unique: false }));
        assert_eq!(only("2001:db8::200:5efe:c000:201"), Some(Embedded::Isatap { address: v4("192.0.2.1"), unique: true }));
        let local = embedded(v6("64:ff9b:1:c000:2:2100::"));
        assert!(
            local.contains(&Embedded::Translated { prefix: net("64:ff9b:1::/48"), address: v4("192.0.2.33"), certain: false }),
            "{local:?}"
        );
        assert_eq!(
            only("64:ff9b:1::c000:221"),
            Some(Embedded::Translated { prefix: net("64:ff9b:1::/96"), address: v4("192.0.2.33"), certain: false })
        );
    }

    #[test]
    fn a_link_address_has_its_bit_flipped() {
        assert_eq!(embedded(v6("fe80::21b:21ff:fe3c:4d5e")), [Embedded::LinkAddress([0x00, 0x1b, 0x21, 0x3c, 0x4d, 0x5e])]);
        assert_eq!(embedded(v6("fe80::c0ff:fea8:10b")), [Embedded::LinkAddress([0x02, 0x00, 0xc0, 0xa8, 0x01, 0x0b])]);
        assert_eq!(embedded(v6("ff02::21b:21ff:fe3c:4d5e")), []);
    }

    #[test]
    fn groups_that_name_a_prefix_or_a_router() {
        assert_eq!(embedded(v6("ff3e:40:2001:db8:beef:feed::1")), [Embedded::GroupPrefix(net("2001:db8:beef:feed::/64"))]);
        assert_eq!(embedded(v6("ff3e:20:2001:db8::1")), [Embedded::GroupPrefix(net("2001:db8::/32"))]);
        // Source-specific: there is no prefix.
        assert_eq!(embedded(v6("ff3e::8000:1")), []);
        // The example of RFC 3956 section 5.
        assert_eq!(embedded(v6("ff7e:140:2001:db8:beef:feed::1234")), [Embedded::RendezvousPoint(v6("2001:db8:beef:feed::1"))]);
    }

    proptest! {
        #[test]
        fn what_is_put_in_is_found(address: u32, flags: u16, port: u16, server: u32, high in 0x2003_u16..0xfe00, link: [u8; 6]) {
            let address = Ipv4Addr::from(address);
            prop_assert!(embedded(address.to_ipv6_mapped()).contains(&Embedded::Ipv4Mapped(address)));
            let (obfuscated, server) = (!u32::from(address), Ipv4Addr::from(server));
            let teredo = 0x2001_0000_u128 << 96 | u128::from(u32::from(server)) << 64 | u128::from(flags) << 48 | u128::from(!port) << 32;
            let teredo = Ipv6Addr::from(teredo | u128::from(obfuscated));
            let expected = Embedded::Teredo { server, flags, port, client: address };
            prop_assert!(embedded(teredo).contains(&expected));
            let [a, b, c, d, e, f] = link;
            let identifier = u64::from_be_bytes([a ^ 2, b, c, 0xff, 0xfe, d, e, f]);
            let made = Ipv6Addr::from(u128::from(high) << 112 | u128::from(identifier));
            prop_assert!(embedded(made).contains(&Embedded::LinkAddress(link)));
        }
    }
}
