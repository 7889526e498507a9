//! Protocol Independent Multicast (RFC 7761, dense mode: RFC 3973): how routers build the trees that groups' packets travel on.

use crate::dissect::network::by_version;
use crate::dissect::{Checksum, Describe, Field, Next, Protocol, Selector, Status, Stop, Value, View, Walk, checksum};

/// PIM.
pub static PROTOCOL: Protocol = Protocol {
    name: "pim",
    label: "PIM",
    title: "Protocol Independent Multicast",
    reference: "RFC 7761 section 4.9",
    claims: &[Selector::IpProtocol(103)],
    dissect,
    describe,
    verify: Some(verify),
    fields: &[FIELDS],
};

const TYPES: &[(u64, &str)] = &[
    (0, "hello"),
    (1, "register"),
    (2, "register stop"),
    (3, "join/prune"),
    (4, "bootstrap"),
    (5, "assert"),
    (6, "graft"),
    (7, "graft acknowledgement"),
    (8, "candidate rendezvous point"),
    (9, "state refresh"),
    (10, "designated forwarder election"),
    (11, "ECMP redirect"),
    (12, "flooding"),
];
const OPTIONS: &[(u64, &str)] = &[
    (1, "Hold time"),
    (2, "LAN prune delay"),
    (18, "Deprecated"),
    (19, "Designated router priority"),
    (20, "Generation"),
    (21, "State refresh"),
    (22, "Bidirectional"),
    (24, "Address list"),
    (26, "Join attributes"),
];
const HELLO: u64 = 0;
const REGISTER: u64 = 1;
const REGISTER_STOP: u64 = 2;
const JOIN_PRUNE: u64 = 3;
const ASSERT: u64 = 5;
const GRAFT: u64 = 6;
const GRAFT_ACKNOWLEDGEMENT: u64 = 7;
const HEADER_LENGTH: usize = 4;
const REGISTER_LENGTH: usize = 8;

fields! {
    VERSION = Field::number("pim.version", "Version", "Which version of the protocol this is.");
    TYPE = Field::number("pim.type", "Type", "What the message does.").names(TYPES).in_line();
    CHECKSUM = Field::checksum("pim.cksum", "Checksum", "Guards the message, but not the packet that a register message carries.");
    CHECKSUM_STATUS = Field::status("pim.cksum.status", "Checksum status", "Whether the message adds up.");
    BORDER = Field::boolean("pim.register_flag.border", "Border", "A router at the edge of the domain sends for a source outside of it.");
    NULL_REGISTER = Field::boolean("pim.register_flag.null_register", "Null register", "The packet has no data: the source is only announced.");
    OPTION = Field::number("pim.optiontype", "Option", "What the router says of itself.").names(OPTIONS);
    OPTION_LENGTH = Field::number("pim.optionlength", "Length", "How long the option's value is.").unit("bytes");
    OPTION_VALUE = Field::bytes("pim.optionvalue", "Value", "The option's bytes.");
    HOLD_TIME = Field::number("pim.holdtime", "Hold time", "How long what is said stays true; 65535 is for ever.").unit("seconds");
    ROUTER_PRIORITY = Field::number("pim.dr_priority", "Designated router priority", "The router with the largest speaks for the link.");
    GENERATION = Field::hexadecimal("pim.generation_id", "Generation", 8, "A number that changes when the router starts anew.");
    GROUP_COUNT = Field::number("pim.numgroups", "Groups", "How many groups follow.");
    JOIN_COUNT = Field::number("pim.numjoins", "Joined", "How many sources are joined.");
    PRUNE_COUNT = Field::number("pim.numprunes", "Pruned", "How many sources are pruned.");
    MASK_LENGTH = Field::number("pim.mask_len", "Mask length", "How many leading bits of the address count.").unit("bits");
    GROUP_IPV4 = Field::ipv4("pim.group", "Group", "The group that the message is about.").in_line();
    GROUP_IPV6 = Field::ipv6("pim.group_ip6", "Group", "The group that the message is about.").in_line();
    SOURCE_IPV4 = Field::ipv4("pim.source", "Source", "The sender to the group.").in_line();
    SOURCE_IPV6 = Field::ipv6("pim.source_ip6", "Source", "The sender to the group.").in_line();
    UPSTREAM_IPV4 = Field::ipv4("pim.upstream_neighbor", "Upstream neighbour", "The router that the message is for: the next one towards the root of the tree.");
    UPSTREAM_IPV6 = Field::ipv6("pim.upstream_neighbor_ip6", "Upstream neighbour", "The router that the message is for: the next one towards the root of the tree.");
    JOIN_IPV4 = Field::ipv4("pim.join_ip", "Join", "The source, or the root of the shared tree, whose packets are wanted.");
    JOIN_IPV6 = Field::ipv6("pim.join_ip6", "Join", "The source, or the root of the shared tree, whose packets are wanted.");
    PRUNE_IPV4 = Field::ipv4("pim.prune_ip", "Prune", "The source, or the root of the shared tree, whose packets are not wanted any more.");
    PRUNE_IPV6 = Field::ipv6("pim.prune_ip6", "Prune", "The source, or the root of the shared tree, whose packets are not wanted any more.");
    METRIC_PREFERENCE = Field::number("pim.metric_pref", "Metric preference", "How good the kind of route to the source is: the smaller the better.");
    METRIC = Field::number("pim.metric", "Metric", "How far the source is.");
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[first, ..] = walk.header_bytes::<HEADER_LENGTH>()?;
    if u64::from(first & 0x0f) != REGISTER || first >> 4 != 2 {
        return Ok(Next::Nothing);
    }
    walk.need(REGISTER_LENGTH, "header")?;
    walk.header(REGISTER_LENGTH);
    Ok(by_version(walk.bytes().get(REGISTER_LENGTH..).unwrap_or_default()))
}

