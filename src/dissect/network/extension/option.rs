//! Options of hop-by-hop and destination options headers (RFC 8200 section 4.2; IANA, "Destination Options and Hop-by-Hop Options").

use crate::dissect::{Describe, Field, Value};

const TYPES: &[(u64, &str)] = &[
    (0x00, "Pad1"),
    (0x01, "PadN"),
    (0x04, "Tunnel encapsulation limit"),
    (0x05, "Router alert"),
    (0x07, "Common architecture label (CALIPSO)"),
    (0x08, "Duplicate packet detection (SMF)"),
    (0x0f, "Performance and diagnostic metrics"),
    (0x11, "In situ measurement (IOAM)"),
    (0x12, "Alternate marking"),
    (0x1e, "Experiment"),
    (0x23, "Routing for low-power networks (RPL)"),
    (0x26, "Quick-Start"),
    (0x30, "Smallest path MTU"),
    (0x31, "In situ measurement (IOAM), may change"),
    (0x32, "Alternate marking, may change"),
    (0x3e, "Experiment, may change"),
    (0x4d, "Multicast for low-power networks (deprecated)"),
    (0x5e, "Experiment"),
    (0x63, "Routing for low-power networks (RPL, deprecated)"),
    (0x6d, "Multicast for low-power networks (MPL)"),
    (0x7e, "Experiment, may change"),
    (0x8a, "Endpoint identification (deprecated)"),
    (0x8b, "Identifier-locator nonce"),
    (0x8c, "Line identification"),
    (0x9e, "Experiment"),
    (0xbe, "Experiment, may change"),
    (0xc2, "Jumbo payload"),
    (0xc9, "Home address"),
    (0xde, "Experiment"),
    (0xee, "Depth-first forwarding"),
    (0xfe, "Experiment, may change"),
];
const ACTIONS: &[(u64, &str)] = &[
    (0, "skip it"),
    (1, "discard the packet"),
    (2, "discard the packet and tell the sender"),
    (3, "discard the packet and tell the sender unless it was sent to a group"),
];
const ROUTER_ALERTS: &[(u64, &str)] =
    &[(0, "multicast listener discovery"), (1, "resource reservation (RSVP)"), (2, "active network"), (68, "NSIS NATFW"), (69, "MPLS OAM")];
const PADDING: u64 = 1;

fields! {
    TYPE = Field::hexadecimal("ipv6.opt.type", "Option", 2, "An option of the header.").names(TYPES);
    ACTION = Field::number("ipv6.opt.type.action", "If unknown", "What a host that does not know the option has to do: the type's first two bits.").names(ACTIONS);
    CHANGES = Field::boolean("ipv6.opt.type.change", "May change on the way", "Whether routers may change the option: the type's third bit.");
    LENGTH = Field::number("ipv6.opt.length", "Length", "How long the option's data is.").unit("bytes");
    ENCAPSULATION_LIMIT = Field::number("ipv6.opt.tel", "Tunnels left", "How many more tunnels the packet may be wrapped in (RFC 2473).");
    ROUTER_ALERT = Field::number("ipv6.opt.router_alert", "Router alert", "Why routers that pass the packet on should look into it (RFC 2711).").names(ROUTER_ALERTS);
    JUMBO = Field::number("ipv6.opt.jumbo", "Payload length", "The payload length of a packet that is too large for its own field (RFC 2675).").unit("bytes");
    HOME_ADDRESS = Field::ipv6("ipv6.opt.mipv6.home_address", "Home address", "The address that a mobile host has at home; programs know it by this one, wherever it is (RFC 6275).");
    PATH_MTU_SMALLEST = Field::number("ipv6.opt.pmtu.min", "Smallest MTU on the way", "The smallest MTU of the links that the packet has crossed so far (RFC 9268).").unit("bytes");
    PATH_MTU_RETURNED = Field::number("ipv6.opt.pmtu.rtn", "Returned MTU", "What arrived in the other direction; the last bit asks for an answer.").unit("bytes");
    METRICS_SCALE_RECEIVED = Field::number("ipv6.opt.pdm.scale_dtlr", "Scale of time since last received", "How many bits that time was moved right (RFC 8250).");
    METRICS_SCALE_SENT = Field::number("ipv6.opt.pdm.scale_dtls", "Scale of time since last sent", "How many bits that time was moved right (RFC 8250).");
    METRICS_SEQUENCE = Field::number("ipv6.opt.pdm.psn_this_pkt", "Packet number", "Counts the packets of this sender, so that losses show (RFC 8250).");
    METRICS_SEQUENCE_RECEIVED = Field::number("ipv6.opt.pdm.psn_last_recv", "Last packet received", "The number of the last packet from the other side.");
    METRICS_SINCE_RECEIVED = Field::number("ipv6.opt.pdm.delta_last_recv", "Time since last received", "How long the sender took to answer: its own share of a round trip.");
    METRICS_SINCE_SENT = Field::number("ipv6.opt.pdm.delta_last_sent", "Time since last sent", "How long the answer took to arrive.");
    RPL_DOWN = Field::boolean("ipv6.opt.rpl.flag.o", "Down", "The packet moves away from the root (RFC 6553).");
    RPL_RANK_ERROR = Field::boolean("ipv6.opt.rpl.flag.r", "Rank error", "The packet moved in the other direction than it should have.");
    RPL_FORWARDING_ERROR = Field::boolean("ipv6.opt.rpl.flag.f", "Forwarding error", "A router could not pass the packet on.");
    RPL_INSTANCE = Field::number("ipv6.opt.rpl.instance_id", "Instance", "Which of several routing graphs the packet follows.");
    RPL_RANK = Field::number("ipv6.opt.rpl.sender_rank", "Sender's rank", "How far the last router is from the root.");
    PADDING_BYTES = Field::bytes("ipv6.opt.padn", "Padding", "Zeros that move what follows to a multiple of its size.");
    DATA = Field::bytes("ipv6.opt.unknown", "Data", "The option's bytes.");
}

