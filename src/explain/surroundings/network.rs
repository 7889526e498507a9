//! Networks: what is known of each, from where, and how sure that is.

use super::LinkId;
use super::bits::{common_bits, network_of, trailing_ones};
use ipnet::IpNet;
use std::net::IpAddr;

/// From where something about the networks around is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// The machine itself says it (a host file, or this machine asked).
    Host,
    /// The capture says it of the interface that it was made on (pcapng `if_IPv4addr`, `if_IPv6addr`).
    Capture,
    /// A DHCP server told a client (RFC 2132).
    Dhcp,
    /// A router advertised it (RFC 4861 4.2).
    RouterAdvertisement,
    /// An address for all of the network was used, and the sender's own address: only one mask fits both.
    Broadcast,
    /// Whom a host asks for itself and what it leaves to a gateway: only one mask fits both.
    Traffic,
    /// Frames came from, or were handed to, a hardware address for addresses that are not its own.
    Forwarding,
    /// Nothing speaks against the mask that private networks, and networks of IPv6, mostly have.
    Custom,
}

/// How sure something is that is known of the networks around.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Surety {
    /// It is only the most likely.
    Assumed,
    /// It follows from what hosts do.
    Inferred,
    /// Somebody who must know says so.
    Told,
}

impl Origin {
    /// How sure what comes from there is.
    #[must_use]
    pub fn surety(self) -> Surety {
        match self {
            Self::Host | Self::Capture | Self::Dhcp | Self::RouterAdvertisement => Surety::Told,
            Self::Broadcast | Self::Traffic | Self::Forwarding => Surety::Inferred,
            Self::Custom => Surety::Assumed,
        }
    }

    /// A word for it, for programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Capture => "capture",
            Self::Dhcp => "dhcp",
            Self::RouterAdvertisement => "router-advertisement",
            Self::Broadcast => "broadcast",
            Self::Traffic => "traffic",
            Self::Forwarding => "forwarding",
            Self::Custom => "custom",
        }
    }
}

/// A network on a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownNetwork {
    /// The link.
    pub link: LinkId,
    /// Its addresses.
    pub prefix: IpNet,
    /// From where it is known.
    pub origin: Origin,
    /// The frames that show it; none where the capture itself says it.
    pub frames: Vec<u64>,
}

/// Between which lengths a host's mask must be, by what the host does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    shortest: u8,
    longest: u8,
    /// The frames that moved each of them last; 0 for none.
    frames: [u64; 2],
    /// Whether what it does fits no mask.
    is_contradicted: bool,
    /// Whether a broadcast is among what it did.
    has_broadcast: bool,
}

impl Bounds {
    pub(super) fn of(host: IpAddr) -> Self {
        let longest = if host.is_ipv4() { 32 } else { 128 };
        Self { shortest: 0, longest, frames: [0; 2], is_contradicted: false, has_broadcast: false }
    }

    /// The host takes another for one of its own network.
    pub(super) fn within(&mut self, host: IpAddr, other: IpAddr, frame: u64) {
        if let Some(common) = common_bits(host, other) {
            self.narrow(0, common, frame);
        }
    }

    /// The host takes another for one of another network.
    pub(super) fn beyond(&mut self, host: IpAddr, other: IpAddr, frame: u64) {
        if let Some(common) = common_bits(host, other) {
            self.narrow(common.saturating_add(1), u8::MAX, frame);
        }
    }

    /// The host speaks to all of its network at this address.
    pub(super) fn broadcast(&mut self, host: IpAddr, all: IpAddr, frame: u64) {
        let Some(common) = common_bits(host, all) else { return };
        let shortest = 32_u8.saturating_sub(trailing_ones(all));
        // Who speaks to an address that is none of its network's does not say its mask.
        if shortest <= common {
            self.has_broadcast = true;
            self.narrow(shortest, common, frame);
        }
    }

