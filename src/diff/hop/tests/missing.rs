//! What is missing in part, twice, or of another link, and what repaired it.

use super::*;
use crate::diff::path::{Path, Step};

const NEAR: u8 = 1;
const FAR: u8 = 2;

/// A packet of IPv6 between two hosts.
fn ip6([from, to]: [u8; 2], (next, ttl): (u8, u8), carried: &[u8]) -> Vec<u8> {
    let address = |host: u8| [&[0x20, 1, 0xd, 0xb8][..], &[0; 11], &[host]].concat();
    [&[0x60, 0, 0, 0][..], &(carried.len() as u16).to_be_bytes(), &[next, ttl], &address(from), &address(to), carried].concat()
}

/// Three fragments of an echo of IPv6 (RFC 8200 section 4.5).
fn fragments6(sequence: u8, ttl: u8) -> [Vec<u8>; 3] {
    let message = [&[128, 0, 0, 0, 0, 7, 0, sequence][..], &[sequence; 2_992]].concat();
    [0, 1, 2].map(|part: usize| {
        let end = (part * 1_000 + 1_000).min(message.len());
        let offset = ((part as u16 * 1_000) | u16::from(part < 2)).to_be_bytes();
        let head = [&[58, 0][..], &offset, &[0, 0, 9, sequence]].concat();
        ip6([NEAR, FAR], (44, ttl), &[&head, &message[part * 1_000..end]].concat())
    })
}

#[test]
fn fragments_of_ipv6_that_were_lost_are_told_once_with_the_error_that_says_so() {
    for kept in [[true, false, true], [false, false, true], [true, true, false]] {
        let mut made: [Made; 2] = Default::default();
        for sequence in 1..7 {
            let time = i64::from(sequence) * 10 * MILLISECOND;
            let all = fragments6(sequence, 64).into_iter().zip(fragments6(sequence, 62)).zip(kept);
            for (part, ((near, far), is_kept)) in (0..).zip(all) {
                made[0].0.push((time + part, near));
                if is_kept || sequence != 3 {
                    made[1].0.push((time + part + MILLISECOND, far));
                }
            }
        }
        // A router says what it did not pass on (RFC 4443 section 3.2).
        let quoted = &fragments6(3, 63)[usize::from(kept[0])];
        let error = [&[2, 0, 0, 0, 0, 0, 4, 0xd0][..], &quoted[..200]].concat();
        made[0].0.push((30 * MILLISECOND + 500, ip6([9, NEAR], (58, 64), &error)));
        let (points, hop) = between(&made);
        let told: Vec<_> = hop.changes.iter().map(|change| (change.cause, change.field, change.values, change.toward)).collect();
        let there = Value::Incomplete(kept.iter().filter(|kept| **kept).count() as u64);
        assert_eq!(told, [(Cause::Loss, PacketField::Pieces, [Value::Number(3), there], Toward::Right)]);
        let [error] = &hop.strays[0][..] else { panic!("{:?}", hop.strays) };
        let about = points[0].sightings.iter().find(|one| one.sequence == 3).map(|one| one.frame);
        assert_eq!((error.fate, error.about), (Fate::Added, about));
        assert!(hop.strays[1].is_empty(), "{:?}", hop.strays);
        assert_eq!(hop.routers.iter().map(|one| (one.toward, one.routers)).collect::<Vec<_>>(), [(Toward::Right, 2)]);
    }
}

#[test]
fn what_a_router_captured_at_both_its_sides_was_lost_once() {
    for is_counted in [true, false] {
        let mut made: [Made; 2] = Default::default();
        for number in 0..12_u16 {
            let time = i64::from(number) * 20 * MILLISECOND;
            let with = |ttl: u8| {
                let mut bytes = echo(false, 7, number, ttl);
                // Some count their packets, and those of another sender show the way.
                bytes[4..6].copy_from_slice(&if is_counted || number % 2 == 0 { 300 + number } else { 0 }.to_be_bytes());
                bytes
            };
            made[0].0.push((time, ethernet([1, 2], &with(64))));
            made[0].0.push((time + 2_000, ethernet([3, 4], &with(63))));
            if number != 5 && number != 8 {
                made[1].0.push((time + MILLISECOND, ethernet([5, 6], &with(62))));
            }
        }
        let digester = Digester::new();
        let points = [0, 1].map(|side: usize| made[side].point_of(1, digester, usize::MAX));
        let hop = Hop::between(&points[0], &points[1]);
        let frames: Vec<u64> = hop.strays[0].iter().map(|stray| points[0].sightings[stray.place as usize].frame).collect();
        // The one or the other sighting of each.
        assert_eq!(frames.iter().map(|frame| (frame - 1) / 2).collect::<Vec<u64>>(), [5, 8], "{:?}", hop.strays);
    }
}

