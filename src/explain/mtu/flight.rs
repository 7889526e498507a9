//! What is under way in a TCP conversation, by size: do small packets arrive, and large ones never?

use crate::conversation::{Remark, Side};
use crate::dissect::Tcp;
use crate::frame::Timestamp;

const FIN: u16 = 0x001;
const SYN: u16 = 0x002;
const ACK: u16 = 0x010;
/// How many segments a direction keeps until they are acknowledged.
const KEPT: usize = 24;
/// How many frames a segment's repetitions name.
const NAMED: usize = 6;
/// After how many repetitions a segment is given up for lost while the conversation still goes on.
const SURE: u32 = 5;
/// How many repetitions are enough where it ends like that, or where smaller segments got through.
const ENOUGH: u32 = 3;
/// A sender that repeats for want of an acknowledgement waits this long in the end, or longer, in nanoseconds.
const LONG_WAIT: i64 = 300_000_000;
/// How long a hole is open before a sender that is still there must have filled it, in nanoseconds: time for three repetitions.
const OPEN_FOR: i64 = 3_000_000_000;
/// How long a side is heard of in vain, or not heard of again, for that to mean something, in nanoseconds.
const QUIET: i64 = 1_000_000_000;

/// A packet that carries a segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carried<'a> {
    pub(super) frame: u64,
    pub(super) time: Option<Timestamp>,
    pub(super) tcp: Tcp,
    /// How many bytes of payload it has, and what is remarkable about it.
    pub(super) length: u32,
    pub(super) remark: Option<Remark>,
    /// The options of its TCP header.
    pub(super) options: &'a [u8],
    /// How long the packet is, IP header and all.
    pub(super) size: u32,
    /// How long its headers are, without TCP's options.
    pub(super) headers: u32,
    /// Whether no router may cut it.
    pub(super) is_whole: bool,
}

/// What was found: what fits and what does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The largest packet that is known to have arrived; 0 where none with data is.
    pub(super) passed: u32,
    /// The smallest that did not.
    pub(super) failed: u32,
    /// How long the headers are, without TCP's options.
    pub(super) headers: u32,
    /// How long the sender waited before each repetition, in nanoseconds.
    pub(super) waits: Vec<i64>,
    /// How often it was sent.
    pub(super) sent: u32,
    /// How many bytes are missing, where the capture shows that they never came instead of that they were repeated.
    pub(super) missing: u32,
    /// The size of the packets that the sender tried instead, and that got through; 0 where it did not.
    pub(super) probed: u32,
    pub(super) frames: Vec<u64>,
}

/// Both directions of a conversation.
#[derive(Debug, Default)]
pub(super) struct Flight {
    /// The largest segment that each side takes, as its SYN says; 0 where that was not seen.
    segment_sizes: [u16; 2],
    directions: [Direction; 2],
    /// An ICMP message has said that a packet is too big: then it is no black hole.
    pub(super) was_refused: bool,
}

#[derive(Debug, Default)]
struct Direction {
    waiting: Vec<Unacknowledged>,
    /// The largest packet that arrived.
    passed: u32,
    /// A frame that shows it.
    passed_frame: u64,
    /// A frame that says that something behind a hole has arrived.
    alive: Option<u64>,
    /// Routers may cut these packets, or how large they are on the wire cannot be told.
    is_open: bool,
    /// The receiver takes no more.
    is_full: bool,
    hole: Option<Hole>,
    /// It was told.
    is_told: bool,
    /// The largest packet that came by: its size, its payload, and its headers without TCP's options.
    largest: [u32; 3],
    /// What was repeated in vain until smaller segments got through.
    tried: Option<Unacknowledged>,
    /// What the other side said, long after what it does not acknowledge was sent.
    heard: Option<Heard>,
    /// When the last packet came by.
    last: Option<Timestamp>,
    /// Something was repeated, or is missing.
    is_suspect: bool,
}

/// Something that a receiver said and did not repeat: what it was answered with has arrived.
#[derive(Clone, Copy, Debug)]
struct Heard {
    frame: u64,
    time: Timestamp,
    sequence: u32,
    is_repeated: bool,
}

/// Bytes that the receiver lacks while it has what is behind them.
#[derive(Clone, Copy, Debug)]
struct Hole {
    first: u32,
    length: u32,
    since: Timestamp,
    frame: u64,
    /// A packet of the sender that came when the hole had been open for long.
    later: Option<u64>,
}

