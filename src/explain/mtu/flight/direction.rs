//! One direction of a conversation: what of it arrived, what was repeated in vain, and what was never filled.

use super::options::{blocks, has_blocks};
use super::segment::{NAMED, Unacknowledged, UnderWay, distance};
use super::{ACK, Carried, FIN, Found, RST, SYN};
use crate::conversation::Remark;
use crate::frame::Timestamp;
use crate::limits::Limits;

/// After how many repetitions a segment is given up for lost while the conversation still goes on.
const SURE: u32 = 5;
/// How many repetitions are enough where it ends like that, or where smaller segments got through.
const ENOUGH: u32 = 3;
/// How long a hole is open before a sender that is still there must have filled it, in nanoseconds: time for three repetitions.
const OPEN_FOR: i64 = 3_000_000_000;
/// How long a side is heard of in vain, or not heard of again, for that to mean something, in nanoseconds.
const QUIET: i64 = 1_000_000_000;

/// One direction. Most lose nothing: what the others need beside is kept apart.
#[derive(Debug, Default)]
pub(super) struct Direction {
    waiting: UnderWay,
    /// The sequence number behind all that waits, where something does.
    waiting_to: u32,
    /// The largest packet that arrived.
    passed: u32,
    /// The largest packet that came by: its size, its payload, and its headers without TCP's options.
    largest: [u32; 3],
    /// A frame that shows what arrived.
    passed_frame: u64,
    /// When the last packet came by, and in which frame.
    last: Option<Timestamp>,
    last_frame: u64,
    /// The sequence number behind all that came by.
    reached: Option<u32>,
    trouble: Option<Box<Trouble>>,
    /// Routers may cut these packets, or how large they are on the wire cannot be told.
    is_open: bool,
    /// The receiver takes no more.
    is_full: bool,
    /// It was told.
    is_told: bool,
    /// Something was repeated, or is missing.
    pub(super) is_suspect: bool,
}

/// What speaks for something that does not get through.
#[derive(Debug, Default)]
struct Trouble {
    /// A frame that says that something behind a hole has arrived.
    alive: Option<u64>,
    hole: Option<Hole>,
    /// What was repeated in vain until smaller segments got through.
    tried: Option<Unacknowledged>,
    /// What the other side said, long after what it does not acknowledge was sent.
    heard: Option<Heard>,
    /// What was sent and did not come by.
    ahead: Option<Ahead>,
}

/// Bytes that did not come by, though the sequence number of a packet behind them says that they were sent.
#[derive(Clone, Copy, Debug)]
struct Ahead {
    length: u32,
    /// The packet that says so, behind the last one before it.
    frames: [u64; 2],
    /// How long nothing came between the two, in nanoseconds.
    quiet: i64,
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

impl Direction {
    /// Whether nothing is under way, and nothing was remarkable so far.
    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && !self.is_suspect
    }

    /// A packet of this direction.
    pub(super) fn send(&mut self, carried: &Carried<'_>, limit: u32) {
        let Carried { tcp, length, remark, .. } = *carried;
        if let Some(trouble) = &mut self.trouble
            && let (Some(hole), Some(now)) = (&mut trouble.hole, carried.time)
            && now.since(hole.since) >= OPEN_FOR
        {
            hole.later.get_or_insert(carried.frame);
            self.is_suspect = true;
        }
        self.look_ahead(carried);
        (self.last, self.last_frame) = (carried.time, carried.frame);
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
        // Nearly every segment stands behind all others: none of them is looked for.
        let is_new = self.waiting.is_empty() || distance(tcp.sequence, self.waiting_to) >= 0;
        if !is_new && let Some(known) = self.waiting.iter_mut().find(|known| known.start == tcp.sequence) {
            if size < known.size && distance(end, known.end) < 0 {
                known.repeat_part(size, carried.frame);
                return;
            }
            known.repeat(carried.time, carried.frame);
            self.is_suspect = true;
            return;
        }
        if self.waiting.len() < Limits::FLIGHT_SEGMENTS {
            let Carried { headers, time: first, frame, .. } = *carried;
            if is_new || distance(end, self.waiting_to) > 0 {
                self.waiting_to = end;
            }
            self.waiting.push(Unacknowledged { start: tcp.sequence, end, size, headers, first, frame, again: None });
        }
    }

