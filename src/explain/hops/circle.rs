//! Routing loops: one packet that passes one link again and again, each time with less to live.

use super::{HopsFacts, LOOP};
use crate::conversation::Belongs;
use crate::dissect::Network;
use crate::explain::room::NoRoom;
use crate::explain::{Note, Notes, Scene};
use crate::frame::LinkType;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::BuildHasher;

/// How many bytes behind the IP header tell a packet from others.
const TELLING: usize = 40;
/// How often a packet passes a link in one direction until it goes in a circle. Two may be a router with one cable, where it comes and goes.
const OFTEN: usize = 3;
/// The same where the link does not tell directions apart.
const OFTEN_WITHOUT_DIRECTION: usize = 6;

/// Packets that came again with less to live.
#[derive(Debug, Default)]
pub(super) struct Circles {
    packets: HashMap<(u64, u64), Passed, RandomState>,
    forgotten: NoRoom,
}

/// One packet on one link in one direction: how often it came, with what to live, and in which frames.
#[derive(Debug, Default)]
struct Passed {
    count: usize,
    hop_limits: [u8; OFTEN_WITHOUT_DIRECTION],
    frames: [u64; OFTEN_WITHOUT_DIRECTION],
}

impl Circles {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// Takes a packet that has less to live than the one before it.
    pub(super) fn pass(&mut self, scene: &Scene<'_>, belongs: &Belongs, network: &Network, notes: &mut Notes) {
        let (bytes, dissection) = scene.own();
        let Some(layer) = dissection.layers.get(network.layer) else { return };
        let Some(behind) = bytes.get(layer.payload_start()..layer.end) else { return };
        let identification = if network.source.is_ipv4() { bytes.get(layer.start + 4..layer.start + 6) } else { None };
        let told = behind.get(..TELLING).unwrap_or(behind);
        let hasher = self.packets.hasher();
        let packet = hasher.hash_one((belongs.conversation, belongs.from, identification, told, behind.len()));
        let has_direction = scene.packet.frame.link_type == LinkType::ETHERNET;
        let addresses = if has_direction { bytes.get(..12) } else { None };
        let link = hasher.hash_one((scene.packet.frame.interface, addresses));
        if self.packets.len() >= Limits::CIRCLING_PACKETS {
            self.forgotten.put_away(self.packets.len());
            self.packets.clear();
        }
        let passed = self.packets.entry((packet, link)).or_default();
        let hop_limit = network.hop_limit;
        let last = passed.count.checked_sub(1).and_then(|last| passed.hop_limits.get(last)).copied();
        // Back at the same two cards each of the two has taken 1 off; what has 1 less was sent anew, as traceroute does.
        let least = if has_direction { 2 } else { 1 };
        if last.is_some_and(|last| last < hop_limit.saturating_add(least)) {
            *passed = Passed::default();
        }
        let often = if has_direction { OFTEN } else { OFTEN_WITHOUT_DIRECTION };
        if let (Some(own), Some(frame)) = (passed.hop_limits.get_mut(passed.count), passed.frames.get_mut(passed.count))
            && passed.count < often
        {
            (*own, *frame) = (hop_limit, scene.number());
            passed.count += 1;
            if passed.count == often {
                notes.say(&LOOP, (network.source, network.destination), || {
                    let hop_limits = passed.hop_limits.iter().take(often).map(|hop_limit| u64::from(*hop_limit)).collect();
                    let (source, destination) = (network.source, network.destination);
                    // What is in a tunnel has come from farther away than these two.
                    let cards = addresses.filter(|_| dissection.networks.len() == 1).and_then(cards);
                    let facts = HopsFacts::Loop { source, destination, hop_limits, cards };
                    scene.note(Note::seen(facts, passed.frames.get(..often).unwrap_or_default()))
                });
            }
        }
    }
}

/// The card that sent a frame and the one that it is for, where that is one.
fn cards(header: &[u8]) -> Option<[[u8; 6]; 2]> {
    let (to, from) = (header.first_chunk::<6>()?, header.last_chunk::<6>()?);
    (to[0] & 1 == 0 && to != from).then_some([*from, *to])
}
