//! Conversations for tests, without frames.

use super::record::Moment;
use super::{Conversation, Endpoint, Kind};
use std::net::IpAddr;

/// A conversation of 192.168.1.11:40000 with a port of 10.130.1.4, of which nothing else is known.
pub(crate) fn conversation(kind: Kind, port: u16) -> Conversation {
    let end = |address: [u8; 4], port| Endpoint { address: IpAddr::from(address), port };
    Conversation {
        id: 0,
        kind,
        ends: [end([192, 168, 1, 11], 40000), end([10, 130, 1, 4], port)],
        sent: Default::default(),
        first_frame: 1,
        first: Moment::UNKNOWN,
        last: Moment::UNKNOWN,
        handshake: [u32::MAX; 2],
        marks: 0,
        hop_limits: [0; 2],
        incidents: None,
    }
}
