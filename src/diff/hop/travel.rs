//! Which way packets went: where their time to live is less, they were later.

use super::ClockOffset;
use crate::conversation::Side;
use crate::diff::Toward;
use crate::diff::pairing::{ConversationPair, Found, Pairing};
use crate::diff::point::{Point, Sighting};
use crate::frame::Timestamp;
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

/// No way has as many routers: where so much is taken from a time to live, or put to it, something set it anew.
pub(super) const MOST_ROUTERS: u8 = 64;

/// Of how many packets each way times tell more than times to live.
const MANY: u64 = 8;

/// What one direction of a pair of conversations shows.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    /// Packets that went right by their time to live, less those that went left.
    fell: i64,
    /// By how much times to live differ in all of them, and how many they are.
    fallen: [u64; 2],
    /// Packets that the left machine sent and the right one received, less those the other way round.
    sent: i64,
    timing: Option<Timing>,
}

/// When packets came.
#[derive(Clone, Copy, Debug)]
struct Timing {
    packets: u64,
    /// At the left point, the first and the last of them.
    span: [Timestamp; 2],
    /// How much later they came at the right point, at least and at most.
    later: [i64; 2],
}

impl Timing {
    fn of(time: Timestamp, later: i64) -> Self {
        Self { packets: 1, span: [time; 2], later: [later; 2] }
    }

    /// Both together.
    fn and(self, other: Self) -> Self {
        let join = |[least, most]: [i64; 2], [other_least, other_most]: [i64; 2]| [least.min(other_least), most.max(other_most)];
        let span = [self.span[0].min(other.span[0]), self.span[1].max(other.span[1])];
        Self { packets: self.packets + other.packets, span, later: join(self.later, other.later) }
    }
}

/// Which way the first of two opposite directions goes, by time: what goes right is never earlier there than what comes back from there.
fn by_time(forth: Option<Timing>, back: Option<Timing>) -> Toward {
    match forth.zip(back).map(|(forth, back)| (forth.later, back.later)) {
        Some(([least, _], [_, most])) if least > most => Toward::Right,
        Some(([_, most], [least, _])) if least > most => Toward::Left,
        Some(_) | None => Toward::Unknown,
    }
}

/// The same, where it is beyond doubt: of many packets, of which those of one way came while those of the other did. No clock that runs
/// faster, and none that was set, parts these.
fn surely_by_time(forth: Option<Timing>, back: Option<Timing>) -> Toward {
    let Some((one, other)) = forth.zip(back) else { return Toward::Unknown };
    let are_together = one.span[0].max(other.span[0]) < one.span[1].min(other.span[1]);
    if are_together && one.packets.min(other.packets) >= MANY { by_time(forth, back) } else { Toward::Unknown }
}

/// Which way every packet went that one of the points saw.
#[derive(Debug)]
pub struct Travel {
    /// Which way the packets of the left originator went, by pair of conversations.
    originators: Vec<Toward>,
    /// Where hosts are, by point: packets from them go the other way.
    homes: [HashMap<IpAddr, Toward, RandomState>; 2],
    /// Whether any of these is known, by point.
    has_homes: [bool; 2],
    /// Addresses, by point, that stand for hosts beyond the other one: other hosts may share them, of which the other point sees nothing.
    aliases: [HashSet<IpAddr, RandomState>; 2],
}

/// Whether a packet was sent by the left point's responder.
fn is_reverse(pair: &ConversationPair, side: usize, sighting: &Sighting) -> bool {
    (sighting.from() == Side::Responder) != (side == 1 && pair.is_crossed)
}

/// The pairs of conversations that both sightings of a packet belong to, mostly one, and whether the left point's responder sent it.
fn conversations_of(pairing: &Pairing, packet: [&Sighting; 2]) -> impl Iterator<Item = (u32, bool)> {
    let [first, second] = [0, 1].map(|side| {
        let index = pairing.conversation_of(side, packet[side])?;
        Some((index, is_reverse(pairing.conversations.get(index as usize)?, side, packet[side])))
    });
    let second = second.filter(|(index, _)| first.is_none_or(|(first, _)| first != *index));
    [first, second].into_iter().flatten()
}

