//! What is other in a packet at the other point, and what does that.

use super::travel::MOST_ROUTERS;
use super::{Routers, Travel};
use crate::diff::pairing::{Pairing, sent_on_otherwise};
use crate::diff::point::{Checks, Point, Sighting};
use crate::diff::{Cause, Change, Digest, PacketField, Toward, Value};
use crate::dissect::transport::tcp::PSH;
use crate::limits::Limits;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// How many frames of a change are named.
const NAMED: usize = 8;
/// How many different values of one field are told one by one.
const TOLD_APART: usize = 6;
/// How many more routers one way has than the other at most: where more seem to be, something set the time to live anew.
const MOST_MORE_ROUTERS: u8 = 12;
/// Within what time the fragments of one datagram are sent, in nanoseconds.
const MOMENT: u64 = 1_000_000;

/// Congestion: AE, CWR, ECE (RFC 3168 section 6.1, RFC 9768).
const CONGESTION: u16 = 0x1c0;

type Key = (Cause, PacketField, Toward);

/// All changes, the same ones together.
#[derive(Default)]
struct Changes {
    found: BTreeMap<(Key, Option<[Value; 2]>), Change>,
    /// Those of each way, by how many they are and what is left and right of them.
    routers: BTreeMap<(bool, u8, [u8; 2]), Routers>,
}

impl Changes {
    fn add(&mut self, cause: Cause, field: PacketField, toward: Toward, values: [Value; 2], frames: [u64; 2]) {
        let key = (cause, field, toward);
        let apart = self.found.len() < Limits::CHANGES_APART || self.found.contains_key(&(key, Some(values)));
        self.add_to(cause, field, toward, values, frames, apart);
    }

    /// Adds a change to those with the same values, or to all of its kind.
    fn add_to(&mut self, cause: Cause, field: PacketField, toward: Toward, values: [Value; 2], frames: [u64; 2], apart: bool) {
        let key = (cause, field, toward);
        let slot = if apart { Some(values) } else { None };
        let change = self.found.entry((key, slot)).or_insert_with(|| Change {
            cause,
            field,
            toward,
            values,
            is_uniform: apart,
            packets: 0,
            frames: Default::default(),
        });
        change.packets += 1;
        if change.frames[0].len() < NAMED {
            for (list, frame) in change.frames.iter_mut().zip(frames) {
                list.push(frame);
            }
        }
    }

    /// Takes for set anew what would be far more routers than the other way has.
    fn part_from_routers(&mut self) {
        let least = [false, true].map(|is_left| self.routers.keys().filter(|key| key.0 == is_left).map(|key| key.1).min());
        let is_far = |&(is_left, routers, _): &(bool, u8, [u8; 2])| {
            least[usize::from(!is_left)].is_some_and(|other| routers > other.saturating_add(MOST_MORE_ROUTERS))
        };
        for (_, one) in self.routers.extract_if(.., |key, _| is_far(key)) {
            let values = one.hop_limits.map(|limit| Value::Number(limit.into()));
            let key = (Cause::Middlebox, PacketField::HopLimit, one.toward);
            let frames = one.frames.map(|frame| vec![frame]);
            let change = Change { cause: key.0, field: key.1, toward: key.2, values, is_uniform: true, packets: one.packets, frames };
            self.found.insert((key, Some(values)), change);
        }
    }

    /// Sums up a field that has too many different values to tell each.
    fn told(mut self) -> (Vec<Change>, Vec<Routers>) {
        self.part_from_routers();
        let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
        self.found.keys().for_each(|(key, _)| *counts.entry(*key).or_default() += 1);
        let mut told: Vec<Change> = Vec::new();
        for ((key, _), change) in self.found {
            let many = counts.get(&key).is_some_and(|count| *count > TOLD_APART);
            match told.last_mut().filter(|last| many && (last.cause, last.field, last.toward) == key) {
                Some(last) => merge(last, &change),
                None => told.push(Change { is_uniform: change.packets == 1 || change.is_uniform && !many, ..change }),
            }
        }
        told.sort_by_key(|change| (change.cause, change.field, change.toward, change.frames[0].first().copied()));
        // What most of them show stands for all.
        let mut routers: Vec<Routers> = Vec::new();
        let ways = self.routers.into_values().collect::<Vec<Routers>>();
        for alike in ways.chunk_by(|one, other| (one.toward, one.routers) == (other.toward, other.routers)) {
            let packets = alike.iter().map(|one| one.packets).sum();
            let most = alike.iter().max_by_key(|one| (one.packets, std::cmp::Reverse(one.frames)));
            routers.extend(most.map(|most| Routers { packets, ..*most }));
        }
        (told, routers)
    }
}

