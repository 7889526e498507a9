//! What answers say of packets that were not passed on: ICMP errors of routers (RFC 792, RFC 4443 section 3), and resets (RFC 9293 section
//! 3.10.7).

use super::{Answer, Fate, Routers, Stray};
use crate::diff::Toward;
use crate::diff::point::{Point, Sighting};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// How long an answer may take, in nanoseconds.
const SOON: i64 = 5_000_000_000;

/// Whether it is an ICMP error, which quotes the packet that it is about, and whether it says that a time to live ended.
fn error(sighting: &Sighting) -> Option<bool> {
    let [kind, code] = sighting.flags.to_be_bytes();
    match (sighting.protocol, kind) {
        (1, 11) | (58, 3) => Some(code == 0),
        (1, 3 | 4 | 5 | 12) | (58, 1 | 2 | 4) => Some(false),
        (_, _) => None,
    }
}

/// What of a packet stands in answers to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Quoted {
    /// Who sent it, and its identification: in ICMP errors.
    Packet(IpAddr, u32),
    /// Its conversation, whether the responder sent it, and what follows it in the stream: a reset acknowledges that.
    Follows(u32, bool, u32),
    /// The same with what it acknowledges: a reset that acknowledges nothing has that number.
    Acknowledges(u32, bool, u32),
}

impl Quoted {
    fn of(point: &Point, sighting: &Sighting) -> impl Iterator<Item = Self> + use<> {
        let packet = point.ends_of(sighting).map(|ends| Self::Packet(ends[0].address, sighting.identification));
        let is_answer = sighting.from().index() == 1;
        let is_tcp = sighting.is_tcp() && !sighting.is_reset();
        let next = sighting.sequence.wrapping_add(sighting.sequence_length());
        let follows = is_tcp.then_some(Self::Follows(sighting.conversation, is_answer, next));
        let acknowledges = Self::Acknowledges(sighting.conversation, is_answer, sighting.acknowledgement);
        [packet, follows, (is_tcp && sighting.acknowledges()).then_some(acknowledges)].into_iter().flatten()
    }

    /// What an answer quotes.
    fn by(point: &Point, answer: &Sighting) -> Option<Self> {
        if error(answer).is_some() {
            let [_, receiver] = point.ends_of(answer)?;
            return Some(Self::Packet(receiver.address, answer.acknowledgement));
        }
        let is_asked = answer.from().index() == 0;
        answer.is_reset().then_some(if answer.acknowledges() {
            Self::Follows(answer.conversation, is_asked, answer.acknowledgement)
        } else {
            Self::Acknowledges(answer.conversation, is_asked, answer.sequence)
        })
    }
}

/// Whether an answer may be to a packet that has what it quotes.
fn is_about(answer: &Sighting, one: &Sighting) -> bool {
    let later = answer.timestamp().zip(one.timestamp()).map_or(0, |(answer, one)| answer.since(one));
    // Of others than TCP routers may quote no more than says how long they are.
    let is_quoted = answer.is_reset() || answer.sequence == one.sequence || !one.is_tcp();
    is_quoted && (0..SOON).contains(&later)
}

/// Tells what was lost from what a router ended because its time to live had, and names the answer that says what became of it. Such an
/// answer was made between the points.
/// It may be to a datagram of which only some of the fragments were lost, too.
pub(super) fn answers(point: &Point, side: usize, strays: &mut [Stray], routers: &[Routers], lost_in_part: &[u32]) {
    let away = if side == 0 { Toward::Right } else { Toward::Left };
    let mut lost: HashMap<Quoted, Vec<usize>, RandomState> = HashMap::default();
    let passed = routers.iter().filter(|one| one.toward == away).map(|one| one.routers).min().unwrap_or_default();
    for (at, stray) in strays.iter_mut().enumerate().filter(|(_, stray)| stray.fate.is_missing()) {
        let Some(sighting) = point.sightings.get(stray.place as usize) else { continue };
        if sighting.hop_limit <= passed && stray.fate == Fate::Lost {
            stray.fate = Fate::Expired;
        }
        Quoted::of(point, sighting).for_each(|quoted| lost.entry(quoted).or_default().push(at));
    }
    let mut in_part: HashMap<Quoted, Vec<&Sighting>, RandomState> = HashMap::default();
    for sighting in lost_in_part.iter().filter_map(|place| point.sightings.get(*place as usize)) {
        Quoted::of(point, sighting).for_each(|quoted| in_part.entry(quoted).or_default().push(sighting));
    }
    if lost.is_empty() && in_part.is_empty() {
        return;
    }
    for at in 0..strays.len() {
        let Some((own, sighting)) = strays.get(at).and_then(|stray| Some((*stray, point.sightings.get(stray.place as usize)?))) else {
            continue;
        };
        let Some(quoted) = Quoted::by(point, sighting).filter(|_| own.toward != away) else { continue };
        let is_it = |about: &&usize| {
            let Some(stray) = strays.get(**about).filter(|stray| stray.answer.is_none()) else { return false };
            point.sightings.get(stray.place as usize).is_some_and(|one| is_about(sighting, one))
        };
        // A reset answers what was sent last.
        let candidates = lost.get(&quoted).map(Vec::as_slice).unwrap_or_default();
        let about = if sighting.is_reset() { candidates.iter().rev().find(is_it) } else { candidates.iter().find(is_it) };
        let found = about.and_then(|about| Some((*about, strays.get(*about)?)));
        let found = found.and_then(|(about, stray)| Some((Some(about), stray.fate, point.sightings.get(stray.place as usize)?.frame)));
        let of_part = || in_part.get(&quoted)?.iter().find(|one| is_about(sighting, one)).map(|one| (None, Fate::Lost, one.frame));
        let Some((about, fate, about_frame)) = found.or_else(of_part) else { continue };
        let fate = if error(sighting) == Some(true) { Fate::Expired } else { fate };
        if let Some(stray) = about.and_then(|about| strays.get_mut(about)) {
            let is_reset = sighting.is_reset();
            stray.answer = Some(Answer { frame: sighting.frame, is_reset });
            stray.fate = fate;
        }
        if let Some(answer) = strays.get_mut(at) {
            answer.about = Some(about_frame);
            let is_made_between = error(sighting) == Some(true) && answer.fate.is_missing();
            if is_made_between || matches!(answer.fate, Fate::Elsewhere | Fate::Unknown | Fate::OutsideOfCapture) {
                // What may have passed the other point may have been answered behind it.
                answer.fate = if matches!(fate, Fate::Lost | Fate::Expired) { Fate::Added } else { fate };
                answer.toward = away.mirrored();
            }
        }
    }
}
