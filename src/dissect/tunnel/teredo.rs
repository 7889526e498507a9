//! Teredo: IPv6 through address translators, in UDP (RFC 4380).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk, network};

/// Teredo.
pub static PROTOCOL: Protocol = Protocol {
    name: "teredo",
    label: "Teredo",
    title: "Teredo tunnel",
    reference: "RFC 4380 section 5.1.1",
    claims: &[Selector::UdpPort(3544)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const AUTHENTICATION: [u8; 2] = [0, 1];
const ORIGIN: [u8; 2] = [0, 0];

fields! {
    NONCE = Field::bytes("teredo.auth.nonce", "Nonce", "Sent back by the server, so that the client knows the answer for its own.");
    CONFIRMATION = Field::number("teredo.auth.conf", "Confirmation", "Whether the client's key is still good.");
    ORIGIN_PORT = Field::number("teredo.orig.port", "Origin port", "The port that the sender seems to have from outside.");
    ORIGIN_ADDRESS = Field::ipv4("teredo.orig.addr", "Origin address", "The address that the sender seems to have from outside.");
}

/// Where the two indications end that may stand before the packet: authentication, then origin.
#[expect(clippy::arithmetic_side_effects, reason = "lengths of 8 bits")]
fn indications(bytes: &[u8]) -> (usize, usize) {
    let authentication = match bytes {
        [0, 1, client, value, ..] => 13 + usize::from(*client) + usize::from(*value),
        _ => 0,
    };
    let has_origin = bytes.get(authentication..).is_some_and(|rest| rest.starts_with(&ORIGIN));
    (authentication, authentication + if has_origin { 8 } else { 0 })
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let (_, end) = indications(walk.bytes());
    let _whole = walk.need(end, "indication")?;
    walk.header(end);
    Ok(network::by_version(walk.bytes().get(end..).unwrap_or_default()))
}

#[expect(clippy::arithmetic_side_effects, reason = "lengths of 8 bits")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let (authentication, end) = indications(d.view.bytes());
    if d.view.bytes().starts_with(&AUTHENTICATION) {
        d.bytes(&NONCE, authentication.checked_sub(9)?, 8)?;
        d.number(&CONFIRMATION, authentication.checked_sub(1)?, 1)?;
    }
    if end > authentication {
        // Both are inverted, so that translators which look for addresses leave them alone.
        let port = d.peek(authentication + 2, 2)? ^ 0xffff;
        d.value(&ORIGIN_PORT, authentication + 2, 2, Value::Number(port));
        let address: [u8; 4] = *d.slice(authentication + 4, 4)?.first_chunk()?;
        d.value(&ORIGIN_ADDRESS, authentication + 4, 4, Value::Ipv4(address.map(|byte| !byte)));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, bytes, dissect};
    use crate::frame::LinkType;

    const PACKET: &str = "60000000 00003b40 00000000000000000000000000000001 00000000000000000000000000000001";

    fn datagram(payload: &str) -> Dissected {
        let length = bytes(payload).len();
        let header = format!("4500{:04x} 00000000 40110000 c0000201 c0000202 c000 0dd8 {:04x} 0000", 28 + length, 8 + length);
        dissect(LinkType::IPV4, &format!("{header} {payload}"))
    }

    #[test]
    fn indications_stand_before_the_packet() {
        assert_eq!(datagram(PACKET).protocols(), "ip:udp:teredo:ipv6");
        let frame = datagram(&format!("0001 0000 0102030405060708 00 0000 63bf 3ffffdfd {PACKET}"));
        assert_eq!(frame.protocols(), "ip:udp:teredo:ipv6");
        assert_eq!((frame.value("teredo.auth.nonce"), frame.value("teredo.auth.conf")), ("0102030405060708".into(), "0".into()));
        assert_eq!((frame.value("teredo.orig.port"), frame.value("teredo.orig.addr")), ("40000".into(), "192.0.2.2".into()));
        assert_eq!(datagram("0001 ff00 01").dissection.stop.map(|stop| stop.needed), Some(268));
    }
}
