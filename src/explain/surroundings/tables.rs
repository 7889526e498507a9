//! What is known of the hosts and cards on each link. Every table has a limit: what comes behind it is not remembered.

use super::{Gateway, LinkId, Origin};
use crate::explain::room::NoRoom;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::net::IpAddr;

/// From how many addresses of other networks a card must have sent packets to be a gateway's.
const ENOUGH: usize = 2;
/// Instead of a frame: the machine that captured knew it before.
pub(super) const TOLD_BEFORE: u64 = 0;

/// A host that is on a link itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Its hardware address, as it was told last.
    pub card: [u8; 6],
    /// The frame that told it first; 0 where the machine that captured knew it before.
    pub frame: u64,
}

/// A card, with what its frames show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// The addresses that it was told to have (ARP, neighbour discovery), with the frame that told each (0 as in [`Neighbour`]); the first few.
    pub own: Vec<(IpAddr, u64)>,
    /// The addresses from which it sent packets, with the first frame of each; the first few.
    pub speaks_for: Vec<(IpAddr, u64)>,
    /// From how many addresses it sent packets.
    pub sources: u32,
    /// From how many of them packets came that a router passed on, by their hop limit.
    pub forwarded: u32,
    /// The frames with packets that a router passed on and that came from other networks than the link's, each from another address; the first few.
    pub beyond: Vec<u64>,
    /// To how many addresses packets were handed to it.
    pub receives_for: u32,
}

#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) hosts: HashMap<(LinkId, IpAddr), Neighbour, RandomState>,
    pub(super) cards: HashMap<(LinkId, [u8; 6]), Card, RandomState>,
    pub(super) gateways: Vec<Gateway>,
    /// The ends of links that have but two.
    pub(super) ends: HashSet<(LinkId, IpAddr), RandomState>,
    /// With the first frame of each.
    pairs: HashMap<u64, u64, RandomState>,
    forgotten: NoRoom,
}

impl Tables {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// A host is on the link, and this is its card.
    pub(super) fn claim(&mut self, link: LinkId, address: IpAddr, card: [u8; 6], frame: u64) {
        if self.forgotten.room(self.hosts.len() < Limits::NEIGHBOURS || self.hosts.contains_key(&(link, address))) {
            let known = self.hosts.entry((link, address)).or_insert(Neighbour { card, frame });
            known.card = card;
            if known.frame == TOLD_BEFORE {
                known.frame = frame;
            }
        }
        if let Some(known) = self.card(link, card) {
            if let Some((_, told)) = known.own.iter_mut().find(|(own, _)| *own == address) {
                *told = if *told == TOLD_BEFORE { frame } else { *told };
            } else if known.own.len() < Limits::ADDRESSES_OF_CARD {
                known.own.push((address, frame));
            }
        }
        for gateway in &mut self.gateways {
            let is_it = gateway.link == link && gateway.address == Some(address) && gateway.card.is_none();
            if is_it {
                gateway.card = Some(card);
                gateway.frames.push(frame);
            }
        }
    }

    /// An end of a link that has but two.
    pub(super) fn end(&mut self, link: LinkId, address: IpAddr) {
        if self.forgotten.room(self.ends.len() < Limits::GATEWAYS || self.ends.contains(&(link, address))) {
            self.ends.insert((link, address));
        }
    }

    fn card(&mut self, link: LinkId, card: [u8; 6]) -> Option<&mut Card> {
        self.forgotten
            .room(self.cards.len() < Limits::NEIGHBOURS || self.cards.contains_key(&(link, card)))
            .then(|| self.cards.entry((link, card)).or_default())
    }

    /// A card sent a packet from an address: whether a router passed it on, and whether the address is of another network.
    pub(super) fn speaks(&mut self, link: LinkId, card: [u8; 6], address: IpAddr, [was_forwarded, is_beyond]: [bool; 2], frame: u64) {
        if !self.pair((0, link, card, address), frame) {
            return;
        }
        if let Some(known) = self.card(link, card) {
            known.sources += 1;
            known.forwarded += u32::from(was_forwarded);
            if was_forwarded && is_beyond && known.beyond.len() <= ENOUGH {
                known.beyond.push(frame);
            }
            if known.speaks_for.len() < Limits::ADDRESSES_OF_CARD {
                known.speaks_for.push((address, frame));
            }
        }
    }

