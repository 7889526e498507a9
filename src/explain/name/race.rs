//! Two addresses of one name, tried one behind the other: who answers first.

use super::NameFacts;
use crate::conversation::{Belongs, Side};
use crate::dissect::transport::tcp::{ACK, SYN};
use crate::explain::{Note, Scene};
use crate::frame::Timestamp;
use crate::limits::Limits;
use std::collections::VecDeque;
use std::net::IpAddr;

/// How long after the first address the second is tried, at most: nanoseconds.
const TOGETHER: i64 = 30_000_000_000;

/// A conversation that goes to an address of a name.
#[derive(Clone, Debug)]
struct Try {
    asker: IpAddr,
    name: Box<[u8]>,
    address: IpAddr,
    belongs: Belongs,
    frame: u64,
    time: Timestamp,
}

/// Two of them.
#[derive(Debug)]
struct Pair {
    first: Try,
    second: Try,
    refused: bool,
}

/// Those that are not decided.
#[derive(Debug, Default)]
pub(super) struct Races {
    tries: VecDeque<Try>,
    pairs: VecDeque<Pair>,
}

impl Races {
    /// A SYN goes to an address of a name that `asker` looked up.
    pub(super) fn begin(&mut self, scene: &Scene<'_>, belongs: Belongs, asker: IpAddr, name: &[u8], address: IpAddr) {
        let Some(time) = scene.time() else { return };
        let second = Try { asker, name: name.into(), address, belongs, frame: scene.number(), time };
        let is_first = |first: &Try| {
            first.asker == asker
                && *first.name == *name
                && first.address.is_ipv6() != address.is_ipv6()
                && time.since(first.time) < TOGETHER
        };
        if let Some(place) = self.tries.iter().rposition(is_first) {
            let first = self.tries.remove(place);
            // One that was answered lost nothing: two connections, and no race.
            if let Some(first) = first.filter(|first| !has_answered(scene, first)) {
                let refused = is_refused(scene, &first);
                push(&mut self.pairs, Pair { first, second, refused });
            }
        } else {
            push(&mut self.tries, second);
        }
    }

    /// A frame: where it decides a race, what is said to that.
    pub(super) fn frame(&mut self, scene: &Scene<'_>, belongs: Belongs) -> Option<Note> {
        let is_answer = belongs.from == Side::Responder && belongs.segment?.flags & (SYN | ACK) == SYN | ACK;
        let of = |pair: &Pair| [&pair.first, &pair.second].iter().any(|one| one.belongs.conversation == belongs.conversation);
        let place = if is_answer { self.pairs.iter().position(of)? } else { return None };
        let Pair { first, second, refused } = self.pairs.remove(place)?;
        let second_won = second.belongs.conversation == belongs.conversation;
        let delay = second.time.since(first.time);
        let frames = [first.frame, second.frame, scene.number()];
        let facts = NameFacts::Race { name: first.name, first: first.address, second: second.address, delay, refused, second_won };
        Some(Note::inferred(facts, &frames).of(second.belongs.conversation))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

fn has_answered(scene: &Scene<'_>, one: &Try) -> bool {
    let conversation = scene.conversations.get(&one.belongs).filter(|conversation| conversation.id == one.belongs.conversation);
    conversation.is_none_or(|conversation| conversation.syn_to_syn_ack().is_some())
}

fn is_refused(scene: &Scene<'_>, one: &Try) -> bool {
    scene.conversations.get(&one.belongs).is_some_and(|conversation| conversation.sent[1].frames > 0)
}

fn push<T>(queue: &mut VecDeque<T>, item: T) {
    if queue.len() >= Limits::RACES_REMEMBERED {
        queue.pop_front();
    }
    queue.push_back(item);
}
