//! The protocols that wirelore knows: one line each. A parent knows no child; the child claims the parent's number.

use super::protocol::Guess;
use super::{Field, Protocol, Selector, application, link, network, transport, tunnel};
use std::sync::LazyLock;

/// Every protocol. A new one is its own file and a line here.
pub static PROTOCOLS: &[&Protocol] = &[
    &link::ethernet::PROTOCOL,
    &link::cooked::VERSION_1,
    &link::cooked::VERSION_2,
    &link::loopback::PROTOCOL,
    &link::llc::PROTOCOL,
    &link::stp::PROTOCOL,
    &link::vlan::PROTOCOL,
    &link::vlan::SERVICE_TAG,
    &link::cdp::PROTOCOL,
    &link::fibre_channel::PROTOCOL,
    &link::ieee1394::PROTOCOL,
    &link::pflog::LOG,
    &link::pflog::ENCAPSULATION,
    &link::slow::PROTOCOL,
    &link::slow::AGGREGATION,
    &link::switch_tag::MARVELL,
    &link::switch_tag::MARVELL_ETHER_TYPE,
    &link::switch_tag::BROADCOM,
    &link::switch_tag::BROADCOM_BEFORE,
    &link::token_ring::TOKEN_RING,
    &link::token_ring::FDDI,
    &link::trill::PROTOCOL,
    &link::wireless_header::PRISM,
    &link::wireless_header::ABSOLUTE_VALUE,
    &link::wireless_header::PER_PACKET,
    &link::bridge_tag::VIRTUAL_PORT,
    &link::bridge_tag::EXTENSION,
    &link::bridge_tag::RING,
    &link::bridge_tag::REDUNDANCY,
    &link::arcnet::LINUX,
    &link::arcnet::BSD,
    &link::arista::PROTOCOL,
    &link::atm::CLASSICAL_IP,
    &link::atm::SUN,
    &link::backbone::PROTOCOL,
    &link::cisco_metadata::PROTOCOL,
    &link::frame_relay::PROTOCOL,
    &link::infiniband::PROTOCOL,
    &link::ipnet::PROTOCOL,
    &link::isl::PROTOCOL,
    &link::juniper::PROTOCOL,
    &link::lldp::PROTOCOL,
    &link::loopback_test::PROTOCOL,
    &link::macsec::PROTOCOL,
    &link::nflog::PROTOCOL,
    &link::osi::PROTOCOL,
    &link::packet_tap::PROTOCOL,
    &link::radiotap::PROTOCOL,
    &link::wireless::PROTOCOL,
    &link::chdlc::PROTOCOL,
    &link::chdlc::ADDRESS_RESOLUTION,
    &link::eap::PROTOCOL,
    &link::eap::OVER_LAN,
    &link::ppp::PROTOCOL,
    &link::ppp::WITH_DIRECTION,
    &link::ppp::DIRECTION_FOR_ADDRESS,
    &link::ppp_authentication::PASSWORD,
    &link::ppp_authentication::CHALLENGE,
    &link::ppp_control::LINK,
    &link::ppp_control::IPV4,
    &link::ppp_control::IPV6,
    &link::ppp_control::COMPRESSION,
    &link::ppp_control::OTHER,
    &link::pppoe::DISCOVERY,
    &link::pppoe::SESSION,
    &link::raw::PROTOCOL,
    &network::arp::PROTOCOL,
    &network::ipv4::PROTOCOL,
    &network::ipv6::PROTOCOL,
    &network::extension::hop_by_hop::PROTOCOL,
    &network::extension::destination::PROTOCOL,
    &network::extension::routing::PROTOCOL,
    &network::extension::fragment::PROTOCOL,
    &network::extension::authentication::PROTOCOL,
    &network::extension::encryption::PROTOCOL,
    &network::extension::mobility::PROTOCOL,
    &network::extension::host_identity::PROTOCOL,
    &network::extension::shim::PROTOCOL,
    &network::extension::no_next_header::PROTOCOL,
    &network::icmp::PROTOCOL,
    &network::icmpv6::PROTOCOL,
    &network::igmp::PROTOCOL,
    &network::vrrp::PROTOCOL,
    &network::ospf::PROTOCOL,
    &network::eigrp::PROTOCOL,
    &transport::tcp::PROTOCOL,
    &transport::udp::PROTOCOL,
    &transport::sctp::PROTOCOL,
    &application::dhcp::PROTOCOL,
    &application::dhcpv6::PROTOCOL,
    &application::dns::PROTOCOL,
    &application::dns::MULTICAST,
    &application::dns::LINK_LOCAL,
    &application::http::PROTOCOL,
    &application::http::DISCOVERY,
    &application::nbns::PROTOCOL,
    &application::ntp::PROTOCOL,
    &application::quic::PROTOCOL,
    &application::syslog::PROTOCOL,
    &application::text_line::FILE_TRANSFER,
    &application::text_line::MAIL_ACCESS,
    &application::text_line::MAIL_TRANSFER,
    &application::text_line::POST_OFFICE,
    &application::tftp::PROTOCOL,
    &application::tls::PROTOCOL,
    &tunnel::erspan::PROTOCOL,
    &tunnel::etherip::PROTOCOL,
    &tunnel::geneve::PROTOCOL,
    &tunnel::gre::PROTOCOL,
    &tunnel::l2tp::PROTOCOL,
    &tunnel::mpls::PROTOCOL,
    &tunnel::nsh::PROTOCOL,
    &tunnel::pim::PROTOCOL,
    &tunnel::pseudowire::CONTROL_WORD,
    &tunnel::pseudowire::ASSOCIATED_CHANNEL,
    &tunnel::sflow::PROTOCOL,
    &tunnel::teredo::PROTOCOL,
    &tunnel::vxlan::PROTOCOL,
    &application::payload::PROTOCOL,
];

