//! A segment that fills a hole: was it overtaken on its way, or is it a second copy of one that was lost? What its packet tells of when it was sent
//! comes first; where that is nothing, how long the hole was open against the way there and back, and whether the receiver asked.

use super::received::{Received, clock};
use super::{Conversation, Remark, Side};
use crate::reassembly::stream::{HoleNote, Stream};

/// How many duplicate acknowledgements make a sender send again at once (RFC 5681 section 3.2).
const ASKED: u8 = 3;
/// How long a hole may be open for what fills it to be called late and not lost, where nothing else tells, in nanoseconds.
const SWAPPED: i64 = 3_000_000;
/// The least time that a sender waits before it sends again unasked, in nanoseconds: half of what the timers of most systems have at least.
const TIMER: i64 = 100_000_000;
/// How far the identifications of packets that were sent soon after one another may be apart: farther, they may be drawn at random.
const NEAR: u16 = 64;

/// What a packet tells of when it was sent.
#[derive(Clone, Copy, Debug)]
struct Sending {
    identification: u16,
    clock: Option<u32>,
}

impl Sending {
    fn of(received: &Received<'_>) -> Self {
        Self { identification: received.identification(), clock: clock(received.header()) }
    }

    /// Of the latest packet that was sent behind a hole.
    fn behind(hole: HoleNote) -> Self {
        Self { identification: hole.identification, clock: hole.clock }
    }

    /// What is to be noted of a hole behind which this is the latest.
    fn note(self, heard: u32) -> HoleNote {
        HoleNote { identification: self.identification, clock: self.clock, heard }
    }

    /// Whether a packet was sent after another of its side; `None` where that cannot be told, or where two things tell otherwise.
    fn is_after(self, other: Self) -> Option<bool> {
        let steps = self.identification.wrapping_sub(other.identification).cast_signed();
        let counts = self.identification != 0 && other.identification != 0 && steps != 0 && steps.unsigned_abs() <= NEAR;
        let counted = counts.then_some(steps > 0);
        let ticks = self.clock.zip(other.clock).map_or(0, |(own, other)| own.wrapping_sub(other).cast_signed());
        let timed = (ticks != 0).then_some(ticks > 0);
        match (counted, timed) {
            (Some(counted), Some(timed)) => (counted == timed).then_some(counted),
            (counted, timed) => counted.or(timed),
        }
    }
}

/// Takes a segment of a side's stream that stands behind bytes which are missing so far.
pub(super) fn ahead(conversation: &Conversation, from: Side, stream: &mut Stream, received: &Received<'_>) {
    let heard = stream.hole().map_or(conversation.sent[from.other().index()].frames, |hole| hole.heard);
    stream.note_hole(Sending::of(received).note(heard));
}

/// What a segment of a side is that brought bytes in front of others which came earlier, the hole having been open for so many nanoseconds.
pub(super) fn fills(conversation: &Conversation, from: Side, stream: &mut Stream, received: &Received<'_>, open: Option<i64>) -> Remark {
    let hole = stream.hole();
    let remark = judged(conversation, from, hole, received, open);
    if let (Remark::Retransmission, Some(hole)) = (remark, hole) {
        stream.note_hole(Sending::of(received).note(hole.heard));
    }
    remark
}

fn judged(conversation: &Conversation, from: Side, hole: Option<HoleNote>, received: &Received<'_>, open: Option<i64>) -> Remark {
    match hole.and_then(|hole| Sending::of(received).is_after(Sending::behind(hole))) {
        Some(true) => return Remark::Retransmission,
        Some(false) => return Remark::OutOfOrder,
        None => {}
    }
    let other = &conversation.sent[from.other().index()];
    let unasked = other.frames > 0 && hole.is_some_and(|hole| hole.heard == other.frames);
    // Nothing that was asked for comes sooner than the way there and back takes.
    let sooner = open.zip(round_trip(conversation)).is_some_and(|(open, way)| open < way / 2);
    if (sooner || unasked) && open.is_none_or(|open| open < TIMER) {
        Remark::OutOfOrder
    } else if other.asking >= ASKED || open.is_some_and(|open| open >= SWAPPED) {
        Remark::Retransmission
    } else {
        Remark::Late
    }
}

/// The shortest that the whole way there and back took, in nanoseconds, where that was seen.
fn round_trip(conversation: &Conversation) -> Option<i64> {
    let [one, other] = [0, 1].map(|side: usize| conversation.sent[side].round_trip[0]);
    let parts = (one > 0 && other > 0).then(|| one.saturating_add(other));
    let whole = conversation.handshake().into_iter().chain(parts).min()?;
    Some(i64::from(whole) * 1000)
}
