//! What was said, as data.

use super::telnet::Telnet;
use crate::conversation::{Endpoint, Side};
use crate::reassembly::Origin;
use std::ops::Range;

/// What a conversation is held in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// SMTP (RFC 5321).
    Smtp,
    /// The control connection of FTP (RFC 959).
    Ftp,
    /// Either of these: numbered replies, and nothing yet that only one of them has.
    Numbered,
    /// POP3 (RFC 1939).
    Pop3,
    /// IMAP (RFC 9051).
    Imap,
    /// Internet Relay Chat (RFC 2812).
    Irc,
    /// Telnet (RFC 854).
    Telnet,
    /// TLS: encrypted, but for its first messages.
    Tls,
    /// None of those: bytes.
    Bytes,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    /// Who said it.
    pub from: Side,
    /// In which language, as far as that was clear by then.
    pub language: Language,
    /// What it means.
    pub what: Utterance<'a>,
    /// It as it was said: a line without its end (CR LF or LF), or bytes.
    pub bytes: &'a [u8],
    /// Where it stands in its side's stream, with its end.
    pub range: Range<u64>,
    /// The frame that its first byte came in.
    pub began: Origin,
    /// The frame that its last byte came in.
    pub ended: Origin,
}

/// What something said means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Utterance<'a> {
    /// A client's command.
    Command {
        /// What the answer will be marked with (IMAP); else empty.
        tag: &'a [u8],
        /// What it wants.
        verb: &'a [u8],
        /// What the command is about.
        argument: &'a [u8],
    },
    /// A line of a server's reply.
    Reply {
        /// The command that it answers, `*` for none (IMAP); else empty.
        tag: &'a [u8],
        /// How it went: `250`, `+OK`, `NO`.
        code: &'a [u8],
        /// The same in words.
        text: &'a [u8],
        /// Whether more lines of the same reply follow.
        more: bool,
    },
    /// A message of chat, from either side (RFC 2812 section 2.3.1).
    Message {
        /// Who it comes from, where that is said.
        prefix: &'a [u8],
        /// Its command, or the number of a reply.
        command: &'a [u8],
        /// What stands behind.
        parameters: &'a [u8],
    },
    /// A line of none of these forms: in the middle of a reply, a prompt, what is typed.
    Line,
    /// A line of what is handed over between commands: a mail, a list.
    Body {
        /// Whether a dot was put before it, because it begins with one (RFC 5321 section 4.5.2).
        stuffed: bool,
    },
    /// The dot that ends it.
    BodyEnd,
    /// Bytes whose number was said before (IMAP's literals, SMTP's chunks); they may come in several of these.
    Counted {
        /// How many of them follow.
        left: u64,
    },
    /// What a client answers to a challenge.
    Response,
    /// Telnet's words about the connection itself.
    Telnet(Telnet<'a>),
    /// A record of TLS.
    Record(Record),
    /// Bytes of a side that encrypts, in no record that could be made out.
    Encrypted,
    /// Bytes that are none of the language's, or of no language that is known.
    Bytes,
    /// Nothing that was said: what it comes to.
    Aside(Aside<'a>),
}

/// What is to be said about what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside<'a> {
    /// Who logs in: what the base64 before it holds (RFC 4616).
    Credentials {
        /// As whom to act, where that is another.
        acting_as: &'a [u8],
        /// Who it is.
        user: &'a [u8],
        /// What proves it.
        password: &'a [u8],
    },
    /// What the base64 before it holds.
    Decoded(&'a [u8]),
    /// Where FTP's next data connection goes to.
    DataConnection(Endpoint),
    /// The same where only the port is said: the address is the speaker's.
    DataPort(u16),
    /// What a number of chat stands for.
    Numeric {
        /// The number.
        number: u16,
        /// Its name.
        name: &'static str,
    },
    /// From here on both sides encrypt.
    Encrypted,
    /// From here on both sides compress.
    Compressed,
}

/// A record of TLS: what can be told of it without keys (RFC 8446 section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it carries.
    pub content_type: u8,
    /// How many bytes.
    pub length: u64,
    /// How many of them are not in the capture.
    pub missing: u64,
    /// The type of the first handshake message in it; `None` where it is of another kind or encrypted.
    pub handshake: Option<u8>,
}
