//! Connections of which ICMP reported that something is wrong: what lies behind that is told where ICMP is.

use super::Scene;
use crate::explain::room::NoRoom;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashSet;
use std::net::SocketAddr;

/// The ports and addresses of segments that ICMP messages quoted.
#[derive(Debug, Default)]
pub(super) struct Reported {
    connections: HashSet<(SocketAddr, SocketAddr), RandomState>,
    forgotten: NoRoom,
}

impl Reported {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// Remembers the segment that an ICMP message quotes.
    pub(super) fn observe(&mut self, scene: &Scene<'_>) {
        let dissection = scene.whole().1;
        let Some(quoted) = dissection.transports.iter().find(|transport| transport.quoted) else { return };
        let Some(network) = dissection.networks.iter().find(|network| network.quoted) else { return };
        let source = SocketAddr::new(network.source, quoted.source_port);
        let connection = (source, SocketAddr::new(network.destination, quoted.destination_port));
        if self.forgotten.room(self.connections.len() < Limits::REPORTED_CONNECTIONS || self.connections.contains(&connection)) {
            self.connections.insert(connection);
        }
    }

    /// Whether something was reported of what one sent to the other.
    pub(super) fn contains(&self, source: SocketAddr, destination: SocketAddr) -> bool {
        !self.connections.is_empty() && self.connections.contains(&(source, destination))
    }
}
