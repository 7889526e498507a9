//! Which of several names of an address is meant: the one that a connection itself says, or that who goes there looked up last.

use super::{Evidence, Known, NameSource, Names};
use crate::conversation::{Conversation, Endpoint, Kind, Side};
use crate::dissect::Dissection;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// An address, with its port where it has one.
pub(super) type End = (IpAddr, Option<u16>);

/// Who goes where: hosts, or ports of theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Way {
    client: End,
    server: End,
}

/// What shows which name is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// The client was told the address when it asked for this name.
    LookedUp,
    /// A connection begins, and the server is called so.
    Begun,
    /// The client says it to the server.
    Said,
}

/// From a frame on a name is meant: by its place among those of the address; `None` where it is none of them.
#[derive(Clone, Copy, Debug)]
struct Change {
    frame: u64,
    sign: Sign,
    nth: Option<usize>,
}

/// All that shows which names are meant.
#[derive(Clone, Debug, Default)]
pub(super) struct Meant {
    ways: HashMap<Way, Vec<Change>, RandomState>,
}

impl Meant {
    /// From a frame on a client means this name of a server; `limit` is how many pairs are kept.
    fn note(&mut self, client: End, server: End, change: Change, limit: usize) {
        let way = Way { client, server };
        if self.ways.len() >= limit && !self.ways.contains_key(&way) {
            return;
        }
        let changes = self.ways.entry(way).or_default();
        // What several frames show together comes to be known later than it happened.
        let place = changes.partition_point(|before| before.frame <= change.frame);
        let before = place.checked_sub(1).and_then(|before| changes.get(before));
        let is_known = before.is_some_and(|last| match change.sign {
            // What a connection says first is what it is told by.
            Sign::Said => last.sign == Sign::Said,
            Sign::LookedUp | Sign::Begun => last.sign == change.sign && last.nth == change.nth,
        });
        if !is_known && changes.len() <= Limits::MEANT_CHANGES {
            // The last that is taken stands for all that would follow.
            changes.insert(place, if changes.len() < Limits::MEANT_CHANGES { change } else { Change { nth: None, ..change } });
        }
    }

    /// The name of a server that a client means: of its connection, else by its look-ups.
    fn of(&self, client: End, server: End, since: Option<u64>, until: u64) -> Option<Option<usize>> {
        let of = |client, server| self.ways.get(&Way { client, server }).map(Vec::as_slice).unwrap_or_default();
        let own = if client.1.is_some() { of(client, server) } else { &[] };
        let own = own.get(..own.partition_point(|change| change.frame <= until)).unwrap_or_default();
        let begun = match since {
            Some(since) => own.partition_point(|change| change.frame < since),
            None => own.iter().rposition(|change| change.sign == Sign::Begun).unwrap_or_default(),
        };
        // Ports that are used again are another connection.
        let own = own.get(begun..).unwrap_or_default();
        let end = own.iter().skip(1).position(|change| change.sign == Sign::Begun).map_or(own.len(), |place| place + 1);
        let own = own.get(..end).unwrap_or_default();
        let said = own.iter().find(|change| change.sign == Sign::Said).or(own.first());
        let looked_up = || {
            let all = of((client.0, None), (server.0, None));
            let known = all.partition_point(|change| change.frame <= since.unwrap_or(until));
            all.get(known.checked_sub(1)?)
        };
        Some(said.or_else(looked_up)?.nth)
    }
}

/// What is told: two ends that speak, and when. Their addresses are called as is meant there.
#[derive(Clone, Copy, Debug)]
pub struct Between {
    ends: Option<[End; 2]>,
    /// The first frame, where it is known, and the last that counts.
    since: Option<u64>,
    until: u64,
    /// Up to which frame names count that come up elsewhere.
    known: u64,
    /// The name of the second end that it says, where that is known: its place among the names, `None` for none of them.
    said: Option<Option<usize>>,
}

impl Between {
    /// A conversation.
    #[must_use]
    pub fn of(conversation: &Conversation) -> Self {
        Self::since(conversation.first_frame, conversation.kind, conversation.ends)
    }

