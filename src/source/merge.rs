//! Several captures as one time line.

use super::held::Held;
use super::{Interface, NameRecord, Source, SourceError};
use crate::frame::{Frame, InterfaceId, Timestamp};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The option of a section that is a comment.
const COMMENT: u16 = 1;

/// Several sources as one: the frame that is earliest among those that come next, numbered anew.
///
/// A frame without a time stays behind the one before it in its own source, and so does one whose clock went backwards.
/// Where a source fails the others go on; the failure is told with the damage. What the first one says of itself stands for all, with the
/// comments of the others.
#[must_use]
pub fn merge(sources: Vec<Box<dyn Source>>) -> Box<dyn Source> {
    let mut section_options = Vec::new();
    for (place, source) in sources.iter().enumerate() {
        section_options.extend(source.section_options().iter().filter(|(code, _)| place == 0 || *code == COMMENT).cloned());
    }
    let inputs = sources.into_iter().map(|source| Input { source, interfaces: Vec::new(), names: 0 }).collect();
    Box::new(MergedSource {
        inputs,
        waiting: BinaryHeap::new(),
        current: None,
        begun: false,
        number: 0,
        section_options,
        interfaces: Vec::new(),
        names: Vec::new(),
        failures: Vec::new(),
    })
}

struct Input {
    source: Box<dyn Source>,
    /// Where each of its interfaces stands among all.
    interfaces: Vec<u32>,
    /// How many of its names were taken over.
    names: usize,
}

struct MergedSource {
    inputs: Vec<Input>,
    /// The inputs that stand on a frame that was not given yet, by its time.
    waiting: BinaryHeap<Reverse<(Timestamp, usize)>>,
    /// The input that stands on the frame that was given.
    current: Option<usize>,
    begun: bool,
    number: u64,
    section_options: Vec<(u16, Vec<u8>)>,
    interfaces: Vec<Interface>,
    names: Vec<NameRecord>,
    failures: Vec<SourceError>,
}

impl MergedSource {
    /// Goes to an input's next frame: whether there is one, and its time.
    fn step(&mut self, place: usize) -> Option<Option<Timestamp>> {
        let input = self.inputs.get_mut(place)?;
        let found = input.source.advance().unwrap_or_else(|error| {
            self.failures.push(error);
            false
        });
        if let Some(added) = input.source.interfaces().get(input.interfaces.len()..).filter(|added| !added.is_empty()) {
            let first = self.interfaces.len() as u32;
            input.interfaces.extend(first..first.saturating_add(added.len() as u32));
            self.interfaces.extend_from_slice(added);
        }
        if let Some(added) = input.source.names().get(input.names..).filter(|added| !added.is_empty()) {
            input.names = input.names.saturating_add(added.len());
            self.names.extend_from_slice(added);
        }
        found.then(|| input.source.frame().timestamp)
    }

    /// What was counted on the interfaces: it is known when all was read, as it is of a single one.
    fn take_statistics(&mut self) {
        for input in &self.inputs {
            for (place, interface) in input.interfaces.iter().zip(input.source.interfaces()) {
                if let Some(merged) = self.interfaces.get_mut(*place as usize) {
                    merged.statistics = interface.statistics;
                }
            }
        }
    }

    /// The input whose next frame is the next of all.
    fn next_input(&mut self) -> Option<usize> {
        if !self.begun {
            self.begun = true;
            for place in 0..self.inputs.len() {
                if let Some(time) = self.step(place) {
                    self.waiting.push(Reverse((time.unwrap_or(Timestamp::from_nanoseconds(i64::MIN)), place)));
                }
            }
        }
        if let Some(place) = self.current
            && let Some(time) = self.step(place)
        {
            let Some(time) = time else { return Some(place) };
            if self.waiting.peek().is_none_or(|Reverse(first)| (time, place) < *first) {
                return Some(place);
            }
            self.waiting.push(Reverse((time, place)));
        }
        self.waiting.pop().map(|Reverse((_, place))| place)
    }
}

impl Source for MergedSource {
    fn advance(&mut self) -> Result<bool, SourceError> {
        self.current = self.next_input();
        if self.current.is_none() {
            self.take_statistics();
        }
        self.number = self.number.saturating_add(u64::from(self.current.is_some()));
        Ok(self.current.is_some())
    }

