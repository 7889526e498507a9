//! What conversations tell, and to whom.

use super::Conversation;
use crate::reassembly::{Origin, Overlap, Piece};

/// One of the two ends of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Who began it.
    Originator,
    /// The other.
    Responder,
}

impl Side {
    /// Both, the originator first.
    pub const BOTH: [Self; 2] = [Self::Originator, Self::Responder];

    /// The other end.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Originator => Self::Responder,
            Self::Responder => Self::Originator,
        }
    }

    /// Its place in arrays of two: 0 for the originator.
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Self::Originator => 0,
            Self::Responder => 1,
        }
    }

    /// What is this side's of two, the originator's first.
    #[must_use]
    pub fn of<T>(self, [originator, responder]: &[T; 2]) -> &T {
        match self {
            Self::Originator => originator,
            Self::Responder => responder,
        }
    }

    /// The same, to be changed.
    #[must_use]
    pub fn of_mut<T>(self, [originator, responder]: &mut [T; 2]) -> &mut T {
        match self {
            Self::Originator => originator,
            Self::Responder => responder,
        }
    }
}

/// Somebody who wants to know what is said. `from` is always the side that speaks.
///
/// Pieces of a side come in the order of its stream, each byte once, gaps in their place; pieces of both sides come in the order in which
/// they were said: an answer never before what it acknowledges.
pub trait Listener {
    /// The next piece of a TCP stream.
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        let _ = (conversation, from, piece);
    }

    /// Bytes of a TCP stream came again: the same, or others in their place. What came first is what `piece` gave or will give.
    fn overlap(&mut self, conversation: &Conversation, from: Side, overlap: &Overlap<'_>) {
        let _ = (conversation, from, overlap);
    }

    /// The payload of a UDP datagram, whole.
    fn datagram(&mut self, conversation: &Conversation, from: Side, payload: &[u8], origin: Origin) {
        let _ = (conversation, from, payload, origin);
    }

    /// The conversation is over for us: nothing more is told of it, and all that is kept of it may go.
    fn finished(&mut self, conversation: &Conversation) {
        let _ = conversation;
    }
}

/// Two listeners that hear the same.
impl<A: Listener, B: Listener> Listener for (A, B) {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        self.0.piece(conversation, from, piece);
        self.1.piece(conversation, from, piece);
    }

    fn overlap(&mut self, conversation: &Conversation, from: Side, overlap: &Overlap<'_>) {
        self.0.overlap(conversation, from, overlap);
        self.1.overlap(conversation, from, overlap);
    }

    fn datagram(&mut self, conversation: &Conversation, from: Side, payload: &[u8], origin: Origin) {
        self.0.datagram(conversation, from, payload, origin);
        self.1.datagram(conversation, from, payload, origin);
    }

    fn finished(&mut self, conversation: &Conversation) {
        self.0.finished(conversation);
        self.1.finished(conversation);
    }
}

impl<L: Listener + ?Sized> Listener for &mut L {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        (**self).piece(conversation, from, piece);
    }

    fn overlap(&mut self, conversation: &Conversation, from: Side, overlap: &Overlap<'_>) {
        (**self).overlap(conversation, from, overlap);
    }

    fn datagram(&mut self, conversation: &Conversation, from: Side, payload: &[u8], origin: Origin) {
        (**self).datagram(conversation, from, payload, origin);
    }

    fn finished(&mut self, conversation: &Conversation) {
        (**self).finished(conversation);
    }
}

/// Somebody, or nobody.
impl<L: Listener> Listener for Option<L> {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        if let Some(listener) = self {
            listener.piece(conversation, from, piece);
        }
    }

    fn overlap(&mut self, conversation: &Conversation, from: Side, overlap: &Overlap<'_>) {
        if let Some(listener) = self {
            listener.overlap(conversation, from, overlap);
        }
    }

    fn datagram(&mut self, conversation: &Conversation, from: Side, payload: &[u8], origin: Origin) {
        if let Some(listener) = self {
            listener.datagram(conversation, from, payload, origin);
        }
    }

    fn finished(&mut self, conversation: &Conversation) {
        if let Some(listener) = self {
            listener.finished(conversation);
        }
    }
}

/// Nobody: where only what conversations count is wanted.
impl Listener for () {}
