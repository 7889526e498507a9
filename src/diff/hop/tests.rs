//! What is told of packets made by hand.

mod answers;
mod missing;

use super::*;
use crate::conversation::{Conversations, Packet};
use crate::diff::pairing::{Opposite, Pair};
use crate::diff::point::{Captured, Collector};
use crate::diff::{Cause, Digester, PacketField, Selection, Value};
use crate::dissect::{Dissection, dissect};
use crate::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
use crate::reassembly::Limits;
use crate::reassembly::fragments::Fragments;

pub(super) const MILLISECOND: i64 = 1_000_000;
pub(super) const SECOND: i64 = 1_000 * MILLISECOND;
const CLIENT: [u8; 4] = [10, 0, 0, 1];
const SERVER: [u8; 4] = [192, 0, 2, 9];

/// Frames of raw IPv4, with their times in nanoseconds.
#[derive(Clone, Default)]
pub(super) struct Made(pub(super) Vec<(i64, Vec<u8>)>);

impl Made {
    pub(super) fn point(&self, digester: Digester) -> Point {
        self.point_of(101, digester, usize::MAX)
    }

    /// The same of frames of another link, of which a capture keeps so many bytes.
    fn point_of(&self, link_type: u16, digester: Digester, kept: usize) -> Point {
        let limits = Limits::default();
        let (mut dissection, mut fragments) = (Dissection::default(), Fragments::new(&limits));
        let (mut conversations, mut collector) = (Conversations::new(limits), Collector::new(digester));
        let mut frames = self.0.clone();
        frames.sort_by_key(|(time, _)| *time);
        for (number, (time, bytes)) in (1..).zip(&frames) {
            let frame = Frame {
                number,
                timestamp: Some(Timestamp::from_nanoseconds(1_700_000_000 * SECOND + time)),
                interface: InterfaceId(0),
                link_type: LinkType(link_type),
                length: bytes.len() as u32,
                check_sequence_length: 0,
                data: bytes.get(..kept).unwrap_or(bytes),
                annotations: Annotations::default(),
            };
            dissect(&frame, &mut dissection);
            let fragment = fragments.observe(&frame, &dissection);
            let packet = Packet { frame: &frame, dissection: &dissection, fragment: fragment.as_ref() };
            let belongs = conversations.observe(&packet, &mut ());
            collector.observe(&packet, belongs.as_ref(), &conversations);
        }
        conversations.finish(&mut ());
        collector.finish(Captured::default())
    }
}

/// A header of IPv4 before what it carries. `cut` holds the flags and the offset of fragments.
pub(super) fn ip(ends: [[u8; 4]; 2], protocol: u8, id: u16, ttl: u8, cut: u16, carried: &[u8]) -> Vec<u8> {
    let length = (20 + carried.len() as u16).to_be_bytes();
    let numbers = [&length[..], &id.to_be_bytes(), &cut.to_be_bytes()].concat();
    [&[0x45, 0][..], &numbers, &[ttl, protocol, 0, 0], &ends.concat(), carried].concat()
}

/// An echo, or its answer.
fn echo(is_answer: bool, identifier: u16, sequence: u16, ttl: u8) -> Vec<u8> {
    let ends = if is_answer { [SERVER, CLIENT] } else { [CLIENT, SERVER] };
    let kind = if is_answer { 0 } else { 8 };
    let message = [&[kind, 0, 0, 0][..], &identifier.to_be_bytes(), &sequence.to_be_bytes(), b"0123456789abcdef"].concat();
    ip(ends, 1, 100 + sequence + u16::from(is_answer) * 1_000, ttl, 0, &message)
}

/// Asks every 10 ms and is answered at once; the way between the points takes `took`. A packet is lost where `is_lost` says so, of its number
/// and whether it is an answer; the right clock shows `more`, of the moment.
fn pings(count: u16, took: i64, is_lost: impl Fn(u16, bool) -> bool, more: impl Fn(i64) -> i64) -> [Made; 2] {
    let mut made: [Made; 2] = Default::default();
    let mut seen = |side: usize, time: i64, bytes: Vec<u8>| {
        made[side].0.push((if side == 1 { time + more(time) } else { time }, bytes));
    };
    for number in 0..count {
        // Clocks that count finely.
        let time = i64::from(number) * 10 * MILLISECOND + i64::from(number % 7) * 1_000;
        seen(0, time, echo(false, 7, number, 64));
        if is_lost(number, false) {
            continue;
        }
        seen(1, time + took, echo(false, 7, number, 63));
        seen(1, time + took, echo(true, 7, number, 64));
        if !is_lost(number, true) {
            seen(0, time + 2 * took, echo(true, 7, number, 63));
        }
    }
    made
}

