//! Which way packets went where times to live were raised, what answers say, and what a capture cut.

use super::*;

/// A segment of a connection of a port, by whether the server sent it.
fn segment(port: u16, is_answer: bool, (flags, numbers): (u8, [u32; 2]), (id, ttl): (u16, u8), options: &[u8]) -> Vec<u8> {
    let (ends, ports) = if is_answer { ([SERVER, CLIENT], [80, port]) } else { ([CLIENT, SERVER], [port, 80]) };
    let head = [ports.map(u16::to_be_bytes).concat(), numbers.map(u32::to_be_bytes).concat()].concat();
    let offset = (5 + options.len() as u8 / 4) << 4;
    ip(ends, 6, id, ttl, 0x4000, &[&head[..], &[offset, flags, 0xff, 0, 0, 0, 0, 0], options].concat())
}

fn is_answer(bytes: &[u8]) -> bool {
    bytes[20] == 0
}

fn routers(hop: &Hop) -> Vec<(Toward, u8, u64)> {
    hop.routers.iter().map(|routers| (routers.toward, routers.routers, routers.packets)).collect()
}

fn changed(hop: &Hop) -> Vec<(PacketField, Toward, u64)> {
    hop.changes.iter().map(|change| (change.field, change.toward, change.packets)).collect()
}

#[test]
fn a_time_to_live_that_is_raised_one_way_turns_no_direction_round() {
    let steady = |_: i64| 300 * MILLISECOND;
    let unsteady = |time: i64| time / (20 * MILLISECOND) % 2 * SECOND;
    for more in [steady as fn(i64) -> i64, unsteady] {
        let mut made = pings(20, 10 * MILLISECOND, |_, _| false, more);
        // Of most questions both captures have the answer alone.
        made.iter_mut().for_each(|made| made.0.retain(|(_, bytes)| is_answer(bytes) || bytes[27] < 5));
        made[0].0.iter_mut().filter(|(_, bytes)| is_answer(bytes)).for_each(|(_, bytes)| bytes[8] = 98);
        let (_, hop) = between(&made);
        assert_eq!(routers(&hop), [(Toward::Right, 1, 5)]);
        assert_eq!(changed(&hop), [(PacketField::HopLimit, Toward::Left, 20)]);
    }
}

#[test]
fn times_to_live_that_are_raised_both_ways_turn_no_direction_round() {
    for raised in [[64, 98], [98, 98]] {
        let mut made = pings(20, MILLISECOND, |_, _| false, |time| 300 * MILLISECOND + time / 50_000);
        made[1].0.iter_mut().filter(|(_, bytes)| !is_answer(bytes)).for_each(|(_, bytes)| bytes[8] = raised[0]);
        made[0].0.iter_mut().filter(|(_, bytes)| is_answer(bytes)).for_each(|(_, bytes)| bytes[8] = raised[1]);
        let (_, hop) = between(&made);
        assert!(routers(&hop).is_empty(), "{:?}", hop.routers);
        let way = |toward: Toward| changed(&hop).iter().filter(|change| **change == (PacketField::HopLimit, toward, 20)).count();
        assert_eq!([way(Toward::Right), way(Toward::Left)], [usize::from(raised[0] == 98), 1]);
        let clock = hop.clock.expect("a clock");
        assert_eq!((clock.basis, clock.step), (Basis::BothWays, None));
    }
    // A clock that is set says nothing of ways.
    let (_, hop) = between(&pings(20, MILLISECOND, |_, _| false, |time| time / (100 * MILLISECOND) * -SECOND));
    assert_eq!(routers(&hop), [(Toward::Right, 1, 20), (Toward::Left, 1, 20)]);
}

#[test]
fn a_reset_behind_the_end_of_the_other_capture_was_perhaps_made_between() {
    let mut made = pings(3, MILLISECOND, |_, _| false, |_| 0);
    made[0].0.push((SECOND, segment(40_000, false, (0x02, [7_000_000, 0]), (1, 64), &[])));
    made[0].0.push((SECOND + 20_000, segment(40_000, true, (0x14, [0, 7_000_001]), (0, 64), &[])));
    let (points, hop) = between(&made);
    assert_eq!(fates(&hop), [vec![Fate::AfterTheEnd; 2], vec![]]);
    let [asked, answered] = [0, 1].map(|at| points[0].sightings[hop.strays[0][at].place as usize].frame);
    assert_eq!(hop.strays[0][0].answer, Some(Answer { frame: answered, is_reset: true }));
    assert_eq!(hop.strays[0][1].about, Some(asked));
    // One that answers nothing is told as well, and so is what else is of a conversation of which something may have been lost.
    made[0].0.last_mut().expect("a reset").1[31] ^= 1;
    let (_, hop) = between(&made);
    assert_eq!(fates(&hop), [vec![Fate::AfterTheEnd; 2], vec![]]);
    assert_eq!(hop.strays[0][0].answer, None);
    made[0].0.last_mut().expect("a segment").1[33] = 0x10;
    let (_, hop) = between(&made);
    assert_eq!(fates(&hop), [vec![Fate::AfterTheEnd; 2], vec![]]);
}

