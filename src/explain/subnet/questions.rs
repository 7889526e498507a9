//! Who asked for whose hardware address, and what became of it.

use super::SubnetFacts;
use crate::explain::room::NoRoom;
use crate::explain::surroundings::{LinkId, Passage, Surroundings, is_card};
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

/// How often a question must be asked before its silence is worth telling, and how far apart, in nanoseconds: copies of one question are one.
const OFTEN: u32 = 3;
const APART: i64 = 200_000_000;
/// How long an asker may fall silent before a question of it is a new one, in nanoseconds.
const FORGOTTEN: i64 = 30_000_000_000;
/// How soon a second answer belongs to the same question, in nanoseconds.
const SOON: i64 = 1_000_000_000;
/// Of how many targets of one asker it is told that they are silent: whoever looks for all addresses of a network finds most of them silent.
const OF_AN_ASKER: u32 = 4;

/// A question, and the answer to it.
#[derive(Clone, Copy, Debug)]
struct Question {
    frames: [u64; OFTEN as usize],
    times: u32,
    first: i64,
    last: i64,
    /// Who answered last: the card and the frame; of several that may answer the first.
    answer: Option<([u8; 6], u64)>,
    /// Whether that one alone may answer.
    is_sole: bool,
    /// Whether somebody may only have looked whether the address is free.
    may_be_free: bool,
    is_told: bool,
    /// Whether the last one was for everybody on the link, or may have been.
    is_for_all: bool,
}

/// Who asked for whom in vain, what is stated of it, and the frames that prove it.
type Late = ((LinkId, IpAddr, IpAddr), SubnetFacts, Vec<u64>);

/// The questions of a moment ago.
#[derive(Debug, Default)]
pub(super) struct Questions {
    asked: HashMap<(LinkId, IpAddr, IpAddr), Question, RandomState>,
    /// Who was seen to be answered, so that the capture sees what is sent to it alone.
    answered: HashMap<(LinkId, IpAddr), u32, RandomState>,
    /// Who asks for whom that is silent: how many were told.
    silent: HashMap<(LinkId, IpAddr), u32, RandomState>,
    /// Whom somebody asks for in vain, so that what comes from it ends the question.
    sought: HashMap<(LinkId, IpAddr), IpAddr, RandomState>,
    /// The cards that a question or an answer came for alone.
    reached: HashSet<(LinkId, [u8; 6]), RandomState>,
    forgotten: NoRoom,
}

impl Questions {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// Somebody asks. What to tell where nobody answers, `visible` saying that the capture sees frames that are for the asker alone, `may_be_free` that
    /// the asker may hope for silence.
    pub(super) fn asked(
        &mut self,
        link: LinkId,
        (asker, target): (IpAddr, IpAddr),
        (frame, now): (u64, i64),
        visible: bool,
        may_be_free: bool,
    ) -> Option<SubnetFacts> {
        for table in [self.asked.len(), self.sought.len(), self.silent.len(), self.answered.len(), self.reached.len()] {
            if table >= Limits::LINK_QUESTIONS {
                let mut forgotten = self.forgotten;
                forgotten.put_away(table);
                *self = Self { forgotten, ..Self::default() };
            }
        }
        let new = Question {
            frames: [frame, 0, 0],
            times: 1,
            first: now,
            last: now,
            answer: None,
            is_sole: false,
            may_be_free,
            is_told: false,
            is_for_all: false,
        };
        let question = self.asked.entry((link, asker, target)).or_insert(Question { times: 0, ..new });
        if question.times == 0 || question.answer.is_some() || now - question.last > FORGOTTEN {
            *question = new;
            self.sought.insert((link, target), asker);
            return None;
        }
        if now - question.last < APART {
            return None;
        }
        if let Some(place) = question.frames.get_mut(question.times as usize) {
            *place = frame;
        }
        (question.times, question.last) = (question.times + 1, now);
        question.may_be_free |= may_be_free;
        let would_see = visible || self.answered.contains_key(&(link, asker));
        if question.times != OFTEN || !would_see {
            return None;
        }
        let (times, over) = (question.times.into(), now - question.first);
        question.is_told = true;
        let told = self.silent.entry((link, asker)).or_default();
        *told += 1;
        (*told <= OF_AN_ASKER).then_some(SubnetFacts::Unanswered { asker, target, times, over, before: None })
    }

