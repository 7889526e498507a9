//! Messages out of a stream: over TCP each has its length before it (RFC 1035 section 4.2.2), and begins and ends anywhere in a segment.

use crate::dissect::application::dns;
use crate::limits::Limits;
use crate::reassembly::{Origin, Piece};

/// The bytes of the length.
const PREFIX: usize = 2;

/// Puts the messages of one side together.
#[derive(Clone, Debug, Default)]
pub struct Framing {
    /// The beginning of the message at hand, with its length.
    begun: Vec<u8>,
    /// The frame it began in.
    origin: Origin,
    /// How many bytes of a message with a hole are still to be passed over.
    passing: usize,
    /// Whether it is no longer known where messages begin.
    lost: bool,
    /// Messages of which not all is in the capture.
    pub(super) damaged: u32,
}

impl Framing {
    /// Takes the next piece of the stream; `message` is given each message that it completes, and the frame it began in.
    pub fn piece(&mut self, piece: &Piece<'_>, message: &mut dyn FnMut(&[u8], Origin)) {
        match piece {
            Piece::Data { bytes, origin, .. } => self.data(bytes, *origin, message),
            Piece::Gap { length, .. } => self.gap(*length),
            Piece::End { .. } => {
                self.damaged += u32::from(!self.begun.is_empty() || self.passing > 0);
                self.begun = Vec::new();
                self.passing = 0;
            }
        }
    }

    fn data(&mut self, bytes: &[u8], origin: Origin, message: &mut dyn FnMut(&[u8], Origin)) {
        let passed = self.passing.min(bytes.len());
        self.passing -= passed;
        let mut rest = bytes.get(passed..).unwrap_or_default();
        while !rest.is_empty() && !self.lost {
            if self.begun.is_empty() {
                self.origin = origin;
                // What is whole in this piece is not copied.
                if let Some((whole, after)) = split_message(rest) {
                    if !self.is_message(rest) {
                        return;
                    }
                    message(whole, origin);
                    rest = after;
                    continue;
                }
            }
            let missing = self.missing();
            let (some, after) = rest.split_at_checked(missing).unwrap_or((rest, &[]));
            self.begun.extend_from_slice(some);
            rest = after;
            let begun = std::mem::take(&mut self.begun);
            if !self.is_message(&begun) {
                return;
            }
            match split_message(&begun) {
                Some((whole, _)) => {
                    message(whole, self.origin);
                    self.begun = begun;
                    self.begun.clear();
                    self.begun.shrink_to(Limits::DNS_STREAM_KEPT);
                }
                None => self.begun = begun,
            }
        }
    }

    /// How many bytes the message at hand lacks, as far as that is known: first those of its length.
    fn missing(&self) -> usize {
        let whole = match self.begun.first_chunk::<PREFIX>() {
            Some(prefix) => PREFIX + usize::from(u16::from_be_bytes(*prefix)),
            None => PREFIX,
        };
        whole.saturating_sub(self.begun.len())
    }

    /// Whether the stream goes on with a message; else it is lost.
    fn is_message(&mut self, bytes: &[u8]) -> bool {
        self.lost = !dns::begins_message(bytes);
        self.damaged += u32::from(self.lost);
        !self.lost
    }

    /// A hole in a message is passed over, with the rest of that message; one that is longer takes lengths with it.
    fn gap(&mut self, length: u64) {
        if self.lost {
            return;
        }
        self.damaged += u32::from(self.passing == 0);
        let rest = if self.passing > 0 { self.passing } else { self.missing() };
        let knows_length = self.passing > 0 || self.begun.len() >= PREFIX;
        self.begun.clear();
        match usize::try_from(length).ok().and_then(|length| rest.checked_sub(length)) {
            Some(rest) if knows_length => self.passing = rest,
            Some(_) | None => self.lost = true,
        }
    }
}

/// The first message of a stream, where it is whole, and what is behind it.
fn split_message(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (prefix, rest) = bytes.split_first_chunk::<PREFIX>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*prefix)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// A question for a name of so many characters.
    fn message(characters: u8) -> Vec<u8> {
        let name = [&[characters][..], &vec![b'a'; usize::from(characters)], &[0]].concat();
        let message = [&[0, characters, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], &name, &[0, 1, 0, 1]].concat();
        [&(message.len() as u16).to_be_bytes()[..], &message].concat()
    }

    fn data(offset: usize, bytes: &[u8]) -> Piece<'_> {
        Piece::Data { offset: offset as u64, bytes, origin: Origin { frame: offset as u64, time: None } }
    }

    fn gap(length: usize) -> Piece<'static> {
        Piece::Gap { offset: 0, length: length as u64, origin: Origin::default() }
    }

    /// The second byte of each message, by which it is known, and the frame it began in.
    fn framed(framing: &mut Framing, pieces: &[Piece<'_>]) -> Vec<(u8, u64)> {
        let mut found = Vec::new();
        for piece in pieces {
            framing.piece(piece, &mut |message, origin| found.push((message[1], origin.frame)));
        }
        found
    }

    proptest! {
        #[test]
        fn messages_are_the_same_however_they_are_cut(characters in vec(1u8..64, 1..6), cuts in vec(any::<prop::sample::Index>(), 0..12)) {
            let stream: Vec<u8> = characters.iter().flat_map(|characters| message(*characters)).collect();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len())).chain([0, stream.len()]).collect();
            cuts.sort_unstable();
            cuts.dedup();
            let pieces: Vec<_> = cuts.windows(2).map(|pair| data(pair[0], &stream[pair[0]..pair[1]])).collect();
            let mut framing = Framing::default();
            let found: Vec<u8> = framed(&mut framing, &pieces).into_iter().map(|(known, _)| known).collect();
            prop_assert_eq!((found, framing.damaged), (characters, 0));
        }
    }

    #[test]
    fn a_message_knows_the_frame_it_began_in() {
        let stream = [message(3), message(4)].concat();
        let pieces = [data(0, &stream[..5]), data(5, &stream[5..24]), data(24, &stream[24..])];
        assert_eq!(framed(&mut Framing::default(), &pieces), [(3, 0), (4, 5)]);
    }

    #[test]
    fn a_hole_in_a_message_costs_that_message_alone() {
        let stream = [message(20), message(21), message(22)].concat();
        let mut framing = Framing::default();
        let first = message(20).len();
        let pieces = [data(0, &stream[..first + 10]), gap(6), data(0, &stream[first + 16..])];
        assert_eq!((framed(&mut framing, &pieces), framing.damaged), (vec![(20, 0), (22, 0)], 1));
    }

    #[test]
    fn a_hole_that_takes_a_length_loses_the_rest() {
        let stream = [message(20), message(21)].concat();
        let mut framing = Framing::default();
        let after = message(22);
        let pieces = [data(0, &stream[..10]), gap(60), data(0, &after)];
        assert_eq!((framed(&mut framing, &pieces), framing.damaged), (vec![], 1));
    }

    #[test]
    fn what_is_no_message_is_not_read_as_one() {
        let mut framing = Framing::default();
        assert_eq!((framed(&mut framing, &[data(0, &[b'x'; 40]), data(40, &message(3))]), framing.damaged), (vec![], 1));
        let mut framing = Framing::default();
        let end = Piece::End { offset: 0, how: crate::reassembly::End::Unseen, origin: Origin::default() };
        assert_eq!((framed(&mut framing, &[data(0, &message(9)[..9]), end]), framing.damaged), (vec![], 1), "cut off");
    }
}
