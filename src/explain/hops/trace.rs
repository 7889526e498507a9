//! traceroute: packets that are to die on their way, one router later each time.

use super::{HopsFacts, TRACEROUTE};
use crate::dissect::Network;
use crate::dissect::transport::tcp::{ACK, RST, SYN};
use crate::explain::icmp::{IcmpError, Quoted};
use crate::explain::room::NoRoom;
use crate::explain::{Note, Notes, Scene};
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

/// All ways that are traced: from whom, to whom.
#[derive(Debug, Default)]
pub(super) struct Traces {
    ways: HashMap<(IpAddr, IpAddr), Way, RandomState>,
    forgotten: NoRoom,
}

#[derive(Debug, Default)]
struct Way {
    protocol: u8,
    probes: Vec<Probe>,
    /// Who answered for each hop first, and the frame.
    answers: BTreeMap<u8, (IpAddr, u64)>,
    /// The hop of the destination, when it answered, and the frame.
    reached: Option<(u8, u64)>,
    first_frame: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Probe {
    ports: [u16; 2],
    identification: u16,
    hop_limit: u8,
}

impl Traces {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ways.is_empty()
    }

    /// Takes a packet that has little to live.
    pub(super) fn probe(&mut self, scene: &Scene<'_>, network: &Network) {
        let (bytes, dissection) = scene.own();
        let ports = match network.protocol {
            1 | 58 => echo(scene).filter(|(is_reply, _)| !is_reply).map(|(_, ports)| ports),
            17 => dissection.transport().map(|transport| [transport.source_port, transport.destination_port]),
            6 => {
                let transport = dissection.transport();
                let begins = |flags: u16| flags & (SYN | ACK) == SYN;
                let transport = transport.filter(|transport| transport.tcp.is_some_and(|tcp| begins(tcp.flags)));
                transport.map(|transport| [transport.source_port, transport.destination_port])
            }
            _ => None,
        };
        let (Some(ports), Some(layer)) = (ports, dissection.layers.get(network.layer)) else { return };
        let identification = match bytes.get(layer.start + 4..layer.start + 6) {
            Some(&[high, low]) if network.source.is_ipv4() => u16::from_be_bytes([high, low]),
            _ => 0,
        };
        let key = (network.source, network.destination);
        if !self.forgotten.room(self.ways.len() < Limits::TRACES_KEPT || self.ways.contains_key(&key)) {
            return;
        }
        let way = self.ways.entry(key).or_insert_with(|| Way { protocol: network.protocol, first_frame: scene.number(), ..Way::default() });
        if way.probes.len() < Limits::TRACE_PROBES {
            way.probes.push(Probe { ports, identification, hop_limit: network.hop_limit });
        }
    }

    /// What a probe set out with that a report quotes.
    pub(super) fn set_out(&self, quoted: &Quoted) -> Option<u8> {
        let way = self.ways.get(&(quoted.source, quoted.destination))?;
        way.probe_of(quoted).map(|probe| probe.hop_limit)
    }

    /// Takes an error: the answer of a router, or of the destination where nobody listens at the port.
    pub(super) fn report(&mut self, error: &IcmpError, frame: u64) {
        let Some(way) = self.ways.get_mut(&(error.quoted.source, error.quoted.destination)) else { return };
        let Some(probe) = way.probe_of(&error.quoted) else { return };
        if error.is_expired() {
            way.answers.entry(probe.hop_limit).or_insert((error.reporter, frame));
        } else if error.reporter == error.quoted.destination {
            way.reach(probe.hop_limit, frame);
        }
    }