fn verify(view: &View<'_>) -> Checksum {
    let is_register = view.bytes().first().is_some_and(|first| u64::from(first & 0x0f) == REGISTER);
    let is_ipv6 = view.network().is_some_and(|network| network.source.is_ipv6());
    let over = |length| match view.bytes().get(..length) {
        _ if is_ipv6 => checksum::verify_with_pseudo_header(view, 103, length, 2),
        Some(covered) if view.network().is_none_or(|network| network.fragment.is_none() && !network.quoted) => {
            checksum::verify(0, covered, 2)
        }
        _ => Checksum::without(Status::Unverified, 0),
    };
    if !is_register {
        return over(view.wire_length());
    }
    // Some cover the packet too: a receiver must accept that (RFC 7761 section 4.9).
    match over(REGISTER_LENGTH) {
        short if short.status == Status::Bad => {
            let whole = over(view.wire_length());
            if whole.status == Status::Good { whole } else { short }
        }
        short => short,
    }
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let version = d.bits(&VERSION, 0, 1, 0xf0)?;
    let kind = d.bits(&TYPE, 0, 1, 0x0f)?;
    d.checksum(&CHECKSUM, &CHECKSUM_STATUS, 2)?;
    match kind {
        _ if version != 2 => Some(()),
        HELLO => describe_options(d),
        REGISTER => {
            d.flag(&BORDER, 4, 4, 0x8000_0000)?;
            d.flag(&NULL_REGISTER, 4, 4, 0x4000_0000)?;
            Some(())
        }
        REGISTER_STOP => {
            let source = describe_group(d, HEADER_LENGTH)?;
            describe_address(d, source, 2, &SOURCE_IPV4, &SOURCE_IPV6)?;
            Some(())
        }
        JOIN_PRUNE | GRAFT | GRAFT_ACKNOWLEDGEMENT => describe_join_prune(d),
        ASSERT => {
            let source = describe_group(d, HEADER_LENGTH)?;
            let metric = describe_address(d, source, 2, &SOURCE_IPV4, &SOURCE_IPV6)?;
            d.bits(&METRIC_PREFERENCE, metric, 4, 0x7fff_ffff)?;
            d.number(&METRIC, metric.saturating_add(4), 4)?;
            Some(())
        }
        _ => Some(()),
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and lengths of 8 or 16 bits")]
fn describe_options(d: &mut Describe<'_, '_>) -> Option<()> {
    let end = d.view.wire_length();
    let mut at = HEADER_LENGTH;
    while at < end {
        let kind = d.peek(at, 2)?;
        let length = usize::try_from(d.peek(at + 2, 2)?).ok()?;
        d.under(&OPTION, at, 4 + length, Value::Number(kind), |d| {
            d.number(&OPTION_LENGTH, at + 2, 2)?;
            match (kind, length) {
                (1, 2) => d.number(&HOLD_TIME, at + 4, 2).map(|_| ()),
                (19, 4) => d.number(&ROUTER_PRIORITY, at + 4, 4).map(|_| ()),
                (20, 4) => d.number(&GENERATION, at + 4, 4).map(|_| ()),
                (_, 0) => Some(()),
                _ => d.bytes(&OPTION_VALUE, at + 4, length).map(|_| ()),
            }
        })?;
        at += 4 + length;
    }
    Some(())
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets in the layer that were read from, and two numbers of 16 bits")]
fn describe_join_prune(d: &mut Describe<'_, '_>) -> Option<()> {
    let at = describe_address(d, HEADER_LENGTH, 2, &UPSTREAM_IPV4, &UPSTREAM_IPV6)?;
    let groups = d.number(&GROUP_COUNT, at + 1, 1)?;
    d.number(&HOLD_TIME, at + 2, 2)?;
    let mut at = at + 4;
    for _ in 0..groups {
        at = describe_group(d, at)?;
        let (joins, prunes) = (d.number(&JOIN_COUNT, at, 2)?, d.number(&PRUNE_COUNT, at + 2, 2)?);
        at += 4;
        for place in 0..joins + prunes {
            let (ipv4, ipv6) = if place < joins { (&JOIN_IPV4, &JOIN_IPV6) } else { (&PRUNE_IPV4, &PRUNE_IPV6) };
            at = describe_address(d, at, 4, ipv4, ipv6)?;
        }
    }
    Some(())
}

/// A group with its mask; returns where it ends.
fn describe_group(d: &mut Describe<'_, '_>, at: usize) -> Option<usize> {
    d.number(&MASK_LENGTH, at.saturating_add(3), 1)?;
    describe_address(d, at, 4, &GROUP_IPV4, &GROUP_IPV6)
}

/// An address behind `prefix` bytes that begin with its family and its encoding (RFC 7761 section 4.9.1); returns where it ends. Of others
/// than IPv4 and IPv6 nobody can tell how long they are.
#[expect(clippy::arithmetic_side_effects, reason = "an offset in the layer that was read from, and an address")]
fn describe_address(d: &mut Describe<'_, '_>, at: usize, prefix: usize, ipv4: &'static Field, ipv6: &'static Field) -> Option<usize> {
    match d.peek(at, 2)? {
        0x0100 => d.ipv4(ipv4, at + prefix).map(|_| at + prefix + 4),
        0x0200 => d.ipv6(ipv6, at + prefix).map(|_| at + prefix + 16),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, bytes, dissect};
    use crate::frame::LinkType;

    fn packet(message: &str) -> Dissected {
        let length = 20 + bytes(message).len();
        dissect(LinkType::IPV4, &format!("45c0 {length:04x} 00000000 0167 0000 0a000001 e000000d {message}"))
    }

    #[test]
    fn a_hello_tells_what_the_router_is() {
        let got = packet("2000aa6e 00010002 0069 00140004 3f0ef4cd 00130004 00000001 00150004 01000000");
        assert_eq!(got.values("pim.optiontype"), ["1", "20", "19", "21"]);
        assert_eq!([got.value("pim.holdtime"), got.value("pim.dr_priority"), got.value("pim.cksum.status")], ["105", "1", "good"]);
    }

    #[test]
    fn a_register_carries_a_packet() {
        let got = packet("2100deff 00000000 4500001c 000f0000 fe110000 c0a8140a ef010203 03e9 03e9 0008 0000");
        assert_eq!(got.protocols(), "ip:pim:ip:udp");
        assert_eq!([got.value("pim.cksum.status"), got.value("pim.register_flag.border")], ["good", "false"]);
        assert_eq!(got.dissection.network().map(|network| network.destination.to_string()), Some("239.1.2.3".to_owned()));
    }

    #[test]
    fn groups_are_joined_and_pruned() {
        let got = packet("23000000 0100 0a000002 00 01 00d2 0100 0020 ef010203 0001 0001 0100 0720 0a000009 0100 0020 0a00000a");
        assert_eq!([got.value("pim.group"), got.value("pim.join_ip"), got.value("pim.prune_ip")], ["239.1.2.3", "10.0.0.9", "10.0.0.10"]);
        let stop = packet("22001628 0100 0020 ef010203 0100 c0a8140a");
        assert_eq!([stop.value("pim.source"), stop.value("pim.cksum.status")], ["192.168.20.10", "good"]);
    }

    #[test]
    fn messages_are_covered_whole_and_over_ipv6_with_the_packets_addresses() {
        let got = packet("2000 ddfa 00010002 0003");
        assert_eq!((got.protocols(), got.value("pim.cksum.status")), ("ip:pim".into(), "bad".into()));
        assert_eq!(packet("2000 dff9 00010002 0003").value("pim.cksum.status"), "good");
        let ipv6 = "60000000 00046740 fe800000000000000000000000000001 ff02000000000000000000000000000d";
        // Four bytes; the pseudo-header adds fe80 + 1 + ff02 + d + 4 + 67.
        let got = dissect(LinkType::IPV6, &format!("{ipv6} 2000 e202"));
        assert_eq!((got.protocols(), got.value("pim.cksum.status")), ("ipv6:pim".into(), "good".into()));
    }
}
