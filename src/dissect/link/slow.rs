//! Slow protocols: how two switches agree to use several cables as one (IEEE 802.1AX-2020 section 6.4).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// Slow protocols; one byte says which.
pub static PROTOCOL: Protocol = Protocol {
    name: "slow",
    label: "slow protocols",
    title: "Slow protocols",
    reference: "IEEE 802.3-2022 annex 57A",
    claims: &[Selector::EtherType(0x8809)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// Link aggregation control.
pub static AGGREGATION: Protocol = Protocol {
    name: "lacp",
    label: "LACP",
    title: "Link aggregation control protocol",
    reference: "IEEE 802.1AX-2020 section 6.4.2",
    claims: &[],
    dissect: dissect_aggregation,
    describe: describe_aggregation,
    verify: None,
    fields: &[FIELDS],
};

const AGGREGATION_SUBTYPE: u8 = 1;
const SUBTYPES: &[(u64, &str)] = &[(1, "link aggregation"), (2, "marker"), (3, "link management (OAM)"), (10, "organization's own")];
const STATES: &[(u64, &str)] = &[
    (0x01, "active"),
    (0x02, "short timeout"),
    (0x04, "can aggregate"),
    (0x08, "in sync"),
    (0x10, "collecting"),
    (0x20, "distributing"),
    (0x40, "defaulted"),
    (0x80, "expired"),
];

fields! {
    SUBTYPE = Field::number("slow.subtype", "Subtype", "Which of the slow protocols it is.").names(SUBTYPES).in_line();
    VERSION = Field::number("lacp.version", "Version", "Which version of the protocol this is.");
    ACTOR_PRIORITY = Field::number("lacp.actor.sys_priority", "Actor's priority", "Of the two switches the one with the lower number decides.");
    ACTOR_SYSTEM = Field::mac("lacp.actor.sysid", "Actor", "The switch that sent this.").in_line();
    ACTOR_KEY = Field::number("lacp.actor.key", "Actor's key", "Only ports with the same key can be used as one.");
    ACTOR_PORT_PRIORITY = Field::number("lacp.actor.port_priority", "Actor's port priority", "Where not all ports can be used, the lower numbers are.");
    ACTOR_PORT = Field::number("lacp.actor.port", "Actor's port", "The port that this came from.").in_line();
    ACTOR_STATE = Field::hexadecimal("lacp.actor.state", "Actor's state", 2, "How far the sender has come.").bits(STATES);
    PARTNER_PRIORITY = Field::number("lacp.partner.sys_priority", "Partner's priority", "What the sender knows of the other switch.");
    PARTNER_SYSTEM = Field::mac("lacp.partner.sysid", "Partner", "The switch that the sender hears; zeros for none.").in_line();
    PARTNER_KEY = Field::number("lacp.partner.key", "Partner's key", "What the sender knows of the other switch.");
    PARTNER_PORT_PRIORITY = Field::number("lacp.partner.port_priority", "Partner's port priority", "What the sender knows of the other switch.");
    PARTNER_PORT = Field::number("lacp.partner.port", "Partner's port", "The port at the other end of the cable.").in_line();
    PARTNER_STATE = Field::hexadecimal("lacp.partner.state", "Partner's state", 2, "How far the other switch has come, as the sender knows.").bits(STATES);
    LONGEST_DELAY = Field::number("lacp.collector.max_delay", "Longest delay", "How long the sender may keep a frame, in units of 10 microseconds.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[subtype] = walk.header_bytes()?;
    walk.header(1);
    Ok(if subtype == AGGREGATION_SUBTYPE { Next::Protocol(&AGGREGATION) } else { Next::Payload })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&SUBTYPE, 0, 1)?;
    Some(())
}

/// Version, then items: type, length (with these two bytes), value; the rest is filled with zeros.
#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn dissect_aggregation(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let mut at = 1;
    loop {
        let bytes = walk.need(at + 2, "item")?;
        let Some(&[kind, length]) = bytes.last_chunk() else { return Err(walk.short(at + 2, "item")) };
        if kind == 0 {
            return Ok(Next::Nothing);
        }
        if length < 2 {
            return Err(walk.invalid("length", 2, usize::from(length)));
        }
        at += usize::from(length);
        walk.need(at, "item")?;
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe_aggregation(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&VERSION, 0, 1)?;
    let mut at = 1;
    loop {
        let (kind, length) = (d.peek(at, 1)?, usize::try_from(d.peek(at + 1, 1)?).ok()?);
        match (kind, length) {
            (1, 20) => describe_end(d, at + 2, Side::Actor)?,
            (2, 20) => describe_end(d, at + 2, Side::Partner)?,
            (3, 4..) => {
                d.number(&LONGEST_DELAY, at + 2, 2)?;
            }
            (0, _) | (_, 0..2) => return Some(()),
            _ => {}
        }
        at += length;
    }
}

/// Whose state an item tells.
#[derive(Clone, Copy)]
enum Side {
    Actor,
    Partner,
}

#[expect(clippy::arithmetic_side_effects, reason = "an offset in the layer, and how far behind it a field stands")]
fn describe_end(d: &mut Describe<'_, '_>, at: usize, side: Side) -> Option<()> {
    let [priority, system, key, port_priority, port, state]: [&'static Field; 6] = match side {
        Side::Actor => [&ACTOR_PRIORITY, &ACTOR_SYSTEM, &ACTOR_KEY, &ACTOR_PORT_PRIORITY, &ACTOR_PORT, &ACTOR_STATE],
        Side::Partner => [&PARTNER_PRIORITY, &PARTNER_SYSTEM, &PARTNER_KEY, &PARTNER_PORT_PRIORITY, &PARTNER_PORT, &PARTNER_STATE],
    };
    d.number(priority, at, 2)?;
    d.mac(system, at + 2)?;
    d.number(key, at + 8, 2)?;
    d.number(port_priority, at + 10, 2)?;
    d.number(port, at + 12, 2)?;
    let number = d.peek(at + 14, 1)?;
    d.value(state, at + 14, 1, Value::Number(number));
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const ADDRESSES: &str = "0180c2000002 0013c4120f0f 8809";

    #[test]
    fn two_switches_say_what_they_know_of_each_other() {
        let actor = "0114 8000 0013c4120f00 000d 8000 0016 85 000000";
        let partner = "0214 8000 000e8316f500 000d 8000 0019 36 000000";
        let frame = dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 01 01 {actor} {partner} 0310 8000 {} 0000 0000", "00".repeat(12)));
        assert_eq!(frame.protocols(), "eth:slow:lacp");
        for (id, value) in [
            ("lacp.actor.sysid", "00:13:c4:12:0f:00"),
            ("lacp.actor.port", "22"),
            ("lacp.actor.state", "133"),
            ("lacp.partner.port", "25"),
            ("lacp.collector.max_delay", "32768"),
        ] {
            assert_eq!(frame.value(id), value, "{id}");
        }
        assert!(frame.dissection.stop.is_none());
    }

    #[test]
    fn an_item_that_cannot_be_is_reported() {
        assert_eq!(dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 01 01 0101")).dissection.stop.map(|stop| stop.part), Some("length"));
        assert_eq!(
            dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 01 01 0114 8000")).dissection.stop.map(|stop| stop.part),
            Some("item")
        );
        assert_eq!(dissect(LinkType::ETHERNET, &format!("{ADDRESSES} 03 0050")).protocols(), "eth:slow:data");
    }
}
