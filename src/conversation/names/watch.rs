//! Watching frames for what gives names to addresses.

use super::{
    NameSource, Names,
    lease::Leases,
    meant::{self, End},
    reverse,
    said::Head,
};
use crate::conversation::dns::{Data, Message, Section, kind};
use crate::dissect::application::{dhcp, dns, http, nbns, tls};
use crate::dissect::transport::tcp::{ACK, SYN};
use crate::dissect::{Dissection, View};
use crate::limits::Limits;
use std::collections::HashSet;
use std::net::IpAddr;

/// Watches frames, and learns from each what it says about names. A frame counts for those behind it.
#[derive(Clone, Debug, Default)]
pub struct NameWatch {
    names: Names,
    message: Message,
    leases: Leases,
    /// Who was asked for somebody else's pages: what is said to a proxy names others.
    proxies: HashSet<End>,
    head: Head,
}

impl NameWatch {
    /// What was learnt so far.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The same, for who knows more than frames show: a name in a message that was put together from several.
    pub fn names_mut(&mut self) -> &mut Names {
        &mut self.names
    }

    /// Learns what a frame shows; `bytes` are those that were dissected.
    pub fn observe(&mut self, bytes: &[u8], frame: u64, dissection: &Dissection) {
        let Some(transport) = dissection.transport() else { return };
        let opens = transport.tcp.is_some_and(|tcp| tcp.flags & (SYN | ACK) == SYN);
        if (opens || transport.tcp.is_none())
            && !self.names.is_empty()
            && let Some(ends) = meant::ends(dissection)
        {
            self.names.begins(ends, frame, opens);
        }
        for index in transport.layer + 1..dissection.layers.len() {
            let Some(view) = View::new(bytes, dissection, index) else { return };
            let protocol = view.layer().protocol;
            let ends = view
                .network()
                .map(|network| [(network.source, Some(transport.source_port)), (network.destination, Some(transport.destination_port))]);
            if protocol.is(&http::PROTOCOL) {
                self.observe_request(view, ends, frame);
            } else if protocol.is(&tls::PROTOCOL) {
                self.observe_hello(view, ends, frame);
            } else if protocol.is(&dns::PROTOCOL) {
                let client = ends.map(|[_, (client, _)]| client);
                self.observe_message(view, (NameSource::Dns, client), frame);
            } else if protocol.is(&dns::MULTICAST) {
                self.observe_message(view, (NameSource::MulticastDns, None), frame);
            } else if protocol.is(&dns::LINK_LOCAL) {
                self.observe_message(view, (NameSource::LinkLocal, None), frame);
            } else if protocol.is(&nbns::PROTOCOL) {
                self.observe_message(view, (NameSource::NetBios, None), frame);
            } else if protocol.is(&dhcp::PROTOCOL) {
                self.leases.observe(view, frame, &mut self.names);
            }
        }
    }

    fn observe_request(&mut self, view: View<'_>, ends: Option<[End; 2]>, frame: u64) {
        let Some(ends) = ends.filter(|_| self.head.read(view)) else { return };
        let server = ends[1];
        if self.head.asks_proxy {
            if self.proxies.len() < Limits::PROXIES {
                self.proxies.insert(server);
            }
        } else if !self.proxies.contains(&server) {
            let host = self.head.host();
            self.names.learn(server.0, host, NameSource::HttpHost, Some(frame));
            self.names.said(ends, host, frame);
        }
    }

    fn observe_hello(&mut self, view: View<'_>, ends: Option<[End; 2]>, frame: u64) {
        let Some(ends) = ends.filter(|[_, server]| !self.proxies.contains(server) && self.head.read(view)) else { return };
        self.names.learn(ends[1].0, self.head.host(), NameSource::ServerName, Some(frame));
        self.names.said(ends, self.head.host(), frame);
    }

    fn observe_message(&mut self, view: View<'_>, (source, client): (NameSource, Option<IpAddr>), frame: u64) {
        self.message.clear();
        view.describe(&mut self.message);
        learn_message(&mut self.names, &self.message, (source, client), frame);
    }
}

