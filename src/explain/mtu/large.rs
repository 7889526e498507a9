//! Datagrams that are cut: by whom, and into what.

use super::{CUT, Cutter, MtuFacts};
use crate::dissect::Network;
use crate::explain::{Note, Notes, Scene};
use crate::limits::Limits;
use crate::reassembly::fragments::Outcome;
use std::net::IpAddr;

/// Packets that are smaller fit into every link of today.
const SMALL: u32 = 577;
/// What hosts begin with: packets with one of these in their time to live have passed no router.
const BEGINNINGS: [u8; 3] = [64, 128, 255];

/// Large packets that came by whole.
#[derive(Debug, Default)]
pub(super) struct Large {
    packets: Vec<Whole>,
    next: usize,
}

#[derive(Clone, Copy, Debug)]
struct Whole {
    source: IpAddr,
    destination: IpAddr,
    identification: u16,
    size: u32,
    frame: u64,
}

impl Large {
    /// Remembers a packet that a router may cut.
    pub(super) fn remember(&mut self, scene: &Scene<'_>, network: &Network, header: &[u8], size: u32) {
        let Some(&[high, low]) = header.get(4..6).and_then(|word| word.first_chunk()) else { return };
        if size < SMALL {
            return;
        }
        let identification = u16::from_be_bytes([high, low]);
        let own = Whole { source: network.source, destination: network.destination, identification, size, frame: scene.number() };
        if self.packets.len() < Limits::LARGE_PACKETS {
            self.packets.push(own);
        } else if let Some(place) = self.packets.get_mut(self.next % Limits::LARGE_PACKETS) {
            *place = own;
        }
        self.next += 1;
    }

    /// Tells how the datagram was cut that a fragment completes.
    pub(super) fn cut(&self, scene: &Scene<'_>, notes: &mut Notes) {
        let Some(fragment) = scene.packet.fragment.filter(|fragment| fragment.outcome == Outcome::Completes) else { return };
        let Some(whole) = fragment.whole.as_deref() else { return };
        let Some(network) = whole.dissection.networks.first() else { return };
        let is_ipv4 = network.source.is_ipv4();
        // With IPv6 each fragment has a header of 8 bytes more (RFC 8200 section 4.5).
        let header = whole.header_length + if is_ipv4 { 0 } else { 8 };
        let pieces: Vec<u64> = whole.piece_lengths().map(|length| (header + length) as u64).collect();
        let length = u32::try_from(whole.bytes.len()).unwrap_or(u32::MAX);
        let (source, destination) = (network.source, network.destination);
        let largest = pieces.iter().copied().max().unwrap_or_default();
        notes.say(&CUT, (source, destination, largest), || {
            let same = |packet: &&Whole| {
                (packet.source, packet.destination, packet.size) == (source, destination, length)
                    && u32::from(packet.identification) == fragment.part.identification
            };
            let middle = pieces.split_last().map(|(_, before)| before).unwrap_or_default();
            let cutter = if !is_ipv4 {
                Cutter::Sender
            } else if let Some(packet) = self.packets.iter().find(same) {
                Cutter::Router(packet.frame)
            } else if middle.windows(2).any(|pair| pair[0] != pair[1]) {
                Cutter::Again
            } else if BEGINNINGS.contains(&network.hop_limit) {
                Cutter::Sender
            } else {
                Cutter::Unknown
            };
            let mut frames = whole.frames.clone();
            if let Cutter::Router(frame) = cutter {
                frames.insert(0, frame);
            }
            let facts = MtuFacts::Cut { source, destination, length, pieces, cutter };
            let is_sure = matches!(cutter, Cutter::Router(_) | Cutter::Unknown) || !is_ipv4;
            let note = if is_sure { Note::seen(facts, &frames) } else { Note::inferred(facts, &frames) };
            scene.note(note)
        });
    }
}
