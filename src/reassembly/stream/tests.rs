use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// Puts pieces together as they come, and holds them to their promises.
#[derive(Default)]
struct Heard {
    bytes: Vec<Option<u8>>,
    overlaps: Vec<(u64, Vec<u8>, Vec<u8>)>,
    end: Option<(u64, End)>,
}

impl Pieces for Heard {
    fn piece(&mut self, piece: Piece<'_>) {
        assert!(self.end.is_none(), "nothing comes after the end");
        match piece {
            Piece::Data { offset, bytes, .. } => {
                assert_eq!(offset, self.bytes.len() as u64);
                assert!(!bytes.is_empty());
                self.bytes.extend(bytes.iter().copied().map(Some));
            }
            Piece::Gap { offset, length, .. } => {
                assert_eq!(offset, self.bytes.len() as u64);
                assert!(length > 0);
                self.bytes.extend(std::iter::repeat_n(None, length as usize));
            }
            Piece::End { offset, how, .. } => {
                assert_eq!(offset, self.bytes.len() as u64);
                self.end = Some((offset, how));
            }
        }
    }

    fn overlap(&mut self, overlap: Overlap<'_>) {
        self.overlaps.push((overlap.offset, overlap.kept.to_vec(), overlap.other.to_vec()));
    }
}

impl Heard {
    fn text(&self) -> String {
        self.bytes.iter().map(|byte| byte.map_or('_', char::from)).collect()
    }
}

fn origin(frame: u64) -> Origin {
    Origin { frame, time: None }
}

/// A stream that hears segments of what begins at sequence number 1000.
#[derive(Default)]
struct Bench {
    stream: Stream,
    used: Used,
    heard: Heard,
    frame: u64,
}

impl Bench {
    fn begun(sequence: u32) -> Self {
        let mut bench = Self::default();
        bench.stream.begin(sequence, &mut bench.used);
        bench
    }

    fn segment(&mut self, sequence: u32, bytes: &[u8]) -> Arrival {
        self.cut_segment(sequence, bytes, bytes.len() as u32)
    }

    fn cut_segment(&mut self, sequence: u32, bytes: &[u8], length: u32) -> Arrival {
        self.frame += 1;
        let segment = Segment { sequence, bytes, length, origin: origin(self.frame), after: 0, reach: 0 };
        self.stream.segment(&segment, &mut self.used, &mut self.heard)
    }

    fn finish(&mut self, sequence: u32) {
        self.stream.finish(sequence, origin(self.frame), &mut self.used, &mut self.heard);
    }

    fn end(&mut self) -> String {
        self.stream.end(End::Unseen, origin(self.frame), &mut self.used, &mut self.heard);
        assert_eq!((self.used.waiting, self.used.history), (0, 0), "what is over takes no memory");
        self.heard.text()
    }
}

#[test]
fn segments_in_any_order_give_the_stream() {
    let mut bench = Bench::begun(1000);
    bench.segment(1006, b"world");
    assert_eq!(bench.heard.text(), "");
    let arrival = bench.segment(1000, b"hello ");
    assert_eq!((bench.heard.text().as_str(), arrival.filling, arrival.fresh), ("hello world", true, 6));
}

#[test]
fn a_sequence_number_wraps() {
    let mut bench = Bench::begun(u32::MAX - 2);
    bench.segment(2, b"def");
    bench.segment(u32::MAX - 2, b"abcX_");
    bench.finish(5);
    assert_eq!((bench.heard.text().as_str(), bench.heard.end), ("abcX_def", Some((8, End::Finished))));
}

#[test]
fn what_is_sent_again_is_compared_with_what_was_given() {
    let mut bench = Bench::begun(1);
    bench.segment(1, b"GET /index");
    let arrival = bench.segment(5, b"/admin.html");
    assert_eq!((arrival.conflicting, arrival.fresh), (6, 5));
    assert_eq!(bench.heard.overlaps, [(4, b"/index".to_vec(), b"/admin".to_vec())]);
    assert_eq!(bench.heard.text(), "GET /index.html");
    let arrival = bench.segment(1, b"GET ");
    assert_eq!((arrival.same, arrival.fresh), (4, 0));
}

