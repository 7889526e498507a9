//! Routers that put another address into packets (NAT), seen where a capture shows both sides of one.

use super::facts::{AddressFacts, TRANSLATED};
use crate::dissect::transport::tcp::{ACK, SYN};
use crate::dissect::{Network, Transport};
use crate::explain::{Note, Notes, Scene};
use crate::frame::Timestamp;
use std::net::{IpAddr, SocketAddr};

/// How many SYNs are remembered.
const KEPT: usize = 64;
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
    hop_limit: u8,
    frame: u64,
    time: Timestamp,
}

impl Openings {
    /// Whether a packet opens a connection.
    pub(super) fn is_opening(transport: &Transport) -> bool {
        transport.tcp.is_some_and(|tcp| tcp.flags & (SYN | ACK) == SYN)
    }

    /// Tells whether a packet that opens a connection was here a moment ago, on the other side of a router and from another address: the number that
    /// a SYN begins with is one of 2^32, chosen anew for each (RFC 6528).
    pub(super) fn look_at(&mut self, scene: &Scene<'_>, network: &Network, transport: &Transport, notes: &mut Notes) {
        let (Some(tcp), Some(time)) = (transport.tcp, scene.time()) else { return };
        let own = Opening {
            source: SocketAddr::new(network.source, transport.source_port),
            destination: SocketAddr::new(network.destination, transport.destination_port),
            sequence: tcp.sequence,
            hop_limit: network.hop_limit,
            frame: scene.number(),
            time,
        };
        let same = |other: &&Opening| {
            (other.sequence, other.destination) == (own.sequence, own.destination)
                && other.source.ip() != own.source.ip()
                && other.hop_limit > own.hop_limit
                && time.since(other.time) < SAME_SYN
        };
        if let Some(before) = self.recent.iter().find(same) {
            let facts = AddressFacts::Translated { host: before.source, outside: own.source, destination: own.destination };
            let key: (IpAddr, IpAddr) = (before.source.ip(), own.source.ip());
            notes.say(&TRANSLATED, key, || scene.note(Note::inferred(facts, &[before.frame, own.frame])));
        }
        if self.recent.len() < KEPT {
            self.recent.push(own);
        } else if let Some(place) = self.recent.get_mut(self.next % KEPT) {
            *place = own;
        }
        self.next += 1;
    }
}
