//! Extensible authentication (RFC 3748), and the frames of 802.1X that carry it on a LAN (IEEE 802.1X-2020 section 11).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// Extensible authentication protocol.
pub static PROTOCOL: Protocol = Protocol {
    name: "eap",
    label: "EAP",
    title: "Extensible authentication protocol",
    reference: "RFC 3748",
    claims: &[Selector::PppProtocol(0xc227)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// The frame of 802.1X.
pub static OVER_LAN: Protocol = Protocol {
    name: "eapol",
    label: "802.1X",
    title: "802.1X authentication",
    reference: "IEEE 802.1X-2020 section 11",
    claims: &[Selector::EtherType(0x888e)],
    dissect: dissect_over_lan,
    describe: describe_over_lan,
    verify: None,
    fields: &[FIELDS],
};

const EAP_PACKET: u64 = 0;
const KEY: u64 = 3;
const HEADER_LENGTH: usize = 4;
const IDENTITY: u64 = 1;

const CODES: &[(u64, &str)] = &[(1, "request"), (2, "response"), (3, "success"), (4, "failure"), (5, "initiate"), (6, "finish")];
const METHODS: &[(u64, &str)] = &[
    (IDENTITY, "identity"),
    (2, "notification"),
    (3, "another method wanted"),
    (4, "MD5 challenge"),
    (5, "one-time password"),
    (6, "token card"),
    (13, "TLS"),
    (17, "LEAP"),
    (18, "SIM"),
    (21, "TTLS"),
    (23, "AKA"),
    (25, "PEAP"),
    (26, "MS-CHAP-2"),
    (43, "FAST"),
    (50, "AKA'"),
    (52, "PWD"),
    (55, "TEAP"),
];
const FRAME_TYPES: &[(u64, &str)] = &[
    (EAP_PACKET, "EAP packet"),
    (1, "start"),
    (2, "log-off"),
    (KEY, "key"),
    (4, "alert"),
    (5, "MACsec key agreement"),
    (6, "announcement"),
];
const KEY_TYPES: &[(u64, &str)] = &[(1, "RC4"), (2, "802.11 (RSN)"), (254, "WPA")];

fields! {
    CODE = Field::number("eap.code", "Code", "What the message does.").names(CODES).in_line();
    IDENTIFIER = Field::number("eap.id", "Identifier", "An answer has its request's.");
    LENGTH = Field::number("eap.len", "Length", "How long the message is.").unit("bytes");
    METHOD = Field::number("eap.type", "Method", "How the other side shall prove who it is.").names(METHODS).in_line();
    IDENTITY_NAME = Field::text("eap.identity", "Identity", "Who wants to come in, in clear.").in_line();
    DATA = Field::bytes("eap.data", "Data", "What the method says.");
    FRAME_VERSION = Field::number("eapol.version", "Version", "Which edition of 802.1X the sender speaks.");
    FRAME_TYPE = Field::number("eapol.type", "Type", "What the frame is for.").names(FRAME_TYPES).in_line();
    FRAME_LENGTH = Field::number("eapol.len", "Length", "How many bytes follow this header; what is behind them is padding.").unit("bytes");
    KEY_TYPE = Field::number("eapol.keydes.type", "Key descriptor", "How the key is written.").names(KEY_TYPES);
    BODY = Field::bytes("eapol.keydes.body", "Key descriptor body", "Counters, random numbers and the key itself, encrypted.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, _, high, low] = walk.header_bytes::<HEADER_LENGTH>()?;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length < HEADER_LENGTH {
        return Err(walk.invalid("length", HEADER_LENGTH, length));
    }
    walk.limit(length);
    Ok(Next::Nothing)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let code = d.number(&CODE, 0, 1)?;
    d.number(&IDENTIFIER, 1, 1)?;
    d.number(&LENGTH, 2, 2)?;
    let rest = d.view.bytes().len().saturating_sub(HEADER_LENGTH + 1);
    if matches!(code, 1 | 2) {
        let method = d.number(&METHOD, 4, 1)?;
        if rest > 0 && method == IDENTITY {
            d.text(&IDENTITY_NAME, 5, rest)?;
        } else if rest > 0 {
            d.bytes(&DATA, 5, rest)?;
        }
    }
    Some(())
}

fn dissect_over_lan(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, kind, high, low] = walk.header_bytes::<HEADER_LENGTH>()?;
    walk.limit(HEADER_LENGTH + usize::from(u16::from_be_bytes([high, low])));
    if u64::from(kind) == KEY {
        return Ok(Next::Nothing);
    }
    walk.header(HEADER_LENGTH);
    Ok(if u64::from(kind) == EAP_PACKET { Next::Protocol(&PROTOCOL) } else { Next::Payload })
}

fn describe_over_lan(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&FRAME_VERSION, 0, 1)?;
    let kind = d.number(&FRAME_TYPE, 1, 1)?;
    d.number(&FRAME_LENGTH, 2, 2)?;
    if kind == KEY {
        d.number(&KEY_TYPE, HEADER_LENGTH, 1)?;
        d.bytes(&BODY, HEADER_LENGTH + 1, d.view.bytes().len().saturating_sub(HEADER_LENGTH + 1))?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const ADDRESSES: &str = "0180c2000003 0022aabbccdd 888e";

    #[test]
    fn an_identity_is_said_in_clear() {
        let frame = dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 01 00 0009 02 01 0009 01 75736572 000000"));
        assert_eq!((frame.protocols(), frame.value("eap.identity")), ("eth:eapol:eap".into(), "user".into()));
        assert_eq!((frame.value("eap.type"), frame.value("eapol.type")), ("1".into(), "0".into()));
        assert_eq!(dissect(LinkType(9), "ff03 c227 03 01 0004").value("eap.code"), "3");
    }

    #[test]
    fn a_start_and_a_key_carry_no_eap() {
        assert_eq!(dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 01 01 0000 000000")).protocols(), "eth:eapol");
        let key = dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 02 03 0003 02008a 0000"));
        assert_eq!((key.value("eapol.keydes.type"), key.value("eapol.keydes.body")), ("2".into(), "008a".into()));
    }
}
