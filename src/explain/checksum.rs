//! Wrong checksums: is a packet broken, or does the sender's network card fill them in after the capture point?
//!
//! Which of the two is only certain at the end: every checksum that one host sends is wrong, and every one that it receives is right.
//! Until a frame speaks against that, a wrong checksum is held back from the frame's line; at the end a note names what it was.

use super::receipt::{Fate, Receipts, Whose};
use super::surroundings::is_initial;
use super::{Certainty, Fact, Note, Rule, Stated, Tell};
use crate::dissect::{Checksum, Dissection, Status, View};
use crate::reassembly::fragments::{Outcome, Reassembled};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How many hosts are counted; those met later are judged frame by frame. The counts fit a processor's second-level cache.
const HOST_LIMIT: usize = 16_384;
/// How many frames a note names as its proof.
const EVIDENCE: usize = 3;

/// The protocols that are counted apart: a card may fill in one and not the other.
const COUNTED: [&str; 6] = ["ip", "tcp", "udp", "icmp", "icmpv6", "igmp"];

/// Every checksum of a host is filled in behind the point of capture.
static OFFLOAD: Rule = Rule::information("capture.checksum-offload", "RFC 9293 3.1, RFC 1071");
/// A checksum is wrong, and nothing excuses it.
static BAD: Rule = Rule::warning("capture.checksum-bad", "RFC 1071");
/// A checksum is wrong in the capture, and what it stands in was taken.
static CHANGED: Rule = Rule::information("capture.checksum-changed", "RFC 1071, RFC 1122 4.2.2.7");
/// There are more hosts than are counted.
static LIMIT: Rule = Rule::information("capture.checksum-limit", "RFC 1071");

/// The rules.
pub(super) static RULES: &[&Rule] = &[&OFFLOAD, &BAD, &CHANGED, &LIMIT];

/// What a note on checksums states.
#[derive(Clone, Debug, PartialEq)]
pub enum ChecksumFacts {
    /// Every checksum that a host sent is wrong and every one that it received is right: its network card fills them in after the point
    /// where the capture was made.
    Offload {
        /// The host.
        host: IpAddr,
        /// The layer's protocol ("tcp").
        protocol: &'static str,
        /// How many it sent, all wrong.
        sent: u64,
        /// How many it received, all right; 0 where the proof is only what stands in the packets.
        received: u64,
        /// How many of those sent hold the sum of the pseudo-header alone, or 0 in an IPv4 header, which an operating system leaves for the
        /// card to complete.
        partial: u64,
        /// How many it sent that are right: some systems compute a few themselves.
        right: u64,
        /// Whether routers had passed on all that were wrong: then nothing fills them in any more.
        is_passed_on: bool,
    },
    /// A host sent packets whose checksums are wrong, and nothing speaks for offload.
    Bad {
        /// The host.
        host: IpAddr,
        /// The layer's protocol.
        protocol: &'static str,
        /// How many were wrong.
        bad: u64,
        /// How many could be verified.
        verified: u64,
    },
    /// A host's packets have wrong checksums, and were acknowledged or answered: they were right where they arrived.
    Changed {
        /// The host.
        host: IpAddr,
        /// The layer's protocol.
        protocol: &'static str,
        /// How many are wrong and were taken.
        taken: u64,
        /// How many could be verified.
        verified: u64,
    },
    /// There are more hosts than are counted, and some of the others sent wrong checksums: each was judged by itself.
    HostsBeyondLimit {
        /// How many hosts are counted.
        limit: u64,
        /// How many wrong checksums the others sent.
        bad: u64,
    },
}

