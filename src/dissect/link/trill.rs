//! TRILL: frames between switches that route (RFC 6325 section 3).

use super::ethernet;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// Transparent interconnection of lots of links.
pub static PROTOCOL: Protocol = Protocol {
    name: "trill",
    label: "TRILL",
    title: "Transparent interconnection of lots of links",
    reference: "RFC 6325 section 3",
    claims: &[Selector::EtherType(0x22f3)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const HEADER_LENGTH: usize = 6;

fields! {
    VERSION = Field::number("trill.version", "Version", "Which version of the protocol this is: 0.");
    MULTIPLE = Field::boolean("trill.multi_dst", "Several destinations", "The frame goes down a tree of switches.");
    OPTIONS_LENGTH = Field::number("trill.op_len", "Options' length", "How many words of four bytes follow the header.");
    HOPS = Field::number("trill.hop_cnt", "Hop count", "How many more switches the frame may pass.");
    EGRESS = Field::hexadecimal("trill.egress_nick", "Egress", 4, "The switch that hands the frame out, or the root of the tree.").in_line();
    INGRESS = Field::hexadecimal("trill.ingress_nick", "Ingress", 4, "The switch that took the frame in.").in_line();
}

#[expect(clippy::arithmetic_side_effects, reason = "at most 31 words")]
fn header_length(first: [u8; 2]) -> usize {
    HEADER_LENGTH + usize::from(u16::from_be_bytes(first) >> 6 & 0x1f) * 4
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[first, second, ..] = walk.header_bytes::<HEADER_LENGTH>()?;
    let length = header_length([first, second]);
    walk.need(length, "options")?;
    walk.header(length);
    Ok(Next::Protocol(&ethernet::PROTOCOL))
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bits(&VERSION, 0, 2, 0xc000)?;
    d.flag(&MULTIPLE, 0, 2, 0x0800)?;
    let words = header_length(*d.slice(0, 2)?.first_chunk()?).saturating_sub(HEADER_LENGTH) / 4;
    d.value(&OPTIONS_LENGTH, 0, 2, Value::Number(words as u64));
    d.bits(&HOPS, 0, 2, 0x003f)?;
    d.number(&EGRESS, 2, 2)?;
    d.number(&INGRESS, 4, 2)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn a_frame_follows_the_header_and_its_options() {
        for (header, words) in [("0014 0002 0001", "0"), ("0054 0002 0001 00000000", "1")] {
            let frame =
                dissect(LinkType::ETHERNET, &format!("001562643341 00102a1b3c4d 22f3 {header} ffffffffffff 0022aabbccdd 0806 0001"));
            assert_eq!((frame.protocols(), frame.value("trill.op_len")), ("eth:trill:eth:arp".into(), words.into()));
            assert_eq!((frame.value("trill.hop_cnt"), frame.value("trill.egress_nick")), ("20".into(), "2".into()));
        }
    }
}
