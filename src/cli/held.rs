//! Frames that are held back until it is known what the fragments among them belong to.
//!
//! A fragment is shown, and asked by the filter, together with its datagram, which is only known when the last fragment has come. Until
//! then the fragment waits here, with the frames behind it, so that their order stays. How long is limited in bytes and in packet time.

use crate::dissect::Dissection;
use crate::filter::{self, Filter, Inherited};
use crate::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
use crate::limits::Limits;
use crate::reassembly::fragments::{Fragment, Fragments, Outcome, Reassembled};
use foldhash::fast::RandomState;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// What a frame costs beside its bytes.
const COST: usize = 512;

/// A frame of its own: what a source lends is gone when it goes on.
#[derive(Default)]
pub(super) struct HeldFrame {
    number: u64,
    timestamp: Option<Timestamp>,
    interface: InterfaceId,
    link_type: u16,
    length: u32,
    check_sequence_length: u8,
    data: Vec<u8>,
    options: Vec<u8>,
    big_endian: bool,
    pub(super) dissection: Dissection,
    pub(super) fragment: Option<Fragment>,
}

impl HeldFrame {
    /// Keeps a frame. The dissection is taken, and another one given for it, so that none is copied.
    fn keep(&mut self, frame: &Frame<'_>, dissection: &mut Dissection, fragment: Option<Fragment>) {
        self.number = frame.number;
        self.timestamp = frame.timestamp;
        self.interface = frame.interface;
        self.link_type = frame.link_type.0;
        self.length = frame.length;
        self.check_sequence_length = frame.check_sequence_length;
        self.data.clear();
        self.data.extend_from_slice(frame.data);
        self.options.clear();
        self.options.extend_from_slice(frame.annotations.options);
        self.big_endian = frame.annotations.big_endian;
        std::mem::swap(&mut self.dissection, dissection);
        self.fragment = fragment;
    }

    /// The frame.
    pub(super) fn frame(&self) -> Frame<'_> {
        Frame {
            number: self.number,
            timestamp: self.timestamp,
            interface: self.interface,
            link_type: LinkType(self.link_type),
            length: self.length,
            check_sequence_length: self.check_sequence_length,
            data: &self.data,
            annotations: Annotations { options: &self.options, big_endian: self.big_endian },
        }
    }

    fn cost(&self) -> usize {
        self.data.len() + self.options.len() + COST
    }
}

/// Frames that are held back, in their order.
pub(super) struct HeldFrames {
    /// In boxes, for they move from place to place.
    frames: VecDeque<Box<HeldFrame>>,
    /// Kept for their memory.
    spare: VecDeque<Box<HeldFrame>>,
    cost: usize,
    /// The datagrams that became whole while one of their fragments was held back.
    whole: HashMap<u64, Arc<Reassembled>, RandomState>,
    /// How long a frame is held back, in nanoseconds of packet time.
    patience: i64,
}

impl HeldFrames {
    /// None yet. `patience` is how long a frame is held back, in nanoseconds of packet time.
    pub(super) fn new(patience: i64) -> Self {
        Self { frames: VecDeque::new(), spare: VecDeque::new(), cost: 0, whole: HashMap::default(), patience }
    }

    /// Whether a frame need not be held back: nothing is before it, and it waits for nothing.
    pub(super) fn may_pass(&self, fragment: Option<&Fragment>, fragments: &Fragments) -> bool {
        self.frames.is_empty() && fragment.is_none_or(|fragment| !self.is_awaited(fragment, fragments))
    }

    /// Holds a frame back, behind the others.
    pub(super) fn push(&mut self, frame: &Frame<'_>, dissection: &mut Dissection, fragment: Option<Fragment>) {
        let mut told = fragment.as_ref();
        while let Some(fragment) = told {
            if let Some(whole) = &fragment.whole {
                self.whole.insert(fragment.datagram, whole.clone());
            }
            told = fragment.whole.as_ref().and_then(|whole| whole.inside.as_ref());
        }
        let mut held = self.spare.pop_back().unwrap_or_default();
        held.keep(frame, dissection, fragment);
        self.cost += held.cost();
        self.frames.push_back(held);
    }