impl Stated for ChecksumFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::Offload { .. } => &OFFLOAD,
            Self::Bad { .. } => &BAD,
            Self::Changed { .. } => &CHANGED,
            Self::HostsBeyondLimit { .. } => &LIMIT,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        match self {
            Self::Offload { host, protocol, sent, received, partial, right, is_passed_on } => {
                if *is_passed_on {
                    tell("passed_on", Fact::Flag(true));
                }
                tell("host", Fact::Address(*host));
                tell("protocol", Fact::Word(protocol));
                tell("sent", Fact::Number(*sent));
                tell("received", Fact::Number(*received));
                tell("partial", Fact::Number(*partial));
                tell("sent_right", Fact::Number(*right));
            }
            Self::Bad { host, protocol, bad, verified } => {
                tell("host", Fact::Address(*host));
                tell("protocol", Fact::Word(protocol));
                tell("bad", Fact::Number(*bad));
                tell("verified", Fact::Number(*verified));
            }
            Self::Changed { host, protocol, taken, verified } => {
                tell("host", Fact::Address(*host));
                tell("protocol", Fact::Word(protocol));
                tell("taken", Fact::Number(*taken));
                tell("verified", Fact::Number(*verified));
            }
            Self::HostsBeyondLimit { limit, bad } => {
                tell("limit", Fact::Number(*limit));
                tell("bad", Fact::Number(*bad));
            }
        }
    }
}

/// A wrong checksum that nothing excuses so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The layer's protocol, as a line calls it.
    pub label: &'static str,
    /// What stands in the packet, and what would be right.
    pub checksum: Checksum,
}

/// What every host has, small enough that counting a frame touches one line of the cache for each of its two hosts. A count stays at its end
/// (4,294,967,295).
#[derive(Default)]
struct Host {
    right: [Right; COUNTED.len()],
    /// Only hosts that have to do with wrong checksums have it: few, or few do not.
    wrong: Option<Box<[Wrong; COUNTED.len()]>>,
}

#[derive(Clone, Copy, Default)]
struct Right {
    sent: u32,
    received: u32,
}

#[derive(Clone, Copy, Default)]
struct Wrong {
    sent: u64,
    partial: u64,
    /// How many had passed a router, by their hop limit.
    passed_on: u64,
    received: u64,
    first: [u64; EVIDENCE],
    /// Those that their receiver acknowledged or answered, and those that were sent again before it did.
    taken: Tally,
    again: Tally,
}

/// How many, and the first frames.
#[derive(Clone, Copy, Default)]
struct Tally {
    count: u64,
    first: [u64; EVIDENCE],
}

impl Tally {
    fn add(&mut self, frame: u64) {
        self.count += 1;
        if let Some(place) = self.first.iter_mut().find(|frame| **frame == 0) {
            *place = frame;
        }
    }
}

impl Host {
    /// Whether everything so far agrees with a card that fills the checksums in.
    fn may_be_offload(&self, kind: usize) -> bool {
        self.right[kind].sent == 0 && self.wrong.as_ref().is_none_or(|wrong| wrong[kind].received == 0)
    }

    fn wrong(&mut self, kind: usize) -> &mut Wrong {
        &mut self.wrong.get_or_insert_default()[kind]
    }
}

/// Counts right and wrong checksums by host and protocol. Its memory grows with the hosts alone, to a limit.
#[derive(Default)]
pub struct ChecksumWatch {
    ipv4: HashMap<Ipv4Addr, u32, RandomState>,
    ipv6: HashMap<Ipv6Addr, u32, RandomState>,
    hosts: Vec<Host>,
    addresses: Vec<IpAddr>,
    receipts: Receipts,
    /// Wrong checksums of hosts beyond the limit.
    uncounted: u64,
}

/// The places of a packet's hosts, so that its layers look them up once.
#[derive(Clone, Copy)]
struct Ends {
    network: u8,
    source: Option<usize>,
    destination: Option<usize>,
}

impl ChecksumWatch {
    /// Verifies a frame's checksums and counts them. Returns the first that is wrong and that offload does not explain.
    pub fn observe(&mut self, frame: &[u8], number: u64, dissection: &Dissection) -> Option<Finding> {
        self.observe_from(0, frame, number, dissection)
    }

    /// The same for a datagram that the frame made whole.
    pub fn observe_whole(&mut self, whole: &Reassembled, number: u64) -> Option<Finding> {
        let finding = self.observe_from(whole.first_layer(), &whole.bytes, number, &whole.dissection);
        let inside = whole.inside.as_ref().filter(|inside| inside.outcome == Outcome::Completes).and_then(|inside| inside.whole.as_ref());
        finding.or_else(|| self.observe_whole(inside?, number))
    }