fn between(made: &[Made; 2]) -> ([Point; 2], Hop) {
    let digester = Digester::new();
    let points = [made[0].point(digester), made[1].point(digester)];
    let hop = Hop::between(&points[0], &points[1]);
    (points, hop)
}

fn fates(hop: &Hop) -> [Vec<Fate>; 2] {
    hop.strays.each_ref().map(|strays| strays.iter().map(|stray| stray.fate).collect())
}

#[test]
fn what_came_before_the_other_captures_first_frame_was_perhaps_lost() {
    let (_, hop) = between(&pings(8, MILLISECOND, |number, _| number < 3, |_| 0));
    assert_eq!(fates(&hop), [vec![Fate::BeforeTheBeginning; 3], vec![]]);
    assert!(hop.strays[0].iter().all(|stray| stray.counts(&Selection::default())));
    let (_, hop) = between(&pings(8, MILLISECOND, |number, _| number > 5, |_| 0));
    assert_eq!(fates(&hop), [vec![Fate::AfterTheEnd; 2], vec![]]);
}

#[test]
fn an_answer_to_what_passed_the_other_capture_was_lost() {
    // Some answers take long: by the times alone the first may have come before the other capture began.
    let mut made = pings(8, MILLISECOND, |number, is_answer| number == 0 && is_answer, |_| 0);
    made[0].0.iter_mut().skip(9).filter(|(_, bytes)| bytes[20] == 0).for_each(|(time, _)| *time += 50 * MILLISECOND);
    let (_, hop) = between(&made);
    assert_eq!(fates(&hop), [vec![], vec![Fate::Lost]]);
    made.reverse();
    let (_, hop) = between(&made);
    assert_eq!(fates(&hop), [vec![Fate::Lost], vec![]]);
    // Where its question is not there either, that capture may not have begun.
    let mut made = pings(8, MILLISECOND, |_, _| false, |_| 0);
    made[0].0.iter_mut().skip(9).filter(|(_, bytes)| bytes[20] == 0).for_each(|(time, _)| *time += 50 * MILLISECOND);
    made[0].0.drain(..2);
    let (_, hop) = between(&made);
    assert!(fates(&hop).concat().iter().all(|fate| matches!(fate, Fate::BeforeTheBeginning | Fate::OutsideOfCapture)), "{:?}", fates(&hop));
}

#[test]
fn what_passed_while_the_other_capture_was_not_running_was_not_lost() {
    // The way takes longer than packets are apart: at the moment when the right capture begins, some have passed it that the left one sees.
    for (begin, end) in [(100, 300), (104, 297), (95, 309)] {
        let mut made = pings(40, 33 * MILLISECOND, |_, _| false, |_| -250 * MILLISECOND);
        made[1].0.retain(|(time, _)| (begin..end).contains(&((time + 250 * MILLISECOND) / MILLISECOND)));
        let (_, hop) = between(&made);
        for fate in fates(&hop).into_iter().flatten() {
            assert!(matches!(fate, Fate::OutsideOfCapture | Fate::BeforeTheBeginning | Fate::AfterTheEnd), "{fate:?}");
        }
        made.reverse();
        let (_, hop) = between(&made);
        for fate in fates(&hop).into_iter().flatten() {
            assert!(matches!(fate, Fate::OutsideOfCapture | Fate::BeforeTheBeginning | Fate::AfterTheEnd), "{fate:?}");
        }
    }
    // What is lost between packets that arrived was lost, however long the way takes.
    let (_, hop) = between(&pings(40, 33 * MILLISECOND, |number, is_answer| (number, is_answer) == (20, true), |_| 0));
    assert_eq!(fates(&hop), [vec![], vec![Fate::Lost]]);
}