#[test]
fn what_comes_again_while_it_waits_is_compared_too() {
    let mut bench = Bench::begun(1);
    bench.segment(4, b"def");
    let arrival = bench.segment(2, b"bcXY");
    assert_eq!((arrival.conflicting, arrival.fresh), (2, 2));
    bench.segment(1, b"a");
    assert_eq!(bench.heard.text(), "abcdef");
}

#[test]
fn a_hole_is_a_gap_of_its_length_and_comes_when_it_is_passed() {
    let mut bench = Bench::begun(1);
    bench.segment(1, b"ab");
    bench.segment(6, b"fg");
    assert_eq!(bench.heard.text(), "ab");
    bench.stream.pass_gap(origin(9), &mut bench.used, &mut bench.heard);
    assert_eq!(bench.heard.text(), "ab___fg");
    let late = bench.segment(3, b"cde");
    assert_eq!((late.forgotten, late.fresh), (3, 0));
}

#[test]
fn what_the_capture_cut_off_is_a_gap_at_once() {
    let mut bench = Bench::begun(1);
    bench.cut_segment(1, b"abc", 10);
    bench.segment(11, b"k");
    assert_eq!(bench.heard.text(), "abc_______k");
}

#[test]
fn a_stream_that_begins_before_the_capture_begins_with_the_first_byte_that_came() {
    let mut bench = Bench::default();
    bench.segment(2004, b"ef");
    bench.segment(2000, b"abcd");
    assert_eq!(bench.heard.text(), "");
    bench.stream.begin_with_what_came(&mut bench.used);
    bench.stream.give_waiting(0, &mut bench.used, &mut bench.heard);
    assert_eq!(bench.heard.text(), "abcdef");
    bench.segment(2006, b"g");
    assert_eq!(bench.heard.text(), "abcdefg");
}

#[test]
fn data_before_the_syn_is_kept() {
    let mut bench = Bench::default();
    bench.segment(1003, b"def");
    bench.stream.begin(1000, &mut bench.used);
    bench.segment(1000, b"abc");
    assert_eq!(bench.heard.text(), "abcdef");
}

#[test]
fn the_end_waits_for_what_is_missing_before_it() {
    let mut bench = Bench::begun(1);
    bench.segment(3, b"cd");
    bench.finish(5);
    assert_eq!(bench.heard.end, None);
    bench.segment(1, b"ab");
    assert_eq!((bench.heard.text().as_str(), bench.heard.end), ("abcd", Some((4, End::Finished))));
    assert_eq!(bench.segment(5, b"more").beyond, 4);
}

#[test]
fn what_waits_behind_the_end_is_not_told_after_it() {
    let mut bench = Bench::begun(1);
    bench.segment(9, b"more");
    bench.finish(3);
    bench.segment(1, b"ab");
    assert_eq!((bench.heard.text().as_str(), bench.heard.end), ("ab", Some((2, End::Finished))));
    assert_eq!(bench.used.waiting, 0);
    assert_eq!(bench.end(), "ab");
}

#[test]
fn what_was_acknowledged_and_never_came_is_a_gap_at_the_end() {
    let mut bench = Bench::begun(1);
    bench.segment(1, b"ab");
    bench.stream.acknowledge(11);
    assert!(bench.stream.lacks_acknowledged());
    assert_eq!(bench.end(), "ab________");
}

#[test]
fn a_segment_far_out_of_reach_is_not_taken() {
    let mut bench = Bench::begun(1);
    assert_eq!(bench.segment(1 + (1 << 30) + 2, b"x").beyond, 1);
    assert_eq!(bench.end(), "");
}