    fn observe_from(&mut self, first: usize, frame: &[u8], number: u64, dissection: &Dissection) -> Option<Finding> {
        let mut finding = None;
        let mut ends: Option<Ends> = None;
        let mut waits = None;
        for (index, layer) in dissection.layers.iter().enumerate().skip(first) {
            let (Some(verify), Some(network), false) = (layer.protocol.verify, layer.network, layer.quoted) else { continue };
            let checksum = verify(&View { frame, dissection, index });
            let bad = match checksum.status {
                Status::Good => false,
                Status::Bad => true,
                Status::Unverified | Status::NotPresent | Status::Illegal => continue,
            };
            let counted = COUNTED.iter().position(|name| *name == layer.protocol.name).map(|kind| {
                let known = ends.filter(|ends| ends.network == network);
                (*ends.insert(known.unwrap_or_else(|| self.ends(network, dissection))), kind)
            });
            let excused = match counted {
                Some((ends, kind)) if bad => {
                    let is_left = is_left(layer.protocol.name, &checksum);
                    // What the innermost packet carries is what is acknowledged.
                    if let Some(host) = ends.source.filter(|_| !is_left && usize::from(network) + 1 == dissection.networks.len()) {
                        waits = Some(Whose { host, kind, frame: number });
                    }
                    let is_passed_on = dissection.networks.get(usize::from(network)).is_some_and(|packet| !is_initial(packet.hop_limit));
                    self.count_wrong(ends, kind, [is_left, is_passed_on], number)
                }
                Some((ends, kind)) => {
                    self.count_right(ends, kind);
                    continue;
                }
                None => false,
            };
            if bad && !excused && finding.is_none() {
                finding = Some(Finding { label: layer.protocol.label, checksum });
            }
        }
        if waits.is_some() || !self.receipts.is_empty() {
            self.hear(frame, dissection, waits);
        }
        finding
    }

    /// Takes what a packet tells of those with wrong checksums; it may be one of them itself.
    #[cold]
    fn hear(&mut self, frame: &[u8], dissection: &Dissection, waits: Option<Whose>) {
        let Self { receipts, hosts, .. } = self;
        receipts.hear(frame, dissection, waits.is_none(), |Whose { host, kind, frame }, fate| {
            if let Some(host) = hosts.get_mut(host) {
                let wrong = host.wrong(kind);
                match fate {
                    Fate::Taken => wrong.taken.add(frame),
                    Fate::SentAgain => wrong.again.add(frame),
                }
            }
        });
        if let Some(whose) = waits {
            receipts.wait(whose, frame, dissection);
        }
    }

    fn ends(&mut self, network: u8, dissection: &Dissection) -> Ends {
        let packet = dissection.networks.get(usize::from(network));
        let destination = packet.and_then(|packet| self.place(packet.destination));
        Ends { network, source: packet.and_then(|packet| self.place(packet.source)), destination }
    }

    fn count_right(&mut self, ends: Ends, kind: usize) {
        if let Some(receiver) = self.at(ends.destination) {
            receiver.right[kind].received = receiver.right[kind].received.saturating_add(1);
        }
        if let Some(sender) = self.at(ends.source) {
            sender.right[kind].sent = sender.right[kind].sent.saturating_add(1);
        }
    }

    /// Returns whether offload may explain it.
    fn count_wrong(&mut self, ends: Ends, kind: usize, [partial, is_passed_on]: [bool; 2], number: u64) -> bool {
        if let Some(receiver) = self.at(ends.destination) {
            receiver.wrong(kind).received += 1;
        }
        let Some(sender) = self.at(ends.source) else {
            self.uncounted += 1;
            return partial;
        };
        let wrong = sender.wrong(kind);
        if let Some(place) = wrong.first.iter_mut().find(|frame| **frame == 0) {
            *place = number;
        }
        wrong.sent += 1;
        wrong.partial += u64::from(partial);
        wrong.passed_on += u64::from(is_passed_on);
        partial || sender.may_be_offload(kind)
    }