/// The protocols by what they claim.
#[derive(Default)]
pub struct Registry {
    link_types: Claims,
    ether_types: Claims,
    link_length: Option<&'static Protocol>,
    service_access_points: Claims,
    ppp_protocols: Claims,
    ip_protocols: Claims,
    next_headers: Claims,
    tcp_ports: Claims,
    udp_ports: Claims,
    tcp_contents: Vec<(Guess, &'static Protocol)>,
    udp_contents: Vec<(Guess, &'static Protocol)>,
}

/// Claims of one kind, by their numbers. At least three of four slots stay empty, so that a number that nobody claims is told by the first
/// look: two of them are asked for with every segment.
#[derive(Default)]
struct Claims {
    /// As many as a power of two.
    slots: Vec<Option<(u16, &'static Protocol)>>,
    count: usize,
}

impl Claims {
    #[expect(clippy::arithmetic_side_effects, reason = "as many as there are claims, in four times as many places")]
    fn add(&mut self, number: impl Into<u16>, protocol: &'static Protocol) {
        self.count += 1;
        if self.count * 4 > self.slots.len() {
            let larger = vec![None; (self.count * 8).next_power_of_two()];
            for (number, protocol) in std::mem::replace(&mut self.slots, larger).into_iter().flatten() {
                self.put(number, protocol);
            }
        }
        self.put(number.into(), protocol);
    }

    fn put(&mut self, number: u16, protocol: &'static Protocol) {
        let mut place = self.first_place(number);
        while self.slots.get(place).is_some_and(Option::is_some) {
            place = self.next_place(place);
        }
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = Some((number, protocol));
        }
    }

    fn find(&self, number: impl Into<u16>) -> Option<&'static Protocol> {
        let number = number.into();
        let mut place = self.first_place(number);
        loop {
            match self.slots.get(place)? {
                Some((claimed, protocol)) if *claimed == number => return Some(protocol),
                Some(_) => place = self.next_place(place),
                None => return None,
            }
        }
    }

    /// Neighbours stand apart: an odd number near to 2^16 divided by the golden ratio spreads them.
    fn first_place(&self, number: u16) -> usize {
        usize::from(number.wrapping_mul(40_503) >> 4) & self.slots.len().wrapping_sub(1)
    }

    #[expect(clippy::arithmetic_side_effects, reason = "there is always a place, and far fewer than numbers for them")]
    fn next_place(&self, place: usize) -> usize {
        (place + 1) & (self.slots.len() - 1)
    }
}

/// The registry of every protocol in [`PROTOCOLS`].
#[must_use]
pub fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<Registry> = LazyLock::new(|| Registry::new(PROTOCOLS));
    &REGISTRY
}

impl Registry {
    fn new(protocols: &[&'static Protocol]) -> Self {
        let mut registry = Self::default();
        for protocol in protocols {
            for claim in protocol.claims {
                match *claim {
                    Selector::LinkType(number) => registry.link_types.add(number, protocol),
                    Selector::EtherType(number) => registry.ether_types.add(number, protocol),
                    Selector::LinkLength => registry.link_length = Some(protocol),
                    Selector::LinkServiceAccessPoint(number) => registry.service_access_points.add(number, protocol),
                    Selector::PppProtocol(number) => registry.ppp_protocols.add(number, protocol),
                    Selector::IpProtocol(number) => registry.ip_protocols.add(number, protocol),
                    Selector::NextHeader(number) => registry.next_headers.add(number, protocol),
                    Selector::TcpPort(number) => registry.tcp_ports.add(number, protocol),
                    Selector::UdpPort(number) => registry.udp_ports.add(number, protocol),
                    Selector::TcpContent(guess) => registry.tcp_contents.push((guess, protocol)),
                    Selector::UdpContent(guess) => registry.udp_contents.push((guess, protocol)),
                }
            }
        }
        registry
    }

    /// Who claims a number. Content is asked for with the bytes: see [`Registry::tcp`] and [`Registry::udp`].
    #[must_use]
    pub fn find(&self, selector: Selector) -> Option<&'static Protocol> {
        match selector {
            Selector::LinkType(number) => self.link_types.find(number),
            Selector::EtherType(number) => self.ether_types.find(number),
            Selector::LinkLength => self.link_length,
            Selector::LinkServiceAccessPoint(number) => self.service_access_points.find(number),
            Selector::PppProtocol(number) => self.ppp_protocols.find(number),
            Selector::IpProtocol(number) => self.ip_protocols.find(number),
            Selector::NextHeader(number) => self.next_headers.find(number).or_else(|| self.ip_protocols.find(number)),
            Selector::TcpPort(number) => self.tcp_ports.find(number),
            Selector::UdpPort(number) => self.udp_ports.find(number),
            Selector::TcpContent(_) | Selector::UdpContent(_) => None,
        }
    }

