//! Frames in the order of their times, and each once: files that were put together, or whose frames a machine wrote down as it came to them.

use super::held::Held;
use super::{Interface, NameRecord, Source, SourceError};
use crate::frame::{Frame, Timestamp};
use crate::limits::Limits;
use foldhash::fast::FixedState;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hash::BuildHasher;
use std::mem;

/// What a frame that waits takes beside its bytes.
const COST: usize = 192;

/// What becomes of frames that are another one once more: the same bytes at the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copies {
    /// They stay.
    Kept,
    /// They are left out.
    LeftOut,
}

/// Lends the frames of a source as they come, and stops before the first one that is earlier than one before it or that may be another one
/// once more: then [`Ordered`] has something to do.
pub struct Watched {
    inner: Box<dyn Source>,
    copies: Copies,
    latest: Option<Timestamp>,
    /// What the frames of the latest moment begin with, hashed.
    moment: Vec<u64>,
    stopped_at: Option<u64>,
}

impl Watched {
    /// Watches a source.
    #[must_use]
    pub fn new(inner: Box<dyn Source>, copies: Copies) -> Self {
        Self { inner, copies, latest: None, moment: Vec::new(), stopped_at: None }
    }

    /// The number of the frame before which it stopped; `None` where it did not.
    #[must_use]
    pub fn stopped_at(&self) -> Option<u64> {
        self.stopped_at
    }

    fn is_out_of_order(&mut self) -> bool {
        let frame = self.inner.frame();
        let Some(time) = frame.timestamp else { return false };
        if self.latest.is_some_and(|latest| time < latest) {
            return true;
        }
        if self.latest != Some(time) {
            self.latest = Some(time);
            self.moment.clear();
        }
        if self.copies == Copies::Kept {
            return false;
        }
        let head = (frame.data.len(), frame.data.get(..Limits::COPY_HEAD).unwrap_or(frame.data));
        let hash = FixedState::default().hash_one(head);
        let may_be_another = self.moment.contains(&hash);
        if self.moment.len() < Limits::FRAMES_OF_MOMENT {
            self.moment.push(hash);
        }
        may_be_another
    }
}

impl Source for Watched {
    fn advance(&mut self) -> Result<bool, SourceError> {
        if self.stopped_at.is_some() || !self.inner.advance()? {
            return Ok(false);
        }
        self.stopped_at = self.is_out_of_order().then(|| self.inner.frame().number);
        Ok(self.stopped_at.is_none())
    }

    fn frame(&self) -> Frame<'_> {
        self.inner.frame()
    }

    fn section_options(&self) -> &[(u16, Vec<u8>)] {
        self.inner.section_options()
    }

    fn interfaces(&self) -> &[Interface] {
        self.inner.interfaces()
    }

    fn names(&self) -> &[NameRecord] {
        self.inner.names()
    }

    fn damage(&self) -> Vec<&SourceError> {
        self.inner.damage()
    }
}

/// A frame that waits: its time, its rank among those of one moment, its number, and its place among those that are kept.
type Waiting = Reverse<(i64, i64, u64, usize)>;