    fn frame(&self) -> Frame<'_> {
        let Some(input) = self.current.and_then(|place| self.inputs.get(place)) else { return Held::NONE.lend(&[]) };
        let frame = input.source.frame();
        let interface = input.interfaces.get(frame.interface.0 as usize).copied().unwrap_or_default();
        Frame { number: self.number, interface: InterfaceId(interface), ..frame }
    }

    /// The other inputs stand on their next frame already; it is the current one that may have to be waited for.
    fn has_more_at_hand(&self) -> bool {
        self.current.and_then(|place| self.inputs.get(place)).is_some_and(|input| input.source.has_more_at_hand())
    }

    fn section_options(&self) -> &[(u16, Vec<u8>)] {
        &self.section_options
    }

    fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    fn names(&self) -> &[NameRecord] {
        &self.names
    }

    fn damage(&self) -> Vec<&SourceError> {
        self.inputs.iter().flat_map(|input| input.source.damage()).chain(&self.failures).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::bytes::ByteOrder;
    use super::super::from_reader;
    use super::super::samples::{Writer, read_all};
    use super::*;
    use std::io::Cursor;

    fn source(writer: &Writer, name: &str) -> Box<dyn Source> {
        from_reader(Cursor::new(writer.bytes.clone()), name).unwrap()
    }

    fn pcap(records: &[(u32, &str)]) -> Writer {
        let mut file = Writer::new(ByteOrder::Little);
        file.pcap(0xa1b2_c3d4, 1);
        for (second, text) in records {
            file.record(*second, 0, text.len() as u32, text.as_bytes());
        }
        file
    }

    fn told(frames: &[super::super::samples::Seen]) -> Vec<(u64, u32, &str)> {
        frames.iter().map(|(number, _, interface, _, data)| (*number, *interface, std::str::from_utf8(data).unwrap())).collect()
    }

    #[test]
    fn the_earliest_frame_comes_first_and_ties_keep_the_order_of_the_files() {
        let a = pcap(&[(1, "a1"), (3, "a3"), (5, "a5")]);
        let b = pcap(&[(1, "b1"), (2, "b2"), (9, "b9")]);
        let mut merged = merge(vec![source(&a, "a"), source(&b, "b")]);
        let (frames, _) = read_all(merged.as_mut());
        assert_eq!(told(&frames), [(1, 0, "a1"), (2, 1, "b1"), (3, 1, "b2"), (4, 0, "a3"), (5, 0, "a5"), (6, 1, "b9")]);
        assert_eq!(merged.interfaces().len(), 2);
        assert!(!merged.advance().unwrap());
    }

    #[test]
    fn a_frame_without_a_time_stays_behind_the_one_before_it() {
        let mut a = Writer::new(ByteOrder::Big);
        a.section().interface(1, 0, |_| {}).enhanced(0, 2_000_000, 2, b"a2", |_| {}).block(3, |body| {
            body.u32(4).raw(b"none");
        });
        a.interface(101, 0, |_| {}).enhanced(1, 4_000_000, 2, b"a4", |_| {});
        let b = pcap(&[(1, "b1"), (3, "b3")]);
        let mut merged = merge(vec![source(&b, "b"), source(&a, "a")]);
        let (frames, _) = read_all(merged.as_mut());
        assert_eq!(told(&frames), [(1, 0, "b1"), (2, 1, "a2"), (3, 1, "none"), (4, 0, "b3"), (5, 2, "a4")]);
    }

    #[test]
    fn where_one_fails_the_others_go_on() {
        let mut a = pcap(&[(1, "a1"), (2, "a2")]);
        a.bytes.pop();
        let b = pcap(&[(1, "b1"), (3, "b3")]);
        let mut merged = merge(vec![source(&a, "a"), source(&b, "b")]);
        let (frames, error) = read_all(merged.as_mut());
        assert!(error.is_none());
        assert_eq!(told(&frames), [(1, 0, "a1"), (2, 1, "b1"), (3, 1, "b3")]);
        assert!(matches!(merged.damage()[..], [SourceError::Cut { offset: 42, .. }]));
    }
}
