//! What a simulated way did to packets is told, each of it and nothing else; and a capture does not differ from itself.

use super::mirror::{assert_mirrored, assert_same};
use super::synthetic::{BEGIN, Captures, FILE_HEADER, Random, System, Way, point_of, push_record, sent, stream, traffic};
use super::{POINTS, collected, point, scenes};
use crate::support::captures;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use wirelore::diff::hop::{Basis, Fate, Hop};
use wirelore::diff::pairing::{Found, Opposite};
use wirelore::diff::point::Point;
use wirelore::diff::{Cause, Digester, PacketField, Toward};
use wirelore::frame::{Frame, Timestamp};
use wirelore::source::{self, Interface, NameRecord, Source, SourceError};

const SYSTEMS: [System; 4] = [
    System { counts_packets: true, has_timestamps: true },
    System { counts_packets: true, has_timestamps: false },
    System { counts_packets: false, has_timestamps: true },
    System { counts_packets: false, has_timestamps: false },
];

/// Each of these takes some milliseconds. WIRELORE_CASES asks for more of them.
fn cases() -> u32 {
    std::env::var("WIRELORE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(48)
}

fn frames(points: &[Point; 2], hop: &Hop) -> Vec<[u64; 2]> {
    let frame = |side: usize, place: u32| points[side].sightings[place as usize].frame;
    let mut frames: Vec<[u64; 2]> = hop.pairing.pairs.iter().map(|pair| [frame(0, pair.left), frame(1, pair.right)]).collect();
    frames.sort_unstable();
    frames
}

/// The frames of one side with these fates.
fn of_fate(points: &[Point; 2], hop: &Hop, side: usize, fates: &[Fate]) -> Vec<u64> {
    let strays = hop.strays[side].iter().filter(|stray| fates.contains(&stray.fate));
    let mut frames: Vec<u64> = strays.map(|stray| points[side].sightings[stray.place as usize].frame).collect();
    frames.sort_unstable();
    frames
}

fn translated(hop: &Hop) -> BTreeMap<u16, u16> {
    hop.translations.iter().map(|row| (row.left.port, row.right.port)).collect()
}

fn way() -> impl Strategy<Value = Way> {
    let much = (0..10_u64, 0..4_u64, prop_oneof![Just(0_u64), Just(400_000)], 100_000..30_000_000_i64);
    let clocks = (prop_oneof![Just(0_i64), -60_000_000_000..60_000_000_000_i64], prop_oneof![Just(0_i64), -100_000..100_000_i64]);
    (much, 0..5_u8, any::<bool>(), clocks).prop_map(|((lost, doubled, jitter, delay), routers, translates, (offset, gains))| Way {
        lost,
        doubled,
        jitter,
        delay,
        routers: if translates { routers.max(1) } else { routers },
        translates,
        offset,
        gains,
        ..Way::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn what_was_lost_doubled_and_translated_is_told_and_nothing_else(
        seed in 1_u64.., conversations in 6_u64..24, system in prop::sample::select(&SYSTEMS[..]), mut way in way(),
    ) {
        // Who counts nothing sends packets that are the same: only time tells them apart.
        way.doubled = if system.counts_packets { way.doubled } else { 0 };
        way.gains = 0;
        let mut random = Random(seed);
        let packets = traffic(&mut random, conversations, 1, system);
        let made = sent(&mut random, &packets, &way);
        check(&made, &way)?;
    }

    #[test]
    fn streams_that_were_made_longer_or_shorter_stay_paired(
        seed in 1_u64.., conversations in 6_u64..24, system in prop::sample::select(&SYSTEMS[..2]), mut way in way(),
        rewrites in prop::sample::select(&[0_u64, 30, 100]), draws_numbers: bool,
    ) {
        (way.lost, way.doubled, way.gains) = (0, 0, 0);
        (way.rewrites, way.draws_numbers) = (rewrites, draws_numbers);
        // Who answers has been asked.
        way.delay = way.delay.min(1_000_000);
        let mut random = Random(seed);
        let packets = traffic(&mut random, conversations, 1, system);
        let made = sent(&mut random, &packets, &way);
        let points = made.points();
        let hop = Hop::between(&points[0], &points[1]);
        let told = frames(&points, &hop);
        let (told, pairs): (BTreeSet<_>, BTreeSet<_>) = (told.into_iter().collect(), made.pairs.iter().copied().collect());
        let [missing, invented] = [&pairs - &told, &told - &pairs];
        prop_assert!(missing.is_empty() && invented.is_empty(), "not paired: {:?}; paired: {:?}", missing, invented);
        prop_assert!(hop.strays.iter().all(Vec::is_empty), "{:?}", hop.strays);
        prop_assert!(hop.pairing.conversations.iter().all(|pair| pair.found == Found::Packets || !way.translates && draws_numbers));
        let changed = |field: PacketField| hop.changes.iter().filter(|change| change.field == field).map(|change| change.packets).sum::<u64>();
        prop_assert_eq!(changed(PacketField::Payload), made.rewritten.len() as u64);
        let explained = [PacketField::Payload, PacketField::Sequence, PacketField::Acknowledgement];
        let others = hop.changes.iter().find(|change| change.cause != Cause::Middlebox || !explained.contains(&change.field));
        prop_assert!(others.is_none(), "{:?}", others);
        prop_assert_eq!(&translated(&hop), &made.translations);
        assert_mirrored(&points[0], &points[1], "mirrored");
    }

    #[test]
    fn the_clock_that_was_wrong_is_put_right(seed in 1_u64.., mut way in way(), is_fast: bool) {
        way.doubled = 0;
        way.gains = if is_fast { way.gains } else { 0 };
        way.delay = way.delay.min(2_000_000);
        way.jitter = way.jitter.min(400_000);
        let mut random = Random(seed);
        let packets = traffic(&mut random, 60, 60, SYSTEMS[0]);
        let made = sent(&mut random, &packets, &way);
        let [left, right] = made.points();
        let clock = Hop::between(&left, &right).clock.expect("both have times");
        prop_assert_eq!(clock.basis, Basis::BothWays);
        for second in [0, 20, 40, 60] {
            let time = second * 1_000_000_000;
            let off = clock.at(Timestamp::from_nanoseconds(BEGIN + time)) - (way.shown_right(time) - time);
            // As long as the way takes; and a clock that gains too little to be seen is off by what it gains.
            let least = way.delay + way.jitter as i64 + if clock.gains == 0 { way.gains.abs() * 60 } else { 400_000 };
            // It has to be seen where both bounds move together: waiting moves them apart by twice the jitter, which is to be less than a
            // quarter of what the clock gains between the first and the last stretch.
            let is_plain = way.gains.abs() >= 20_000 && way.gains.unsigned_abs() * 60 > 10 * way.jitter;
            prop_assert!(off.abs() <= least && (!is_plain || clock.gains != 0), "{} at {}: {:?}", off, second, clock);
        }
    }

    #[test]
    fn bytes_that_are_cut_otherwise_are_the_same(
        seed: u64,
        cuts in prop::array::uniform2(prop::collection::btree_set(1_usize..5_000, 1..12)),
        changed in prop::option::of(0_usize..5_000),
    ) {
        let digester = Digester::new();
        let mut points = Vec::new();
        let borders = cuts.map(|cuts| cuts.into_iter().chain([5_000]).collect::<Vec<usize>>());
        for (side, borders) in borders.iter().enumerate() {
            points.push(point_of(&stream(seed, borders, side, changed.filter(|_| side == 1)), digester));
        }
        let hop = Hop::between(&points[0], &points[1]);
        prop_assert!(hop.strays.iter().all(Vec::is_empty), "{:?}", hop.strays);
        let is_seen = |side: usize, place: usize| hop.pairing.opposite(side, place as u32) != Opposite::Nothing;
        prop_assert!((0..2).all(|side| (0..points[side].sightings.len()).all(|place| is_seen(side, place))));
        let others = hop.pairing.recut.iter().filter(|recut| recut.is_same == Some(false)).count();
        let segments = hop.pairing.sightings(&points[0], &points[1]).filter(|[one, other]| one.payload() != other.payload()).count();
        prop_assert_eq!(others + segments, usize::from(changed.is_some()));
        prop_assert_eq!(hop.changes.iter().filter(|change| change.cause == Cause::Unexplained).count(), 0);
    }
}

fn check(made: &Captures, way: &Way) -> Result<(), TestCaseError> {
    let points = made.points();
    let hop = Hop::between(&points[0], &points[1]);
    // Which of two that are one packet is called the copy does not matter.
    let first = |frames: [u64; 2]| [0, 1].map(|side| made.doubled[side].get(&frames[side]).copied().unwrap_or(frames[side]));
    let told: BTreeSet<[u64; 2]> = frames(&points, &hop).into_iter().map(first).collect();
    let pairs: BTreeSet<[u64; 2]> = made.pairs.iter().copied().collect();
    let [missing, invented] = [&pairs - &told, &told - &pairs];
    prop_assert!(missing.is_empty() && invented.is_empty(), "not paired: {:?}; paired: {:?}", missing, invented);
    prop_assert_eq!(hop.pairing.pairs.len(), made.pairs.len());
    for side in 0..2 {
        let mut told = of_fate(&points, &hop, side, &[Fate::Lost, Fate::BeforeTheBeginning, Fate::AfterTheEnd]);
        if way.translates {
            // Of whom the other point sees nothing behind a translator, nobody can tell whether it would have to.
            told.extend(of_fate(&points, &hop, side, &[Fate::Elsewhere]));
            told.sort_unstable();
        }
        prop_assert_eq!(&told, &made.lost[side]);
        prop_assert_eq!(of_fate(&points, &hop, side, &[Fate::Doubled]).len(), made.doubled[side].len());
        prop_assert_eq!(hop.strays[side].len(), made.lost[side].len() + made.doubled[side].len());
    }
    prop_assert_eq!(&hop.changes, &vec![]);
    prop_assert_eq!(&translated(&hop), &made.translations);
    let routers: Vec<(Toward, u8)> = hop.routers.iter().map(|one| (one.toward, one.routers)).collect();
    let expected: &[_] = if way.routers == 0 { &[] } else { &[(Toward::Right, way.routers), (Toward::Left, way.routers)] };
    prop_assert_eq!(&routers[..], expected);
    assert_mirrored(&points[0], &points[1], "mirrored");
    Ok(())
}

#[test]
fn a_capture_does_not_differ_from_itself_nor_from_two_copies_of_it() {
    for path in captures() {
        let Ok(mut once) = source::open(&path) else { continue };
        let digester = Digester::new();
        let name = path.display().to_string();
        if once.next_frame().is_err() || name.contains("cut-short") {
            continue;
        }
        let [one, again] = [0, 1].map(|_| point(&path, digester));
        assert_same(&one, &again, &name);
        let mut both = source::open_all(&[&path, &path]).expect("both open");
        let both = collected(both.as_mut(), digester);
        if one.sightings.iter().all(|seen| seen.timestamp().is_some()) {
            assert_same(&one, &both, &format!("{name} twice"));
            assert_same(&both, &one, &format!("{name} twice, left"));
        }
    }
}

#[test]
fn a_capture_whose_frames_stand_in_another_order_does_not_differ() {
    for path in captures().into_iter().chain(scenes::recorded()) {
        let mut source = source::open(&path).expect("it opens");
        let mut records = Vec::new();
        while let Ok(Some(frame)) = source.next_frame() {
            let Some(time) = frame.timestamp.filter(|_| frame.link_type.0 == 1) else { continue };
            records.push((time.nanoseconds(), frame.data.to_vec()));
        }
        let mut random = Random(7);
        let file = |records: &[(i64, Vec<u8>)]| {
            let mut file = FILE_HEADER.to_vec();
            records.iter().for_each(|(time, data)| push_record(&mut file, *time, data));
            file
        };
        let digester = Digester::new();
        let straight = point_of(&file(&records), digester);
        if straight.sightings.iter().any(|seen| seen.is_incomplete()) {
            // Which of several fragments that cannot all be used are refused depends on which came first.
            continue;
        }
        for place in (1..records.len()).rev() {
            records.swap(place, random.below(place as u64 + 1) as usize);
        }
        let shuffled = point_of(&file(&records), digester);
        assert_same(&straight, &shuffled, &format!("{} shuffled", path.display()));
    }
}

#[test]
fn two_points_say_the_same_of_each_other() {
    for scene in scenes::recorded_folders() {
        let digester = Digester::new();
        let points: Vec<Point> = (0..POINTS.len()).map(|place| point(&scenes::file(&scene, place), digester)).collect();
        for left in 0..POINTS.len() {
            for right in left..POINTS.len() {
                assert_mirrored(&points[left], &points[right], &format!("{}: {} and {}", scene.display(), POINTS[left], POINTS[right]));
            }
        }
    }
}

/// A capture whose clock is wrong.
struct Skewed {
    inner: Box<dyn Source>,
    by: i64,
}

impl Source for Skewed {
    fn advance(&mut self) -> Result<bool, SourceError> {
        self.inner.advance()
    }

    fn frame(&self) -> Frame<'_> {
        let frame = self.inner.frame();
        let timestamp = frame.timestamp.map(|time| Timestamp::from_nanoseconds(time.nanoseconds() + self.by));
        Frame { timestamp, ..frame }
    }

    fn interfaces(&self) -> &[Interface] {
        self.inner.interfaces()
    }

    fn names(&self) -> &[NameRecord] {
        self.inner.names()
    }
}

#[test]
fn thirty_seconds_of_clock_skew_are_told_to_the_millisecond() {
    const SKEW: i64 = 30_000_000_000;
    for scene in scenes::recorded_folders() {
        for (left, one) in POINTS.iter().enumerate() {
            for (right, other) in POINTS.iter().enumerate().skip(left + 1) {
                let what = format!("{}: {one} and {other}", scene.display());
                let digester = Digester::new();
                let own = point(&scenes::file(&scene, left), digester);
                let path = scenes::file(&scene, right);
                let other = point(&path, digester);
                let mut skewed = Skewed { inner: source::open(&path).expect("it opens"), by: SKEW };
                let skewed = collected(&mut skewed, digester);
                let [straight, late] = [&other, &skewed].map(|point| Hop::between(&own, point));
                if straight.pairing.pairs.is_empty() {
                    // At both sides of a relay there is no packet that is the other's.
                    assert!(what.contains("relay"), "{what}");
                    continue;
                }
                let clock = late.clock.expect("both have times");
                assert!((clock.nanoseconds - SKEW).abs() < 1_000_000 && clock.gains == 0, "{what}: {clock:?}");
                let strays =
                    |hop: &Hop| [0, 1].map(|side| hop.strays[side].iter().map(|stray| (stray.place, stray.fate)).collect::<Vec<_>>());
                assert_eq!(strays(&straight), strays(&late), "{what}");
                assert_eq!((&straight.changes, &straight.translations), (&late.changes, &late.translations), "{what}");
                assert_eq!(straight.pairing.pairs, late.pairing.pairs, "{what}");
            }
        }
    }
}