    fn narrow(&mut self, shortest: u8, longest: u8, frame: u64) {
        if shortest > self.shortest {
            (self.shortest, self.frames[0]) = (shortest, frame);
        }
        if longest < self.longest {
            (self.longest, self.frames[1]) = (longest, frame);
        }
        self.is_contradicted |= self.shortest > self.longest;
    }

    /// The frames that show it.
    pub(super) fn frames(&self) -> Vec<u64> {
        let mut frames: Vec<u64> = self.frames.into_iter().filter(|frame| *frame != 0).collect();
        frames.sort_unstable();
        frames.dedup();
        frames
    }

    /// The host's network, where only one mask fits, or where the customary one of a private network does.
    pub(super) fn network(&self, host: IpAddr) -> Option<(IpNet, Origin)> {
        if self.is_contradicted {
            return None;
        }
        if self.shortest == self.longest && self.shortest > 0 {
            return Some((network_of(host, self.shortest)?, if self.has_broadcast { Origin::Broadcast } else { Origin::Traffic }));
        }
        let customary = customary_bits(host)?;
        let fits = self.frames != [0; 2] && (self.shortest..=self.longest).contains(&customary);
        fits.then(|| network_of(host, customary)).flatten().map(|network| (network, Origin::Custom))
    }
}

/// The mask that networks like a host's mostly have: private ones, and those of IPv6, where the last 64 bits are the interface's (RFC 4291 2.5.1).
fn customary_bits(host: IpAddr) -> Option<u8> {
    match host {
        IpAddr::V4(host) => host.is_private().then_some(24),
        IpAddr::V6(host) => (host.octets()[0] >> 5 != 0).then_some(64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_directed_broadcast_fixes_the_mask() {
        let host = address("192.168.2.11");
        let mut bounds = Bounds::of(host);
        assert_eq!(bounds.network(host), None);
        bounds.broadcast(host, address("192.168.2.255"), 4);
        assert_eq!(bounds.network(host), Some(("192.168.2.0/24".parse().unwrap(), Origin::Broadcast)));
        assert_eq!(bounds.frames(), [4]);
        // Of another network: says nothing.
        bounds.broadcast(host, address("10.0.0.255"), 5);
        assert_eq!(bounds.frames(), [4]);
        // The broadcast of 192.168.0.0/23 and of 192.168.1.0/24.
        let host = address("192.168.1.11");
        let mut bounds = Bounds::of(host);
        bounds.broadcast(host, address("192.168.1.255"), 6);
        assert_eq!(bounds.network(host).map(|(_, origin)| origin), Some(Origin::Custom));
    }

    #[test]
    fn whom_it_asks_for_and_what_it_leaves_to_a_gateway_fix_the_mask() {
        let host = address("10.0.0.130");
        let mut bounds = Bounds::of(host);
        bounds.within(host, address("10.0.0.190"), 1);
        bounds.beyond(host, address("10.0.0.10"), 2);
        assert_eq!(bounds.network(host), None, "/25 and /26 fit, the customary mask does not");
        bounds.within(host, address("10.0.0.200"), 3);
        assert_eq!(bounds.network(host), Some(("10.0.0.128/25".parse().unwrap(), Origin::Traffic)));
        bounds.within(host, address("10.0.0.10"), 4);
        assert_eq!(bounds.network(host), None, "no mask fits both");
    }

    #[test]
    fn the_customary_mask_is_assumed_where_nothing_speaks_against_it() {
        let host = address("192.168.1.11");
        let mut bounds = Bounds::of(host);
        bounds.within(host, address("192.168.1.1"), 1);
        assert_eq!(bounds.network(host).map(|(_, origin)| origin.surety()), Some(Surety::Assumed));
        let public = address("198.51.100.7");
        let mut bounds = Bounds::of(public);
        bounds.within(public, address("198.51.100.1"), 1);
        assert_eq!(bounds.network(public), None);
    }
}
