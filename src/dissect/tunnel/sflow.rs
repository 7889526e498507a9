//! sFlow: a switch's report on frames that it has picked out, with their first bytes (sFlow version 5).

use crate::dissect::{Describe, Field, Next, Protocol, Selector, Stop, Value, Walk, link::ethernet, network};

/// sFlow. The first frame that a datagram has bytes of follows as a quotation.
pub static PROTOCOL: Protocol = Protocol {
    name: "sflow",
    label: "sFlow",
    title: "Sampled flows",
    reference: "sflow.org, version 5",
    claims: &[Selector::UdpPort(6343)],
    dissect,
    describe,
    verify: None,
    fields: &[FIELDS],
};

const VERSION_5: u32 = 5;
const IPV4: u32 = 1;
const IPV6: u32 = 2;
/// Samples that frames stand in, and the length of what is before their records.
const FLOW_SAMPLE: u32 = 1;
const FLOW_SAMPLE_LENGTH: usize = 32;
const EXPANDED_FLOW_SAMPLE: u32 = 3;
const EXPANDED_FLOW_SAMPLE_LENGTH: usize = 44;
/// A record that is a frame's first bytes; they stand behind four numbers.
const RAW_HEADER: u32 = 1;
const RAW_HEADER_LENGTH: usize = 16;

const VERSIONS: &[(u64, &str)] = &[(2, "2"), (4, "4"), (VERSION_5 as u64, "5")];
const ADDRESS_TYPES: &[(u64, &str)] = &[(IPV4 as u64, "IPv4"), (IPV6 as u64, "IPv6")];
const SAMPLE_TYPES: &[(u64, &str)] = &[
    (FLOW_SAMPLE as u64, "frame"),
    (2, "counters"),
    (EXPANDED_FLOW_SAMPLE as u64, "frame (expanded)"),
    (4, "counters (expanded)"),
    (5, "dropped frame"),
];

fields! {
    VERSION = Field::number("sflow_245.version", "Version", "Which version of the protocol this is.").names(VERSIONS);
    ADDRESS_TYPE = Field::number("sflow_245.agenttype", "Agent address type", "What kind of address follows.").names(ADDRESS_TYPES);
    AGENT = Field::ipv4("sflow_245.agent", "Agent", "The switch that reports.").in_line();
    AGENT_IPV6 = Field::ipv6("sflow_245.agent.v6", "Agent", "The switch that reports.").in_line();
    SUB_AGENT = Field::number("sflow_245.sub_agent_id", "Sub-agent", "Which part of the switch reports.");
    SEQUENCE = Field::number("sflow_245.sequence_number", "Sequence number", "Counts the datagrams of that part, so that lost ones are missed.");
    UPTIME = Field::number("sflow_245.sysuptime", "Uptime", "How long the switch has been running.").unit("milliseconds");
    COUNT = Field::number("sflow_245.numsamples", "Samples", "How many samples follow.").in_line();
    SAMPLE = Field::number("sflow_245.sampletype", "Sample", "What the sample tells.").names(SAMPLE_TYPES);
    LENGTH = Field::number("sflow_5.sample_length", "Length", "How long the sample is, behind these eight bytes.").unit("bytes");
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn length(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(number(bytes, at)?).ok()
}

/// How long the agent's address is; 0 for a kind that is not known.
fn address_length(bytes: &[u8]) -> usize {
    match number(bytes, 4) {
        Some(IPV4) => 4,
        Some(IPV6) => 16,
        _ => 0,
    }
}

/// Where the first frame's bytes stand, how many they are, and of what kind.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "offsets that were read from, or just before one that was; longer lengths are added with a check"
)]
fn first_frame(bytes: &[u8]) -> Option<(usize, usize, u32)> {
    if number(bytes, 0)? != VERSION_5 {
        return None;
    }
    let mut sample = 8 + address_length(bytes) + 16;
    loop {
        let kind = number(bytes, sample)?;
        let end = sample.checked_add(8)?.checked_add(length(bytes, sample + 4)?)?;
        let before_records = match kind {
            FLOW_SAMPLE => Some(FLOW_SAMPLE_LENGTH),
            EXPANDED_FLOW_SAMPLE => Some(EXPANDED_FLOW_SAMPLE_LENGTH),
            _ => None,
        };
        let mut record = before_records.map_or(end, |before| sample + 8 + before);
        while record < end {
            let (kind, size) = (number(bytes, record)?, length(bytes, record + 4)?);
            if kind == RAW_HEADER && size >= RAW_HEADER_LENGTH {
                let size = length(bytes, record + 20)?.min(size - RAW_HEADER_LENGTH);
                return Some((record + 8 + RAW_HEADER_LENGTH, size, number(bytes, record + 8)?));
            }
            record = record.checked_add(8)?.checked_add(size)?;
        }
        sample = end;
    }
}