#[test]
fn a_long_stream_remembers_its_last_bytes_and_the_frames_they_came_in() {
    let mut bench = Bench::begun(0);
    let mut sequence = 0u32;
    for _ in 0..3000 {
        bench.segment(sequence, &[7; 100]);
        sequence += 100;
    }
    assert!(bench.used.history < 400_000, "{}", bench.used.history);
    assert_eq!(bench.segment(sequence - 150, &[7; 100]).same, 100);
    assert_eq!(bench.heard.overlaps.len(), 2, "a frame each");
    assert_eq!(bench.segment(0, &[7; 100]).forgotten, 100);
}

proptest! {
    /// Any shuffle, duplication, overlap and resegmentation gives the original, or says what is missing and what is in conflict.
    #[test]
    fn any_segmentation_gives_the_original(
        original in vec(b'a'..=b'z', 1..200),
        base in any::<u32>(),
        cuts in vec((0usize..200, 1usize..60, 0u8..12), 0..60),
        finishes in any::<bool>(),
    ) {
        let mut bench = Bench::begun(base);
        // The model: who spoke first for each place.
        let mut model: Vec<Option<u8>> = vec![None; original.len()];
        let (mut same, mut conflicting) = (0, 0);
        for (from, length, altered) in cuts {
            let from = from % original.len();
            let to = (from + length).min(original.len());
            let mut bytes = original[from..to].to_vec();
            if altered == 0 {
                bytes[0] = b'!';
            }
            let (mut expected_same, mut expected_conflict) = (0u64, 0u64);
            for (place, byte) in bytes.iter().enumerate() {
                match model[from + place] {
                    Some(kept) if kept == *byte => expected_same += 1,
                    Some(_) => expected_conflict += 1,
                    None => model[from + place] = Some(*byte),
                }
            }
            let arrival = bench.segment(base.wrapping_add(from as u32), &bytes);
            prop_assert_eq!(arrival.same + arrival.conflicting, expected_same + expected_conflict);
            prop_assert_eq!(arrival.fresh, bytes.len() as u64 - expected_same - expected_conflict);
            prop_assert!(expected_conflict == 0 || arrival.conflicting > 0);
            (same, conflicting) = (same + arrival.same, conflicting + arrival.conflicting);
        }
        let told: u64 = bench.heard.overlaps.iter().map(|(_, kept, _)| kept.len() as u64).sum();
        prop_assert_eq!(told, same + conflicting);
        if finishes {
            bench.finish(base.wrapping_add(original.len() as u32));
        }
        let text = bench.end();
        let last = if finishes { original.len() } else { model.iter().rposition(Option::is_some).map_or(0, |place| place + 1) };
        let expected: String = model[..last].iter().map(|byte| byte.map_or('_', char::from)).collect();
        prop_assert_eq!(text, expected);
        prop_assert!(bench.heard.end.is_some_and(|(_, how)| (how == End::Finished) == finishes));
    }

    /// Nothing that a sender can say makes it panic, and what it takes is given back.
    #[test]
    fn any_numbers_are_survived(steps in vec((any::<u32>(), 0u8..6, vec(any::<u8>(), 0..5), 0u32..9), 0..60)) {
        let mut bench = Bench::default();
        for (sequence, what, bytes, more) in steps {
            match what {
                0 => bench.stream.begin(sequence, &mut bench.used),
                1 => bench.finish(sequence),
                2 => { bench.stream.acknowledge(sequence); }
                3 => bench.stream.pass_gap(origin(1), &mut bench.used, &mut bench.heard),
                _ => { bench.cut_segment(sequence, &bytes, bytes.len() as u32 + more); }
            }
            // A gap of a thousand million places is one piece, and no test of it.
            if bench.heard.bytes.len() > 1 << 20 || bench.stream.highest() > bench.heard.bytes.len() as u64 + (1 << 20) {
                return Ok(());
            }
        }
        if bench.stream.acknowledged() < bench.heard.bytes.len() as u64 + (1 << 20) && !bench.stream.is_finishing() {
            bench.end();
        }
    }
}