/// The rank of a frame among those that have one and the same time: the lowest comes first.
pub type Rank = Box<dyn FnMut(&Frame<'_>) -> i64 + Send>;

/// Lends the frames of a source in the order of their times, those of one moment as they came, or by their rank. Frames keep their numbers.
/// One without a time stays behind the one before it.
pub struct Ordered {
    inner: Box<dyn Source>,
    copies: Copies,
    /// How many bytes may wait.
    window: usize,
    waits: usize,
    rank: Option<Rank>,
    /// The frames that wait, the earliest first.
    queue: BinaryHeap<Waiting>,
    kept: Vec<(Held, Vec<u8>)>,
    /// Places that are free again.
    free: Vec<usize>,
    /// The time of the last frame that was read.
    before: i64,
    /// What was lent last.
    current: (Held, Vec<u8>),
    /// The frames of the moment that was lent last.
    moment: Vec<(Held, Vec<u8>)>,
    /// How many they are; what is behind them is room of earlier moments.
    of_moment: usize,
    /// Whether the last frame that was taken from the queue was one of them once more.
    was_repeated: bool,
    last_lent: i64,
    is_at_end: bool,
    failure: Option<SourceError>,
    repeated: u64,
    late: u64,
    /// Whether it stops at a frame that comes too late.
    gives_up: bool,
}

impl Ordered {
    /// Orders a source; no more than `window` bytes of frames wait for an earlier one ([`Limits::ORDERED_BYTES`]; 0 leaves the order as it is).
    #[must_use]
    pub fn new(inner: Box<dyn Source>, window: usize, copies: Copies) -> Self {
        Self {
            inner,
            copies,
            window,
            waits: 0,
            rank: None,
            queue: BinaryHeap::new(),
            kept: Vec::new(),
            free: Vec::new(),
            before: i64::MIN,
            current: (Held::NONE, Vec::new()),
            moment: Vec::new(),
            of_moment: 0,
            was_repeated: false,
            last_lent: i64::MIN,
            is_at_end: false,
            failure: None,
            repeated: 0,
            late: 0,
            gives_up: false,
        }
    }

    /// The same, but it ends before a frame that comes later than the window allows for: a larger one is to be taken.
    #[must_use]
    pub fn giving_up(self) -> Self {
        Self { gives_up: true, ..self }
    }

    /// The same, but frames of one moment come in the order of their ranks.
    #[must_use]
    pub fn ranked(self, rank: Rank) -> Self {
        Self { rank: Some(rank), ..self }
    }

    /// Whether it ended before such a frame.
    #[must_use]
    pub fn has_given_up(&self) -> bool {
        self.gives_up && self.late > 0
    }

    /// How many frames were left out, as they are another one once more.
    #[must_use]
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// How many frames came later than the window allows for, and stand where they came.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.late
    }

    /// Lets frames wait as long as there is room.
    fn fill(&mut self) {
        while !self.is_at_end && (self.queue.is_empty() || self.waits < self.window) {
            match self.inner.advance() {
                Ok(true) => {}
                Ok(false) => {
                    self.is_at_end = true;
                    break;
                }
                Err(error) => {
                    (self.is_at_end, self.failure) = (true, Some(error));
                    break;
                }
            }
            let frame = self.inner.frame();
            self.before = frame.timestamp.map_or(self.before, Timestamp::nanoseconds);
            let rank = self.rank.as_mut().map_or(0, |rank| rank(&frame));
            let place = self.free.pop().unwrap_or_else(|| {
                self.kept.push((Held::NONE, Vec::new()));
                self.kept.len().saturating_sub(1)
            });
            let Some((held, bytes)) = self.kept.get_mut(place) else { break };
            bytes.clear();
            bytes.extend_from_slice(frame.data);
            bytes.extend_from_slice(frame.annotations.options);
            *held = Held {
                number: frame.number,
                timestamp: frame.timestamp,
                interface: frame.interface,
                link_type: frame.link_type,
                length: frame.length,
                check_sequence_length: frame.check_sequence_length,
                data: 0..frame.data.len(),
                options: frame.data.len()..bytes.len(),
                big_endian: frame.annotations.big_endian,
            };
            self.waits = self.waits.saturating_add(bytes.len()).saturating_add(COST);
            let (time, rank) = if self.window == 0 { (i64::MIN, 0) } else { (self.before, rank) };
            self.queue.push(Reverse((time, rank, frame.number, place)));
        }
    }

    /// Keeps what was lent last, where the frame that is lent next may be of the same moment.
    fn remember(&mut self, next: Option<Timestamp>) {
        let (held, bytes) = &self.current;
        if next.is_some() && held.timestamp.is_some() && next != held.timestamp {
            self.of_moment = 0;
        } else if held.timestamp.is_some() && !self.was_repeated && self.of_moment < Limits::FRAMES_OF_MOMENT {
            // The room of earlier moments is used again.
            if let Some((kept, room)) = self.moment.get_mut(self.of_moment) {
                *kept = held.clone();
                room.clear();
                room.extend_from_slice(bytes);
            } else {
                self.moment.push(self.current.clone());
            }
            self.of_moment = self.of_moment.saturating_add(1);
        }
    }

    /// Whether what is lent now is a frame of this moment once more.
    fn is_repeated(&mut self) -> bool {
        let (held, bytes) = &self.current;
        let Some(time) = held.timestamp else { return false };
        if self.of_moment > 0 && self.moment.first().is_some_and(|(first, _)| first.timestamp != Some(time)) {
            self.of_moment = 0;
        }
        let data = bytes.get(held.data.clone());
        let is_same = |(other, others): &(Held, Vec<u8>)| {
            (other.link_type, other.length) == (held.link_type, held.length) && others.get(other.data.clone()) == data
        };
        self.moment.iter().take(self.of_moment).any(is_same)
    }
}

