//! What TCP does in a conversation: segments into streams, and what went wrong on the way.

use super::recent::place_of;
use super::record::{FINISHED, RESET, RESPONDER_CLOSED, SPOKE, SYNCHRONIZED, TOLD};
use super::{Conversation, Conversations, Listener, Side};
use crate::dissect::{Dissection, Network, Tcp, Transport};
use crate::frame::Frame;
use crate::reassembly::stream::{self, Arrival, Pieces, Stream};
use crate::reassembly::{End, Origin, Overlap, Piece};

const FIN: u16 = 0x001;
const SYN: u16 = 0x002;
const RST: u16 = 0x004;
const ACK: u16 = 0x010;
const URG: u16 = 0x020;

/// How many more segments a hole waits for, once the other side has acknowledged what is missing: captures swap neighbours now and then.
const PATIENCE: u32 = 16;
/// How long a hole may be open for what fills it to be called late and not lost, in nanoseconds.
const SWAPPED: i64 = 3_000_000;

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
    /// It fills a hole that opened a moment before.
    OutOfOrder,
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
}

impl Conversations {
    /// Whether a SYN begins another conversation between the same ports.
    pub(super) fn begins_anew(&mut self, slot: u32, from: Side, dissection: &Dissection, network: &Network) -> bool {
        let Some(tcp) = super::key::transport_of(dissection, network).and_then(|transport| transport.tcp) else { return false };
        if tcp.flags & SYN == 0 {
            return false;
        }
        let Some(conversation) = self.slots.get_mut(slot as usize) else { return false };
        let [own, other] = [from.index(), from.other().index()];
        let first = tcp.sequence.wrapping_add(1);
        if tcp.flags & ACK != 0 {
            // The answer to a SYN that an open conversation could not make sense of: the old one is gone.
            let answers = conversation.incidents().other_synchronize == Some(tcp.acknowledgement);
            return answers && conversation.sent[other].stream.place(tcp.acknowledgement) != Some(0);
        }
        let stream = &conversation.sent[own].stream;
        if !stream.is_placed() || conversation.sent[own].marks & SYNCHRONIZED == 0 && stream.next() == 0 {
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
    #[expect(clippy::too_many_arguments, reason = "they are what a segment is, and nobody else calls it")]
    pub(super) fn segment(
        &mut self,
        slot: u32,
        from: Side,
        frame: &Frame<'_>,
        bytes: &[u8],
        dissection: &Dissection,
        network: &Network,
        transport: &Transport,
        payload: &[u8],
        origin: Origin,
        listener: &mut impl Listener,
    ) -> Option<Segment> {
        let tcp = transport.tcp?;
        let header = bytes.get(dissection.layers.get(transport.layer)?.start..transport.payload_start).unwrap_or_default();
        let length = u32::try_from(transport.payload_length).unwrap_or(u32::MAX);
        let mut segment = Segment { sequence: None, acknowledgement: None, length, flags: tcp.flags, remark: None };
        if self.is_copy(slot, from, frame, bytes, dissection, network, header, length) {
            let incidents = self.slots.get_mut(slot as usize)?.incidents_mut();
            incidents.copies[from.index()] += 1;
            segment.remark = Some(Remark::Copy);
            return Some(segment);
        }
        let conversation = self.slots.get_mut(slot as usize)?;
        if conversation.marks & TOLD == 0 && !conversation.beginning_was_seen() && speaks_as(payload) == Some(from.other()) {
            // Neither ports nor flags tell who began it, but what is said does.
            conversation.ends.swap(0, 1);
            conversation.sent.swap(0, 1);
            return self.segment(slot, from.other(), frame, bytes, dissection, network, transport, payload, origin, listener);
        }
        let [own, other] = [from.index(), from.other().index()];
        if tcp.flags & SYN != 0 {
            segment.remark = synchronize(conversation, from, tcp, header, origin);
        }
        let window_before = std::mem::replace(&mut conversation.sent[own].window, tcp.window);
        if tcp.flags & (SYN | RST) == 0 {
            conversation.sent[own].marks |= SPOKE;
            if tcp.window == 0 {
                conversation.incidents_mut().zero_windows[own] += 1;
                segment.remark = Some(Remark::ZeroWindow);
            }
        }
        if tcp.flags & ACK != 0 {
            let duplicate = length == 0 && window_before == tcp.window && tcp.flags & (SYN | FIN | RST) == 0;
            if self.acknowledge(slot, from, tcp, origin) == Some(false) && duplicate {
                segment.remark = segment.remark.or(self.duplicate_acknowledgement(slot, from));
            }
        }
        let conversation = self.slots.get_mut(slot as usize)?;
        if tcp.flags & URG != 0 && tcp.flags & RST == 0 {
            conversation.incidents_mut().urgent[own] += 1;
        }
        let first = tcp.sequence.wrapping_add(u32::from(tcp.flags & SYN != 0));
        let stream = &conversation.sent[own].stream;
        let probes = stream.is_begun() && length <= 1 && tcp.flags & (SYN | FIN | RST) == 0 && stream.highest() > 0;
        if probes && stream.place(first) == Some(stream.highest() - 1) && tcp.flags & ACK != 0 {
            conversation.incidents_mut().keep_alives[own] += 1;
            segment.remark = Some(Remark::KeepAlive);
        } else if tcp.flags & RST != 0 {
            // What a reset carries is a message to people, no part of the stream (RFC 9293 section 3.5.3).
            segment.remark = reset(conversation, from, tcp);
        } else if length > 0 || tcp.flags & FIN != 0 {
            let remark = self.speak(slot, from, first, payload, length, tcp, origin, listener);
            segment.remark = remark.or(segment.remark);
        }
        self.go_on(slot, origin, listener);
        let conversation = self.slots.get(slot as usize)?;
        let place = |side: usize, sequence: u32| {
            let stream = &conversation.sent[side].stream;
            if stream.is_begun() { stream.place(sequence) } else { None }
        };
        segment.sequence = place(own, first);
        segment.acknowledgement = (tcp.flags & ACK != 0).then(|| place(other, tcp.acknowledgement)).flatten();
        Some(segment)
    }

    #[expect(clippy::too_many_arguments, reason = "they are what a packet is told apart by, and nobody else calls it")]
    fn is_copy(
        &mut self,
        slot: u32,
        from: Side,
        frame: &Frame<'_>,
        bytes: &[u8],
        dissection: &Dissection,
        network: &Network,
        header: &[u8],
        length: u32,
    ) -> bool {
        let word = |offset: usize| header.get(offset..offset + 8).and_then(|word| word.first_chunk()).map_or(0, |word| u64::from_le_bytes(*word));
        // IPv6 has no identification, and many hosts leave that of IPv4 at 0.
        let start = dissection.layers.get(network.layer).map_or(0, |layer| layer.start);
        let identification = match (network.source.is_ipv4(), bytes.get(start + 4..start + 6)) {
            (true, Some(&[high, low])) => u64::from(u16::from_be_bytes([high, low])),
            _ => 0,
        };
        let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        let direction = u64::from(slot) << 1 | from.index() as u64;
        let fingerprint = [word(4), word(12), identification << 32 | u64::from(length)].into_iter().fold(direction, mix);
        self.packets.is_copy(fingerprint, place_of(frame, network.hop_limit), frame.timestamp, identification != 0)
    }

    /// What a side acknowledges: whether that is more than before; `None` where it cannot be told.
    fn acknowledge(&mut self, slot: u32, from: Side, tcp: Tcp, origin: Origin) -> Option<bool> {
        let conversation = self.slots.get_mut(slot as usize)?;
        let other = from.other().index();
        if from == Side::Originator && tcp.flags & SYN == 0 && conversation.handshake[0] != u32::MAX && conversation.handshake[1] == u32::MAX {
            conversation.handshake[1] = since_first(conversation, origin);
        }
        let sent = &mut conversation.sent[other];
        let known = sent.stream.is_placed();
        let before = sent.stream.acknowledged();
        let now = sent.stream.acknowledge(tcp.acknowledgement);
        if let Some(took) = self.samples.acknowledged(direction(slot, from.other()), now, origin.time) {
            let took = u32::try_from(took / 1000).unwrap_or(0).max(1);
            let [shortest, longest] = &mut sent.round_trip;
            *shortest = if *shortest == 0 { took } else { took.min(*shortest) };
            *longest = took.max(*longest);
        }
        known.then_some(now > before)
    }

    fn duplicate_acknowledgement(&mut self, slot: u32, from: Side) -> Option<Remark> {
        let conversation = self.slots.get_mut(slot as usize)?;
        let stream = &conversation.sent[from.other().index()].stream;
        let outstanding = stream.is_begun() && stream.highest() > stream.acknowledged();
        outstanding.then(|| {
            conversation.incidents_mut().duplicate_acknowledgements[from.index()] += 1;
            Remark::DuplicateAcknowledgement
        })
    }

    /// Gives a segment's bytes and its FIN to its stream.
    #[expect(clippy::too_many_arguments, reason = "they are what a segment says, and nobody else calls it")]
    fn speak(
        &mut self,
        slot: u32,
        from: Side,
        first: u32,
        payload: &[u8],
        length: u32,
        tcp: Tcp,
        origin: Origin,
        listener: &mut impl Listener,
    ) -> Option<Remark> {
        let conversation = self.slots.get_mut(slot as usize)?;
        let [own, other] = [from.index(), from.other().index()];
        // An answer is not told before what it answers: it waits while the other side lacks what this one has acknowledged.
        let lacking = &conversation.sent[other];
        let segments = segments(conversation);
        let may_speak = !(lacking.frames > 0 && lacking.stream.lacks_acknowledged() && segments.saturating_sub(lacking.stalled) < PATIENCE);
        let mut stream = std::mem::take(&mut conversation.sent[own].stream);
        conversation.marks |= TOLD;
        let remembered = stream.remembers();
        let mut voice = Voice::new(conversation, from, listener);
        let segment = stream::Segment { sequence: first, bytes: payload, length, origin, may_speak };
        let arrival = stream.segment(&segment, &mut self.used, &mut voice);
        let mut limited = 0;
        while stream.waiting_bytes() > self.limits.stream_bytes || stream.is_waiting() && self.used.waiting > self.limits.streams_bytes {
            limited += 1;
            stream.pass_gap(origin, &mut self.used, &mut voice);
        }
        if tcp.flags & FIN != 0 {
            stream.finish(first.wrapping_add(length), origin, &mut voice);
        }
        let counted = voice.counted;
        let remark = remark(&arrival, length);
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
        if tcp.flags & FIN != 0 && sent.marks & FINISHED == 0 {
            sent.marks |= FINISHED;
            if from == Side::Responder && conversation.sent[other].marks & FINISHED == 0 {
                conversation.marks |= RESPONDER_CLOSED;
            }
        }
        count(conversation, from, &arrival, remark, &counted);
        if limited > 0 {
            conversation.incidents_mut().limited[own] += limited;
        }
        self.forget_oldest();
        remark
    }

    /// Lets streams go on that wait for what will not come, or for what has come now.
    fn go_on(&mut self, slot: u32, origin: Origin, listener: &mut impl Listener) {
        for side in Side::BOTH {
            let Some(conversation) = self.slots.get_mut(slot as usize) else { return };
            let now = segments(conversation);
            let other_lacks = &conversation.sent[side.other().index()];
            let answered = !other_lacks.stream.lacks_acknowledged() || other_lacks.stalled != 0 && now.saturating_sub(other_lacks.stalled) >= PATIENCE;
            let sent = &mut conversation.sent[side.index()];
            let stream = &sent.stream;
            let begins = !stream.is_begun() && stream.is_waiting() && (stream.may_begin() || sent.frames >= PATIENCE);
            let lacks = stream.lacks_acknowledged();
            if !lacks {
                sent.stalled = 0;
            } else if sent.stalled == 0 {
                sent.stalled = now;
            }
            let passes = lacks && stream.is_waiting() && now.saturating_sub(sent.stalled) >= PATIENCE;
            if !(begins || passes || answered && stream.is_begun() && stream.is_waiting()) {
                continue;
            }
            self.with_stream(slot, side, listener, |stream, used, voice| {
                if begins {
                    stream.begin_with_what_came();
                }
                if passes {
                    stream.pass_gap(origin, used, voice);
                }
                if answered {
                    stream.give_waiting(used, voice);
                    stream.tell_end(origin, voice);
                }
            });
        }
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
    fn forget_oldest(&mut self) {
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
struct Voice<'a, L> {
    conversation: &'a Conversation,
    from: Side,
    listener: &'a mut L,
    counted: Vec<u64>,
}

impl<'a, L> Voice<'a, L> {
    fn new(conversation: &'a Conversation, from: Side, listener: &'a mut L) -> Self {
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

fn remark(arrival: &Arrival, length: u32) -> Option<Remark> {
    if length == 0 {
        return None;
    }
    let late = arrival.filling && arrival.hole_open.is_none_or(|open| open < SWAPPED);
    if arrival.conflicting > 0 {
        Some(Remark::Conflict)
    } else if arrival.same > 0 || arrival.forgotten > 0 || arrival.filling && !late {
        Some(Remark::Retransmission)
    } else if late {
        Some(Remark::OutOfOrder)
    } else {
        arrival.ahead.then_some(Remark::Ahead)
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

fn direction(slot: u32, side: Side) -> u64 {
    u64::from(slot) << 1 | side.index() as u64
}

fn segments(conversation: &Conversation) -> u32 {
    conversation.sent[0].frames.saturating_add(conversation.sent[1].frames)
}

fn since_first(conversation: &Conversation, origin: Origin) -> u32 {
    let took = origin.time.zip(conversation.first()).map(|(now, first)| now.since(first) / 1000);
    took.and_then(|took| u32::try_from(took).ok()).unwrap_or(u32::MAX)
}

fn is_beginning(stream: &Stream, sequence: u32) -> bool {
    stream.is_begun() && stream.place(sequence) == Some(0)
}

fn synchronize(conversation: &mut Conversation, from: Side, tcp: Tcp, header: &[u8], origin: Origin) -> Option<Remark> {
    let own = from.index();
    let first = tcp.sequence.wrapping_add(1);
    if conversation.sent[own].marks & SYNCHRONIZED != 0 {
        if is_beginning(&conversation.sent[own].stream, first) {
            conversation.sent[own].retransmitted += 1;
            return Some(Remark::Retransmission);
        }
        return None;
    }
    conversation.sent[own].marks |= SYNCHRONIZED;
    conversation.sent[own].window_scale = window_scale(header);
    conversation.sent[own].stream.begin(first);
    if from == Side::Responder && conversation.sent[0].marks & SYNCHRONIZED != 0 {
        conversation.handshake[0] = since_first(conversation, origin);
    }
    None
}

/// The shift of the window in a SYN's options (RFC 7323 section 2).
fn window_scale(header: &[u8]) -> u8 {
    let mut options = header.get(20..).unwrap_or_default();
    loop {
        options = match *options {
            [1, ref rest @ ..] => rest,
            [3, 3, shift, ..] => return shift.min(14),
            [0, ..] | [] => return 0,
            [_, length, ..] if length >= 2 => options.get(usize::from(length)..).unwrap_or_default(),
            _ => return 0,
        };
    }
}

/// A reset: whether the other side takes it (RFC 9293 section 3.5.3, RFC 5961 section 3).
fn reset(conversation: &mut Conversation, from: Side, tcp: Tcp) -> Option<Remark> {
    let [own, other] = [from.index(), from.other().index()];
    let peer = &conversation.sent[other];
    let window = u64::from(peer.window) << peer.window_scale;
    let stream = &conversation.sent[own].stream;
    let own_syn_alone = conversation.sent[own].marks & SYNCHRONIZED != 0 && peer.frames == 0;
    let in_window = if stream.is_placed() {
        let reach = stream.highest().max(stream.acknowledged() + window) + 1;
        stream.place(tcp.sequence).is_some_and(|place| place + 1 >= stream.acknowledged() && place <= reach)
    } else if tcp.flags & ACK != 0 && peer.stream.is_begun() {
        peer.stream.place(tcp.acknowledgement).is_some_and(|place| place <= peer.stream.highest() + 1)
    } else {
        true
    };
    if in_window && !own_syn_alone {
        conversation.sent[own].marks |= RESET;
        None
    } else {
        conversation.incidents_mut().stray_resets[own] += 1;
        Some(Remark::StrayReset)
    }
}

/// Who speaks like that, where it can be told by the first words.
fn speaks_as(payload: &[u8]) -> Option<Side> {
    const METHODS: [&[u8]; 7] = [b"GET ", b"POST ", b"HEAD ", b"PUT ", b"DELETE ", b"OPTIONS ", b"CONNECT "];
    match payload {
        [0x16, 3, _, _, _, 1, ..] => Some(Side::Originator),
        [0x16, 3, _, _, _, 2, ..] => Some(Side::Responder),
        _ if METHODS.iter().any(|method| payload.starts_with(method)) => Some(Side::Originator),
        _ if payload.starts_with(b"HTTP/1.") || payload.starts_with(b"220 ") => Some(Side::Responder),
        _ => None,
    }
}