    /// Looks whether something was sent before this packet that did not come by, and whether it came now.
    fn look_ahead(&mut self, carried: &Carried<'_>) {
        let Carried { tcp, length, frame, time, .. } = *carried;
        let end = tcp.sequence.wrapping_add(length).wrapping_add(u32::from(tcp.flags & SYN != 0));
        // A SYN begins anew; the number of a reset may be anything.
        let (Some(reached), false) = (self.reached, tcp.flags & SYN != 0) else { return self.come_by(end) };
        let missing = distance(tcp.sequence, reached);
        if length == 0
            && tcp.flags & RST == 0
            && let (1.., Some(now), Some(last)) = (missing, time, self.last)
        {
            let (frames, quiet) = ([self.last_frame, frame], now.since(last));
            let ahead = Ahead { length: missing.unsigned_abs(), frames, quiet };
            self.trouble.get_or_insert_default().ahead.get_or_insert(ahead);
        } else if length > 0 && distance(end, reached) > 0 {
            self.come_by(end);
        }
    }

    /// Everything before this sequence number has come by.
    fn come_by(&mut self, end: u32) {
        self.reached = Some(end);
        if let Some(trouble) = &mut self.trouble {
            trouble.ahead = None;
        }
    }

    /// A packet of the other direction: what it says of this one.
    pub(super) fn acknowledge(&mut self, carried: &Carried<'_>) {
        let Carried { tcp, frame, .. } = *carried;
        if tcp.flags & ACK == 0 {
            return;
        }
        self.is_full = tcp.window == 0 && tcp.flags & SYN == 0;
        // What is acknowledged has come, whether the capture has it or not.
        if self.reached.is_some_and(|reached| distance(tcp.acknowledgement, reached) > 0) {
            self.come_by(tcp.acknowledgement);
        }
        let has_blocks = has_blocks(carried.options);
        if !self.waiting.is_empty() {
            self.arrive(tcp.acknowledgement, if has_blocks { carried.options } else { &[] }, frame);
        }
        // What was said late concerns what was repeated.
        if self.is_suspect {
            self.hear(carried);
        }
        if has_blocks || self.trouble.is_some() {
            self.look_for_hole(carried);
        }
    }

    /// Takes what arrived from what is under way.
    fn arrive(&mut self, reached: u32, options: &[u8], frame: u64) {
        let Self { waiting, passed, passed_frame, trouble, .. } = self;
        let mut pass = |size: u32| {
            if size > *passed {
                (*passed, *passed_frame) = (size, frame);
            }
        };
        waiting.retain(|known| {
            let part = known.part();
            if part > 0 && distance(reached, known.start) > 0 {
                pass(part);
                trouble.get_or_insert_default().tried = Some(known.clone());
                return false;
            }
            if distance(known.end, reached) <= 0 {
                pass(known.size);
                return false;
            }
            let is_behind_hole = blocks(options).any(|[left, right]| distance(known.start, left) >= 0 && distance(known.end, right) <= 0);
            if is_behind_hole {
                pass(known.size);
                trouble.get_or_insert_default().alive.get_or_insert(frame);
            }
            !is_behind_hole
        });
    }

    /// A receiver that reports what arrived behind a hole shows where it is.
    fn look_for_hole(&mut self, carried: &Carried<'_>) {
        let reached = carried.tcp.acknowledgement;
        let block = blocks(carried.options)
            .map(|[left, _]| left)
            .filter(|left| distance(*left, reached) > 0)
            .min_by_key(|left| distance(*left, reached));
        let known = self.trouble.as_ref().and_then(|trouble| trouble.hole);
        if known.is_some_and(|hole| hole.first == reached) {
            return;
        }
        let hole = block.zip(carried.time).map(|(left, since)| {
            let length = left.wrapping_sub(reached);
            Hole { first: reached, length, since, frame: carried.frame, later: None }
        });
        if hole.is_some() || known.is_some() {
            self.trouble.get_or_insert_default().hole = hole;
        }
    }

    /// Remembers what the receiver says long after a segment was sent that it does not acknowledge.
    fn hear(&mut self, carried: &Carried<'_>) {
        let Carried { tcp, length, time: Some(time), frame, .. } = *carried else { return };
        if length == 0 && tcp.flags & FIN == 0 {
            return;
        }
        if let Some(heard) = self.trouble.as_mut().and_then(|trouble| trouble.heard.as_mut())
            && heard.sequence == tcp.sequence
        {
            heard.is_repeated = true;
        } else if self.waiting.iter().any(|known| {
            let is_old = known.first.is_some_and(|first| time.since(first) >= QUIET);
            known.start == tcp.acknowledgement && known.repetitions() > 0 && is_old
        }) {
            self.trouble.get_or_insert_default().heard = Some(Heard { frame, time, sequence: tcp.sequence, is_repeated: false });
        }
    }