    /// A conversation that begins with this frame.
    #[must_use]
    pub fn since(frame: u64, kind: Kind, ends: [Endpoint; 2]) -> Self {
        Self { since: Some(frame), until: u64::MAX, ..Self::until(frame, kind, ends) }
    }

    /// What is held between two ends at this frame.
    #[must_use]
    pub fn until(frame: u64, kind: Kind, ends: [Endpoint; 2]) -> Self {
        let port = |port| Some(port).filter(|_| matches!(kind, Kind::Tcp | Kind::Udp));
        let ends = ends.map(|end| (end.address, port(end.port)));
        Self { ends: Some(ends), since: None, until: frame, known: u64::MAX, said: None }
    }

    /// A frame: what it holds innermost, or the packet that it reports on.
    #[must_use]
    pub fn of_frame(frame: u64, dissection: &Dissection) -> Self {
        let quoted = || {
            let network = dissection.networks.iter().find(|network| network.quoted)?;
            let layer = dissection.layers.get(network.layer + 1)?;
            let transport = dissection.transports.iter().find(|transport| transport.quoted && transport.layer == network.layer + 1);
            let ports = transport.filter(|_| layer.quoted).map(|transport| [transport.source_port, transport.destination_port]);
            Some([(network.source, ports.map(|[source, _]| source)), (network.destination, ports.map(|[_, destination]| destination))])
        };
        Self { ends: quoted().or_else(|| ends(dissection)), since: None, until: frame, known: u64::MAX, said: None }
    }

    /// What begins with a frame, between these where it is between two: no name is known that comes up later.
    #[must_use]
    pub fn from_frame(frame: u64, between: Option<[IpAddr; 2]>) -> Self {
        Self { ends: between.map(|ends| ends.map(|end| (end, None))), since: Some(frame), until: u64::MAX, known: frame, said: None }
    }

    /// The same, and no name is known that comes up after its first frame, but for what it says itself: `said` is what it calls its server.
    #[must_use]
    pub fn with_names_so_far(self, names: &Names, said: Option<&[u8]>) -> Self {
        let server = self.ends.map(|[_, (server, _)]| server);
        let place = |said| server.and_then(|server| names.known(server)).and_then(|known| known.place_of(said));
        Self { known: self.since.unwrap_or(self.until), said: said.map(place), ..self }
    }

    /// Which name of an address is meant, where something shows it.
    fn meant(&self, meant: &Meant, address: IpAddr) -> Option<Option<usize>> {
        let [first, second] = self.ends?;
        if address == second.0 {
            self.said.or_else(|| meant.of(first, second, self.since, self.until))
        } else {
            meant.of(second, first, self.since, self.until)
        }
    }

    fn has(&self, address: IpAddr) -> bool {
        self.ends.is_some_and(|ends| ends.iter().any(|end| end.0 == address))
    }
}

/// The ends of what a frame holds innermost.
pub(super) fn ends(dissection: &Dissection) -> Option<[End; 2]> {
    let network = dissection.networks.iter().rfind(|network| !network.quoted)?;
    let transport = dissection.transport().filter(|transport| transport.layer > network.layer);
    let port = |port: fn(&crate::dissect::Transport) -> u16| transport.map(port);
    Some([(network.source, port(|transport| transport.source_port)), (network.destination, port(|transport| transport.destination_port))])
}

/// What an address is called where something is told.
#[derive(Clone, Copy, Debug)]
pub struct Called<'n> {
    /// The address.
    pub address: IpAddr,
    /// Its name.
    pub evidence: &'n Evidence,
    /// Where the address stands among those of [`Names::iter`], and the name among those of the address.
    pub place: [usize; 2],
}

/// Whether a name is one of several that clients choose from.
fn is_of_client(name: &Evidence) -> bool {
    matches!(name.source, NameSource::Dns | NameSource::ServerName | NameSource::HttpHost)
}

impl Known {
    fn place_of(&self, name: &[u8]) -> Option<usize> {
        self.all().position(|evidence| evidence.name.as_bytes().eq_ignore_ascii_case(name))
    }