/// Whether times say of all packets together that they went the other way: something raised the times to live of one way, or of both.
fn is_turned(evidence: &[[Evidence; 2]], originators: &[Toward]) -> bool {
    let mut ways: [Option<Timing>; 2] = [None; 2];
    for (directions, toward) in evidence.iter().zip(originators) {
        let rightward = match toward {
            Toward::Right => 0,
            Toward::Left => 1,
            Toward::Unknown => continue,
        };
        for (direction, one) in directions.iter().enumerate() {
            let slot = &mut ways[usize::from(direction != rightward)];
            *slot = match (*slot, one.timing) {
                (Some(known), Some(timing)) => Some(known.and(timing)),
                (known, timing) => known.or(timing),
            };
        }
    }
    let [right, left] = ways;
    surely_by_time(right, left) == Toward::Left
}

impl Travel {
    /// What times to live tell, and which machine says that it sent or received a packet; where they do not, which direction came later.
    pub(super) fn new(left: &Point, right: &Point, pairing: &Pairing) -> Self {
        let mut evidence = vec![[Evidence::default(); 2]; pairing.conversations.len()];
        for [one, other] in pairing.sightings(left, right) {
            for (index, reverse) in conversations_of(pairing, [one, other]) {
                let Some(slot) = evidence.get_mut(index as usize).map(|both| &mut both[usize::from(reverse)]) else { continue };
                let fallen = one.hop_limit.abs_diff(other.hop_limit);
                if (1..MOST_ROUTERS).contains(&fallen) {
                    slot.fell += i64::from(one.hop_limit.cmp(&other.hop_limit) as i8);
                    slot.fallen = [slot.fallen[0] + u64::from(fallen), slot.fallen[1] + 1];
                }
                slot.sent += i64::from(one.was_sent() && other.was_received()) - i64::from(one.was_received() && other.was_sent());
                if let Some((time, there)) = one.timestamp().zip(other.timestamp()) {
                    let timing = Timing::of(time, there.since(time));
                    slot.timing = Some(slot.timing.map_or(timing, |known| known.and(timing)));
                }
            }
        }
        let mut originators: Vec<Toward> = evidence.iter().map(Self::of_originator).collect();
        if is_turned(&evidence, &originators) {
            originators.iter_mut().for_each(|toward| *toward = toward.mirrored());
        }
        let mut travel = Self { originators, homes: Default::default(), has_homes: [false; 2], aliases: Default::default() };
        travel.settle_homes([left, right], pairing);
        travel.fill_by_homes([left, right], pairing);
        travel.see_aliases([left, right], pairing);
        travel
    }

    fn of_originator([forth, back]: &[Evidence; 2]) -> Toward {
        // One vote each way: a middlebox that sets times to live anew does it in every packet of one.
        let vote = |one: i64, other: i64| match one.signum() - other.signum() {
            1.. => Toward::Right,
            0 => Toward::Unknown,
            ..0 => Toward::Left,
        };
        [
            surely_by_time(forth.timing, back.timing),
            vote(forth.fell, back.fell),
            by_time(forth.timing, back.timing),
            Self::of_fewer_routers([forth, back]),
            // A machine that passes packets on receives at one of its sides what it sends at the other: this is the least sure.
            vote(forth.sent, back.sent),
        ]
        .into_iter()
        .find(|toward| *toward != Toward::Unknown)
        .unwrap_or(Toward::Unknown)
    }

    /// Where times to live fall both ways toward one point, one of them was set anew: the other has passed as few routers as ways have.
    fn of_fewer_routers([forth, back]: [&Evidence; 2]) -> Toward {
        let [of_forth, of_back] = [(forth, back), (back, forth)].map(|(one, other)| one.fallen[0].saturating_mul(other.fallen[1]));
        let right = match of_forth.cmp(&of_back) {
            std::cmp::Ordering::Less => forth.fell,
            std::cmp::Ordering::Greater => -back.fell,
            std::cmp::Ordering::Equal => 0,
        };
        match right {
            1.. => Toward::Right,
            0 => Toward::Unknown,
            ..0 => Toward::Left,
        }
    }

