//! What TCP does in a conversation: segments into streams, and what went wrong on the way.

use super::late;
use super::received::{Received, speaks_as, window_scale};
use super::recent::Original;
use super::record::{BEGINS_ODDLY, FINISHED, RESET, RESPONDER_CLOSED, SPOKE, SYNCHRONIZED, TOLD};
use super::{Conversation, Conversations, Listener, Side};
use crate::dissect::Tcp;
use crate::dissect::transport::tcp::{ACK, FIN, RST, SYN, URG};
use crate::reassembly::stream::{self, Arrival, Pieces, Stream};
use crate::reassembly::{End, Origin, Overlap, Piece};

/// How many more segments a hole waits for, once the other side has acknowledged what is missing: captures swap neighbours now and then.
const PATIENCE: u32 = 16;

/// What a segment is to its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its sequence number, counted from the first of its side; `None` where that is not known.
    pub sequence: Option<u64>,
    /// Its acknowledgement number, counted likewise.
    pub acknowledgement: Option<u64>,
    /// Bytes of payload on the wire.
    pub length: u32,
    /// The flags, as in [`Tcp::flags`].
    pub flags: u16,
    /// How many more bytes its sender can take, scaled as its SYN said.
    pub window: u64,
    /// One past the last byte that its side had sent before it; 0 where that is not known.
    pub highest: u64,
    /// How far its side was acknowledged when it came.
    pub acknowledged: u64,
    /// How many of its bytes were in the capture before it.
    pub repeated: u64,
    /// Nanoseconds since the frame before it in its conversation; behind [`Remark::PortsReused`] since the last of the earlier one.
    pub idle: i64,
    /// The frame that the same packet was captured in before, where it is a [`Remark::Copy`].
    pub original: Option<Original>,
    /// What is remarkable about it.
    pub remark: Option<Remark>,
}

/// What is remarkable about a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The same packet, captured once more.
    Copy,
    /// It holds bytes that came before.
    Retransmission,
    /// It holds other bytes for a place whose bytes came before.
    Conflict,
    /// It fills a hole, and was sent before what opened it: it was overtaken.
    OutOfOrder,
    /// It fills a hole; whether it was overtaken or sent again cannot be told.
    Late,
    /// Bytes before it are missing so far.
    Ahead,
    /// A probe whether the other side still lives.
    KeepAlive,
    /// It acknowledges the same again because something is missing.
    DuplicateAcknowledgement,
    /// Its sender can take no more.
    ZeroWindow,
    /// A reset that the other side does not take.
    StrayReset,
    /// A SYN between ports whose earlier conversation is over.
    PortsReused,
}

impl Segment {
    fn new(tcp: Tcp, length: u32) -> Self {
        Self {
            sequence: None,
            acknowledgement: None,
            length,
            flags: tcp.flags,
            window: 0,
            highest: 0,
            acknowledged: 0,
            repeated: 0,
            idle: 0,
            original: None,
            remark: None,
        }
    }

    /// Whether it has any of these flags.
    #[must_use]
    pub fn is(&self, flags: u16) -> bool {
        self.flags & flags != 0
    }

    /// One past its last byte.
    #[must_use]
    pub fn end(&self) -> Option<u64> {
        self.sequence.map(|first| first + u64::from(self.length))
    }
}

impl Conversations {
    /// Whether a SYN begins another conversation between the same ports.
    pub(super) fn begins_anew(&mut self, slot: u32, from: Side, tcp: Option<Tcp>) -> bool {
        let Some(tcp) = tcp.filter(|tcp| tcp.flags & SYN != 0) else { return false };
        let Some(conversation) = self.slots.get_mut(slot as usize) else { return false };
        let [own, other] = [from.index(), from.other().index()];
        let first = tcp.sequence.wrapping_add(1);
        if tcp.flags & ACK != 0 {
            // The answer to a SYN that an open conversation could not make sense of: the old one is gone.
            let answers = conversation.incidents().other_synchronize == Some(tcp.acknowledgement);
            return answers && conversation.sent[other].stream.place(tcp.acknowledgement) != Some(0);
        }
        let stream = &conversation.sent[own].stream;
        if !stream.is_placed() || !conversation.sent[own].is(SYNCHRONIZED) && stream.next() == 0 {
            return false;
        }
        if is_beginning(stream, first) {
            return false;
        }
        if conversation.is_past() {
            return true;
        }
        conversation.incidents_mut().other_synchronize = Some(first);
        false
    }