#[test]
fn a_datagram_that_lacks_fragments_was_lost_in_part() {
    let datagram = |id: u16| [&[0x13, 0x88, 0x13, 0x89, 5, 0xdc + 8, 0, 0][..], &[id as u8; 1_500]].concat();
    let mut made: [Made; 2] = Default::default();
    for id in 1..6 {
        let time = i64::from(id) * 10 * MILLISECOND;
        made[0].0.push((time, ip([CLIENT, SERVER], 17, id, 64, 0, &datagram(id))));
        made[1].0.push((time + MILLISECOND, ip([CLIENT, SERVER], 17, id, 63, 0x2000, &datagram(id)[..1_480])));
        if id != 3 {
            made[1].0.push((time + MILLISECOND, ip([CLIENT, SERVER], 17, id, 63, 185, &datagram(id)[1_480..])));
        }
    }
    let (_, hop) = between(&made);
    let lost: Vec<_> = hop.changes.iter().filter(|change| change.cause == Cause::Loss).collect();
    assert_eq!(lost.len(), 1, "{:?}", hop.changes);
    assert_eq!((lost[0].field, lost[0].values), (PacketField::Pieces, [Value::Number(1), Value::Incomplete(1)]));
}

/// A pairing of packets in their order.
fn in_order(points: &[Point; 2]) -> Pairing {
    let count = points[0].sightings.len() as u32;
    let pairs = (0..count).map(|place| Pair { left: place, right: place }).collect();
    let opposite = [0, 1].map(|_| (0..count).map(Opposite::One).collect());
    Pairing { pairs, opposite, ..Pairing::default() }
}

#[test]
fn an_echo_with_another_identifier_was_translated() {
    let digester = Digester::new();
    let points = [7, 4_711].map(|identifier| Made(vec![(0, echo(false, identifier, 1, 64))]).point(digester));
    let pairing = in_order(&points);
    let travel = Travel::new(&points[0], &points[1], &pairing);
    let (changes, _) = change::changes(&points[0], &points[1], &pairing, &travel);
    let found: Vec<_> = changes.iter().map(|change| (change.field, change.cause, change.values)).collect();
    assert_eq!(found, [(PacketField::EchoIdentifier, Cause::Nat, [Value::Number(7), Value::Number(4_711)])]);
}

#[test]
fn what_one_point_knows_of_the_way_the_other_does_not_deny() {
    // The left point alone has the conversations in a pair: an echo of it stands opposite one of another conversation.
    let digester = Digester::new();
    let left = Made(vec![(0, echo(false, 7, 1, 64)), (1, echo(false, 8, 2, 64))]).point(digester);
    let right = Made(vec![(MILLISECOND, echo(false, 7, 1, 63)), (MILLISECOND + 1, echo(false, 9, 2, 63))]).point(digester);
    let mut pairing = Pairing::of(&left, &right);
    for (points, side) in [([&left, &right], 1), ([&left, &right], 0)] {
        pairing.of_conversation[side][1] = Some(0);
        pairing.of_conversation[1 - side][1] = None;
        let travel = Travel::new(points[0], points[1], &pairing);
        let packet = [&left.sightings[1], &right.sightings[1]];
        assert_eq!(travel.of_both(&pairing, points, packet), Toward::Right);
    }
}

fn clock(more: impl Fn(i64) -> i64) -> (ClockOffset, Hop) {
    let (_, hop) = between(&pings(1_000, MILLISECOND, |_, _| false, more));
    (hop.clock.expect("both have times"), hop)
}

#[test]
fn a_clock_that_was_set_is_told_with_the_moment() {
    for more in [2 * SECOND, -30 * MILLISECOND] {
        let (clock, hop) = clock(|time| if time >= 4 * SECOND { more } else { 0 });
        assert_eq!((clock.basis, clock.gains), (Basis::BothWays, 0));
        let step = clock.step.expect("it was set");
        assert!((step.more - more).abs() <= 2 * MILLISECOND, "{step:?}");
        let at = step.at.nanoseconds() - 1_700_000_000 * SECOND;
        assert!((at - 4 * SECOND).abs() <= 20 * MILLISECOND, "{at}");
        assert!(clock.uncertainty <= 2 * MILLISECOND, "{clock:?}");
        for delays in hop.delays.into_iter().flatten() {
            assert!(delays.least >= 0 && delays.most <= 4 * MILLISECOND, "{delays:?}");
        }
    }
}

#[test]
fn a_clock_whose_bounds_cross_drifts() {
    // The way takes 1 ms, and the clock gains 5 ms.
    let (clock, hop) = clock(|time| time / 2_000);
    assert!((clock.gains - 500_000).abs() < 20_000 && clock.step.is_none(), "{clock:?}");
    assert!(clock.uncertainty <= 2 * MILLISECOND);
    for delays in hop.delays.into_iter().flatten() {
        assert!(delays.least >= 0 && delays.most <= 3 * MILLISECOND, "{delays:?}");
    }
}

