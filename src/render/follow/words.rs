//! The lines of ours between what was said.

use crate::conversation::text::Language;
use crate::conversation::{Conversation, Kind, Names, Side};
use crate::reassembly::{End, Origin, Overlap};
use crate::render::conversation::cell::push_grouped;
use crate::render::escape;
use crate::render::name::{push_behind, push_name_port};
use crate::render::number::{push_address, push_decimal};
use crate::render::style::{Palette, Role};
use crate::render::time::Clock;
use std::net::IpAddr;

/// Whose words they are.
#[derive(Clone, Copy, Debug)]
pub struct Whose<'a> {
    /// The conversation.
    pub conversation: &'a Conversation,
    /// What its ends are called; none where addresses shall be shown.
    pub names: &'a Names,
}

/// How many bytes of a conflict are shown.
const CONFLICT_SHOWN: usize = 60;

/// The colour of a side.
pub(super) fn role(side: Side) -> Role {
    match side {
        Side::Originator => Role::Network,
        Side::Responder => Role::Application,
    }
}

/// What the lines of a side begin with.
pub(super) fn mark(side: Side) -> &'static [u8] {
    match side {
        Side::Originator => b"> ",
        Side::Responder => b"< ",
    }
}

/// Appends a line of ours.
pub(super) fn push_own(out: &mut Vec<u8>, palette: &Palette, role: Role, words: impl FnOnce(&mut Vec<u8>)) {
    palette.paint(out, role, |out| {
        said(out, "-- ");
        words(out);
        said(out, " --");
    });
    out.push(b'\n');
}

/// Appends a line of ours about a side.
pub(super) fn push_of(out: &mut Vec<u8>, palette: &Palette, role: Role, side: Side, words: impl FnOnce(&mut Vec<u8>)) {
    push_own(out, palette, role, |out| {
        out.extend_from_slice(mark(side));
        words(out);
    });
}

/// Appends what the conversation is: `conversation 0, TCP, SMTP: > is 192.168.1.11:40000, < is 10.130.1.4:25`.
pub(super) fn push_opening(out: &mut Vec<u8>, palette: &Palette, whose: Whose<'_>, language: Option<Language>) {
    push_own(out, palette, Role::Dim, |out| {
        said(out, "conversation ");
        push_decimal(out, whose.conversation.id);
        said(out, ", ");
        push_kind(out, whose.conversation.kind);
        if let Some(name) = language.and_then(language_name) {
            said(out, ", ");
            said(out, name);
        }
        for (side, words) in [(Side::Originator, ": > is "), (Side::Responder, ", < is ")] {
            said(out, words);
            let end = whose.conversation.end(side);
            push_address_port(out, end.address, end.port);
            push_behind(out, whose.names, end.address);
        }
    });
}

/// Appends who speaks, from which frame on, and when.
pub(super) fn push_turn(out: &mut Vec<u8>, palette: &Palette, clock: &mut Clock, whose: Whose<'_>, (side, origin): (Side, Origin)) {
    push_of(out, palette, Role::Dim, side, |out| {
        push_end(out, whose, side);
        push_frame(out, ", frame ", origin);
        if clock.shows_time() {
            said(out, ",");
            let time = out.len();
            clock.push(out, origin.time);
            // Spans bring a space of their own, or a sign in its place.
            if out.get(time) != Some(&b' ') {
                out.insert(time, b' ');
            }
        }
    });
}

/// Appends that bytes are missing.
pub(super) fn push_gap(out: &mut Vec<u8>, palette: &Palette, side: Side, length: u64, origin: Origin) {
    push_of(out, palette, Role::Warning, side, |out| push_missing(out, length, origin));
}

/// Appends how many bytes are missing, and why that is certain: `1,460 bytes are missing here: frame 12 makes it certain`.
pub(super) fn push_missing(out: &mut Vec<u8>, length: u64, origin: Origin) {
    push_count(out, length, "byte is missing here", "bytes are missing here");
    if origin.frame > 0 {
        push_frame(out, ": frame ", origin);
        said(out, " makes it certain");
    }
}

