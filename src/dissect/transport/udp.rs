//! User Datagram Protocol (RFC 768).

use crate::dissect::{Checksum, Describe, Field, Next, Protocol, Selector, Status, Stop, View, Walk, checksum};

/// UDP.
pub static PROTOCOL: Protocol = Protocol {
    name: "udp",
    label: "UDP",
    title: "User Datagram Protocol",
    reference: "RFC 768",
    claims: &[Selector::IpProtocol(17)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS],
};

fields! {
    SOURCE_PORT = Field::number("udp.srcport", "Source port", "The port of the program that sent the datagram.").aliases(&["udp.port"]);
    DESTINATION_PORT = Field::number("udp.dstport", "Destination port", "The port of the program that the datagram is for.").aliases(&["udp.port"]);
    LENGTH = Field::number("udp.length", "Length", "Header and payload together.").unit("bytes");
    CHECKSUM = Field::checksum("udp.checksum", "Checksum", "Guards header, payload and the addresses of the packet; 0 over IPv4 says that the sender computed none.");
    CHECKSUM_STATUS = Field::status("udp.checksum.status", "Checksum status", "Whether the datagram adds up.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[s0, s1, d0, d1, l0, l1, _, _] = walk.header_bytes::<8>()?;
    let length = usize::from(u16::from_be_bytes([l0, l1]));
    walk.header(8);
    // 0 says that the packet's own length counts: a jumbogram (RFC 2675 section 4), or segmentation offload.
    if length != 0 {
        walk.limit(length.max(8));
    }
    let (source, destination) = (u16::from_be_bytes([s0, s1]), u16::from_be_bytes([d0, d1]));
    walk.set_transport(source, destination, None, 8);
    if length != 0 && length < 8 {
        return Err(walk.invalid("length", 8, length));
    }
    Ok(Next::UdpPorts(source, destination))
}

fn verify(view: &View<'_>) -> Checksum {
    let bytes = view.bytes();
    let Some(&[_, _, _, _, l0, l1, c0, c1]) = bytes.first_chunk::<8>() else {
        return Checksum::without(Status::Unverified, 0);
    };
    let found = u16::from_be_bytes([c0, c1]);
    if found == 0 {
        let over_ipv4 = view.network().is_none_or(|network| network.source.is_ipv4());
        return Checksum::without(if over_ipv4 { Status::NotPresent } else { Status::Illegal }, 0);
    }
    let stated = usize::from(u16::from_be_bytes([l0, l1]));
    let length = if stated == 0 { view.wire_length() } else { stated };
    checksum::verify_with_pseudo_header(view, 17, length, 6)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&SOURCE_PORT, 0, 2)?;
    d.number(&DESTINATION_PORT, 2, 2)?;
    d.number(&LENGTH, 4, 2)?;
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, 6)
}
