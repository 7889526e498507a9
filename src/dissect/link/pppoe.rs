//! PPP over Ethernet: how a subscriber finds an access concentrator, and the session they then have (RFC 2516).

use super::ppp;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// The search for an access concentrator.
pub static DISCOVERY: Protocol = Protocol {
    name: "pppoed",
    label: "PPPoE",
    title: "PPP over Ethernet discovery",
    reference: "RFC 2516 section 5",
    claims: &[Selector::EtherType(0x8863)],
    dissect: dissect_discovery,
    describe: describe_discovery,
    verify: None,
    fields: &[FIELDS],
};

/// The session.
pub static SESSION: Protocol = Protocol {
    name: "pppoes",
    label: "PPPoE",
    title: "PPP over Ethernet session",
    reference: "RFC 2516 section 6",
    claims: &[Selector::EtherType(0x8864), Selector::LinkType(51)],
    dissect: dissect_session,
    describe: describe_header,
    verify: None,
    fields: &[FIELDS],
};

const CODES: &[(u64, &str)] = &[
    (0x00, "session data"),
    (0x07, "offer (PADO)"),
    (0x09, "initiation (PADI)"),
    (0x19, "request (PADR)"),
    (0x65, "session confirmation (PADS)"),
    (0xa7, "termination (PADT)"),
];
const TAGS: &[(u64, &str)] = &[
    (0x0000, "end of list"),
    (0x0101, "service name"),
    (0x0102, "access concentrator name"),
    (0x0103, "host's own"),
    (0x0104, "concentrator's cookie"),
    (0x0105, "vendor"),
    (0x0106, "credits"),
    (0x0107, "metrics"),
    (0x0110, "relay session"),
    (0x0120, "maximum payload"),
    (0x0201, "service name error"),
    (0x0202, "system error"),
    (0x0203, "generic error"),
];
const HEADER_LENGTH: usize = 6;

fields! {
    VERSION = Field::number("pppoe.version", "Version", "Which version of the protocol this is: 1.");
    TYPE = Field::number("pppoe.type", "Type", "Always 1.");
    CODE = Field::hexadecimal("pppoe.code", "Code", 2, "Which step of the search it is, or that it carries data.").names(CODES).in_line();
    SESSION_ID = Field::hexadecimal("pppoe.session_id", "Session", 4, "Which session between these two stations; 0 while there is none.").in_line();
    PAYLOAD_LENGTH = Field::number("pppoe.payload_length", "Payload length", "How many bytes follow this header; what is behind them is padding.").unit("bytes");
    TAG = Field::hexadecimal("pppoed.tag", "Tag", 4, "Something that the two stations say to each other.").names(TAGS);
    TAG_LENGTH = Field::number("pppoed.tag_length", "Length", "How long the tag's value is.").unit("bytes");
    SERVICE_NAME = Field::text("pppoed.tags.service_name", "Service name", "The service that is asked for or offered; empty for any.").in_line();
    CONCENTRATOR_NAME = Field::text("pppoed.tags.ac_name", "Access concentrator name", "Who offers it.").in_line();
    HOST_UNIQUE = Field::bytes("pppoed.tags.host_uniq", "Host's own", "Comes back as it was sent: so the host knows which of its questions is answered.");
    COOKIE = Field::bytes("pppoed.tags.ac_cookie", "Concentrator's cookie", "Comes back as it was sent: so that the concentrator need not remember offers.");
    RELAY_SESSION = Field::bytes("pppoed.tags.relay_session_id", "Relay session", "Put there by a relay between the two.");
    MAXIMUM_PAYLOAD = Field::number("pppoed.tags.max_payload", "Maximum payload", "The largest packet wanted, where more than 1492 bytes fit (RFC 4638).").unit("bytes");
    SERVICE_NAME_ERROR = Field::text("pppoed.tags.service_name_error", "Service name error", "Why the service cannot be had.");
    SYSTEM_ERROR = Field::text("pppoed.tags.ac_system_error", "System error", "What is wrong at the concentrator.");
    GENERIC_ERROR = Field::text("pppoed.tags.generic_error", "Generic error", "What is wrong.");
    UNKNOWN = Field::bytes("pppoed.tag.unknown_data", "Value", "The tag's bytes.");
}

