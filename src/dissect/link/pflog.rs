//! What the BSD packet filter writes before a packet: its log (LINKTYPE_PFLOG), and OpenBSD's view into IPsec (LINKTYPE_ENC).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk, network};

/// A packet that a rule of the packet filter logged.
pub static LOG: Protocol = Protocol {
    name: "pflog",
    label: "PFLOG",
    title: "BSD packet filter log",
    reference: "LINKTYPE_PFLOG",
    claims: &[Selector::LinkType(117)],
    dissect: dissect_log,
    describe: describe_log,
    verify: None,
    fields: &[FIELDS],
};

/// A packet before it is encrypted, or after.
pub static ENCAPSULATION: Protocol = Protocol {
    name: "enc",
    label: "ENC",
    title: "OpenBSD IPsec encapsulation",
    reference: "LINKTYPE_ENC",
    claims: &[Selector::LinkType(109)],
    dissect: dissect_encapsulation,
    describe: describe_encapsulation,
    verify: None,
    fields: &[FIELDS],
};

/// The least that a log's header may say; the names of interface and rules stand before.
const LOG_LENGTH: usize = 45;
const NAME_LENGTH: usize = 16;
const ENCAPSULATION_LENGTH: usize = 12;

const FAMILIES: &[(u64, &str)] = &[(2, "IPv4"), (10, "IPv6"), (24, "IPv6"), (28, "IPv6"), (30, "IPv6")];
const ACTIONS: &[(u64, &str)] = &[
    (0, "pass"),
    (1, "block"),
    (2, "scrub"),
    (4, "translate"),
    (5, "do not translate"),
    (6, "map both ways"),
    (8, "redirect"),
    (10, "synproxy drop"),
];
const REASONS: &[(u64, &str)] = &[
    (0, "rule matched"),
    (1, "bad offset"),
    (2, "fragment"),
    (3, "short packet"),
    (4, "normalized"),
    (5, "out of memory"),
    (6, "bad timestamp"),
    (7, "congestion"),
    (8, "IP options"),
    (9, "checksum"),
    (10, "state mismatch"),
    (11, "state insertion"),
    (12, "state limit"),
    (13, "source limit"),
    (14, "synproxy"),
];
const DIRECTIONS: &[(u64, &str)] = &[(0, "both"), (1, "in"), (2, "out")];

fields! {
    LENGTH = Field::number("pflog.length", "Header length", "How long this header is, without the padding behind it.").unit("bytes");
    FAMILY = Field::number("pflog.af", "Family", "What the packet is.").names(FAMILIES);
    ACTION = Field::number("pflog.action", "Action", "What the filter did with the packet.").names(ACTIONS).in_line();
    REASON = Field::number("pflog.reason", "Reason", "Why it did that.").names(REASONS);
    INTERFACE = Field::text("pflog.ifname", "Interface", "The interface that the packet went through.").in_line();
    RULE_SET = Field::text("pflog.ruleset", "Rule set", "The anchor that the rule belongs to.");
    RULE = Field::number("pflog.rulenr", "Rule", "The number of the rule that decided.").in_line();
    DIRECTION = Field::number("pflog.dir", "Direction", "Which way the packet went.").names(DIRECTIONS).in_line();
    ENCAPSULATION_FAMILY = Field::number("enc.af", "Family", "What the packet is, in the byte order of the machine that captured.").names(FAMILIES);
    PARAMETERS = Field::hexadecimal("enc.spi", "Security parameters index", 8, "Which of the agreements on keys the packet belongs to.").in_line();
    FLAGS = Field::hexadecimal("enc.flags", "Flags", 8, "What was done to the packet: authenticated, encrypted.");
}

fn dissect_log(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    let &[length, ..] = walk.header_bytes::<LOG_LENGTH>()?;
    let length = usize::from(length);
    if length < LOG_LENGTH {
        return Err(walk.invalid("header length", LOG_LENGTH, length));
    }
    let whole = length.next_multiple_of(4);
    walk.need(whole, "header")?;
    walk.header(whole);
    Ok(network::by_version(walk.bytes().get(whole..).unwrap_or_default()))
}

fn describe_log(d: &mut Describe<'_, '_>) -> Option<()> {
    d.number(&LENGTH, 0, 1)?;
    d.number(&FAMILY, 1, 1)?;
    d.number(&ACTION, 2, 1)?;
    d.number(&REASON, 3, 1)?;
    for (field, at) in [(&INTERFACE, 4), (&RULE_SET, 20)] {
        let name = d.slice(at, NAME_LENGTH)?;
        let length = name.iter().position(|byte| *byte == 0).unwrap_or(NAME_LENGTH);
        d.text(field, at, length)?;
    }
    d.number(&RULE, 36, 4)?;
    // Some systems have user and process of both ends before it.
    let direction = if d.peek(0, 1)? >= 61 { 60 } else { 44 };
    d.number(&DIRECTION, direction, 1)?;
    Some(())
}

fn dissect_encapsulation(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header_bytes::<ENCAPSULATION_LENGTH>()?;
    walk.header(ENCAPSULATION_LENGTH);
    Ok(network::by_version(walk.bytes().get(ENCAPSULATION_LENGTH..).unwrap_or_default()))
}

fn describe_encapsulation(d: &mut Describe<'_, '_>) -> Option<()> {
    let bytes: [u8; 4] = *d.slice(0, 4)?.first_chunk()?;
    let family = u32::from_be_bytes(bytes).min(u32::from_le_bytes(bytes));
    d.value(&ENCAPSULATION_FAMILY, 0, 4, Value::Number(u64::from(family)));
    d.number(&PARAMETERS, 4, 4)?;
    d.number(&FLAGS, 8, 4)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::dissect;
    use crate::frame::LinkType;

    const PACKET: &str = "45000014 00000000 403b0000 0a000001 0a000002";

    #[test]
    fn the_log_says_which_rule_did_what() {
        let names = format!("656d30{} {}", "00".repeat(13), "00".repeat(16));
        let short = dissect(LinkType(117), &format!("2d 02 01 00 {names} 00000007 ffffffff 01 000000 {PACKET}"));
        assert_eq!(short.protocols(), "pflog:ip");
        for (id, value) in [("pflog.ifname", "em0"), ("pflog.rulenr", "7"), ("pflog.action", "1"), ("pflog.dir", "1")] {
            assert_eq!(short.value(id), value, "{id}");
        }
        let long = dissect(LinkType(117), &format!("3d 02 00 00 {names} 00000007 ffffffff {} 02 000000 {PACKET}", "00".repeat(16)));
        assert_eq!((long.protocols(), long.value("pflog.dir")), ("pflog:ip".into(), "2".into()));
        assert!(dissect(LinkType(117), &format!("10 02 01 00 {names} 00000007 ffffffff 01")).dissection.stop.is_some());
    }

    #[test]
    fn a_packet_stands_behind_its_keys() {
        for family in ["02000000", "00000002"] {
            let frame = dissect(LinkType(109), &format!("{family} 00001234 00000800 {PACKET}"));
            assert_eq!((frame.protocols(), frame.value("enc.af")), ("enc:ip".into(), "2".into()));
            assert_eq!(frame.value("enc.spi"), "4660");
        }
    }
}