fn dissect(walk: &mut Walk<'_>) -> Result<Next, Stop> {
    walk.header_bytes::<8>()?;
    let Some((at, length, kind)) = first_frame(walk.bytes()) else { return Ok(Next::Nothing) };
    walk.header(at);
    walk.limit_payload(length);
    walk.quote();
    Ok(match kind {
        1 => Next::Protocol(&ethernet::PROTOCOL),
        11 | 12 => network::by_version(walk.bytes().get(at..).unwrap_or_default()),
        _ => Next::Payload,
    })
}

#[expect(clippy::arithmetic_side_effects, reason = "offsets that were read from; longer lengths are added with a check")]
fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let version = d.number(&VERSION, 0, 4)?;
    if version != u64::from(VERSION_5) {
        return Some(());
    }
    d.number(&ADDRESS_TYPE, 4, 4)?;
    let address = address_length(d.view.bytes());
    match address {
        4 => {
            d.ipv4(&AGENT, 8)?;
        }
        16 => {
            d.ipv6(&AGENT_IPV6, 8)?;
        }
        _ => {}
    }
    let mut at = 8 + address;
    for field in [&SUB_AGENT, &SEQUENCE, &UPTIME] {
        d.number(field, at, 4)?;
        at += 4;
    }
    let samples = d.number(&COUNT, at, 4)?;
    at += 4;
    for _ in 0..samples {
        let (kind, length) = (d.peek(at, 4)?, usize::try_from(d.peek(at + 4, 4)?).ok()?);
        d.open(&SAMPLE, at, 8, Value::Number(kind));
        d.number(&LENGTH, at + 4, 4)?;
        d.close();
        at = at.checked_add(8)?.checked_add(length)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::dissect::testing::{Dissected, bytes, dissect_cut, udp};
    use crate::frame::LinkType;

    const FRAME: &str = "ffffffffffff 0022aabbccdd 0806 0001";
    const HEAD: &str = "00000005 00000001 0a000009 00000000 00000070 0001c520 00000002";

    fn datagram(payload: &str) -> Dissected {
        let packet = udp(6343, &bytes(payload));
        let length = packet.len();
        dissect_cut(LinkType::IPV4, packet, length)
    }

    #[test]
    fn the_first_frame_follows_as_a_quotation() {
        let counters = "00000002 0000000c 0000001b 00004a39 00000000";
        for (kind, before) in [("00000001 00000048", 32), ("00000003 00000054", 44)] {
            let raw = format!("00000001 00000020 00000001 00000400 00000004 00000010 {FRAME}");
            let frame = datagram(&format!("{HEAD} {counters} {kind} {} {raw}", "00".repeat(before)));
            assert_eq!(frame.protocols(), "ip:udp:sflow:eth:arp");
            assert_eq!((frame.value("sflow_245.agent"), frame.values("sflow_245.sampletype").len()), ("10.0.0.9".into(), 2));
            assert!(frame.dissection.layers.last().is_some_and(|layer| layer.quoted));
        }
    }

    #[test]
    fn without_a_frame_or_with_lying_lengths_there_is_only_the_report() {
        for samples in ["", "00000002 ffffffff", "00000001 00000048 00", "00000001 00000030 00"] {
            let frame = datagram(&format!("{HEAD} {samples}"));
            assert_eq!(frame.protocols(), "ip:udp:sflow", "{samples}");
            frame.fields();
        }
        assert_eq!(datagram("00000002 00000001 0a000009").protocols(), "ip:udp:sflow");
    }
}
