//! Who spoke to whom a moment ago: most frames are between two that spoke before, and have nothing new to tell.

use super::passage::plain_header;
use super::{LinkId, Passage};
use crate::dissect::Network;
use crate::explain::Scene;
use crate::limits::Limits;
use std::net::IpAddr;

/// From which card and address to which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pair {
    /// Both hardware addresses as numbers: so they are compared at once.
    cards: [u64; 2],
    link: LinkId,
    ends: [IpAddr; 2],
}

/// The pairs of a moment ago.
#[derive(Debug, Default)]
pub(super) struct Recent {
    pairs: Vec<Option<Pair>>,
}

impl Recent {
    /// Whether a plain frame goes where one went a moment ago. Of others that is not said here.
    pub(super) fn knows(&self, scene: &Scene<'_>, network: &Network) -> bool {
        let (Some(&[a, b, c, d, e, f, ref source @ ..]), Some(Some(pair))) = (plain_header(scene), self.pairs.get(place(network))) else {
            return false;
        };
        let link = LinkId { interface: scene.packet.frame.interface.0, ..LinkId::default() };
        let cards = [number(Some(*source)), number(Some([a, b, c, d, e, f]))];
        pair.cards == cards && pair.link == link && pair.ends == [network.source, network.destination]
    }

    /// Whether a packet goes where one went a moment ago; it is remembered.
    pub(super) fn has(&mut self, passage: &Passage, network: &Network) -> bool {
        let cards = [passage.source, passage.destination].map(number);
        let pair = Pair { cards, link: passage.link, ends: [network.source, network.destination] };
        if self.pairs.is_empty() {
            self.pairs.resize(Limits::RECENT_PAIRS, None);
        }
        let Some(place) = self.pairs.get_mut(place(network)) else { return false };
        if place.as_ref() == Some(&pair) {
            return true;
        }
        *place = Some(pair);
        false
    }
}

/// Where a packet's pair is remembered.
fn place(network: &Network) -> usize {
    let low = |address: IpAddr| match address {
        IpAddr::V4(address) => address.to_bits(),
        IpAddr::V6(address) => address.to_bits() as u32,
    };
    let mixed = low(network.source).wrapping_mul(0x9e37_79b9) ^ low(network.destination).wrapping_mul(0x85eb_ca6b);
    (mixed >> 16) as usize % Limits::RECENT_PAIRS
}

/// A hardware address as a number; 0 is none.
fn number(card: Option<[u8; 6]>) -> u64 {
    card.map_or(0, |[a, b, c, d, e, f]| u64::from_be_bytes([1, 0, a, b, c, d, e, f]))
}
