//! One direction of a TCP conversation: segments in, the stream's pieces out (RFC 9293 section 3.4).
//!
//! Sequence numbers are 32 bits and wrap; offsets are 64 bits and begin at 0 with the first byte behind the SYN, or with the first byte
//! that is in the capture. What came first stays. A hole waits until it is filled, or until [`Stream::pass_gap`] says that nobody will.

mod history;
#[cfg(test)]
mod tests;

use super::{End, Origin, Overlap, Piece, RangeBuffer};
use crate::frame::Timestamp;
use history::History;

/// Who is told what a stream gives.
pub trait Pieces {
    /// Its next piece.
    fn piece(&mut self, piece: Piece<'_>);
    /// Bytes that came again.
    fn overlap(&mut self, overlap: Overlap<'_>);
}

/// A segment's bytes, with what is told about it.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    /// The sequence number of its first byte.
    pub sequence: u32,
    /// Its payload, as far as it was captured.
    pub bytes: &'a [u8],
    /// How many bytes of payload it had on the wire.
    pub length: u32,
    /// The frame it came in.
    pub origin: Origin,
    /// Where the other direction must stand before these bytes may be given: they answer what is before it.
    pub after: u64,
    /// Where it stands.
    pub reach: u64,
}

/// What a segment was to its stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    /// Bytes that were new.
    pub fresh: u64,
    /// Bytes that had come before, the same.
    pub same: u64,
    /// Bytes that had come before as others.
    pub conflicting: u64,
    /// Bytes for a place that is behind us and not remembered: they cannot be compared.
    pub forgotten: u64,
    /// Bytes behind the stream's end.
    pub beyond: u64,
    /// Whether it stands behind bytes that are missing so far.
    pub ahead: bool,
    /// Whether it brought bytes that stand before others which came earlier.
    pub filling: bool,
    /// How long the first of the holes had been open then, in nanoseconds.
    pub hole_open: Option<i64>,
}

/// What whoever reads the segments notes of a hole. The stream keeps it while bytes wait, and uses nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoleNote {
    /// The IP identification of the latest packet that was sent behind it.
    pub identification: u16,
    /// That packet's TCP timestamp.
    pub clock: Option<u32>,
    /// How many frames of the other side had come when it opened.
    pub heard: u32,
}

/// Memory that all streams share, as they report it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// What waits behind holes, with what keeping it costs.
    pub waiting: usize,
    /// What is remembered to be compared.
    pub history: usize,
    /// Nothing is remembered: what comes again is counted and not compared.
    pub forgets: bool,
}

/// One direction of a conversation. What only some need (bytes that wait, bytes that are remembered) is kept apart.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// The sequence number of the byte at `next`.
    next_sequence: u32,
    /// The sequence number up to which the other side acknowledged: never farther from `next` than [`FARTHEST`].
    acknowledged: u32,
    marks: u8,
    /// The offset of the next byte to give.
    next: u64,
    held: Option<Box<Held>>,
}

/// What a stream keeps where it has to.
#[derive(Clone, Debug, Default)]
struct Held {
    waiting: RangeBuffer,
    /// When bytes began to wait.
    since: Option<Timestamp>,
    note: Option<HoleNote>,
    /// Where the stream ends, by its FIN, while bytes before it are missing.
    finish: u64,
    history: History,
}

/// Some sequence number of the stream is known.
const PLACED: u8 = 1;
/// Where the stream begins is known.
const BEGUN: u8 = 2;
/// A FIN came.
const FINISHING: u8 = 4;
/// The end was told.
const ENDED: u8 = 8;
/// The other side acknowledged something.
const HEARD: u8 = 16;

/// Where offsets are counted from while the beginning is not known: what comes next may stand before what came first.
const UNKNOWN: u64 = 1 << 40;

/// The farthest that a segment may stand ahead: half of what sequence numbers can tell apart from what is behind us.
const FARTHEST: u64 = 1 << 30;

impl Stream {
    /// Says which sequence number the stream's first byte has: the SYN's, and one. Bytes that came for a place before it go.
    pub fn begin(&mut self, sequence: u32, used: &mut Used) {
        if self.is(BEGUN) {
            return;
        }
        if self.is(PLACED) {
            // Data came before the SYN did.
            let offset = self.offset_of(sequence);
            self.begin_at(offset, used);
        } else {
            (self.next_sequence, self.acknowledged) = (sequence, sequence);
            self.marks |= PLACED | BEGUN;
        }
    }

