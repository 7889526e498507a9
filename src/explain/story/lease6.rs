//! What DHCPv6 gives to hosts (RFC 8415).

use super::event::Asks;
use crate::dissect::{Dissection, Field, FieldSink, Span, Value, View};
use crate::limits::Limits;
use std::net::{IpAddr, Ipv6Addr};

/// The messages that servers answer with, and those between relays.
const SOLICIT: u8 = 1;
const ADVERTISE: u8 = 2;
const REPLY: u8 = 7;
const RELAY_FORWARD: u8 = 12;
const RELAY_REPLY: u8 = 13;
/// The options of an association of addresses, of temporary ones, and of prefixes.
const ADDRESSES: u64 = 3;
const TEMPORARY: u64 = 4;
const PREFIXES: u64 = 25;

/// What a client asked for, and what it was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lease6 {
    /// The client's address on its link.
    pub client: Option<IpAddr>,
    /// Whether a relay handed its messages on.
    pub is_relayed: bool,
    /// The first server, or relay, that answered.
    pub server: Option<IpAddr>,
    /// The first frame of each kind of message, by its number: 1 is Solicit, 11 Information-request (RFC 8415 section 7.3).
    pub messages: [Option<u64>; 12],
    /// Whether the client asked for addresses, and for prefixes.
    pub wants: [bool; 2],
    /// How often it asked everybody for addresses or prefixes.
    pub asks: Asks,
    /// The addresses that the server took back: they are valid for no second more (RFC 8415 section 18.2.10.1).
    pub withdrawn: Vec<Ipv6Addr>,
    /// The addresses that it was offered or given, each with the seconds that it is valid.
    pub addresses: Vec<(Ipv6Addr, u64)>,
    /// The prefixes, with their lengths in bits and the seconds that they are valid.
    pub prefixes: Vec<(Ipv6Addr, u64, u64)>,
    /// Whom to ask for names.
    pub name_servers: Vec<Ipv6Addr>,
    /// The domains in which a short name is looked up (RFC 3646 section 4).
    pub domains: Vec<Box<[u8]>>,
    /// A status that is not success (RFC 8415 section 21.13), and the frame with it.
    pub refused: Option<(u64, u64)>,
}

/// A message of DHCPv6.
#[derive(Debug, Default)]
pub(super) struct Message {
    kind: u8,
    said: Lease6,
    /// What an address or a prefix is valid, until that comes.
    pending: (Option<Ipv6Addr>, u64, u64),
    status: u64,
    is_relayed: bool,
    relay: Option<IpAddr>,
}

impl Message {
    /// Reads a message, where a frame has one, and finds whose it is.
    pub(super) fn read(bytes: &[u8], dissection: &Dissection) -> Option<(IpAddr, Self)> {
        let index = dissection.layers.iter().position(|layer| layer.protocol.name == "dhcpv6" && !layer.quoted)?;
        let (network, transport) = (dissection.network()?, dissection.transport()?);
        let mut message = Self::default();
        View::new(bytes, dissection, index)?.describe(&mut message);
        let (source, destination) = (network.source, network.destination);
        let client = message.said.client.unwrap_or(if transport.destination_port == 547 { source } else { destination });
        if matches!(message.kind, ADVERTISE | REPLY) {
            message.said.server = Some(source);
        } else if message.is_relayed {
            message.relay = Some(source);
        }
        usize::from(message.kind).checked_sub(1).filter(|kind| *kind < 11).map(|_| (client, message))
    }

    /// The server that says it, where it gives something.
    pub(super) fn giver(&self) -> Option<IpAddr> {
        self.said.server.filter(|_| !(self.said.addresses.is_empty() && self.said.prefixes.is_empty()))
    }

    /// Whether the client asks everybody for addresses or prefixes, as it has none.
    pub(super) const fn is_for_everybody(&self) -> bool {
        self.kind == SOLICIT
    }

    /// The relay that hands it on to a server.
    pub(super) const fn relay(&self) -> Option<IpAddr> {
        self.relay
    }

    fn is_answer(&self) -> bool {
        matches!(self.kind, ADVERTISE | REPLY)
    }

