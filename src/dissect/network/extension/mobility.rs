//! The mobility header: how a host tells others that it has moved (RFC 6275 section 6.1).

use super::super::ip_protocol_name;
use super::{follow, length_in_eights, within_limit};
use crate::dissect::{Checksum, Describe, Field, Next, Protocol, Selector, Stop, Value, View, Walk, checksum};

/// The mobility header.
pub static PROTOCOL: Protocol = Protocol {
    name: "mipv6",
    label: "mobility",
    title: "Mobile IPv6",
    reference: "RFC 6275 section 6.1",
    claims: &[Selector::IpProtocol(135)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS],
};

const TYPES: &[(u64, &str)] = &[
    (0, "binding refresh request"),
    (1, "home test init"),
    (2, "care-of test init"),
    (3, "home test"),
    (4, "care-of test"),
    (5, "binding update"),
    (6, "binding acknowledgement"),
    (7, "binding error"),
    (8, "fast binding update"),
    (9, "fast binding acknowledgement"),
    (10, "fast neighbour advertisement"),
    (11, "experiment"),
    (12, "home agent switch"),
    (13, "heartbeat"),
    (14, "handover initiate"),
    (15, "handover acknowledge"),
    (16, "binding revocation"),
    (17, "localized routing initiation"),
    (18, "localized routing acknowledgement"),
    (19, "update notification"),
    (20, "update notification acknowledgement"),
    (21, "flow binding"),
    (22, "subscription query"),
    (23, "subscription response"),
];
const OPTIONS: &[(u64, &str)] = &[
    (0, "Pad1"),
    (1, "PadN"),
    (2, "Binding refresh advice"),
    (3, "Alternate care-of address"),
    (4, "Nonce indices"),
    (5, "Binding authorization data"),
    (6, "Mobile network prefix"),
    (7, "Link-layer address"),
    (8, "Mobile node identifier"),
    (9, "Authentication"),
    (10, "Replay protection"),
    (19, "Vendor-specific"),
    (20, "Service selection"),
    (22, "Home network prefix"),
    (23, "Handoff indicator"),
    (24, "Access technology type"),
    (27, "Timestamp"),
    (29, "IPv4 home address"),
    (30, "IPv4 address acknowledgement"),
];
const BINDING_STATUS: &[(u64, &str)] = &[
    (0, "accepted"),
    (1, "accepted, prefix discovery needed"),
    (128, "refused"),
    (129, "administratively prohibited"),
    (130, "out of resources"),
    (131, "home registration not supported"),
    (132, "not in the home subnet"),
    (133, "not the home agent of this node"),
    (134, "duplicate address detection failed"),
    (135, "sequence number out of window"),
    (136, "expired home nonce index"),
    (137, "expired care-of nonce index"),
    (138, "expired nonces"),
    (139, "registration type change not allowed"),
    (174, "invalid care-of address"),
];
const BINDING_ERRORS: &[(u64, &str)] = &[(1, "no binding for the home address"), (2, "unknown mobility header type")];
const FIXED_LENGTH: usize = 6;

