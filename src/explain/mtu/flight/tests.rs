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
        self.say_as(None, from, time, (sequence, acknowledgement, flags), length, options)
    }

    fn say_as(
        &mut self,
        remark: Option<Remark>,
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
        let carried = Carried { frame: self.frame, time, tcp, length, remark, options, size, headers: HEADERS, is_whole: true };
        self.flight.take(from, &carried).map(|(_, found)| found)
    }

    /// The responder's first full segment, and its repetitions.
    fn repeat_first(&mut self) -> Option<Found> {
        [10, 210, 610, 1410, 3010, 6210].into_iter().filter_map(|time| self.say(Side::Responder, time, (5001, 1101, ACK), 1460, &[])).last()
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
    assert_eq!(talk.flight.over().map(|(_, found)| found.is_alive), Some(false));
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
    assert_eq!(talk.flight.over().map(|(_, found)| found.is_alive), Some(false), "nothing shows that small packets arrive");
}

#[test]
fn bytes_that_never_came_are_told_by_the_number_behind_them() {
    let mut talk = Talk::new();
    talk.say(Side::Originator, 6000, (1101, 5001, ACK | FIN), 0, &[]);
    talk.say(Side::Responder, 6001, (9381, 1102, ACK), 0, &[]);
    let found = talk.flight.over().map(|(side, found)| (side, found.missing, found.failed, found.is_alive, found.frames));
    assert_eq!(found, Some((Side::Responder, 4380, 1500, false, vec![4, 6])));
}

#[test]
fn where_not_even_acknowledgements_arrive_size_tells_nothing() {
    for (again, is_told) in [(1, true), (2, false)] {
        let mut talk = Talk::new();
        for time in 0..again {
            talk.say_as(Some(Remark::Retransmission), Side::Originator, 300 + time, (1001, 5001, ACK), 100, &[]);
        }
        talk.say(Side::Originator, 6000, (1101, 5001, ACK | FIN), 0, &[]);
        talk.say(Side::Responder, 6001, (9381, 1102, ACK), 0, &[]);
        assert_eq!(talk.flight.over().is_some(), is_told, "repeated {again} times");
    }
}

#[test]
fn bytes_that_were_acknowledged_are_the_captures_loss() {
    let mut talk = Talk::new();
    talk.say(Side::Originator, 5000, (1101, 9381, ACK), 0, &[]);
    talk.say(Side::Responder, 6001, (9381, 1101, ACK), 0, &[]);
    assert_eq!(talk.flight.over(), None);
    let mut talk = Talk::new();
    talk.say(Side::Responder, 6001, (9381, 1101, ACK), 0, &[]);
    talk.say(Side::Originator, 6002, (1101, 9381, ACK), 0, &[]);
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
