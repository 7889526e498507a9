//! Which language a conversation is held in: by what is said first, and by its ports where that does not contradict them.

use super::records;
use super::said::Language;
use crate::conversation::{Conversation, Side};
use crate::limits::Limits;

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The language, and who of the two is the server.
    Is(Language, Side),
    /// It may become clear with more bytes.
    Unclear,
}

/// How a greeting or a first command begins, and whether the server says it.
const BEGINNINGS: &[(&[u8], Language, bool)] = &[
    (b"220 ", Language::Numbered, true),
    (b"220-", Language::Numbered, true),
    // With a blank behind it: servers of Redis say `+OK` alone.
    (b"+OK ", Language::Pop3, true),
    (b"* OK", Language::Imap, true),
    (b"* PREAUTH", Language::Imap, true),
    (b"* BYE", Language::Imap, true),
    (b"NOTICE AUTH", Language::Irc, true),
    (b":", Language::Irc, true),
    (b"NICK ", Language::Irc, false),
    (b"CAP LS", Language::Irc, false),
    (b"CAP REQ", Language::Irc, false),
    (b"EHLO ", Language::Smtp, false),
    (b"HELO ", Language::Smtp, false),
];

/// The command that is in a language's first line, where its beginning is not enough: a colon begins many things.
const NOTICE: &[u8] = b" NOTICE ";

/// What the first bytes of the side that speaks first say.
pub(super) fn recognize(conversation: &Conversation, from: Side, bytes: &[u8]) -> Verdict {
    let unknown = Verdict::Is(Language::Bytes, Side::Responder);
    match *bytes {
        [22] | [255] => return Verdict::Unclear,
        [22, 3, ..] if records::begins(bytes) => return Verdict::Is(Language::Tls, Side::Responder),
        // Negotiation, or its details.
        [255, 250..=254, ..] => return Verdict::Is(Language::Telnet, Side::Responder),
        _ => {}
    }
    if let Some((language, server)) = by_port(conversation) {
        let looked_at = bytes.get(..Limits::FIRST_LINE_LOOKED_AT).unwrap_or(bytes);
        let is_text = looked_at.iter().all(|byte| matches!(byte, b'\t' | b'\r' | b'\n' | b' '..=b'~' | 0x80..));
        return if is_text || language == Language::Telnet { Verdict::Is(language, server) } else { unknown };
    }
    let mut unclear = false;
    for (beginning, language, by_server) in BEGINNINGS {
        let server = if *by_server { from } else { from.other() };
        if bytes.starts_with(beginning) {
            match (*beginning, is_notice(bytes)) {
                (b":", None) => unclear = true,
                (b":", Some(false)) => {}
                _ => return Verdict::Is(*language, server),
            }
        }
        unclear |= beginning.starts_with(bytes);
    }
    if unclear { Verdict::Unclear } else { unknown }
}

/// Whether a line is a server's notice; `None` where it may become one.
fn is_notice(bytes: &[u8]) -> Option<bool> {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let found = line.windows(NOTICE.len()).any(|window| window == NOTICE);
    (found || line.len() < bytes.len() || bytes.len() > Limits::NOTICE_WITHIN).then_some(found)
}

/// The language that a port is known for, and whose port it is.
fn by_port(conversation: &Conversation) -> Option<(Language, Side)> {
    [Side::Responder, Side::Originator].into_iter().find_map(|side| {
        let language = match conversation.end(side).port {
            21 => Language::Ftp,
            23 => Language::Telnet,
            25 | 587 => Language::Smtp,
            110 => Language::Pop3,
            143 => Language::Imap,
            194 | 6660..=6669 => Language::Irc,
            _ => return None,
        };
        Some((language, side))
    })
}
