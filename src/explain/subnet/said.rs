//! What ARP and neighbour discovery have in common: questions, answers, announcements and probes.

use crate::dissect::Network;
use crate::explain::surroundings::{Arp, Carries, Discovery, Passage, Surroundings, is_card, is_host};
use std::net::IpAddr;

/// What a frame says about hardware addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Who has this address?
    Question { asker: IpAddr, target: IpAddr },
    /// Does anybody have this address, which I would have?
    Probe { target: IpAddr },
    /// I have it; to whoever asked, where that is known. `overrides` is not set by one of several that may answer: for an anycast address, or for
    /// another host (RFC 4861 sections 7.2.7 and 7.2.8).
    Answer { address: IpAddr, card: [u8; 6], asker: Option<IpAddr>, overrides: bool },
    /// I have it, though nobody asked.
    Announcement { address: IpAddr, card: [u8; 6] },
}

impl Said {
    /// What the frame at hand says.
    pub(super) fn of(passage: &Passage, network: Option<&Network>, known: &Surroundings) -> Option<Self> {
        if let Carries::Arp(arp) = &passage.carries {
            return Self::of_arp(arp);
        }
        match known.discovery()? {
            Discovery::Solicitation { target, .. } => {
                let (source, target) = (network?.source, IpAddr::V6(*target));
                Some(if is_host(source) { Self::Question { asker: source, target } } else { Self::Probe { target } })
            }
            Discovery::Advertisement { target, owner, is_answer, overrides, .. } => {
                let (address, card) = (IpAddr::V6(*target), owner.or(passage.source).filter(is_card)?);
                let asker = network.map(|network| network.destination).filter(|asker| is_host(*asker));
                let overrides = *overrides;
                Some(if *is_answer { Self::Answer { address, card, asker, overrides } } else { Self::Announcement { address, card } })
            }
            Discovery::Router(_) => None,
        }
    }

    fn of_arp(arp: &Arp) -> Option<Self> {
        let (sender, target) = (IpAddr::V4(arp.sender_address), IpAddr::V4(arp.target_address));
        if arp.is_probe() {
            return is_host(target).then_some(Self::Probe { target });
        }
        let card = Some(arp.sender).filter(is_card)?;
        if !is_host(sender) {
            return None;
        }
        if arp.is_gratuitous() {
            return Some(Self::Announcement { address: sender, card });
        }
        if arp.is_reply {
            let asker = Some(target).filter(|asker| is_host(*asker));
            return Some(Self::Answer { address: sender, card, asker, overrides: true });
        }
        is_host(target).then_some(Self::Question { asker: sender, target })
    }
}
