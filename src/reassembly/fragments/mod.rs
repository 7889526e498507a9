//! IP fragments: from the parts of a datagram to the datagram.
//!
//! IPv4 keeps what came first; an IPv6 datagram whose fragments overlap is thrown away (RFC 5722). What cannot be is reported and not used.
//! A whole datagram is dissected as though it had travelled in one packet; where it carries another fragment, that one is put together
//! too.

mod findings;
mod fragment;
mod key;
mod set;
mod shelf;
#[cfg(test)]
mod tests;
mod whole;

pub use findings::{Findings, Tally};
pub use fragment::{Conflict, Defect, Fragment, GivenUp, Incomplete, Outcome, Ports};
pub use key::DatagramKey;
pub use whole::Reassembled;

use super::{Limits, Origin};
use crate::dissect::{Dissection, NETWORK_LIMIT, Stop, StopReason, dissect_bytes};
use crate::frame::{Frame, LinkType, Timestamp};
use key::Cut;
use set::{Offered, Packet, Set};
use shelf::Shelf;
use std::ops::Range;
use std::sync::Arc;

/// The datagrams whose fragments are coming.
///
/// ```
/// use wirelore::dissect::{Dissection, dissect};
/// use wirelore::reassembly::Limits;
/// use wirelore::reassembly::fragments::Fragments;
/// use wirelore::source;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut source = source::open("captures/ping-large.pcapng".as_ref())?;
/// let (mut dissection, mut fragments) = (Dissection::default(), Fragments::new(&Limits::default()));
/// let mut lengths = Vec::new();
/// while let Some(frame) = source.next_frame()? {
///     dissect(&frame, &mut dissection);
///     if let Some(fragment) = fragments.observe(&frame, &dissection) {
///         lengths.extend(fragment.completed().map(|whole| (whole.frames.clone(), whole.length())));
///     }
/// }
/// assert_eq!(lengths.first(), Some(&(vec![3, 4, 5], 3508)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Fragments {
    limits: Limits,
    waiting: Shelf<Set>,
    /// What the sets that wait cost together.
    waiting_cost: usize,
    whole: Shelf<Whole>,
    whole_cost: usize,
    next: u64,
    findings: Findings,
}

/// A datagram that became whole a while ago.
#[derive(Debug)]
struct Whole {
    id: u64,
    began: Option<Timestamp>,
    ports: Option<Ports>,
    datagram: Arc<Reassembled>,
}

