//! Notes on addresses: what kind each is, and where it has no meaning, in words.

use crate::explain::AddressFacts;
use crate::explain::address::embedded::Embedded;
use crate::explain::address::facts::{Misplaced, Pointless};
use crate::explain::address::multicast::{self, well_known};
use crate::explain::address::{Purpose, Special};
use crate::render::sentence::{Link, Sentence};
use std::net::{IpAddr, Ipv6Addr};

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &AddressFacts) {
    match *facts {
        AddressFacts::Special { address, row, .. } => special(sentence, address, row),
        AddressFacts::Global { address } => {
            write!(sentence, "{address} is a global address: it means the same everywhere in the internet");
        }
        AddressFacts::Made { address, from, .. } => made(sentence, address, from),
        AddressFacts::Group { address, maps_to, .. } => {
            write!(sentence, "{address} ({}) is a group", Link(maps_to));
            if let Some(known) = well_known(address) {
                write!(sentence, ": {}", known.who);
            } else if let IpAddr::V6(group) = address
                && let Some([a, b, c]) = multicast::group(group).and_then(|group| group.solicited)
            {
                write!(sentence, ": whoever has an address that ends in {a:02x}:{b:02x}{c:02x}");
            }
        }
        AddressFacts::GroupMisdirected { address, maps_to, found } => write!(
            sentence,
            "the frame goes to {}, but the group {address} is at {}: its listeners do not get it",
            Link(found),
            Link(maps_to)
        ),
        AddressFacts::LimitedBroadcast => {
            sentence.say("255.255.255.255 is everybody on this link (limited broadcast): no router forwards it");
        }
        AddressFacts::DirectedBroadcast { address, source, network } => match network {
            Some(network) => write!(sentence, "{address} is everybody in {network} (directed broadcast)"),
            None => write!(sentence, "{address} is everybody in the subnet of {source} (directed broadcast)"),
        },
        AddressFacts::Loopback { address, from, to } => write!(
            sentence,
            "{address} is every host's own (loopback), yet it is in a frame from {} to {}: no answer can come",
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
            Misplaced::OfNoNetwork => {
                write!(sentence, "{address} is of 0.0.0.0/8, which nobody can have: the packet between it and {other} is wrong or made up");
            }
            Misplaced::GroupOfTheHost => {
                write!(
                    sentence,
                    "{address} is a group of the sending host alone, yet {other} sends to it on a cable: whoever gets it drops it"
                );
            }
        },
        AddressFacts::OutOfPlace { address, why, other } => out_of_place(sentence, address, why, other),
        AddressFacts::Translated { host, outside, .. } => {
            write!(sentence, "a router replaces the sender {host} by {outside} (address translation, NAT)");
        }
        AddressFacts::PrivateOutside { source, destination, router, .. } => {
            write!(sentence, "a private source, {source}, came through {router} to {destination}: not translated, or made up");
        }
    }
}

fn out_of_place(sentence: &mut Sentence<'_>, address: IpAddr, why: Pointless, other: IpAddr) {
    match why {
        Pointless::Reserved => {
            write!(sentence, "{address} is reserved (240.0.0.0/4): the internet has no route to it, and many hosts refuse it")
        }
        Pointless::SiteLocal => write!(sentence, "{address} is site-local (fec0::/10), a kind of address that was given up in 2004"),
        Pointless::Discarded => {
            write!(sentence, "{address} is of a block for what shall be thrown away (100::/64): routers drop what goes there")
        }
        Pointless::ToItself => {
            write!(sentence, "{address} sends to itself, yet the packet is in a frame on a cable: its source is made up, or it came back");
        }
        Pointless::BeyondTheLink => {
            write!(sentence, "{address} is good on its own link alone (169.254.0.0/16), and no router forwards its packet to {other}");
        }
        Pointless::SixToFour(router) => {
            write!(
                sentence,
                "{address} names the router {router} (6to4), which is no address of the internet: nothing can be carried to it"
            );
        }
        Pointless::Translated(ipv4) => {
            write!(
                sentence,
                "{address} holds {ipv4}, which is no address of the internet: the prefix 64:ff9b::/96 is not for such (NAT64)"
            );
        }
    }
}

fn special(sentence: &mut Sentence<'_>, address: IpAddr, row: &Special) {
    let prefix = row.prefix;
    write!(sentence, "{address} is ");
    match row.purpose {
        Purpose::Private => {
            write!(sentence, "a private address ({prefix}): the internet has no route to it")
        }
        Purpose::UniqueLocal if matches!(address, IpAddr::V6(address) if address.octets()[0] == 0xfc) => {
            write!(sentence, "a unique local address of the half that nobody may give out yet (fc00::/8): the internet has no route to it")
        }
        Purpose::UniqueLocal => {
            write!(sentence, "a unique local address ({prefix}): the internet has no route to it")
        }
        Purpose::LinkLocal => write!(sentence, "a link-local address ({prefix}): no router forwards it"),
        Purpose::Shared => {
            write!(sentence, "a shared address ({prefix}), behind a provider's translator (NAT): the internet has no route to it")
        }
        Purpose::Documentation => {
            write!(sentence, "an address for examples ({prefix}): on the internet nobody has it");
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
            write!(sentence, "{address} is the IPv4 address {ipv4} as IPv6 programs see it: no packet should carry it")
        }
        Embedded::Translated { prefix, address: ipv4, certain } => {
            let maybe = if certain { "" } else { "possibly " };
            write!(sentence, "{address} is {maybe}the IPv4 host {ipv4} ({prefix} and its 32 bits), by a translator (NAT64)");
        }
        Embedded::SixToFour { router, .. } => {
            write!(sentence, "{address} is behind the router {router} (6to4): IPv4 carries the IPv6 to it");
        }
        Embedded::Teredo { server, port, client, .. } => {
            write!(sentence, "{address} is behind {client} port {port} (Teredo, server {server}): UDP carries the IPv6 to it")
        }
        Embedded::Ipv4Compatible(ipv4) | Embedded::Ipv4Translated(ipv4) | Embedded::Isatap { address: ipv4, .. } => {
            write!(sentence, "{address} holds the IPv4 address {ipv4}");
        }
        Embedded::LinkAddress(link) => write!(sentence, "{address} was made from the link address {}", Link(link)),
        Embedded::GroupPrefix(prefix) => write!(sentence, "{address} was made from the prefix {prefix}"),
        Embedded::RendezvousPoint(router) => write!(sentence, "{address} names its rendezvous point {router}"),
    }
}
