//! Notes on addresses: what kind each is, and where it has no meaning, in words.

use crate::explain::AddressFacts;
use crate::explain::address::embedded::Embedded;
use crate::explain::address::facts::Misplaced;
use crate::explain::address::multicast::{self, well_known};
use crate::explain::address::{Purpose, Special};
use crate::render::sentence::{Counted, Link, Sentence};
use std::net::{IpAddr, Ipv6Addr};

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &AddressFacts) {
    match *facts {
        AddressFacts::Special { address, row, .. } => special(sentence, address, row),
        AddressFacts::Global { address } => {
            write!(sentence, "{address} is a global address: one host in the world has it, and the internet may have a route to it");
        }
        AddressFacts::Made { address, from, .. } => made(sentence, address, from),
        AddressFacts::Group { address, maps_to, fits } => {
            write!(sentence, "{address} is a group");
            if let Some(known) = well_known(address) {
                write!(sentence, ", {}", known.who);
            } else if let IpAddr::V6(group) = address
                && let Some([a, b, c]) = multicast::group(group).and_then(|group| group.solicited)
            {
                write!(sentence, ", whoever has an address that ends in {a:02x}:{b:02x}{c:02x}");
            }
            let (bits, prefix) = if address.is_ipv4() { (23, "01:00:5e") } else { (32, "33:33") };
            match fits {
                Some(true) => write!(sentence, ": the frame goes to {}, which is {prefix} and the group's last {bits} bits", Link(maps_to)),
                Some(false) | None => {
                    write!(sentence, ": Ethernet carries it to {}, which is {prefix} and the group's last {bits} bits", Link(maps_to));
                }
            }
        }
        AddressFacts::GroupMisdirected { address, maps_to, found } => write!(
            sentence,
            "the packet is for the group {address} ({}), but its frame goes to {}, another group's: hosts that listen to {address} do not \
             get it",
            Link(maps_to),
            Link(found)
        ),
        AddressFacts::LimitedBroadcast => {
            sentence.say("255.255.255.255 is everybody on this link (limited broadcast): no router forwards it");
        }
        AddressFacts::DirectedBroadcast { address, source, network } => match network {
            Some(network) => {
                let bits = u64::from(32 - network.prefix_len());
                write!(sentence, "{address} is everybody in {network} (directed broadcast): its last {} are ones", Counted(bits, "bit"));
            }
            None => write!(
                sentence,
                "{address} is everybody in the subnet of {source} (directed broadcast): its frame goes to all, and it ends in ones"
            ),
        },
        AddressFacts::Loopback { address, from, to } => write!(
            sentence,
            "{address} is what every host calls itself (loopback), yet here it is in a frame from {} to {}: no answer can come back",
            Link(from),
            Link(to)
        ),
        AddressFacts::Misplaced { address, why, other } => match why {
            Misplaced::GroupAsSource => {
                write!(
                    sentence,
                    "{address} is a group, and a group sends nothing: the source of this packet to {other} is wrong or made up"
                );
            }
            Misplaced::BroadcastAsSource => {
                write!(
                    sentence,
                    "{address} is everybody, and cannot be who sends: the source of this packet to {other} is wrong or made up"
                );
            }
            Misplaced::UnspecifiedAsDestination => {
                write!(sentence, "{address} is no address, and nothing can be sent to it, as {other} does here");
            }
        },
        AddressFacts::Translated { host, outside, destination } => {
            write!(sentence, "a router replaces the sender {host} by {outside} on the way to {} ", destination.ip());
            sentence.say("(address translation, NAT): answers go to that");
        }
        AddressFacts::PrivateOutside { source, row, destination, router, packets } => write!(
            sentence,
            "{source} is private ({}), yet {} from it came through {router} to {destination}, and nothing went back: it was not translated, \
             or is made up",
            row.prefix,
            Counted(packets, "packet")
        ),
    }
}

fn special(sentence: &mut Sentence<'_>, address: IpAddr, row: &Special) {
    let prefix = row.prefix;
    write!(sentence, "{address} is ");
    match row.purpose {
        Purpose::Private => {
            write!(sentence, "a private address ({prefix}): it is good in its own network alone, and the internet has no route to it")
        }
        Purpose::UniqueLocal => {
            write!(sentence, "a unique local address ({prefix}), the private address of IPv6: the internet has no route to it")
        }
        Purpose::LinkLocal => write!(sentence, "a link-local address ({prefix}): it is good on this link alone, and no router forwards it"),
        Purpose::Shared => write!(
            sentence,
            "a shared address ({prefix}), between a provider's translator (NAT) and its customers: the internet has no route to it"
        ),
        Purpose::Documentation => {
            write!(sentence, "an address for examples in documents ({prefix}): on the internet nobody has it");
        }
        Purpose::ThisHost | Purpose::Unspecified => sentence.say("no address: whoever sends from it has none yet"),
        Purpose::Loopback
        | Purpose::LimitedBroadcast
        | Purpose::Ipv4Mapped
        | Purpose::Translation
        | Purpose::LocalTranslation
        | Purpose::SixToFour
        | Purpose::Teredo
        | Purpose::ThisNetwork
        | Purpose::ProtocolAssignments
        | Purpose::ServiceContinuity
        | Purpose::DummyIpv4
        | Purpose::PortControlAnycast
        | Purpose::RelayAnycast
        | Purpose::Nat64Discovery
        | Purpose::PrivateNameServers
        | Purpose::MulticastTunneling
        | Purpose::SixToFourRelay
        | Purpose::SixAFourFourRelay
        | Purpose::Benchmarking
        | Purpose::Reserved
        | Purpose::DiscardOnly
        | Purpose::DummyIpv6
        | Purpose::ServiceRegistrationAnycast
        | Purpose::OldHostIdentity
        | Purpose::HostIdentity
        | Purpose::DroneIdentity
        | Purpose::SegmentRouting => write!(sentence, "of {prefix} ({}, {})", row.name, row.reference),
    }
}

fn made(sentence: &mut Sentence<'_>, address: Ipv6Addr, from: Embedded) {
    match from {
        Embedded::Ipv4Mapped(ipv4) => {
            write!(sentence, "{address} is the IPv4 address {ipv4} as programs that speak IPv6 see it: no packet of IPv6 should carry it")
        }
        Embedded::Translated { prefix, address: ipv4, certain } => {
            let maybe = if certain { "" } else { "possibly " };
            write!(
                sentence,
                "{address} is {maybe}the IPv4 host {ipv4} ({prefix} and its 32 bits): a translator on the way (NAT64) carries it there"
            );
        }
        Embedded::SixToFour { router, .. } => {
            write!(sentence, "{address} is behind the router {router} (6to4: 2002 and its 32 bits), to which IPv6 is carried through IPv4");
        }
        Embedded::Teredo { server, port, client, .. } => write!(
            sentence,
            "{address} is a host behind {client}, port {port}, which Teredo server {server} made it known by: IPv6 is carried to it in UDP"
        ),
        Embedded::Ipv4Compatible(ipv4) | Embedded::Ipv4Translated(ipv4) | Embedded::Isatap { address: ipv4, .. } => {
            write!(sentence, "{address} holds the IPv4 address {ipv4}");
        }
        Embedded::LinkAddress(link) => write!(sentence, "{address} was made from the link address {}", Link(link)),
        Embedded::GroupPrefix(prefix) => write!(sentence, "{address} was made from the prefix {prefix}"),
        Embedded::RendezvousPoint(router) => write!(sentence, "{address} names its rendezvous point {router}"),
    }
}