    /// Whom the last question of somebody for another reached: everybody on the link, or one alone.
    pub(super) fn reached(&mut self, link: LinkId, (asker, target): (IpAddr, IpAddr), is_for_all: bool) {
        self.asked.entry((link, asker, target)).and_modify(|question| question.is_for_all = is_for_all);
    }

    /// Whether the last question of somebody for another was for everybody on the link.
    pub(super) fn was_for_all(&self, link: LinkId, asker: IpAddr, target: IpAddr) -> bool {
        self.asked.get(&(link, asker, target)).is_some_and(|question| question.is_for_all)
    }

    /// A frame about hardware addresses comes by: whom it is for alone, the capture sees.
    pub(super) fn reaches(&mut self, link: LinkId, passage: &Passage) {
        let Some(card) = passage.destination.filter(is_card) else { return };
        if self.forgotten.room(self.reached.len() < Limits::LINK_QUESTIONS || self.reached.contains(&(link, card))) {
            self.reached.insert((link, card));
        }
    }

    /// The capture is over: what was asked often and never answered, where only later frames showed that the capture would have seen an answer.
    pub(super) fn late(&mut self, known: &Surroundings) -> Vec<Late> {
        let Self { asked, answered, reached, silent, .. } = self;
        let would_see = |link: LinkId, asker: IpAddr| {
            let card = known.neighbour(link, asker).map(|known| known.card);
            answered.contains_key(&(link, asker)) || card.is_some_and(|card| reached.contains(&(link, card)))
        };
        let is_late =
            |question: &Question| question.times >= OFTEN && question.answer.is_none() && !question.is_told && !question.may_be_free;
        let mut late: Vec<_> = asked.iter().filter(|((link, asker, _), question)| is_late(question) && would_see(*link, *asker)).collect();
        late.sort_unstable_by_key(|(_, question)| question.frames);
        late.retain(|((link, asker, _), _)| {
            let told = silent.entry((*link, *asker)).or_default();
            *told += 1;
            *told <= OF_AN_ASKER
        });
        let tell = |(key, question): (&(LinkId, IpAddr, IpAddr), &Question)| {
            let (times, over) = (question.times.into(), question.last - question.first);
            (*key, SubnetFacts::Unanswered { asker: key.1, target: key.2, times, over, before: None }, question.frames.to_vec())
        };
        late.into_iter().map(tell).collect()
    }

    /// The frames of a question.
    pub(super) fn frames(&self, link: LinkId, asker: IpAddr, target: IpAddr) -> Vec<u64> {
        let question = self.asked.get(&(link, asker, target));
        question.into_iter().flat_map(|question| question.frames).filter(|frame| *frame != 0).collect()
    }

    /// The frame in which somebody asked for another.
    pub(super) fn asked_for(&self, link: LinkId, asker: IpAddr, target: IpAddr) -> Option<u64> {
        self.asked.get(&(link, asker, target)).and_then(|question| question.frames.first().copied())
    }

    /// Somebody answers, `overrides` saying that it alone may, `to_asker` that the frame is for the asker alone. Who answered the same question a moment ago, if that was another, with the
    /// frames of the question and both answers.
    pub(super) fn answered(
        &mut self,
        link: LinkId,
        (asker, address): (IpAddr, IpAddr),
        (card, overrides): ([u8; 6], bool),
        (frame, now): (u64, i64),
        to_asker: bool,
    ) -> Option<([u8; 6], Vec<u64>)> {
        if to_asker {
            *self.answered.entry((link, asker)).or_default() += 1;
        }
        let question = self.asked.get_mut(&(link, asker, address))?;
        if !overrides {
            question.answer.get_or_insert((card, frame));
            return None;
        }
        let before = question.answer.replace((card, frame)).filter(|_| question.is_sole);
        question.is_sole = true;
        let (first, answer) = before.filter(|(first, _)| *first != card && now - question.last < SOON)?;
        let asked = question.frames.into_iter().rfind(|frame| *frame != 0);
        Some((first, asked.into_iter().chain([answer, frame]).collect()))
    }

    /// Something came from an address: whoever asks for it has its answer.
    pub(super) fn heard_from(&mut self, link: LinkId, address: IpAddr) {
        if let Some(asker) = self.sought.remove(&(link, address)) {
            self.asked.entry((link, asker, address)).and_modify(|question| question.times = 0);
        }
    }
}
