//! What stands behind the packet that an error quotes: extensions (RFC 4884) with the labels of MPLS (RFC 4950), the interface that the
//! packet arrived on (RFC 5837), or the one that is asked about (RFC 8335). ICMP and ICMPv6 share them.

use crate::dissect::{Checksum, Describe, Field, Names, Status, Value, checksum};

const CLASSES: Names = &[
    (1, "MPLS label stack"),
    (2, "interface information"),
    (3, "interface identification"),
    (4, "extended information"),
    (5, "node identification"),
];
const ROLES: Names = &[
    (0, "the packet arrived on it"),
    (1, "part of the one that the packet arrived on"),
    (2, "the packet should have left on it"),
    (3, "the address of the next hop"),
];
const FAMILIES: Names = &[(1, "IPv4"), (2, "IPv6")];
const NEIGHBOUR_STATES: Names =
    &[(0, "reserved"), (1, "incomplete"), (2, "reachable"), (3, "stale"), (4, "delay"), (5, "probe"), (6, "failed")];
const IDENTIFIED_BY: Names = &[(1, "by name"), (2, "by index"), (3, "by address")];
/// Where the quoted packet begins.
const QUOTATION: usize = 8;
/// How much is quoted by those that send extensions without saying how much they quote (RFC 4884 section 5.5).
const LEGACY_QUOTATION: usize = 128;

fields! {
    EXTENSIONS = Field::group("icmp.ext", "Extensions", "What the sender of the error adds to the packet that it quotes.");
    VERSION = Field::number("icmp.ext.version", "Version", "Which version of the extensions this is: 2.");
    CHECKSUM = Field::checksum("icmp.ext.checksum", "Checksum", "Guards the extensions; 0 where there is none.");
    CHECKSUM_STATUS = Field::status("icmp.ext.checksum.status", "Checksum status", "Whether the extensions add up.");
    CLASS = Field::number("icmp.ext.class", "Object", "What the object is about.").names(CLASSES);
    LENGTH = Field::number("icmp.ext.length", "Length", "How long the object is, with these 4 bytes.").unit("bytes");
    SUBTYPE = Field::number("icmp.ext.ctype", "Kind", "What kind of object of its class it is.");
    IDENTIFICATION_SUBTYPE = Field::number("icmp.ext.ctype", "Kind", "What kind of object of its class it is.").names(IDENTIFIED_BY);
    DATA = Field::bytes("icmp.ext.data", "Data", "The object's bytes.");
    LABEL = Field::number("icmp.mpls.label", "MPLS label", "The label that the packet arrived with: its path in the provider's network.");
    LABEL_EXPERIMENTAL = Field::number("icmp.mpls.exp", "Traffic class", "How the label's packet was to be treated among others.");
    LABEL_BOTTOM = Field::boolean("icmp.mpls.s", "Bottom of stack", "Set on the last label.");
    LABEL_TIME_TO_LIVE = Field::number("icmp.mpls.ttl", "Time to live", "How many more routers the label could have passed.");
    ROLE = Field::number("icmp.int_info.role", "Role", "What the interface has to do with the packet.").names(ROLES);
    HAS_INDEX = Field::boolean("icmp.int_info.ifindex", "Has an index", "The interface's index is told.");
    HAS_ADDRESS = Field::boolean("icmp.int_info.ipaddr", "Has an address", "The interface's address is told.");
    HAS_NAME = Field::boolean("icmp.int_info.name_present", "Has a name", "The interface's name is told.");
    HAS_MTU = Field::boolean("icmp.int_info.mtu_present", "Has an MTU", "The interface's MTU is told.");
    INDEX = Field::number("icmp.int_info.index", "Interface index", "The interface's number on that router.");
    FAMILY = Field::number("icmp.int_info.afi", "Address family", "The kind of address that follows.").names(FAMILIES);
    ADDRESS_IPV4 = Field::ipv4("icmp.int_info.ipv4", "Interface address", "The interface's address.");
    ADDRESS_IPV6 = Field::ipv6("icmp.int_info.ipv6", "Interface address", "The interface's address.");
    NAME_LENGTH = Field::number("icmp.int_info.name_length", "Name length", "How long the name is, with this byte and padding.").unit("bytes");
    NAME = Field::text("icmp.int_info.name", "Interface name", "The interface's name on that router.");
    MTU = Field::number("icmp.int_info.mtu", "Interface MTU", "The largest packet that the interface's link can carry.").unit("bytes");
    ASKED_NAME = Field::text("icmp.int_ident.name", "Interface name", "The name of the interface that is asked about.");
    ASKED_INDEX = Field::number("icmp.int_ident.index", "Interface index", "The number of the interface that is asked about.");
    ASKED_FAMILY = Field::number("icmp.int_ident.afi", "Address family", "The kind of address that follows.").names(FAMILIES);
    ASKED_LENGTH = Field::number("icmp.int_ident.addr_length", "Address length", "How long the address is.").unit("bytes");
    ASKED_IPV4 = Field::ipv4("icmp.int_ident.ipv4", "Interface address", "The address of the interface that is asked about.");
    ASKED_IPV6 = Field::ipv6("icmp.int_ident.ipv6", "Interface address", "The address of the interface that is asked about.");
    ASKED_ADDRESS = Field::bytes("icmp.int_ident.address", "Interface address", "The address of the interface that is asked about.");
    ECHO_SEQUENCE = Field::number("icmp.ext.echo.seq", "Sequence number", "Counts the questions; the answer repeats it.").in_line();
    ECHO_LOCAL = Field::boolean("icmp.ext.echo.req.local", "Local", "Whether the interface is one of the node that is asked, or of a neighbour of it.");
    ECHO_STATE = Field::number("icmp.ext.echo.rsp.state", "State", "What the node that is asked knows of its neighbour.").names(NEIGHBOUR_STATES);
    ECHO_ACTIVE = Field::boolean("icmp.ext.echo.rsp.active", "Active", "Whether the interface is in use.");
    ECHO_IPV4 = Field::boolean("icmp.ext.echo.rsp.ipv4", "IPv4", "Whether IPv4 runs on the interface.");
    ECHO_IPV6 = Field::boolean("icmp.ext.echo.rsp.ipv6", "IPv6", "Whether IPv6 runs on the interface.");
}

