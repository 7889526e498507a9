//! Which ports hosts use for connections to one server: whether one of them runs out of ports.
//!
//! A host says nothing on the wire where it finds no free port for a new connection. It shows in what it sends: it has used every port of a
//! range, none of them was free again, and then it opens nothing more until the first is.

use super::facts::HandshakeFacts;
use crate::explain::room::NoRoom;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;

/// From how many ports on a pair keeps its place when another wants it.
const BUSY: u64 = 16;
/// How many ports are enough to be a range, and no habit of a program.
const FEWEST: u64 = 50;
/// How many connections in a row must come from ports that were used before.
const AGAIN: usize = 3;
/// How long whoever closed first keeps the port, in nanoseconds (TIME_WAIT): Linux 60 s, the standard four minutes.
const KEPT: i64 = 60_000_000_000;
/// The least that a port was kept, and that nothing was opened, for that to have been the wait for a port.
const SHORTEST_KEPT: i64 = 25_000_000_000;
const SHORTEST_PAUSE: i64 = 1_000_000_000;
/// How much longer the pause is than the time from one connection to the next before it.
const SUDDEN: i64 = 20;
/// The ranges that systems take ports from: Linux; the one for this use (RFC 6335 section 6); all that are no well-known ones (RFC 6056
/// section 3.2).
const RANGES: [RangeInclusive<u16>; 3] = [32_768..=60_999, 49_152..=65_535, 1_024..=65_535];

/// The ports of hosts.
#[derive(Debug, Default)]
pub(super) struct Ports {
    hasher: RandomState,
    callers: Vec<Option<Caller>>,
    /// By the caller's place and the port.
    used: HashMap<(usize, u16), Use, RandomState>,
    spells: u64,
    forgotten: NoRoom,
}

/// A host that opens connections to a server.
#[derive(Debug)]
struct Caller {
    client: IpAddr,
    server: SocketAddr,
    /// Since it took the first port of this range; ports of earlier spells do not count.
    spell: u64,
    lowest: u16,
    highest: u16,
    ports: u64,
    first: (u64, i64),
    last: (u64, i64),
    /// When the first of the ports is free again, as far as it is known.
    free: i64,
    /// How long nothing was opened, and the frames of the connections behind that.
    pause: i64,
    again: Vec<u64>,
}

/// A port that was used.
#[derive(Clone, Copy, Debug)]
struct Use {
    spell: u64,
    /// When its host closed it and began to keep it.
    kept_since: Option<i64>,
}

/// What shows that a host has run out of ports, and the frames that prove it.
pub(super) type Shown = (HandshakeFacts, Vec<u64>);

impl Ports {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// A connection is open: its ends, the client's port, the frame that shows it and when it came.
    pub(super) fn opened(&mut self, client: SocketAddr, server: SocketAddr, (frame, now): (u64, i64)) -> Option<Shown> {
        self.make_room();
        let (place, port) = (self.place(client.ip(), server), client.port());
        let slot = self.callers.get_mut(place)?;
        if slot.as_ref().is_some_and(|other| !other.is(client.ip(), server) && other.ports >= BUSY && now - other.last.1 < KEPT) {
            return None;
        }
        let caller = match slot.take().filter(|caller| caller.is(client.ip(), server)) {
            Some(mut caller) => {
                let before = self.used.get(&(place, port)).filter(|used| used.spell == caller.spell);
                match before {
                    None if caller.again.is_empty() && now < caller.free => caller.take(port, frame, now),
                    Some(used) if !caller.again.is_empty() || caller.waited_for(used, now) => caller.again.push(frame),
                    _ => {
                        self.spells += 1;
                        caller = Caller::new(client, server, self.spells, (frame, now));
                    }
                }
                caller
            }
            None => {
                self.spells += 1;
                Caller::new(client, server, self.spells, (frame, now))
            }
        };
        self.used.insert((place, port), Use { spell: caller.spell, kept_since: None });
        let shown = caller.shown();
        *slot = Some(caller);
        shown
    }

    /// A connection is closed or reset; whether the client keeps its port.
    pub(super) fn closed(&mut self, client: SocketAddr, server: SocketAddr, now: i64, keeps: bool) {
        if self.callers.is_empty() {
            return;
        }
        let place = self.place(client.ip(), server);
        let Some(Some(caller)) = self.callers.get_mut(place) else { return };
        let used = self.used.get_mut(&(place, client.port())).filter(|used| used.spell == caller.spell);
        if let Some(used) = used.filter(|_| caller.is(client.ip(), server)) {
            used.kept_since = keeps.then_some(now);
            caller.free = caller.free.min(if keeps { now.saturating_add(KEPT) } else { now });
        }
    }

    fn place(&self, client: IpAddr, server: SocketAddr) -> usize {
        self.hasher.hash_one((client, server)) as usize % Limits::PORT_CALLERS
    }

    /// Forgets the ports of spells that are over when there are too many, or all where that is not enough.
    fn make_room(&mut self) {
        if self.callers.is_empty() {
            self.callers.resize_with(Limits::PORT_CALLERS, || None);
        }
        if self.used.len() < Limits::PORTS_REMEMBERED {
            return;
        }
        let callers = &self.callers;
        self.used.retain(|(place, _), used| callers.get(*place).and_then(Option::as_ref).is_some_and(|caller| caller.spell == used.spell));
        if self.used.len() > Limits::PORTS_REMEMBERED / 2 {
            self.forgotten.put_away(self.used.len());
            self.used.clear();
            self.callers.fill_with(|| None);
        }
    }
}