fn merge(into: &mut Change, other: &Change) {
    if other.frames[0].first() < into.frames[0].first() {
        into.values = other.values;
    }
    into.is_uniform = false;
    into.packets += other.packets;
    let mut pairs: Vec<[u64; 2]> = into.frames[0].iter().zip(&into.frames[1]).map(|(left, right)| [*left, *right]).collect();
    pairs.extend(other.frames[0].iter().zip(&other.frames[1]).map(|(left, right)| [*left, *right]));
    pairs.sort_unstable();
    pairs.truncate(NAMED);
    into.frames = [0, 1].map(|side| pairs.iter().map(|pair| pair[side]).collect());
}

/// What was changed, and the routers.
pub(super) fn changes(left: &Point, right: &Point, pairing: &Pairing, travel: &Travel) -> (Vec<Change>, Vec<Routers>) {
    let mut changes = Changes::default();
    for [one, other] in pairing.sightings(left, right) {
        let toward = match travel.of_both(pairing, [left, right], [one, other]) {
            Toward::Unknown => toward_by_fall(one, other),
            known => known,
        };
        let comparison = Comparison { points: [left, right], packets: [one, other], toward, begin_together: true };
        comparison.link_and_network(&mut changes);
        comparison.transport(&mut changes, pairing);
    }
    for recut in &pairing.recut {
        let first = [0, 1].map(|side| recut.places[side].first().and_then(|place| [left, right][side].sightings.get(*place as usize)));
        let [Some(one), Some(other)] = first else { continue };
        let toward = travel.of_both(pairing, [left, right], [one, other]);
        // Each piece has an identification of its own.
        let begin_together = recut.holes.iter().all(|[begin, _]| *begin > 0);
        let comparison = Comparison { points: [left, right], packets: [one, other], toward, begin_together };
        comparison.link_and_network(&mut changes);
        let counts = recut.places.each_ref().map(|places| Value::Number(places.len() as u64));
        let all = [0, 1].map(|side| together([left, right][side], &recut.places[side]));
        // What was made longer or shorter is not the same in other segments.
        if recut.is_same != Some(false) || all[0].length == all[1].length {
            comparison.add(&mut changes, Cause::Offload, PacketField::Segmentation, counts);
        }
        if recut.is_same == Some(false) {
            let values = all.map(|all| Value::Bytes { length: all.length, digest: all.value });
            comparison.add(&mut changes, Cause::Middlebox, PacketField::Payload, values);
        }
    }
    for sent in sent_on_otherwise([left, right], pairing) {
        let packets = [0, 1].map(|side| [left, right][side].sightings.get(sent.places[side] as usize));
        let [Some(one), Some(other)] = packets else { continue };
        let toward = match travel.of_both(pairing, [left, right], [one, other]) {
            Toward::Unknown => toward_of_relay([left, right], pairing, sent.conversation, sent.is_answer),
            known => known,
        };
        let values = sent.all.map(|all| Value::Carried { length: all.length, same: sent.same, digest: all.value });
        changes.add(Cause::Middlebox, PacketField::Payload, toward, values, [one.frame, other.frame]);
    }
    changes.told()
}

/// Which way a packet went that belongs to no conversation, as a fragment without the first one: where its time to live is less it was later.
fn toward_by_fall(one: &Sighting, other: &Sighting) -> Toward {
    let is_known = one.protocol != 0 && one.is_incomplete() && other.is_incomplete();
    match one.hop_limit.cmp(&other.hop_limit) {
        Ordering::Greater if is_known => Toward::Right,
        Ordering::Less if is_known => Toward::Left,
        Ordering::Greater | Ordering::Equal | Ordering::Less => Toward::Unknown,
    }
}