#[test]
fn a_clock_that_runs_fast_by_far_was_not_set() {
    for gains in [SECOND / 50, -SECOND / 80] {
        let (clock, hop) = clock(|time| (i128::from(time) * i128::from(gains) / i128::from(SECOND)) as i64);
        assert_eq!((clock.basis, clock.step), (Basis::BothWays, None), "{clock:?}");
        assert!((clock.gains - gains).abs() < 200_000, "{clock:?}");
        assert!(hop.delays.into_iter().flatten().all(|delays| delays.least >= 0 && delays.most <= 4 * MILLISECOND), "{:?}", hop.delays);
    }
}

#[test]
fn clocks_that_contradict_each_other_again_and_again_measure_nothing() {
    let (clock, hop) = clock(|time| if time / SECOND % 2 == 0 { 100 * MILLISECOND } else { -100 * MILLISECOND });
    assert_eq!(clock.basis, Basis::Unsteady);
    assert_eq!(hop.delays, [None, None]);
}

/// A connection as a point before (0) or behind (1) a relay sees it: what is asked and what is answered.
fn connection(made: &mut Made, ends: [[u8; 4]; 2], port: u16, time: i64, said: [&[u8]; 2]) {
    let sequence = [u32::from(port) * 70_001, u32::from(port) * 40_001];
    let mut send = |after: i64, from: usize, flags: u8, [own, other]: [usize; 2], payload: &[u8]| {
        let ends = if from == 0 { ends } else { [ends[1], ends[0]] };
        let ports = if from == 0 { [port, 80] } else { [80, port] };
        let numbers = [sequence[from].wrapping_add(own as u32), sequence[1 - from].wrapping_add(other as u32)];
        let numbers = numbers.map(u32::to_be_bytes).concat();
        let segment = [&ports.map(u16::to_be_bytes).concat()[..], &numbers, &[0x50, flags, 0xff, 0, 0, 0, 0, 0], payload].concat();
        made.0.push((time + after * MILLISECOND, ip(ends, 6, 0, 64, 0x4000, &segment)));
    };
    send(0, 0, 2, [0, 0], b"");
    send(1, 1, 0x12, [0, 1], b"");
    send(2, 0, 0x18, [1, 1], said[0]);
    send(3, 1, 0x19, [1, 1 + said[0].len()], said[1]);
    send(4, 0, 0x11, [1 + said[0].len(), 2 + said[1].len()], b"");
}

const RELAY: [u8; 4] = [203, 0, 113, 5];
const ASKED: &[u8] = b"GET /healthz HTTP/1.0\r\n\r\n";
const ANSWERED: &[u8] = b"HTTP/1.0 200 OK\r\n\r\nok";

fn relayed(hop: &Hop) -> Vec<[u32; 2]> {
    let pairs = hop.pairing.conversations.iter().filter(|pair| pair.found == crate::diff::pairing::Found::Content);
    pairs.map(|pair| [pair.left, pair.right]).collect()
}

#[test]
fn connections_that_carry_the_same_are_relayed_in_their_order_however_many_they_are() {
    let mut made: [Made; 2] = Default::default();
    for number in 0..150 {
        let time = i64::from(number) * SECOND / 2;
        connection(&mut made[0], [CLIENT, RELAY], 30_000 + number, time, [ASKED, ANSWERED]);
        connection(&mut made[1], [RELAY, SERVER], 20_000 + number, time + MILLISECOND, [ASKED, ANSWERED]);
    }
    let (_, hop) = between(&made);
    assert_eq!(relayed(&hop), (0..150).map(|place| [place, place]).collect::<Vec<_>>());
    assert!(hop.changes.is_empty(), "{:?}", hop.changes);
}

#[test]
fn what_a_relay_changed_is_told() {
    let mut made: [Made; 2] = Default::default();
    connection(&mut made[0], [CLIENT, RELAY], 30_000, 0, [ASKED, &[ANSWERED, &[7; 300]].concat()]);
    connection(&mut made[1], [RELAY, SERVER], 20_000, MILLISECOND, [ASKED, &[ANSWERED, &[7; 900]].concat()]);
    let (_, hop) = between(&made);
    assert_eq!(relayed(&hop), [[0, 0]]);
    let [change] = &hop.changes[..] else { panic!("{:?}", hop.changes) };
    assert_eq!((change.cause, change.field, change.toward), (Cause::Middlebox, PacketField::Payload, Toward::Left));
    let lengths = change.values.map(|value| if let Value::Carried { length, .. } = value { length } else { 0 });
    assert_eq!(lengths, [ANSWERED.len() as u64 + 300, ANSWERED.len() as u64 + 900]);
}

