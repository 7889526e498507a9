//! What a link address is, as a page.

use super::page::{INDENT, Page};
use crate::explain::address::hardware::{Hardware, Meaning};
use crate::explain::address::multicast::sharing;
use crate::explain::address::vendor;
use crate::render::escape;
use crate::render::sentence::Link;
use std::net::Ipv6Addr;

/// What is said of a link address.
pub(super) fn push(page: &mut Page<'_>, address: [u8; 6]) {
    let hardware = Hardware::of(address);
    page.row("is", is_words(&hardware));
    if let Some(meaning) = hardware.meaning {
        page.row("meaning", &meaning_words(meaning));
    }
    // Groups are given out by nobody but to protocols.
    if !hardware.group || hardware.vendor.is_some() {
        page.row("vendor", &vendor_words(&hardware));
    }
    page.drawing("bits", |out, _| push_bits(out, address));
    if !hardware.group && hardware.meaning != Some(Meaning::None) {
        page.row(
            "IPv6",
            &format!(
                "{}: the link-local address that is made from it, where a host makes it so (EUI-64, RFC 4291 appendix A)",
                link_local(address)
            ),
        );
    }
}

fn is_words(hardware: &Hardware) -> &'static str {
    match (hardware.meaning, hardware.group, hardware.local) {
        (Some(Meaning::None), _, _) => "no link address: all zeros stands where none is known",
        (Some(Meaning::Broadcast), _, _) => "the link address of every station of the link (broadcast)",
        (_, true, _) => "the link address of a group of stations: the lowest bit of its first byte is set",
        (_, false, true) => {
            "a link address that somebody made up (the second lowest bit of its first byte is set): a program for a virtual machine or a \
             container, an administrator, or a phone that hides its own behind random ones"
        }
        (Some(Meaning::Numbered(..)), false, false) => "a link address that no card has of its own: machines that share it hand it on",
        (Some(Meaning::Known(_)), false, false) => "a link address with a meaning of its own, and no card's",
        (_, false, false) => "a link address that a maker gave to one interface",
    }
}

/// What the address means, in words.
pub(super) fn meaning_words(meaning: Meaning) -> String {
    match meaning {
        Meaning::None => "none".to_owned(),
        Meaning::Broadcast => "everybody: switches send it out of every port".to_owned(),
        Meaning::Ipv4Group(lowest) => {
            let groups: Vec<String> = sharing(lowest).take(3).map(|group| group.to_string()).collect();
            format!("an IPv4 group, one of the 32 whose last 23 bits are these: {}, .. (RFC 1112 6.4)", groups.join(", "))
        }
        Meaning::Ipv6Group([a, b, c, d]) => {
            format!(
                "an IPv6 group that ends in {a:02x}{b:02x}:{c:02x}{d:02x}, such as {} (RFC 2464 7)",
                Ipv6Addr::new(0xff02, 0, 0, 0, 0, u16::from(a == 0xff), u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]))
            )
        }
        Meaning::Known(known) => format!("{} ({})", known.what, known.reference),
        Meaning::Numbered(known, number) => format!("{}: {} {number} ({})", known.what, known.number.unwrap_or("number"), known.reference),
        Meaning::Container(address) => {
            format!("a container of Docker, which made link addresses of 02:42 and the container's address: {address}")
        }
    }
}

fn vendor_words(hardware: &Hardware) -> String {
    let as_of = day();
    match (hardware.vendor, hardware.local) {
        (Some(vendor), local) => {
            let digits: String = Link(hardware.address)
                .to_string()
                .chars()
                .take(match vendor.bits {
                    24 => 8,
                    28 => 10,
                    _ => 13,
                })
                .collect();
            let old = if local {
                "; it was given out before the bit for made-up addresses had its meaning, or is made up and no maker's"
            } else {
                ""
            };
            format!("{}, whose block is {digits}/{} (IEEE registry of {as_of}){old}", escape::text(vendor.name.as_bytes()), vendor.bits)
        }
        (None, true) => "none: made-up addresses are registered nowhere".to_owned(),
        (None, false) => format!("not in the IEEE registry of {as_of}"),
    }
}

/// The day of the registry: `2022-08-27`.
pub(super) fn day() -> String {
    let digits = String::from_utf8_lossy(vendor::day());
    match (digits.get(..4), digits.get(4..6), digits.get(6..)) {
        (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        _ => digits.into_owned(),
    }
}

/// Appends the bits of an address, and which two have a meaning.
fn push_bits(out: &mut Vec<u8>, address: [u8; 6]) {
    out.resize(out.len() + INDENT, b' ');
    let bytes: Vec<String> = address.iter().map(|byte| format!("{byte:08b}")).collect();
    out.extend_from_slice(bytes.join(" ").as_bytes());
    out.push(b'\n');
    out.resize(out.len() + INDENT + 6, b' ');
    out.extend_from_slice(b"^^ made up or given out (1 or 0), for a group or for one (1 or 0)\n");
}

/// The link-local address that is made of it.
pub(super) fn link_local(address: [u8; 6]) -> Ipv6Addr {
    let [a, b, c, d, e, f] = address;
    let group = |high, low| u16::from_be_bytes([high, low]);
    Ipv6Addr::new(0xfe80, 0, 0, 0, group(a ^ 2, b), group(c, 0xff), group(0xfe, d), group(e, f))
}