/// Which way bytes went over a relay: it stands between the points where the left responder is the right originator, or the other way round.
fn toward_of_relay(points: [&Point; 2], pairing: &Pairing, conversation: u32, is_answer: bool) -> Toward {
    let Some(pair) = pairing.conversations.get(conversation as usize) else { return Toward::Unknown };
    let seen = [points[0].conversations.get(pair.left as usize), points[1].conversations.get(pair.right as usize)];
    let [Some(left), Some(right)] = seen.map(|one| one.map(|one| one.ends.map(|end| end.address))) else { return Toward::Unknown };
    let asked = match [left[1] == right[0], left[0] == right[1]] {
        [true, false] => Toward::Right,
        [false, true] => Toward::Left,
        [true, true] | [false, false] => Toward::Unknown,
    };
    if is_answer { asked.mirrored() } else { asked }
}

/// What segments carry, one behind the other.
fn together(point: &Point, places: &[u32]) -> Digest {
    let payloads = places.iter().filter_map(|place| point.sightings.get(*place as usize)?.payload());
    payloads.fold(Digest::default(), |before, payload| point.digester.joined(before, payload))
}

fn payload(sighting: &Sighting) -> Value {
    sighting.payload().map_or(Value::Absent, |digest| Value::Bytes { length: digest.length, digest: digest.value })
}

fn pieces(sighting: &Sighting) -> Value {
    if sighting.is_incomplete() { Value::Incomplete(sighting.pieces.into()) } else { Value::Number(sighting.pieces.into()) }
}

/// Whether it is an echo or its answer (RFC 792; RFC 4443 section 4).
fn is_echo(sighting: &Sighting) -> bool {
    let [kind, _] = sighting.flags.to_be_bytes();
    matches!((sighting.protocol, kind), (1, 0 | 8) | (58, 128 | 129))
}

fn check(checks: Checks) -> Value {
    match checks {
        Checks::Unknown => Value::Absent,
        Checks::Good => Value::Good,
        Checks::Bad => Value::Bad,
        Checks::Partial => Value::Partial,
    }
}