/// The data of the first option of a type whose data is `N` bytes.
pub(super) fn find<const N: usize>(options: &[u8], kind: u8) -> Option<[u8; N]> {
    let mut rest = options;
    loop {
        match *rest {
            [0, ..] => rest = rest.get(1..)?,
            [found, length, ref data @ ..] if found == kind && usize::from(length) == N => return data.first_chunk().copied(),
            [_, length, ..] => rest = rest.get(2 + usize::from(length)..)?,
            [_] | [] => return None,
        }
    }
}

/// Gives an options header: its next header, its length as it stands and in bytes, and its options.
#[expect(clippy::arithmetic_side_effects, reason = "offsets in a header of at most 2,048 bytes, and lengths of 8 bits")]
pub(super) fn describe_header(d: &mut Describe<'_, '_>, [next, length, length_in_bytes]: [&'static Field; 3]) -> Option<()> {
    d.number(next, 0, 1)?;
    let end = usize::try_from(d.number(length, 1, 1)? + 1).ok()? * 8;
    d.value(length_in_bytes, 1, 1, Value::Number(end as u64));
    let mut at = 2;
    while at < end {
        let kind = d.peek(at, 1)?;
        if kind == 0 {
            d.number(&TYPE, at, 1)?;
            at += 1;
            continue;
        }
        let length = usize::try_from(d.peek(at + 1, 1)?).ok()?;
        let room = (2 + length).min(end - at);
        d.under(&TYPE, at, room, Value::Number(kind), |d| describe_one(d, kind, at, room))?;
        at += 2 + length;
    }
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "an offset in the layer, and how far behind it a field stands")]
fn describe_one(d: &mut Describe<'_, '_>, kind: u64, at: usize, room: usize) -> Option<()> {
    if kind != PADDING {
        d.bits(&ACTION, at, 1, 0xc0)?;
        d.flag(&CHANGES, at, 1, 0x20)?;
    }
    let length = usize::try_from(d.number(&LENGTH, at + 1, 1)?).ok()?;
    let data = at + 2;
    // What ends behind the header is no option's data.
    if length + 2 > room {
        return Some(());
    }
    match (kind, length) {
        (_, 0) => {}
        (PADDING, _) => {
            d.bytes(&PADDING_BYTES, data, length)?;
        }
        (0x04, 1) => {
            d.number(&ENCAPSULATION_LIMIT, data, 1)?;
        }
        (0x05, 2) => {
            d.number(&ROUTER_ALERT, data, 2)?;
        }
        (0x0f, 10) => {
            d.number(&METRICS_SCALE_RECEIVED, data, 1)?;
            d.number(&METRICS_SCALE_SENT, data + 1, 1)?;
            d.number(&METRICS_SEQUENCE, data + 2, 2)?;
            d.number(&METRICS_SEQUENCE_RECEIVED, data + 4, 2)?;
            d.number(&METRICS_SINCE_RECEIVED, data + 6, 2)?;
            d.number(&METRICS_SINCE_SENT, data + 8, 2)?;
        }
        (0x23 | 0x63, 4..) => {
            d.flag(&RPL_DOWN, data, 1, 0x80)?;
            d.flag(&RPL_RANK_ERROR, data, 1, 0x40)?;
            d.flag(&RPL_FORWARDING_ERROR, data, 1, 0x20)?;
            d.number(&RPL_INSTANCE, data + 1, 1)?;
            d.number(&RPL_RANK, data + 2, 2)?;
        }
        (0x30, 4) => {
            d.number(&PATH_MTU_SMALLEST, data, 2)?;
            d.number(&PATH_MTU_RETURNED, data + 2, 2)?;
        }
        (0xc2, 4) => {
            d.number(&JUMBO, data, 4)?;
        }
        (0xc9, 16) => {
            d.ipv6(&HOME_ADDRESS, data)?;
        }
        _ => {
            d.bytes(&DATA, data, length)?;
        }
    }
    Some(())
}
