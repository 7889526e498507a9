//! Wrong checksums: is a packet broken, or does the sender's network card fill them in after the capture point?
//!
//! Which of the two is only certain at the end: every checksum that one host sends is wrong, and every one that it receives is right.
//! Until a frame speaks against that, a wrong checksum is held back from the frame's line; at the end a note names what it was.

use super::{Facts, Note};
use crate::dissect::{Checksum, Dissection, Protocol, Status, View};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// How many hosts are counted; those met later are judged frame by frame.
const HOST_LIMIT: usize = 65_536;
/// How many frames a note names as its proof.
const EVIDENCE: usize = 3;

/// The protocols that are counted apart: a card may fill in one and not the other.
const COUNTED: [&str; 6] = ["ip", "tcp", "udp", "icmp", "icmpv6", "igmp"];

/// A wrong checksum that nothing excuses so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The layer's protocol, as a line calls it.
    pub label: &'static str,
    /// What stands in the packet, and what would be right.
    pub checksum: Checksum,
}

#[derive(Clone, Copy, Default)]
struct Count {
    sent_good: u64,
    sent_bad: u64,
    sent_partial: u64,
    received_good: u64,
    received_bad: u64,
    first_bad: [u64; EVIDENCE],
}

impl Count {
    /// Whether everything so far agrees with a card that fills the checksums in.
    fn may_be_offload(&self) -> bool {
        self.sent_good == 0 && self.received_bad == 0
    }
}

type Counts = [Count; COUNTED.len()];

/// Counts right and wrong checksums by host and protocol. Its memory grows with the hosts alone, to a limit.
#[derive(Default)]
pub struct ChecksumWatch {
    places: HashMap<IpAddr, usize, RandomState>,
    hosts: Vec<(IpAddr, Counts)>,
}

impl ChecksumWatch {
    /// Verifies a frame's checksums and counts them. Returns the first that is wrong and that offload does not explain.
    pub fn observe(&mut self, frame: &[u8], number: u64, dissection: &Dissection) -> Option<Finding> {
        let mut finding = None;
        for (index, layer) in dissection.layers.iter().enumerate() {
            let (Some(verify), false) = (layer.protocol.verify, layer.quoted) else { continue };
            let view = View { frame, dissection, index };
            let checksum = verify(&view);
            let bad = match checksum.status {
                Status::Good => false,
                Status::Bad => true,
                Status::Unverified | Status::NotPresent | Status::Illegal => continue,
            };
            let Some(network) = view.network() else { continue };
            let excused = self.count(network.source, network.destination, layer.protocol, &checksum, bad, number);
            if bad && !excused && finding.is_none() {
                finding = Some(Finding { label: layer.protocol.label, checksum });
            }
        }
        finding
    }

    fn count(&mut self, source: IpAddr, destination: IpAddr, protocol: &Protocol, checksum: &Checksum, bad: bool, number: u64) -> bool {
        let Some(kind) = COUNTED.iter().position(|name| *name == protocol.name) else { return false };
        if let Some(received) = self.host(destination).map(|counts| &mut counts[kind]) {
            received.received_bad += u64::from(bad);
            received.received_good += u64::from(!bad);
        }
        let Some(sent) = self.host(source).map(|counts| &mut counts[kind]) else { return checksum.partial };
        if bad {
            if let Some(place) = sent.first_bad.iter_mut().find(|frame| **frame == 0) {
                *place = number;
            }
            sent.sent_bad += 1;
            sent.sent_partial += u64::from(checksum.partial);
        } else {
            sent.sent_good += 1;
        }
        checksum.partial || sent.may_be_offload()
    }

    fn host(&mut self, address: IpAddr) -> Option<&mut Counts> {
        let place = match self.places.get(&address) {
            Some(place) => *place,
            None if self.hosts.len() >= HOST_LIMIT => return None,
            None => {
                self.places.insert(address, self.hosts.len());
                self.hosts.push((address, Counts::default()));
                self.hosts.len() - 1
            }
        };
        self.hosts.get_mut(place).map(|(_, counts)| counts)
    }

    /// What the whole capture says, in the order in which the hosts appeared.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        for (host, counts) in &self.hosts {
            for (protocol, count) in COUNTED.iter().zip(counts).filter(|(_, count)| count.sent_bad > 0) {
                let by_direction = count.may_be_offload() && count.received_good > 0;
                let by_content = count.sent_good == 0 && count.sent_partial == count.sent_bad;
                let facts = if by_direction || by_content {
                    Facts::ChecksumOffload {
                        host: *host,
                        protocol,
                        sent: count.sent_bad,
                        received: if by_direction { count.received_good } else { 0 },
                        partial: count.sent_partial,
                    }
                } else {
                    Facts::ChecksumBad { host: *host, protocol, bad: count.sent_bad, verified: count.sent_bad + count.sent_good }
                };
                notes.push(Note { facts, evidence: count.first_bad.iter().copied().filter(|frame| *frame != 0).collect() });
            }
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::dissect_bytes;
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
        assert_eq!((note.rule(), &note.evidence[..]), ("capture.checksum-offload", &[1][..]));
    }

    #[test]
    fn one_wrong_packet_among_right_ones_is_broken() {
        let mut watch = ChecksumWatch::default();
        assert_eq!(observe(&mut watch, 1, &datagram(1, 2, right(1, 2))), None);
        let finding = observe(&mut watch, 2, &datagram(1, 2, 0x1111)).map(|finding| finding.checksum);
        assert_eq!(finding.map(|checksum| (checksum.found, checksum.expected)), Some((0x1111, right(1, 2))));
        assert_eq!(watch.notes().iter().map(Note::rule).collect::<Vec<_>>(), ["capture.checksum-bad"]);
    }

    #[test]
    fn the_sum_of_the_pseudo_header_alone_is_proof_enough() {
        // 10.0.0.1 + 10.0.0.2 + 17 + 12, as an operating system leaves it.
        let partial = 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 17 + 12;
        let mut watch = ChecksumWatch::default();
        assert_eq!(observe(&mut watch, 1, &datagram(1, 2, partial)), None);
        assert!(matches!(watch.notes()[0].facts, Facts::ChecksumOffload { received: 0, partial: 1, .. }));
    }
}
