//! What only one of two points saw.

use super::borders::{Borders, Outside};
use super::{ClockOffset, Routers, Travel, one_way, told};
use crate::diff::pairing::{Found, Opposite, Pairing, Recut};
use crate::diff::point::{Point, Sighting};
use crate::diff::{Selection, Toward};
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};

/// Why a packet may be at one point alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fate {
    /// It went to the other point and was lost before it.
    Lost,
    /// It went to the other point, and its time to live ended in a router before it.
    Expired,
    /// It came from the direction of the other point, which did not see it: something between made it, or that capture missed it.
    Added,
    /// It came from the direction of the other point, whose capture holds nothing at all that goes this way: it captures one way only.
    OneWay,
    /// It is another packet once more, whose first copy stands opposite one: it was doubled between the points.
    Doubled,
    /// Its connection ended in between: its bytes went on over another one.
    Relayed,
    /// The other capture had not begun, or had ended.
    OutsideOfCapture,
    /// It came before the first frame of the other capture: it was lost, or of a reset made between, or that capture had not begun.
    BeforeTheBeginning,
    /// It came behind the last frame of the other capture: it was lost, or of a reset made between, or that capture had ended.
    AfterTheEnd,
    /// It does not leave its link.
    OfTheLink,
    /// Nothing of its conversation is at the other point, and nothing says that it should be.
    Elsewhere,
    /// Nothing tells which way it went.
    Unknown,
}

impl Fate {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Lost,
        Self::Expired,
        Self::Added,
        Self::OneWay,
        Self::Doubled,
        Self::Relayed,
        Self::OutsideOfCapture,
        Self::BeforeTheBeginning,
        Self::AfterTheEnd,
        Self::OfTheLink,
        Self::Elsewhere,
        Self::Unknown,
    ];

    /// Whether it is a difference, and not only one of where and when was captured.
    #[must_use]
    pub const fn happened(self) -> bool {
        match self {
            Self::Lost | Self::Expired | Self::Added | Self::Doubled | Self::BeforeTheBeginning | Self::AfterTheEnd => true,
            Self::OneWay | Self::Elsewhere | Self::Unknown => true,
            Self::Relayed | Self::OutsideOfCapture | Self::OfTheLink => false,
        }
    }

    /// Whether it set out for the other point and is perhaps not there because it was lost.
    pub(super) const fn is_missing(self) -> bool {
        match self {
            Self::Lost | Self::Expired | Self::BeforeTheBeginning | Self::AfterTheEnd => true,
            Self::Added | Self::OneWay | Self::Doubled | Self::Relayed => false,
            Self::OutsideOfCapture | Self::OfTheLink | Self::Elsewhere | Self::Unknown => false,
        }
    }

    /// The causes that `--ignore` and `--only` know it by.
    #[must_use]
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Lost | Self::BeforeTheBeginning | Self::AfterTheEnd => &["loss", "lost"],
            Self::Expired => &["expired", "router"],
            Self::Added => &["added", "middlebox"],
            Self::OneWay => &["one-way", "elsewhere", "capture"],
            Self::Doubled => &["duplicate"],
            Self::Relayed => &["relay"],
            Self::OutsideOfCapture | Self::OfTheLink => &["capture"],
            Self::Elsewhere => &["elsewhere", "capture"],
            Self::Unknown => &["unexplained"],
        }
    }
}

/// A later packet that carries the same, and arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Its frame at the point that saw the lost one; of several packets that have its bytes together, the first.
    pub sent: u64,
    /// The last of several; else the same.
    pub sent_last: u64,
    /// Its frame at the other; of several the last.
    pub arrived: Option<u64>,
    /// How long after the lost one it was sent, in nanoseconds.
    pub after: Option<i64>,
}

/// A packet of which nothing stands opposite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stray {
    /// Its place in its point.
    pub place: u32,
    /// Which of its bytes, where the others stand opposite something: where they begin in it, and how many they are.
    pub part: Option<[u32; 2]>,
    /// The pair of conversations that it belongs to.
    pub conversation: Option<u32>,
    /// Which way it went.
    pub toward: Toward,
    /// Why.
    pub fate: Fate,
    /// What repaired its loss.
    pub repair: Option<Repair>,
    /// What says that it was not passed on.
    pub answer: Option<Answer>,
    /// Of such an answer, the frame that it is about, at the same point.
    pub about: Option<u64>,
}

/// A packet at the same point that says what became of a lost one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its frame.
    pub frame: u64,
    /// Whether it is a reset of TCP; else it is an ICMP error.
    pub is_reset: bool,
}

impl Stray {
    /// Whether it is a difference that counts.
    #[must_use]
    pub fn counts(&self, selection: &Selection) -> bool {
        (self.fate.happened() || selection.strict) && selection.counts(self.fate.words())
    }
}