fields! {
    NEXT_HEADER = Field::number("mip6.proto", "Next header", "What follows this header: nothing, in all messages so far.").named_by(ip_protocol_name);
    LENGTH = Field::number("mip6.hlen", "Length", "How long this header is, in units of 8 bytes, the first 8 not counted.");
    TYPE = Field::number("mip6.mhtype", "Type", "What the message does.").names(TYPES).in_line();
    RESERVED = Field::number("mip6.reserved", "Reserved", "Must be 0.");
    CHECKSUM = Field::checksum("mip6.csum", "Checksum", "Guards the message and the addresses of the packet.");
    CHECKSUM_STATUS = Field::status("mip6.csum.status", "Checksum status", "Whether the message adds up.");
    HOME_INIT_COOKIE = Field::hexadecimal("mip6.hoti.cookie", "Home init cookie", 16, "A random number that the answer has to repeat.");
    CARE_OF_INIT_COOKIE = Field::hexadecimal("mip6.coti.cookie", "Care-of init cookie", 16, "A random number that the answer has to repeat.");
    HOME_NONCE = Field::number("mip6.hot.nindex", "Home nonce index", "Which secret of the correspondent the token was made with.");
    HOME_COOKIE = Field::hexadecimal("mip6.hot.cookie", "Home init cookie", 16, "The random number of the question.");
    HOME_TOKEN = Field::hexadecimal("mip6.hot.token", "Home keygen token", 16, "Half of the proof that the mobile host is at both addresses.");
    CARE_OF_NONCE = Field::number("mip6.cot.nindex", "Care-of nonce index", "Which secret of the correspondent the token was made with.");
    CARE_OF_COOKIE = Field::hexadecimal("mip6.cot.cookie", "Care-of init cookie", 16, "The random number of the question.");
    CARE_OF_TOKEN = Field::hexadecimal("mip6.cot.token", "Care-of keygen token", 16, "Half of the proof that the mobile host is at both addresses.");
    UPDATE_SEQUENCE = Field::number("mip6.bu.seqnr", "Sequence number", "Orders the updates of one mobile host.").in_line();
    UPDATE_ACKNOWLEDGE = Field::boolean("mip6.bu.a_flag", "Acknowledge", "An acknowledgement is asked for.");
    UPDATE_HOME = Field::boolean("mip6.bu.h_flag", "Home registration", "The receiver should act as the home agent.");
    UPDATE_LINK_LOCAL = Field::boolean("mip6.bu.l_flag", "Link-local compatible", "The home address ends like the host's link-local one.");
    UPDATE_KEY = Field::boolean("mip6.bu.k_flag", "Key management moves", "The keys' security associations survive the move.");
    UPDATE_LIFETIME = Field::number("mip6.bu.lifetime", "Lifetime", "How long the binding should last, in units of 4 seconds; 0 ends it.");
    ACKNOWLEDGEMENT_STATUS = Field::number("mip6.ba.status", "Status", "Whether the update was accepted.").names(BINDING_STATUS).in_line();
    ACKNOWLEDGEMENT_KEY = Field::boolean("mip6.ba.k_flag", "Key management moves", "The keys' security associations survive the move.");
    ACKNOWLEDGEMENT_SEQUENCE = Field::number("mip6.ba.seqnr", "Sequence number", "That of the update.").in_line();
    ACKNOWLEDGEMENT_LIFETIME = Field::number("mip6.ba.lifetime", "Lifetime", "How long the binding will last, in units of 4 seconds.");
    ERROR_STATUS = Field::number("mip6.be.status", "Status", "What went wrong.").names(BINDING_ERRORS).in_line();
    ERROR_HOME_ADDRESS = Field::ipv6("mip6.be.haddr", "Home address", "The home address that the packet in question had.");
    OPTION = Field::number("mip6.mobility_opt", "Option", "An option of the message.").names(OPTIONS);
    OPTION_LENGTH = Field::number("mip6.mobility_opt.len", "Length", "How long the option's data is.").unit("bytes");
    REFRESH_INTERVAL = Field::number("mip6.bra.interval", "Refresh interval", "When to update the binding again, in units of 4 seconds.");
    ALTERNATE_ADDRESS = Field::ipv6("mip6.acoa.acoa", "Alternate care-of address", "Where the host is, where that is not the packet's source.");
    DATA = Field::bytes("mip6.em.data", "Data", "The message's or the option's bytes.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    within_limit(walk)?;
    let &[next, length, ..] = walk.header_bytes::<FIXED_LENGTH>()?;
    follow(walk, next, length_in_eights(length))
}

fn verify(view: &View<'_>) -> Checksum {
    let length = view.bytes().get(1).copied().map_or(FIXED_LENGTH, length_in_eights);
    checksum::verify_with_pseudo_header(view, 135, length, 4)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&NEXT_HEADER, 0, 1)?;
    let end = length_in_eights(u8::try_from(d.number(&LENGTH, 1, 1)?).ok()?);
    let kind = d.number(&TYPE, 2, 1)?;
    d.number(&RESERVED, 3, 1)?;
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, 4)?;
    let options = match kind {
        0 => 8,
        1 | 2 if end >= 16 => {
            d.number(if kind == 1 { &HOME_INIT_COOKIE } else { &CARE_OF_INIT_COOKIE }, 8, 8)?;
            16
        }
        3 if end >= 24 => {
            d.number(&HOME_NONCE, 6, 2)?;
            d.number(&HOME_COOKIE, 8, 8)?;
            d.number(&HOME_TOKEN, 16, 8)?;
            24
        }
        4 if end >= 24 => {
            d.number(&CARE_OF_NONCE, 6, 2)?;
            d.number(&CARE_OF_COOKIE, 8, 8)?;
            d.number(&CARE_OF_TOKEN, 16, 8)?;
            24
        }
        5 if end >= 12 => {
            d.number(&UPDATE_SEQUENCE, 6, 2)?;
            let flags = [(&UPDATE_ACKNOWLEDGE, 0x80), (&UPDATE_HOME, 0x40), (&UPDATE_LINK_LOCAL, 0x20), (&UPDATE_KEY, 0x10)];
            for (field, mask) in flags {
                d.flag(field, 8, 1, mask)?;
            }
            d.number(&UPDATE_LIFETIME, 10, 2)?;
            12
        }
        6 if end >= 12 => {
            d.number(&ACKNOWLEDGEMENT_STATUS, 6, 1)?;
            d.flag(&ACKNOWLEDGEMENT_KEY, 7, 1, 0x80)?;
            d.number(&ACKNOWLEDGEMENT_SEQUENCE, 8, 2)?;
            d.number(&ACKNOWLEDGEMENT_LIFETIME, 10, 2)?;
            12
        }
        7 if end >= 24 => {
            d.number(&ERROR_STATUS, 6, 1)?;
            d.ipv6(&ERROR_HOME_ADDRESS, 8)?;
            24
        }
        _ => {
            d.bytes(&DATA, FIXED_LENGTH, end.saturating_sub(FIXED_LENGTH))?;
            end
        }
    };
    describe_options(d, options, end)
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe_options(d: &mut Describe<'_, '_>, from: usize, end: usize) -> Option<()> {
    let mut at = from;
    while at < end {
        let kind = d.peek(at, 1)?;
        if kind == 0 {
            d.number(&OPTION, at, 1)?;
            at += 1;
            continue;
        }
        let length = usize::try_from(d.peek(at + 1, 1)?).ok()?;
        let room = length.min(end.saturating_sub(at + 2));
        d.under(&OPTION, at, 2 + room, Value::Number(kind), |d| {
            d.number(&OPTION_LENGTH, at + 1, 1)?;
            match (kind, room) {
                (_, 0) => {}
                (2, 2) => {
                    d.number(&REFRESH_INTERVAL, at + 2, 2)?;
                }
                (3, 16) => {
                    d.ipv6(&ALTERNATE_ADDRESS, at + 2)?;
                }
                _ => {
                    d.bytes(&DATA, at + 2, room)?;
                }
            }
            Some(())
        })?;
        at += 2 + length;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, dissect};
    use crate::frame::LinkType;

    fn packet(message: &str) -> Dissected {
        let length = message.replace(' ', "").len() / 2;
        let addresses = "20010db8000000000000000000000001 20010db8000000000000000000000002";
        dissect(LinkType::IPV6, &format!("60000000 {length:04x} 87 40 {addresses} {message}"))
    }

    #[test]
    fn a_binding_update_with_another_address() {
        let got = packet("3b03 05 00 0000 0074 c000 0f80 0310 20010db800000000000000000000000a 0100");
        assert_eq!(got.protocols(), "ipv6:mipv6");
        assert_eq!([got.value("mip6.bu.seqnr"), got.value("mip6.bu.h_flag"), got.value("mip6.bu.k_flag")], ["116", "true", "false"]);
        assert_eq!(got.value("mip6.acoa.acoa"), "2001:db8::a");
        assert_eq!(got.values("mip6.mobility_opt"), ["3", "1"]);
        assert_eq!(got.value("mip6.csum.status"), "bad");
    }

    #[test]
    fn cookies_and_lengths_that_lie() {
        let got = packet("3b01 01 00 57de 0000 0102030405060708");
        assert_eq!(got.value("mip6.hoti.cookie"), 0x0102_0304_0506_0708_u64.to_string());
        assert_eq!(got.value("mip6.csum.status"), "good");
        let short = packet("3b00 05 00 0000 0074 c000 0f80");
        assert_eq!(short.value("mip6.bu.seqnr"), "", "its header ends before the lifetime");
    }
}