    /// What is certain about its packets, of which at most `limit` bytes are in one; `is_over` says that nothing more will come.
    pub(super) fn judge(&mut self, is_over: bool, limit: u32) -> Option<Found> {
        if self.is_told || self.is_open || self.is_full || limit == 0 {
            return None;
        }
        let found = self
            .tried_smaller()
            .or_else(|| self.repeated(is_over, limit))
            .or_else(|| self.never_came(limit))
            .or_else(|| self.stayed_away(limit).filter(|_| is_over))?;
        self.is_told = true;
        Some(found)
    }

    /// The segment that was repeated in vain until smaller ones got through.
    fn tried_smaller(&self) -> Option<Found> {
        let tried = self.trouble.as_ref()?.tried.as_ref().filter(|tried| tried.size > self.passed)?;
        let is_sure = tried.repetitions() >= ENOUGH && tried.has_growing_waits();
        is_sure.then(|| self.found(tried, tried.size, tried.part(), self.passed_frame))
    }

    /// The segment that was repeated in vain, where smaller ones arrive.
    fn repeated(&self, is_over: bool, limit: u32) -> Option<Found> {
        let failing = || self.waiting.iter().filter(|known| known.size > self.passed);
        let smallest = failing().filter(|known| known.repetitions() > 0).map(|known| known.size).min()?;
        let worst = failing().max_by_key(|known| known.repetitions())?;
        let needed = if is_over { ENOUGH } else { SURE };
        // What is as small as what passed, and is missing too, speaks against it.
        let is_contradicted = self.waiting.iter().any(|known| known.size <= self.passed);
        if worst.repetitions() < needed || !worst.has_growing_waits() || is_contradicted {
            return None;
        }
        let are_full = self.waiting.iter().all(|known| known.size == known.headers + limit);
        let alive = self.trouble.as_ref().and_then(|trouble| trouble.alive).or_else(|| self.answered_to().filter(|_| is_over && are_full));
        // Where nothing more is heard of the receiver it may be gone as well: that is told as what it is, and only at the end.
        let is_told = alive.is_some() || is_over && are_full && self.passed > 0;
        is_told.then(|| Found { is_alive: alive.is_some(), ..self.found(worst, smallest, 0, alive.unwrap_or(self.passed_frame)) })
    }

    /// The frame of something that the receiver said late, and did not repeat: a small answer has reached it, or a small packet at least.
    fn answered_to(&self) -> Option<u64> {
        let heard = self.trouble.as_ref()?.heard.filter(|heard| !heard.is_repeated)?;
        (self.passed > 0 && self.last?.since(heard.time) >= QUIET).then_some(heard.frame)
    }

    fn found(&self, worst: &Unacknowledged, failed: u32, probed: u32, proof: u64) -> Found {
        let mut frames: Vec<u64> = worst.frames().collect();
        if !frames.contains(&proof) {
            frames.truncate(NAMED - 1);
            frames.push(proof);
        }
        frames.sort_unstable();
        let (headers, sent) = (worst.headers, worst.repetitions() + 1);
        Found { passed: self.passed, failed, headers, waits: worst.waits().to_vec(), sent, missing: 0, probed, is_alive: true, frames }
    }

    /// The hole that is never filled, though the sender is there: seen behind the place where packets are lost.
    fn never_came(&self, limit: u32) -> Option<Found> {
        let hole = self.trouble.as_ref()?.hole?;
        let later = hole.later?;
        let ([size, payload, headers], full) = (self.largest, self.full(limit)?);
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
            is_alive: true,
            frames: vec![hole.frame, later],
        })
    }

    /// What was sent and did not come by until the end, seen where it should have arrived: one full segment at least, after a while in which
    /// it was repeated, and nothing that was full ever came.
    fn stayed_away(&self, limit: u32) -> Option<Found> {
        let ahead = self.trouble.as_ref()?.ahead?;
        let ([size, payload, headers], full) = (self.largest, self.full(limit)?);
        let fits = payload < full && ahead.length >= full && ahead.quiet >= QUIET;
        fits.then(|| Found {
            passed: size,
            failed: headers + limit,
            headers,
            waits: Vec::new(),
            sent: 0,
            missing: ahead.length,
            probed: 0,
            is_alive: false,
            frames: ahead.frames.to_vec(),
        })
    }

    /// How many bytes a full segment has: options are in every segment alike, and what may be sent in one is less by them.
    fn full(&self, limit: u32) -> Option<u32> {
        let [size, payload, headers] = self.largest;
        limit.checked_sub(size.checked_sub(payload.saturating_add(headers))?)
    }
}
