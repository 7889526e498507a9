//! What is told at the end of the datagrams that came in fragments.

use super::{Facts, Note, Severity};
use crate::reassembly::fragments::{Conflict, DatagramKey, Defect, Findings, GivenUp, Incomplete};

/// What a note on fragments states, by rule.
#[derive(Clone, Debug, PartialEq)]
pub enum FragmentFacts {
    /// A datagram never became whole.
    Incomplete(Incomplete),
    /// How many datagrams never became whole: more than are told one by one, or some that were given up before the end.
    GivenUp {
        /// All of them.
        datagrams: u64,
        /// Those that waited for too long.
        late: u64,
        /// Those that were put away because too much waited.
        crowded: u64,
    },
    /// Bytes of a datagram came in two versions.
    Conflict(Conflict),
    /// An IPv6 datagram was thrown away because its fragments overlap.
    Dropped {
        /// Whose it is.
        datagram: DatagramKey,
    },
    /// Fragments had bytes that came before.
    Overlaps {
        /// Fragments whose bytes were the same.
        same: u64,
        /// Fragments with bytes that were others.
        different: u64,
        /// IPv6 datagrams that were thrown away for it.
        dropped: u64,
    },
    /// Fragments were not used.
    Refused {
        /// Why.
        defect: Defect,
        /// How many.
        fragments: u64,
    },
}

impl FragmentFacts {
    pub(super) fn rule(&self) -> &'static str {
        match self {
            Self::Incomplete(_) => "fragments.incomplete",
            Self::GivenUp { .. } => "fragments.given-up",
            Self::Conflict(_) => "fragments.conflict",
            Self::Dropped { .. } => "fragments.dropped",
            Self::Overlaps { .. } => "fragments.overlaps",
            Self::Refused { .. } => "fragments.refused",
        }
    }

    pub(super) fn severity(&self) -> Severity {
        match self {
            Self::Overlaps { different: 0, dropped: 0, .. } => Severity::Information,
            Self::Overlaps { .. }
            | Self::Incomplete(_)
            | Self::GivenUp { .. }
            | Self::Conflict(_)
            | Self::Dropped { .. }
            | Self::Refused { .. } => Severity::Warning,
        }
    }

    pub(super) fn reference(&self) -> &'static str {
        match self {
            Self::Incomplete(_) | Self::GivenUp { .. } | Self::Refused { .. } => "RFC 791 3.2, RFC 8200 4.5",
            Self::Conflict(_) | Self::Overlaps { .. } => "RFC 1858, RFC 5722",
            Self::Dropped { .. } => "RFC 5722 4",
        }
    }
}

/// The notes on all fragments of a capture.
#[must_use]
pub fn fragment_notes(findings: &Findings) -> Vec<Note> {
    let note = |facts, evidence: &[u64]| Note { facts: Facts::Fragments(facts), evidence: evidence.to_vec() };
    let mut notes = Vec::new();
    for conflict in &findings.conflicts {
        notes.push(note(FragmentFacts::Conflict(conflict.clone()), &conflict.frames));
    }
    for (datagram, frame) in &findings.dropped {
        notes.push(note(FragmentFacts::Dropped { datagram: *datagram }, &[*frame]));
    }
    let (same, different, dropped) = (&findings.same, &findings.different, findings.dropped_count);
    if same.count + different.count > 0 {
        let frames = if different.count > 0 { &different.frames } else { &same.frames };
        notes.push(note(FragmentFacts::Overlaps { same: same.count, different: different.count, dropped }, frames));
    }
    for (defect, tally) in &findings.refused {
        notes.push(note(FragmentFacts::Refused { defect: *defect, fragments: tally.count }, &tally.frames));
    }
    for incomplete in &findings.incomplete {
        notes.push(note(FragmentFacts::Incomplete(incomplete.clone()), &incomplete.frames));
    }
    let count = |why| findings.given_up.get(&why).copied().unwrap_or_default();
    let (late, crowded) = (count(GivenUp::Time), count(GivenUp::Memory));
    let datagrams = count(GivenUp::End) + late + crowded;
    if datagrams > findings.incomplete.len() as u64 {
        notes.push(note(FragmentFacts::GivenUp { datagrams, late, crowded }, &[]));
    }
    notes
}
