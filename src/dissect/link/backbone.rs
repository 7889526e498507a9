//! Provider backbone bridging: a whole frame in another one (IEEE 802.1Q-2022 section 9.7, formerly 802.1ah).

use super::ethernet;
use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Walk};

/// The tag that says which service an inner frame belongs to.
pub static PROTOCOL: Protocol = Protocol {
    name: "ieee8021ah",
    label: "backbone",
    title: "802.1ah backbone service tag",
    reference: "IEEE 802.1Q-2022 section 9.7",
    claims: &[Selector::EtherType(0x88e7)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

fields! {
    PRIORITY = Field::number("ieee8021ah.priority", "Priority", "Which queue the backbone's switches put the frame into.");
    DROP_ELIGIBLE = Field::number("ieee8021ah.drop", "Drop eligible", "1: under load this frame may be dropped before others.");
    ADDRESSES_USED = Field::number("ieee8021ah.nca", "No customer addresses", "1: the inner frame's addresses mean nothing.");
    SERVICE = Field::number("ieee8021ah.isid", "Service", "Which of the provider's services the frame belongs to.").in_line();
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header_bytes::<4>()?;
    walk.header(4);
    Ok(Next::Protocol(&ethernet::PROTOCOL))
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.bits(&PRIORITY, 0, 4, 0xe000_0000)?;
    d.bits(&DROP_ELIGIBLE, 0, 4, 0x1000_0000)?;
    d.bits(&ADDRESSES_USED, 0, 4, 0x0800_0000)?;
    d.bits(&SERVICE, 0, 4, 0x00ff_ffff)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    #[test]
    fn a_frame_stands_in_a_frame() {
        let outer = "001562643341 00102a1b3c4d 88e7 70000100";
        let frame = dissect(LinkType::ETHERNET, &format!("{outer} ffffffffffff 0022aabbccdd 0806 0001"));
        assert_eq!((frame.protocols(), frame.value("ieee8021ah.isid")), ("eth:ieee8021ah:eth:arp".into(), "256".into()));
        assert_eq!((frame.value("ieee8021ah.priority"), frame.value("ieee8021ah.drop")), ("3".into(), "1".into()));
    }
}