impl Source for Ordered {
    fn advance(&mut self) -> Result<bool, SourceError> {
        loop {
            if self.has_given_up() {
                return Ok(false);
            }
            self.fill();
            let Some(Reverse((time, .., place))) = self.queue.pop() else {
                return self.failure.take().map_or(Ok(false), Err);
            };
            if self.copies == Copies::LeftOut {
                self.remember(self.kept.get(place).and_then(|(next, _)| next.timestamp));
            }
            if let Some(kept) = self.kept.get_mut(place) {
                mem::swap(kept, &mut self.current);
                self.free.push(place);
            }
            self.waits = self.waits.saturating_sub(self.current.1.len().saturating_add(COST));
            self.was_repeated = self.copies == Copies::LeftOut && self.is_repeated();
            if self.was_repeated {
                self.repeated = self.repeated.saturating_add(1);
                continue;
            }
            self.late = self.late.saturating_add(u64::from(time < self.last_lent));
            self.last_lent = self.last_lent.max(time);
            return Ok(!self.has_given_up());
        }
    }

    fn frame(&self) -> Frame<'_> {
        let (held, bytes) = &self.current;
        held.lend(bytes)
    }

    fn section_options(&self) -> &[(u16, Vec<u8>)] {
        self.inner.section_options()
    }

    fn interfaces(&self) -> &[Interface] {
        self.inner.interfaces()
    }

    fn names(&self) -> &[NameRecord] {
        self.inner.names()
    }

    fn damage(&self) -> Vec<&SourceError> {
        self.inner.damage()
    }
}

#[cfg(test)]
mod tests {
    use super::super::bytes::ByteOrder;
    use super::super::from_reader;
    use super::super::samples::{Writer, read_all};
    use super::*;
    use std::io::Cursor;

    fn source(records: &[(u32, &str)]) -> Box<dyn Source> {
        let mut file = Writer::new(ByteOrder::Little);
        file.pcap(0xa1b2_c3d4, 1);
        for (second, text) in records {
            file.record(*second, 0, text.len() as u32, text.as_bytes());
        }
        from_reader(Cursor::new(file.bytes), "records").unwrap()
    }

    fn ordered(records: &[(u32, &str)], window: usize) -> (String, Ordered) {
        let mut ordered = Ordered::new(source(records), window, Copies::LeftOut);
        let (frames, error) = read_all(&mut ordered);
        assert!(error.is_none());
        let told = frames.iter().map(|(number, .., data)| format!("{number}{}", String::from_utf8_lossy(data))).collect::<Vec<_>>();
        (told.join(" "), ordered)
    }

    #[test]
    fn frames_come_in_the_order_of_their_times_with_the_numbers_they_had() {
        let (told, ordered) = ordered(&[(3, "c"), (1, "a"), (2, "x"), (2, "b"), (9, "z")], Limits::ORDERED_BYTES);
        assert_eq!(told, "2a 3x 4b 1c 5z");
        assert_eq!((ordered.repeated(), ordered.late()), (0, 0));
    }

    #[test]
    fn frames_of_one_moment_come_by_their_ranks() {
        let ordered = Ordered::new(source(&[(2, "c"), (1, "z"), (2, "a"), (2, "b")]), Limits::ORDERED_BYTES, Copies::LeftOut);
        let mut ranked = ordered.ranked(Box::new(|frame| frame.data.first().copied().unwrap_or_default().into()));
        let (frames, _) = read_all(&mut ranked);
        let told: Vec<_> = frames.iter().map(|(number, .., data)| format!("{number}{}", String::from_utf8_lossy(data))).collect();
        assert_eq!(told, ["2z", "3a", "4b", "1c"]);
    }