    /// Takes a segment.
    pub(super) fn segment(&mut self, slot: u32, from: Side, received: &Received<'_>, listener: &mut impl Listener) -> Option<Segment> {
        let Received { tcp, origin, .. } = *received;
        let length = received.length();
        let mut segment = Segment::new(tcp, length);
        let (fingerprint, exact) = received.fingerprint(direction(slot, from));
        segment.original = self.packets.original(fingerprint, received.frame, received.network.hop_limit, exact);
        if segment.original.is_some() {
            self.slots.get_mut(slot as usize)?.incidents_mut().copies[from.index()] += 1;
            segment.remark = Some(Remark::Copy);
            return Some(segment);
        }
        let conversation = self.slots.get_mut(slot as usize)?;
        if conversation.marks & TOLD == 0 && !conversation.beginning_was_seen() && speaks_as(received.payload) == Some(from.other()) {
            // Neither ports nor flags tell who began it, but what is said does.
            conversation.ends.swap(0, 1);
            conversation.sent.swap(0, 1);
            conversation.hop_limits.swap(0, 1);
            return self.segment(slot, from.other(), received, listener);
        }
        let [own, other] = [from.index(), from.other().index()];
        let is_odd = !received.is(SYN | ACK | RST) || received.is(SYN) && received.is(FIN) && !received.is(RST);
        if is_odd && conversation.frames() == 1 {
            conversation.marks |= BEGINS_ODDLY;
        }
        let stream = &conversation.sent[own].stream;
        if stream.is_begun() {
            (segment.highest, segment.acknowledged) = (stream.highest(), stream.acknowledged());
        }
        if received.is(SYN) {
            segment.remark = synchronize(conversation, from, received, &mut self.used);
        }
        let window_before = std::mem::replace(&mut conversation.sent[own].window, tcp.window);
        segment.window = if received.is(SYN) { tcp.window.into() } else { conversation.sent[own].window_bytes() };
        if !received.is(SYN | RST) {
            conversation.sent[own].mark(SPOKE);
            if tcp.window == 0 {
                let incidents = conversation.incidents_mut();
                incidents.became_full[own] += u32::from(window_before > 0 || incidents.zero_windows[own] == 0);
                incidents.zero_windows[own] += 1;
                segment.remark = Some(Remark::ZeroWindow);
            }
        }
        if received.is(ACK) {
            let says_nothing_else = length == 0 && window_before == tcp.window && !received.is(SYN | FIN | RST);
            if self.acknowledge(slot, from, tcp, origin) == Some(false) && says_nothing_else {
                segment.remark = segment.remark.or(self.duplicate_acknowledgement(slot, from));
            }
        }
        let conversation = self.slots.get_mut(slot as usize)?;
        if received.is(URG) && !received.is(RST) {
            conversation.incidents_mut().urgent[own] += 1;
        }
        let (stream, peer) = (&conversation.sent[own].stream, &conversation.sent[other]);
        let may_probe = stream.is_begun() && length <= 1 && received.is(ACK) && !received.is(SYN | FIN | RST) && stream.highest() > 0;
        // A byte that nobody has acknowledged is sent again because it may be lost, unless there is no room for it, or nobody to be heard.
        let is_idle = length == 0 || peer.frames == 0 || peer.window == 0 || stream.acknowledged() >= stream.highest();
        if may_probe && is_idle && stream.place(received.first()) == Some(stream.highest() - 1) {
            conversation.incidents_mut().keep_alives[own] += 1;
            segment.remark = Some(Remark::KeepAlive);
        } else if received.is(RST) {
            // What a reset carries is a message to people, no part of the stream (RFC 9293 section 3.5.3).
            segment.remark = reset(conversation, from, tcp);
        } else if length > 0 || received.is(FIN) {
            let (remark, repeated) = self.speak(slot, from, received, listener).unwrap_or_default();
            segment.repeated = repeated;
            segment.remark = remark.or(segment.remark);
        }
        self.go_on(slot, origin, listener);
        let conversation = self.slots.get(slot as usize)?;
        let place = |side: usize, sequence: u32| {
            let stream = &conversation.sent[side].stream;
            if stream.is_begun() { stream.place(sequence) } else { None }
        };
        segment.sequence = place(own, received.first());
        segment.acknowledgement = received.is(ACK).then(|| place(other, tcp.acknowledgement)).flatten();
        Some(segment)
    }