    /// Which way a sighting's packet went.
    #[must_use]
    pub fn of(&self, pairing: &Pairing, side: usize, point: &Point, sighting: &Sighting) -> Toward {
        let index = pairing.conversation_of(side, sighting);
        let known = index.and_then(|index| Some((self.originators.get(index as usize)?, pairing.conversations.get(index as usize)?)));
        if let Some((toward, pair)) = known.filter(|(toward, _)| **toward != Toward::Unknown) {
            return if is_reverse(pair, side, sighting) { toward.mirrored() } else { *toward };
        }
        if !self.has_homes.get(side).is_some_and(|has| *has) {
            return Toward::Unknown;
        }
        let Some([source, destination]) = point.ends_of(sighting) else { return Toward::Unknown };
        let home = |address: IpAddr| self.homes.get(side).and_then(|homes| homes.get(&address)).copied().unwrap_or(Toward::Unknown);
        match (home(source.address), home(destination.address)) {
            (Toward::Left, Toward::Left) | (Toward::Right, Toward::Right) => Toward::Unknown,
            (Toward::Left, _) | (_, Toward::Right) => Toward::Right,
            (Toward::Right, _) | (_, Toward::Left) => Toward::Left,
            (Toward::Unknown, Toward::Unknown) => Toward::Unknown,
        }
    }

    /// Which way a packet went that both points saw: what either of them knows, and nothing where they contradict each other.
    #[must_use]
    pub fn of_both(&self, pairing: &Pairing, [left, right]: [&Point; 2], [one, other]: [&Sighting; 2]) -> Toward {
        let first = self.of(pairing, 0, left, one);
        if first != Toward::Unknown && pairing.conversation_of(0, one) == pairing.conversation_of(1, other) {
            return first;
        }
        match (first, self.of(pairing, 1, right, other)) {
            (Toward::Unknown, known) | (known, Toward::Unknown) => known,
            (first, second) if first == second => first,
            (_, _) => Toward::Unknown,
        }
    }

    /// Whether a host sends or receives packets that both points see, and the other point would see whatever else has its address.
    #[must_use]
    pub fn knows(&self, side: usize, address: IpAddr) -> bool {
        let is_alias = self.aliases.get(side).is_some_and(|aliases| aliases.contains(&address));
        !is_alias && self.homes.get(side).is_some_and(|homes| homes.contains_key(&address))
    }

    /// Which way the packets of each left originator went, by the index of the pair of conversations.
    #[must_use]
    pub fn of_originators(&self) -> &[Toward] {
        &self.originators
    }

    /// On which side of the two points hosts are.
    fn settle_homes(&mut self, points: [&Point; 2], pairing: &Pairing) {
        let mut weights: [HashMap<IpAddr, i64, RandomState>; 2] = Default::default();
        for (pair, toward) in pairing.conversations.iter().zip(&self.originators) {
            let weight = match toward {
                Toward::Right => 1,
                Toward::Left => -1,
                Toward::Unknown => 0,
            };
            for (side, place) in [pair.left, pair.right].into_iter().enumerate() {
                let Some(one) = points[side].conversations.get(place as usize).filter(|_| pair.found != Found::Content) else { continue };
                let [originator, responder] = one.ends;
                let weight = if side == 1 && pair.is_crossed { -weight } else { weight };
                *weights[side].entry(originator.address).or_default() += weight;
                *weights[side].entry(responder.address).or_default() -= weight;
            }
        }
        self.homes = weights.map(|weights| {
            let home = |weight: i64| match weight {
                1.. => Toward::Left,
                0 => Toward::Unknown,
                ..0 => Toward::Right,
            };
            weights.into_iter().map(|(address, weight)| (address, home(weight))).collect()
        });
        self.has_homes = self.homes.each_ref().map(|homes| homes.values().any(|home| *home != Toward::Unknown));
    }

