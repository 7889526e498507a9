//! Which of the two questions is asked: whether two captures hold the same packets.

use super::pairing::Pairing;
use super::point::Point;

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
    /// Judges by what was paired: one packet that cannot be in both by chance is enough.
    #[must_use]
    pub fn of(left: &Point, right: &Point, pairing: &Pairing) -> Self {
        let question = if pairing.telling > 0 { Question::Points } else { Question::Runs };
        let of_way = |point: &Point| point.sightings.iter().filter(|one| one.protocol != 0 && !one.is_of_the_link()).count() as u64;
        Self { question, shared: pairing.telling, packets: [of_way(left), of_way(right)] }
    }
}