/// How much of a packet an error quotes, where extensions follow: `None` where the quotation goes to the end. `stated` is what the error
/// says, 0 for nothing; `wire_length` is how long the error was on the wire.
pub(in super::super) fn quotation_length(message: &[u8], wire_length: usize, stated: usize) -> Option<usize> {
    if stated != 0 {
        return (QUOTATION.saturating_add(stated) < wire_length).then_some(stated);
    }
    // Nothing says that these are extensions and not more of the packet: only what they look like.
    let [first, _, high, low, ..] = *message.get(QUOTATION + LEGACY_QUOTATION..wire_length)? else { return None };
    let (version, checksum) = (first >> 4, u16::from_be_bytes([high, low]));
    let extensions = message.get(QUOTATION + LEGACY_QUOTATION..wire_length)?;
    let right = checksum != 0 && checksum::verify(0, extensions, 2).status == Status::Good;
    (version == 2 && right).then_some(LEGACY_QUOTATION)
}

/// Gives the extensions behind the quotation, where there are some.
pub(in super::super) fn describe_behind_quotation(d: &mut Describe<'_, '_>, stated: usize) -> Option<()> {
    match quotation_length(d.view.bytes(), d.view.wire_length(), stated) {
        Some(quotation) => describe_extensions(d, QUOTATION.saturating_add(quotation), d.view.wire_length()),
        None => Some(()),
    }
}

