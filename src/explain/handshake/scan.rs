//! Hosts that try the ports of another, or one port of many: what a scanner does to learn what is there.
//!
//! Whoever uses services knows where they are: most of what it calls answers. Whoever looks for them is refused, or hears nothing, most of
//! the time.

use super::facts::HandshakeFacts;
use super::socket;
use crate::conversation::{Conversation, Kind, Side, State};
use crate::explain::reported::Reported;
use crate::explain::room::NoRoom;
use crate::frame::Timestamp;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use ipnet::IpNet;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

/// How many ports, or hosts, must have been tried.
const FEWEST: usize = 20;
/// How many of the ports must be of services: those that clients take for themselves, and passive FTP its files, lie above.
const FEWEST_OF_SERVICES: usize = 10;
const SERVICES: u16 = 10_000;
/// Ports below are a system's own services (RFC 6335 section 6).
const WELL_KNOWN: u16 = 1_024;
/// Of so many at least one may answer, and no more.
const ANSWERED: usize = 4;
/// How many open ports are named, and how many frames.
const NAMED: usize = 8;
const FRAMES: usize = 6;

/// What hosts tried.
#[derive(Debug, Default)]
pub(super) struct Scans {
    ports: Tries<(IpAddr, IpAddr)>,
    datagram_ports: Tries<(IpAddr, IpAddr)>,
    /// By segments that begin no connection.
    odd_ports: Tries<(IpAddr, IpAddr)>,
    hosts: Tries<(IpAddr, IpNet, u16)>,
}

/// What was tried, by who tried it and where.
#[derive(Debug)]
struct Tries<K> {
    of: HashMap<K, Tried, RandomState>,
    count: usize,
    forgotten: NoRoom,
}

impl<K> Default for Tries<K> {
    fn default() -> Self {
        Self { of: HashMap::default(), count: 0, forgotten: NoRoom::default() }
    }
}

/// The ports of a host that were tried, or the last bits of the addresses of hosts.
#[derive(Debug, Default)]
struct Tried {
    each: HashMap<u16, Outcome, RandomState>,
    /// The first frames.
    frames: Vec<u64>,
    calls: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    /// Whether data was sent to nobody that answers: then the answers are not in the capture.
    is_deaf: bool,
    /// Whether a server's own port stands among those that it was tried from: answers go to many ports too.
    is_from_service: bool,
}

/// By what ports were tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Calls,
    Oddly,
    Datagrams,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Silent,
    Refused,
    Open,
}

impl Scans {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        let Self { ports, datagram_ports, odd_ports, hosts } = self;
        [ports.forgotten, datagram_ports.forgotten, odd_ports.forgotten, hosts.forgotten].into_iter().map(NoRoom::count).sum()
    }

    /// A conversation is over: what did its client try, and what came of it?
    pub(super) fn tried(&mut self, conversation: &Conversation, reported: &Reported) {
        let [client, server] = Side::BOTH.map(|side| socket(conversation.end(side)));
        if conversation.kind == Kind::Udp {
            let outcome = match conversation.sent[1].frames {
                0 if reported.contains(client, server) => Outcome::Refused,
                0 => Outcome::Silent,
                _ => Outcome::Open,
            };
            self.datagram_ports.tried((client.ip(), server.ip()), server.port(), outcome, conversation);
            return;
        }
        if conversation.kind == Kind::Tcp && conversation.begins_oddly() {
            let outcome = match conversation.state() {
                Some(State::Refused | State::Reset(Side::Responder)) => Outcome::Refused,
                _ if conversation.sent[1].frames > 0 => Outcome::Open,
                _ if reported.contains(client, server) => Outcome::Refused,
                _ => Outcome::Silent,
            };
            self.odd_ports.tried((client.ip(), server.ip()), server.port(), outcome, conversation);
            return;
        }
        if conversation.kind != Kind::Tcp || !conversation.beginning_was_seen() {
            return;
        }
        let outcome = match conversation.state() {
            Some(State::Refused) => Outcome::Refused,
            _ if conversation.sent[1].frames > 0 => Outcome::Open,
            _ if reported.contains(client, server) => Outcome::Refused,
            _ => Outcome::Silent,
        };
        self.ports.tried((client.ip(), server.ip()), server.port(), outcome, conversation);
        // The last 8 bits: neighbours, where a program that uses the port everywhere calls hosts far and wide.
        let (bits, host) = match server.ip() {
            IpAddr::V4(address) => (24, u16::from(address.octets()[3])),
            IpAddr::V6(address) => (120, u16::from(address.octets()[15])),
        };
        if let Ok(network) = IpNet::new(server.ip(), bits) {
            self.hosts.tried((client.ip(), network.trunc(), server.port()), host, outcome, conversation);
        }
    }

    /// The scans that there were, by their first frames, with these and how many there are.
    pub(super) fn shown(&mut self) -> Vec<(HandshakeFacts, Vec<u64>, u64)> {
        let ports = self.ports.of.drain().filter(|(_, tried)| tried.is_scan() && tried.is_of_services());
        let mut shown: Vec<_> = ports.map(|((client, server), tried)| tried.ports(client, server, How::Calls)).collect();
        let ports = self.odd_ports.of.drain().filter(|(_, tried)| tried.is_scan() && tried.is_of_services());
        shown.extend(ports.map(|((client, server), tried)| tried.ports(client, server, How::Oddly)));
        let ports = self.datagram_ports.of.drain().filter(|(_, tried)| tried.is_datagram_scan() && tried.is_of_services());
        shown.extend(ports.map(|((client, server), tried)| tried.ports(client, server, How::Datagrams)));
        let hosts = self.hosts.of.drain().filter(|(_, tried)| tried.is_scan());
        shown.extend(hosts.map(|((client, network, port), tried)| tried.hosts(client, network, port)));
        shown.sort_by_key(|(_, frames, _)| frames.first().copied());
        shown
    }
}