#[test]
fn what_everybody_says_makes_no_relay() {
    // Two hosts that have nothing to do with each other ask two servers for the same few bytes.
    let mut made: [Made; 2] = Default::default();
    connection(&mut made[0], [CLIENT, SERVER], 30_000, 0, [ASKED, ANSWERED]);
    connection(&mut made[1], [[10, 9, 9, 9], [198, 51, 100, 7]], 20_000, 0, [ASKED, ANSWERED]);
    let (_, hop) = between(&made);
    assert!(relayed(&hop).is_empty());
    // Of a relay a day later it is another connection, where something tells the clocks.
    for (later, count) in [(86_400 * SECOND, 0), (SECOND, 1)] {
        let mut made: [Made; 2] = Default::default();
        connection(&mut made[0], [CLIENT, RELAY], 30_000, 0, [ASKED, ANSWERED]);
        connection(&mut made[1], [RELAY, SERVER], 20_000, later, [ASKED, ANSWERED]);
        for side in &mut made {
            connection(side, [CLIENT, SERVER], 50_000, SECOND, [b"both see this", b"and this"]);
        }
        let (_, hop) = between(&made);
        assert_eq!(relayed(&hop).len(), count, "{later}");
    }
}

/// A datagram to a port, and what a router says of it when its time to live ends there.
fn probe(port: u8, ttl: u8) -> Vec<u8> {
    ip([CLIENT, SERVER], 17, 700 + u16::from(port), ttl, 0, &[0x80, 0, 0x82, port, 0, 12, 0, 0, 1, 2, 3, 4])
}

#[test]
fn a_probe_whose_time_to_live_ended_between_was_not_lost() {
    const ROUTER: [u8; 4] = [10, 0, 0, 254];
    let mut made = pings(40, MILLISECOND, |_, _| false, |_| 0);
    for port in 0..3 {
        let time = 100 * MILLISECOND + i64::from(port) * 5 * MILLISECOND;
        made[0].0.push((time, probe(port, 1)));
        // A router may quote eight bytes behind the header, and no more.
        let quoted = [&[11, 0, 0, 0, 0, 0, 0, 0][..], &probe(port, 1)[..28]].concat();
        if port < 2 {
            made[0].0.push((time + MILLISECOND, ip([ROUTER, CLIENT], 1, 5, 64, 0, &quoted)));
        }
    }
    // One that would have come through was lost.
    made[0].0.push((200 * MILLISECOND + 1, probe(9, 12)));
    let (points, hop) = between(&made);
    let told: Vec<_> = hop.strays[0].iter().map(|stray| (stray.fate, stray.answer.is_some())).collect();
    let expired = [(Fate::Expired, true), (Fate::Added, false)];
    assert_eq!(told, [expired[0], expired[1], expired[0], expired[1], (Fate::Expired, false), (Fate::Lost, false)]);
    let error = points[0].sightings[hop.strays[0][1].place as usize].frame;
    assert_eq!(hop.strays[0][0].answer.map(|answer| answer.frame), Some(error));
    assert!(hop.strays[1].is_empty());
}

/// A segment of one connection, with an identification; `at` is where in the stream of the client it begins.
fn segment(id: u16, flags: u8, at: u32, length: usize) -> Vec<u8> {
    let numbers = [(7_000_000 + at).to_be_bytes(), 9_000_000_u32.to_be_bytes()].concat();
    let payload: Vec<u8> = (0..length).map(|place| (at as usize + place) as u8).collect();
    let carried = [&[0x9c, 0x40, 0, 80][..], &numbers, &[0x50, flags, 0xff, 0, 0, 0, 0, 0], &payload].concat();
    ip([CLIENT, SERVER], 6, id, 64, 0x4000, &carried)
}

#[test]
fn what_was_lost_is_repaired_by_a_segment_that_it_lies_in() {
    let mut made: [Made; 2] = Default::default();
    for number in 0..10_u16 {
        let time = i64::from(number) * MILLISECOND;
        made[0].0.push((time, segment(50 + number, 0x10, u32::from(number) * 700, 700)));
        if !(4..6).contains(&number) {
            made[1].0.push((time + MILLISECOND, segment(50 + number, 0x10, u32::from(number) * 700, 700)));
        }
    }
    for (side, made) in made.iter_mut().enumerate() {
        made.0.push((200 * MILLISECOND + side as i64 * MILLISECOND, segment(70, 0x10, 2_800, 1_400)));
    }
    let mut links = made.clone();
    links.iter_mut().enumerate().for_each(|(side, made)| made.0.iter_mut().for_each(|(_, bytes)| bytes[8] -= side as u8));
    let (_, hop) = between(&links);
    let repairs: Vec<_> = hop.strays[0].iter().map(|stray| stray.repair.map(|repair| (repair.sent, repair.arrived))).collect();
    assert_eq!(repairs, [Some((11, Some(9))), Some((11, Some(9)))]);
}

