//! What is told at the end of the datagrams that came in fragments.

use super::{Fact, Note, Rule, Stated, Tell};
use crate::frame::Timestamp;
use crate::reassembly::fragments::{Conflict, DatagramKey, Defect, Findings, GivenUp, Incomplete};
use std::collections::HashSet;

/// A datagram never became whole.
static INCOMPLETE: Rule = Rule::warning("fragments.incomplete", "RFC 791 3.2, RFC 8200 4.5");
/// A datagram is not whole in the capture, because of the capture.
static CUT_BY_CAPTURE: Rule = Rule::information("fragments.cut-by-capture", "RFC 791 3.2, RFC 8200 4.5");
/// Many datagrams never became whole.
static GIVEN_UP: Rule = Rule::warning("fragments.given-up", "RFC 791 3.2, RFC 8200 4.5");
/// Bytes came in two versions.
static CONFLICT: Rule = Rule::warning("fragments.conflict", "RFC 1858, RFC 5722");
/// An IPv6 datagram was thrown away because its fragments overlap.
static DROPPED: Rule = Rule::warning("fragments.dropped", "RFC 5722 4, RFC 8200 4.5");
/// Fragments came twice, and are the same.
static REPEATED: Rule = Rule::information("fragments.repeated", "RFC 791 3.2, RFC 8200 4.5");
/// Fragments have bytes that came before, and others.
static OVERLAPS: Rule = Rule::warning("fragments.overlaps", "RFC 1858, RFC 5722");
/// Fragments were not used.
pub(super) static REFUSED: Rule = Rule::warning("fragments.refused", "RFC 791 3.2, RFC 8200 4.5");

/// The rules.
pub(super) static RULES: &[&Rule] = &[&INCOMPLETE, &CUT_BY_CAPTURE, &GIVEN_UP, &CONFLICT, &DROPPED, &REPEATED, &OVERLAPS, &REFUSED];

/// What a note on fragments states, by rule.
#[derive(Clone, Debug, PartialEq)]
pub enum FragmentFacts {
    /// A datagram never became whole.
    Incomplete(Incomplete),
    /// All fragments came, and the capture kept only the beginning of some.
    CutShort {
        /// Of how many datagrams.
        datagrams: u64,
    },
    /// The capture begins or ends in the middle of a datagram.
    AtEdge {
        /// Whose it is.
        datagram: DatagramKey,
        /// Whether it ends there.
        ends: bool,
    },
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
        /// The first bytes that came in two versions, where they did.
        conflict: Option<Conflict>,
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

impl Stated for FragmentFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::Incomplete(_) => &INCOMPLETE,
            Self::CutShort { .. } | Self::AtEdge { .. } => &CUT_BY_CAPTURE,
            Self::GivenUp { .. } => &GIVEN_UP,
            Self::Conflict(_) => &CONFLICT,
            Self::Dropped { .. } => &DROPPED,
            Self::Overlaps { different: 0, dropped: 0, .. } => &REPEATED,
            Self::Overlaps { .. } => &OVERLAPS,
            Self::Refused { .. } => &REFUSED,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        match self {
            Self::Incomplete(incomplete) => {
                tell_key(tell, &incomplete.key);
                if let Some(total) = incomplete.total {
                    tell("length", Fact::Number(total.into()));
                }
                tell("reach", Fact::Number(incomplete.reach.into()));
                tell("missing", Fact::Ranges(&incomplete.missing));
                tell("more_missing", Fact::Number(incomplete.more_missing as u64));
                tell("fragments", Fact::Number(incomplete.fragments as u64));
                tell("cut", Fact::Number(incomplete.cut as u64));
                tell("given_up", Fact::Word(given_up(incomplete.why)));
            }
            Self::CutShort { datagrams } => tell("datagrams", Fact::Number(*datagrams)),
            Self::AtEdge { datagram, ends } => {
                tell_key(tell, datagram);
                tell("edge", Fact::Word(if *ends { "end" } else { "beginning" }));
            }
            Self::GivenUp { datagrams, late, crowded } => {
                tell("datagrams", Fact::Number(*datagrams));
                tell("time", Fact::Number(*late));
                tell("memory", Fact::Number(*crowded));
            }
            Self::Conflict(conflict) => {
                tell_key(tell, &conflict.key);
                tell_versions(tell, conflict);
            }
            Self::Dropped { datagram, conflict } => {
                tell_key(tell, datagram);
                if let Some(conflict) = conflict {
                    tell_versions(tell, conflict);
                }
            }
            Self::Overlaps { same, different, dropped } => {
                tell("same", Fact::Number(*same));
                tell("different", Fact::Number(*different));
                tell("dropped", Fact::Number(*dropped));
            }
            Self::Refused { defect, fragments } => {
                tell("why", Fact::Word(defect_word(*defect)));
                tell("fragments", Fact::Number(*fragments));
            }
        }
    }
}

/// Bytes that came in two versions.
fn tell_versions(tell: &mut Tell<'_>, conflict: &Conflict) {
    tell("bytes", Fact::Range(&conflict.range));
    tell("first_base64", Fact::Bytes(&conflict.kept));
    tell("other_base64", Fact::Bytes(&conflict.other));
}