    /// What a side acknowledges: whether that is more than before; `None` where it cannot be told.
    fn acknowledge(&mut self, slot: u32, from: Side, tcp: Tcp, origin: Origin) -> Option<bool> {
        let conversation = self.slots.get_mut(slot as usize)?;
        let other = from.other().index();
        if from == Side::Originator
            && tcp.flags & SYN == 0
            && conversation.handshake[0] != u32::MAX
            && conversation.handshake[1] == u32::MAX
        {
            conversation.handshake[1] = since_first(conversation, origin);
        }
        let sent = &mut conversation.sent[other];
        let known = sent.stream.is_placed();
        let before = sent.stream.acknowledged();
        let now = sent.stream.acknowledge(tcp.acknowledgement);
        sent.time_round_trip(self.samples.acknowledged(direction(slot, from.other()), now, origin.time));
        if now > before {
            conversation.sent[from.index()].asking = 0;
        }
        known.then_some(now > before)
    }

    fn duplicate_acknowledgement(&mut self, slot: u32, from: Side) -> Option<Remark> {
        let conversation = self.slots.get_mut(slot as usize)?;
        let stream = &conversation.sent[from.other().index()].stream;
        let outstanding = stream.is_placed() && stream.highest() > stream.acknowledged();
        outstanding.then(|| {
            conversation.incidents_mut().duplicate_acknowledgements[from.index()] += 1;
            conversation.sent[from.index()].asking = conversation.sent[from.index()].asking.saturating_add(1);
            Remark::DuplicateAcknowledgement
        })
    }

    /// Gives a segment's bytes and its FIN to its stream: what is remarkable about it, and how many of its bytes came before.
    fn speak(&mut self, slot: u32, from: Side, received: &Received<'_>, listener: &mut impl Listener) -> Option<(Option<Remark>, u64)> {
        let Received { tcp, origin, payload, .. } = *received;
        let (first, length) = (received.first(), received.length());
        let conversation = self.slots.get_mut(slot as usize)?;
        let [own, other] = [from.index(), from.other().index()];
        // An answer is not told before what it answers: it waits while the other side lacks what this one has acknowledged.
        let reach = reach(conversation, from);
        let after = if tcp.flags & ACK != 0 { conversation.sent[other].stream.answers(tcp.acknowledgement) } else { 0 };
        let mut stream = std::mem::take(&mut conversation.sent[own].stream);
        conversation.marks |= TOLD;
        let remembered = stream.remembers();
        let mut voice = Voice::new(conversation, from, listener);
        let segment = stream::Segment { sequence: first, bytes: payload, length, origin, after, reach };
        let arrival = stream.segment(&segment, &mut self.used, &mut voice);
        let mut limited = 0;
        while stream.waiting_bytes() > self.limits.stream_bytes || stream.is_waiting() && self.used.waiting > self.limits.streams_bytes {
            limited += 1;
            stream.pass_gap(origin, &mut self.used, &mut voice);
        }
        if tcp.flags & FIN != 0 {
            stream.finish(first.wrapping_add(length), origin, &mut self.used, &mut voice);
        }
        let counted = voice.counted;
        let remark = remark(conversation, from, &mut stream, received, &arrival);
        if remark == Some(Remark::Retransmission) {
            self.samples.repeated(direction(slot, from));
        } else if arrival.fresh > 0 {
            self.samples.sent(direction(slot, from), stream.highest(), origin.time);
        }
        if stream.remembers() && !remembered {
            self.remembering.push_back((slot, from));
        }
        let sent = &mut conversation.sent[own];
        sent.stream = stream;
        sent.payload += arrival.fresh;
        if tcp.flags & FIN != 0 && !sent.is(FINISHED) {
            sent.mark(FINISHED);
            if from == Side::Responder && !conversation.sent[other].is(FINISHED) {
                conversation.marks |= RESPONDER_CLOSED;
            }
        }
        count(conversation, from, &arrival, remark, &counted);
        if limited > 0 {
            conversation.incidents_mut().limited[own] += limited;
            self.put_away.holes += u64::from(limited);
        }
        self.forget_oldest();
        Some((remark, arrival.same + arrival.conflicting + arrival.forgotten))
    }

