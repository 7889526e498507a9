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