    fn at(&mut self, place: Option<usize>) -> Option<&mut Host> {
        self.hosts.get_mut(place?)
    }

    fn place(&mut self, address: IpAddr) -> Option<usize> {
        let known = match address {
            IpAddr::V4(address) => self.ipv4.get(&address),
            IpAddr::V6(address) => self.ipv6.get(&address),
        };
        if let Some(place) = known {
            return Some(*place as usize);
        }
        let place = u32::try_from(self.hosts.len()).ok().filter(|_| self.hosts.len() < HOST_LIMIT)?;
        match address {
            IpAddr::V4(address) => self.ipv4.insert(address, place),
            IpAddr::V6(address) => self.ipv6.insert(address, place),
        };
        self.hosts.push(Host::default());
        self.addresses.push(address);
        Some(place as usize)
    }

    /// What the whole capture says, in the order in which the hosts appeared.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        for (address, host) in self.addresses.iter().zip(&self.hosts) {
            let Some(wrongs) = &host.wrong else { continue };
            for (kind, (protocol, wrong)) in COUNTED.iter().zip(wrongs.iter()).enumerate().filter(|(_, (_, wrong))| wrong.sent > 0) {
                let right = host.right[kind];
                let by_direction = host.may_be_offload(kind) && right.received > 0;
                let by_content = wrong.partial == wrong.sent;
                let facts = if by_direction || by_content {
                    ChecksumFacts::Offload {
                        host: *address,
                        protocol,
                        sent: wrong.sent,
                        received: if by_direction { right.received.into() } else { 0 },
                        partial: wrong.partial,
                        right: right.sent.into(),
                        is_passed_on: by_content && *protocol != "ip" && wrong.passed_on == wrong.sent,
                    }
                } else {
                    let verified = wrong.sent + u64::from(right.sent);
                    if wrong.taken.count > 0 {
                        let facts = ChecksumFacts::Changed { host: *address, protocol, taken: wrong.taken.count, verified };
                        notes.push(Note::inferred(facts, &wrong.taken.first).of_frames(wrong.taken.count));
                        // Where some were right on the wire, only what was sent again speaks for others that were not.
                        if wrong.again.count > 0 {
                            let facts = ChecksumFacts::Bad { host: *address, protocol, bad: wrong.again.count, verified };
                            notes.push(Note::seen(facts, &wrong.again.first).of_frames(wrong.again.count));
                        }
                        continue;
                    }
                    ChecksumFacts::Bad { host: *address, protocol, bad: wrong.sent, verified }
                };
                let frames: Vec<u64> = wrong.first.iter().copied().filter(|frame| *frame != 0).collect();
                let certainty = if by_direction || by_content { Certainty::Inferred } else { Certainty::Seen };
                notes.push(Note { certainty, ..Note::seen(facts, &frames).of_frames(wrong.sent) });
            }
        }
        if self.uncounted > 0 {
            let facts = ChecksumFacts::HostsBeyondLimit { limit: HOST_LIMIT as u64, bad: self.uncounted };
            notes.push(Note::seen(facts, &[]));
        }
        notes
    }
}

