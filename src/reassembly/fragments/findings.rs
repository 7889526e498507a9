//! What there is to say of all fragments of a capture.

use super::fragment::{Conflict, Defect, Fragment, GivenUp, Incomplete, Outcome};
use super::key::DatagramKey;
use crate::limits::Limits;
use std::collections::BTreeMap;

/// How often, and the first frames.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// The first few frames.
    pub frames: Vec<u64>,
}

/// What there is to say of all fragments of a capture.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// How many datagrams became whole.
    pub completed: u64,
    /// Datagrams that never did: the first few.
    pub incomplete: Vec<Incomplete>,
    /// How many there are of them, by why they were given up.
    pub given_up: BTreeMap<GivenUp, u64>,
    /// How many of them the capture cut, while all of their fragments are there.
    pub complete: u64,
    /// Bytes that came in two versions: the first few.
    pub conflicts: Vec<Conflict>,
    /// Fragments with bytes that are others than those that came before for the same place.
    pub different: Tally,
    /// Fragments with bytes that came before, the same.
    pub same: Tally,
    /// IPv6 datagrams that were thrown away for their overlaps: the first few.
    pub dropped: Vec<(DatagramKey, u64)>,
    /// How many there are of them.
    pub dropped_count: u64,
    /// Fragments that were not used, by why.
    pub refused: BTreeMap<Defect, Tally>,
}

impl Tally {
    pub(super) fn add(&mut self, frame: u64) {
        self.count = self.count.saturating_add(1);
        if self.frames.len() < Limits::FRAGMENTS_TOLD {
            self.frames.push(frame);
        }
    }
}

impl Findings {
    pub(super) fn refuse(&mut self, defect: Defect, frame: u64) {
        self.refused.entry(defect).or_default().add(frame);
    }

    pub(super) fn count(&mut self, key: &DatagramKey, fragment: &Fragment, frame: u64) {
        match fragment.outcome {
            Outcome::Refused(defect) => self.refuse(defect, frame),
            // The fragment that overlaps; those that come after it have nothing to add.
            Outcome::Dropped if fragment.same > 0 || fragment.different > 0 => {
                self.dropped_count = self.dropped_count.saturating_add(1);
                if self.dropped.len() < Limits::FRAGMENTS_TOLD {
                    self.dropped.push((*key, frame));
                }
            }
            Outcome::Dropped | Outcome::Waits | Outcome::Completes | Outcome::Again => {}
        }
        if fragment.different > 0 {
            self.different.add(frame);
        } else if fragment.same > 0 && fragment.outcome != Outcome::Dropped {
            self.same.add(frame);
        }
    }

    pub(super) fn give_up(&mut self, why: GivenUp, is_complete: bool, tell: impl FnOnce() -> Incomplete) {
        let count = self.given_up.entry(why).or_default();
        *count = count.saturating_add(1);
        self.complete = self.complete.saturating_add(u64::from(is_complete));
        if self.incomplete.len() < Limits::FRAGMENTS_TOLD {
            self.incomplete.push(tell());
        }
    }
}
