//! Messages in which a gateway tells a host a shorter way: ICMP redirect (RFC 792), and that of neighbour discovery (RFC 4861 4.5).

use crate::dissect::network::{icmp, icmpv6};
use crate::dissect::{Dissection, Network};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A shorter way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Redirect {
    pub(super) target: IpAddr,
    pub(super) better: IpAddr,
}

/// How many packets still take the old way for the redirect to be ignored, and for how long, in nanoseconds: some are on their way when
/// it comes.
const OLD_WAY: u64 = 3;
const PATIENCE: i64 = 1_000_000_000;

/// A redirect that a host was sent, and whether its packets take the new way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) redirect: Redirect,
    /// The frame that tells it.
    pub(super) frame: u64,
    /// When, in nanoseconds.
    pub(super) time: i64,
    /// The card of the router that tells it.
    pub(super) router: Option<[u8; 6]>,
    /// How many packets went to that card since.
    pub(super) old_way: u64,
    /// Whether it is known what the host does with it.
    pub(super) is_settled: bool,
}

impl Told {
    /// One more packet of the host for the target; for how long it has ignored the redirect, once that is sure.
    pub(super) fn went(&mut self, card: [u8; 6], now: i64) -> Option<i64> {
        if self.router != Some(card) {
            self.is_settled = true;
            return None;
        }
        self.old_way += 1;
        let after = now - self.time;
        self.is_settled = self.old_way >= OLD_WAY && after >= PATIENCE;
        self.is_settled.then_some(after)
    }
}

const OF_IPV4: u8 = 5;
const OF_IPV6: u8 = 137;

impl Redirect {
    /// Reads the message that a packet carries.
    pub(super) fn read(bytes: &[u8], dissection: &Dissection, network: &Network) -> Option<Self> {
        let protocol = match network.protocol {
            1 => &icmp::PROTOCOL,
            58 if network.hop_limit == 255 => &icmpv6::PROTOCOL,
            _ => return None,
        };
        let layer = dissection.layers.iter().find(|layer| std::ptr::eq(layer.protocol, protocol))?;
        let message = bytes.get(layer.start..layer.end)?;
        match (network.protocol, message.first()?) {
            (1, &OF_IPV4) => {
                let better = Ipv4Addr::from(*message.get(4..)?.first_chunk::<4>()?);
                // The packet that it is about stands behind: its receiver is whom the way leads to.
                let quoted = dissection.networks.iter().find(|network| network.quoted)?;
                Some(Self { target: quoted.destination, better: better.into() })
            }
            (58, &OF_IPV6) => {
                let address = |at: usize| message.get(at..)?.first_chunk::<16>().map(|address| IpAddr::V6(Ipv6Addr::from(*address)));
                Some(Self { target: address(24)?, better: address(8)? })
            }
            _ => None,
        }
    }
}
