//! Address resolution: ARP (RFC 826), RARP (RFC 903), InARP (RFC 2390), ATMARP (RFC 2225), address conflict detection (RFC 5227).

use crate::dissect::link::ethernet::ETHER_TYPES;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// ARP and its relatives.
pub static PROTOCOL: Protocol = Protocol {
    name: "arp",
    label: "ARP",
    title: "Address Resolution Protocol",
    reference: "RFC 826",
    claims: &[Selector::EtherType(0x0806), Selector::EtherType(0x8035)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// The names of the opcodes (IANA, "Address Resolution Protocol (ARP) Parameters").
pub const OPCODES: &[(u64, &str)] = &[
    (1, "request"),
    (2, "reply"),
    (3, "reverse request"),
    (4, "reverse reply"),
    (5, "dynamic reverse request"),
    (6, "dynamic reverse reply"),
    (7, "dynamic reverse error"),
    (8, "inverse request"),
    (9, "inverse reply"),
    (10, "negative acknowledgement"),
    (11, "MARS request"),
    (12, "MARS multicast reply"),
    (13, "MARS server list"),
    (14, "MARS join"),
    (15, "MARS leave"),
    (16, "MARS negative acknowledgement"),
    (17, "MARS unserved"),
    (18, "MARS server join"),
    (19, "MARS server leave"),
    (20, "MARS group list request"),
    (21, "MARS group list reply"),
    (22, "MARS redirect map"),
    (23, "MAPOS unused address request"),
    (24, "experiment 1"),
    (25, "experiment 2"),
];
/// Kinds of links (the registry of ARP parameters); BOOTP and DHCP count with them too.
pub const HARDWARE: &[(u64, &str)] = &[
    (1, "Ethernet"),
    (2, "Experimental Ethernet"),
    (3, "AX.25"),
    (4, "Proteon ProNET"),
    (5, "Chaos"),
    (6, "IEEE 802"),
    (7, "ARCNET"),
    (8, "Hyperchannel"),
    (9, "Lanstar"),
    (10, "Autonet"),
    (11, "LocalTalk"),
    (12, "LocalNet"),
    (13, "Ultra link"),
    (14, "SMDS"),
    (15, "Frame Relay"),
    (16, "ATM"),
    (17, "HDLC"),
    (18, "Fibre Channel"),
    (19, "ATM (RFC 2225)"),
    (20, "Serial line"),
    (21, "ATM"),
    (24, "IEEE 1394"),
    (27, "EUI-64"),
    (31, "IPsec tunnel"),
    (32, "InfiniBand"),
];
/// The hardware type whose packets have lengths of their own for each address (RFC 2225 section 8.1).
const ATM: u16 = 19;

fields! {
    HARDWARE_TYPE = Field::number("arp.hw.type", "Hardware type", "The kind of link whose addresses are asked for.").names(HARDWARE);
    PROTOCOL_TYPE = Field::hexadecimal("arp.proto.type", "Protocol type", 4, "The protocol whose addresses are known: an EtherType.").names(ETHER_TYPES);
    HARDWARE_SIZE = Field::number("arp.hw.size", "Hardware address length", "How long a link address is: 6 on Ethernet.").unit("bytes");
    PROTOCOL_SIZE = Field::number("arp.proto.size", "Protocol address length", "How long a protocol address is: 4 for IPv4.").unit("bytes");
    OPCODE = Field::number("arp.opcode", "Operation", "Whether somebody asks who has an address, or answers.").names(OPCODES).in_line();
    GRATUITOUS = Field::boolean("arp.isgratuitous", "Gratuitous", "The sender speaks of its own address: it asks nothing, it tells everybody or looks whether another has it too.");
    PROBE = Field::boolean("arp.isprobe", "Probe", "The sender has no address yet and asks whether the one it wants is taken (RFC 5227).");
    ANNOUNCEMENT = Field::boolean("arp.isannouncement", "Announcement", "The sender says that it uses the address from now on (RFC 5227).");
    SENDER_MAC = Field::mac("arp.src.hw_mac", "Sender link address", "The link address of the one that sends this: whoever hears it may remember it.").in_line();
    SENDER_HARDWARE = Field::bytes("arp.src.hw", "Sender link address", "The link address of the one that sends this, on a link that is not Ethernet.");
    SENDER_IPV4 = Field::ipv4("arp.src.proto_ipv4", "Sender address", "The IPv4 address of the one that sends this; 0.0.0.0 where it has none yet.").in_line();
    SENDER_PROTOCOL = Field::bytes("arp.src.proto", "Sender address", "The protocol address of the one that sends this, of a protocol that is not IPv4.");
    TARGET_MAC = Field::mac("arp.dst.hw_mac", "Target link address", "The link address that is asked for (then all zeros), or of the one that asked.");
    TARGET_HARDWARE = Field::bytes("arp.dst.hw", "Target link address", "The link address that is asked for or of the one that asked, on a link that is not Ethernet.");
    TARGET_IPV4 = Field::ipv4("arp.dst.proto_ipv4", "Target address", "The IPv4 address whose owner is asked for, or of the one that asked.").in_line();
    TARGET_PROTOCOL = Field::bytes("arp.dst.proto", "Target address", "The protocol address whose owner is asked for, of a protocol that is not IPv4.");
    SENDER_ATM_TYPE = Field::boolean("arp.src.htype", "Sender ATM number is E.164", "Whether the sender's ATM address is a telephone number, not an NSAP address.");
    SENDER_ATM_LENGTH = Field::number("arp.src.hlen", "Sender ATM number length", "How long the sender's ATM address is.").unit("bytes");
    SENDER_SUBADDRESS_LENGTH = Field::number("arp.src.slen", "Sender ATM subaddress length", "How long the sender's ATM subaddress is.").unit("bytes");
    SENDER_SUBADDRESS = Field::bytes("arp.src.atm_subaddr", "Sender ATM subaddress", "What follows the sender's telephone number to reach it.");
    SENDER_PROTOCOL_SIZE = Field::number("arp.src.pln", "Sender protocol address length", "How long the sender's protocol address is.").unit("bytes");
    TARGET_ATM_TYPE = Field::boolean("arp.dst.htype", "Target ATM number is E.164", "Whether the target's ATM address is a telephone number, not an NSAP address.");
    TARGET_ATM_LENGTH = Field::number("arp.dst.hlen", "Target ATM number length", "How long the target's ATM address is.").unit("bytes");
    TARGET_SUBADDRESS_LENGTH = Field::number("arp.dst.slen", "Target ATM subaddress length", "How long the target's ATM subaddress is.").unit("bytes");
    TARGET_SUBADDRESS = Field::bytes("arp.dst.atm_subaddr", "Target ATM subaddress", "What follows the target's telephone number to reach it.");
    TARGET_PROTOCOL_SIZE = Field::number("arp.dst.pln", "Target protocol address length", "How long the target's protocol address is.").unit("bytes");
}

#[expect(clippy::arithmetic_side_effects, reason = "sums of a few fields of 8 and 16 bits")]
fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[type_high, type_low, _, _, hardware, protocol, _, _] = walk.header_bytes::<8>()?;
    let length = if u16::from_be_bytes([type_high, type_low]) == ATM {
        let &[_, _, _, _, sender, sender_more, _, _, sender_protocol, target, target_more, target_protocol] = walk.header_bytes::<12>()?;
        let atm = [sender, sender_more, target, target_more].map(atm_length).iter().sum::<usize>();
        12 + atm + usize::from(sender_protocol) + usize::from(target_protocol)
    } else {
        8 + 2 * (usize::from(hardware) + usize::from(protocol))
    };
    walk.limit(length);
    walk.need(length, "addresses")?;
    walk.header(length);
    Ok(Next::Nothing)
}

/// The length in a byte that tells type and length of an ATM address.
fn atm_length(byte: u8) -> usize {
    usize::from(byte & 0x3f)
}

#[expect(clippy::arithmetic_side_effects, reason = "sums of a few fields of 8 and 16 bits")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let hardware = d.number(&HARDWARE_TYPE, 0, 2)?;
    let protocol = d.number(&PROTOCOL_TYPE, 2, 2)?;
    if hardware == u64::from(ATM) {
        return describe_atm(d);
    }
    let hardware_size = usize::try_from(d.number(&HARDWARE_SIZE, 4, 1)?).ok()?;
    let protocol_size = usize::try_from(d.number(&PROTOCOL_SIZE, 5, 1)?).ok()?;
    d.number(&OPCODE, 6, 2)?;
    let is_ethernet = matches!(hardware, 1 | 6) && hardware_size == 6;
    let is_ipv4 = is_ipv4(protocol, protocol_size);
    if is_ethernet && is_ipv4 {
        describe_kind(d);
    }
    let target = 8 + hardware_size + protocol_size;
    for (at, mac, bytes) in [(8, &SENDER_MAC, &SENDER_HARDWARE), (target, &TARGET_MAC, &TARGET_HARDWARE)] {
        let (ipv4, protocol_bytes) = if at == 8 { (&SENDER_IPV4, &SENDER_PROTOCOL) } else { (&TARGET_IPV4, &TARGET_PROTOCOL) };
        if is_ethernet {
            d.mac(mac, at)?;
        } else if hardware_size > 0 {
            d.bytes(bytes, at, hardware_size)?;
        }
        let at = at + hardware_size;
        if is_ipv4 {
            d.ipv4(ipv4, at)?;
        } else if protocol_size > 0 {
            d.bytes(protocol_bytes, at, protocol_size)?;
        }
    }
    Some(())
}