    /// A card was handed a packet for an address.
    pub(super) fn receives(&mut self, link: LinkId, card: [u8; 6], address: IpAddr, frame: u64) {
        if self.pair((1, link, card, address), frame)
            && let Some(known) = self.card(link, card)
        {
            known.receives_for += 1;
        }
    }

    /// The first frame in which a card was handed a packet for an address, as far as is remembered.
    pub(super) fn was_handed(&self, link: LinkId, card: [u8; 6], address: IpAddr) -> Option<u64> {
        self.pairs.get(&self.pairs.hasher().hash_one((1_u8, link, card, address))).copied()
    }

    fn pair(&mut self, pair: (u8, LinkId, [u8; 6], IpAddr), frame: u64) -> bool {
        let key = self.pairs.hasher().hash_one(pair);
        let is_new = !self.pairs.contains_key(&key) && self.forgotten.room(self.pairs.len() < Limits::CARD_PAIRS);
        if is_new {
            self.pairs.insert(key, frame);
        }
        is_new
    }

    /// The address that a card was told to have, as a host calls it: of several the one that has most bits in common with the host's.
    pub(super) fn called(&self, link: LinkId, card: [u8; 6], by: IpAddr) -> Option<(IpAddr, u64)> {
        let own = &self.cards.get(&(link, card))?.own;
        own.iter().copied().filter(|(own, _)| own.is_ipv4() == by.is_ipv4()).max_by_key(|(own, _)| super::common_bits(*own, by))
    }

    /// A gateway, or more about one that is known.
    pub(super) fn gateway(&mut self, mut found: Gateway) {
        found.frames.retain(|frame| *frame != TOLD_BEFORE);
        let same = self.gateways.iter_mut().find(|known| {
            let same_address = known.address.is_some() && known.address == found.address;
            let same_card = known.card.is_some() && known.card == found.card && (known.address.is_none() || found.address.is_none());
            known.link == found.link && (same_address || same_card)
        });
        let Some(known) = same else {
            if self.forgotten.room(self.gateways.len() < Limits::GATEWAYS) {
                self.gateways.push(found);
            }
            return;
        };
        if found.origin == Origin::RouterAdvertisement {
            known.left = None;
        }
        known.address = known.address.or(found.address);
        known.card = known.card.or(found.card);
        if known.origin.surety() < found.origin.surety() {
            (known.origin, known.frames) = (found.origin, found.frames);
        }
    }

    /// A router says that it is no way to other networks (any more).
    pub(super) fn leaves(&mut self, link: LinkId, address: IpAddr, frame: u64) {
        let is_it = |known: &&mut Gateway| known.link == link && known.address == Some(address);
        if let Some(known) = self.gateways.iter_mut().find(is_it).filter(|known| known.origin == Origin::RouterAdvertisement) {
            known.left.get_or_insert(frame);
        }
    }

    /// Whether a card is a gateway's.
    pub(super) fn is_gateway(&self, link: LinkId, card: [u8; 6]) -> bool {
        self.gateways.iter().any(|known| known.link == link && known.card == Some(card))
    }

    /// Whether an address is that of a gateway of a link.
    pub(super) fn is_gateway_address(&self, link: LinkId, address: IpAddr) -> bool {
        self.gateways.iter().any(|known| known.link == link && known.address == Some(address))
    }

    /// A card that sent what came from other networks, from several addresses, is a gateway's.
    pub(super) fn notice_forwarding(&mut self, link: LinkId, card: [u8; 6]) {
        let Some(known) = self.cards.get(&(link, card)).filter(|known| known.beyond.len() == ENOUGH) else { return };
        let frames = known.beyond.clone();
        let address = known.own.first().map(|(own, _)| *own);
        self.gateway(Gateway { link, address, card: Some(card), origin: Origin::Forwarding, frames, left: None });
    }
}