    /// Who a TCP segment's payload belongs to: by what it looks like, else by one of its ports.
    #[must_use]
    pub fn tcp(&self, source: u16, destination: u16, payload: &[u8]) -> Option<&'static Protocol> {
        by_content_or_port(&self.tcp_contents, &self.tcp_ports, source, destination, payload)
    }

    /// Who a UDP datagram's payload belongs to: by what it looks like, else by one of its ports.
    #[must_use]
    pub fn udp(&self, source: u16, destination: u16, payload: &[u8]) -> Option<&'static Protocol> {
        by_content_or_port(&self.udp_contents, &self.udp_ports, source, destination, payload)
    }

    /// The layer for bytes that nobody claims.
    #[must_use]
    pub fn payload(&self) -> &'static Protocol {
        &application::payload::PROTOCOL
    }
}

fn by_content_or_port(
    contents: &[(Guess, &'static Protocol)],
    ports: &Claims,
    source: u16,
    destination: u16,
    payload: &[u8],
) -> Option<&'static Protocol> {
    if payload.is_empty() {
        return None;
    }
    contents
        .iter()
        .find(|(guess, _)| guess(payload))
        .map(|(_, protocol)| *protocol)
        .or_else(|| ports.find(source.min(destination)))
        .or_else(|| ports.find(source.max(destination)))
}

/// The protocol of a name ("tcp").
#[must_use]
pub fn protocol_named(name: &str) -> Option<&'static Protocol> {
    PROTOCOLS.iter().find(|protocol| protocol.name == name).copied()
}

/// Every field of every protocol that goes by `id`, by its own name or by an alias.
pub fn fields_named(id: &str) -> impl Iterator<Item = (&'static Protocol, &'static Field)> {
    PROTOCOLS
        .iter()
        .flat_map(|protocol| protocol.fields.iter().copied().flatten().map(move |field| (*protocol, *field)))
        .filter(move |(_, field)| field.id == id || field.aliases.contains(&id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::testing::{dissect_cut, udp};
    use crate::frame::LinkType;
    use proptest::prelude::*;

    /// What stands before a payload that is told by this number, and the link type of the whole.
    fn before(claim: Selector) -> Option<(LinkType, Vec<u8>)> {
        let link = |ending: &[u8]| (LinkType::ETHERNET, [&[2; 12], ending].concat());
        Some(match claim {
            Selector::LinkType(number) => (LinkType(number), Vec::new()),
            Selector::EtherType(number) => link(&number.to_be_bytes()),
            Selector::LinkLength => link(&[5, 0]),
            Selector::LinkServiceAccessPoint(number) => link(&[5, 0, number, number, 3]),
            Selector::PppProtocol(number) => (LinkType(9), [&[0xff, 3], &number.to_be_bytes()[..]].concat()),
            Selector::IpProtocol(number) | Selector::NextHeader(number) => {
                (LinkType::IPV6, [&[0x60, 0, 0, 0, 4, 0, number, 64], &[1; 32][..]].concat())
            }
            Selector::UdpPort(number) => (LinkType::IPV4, udp(number, &[])),
            Selector::TcpPort(_) | Selector::TcpContent(_) | Selector::UdpContent(_) => return None,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Any bytes behind any number that is claimed: nothing panics, and nothing is shown where no bytes are.
        #[test]
        fn whatever_follows_a_claimed_number_is_borne(
            which in any::<prop::sample::Index>(),
            payload in prop_oneof![prop::collection::vec(any::<u8>(), 0..120), prop::collection::vec(0u8..9, 0..120)],
            lost in 0usize..40,
        ) {
            let claims: Vec<Selector> = PROTOCOLS.iter().flat_map(|protocol| protocol.claims).copied().collect();
            if let Some((link_type, mut bytes)) = before(*which.get(&claims)) {
                if let (LinkType::IPV4, [_, _, high, low, .., length_high, length_low, _, _]) = (link_type, &mut bytes[..]) {
                    // Long enough for every payload: what is behind the packet would be padding.
                    (*high, *low, *length_high, *length_low) = (4, 28, 4, 8);
                }
                bytes.extend(payload);
                let length = bytes.len() + lost;
                dissect_cut(link_type, bytes, length).fields();
            }
        }
    }
}