#[derive(Clone, Debug)]
struct Unacknowledged {
    start: u32,
    end: u32,
    size: u32,
    headers: u32,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    waits: Vec<i64>,
    sent: u32,
    /// The first frames that it came in; 0 where there is none.
    frames: [u64; NAMED],
    /// The size of a packet that repeats only the beginning; 0 where there is none.
    part: u32,
}

impl Unacknowledged {
    fn name(&mut self, frame: u64) {
        if let Some(place) = self.frames.iter_mut().find(|place| **place == 0) {
            *place = frame;
        }
    }

    fn repetitions(&self) -> u32 {
        self.sent - 1
    }

    /// Whether it was repeated with growing waits: as a sender does that hears nothing.
    fn has_growing_waits(&self) -> bool {
        let grown = self.waits.windows(2).filter(|pair| pair[1] > pair[0].saturating_add(pair[0] / 2)).count();
        grown >= 2 && self.waits.last().is_some_and(|last| *last >= LONG_WAIT)
    }
}

/// How many bytes `later` stands behind `earlier`; negative where it stands before it.
fn distance(later: u32, earlier: u32) -> i32 {
    later.wrapping_sub(earlier).cast_signed()
}

impl Flight {
    /// Takes a packet. Returns what it makes certain about the direction of the side that is named.
    pub(super) fn take(&mut self, from: Side, carried: &Carried<'_>) -> Option<(Side, Found)> {
        if carried.remark == Some(Remark::Copy) {
            return None;
        }
        if carried.tcp.flags & SYN != 0 {
            self.segment_sizes[from.index()] = segment_size(carried.options).unwrap_or(0);
        }
        self.directions[from.other().index()].acknowledge(carried);
        let limit = self.limit(from);
        self.directions[from.index()].send(carried, limit);
        let is_suspect = |side: Side| self.directions[side.index()].is_suspect;
        let suspect = Side::BOTH.into_iter().find(|side| is_suspect(*side))?;
        Some((suspect, self.judge(suspect, false)?))
    }

    /// What a side may send in one segment: what the other takes, and what fits into its own link; 0 where that is not known.
    fn limit(&self, side: Side) -> u32 {
        let [own, other] = [side, side.other()].map(|side| u32::from(self.segment_sizes[side.index()]));
        if own == 0 { other } else { own.min(other) }
    }

    /// What is certain about a side's packets; `is_over` says that nothing more will come.
    fn judge(&mut self, side: Side, is_over: bool) -> Option<Found> {
        let limit = self.limit(side);
        self.directions[side.index()].judge(is_over, limit).filter(|_| !self.was_refused)
    }

    /// Whether nothing is under way, and nothing was remarkable so far.
    pub(super) fn is_idle(&self) -> bool {
        self.directions.iter().all(|direction| direction.waiting.is_empty() && !direction.is_suspect)
    }

    /// What is certain when the conversation is over.
    pub(super) fn over(&mut self) -> Option<(Side, Found)> {
        Side::BOTH.into_iter().find_map(|side| Some((side, self.judge(side, true)?)))
    }
}

impl Direction {
    /// A packet of this direction.
    fn send(&mut self, carried: &Carried<'_>, limit: u32) {
        let Carried { tcp, length, remark, .. } = *carried;
        if let (Some(hole), Some(now)) = (&mut self.hole, carried.time)
            && now.since(hole.since) >= OPEN_FOR
        {
            hole.later.get_or_insert(carried.frame);
            self.is_suspect = true;
        }
        self.last = carried.time;
        let is_beginning = tcp.flags & SYN != 0;
        if length == 0 && !is_beginning || remark == Some(Remark::KeepAlive) {
            return;
        }
        let with_options = length.saturating_add(u32::try_from(carried.options.len()).unwrap_or(0));
        let is_cut_later = limit != 0 && with_options > limit;
        // A card cuts it into segments of the size that was agreed on.
        let size = if is_cut_later { carried.headers + limit } else { carried.size };
        if !is_beginning && !carried.is_whole || limit == 0 && size > 1500 {
            self.is_open = true;
        }
        if size > self.largest[0] {
            self.largest = [size, length, carried.headers];
        }
        let end = tcp.sequence.wrapping_add(length).wrapping_add(u32::from(is_beginning));
        if let Some(known) = self.waiting.iter_mut().find(|known| known.start == tcp.sequence) {
            let known_size = known.size;
            if size < known_size && distance(end, known.end) < 0 {
                known.part = size;
                known.name(carried.frame);
                return;
            }
            if let (Some(now), Some(last)) = (carried.time, known.last) {
                known.waits.push(now.since(last));
            }
            known.last = carried.time;
            known.sent += 1;
            self.is_suspect = true;
            known.name(carried.frame);
            return;
        }
        if self.waiting.len() < KEPT {
            self.waiting.push(Unacknowledged {
                start: tcp.sequence,
                end,
                size,
                headers: carried.headers,
                first: carried.time,
                last: carried.time,
                waits: Vec::new(),
                sent: 1,
                frames: [carried.frame, 0, 0, 0, 0, 0],
                part: 0,
            });
        }
    }

