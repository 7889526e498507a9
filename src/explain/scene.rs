//! What lessons are given to look at.

use super::surroundings::Surroundings;
use super::{Note, Notes};
use crate::conversation::{Belongs, Conversation, Conversations, Names, Packet};
use crate::dissect::Dissection;
use crate::frame::{Direction, LinkType, Timestamp};
use crate::reassembly::fragments::Fragment;
use crate::source::Interface;

/// A frame, with everything that is known when it comes.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The frame, with what it was taken apart into.
    pub packet: Packet<'a>,
    /// The conversation that it belongs to, and what it is there.
    pub belongs: Option<Belongs>,
    /// All conversations, this frame counted.
    pub conversations: &'a Conversations,
    /// What addresses are called, by the frames up to this one.
    pub names: &'a Names,
    /// The interfaces of the capture; the frame names its own by its place.
    pub interfaces: &'a [Interface],
}

impl<'a> Scene<'a> {
    /// The frame's number.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.packet.frame.number
    }

    /// When it was captured.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        self.packet.frame.timestamp
    }

    /// The frame's bytes, with its own layers.
    #[must_use]
    pub fn own(&self) -> (&'a [u8], &'a Dissection) {
        (self.packet.frame.data, self.packet.dissection)
    }

    /// The bytes and layers to look at: those of the datagram that the frame completes, or the frame's own.
    #[must_use]
    pub fn whole(&self) -> (&'a [u8], &'a Dissection) {
        let whole = self.packet.fragment.and_then(Fragment::completed);
        whole.map_or_else(|| self.own(), |whole| (whole.bytes.as_slice(), &whole.dissection))
    }

    /// The conversation that it belongs to.
    #[must_use]
    pub fn conversation(&self) -> Option<&'a Conversation> {
        self.conversations.get(self.belongs.as_ref()?)
    }

    /// The interface that it was captured on.
    #[must_use]
    pub fn interface(&self) -> Option<&'a Interface> {
        self.interfaces.get(self.packet.frame.interface.0 as usize)
    }

    /// Which way the frame went, seen from the machine that captured: as the capture says, or the header of a cooked capture (4: sent by it).
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        let frame = self.packet.frame;
        let place = match frame.link_type {
            LinkType::LINUX_SLL => 1,
            LinkType::LINUX_SLL2 => 10,
            _ => return frame.annotations.direction(),
        };
        frame.data.get(place).map(|kind| if *kind == 4 { Direction::Outbound } else { Direction::Inbound })
    }

    /// A note's conversation: this frame's.
    #[must_use]
    pub fn note(&self, note: Note) -> Note {
        Note { conversation: self.belongs.map(|belongs| belongs.conversation), ..note }
    }
}

/// What is known when the last frame has come.
#[derive(Clone, Copy)]
pub struct Ending<'a> {
    /// All conversations, as far as none was put away.
    pub conversations: &'a Conversations,
    /// What addresses are called.
    pub names: &'a Names,
    /// The interfaces of the capture.
    pub interfaces: &'a [Interface],
    /// When the last frame came.
    pub last: Option<Timestamp>,
    /// Whether it was the last of the capture, and not only the last that was wanted of it.
    pub is_end: bool,
}

/// A subject's lessons: they look at every frame, keep what they need, and make notes.
pub(super) trait Lessons {
    /// A frame. Called for each: what does not concern the subject costs nothing here.
    fn frame(&mut self, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        let _ = (scene, known, notes);
    }

    /// A conversation of which nothing more is told: it ended, it was put away, or the capture did end.
    fn over(&mut self, conversation: &Conversation, notes: &mut Notes) {
        let _ = (conversation, notes);
    }

    /// How often there was no room for something new: what would have followed from it is not said.
    fn forgotten(&self) -> u64 {
        0
    }

    /// The capture is over.
    fn finish(&mut self, ending: &Ending<'_>, known: &Surroundings, notes: &mut Notes) {
        let _ = (ending, known, notes);
    }
}
