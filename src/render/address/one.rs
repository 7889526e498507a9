//! What an address is, as a page.

use super::meaning::{block_sentence, kind_sentence, scope_words};
use super::page::{INDENT, Page};
use crate::explain::address::embedded::{Embedded, embedded};
use crate::explain::address::hardware::Hardware;
use crate::explain::address::kind::class;
use crate::explain::address::multicast::{block, group, group_link_address, sharing, well_known};
use crate::explain::address::special::specials;
use crate::explain::address::{Kind, Purpose, Special, kind};
use crate::render::bits::drawing;
use crate::render::sentence::Link;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What is said of an address whatever the host: kind, registry, what stands in it, its bits.
pub(super) fn push(page: &mut Page<'_>, address: IpAddr) {
    let kind = kind(address);
    page.row("is", kind_sentence(kind, address.is_ipv6()));
    if kind == Kind::Multicast {
        of_group(page, address);
    }
    of_registry(page, address);
    match address {
        IpAddr::V4(address) => of_class(page, address, kind),
        IpAddr::V6(address) => embedded(address).into_iter().for_each(|found| of_embedded(page, found)),
    }
    if let IpAddr::V6(address) = address
        && address.octets()[0] == 0xfc
    {
        page.row(
            "half",
            "fc00::/8, whose eighth bit (L) is 0: nobody has said yet who gives these out; made-up ones have a 1 there, fd00::/8 (RFC 4193 3.1, \
             3.2)",
        );
    }
    page.drawing(if address.is_ipv4() { "bits" } else { "digits" }, |out, _| {
        out.resize(out.len() + INDENT, b' ');
        out.extend_from_slice(drawing(address, None).as_bytes());
        out.push(b'\n');
    });
    page.row("reverse", &format!("{}, which a reverse look-up asks DNS for", reverse_name(address)));
}

fn of_registry(page: &mut Page<'_>, address: IpAddr) {
    let mut rows: Vec<&Special> = specials(address).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.prefix.prefix_len()));
    push_rows(page, &rows);
}

/// Appends rows of the registry, the most specific first: what the others say of a part is not true of it.
pub(super) fn push_rows(page: &mut Page<'_>, rows: &[&Special]) {
    for (place, row) in rows.iter().enumerate() {
        let ended = row.terminated.map(|when| format!(" until {when}")).unwrap_or_default();
        let head = format!("{} {} ({}, {}{ended})", row.prefix, row.name, row.reference, row.allocated);
        match (place, row.source) {
            (0, Some(_)) => page.row("registry", &format!("{head}: {}", properties(row))),
            (0, None) => page.row("registry", &head),
            (_, _) => page.row("within", &head),
        }
    }
}

/// What a row of the registry says of its addresses.
fn properties(row: &Special) -> String {
    let words = [
        ("source", row.source),
        ("destination", row.destination),
        ("forwardable", row.forwardable),
        ("globally reachable", row.global),
        ("reserved by protocol", row.reserved),
    ];
    let said = words.map(|(name, answer)| match answer {
        Some(true) => format!("{name} yes"),
        Some(false) => format!("{name} no"),
        None => format!("{name} left open"),
    });
    said.join(", ")
}

fn of_group(page: &mut Page<'_>, address: IpAddr) {
    if let Some(known) = well_known(address) {
        page.row("who", &format!("{} ({})", known.who, known.reference));
    }
    match address {
        IpAddr::V4(address) => {
            if let Some(block) = block(address) {
                page.row("block", &block_sentence(block));
            }
        }
        IpAddr::V6(address) => {
            if let Some(group) = group(address) {
                page.row("scope", &format!("{:x}: {}", group.scope_number, scope_words(group.scope)));
                page.row("flags", &flags(&group));
                if let Some([a, b, c]) = group.solicited {
                    page.row(
                        "who",
                        &format!(
                            "every host that has an address that ends in {a:02x}:{b:02x}{c:02x} (solicited-node group): neighbour discovery \
                             asks here for the link address (RFC 4291 2.7.1)"
                        ),
                    );
                }
            }
        }
    }
    if let Some(link) = group_link_address(address) {
        page.row("on Ethernet", &mapping(address, link));
    }
}

fn flags(group: &crate::explain::address::multicast::Group) -> String {
    let mut words = vec![if group.transient { "T: made up for a time, not given out for good" } else { "T not set: given out for good" }];
    if group.from_prefix {
        words.push(if group.source_specific {
            "P and no prefix: source-specific, who listens names the source too (RFC 4607)"
        } else {
            "P: made from a unicast prefix (RFC 3306)"
        });
    }
    if group.rendezvous {
        words.push("R: holds the address of its rendezvous point (RFC 3956)");
    }
    words.join("; ")
}