/// 0x00cc is the number of IPv4 on amateur radio links (AX.25).
fn is_ipv4(protocol: u64, size: usize) -> bool {
    matches!(protocol, 0x0800 | 0x00cc) && size == 4
}

/// What a request or reply for IPv4 on Ethernet is about, as far as its addresses tell (RFC 5227 section 1.1).
fn describe_kind(d: &mut Describe<'_, '_>) {
    let (Some(operation), Some(sender), Some(asked_for), Some(target)) = (d.peek(6, 2), d.peek(14, 4), d.peek(18, 6), d.peek(24, 4)) else {
        return;
    };
    let is_gratuitous = matches!(operation, 1 | 2) && sender == target;
    let kinds = [
        (&PROBE, operation == 1 && sender == 0 && target != 0),
        (&GRATUITOUS, is_gratuitous),
        (&ANNOUNCEMENT, is_gratuitous && operation == 1 && asked_for == 0),
    ];
    for (field, applies) in kinds {
        if applies {
            d.value(field, 0, 0, Value::Boolean(true));
        }
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "sums of a few fields of 8 and 16 bits")]
fn describe_atm(d: &mut Describe<'_, '_>) -> Option<()> {
    d.flag(&SENDER_ATM_TYPE, 4, 1, 0x40)?;
    d.bits(&SENDER_ATM_LENGTH, 4, 1, 0x3f)?;
    d.bits(&SENDER_SUBADDRESS_LENGTH, 5, 1, 0x3f)?;
    d.number(&OPCODE, 6, 2)?;
    d.number(&SENDER_PROTOCOL_SIZE, 8, 1)?;
    d.flag(&TARGET_ATM_TYPE, 9, 1, 0x40)?;
    d.bits(&TARGET_ATM_LENGTH, 9, 1, 0x3f)?;
    d.bits(&TARGET_SUBADDRESS_LENGTH, 10, 1, 0x3f)?;
    d.number(&TARGET_PROTOCOL_SIZE, 11, 1)?;
    let protocol = d.peek(2, 2)?;
    let mut at = 12;
    for (address_length, subaddress_length, protocol_length, fields) in [
        (4, 5, 8, [&SENDER_HARDWARE, &SENDER_SUBADDRESS, &SENDER_PROTOCOL, &SENDER_IPV4]),
        (9, 10, 11, [&TARGET_HARDWARE, &TARGET_SUBADDRESS, &TARGET_PROTOCOL, &TARGET_IPV4]),
    ] {
        let [address, subaddress, protocol_bytes, ipv4] = fields;
        for (length_at, field) in [(address_length, address), (subaddress_length, subaddress)] {
            let length = usize::try_from(d.peek(length_at, 1)? & 0x3f).ok()?;
            if length > 0 {
                d.bytes(field, at, length)?;
            }
            at += length;
        }
        let length = usize::try_from(d.peek(protocol_length, 1)?).ok()?;
        if is_ipv4(protocol, length) {
            d.ipv4(ipv4, at)?;
        } else if length > 0 {
            d.bytes(protocol_bytes, at, length)?;
        }
        at += length;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::StopReason;
    use crate::dissect::testing::{bytes, dissect, dissect_cut};
    use crate::frame::LinkType;

    const REQUEST: &str = "ffffffffffff 0016ce6e8b24 0806 0001 0800 06 04 0001 0016ce6e8b24 c0a80072 000000000000 c0a80001";

    #[test]
    fn a_request_asks_for_an_address() {
        let got = dissect(LinkType::ETHERNET, &format!("{REQUEST} 000000000000000000000000000000000000"));
        assert_eq!(got.protocols(), "eth:arp");
        assert_eq!(got.value("arp.opcode"), "1");
        assert_eq!(got.value("arp.src.hw_mac"), "00:16:ce:6e:8b:24");
        assert_eq!(got.value("arp.src.proto_ipv4"), "192.168.0.114");
        assert_eq!(got.value("arp.dst.proto_ipv4"), "192.168.0.1");
        assert_eq!(got.value("arp.isgratuitous"), "");
        assert_eq!(got.value("eth.trailer").len(), 36);
    }

    #[test]
    fn a_gratuitous_request_is_an_announcement_and_one_from_nobody_a_probe() {
        let gratuitous = REQUEST.replace("c0a80001", "c0a80072");
        let got = dissect(LinkType::ETHERNET, &gratuitous);
        assert_eq!([got.value("arp.isgratuitous"), got.value("arp.isannouncement"), got.value("arp.isprobe")], ["true", "true", ""]);
        let got = dissect(LinkType::ETHERNET, &REQUEST.replace("c0a80072", "00000000"));
        assert_eq!([got.value("arp.isgratuitous"), got.value("arp.isannouncement"), got.value("arp.isprobe")], ["", "", "true"]);
    }

    #[test]
    fn addresses_of_other_lengths_are_bytes() {
        let got = dissect(LinkType::ETHERNET, "ffffffffffff 0016ce6e8b24 0806 0007 0800 01 04 0001 c8 0a010101 00 0a010102");
        assert_eq!([got.value("arp.src.hw"), got.value("arp.dst.hw"), got.value("arp.dst.proto_ipv4")], ["c8", "00", "10.1.1.2"]);
        let got = dissect(LinkType::ETHERNET, "ffffffffffff 0016ce6e8b24 0806 0001 0805 06 02 0009 0016ce6e8b24 0102 0016ce6e8b25 0304");
        assert_eq!([got.value("arp.src.proto"), got.value("arp.dst.proto"), got.value("arp.opcode")], ["0102", "0304", "9"]);
    }

    #[test]
    fn atm_addresses_have_a_length_each() {
        let got =
            dissect(LinkType::ETHERNET, "ffffffffffff 0016ce6e8b24 0806 0013 0800 43 00 0001 04 02 01 04 aabbcc 0a010101 ddee ff 0a010102");
        assert_eq!([got.value("arp.src.htype"), got.value("arp.src.hw"), got.value("arp.src.proto_ipv4")], ["true", "aabbcc", "10.1.1.1"]);
        assert_eq!(
            [got.value("arp.dst.hw"), got.value("arp.dst.atm_subaddr"), got.value("arp.dst.proto_ipv4")],
            ["ddee", "ff", "10.1.1.2"]
        );
        assert!(got.dissection.stop.is_none());
    }

    #[test]
    fn a_cut_and_a_lie_are_told_apart() {
        let whole = bytes(REQUEST);
        let cut = dissect_cut(LinkType::ETHERNET, whole[..32].to_vec(), whole.len());
        assert_eq!(cut.dissection.stop.map(|stop| (stop.reason, stop.needed, stop.had)), Some((StopReason::Cut, 28, 18)));
        assert_eq!(cut.value("arp.src.proto_ipv4"), "192.168.0.114");
        let short = dissect_cut(LinkType::ETHERNET, whole[..32].to_vec(), 32);
        assert_eq!(short.dissection.stop.map(|stop| stop.reason), Some(StopReason::Short));
    }
}
