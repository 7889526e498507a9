//! Neighbour discovery as the lessons read it (RFC 4861).

use super::bits::is_link_local;
use crate::dissect::network::icmpv6;
use crate::dissect::{Dissection, Network};
use ipnet::Ipv6Net;
use std::net::Ipv6Addr;

/// How many bytes every link takes at least that carries IPv6 (RFC 8200 section 5).
const LEAST: u32 = 1280;

/// What a message of neighbour discovery says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Discovery {
    /// Who has this address? (RFC 4861 4.3.)
    Solicitation {
        /// The address that is asked for.
        target: Ipv6Addr,
        /// The hardware address of whoever asks; none where it looks whether an address is taken.
        sender: Option<[u8; 6]>,
    },
    /// I have this address (RFC 4861 4.4).
    Advertisement {
        /// The address.
        target: Ipv6Addr,
        /// Its hardware address.
        owner: Option<[u8; 6]>,
        /// Whether its owner is a router.
        is_router: bool,
        /// Whether it answers a question.
        is_answer: bool,
        /// Whether it replaces what was known; not set by whoever answers for another (RFC 4861 7.2.8).
        overrides: bool,
    },
    /// I am a router (RFC 4861 4.2).
    Router(Advertised),
}

/// What a router advertises.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advertised {
    /// Its hardware address.
    pub owner: Option<[u8; 6]>,
    /// How long it may be used as default router, in seconds; 0 where it must not be.
    pub lifetime: u16,
    /// The networks of the link.
    pub on_link: Vec<Ipv6Net>,
    /// The largest packet of the link, in bytes.
    pub mtu: Option<u32>,
    /// Name servers (RFC 8106 5.1).
    pub name_servers: Vec<Ipv6Addr>,
}

/// The message in a frame: only where its hop limit shows that no router passed it on (RFC 4861 6.1).
pub(super) fn read(bytes: &[u8], dissection: &Dissection, network: &Network) -> Option<Discovery> {
    if network.protocol != 58 || network.hop_limit != 255 {
        return None;
    }
    let layer = dissection.layers.iter().find(|layer| std::ptr::eq(layer.protocol, &icmpv6::PROTOCOL))?;
    let message = bytes.get(layer.start..layer.end)?;
    let target = || message.get(8..)?.first_chunk::<16>().map(|target| Ipv6Addr::from(*target));
    let card = |wanted: u8| {
        let mut options = Options(message.get(24..).unwrap_or_default());
        options.find(|(kind, _)| *kind == wanted).and_then(|(_, value)| value.first_chunk::<6>().copied())
    };
    match message.first()? {
        // Hosts discard what comes from another address than a link-local one (RFC 4861 6.1.2).
        134 if !is_link_local(network.source) => None,
        134 => Some(Discovery::Router(advertised(message)?)),
        135 => Some(Discovery::Solicitation { target: target()?, sender: card(1) }),
        136 => {
            let flags = *message.get(4)?;
            let (is_router, is_answer, overrides) = (flags & 0x80 != 0, flags & 0x40 != 0, flags & 0x20 != 0);
            Some(Discovery::Advertisement { target: target()?, owner: card(2), is_router, is_answer, overrides })
        }
        _ => None,
    }
}

fn advertised(message: &[u8]) -> Option<Advertised> {
    let &[high, low] = message.get(6..)?.first_chunk::<2>()?;
    let mut advertised = Advertised { lifetime: u16::from_be_bytes([high, low]), ..Advertised::default() };
    for (kind, value) in Options(message.get(16..)?) {
        match (kind, value) {
            (1, value) => advertised.owner = value.first_chunk::<6>().copied(),
            // Of a prefix only that it is on the link says who is a neighbour (RFC 4861 4.6.2, the L flag).
            // What is valid for no time is taken back (RFC 4861 6.3.4).
            (3, [_, _, 0, 0, 0, 0, ..]) => {}
            (3, [length, flags, rest @ ..]) if flags & 0x80 != 0 => {
                let prefix = rest.get(12..).and_then(|prefix| prefix.first_chunk::<16>());
                let network = prefix.and_then(|prefix| Ipv6Net::new(Ipv6Addr::from(*prefix), *length).ok());
                advertised.on_link.extend(network.map(|network| network.trunc()));
            }
            // Less than every link must take hosts ignore (RFC 4861 6.3.4, RFC 8200 5).
            (5, [_, _, mtu @ ..]) => {
                advertised.mtu = mtu.first_chunk().map(|mtu| u32::from_be_bytes(*mtu)).filter(|mtu| *mtu >= LEAST);
            }
            (25, [_, _, _, _, _, _, addresses @ ..]) => {
                advertised
                    .name_servers
                    .extend(addresses.chunks_exact(16).filter_map(|one| one.first_chunk::<16>()).map(|one| Ipv6Addr::from(*one)));
            }
            _ => {}
        }
    }
    Some(advertised)
}

/// The options behind a message: the kind and the value of each.
struct Options<'a>(&'a [u8]);

impl<'a> Iterator for Options<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (&kind, &length) = (self.0.first()?, self.0.get(1)?);
        let end = usize::from(length) * 8;
        let value = self.0.get(2..end)?;
        self.0 = self.0.get(end..)?;
        Some((kind, value))
    }
}
