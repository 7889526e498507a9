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
use crate::dissect::{Dissection, Stop, StopReason, dissect_bytes};
use crate::frame::{Frame, LinkType, Timestamp};
use key::Cut;
use set::{Offered, Set};
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
    /// In boxes, for they are large and move about.
    waiting: Shelf<Box<Set>>,
    /// What the sets that wait cost together.
    waiting_cost: usize,
    whole: Shelf<Whole>,
    whole_cost: usize,
    /// Kept for its memory.
    spare: Option<Reassembled>,
    next: u64,
    /// The frame of the newest fragment of all.
    newest: u64,
    findings: Findings,
}

/// A datagram that became whole a while ago.
#[derive(Debug)]
struct Whole {
    began: Option<Timestamp>,
    ports: Option<Ports>,
    datagram: Arc<Reassembled>,
}

impl Fragments {
    /// With these limits, and nothing yet.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let (waiting, whole) = (Shelf::default(), Shelf::default());
        Self {
            limits: *limits,
            waiting,
            waiting_cost: 0,
            whole,
            whole_cost: 0,
            spare: None,
            next: 0,
            newest: 0,
            findings: Findings::default(),
        }
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
        self.waiting.get(datagram).is_some_and(|set| set.is_hopeful())
    }

    /// What is known by now of a datagram that is waiting: its ports, and how many bytes it has.
    #[must_use]
    pub fn known(&self, datagram: u64) -> Option<(Option<Ports>, Option<u32>)> {
        self.waiting.get(datagram).map(|set| (set.ports, set.total))
    }

    /// Gives up what still waits: the capture is over.
    pub fn finish(&mut self) {
        while let Some(number) = self.waiting.oldest().map(|(number, _)| number) {
            self.give_up(number, GivenUp::End);
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
        self.newest = origin.frame;
        let range = match set::range(&cut) {
            Ok(range) => range,
            Err(defect) => {
                self.findings.refuse(defect, origin.frame);
                let end = cut.part.offset.saturating_add(u32::try_from(cut.length.unwrap_or_default()).unwrap_or(u32::MAX));
                let id = self.waiting.number(&cut.key).unwrap_or(self.next);
                self.next = self.next.saturating_add(u64::from(id == self.next));
                return Some(told(&cut, cut.part.offset..end, id, Offered::only(Outcome::Refused(defect))));
            }
        };
        if let Some(copy) = self.copy_of_whole(&cut, &range) {
            self.findings.same.add(origin.frame);
            return Some(copy);
        }
        let limit = self.limits.fragments_of_datagram;
        let number = self.waiting.number(&cut.key).unwrap_or_else(|| {
            let number = self.next;
            self.waiting.put(number, cut.key, Box::new(Set::new(origin.time)));
            self.waiting_cost = self.waiting_cost.saturating_add(set::SET_COST);
            self.next = self.next.saturating_add(1);
            number
        });
        let set = self.waiting.get_mut(number)?;
        let before = set.cost();
        let offered = set.offer(&cut, &range, origin, limit, &mut self.findings.conflicts);
        if offered.outcome == Outcome::Waits && range.start == 0 {
            set.header = key::whole_header(bytes, dissection, &cut);
            set.ports = whole::ports(bytes, dissection, cut.network);
        }
        self.waiting_cost = self.waiting_cost.saturating_add(set.cost()).saturating_sub(before);
        let mut fragment = told(&cut, range, number, offered);
        (fragment.total, fragment.ports) = (set.total, set.ports);
        let is_whole = set.is_whole();
        self.findings.count(&cut.key, &fragment, origin.frame);
        if is_whole {
            self.complete(&cut, &mut fragment, origin, around);
        } else {
            self.evict(number);
        }
        Some(fragment)
    }

    /// A fragment of a datagram that is whole already, where its bytes are the same. Others begin a new datagram with the same number.
    fn copy_of_whole(&mut self, cut: &Cut<'_>, range: &Range<u32>) -> Option<Fragment> {
        let number = self.whole.number(&cut.key)?;
        let known = self.whole.get(number)?;
        let header = known.datagram.header_length;
        let place =
            header.saturating_add(range.start as usize)..header.saturating_add(range.start as usize).saturating_add(cut.bytes.len());
        let fits = cut.part.more || known.datagram.length() == range.end as usize;
        if fits && known.datagram.bytes.get(place) == Some(cut.bytes) {
            let same = u32::try_from(cut.bytes.len()).unwrap_or(u32::MAX);
            let mut copy = told(cut, range.clone(), number, Offered { same, ..Offered::only(Outcome::Again) });
            copy.total = u32::try_from(known.datagram.length()).ok();
            (copy.ports, copy.whole) = (known.ports, Some(known.datagram.clone()));
            return Some(copy);
        }
        self.forget(number);
        None
    }

    fn complete(&mut self, cut: &Cut<'_>, fragment: &mut Fragment, origin: Origin, around: Around) {
        let Some((_, set)) = self.waiting.remove(fragment.datagram) else { return };
        self.waiting_cost = self.waiting_cost.saturating_sub(set.cost());
        let began = set.began;
        let mut whole = self.spare.take().unwrap_or_default();
        if set.put_together(&mut whole).is_none() {
            return;
        }
        let is_written = key::set_length(&mut whole.bytes, whole.header_length);
        debug_assert!(is_written.is_some(), "the header was read before");
        let link_type = if cut.key.source.is_ipv4() { LinkType::IPV4 } else { LinkType::IPV6 };
        dissect_bytes(&whole.bytes, whole.bytes.len(), link_type, &mut whole.dissection);
        let inner = Around { mark: cut.key.around, networks: around.networks.saturating_add(whole.dissection.networks.len()) };
        whole.inside = if inner.networks < Limits::TUNNELS {
            self.take(&whole.bytes, &whole.dissection, origin, inner)
        } else {
            whole.dissection.stop.get_or_insert(Stop {
                protocol: "ip",
                part: "tunnels",
                offset: 0,
                needed: Limits::TUNNELS,
                had: inner.networks,
                reason: StopReason::Nesting,
            });
            None
        };
        fragment.ports = whole::ports(&whole.bytes, &whole.dissection, 0).or(fragment.ports);
        fragment.outcome = Outcome::Completes;
        whole.completed_in = origin.frame;
        let datagram = Arc::new(whole);
        self.findings.completed = self.findings.completed.saturating_add(1);
        self.whole_cost = self.whole_cost.saturating_add(datagram.cost());
        let known = Whole { began, ports: fragment.ports, datagram: datagram.clone() };
        if let Some(before) = self.whole.put(fragment.datagram, cut.key, known) {
            self.whole_cost = self.whole_cost.saturating_sub(before.datagram.cost());
        }
        fragment.whole = Some(datagram);
        while self.whole_cost > self.limits.fragment_history {
            let Some((number, _)) = self.whole.oldest() else { return };
            self.forget(number);
        }
    }

    fn forget(&mut self, number: u64) {
        if let Some((_, forgotten)) = self.whole.remove(number) {
            self.whole_cost = self.whole_cost.saturating_sub(forgotten.datagram.cost());
            // Where nobody else holds it, its memory serves the next one.
            self.spare = Arc::into_inner(forgotten.datagram).map(|mut whole| {
                whole.clear();
                whole
            });
        }
    }

    /// Gives up what has waited too long by now.
    fn expire(&mut self, now: Option<Timestamp>) {
        let Some(now) = now else { return };
        let wait = self.limits.fragment_wait;
        let is_old = |began: Option<Timestamp>| began.is_some_and(|began| now.since(began) > wait);
        while let Some((number, _)) = self.waiting.oldest().filter(|(_, set)| is_old(set.began)) {
            self.give_up(number, GivenUp::Time);
        }
        while let Some((number, _)) = self.whole.oldest().filter(|(_, whole)| is_old(whole.began)) {
            self.forget(number);
        }
    }

    /// Gives up the oldest where too much waits, but not the one that has just grown.
    fn evict(&mut self, newest: u64) {
        while self.waiting_cost > self.limits.fragment_bytes {
            match self.waiting.oldest() {
                Some((number, _)) if number != newest => self.give_up(number, GivenUp::Memory),
                _ => return,
            }
        }
    }

    fn give_up(&mut self, number: u64, why: GivenUp) {
        let Some((key, set)) = self.waiting.remove(number) else { return };
        self.waiting_cost = self.waiting_cost.saturating_sub(set.cost());
        // One that was thrown away for its overlaps has been told.
        if !set.dropped {
            let is_last = set.newest() == Some(self.newest);
            self.findings.give_up(why, set.is_complete(), || set.give_up(key, why, is_last));
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
