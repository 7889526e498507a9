//! As text: each side's lines behind its mark, and what they come to.

use super::voice::Voice;
use super::words::{Whose, push_conflict, push_ending, push_gap, push_of, role, said};
use crate::conversation::Side;
use crate::conversation::text::Dialogue;
use crate::reassembly::{End, Limits, Origin, Overlap, Piece};
use crate::render::style::{Palette, Role};
use crate::render::time::Clock;

/// Writes one conversation as text. Dialogues (mail, file transfer, chat, Telnet) are read line by line, anything else as it comes.
///
/// ```text
/// -- conversation 1, TCP, SMTP: > is 192.168.1.11:40000, < is 10.130.1.25:25 --
/// -- < 10.130.1.25:25, frame 8, 13:15:32.253318 --
/// < 220 mail.example.com ESMTP
/// ```
#[derive(Debug)]
pub struct TextForm {
    dialogue: Dialogue,
    voice: Voice,
    only: Option<Side>,
    /// The frame of a reset that was told: it ends both sides, and is told once.
    reset: Option<u64>,
}

impl TextForm {
    /// A form with times of a clock, in colours, of both sides or only of one.
    #[must_use]
    pub fn new(clock: Clock, palette: Palette, only: Option<Side>, limits: &Limits) -> Self {
        Self { dialogue: Dialogue::new(limits), voice: Voice::new(clock, palette), only, reset: None }
    }

    /// Appends a piece of a TCP stream.
    pub fn piece(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, from: Side, piece: &Piece<'_>) {
        let (only, voice) = (self.only, &mut self.voice);
        self.dialogue.piece(whose.conversation, from, piece, &mut |said| {
            if shows(only, said.from) {
                voice.said(out, whose, &said);
            }
        });
        if !shows(only, from) {
            return;
        }
        match *piece {
            Piece::Data { .. } => {}
            Piece::Gap { length, origin, .. } => {
                self.ours(out, whose);
                push_gap(out, &self.voice.palette, from, length, origin);
            }
            Piece::End { how, origin, .. } => {
                self.ours(out, whose);
                if how != End::Reset || self.reset.replace(origin.frame) != Some(origin.frame) {
                    push_ending(out, &self.voice.palette, whose, from, how, origin);
                }
            }
        }
    }

    /// Appends that bytes came again, where they are others.
    pub fn overlap(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, from: Side, overlap: &Overlap<'_>) {
        if !overlap.is_same() && shows(self.only, from) {
            self.ours(out, whose);
            push_conflict(out, &self.voice.palette, from, overlap);
        }
    }

    /// Appends a datagram.
    pub fn datagram(&mut self, out: &mut Vec<u8>, whose: Whose<'_>, from: Side, payload: &[u8], origin: Origin) {
        if !shows(self.only, from) {
            return;
        }
        self.voice.announce(out, whose, from, origin);
        self.voice.bytes(out, from, role(from), payload);
        if payload.is_empty() {
            push_of(out, &self.voice.palette, Role::Dim, from, |out| said(out, "no bytes"));
        }
        self.voice.close(out);
    }

    /// Appends what was begun: nothing more is heard.
    pub fn finish(&mut self, out: &mut Vec<u8>, whose: Whose<'_>) {
        let (only, voice) = (self.only, &mut self.voice);
        self.dialogue.finish(whose.conversation, &mut |said| {
            if shows(only, said.from) {
                voice.said(out, whose, &said);
            }
        });
        self.ours(out, whose);
    }

    /// Makes room for a line of ours.
    fn ours(&mut self, out: &mut Vec<u8>, whose: Whose<'_>) {
        self.voice.open(out, whose, None);
        self.voice.close(out);
    }
}

/// Whether a side is shown.
pub(super) fn shows(only: Option<Side>, side: Side) -> bool {
    only.is_none_or(|only| only == side)
}
