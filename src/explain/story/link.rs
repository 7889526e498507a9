//! What hosts of one link say to each other: who has an address (ARP, RFC 826; neighbour discovery, RFC 4861), who leases one (DHCP).

use super::{Lease, Resolution};
use crate::dissect::{Dissection, Field, FieldSink, Layer, Span, Value, View};
use crate::limits::Limits;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a frame says about addresses of the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// Who has the target?
    Asks { asker: IpAddr, link: Option<[u8; 6]>, target: IpAddr },
    /// I have.
    Answers { owner: IpAddr, link: [u8; 6], to: Option<IpAddr> },
    /// I have, unasked.
    Announces { owner: IpAddr, link: [u8; 6] },
    /// Here is a router.
    Advertises { router: IpAddr, link: Option<[u8; 6]> },
}

/// What an ARP packet or a message of neighbour discovery says.
pub(super) fn says(bytes: &[u8], dissection: &Dissection) -> Option<Says> {
    let layer = dissection.layers.iter().find(|layer| matches!(layer.protocol.name, "arp" | "icmpv6"))?;
    if layer.quoted {
        return None;
    }
    let body = bytes.get(layer.start..layer.end)?;
    if layer.protocol.name == "arp" { arp(body) } else { neighbour(bytes, body, dissection) }
}

fn arp(body: &[u8]) -> Option<Says> {
    // Ethernet and IPv4, with addresses of 6 and 4 bytes.
    let &[0, 1 | 6, 8, 0, 6, 4, 0, operation, ref addresses @ ..] = body else { return None };
    let &[a, b, c, d, e, f, s1, s2, s3, s4, _, _, _, _, _, _, t1, t2, t3, t4, ..] = addresses else { return None };
    let (link, sender, target) = ([a, b, c, d, e, f], Ipv4Addr::new(s1, s2, s3, s4), Ipv4Addr::new(t1, t2, t3, t4));
    match operation {
        1 if sender == target => Some(Says::Announces { owner: sender.into(), link }),
        1 => Some(Says::Asks { asker: sender.into(), link: Some(link), target: target.into() }),
        2 if sender == target => Some(Says::Announces { owner: sender.into(), link }),
        2 => Some(Says::Answers { owner: sender.into(), link, to: Some(target.into()) }),
        _ => None,
    }
}

fn neighbour(bytes: &[u8], body: &[u8], dissection: &Dissection) -> Option<Says> {
    // What has passed a router is no neighbour's (RFC 4861 section 6.1, 7.1).
    let network = dissection.network().filter(|network| network.hop_limit == 255)?;
    let target = || Some(IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(body.get(8..24)?).ok()?)));
    let option = |at: usize, wanted: u8| {
        let mut rest = body.get(at..)?;
        while let &[kind, length, ..] = rest {
            if length == 0 {
                return None;
            }
            if kind == wanted {
                return <[u8; 6]>::try_from(rest.get(2..8)?).ok();
            }
            rest = rest.get(usize::from(length) * 8..)?;
        }
        None
    };
    match *body.first()? {
        134 => Some(Says::Advertises { router: network.source, link: option(16, 1) }),
        135 => Some(Says::Asks { asker: network.source, link: option(24, 1), target: target()? }),
        136 => {
            let link = option(24, 2).or_else(|| sender(bytes, dissection))?;
            let is_solicited = body.get(4)? & 0x40 != 0;
            let owner = target()?;
            Some(if is_solicited { Says::Answers { owner, link, to: Some(network.destination) } } else { Says::Announces { owner, link } })
        }
        _ => None,
    }
}

/// The hardware address that a frame came from.
pub(super) fn sender(bytes: &[u8], dissection: &Dissection) -> Option<[u8; 6]> {
    let layer = dissection.layers.first()?;
    // A cooked header says how long the address is; it keeps no other.
    let place = match layer.protocol.name {
        "eth" => 6,
        "sll" if bytes.get(layer.start + 4..layer.start + 6)? == [0, 6] => 6,
        "sll2" if *bytes.get(layer.start + 11)? == 6 => 12,
        _ => return None,
    };
    bytes.get(layer.start + place..)?.first_chunk().copied()
}

/// A question for a hardware address.
pub(super) fn question(asker: IpAddr, target: IpAddr, frame: u64, tags: u32) -> Resolution {
    let by = (None, None);
    Resolution { asker, target, asked: 1, last: frame, answer: None, since: 0, other: None, by, really: None, proxy: None, tags }
}