impl Fragments {
    /// With these limits, and nothing yet.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let (waiting, whole) = (Shelf::default(), Shelf::default());
        Self { limits: *limits, waiting, waiting_cost: 0, whole, whole_cost: 0, next: 0, findings: Findings::default() }
    }

    /// Takes a frame. `None` where it is no fragment.
    #[inline]
    pub fn observe(&mut self, frame: &Frame<'_>, dissection: &Dissection) -> Option<Fragment> {
        if dissection.networks.iter().all(|network| network.fragment.is_none()) {
            return None;
        }
        self.take(frame.data, dissection, Origin { frame: frame.number, time: frame.timestamp }, Around::default())
    }

    /// Whether a datagram may still become whole.
    #[must_use]
    pub fn is_awaited(&self, datagram: u64) -> bool {
        self.waiting.numbered(datagram).is_some_and(Set::is_hopeful)
    }

    /// What is known by now of a datagram that is waiting: its ports, and how many bytes it has.
    #[must_use]
    pub fn known(&self, datagram: u64) -> Option<(Option<Ports>, Option<u32>)> {
        self.waiting.numbered(datagram).map(|set| (set.ports, set.total))
    }

    /// Gives up what still waits: the capture is over.
    pub fn finish(&mut self) {
        while let Some(key) = self.waiting.oldest().map(|(key, _)| key) {
            self.give_up(&key, GivenUp::End);
        }
    }

    /// What there is to say of all fragments so far.
    #[must_use]
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    fn take(&mut self, bytes: &[u8], dissection: &Dissection, origin: Origin, around: Around) -> Option<Fragment> {
        let cut = Cut::find(bytes, dissection, around.mark)?;
        self.expire(origin.time);
        let range = match set::range(&cut) {
            Ok(range) => range,
            Err(defect) => {
                self.findings.refuse(defect, origin.frame);
                let end = cut.part.offset.saturating_add(u32::try_from(cut.length.unwrap_or_default()).unwrap_or(u32::MAX));
                let id = self.waiting.get_mut(&cut.key).map_or(self.next, |set| set.id);
                self.next += u64::from(id == self.next);
                return Some(told(&cut, cut.part.offset..end, id, Offered::only(Outcome::Refused(defect))));
            }
        };
        if let Some(copy) = self.copy_of_whole(&cut, &range) {
            self.findings.same.add(origin.frame);
            return Some(copy);
        }
        let limit = self.limits.fragments_of_datagram;
        if self.waiting.get_mut(&cut.key).is_none() {
            self.waiting.put(self.next, cut.key, Set::new(self.next, origin.time));
            self.waiting_cost += set::SET_COST;
            self.next += 1;
        }
        let set = self.waiting.get_mut(&cut.key)?;
        let before = set.cost();
        let offered = set.offer(&cut, &range, origin, limit, &mut self.findings.conflicts);
        if offered.outcome == Outcome::Waits && range.start == 0 {
            set.header = key::whole_header(bytes, dissection, &cut);
            set.ports = whole::ports(bytes, dissection, cut.network);
        }
        self.waiting_cost = (self.waiting_cost + set.cost()).saturating_sub(before);
        let mut fragment = told(&cut, range, set.id, offered);
        (fragment.total, fragment.ports) = (set.total, set.ports);
        let is_whole = set.is_whole();
        self.findings.count(&cut.key, &fragment, origin.frame);
        if is_whole {
            self.complete(&cut, &mut fragment, origin, around);
        } else {
            self.evict(&cut.key);
        }
        Some(fragment)
    }

    /// A fragment of a datagram that is whole already, where its bytes are the same. Others begin a new datagram with the same number.
    fn copy_of_whole(&mut self, cut: &Cut<'_>, range: &Range<u32>) -> Option<Fragment> {
        let known = self.whole.get_mut(&cut.key)?;
        let header = known.datagram.header_length;
        let place = header + range.start as usize..header + range.start as usize + cut.bytes.len();
        let fits = cut.part.more || known.datagram.length() == range.end as usize;
        if fits && known.datagram.bytes.get(place) == Some(cut.bytes) {
            let same = u32::try_from(cut.bytes.len()).unwrap_or(u32::MAX);
            let mut copy = told(cut, range.clone(), known.id, Offered { same, ..Offered::only(Outcome::Again) });
            copy.total = u32::try_from(known.datagram.length()).ok();
            (copy.ports, copy.whole) = (known.ports, Some(known.datagram.clone()));
            return Some(copy);
        }
        let forgotten = self.whole.remove(&cut.key)?;
        self.whole_cost -= forgotten.datagram.cost();
        None
    }

    fn complete(&mut self, cut: &Cut<'_>, fragment: &mut Fragment, origin: Origin, around: Around) {
        let Some(set) = self.waiting.remove(&cut.key) else { return };
        self.waiting_cost = self.waiting_cost.saturating_sub(set.cost());
        let (id, began) = (set.id, set.began);
        let Some(Packet { mut bytes, header_length, starts, frames }) = set.into_packet() else { return };
        let is_written = key::set_length(&mut bytes, header_length);
        debug_assert!(is_written.is_some(), "the header was read before");
        let mut dissection = Dissection::default();
        let link_type = if cut.key.source.is_ipv4() { LinkType::IPV4 } else { LinkType::IPV6 };
        dissect_bytes(&bytes, bytes.len(), link_type, &mut dissection);
        let inner = Around { mark: cut.key.around, networks: around.networks + dissection.networks.len() };
        let inside = if inner.networks < NETWORK_LIMIT {
            self.take(&bytes, &dissection, origin, inner)
        } else {
            dissection.stop.get_or_insert(Stop {
                protocol: "ip",
                part: "tunnels",
                offset: 0,
                needed: NETWORK_LIMIT,
                had: inner.networks,
                reason: StopReason::Nesting,
            });
            None
        };
        fragment.ports = whole::ports(&bytes, &dissection, 0).or(fragment.ports);
        fragment.outcome = Outcome::Completes;
        let datagram = Arc::new(Reassembled { bytes, dissection, header_length, frames, starts, completed_in: origin.frame, inside });
        self.findings.completed += 1;
        self.whole_cost += datagram.cost();
        let known = Whole { id, began, ports: fragment.ports, datagram: datagram.clone() };
        if let Some(before) = self.whole.put(id, cut.key, known) {
            self.whole_cost -= before.datagram.cost();
        }
        fragment.whole = Some(datagram);
        while self.whole_cost > self.limits.fragment_history {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let Some(key) = self.whole.oldest().map(|(key, _)| key) else { return };
        if let Some(forgotten) = self.whole.remove(&key) {
            self.whole_cost -= forgotten.datagram.cost();
        }
    }

    /// Gives up what has waited too long by now.
    fn expire(&mut self, now: Option<Timestamp>) {
        let Some(now) = now else { return };
        let wait = self.limits.fragment_wait;
        let is_old = |began: Option<Timestamp>| began.is_some_and(|began| now.since(began) > wait);
        while let Some((key, _)) = self.waiting.oldest().filter(|(_, set)| is_old(set.began)) {
            self.give_up(&key, GivenUp::Time);
        }
        while self.whole.oldest().is_some_and(|(_, whole)| is_old(whole.began)) {
            self.forget_oldest();
        }
    }

    /// Gives up the oldest where too much waits, but not the one that has just grown.
    fn evict(&mut self, newest: &DatagramKey) {
        while self.waiting_cost > self.limits.fragment_bytes {
            match self.waiting.oldest() {
                Some((key, _)) if key != *newest => self.give_up(&key, GivenUp::Memory),
                _ => return,
            }
        }
    }

    fn give_up(&mut self, key: &DatagramKey, why: GivenUp) {
        let Some(set) = self.waiting.remove(key) else { return };
        self.waiting_cost = self.waiting_cost.saturating_sub(set.cost());
        // One that was thrown away for its overlaps has been told.
        if !set.dropped {
            self.findings.give_up(why, || set.give_up(*key, why));
        }
    }
}

/// What stands around the bytes that are looked at: of a datagram inside another one.
#[derive(Clone, Copy, Default)]
struct Around {
    /// Its tags and tunnels, as a number.
    mark: u64,
    /// How many packets.
    networks: usize,
}

fn told(cut: &Cut<'_>, range: Range<u32>, datagram: u64, offered: Offered) -> Fragment {
    let Offered { outcome, same, different, rival } = offered;
    let is_ipv4 = cut.key.source.is_ipv4();
    let (part, payload_start) = (cut.part, cut.header.1);
    Fragment { datagram, part, is_ipv4, range, payload_start, total: None, ports: None, outcome, same, different, rival, whole: None }
}
