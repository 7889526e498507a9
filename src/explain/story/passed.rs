//! Echoes that come by more than once: at both sides of a router, or in a circle. They are one packet, and are counted once.

use crate::dissect::{Dissection, Network};
use crate::explain::Scene;
use crate::frame::Timestamp;

/// How many packets of one ping are remembered.
const REMEMBERED: usize = 64;
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
    time: Option<Timestamp>,
}

impl Packet {
    /// Whether a packet is this one again, later on its way.
    fn is(&self, other: &Self) -> bool {
        let key = |packet: &Self| (packet.is_answer, packet.sequence, packet.identification);
        let Some(since) = other.time.zip(self.time).map(|(now, then)| now.since(then)).filter(|since| (0..LONGEST).contains(since)) else {
            return false;
        };
        let is_copy = other.hop_limit == self.hop_limit
            && (other.interface != self.interface || self.identification.is_some_and(|number| number != 0) && since < AT_ONCE);
        key(self) == key(other) && (other.hop_limit < self.hop_limit || is_copy)
    }
}

impl Passed {
    /// Takes an echo. Whether it came by before.
    pub(super) fn again(&mut self, scene: &Scene<'_>, bytes: &[u8], dissection: &Dissection, (is_answer, sequence): (bool, u16)) -> bool {
        let Some(network) = dissection.network() else { return false };
        let identification = identification(bytes, dissection, network);
        let (time, interface) = (scene.time(), scene.packet.frame.interface.0);
        let packet = Packet { is_answer, sequence, identification, hop_limit: network.hop_limit, interface, time };
        if let Some(known) = self.packets.iter_mut().rev().find(|known| known.is(&packet)) {
            *known = packet;
            return true;
        }
        if self.packets.len() >= REMEMBERED {
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