/// Gives an extended echo request or reply (RFC 8335 sections 2 and 3) from the byte behind the identifier.
pub(in super::super) fn describe_extended_echo(d: &mut Describe<'_, '_>, is_request: bool) -> Option<()> {
    d.number(&ECHO_SEQUENCE, 6, 1)?;
    if is_request {
        d.flag(&ECHO_LOCAL, 7, 1, 0x01)?;
        // One object, and whatever the sender likes behind it.
        let object = usize::try_from(d.peek(QUOTATION + 4, 2)?).ok()?;
        let end = (QUOTATION + 4).saturating_add(object).min(d.view.wire_length());
        return describe_extensions(d, QUOTATION, end);
    }
    d.bits(&ECHO_STATE, 7, 1, 0xe0)?;
    d.flag(&ECHO_ACTIVE, 7, 1, 0x04)?;
    d.flag(&ECHO_IPV4, 7, 1, 0x02)?;
    d.flag(&ECHO_IPV6, 7, 1, 0x01)?;
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer; what is taken away was compared before")]
fn describe_extensions(d: &mut Describe<'_, '_>, start: usize, end: usize) -> Option<()> {
    let captured = d.view.bytes().len().min(end);
    if start + 4 > captured {
        return Some(());
    }
    d.under(&EXTENSIONS, start, captured - start, Value::Present, |d| {
        d.bits(&VERSION, start, 1, 0xf0)?;
        let found = d.number(&CHECKSUM, start + 2, 2)?;
        d.value(&CHECKSUM_STATUS, start + 2, 0, Value::Status(verify(d, start, end, u16::try_from(found).ok()?)));
        let mut at = start + 4;
        while at < end {
            let length = usize::try_from(d.peek(at, 2)?).ok()?;
            // A length below the object's own header would never end.
            if length < 4 {
                break;
            }
            let (class, object_end) = (d.peek(at + 2, 1)?, (at + length).min(captured));
            d.under(&CLASS, at, object_end - at, Value::Number(class), |d| describe_object(d, class, at, object_end))?;
            at += length;
        }
        Some(())
    })
}

fn verify(d: &Describe<'_, '_>, start: usize, end: usize, found: u16) -> Checksum {
    match d.view.bytes().get(start..end) {
        _ if found == 0 => Checksum::without(Status::NotPresent, 0),
        Some(extensions) if !d.view.layer().quoted => checksum::verify(0, extensions, 2),
        _ => Checksum::without(Status::Unverified, found),
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer; what is taken away was compared before")]
fn describe_object(d: &mut Describe<'_, '_>, class: u64, at: usize, end: usize) -> Option<()> {
    d.number(&LENGTH, at, 2)?;
    let kind = d.number(if class == 3 { &IDENTIFICATION_SUBTYPE } else { &SUBTYPE }, at + 3, 1)?;
    let data = at + 4;
    match (class, kind) {
        (1, 1) => {
            for label in (data..end).step_by(4).take_while(|label| label + 4 <= end) {
                d.bits(&LABEL, label, 4, 0xffff_f000)?;
                d.bits(&LABEL_EXPERIMENTAL, label, 4, 0x0000_0e00)?;
                d.flag(&LABEL_BOTTOM, label, 4, 0x0000_0100)?;
                d.bits(&LABEL_TIME_TO_LIVE, label, 4, 0x0000_00ff)?;
            }
        }
        (2, _) => describe_interface(d, kind, at + 3, end)?,
        (3, _) => describe_asked_interface(d, kind, data, end)?,
        _ if end > data => {
            d.bytes(&DATA, data, end - data)?;
        }
        _ => {}
    }
    Some(())
}

/// `at` is the place of the object's kind, which says in bits what follows it.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "offsets in the object, each compared with its end; a name has at least the byte of its length"
)]
fn describe_interface(d: &mut Describe<'_, '_>, kind: u64, at: usize, end: usize) -> Option<()> {
    d.bits(&ROLE, at, 1, 0xc0)?;
    for (field, mask) in [(&HAS_INDEX, 8), (&HAS_ADDRESS, 4), (&HAS_NAME, 2), (&HAS_MTU, 1)] {
        d.flag(field, at, 1, mask)?;
    }
    let mut at = at + 1;
    if kind & 8 != 0 && at + 4 <= end {
        d.number(&INDEX, at, 4)?;
        at += 4;
    }
    if kind & 4 != 0 && at + 8 <= end {
        match d.number(&FAMILY, at, 2)? {
            1 => {
                d.ipv4(&ADDRESS_IPV4, at + 4)?;
                at += 8;
            }
            2 if at + 20 <= end => {
                d.ipv6(&ADDRESS_IPV6, at + 4)?;
                at += 20;
            }
            // How long another address is cannot be told, nor what follows it.
            _ => return Some(()),
        }
    }
    if kind & 2 != 0 && at < end {
        let length = usize::try_from(d.number(&NAME_LENGTH, at, 1)?).ok()?;
        if length == 0 || at + length > end {
            return Some(());
        }
        let name = d.slice(at + 1, length - 1)?;
        d.text(&NAME, at + 1, without_zeros(name).len())?;
        at += length;
    }
    if kind & 1 != 0 && at + 4 <= end {
        d.number(&MTU, at, 4)?;
    }
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe_asked_interface(d: &mut Describe<'_, '_>, kind: u64, data: usize, end: usize) -> Option<()> {
    match kind {
        1 => {
            let name = d.slice(data, end.saturating_sub(data))?;
            d.text(&ASKED_NAME, data, without_zeros(name).len())?;
        }
        2 if data + 4 <= end => {
            d.number(&ASKED_INDEX, data, 4)?;
        }
        3 if data + 4 <= end => {
            let family = d.number(&ASKED_FAMILY, data, 2)?;
            let length = usize::try_from(d.number(&ASKED_LENGTH, data + 2, 1)?).ok()?;
            match (family, length) {
                _ if data + 4 + length > end => {}
                (1, 4) => {
                    d.ipv4(&ASKED_IPV4, data + 4)?;
                }
                (2, 16) => {
                    d.ipv6(&ASKED_IPV6, data + 4)?;
                }
                _ => {
                    d.bytes(&ASKED_ADDRESS, data + 4, length)?;
                }
            }
        }
        _ => {}
    }
    Some(())
}

/// A name without the zeros that fill it up to a multiple of 4 bytes.
fn without_zeros(name: &[u8]) -> &[u8] {
    let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    name.get(..end).unwrap_or_default()
}
