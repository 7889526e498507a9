//! Routers that put another address into packets (NAT), seen where a capture shows both sides of one.

use super::facts::{AddressFacts, TRANSLATED};
use crate::dissect::transport::tcp::{ACK, RST, SYN};
use crate::dissect::{Network, Transport};
use crate::explain::{Note, Notes, Scene};
use crate::frame::Timestamp;
use crate::limits::Limits;
use std::net::{IpAddr, SocketAddr};

/// How long a SYN may take from one side of a router to the other, in nanoseconds: less than until it is sent again.
const SAME_SYN: i64 = 100_000_000;

/// The SYNs of a moment ago.
#[derive(Debug, Default)]
pub(super) struct Openings {
    recent: Vec<Opening>,
    next: usize,
}

#[derive(Clone, Copy, Debug)]
struct Opening {
    source: SocketAddr,
    destination: SocketAddr,
    sequence: u32,
    /// What it acknowledges, where it does not open the connection.
    acknowledgement: Option<u32>,
    hop_limit: u8,
    frame: u64,
    time: Timestamp,
}

impl Openings {
    /// Whether a packet opens a connection, or is the first of one that was opened before.
    pub(super) fn is_opening(scene: &Scene<'_>, transport: &Transport) -> bool {
        let is_first = || scene.conversation().is_some_and(|known| known.sent.iter().map(|sent| sent.frames).sum::<u32>() == 1);
        transport.tcp.is_some_and(|tcp| tcp.flags & (SYN | ACK) == SYN || tcp.flags & (SYN | ACK | RST) == ACK && is_first())
    }

    /// Tells whether a packet that opens a connection was here a moment ago, on the other side of a router and from another address: the number that
    /// a SYN begins with is one of 2^32, chosen anew for each (RFC 6528).
    pub(super) fn look_at(&mut self, scene: &Scene<'_>, network: &Network, transport: &Transport, notes: &mut Notes) {
        let (Some(tcp), Some(time)) = (transport.tcp, scene.time()) else { return };
        let own = Opening {
            source: SocketAddr::new(network.source, transport.source_port),
            destination: SocketAddr::new(network.destination, transport.destination_port),
            sequence: tcp.sequence,
            acknowledgement: (tcp.flags & ACK != 0).then_some(tcp.acknowledgement),
            hop_limit: network.hop_limit,
            frame: scene.number(),
            time,
        };
        let same = |other: &&Opening| {
            // Of one that goes on both numbers are the same, and the port that was chosen.
            let is_same_end = other.source.port() == own.source.port() || own.acknowledgement.is_none();
            (other.sequence, other.acknowledgement, other.destination) == (own.sequence, own.acknowledgement, own.destination)
                && is_same_end
                && other.source.ip() != own.source.ip()
                && other.hop_limit > own.hop_limit
                && time.since(other.time) < SAME_SYN
        };
        if let Some(before) = self.recent.iter().find(same) {
            let facts = AddressFacts::Translated { host: before.source, outside: own.source, destination: own.destination };
            let key: (IpAddr, IpAddr) = (before.source.ip(), own.source.ip());
            notes.say(&TRANSLATED, key, || scene.note(Note::inferred(facts, &[before.frame, own.frame])));
        }
        // What comes back is for the outside address first.
        let answered = |other: &&Opening| {
            own.acknowledgement.is_some()
                && (other.sequence, other.acknowledgement, other.source) == (own.sequence, own.acknowledgement, own.source)
                && other.destination.port() == own.destination.port()
                && other.destination.ip() != own.destination.ip()
                && other.hop_limit > own.hop_limit
                && time.since(other.time) < SAME_SYN
        };
        if let Some(before) = self.recent.iter().find(answered) {
            let facts = AddressFacts::Translated { host: own.destination, outside: before.destination, destination: own.source };
            let key: (IpAddr, IpAddr) = (own.destination.ip(), before.destination.ip());
            notes.say(&TRANSLATED, key, || scene.note(Note::inferred(facts, &[before.frame, own.frame])));
        }
        if self.recent.len() < Limits::TRANSLATED_OPENINGS {
            self.recent.push(own);
        } else if let Some(place) = self.recent.get_mut(self.next % Limits::TRANSLATED_OPENINGS) {
            *place = own;
        }
        self.next += 1;
    }
}