    /// A packet of the other direction: what it says of this one.
    fn acknowledge(&mut self, carried: &Carried<'_>) {
        let Carried { tcp, frame, .. } = *carried;
        if tcp.flags & ACK == 0 {
            return;
        }
        self.is_full = tcp.window == 0 && tcp.flags & SYN == 0;
        let reached = tcp.acknowledgement;
        let Self { waiting, passed, passed_frame, alive, .. } = self;
        let mut pass = |size: u32| {
            if size > *passed {
                (*passed, *passed_frame) = (size, frame);
            }
        };
        let mut tried = None;
        waiting.retain(|known| {
            let is_acknowledged = distance(known.end, reached) <= 0;
            let is_begun = distance(reached, known.start) > 0;
            if known.part > 0 && is_begun {
                pass(known.part);
                tried = Some(known.clone());
                return false;
            }
            if is_acknowledged {
                pass(known.size);
                return false;
            }
            let is_behind_hole =
                blocks(carried.options).any(|[left, right]| distance(known.start, left) >= 0 && distance(known.end, right) <= 0);
            if is_behind_hole {
                pass(known.size);
                alive.get_or_insert(frame);
            }
            !is_behind_hole
        });
        if tried.is_some() {
            self.tried = tried;
        }
        self.hear(carried);
        let block = blocks(carried.options)
            .map(|[left, _]| left)
            .filter(|left| distance(*left, reached) > 0)
            .min_by_key(|left| distance(*left, reached));
        match (block, carried.time, self.hole) {
            (Some(_), _, Some(hole)) if hole.first == reached => {}
            (Some(left), Some(since), _) => {
                let length = left.wrapping_sub(reached);
                self.hole = Some(Hole { first: reached, length, since, frame, later: None });
            }
            (None, _, Some(hole)) if hole.first == reached => {}
            (None | Some(_), _, _) => self.hole = None,
        }
    }

    /// Remembers what the receiver says long after a segment was sent that it does not acknowledge.
    fn hear(&mut self, carried: &Carried<'_>) {
        let Carried { tcp, length, time: Some(time), frame, .. } = *carried else { return };
        if length == 0 && tcp.flags & FIN == 0 {
            return;
        }
        if let Some(heard) = &mut self.heard
            && heard.sequence == tcp.sequence
        {
            heard.is_repeated = true;
        } else if self.waiting.iter().any(|known| {
            known.start == tcp.acknowledgement && known.sent > 1 && known.first.is_some_and(|first| time.since(first) >= QUIET)
        }) {
            self.heard = Some(Heard { frame, time, sequence: tcp.sequence, is_repeated: false });
        }
    }

    fn judge(&mut self, is_over: bool, limit: u32) -> Option<Found> {
        if self.is_told || self.is_open || self.is_full || limit == 0 {
            return None;
        }
        let found = self.tried_smaller().or_else(|| self.repeated(is_over, limit)).or_else(|| self.never_came(limit))?;
        self.is_told = true;
        Some(found)
    }

    /// The segment that was repeated in vain until smaller ones got through.
    fn tried_smaller(&self) -> Option<Found> {
        let tried = self.tried.as_ref().filter(|tried| tried.size > self.passed)?;
        let is_sure = tried.repetitions() >= ENOUGH && tried.has_growing_waits();
        is_sure.then(|| self.found(tried, tried.size, tried.part, self.passed_frame))
    }

    /// The segment that was repeated in vain, where smaller ones arrive.
    fn repeated(&self, is_over: bool, limit: u32) -> Option<Found> {
        let failing = || self.waiting.iter().filter(|known| known.size > self.passed);
        let smallest = failing().filter(|known| known.repetitions() > 0).map(|known| known.size).min()?;
        let worst = failing().max_by_key(|known| known.sent)?;
        let needed = if is_over { ENOUGH } else { SURE };
        // What is as small as what passed, and is missing too, speaks against it.
        let is_contradicted = self.waiting.iter().any(|known| known.size <= self.passed);
        if worst.repetitions() < needed || !worst.has_growing_waits() || is_contradicted {
            return None;
        }
        let are_full = self.waiting.iter().all(|known| known.size == known.headers + limit);
        let alive = self.alive.or_else(|| self.answered_to().filter(|_| is_over && are_full))?;
        Some(self.found(worst, smallest, 0, alive))
    }