    /// Takes over what it says.
    pub(super) fn add_to(self, lease: &mut Lease6, client: IpAddr, frame: u64) {
        let is_answer = self.is_answer();
        let said = self.said;
        lease.client = Some(client);
        lease.is_relayed |= self.is_relayed;
        let is_another = is_answer && !lease.is_relayed && lease.server.is_some_and(|server| said.server != Some(server));
        // Of several servers that offer, the one that gives in the end counts.
        if is_another && (self.kind == ADVERTISE || lease.messages[usize::from(REPLY)].is_some()) {
            return;
        }
        if is_another {
            lease.messages[usize::from(ADVERTISE)] = None;
            (lease.server, lease.addresses, lease.prefixes, lease.name_servers) = (None, Vec::new(), Vec::new(), Vec::new());
            lease.domains = Vec::new();
            lease.refused = None;
        }
        if let Some(first) = lease.messages.get_mut(usize::from(self.kind)) {
            first.get_or_insert(frame);
        }
        if !is_answer {
            lease.wants = [0, 1].map(|place: usize| lease.wants[place] || said.wants[place]);
            return;
        }
        lease.server = lease.server.or(said.server);
        if !said.withdrawn.is_empty() && self.kind == REPLY {
            lease.withdrawn = said.withdrawn;
        }
        // What is given in the end counts, where that is something.
        if !said.addresses.is_empty() {
            lease.addresses = said.addresses;
        }
        if !said.prefixes.is_empty() {
            lease.prefixes = said.prefixes;
        }
        if !said.name_servers.is_empty() {
            lease.name_servers = said.name_servers;
        }
        if !said.domains.is_empty() {
            lease.domains = said.domains;
        }
        if self.status > 0 {
            lease.refused.get_or_insert((self.status, frame));
        }
    }
}