/// Appends that bytes came again, as others.
pub(super) fn push_conflict(out: &mut Vec<u8>, palette: &Palette, side: Side, overlap: &Overlap<'_>) {
    push_of(out, palette, Role::Warning, side, |out| push_versions(out, overlap));
}

/// Appends both versions of bytes that came twice: `two versions of 2 bytes at 1: frame 1 says "bc" (came first, is shown), ..`.
pub(super) fn push_versions(out: &mut Vec<u8>, overlap: &Overlap<'_>) {
    said(out, "two versions of ");
    push_count(out, overlap.kept.len() as u64, "byte", "bytes");
    said(out, " at ");
    push_decimal(out, overlap.offset);
    for (words, origin, bytes) in
        [(": frame ", overlap.kept_origin, overlap.kept), (" (came first, is shown), frame ", overlap.other_origin, overlap.other)]
    {
        push_frame(out, words, origin);
        said(out, " says \"");
        if !escape::push_text_cut(out, bytes, CONFLICT_SHOWN) {
            said(out, "..");
        }
        said(out, "\"");
    }
}

/// Appends how a side's stream ended.
pub(super) fn push_ending(out: &mut Vec<u8>, palette: &Palette, whose: Whose<'_>, side: Side, how: End, origin: Origin) {
    let role = match how {
        End::Finished => Role::Dim,
        End::Reset | End::Unseen => Role::Warning,
    };
    push_of(out, palette, role, side, |out| {
        push_end(out, whose, side);
        match how {
            End::Finished => push_frame(out, " has said everything: FIN in frame ", origin),
            End::Reset => push_frame(out, " says nothing more: the connection was reset in frame ", origin),
            End::Unseen => push_frame(out, " may have said more: what is known of the conversation ends with frame ", origin),
        }
    });
}

pub(super) fn push_kind(out: &mut Vec<u8>, kind: Kind) {
    match kind {
        Kind::Tcp => said(out, "TCP"),
        Kind::Udp => said(out, "UDP"),
        Kind::Echo => said(out, "ICMP echo"),
        Kind::Other(protocol) => {
            said(out, "IP protocol ");
            push_decimal(out, u64::from(protocol));
        }
    }
}

/// Appends an end: `10.130.1.4:25`, `[2001:db8::4]:25`, `mail.example.com:25`.
pub(super) fn push_end(out: &mut Vec<u8>, whose: Whose<'_>, side: Side) {
    let end = whose.conversation.end(side);
    push_name_port(out, whose.names, end.address, end.port);
}

pub(super) fn push_address_port(out: &mut Vec<u8>, address: IpAddr, port: u16) {
    match address {
        IpAddr::V4(_) => push_address(out, address),
        IpAddr::V6(_) => {
            out.push(b'[');
            push_address(out, address);
            out.push(b']');
        }
    }
    out.push(b':');
    push_decimal(out, u64::from(port));
}

fn push_frame(out: &mut Vec<u8>, words: &str, origin: Origin) {
    said(out, words);
    push_decimal(out, origin.frame);
}

/// Appends a number with what is counted: `1 byte`, `1,460 bytes`.
pub(super) fn push_count(out: &mut Vec<u8>, count: u64, one: &str, many: &str) {
    push_grouped(out, count);
    out.push(b' ');
    said(out, if count == 1 { one } else { many });
}

/// The name of a language; none of bytes.
pub(in crate::render) fn language_name(language: Language) -> Option<&'static str> {
    match language {
        Language::Smtp => Some("SMTP"),
        Language::Ftp => Some("FTP"),
        Language::Numbered => Some("SMTP or FTP"),
        Language::Pop3 => Some("POP3"),
        Language::Imap => Some("IMAP"),
        Language::Irc => Some("IRC"),
        Language::Telnet => Some("Telnet"),
        Language::Tls => Some("TLS"),
        Language::Bytes => None,
    }
}

pub(super) fn said(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}