/// The left strays and the right ones.
pub(super) fn strays(
    points: [&Point; 2],
    pairing: &Pairing,
    travel: &Travel,
    clock: Option<&ClockOffset>,
    routers: &[Routers],
) -> [Vec<Stray>; 2] {
    [0, 1].map(|side| {
        let is_stray = |place: u32| matches!(pairing.opposite(side, place), Opposite::Nothing | Opposite::Twin);
        let free = (0..).zip(&points[side].sightings).filter(|(place, _)| is_stray(*place));
        let mut missing: Vec<(u32, Option<[u32; 2]>)> = free.map(|(place, _)| (place, None)).collect();
        missing.extend(holes(points, side, pairing, travel));
        if missing.is_empty() {
            return Vec::new();
        }
        let borders = Borders::of(points, side, pairing, travel, clock, missing.iter().map(|(place, _)| *place));
        let view = View { points, side, pairing, travel, borders };
        let lost_in_part = view.lost_in_part();
        missing.sort_unstable();
        let carriers = view.carriers(&missing);
        let mut strays: Vec<Stray> = missing.into_iter().filter_map(|(place, part)| view.stray(place, part, &carriers)).collect();
        view.agree_on_the_end(&mut strays);
        one_way::mark(points, side, pairing, travel, &mut strays);
        told::answers(points[side], side, &mut strays, routers, &lost_in_part);
        strays
    })
}

/// What is missing at the other point of segments that were sent toward it and are in several there.
fn holes(points: [&Point; 2], side: usize, pairing: &Pairing, travel: &Travel) -> impl Iterator<Item = (u32, Option<[u32; 2]>)> {
    let away = if side == 0 { Toward::Right } else { Toward::Left };
    let whole = move |recut: &Recut| recut.places[side].first().copied().filter(|_| recut.places[side].len() == 1);
    let sent = pairing.recut.iter().filter_map(move |recut| Some((whole(recut)?, recut)));
    let sent = sent.filter(move |(place, _)| {
        points[side].sightings.get(*place as usize).is_some_and(|one| travel.of(pairing, side, points[side], one) == away)
    });
    sent.flat_map(|(place, recut)| recut.holes.iter().map(move |hole| (place, Some(*hole))))
}

/// What a packet has in common with one that repairs its loss: its conversation, its direction and its place in what is said.
type Errand = (u32, bool, u64);

/// What carries again what was lost.
#[derive(Default)]
struct Carriers {
    /// The packets that begin at the same place, in the order of their times.
    by_errand: HashMap<Errand, Vec<u32>, RandomState>,
    /// The segments of TCP that carry something, by conversation and who sent them.
    segments: HashMap<(u32, bool), Vec<u32>, RandomState>,
}

struct View<'a> {
    points: [&'a Point; 2],
    side: usize,
    pairing: &'a Pairing,
    travel: &'a Travel,
    borders: Borders<'a>,
}