impl FieldSink for Message {
    fn open(&mut self, group: &'static Field, _: Span, value: Value<'_>) {
        match (group.id, value) {
            ("dhcpv6.option.type", Value::Number(ADDRESSES | TEMPORARY)) => self.said.wants[0] = true,
            ("dhcpv6.option.type", Value::Number(PREFIXES)) => self.said.wants[1] = true,
            _ => {}
        }
    }

    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        let Self { kind, said, pending, status, is_relayed, relay: _ } = self;
        match (field.id, value) {
            ("dhcpv6.msgtype", Value::Number(number)) => {
                *kind = u8::try_from(number).unwrap_or_default();
                *is_relayed |= matches!(*kind, RELAY_FORWARD | RELAY_REPLY);
            }
            // The innermost relay is the one that heard the client.
            ("dhcpv6.peeraddr", Value::Ipv6(address)) => said.client = Some(Ipv6Addr::from(address).into()),
            ("dhcpv6.iaaddr.ip", Value::Ipv6(address)) => pending.0 = Some(address.into()),
            ("dhcpv6.iaaddr.valid_lifetime", Value::Number(seconds)) => {
                let Some(address) = pending.0.take() else { return };
                if seconds > 0 && said.addresses.len() < Limits::STORY_LEASED {
                    said.addresses.push((address, seconds));
                } else if seconds == 0 && said.withdrawn.len() < Limits::STORY_LEASED {
                    said.withdrawn.push(address);
                }
            }
            ("dhcpv6.iaprefix.valid_lifetime", Value::Number(seconds)) => pending.1 = seconds,
            ("dhcpv6.iaprefix.pref_len", Value::Number(bits)) => pending.2 = bits,
            ("dhcpv6.iaprefix.pref_addr", Value::Ipv6(prefix)) if pending.1 > 0 && said.prefixes.len() < Limits::STORY_LEASED => {
                said.prefixes.push((prefix.into(), pending.2, pending.1));
            }
            ("dhcpv6.dns_server", Value::Ipv6(server)) if said.name_servers.len() < Limits::STORY_LEASED => {
                said.name_servers.push(server.into())
            }
            ("dhcpv6.search_list_entry", Value::Text(domain)) if said.domains.len() < Limits::STORY_LEASED => {
                said.domains.push(domain.into())
            }
            ("dhcpv6.status_code", Value::Number(code)) => *status = code.max(*status),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::testing::{bytes, dissect};
    use crate::frame::LinkType;

    const CLIENT: &str = "fe800000000000000000000000000001";
    const SERVER: &str = "fe800000000000000000000000000002";
    const EVERYBODY: &str = "ff020000000000000000000000010002";

    /// A message in UDP over IPv6.
    fn packet(source: &str, destination: &str, ports: &str, message: &str) -> String {
        let message: String = message.split_whitespace().collect();
        let length = 8 + message.len() / 2;
        format!("60000000 {length:04x} 11 40 {source} {destination} {ports} {length:04x} 0000 {message}")
    }

    fn tell(packets: &[String]) -> Lease6 {
        let mut lease = Lease6::default();
        for (frame, packet) in (1..).zip(packets) {
            let (client, message) = Message::read(&bytes(packet), &dissect(LinkType::IPV6, packet).dissection).expect("a message");
            message.add_to(&mut lease, client, frame);
        }
        lease
    }

    #[test]
    fn what_is_given_counts_and_not_what_is_asked_for() {
        let association = |kind: &str, inside: &str| {
            let inside: String = inside.split_whitespace().collect();
            format!("{kind} {:04x} 00000001 00000000 00000000 {inside}", 12 + inside.len() / 2)
        };
        let address = |last: &str, valid: &str| format!("0005 0018 20010db80000000000000000000000{last} 00000e10 {valid}");
        let prefix = "001a 0019 00000e10 00001c20 38 20010db8000100000000000000000000";
        let asked = [association("0003", &address("99", "00000e10")), association("0019", "")].concat();
        let given = [
            association("0003", &address("10", "00000e10")),
            association("0019", prefix),
            "0017 0010 20010db8000000000000000000000035".to_owned(),
        ]
        .concat();
        let lease = tell(&[
            packet(CLIENT, EVERYBODY, "0222 0223", &format!("01 000001 {asked}")),
            packet(SERVER, CLIENT, "0223 0222", &format!("07 000001 {given}")),
        ]);
        assert_eq!(lease.wants, [true, true]);
        assert_eq!(lease.addresses, [("2001:db8::10".parse().unwrap(), 3600)]);
        assert_eq!(lease.prefixes, [("2001:db8:1::".parse().unwrap(), 56, 7200)]);
        assert_eq!(lease.name_servers, ["2001:db8::35".parse::<Ipv6Addr>().unwrap()]);
        assert_eq!(
            [lease.client, lease.server],
            [CLIENT, SERVER].map(|address| Some(Ipv6Addr::from(u128::from_str_radix(address, 16).unwrap()).into()))
        );
        assert_eq!((lease.messages[1], lease.messages[7], lease.refused, lease.is_relayed), (Some(1), Some(2), None, false));
    }

    #[test]
    fn of_several_servers_the_one_that_gives_counts() {
        let given = |last: &str| {
            format!("000001 0003 0028 00000001 00000000 00000000 0005 0018 20010db80000000000000000000000{last} 00000e10 00000e10")
        };
        let other = "fe800000000000000000000000000003";
        let answer = |server: &str, kind: &str, last: &str| packet(server, CLIENT, "0223 0222", &format!("{kind} {}", given(last)));
        let lease = tell(&[
            packet(CLIENT, EVERYBODY, "0222 0223", "01 000001"),
            answer(SERVER, "02", "10"),
            answer(other, "02", "20"),
            answer(other, "07", "20"),
        ]);
        assert_eq!(lease.addresses, [("2001:db8::20".parse().unwrap(), 3600)]);
        assert_eq!((lease.server, lease.messages[2], lease.messages[7]), ("fe80::3".parse().ok(), None, Some(4)));
    }

    #[test]
    fn a_relayed_message_is_the_clients_and_a_status_is_kept() {
        let link = "20010db8000100000000000000000001";
        let inside = "03 000001";
        let forward = packet(SERVER, EVERYBODY, "0223 0223", &format!("0c 00 {link} {CLIENT} 0009 0004 {inside}"));
        let status = packet(SERVER, CLIENT, "0223 0222", "07 000001 000d 0002 0002");
        let lease = tell(&[forward, status]);
        assert!(lease.is_relayed);
        assert_eq!((lease.messages[3], lease.refused), (Some(1), Some((2, 2))));
    }
}
