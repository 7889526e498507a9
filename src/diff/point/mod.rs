//! One capture as a point of the way that packets take: of each packet what a router does not change, and what it does.

mod collector;
mod labels;
mod options;
mod sighting;

pub use collector::Collector;
pub use options::SynOptions;
pub use sighting::{Checks, Sighting};

use super::{Digest, Digester};
use crate::conversation::{Endpoint, Kind, Side};
use crate::frame::Timestamp;
use sighting::OPTIONS_CUT;

/// The hardware addresses of a frame, and what it is tagged with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkEnds {
    /// The sender's; `None` where the link has none.
    pub source: Option<[u8; 6]>,
    /// The receiver's.
    pub destination: Option<[u8; 6]>,
    /// The outermost VLAN (IEEE 802.1Q), 12 bits.
    pub vlan: Option<u16>,
}

/// A conversation as one point saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenConversation {
    /// Its number, the same that every verb gives it.
    pub number: u64,
    /// What it is made of.
    pub kind: Kind,
    /// Both ends, the originator first.
    pub ends: [Endpoint; 2],
    /// The frame that it begins with.
    pub first_frame: u64,
    /// How many packets each side sent.
    pub packets: [u32; 2],
    /// The initial sequence numbers of TCP, where the SYNs were seen.
    pub initial: [Option<u32>; 2],
    /// When the first and the last of its packets came.
    pub times: [Option<Timestamp>; 2],
}

/// What a capture says about itself that counts when it is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    /// When it began and ended, where the file says so (pcapng interface statistics).
    pub window: [Option<Timestamp>; 2],
    /// How many frames it lost itself, where it says so.
    pub dropped: u64,
    /// How many frames it holds, also those that a filter left out; 0 where that is not known.
    pub frames: u64,
}

/// One capture as a point of the way.
#[derive(Debug)]
pub struct Point {
    /// Its packets, in the order of their times.
    pub sightings: Vec<Sighting>,
    /// Its conversations, in the order in which they were first seen.
    pub conversations: Vec<SeenConversation>,
    /// The hardware addresses that its packets have, each pair once.
    pub links: Vec<LinkEnds>,
    /// The options that its SYNs have, each set once.
    pub options: Vec<SynOptions>,
    /// Frames that were read.
    pub frames: u64,
    /// Frames that are another frame once more: the same bytes at the same moment.
    pub repeated: u64,
    /// Frames that hold nothing to be compared: damaged before anything tells one packet from another.
    pub unreadable: u64,
    /// Frames behind the limit, which are not compared.
    pub left_out: u64,
    /// What the capture says of itself.
    pub captured: Captured,
    /// What its digests were made with.
    pub digester: Digester,
}

impl Point {
    /// The conversation of a sighting.
    #[must_use]
    pub fn conversation_of(&self, sighting: &Sighting) -> Option<&SeenConversation> {
        self.conversations.get(sighting.conversation as usize)
    }

    /// The ends of a sighting's packet, its sender first.
    #[must_use]
    pub fn ends_of(&self, sighting: &Sighting) -> Option<[Endpoint; 2]> {
        let [originator, responder] = self.conversation_of(sighting)?.ends;
        Some(match sighting.from() {
            Side::Originator => [originator, responder],
            Side::Responder => [responder, originator],
        })
    }

    /// The hardware addresses of a sighting's frame.
    #[must_use]
    pub fn link_of(&self, sighting: &Sighting) -> LinkEnds {
        self.links.get(sighting.link as usize).copied().unwrap_or_default()
    }

    /// The options of a SYN.
    #[must_use]
    pub fn options_of(&self, sighting: &Sighting) -> Option<&SynOptions> {
        self.options.get(sighting.options as usize).filter(|_| sighting.is_syn())
    }

    /// Whether all options of a segment of TCP were captured.
    #[must_use]
    pub fn knows_options(&self, sighting: &Sighting) -> bool {
        match self.options_of(sighting) {
            Some(of_syn) => !of_syn.is_cut,
            None => sighting.options != OPTIONS_CUT,
        }
    }

    /// When its first and its last packet came.
    #[must_use]
    pub fn times(&self) -> Option<[Timestamp; 2]> {
        let known = |sighting: &Sighting| sighting.timestamp();
        Some([self.sightings.iter().find_map(known)?, self.sightings.iter().rev().find_map(known)?])
    }
}

impl Sighting {
    /// What its payload hashes to; `None` where the capture cut it.
    #[must_use]
    pub fn payload(&self) -> Option<Digest> {
        (!self.is_cut()).then_some(Digest { value: self.digest, length: self.length.into() })
    }
}
