//! Spanning tree: how switches agree on paths without loops (IEEE 802.1D-2004 section 9, 802.1Q-2022 section 14).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk};

/// Spanning tree, rapid and multiple spanning tree.
pub static PROTOCOL: Protocol = Protocol {
    name: "stp",
    label: "STP",
    title: "Spanning tree protocol",
    reference: "IEEE 802.1D-2004 section 9",
    claims: &[Selector::LinkServiceAccessPoint(0x42)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const VERSIONS: &[(u64, &str)] =
    &[(0, "spanning tree"), (2, "rapid spanning tree"), (3, "multiple spanning tree"), (4, "shortest path bridging")];
const TYPES: &[(u64, &str)] = &[(0x00, "configuration"), (0x02, "rapid or multiple configuration"), (0x80, "topology change")];
const TOPOLOGY_CHANGE: u64 = 0x80;
const ROLES: &[(u64, &str)] = &[(0, "unknown"), (1, "alternate or backup"), (2, "root"), (3, "designated")];

fields! {
    PROTOCOL_ID = Field::hexadecimal("stp.protocol", "Protocol", 4, "0 for spanning tree.");
    VERSION = Field::number("stp.version", "Version", "Which generation of the protocol the sender speaks.").names(VERSIONS);
    TYPE = Field::hexadecimal("stp.type", "Type", 2, "Whether it says how the tree is, or only that it has changed.").names(TYPES).in_line();
    FLAGS = Field::hexadecimal("stp.flags", "Flags", 2, "What state the sending port is in.");
    CHANGE_ACKNOWLEDGED = Field::boolean("stp.flags.tcack", "Topology change acknowledgement", "The sender has heard of a change.");
    AGREEMENT = Field::boolean("stp.flags.agreement", "Agreement", "The proposal is accepted: the port may forward at once.");
    FORWARDING = Field::boolean("stp.flags.forwarding", "Forwarding", "The port passes frames on.");
    LEARNING = Field::boolean("stp.flags.learning", "Learning", "The port learns addresses.");
    ROLE = Field::number("stp.flags.port_role", "Port role", "What the port is for the tree.").names(ROLES);
    PROPOSAL = Field::boolean("stp.flags.proposal", "Proposal", "The port wants to forward at once and asks the other side.");
    CHANGE = Field::boolean("stp.flags.tc", "Topology change", "The tree has changed: what was learnt about addresses should be forgotten soon.");
    ROOT_PRIORITY = Field::number("stp.root.prio", "Root priority", "The lowest wins: set it on the switch that should be the root.");
    ROOT_EXTENSION = Field::number("stp.root.ext", "Root VLAN", "Which VLAN the tree is for, where each has its own.");
    ROOT_ADDRESS = Field::mac("stp.root.hw", "Root", "The switch from which the tree grows.").in_line();
    ROOT_COST = Field::number("stp.root.cost", "Root path cost", "How far the root is from the sender: the sum of the links' costs, less for faster links.").in_line();
    BRIDGE_PRIORITY = Field::number("stp.bridge.prio", "Bridge priority", "The sender's own priority.");
    BRIDGE_EXTENSION = Field::number("stp.bridge.ext", "Bridge VLAN", "Which VLAN the tree is for, where each has its own.");
    BRIDGE_ADDRESS = Field::mac("stp.bridge.hw", "Bridge", "The switch that sent this.").in_line();
    PORT = Field::hexadecimal("stp.port", "Port", 4, "The port it was sent from: its priority and its number.").in_line();
    MESSAGE_AGE = Field::number("stp.msg_age", "Message age", "How old the root's news is; each switch on the way adds 1.").unit("seconds");
    MAXIMUM_AGE = Field::number("stp.max_age", "Maximum age", "After so long without news the root is taken for lost.").unit("seconds");
    HELLO_TIME = Field::number("stp.hello", "Hello time", "How often the root sends news.").unit("seconds");
    FORWARD_DELAY = Field::number("stp.forward", "Forward delay", "How long a port listens, and then learns, before it forwards.").unit("seconds");
    VERSION_1_LENGTH = Field::number("stp.version_1_length", "Version 1 length", "Always 0.").unit("bytes");
    VERSION_3_LENGTH = Field::number("mstp.version_3_length", "Version 3 length", "How long the part about multiple trees is.").unit("bytes");
    CONFIGURATION_SELECTOR = Field::number("mstp.config_format_selector", "Configuration format", "Always 0.");
    CONFIGURATION_NAME = Field::text("mstp.config_name", "Configuration name", "Switches with the same name, revision and digest form a region.");
    CONFIGURATION_REVISION = Field::number("mstp.config_revision_level", "Configuration revision", "Which revision of the configuration it is.");
    CONFIGURATION_DIGEST = Field::bytes("mstp.config_digest", "Configuration digest", "A digest of the table that says which VLAN belongs to which tree.");
    INTERNAL_COST = Field::number("mstp.cist_internal_root_path_cost", "Internal root path cost", "How far the region's own root is.");
    REGION_BRIDGE_PRIORITY = Field::number("mstp.cist_bridge.prio", "Bridge priority in the region", "The sender's priority.");
    REGION_BRIDGE_ADDRESS = Field::mac("mstp.cist_bridge.hw", "Bridge in the region", "The switch that sent this; above stands the region's root.");
    REMAINING_HOPS = Field::number("mstp.cist_remaining_hops", "Remaining hops", "How many more switches the news may pass.");
}

/// Offsets of what every configuration has (IEEE 802.1D-2004 section 9.3.1).
const FLAGS_AT: usize = 4;
const CONFIGURATION_LENGTH: usize = 35;
/// The same with what a region has, its trees apart (IEEE 802.1Q-2022 section 14.4).
const REGION_LENGTH: usize = 102;

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[_, _, _, kind] = walk.header_bytes()?;
    if u64::from(kind) != TOPOLOGY_CHANGE {
        walk.need(CONFIGURATION_LENGTH, "configuration")?;
    }
    Ok(Next::Nothing)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&PROTOCOL_ID, 0, 2)?;
    let version = d.number(&VERSION, 2, 1)?;
    if d.number(&TYPE, 3, 1)? == TOPOLOGY_CHANGE {
        return Some(());
    }
    describe_flags(d, version >= 2)?;
    for (at, priority, extension, address) in
        [(5, &ROOT_PRIORITY, &ROOT_EXTENSION, &ROOT_ADDRESS), (17, &BRIDGE_PRIORITY, &BRIDGE_EXTENSION, &BRIDGE_ADDRESS)]
    {
        let number = d.peek(at, 2)?;
        d.value(priority, at, 2, Value::Number(number & 0xf000));
        d.value(extension, at, 2, Value::Number(number & 0x0fff));
        d.mac(address, at.saturating_add(2))?;
        if at == 5 {
            d.number(&ROOT_COST, 13, 4)?;
        }
    }
    d.number(&PORT, 25, 2)?;
    for (at, time) in [(27, &MESSAGE_AGE), (29, &MAXIMUM_AGE), (31, &HELLO_TIME), (33, &FORWARD_DELAY)] {
        // In units of 1/256 of a second: the fraction is hardly ever used.
        d.bits(time, at, 2, 0xff00)?;
    }
    if version >= 2 {
        d.number(&VERSION_1_LENGTH, 35, 1)?;
    }
    if version >= 3 { describe_region(d) } else { Some(()) }
}

