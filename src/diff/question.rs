//! Which of the two questions is asked: whether two captures hold the same packets.

use super::pairing::{ConversationPair, Found, Pair, Pairing};
use super::point::{Point, SeenConversation, Sighting};
use std::net::IpAddr;

/// What is asked of two captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// They hold the same packets, seen at two places: what happened between?
    Points,
    /// They hold the same thing, done twice: what came out otherwise?
    Runs,
}

/// What speaks for a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Which one.
    pub question: Question,
    /// How many packets both captures hold, told by numbers that cannot meet by chance.
    pub shared: u64,
    /// How many packets the captures hold that could be at two points.
    pub packets: [u64; 2],
}

impl Judgement {
    /// Judges by what was paired: one packet that cannot be in both by chance is enough, or more than chance brings together, or the moments of
    /// a copy, or a connection that somebody between passed on.
    #[must_use]
    pub fn of(left: &Point, right: &Point, pairing: &Pairing) -> Self {
        let of_way = |point: &Point| point.sightings.iter().filter(|one| one.protocol != 0 && !one.is_of_the_link()).count() as u64;
        let packets = [left, right].map(of_way);
        // Numbers of 16 bits meet by chance: of so many packets in so many pairs. Where most of a capture is in the other, it is no chance.
        let fewer = packets[0].min(packets[1]);
        let by_chance = 3 + packets[0].saturating_mul(packets[1]) / 16_384;
        // What one host was asked and what it then asked itself is a relay: nobody does one thing twice with other roles.
        let is_passed_on = pairing.conversations.iter().any(|pair| is_relay([left, right], pair));
        let is_counted = pairing.counted > by_chance || pairing.counted > 1 && pairing.counted * 2 >= fewer;
        // The same packets at the same moments, to the last digit: a copy of the file, and nothing is done twice like that.
        let is_copy = |pair: &&Pair| {
            let time = |point: &Point, place: u32| point.sightings.get(place as usize).and_then(Sighting::timestamp);
            time(left, pair.left).is_some_and(|here| time(right, pair.right) == Some(here))
        };
        let copied = pairing.pairs.iter().filter(is_copy).count() as u64;
        let is_copied = copied > 1 && copied * 2 >= fewer;
        let question = if pairing.certain > 0 || is_counted || is_copied || is_passed_on { Question::Points } else { Question::Runs };
        Self { question, shared: pairing.certain + pairing.counted, packets }
    }
}

/// Within what time one connection begins after another that it goes on from, in nanoseconds by clocks that show the same.
const SOON: u64 = 1_000_000_000;

/// Whether who answers at one point asks at the other, and the bytes are the same; or others ask others, and get the same at the same time.
fn is_relay(points: [&Point; 2], pair: &ConversationPair) -> bool {
    let seen = [points[0].conversations.get(pair.left as usize), points[1].conversations.get(pair.right as usize)];
    let [Some(one), Some(other)] = seen else { return false };
    let [left, right] = [one, other].map(|one| one.ends.map(|end| end.address));
    let goes_on = |from: [IpAddr; 2], to: [IpAddr; 2]| from[1] == to[0] && from[0] != to[0] && from[1] != to[1];
    let are_others = left[0] != right[0] && left[1] != right[1];
    pair.found == Found::Content && (goes_on(left, right) || goes_on(right, left) || are_others && are_together(one, other))
}

/// Whether two connections were open at one time, and began one soon after the other.
fn are_together(one: &SeenConversation, other: &SeenConversation) -> bool {
    let ([Some(begin), Some(end)], [Some(there), Some(there_end)]) = (one.times, other.times) else { return false };
    begin <= there_end && there <= end && begin.since(there).unsigned_abs() < SOON
}
