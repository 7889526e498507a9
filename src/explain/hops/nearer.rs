//! Who answers TCP in the name of a host that is farther away: a proxy that takes connections over.

use super::{HopsFacts, beginning};
use crate::explain::room::NoRoom;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// An answer that came from an address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    pub(super) hop_limit: u8,
    pub(super) frame: u64,
    /// The card that brought it: of another, the way is another.
    pub(super) card: [u8; 6],
}

/// The first answer of each host to a ping, and to a SYN.
#[derive(Debug, Default)]
pub(super) struct Answers {
    of: HashMap<IpAddr, [Option<Answer>; 2], RandomState>,
    forgotten: NoRoom,
}

impl Answers {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// A host that is not on the link itself answers. What is stated where it answers pings from behind routers, and TCP from before all of them.
    pub(super) fn take(&mut self, host: IpAddr, is_tcp: bool, answer: Answer) -> Option<(HopsFacts, [u64; 2])> {
        if !self.forgotten.room(self.of.len() < Limits::HOPS_KEPT || self.of.contains_key(&host)) {
            return None;
        }
        let known = self.of.entry(host).or_default();
        known[usize::from(is_tcp)].get_or_insert(answer);
        let [Some(ping), Some(tcp)] = *known else { return None };
        let ((begun, routers), (other_begun, others)) = (beginning(ping.hop_limit)?, beginning(tcp.hop_limit)?);
        let is_nearer = begun == other_begun && others == 0 && routers > 0 && ping.card == tcp.card;
        let facts = HopsFacts::AnsweredNearer { host, hop_limit: tcp.hop_limit, others: ping.hop_limit, routers };
        is_nearer.then(|| (facts, [ping.frame.min(tcp.frame), ping.frame.max(tcp.frame)]))
    }
}
