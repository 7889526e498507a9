//! Claims of an address that nobody asked for, though it is another's: the other face of spoofing.
//!
//! Whoever takes an address over says so to everybody, and then it is the only one who has it: machines are replaced, clusters hand their address
//! on, leases are given to others. Whoever only pretends must say it again and again, to those it would deceive, as the owner goes on speaking.

use super::SubnetFacts;
use super::facts::Pretence;
use crate::explain::room::NoRoom;
use crate::explain::surroundings::{LinkId, Surroundings, is_shared_by_routers};
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// How long after a question an answer is one to it, in nanoseconds.
const ANSWERS: i64 = 1_000_000_000;
/// How often somebody must be told unasked, and over how long: a card that takes over says it a few times at once.
const OFTEN: u64 = 5;
const LONG: i64 = 4_000_000_000;
/// How often each of two must be told that the other is elsewhere.
const BOTH: u64 = 2;
/// How often a claim must pass from one card to the other for both to have it at once, and how soon, in nanoseconds.
const TURNS: u32 = 6;
const SOON: i64 = 60_000_000_000;
/// How many frames are named.
const FRAMES: usize = 6;

/// Who claims what, and who asked for it.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// When somebody last asked for an address: by who asked and for whom.
    asked: HashMap<(LinkId, IpAddr, IpAddr), i64, RandomState>,
    of: HashMap<(LinkId, IpAddr), Claimed, RandomState>,
    forgotten: NoRoom,
}

/// An address.
#[derive(Debug, Default)]
struct Claimed {
    by: Vec<Claimer>,
    /// Who said last that it has it, when, and in which frame; and how often that passed from one to another.
    last: Option<([u8; 6], i64, u64)>,
    turns: u32,
    frames: Vec<u64>,
}

#[derive(Debug)]
struct Claimer {
    card: [u8; 6],
    told: Vec<Told>,
}

/// Somebody who was told unasked.
#[derive(Debug)]
struct Told {
    who: IpAddr,
    times: u64,
    first: i64,
    last: i64,
    frames: Vec<u64>,
}

/// A claim, as it is heard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    pub(super) link: LinkId,
    pub(super) address: IpAddr,
    pub(super) card: [u8; 6],
    /// Who is told; nothing where everybody is.
    pub(super) told: Option<IpAddr>,
    pub(super) frame: u64,
    /// When, in nanoseconds.
    pub(super) now: i64,
}

impl Claims {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// Somebody asks for an address, and says who it is itself.
    pub(super) fn asks(&mut self, claim: Claim, target: IpAddr) {
        if self.asked.len() >= Limits::UNASKED_WATCHED {
            self.asked.retain(|_, when| claim.now - *when < ANSWERS);
        }
        if self.forgotten.room(self.asked.len() < Limits::UNASKED_WATCHED) {
            self.asked.insert((claim.link, claim.address, target), claim.now);
        }
        self.claims(claim, false);
    }

    /// Somebody says that it has an address. What is stated where it only pretends, with the frames that prove it and how many there are.
    pub(super) fn says(&mut self, claim: Claim, known: &Surroundings) -> Option<(SubnetFacts, Vec<u64>, u64)> {
        let Claim { link, address, card, told, now, .. } = claim;
        let is_asked = |who: IpAddr| self.asked.get(&(link, who, address)).is_some_and(|asked| now - *asked < ANSWERS);
        let is_unasked = told.is_none_or(|who| !is_asked(who));
        let owner = self.claims(claim, is_unasked);
        if !is_unasked || is_shared_by_routers(card) {
            return None;
        }
        let claimed = self.of.get(&(link, address))?;
        let gateway = known.gateways().iter().find(|other| other.link == link && other.address == Some(address));
        let owner = owner.or(gateway.and_then(|gateway| gateway.card)).filter(|owner| *owner != card && !is_shared_by_routers(*owner));
        if claimed.turns >= TURNS
            && let Some(owner) = owner
        {
            let facts = SubnetFacts::Pretended { card, address, owner: Some(owner), own: self.own(claim, known), how: Pretence::InTurn };
            return Some((facts, claimed.frames.clone(), claimed.turns.into()));
        }
        let who = told?;
        let here = self.told(link, address, card, who)?;
        if let Some(there) = self.told(link, who, card, address)
            && here.times >= BOTH
            && there.times >= BOTH
            && (!self.asked.is_empty() || here.times.min(there.times) >= OFTEN)
        {
            let mut frames: Vec<u64> = here.frames.iter().chain(&there.frames).copied().collect();
            frames.sort_unstable();
            let facts = SubnetFacts::Pretended { card, address, owner, own: self.own(claim, known), how: Pretence::ToBoth { other: who } };
            return Some((facts, frames, here.times + there.times));
        }
        let over = here.last - here.first;
        let is_often = here.times >= OFTEN && over >= LONG;
        let facts = SubnetFacts::Pretended {
            card,
            address,
            owner,
            own: self.own(claim, known),
            how: Pretence::Unasked { told: who, times: here.times, over },
        };
        (is_often && owner.is_some()).then(|| (facts, here.frames.clone(), here.times))
    }

