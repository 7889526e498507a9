//! Notes as they are made: each thing is said once, and none too often.

use super::{Note, Rule};
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

/// Takes notes, and leaves out what was said before.
#[derive(Debug, Default)]
pub struct Notes {
    fresh: Vec<Note>,
    said: HashSet<u64, RandomState>,
    counts: HashMap<&'static str, u64, RandomState>,
    left_out: u64,
}

impl Notes {
    /// Makes a note of a rule, unless it was made before of what it is `about`. Whether it was made.
    pub fn say(&mut self, rule: &'static Rule, about: impl Hash, note: impl FnOnce() -> Note) -> bool {
        let key = self.said.hasher().hash_one((rule.id, about));
        if self.said.contains(&key) {
            return false;
        }
        let count = self.counts.entry(rule.id).or_default();
        if *count >= Limits::NOTES_OF_A_RULE || self.said.len() >= Limits::NOTES_REMEMBERED {
            self.left_out += 1;
            return false;
        }
        *count += 1;
        self.said.insert(key);
        let note = note();
        debug_assert_eq!(note.rule().id, rule.id);
        self.fresh.push(note);
        true
    }

    /// Whether a note of a rule was made of what it is `about`.
    #[must_use]
    pub fn has_said(&self, rule: &'static Rule, about: impl Hash) -> bool {
        self.said.contains(&self.said.hasher().hash_one((rule.id, about)))
    }

    /// Whether something new was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fresh.is_empty()
    }

    /// The notes that were made since this was last asked.
    pub fn take(&mut self) -> std::vec::Drain<'_, Note> {
        self.fresh.drain(..)
    }

    /// How many notes were not made because there were too many of their rule.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{FragmentFacts, fragments};
    use crate::reassembly::fragments::Defect;

    fn refused() -> Note {
        Note::seen(FragmentFacts::Refused { defect: Defect::Empty, fragments: 1 }, &[1])
    }

    #[test]
    fn the_same_of_the_same_is_said_once() {
        let mut notes = Notes::default();
        assert!(notes.say(&fragments::REFUSED, 7, refused));
        assert!(!notes.say(&fragments::REFUSED, 7, refused));
        assert!(notes.say(&fragments::REFUSED, 8, refused));
        assert!(notes.has_said(&fragments::REFUSED, 8) && !notes.has_said(&fragments::REFUSED, 9));
        assert_eq!(notes.take().count(), 2);
        assert!(notes.is_empty());
    }

    #[test]
    fn a_rule_that_is_true_of_too_much_is_counted_and_not_said() {
        let mut notes = Notes::default();
        for about in 0..Limits::NOTES_OF_A_RULE + 3 {
            notes.say(&fragments::REFUSED, about, refused);
        }
        assert_eq!((notes.take().count() as u64, notes.left_out()), (Limits::NOTES_OF_A_RULE, 3));
    }
}