fn describe_flags(d: &mut Describe<'_, '_>, rapid: bool) -> Option<()> {
    let flags = d.peek(FLAGS_AT, 1)?;
    d.open(&FLAGS, FLAGS_AT, 1, Value::Number(flags));
    d.flag(&CHANGE_ACKNOWLEDGED, FLAGS_AT, 1, 0x80)?;
    if rapid {
        d.flag(&AGREEMENT, FLAGS_AT, 1, 0x40)?;
        d.flag(&FORWARDING, FLAGS_AT, 1, 0x20)?;
        d.flag(&LEARNING, FLAGS_AT, 1, 0x10)?;
        d.bits(&ROLE, FLAGS_AT, 1, 0x0c)?;
        d.flag(&PROPOSAL, FLAGS_AT, 1, 0x02)?;
    }
    d.flag(&CHANGE, FLAGS_AT, 1, 0x01)?;
    d.close();
    Some(())
}

fn describe_region(d: &mut Describe<'_, '_>) -> Option<()> {
    d.slice(0, REGION_LENGTH)?;
    d.number(&VERSION_3_LENGTH, 36, 2)?;
    d.number(&CONFIGURATION_SELECTOR, 38, 1)?;
    let name = d.slice(39, 32)?;
    let length = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    d.text(&CONFIGURATION_NAME, 39, length)?;
    d.number(&CONFIGURATION_REVISION, 71, 2)?;
    d.bytes(&CONFIGURATION_DIGEST, 73, 16)?;
    d.number(&INTERNAL_COST, 89, 4)?;
    d.number(&REGION_BRIDGE_PRIORITY, 93, 2)?;
    d.mac(&REGION_BRIDGE_ADDRESS, 95)?;
    d.number(&REMAINING_HOPS, 101, 1)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const RAPID: &str = "0180c2000000 001906eab88c 0027 424203 0000 02 02 0e 8001001906eab880 00000000 8001001906eab880 800c 0000 1400 0200 0f00 00 \
                         00000000 0000 00";
    const MULTIPLE: &str = "0180c2000000 001ef705a892 8100e000 0089 424203 0000 03 02 38 0000001f27b47d80 00030d40 8000001646b58c80 8012 0100 1400 0200 \
                            0f00 00 0060 00 4272657765727900000000000000000000000000000000000000000000000000 0000 9357ebb7a8d74dd5fef4f2bab50531aa \
                            00030d40 8000001ef705a880 14";

    #[test]
    fn a_rapid_configuration_names_root_bridge_and_port() {
        let frame = dissect(LinkType::ETHERNET, RAPID);
        assert_eq!(frame.protocols(), "eth:llc:stp");
        for (id, value) in [
            ("stp.version", "2"),
            ("stp.flags.port_role", "3"),
            ("stp.flags.proposal", "true"),
            ("stp.root.prio", "32768"),
            ("stp.root.ext", "1"),
            ("stp.root.hw", "00:19:06:ea:b8:80"),
            ("stp.port", "32780"),
            ("stp.max_age", "20"),
            ("stp.forward", "15"),
            ("stp.version_1_length", "0"),
        ] {
            assert_eq!(frame.value(id), value, "{id}");
        }
    }

    #[test]
    fn a_region_has_a_name() {
        let frame = dissect(LinkType::ETHERNET, MULTIPLE);
        assert_eq!(frame.protocols(), "eth:vlan:llc:stp");
        assert_eq!((frame.value("mstp.config_name"), frame.value("mstp.cist_remaining_hops")), ("Brewery".into(), "20".into()));
        assert_eq!(frame.value("stp.root.cost"), "200000");
    }

    #[test]
    fn a_topology_change_is_four_bytes_and_a_configuration_is_more() {
        let change = dissect(LinkType::ETHERNET, "0180c2000000 001906eab88c 0007 424203 0000 00 80");
        assert_eq!((change.value("stp.type"), change.dissection.stop), ("128".into(), None));
        let short = dissect(LinkType::ETHERNET, "0180c2000000 001906eab88c 0007 424203 0000 00 00");
        assert_eq!(short.dissection.stop.map(|stop| stop.needed), Some(35));
    }
}