    /// Whether which of its names is meant is a question.
    fn is_called_by_clients(&self) -> bool {
        is_of_client(&self.first)
    }
}

impl Names {
    /// From here on addresses are called as is meant in what is told; `None`: by their first names.
    pub fn turn_to(&mut self, between: Option<Between>) {
        self.between = between;
    }

    /// What an address is called in what is told; `None` where it has no name, and where it has several and nothing shows which one is meant.
    #[inline]
    #[must_use]
    pub fn called(&self, address: IpAddr) -> Option<Called<'_>> {
        self.called_in(address, self.between.as_ref())
    }

    /// The same of what is told there.
    #[must_use]
    pub fn called_in(&self, address: IpAddr, between: Option<&Between>) -> Option<Called<'_>> {
        let place = self.place(address)?;
        let known = self.at(place)?;
        let called = |(nth, evidence)| Called { address, evidence, place: [place, nth] };
        let Some(between) = between else { return Some(called((0, known.first()))) };
        let so_far = || known.all().enumerate().filter(|(_, evidence)| evidence.frame <= Some(between.known));
        let first = so_far().next();
        if first.is_some_and(|(_, first)| !is_of_client(first)) || !between.has(address) {
            return first.map(called);
        }
        let meant = between.meant(&self.meant, address);
        if let Some(Some(nth)) = meant
            && let Some(evidence) = known.all().nth(nth)
        {
            return Some(called((nth, evidence)));
        }
        let is_alone = so_far().filter(|(_, evidence)| is_of_client(evidence)).count() < 2;
        first.filter(|_| is_alone).map(called)
    }

    /// The name at this [place](Called::place).
    #[must_use]
    pub fn called_at(&self, place: [usize; 2]) -> Option<Called<'_>> {
        let known = self.at(place[0])?;
        Some(Called { address: known.address, evidence: known.all().nth(place[1])?, place })
    }

    /// An answer told a client an address when it asked for this name.
    pub(super) fn looked_up(&mut self, client: IpAddr, address: IpAddr, name: &[u8], frame: u64) {
        self.mean((client, None), (address, None), frame, Sign::LookedUp, |known| known.place_of(name.strip_suffix(b".").unwrap_or(name)));
    }

    /// A client calls its server by this name.
    pub(super) fn said(&mut self, [client, server]: [End; 2], name: &[u8], frame: u64) {
        if name.is_empty() {
            return;
        }
        self.mean(client, server, frame, Sign::Said, |known| known.place_of(name.strip_suffix(b".").unwrap_or(name)));
    }

    /// A side of a TCP conversation calls the other by this name.
    pub fn say_in(&mut self, conversation: &Conversation, from: Side, name: &[u8], frame: u64) {
        self.said([from, from.other()].map(|side| (conversation.end(side).address, Some(conversation.end(side).port))), name, frame);
    }

    /// A packet goes from one end to the other: the first of a connection, where `opens` says so or nothing else is known between them.
    pub(super) fn begins(&mut self, [client, server]: [End; 2], frame: u64, opens: bool) {
        if self.known(server.0).is_none_or(|known| !known.is_called_by_clients()) {
            return;
        }
        let is_under_way = |client, server| self.meant.ways.contains_key(&Way { client, server });
        if !opens && (is_under_way(client, server) || is_under_way(server, client)) {
            return;
        }
        let between = Between { ends: Some([(client.0, None), (server.0, None)]), since: None, until: frame, known: frame, said: None };
        let nth = self.called_in(server.0, Some(&between)).map(|called| called.place[1]);
        self.mean(client, server, frame, Sign::Begun, |_| nth);
    }

    fn mean(&mut self, client: End, server: End, frame: u64, sign: Sign, nth: impl FnOnce(&Known) -> Option<usize>) {
        let Some(nth) = self.known(server.0).map(nth) else { return };
        self.meant.note(client, server, Change { frame, sign, nth }, self.addresses_limit);
    }
}