    /// The frame of something that the receiver said late, and did not repeat: a small answer has reached it, or a small packet at least.
    fn answered_to(&self) -> Option<u64> {
        let heard = self.heard.filter(|heard| !heard.is_repeated)?;
        (self.passed > 0 && self.last?.since(heard.time) >= QUIET).then_some(heard.frame)
    }

    fn found(&self, worst: &Unacknowledged, failed: u32, probed: u32, proof: u64) -> Found {
        let mut frames: Vec<u64> = worst.frames.into_iter().filter(|frame| *frame != 0).collect();
        if !frames.contains(&proof) {
            frames.truncate(NAMED - 1);
            frames.push(proof);
        }
        frames.sort_unstable();
        let Unacknowledged { headers, sent, .. } = *worst;
        Found { passed: self.passed, failed, headers, waits: worst.waits.clone(), sent, missing: 0, probed, frames }
    }

    /// The hole that is never filled, though the sender is there: seen behind the place where packets are lost.
    fn never_came(&self, limit: u32) -> Option<Found> {
        let hole = self.hole?;
        let later = hole.later?;
        let [size, payload, headers] = self.largest;
        // Options are in every segment alike: what may be sent in one is less by them.
        let full = limit.checked_sub(size.checked_sub(payload.saturating_add(headers))?)?;
        let came_by = self.waiting.iter().any(|known| distance(hole.first, known.start) >= 0 && distance(known.end, hole.first) > 0);
        let fits = payload < full && hole.length >= full;
        (fits && !came_by).then(|| Found {
            passed: size,
            failed: headers + limit,
            headers,
            waits: Vec::new(),
            sent: 0,
            missing: hole.length,
            probed: 0,
            frames: vec![hole.frame, later],
        })
    }
}

/// The options of a TCP header, one by one: the kind and what follows its length.
fn options(mut rest: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        loop {
            match *rest {
                [] | [0, ..] => return None,
                [1, ..] => rest = rest.get(1..)?,
                [kind, length, ..] => {
                    let option = rest.get(2..usize::from(length))?;
                    rest = rest.get(usize::from(length)..)?;
                    return Some((kind, option));
                }
                [_] => return None,
            }
        }
    })
}

/// The largest segment that a SYN says its sender takes (RFC 9293 section 3.7.1).
pub(super) fn segment_size(of: &[u8]) -> Option<u16> {
    options(of).find(|(kind, _)| *kind == 2).and_then(|(_, value)| value.try_into().ok()).map(u16::from_be_bytes)
}