/// A message of DHCP.
#[derive(Debug, Default)]
pub(super) struct LeaseMessage {
    pub(super) kind: u8,
    pub(super) transaction: u64,
    /// Whom the client asks, where that is one server, and no relay asks for it.
    pub(super) to: Option<Ipv4Addr>,
    pub(super) lease: Lease,
}

/// Types of messages (RFC 2132 section 9.6).
pub(super) const DISCOVER: u8 = 1;
pub(super) const OFFER: u8 = 2;
const REQUEST: u8 = 3;
pub(super) const DECLINE: u8 = 4;
const REFUSED: u8 = 6;
const RELEASE: u8 = 7;
pub(super) const ACKNOWLEDGED: u8 = 5;

impl LeaseMessage {
    /// Reads a message, where a frame has one.
    pub(super) fn read(bytes: &[u8], dissection: &Dissection) -> Option<Self> {
        let index = dissection.layers.iter().position(|layer: &Layer| layer.protocol.name == "dhcp" && !layer.quoted)?;
        let mut message = Self::default();
        View::new(bytes, dissection, index)?.describe(&mut message);
        let is_asked = |to: &Ipv4Addr| !to.is_broadcast() && !to.is_multicast() && message.lease.relay.is_none();
        message.to = match dissection.network()?.destination {
            IpAddr::V4(to) if matches!(message.kind, DISCOVER | REQUEST) => Some(to).filter(is_asked),
            IpAddr::V4(_) | IpAddr::V6(_) => None,
        };
        (message.kind > 0).then_some(message)
    }

    /// Whether the client has its address already and asks another server, or had one and lets go of it.
    pub(super) fn begins_anew(&self, lease: &Lease) -> bool {
        let other = self.to.or(self.lease.server);
        let [is_declined, is_released] = [DECLINE, RELEASE].map(|kind| lease.messages[usize::from(kind)].is_some());
        self.kind == DISCOVER && is_declined
            || matches!(self.kind, DISCOVER | REQUEST) && is_released
            || matches!(self.kind, DISCOVER | REQUEST)
                && lease.messages[5].is_some()
                && other.is_some_and(|other| lease.server.is_some_and(|server| server != other))
    }

    /// Takes over what a later message says about the same lease.
    pub(super) fn add_to(self, lease: &mut Lease, frame: u64) {
        let said = self.lease;
        if self.kind == REQUEST && lease.messages[3].is_none() {
            lease.asked = self.to.map(|server| (server, frame));
        }
        lease.relay = lease.relay.or(said.relay);
        if let (OFFER, Some(server)) = (self.kind, said.server)
            && lease.offers.len() < Limits::STORY_OFFERS
        {
            lease.offers.push((server, frame));
        }
        if let Some(first) = lease.messages.get_mut(usize::from(self.kind)) {
            first.get_or_insert(frame);
        }
        if matches!(self.kind, REQUEST | RELEASE) {
            lease.named = lease.named.or(said.named);
        } else if self.kind == REFUSED {
            lease.reason = lease.reason.take().or(said.reason);
        }
        lease.client = if lease.client == [0; 6] { said.client } else { lease.client };
        lease.name = lease.name.take().or(said.name);
        // Of several that offer, one gives: its offer is the one that counts.
        if self.kind == ACKNOWLEDGED && said.server.is_some() && said.server != lease.server {
            let offer = lease.offers.iter().find(|(server, _)| Some(*server) == said.server);
            lease.messages[2] = offer.map(|(_, frame)| *frame);
        }
        // Offer and ACK are the server's word; what it gives in the end counts.
        let is_first_offer = self.kind == OFFER && lease.server.is_none_or(|server| said.server == Some(server));
        if is_first_offer || self.kind == ACKNOWLEDGED {
            lease.address = said.address.filter(|address| !address.is_unspecified()).or(lease.address);
            lease.mask = said.mask.or(lease.mask);
            lease.router = said.router.or(lease.router);
            if !said.name_servers.is_empty() {
                lease.name_servers = said.name_servers;
            }
            lease.server = said.server.or(lease.server);
            lease.seconds = said.seconds.or(lease.seconds);
        }
    }
}

