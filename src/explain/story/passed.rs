//! Echoes that come by more than once: at both sides of a router, or in a circle. They are one packet, and are counted once.

use crate::dissect::{Dissection, Network};
use crate::explain::Scene;
use crate::frame::Timestamp;
use crate::limits::Limits;

/// How long a packet may be on its way to be the same, in nanoseconds.
const LONGEST: i64 = 2_000_000_000;
/// How soon the same comes again where nothing but the time differs, in nanoseconds: no program sends the same so soon.
const AT_ONCE: i64 = 100_000_000;

/// The last packets of a ping.
#[derive(Debug, Default)]
pub(super) struct Passed {
    packets: Vec<Packet>,
}

#[derive(Clone, Copy, Debug)]
struct Packet {
    is_answer: bool,
    sequence: u16,
    /// The identification of its IPv4 header.
    identification: Option<u16>,
    hop_limit: u8,
    interface: u32,
    /// From which card to which, where the link says so.
    cards: Option<[u8; 12]>,
    time: Option<Timestamp>,
}

impl Packet {
    /// Whether a packet is this one again, later on its way.
    fn is(&self, other: &Self) -> bool {
        let Some(since) = other.time.zip(self.time).map(|(now, then)| now.since(then)).filter(|since| (0..LONGEST).contains(since)) else {
            return false;
        };
        let is_copy = other.hop_limit == self.hop_limit
            && (other.interface != self.interface || self.identification.is_some_and(|number| number != 0) && since < AT_ONCE);
        self.key() == other.key() && (other.hop_limit < self.hop_limit || is_copy)
    }

    fn key(&self) -> (bool, u16, Option<u16>) {
        (self.is_answer, self.sequence, self.identification)
    }

    /// Whether the other, on the same way, was sent anew, as who traces a way does: back between the same two cards a packet has 2 less, as each of the two has
    /// taken 1 off.
    fn was_sent_anew(&self, other: &Self) -> Option<bool> {
        let is_same_way = self.cards.is_some() && (self.cards, self.interface) == (other.cards, other.interface);
        (is_same_way && self.key() == other.key()).then(|| self.hop_limit == other.hop_limit.saturating_add(1))
    }
}

impl Passed {
    /// Takes an echo. Whether it came by before.
    pub(super) fn again(&mut self, scene: &Scene<'_>, bytes: &[u8], dissection: &Dissection, (is_answer, sequence): (bool, u16)) -> bool {
        let Some(network) = dissection.network() else { return false };
        let identification = identification(bytes, dissection, network);
        let (time, interface) = (scene.time(), scene.packet.frame.interface.0);
        let is_ethernet = dissection.layers.first().is_some_and(|layer| layer.protocol.name == "eth");
        let cards = bytes.first_chunk().copied().filter(|_| is_ethernet);
        let packet = Packet { is_answer, sequence, identification, hop_limit: network.hop_limit, interface, cards, time };
        let is_anew = self.packets.iter().rev().find_map(|known| known.was_sent_anew(&packet)).unwrap_or(false);
        if let Some(known) = self.packets.iter_mut().rev().find(|known| !is_anew && known.is(&packet)) {
            *known = packet;
            return true;
        }
        if self.packets.len() >= Limits::STORY_PASSED {
            self.packets.remove(0);
        }
        self.packets.push(packet);
        false
    }
}

fn identification(bytes: &[u8], dissection: &Dissection, network: &Network) -> Option<u16> {
    let start = dissection.layers.get(network.layer).filter(|_| network.source.is_ipv4())?.start;
    bytes.get(start + 4..)?.first_chunk().copied().map(u16::from_be_bytes)
}