    /// The address that a card has itself: it was told so, and nobody else was.
    fn own(&self, Claim { link, address, card, told, .. }: Claim, known: &Surroundings) -> Option<IpAddr> {
        let is_sole = |own: IpAddr| self.of.get(&(link, own)).is_some_and(|claimed| claimed.by.len() == 1);
        let is_own = |own: &IpAddr| *own != address && Some(*own) != told && own.is_ipv4() == address.is_ipv4() && is_sole(*own);
        known.card(link, card)?.own.iter().map(|(own, _)| *own).find(is_own)
    }

    fn told(&self, link: LinkId, address: IpAddr, card: [u8; 6], who: IpAddr) -> Option<&Told> {
        let claimer = self.of.get(&(link, address))?.by.iter().find(|claimer| claimer.card == card)?;
        claimer.told.iter().find(|told| told.who == who)
    }

    /// Takes note of a claim. Another card that claims the address too, where there is one.
    fn claims(&mut self, claim: Claim, is_unasked: bool) -> Option<[u8; 6]> {
        let Claim { link, address, card, told, frame, now } = claim;
        if !self.forgotten.room(self.of.len() < Limits::UNASKED_WATCHED || self.of.contains_key(&(link, address))) {
            return None;
        }
        let claimed = self.of.entry((link, address)).or_default();
        claimed.pass(card, is_unasked, (frame, now));
        let owner = claimed.by.iter().map(|claimer| claimer.card).find(|other| *other != card);
        let place = match claimed.by.iter().position(|claimer| claimer.card == card) {
            Some(place) => place,
            None if claimed.by.len() < Limits::CLAIMERS_OF_ADDRESS => {
                claimed.by.push(Claimer { card, told: Vec::new() });
                claimed.by.len() - 1
            }
            None => return owner,
        };
        if let Some((who, claimer)) = told.filter(|_| is_unasked).zip(claimed.by.get_mut(place)) {
            claimer.tell(who, frame, now);
        }
        owner
    }
}

impl Claimed {
    /// Counts how often the address passes from one card to another, which says so unasked, and back.
    fn pass(&mut self, card: [u8; 6], is_unasked: bool, (frame, now): (u64, i64)) {
        let Some((before, when, last)) = self.last.replace((card, now, frame)) else { return };
        if now - when > SOON || is_shared_by_routers(card) || is_shared_by_routers(before) {
            (self.turns, self.frames) = (0, Vec::new());
            return;
        }
        if before == card {
            return;
        }
        // Who only answers for others (proxy ARP) does so when it is asked: one of two that take turns must speak by itself.
        if is_unasked || self.turns % 2 == 1 {
            self.turns += 1;
            if self.frames.is_empty() {
                self.frames.push(last);
            }
            if self.frames.len() < FRAMES {
                self.frames.push(frame);
            }
        }
    }
}

impl Claimer {
    fn tell(&mut self, who: IpAddr, frame: u64, now: i64) {
        let Some(told) = self.told.iter_mut().find(|told| told.who == who) else {
            if self.told.len() < Limits::TOLD_BY_CLAIMER {
                self.told.push(Told { who, times: 1, first: now, last: now, frames: [frame].to_vec() });
            }
            return;
        };
        (told.times, told.last) = (told.times + 1, now);
        if told.frames.len() < FRAMES {
            told.frames.push(frame);
        }
    }
}
