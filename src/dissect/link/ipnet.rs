//! Solaris IPNET: packets between zones (LINKTYPE_IPNET).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// Solaris IPNET.
pub static PROTOCOL: Protocol = Protocol {
    name: "ipnet",
    label: "IPNET",
    title: "Solaris IPNET",
    reference: "LINKTYPE_IPNET",
    claims: &[Selector::LinkType(226)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const HEADER_LENGTH: usize = 24;
const FAMILIES: &[(u64, &str)] = &[(2, "IPv4"), (26, "IPv6")];
const HOOKS: &[(u64, &str)] = &[(0, "inbound"), (1, "outbound"), (2, "loopback")];

fields! {
    VERSION = Field::number("ipnet.version", "Version", "Which version of the header this is.");
    FAMILY = Field::number("ipnet.family", "Family", "What the packet is.").names(FAMILIES);
    HOOK = Field::number("ipnet.htype", "Hook", "Where in the system the packet was seen.").names(HOOKS);
    LENGTH = Field::number("ipnet.pktlen", "Packet length", "How long the packet is.").unit("bytes");
    INTERFACE = Field::number("ipnet.ifindex", "Interface index", "Which interface it went through.");
    GROUP_INTERFACE = Field::number("ipnet.grifindex", "Group interface index", "The group that interface belongs to.");
    SOURCE_ZONE = Field::number("ipnet.zsrc", "Source zone", "The zone that sent the packet.").in_line();
    DESTINATION_ZONE = Field::number("ipnet.zdst", "Destination zone", "The zone that the packet is for.").in_line();
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, family, ..] = walk.header_bytes::<HEADER_LENGTH>()?;
    walk.header(HEADER_LENGTH);
    Ok(match family {
        2 => Next::Claimed(Selector::EtherType(0x0800)),
        26 => Next::Claimed(Selector::EtherType(0x86dd)),
        _ => Next::Payload,
    })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&VERSION, 0, 1)?;
    d.number(&FAMILY, 1, 1)?;
    d.number(&HOOK, 2, 2)?;
    d.number(&LENGTH, 4, 4)?;
    d.number(&INTERFACE, 8, 4)?;
    d.number(&GROUP_INTERFACE, 12, 4)?;
    d.number(&SOURCE_ZONE, 16, 4)?;
    d.number(&DESTINATION_ZONE, 20, 4)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn zones_stand_before_the_packet() {
        let packet = "45000014 00000000 403b0000 0a000001 0a000002";
        let frame = dissect(LinkType(226), &format!("01 02 0000 00000014 00000002 00000000 00000003 00000005 {packet}"));
        assert_eq!((frame.protocols(), frame.value("ipnet.zdst")), ("ipnet:ip".into(), "5".into()));
        assert_eq!(dissect(LinkType(226), "01 02 0000").dissection.stop.map(|stop| stop.needed), Some(24));
    }
}