/// A segment of one connection over IPv4.
fn segment(id: u16, ttl: u8, at: u32, length: usize) -> Vec<u8> {
    let numbers = [(7_000_000 + at).to_be_bytes(), 9_000_000_u32.to_be_bytes()].concat();
    let payload: Vec<u8> = (0..length).map(|place| ((at as usize + place) * 7 % 251) as u8).collect();
    ip([CLIENT, SERVER], 6, id, ttl, 0x4000, &[&[0x9c, 0x40, 0, 80][..], &numbers, &[0x50, 0x10, 0xff, 0, 0, 0, 0, 0], &payload].concat())
}

#[test]
fn of_a_long_segment_that_lost_its_first_piece_nothing_else_is_told_and_the_bytes_are_counted() {
    let mut made: [Made; 2] = Default::default();
    // Both captures ran before.
    for (side, made) in made.iter_mut().enumerate() {
        made.0.push((side as i64 * MILLISECOND, segment(49, 64 - side as u8, 5_000, 100)));
    }
    made[0].0.push((4 * MILLISECOND, segment(50, 64, 0, 3_000)));
    made[1].0.push((5 * MILLISECOND, segment(51, 63, 1_000, 1_000)));
    made[1].0.push((5 * MILLISECOND + 1, segment(52, 63, 2_000, 1_000)));
    for (side, made) in made.iter_mut().enumerate() {
        made.0.push((9 * MILLISECOND, segment(53, 64 - side as u8, 3_000, 900)));
        made.0.push((10 * MILLISECOND, segment(54, 64 - side as u8, 0, 1_000)));
    }
    let (points, hop) = between(&made);
    let told: Vec<_> = hop.changes.iter().map(|change| (change.cause, change.field)).collect();
    assert_eq!(told, [(Cause::Offload, PacketField::Segmentation)]);
    assert_eq!(hop.strays[0].iter().map(|stray| stray.part).collect::<Vec<_>>(), [Some([0, 1_000])]);
    let steps = Path { hops: vec![hop] }.follow(&points, 0, 1);
    assert_eq!(steps[1], Step::Seen { places: vec![1, 2], missing: 1_000, fate: Some(Fate::Lost) });
}

/// The left capture ended behind four segments of which one was lost; what was sent again in its place is only at the right, and nothing tells it
/// from the first.
#[test]
fn what_is_sent_again_behind_the_end_of_a_capture_does_not_tell_that_it_still_ran() {
    let mut made: [Made; 2] = Default::default();
    for number in 0..8 {
        let time = i64::from(number) * MILLISECOND;
        if number < 4 {
            made[0].0.push((time, segment(0, 64, number * 1_000, 1_000)));
        }
        if number != 1 {
            made[1].0.push((time + 5 * MILLISECOND, segment(0, 63, number * 1_000, 1_000)));
        }
    }
    made[1].0.push((25 * MILLISECOND, segment(0, 63, 1_000, 1_000)));
    let (_, hop) = between(&made);
    assert_eq!(hop.pairing.pairs.len(), 4);
    let fates: Vec<Fate> = hop.strays[1].iter().map(|stray| stray.fate).collect();
    assert_eq!(fates, [Fate::OutsideOfCapture; 4]);
}

#[test]
fn what_was_lost_is_repaired_by_shorter_segments_that_have_it_together() {
    let mut made: [Made; 2] = Default::default();
    for number in 0..6_u16 {
        let time = i64::from(number) * MILLISECOND;
        made[0].0.push((time, segment(50 + number, 64, u32::from(number) * 1_000, 1_000)));
        if !(2..4).contains(&number) {
            made[1].0.push((time + MILLISECOND, segment(50 + number, 63, u32::from(number) * 1_000, 1_000)));
        }
    }
    for (part, at) in [2_000_u32, 2_700, 3_400].into_iter().enumerate() {
        for (side, made) in made.iter_mut().enumerate() {
            let time = (200 + side as i64) * MILLISECOND + part as i64;
            made.0.push((time, segment(70 + part as u16, 64 - side as u8, at, if part == 2 { 600 } else { 700 })));
        }
    }
    let (_, hop) = between(&made);
    let repairs: Vec<_> =
        hop.strays[0].iter().map(|stray| stray.repair.map(|repair| (repair.sent, repair.sent_last, repair.arrived))).collect();
    assert_eq!(repairs, [Some((7, 8, Some(6))), Some((8, 9, Some(7)))]);
}