    /// Lets streams go on that wait for what will not come, or for what has come now. What one side gives may be what the other waits for.
    fn go_on(&mut self, slot: u32, origin: Origin, listener: &mut impl Listener) {
        while Side::BOTH.into_iter().any(|side| self.side_goes_on(slot, side, origin, listener)) {}
    }

    fn side_goes_on(&mut self, slot: u32, side: Side, origin: Origin, listener: &mut impl Listener) -> bool {
        let Some(conversation) = self.slots.get_mut(slot as usize) else { return false };
        let now = segments(conversation);
        let sent = &mut conversation.sent[side.index()];
        let stream = &sent.stream;
        let lacks = stream.lacks_acknowledged();
        if !lacks {
            sent.stalled = 0;
        } else if sent.stalled == 0 {
            sent.stalled = now;
        }
        if !stream.is_waiting() {
            return false;
        }
        let begins = !stream.is_begun() && stream.is_waiting() && (stream.may_begin() || sent.frames >= PATIENCE);
        let passes = lacks && stream.has_gap() && now.saturating_sub(sent.stalled) >= PATIENCE;
        let reach = reach(conversation, side);
        if !(begins || passes || conversation.sent[side.index()].stream.can_give(reach)) {
            return false;
        }
        self.with_stream(slot, side, listener, |stream, used, voice| {
            if begins {
                stream.begin_with_what_came(used);
            }
            if passes {
                stream.pass_gap(origin, used, voice);
            }
            stream.give_waiting(reach, used, voice);
            stream.tell_end(origin, used, voice);
        });
        true
    }

    /// Ends both streams of a conversation, the originator's first.
    pub(super) fn end_streams(&mut self, slot: u32, how: End, origin: Origin, listener: &mut impl Listener) {
        for side in Side::BOTH {
            self.with_stream(slot, side, listener, |stream, used, voice| {
                if stream.is_placed() {
                    stream.end(how, origin, used, voice);
                }
            });
        }
    }

    fn with_stream<L: Listener>(
        &mut self,
        slot: u32,
        side: Side,
        listener: &mut L,
        act: impl FnOnce(&mut Stream, &mut stream::Used, &mut Voice<'_, L>),
    ) {
        let Some(conversation) = self.slots.get_mut(slot as usize) else { return };
        let mut stream = std::mem::take(&mut conversation.sent[side.index()].stream);
        conversation.marks |= TOLD;
        let remembered = stream.remembers();
        let mut voice = Voice::new(conversation, side, listener);
        act(&mut stream, &mut self.used, &mut voice);
        let counted = voice.counted;
        if stream.remembers() && !remembered {
            self.remembering.push_back((slot, side));
        }
        conversation.sent[side.index()].stream = stream;
        count(conversation, side, &Arrival::default(), None, &counted);
    }

    /// Keeps what is remembered within its limit.
    pub(super) fn forget_oldest(&mut self) {
        while self.used.history > self.limits.history_bytes
            && let Some((slot, side)) = self.remembering.pop_front()
        {
            if let Some(conversation) = self.slots.get_mut(slot as usize) {
                conversation.sent[side.index()].stream.forget(&mut self.used);
            }
        }
    }
}

/// Tells a listener what a stream gives, and counts the holes.
pub(super) struct Voice<'a, L> {
    conversation: &'a Conversation,
    from: Side,
    listener: &'a mut L,
    counted: Vec<u64>,
}

impl<'a, L> Voice<'a, L> {
    pub(super) fn new(conversation: &'a Conversation, from: Side, listener: &'a mut L) -> Self {
        Self { conversation, from, listener, counted: Vec::new() }
    }
}

impl<L: Listener> Pieces for Voice<'_, L> {
    fn piece(&mut self, piece: Piece<'_>) {
        if let Piece::Gap { length, .. } = piece {
            self.counted.push(length);
        }
        self.listener.piece(self.conversation, self.from, &piece);
    }

    fn overlap(&mut self, overlap: Overlap<'_>) {
        self.listener.overlap(self.conversation, self.from, &overlap);
    }
}