impl View<'_> {
    fn own(&self) -> &Point {
        self.points[self.side]
    }

    fn sighting(&self, place: u32) -> Option<&Sighting> {
        self.own().sightings.get(place as usize)
    }

    /// The datagrams of which the other point saw some of the fragments.
    fn lost_in_part(&self) -> Vec<u32> {
        let pairs = self.pairing.pairs.iter().map(|pair| [pair.left, pair.right]);
        let is_less = |pair: &[u32; 2]| {
            let there = self.points[1 - self.side].sightings.get(pair[1 - self.side] as usize);
            there.is_some_and(Sighting::is_incomplete)
        };
        pairs.filter(is_less).map(|pair| pair[self.side]).collect()
    }

    /// What a packet, or a part of it, is sent for; `None` where sending it again is nothing that anybody does.
    fn errand(sighting: &Sighting, part: Option<[u32; 2]>) -> Option<Errand> {
        let what = if sighting.is_tcp() {
            let start = sighting.sequence.wrapping_add(part.map_or(0, |[begin, _]| begin));
            (sighting.sequence_length() > 0).then_some(u64::from(start))?
        } else {
            (sighting.protocol == 17 && sighting.flags | sighting.acknowledgement as u16 != 0)
                .then_some(u64::from(sighting.sequence) << 32 | u64::from(sighting.acknowledgement))?
        };
        Some((sighting.conversation, sighting.from().index() == 1, what))
    }

    /// The packets that stand opposite one and carry what a stray does, in the order of their times.
    fn carriers(&self, missing: &[(u32, Option<[u32; 2]>)]) -> Carriers {
        let is_there = |place: u32| matches!(self.pairing.opposite(self.side, place), Opposite::One(_) | Opposite::Recut(_));
        // Where nothing of two captures is the same nothing is repaired, and what is missing may be millions.
        if !(0..).zip(&self.own().sightings).any(|(place, _)| is_there(place)) {
            return Carriers::default();
        }
        let errands = missing.iter().filter_map(|(place, part)| Self::errand(self.sighting(*place)?, *part));
        let mut by_errand: HashMap<Errand, Vec<u32>, RandomState> = errands.map(|errand| (errand, Vec::new())).collect();
        let sent = missing.iter().filter_map(|(place, _)| self.sighting(*place)).filter(|one| one.is_tcp() && one.length > 0);
        let mut segments: HashMap<(u32, bool), Vec<u32>, RandomState> = sent.map(|one| (direction(one), Vec::new())).collect();
        for (place, sighting) in (0..).zip(&self.own().sightings) {
            if !is_there(place) {
                continue;
            }
            if let Some(list) = Self::errand(sighting, None).and_then(|errand| by_errand.get_mut(&errand)) {
                list.push(place);
            }
            if let Some(list) = segments.get_mut(&direction(sighting)).filter(|_| sighting.is_tcp() && sighting.length > 0) {
                list.push(place);
            }
        }
        Carriers { by_errand, segments }
    }

    /// The first packet behind one that carries the same, or begins with it; else the first segment that what was lost lies in, or the first
    /// and the last of those that have it together.
    fn carrier(&self, (place, sighting): (u32, &Sighting), part: Option<[u32; 2]>, carriers: &Carriers) -> Option<[u32; 2]> {
        let same = Self::errand(sighting, part).and_then(|errand| carriers.by_errand.get(&errand)).map(Vec::as_slice).unwrap_or_default();
        let [begin, length] = part.unwrap_or([0, sighting.length]);
        // A shorter one that begins there has only the first of the bytes.
        let is_whole = |one: &Sighting| !one.is_tcp() || one.length >= length;
        let has_all = |carrier: u32| self.sighting(carrier).is_some_and(is_whole);
        if let Some(carrier) = same.iter().copied().find(|carrier| *carrier > place && has_all(*carrier)) {
            return Some([carrier; 2]);
        }
        if !sighting.is_tcp() || sighting.length == 0 {
            return None;
        }
        let start = sighting.sequence.wrapping_add(begin);
        let segments = carriers.segments.get(&direction(sighting))?;
        let behind = segments.partition_point(|carrier| *carrier <= place);
        let holds = |carrier: &&u32| {
            self.sighting(**carrier).is_some_and(|one| {
                let offset = start.wrapping_sub(one.sequence);
                offset < one.length && length <= one.length - offset
            })
        };
        let behind = segments.get(behind..)?.iter().take(SEARCHED);
        if let Some(carrier) = behind.clone().find(holds) {
            return Some([*carrier; 2]);
        }
        // One behind the other, as far as they go on where the one before ended.
        let (mut reached, mut first) = (0, None);
        for carrier in behind {
            let Some(one) = self.sighting(*carrier) else { continue };
            let offset = start.wrapping_add(reached).wrapping_sub(one.sequence);
            if offset < one.length {
                reached += one.length - offset;
                let first = *first.get_or_insert(*carrier);
                if reached >= length {
                    return Some([first, *carrier]);
                }
            }
        }
        None
    }

    fn stray(&self, place: u32, part: Option<[u32; 2]>, carriers: &Carriers) -> Option<Stray> {
        let sighting = self.sighting(place)?;
        let conversation = self.pairing.conversation_of(self.side, sighting);
        let toward = self.travel.of(self.pairing, self.side, self.own(), sighting);
        let is_doubled = self.pairing.opposite(self.side, place) == Opposite::Twin;
        let repair = self.carrier((place, sighting), part, carriers).map(|carrier| self.repair(sighting, carrier));
        let fate = self.fate(sighting, conversation, toward, is_doubled);
        let repair = repair.filter(|_| matches!(fate, Fate::Lost | Fate::BeforeTheBeginning));
        Some(Stray { place, part, conversation, toward, fate, repair, answer: None, about: None })
    }

    fn fate(&self, sighting: &Sighting, conversation: Option<u32>, toward: Toward, is_doubled: bool) -> Fate {
        let pair = conversation.and_then(|index| self.pairing.conversations.get(index as usize));
        if pair.is_some_and(|pair| pair.found == Found::Content) {
            return Fate::Relayed;
        }
        let outside = self.borders.is_outside(sighting, toward);
        let is_of_link = pair.is_none() && sighting.is_of_the_link();
        if is_of_link && !self.is_one_link() {
            return Fate::OfTheLink;
        }
        if is_of_link || pair.is_none() && !self.is_expected(sighting) {
            // Where that capture does not say when it ran, it may have run and seen nothing.
            let is_outside = matches!(outside, Some(Outside::BeforeItsStart | Outside::AfterItsEnd));
            return if is_outside { Fate::OutsideOfCapture } else { Fate::Elsewhere };
        }
        let away = if self.side == 0 { Toward::Right } else { Toward::Left };
        // What was doubled between comes twice: what was sent twice and came once is lost. What nobody counts may as well have been sent again.
        let is_doubled = is_doubled && toward != away;
        if is_doubled && !sighting.is_version_6() && sighting.identification != 0 {
            return Fate::Doubled;
        }
        // The other capture holds the rest of the conversation, and nothing says that this has passed it: it was cut in the middle.
        let is_cut_off = toward == Toward::Unknown && pair.is_some_and(|pair| pair.packets > 0);
        match outside {
            // Resets are forged between the points more than anything else.
            Some(Outside::BeforeItsFirst) if toward == away || is_cut_off || sighting.is_reset() => return Fate::BeforeTheBeginning,
            Some(Outside::AfterItsLast) if toward == away || is_cut_off || sighting.is_reset() => return Fate::AfterTheEnd,
            Some(Outside::BeforeItsStart | Outside::BeforeItsFirst | Outside::AfterItsLast | Outside::AfterItsEnd) => {
                return Fate::OutsideOfCapture;
            }
            None => {}
        }
        if is_doubled {
            return Fate::Doubled;
        }
        if toward == Toward::Unknown {
            Fate::Unknown
        } else if toward == away {
            Fate::Lost
        } else {
            Fate::Added
        }
    }

    /// What was sent behind the last frame of the other capture, or before its first, and what was answered to it, is one conversation: where
    /// some of it may have been lost, nothing says of the rest that that capture was not running.
    fn agree_on_the_end(&self, strays: &mut [Stray]) {
        let own = |stray: &Stray| self.sighting(stray.place).map(|one| one.conversation);
        let at_border = |fate: Fate| matches!(fate, Fate::BeforeTheBeginning | Fate::AfterTheEnd);
        let told: HashSet<(Option<u32>, Fate), RandomState> =
            strays.iter().filter(|stray| at_border(stray.fate)).map(|stray| (own(stray), stray.fate)).collect();
        if told.is_empty() {
            return;
        }
        for stray in strays.iter_mut().filter(|stray| stray.fate == Fate::OutsideOfCapture) {
            let Some(sighting) = self.sighting(stray.place) else { continue };
            let fate = match self.borders.is_outside(sighting, stray.toward) {
                Some(Outside::BeforeItsFirst) => Fate::BeforeTheBeginning,
                Some(Outside::AfterItsLast) => Fate::AfterTheEnd,
                Some(Outside::BeforeItsStart | Outside::AfterItsEnd) | None => continue,
            };
            if told.contains(&(Some(sighting.conversation), fate)) {
                stray.fate = fate;
            }
        }
    }

    /// Whether both points are on one link: what does not leave it is at both, or a packet has the same hardware addresses there.
    fn is_one_link(&self) -> bool {
        let mut pairs = self.pairing.sightings(self.points[0], self.points[1]).take(LOOKED_AT);
        pairs.any(|[left, right]| {
            let links = [self.points[0].link_of(left), self.points[1].link_of(right)];
            left.protocol == 0 || left.hop_limit == right.hop_limit && links[0].source.is_some() && links[0] == links[1]
        })
    }

    /// Whether the other point should see a conversation that it does not: it sees others of both its hosts.
    fn is_expected(&self, sighting: &Sighting) -> bool {
        self.own().ends_of(sighting).is_some_and(|ends| ends.iter().all(|end| self.travel.knows(self.side, end.address)))
    }

    fn repair(&self, lost: &Sighting, [first, last]: [u32; 2]) -> Repair {
        let later = self.sighting(first);
        let other = &self.points[1 - self.side].sightings;
        let arrived = match self.pairing.opposite(self.side, last) {
            Opposite::One(index) => self.pairing.pairs.get(index as usize).map(|pair| if self.side == 0 { pair.right } else { pair.left }),
            Opposite::Recut(index) => self.pairing.recut.get(index as usize).and_then(|recut| recut.places[1 - self.side].last().copied()),
            Opposite::Nothing | Opposite::Copy | Opposite::Twin => None,
        };
        Repair {
            sent: later.map_or(0, |later| later.frame),
            sent_last: self.sighting(last).map_or(0, |one| one.frame),
            arrived: arrived.and_then(|place| other.get(place as usize)).map(|one| one.frame),
            after: later.and_then(Sighting::timestamp).zip(lost.timestamp()).map(|(later, lost)| later.since(lost)),
        }
    }
}

/// How many segments behind one that was lost are looked at for one that it lies in.
const SEARCHED: usize = 1_024;

/// The conversation, and whether its responder sent it.
fn direction(sighting: &Sighting) -> (u32, bool) {
    (sighting.conversation, sighting.from().index() == 1)
}

/// In how many pairs of packets is looked for whether both points are on one link.
const LOOKED_AT: usize = 64;