/// A report of who listens (RFC 9777), which nobody has an address for yet.
fn report(sender: u8, groups: usize) -> Vec<u8> {
    let carried = [&[143, 0, 0, 0, 0, 0, 0, groups as u8][..], &vec![9; 20 * groups]].concat();
    let group = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x16];
    let head = [&[0x60, 0, 0, 0][..], &(carried.len() as u16).to_be_bytes(), &[58, 1], &[0; 16], &group].concat();
    let mut bytes = ethernet([sender, 22], &[head, carried].concat());
    bytes[..6].copy_from_slice(&[0x33, 0x33, 0, 0, 0, 0x16]);
    bytes[12..14].copy_from_slice(&[0x86, 0xdd]);
    bytes
}

#[test]
fn what_hosts_of_different_links_say_to_everybody_there_is_not_one_packet() {
    let digester = Digester::new();
    for (senders, count) in [([1, 4], 0), ([1, 1], 2)] {
        let mut made: [Made; 2] = Default::default();
        for (side, sender) in senders.into_iter().enumerate() {
            let is_changed = usize::from(side == 1 && count == 0);
            made[side].0.push((0, report(sender, 1)));
            made[side].0.push((MILLISECOND, report(sender, 2 + is_changed)));
            for number in 0..4_u16 {
                let link = if count == 0 { [sender, sender + 1] } else { [1, 2] };
                let bytes = ethernet(link, &echo(false, 7, number, 64 - u8::from(count == 0) * side as u8));
                made[side].0.push((i64::from(number + 1) * SECOND, bytes));
            }
        }
        let points = [0, 1].map(|side: usize| made[side].point_of(1, digester, usize::MAX));
        let hop = Hop::between(&points[0], &points[1]);
        assert_eq!(hop.pairing.pairs.len(), 4 + count, "{:?}", hop.changes);
        assert!(hop.changes.is_empty() && fates(&hop).iter().flatten().all(|fate| *fate == Fate::OfTheLink), "{:?}", hop.strays);
    }
}

#[test]
fn times_to_live_that_most_show_stand_for_all_and_one_way_alone_has_not_thirty_routers() {
    let mut made = pings(20, MILLISECOND, |_, _| false, |_| 0);
    for (side, made) in made.iter_mut().enumerate() {
        made.0.iter_mut().filter(|(_, bytes)| bytes[20] == 8 && bytes[27] == 0).for_each(|(_, bytes)| bytes[8] = 3 - side as u8);
    }
    let (_, hop) = between(&made);
    let told: Vec<_> = hop.routers.iter().map(|one| (one.toward, one.hop_limits, one.packets)).collect();
    assert_eq!(told, [(Toward::Right, [64, 63], 20), (Toward::Left, [63, 64], 20)]);
    made[1].0.iter_mut().filter(|(_, bytes)| bytes[20] == 8).for_each(|(_, bytes)| bytes[8] = 33);
    made[0].0.iter_mut().filter(|(_, bytes)| bytes[20] == 8).for_each(|(_, bytes)| bytes[8] = 64);
    let (_, hop) = between(&made);
    assert_eq!(hop.routers.iter().map(|one| (one.toward, one.routers)).collect::<Vec<_>>(), [(Toward::Left, 1)]);
    let set: Vec<_> = hop.changes.iter().map(|change| (change.cause, change.field, change.values, change.packets)).collect();
    assert_eq!(set, [(Cause::Middlebox, PacketField::HopLimit, [Value::Number(64), Value::Number(33)], 20)]);
}

#[test]
fn a_client_that_asks_a_server_again_is_no_relay() {
    for (later, count) in [(6 * SECOND, 0), (MILLISECOND, 1)] {
        let mut made: [Made; 2] = Default::default();
        connection(&mut made[0], [CLIENT, SERVER], 30_000, 0, [ASKED, &[ANSWERED, &[7; 2_000]].concat()]);
        connection(&mut made[1], [CLIENT, SERVER], 20_000, later, [ASKED, &[ANSWERED, &[7; 2_000]].concat()]);
        let (_, hop) = between(&made);
        assert_eq!(relayed(&hop).len(), count, "{later}");
    }
}

