//! The table of all conversations: finds the one that a packet belongs to, and stays within its limits.

use super::departures::Departures;
use super::key::{Key, key_of, transport_of};
use super::received::Received;
use super::recent::{Packets, Samples};
use super::record::{AWAY, BEGINNING_SEEN, Moment, OVER, TOLD};

use super::scattered::{Scattered, Waiting};
use super::{Conversation, Endpoint, Kind, Listener, Remark, Segment, Sent, Side, State};
use crate::dissect::Dissection;
use crate::frame::{Frame, Timestamp};
use crate::reassembly::fragments::Fragment;
use crate::reassembly::stream::Used;
use crate::reassembly::{End, Limits, Origin};
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use std::collections::VecDeque;
use std::hash::BuildHasher;

/// The slot of no conversation.
const NOWHERE: u32 = u32::MAX;

/// A frame, with what is known of it.
#[derive(Clone, Copy)]
pub struct Packet<'a> {
    /// The frame.
    pub frame: &'a Frame<'a>,
    /// What it was taken apart into.
    pub dissection: &'a Dissection,
    /// What it is as a fragment, where it is one.
    pub fragment: Option<&'a Fragment>,
}

impl<'a> Packet<'a> {
    /// A frame that is no fragment.
    #[must_use]
    pub fn new(frame: &'a Frame<'a>, dissection: &'a Dissection) -> Self {
        Self { frame, dissection, fragment: None }
    }
}

/// Where a frame belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Belongs {
    /// The conversation's number.
    pub conversation: u64,
    /// Who sent the frame.
    pub from: Side,
    /// What it is as a segment of TCP.
    pub segment: Option<Segment>,
    /// The time to live (hop limit) of the packet before it from the same side; `None` where it is the first.
    pub hop_limit_before: Option<u8>,
    pub(super) slot: u32,
}

/// What the limits did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PutAway {
    /// Conversations that were put away to make room, and how many of them were SYNs without an answer.
    pub conversations: u64,
    /// How many of them were SYNs that nobody had answered.
    pub unanswered: u64,
    /// Holes of streams that were passed over, for more bytes waited behind them than are kept. They are told as gaps.
    pub holes: u64,
}

/// All conversations of a capture.
///
/// ```
/// use wirelore::conversation::{Conversations, Packet};
/// use wirelore::dissect::{Dissection, dissect};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut source = wirelore::source::open("captures/http-geocode.pcapng".as_ref())?;
/// let (mut conversations, mut dissection) = (Conversations::default(), Dissection::default());
/// while let Some(frame) = source.next_frame()? {
///     dissect(&frame, &mut dissection);
///     conversations.observe(&Packet::new(&frame, &dissection), &mut ());
/// }
/// conversations.finish(&mut ());
/// assert!(conversations.iter().any(|conversation| conversation.ends[1].port == 80));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Conversations {
    pub(super) limits: Limits,
    hasher: RandomState,
    /// Slots by the hash of their key: the newest conversation of each.
    index: HashTable<u32>,
    pub(super) slots: Vec<Conversation>,
    /// Slots of conversations that were put away.
    free: Vec<u32>,
    departures: Departures,
    next_id: u64,
    pub(super) used: Used,
    /// Directions that remember bytes, the longest first: slot and side.
    pub(super) remembering: VecDeque<(u32, Side)>,
    pub(super) packets: Packets,
    pub(super) samples: Samples,
    pub(super) put_away: PutAway,
    /// Conversations of the last frames, by their ports: most frames belong to one of them.
    pub(super) near: [u32; Limits::CONVERSATIONS_NEAR],
    pub(super) last_origin: Origin,
    /// Whether the conversation that was just begun has the ports of an earlier one, and when that one's last frame came.
    reused: bool,
    earlier: Option<Timestamp>,
    scattered: Scattered,
}

