//! Logging in, as mail protocols do it: base64 that hides nothing (RFC 4954, RFC 5034, RFC 9051 section 6.2.2).

use super::base64::decode;
use super::said::{Aside, Utterance};
use super::turn::{Turn, first_word};

/// An exchange of challenges and responses that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mechanism {
    /// User and password in one (RFC 4616).
    Plain,
    /// Any other: what is said is decoded, and not taken apart.
    Other,
}

impl Mechanism {
    /// The mechanism that the argument of a command names; what was said with it at once is told.
    pub(super) fn begin(argument: &[u8], turn: &mut Turn<'_>) -> Self {
        let (name, initial) = first_word(argument);
        let mechanism = if name.eq_ignore_ascii_case(b"PLAIN") { Self::Plain } else { Self::Other };
        mechanism.tell(initial, turn);
        mechanism
    }

    /// A line that answers a challenge.
    pub(super) fn respond(self, line: &[u8], turn: &mut Turn<'_>) {
        turn.tell(Utterance::Response);
        self.tell(line, turn);
    }

    fn tell(self, text: &[u8], turn: &mut Turn<'_>) {
        let Some(decoded) = decode(text).filter(|decoded| !decoded.is_empty()) else { return };
        let mut parts = decoded.split(|byte| *byte == 0);
        match (self, parts.next(), parts.next(), parts.next(), parts.next()) {
            (Self::Plain, Some(acting_as), Some(user), Some(password), None) => {
                turn.aside(Aside::Credentials { acting_as, user, password });
            }
            _ => turn.aside(Aside::Decoded(&decoded)),
        }
    }
}

/// Tells what a server's challenge holds.
pub(super) fn challenge(text: &[u8], turn: &mut Turn<'_>) {
    Mechanism::Other.tell(text, turn);
}
