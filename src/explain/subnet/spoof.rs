//! Cards that claim the address of a gateway: ARP spoofing.
//!
//! That an address goes to another card is no proof: machines are replaced, and clusters hand their address on. Then the new owner has no
//! question about it. Whoever only pretends still has to reach the real owner, and asks for it.

use super::SubnetFacts;
use crate::explain::room::NoRoom;
use crate::explain::surroundings::{LinkId, Surroundings, is_shared_by_routers};
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// How long after a claim a question belongs to it, in nanoseconds.
const LASTS: i64 = 300_000_000_000;

/// Who claimed which address last.
#[derive(Debug, Default)]
pub(super) struct Spoofs {
    claims: HashMap<(LinkId, IpAddr), Claim, RandomState>,
    forgotten: NoRoom,
}

#[derive(Clone, Copy, Debug)]
struct Claim {
    card: [u8; 6],
    frame: u64,
    /// When, in nanoseconds.
    when: i64,
}

impl Spoofs {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// A card says that it has an address.
    pub(super) fn claimed(&mut self, (link, address, card): (LinkId, IpAddr, [u8; 6]), (frame, when): (u64, i64)) {
        if self.forgotten.room(self.claims.len() < Limits::SPOOFS_WATCHED || self.claims.contains_key(&(link, address))) {
            self.claims.insert((link, address), Claim { card, frame, when });
        }
    }

    /// A card asks under its own address for another: whether that is one that it claimed, and a gateway's. Gives what is stated,
    /// and the frames that prove it.
    pub(super) fn asked(
        &self,
        (link, target, card): (LinkId, IpAddr, [u8; 6]),
        own: IpAddr,
        (frame, now): (u64, i64),
        known: &Surroundings,
    ) -> Option<(SubnetFacts, [u64; 2])> {
        let claim = self.claims.get(&(link, target)).filter(|claim| claim.card == card && now - claim.when <= LASTS)?;
        if own == target || is_shared_by_routers(card) {
            return None;
        }
        // There is a router that it stands in for: of that address, or of none that is known, where packets are handed to the claimer now.
        let is_handed = known.gateway_by_card(link, card).is_some();
        let others = known.gateways().iter().filter(|other| other.link == link && other.card.is_some_and(|other| other != card));
        let stands_in = others.map(|other| other.address).any(|address| address.map_or(is_handed, |address| address == target));
        stands_in.then_some((SubnetFacts::Spoofed { card, address: target, own }, [claim.frame, frame]))
    }
}