fn limit(walk: &mut Walk<'_>) -> Result<(), Stop> {
    let &[_, _, _, _, high, low] = walk.header_bytes::<HEADER_LENGTH>()?;
    walk.limit(HEADER_LENGTH + usize::from(u16::from_be_bytes([high, low])));
    Ok(())
}

fn dissect_discovery(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    limit(walk)?;
    Ok(Next::Nothing)
}

fn dissect_session(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    limit(walk)?;
    walk.header(HEADER_LENGTH);
    Ok(Next::Protocol(&ppp::PROTOCOL))
}

fn describe_header(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bits(&VERSION, 0, 1, 0xf0)?;
    d.bits(&TYPE, 0, 1, 0x0f)?;
    d.number(&CODE, 1, 1)?;
    d.number(&SESSION_ID, 2, 2)?;
    d.number(&PAYLOAD_LENGTH, 4, 2)?;
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe_discovery(d: &mut Describe<'_, '_>) -> Option<()> {
    describe_header(d)?;
    let mut at = HEADER_LENGTH;
    while at < d.view.bytes().len() {
        let (tag, length) = (d.peek(at, 2)?, usize::try_from(d.peek(at + 2, 2)?).ok()?);
        d.slice(at, 4 + length)?;
        d.open(&TAG, at, 4 + length, Value::Number(tag));
        d.number(&TAG_LENGTH, at + 2, 2)?;
        describe_value(d, tag, at + 4, length)?;
        d.close();
        if tag == 0 {
            break;
        }
        at += 4 + length;
    }
    Some(())
}

fn describe_value(d: &mut Describe<'_, '_>, tag: u64, at: usize, length: usize) -> Option<()> {
    let text = match tag {
        0x0101 => Some(&SERVICE_NAME),
        0x0102 => Some(&CONCENTRATOR_NAME),
        0x0201 => Some(&SERVICE_NAME_ERROR),
        0x0202 => Some(&SYSTEM_ERROR),
        0x0203 => Some(&GENERIC_ERROR),
        _ => None,
    };
    if let Some(field) = text {
        d.text(field, at, length)?;
    } else if tag == 0x0120 && length == 2 {
        d.number(&MAXIMUM_PAYLOAD, at, 2)?;
    } else if length > 0 {
        let field = match tag {
            0x0103 => &HOST_UNIQUE,
            0x0104 => &COOKIE,
            0x0110 => &RELAY_SESSION,
            _ => &UNKNOWN,
        };
        d.bytes(field, at, length)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const PACKET: &str = "45000014 00000000 403b0000 0a000001 0a000002";

    #[test]
    fn an_offer_says_who_offers_what() {
        let tags = "0101 0000 0103 0004 05060708 0102 0003 697370 0104 0002 abcd 0120 0002 05dc";
        let frame = dissect(LinkType::ETHERNET, &format!("001562643341 00102a1b3c4d 8863 11 07 0000 001f {tags} 0000000000"));
        assert_eq!(frame.protocols(), "eth:pppoed");
        for (id, value) in [
            ("pppoe.code", "7"),
            ("pppoed.tags.ac_name", "isp"),
            ("pppoed.tags.host_uniq", "05060708"),
            ("pppoed.tags.ac_cookie", "abcd"),
            ("pppoed.tags.max_payload", "1500"),
            ("eth.trailer", "0000000000"),
        ] {
            assert_eq!(frame.value(id), value, "{id}");
        }
        assert_eq!(frame.values("pppoed.tags.service_name"), [""]);
    }

    #[test]
    fn a_sessions_payload_ends_where_it_says() {
        let frame = dissect(LinkType::ETHERNET, &format!("001562643341 00102a1b3c4d 8864 11 00 0007 0016 0021 {PACKET} 00000000"));
        assert_eq!((frame.protocols(), frame.value("pppoe.session_id")), ("eth:pppoes:ppp:ip".into(), "7".into()));
        assert_eq!(frame.dissection.layers.get(2).map(|layer| layer.end - layer.start), Some(22));
        assert_eq!(dissect(LinkType(51), &format!("11 00 0007 0016 0021 {PACKET}")).protocols(), "pppoes:ppp:ip");
    }

    #[test]
    fn a_tag_that_does_not_fit_ends_the_list() {
        let frame = dissect(LinkType::ETHERNET, "001562643341 00102a1b3c4d 8863 11 09 0000 000a 0101 0000 0103 ffff 0102");
        assert_eq!(frame.values("pppoed.tag_length"), ["0"]);
    }
}