    /// Which addresses a translator gave to hosts beyond the other point (RFC 3022 section 2.2): it may give one to several of them.
    fn see_aliases(&mut self, points: [&Point; 2], pairing: &Pairing) {
        for (pair, toward) in pairing.conversations.iter().zip(&self.originators).filter(|(pair, _)| pair.found != Found::Content) {
            let ends = [pair.left, pair.right].map(|place| place as usize);
            let (Some(left), Some(right)) = (points[0].conversations.get(ends[0]), points[1].conversations.get(ends[1])) else { continue };
            for (end, one) in left.ends.iter().enumerate() {
                let Some(other) = right.ends.get(if pair.is_crossed { 1 - end } else { end }) else { continue };
                if one.address == other.address {
                    continue;
                }
                // An originator whose packets go right is on the left: what the right point sees is what stands for it.
                let sends = if end == 0 { *toward } else { toward.mirrored() };
                if sends != Toward::Left {
                    self.aliases[1].insert(other.address);
                }
                if sends != Toward::Right {
                    self.aliases[0].insert(one.address);
                }
            }
        }
    }

    /// Conversations that do not tell themselves which way they went, by where their hosts are.
    fn fill_by_homes(&mut self, points: [&Point; 2], pairing: &Pairing) {
        let home = |side: usize, address: IpAddr| self.homes[side].get(&address).copied().unwrap_or(Toward::Unknown);
        // Which way what the originator of a point sends goes.
        let by_homes = |side: usize, place: u32| {
            let ends = points[side].conversations.get(place as usize).map(|one| one.ends.map(|end| home(side, end.address)));
            match ends {
                Some([Toward::Left, Toward::Right | Toward::Unknown] | [Toward::Unknown, Toward::Right]) => Toward::Right,
                Some([Toward::Right, Toward::Left | Toward::Unknown] | [Toward::Unknown, Toward::Left]) => Toward::Left,
                Some([Toward::Unknown, Toward::Unknown] | [Toward::Left, Toward::Left] | [Toward::Right, Toward::Right]) | None => {
                    Toward::Unknown
                }
            }
        };
        let filled = pairing.conversations.iter().zip(&self.originators).map(|(pair, toward)| {
            let right = || by_homes(1, pair.right);
            match *toward {
                Toward::Unknown => match by_homes(0, pair.left) {
                    Toward::Unknown if pair.is_crossed => right().mirrored(),
                    Toward::Unknown => right(),
                    known => known,
                },
                known => known,
            }
        });
        self.originators = filled.collect();
    }

    /// What is still unknown, by whether packets came later than the clocks differ.
    pub(super) fn refine(&mut self, left: &Point, right: &Point, pairing: &Pairing, clock: &ClockOffset) {
        if !self.originators.contains(&Toward::Unknown) {
            return;
        }
        let mut weights = vec![0_i64; self.originators.len()];
        for [one, other] in pairing.sightings(left, right) {
            let Some((one_time, other_time)) = one.timestamp().zip(other.timestamp()) else { continue };
            let took = other_time.since(one_time).saturating_sub(clock.at(one_time));
            if took.unsigned_abs() <= clock.uncertainty.unsigned_abs().max(1_000) {
                continue;
            }
            for (index, reverse) in conversations_of(pairing, [one, other]) {
                if let Some(weight) = weights.get_mut(index as usize) {
                    *weight += if reverse { -took.signum() } else { took.signum() };
                }
            }
        }
        for (toward, weight) in self.originators.iter_mut().zip(weights) {
            *toward = match (*toward, weight) {
                (Toward::Unknown, 1..) => Toward::Right,
                (Toward::Unknown, ..=-1) => Toward::Left,
                (known, _) => known,
            };
        }
        self.settle_homes([left, right], pairing);
    }
}
