//! The source that a packet gets which has none yet: as Linux chooses it for IPv4, and by RFC 6724 section 5 for IPv6.

use super::super::{Address, Host, Interface, NextHop, Route, Scope};
use super::{Query, SourceReason};
use std::cmp::Reverse;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

impl Host {
    pub(super) fn source(&self, query: &Query, route: Option<&Route>, way: &NextHop) -> (Option<IpAddr>, SourceReason) {
        let interface = way.interface.as_deref().and_then(|name| self.interface(name));
        if let Some(source) = query.source {
            return (Some(source), SourceReason::Given);
        }
        // Linux chooses the source of a packet for a group before it asks for a route, where the interface is known.
        let group = query.destination.is_ipv4() && query.destination.is_multicast() && query.interface.is_some();
        if let (true, Some(_), chosen @ (Some(_), _)) =
            (group, interface, self.ipv4_source(interface, None, group_scope(query.destination)))
        {
            return chosen;
        }
        if let Some(source) = route.and_then(|route| route.preferred_source) {
            return (Some(source), SourceReason::Route);
        }
        match query.destination {
            IpAddr::V4(_) => {
                let gateway = way.gateway.and_then(ipv4);
                let scope = route.map_or(Scope::LINK, |route| route.scope);
                self.ipv4_source(interface, gateway, scope)
            }
            IpAddr::V6(destination) => self.ipv6_source(interface, destination),
        }
    }

    /// `inet_select_addr` of Linux: of the interface's first addresses of a subnet that are meant as far as the route, the one whose subnet
    /// the gateway is in, else the first; else that of any interface.
    pub(super) fn ipv4_source(
        &self,
        interface: Option<&Interface>,
        gateway: Option<Ipv4Addr>,
        scope: Scope,
    ) -> (Option<IpAddr>, SourceReason) {
        // An address that is meant for the machine alone counts as one, however narrow the route.
        let usable = |own: &&Address| own.address().is_ipv4() && !own.secondary && own.scope.min(Scope::HOST) <= scope;
        let mut first = None;
        for own in interface.iter().flat_map(|interface| &interface.addresses).filter(usable) {
            if gateway.is_some_and(|gateway| own.network().contains(&IpAddr::V4(gateway))) {
                return (Some(own.address()), SourceReason::Subnet);
            }
            first = first.or(Some(own.address()));
        }
        if first.is_some() {
            return (first, SourceReason::First);
        }
        let mut others = self.addresses().filter(|(_, own)| usable(own) && own.scope != Scope::LINK);
        match others.next() {
            Some((_, own)) => (Some(own.address()), SourceReason::OtherInterface),
            None => (None, SourceReason::None),
        }
    }

    /// RFC 6724 section 5, as `ipv6_dev_get_saddr` of Linux has it.
    fn ipv6_source(&self, interface: Option<&Interface>, destination: Ipv6Addr) -> (Option<IpAddr>, SourceReason) {
        let near = destination.is_multicast() || scope(destination) <= LINK_LOCAL;
        let mut candidates: Vec<Score> = Vec::new();
        for own_interface in &self.interfaces {
            let outgoing = interface.is_some_and(|interface| interface.name == own_interface.name);
            if near && interface.is_some() && !outgoing {
                continue;
            }
            let usable = own_interface.addresses.iter().filter(|own| !own.tentative);
            candidates.extend(usable.filter_map(|own| Score::of(own, own_interface, outgoing, destination)));
        }
        // The sort is stable: of equals the first stays the first.
        candidates.sort_by_key(|score| Reverse(score.points));
        match candidates.as_slice() {
            [] => (None, SourceReason::None),
            [only] => (Some(only.address.into()), SourceReason::Only),
            [best, second, ..] => {
                let decided = best.points.iter().zip(&second.points).position(|(best, second)| best != second);
                let rule = decided.and_then(|place| RULES.get(place)).copied().unwrap_or_default();
                (Some(best.address.into()), SourceReason::Preferred(rule))
            }
        }
    }
}