    /// The first frame, where it need not be held back any longer; `now` is the time of the last one. It is to be given back.
    pub(super) fn pop(&mut self, fragments: &Fragments, now: Option<Timestamp>) -> Option<Box<HeldFrame>> {
        let first = self.frames.front()?;
        let is_late = || now.zip(first.timestamp).is_some_and(|(now, then)| now.since(then) > self.patience);
        let waits = first.fragment.as_ref().is_some_and(|fragment| self.is_awaited(fragment, fragments));
        if waits && self.cost <= Limits::HELD_BYTES && !is_late() { None } else { self.pop_first(fragments) }
    }

    /// The first frame, whatever it waits for.
    pub(super) fn pop_first(&mut self, fragments: &Fragments) -> Option<Box<HeldFrame>> {
        let mut first = self.frames.pop_front()?;
        self.cost -= first.cost();
        if let Some(fragment) = &mut first.fragment {
            self.complete(fragment, fragments);
        }
        Some(first)
    }

    /// Takes a frame back that was shown, for its memory.
    pub(super) fn give_back(&mut self, mut held: Box<HeldFrame>) {
        // The others of the datagrams that it completed stood before it.
        let mut fragment = held.fragment.as_ref().filter(|fragment| fragment.outcome == Outcome::Completes);
        while let Some(completing) = fragment {
            self.whole.remove(&completing.datagram);
            fragment = completing.whole.as_ref().and_then(|whole| whole.inside.as_ref());
        }
        held.fragment = None;
        if self.spare.len() < self.frames.len() + 8 {
            self.spare.push_back(held);
        } else {
            self.spare.truncate(self.frames.len() + 8);
        }
    }

    /// Says of a fragment what became known of its datagram since it came.
    pub(super) fn complete(&self, fragment: &mut Fragment, fragments: &Fragments) {
        if fragment.whole.is_none() {
            fragment.whole = self.whole.get(&fragment.datagram).cloned();
        }
        match (&fragment.whole, fragments.known(fragment.datagram)) {
            (Some(whole), _) => fragment.total = u32::try_from(whole.length()).ok(),
            (None, Some((ports, total))) => (fragment.ports, fragment.total) = (ports.or(fragment.ports), total.or(fragment.total)),
            (None, None) => {}
        }
    }

    /// Whether a fragment's datagram may still become whole, or one that it carries a fragment of.
    fn is_awaited(&self, fragment: &Fragment, fragments: &Fragments) -> bool {
        match fragment.whole.as_ref().or_else(|| self.whole.get(&fragment.datagram)) {
            Some(whole) => whole.inside.as_ref().is_some_and(|inside| self.is_awaited(inside, fragments)),
            None => fragments.is_awaited(fragment.datagram),
        }
    }

    /// Whether a frame passes, which is asked together with the datagrams that it is a fragment of.
    pub(super) fn passes(&self, filter: &Filter, frame: &Frame<'_>, dissection: &Dissection, fragment: Option<&Fragment>) -> bool {
        let Some(fragment) = fragment.filter(|_| !filter.passes_everything()) else { return filter.matches(frame, dissection) };
        let (mut wholes, mut ports, mut next) = (Vec::new(), None, Some(fragment));
        while let Some(fragment) = next {
            ports = fragment.ports.map(|ports| (ports.protocol, ports.source, ports.destination)).or(ports);
            let whole = fragment.whole.as_deref().or_else(|| self.whole.get(&fragment.datagram).map(|whole| &**whole));
            wholes.extend(whole.map(|whole| filter::Whole {
                bytes: &whole.bytes,
                dissection: &whole.dissection,
                first_layer: whole.first_layer(),
            }));
            next = whole.and_then(|whole| whole.inside.as_ref());
        }
        filter.matches_fragment(frame, dissection, Inherited { wholes: &wholes, ports })
    }
}