impl<K: Eq + Hash> Tries<K> {
    fn tried(&mut self, key: K, what: u16, outcome: Outcome, conversation: &Conversation) {
        if !self.of.contains_key(&key) && self.of.len() >= Limits::SCANS_WATCHED {
            // Who tried one thing alone, as everybody does, makes room.
            self.of.retain(|_, tried| tried.each.len() > 2);
            self.count = self.of.values().map(|tried| tried.each.len()).sum();
        }
        let has_room = self.count < Limits::TRIES_REMEMBERED && (self.of.len() < Limits::SCANS_WATCHED || self.of.contains_key(&key));
        if !self.forgotten.room(has_room) {
            return;
        }
        let tried = self.of.entry(key).or_default();
        if tried.each.insert(what, tried.each.get(&what).copied().unwrap_or(outcome).max(outcome)).is_none() {
            self.count += 1;
        }
        tried.calls += u64::from(conversation.sent[0].frames);
        tried.is_deaf |= conversation.sent[1].frames == 0 && conversation.sent[0].payload > 0;
        tried.is_from_service |= conversation.end(Side::Originator).port < WELL_KNOWN;
        tried.first = tried.first.into_iter().chain(conversation.first()).min();
        tried.last = tried.last.into_iter().chain(conversation.first()).max();
        let place = tried.frames.partition_point(|frame| *frame < conversation.first_frame);
        tried.frames.insert(place, conversation.first_frame);
        tried.frames.truncate(FRAMES);
    }
}

impl Tried {
    fn count(&self, outcome: Outcome) -> u64 {
        self.each.values().filter(|other| **other == outcome).count() as u64
    }

    fn is_scan(&self) -> bool {
        let all = self.each.len();
        all >= FEWEST && !self.is_deaf && self.count(Outcome::Open) <= (all / ANSWERED) as u64
    }

    /// Datagrams carry data from the first on, and silence says less: many ports must be such as no client takes, or be refused.
    fn is_datagram_scan(&self) -> bool {
        let all = self.each.len();
        let well_known = self.each.keys().filter(|port| **port < WELL_KNOWN).count();
        let is_refused = !self.is_from_service && self.count(Outcome::Refused) >= FEWEST_OF_SERVICES as u64;
        all >= FEWEST && self.count(Outcome::Open) <= (all / ANSWERED) as u64 && (well_known >= FEWEST_OF_SERVICES || is_refused)
    }

    fn is_of_services(&self) -> bool {
        self.each.keys().filter(|port| **port < SERVICES).count() >= FEWEST_OF_SERVICES
    }

    fn over(&self) -> i64 {
        self.first.zip(self.last).map_or(0, |(first, last)| last.since(first))
    }

    fn ports(self, client: IpAddr, server: IpAddr, how: How) -> (HandshakeFacts, Vec<u64>, u64) {
        let mut open: Vec<u64> =
            self.each.iter().filter(|(_, outcome)| **outcome == Outcome::Open).map(|(port, _)| u64::from(*port)).collect();
        open.sort_unstable();
        open.truncate(NAMED);
        let facts = HandshakeFacts::PortScan {
            is_udp: how == How::Datagrams,
            is_odd: how == How::Oddly,
            client,
            server,
            tried: self.each.len() as u64,
            answered: self.count(Outcome::Open),
            open: open.into_boxed_slice(),
            refused: self.count(Outcome::Refused),
            over: self.over(),
        };
        (facts, self.frames, self.calls)
    }

    fn hosts(self, client: IpAddr, network: IpNet, port: u16) -> (HandshakeFacts, Vec<u64>, u64) {
        let facts = HandshakeFacts::HostScan {
            client,
            network,
            port,
            tried: self.each.len() as u64,
            answered: self.count(Outcome::Open),
            refused: self.count(Outcome::Refused),
            over: self.over(),
        };
        (facts, self.frames, self.calls)
    }
}