    /// Whether any sequence number of it is known.
    #[must_use]
    pub fn is_placed(&self) -> bool {
        self.is(PLACED)
    }

    /// Whether its beginning is known; until then its bytes wait.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.is(BEGUN)
    }

    /// Whether its end was told.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.is(ENDED)
    }

    /// Whether a FIN came, even if bytes before it are missing.
    #[must_use]
    pub fn is_finishing(&self) -> bool {
        self.is(FINISHING)
    }

    /// The offset of the next byte to give.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.next
    }

    /// One past the last byte that came.
    #[must_use]
    pub fn highest(&self) -> u64 {
        self.held.as_ref().map_or(self.next, |held| held.waiting.end().max(self.next))
    }

    /// One past the last byte that the other side acknowledged.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.place(self.acknowledged).unwrap_or(0)
    }

    /// The offset of the byte with a sequence number, near to where the stream stands; what stands before the beginning is `None`.
    #[must_use]
    pub fn place(&self, sequence: u32) -> Option<u64> {
        self.next.checked_add_signed(self.ahead(sequence))
    }

    /// Whether bytes were acknowledged that have not come.
    #[must_use]
    pub fn lacks_acknowledged(&self) -> bool {
        if !self.is(BEGUN) || self.ahead(self.acknowledged) <= 0 {
            return false;
        }
        let acknowledged = self.acknowledged();
        let reachable = if self.is(FINISHING) { acknowledged.min(self.finish_place()) } else { acknowledged };
        reachable > self.next
    }

    /// Up to where of this stream an acknowledgement answers, of what there is to be given: a FIN is no byte.
    #[must_use]
    pub fn answers(&self, acknowledgement: u32) -> u64 {
        let place = if self.is(BEGUN) { self.place(acknowledgement).unwrap_or(0) } else { 0 };
        if self.is(FINISHING) { place.min(self.finish_place()) } else { place }
    }

    /// Whether bytes wait.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.held.as_ref().is_some_and(|held| !held.waiting.is_empty())
    }

    /// Whether bytes are remembered, to be compared with what comes again.
    #[must_use]
    pub fn remembers(&self) -> bool {
        self.held.as_ref().is_some_and(|held| !held.history.is_empty())
    }

    /// Whether what waits may be taken for the beginning: the other side has acknowledged it, and so everything before it.
    #[must_use]
    pub fn may_begin(&self) -> bool {
        self.is(HEARD) && self.held.as_ref().and_then(|held| held.waiting.start()).is_some_and(|start| start <= self.acknowledged())
    }

    /// How many bytes wait.
    #[must_use]
    pub fn waiting_bytes(&self) -> usize {
        self.held.as_ref().map_or(0, |held| held.waiting.bytes())
    }

    /// Whether a segment with this sequence number is the very next one, and nothing stands in its way: the beginning is known and the end is
    /// not, nothing waits, and nothing was acknowledged that has not come.
    #[must_use]
    pub fn is_next(&self, sequence: u32) -> bool {
        self.next_sequence == sequence && self.has(self.acknowledged)
    }

    /// Whether everything up to a sequence number has come, of a stream that goes on and of which nothing waits.
    #[must_use]
    pub fn has(&self, sequence: u32) -> bool {
        self.marks & (BEGUN | FINISHING | ENDED) == BEGUN && self.ahead(sequence) <= 0 && !self.is_waiting()
    }

    /// Takes the bytes of a segment that [`Stream::is_next`] was true of. `used` is kept true.
    pub fn give_next(&mut self, bytes: &[u8], origin: Origin, used: &mut Used, told: &mut impl Pieces) {
        self.give(bytes, origin, used, told);
    }

    /// Takes a segment's bytes. `used` is kept true.
    pub fn segment(&mut self, segment: &Segment<'_>, used: &mut Used, told: &mut impl Pieces) -> Arrival {
        if !self.is(PLACED) {
            self.place_unknown(segment.sequence);
        }
        let mut arrival = Arrival::default();
        if segment.length == 0 {
            return arrival;
        }
        let ahead = self.ahead(segment.sequence);
        let Some(offset) = self.next.checked_add_signed(ahead) else {
            arrival.forgotten = u64::from(segment.length);
            return arrival;
        };
        let (mut bytes, mut end) = (segment.bytes, offset.saturating_add(u64::from(segment.length)));
        let finish = self.finish_place();
        if self.is(FINISHING) && end > finish {
            arrival.beyond = end.saturating_sub(finish.max(offset));
            end = finish.max(offset);
            bytes = bytes.get(..usize::try_from(end.saturating_sub(offset)).unwrap_or(usize::MAX)).unwrap_or(bytes);
        }
        if self.is(ENDED) || offset > self.next.saturating_add(FARTHEST) {
            arrival.beyond = arrival.beyond.saturating_add(end.saturating_sub(offset));
            return arrival;
        }
        let waiting = self.is_waiting();
        if segment.after <= segment.reach && self.is(BEGUN) && !waiting && offset <= self.next {
            self.take_next(offset, end, &Segment { bytes, ..*segment }, used, told, &mut arrival);
        } else {
            arrival.ahead = offset > self.next;
            arrival.filling = waiting && offset < self.highest();
            let since = self.held.as_ref().filter(|held| !held.waiting.is_empty()).and_then(|held| held.since);
            arrival.hole_open = segment.origin.time.zip(since).map(|(now, since)| now.since(since));
            self.keep(offset, end, &Segment { bytes, ..*segment }, used, told, &mut arrival);
            self.give_waiting(segment.reach, used, told);
        }
        self.tell_end(segment.origin, used, told);
        arrival
    }

    /// The way of nearly every segment: it begins where the stream stands, or before that, and nothing waits.
    fn take_next(&mut self, offset: u64, end: u64, segment: &Segment<'_>, used: &mut Used, told: &mut impl Pieces, arrival: &mut Arrival) {
        let Segment { bytes, origin, .. } = *segment;
        let behind = usize::try_from(self.next.saturating_sub(offset)).unwrap_or(usize::MAX);
        if behind > 0 {
            let old = bytes.get(..behind).unwrap_or(bytes);
            self.compare(offset, old, origin, told, arrival);
        }
        if let Some(new) = bytes.get(behind..).filter(|new| !new.is_empty()) {
            arrival.fresh = arrival.fresh.saturating_add(new.len() as u64);
            self.give(new, origin, used, told);
        }
        if end > self.next {
            // The capture kept less of the segment than there was: what it cut off will not come.
            arrival.fresh = arrival.fresh.saturating_add(end.saturating_sub(self.next));
            self.leave_out(end, origin, told);
        }
    }

    /// Bytes that have to wait. Those that stand before where the stream stands are compared.
    fn keep(&mut self, offset: u64, end: u64, segment: &Segment<'_>, used: &mut Used, told: &mut impl Pieces, arrival: &mut Arrival) {
        let Segment { bytes, origin, after, .. } = *segment;
        let behind = usize::try_from(self.next.saturating_sub(offset)).unwrap_or(usize::MAX);
        if behind > 0 && self.is(BEGUN) {
            let old = bytes.get(..behind).unwrap_or(bytes);
            self.compare(offset, old, origin, told, arrival);
        }
        let (from, new) = if self.is(BEGUN) { (self.next.max(offset), bytes.get(behind..).unwrap_or_default()) } else { (offset, bytes) };
        let held = self.held.get_or_insert_default();
        let (before, cost) = (held.waiting.bytes(), held.waiting.cost());
        let highest = held.waiting.end();
        if held.waiting.is_empty() {
            (held.since, held.note) = (origin.time, None);
        }
        held.waiting.insert_after(from, new, origin, after, &mut |overlap| {
            let length = overlap.other.len() as u64;
            let count = if overlap.is_same() { &mut arrival.same } else { &mut arrival.conflicting };
            *count = count.saturating_add(length);
            told.overlap(overlap);
        });
        arrival.fresh = arrival.fresh.saturating_add(held.waiting.bytes().saturating_sub(before) as u64);
        // What the capture cut off counts as sent, once.
        arrival.fresh = arrival.fresh.saturating_add(end.saturating_sub(highest.max(from.saturating_add(new.len() as u64))));
        used.waiting = used.waiting.saturating_add(held.waiting.cost().saturating_sub(cost));
    }

    /// Gives what waits and has nothing missing before it, as far as it answers nothing behind `reach` of the other direction.
    pub fn give_waiting(&mut self, reach: u64, used: &mut Used, told: &mut impl Pieces) {
        while self.can_give(reach)
            && let Some(held) = &mut self.held
        {
            let cost = held.waiting.cost();
            let Some((start, part)) = held.waiting.pop() else { return };
            used.waiting = used.waiting.saturating_sub(cost.saturating_sub(held.waiting.cost()));
            // Parts never stand before `next`: what is kept is cut to it, and `next` moves only here and past what does not wait.
            let behind = usize::try_from(self.next.saturating_sub(start)).unwrap_or(usize::MAX);
            if let Some(new) = part.bytes.get(behind..).filter(|new| !new.is_empty()) {
                self.give(new, part.origin, used, told);
            }
        }
    }

    /// Whether [`Stream::give_waiting`] would give something.
    #[must_use]
    pub fn can_give(&self, reach: u64) -> bool {
        let first = self.held.as_ref().and_then(|held| held.waiting.first());
        self.is(BEGUN) && first.is_some_and(|(start, part)| start <= self.next && part.after <= reach)
    }

    /// What was noted of the hole behind which bytes began to wait last.
    #[must_use]
    pub fn hole(&self) -> Option<HoleNote> {
        self.held.as_ref()?.note
    }

    /// Notes something of the hole behind which bytes wait.
    pub fn note_hole(&mut self, note: HoleNote) {
        if let Some(held) = &mut self.held {
            held.note = Some(note);
        }
    }

    /// Whether a hole stands before what waits.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        self.held.as_ref().and_then(|held| held.waiting.start()).is_some_and(|start| start > self.next)
    }

    /// Says that what is missing will not come: the stream goes on behind the first hole, if bytes wait there. What waits for the other
    /// direction waits no longer.
    pub fn pass_gap(&mut self, origin: Origin, used: &mut Used, told: &mut impl Pieces) {
        let Some(start) = self.held.as_ref().and_then(|held| held.waiting.start()) else { return };
        if !self.is(BEGUN) {
            self.begin_at(start, used);
        } else if start > self.next {
            self.leave_out(start, origin, told);
        }
        self.give_waiting(u64::MAX, used, told);
        self.tell_end(origin, used, told);
    }

    /// Says that the beginning will not be seen: the stream begins with the first byte that came.
    pub fn begin_with_what_came(&mut self, used: &mut Used) {
        if self.is(PLACED) && !self.is(BEGUN) {
            let first = self.held.as_ref().and_then(|held| held.waiting.start()).unwrap_or(self.next);
            self.begin_at(first, used);
        }
    }

    /// Says that a FIN stands at a sequence number.
    pub fn finish(&mut self, sequence: u32, origin: Origin, used: &mut Used, told: &mut impl Pieces) {
        if !self.is(PLACED) {
            self.place_unknown(sequence);
        }
        if let (false, Some(finish)) = (self.is(FINISHING), self.place(sequence))
            && finish >= self.next
        {
            if finish > self.next || !self.is(BEGUN) {
                self.held.get_or_insert_default().finish = finish;
            }
            self.marks |= FINISHING;
        }
        self.tell_end(origin, used, told);
    }

    /// Says what the other side acknowledged: everything before a sequence number. Gives how far it stands now.
    pub fn acknowledge(&mut self, sequence: u32) -> u64 {
        if !self.is(PLACED) {
            self.place_unknown(sequence);
        }
        if let Some(offset) = self.place(sequence)
            && offset <= self.next.saturating_add(FARTHEST)
        {
            self.marks |= HEARD;
            self.set_acknowledged(self.acknowledged().max(offset));
        }
        self.acknowledged()
    }

    /// Ends the stream: what waits is given, gaps and all, then the end is told.
    pub fn end(&mut self, how: End, origin: Origin, used: &mut Used, told: &mut impl Pieces) {
        self.begin_with_what_came(used);
        while self.is_waiting() {
            self.pass_gap(origin, used, told);
        }
        if self.is(BEGUN) && !self.is(ENDED) {
            let reachable =
                if self.is(FINISHING) { self.finish_place() } else { self.acknowledged().min(self.next.saturating_add(FARTHEST)) };
            // An acknowledgement counts the FIN, and a FIN that the capture lacks cannot be told from a last byte that it lacks.
            if reachable > self.next.saturating_add(u64::from(!self.is(FINISHING))) {
                self.leave_out(reachable, origin, told);
            }
            self.marks |= ENDED;
            let how = if self.is(FINISHING) { End::Finished } else { how };
            told.piece(Piece::End { offset: self.next, how, origin });
        }
        self.forget(used);
        self.held = None;
    }

    /// Forgets what was given, where nothing waits; what comes again can then not be compared.
    pub fn forget(&mut self, used: &mut Used) {
        if let Some(held) = &mut self.held {
            used.history = used.history.saturating_sub(held.history.cost());
            held.history = History::default();
            if held.waiting.is_empty() && held.finish <= self.next {
                self.held = None;
            }
        }
    }

    fn set_acknowledged(&mut self, offset: u64) {
        let near = offset.clamp(self.next.saturating_sub(FARTHEST), self.next.saturating_add(FARTHEST));
        self.acknowledged = self.next_sequence.wrapping_add(near.wrapping_sub(self.next) as u32);
    }

    /// Where the stream ends, once a FIN came: where it stands, unless bytes before the end are missing.
    fn finish_place(&self) -> u64 {
        self.held.as_ref().map_or(self.next, |held| held.finish.max(self.next))
    }

    fn is(&self, mark: u8) -> bool {
        self.marks & mark != 0
    }

    /// How far a sequence number stands ahead of the stream; negative where it is behind.
    fn ahead(&self, sequence: u32) -> i64 {
        i64::from(sequence.wrapping_sub(self.next_sequence).cast_signed())
    }

    fn offset_of(&self, sequence: u32) -> u64 {
        self.place(sequence).unwrap_or(0)
    }

    fn place_unknown(&mut self, sequence: u32) {
        self.next_sequence = sequence;
        self.next = UNKNOWN;
        self.acknowledged = sequence;
        self.marks |= PLACED;
    }

    /// Counts offsets from `beginning` on: all that is known so far is counted from [`UNKNOWN`].
    fn begin_at(&mut self, beginning: u64, used: &mut Used) {
        let shift = |offset: u64| offset.saturating_sub(beginning);
        let acknowledged = shift(self.acknowledged());
        self.next_sequence = self.next_sequence.wrapping_add((beginning.wrapping_sub(self.next)) as u32);
        self.next = 0;
        self.set_acknowledged(acknowledged);
        if let Some(held) = &mut self.held {
            held.finish = shift(held.finish);
            let cost = held.waiting.cost();
            held.waiting.shift_down(beginning);
            used.waiting = used.waiting.saturating_sub(cost.saturating_sub(held.waiting.cost()));
        }
        self.marks |= BEGUN;
    }

    fn give(&mut self, bytes: &[u8], origin: Origin, used: &mut Used, told: &mut impl Pieces) {
        let offset = self.next;
        self.advance(bytes.len() as u64);
        if !used.forgets {
            let history = &mut self.held.get_or_insert_default().history;
            let cost = history.cost();
            history.push(offset, bytes, origin.frame);
            used.history = used.history.saturating_add(history.cost()).saturating_sub(cost);
        }
        told.piece(Piece::Data { offset, bytes, origin });
    }

    fn leave_out(&mut self, until: u64, origin: Origin, told: &mut impl Pieces) {
        let (offset, length) = (self.next, until.saturating_sub(self.next));
        self.advance(length);
        told.piece(Piece::Gap { offset, length, origin });
    }

    fn advance(&mut self, length: u64) {
        let acknowledged = self.acknowledged();
        self.next = self.next.saturating_add(length);
        self.next_sequence = self.next_sequence.wrapping_add(length as u32);
        self.set_acknowledged(acknowledged);
    }

    fn compare(&self, offset: u64, bytes: &[u8], origin: Origin, told: &mut impl Pieces, arrival: &mut Arrival) {
        let mut known = 0_u64;
        if let Some(held) = &self.held {
            held.history.compare(offset, bytes, origin, &mut |overlap| {
                let length = overlap.other.len() as u64;
                known = known.saturating_add(length);
                let count = if overlap.is_same() { &mut arrival.same } else { &mut arrival.conflicting };
                *count = count.saturating_add(length);
                told.overlap(overlap);
            });
        }
        arrival.forgotten = arrival.forgotten.saturating_add((bytes.len() as u64).saturating_sub(known));
    }

    /// Tells the end, where everything before it was given. What waits behind it goes, as receivers throw it away.
    pub fn tell_end(&mut self, origin: Origin, used: &mut Used, told: &mut impl Pieces) {
        if self.is(FINISHING) && self.is(BEGUN) && !self.is(ENDED) && self.next >= self.finish_place() {
            self.marks |= ENDED;
            if let Some(held) = &mut self.held {
                used.waiting = used.waiting.saturating_sub(held.waiting.cost());
                held.waiting = RangeBuffer::default();
            }
            told.piece(Piece::End { offset: self.next, how: End::Finished, origin });
        }
    }
}