fn remark(conversation: &Conversation, from: Side, stream: &mut Stream, received: &Received<'_>, arrival: &Arrival) -> Option<Remark> {
    if received.length() == 0 {
        return None;
    }
    if arrival.conflicting > 0 {
        Some(Remark::Conflict)
    } else if arrival.same > 0 || arrival.forgotten > 0 {
        Some(Remark::Retransmission)
    } else if arrival.filling {
        Some(late::fills(conversation, from, stream, received, arrival.hole_open))
    } else {
        arrival.ahead.then(|| {
            late::ahead(conversation, from, stream, received);
            Remark::Ahead
        })
    }
}

fn count(conversation: &mut Conversation, from: Side, arrival: &Arrival, remark: Option<Remark>, gaps: &[u64]) {
    let own = from.index();
    match remark {
        Some(Remark::Retransmission | Remark::Conflict) => conversation.sent[own].retransmitted += 1,
        Some(Remark::OutOfOrder) => conversation.incidents_mut().out_of_order[own] += 1,
        _ => {}
    }
    if arrival.same | arrival.conflicting | arrival.forgotten | arrival.beyond != 0 {
        let incidents = conversation.incidents_mut();
        incidents.overlaps[own].add(arrival.same);
        incidents.conflicts[own].add(arrival.conflicting);
        incidents.forgotten[own].add(arrival.forgotten);
        incidents.beyond[own].add(arrival.beyond);
    }
    for length in gaps {
        conversation.incidents_mut().gaps[own].add(*length);
    }
}

pub(super) fn direction(slot: u32, side: Side) -> u64 {
    u64::from(slot) << 1 | side.index() as u64
}

fn segments(conversation: &Conversation) -> u32 {
    conversation.sent[0].frames.saturating_add(conversation.sent[1].frames)
}

/// Where the other side stands, for what a side says: answers behind it wait. They wait no longer once they have waited long.
fn reach(conversation: &Conversation, from: Side) -> u64 {
    let other = &conversation.sent[from.other().index()];
    let patient = other.stalled == 0 || segments(conversation).saturating_sub(other.stalled) < PATIENCE;
    if other.frames > 0 && other.stream.lacks_acknowledged() && patient { other.stream.next() } else { u64::MAX }
}

fn since_first(conversation: &Conversation, origin: Origin) -> u32 {
    let took = origin.time.zip(conversation.first()).map(|(now, first)| now.since(first) / 1000);
    took.and_then(|took| u32::try_from(took).ok()).unwrap_or(u32::MAX)
}

fn is_beginning(stream: &Stream, sequence: u32) -> bool {
    stream.is_begun() && stream.place(sequence) == Some(0)
}

fn synchronize(conversation: &mut Conversation, from: Side, received: &Received<'_>, used: &mut stream::Used) -> Option<Remark> {
    let own = from.index();
    let first = received.first();
    if conversation.sent[own].is(SYNCHRONIZED) {
        if is_beginning(&conversation.sent[own].stream, first) {
            conversation.sent[own].retransmitted += 1;
            return Some(Remark::Retransmission);
        }
        return None;
    }
    conversation.sent[own].mark(SYNCHRONIZED);
    conversation.sent[own].set_window_shift(window_scale(received.header()));
    conversation.sent[own].stream.begin(first, used);
    if from == Side::Responder && conversation.sent[0].is(SYNCHRONIZED) {
        conversation.handshake[0] = since_first(conversation, received.origin);
    }
    None
}

/// A reset: whether the other side takes it (RFC 9293 section 3.5.3, RFC 5961 section 3).
fn reset(conversation: &mut Conversation, from: Side, tcp: Tcp) -> Option<Remark> {
    let [own, other] = [from.index(), from.other().index()];
    let peer = &conversation.sent[other];
    let window = peer.window_bytes();
    let stream = &conversation.sent[own].stream;
    let own_syn_alone = conversation.sent[own].is(SYNCHRONIZED) && peer.frames == 0;
    let in_window = if stream.is_placed() {
        let reach = stream.highest().max(stream.acknowledged() + window) + 1;
        stream.place(tcp.sequence).is_some_and(|place| place + 1 >= stream.acknowledged() && place <= reach)
    } else if tcp.flags & ACK != 0 && peer.stream.is_begun() {
        peer.stream.place(tcp.acknowledgement).is_some_and(|place| place <= peer.stream.highest() + 1)
    } else {
        true
    };
    if in_window && !own_syn_alone {
        conversation.sent[own].mark(RESET);
        None
    } else {
        conversation.incidents_mut().stray_resets[own] += 1;
        Some(Remark::StrayReset)
    }
}