/// Whose a datagram is.
fn tell_key(tell: &mut Tell<'_>, key: &DatagramKey) {
    tell("source", Fact::Address(key.source));
    tell("destination", Fact::Address(key.destination));
    if key.source.is_ipv4() {
        tell("protocol", Fact::Number(key.protocol.into()));
    }
    tell("identification", Fact::Number(key.identification.into()));
}

fn given_up(why: GivenUp) -> &'static str {
    match why {
        GivenUp::End => "end",
        GivenUp::Time => "time",
        GivenUp::Memory => "memory",
    }
}

/// The word for a defect, for programs.
#[must_use]
pub fn defect_word(defect: Defect) -> &'static str {
    match defect {
        Defect::Empty => "empty",
        Defect::Odd => "odd",
        Defect::TooLong => "too-long",
        Defect::Shrinks => "shrinks",
        Defect::OtherEnd => "other-end",
        Defect::BeyondEnd => "beyond-end",
        Defect::LengthOpen => "length-open",
        Defect::TooMany => "too-many",
    }
}

/// Where the capture lacks the end of a datagram because it ended, or the beginning because it began in between.
fn edge(incomplete: &Incomplete, ended: Option<Timestamp>) -> Option<bool> {
    // The fragments of a datagram leave their sender one behind the other, and arrive so.
    const SOON: i64 = 100_000_000;
    let [gap] = &incomplete.missing[..] else {
        let lacks_end = incomplete.missing.is_empty() && incomplete.total.is_none();
        let is_soon = incomplete.last.zip(ended).is_some_and(|(last, ended)| ended.since(last) <= SOON);
        return (lacks_end && is_soon && incomplete.why == GivenUp::End).then_some(true);
    };
    let lacks_beginning = gap.start == 0 && incomplete.more_missing == 0 && incomplete.total.is_some();
    (lacks_beginning && incomplete.frames.first() == Some(&1)).then_some(false)
}

/// The notes on all fragments of a capture, whose last frame came then.
#[must_use]
pub fn fragment_notes(findings: &Findings, ended: Option<Timestamp>) -> Vec<Note> {
    let note = |facts: FragmentFacts, frames: &[u64], all: u64| Note::seen(facts, frames).of_frames(all);
    let mut notes = Vec::new();
    let is_dropped = |conflict: &Conflict| findings.dropped.iter().any(|(datagram, _)| *datagram == conflict.key);
    for conflict in findings.conflicts.iter().filter(|conflict| !is_dropped(conflict)) {
        notes.push(note(FragmentFacts::Conflict(conflict.clone()), &conflict.frames, 2));
    }
    for (datagram, frame) in &findings.dropped {
        let conflict = findings.conflicts.iter().find(|conflict| conflict.key == *datagram && conflict.frames.contains(frame)).cloned();
        let frames = conflict.as_ref().map_or([0, *frame], |conflict| conflict.frames);
        let all = frames.iter().filter(|frame| **frame != 0).count() as u64;
        notes.push(note(FragmentFacts::Dropped { datagram: *datagram, conflict }, &frames, all));
    }
    let (same, different, dropped) = (&findings.same, &findings.different, findings.dropped_count);
    // What was told one by one is not counted once more.
    let told: HashSet<u64> =
        findings.conflicts.iter().map(|conflict| conflict.frames[1]).chain(findings.dropped.iter().map(|(_, frame)| *frame)).collect();
    let has_more = different.count > told.len() as u64;
    if same.count > 0 || has_more {
        let (tally, different, dropped) = if has_more { (different, different.count, dropped) } else { (same, 0, 0) };
        let facts = FragmentFacts::Overlaps { same: same.count, different, dropped };
        notes.push(note(facts, &tally.frames, tally.count));
    }
    for (defect, tally) in &findings.refused {
        notes.push(note(FragmentFacts::Refused { defect: *defect, fragments: tally.count }, &tally.frames, tally.count));
    }
    if findings.complete > 0 {
        let frames = findings.incomplete.iter().find(|incomplete| incomplete.is_complete).map_or(&[][..], |incomplete| &incomplete.frames);
        notes.push(note(FragmentFacts::CutShort { datagrams: findings.complete }, frames, frames.len() as u64));
    }
    for incomplete in findings.incomplete.iter().filter(|incomplete| !incomplete.is_complete) {
        let facts = match edge(incomplete, ended) {
            Some(ends) => FragmentFacts::AtEdge { datagram: incomplete.key, ends },
            None => FragmentFacts::Incomplete(incomplete.clone()),
        };
        notes.push(note(facts, &incomplete.frames, incomplete.fragments as u64));
    }
    let count = |why| findings.given_up.get(&why).copied().unwrap_or_default();
    let (late, crowded) = (count(GivenUp::Time), count(GivenUp::Memory));
    let datagrams = (count(GivenUp::End) + late + crowded).saturating_sub(findings.complete);
    let told = findings.incomplete.iter().filter(|incomplete| !incomplete.is_complete).count();
    if datagrams > told as u64 {
        notes.push(note(FragmentFacts::GivenUp { datagrams, late, crowded }, &[], 0));
    }
    notes
}