struct Comparison<'a> {
    points: [&'a Point; 2],
    packets: [&'a Sighting; 2],
    toward: Toward,
    /// Whether both begin with the same byte.
    begin_together: bool,
}

impl Comparison<'_> {
    fn add(&self, changes: &mut Changes, cause: Cause, field: PacketField, values: [Value; 2]) {
        changes.add(cause, field, self.toward, values, self.packets.map(|packet| packet.frame));
    }

    /// Adds a change where a number differs.
    fn number<T: Into<u64> + Copy>(&self, changes: &mut Changes, cause: Cause, field: PacketField, of: impl Fn(&Sighting) -> T) {
        let [left, right] = self.packets.map(|packet| of(packet).into());
        if left != right {
            self.add(changes, cause, field, [Value::Number(left), Value::Number(right)]);
        }
    }

    /// Adds a change where a number of a stream differs. Where it is known by how much, all packets have it together: each has its own.
    fn moved(&self, changes: &mut Changes, field: PacketField, numbers: [u32; 2], is_explained: bool) {
        let values = numbers.map(|number| Value::Number(number.into()));
        if numbers[0] == numbers[1] {
            return;
        }
        if is_explained {
            changes.add_to(Cause::Middlebox, field, self.toward, values, self.packets.map(|packet| packet.frame), false);
        } else {
            self.add(changes, Cause::Unexplained, field, values);
        }
    }

    fn flag(&self, changes: &mut Changes, cause: Cause, field: PacketField, of: impl Fn(&Sighting) -> bool) {
        let [left, right] = self.packets.map(of);
        if left != right {
            self.add(changes, cause, field, [Value::Flag(left), Value::Flag(right)]);
        }
    }

    /// How many routers it passed; `None` where its time to live does not fall on its way, or falls too far.
    fn routers(&self) -> Option<u8> {
        let [left, right] = self.packets.map(|packet| packet.hop_limit);
        let routers = match self.toward {
            Toward::Right => left.checked_sub(right),
            Toward::Left => right.checked_sub(left),
            Toward::Unknown => (left == right).then_some(0),
        };
        routers.filter(|routers| *routers < MOST_ROUTERS)
    }

    fn link_and_network(&self, changes: &mut Changes) {
        let [left, right] = self.packets;
        let passed = self.routers();
        match passed {
            Some(0) => {}
            Some(routers) => {
                let frames = [left.frame, right.frame];
                let hop_limits = [left.hop_limit, right.hop_limit];
                let new = Routers { toward: self.toward, routers, packets: 0, hop_limits, frames };
                changes.routers.entry((self.toward == Toward::Left, routers, hop_limits)).or_insert(new).packets += 1;
            }
            None => self.number(changes, Cause::Middlebox, PacketField::HopLimit, |packet| packet.hop_limit),
        }
        let links = [self.points[0].link_of(left), self.points[1].link_of(right)];
        if passed == Some(0) && links.iter().all(|link| link.source.is_some()) {
            let address = |address: Option<[u8; 6]>| address.map_or(Value::Absent, Value::Link);
            let cause = Cause::Middlebox;
            for (field, values) in [
                (PacketField::LinkSource, links.map(|link| address(link.source))),
                (PacketField::LinkDestination, links.map(|link| address(link.destination))),
            ] {
                if values[0] != values[1] {
                    self.add(changes, cause, field, values);
                }
            }
        }
        let tags = links.map(|link| link.vlan.map_or(Value::Absent, |tag| Value::Number(tag.into())));
        if tags[0] != tags[1] {
            self.add(changes, Cause::Router, PacketField::Vlan, tags);
        }
        if left.protocol == 0 {
            return;
        }
        self.number(changes, Cause::Middlebox, PacketField::Dscp, |packet| packet.traffic_class >> 2);
        let [before, behind] = if self.toward == Toward::Left { [right, left] } else { [left, right] };
        // Routers mark what they would else have dropped, and only for those who say that they understand it.
        let is_marked = behind.traffic_class & 3 == 3 && before.traffic_class & 3 != 0;
        let cause = if is_marked { Cause::Router } else { Cause::Middlebox };
        self.number(changes, cause, PacketField::Ecn, |packet| packet.traffic_class & 3);
        if left.is_version_6() == right.is_version_6() {
            // Only what came in fragments has an identification in IPv6.
            let are_cut = [left, right].map(|one| one.is_version_6() && (one.pieces > 1 || one.is_incomplete()));
            if self.begin_together && are_cut[0] == are_cut[1] {
                self.number(changes, Cause::Middlebox, PacketField::Identification, |packet| packet.identification);
            }
            let whole = left.pieces == 1 && right.pieces == 1;
            if whole {
                self.flag(changes, Cause::Middlebox, PacketField::DontFragment, Sighting::must_not_be_cut);
            }
        }
        match [left, right].map(Sighting::is_incomplete) {
            [false, false] => self.number(changes, Cause::Fragmentation, PacketField::Pieces, |packet| packet.pieces),
            [true, true] if left.pieces == right.pieces => {}
            // Where a capture begins or ends among fragments, it has only some of them.
            [_, _] if self.is_cut_off() => self.add(changes, Cause::Capture, PacketField::Pieces, [pieces(left), pieces(right)]),
            [_, _] => self.add(changes, Cause::Loss, PacketField::Pieces, [pieces(left), pieces(right)]),
        }
    }

    /// Whether one of both lacks fragments, and its capture began or ended within the moment in which all of them are sent.
    fn is_cut_off(&self) -> bool {
        let is_near = |point: &Point, one: &Sighting| {
            let times = point.times().zip(one.timestamp());
            times.is_some_and(|(borders, time)| borders.iter().any(|border| border.since(time).unsigned_abs() < MOMENT))
        };
        self.points.into_iter().zip(self.packets).any(|(point, one)| one.is_incomplete() && is_near(point, one))
    }

    fn transport(&self, changes: &mut Changes, pairing: &Pairing) {
        let [left, right] = self.packets;
        if left.is_incomplete() || right.is_incomplete() {
            return;
        }
        let is_tcp = left.is_tcp() && right.is_tcp();
        if is_tcp {
            self.segment(changes, pairing);
        }
        // Where the conversations are known to belong together, the identifier stands in the table of what is translated.
        if is_echo(left) && is_echo(right) && pairing.conversation_of(0, left).or(pairing.conversation_of(1, right)).is_none() {
            self.number(changes, Cause::Nat, PacketField::EchoIdentifier, |packet| packet.acknowledgement);
        }
        let checks = [left.checksum, right.checksum];
        if checks[0] != checks[1] && !checks.contains(&Checks::Unknown) {
            let arrived = if self.toward == Toward::Left { left } else { right };
            let cause = if arrived.checksum == Checks::Bad { Cause::Unexplained } else { Cause::Offload };
            self.add(changes, cause, PacketField::Checksum, checks.map(check));
        }
        let payloads = [left.payload(), right.payload()];
        if let [Some(one), Some(other)] = payloads
            && one != other
        {
            self.add(changes, Cause::Middlebox, PacketField::Payload, [payload(left), payload(right)]);
        }
    }

    fn segment(&self, changes: &mut Changes, pairing: &Pairing) {
        let [left, right] = self.packets;
        // Numbers that something between draws anew, or moves because it made the stream longer or shorter.
        let directions = [pairing.direction(0, left), pairing.direction(1, right)];
        let shift = |is_other: bool, [from, to]: [u32; 2]| {
            let by = |(index, is_answer): (u32, bool)| pairing.shift_at(index, is_answer != is_other, from);
            directions.into_iter().flatten().map(by).find(|by| from.wrapping_add(*by) == to).unwrap_or_default()
        };
        let sequences = [left.sequence, right.sequence];
        let mut is_shifted = shift(false, sequences) != 0;
        self.moved(changes, PacketField::Sequence, sequences, is_shifted);
        if left.acknowledges() && right.acknowledges() {
            let acknowledgements = [left.acknowledgement, right.acknowledgement];
            let is_explained = shift(true, acknowledgements) != 0;
            self.moved(changes, PacketField::Acknowledgement, acknowledgements, is_explained);
            is_shifted |= is_explained;
        }
        self.number(changes, Cause::Middlebox, PacketField::TcpFlags, |packet| packet.flags & !(PSH | CONGESTION));
        self.number(changes, Cause::Middlebox, PacketField::Ecn, |packet| packet.flags & CONGESTION);
        self.flag(changes, Cause::Offload, PacketField::TcpFlags, |packet| packet.flags & PSH != 0);
        self.number(changes, Cause::Middlebox, PacketField::Window, |packet| packet.window);
        // What a capture cut is not compared.
        let are_known = self.points[0].knows_options(left) && self.points[1].knows_options(right);
        if are_known || left.timestamp_value != 0 && right.timestamp_value != 0 {
            self.number(changes, Cause::Middlebox, PacketField::Timestamps, |packet| packet.timestamp_value);
        }
        let options = [self.points[0].options_of(left), self.points[1].options_of(right)];
        let [Some(one), Some(other)] = options else {
            if are_known && !is_shifted && !left.is_syn() && !right.is_syn() {
                self.number(changes, Cause::Middlebox, PacketField::TcpOptions, |packet| packet.options);
            }
            return;
        };
        let number = |value: Option<u64>| value.map_or(Value::Absent, Value::Number);
        for (field, values) in [
            (PacketField::MaximumSegmentSize, [one, other].map(|set| number(set.maximum_segment_size.map(u64::from)))),
            (PacketField::WindowScale, [one, other].map(|set| number(set.window_scale.map(u64::from)))),
            (PacketField::SackPermitted, [one, other].map(|set| Value::Flag(set.sack_permitted))),
            (PacketField::Timestamps, [one, other].map(|set| Value::Flag(set.timestamps))),
            (PacketField::TcpOptions, [one, other].map(|set| Value::Number(set.others))),
        ] {
            let is_there = |value: Value| !matches!(value, Value::Absent | Value::Flag(false));
            let are_both = values.into_iter().all(is_there) && field != PacketField::TcpOptions;
            if values[0] != values[1] && (are_known || are_both) {
                self.add(changes, Cause::Middlebox, field, values);
            }
        }
    }
}
