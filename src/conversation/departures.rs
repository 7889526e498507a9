//! Which conversations are put away where there are too many: SYNs that nobody answered first, and of each sort those that were heard of least
//! recently.

use super::record::Moment;
use super::{Conversation, State};

/// How many times as many as are put away at once are put in order. The more there are, the more seldom all conversations are looked at, and the
/// more memory it takes: 32 bytes for each of them.
const AHEAD: usize = 16;

/// Whose turn it is. All conversations are looked at once in a while, and the first of them are put in order. Until these are used up, that order
/// holds: a conversation that is heard of again is later than all of them, and so is a new one, unless it is a SYN without an answer.
#[derive(Debug, Default)]
pub(super) struct Departures {
    /// The first ones, the very first behind.
    due: Vec<Due>,
    /// The slots of conversations that began since then, or that have said their SYN again.
    asked: Vec<u32>,
}

/// A conversation as it was when it was put in order. What is less goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    answered: bool,
    last: Moment,
    slot: u32,
}

impl Due {
    fn new(slot: u32, conversation: &Conversation) -> Self {
        Self { answered: conversation.state() != Some(State::Unanswered), last: conversation.last, slot }
    }

    /// The same conversation as it is now.
    fn now(self, slots: &[Conversation]) -> Option<Self> {
        slots.get(self.slot as usize).map(|conversation| Self::new(self.slot, conversation))
    }
}

impl Departures {
    /// A conversation began in the slot of one that was put away.
    pub(super) fn begins(&mut self, slot: u32) {
        self.asked.push(slot);
    }

    /// The slots of those that are put away now, in the order in which they began: at most `count`, which is more than 0, and at least one where
    /// there is any.
    pub(super) fn take(&mut self, slots: &[Conversation], count: usize) -> Vec<u32> {
        let mut going = Vec::with_capacity(count);
        while going.len() < count {
            if self.due.last().is_some_and(|due| due.answered) && !self.asked.is_empty() {
                self.add_asked(slots);
            } else if let Some(due) = self.due.pop() {
                match due.now(slots) {
                    Some(now) if now == due => going.push(due.slot),
                    Some(now) if !now.answered => self.asked.push(due.slot),
                    Some(_) | None => {}
                }
            } else if going.is_empty() && !slots.is_empty() {
                self.look_at_all(slots, AHEAD * count);
            } else {
                break;
            }
        }
        going.sort_unstable_by_key(|slot| slots.get(*slot as usize).map(|conversation| conversation.id));
        going
    }

    /// Puts those of the new ones before all others that are SYNs without an answer.
    fn add_asked(&mut self, slots: &[Conversation]) {
        let start = self.due.len();
        let now = |slot| slots.get(slot as usize).map(|conversation| Due::new(slot, conversation));
        self.due.extend(self.asked.drain(..).filter_map(now).filter(|due| !due.answered));
        if let Some(added) = self.due.get_mut(start..) {
            added.sort_unstable_by(|one, other| other.cmp(one));
        }
    }

    /// Puts the first `count` of all in order.
    fn look_at_all(&mut self, slots: &[Conversation], count: usize) {
        let Self { due, asked } = self;
        due.clear();
        asked.clear();
        let mut worst = None;
        let cut = |due: &mut Vec<Due>| {
            let worst = (due.len() > count).then(|| *due.select_nth_unstable(count - 1).1);
            due.truncate(count);
            worst
        };
        for (slot, conversation) in (0..).zip(slots) {
            let new = Due::new(slot, conversation);
            if worst.is_none_or(|worst| new < worst) {
                due.push(new);
                if due.len() >= 2 * count {
                    worst = cut(due);
                }
            }
        }
        cut(due);
        due.sort_unstable_by(|one, other| other.cmp(one));
    }
}