#[test]
fn what_a_router_captured_twice_is_there_once_where_only_the_other_way_is_counted() {
    // Answers without identification: only what is asked shows between which links the router stands.
    let mut made: [Made; 2] = Default::default();
    for number in 0..5_u16 {
        let time = i64::from(number) * 100 * MILLISECOND;
        let answer = |ttl: u8| {
            let mut answer = echo(true, 7, number, ttl);
            answer[4..6].fill(0);
            ethernet(if ttl == 64 { [4, 3] } else { [2, 1] }, &answer)
        };
        made[0].0.push((time, ethernet([1, 2], &echo(false, 7, number, 64))));
        made[0].0.push((time + 100_000, ethernet([3, 4], &echo(false, 7, number, 63))));
        made[1].0.push((time + MILLISECOND, ethernet([5, 6], &echo(false, 7, number, 62))));
        made[1].0.push((time + MILLISECOND, ethernet([6, 5], &answer(65)[14..])));
        made[0].0.push((time + 2 * MILLISECOND, answer(64)));
        made[0].0.push((time + 2 * MILLISECOND + 100_000, answer(63)));
    }
    let digester = Digester::new();
    let points = [0, 1].map(|side: usize| made[side].point_of(1, digester, usize::MAX));
    let hop = Hop::between(&points[0], &points[1]);
    assert!(hop.strays.iter().all(Vec::is_empty), "{:?}", hop.strays);
}

fn ethernet([from, to]: [u8; 2], packet: &[u8]) -> Vec<u8> {
    [&[2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from, 8, 0][..], packet].concat()
}

#[test]
fn a_time_to_live_that_is_set_anew_tells_no_direction() {
    let mut made = pings(20, 10 * MILLISECOND, |_, _| false, |_| 300 * MILLISECOND);
    made.iter_mut().enumerate().for_each(|(side, made)| made.0.iter_mut().for_each(|(_, bytes)| bytes[8] = [64, 255][side]));
    let (_, hop) = between(&made);
    assert!(hop.routers.is_empty(), "{:?}", hop.routers);
    let told: Vec<_> = hop.changes.iter().map(|change| (change.cause, change.field, change.toward, change.packets)).collect();
    let set = |toward: Toward| (Cause::Middlebox, PacketField::HopLimit, toward, 20);
    assert_eq!(told, [set(Toward::Left), set(Toward::Right)]);
    assert_eq!(hop.clock.map(|clock| clock.nanoseconds), Some(300 * MILLISECOND));
    assert!(hop.delays.iter().flatten().all(|delays| delays.least == 10 * MILLISECOND), "{:?}", hop.delays);
}

#[test]
fn a_relay_alone_makes_two_captures_points_and_the_same_twice_does_not() {
    const OTHER: [u8; 4] = [192, 0, 2, 77];
    let judged = |right: [[u8; 4]; 2], time: i64| {
        let mut made: [Made; 2] = Default::default();
        // More than everybody says.
        let answered = [ANSWERED, &[b'.'; 300]].concat();
        connection(&mut made[0], [CLIENT, RELAY], 30_000, 0, [ASKED, &answered]);
        connection(&mut made[1], right, 20_000, time, [ASKED, &answered]);
        let (points, hop) = between(&made);
        crate::diff::question::Judgement::of(&points[0], &points[1], &hop.pairing).question
    };
    use crate::diff::question::Question;
    assert_eq!(judged([RELAY, SERVER], 30 * SECOND), Question::Points);
    assert_eq!(judged([CLIENT, RELAY], 30 * SECOND), Question::Runs);
    assert_eq!(judged([SERVER, RELAY], 30 * SECOND), Question::Runs);
    // A relay with another address at each side asks when it is asked.
    assert_eq!(judged([OTHER, SERVER], MILLISECOND), Question::Points);
    assert_eq!(judged([OTHER, SERVER], 30 * SECOND), Question::Runs);
    assert_eq!(judged([CLIENT, SERVER], MILLISECOND), Question::Runs);
    assert_eq!(judged([OTHER, RELAY], MILLISECOND), Question::Runs);
}
