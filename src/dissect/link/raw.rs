//! Raw IP: a capture without a link layer, where the packet's first four bits tell the version.

use crate::dissect::{Describe, Next, Protocol, Selector, Stop, Walk, network};

/// Raw IP.
pub static PROTOCOL: Protocol = Protocol {
    name: "raw",
    label: "raw IP",
    title: "Raw IP",
    reference: "LINKTYPE_RAW",
    // 12 and 14 are what BSD systems wrote before 101 was agreed on.
    claims: &[Selector::LinkType(101), Selector::LinkType(12), Selector::LinkType(14)],
    dissect,
    describe,
    verify: None,
    fields: &[],
};

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header(0);
    Ok(network::by_version(walk.bytes()))
}

fn describe(_: &mut Describe<'_, '_>) -> Option<()> {
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const PING6: &str = "6000000000003aff fe800000000000000000000000000001 fe800000000000000000000000000002";

    #[test]
    fn the_version_tells_who_is_next() {
        for link_type in [101, 12, 14] {
            assert_eq!(dissect(LinkType(link_type), PING6).protocols(), "raw:ipv6");
            assert_eq!(dissect(LinkType(link_type), "45000014000000004011 0000 7f000001 7f000001").protocols(), "raw:ip");
            assert_eq!(dissect(LinkType(link_type), "50000014").protocols(), "raw:data");
        }
    }
}