impl Default for Conversations {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Conversations {
    /// A table with limits of its own.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            hasher: RandomState::default(),
            index: HashTable::new(),
            slots: Vec::new(),
            free: Vec::new(),
            departures: Departures::default(),
            next_id: 0,
            used: Used { forgets: limits.history_bytes == 0, ..Used::default() },
            remembering: VecDeque::new(),
            packets: Packets::default(),
            samples: Samples::default(),
            put_away: PutAway::default(),
            near: [NOWHERE; Limits::CONVERSATIONS_NEAR],
            last_origin: Origin::default(),
            reused: false,
            earlier: None,
            scattered: Scattered::default(),
        }
    }

    /// Takes a frame: `None` where it holds no IP packet that is under way.
    pub fn observe(&mut self, packet: &Packet<'_>, listener: &mut impl Listener) -> Option<Belongs> {
        match self.expected(packet, listener) {
            None => self.observe_any(packet, listener),
            belongs => belongs,
        }
    }

    /// The same for a frame that may be anything.
    #[inline(never)]
    pub(super) fn observe_any(&mut self, packet: &Packet<'_>, listener: &mut impl Listener) -> Option<Belongs> {
        let whole = packet.fragment.and_then(Fragment::completed);
        let (bytes, dissection) = whole.map_or((packet.frame.data, packet.dissection), |whole| (whole.bytes.as_slice(), &whole.dissection));
        let network = dissection.network()?;
        let transport = transport_of(dissection, network);
        let key = key_of(bytes, dissection, network, transport, packet.fragment.and_then(Fragment::innermost_ports));
        let origin = Origin { frame: packet.frame.number, time: packet.frame.timestamp };
        self.last_origin = origin;
        let fragment = packet.fragment.filter(|_| network.fragment.is_some()).map(|fragment| fragment.datagram);
        let known = fragment.and_then(|datagram| self.scattered.place(datagram));
        let known = known.filter(|place| self.slots.get(place.0 as usize).is_some_and(|one| one.id == place.2 && one.marks & OVER == 0));
        let first = network.fragment.is_none_or(|part| part.offset == 0);
        let (slot, from) = match (known, fragment) {
            (Some((slot, from, _)), _) => (slot, from),
            (None, Some(datagram)) if !first && matches!(key.kind, Kind::Other(_)) => {
                let waiting = Waiting { key, origin, frames: 1, bytes: packet.frame.length.into() };
                match self.scattered.wait(datagram, waiting) {
                    Ok(()) => return None,
                    Err(_) => self.find(&key, origin, listener),
                }
            }
            (None, _) => self.find(&key, origin, listener),
        };
        if let Some(fragment) = packet.fragment {
            self.gather(fragment.datagram, slot, from);
        }
        let conversation = self.slots.get_mut(slot as usize)?;
        let ends = conversation.ends;
        let before = if conversation.frames() > 0 { conversation.last() } else { self.earlier.take() };
        let idle = packet.frame.timestamp.zip(before).map_or(0, |(now, before)| now.since(before));
        let reused = std::mem::take(&mut self.reused);
        conversation.last = Moment::from(packet.frame.timestamp);
        let hop_limit = std::mem::replace(&mut conversation.hop_limits[from.index()], network.hop_limit);
        let sent = &mut conversation.sent[from.index()];
        let hop_limit_before = Some(hop_limit).filter(|limit| *limit != 0);
        sent.frames = sent.frames.saturating_add(1);
        sent.bytes += u64::from(packet.frame.length);
        let mut segment = None;
        // The first of several fragments holds ports and some of what is said; the rest of it is not here.
        if let (None, Some(transport)) = (network.fragment, transport) {
            let layer = dissection.layers.get(transport.layer)?;
            let payload = bytes.get(transport.payload_start..layer.end).unwrap_or_default();
            if let (Kind::Tcp, Some(tcp)) = (key.kind, transport.tcp) {
                let received = Received { frame: packet.frame, origin, bytes, dissection, network, transport, tcp, payload };
                segment = self.segment(slot, from, &received, listener);
                if let Some(segment) = &mut segment {
                    segment.idle = idle;
                    if reused {
                        segment.remark = segment.remark.or(Some(Remark::PortsReused));
                    }
                }
            } else {
                sent.payload += transport.payload_length as u64;
                if key.kind == Kind::Udp && !payload.is_empty() {
                    conversation.marks |= TOLD;
                    listener.datagram(conversation, from, payload, origin);
                }
            }
        }
        let conversation = self.slots.get(slot as usize)?;
        // What was said may have told that the other one began it.
        let from = if conversation.ends == ends { from } else { from.other() };
        Some(Belongs { conversation: conversation.id, from, segment, hop_limit_before, slot })
    }

    /// Counts what waited for this: fragments that came before the one that tells whose they are.
    fn gather(&mut self, datagram: u64, slot: u32, from: Side) {
        let Some(conversation) = self.slots.get_mut(slot as usize) else { return };
        if let Some(waited) = self.scattered.found(datagram, (slot, from, conversation.id)) {
            let sent = &mut conversation.sent[from.index()];
            sent.frames = sent.frames.saturating_add(waited.frames);
            sent.bytes += waited.bytes;
        }
    }

    /// Ends all that is left, in the order in which it began. What is known of each stays to be asked for.
    pub fn finish(&mut self, listener: &mut impl Listener) {
        for waited in self.scattered.rest() {
            let (slot, from) = self.find(&waited.key, waited.origin, listener);
            if let Some(conversation) = self.slots.get_mut(slot as usize) {
                let sent = &mut conversation.sent[from.index()];
                sent.frames = sent.frames.saturating_add(waited.frames);
                sent.bytes += waited.bytes;
            }
        }
        let mut order: Vec<u32> = (0..).zip(&self.slots).filter(|(_, slot)| slot.marks & OVER == 0).map(|(place, _)| place).collect();
        order.sort_unstable_by_key(|slot| self.slots[*slot as usize].id);
        for slot in order {
            self.end(slot, listener);
        }
        // What finds and orders them is not needed to ask for them.
        self.index = HashTable::new();
        self.departures = Departures::default();
        self.near = [NOWHERE; Limits::CONVERSATIONS_NEAR];
    }

    /// The conversations that are known, in no order; those that were put away are not among them.
    pub fn iter(&self) -> impl Iterator<Item = &Conversation> {
        self.slots.iter().filter(|conversation| conversation.marks & AWAY == 0)
    }

    /// The conversation of a frame that was just observed.
    #[must_use]
    pub fn get(&self, belongs: &Belongs) -> Option<&Conversation> {
        self.slots.get(belongs.slot as usize).filter(|conversation| conversation.id == belongs.conversation)
    }

    /// The conversation of a packet from `source` to `destination`, where one is known and not over, and who of it sent the packet.
    #[must_use]
    pub fn between(&self, kind: Kind, source: Endpoint, destination: Endpoint) -> Option<(&Conversation, Side)> {
        let key = Key { kind, source, destination, sender: Side::Originator, seen: false, tcp: None };
        let of = |slot: u32| self.slots.get(slot as usize).and_then(|other| Some((other, side_of(other, &key)?)));
        self.index.find(self.hash(&key), |slot| of(*slot).is_some()).and_then(|slot| of(*slot))
    }

    /// How many there were in all.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.next_id
    }

    /// What the limits did.
    #[must_use]
    pub fn put_away(&self) -> PutAway {
        self.put_away
    }

    /// The slot of a packet's conversation, which is begun where there is none, and who sent the packet.
    fn find(&mut self, key: &Key, origin: Origin, listener: &mut impl Listener) -> (u32, Side) {
        let near = near(key.source.port, key.destination.port);
        let slot = self.near.get(near).copied().unwrap_or(NOWHERE);
        if let Some(conversation) = self.slots.get(slot as usize)
            && let Some(from) = side_of(conversation, key)
            && !self.begins_anew(slot, from, key.tcp)
        {
            return (slot, from);
        }
        let hash = self.hash(key);
        let mut from = None;
        let is_it = |slot: &u32| {
            from = self.slots.get(*slot as usize).and_then(|other| side_of(other, key));
            from.is_some()
        };
        let found = self.index.find(hash, is_it).copied();
        if let (Some(slot), Some(from)) = (found, from) {
            if !self.begins_anew(slot, from, key.tcp) {
                self.near[near] = slot;
                return (slot, from);
            }
            self.end(slot, listener);
            self.reused = true;
            self.earlier = self.slots.get(slot as usize).and_then(Conversation::last);
            if let Ok(entry) = self.index.find_entry(hash, |other| *other == slot) {
                entry.remove();
            }
        }
        let slot = self.insert(key, origin, listener);
        let Self { index, slots, hasher, .. } = self;
        index.insert_unique(hash, slot, |slot| slots.get(*slot as usize).map_or(0, |other| hash_of(hasher, other.kind, &other.ends)));
        self.near[near] = slot;
        (slot, key.sender)
    }

    fn insert(&mut self, key: &Key, origin: Origin, listener: &mut impl Listener) -> u32 {
        let allowed = self.limits.conversations.min(self.limits.conversation_bytes / size_of::<Conversation>()).max(1);
        if self.slots.len() - self.free.len() >= allowed {
            self.make_room(allowed, listener);
        }
        let ends = if key.sender == Side::Originator { [key.source, key.destination] } else { [key.destination, key.source] };
        let time = Moment::from(origin.time);
        let conversation = Conversation {
            id: self.next_id,
            kind: key.kind,
            ends,
            sent: [Sent::default(), Sent::default()],
            first_frame: origin.frame,
            first: time,
            last: time,
            handshake: [u32::MAX; 2],
            marks: if key.seen { BEGINNING_SEEN } else { 0 },
            hop_limits: [0; 2],
            incidents: None,
        };
        self.next_id += 1;
        let free = self.free.pop();
        if let Some((slot, place)) = free.and_then(|slot| Some((slot, self.slots.get_mut(slot as usize)?))) {
            *place = conversation;
            self.departures.begins(slot);
            return slot;
        }
        self.slots.push(conversation);
        // Slots are at most as many as the limit of conversations, which is far less.
        u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
    }

    /// Puts those away that were heard of least recently, SYNs that nobody answered before others.
    fn make_room(&mut self, allowed: usize, listener: &mut impl Listener) {
        let share = (allowed / self.limits.conversation_share.max(1)).max(1);
        for slot in self.departures.take(&self.slots, share) {
            let answered = self.slots.get(slot as usize).is_some_and(|one| one.state() != Some(State::Unanswered));
            self.end(slot, listener);
            let Some(conversation) = self.slots.get_mut(slot as usize) else { continue };
            conversation.marks |= AWAY;
            let hash = hash_of(&self.hasher, conversation.kind, &conversation.ends);
            if let Ok(entry) = self.index.find_entry(hash, |other| *other == slot) {
                entry.remove();
            }
            self.free.push(slot);
            self.put_away.conversations += 1;
            self.put_away.unanswered += u64::from(!answered);
        }
        self.near = [NOWHERE; Limits::CONVERSATIONS_NEAR];
    }

    /// Tells the end of a conversation, once.
    pub(super) fn end(&mut self, slot: u32, listener: &mut impl Listener) {
        let Some(conversation) = self.slots.get(slot as usize).filter(|conversation| conversation.marks & OVER == 0) else { return };
        let how = if matches!(conversation.state(), Some(State::Reset(_) | State::Refused)) { End::Reset } else { End::Unseen };
        if conversation.kind == Kind::Tcp {
            self.end_streams(slot, how, self.last_origin, listener);
        }
        if let Some(conversation) = self.slots.get_mut(slot as usize) {
            conversation.marks |= OVER;
            listener.finished(conversation);
        }
    }

    fn hash(&self, key: &Key) -> u64 {
        hash_of(&self.hasher, key.kind, &[key.source, key.destination])
    }
}

/// Where the conversation of a packet with these ports is looked for first; the same for both directions.
pub(super) fn near(source_port: u16, destination_port: u16) -> usize {
    let ports = source_port ^ destination_port;
    usize::from(ports ^ ports >> 6) % Limits::CONVERSATIONS_NEAR
}

/// Who of a conversation sent a packet; `None` where it belongs to another.
fn side_of(conversation: &Conversation, key: &Key) -> Option<Side> {
    if conversation.kind != key.kind || conversation.marks & OVER != 0 {
        return None;
    }
    let [originator, responder] = &conversation.ends;
    if (originator, responder) == (&key.source, &key.destination) {
        // Where both ends are the same, who speaks cannot be told by them; only who begins.
        return Some(if originator == responder { key.sender } else { Side::Originator });
    }
    ((responder, originator) == (&key.source, &key.destination)).then_some(Side::Responder)
}

/// The same for both directions.
fn hash_of(hasher: &RandomState, kind: Kind, ends: &[Endpoint; 2]) -> u64 {
    let [one, other] = ends;
    if one <= other { hasher.hash_one((kind, one, other)) } else { hasher.hash_one((kind, other, one)) }
}
