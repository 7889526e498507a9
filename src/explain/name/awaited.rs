//! Connections to addresses of which it is not known whether a look-up was for them, until they say what they call their server.

use super::NameFacts;
use super::learned::Given;
use super::watch::About;
use crate::conversation::Side;
use crate::conversation::names::said;
use crate::explain::{Note, Scene};
use crate::frame::Timestamp;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// One of them.
#[derive(Clone, Debug)]
struct Call {
    client: IpAddr,
    /// The SYN.
    frame: u64,
    time: Timestamp,
    /// What answers had given, for the name that was answered last as the last.
    given: Vec<Given>,
}

/// All of them, by the numbers of their conversations.
#[derive(Debug, Default)]
pub(super) struct Awaited {
    calls: HashMap<u64, Call, RandomState>,
}

/// What is told: who goes where by which answer, and the note.
pub(super) type Told = (About, Note);

/// What is told of a client that goes to an address which `given` gave it.
pub(super) fn tell(client: IpAddr, given: &Given, is_shared: bool, (frame, time): (u64, Timestamp)) -> Option<Told> {
    let learned = given.used(client, time, is_shared)?;
    let frames: Vec<u64> = given.frames.into_iter().flatten().chain([frame]).collect();
    let about = About::Learned(client, given.address, given.frames);
    let facts = if learned.is_expired() { NameFacts::Expired(learned) } else { NameFacts::FromLookup(learned) };
    Some((about, Note::inferred(facts, &frames)))
}

impl Awaited {
    /// Whether it is awaited what a conversation says.
    pub(super) fn has(&self, conversation: u64) -> bool {
        !self.calls.is_empty() && self.calls.contains_key(&conversation)
    }

    /// A connection begins, and what it says is awaited.
    pub(super) fn begin(&mut self, conversation: u64, client: IpAddr, given: &[Given], (frame, time): (u64, Timestamp)) {
        if self.calls.len() < Limits::CALLS_AWAITED {
            self.calls.insert(conversation, Call { client, frame, time, given: given.to_vec() });
        }
    }

    /// A frame of a conversation: what is told where it says what the server is called, or goes on without saying it.
    pub(super) fn frame(&mut self, scene: &Scene<'_>) -> Option<Told> {
        let belongs = scene.belongs.filter(|belongs| self.has(belongs.conversation))?;
        let (bytes, dissection) = scene.whole();
        let has_spoken = || belongs.segment.is_some_and(|segment| segment.length > 0);
        match belongs.from {
            Side::Originator => {
                let name = said(bytes, dissection)?;
                self.calls.remove(&belongs.conversation)?.said(&name).map(|(about, note)| (about, note.of(belongs.conversation)))
            }
            Side::Responder if has_spoken() => self.over(belongs.conversation),
            Side::Responder => None,
        }
    }

    /// A conversation that says it no more: what is told.
    pub(super) fn over(&mut self, conversation: u64) -> Option<Told> {
        let (about, note) = self.calls.remove(&conversation)?.unsaid()?;
        Some((about, note.of(conversation)))
    }

    /// The same of all that are left, in their order.
    pub(super) fn finish(&mut self) -> Vec<Told> {
        let mut left: Vec<u64> = self.calls.keys().copied().collect();
        left.sort_unstable();
        left.into_iter().filter_map(|conversation| self.over(conversation)).collect()
    }

    /// Whether what a connection says decides what is told of it: of several names one is meant, and for an address that could be kept no
    /// longer nobody may have looked.
    pub(super) fn is_in_doubt(client: IpAddr, given: &[Given], time: Timestamp) -> bool {
        let is_late = |given: &Given| given.used(client, time, false).is_some_and(|learned| learned.is_expired());
        given.len() > 1 || given.iter().any(is_late)
    }
}

impl Call {
    /// What was given for the name that it says, or for that with a domain behind it; an address, or another name, is not what was looked up.
    fn said(&self, name: &[u8]) -> Option<Told> {
        let is_it = |given: &&Given| {
            let (front, behind) = given.name.split_at_checked(name.len()).unwrap_or_default();
            front.eq_ignore_ascii_case(name) && matches!(behind, [] | [b'.', ..])
        };
        let given = self.given.iter().rev().find(is_it)?;
        tell(self.client, given, self.given.len() > 1, (self.frame, self.time))
    }

    /// What was given last.
    fn unsaid(&self) -> Option<Told> {
        tell(self.client, self.given.last()?, self.given.len() > 1, (self.frame, self.time))
    }
}