    /// Takes a packet that may be the destination's answer.
    pub(super) fn answer(&mut self, scene: &Scene<'_>, network: &Network) {
        let Some(way) = self.ways.get_mut(&(network.destination, network.source)) else { return };
        let (_, dissection) = scene.own();
        let ports = match network.protocol {
            1 | 58 => echo(scene).filter(|(is_reply, _)| *is_reply).map(|(_, ports)| ports),
            6 => {
                let transport = dissection.transport();
                let answers = |flags: u16| flags & RST != 0 || flags & (SYN | ACK) == SYN | ACK;
                let transport = transport.filter(|transport| transport.tcp.is_some_and(|tcp| answers(tcp.flags)));
                transport.map(|transport| [transport.destination_port, transport.source_port])
            }
            _ => None,
        };
        let Some(ports) = ports else { return };
        if let Some(hop_limit) = way.probes.iter().filter(|probe| probe.ports == ports).map(|probe| probe.hop_limit).min() {
            way.reach(hop_limit, scene.number());
        }
    }

    /// How many routers lie on the way to a host that a trace has reached.
    pub(super) fn routers_to(&self, host: IpAddr) -> Option<u8> {
        let reached = self.ways.iter().filter(|((_, destination), way)| *destination == host && way.is_trace());
        reached.filter_map(|(_, way)| way.reached).map(|(hop, _)| hop.saturating_sub(1)).min()
    }

    /// Tells each way that was traced.
    pub(super) fn finish(&mut self, notes: &mut Notes) {
        let mut ways: Vec<_> = self.ways.iter().filter(|(_, way)| way.is_trace()).collect();
        ways.sort_unstable_by_key(|(_, way)| way.first_frame);
        for ((source, destination), way) in ways {
            let last_answer = way.answers.keys().next_back().copied().unwrap_or_default();
            let end = way.reached.map_or(last_answer, |(hop, _)| hop);
            let mut told: Vec<(u8, IpAddr, u64)> = way.answers.iter().map(|(hop, (who, frame))| (*hop, *who, *frame)).collect();
            told.retain(|(hop, ..)| way.reached.is_none_or(|(reached, _)| *hop < reached));
            if let Some((hop, frame)) = way.reached {
                told.push((hop, *destination, frame));
            }
            let was_tried = |hop: &u8| way.probes.iter().any(|probe| probe.hop_limit == *hop);
            let silent = (1..=end).filter(was_tried).filter(|hop| told.iter().all(|(other, ..)| other != hop)).map(u64::from).collect();
            let facts = HopsFacts::Traceroute {
                source: *source,
                destination: *destination,
                protocol: way.protocol,
                hops: told.iter().map(|(_, who, _)| *who).collect(),
                places: told.iter().map(|(hop, ..)| u64::from(*hop)).collect(),
                silent,
                is_reached: way.reached.is_some(),
            };
            let frames: Vec<u64> = told.iter().map(|(.., frame)| *frame).collect();
            notes.say(&TRACEROUTE, (source, destination), || Note::seen(facts, &frames));
        }
    }
}

impl Way {
    fn probe_of(&self, quoted: &Quoted) -> Option<Probe> {
        let ports = quoted.ports?;
        let same = |probe: &&Probe| probe.ports == ports && probe.identification == quoted.identification;
        self.probes.iter().find(same).copied()
    }

    fn reach(&mut self, hop_limit: u8, frame: u64) {
        if self.reached.is_none_or(|(nearest, _)| hop_limit < nearest) {
            self.reached = Some((hop_limit, frame));
        }
    }

    /// Whether it looks like one: probes that come farther and farther, and answers for two hops at least.
    fn is_trace(&self) -> bool {
        let answered = self.answers.len() + usize::from(self.reached.is_some());
        let least = self.probes.iter().map(|probe| probe.hop_limit).min();
        !self.answers.is_empty() && answered >= 2 && least == Some(1)
    }
}

/// An echo's identifier and number, and whether it is a reply.
fn echo(scene: &Scene<'_>) -> Option<(bool, [u16; 2])> {
    let (bytes, dissection) = scene.own();
    let layer = dissection.layers.iter().rev().find(|layer| matches!(layer.protocol.name, "icmp" | "icmpv6"))?;
    let &[kind, _, _, _, i0, i1, s0, s1, ..] = bytes.get(layer.start..layer.end)? else { return None };
    matches!(kind, 0 | 8 | 128 | 129).then_some((matches!(kind, 0 | 129), [u16::from_be_bytes([i0, i1]), u16::from_be_bytes([s0, s1])]))
}