impl Caller {
    fn new(client: SocketAddr, server: SocketAddr, spell: u64, first: (u64, i64)) -> Self {
        let port = client.port();
        Self {
            client: client.ip(),
            server,
            spell,
            lowest: port,
            highest: port,
            ports: 1,
            first,
            last: first,
            free: i64::MAX,
            pause: 0,
            again: Vec::new(),
        }
    }

    fn is(&self, client: IpAddr, server: SocketAddr) -> bool {
        self.client == client && self.server == server
    }

    /// One more port, and none of the others was free.
    fn take(&mut self, port: u16, frame: u64, now: i64) {
        self.lowest = self.lowest.min(port);
        self.highest = self.highest.max(port);
        self.ports += 1;
        self.last = (frame, now);
    }

    /// How many ports there are from the lowest to the highest.
    fn span(&self) -> u64 {
        u64::from(self.highest - self.lowest) + 1
    }

    /// Whether the host used all ports that it has, stopped, and goes on with this one as soon as it is free again.
    fn waited_for(&mut self, used: &Use, now: i64) -> bool {
        self.pause = now - self.last.1;
        let usual = (self.last.1 - self.first.1) / i64::try_from(self.ports).unwrap_or(i64::MAX);
        let is_sudden = self.pause >= SHORTEST_PAUSE && self.pause / SUDDEN >= usual;
        let was_kept = used.kept_since.is_some_and(|since| now - since >= SHORTEST_KEPT);
        self.ports >= FEWEST && self.ports == self.span() && is_sudden && was_kept
    }

    /// What it shows so far.
    fn shown(&self) -> Option<Shown> {
        let is_within = |range: &RangeInclusive<u16>| {
            let all = u64::from(range.end() - range.start()) + 1;
            *range.start() <= self.lowest && self.highest <= *range.end() && self.ports * 100 >= all * 99
        };
        let waited = self.again.len() >= AGAIN;
        if !waited && !RANGES.iter().any(is_within) {
            return None;
        }
        let facts = HandshakeFacts::PortsExhausted {
            client: self.client,
            server: self.server,
            lowest: self.lowest,
            highest: self.highest,
            ports: self.ports,
            over: self.last.1 - self.first.1,
            pause: waited.then_some(self.pause),
        };
        let mut frames = vec![self.first.0, self.last.0];
        frames.extend(&self.again);
        Some((facts, frames))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    fn client(port: u16) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, 1], port))
    }

    fn server() -> SocketAddr {
        SocketAddr::from(([192, 0, 2, 2], 80))
    }

    /// Opens connections from these ports, and closes each right away; what is shown at last.
    fn opened(ports: &mut Ports, all: impl IntoIterator<Item = u16>, (from, step): (i64, i64), keeps: bool) -> Option<Shown> {
        let mut shown = None;
        for (place, port) in all.into_iter().enumerate() {
            let now = from + step * place as i64;
            shown = ports.opened(client(port), server(), (1, now)).or(shown);
            ports.closed(client(port), server(), now, keeps);
        }
        shown
    }

    /// 60 ports in a second, and what the next connections come from.
    fn then(next: impl IntoIterator<Item = u16>, at: i64, keeps: bool) -> bool {
        let mut ports = Ports::default();
        assert!(opened(&mut ports, 40_000..40_060, (0, SECOND / 60), keeps).is_none());
        opened(&mut ports, next, (at, SECOND / 60), keeps).is_some()
    }

    #[test]
    fn who_waits_for_the_first_port_to_be_free_has_no_other() {
        assert!(then([40_000, 40_001, 40_002], 60 * SECOND, true));
        // The ports are free at once; the host has others; it takes them before they are free; it did not stop.
        assert!(!then([40_000, 40_001, 40_002], 60 * SECOND, false));
        assert!(!then([40_060, 40_061, 40_062], 60 * SECOND, true));
        assert!(!then([40_000, 40_001, 40_070], 60 * SECOND, true));
        assert!(!then([40_000, 40_001, 40_002], 2 * SECOND, true));
        let mut ports = Ports::default();
        assert!(opened(&mut ports, (40_000..40_060).chain(40_000..40_003), (0, SECOND), true).is_none());
    }

    #[test]
    fn a_range_with_holes_proves_nothing() {
        let mut ports = Ports::default();
        opened(&mut ports, (40_000..40_120).step_by(2), (0, SECOND / 60), true);
        assert!(opened(&mut ports, [40_000, 40_002, 40_004], (60 * SECOND, SECOND / 60), true).is_none());
    }

    #[test]
    fn the_whole_range_of_a_system_within_a_minute_is_enough() {
        let all = |step| opened(&mut Ports::default(), 32_768..=60_999, (0, step), true);
        let (facts, frames) = all(SECOND / 1000).expect("all ports are used");
        assert_eq!(frames.len(), 2);
        let HandshakeFacts::PortsExhausted { lowest: 32_768, pause: None, over, .. } = facts else { panic!("{facts:?}") };
        assert!(over < KEPT);
        // Slower, the first are free again before the last is taken.
        assert!(all(SECOND / 400).is_none());
    }

    #[test]
    fn what_is_remembered_has_a_limit() {
        let mut ports = Ports::default();
        for host in 0..8u8 {
            for port in 1024..=u16::MAX {
                ports.opened(SocketAddr::from(([10, 0, 0, host], port)), server(), (1, i64::from(port)));
            }
        }
        assert!(ports.used.len() <= Limits::PORTS_REMEMBERED && ports.callers.len() == Limits::PORT_CALLERS);
        assert!(
            ports.used.capacity() <= Limits::PORTS_REMEMBERED,
            "{}: the table is twice as large as what it holds",
            ports.used.capacity()
        );
    }
}
