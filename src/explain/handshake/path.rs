//! How far away hosts are by the time to live of what they send: whether a reset came another way.

use super::facts::{HandshakeFacts, RESET_BETWEEN};
use crate::explain::{Note, Notes, Scene};
use foldhash::fast::RandomState;
use std::hash::BuildHasher;
use std::net::IpAddr;

/// How many hosts are remembered; one that is overwritten is only a finding less.
const HOSTS: usize = 1024;

/// The time to live of what hosts sent last, by their addresses.
#[derive(Debug, Default)]
pub(super) struct Distances {
    hasher: RandomState,
    hosts: Vec<Option<(IpAddr, u8, u64)>>,
}

impl Distances {
    /// Learns from a frame that is no reset.
    pub(super) fn learn(&mut self, scene: &Scene<'_>) {
        let Some(network) = scene.whole().1.network() else { return };
        if self.hosts.is_empty() {
            self.hosts.resize(HOSTS, None);
        }
        let place = self.hasher.hash_one(network.source) as usize % HOSTS;
        self.hosts[place] = Some((network.source, network.hop_limit, scene.number()));
    }

    /// Says where a reset has fewer routers behind it than other packets of the host in whose name it comes.
    pub(super) fn compare(&self, scene: &Scene<'_>, notes: &mut Notes) {
        let Some(network) = scene.whole().1.network() else { return };
        let place = self.hasher.hash_one(network.source) as usize % HOSTS;
        let Some((host, usual, frame)) = self.hosts.get(place).copied().flatten() else { return };
        let hop_limit = network.hop_limit;
        // Hosts begin with 64, 128 or 255: what differs by a few did not begin with another value.
        let begins_alike = [64, 128, 255].map(|first| usual <= first) == [64, 128, 255].map(|first| hop_limit <= first);
        if host != network.source || !begins_alike || hop_limit < usual.saturating_add(2) {
            return;
        }
        let facts = HandshakeFacts::Between { sender: host, hop_limit, usual };
        notes.say(&RESET_BETWEEN, (host, hop_limit), || scene.note(Note::inferred(facts, &[frame, scene.number()])));
    }
}
