//! Virtual extensible LAN: Ethernet over UDP (RFC 7348), and its generic form (draft-ietf-nvo3-vxlan-gpe-13).

use super::{mpls, nsh};
use crate::dissect::link::ethernet;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// Virtual extensible LAN.
pub static PROTOCOL: Protocol = Protocol {
    name: "vxlan",
    label: "VXLAN",
    title: "Virtual extensible LAN",
    reference: "RFC 7348",
    // 4790: the generic form. 8472: what Linux used before 4789 was assigned, and still does where nobody says a port.
    claims: &[Selector::UdpPort(4789), Selector::UdpPort(4790), Selector::UdpPort(8472)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// Unless it is set the network identifier means nothing (RFC 7348 section 5).
const HAS_NETWORK: u8 = 0x08;
const HAS_NEXT_PROTOCOL: u8 = 0x04;
const NEXT_PROTOCOLS: &[(u64, &str)] = &[(1, "IPv4"), (2, "IPv6"), (3, "Ethernet"), (4, "NSH"), (5, "MPLS")];

fields! {
    FLAGS = Field::hexadecimal("vxlan.flags", "Flags", 4, "Which of the other fields mean something; 0x0800 says that the network identifier does.");
    GROUP_POLICY = Field::number("vxlan.gbp", "Group policy", "The group that the frame's sender belongs to.");
    NEXT_PROTOCOL = Field::number("vxlan.next_proto", "Next protocol", "What follows, in the generic form.").names(NEXT_PROTOCOLS).in_line();
    NETWORK = Field::number("vxlan.vni", "Network", "Which of the virtual networks the frame belongs to.").in_line();
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[flags, _, _, next_protocol, ..] = walk.header_bytes::<8>()?;
    walk.header(8);
    Ok(match next_protocol {
        _ if flags & HAS_NEXT_PROTOCOL == 0 => Next::Protocol(&ethernet::PROTOCOL),
        1 => Next::Claimed(Selector::EtherType(0x0800)),
        2 => Next::Claimed(Selector::EtherType(0x86dd)),
        3 => Next::Protocol(&ethernet::PROTOCOL),
        4 => Next::Protocol(&nsh::PROTOCOL),
        5 => Next::Protocol(&mpls::PROTOCOL),
        _ => Next::Payload,
    })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let flags = d.number(&FLAGS, 0, 2)?;
    if flags & u64::from(HAS_NEXT_PROTOCOL) << 8 != 0 {
        d.number(&NEXT_PROTOCOL, 3, 1)?;
    } else if flags & 0x8000 != 0 {
        d.number(&GROUP_POLICY, 2, 2)?;
    }
    if flags & u64::from(HAS_NETWORK) << 8 != 0 {
        d.number(&NETWORK, 4, 3)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, bytes, dissect};
    use crate::frame::LinkType;

    const FRAME: &str = "ffffffffffff 0022aabbccdd 0806 0001";
    const PACKET: &str = "45000014 00000000 403b0000 0a000001 0a000002";

    fn datagram(port: u16, payload: &str) -> Dissected {
        let length = bytes(payload).len();
        let header = format!("4500{:04x} 00000000 40110000 c0000201 c0000202 c000 {port:04x} {:04x} 0000", 28 + length, 8 + length);
        dissect(LinkType::IPV4, &format!("{header} {payload}"))
    }

    #[test]
    fn a_frame_stands_in_a_datagram() {
        for port in [4789, 8472] {
            let frame = datagram(port, &format!("08000000 00007b00 {FRAME}"));
            assert_eq!((frame.protocols(), frame.value("vxlan.vni")), ("ip:udp:vxlan:eth:arp".into(), "123".into()));
        }
        assert_eq!(datagram(4789, &format!("00000000 00007b00 {FRAME}")).values("vxlan.vni"), Vec::<String>::new());
        assert_eq!(datagram(4789, &format!("88000009 00007b00 {FRAME}")).value("vxlan.gbp"), "9");
    }

    #[test]
    fn the_generic_form_names_what_follows() {
        for (number, payload, protocols) in [
            ("01", PACKET.to_owned(), "ip:udp:vxlan:ip"),
            ("03", FRAME.to_owned(), "ip:udp:vxlan:eth:arp"),
            ("04", format!("0206 01 01 000001 ff {} {PACKET}", "00000000".repeat(4)), "ip:udp:vxlan:nsh:ip"),
            ("05", format!("000121ff {PACKET}"), "ip:udp:vxlan:mpls:ip"),
            ("09", "00".to_owned(), "ip:udp:vxlan:data"),
        ] {
            assert_eq!(datagram(4790, &format!("0c0000{number} 00007b00 {payload}")).protocols(), protocols);
        }
        assert_eq!(datagram(4790, &format!("08000000 00007b00 {FRAME}")).protocols(), "ip:udp:vxlan:eth:arp");
    }
}
