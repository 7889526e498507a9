//! ATM: classical IP (RFC 2225), and what SunATM writes before a frame.

use super::llc;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk, network};

/// Classical IP over ATM: 802.2 or a packet at once, as was agreed when the circuit was made.
pub static CLASSICAL_IP: Protocol = Protocol {
    name: "clip",
    label: "ATM",
    title: "Classical IP over ATM",
    reference: "RFC 2225, LINKTYPE_ATM_CLIP",
    claims: &[Selector::LinkType(106), Selector::LinkType(19)],
    dissect: dissect_classical_ip,
    describe: |_| Some(()),
    verify: None,
    fields: &[],
};

/// SunATM.
pub static SUN: Protocol = Protocol {
    name: "atm",
    label: "ATM",
    title: "ATM",
    reference: "LINKTYPE_SUNATM",
    claims: &[Selector::LinkType(123)],
    dissect: dissect_sun,
    describe: describe_sun,
    verify: None,
    fields: &[FIELDS],
};

const LOGICAL_LINK_CONTROL: u8 = 2;

fields! {
    PATH = Field::number("atm.vpi", "Virtual path", "Which path on the link the frame is on.").in_line();
    CHANNEL = Field::number("atm.vci", "Virtual channel", "Which channel in that path.").in_line();
}

fn dissect_classical_ip(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header(0);
    Ok(match walk.bytes() {
        [0xaa, 0xaa, 0x03, ..] => Next::Protocol(&llc::PROTOCOL),
        packet => network::by_version(packet),
    })
}

fn dissect_sun(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[flags, ..] = walk.header_bytes::<4>()?;
    walk.header(4);
    Ok(if flags & 0x0f == LOGICAL_LINK_CONTROL { Next::Protocol(&llc::PROTOCOL) } else { Next::Payload })
}

fn describe_sun(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&PATH, 1, 1)?;
    d.number(&CHANNEL, 2, 2)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const PACKET: &str = "45000014 00000000 403b0000 0a000001 0a000002";

    #[test]
    fn packets_come_at_once_or_behind_802_2() {
        assert_eq!(dissect(LinkType(106), PACKET).protocols(), "clip:ip");
        assert_eq!(dissect(LinkType(106), &format!("aaaa03 000000 0800 {PACKET}")).protocols(), "clip:llc:ip");
        let sun = dissect(LinkType(123), &format!("82 01 0064 aaaa03 000000 0800 {PACKET}"));
        assert_eq!((sun.protocols(), sun.value("atm.vci")), ("atm:llc:ip".into(), "100".into()));
        assert_eq!(dissect(LinkType(123), "01 01 0064 00").protocols(), "atm:data");
    }
}
