//! From bytes to characters and commands, whatever pieces they come in.

use super::{Telnet, Verb};
use crate::limits::Limits;

const INTERPRET: u8 = 255;
const DETAILS: u8 = 250;
const END_OF_DETAILS: u8 = 240;

/// Where in a command the bytes so far end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Characters,
    /// Behind a byte 255.
    Command,
    Option(Verb),
    DetailsOption,
    Details(u8),
    /// Behind a byte 255 in details.
    DetailsCommand(u8),
}

/// Reads one side.
#[derive(Debug, Default)]
pub(in crate::conversation::text) struct Parser {
    state: State,
    details: Vec<u8>,
    left_out: u64,
}

/// What bytes turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::conversation::text) enum Element<'a> {
    /// Characters as they are.
    Characters(&'a [u8]),
    /// The character 255, which is sent as two.
    Doubled,
    /// The first byte of a command.
    Begins,
    Telnet(Telnet<'a>),
    /// A command that was begun and does not go on, as far as it came.
    Unfinished([u8; 2], usize),
}

impl Parser {
    /// Reads what comes next, and returns what it is and how many bytes were read; `None` where all of them only went on with a command.
    /// There must be bytes.
    pub(in crate::conversation::text) fn next<'a>(&'a mut self, bytes: &'a [u8]) -> (usize, Option<Element<'a>>) {
        let Some((first, _)) = bytes.split_first() else { return (0, None) };
        match self.state {
            State::Characters => {
                let end = bytes.iter().position(|byte| *byte == INTERPRET).unwrap_or(bytes.len());
                if end == 0 {
                    self.state = State::Command;
                    return (1, Some(Element::Begins));
                }
                (end, bytes.get(..end).map(Element::Characters))
            }
            State::Command => {
                self.state = match (Verb::from_byte(*first), *first) {
                    (Some(verb), _) => State::Option(verb),
                    (None, DETAILS) => State::DetailsOption,
                    (None, INTERPRET) => {
                        self.state = State::Characters;
                        return (1, Some(Element::Doubled));
                    }
                    (None, command) => {
                        self.state = State::Characters;
                        return (1, Some(Element::Telnet(Telnet::Command(command))));
                    }
                };
                (1, None)
            }
            State::Option(verb) => {
                self.state = State::Characters;
                (1, Some(Element::Telnet(Telnet::Negotiation { verb, option: *first })))
            }
            State::DetailsOption => {
                self.state = State::Details(*first);
                self.details.clear();
                self.left_out = 0;
                (1, None)
            }
            State::Details(option) => {
                let end = bytes.iter().position(|byte| *byte == INTERPRET);
                let read = end.unwrap_or(bytes.len());
                self.keep(bytes.get(..read).unwrap_or_default());
                if end.is_some() {
                    self.state = State::DetailsCommand(option);
                }
                (read + usize::from(end.is_some()), None)
            }
            State::DetailsCommand(option) => {
                if *first == INTERPRET {
                    self.keep(&[INTERPRET]);
                    self.state = State::Details(option);
                    return (1, None);
                }
                // Any other command ends them too; only it is not part of them, and comes again.
                let ends = *first == END_OF_DETAILS;
                self.state = if ends { State::Characters } else { State::Command };
                (usize::from(ends), Some(self.told(option, ends)))
            }
        }
    }

    /// What was begun and does not go on: bytes are missing, or the stream is over.
    pub(in crate::conversation::text) fn interrupt(&mut self) -> Option<Element<'_>> {
        match std::mem::take(&mut self.state) {
            State::Details(option) | State::DetailsCommand(option) => Some(self.told(option, false)),
            State::Characters => None,
            State::Command => Some(Element::Unfinished([INTERPRET, 0], 1)),
            State::Option(verb) => Some(Element::Unfinished([INTERPRET, verb.byte()], 2)),
            State::DetailsOption => Some(Element::Unfinished([INTERPRET, DETAILS], 2)),
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        let (kept, over) = bytes.split_at(bytes.len().min(Limits::TELNET_DETAILS.saturating_sub(self.details.len())));
        self.details.extend_from_slice(kept);
        self.left_out = self.left_out.saturating_add(over.len() as u64);
    }

    fn told(&self, option: u8, ended: bool) -> Element<'_> {
        Element::Telnet(Telnet::Details { option, parameters: &self.details, left_out: self.left_out, ended })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What pieces come to, as text: characters as they are, commands in brackets.
    fn read(pieces: &[&[u8]]) -> String {
        let mut parser = Parser::default();
        let mut told = String::new();
        let mut tell = |element: &Element<'_>| match element {
            Element::Characters(bytes) => told.extend(bytes.iter().map(|byte| char::from(*byte))),
            Element::Doubled => told += "[255]",
            Element::Begins => {}
            Element::Telnet(telnet) => told += &format!("[{telnet:?}]"),
            Element::Unfinished(bytes, length) => told += &format!("[{:?}]", &bytes[..*length]),
        };
        for piece in pieces {
            let mut rest = *piece;
            while !rest.is_empty() {
                let (read, element) = parser.next(rest);
                element.iter().for_each(&mut tell);
                rest = &rest[read..];
            }
        }
        parser.interrupt().iter().for_each(tell);
        told
    }

    #[test]
    fn commands_are_told_from_characters() {
        assert_eq!(read(&[b"a\xff\xfd\x18b"]), "a[Negotiation { verb: Do, option: 24 }]b");
        assert_eq!(read(&[b"a\xff\xffb\xff\xf4"]), "a[255]b[Command(244)]");
        assert_eq!(
            read(&[b"\xff\xfa\x1f\0\xff\xff\0\x18\xff\xf0x"]),
            "[Details { option: 31, parameters: [0, 255, 0, 24], left_out: 0, ended: true }]x"
        );
    }

    #[test]
    fn details_without_an_end_are_told_as_that() {
        assert_eq!(read(&[b"\xff\xfa\x18\x00vt"]), "[Details { option: 24, parameters: [0, 118, 116], left_out: 0, ended: false }]");
        assert_eq!(
            read(&[b"\xff\xfa\x18\x01\xff\xfb\x01x"]),
            "[Details { option: 24, parameters: [1], left_out: 0, ended: false }][Negotiation { verb: Will, option: 1 }]x"
        );
        let long = [&b"\xff\xfa\x18"[..], &[7; Limits::TELNET_DETAILS + 9], b"\xff\xf0"].concat();
        assert!(read(&[&long]).contains("left_out: 9, ended: true"));
    }

    #[test]
    fn commands_without_an_end_are_told_as_far_as_they_came() {
        assert_eq!(read(&[b"a\xff"]), "a[[255]]");
        assert_eq!(read(&[b"a\xff\xfc"]), "a[[255, 252]]");
        assert_eq!(read(&[b"a\xff\xfa"]), "a[[255, 250]]");
    }

    proptest! {
        #[test]
        fn it_is_the_same_in_any_pieces(bytes in proptest::collection::vec(prop_oneof![Just(255u8), 240u8..=255, any::<u8>()], 0..60), size in 1usize..9) {
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(read(&pieces), read(&single));
        }
    }
}
