//! Calls that trace a way: a host calls another with several small times to live, as traceroute does.

use crate::conversation::{Conversation, Side};
use crate::explain::icmp::PROBE_HOP_LIMIT;
use crate::explain::room::NoRoom;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// Who traces the way to whom.
#[derive(Debug, Default)]
pub(super) struct Traced {
    /// By caller and host: the first small time to live, and whether another came behind it.
    calls: HashMap<[IpAddr; 2], (u8, bool), RandomState>,
    forgotten: NoRoom,
}

impl Traced {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// A host calls another.
    pub(super) fn call(&mut self, conversation: &Conversation, from: Side) {
        let Some(hop_limit) = conversation.hop_limit(from).filter(|limit| *limit < PROBE_HOP_LIMIT) else { return };
        let ends = [from, from.other()].map(|side| conversation.end(side).address);
        if self.forgotten.room(self.calls.len() < Limits::TRACED_CALLS || self.calls.contains_key(&ends)) {
            let (first, is_traced) = self.calls.entry(ends).or_insert((hop_limit, false));
            *is_traced |= *first != hop_limit;
        }
    }

    /// Whether a conversation's call is one of those: one small time to live alone is no trace, as routers speak to their neighbours with 1
    /// (RFC 4271, RFC 5082).
    pub(super) fn has(&self, conversation: &Conversation) -> bool {
        let is_small = conversation.hop_limit(Side::Originator).is_some_and(|limit| limit < PROBE_HOP_LIMIT);
        let ends = Side::BOTH.map(|side| conversation.end(side).address);
        is_small && self.calls.get(&ends).is_some_and(|(_, is_traced)| *is_traced)
    }
}