#[test]
fn a_reset_is_named_with_the_segment_that_was_lost() {
    let mut made = pings(100, MILLISECOND, |_, _| false, |_| 0);
    let ack = (0x10, [7_000_001, 9_000_000]);
    for (at, is_reset, numbers) in [(100, false, ack), (110, false, ack), (111, true, (0x04, [9_000_000, 0])), (120, false, ack)] {
        let id = 2_000 + at as u16;
        made[0].0.push((at * MILLISECOND, segment(40_000, is_reset, numbers, (id, 64), &[])));
    }
    let (points, hop) = between(&made);
    let frame = |stray: &Stray| points[0].sightings[stray.place as usize].frame;
    let told: Vec<_> = hop.strays[0].iter().map(|stray| (stray.fate, stray.answer.map(|answer| answer.frame), stray.about)).collect();
    let frames: Vec<u64> = hop.strays[0].iter().map(frame).collect();
    let lost = (Fate::Lost, None, None);
    assert_eq!(told, [lost, (Fate::Lost, Some(frames[2]), None), (Fate::Added, None, Some(frames[1])), lost]);
}

#[test]
fn options_that_a_capture_cut_are_no_others_and_identifications_tell_alike_packets_apart() {
    let stamp = |number: u8| [1, 1, 8, 10, 0, 0, 1, number, 0, 0, 2, number];
    let mut made: [Made; 2] = Default::default();
    let begin = |largest: u8| [2, 4, largest, 0xb4, 1, 3, 3, 7];
    for side in 0..2_u8 {
        let time = i64::from(side) * 30_000;
        let first = segment(40_000, false, (0x02, [7_000_000, 0]), (1, 64 - side), &begin(5 - side));
        made[usize::from(side)].0.push((time, first));
        // The same acknowledged again and again; one is lost.
        for number in (0..20_u8).filter(|number| side == 0 || *number != 7) {
            let bytes = segment(40_000, false, (0x10, [7_000_001, 9_000_000]), (10 + u16::from(number), 64 - side), &stamp(number));
            made[usize::from(side)].0.push((time + MILLISECOND + i64::from(number) * 1_000, bytes));
        }
    }
    let digester = Digester::new();
    // To the middle of the timestamps.
    let points = [made[0].point(digester), made[1].point_of(101, digester, 44)];
    for hop in [Hop::between(&points[0], &points[1]), Hop::between(&points[1], &points[0])] {
        // What is there is compared.
        assert_eq!(hop.changes.iter().map(|change| change.field).collect::<Vec<_>>(), [PacketField::MaximumSegmentSize]);
        let alone: Vec<u32> = hop.strays.iter().flatten().map(|stray| stray.place).collect();
        assert_eq!(alone, [8]);
    }
}

#[test]
fn what_was_lost_and_sent_again_at_once_without_its_push_is_told_apart() {
    let mut made = pings(20, MILLISECOND, |_, _| false, |_| 0);
    let pushed = |flags: u8, ttl: u8| {
        let mut bytes = segment(40_000, false, (flags, [7_000_001, 9_000_000]), (0, ttl), &[1, 1, 8, 10, 0, 0, 1, 1, 0, 0, 2, 1]);
        bytes.extend(b"a line");
        bytes[2..4].copy_from_slice(&(58_u16).to_be_bytes());
        bytes
    };
    made[0].0.push((5 * MILLISECOND, pushed(0x18, 64)));
    made[0].0.push((5 * MILLISECOND + 300_000, pushed(0x10, 64)));
    made[1].0.push((6 * MILLISECOND, pushed(0x10, 63)));
    let (points, hop) = between(&made);
    let lost: Vec<_> = hop.strays[0].iter().map(|stray| (points[0].sightings[stray.place as usize].flags, stray.fate)).collect();
    assert_eq!((lost, &hop.strays[1]), (vec![(0x18, Fate::Lost)], &vec![]));
}

#[test]
fn of_packets_whose_way_is_not_known_it_is_told_how_much_later_they_came() {
    let mut made = pings(3, 0, |_, _| false, |time| 90 * SECOND + time * 4);
    made[1].0.iter_mut().for_each(|(_, bytes)| bytes[8] = if is_answer(bytes) { 63 } else { 64 });
    let (_, hop) = between(&made);
    assert_eq!((hop.delays, hop.clock.map(|clock| clock.basis)), ([None; 2], Some(Basis::Unknown)));
    let told = hop.undirected.expect("they came later and later");
    assert_eq!((told.packets, told.least, told.most), (6, 0, 2 * 4 * (10 * MILLISECOND + 1_000)));
    let (_, hop) = between(&pings(3, MILLISECOND, |_, _| false, |_| 0));
    assert!(hop.undirected.is_none() && hop.delays.iter().all(Option::is_some));
}