/// How far the source of a packet for a group is meant at least: those of 224.0.0.0/24 never leave the link (RFC 5771 section 4).
fn group_scope(group: IpAddr) -> Scope {
    match group {
        IpAddr::V4(group) if matches!(group.octets(), [224, 0, 0, _]) => Scope::LINK,
        IpAddr::V4(_) | IpAddr::V6(_) => Scope::GLOBAL,
    }
}

fn ipv4(address: IpAddr) -> Option<Ipv4Addr> {
    match address {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    }
}

/// The rules of RFC 6724 section 5 that the points of a [`Score`] are for, in Linux's order; the seventh place is Linux's own (RFC 4843
/// addresses with their like), which is a matter of labels.
const RULES: [u8; 8] = [1, 2, 3, 5, 6, 7, 6, 8];

/// How good a source is: the points of each rule, more are better.
struct Score {
    address: Ipv6Addr,
    points: [i32; 8],
}

impl Score {
    fn of(own: &Address, interface: &Interface, outgoing: bool, destination: Ipv6Addr) -> Option<Self> {
        let IpAddr::V6(address) = own.address() else { return None };
        if address.is_unspecified() || address.is_multicast() {
            return None;
        }
        let (scope, wanted) = (i32::from(scope(address)), i32::from(scope(destination)));
        let common = common_bits(address, destination).min(own.prefix.prefix_len());
        let points = [
            i32::from(address == destination),
            // The narrowest that is wide enough; else the widest.
            if scope >= wanted { -scope } else { scope - 128 },
            i32::from(!own.deprecated),
            i32::from(outgoing),
            i32::from(label(address) == label(destination)),
            i32::from(own.temporary == interface.prefers_temporary),
            i32::from(is_orchid(address) == is_orchid(destination)),
            i32::from(common),
        ];
        Some(Self { address, points })
    }
}

/// The scope of link-local addresses, as multicast addresses count them (RFC 4291 section 2.7).
const LINK_LOCAL: u8 = 2;

/// How wide an address is meant (RFC 6724 section 3.1).
fn scope(address: Ipv6Addr) -> u8 {
    const SITE_LOCAL: u8 = 5;
    const GLOBAL: u8 = 14;
    let [first, second, ..] = address.octets();
    if address.is_multicast() {
        second & 0x0f
    } else if address.is_loopback() || (first == 0xfe && second & 0xc0 == 0x80) {
        LINK_LOCAL
    } else if first == 0xfe && second & 0xc0 == 0xc0 {
        SITE_LOCAL
    } else {
        GLOBAL
    }
}

/// The label of an address in Linux's policy table, which is RFC 6724 section 2.1 with RFC 4843 beside it.
fn label(address: Ipv6Addr) -> u8 {
    const LABELS: [(u128, u8, u8); 10] = [
        (1, 128, 0),
        (0xffff_0000_0000, 96, 4),
        (0, 96, 3),
        (0x2001_0000_0000_0000_0000_0000_0000_0000, 32, 6),
        (0x2001_0010_0000_0000_0000_0000_0000_0000, 28, 7),
        (0x2002_0000_0000_0000_0000_0000_0000_0000, 16, 2),
        (0x3ffe_0000_0000_0000_0000_0000_0000_0000, 16, 12),
        (0xfec0_0000_0000_0000_0000_0000_0000_0000, 10, 11),
        (0xfc00_0000_0000_0000_0000_0000_0000_0000, 7, 5),
        (0, 0, 1),
    ];
    let bits = u128::from(address);
    let is_in = |(prefix, length, _): &&(u128, u8, u8)| *length == 0 || (bits ^ prefix) >> (128 - u32::from(*length)) == 0;
    LABELS.iter().find(is_in).map_or(1, |(_, _, label)| *label)
}

/// Whether an address is a hash of a key and not a place (2001:10::/28, RFC 4843).
fn is_orchid(address: Ipv6Addr) -> bool {
    u128::from(address) >> 100 == 0x200_1001
}

/// How many of the first bits two addresses have in common.
fn common_bits(left: Ipv6Addr, right: Ipv6Addr) -> u8 {
    (u128::from(left) ^ u128::from(right)).leading_zeros() as u8
}