    #[test]
    fn a_frame_that_is_another_once_more_is_left_out_and_one_of_another_moment_is_not() {
        let records = [(1, "a"), (2, "b"), (2, "c"), (2, "b"), (3, "b")];
        let (told, ordered) = ordered(&records, Limits::ORDERED_BYTES);
        assert_eq!(told, "1a 2b 3c 5b");
        assert_eq!(ordered.repeated(), 1);
    }

    #[test]
    fn what_was_left_out_is_not_forgotten_and_a_moment_ends_with_the_next() {
        let records = [(1, "a"), (1, "a"), (1, "b"), (1, "a"), (1, "b"), (2, "c"), (3, "a"), (3, "a")];
        let (told, ordered) = ordered(&records, Limits::ORDERED_BYTES);
        assert_eq!((&*told, ordered.repeated()), ("1a 3b 6c 7a", 4));
    }

    #[test]
    fn what_comes_later_than_there_is_room_stands_where_it_came_and_is_counted() {
        // Two frames wait at a time.
        let records = [(5, "e"), (6, "f"), (7, "g"), (1, "a"), (8, "h")];
        let (told, ordered) = ordered(&records, 2 * COST);
        assert_eq!(told, "1e 2f 4a 3g 5h");
        assert_eq!(ordered.late(), 1);
    }

    #[test]
    fn what_comes_too_late_ends_it_where_it_is_to_give_up() {
        let records = [(5, "e"), (6, "f"), (7, "g"), (1, "a"), (8, "h")];
        let mut ordered = Ordered::new(source(&records), 2 * COST, Copies::Kept).giving_up();
        let (frames, error) = read_all(&mut ordered);
        assert_eq!(frames.iter().map(|(number, ..)| *number).collect::<Vec<_>>(), [1, 2]);
        assert!(error.is_none() && ordered.has_given_up());
        let mut ordered = Ordered::new(source(&records), 4 * COST, Copies::Kept).giving_up();
        assert_eq!((read_all(&mut ordered).0.len(), ordered.has_given_up()), (5, false));
    }

    #[test]
    fn without_a_window_the_order_stays() {
        let records = [(2, "b"), (1, "a"), (1, "a"), (3, "c")];
        let (told, ordered) = ordered(&records, 0);
        assert_eq!(told, "1b 2a 4c");
        assert_eq!((ordered.repeated(), ordered.late()), (1, 0));
    }

    #[test]
    fn a_watched_source_stops_where_there_is_something_to_order_and_nowhere_else() {
        for (records, read) in [
            (vec![(1, "a"), (1, "b"), (2, "a"), (2, "ab")], None),
            (vec![(1, "a"), (3, "b"), (2, "c"), (4, "d")], Some(2)),
            (vec![(1, "a"), (1, "b"), (1, "a"), (4, "d")], Some(2)),
        ] {
            let mut watched = Watched::new(source(&records), Copies::LeftOut);
            let (frames, _) = read_all(&mut watched);
            assert_eq!(frames.len(), read.unwrap_or(records.len()), "{records:?}");
            assert_eq!(watched.stopped_at(), read.map(|read| read as u64 + 1));
        }
    }

    #[test]
    fn what_a_file_holds_is_lent_before_its_end_is_found_cut() {
        let mut file = Writer::new(ByteOrder::Little);
        file.pcap(0xa1b2_c3d4, 1);
        file.record(2, 0, 1, b"b").record(1, 0, 1, b"a").record(3, 0, 1, b"c");
        file.bytes.pop();
        let mut ordered = Ordered::new(from_reader(Cursor::new(file.bytes), "cut").unwrap(), Limits::ORDERED_BYTES, Copies::Kept);
        let (frames, error) = read_all(&mut ordered);
        assert_eq!(frames.iter().map(|(number, ..)| *number).collect::<Vec<_>>(), [2, 1]);
        assert!(matches!(error, Some(SourceError::Cut { .. })), "{error:?}");
    }
}
