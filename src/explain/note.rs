//! A note: what was seen, the frames that prove it, and how sure it is.

use super::{Facts, Rule};

/// How many frames a note names as its proof.
const NAMED: usize = 6;

/// Whether a note says what stands in the frames, or what follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// The frames show it.
    Seen,
    /// It follows from what the frames show, where nothing else is likely.
    Inferred,
}

/// The frames that prove a note: the first few where there are many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Their numbers.
    pub frames: Vec<u64>,
    /// How many more there are.
    pub more: u64,
}

impl Evidence {
    /// These frames; of many the first few are named. What no frame told has the number 0, and is left out.
    #[must_use]
    pub fn new(frames: &[u64]) -> Self {
        let mut named: Vec<u64> = frames.iter().copied().filter(|frame| *frame != 0).collect();
        let all = named.len();
        named.truncate(NAMED);
        Self { more: (all - named.len()) as u64, frames: named }
    }

    /// The first of `all` frames, of which these are known.
    #[must_use]
    pub fn first_of(frames: &[u64], all: u64) -> Self {
        let mut evidence = Self::new(frames);
        evidence.more = all.saturating_sub(evidence.frames.len() as u64);
        evidence
    }
}

/// One statement about a capture, with its proof.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// What was seen, typed; its rule follows from it.
    pub facts: Facts,
    /// The frames that prove it.
    pub evidence: Evidence,
    /// Whether it was seen or follows.
    pub certainty: Certainty,
    /// The conversation that it is about, where it is about one.
    pub conversation: Option<u64>,
    /// The exchange of it that it is about, where it is about one: its place among them, from 0.
    pub exchange: Option<u32>,
}

impl Note {
    /// What frames show.
    #[must_use]
    pub fn seen(facts: impl Into<Facts>, frames: &[u64]) -> Self {
        Self { facts: facts.into(), evidence: Evidence::new(frames), certainty: Certainty::Seen, conversation: None, exchange: None }
    }

    /// What follows from what frames show.
    #[must_use]
    pub fn inferred(facts: impl Into<Facts>, frames: &[u64]) -> Self {
        Self { certainty: Certainty::Inferred, ..Self::seen(facts, frames) }
    }

    /// The same, said of a conversation.
    #[must_use]
    pub fn of(self, conversation: u64) -> Self {
        Self { conversation: Some(conversation), ..self }
    }

    /// The same, said of an exchange of a conversation.
    #[must_use]
    pub fn of_exchange(self, conversation: u64, exchange: u32) -> Self {
        Self { conversation: Some(conversation), exchange: Some(exchange), ..self }
    }

    /// The same, where `all` frames prove it and only the first are known.
    #[must_use]
    pub fn of_frames(mut self, all: u64) -> Self {
        self.evidence.more = all.saturating_sub(self.evidence.frames.len() as u64);
        self
    }

    /// The rule that it is of.
    #[must_use]
    pub fn rule(&self) -> &'static Rule {
        self.facts.stated().rule()
    }
}
