//! Telnet's words about the connection itself, among the characters that are typed and shown (RFC 854, RFC 855).

mod parser;
pub mod table;

pub(super) use parser::{Element, Parser};

/// What the byte 255 (IAC) begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Telnet<'a> {
    /// Who will do what.
    Negotiation {
        /// What is said about it.
        verb: Verb,
        /// The option that it is about.
        option: u8,
    },
    /// Details of an option (RFC 855).
    Details {
        /// The option.
        option: u8,
        /// What is said of it, doubled bytes 255 taken once.
        parameters: &'a [u8],
        /// Bytes beyond those that are kept, or that never came.
        left_out: u64,
        /// Whether its end was seen.
        ended: bool,
    },
    /// A command without an option: interrupt, erase ..
    Command(u8),
}

/// The four ways to speak of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// The speaker does it, or offers to.
    Will,
    /// The speaker does not do it, or will no longer.
    Wont,
    /// The other shall, or may, do it.
    Do,
    /// The other shall not.
    Dont,
}

impl Verb {
    fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            251 => Some(Self::Will),
            252 => Some(Self::Wont),
            253 => Some(Self::Do),
            254 => Some(Self::Dont),
            _ => None,
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Will => 251,
            Self::Wont => 252,
            Self::Do => 253,
            Self::Dont => 254,
        }
    }
}
