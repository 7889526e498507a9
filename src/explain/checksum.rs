//! Wrong checksums: is a packet broken, or does the sender's network card fill them in after the capture point?
//!
//! Which of the two is only certain at the end: every checksum that one host sends is wrong, and every one that it receives is right.
//! Until a frame speaks against that, a wrong checksum is held back from the frame's line; at the end a note names what it was.

use super::receipt::{Fate, Receipts, Whose};
use super::surroundings::is_initial;
use super::{Certainty, Fact, Note, Rule, Stated, Tell};
use crate::dissect::{Checksum, Dissection, Network, Status, View};
use crate::limits::Limits;
use crate::reassembly::fragments::{Outcome, Reassembled};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How many routers a packet passes at most, on any way that there is.
const FARTHEST: u8 = 30;
/// The bytes of the largest IP packet in an Ethernet frame.
const ETHERNET: usize = 1500;
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

/// Where the checksums that a system left to its card are filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    /// By the sender's network card, behind the point of capture.
    Later,
    /// Nowhere: routers had passed on all that the host sent.
    Never,
    /// By a card or nowhere: what comes to the host, or how far the host is, speaks against a card.
    InDoubt,
}

/// What a note on checksums states.
#[derive(Clone, Debug, PartialEq)]
pub enum ChecksumFacts {
    /// Every checksum that a host sent is wrong and every one that it received is right, or they hold what a system leaves to its card:
    /// where they are filled in.
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
        /// Where they are filled in.
        filled: Filled,
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
        /// How many are wrong.
        bad: u64,
        /// How many of those were taken.
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
            Self::Offload { host, protocol, sent, received, partial, right, filled } => {
                match filled {
                    Filled::Later => {}
                    Filled::Never => tell("passed_on", Fact::Flag(true)),
                    Filled::InDoubt => tell("in_doubt", Fact::Flag(true)),
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
            Self::Changed { host, protocol, bad, taken, verified } => {
                tell("host", Fact::Address(*host));
                tell("protocol", Fact::Word(protocol));
                tell("bad", Fact::Number(*bad));
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
    /// How many of the partial ones were sent like this: nothing can have joined them from packets whose checksums were right.
    unjoined: u64,
    received: u64,
    /// How many of those received are partial and were sent like this.
    received_unjoined: u64,
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

    /// Where checksums are filled in that all hold what a system leaves to its card; none where receiving may have made them so: who joins
    /// packets leaves the sum of the new one unfinished.
    fn filled(&self, kind: usize, wrong: &Wrong) -> Option<Filled> {
        let Right { sent: right_sent, received: right_received } = self.right[kind];
        let (all_passed, may_be_joined) = (wrong.passed_on == wrong.sent, wrong.unjoined == 0);
        match (all_passed, right_sent) {
            (true, 1..) => None,
            (true, 0) if may_be_joined => None,
            (true, 0) if right_received == 0 => Some(Filled::Never),
            (true, 0) => Some(Filled::InDoubt),
            (false, 1..) if may_be_joined => None,
            (false, _) if wrong.received_unjoined > 0 => Some(Filled::InDoubt),
            (false, _) => Some(Filled::Later),
        }
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

/// What a wrong checksum and its packet say of each other.
#[derive(Clone, Copy)]
struct Left {
    /// It holds what a system leaves to its card.
    is_partial: bool,
    /// A router had passed its packet on.
    is_passed_on: bool,
    /// Its packet may have been joined from several on its way in.
    is_joined: bool,
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
                    let packet = dissection.networks.get(usize::from(network));
                    let left = Left {
                        is_partial: is_left,
                        is_passed_on: packet.is_some_and(is_passed_on),
                        is_joined: may_be_joined(dissection, index, packet),
                    };
                    self.count_wrong(ends, kind, left, number)
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
    fn count_wrong(&mut self, ends: Ends, kind: usize, left: Left, number: u64) -> bool {
        let Left { is_partial: partial, is_passed_on, is_joined } = left;
        let unjoined = u64::from(partial && !is_joined);
        if let Some(receiver) = self.at(ends.destination) {
            let wrong = receiver.wrong(kind);
            wrong.received += 1;
            wrong.received_unjoined += unjoined;
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
        wrong.unjoined += unjoined;
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
        let place = u32::try_from(self.hosts.len()).ok().filter(|_| self.hosts.len() < Limits::CHECKSUM_HOSTS)?;
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
                // A card would have filled in what a router passed on.
                let by_direction = host.may_be_offload(kind) && right.received > 0 && wrong.passed_on < wrong.sent;
                let by_content = wrong.partial == wrong.sent;
                let filled = if by_content && *protocol != "ip" { host.filled(kind, wrong) } else { Some(Filled::Later) };
                let facts = if by_direction || by_content {
                    let Some(filled) = filled else { continue };
                    ChecksumFacts::Offload {
                        host: *address,
                        protocol,
                        sent: wrong.sent,
                        received: if by_direction { right.received.into() } else { 0 },
                        partial: wrong.partial,
                        right: right.sent.into(),
                        filled,
                    }
                } else {
                    let verified = wrong.sent + u64::from(right.sent);
                    if wrong.taken.count > 0 {
                        let (bad, taken) = (wrong.sent, wrong.taken.count);
                        let facts = ChecksumFacts::Changed { host: *address, protocol, bad, taken, verified };
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
            let facts = ChecksumFacts::HostsBeyondLimit { limit: Limits::CHECKSUM_HOSTS as u64, bad: self.uncounted };
            notes.push(Note::seen(facts, &[]));
        }
        notes
    }
}

/// Whether a router passed a packet on, as far as its hop limit tells: not one that goes to many, whose hop limit its sender sets low, nor
/// one from farther away than anybody is.
fn is_passed_on(packet: &Network) -> bool {
    const FIRST: [u8; 3] = [64, 128, 255];
    let goes_to_many = match packet.destination {
        IpAddr::V4(address) => address.is_multicast() || address.is_broadcast(),
        IpAddr::V6(address) => address.is_multicast(),
    };
    let is_far = FIRST.iter().any(|first| first.checked_sub(packet.hop_limit).is_some_and(|routers| (1..=FARTHEST).contains(&routers)));
    !goes_to_many && !is_initial(packet.hop_limit) && is_far
}

/// Whether a segment or datagram may be one that the receiving card or system joined from several: TCP's without payload never are, and UDP's
/// are larger than an Ethernet frame holds.
fn may_be_joined(dissection: &Dissection, index: usize, packet: Option<&Network>) -> bool {
    let Some(layer) = dissection.layers.get(index) else { return false };
    match layer.protocol.name {
        "tcp" => layer.wire_end > layer.payload_start(),
        _ => {
            let start = packet.and_then(|packet| dissection.layers.get(packet.layer)).map_or(layer.start, |packet| packet.start);
            layer.wire_end.saturating_sub(start) > ETHERNET
        }
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

    /// From behind a router nothing comes that a card has yet to fill in.
    #[test]
    fn what_a_router_passed_on_no_card_fills_in_later() {
        let from_afar = |number: u8| {
            let mut bytes = datagram(1, 2, 0x1111 + u16::from(number));
            bytes[8] = 55;
            bytes[10..12].copy_from_slice(&[0, 0]);
            let header = crate::dissect::checksum::verify(0, &bytes[..20], 10);
            bytes[10..12].copy_from_slice(&header.expected.to_be_bytes());
            bytes
        };
        let mut watch = ChecksumWatch::default();
        observe(&mut watch, 1, &from_afar(1));
        observe(&mut watch, 2, &from_afar(2));
        observe(&mut watch, 3, &datagram(2, 1, right(2, 1)));
        assert_eq!(watch.notes().iter().map(Note::rule).collect::<Vec<_>>(), [&BAD]);
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

    /// A datagram as [`datagram`] makes it whose sum is that of the addresses alone, with a hop limit and more payload, to `to`.
    fn left(to: [u8; 4], hop_limit: u8, more: u16) -> Vec<u8> {
        let mut bytes = datagram(1, 2, 0);
        bytes[8] = hop_limit;
        bytes[16..20].copy_from_slice(&to);
        bytes.extend(vec![0x55; usize::from(more)]);
        bytes[2..4].copy_from_slice(&(32 + more).to_be_bytes());
        bytes[24..26].copy_from_slice(&(12 + more).to_be_bytes());
        let words = [0x0a00, 0x0001, u16::from_be_bytes([to[0], to[1]]), u16::from_be_bytes([to[2], to[3]]), 17, 12 + more];
        let sum: u32 = words.into_iter().map(u32::from).sum();
        bytes[26..28].copy_from_slice(&((sum & 0xffff) as u16 + (sum >> 16) as u16).to_be_bytes());
        bytes[10..12].copy_from_slice(&[0, 0]);
        let header = crate::dissect::checksum::verify(0, &bytes[..20], 10);
        bytes[10..12].copy_from_slice(&header.expected.to_be_bytes());
        bytes
    }

    fn filled(frames: &[Vec<u8>]) -> Vec<Filled> {
        let mut watch = ChecksumWatch::default();
        for (number, bytes) in (1..).zip(frames) {
            assert_eq!(observe(&mut watch, number, bytes), None);
        }
        let filled = |note: &Note| match note.facts {
            Facts::Checksum(ChecksumFacts::Offload { filled, .. }) => filled,
            _ => panic!("not {note:?}"),
        };
        watch.notes().iter().map(filled).collect()
    }

    const OTHER: [u8; 4] = [10, 0, 0, 2];

    /// What a system leaves for its card, the card fills in before any router passes it on: behind one nothing does any more. 63 routers
    /// between two hosts are none, and what goes to many has the hop limit that its sender likes.
    #[test]
    fn behind_a_router_nothing_is_filled_in_later() {
        assert_eq!(filled(&[left(OTHER, 62, 0)]), [Filled::Never]);
        for (to, hop_limit) in [(OTHER, 64), (OTHER, 65), (OTHER, 20), ([239, 255, 255, 250], 4), ([239, 255, 255, 250], 62)] {
            assert_eq!(filled(&[left(to, hop_limit, 0)]), [Filled::Later], "{to:?} {hop_limit}");
        }
    }

    /// Who joins packets leaves the sum of the new one unfinished: nothing follows for what was sent.
    #[test]
    fn what_was_joined_on_its_way_in_says_nothing_of_its_sender() {
        assert_eq!(filled(&[left(OTHER, 52, 4000)]), []);
        assert_eq!(filled(&[left(OTHER, 52, 4000), datagram(1, 2, right(1, 2))]), []);
        assert_eq!(filled(&[left(OTHER, 64, 4000), datagram(1, 2, right(1, 2))]), []);
        assert_eq!(filled(&[left(OTHER, 52, 0), datagram(1, 2, right(1, 2))]), []);
        assert_eq!(filled(&[left(OTHER, 64, 4000)]), [Filled::Later]);
        assert_eq!(filled(&[left(OTHER, 52, 4000), left(OTHER, 52, 0)]), [Filled::Never]);
    }

    #[test]
    fn where_both_ends_leave_their_sums_no_card_is_known_to_fill_them_in() {
        let other = datagram(2, 1, 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 17 + 12);
        assert_eq!(filled(&[left(OTHER, 64, 0), other]), [Filled::InDoubt, Filled::InDoubt]);
        assert_eq!(filled(&[left(OTHER, 62, 0), datagram(2, 1, right(2, 1))]), [Filled::InDoubt]);
    }

    #[test]
    fn hosts_beyond_the_limit_are_judged_frame_by_frame() {
        let mut watch = ChecksumWatch::default();
        for host in 0..Limits::CHECKSUM_HOSTS as u32 {
            watch.place(Ipv4Addr::from(host).into());
        }
        assert!(observe(&mut watch, 1, &datagram(1, 2, 0x1111)).is_some());
        assert_eq!(observe(&mut watch, 2, &datagram(2, 1, right(2, 1))), None);
        assert!(matches!(watch.notes()[..], [Note { facts: Facts::Checksum(ChecksumFacts::HostsBeyondLimit { bad: 1, .. }), .. }]));
    }
}