/// How a group becomes a link address.
fn mapping(address: IpAddr, link: [u8; 6]) -> String {
    match address {
        IpAddr::V4(group) => {
            let first: Vec<String> = sharing(group).filter(|other| *other != group).take(2).map(|other| other.to_string()).collect();
            format!(
                "sent to {}: 01:00:5e and the last 23 bits; the 5 bits behind the first 4 are lost, so 32 groups share it ({}, ..) \
                 (RFC 1112 6.4)",
                Link(link),
                first.join(", ")
            )
        }
        IpAddr::V6(_) => format!("sent to {}: 33:33 and the last 32 bits (RFC 2464 7)", Link(link)),
    }
}

fn of_class(page: &mut Page<'_>, address: Ipv4Addr, kind: Kind) {
    if let (letter, Some(length)) = class(address)
        && (kind == Kind::Global || kind.purpose() == Some(Purpose::Private))
    {
        page.row(
            "class",
            &format!("{letter}, of the days before masks (/{length}); since 1993 a prefix says where the network ends (RFC 1519)"),
        );
    }
}

fn of_embedded(page: &mut Page<'_>, found: Embedded) {
    match found {
        Embedded::Ipv4Mapped(address) | Embedded::Ipv4Compatible(address) | Embedded::Ipv4Translated(address) => {
            page.row("holds", &format!("{address}, in its last 32 bits: {}", plain_kind(address)));
        }
        Embedded::Translated { prefix, address, certain } => {
            let place = if prefix.prefix_len() == 96 { "in its last 32 bits".to_owned() } else { format!("behind the prefix {prefix}") };
            let sure = if certain { "" } else { ", if the translator's prefix is that long: nothing in the address says so" };
            page.row("holds", &format!("{address}, {place}{sure} (RFC 6052 2.2): {}", plain_kind(address)));
        }
        Embedded::SixToFour { router, subnet } => {
            page.row("holds", &format!("{router}, the site's router, in bits 17 to 48, and the subnet {subnet} behind it (RFC 3056 2)"));
        }
        Embedded::Teredo { server, flags, port, client } => {
            page.row("server", &format!("{server}, in bits 33 to 64: the Teredo server that it asked (RFC 4380 4)"));
            let cone = if flags & 0x8000 == 0 { "" } else { " (behind a translator that lets everybody in, \"cone\")" };
            page.row("flags", &format!("0x{flags:04x}{cone}"));
            let (plain_port, plain) = (port, client);
            page.row(
                "client",
                &format!(
                    "{plain} port {plain_port}: what its address translator uses for it; every bit of both is turned over in the address \
                     (0x{:04x} and 0x{:08x}), lest translators on the way replace them",
                    !port,
                    !u32::from(client)
                ),
            );
        }
        Embedded::Isatap { address, unique } => {
            let unique = if unique { "" } else { ", not said to be unique in the world" };
            page.row(
                "holds",
                &format!("{address}{unique}, in its last 32 bits: a host that reaches IPv6 through a site's IPv4 (ISATAP, RFC 5214 6.1)"),
            );
        }
        Embedded::LinkAddress(link) => of_link_address(page, link),
        Embedded::GroupPrefix(prefix) => page.row("holds", &format!("{prefix}, the unicast prefix that it was made from (RFC 3306 4)")),
        Embedded::RendezvousPoint(router) => {
            page.row("holds", &format!("{router}, the router where its sources and listeners meet (RFC 3956 3)"));
        }
    }
}

fn of_link_address(page: &mut Page<'_>, link: [u8; 6]) {
    let [first, ..] = link;
    let vendor = Hardware::of(link).vendor.map(|vendor| format!(" of {}", crate::render::escape::text(vendor.name.as_bytes())));
    page.row(
        "interface",
        &format!(
            "made from the link address {}{}: ff:fe put in its middle, and its second lowest bit of the first byte turned over (0x{first:02x} \
             to 0x{:02x}) (EUI-64, RFC 4291 appendix A)",
            Link(link),
            vendor.unwrap_or_default(),
            first ^ 2
        ),
    );
}

fn plain_kind(address: Ipv4Addr) -> &'static str {
    kind_sentence(kind(address.into()), false)
}

/// The name that a reverse look-up asks for (RFC 1035 section 3.5, RFC 3596 section 2.5).
pub(super) fn reverse_name(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(address) => reverse_digits(address, 32) + "ip6.arpa",
    }
}

/// The first so many hexadecimal digits, the last first, each with a dot behind it.
pub(super) fn reverse_digits(address: Ipv6Addr, count: u8) -> String {
    let value = u128::from(address);
    (0..count).rev().map(|place| format!("{:x}.", value >> (124 - 4 * u32::from(place)) & 15)).collect()
}