#[test]
fn a_relay_that_changes_what_is_asked_is_found_by_what_is_answered() {
    const OTHER: [u8; 4] = [198, 51, 100, 7];
    let answer: Vec<u8> = (0..3_000_u32).map(|number| (number * number % 251) as u8).collect();
    for (later, count) in [(MILLISECOND, 1), (90 * SECOND, 0)] {
        let mut made: [Made; 2] = Default::default();
        connection(&mut made[0], [CLIENT, RELAY], 30_000, SECOND, [ASKED, &answer]);
        connection(&mut made[1], [OTHER, SERVER], 20_000, SECOND + later, [b"GET /healthz HTTP/1.0\r\nVia: 1.1 relay\r\n\r\n", &answer]);
        for (side, made) in made.iter_mut().enumerate() {
            connection(made, [CLIENT, SERVER], 50_000, side as i64, [b"both see this", b"and this"]);
        }
        let (_, hop) = between(&made);
        assert_eq!(relayed(&hop).len(), count, "{later}");
        let changed: Vec<_> = hop.changes.iter().map(|change| (change.cause, change.field)).collect();
        assert_eq!(changed, vec![(Cause::Middlebox, PacketField::Payload); count]);
    }
}

#[test]
fn a_conversation_that_a_capture_cuts_in_the_middle_counts_and_what_follows_it_does_not() {
    // At one place, which tells no way.
    let mut made: [Made; 2] = Default::default();
    for side in &mut made {
        connection(side, [CLIENT, SERVER], 30_000, 0, [ASKED, ANSWERED]);
    }
    connection(&mut made[0], [CLIENT, SERVER], 30_001, SECOND, [ASKED, ANSWERED]);
    let (_, hop) = between(&made);
    assert_eq!(fates(&hop), [vec![Fate::OutsideOfCapture; 5], vec![]]);
    made[1].0.truncate(3);
    let (_, hop) = between(&made);
    assert_eq!(fates(&hop), [[vec![Fate::AfterTheEnd; 2], vec![Fate::OutsideOfCapture; 5]].concat(), vec![]]);
}

/// Datagrams of these sizes, of which those that carry more than `most` never arrive.
fn sized(lengths: &[usize], most: impl Fn(usize, usize) -> bool) -> Hop {
    let mut made: [Made; 2] = Default::default();
    for (number, length) in lengths.iter().enumerate() {
        let time = number as i64 * 20 * MILLISECOND;
        let datagram = |id: u16, ttl: u8| {
            let header = [0x13, 0x88, 0x13, 0x89, (length + 8).to_be_bytes()[6], (length + 8).to_be_bytes()[7], 0, 0];
            ip([CLIENT, SERVER], 17, id, ttl, 0x4000, &[&header[..], &vec![id as u8; *length]].concat())
        };
        made[0].0.push((time, datagram(500 + number as u16, 64)));
        if most(number, *length) {
            made[1].0.push((time + MILLISECOND, datagram(500 + number as u16, 63)));
        }
    }
    between(&made).1
}

#[test]
fn that_only_what_is_large_was_lost_is_seen() {
    let lengths = [100, 1_400, 200, 1_472, 300, 1_400, 400, 1_400, 100];
    let hop = sized(&lengths, |_, length| length < 1_000);
    assert_eq!(hop.too_large, [Some(TooLarge { packets: 4, carry: [1_400, 1_472], arrived: 400 }), None]);
    // One that is as large arrived; or what is small was lost, too.
    assert_eq!(sized(&lengths, |number, length| length < 1_000 || number == 1).too_large, [None, None]);
    assert_eq!(sized(&lengths, |number, length| length < 1_000 && number != 4).too_large, [None, None]);
    assert_eq!(sized(&[100, 1_400, 100, 1_400, 100], |_, length| length < 1_000).too_large, [None, None]);
}

/// What is alike and came in a burst at two places of one point is paired and told once.
#[test]
fn of_a_burst_that_was_captured_at_two_places_nothing_is_left_over() {
    let mut made: [Made; 2] = Default::default();
    for number in 0..60_u16 {
        let time = i64::from(number) * 50_000;
        made[0].0.push((time, segment(900 + number, 64, 0, 0)));
        made[1].0.push((time + MILLISECOND, segment(900 + number, 63, 0, 0)));
        made[1].0.push((time + 2 * MILLISECOND, segment(900 + number, 62, 0, 0)));
    }
    let (_, hop) = between(&made);
    assert_eq!(fates(&hop), [vec![], vec![]]);
}

/// Behind the end of the other capture a ping and its answer may both have passed: of neither that capture says more than of the other.
#[test]
fn what_came_behind_the_end_and_its_answer_are_told_alike() {
    let mut made = pings(20, MILLISECOND, |_, _| false, |_| 0);
    made[1].0.truncate(20);
    let (_, hop) = between(&made);
    let [left, _] = fates(&hop);
    assert!(!left.is_empty() && left.iter().all(|fate| *fate == Fate::AfterTheEnd), "{left:?}");
}
