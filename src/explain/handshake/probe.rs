//! Calls of which the answer was all that was wanted: it is reset, and no connection is made.

use super::{HandshakeFacts, socket};
use crate::conversation::{Belongs, Conversation, Side};
use crate::explain::room::NoRoom;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

/// How many frames are named of a pair.
const NAMED: usize = 6;

/// Calls whose answers were reset, by who called whom.
#[derive(Debug, Default)]
pub(super) struct Probes {
    of: HashMap<(IpAddr, SocketAddr), (u64, Vec<u64>), RandomState>,
    forgotten: NoRoom,
}

/// Whether who called resets the answer at once: it has acknowledged nothing before, and no connection was made.
pub(super) fn is_probe(conversation: &Conversation, belongs: &Belongs) -> bool {
    belongs.from == Side::Originator
        && conversation.beginning_was_seen()
        && conversation.sent[1].frames > 0
        && (conversation.handshake().is_none() || conversation.sent[0].frames == 2)
        && conversation.sent.iter().all(|sent| sent.payload == 0)
}

/// Whether a scan or a flood has a probe as one of its parts.
pub(super) fn is_part_of(probed: &HandshakeFacts, whole: &HandshakeFacts) -> bool {
    let HandshakeFacts::Probed { client: caller, server: called, .. } = probed else { return false };
    if let HandshakeFacts::PortScan { client, server, is_udp: false, .. } = whole {
        client == caller && *server == called.ip()
    } else if let HandshakeFacts::HostScan { client, network, port, .. } = whole {
        client == caller && *port == called.port() && network.contains(&called.ip())
    } else if let HandshakeFacts::SynFlood { server, .. } = whole {
        server == called
    } else {
        false
    }
}

impl Probes {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// An answer was reset.
    pub(super) fn reset(&mut self, conversation: &Conversation, frame: u64) {
        let key = (conversation.end(Side::Originator).address, socket(conversation.end(Side::Responder)));
        if !self.forgotten.room(self.of.len() < Limits::PROBED_PAIRS || self.of.contains_key(&key)) {
            return;
        }
        let (times, frames) = self.of.entry(key).or_default();
        *times += 1;
        if frames.len() < NAMED {
            frames.push(frame);
        }
    }

    /// What is stated of them, by their first frames, with these and how many there are.
    pub(super) fn shown(&mut self) -> Vec<(HandshakeFacts, Vec<u64>, u64)> {
        let probes = self.of.drain();
        let mut shown: Vec<_> =
            probes.map(|((client, server), (times, frames))| (HandshakeFacts::Probed { client, server, times }, frames, times)).collect();
        shown.sort_by_key(|(_, frames, _)| frames.first().copied());
        shown
    }
}