/// The blocks of bytes that arrived behind a hole (RFC 2018).
fn blocks(of: &[u8]) -> impl Iterator<Item = [u32; 2]> {
    let lists = options(of).filter(|(kind, _)| *kind == 5).map(|(_, blocks)| blocks);
    lists
        .flat_map(|list| list.as_chunks::<8>().0)
        .map(|&[a, b, c, d, e, f, g, h]| [u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;
    const HEADERS: u32 = 40;

    /// A conversation between two Ethernets, of which the originator is at 1000 and the responder at 5000.
    struct Talk {
        flight: Flight,
        frame: u64,
    }

    impl Talk {
        fn new() -> Self {
            let mut talk = Self { flight: Flight::default(), frame: 0 };
            let size = [2, 4, 0x05, 0xb4];
            talk.say(Side::Originator, 0, (1000, 0, SYN), 0, &size);
            talk.say(Side::Responder, 1, (5000, 1001, SYN | ACK), 0, &size);
            talk.say(Side::Originator, 2, (1001, 5001, ACK), 100, &[]);
            talk.say(Side::Responder, 3, (5001, 1101, ACK), 0, &[]);
            talk
        }

        /// A packet after so many milliseconds.
        fn say(
            &mut self,
            from: Side,
            time: i64,
            (sequence, acknowledgement, flags): (u32, u32, u16),
            length: u32,
            options: &[u8],
        ) -> Option<Found> {
            self.frame += 1;
            let tcp = Tcp { sequence, acknowledgement, flags, window: 1000 };
            let size = HEADERS + length + u32::try_from(options.len()).unwrap();
            let time = Some(Timestamp::from_nanoseconds(time * SECOND / 1000));
            let carried = Carried { frame: self.frame, time, tcp, length, remark: None, options, size, headers: HEADERS, is_whole: true };
            self.flight.take(from, &carried).map(|(_, found)| found)
        }

        /// The responder's first full segment, and its repetitions.
        fn repeat_first(&mut self) -> Option<Found> {
            [10, 210, 610, 1410, 3010, 6210]
                .into_iter()
                .filter_map(|time| self.say(Side::Responder, time, (5001, 1101, ACK), 1460, &[]))
                .last()
        }

        /// The originator reports that what stands from the second full segment on has arrived.
        fn acknowledge_behind(&mut self, left: u32, right: u32) -> Option<Found> {
            let block = [&[5, 10][..], &left.to_be_bytes(), &right.to_be_bytes()].concat();
            self.say(Side::Originator, 20, (1101, 5001, ACK), 0, &block)
        }
    }

    #[test]
    fn a_full_segment_that_never_arrives_while_a_small_one_does_is_a_black_hole() {
        let mut talk = Talk::new();
        talk.say(Side::Responder, 10, (6461, 1101, ACK), 500, &[]);
        talk.acknowledge_behind(6461, 6961);
        let found = talk.repeat_first().expect("a black hole");
        assert_eq!((found.passed, found.failed, found.sent), (540, 1500, 6));
    }

    #[test]
    fn a_segment_as_large_that_arrives_speaks_against_it() {
        let mut talk = Talk::new();
        talk.say(Side::Responder, 10, (6461, 1101, ACK), 1460, &[]);
        talk.acknowledge_behind(6461, 7921);
        assert_eq!(talk.repeat_first(), None);
        assert_eq!(talk.flight.over(), None);
    }

    #[test]
    fn the_same_segment_acknowledged_after_all_was_lost_and_no_more() {
        let mut talk = Talk::new();
        talk.say(Side::Responder, 10, (6461, 1101, ACK), 500, &[]);
        talk.acknowledge_behind(6461, 6961);
        for time in [10, 210, 610, 1410] {
            assert_eq!(talk.say(Side::Responder, time, (5001, 1101, ACK), 1460, &[]), None);
        }
        talk.say(Side::Originator, 1500, (1101, 6961, ACK), 0, &[]);
        assert_eq!(talk.flight.over(), None);
    }

    #[test]
    fn a_receiver_that_says_nothing_any_more_may_be_gone() {
        let mut talk = Talk::new();
        assert_eq!(talk.repeat_first(), None);
        assert_eq!(talk.flight.over(), None);
    }

    #[test]
    fn a_receiver_that_speaks_and_is_content_with_small_answers_is_there() {
        let mut talk = Talk::new();
        for time in [10, 210, 610, 1410] {
            talk.say(Side::Responder, time, (5001, 1101, ACK), 1460, &[]);
        }
        talk.say(Side::Originator, 2000, (1101, 5001, ACK | FIN), 0, &[]);
        talk.say(Side::Responder, 2001, (6461, 1102, ACK), 0, &[]);
        talk.say(Side::Responder, 3010, (5001, 1102, ACK), 1460, &[]);
        let found = talk.flight.over().map(|(side, found)| (side, found.failed));
        assert_eq!(found, Some((Side::Responder, 1500)));
    }

    #[test]
    fn a_receiver_that_repeats_itself_hears_nothing_at_all() {
        let mut talk = Talk::new();
        for time in [10, 210, 610, 1410] {
            talk.say(Side::Responder, time, (5001, 1101, ACK), 1460, &[]);
        }
        for time in [2000, 2200, 2600] {
            talk.say(Side::Originator, time, (1101, 5001, ACK | FIN), 0, &[]);
        }
        talk.say(Side::Responder, 3610, (5001, 1102, ACK), 1460, &[]);
        assert_eq!(talk.flight.over(), None);
    }

    #[test]
    fn where_icmp_says_what_fits_it_is_none() {
        let mut talk = Talk::new();
        talk.flight.was_refused = true;
        talk.say(Side::Responder, 10, (6461, 1101, ACK), 500, &[]);
        talk.acknowledge_behind(6461, 6961);
        assert_eq!(talk.repeat_first(), None);
    }

    #[test]
    fn options_end_where_they_make_no_sense() {
        assert_eq!(segment_size(&[1, 1, 2, 4, 5, 0xb4]), Some(1460));
        for broken in [&[2, 0, 5, 0xb4][..], &[2, 4, 5], &[2], &[0, 2, 4, 5, 0xb4], &[2, 3, 5]] {
            assert_eq!(segment_size(broken), None, "{broken:?}");
        }
    }
}
