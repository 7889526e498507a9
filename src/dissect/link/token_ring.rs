//! Token ring (IEEE 802.5) and FDDI (ISO 9314): rings whose frames carry 802.2.

use super::llc;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// Token ring.
pub static TOKEN_RING: Protocol = Protocol {
    name: "tr",
    label: "token ring",
    title: "Token ring",
    reference: "IEEE 802.5",
    claims: &[Selector::LinkType(6)],
    dissect: dissect_token_ring,
    describe: describe_token_ring,
    verify: None,
    fields: &[FIELDS],
};

/// Fibre distributed data interface.
pub static FDDI: Protocol = Protocol {
    name: "fddi",
    label: "FDDI",
    title: "Fibre distributed data interface",
    reference: "ISO 9314-2",
    claims: &[Selector::LinkType(10)],
    dissect: dissect_fddi,
    describe: describe_fddi,
    verify: None,
    fields: &[FIELDS],
};

const RING_HEADER: usize = 14;
const FDDI_HEADER: usize = 13;
/// The first bit of a token ring's source address says that a route follows.
const HAS_ROUTE: u8 = 0x80;
const TYPES: &[(u64, &str)] = &[(0, "ring management"), (1, "802.2")];

fields! {
    ACCESS = Field::hexadecimal("tr.ac", "Access control", 2, "Priority and token.");
    FRAME_TYPE = Field::number("tr.frame_type", "Frame type", "What the frame is for.").names(TYPES);
    DESTINATION = Field::mac("tr.dst", "Destination", "The station that the frame is for.").aliases(&["tr.addr"]).in_line();
    SOURCE = Field::mac("tr.src", "Source", "The station that sent the frame.").aliases(&["tr.addr"]).in_line();
    ROUTED = Field::boolean("tr.sr", "Source routed", "A route from ring to ring follows.");
    ROUTE_LENGTH = Field::number("tr.rif_bytes", "Route length", "How long the route is.").unit("bytes");
    FDDI_CONTROL = Field::hexadecimal("fddi.fc", "Frame control", 2, "What kind of frame it is: 50 to 57 carry 802.2.");
    FDDI_DESTINATION = Field::mac("fddi.dst", "Destination", "The station that the frame is for.").aliases(&["fddi.addr"]).in_line();
    FDDI_SOURCE = Field::mac("fddi.src", "Source", "The station that sent the frame.").aliases(&["fddi.addr"]).in_line();
}

fn dissect_token_ring(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, control, _, _, _, _, _, _, source, ..] = walk.header_bytes::<RING_HEADER>()?;
    let mut length = RING_HEADER;
    if source & HAS_ROUTE != 0 {
        let &[.., route, _] = walk.header_bytes::<{ RING_HEADER + 2 }>()?;
        length = RING_HEADER.saturating_add(usize::from(route & 0x1f).max(2));
        walk.need(length, "route")?;
    }
    walk.header(length);
    Ok(if control >> 6 == 1 { Next::Protocol(&llc::PROTOCOL) } else { Next::Payload })
}

fn describe_token_ring(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&ACCESS, 0, 1)?;
    d.bits(&FRAME_TYPE, 1, 1, 0xc0)?;
    d.mac(&DESTINATION, 2)?;
    d.mac(&SOURCE, 8)?;
    if d.flag(&ROUTED, 8, 1, u64::from(HAS_ROUTE))? {
        d.bits(&ROUTE_LENGTH, RING_HEADER, 1, 0x1f)?;
    }
    Some(())
}

fn dissect_fddi(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[control, ..] = walk.header_bytes::<FDDI_HEADER>()?;
    walk.header(FDDI_HEADER);
    Ok(if control & 0xf0 == 0x50 { Next::Protocol(&llc::PROTOCOL) } else { Next::Payload })
}

fn describe_fddi(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&FDDI_CONTROL, 0, 1)?;
    d.mac(&FDDI_DESTINATION, 1)?;
    d.mac(&FDDI_SOURCE, 7)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const PACKET: &str = "aaaa03 000000 0800 45000014 00000000 403b0000 0a000001 0a000002";

    #[test]
    fn rings_carry_802_2() {
        let plain = dissect(LinkType(6), &format!("1040 001562643341 00102a1b3c4d {PACKET}"));
        assert_eq!((plain.protocols(), plain.value("tr.src")), ("tr:llc:ip".into(), "00:10:2a:1b:3c:4d".into()));
        let routed = dissect(LinkType(6), &format!("1040 001562643341 80102a1b3c4d 0610 00120030 {PACKET}"));
        assert_eq!((routed.protocols(), routed.value("tr.rif_bytes")), ("tr:llc:ip".into(), "6".into()));
        assert_eq!(dissect(LinkType(10), &format!("50 001562643341 00102a1b3c4d {PACKET}")).protocols(), "fddi:llc:ip");
        assert_eq!(dissect(LinkType(10), &format!("41 001562643341 00102a1b3c4d {PACKET}")).protocols(), "fddi:data");
    }
}