/// Learns what a message of DNS, or of those who speak its language, says about names; a client is told for what it asked.
pub fn learn_message(names: &mut Names, message: &Message, (source, client): (NameSource, Option<IpAddr>), frame: u64) {
    if !message.response || message.operation != 0 || message.code != 0 {
        return;
    }
    let aliases = message.aliases();
    // What was asked for is what the address is called, whatever it is an alias of.
    let called = |owner| {
        let is_asked = aliases.names().iter().any(|alias| message.is_same(*alias, owner));
        aliases.names().first().copied().filter(|_| is_asked).unwrap_or(owner)
    };
    for record in message.records.iter().filter(|record| record.section != Section::Authority) {
        match record.data {
            Data::Address(address) => {
                let name = message.text(called(record.owner));
                let name = if source == NameSource::NetBios { net_bios_name(name) } else { Some(name) };
                if let Some(name) = name {
                    names.learn(address, name, source, Some(frame));
                    if let Some(client) = client {
                        names.looked_up(client, address, name, frame);
                    }
                }
            }
            Data::Name(name) if record.kind == kind::PTR => {
                // Some networks delegate single addresses with an alias (RFC 2317): the name that was asked for has the address in it.
                if let Some(address) = reverse::address(message.text(called(record.owner))) {
                    let source = if source == NameSource::Dns { NameSource::ReverseDns } else { source };
                    names.learn(address, message.text(name), source, Some(frame));
                }
            }
            Data::Name(_) | Data::Other => {}
        }
    }
}

