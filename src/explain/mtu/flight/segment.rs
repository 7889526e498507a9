//! A segment that is under way, and what is kept of it where it is sent again.

use crate::frame::Timestamp;

/// How many frames a segment's repetitions name.
pub(super) const NAMED: usize = 6;
/// A sender that repeats for want of an acknowledgement waits this long in the end, or longer, in nanoseconds.
const LONG_WAIT: i64 = 300_000_000;

/// A segment that was not acknowledged so far. There are many: what only a repeated one has is kept apart.
#[derive(Clone, Debug)]
pub(super) struct Unacknowledged {
    pub(super) start: u32,
    pub(super) end: u32,
    /// How long the packet is, IP header and all.
    pub(super) size: u32,
    /// How long its headers are, without TCP's options.
    pub(super) headers: u32,
    /// When it was first sent, and in which frame.
    pub(super) first: Option<Timestamp>,
    pub(super) frame: u64,
    pub(super) again: Option<Box<Again>>,
}

/// The segments of a direction that were not acknowledged so far, as they came. Most conversations never have more under way than one, and
/// there are many of them: the first stands in its place, the others are kept apart.
#[derive(Debug, Default)]
pub(super) struct UnderWay {
    first: Option<Unacknowledged>,
    others: Vec<Unacknowledged>,
}

impl UnderWay {
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.others.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Unacknowledged> {
        self.first.iter().chain(&self.others)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Unacknowledged> {
        self.first.iter_mut().chain(&mut self.others)
    }

    pub(super) fn push(&mut self, segment: Unacknowledged) {
        match self.first {
            None => self.first = Some(segment),
            Some(_) => self.others.push(segment),
        }
    }

    /// Keeps only those of which this is true.
    pub(super) fn retain(&mut self, mut keeps: impl FnMut(&Unacknowledged) -> bool) {
        self.first.take_if(|first| !keeps(first));
        if !self.others.is_empty() {
            self.others.retain(keeps);
            if self.first.is_none() && !self.others.is_empty() {
                self.first = Some(self.others.remove(0));
            }
        }
    }
}

/// How a segment was sent again.
#[derive(Clone, Debug, Default)]
pub(super) struct Again {
    times: u32,
    last: Option<Timestamp>,
    waits: Vec<i64>,
    /// The first frames that it came in again; 0 where there is none.
    frames: [u64; NAMED - 1],
    /// The size of a packet that repeats only the beginning; 0 where there is none.
    part: u32,
}

impl Again {
    fn name(&mut self, frame: u64) {
        if let Some(place) = self.frames.iter_mut().find(|place| **place == 0) {
            *place = frame;
        }
    }
}

impl Unacknowledged {
    /// It was sent again as it was.
    pub(super) fn repeat(&mut self, now: Option<Timestamp>, frame: u64) {
        let first = self.first;
        let again = self.again.get_or_insert_default();
        let last = if again.times == 0 { first } else { again.last };
        if let (Some(now), Some(last)) = (now, last) {
            again.waits.push(now.since(last));
        }
        again.last = now;
        again.times += 1;
        again.name(frame);
    }

    /// Only its beginning was sent again, in a packet of this size.
    pub(super) fn repeat_part(&mut self, size: u32, frame: u64) {
        let again = self.again.get_or_insert_default();
        again.part = size;
        again.name(frame);
    }

    /// How often it was sent again as it was.
    pub(super) fn repetitions(&self) -> u32 {
        self.again.as_ref().map_or(0, |again| again.times)
    }

    /// The size of a packet that repeats only the beginning; 0 where there is none.
    pub(super) fn part(&self) -> u32 {
        self.again.as_ref().map_or(0, |again| again.part)
    }

    /// How long its sender waited before each repetition, in nanoseconds.
    pub(super) fn waits(&self) -> &[i64] {
        self.again.as_ref().map_or(&[], |again| &again.waits)
    }

    /// The first frames that it came in.
    pub(super) fn frames(&self) -> impl Iterator<Item = u64> {
        let again = self.again.iter().flat_map(|again| again.frames).filter(|frame| *frame != 0);
        std::iter::once(self.frame).chain(again)
    }

    /// Whether it was repeated with growing waits: as a sender does that hears nothing.
    pub(super) fn has_growing_waits(&self) -> bool {
        let grown = self.waits().windows(2).filter(|pair| pair[1] > pair[0].saturating_add(pair[0] / 2)).count();
        grown >= 2 && self.waits().last().is_some_and(|last| *last >= LONG_WAIT)
    }
}

/// How many bytes `later` stands behind `earlier`; negative where it stands before it.
pub(super) fn distance(later: u32, earlier: u32) -> i32 {
    later.wrapping_sub(earlier).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_stays_in_its_order() {
        let mut under_way = UnderWay::default();
        let starts = |under_way: &UnderWay| under_way.iter().map(|one| one.start).collect::<Vec<u32>>();
        for start in 1..=5 {
            under_way.push(Unacknowledged { start, end: start + 1, size: 40, headers: 40, first: None, frame: 1, again: None });
        }
        under_way.retain(|one| one.start != 1 && one.start != 3);
        assert_eq!((starts(&under_way), under_way.len(), under_way.is_empty()), (vec![2, 4, 5], 3, false));
        under_way.retain(|one| one.start == 2);
        assert_eq!(starts(&under_way), [2]);
        under_way.retain(|_| false);
        assert_eq!((starts(&under_way), under_way.is_empty()), (vec![], true));
    }
}