/// Whether a wrong checksum is one that an operating system leaves for the card: the sum of the pseudo-header, which IPv4's own header has
/// none of.
fn is_left(protocol: &str, checksum: &Checksum) -> bool {
    checksum.partial || protocol == "ip" && checksum.found == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::dissect_bytes;
    use crate::explain::Facts;
    use crate::frame::LinkType;

    /// A UDP datagram of 4 bytes between 10.0.0.1 and 10.0.0.2; `checksum` is what stands in its header.
    fn datagram(from: u8, to: u8, checksum: u16) -> Vec<u8> {
        let mut bytes = vec![0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, from, 10, 0, 0, to];
        bytes.extend([0x10, 0, 0x20, 0, 0, 12]);
        bytes.extend(checksum.to_be_bytes());
        bytes.extend(b"data");
        let header = crate::dissect::checksum::verify(0, &bytes[..20], 10);
        bytes[10..12].copy_from_slice(&header.expected.to_be_bytes());
        bytes
    }

    fn right(from: u8, to: u8) -> u16 {
        let bytes = datagram(from, to, 1);
        let mut dissection = Dissection::default();
        dissect_bytes(&bytes, bytes.len(), LinkType::IPV4, &mut dissection);
        View::new(&bytes, &dissection, 1).and_then(|view| view.checksum()).map_or(0, |checksum| checksum.expected)
    }

    fn observe(watch: &mut ChecksumWatch, number: u64, bytes: &[u8]) -> Option<Finding> {
        let mut dissection = Dissection::default();
        dissect_bytes(bytes, bytes.len(), LinkType::IPV4, &mut dissection);
        watch.observe(bytes, number, &dissection)
    }

    #[test]
    fn a_host_that_sends_only_wrong_and_receives_only_right_has_a_card_that_fills_them_in() {
        let mut watch = ChecksumWatch::default();
        assert_eq!(observe(&mut watch, 1, &datagram(1, 2, 0x1111)), None);
        assert_eq!(observe(&mut watch, 2, &datagram(2, 1, right(2, 1))), None);
        let [note] = &watch.notes()[..] else { panic!("one note, not {:?}", watch.notes()) };
        assert_eq!((note.rule(), &note.evidence.frames[..]), (&OFFLOAD, &[1][..]));
    }

    #[test]
    fn one_wrong_packet_among_right_ones_is_broken() {
        let mut watch = ChecksumWatch::default();
        assert_eq!(observe(&mut watch, 1, &datagram(1, 2, right(1, 2))), None);
        let finding = observe(&mut watch, 2, &datagram(1, 2, 0x1111)).map(|finding| finding.checksum);
        assert_eq!(finding.map(|checksum| (checksum.found, checksum.expected)), Some((0x1111, right(1, 2))));
        assert_eq!(watch.notes().iter().map(Note::rule).collect::<Vec<_>>(), [&BAD]);
    }

    #[test]
    fn the_sum_of_the_pseudo_header_alone_is_proof_enough() {
        // 10.0.0.1 + 10.0.0.2 + 17 + 12, as an operating system leaves it.
        let partial = 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 17 + 12;
        let mut watch = ChecksumWatch::default();
        assert_eq!(observe(&mut watch, 1, &datagram(1, 2, partial)), None);
        assert!(matches!(watch.notes()[0].facts, Facts::Checksum(ChecksumFacts::Offload { received: 0, partial: 1, .. })));
    }

    /// What a system leaves for its card, the card fills in before any router passes it on: behind one nothing does any more.
    #[test]
    fn behind_a_router_nothing_is_filled_in_later() {
        let partial = 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 17 + 12;
        for (hop_limit, expected) in [(62, true), (64, false)] {
            let mut bytes = datagram(1, 2, partial);
            bytes[8] = hop_limit;
            bytes[10..12].copy_from_slice(&[0, 0]);
            let header = crate::dissect::checksum::verify(0, &bytes[..20], 10);
            bytes[10..12].copy_from_slice(&header.expected.to_be_bytes());
            let mut watch = ChecksumWatch::default();
            assert_eq!(observe(&mut watch, 1, &bytes), None);
            let [Note { facts: Facts::Checksum(ChecksumFacts::Offload { is_passed_on, .. }), .. }] = watch.notes()[..] else {
                panic!("one note, not {:?}", watch.notes())
            };
            assert_eq!(is_passed_on, expected);
        }
    }

    #[test]
    fn hosts_beyond_the_limit_are_judged_frame_by_frame() {
        let mut watch = ChecksumWatch::default();
        for host in 0..HOST_LIMIT as u32 {
            watch.place(Ipv4Addr::from(host).into());
        }
        assert!(observe(&mut watch, 1, &datagram(1, 2, 0x1111)).is_some());
        assert_eq!(observe(&mut watch, 2, &datagram(2, 1, right(2, 1))), None);
        assert!(matches!(watch.notes()[..], [Note { facts: Facts::Checksum(ChecksumFacts::HostsBeyondLimit { bad: 1, .. }), .. }]));
    }
}