impl FieldSink for LeaseMessage {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        let lease = &mut self.lease;
        match (field.id, value) {
            ("dhcp.option.dhcp", Value::Number(kind)) => self.kind = u8::try_from(kind).unwrap_or_default(),
            ("dhcp.id", Value::Number(transaction)) => self.transaction = transaction,
            ("dhcp.hw.mac_addr", Value::Mac(address)) => lease.client = address,
            ("dhcp.option.hostname", Value::Text(name)) => lease.name = Some(name.into()),
            ("dhcp.ip.relay", Value::Ipv4(relay)) => lease.relay = Some(Ipv4Addr::from(relay)).filter(|relay| !relay.is_unspecified()),
            ("dhcp.ip.client" | "dhcp.option.requested_ip_address", Value::Ipv4(address)) => {
                lease.named = Some(Ipv4Addr::from(address)).filter(|address| !address.is_unspecified()).or(lease.named);
            }
            ("dhcp.option.message", Value::Text(reason)) => lease.reason = Some(reason.into()),
            ("dhcp.ip.your", Value::Ipv4(address)) => lease.address = Some(address.into()),
            ("dhcp.option.subnet_mask", Value::Ipv4(mask)) => lease.mask = Some(mask.into()),
            ("dhcp.option.router", Value::Ipv4(router)) => {
                lease.router.get_or_insert(router.into());
            }
            ("dhcp.option.domain_name_server", Value::Ipv4(server)) if lease.name_servers.len() < Limits::STORY_NAME_SERVERS => {
                lease.name_servers.push(server.into());
            }
            ("dhcp.option.dhcp_server_id", Value::Ipv4(server)) => lease.server = Some(server.into()),
            ("dhcp.option.ip_address_lease_time", Value::Number(seconds)) => lease.seconds = Some(seconds),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::testing::{bytes, dissect};
    use crate::frame::LinkType;

    const REQUEST: &str = "ffffffffffff 0200c0a8010b 0806 0001 0800 06 04 0001 0200c0a8010b c0a8010b 000000000000 c0a80101";

    fn heard(hexadecimal: &str) -> Option<Says> {
        says(&bytes(hexadecimal), &dissect(LinkType::ETHERNET, hexadecimal).dissection)
    }

    #[test]
    fn questions_answers_and_announcements_are_told_apart() {
        let link = [2, 0, 0xc0, 0xa8, 1, 11];
        let [home, modem] = [IpAddr::from([192, 168, 1, 11]), IpAddr::from([192, 168, 1, 1])];
        assert_eq!(heard(REQUEST), Some(Says::Asks { asker: home, link: Some(link), target: modem }));
        assert_eq!(heard(&REQUEST.replace("04 0001", "04 0002")), Some(Says::Answers { owner: home, link, to: Some(modem) }));
        assert_eq!(heard(&REQUEST.replace("c0a80101", "c0a8010b")), Some(Says::Announces { owner: home, link }));
        assert_eq!(heard(&REQUEST[..60]), None);
    }

    #[test]
    fn a_neighbour_says_its_link_address_in_an_option() {
        let advertisement = "0200c0a8010b 0200c0a80101 86dd 60000000 0020 3a ff fe800000000000000000000000000001 \
                             fe800000000000000000000000000011 8800 0000 60000000 fe800000000000000000000000000001 0201 0200c0a80101";
        let [owner, to]: [IpAddr; 2] = ["fe80::1".parse().unwrap(), "fe80::11".parse().unwrap()];
        assert_eq!(heard(advertisement), Some(Says::Answers { owner, link: [2, 0, 0xc0, 0xa8, 1, 1], to: Some(to) }));
    }

    fn message(kind: u8, server: Option<[u8; 4]>, to: Option<[u8; 4]>, address: [u8; 4]) -> LeaseMessage {
        let lease = Lease { server: server.map(Ipv4Addr::from), address: Some(address.into()), ..Lease::default() };
        LeaseMessage { kind, transaction: 1, to: to.map(Ipv4Addr::from), lease }
    }

    #[test]
    fn of_two_servers_that_offer_the_one_that_gives_counts() {
        let mut lease = Lease::default();
        let (one, two) = ([10, 0, 0, 1], [10, 0, 0, 2]);
        let said = [
            message(DISCOVER, None, None, [0; 4]),
            message(OFFER, Some(one), None, [10, 0, 0, 11]),
            message(OFFER, Some(two), None, [10, 0, 0, 12]),
            message(super::REQUEST, Some(two), None, [0; 4]),
            message(ACKNOWLEDGED, Some(two), None, [10, 0, 0, 12]),
        ];
        for (message, frame) in said.into_iter().zip(1..) {
            message.add_to(&mut lease, frame);
        }
        assert_eq!((lease.server, lease.address), (Some(two.into()), Some([10, 0, 0, 12].into())));
        assert_eq!((lease.messages[2], lease.messages[5]), (Some(3), Some(5)));
        assert!(message(super::REQUEST, None, Some(one), [0; 4]).begins_anew(&lease));
        assert!(!message(super::REQUEST, None, Some(two), [0; 4]).begins_anew(&lease));
        assert!(!message(super::REQUEST, None, None, [0; 4]).begins_anew(&lease));
    }
}
