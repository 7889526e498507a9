//! A note: what was seen, how serious it is, the frames that prove it and where it is specified.

use super::FragmentFacts;
use std::net::IpAddr;

/// How serious a note is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Information,
    /// Something is not as it should be.
    Warning,
}

/// One statement about a capture, with its proof.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// What was seen, typed; its rule follows from it.
    pub facts: Facts,
    /// The frames that prove it: the first few where there are many.
    pub evidence: Vec<u64>,
}

/// What a note states, by rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Facts {
    /// Every checksum that a host sent is wrong and every one that it received is right: its network card fills them in after the point
    /// where the capture was made.
    ChecksumOffload {
        /// The host.
        host: IpAddr,
        /// The layer's protocol ("tcp").
        protocol: &'static str,
        /// How many it sent, all wrong.
        sent: u64,
        /// How many it received, all right; 0 where the proof is only what stands in the packets.
        received: u64,
        /// How many of those sent hold the sum of the pseudo-header alone, which an operating system leaves for the card to complete.
        partial: u64,
    },
    /// A host sent packets whose checksums are wrong, and nothing speaks for offload.
    ChecksumBad {
        /// The host.
        host: IpAddr,
        /// The layer's protocol.
        protocol: &'static str,
        /// How many were wrong.
        bad: u64,
        /// How many could be verified.
        verified: u64,
    },
    /// There are more hosts than are counted, and some of the others sent wrong checksums: each was judged by itself.
    ChecksumHostsBeyondLimit {
        /// How many hosts are counted.
        limit: u64,
        /// How many wrong checksums the others sent.
        bad: u64,
    },
    /// What there is to say of datagrams that came in fragments.
    Fragments(FragmentFacts),
}

impl Note {
    /// The rule's id, which `wirelore explain` takes.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match &self.facts {
            Facts::ChecksumOffload { .. } => "capture.checksum-offload",
            Facts::ChecksumBad { .. } => "capture.checksum-bad",
            Facts::ChecksumHostsBeyondLimit { .. } => "capture.checksum-limit",
            Facts::Fragments(facts) => facts.rule(),
        }
    }

    /// How serious it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match &self.facts {
            Facts::ChecksumOffload { .. } | Facts::ChecksumHostsBeyondLimit { .. } => Severity::Information,
            Facts::ChecksumBad { .. } => Severity::Warning,
            Facts::Fragments(facts) => facts.severity(),
        }
    }

    /// Where what it rests on is specified.
    #[must_use]
    pub fn reference(&self) -> &'static str {
        match &self.facts {
            Facts::ChecksumOffload { .. } => "RFC 9293 3.1, RFC 1071",
            Facts::ChecksumBad { .. } | Facts::ChecksumHostsBeyondLimit { .. } => "RFC 1071",
            Facts::Fragments(facts) => facts.reference(),
        }
    }
}
