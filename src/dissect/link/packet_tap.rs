//! What macOS writes before a frame: interface and process (LINKTYPE_PKTAP).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// Apple's packet tap.
pub static PROTOCOL: Protocol = Protocol {
    name: "pktap",
    label: "packet tap",
    title: "Apple packet tap",
    reference: "LINKTYPE_PKTAP",
    // 149: what it was before it had a number of its own.
    claims: &[Selector::LinkType(258), Selector::LinkType(149)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

/// The least that a header may be.
const HEADER_LENGTH: usize = 108;
const PACKET_RECORD: u32 = 1;
const NAME_LENGTH: usize = 20;

fields! {
    LENGTH = Field::number("pktap.hdrlen", "Header length", "How long this header is.").unit("bytes");
    RECORD = Field::number("pktap.rectype", "Record type", "1 where a frame follows.");
    LINK_TYPE = Field::number("pktap.dlt", "Link type", "How the frame's first bytes are to be read.");
    INTERFACE = Field::text("pktap.ifname", "Interface name", "The interface that the frame went through.").in_line();
    PROCESS = Field::number("pktap.pid", "Process", "The process that the frame belongs to.");
    COMMAND = Field::text("pktap.cmdname", "Command name", "That process's program.").in_line();
    EFFECTIVE_PROCESS = Field::number("pktap.epid", "Effective process", "The process on whose behalf it was sent.");
    EFFECTIVE_COMMAND = Field::text("pktap.ecmdname", "Effective command name", "That process's program.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[l0, l1, l2, l3, r0, r1, r2, r3, d0, d1, d2, d3, ..] = walk.header_bytes::<HEADER_LENGTH>()?;
    let length = usize::try_from(u32::from_le_bytes([l0, l1, l2, l3])).unwrap_or(usize::MAX);
    if length < HEADER_LENGTH {
        return Err(walk.invalid("header length", HEADER_LENGTH, length));
    }
    walk.need(length, "header")?;
    walk.header(length);
    let link_type = u16::try_from(u32::from_le_bytes([d0, d1, d2, d3]));
    Ok(match link_type {
        Ok(link_type) if u32::from_le_bytes([r0, r1, r2, r3]) == PACKET_RECORD => Next::Claimed(Selector::LinkType(link_type)),
        _ => Next::Payload,
    })
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    little_endian(d, &LENGTH, 0)?;
    little_endian(d, &RECORD, 4)?;
    little_endian(d, &LINK_TYPE, 8)?;
    name(d, &INTERFACE, 12, 24)?;
    little_endian(d, &PROCESS, 52)?;
    name(d, &COMMAND, 56, NAME_LENGTH)?;
    little_endian(d, &EFFECTIVE_PROCESS, 84)?;
    name(d, &EFFECTIVE_COMMAND, 88, NAME_LENGTH)
}

fn little_endian(d: &mut Describe<'_, '_>, field: &'static Field, at: usize) -> Option<()> {
    let number = u32::from_le_bytes(*d.slice(at, 4)?.first_chunk()?);
    d.value(field, at, 4, Value::Number(u64::from(number)));
    Some(())
}

/// A name that zeros fill up.
fn name(d: &mut Describe<'_, '_>, field: &'static Field, at: usize, room: usize) -> Option<()> {
    let bytes = d.slice(at, room)?;
    let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(room);
    d.text(field, at, length)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn interface_and_process_stand_before_the_frame() {
        let names = format!("656e30{} {}", "00".repeat(21), "00".repeat(16));
        let process = format!("00020000 63757200{} 00000000 00000000 ffffffff {}", "00".repeat(16), "00".repeat(20));
        for link_type in [258, 149] {
            let header = format!("6c000000 01000000 01000000 {names} {process}");
            let frame = dissect(LinkType(link_type), &format!("{header} ffffffffffff 0022aabbccdd 0806 0001"));
            assert_eq!(frame.protocols(), "pktap:eth:arp");
            for (id, value) in [("pktap.ifname", "en0"), ("pktap.pid", "512"), ("pktap.cmdname", "cur"), ("pktap.epid", "4294967295")] {
                assert_eq!(frame.value(id), value, "{id}");
            }
        }
        assert!(dissect(LinkType(258), &format!("6b000000 {}", "00".repeat(104))).dissection.stop.is_some());
    }
}