/// The name of a host: those of other kinds than workstation and file server are of services or groups.
fn net_bios_name(name: &[u8]) -> Option<&[u8]> {
    name.strip_suffix(b"<00>").or_else(|| name.strip_suffix(b"<20>"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::testing::{bytes, look, tcp, udp};

    const CLIENT: [u8; 4] = [10, 0, 0, 1];
    const SERVER: [u8; 4] = [10, 0, 0, 2];

    /// The names after frames, each a raw IPv4 packet from the client to the server.
    fn watch(packets: &[Vec<u8>]) -> NameWatch {
        let mut watch = NameWatch::default();
        for (place, packet) in packets.iter().enumerate() {
            let outcome = look(packet.clone());
            watch.observe(&outcome.bytes, place as u64 + 1, &outcome.dissection);
        }
        watch
    }

    fn names(watch: &NameWatch, address: impl Into<IpAddr>) -> Vec<(&str, NameSource, Option<u64>)> {
        let known = watch.names().known(address.into());
        known.into_iter().flat_map(|known| known.all()).map(|found| (&*found.name, found.source, found.frame)).collect()
    }

    fn name(text: &str) -> Vec<u8> {
        let labels = text.split('.').flat_map(|label| [&[label.len() as u8], label.as_bytes()].concat());
        labels.chain([0]).collect()
    }

    fn record(owner: &str, kind: u16, data: &[u8]) -> Vec<u8> {
        let length = (data.len() as u16).to_be_bytes();
        [&name(owner)[..], &kind.to_be_bytes(), &[0, 1, 0, 0, 0, 60], &length, data].concat()
    }

    fn answer(question: &str, kind: u16, records: &[Vec<u8>]) -> Vec<u8> {
        let header = [0, 1, 0x81, 0x80, 0, 1, 0, records.len() as u8, 0, 0, 0, 0];
        [&header[..], &name(question), &kind.to_be_bytes(), &[0, 1], &records.concat()].concat()
    }

    #[test]
    fn what_was_asked_for_is_the_name_whatever_it_is_an_alias_of() {
        let records = [
            record("WWW.example.com", 5, &name("cdn.example.net")),
            record("cdn.example.net", 5, &name("edge.example.org")),
            record("edge.example.org", 1, &[192, 0, 2, 7]),
            record("other.example.org", 1, &[192, 0, 2, 8]),
        ];
        let watch = watch(&[udp(53, &answer("www.example.com", 1, &records))]);
        assert_eq!(names(&watch, [192, 0, 2, 7]), [("www.example.com", NameSource::Dns, Some(1))]);
        assert_eq!(names(&watch, [192, 0, 2, 8]), [("other.example.org", NameSource::Dns, Some(1))]);
    }

    #[test]
    fn questions_errors_and_updates_name_nothing() {
        let message = answer("www.example.com", 1, &[record("www.example.com", 1, &[192, 0, 2, 7])]);
        for (place, byte) in [(2, 0x01), (3, 0x83), (2, 0xa8)] {
            let mut message = message.clone();
            message[place] = byte;
            assert!(watch(&[udp(53, &message)]).names().is_empty(), "{byte:#x}");
        }
        assert_eq!(watch(&[udp(53, &message)]).names().len(), 1);
        assert!(watch(&[udp(5300, &message)]).names().is_empty());
    }

    #[test]
    fn a_pointer_names_the_address_in_its_name_an_alias_of_which_may_be_delegated() {
        let records = [
            record("7.2.0.192.in-addr.arpa", 5, &name("7.0-15.2.0.192.in-addr.arpa")),
            record("7.0-15.2.0.192.in-addr.arpa", 12, &name("h7.example.com")),
        ];
        let whole = udp(53, &answer("7.2.0.192.in-addr.arpa", 12, &records));
        assert_eq!(names(&watch(std::slice::from_ref(&whole)), [192, 0, 2, 7]), [("h7.example.com", NameSource::ReverseDns, Some(1))]);
        // Of a name that was cut less than all would be shown.
        let mut cut = whole;
        cut.truncate(cut.len() - 4);
        let length = cut.len();
        let outcome = crate::dissect::testing::dissect_cut(crate::frame::LinkType::IPV4, cut, length + 4);
        let mut watch = NameWatch::default();
        watch.observe(&outcome.bytes, 1, &outcome.dissection);
        assert!(watch.names().is_empty());
    }

    #[test]
    fn hosts_say_their_names_by_multicast() {
        let announcement = [&[0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0][..], &record("Printer.local", 1, &[10, 0, 0, 9])].concat();
        let watch = watch(&[udp(5353, &announcement)]);
        assert_eq!(names(&watch, [10, 0, 0, 9]), [("Printer.local", NameSource::MulticastDns, Some(1))]);
    }

    #[test]
    fn a_net_bios_answer_names_a_host_and_no_group() {
        let letters =
            "0001 8500 0000 0001 0000 0000 20 4547464345464545434143414341434143414341434143414341434143414341 00 0020 0001 00000000 0006";
        for (flags, found) in [("0000", 1), ("8000", 0)] {
            let watch = watch(&[udp(137, &bytes(&format!("{letters} {flags} 0a000009")))]);
            assert_eq!(names(&watch, [10, 0, 0, 9]).len(), found, "{flags}");
        }
    }

    #[test]
    fn a_request_names_the_server_it_goes_to_unless_that_is_a_proxy() {
        let request = |line: &str| tcp(8080, format!("{line}\r\nAccept: */*\r\nHost: www.example.com:8080\r\n\r\n").as_bytes());
        let named = watch(&[request("GET / HTTP/1.1")]);
        assert_eq!(names(&named, SERVER), [("www.example.com", NameSource::HttpHost, Some(1))]);
        assert_eq!(names(&named, CLIENT), []);
        for first in ["GET http://www.example.com/ HTTP/1.1", "CONNECT www.example.com:443 HTTP/1.1"] {
            assert!(watch(&[request(first), request("GET / HTTP/1.1")]).names().is_empty(), "{first}");
        }
        let literal = tcp(80, b"GET / HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n");
        let cut = tcp(80, b"GET / HTTP/1.1\r\nHost: www.exam");
        assert!(watch(&[literal, cut]).names().is_empty());
    }

    #[test]
    fn a_hello_names_the_server_it_goes_to() {
        let names_list = [&[0, 0, 0, 20, 0, 18, 0, 0, 15][..], b"www.example.com"].concat();
        let hello = [&[3, 3][..], &[7; 32], &[0, 0, 2, 0x13, 1, 1, 0], &[0, names_list.len() as u8], &names_list].concat();
        let length = hello.len() as u8;
        let record = [&[22, 3, 1, 0, length + 4, 1, 0, 0, length][..], &hello].concat();
        assert_eq!(names(&watch(&[tcp(443, &record)]), SERVER), [("www.example.com", NameSource::ServerName, Some(1))]);
        let cut = tcp(443, &record[..record.len() - 3]);
        let connect = tcp(443, b"CONNECT www.example.com:443 HTTP/1.1\r\n\r\n");
        assert!(watch(&[cut, connect, tcp(443, &record)]).names().is_empty());
    }

    #[test]
    fn a_lease_gives_the_address_its_client() {
        let message = |operation: u8, kind: u8, yours: [u8; 4], options: &[u8]| {
            let mut fixed = vec![0; 236];
            fixed[..8].copy_from_slice(&[operation, 1, 6, 0, 1, 2, 3, 4]);
            fixed[16..20].copy_from_slice(&yours);
            udp(67, &[&fixed[..], &[99, 130, 83, 99, 53, 1, kind], options, &[255]].concat())
        };
        let request = message(1, 3, [0; 4], &[12, 2, b'h', b'1']);
        let watched = watch(&[request, message(2, 2, [10, 0, 0, 8], &[]), message(2, 5, [10, 0, 0, 9], &[])]);
        assert_eq!(names(&watched, [10, 0, 0, 8]), [], "only offered");
        assert_eq!(names(&watched, [10, 0, 0, 9]), [("h1", NameSource::Dhcp, Some(3))]);
    }
}
