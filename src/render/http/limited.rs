//! What the limits cut off, counted over a run.

use super::super::number::push_decimal;
use super::super::style::{Palette, Role};
use crate::conversation::body::Bodies;
use crate::conversation::http1::{Exchange, Flag};

/// How often each limit did something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limited {
    /// Heads that were not kept whole.
    pub heads: u64,
    /// Requests that could not wait for their answers.
    pub waiting: u64,
    /// Conversations whose waiting heads were let go.
    pub given_up: u64,
    /// Bodies that were not kept whole.
    pub bodies: u64,
    /// Bodies that were not decoded to their end.
    pub decoding: u64,
    /// Conversations that were put away before their end.
    pub conversations: u64,
    /// Bodies that were not written to files.
    pub files: u64,
    /// Notes that were never made.
    pub notes: u64,
    /// How often explanations had no room for something new.
    pub forgotten: u64,
    /// Holes that were passed over.
    pub holes: u64,
}

impl Limited {
    /// Counts what the limits did to an exchange.
    pub fn observe(&mut self, exchange: &Exchange, bodies: &Bodies) {
        let flags = exchange.all_flags();
        self.heads += u64::from(flags.contains(Flag::LineLimit) || flags.contains(Flag::HeadLimit) || flags.contains(Flag::InterimLimit));
        self.waiting += u64::from(flags.contains(Flag::WaitingLimit));
        for body in bodies.request.iter().chain(&bodies.response) {
            self.bodies += u64::from(body.left_out > 0);
            let stopped = body.decoded.stop.is_some_and(|stop| stop.why.is_limit());
            self.decoding += u64::from(stopped || body.codings.too_many);
        }
    }

    /// Each limit that did something: its name in JSON, how often, and the words for it.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64, &'static str)> {
        let all = [
            ("heads", self.heads, " exchanges had longer heads than are kept (lines 64 KiB, 1,000 headers, 256 KiB), or more of them"),
            ("waiting", self.waiting, " requests could not wait for their answers (1,000 a conversation)"),
            ("given_up", self.given_up, " conversations had to let go of heads that waited (64 MiB in all)"),
            ("bodies", self.bodies, " bodies were longer than is kept (64 MiB, 96 MiB at once)"),
            ("decoding", self.decoding, " bodies were not decoded to their end (64 MiB, 1,000 bytes a coded byte, 4 codings, windows)"),
            ("conversations", self.conversations, " conversations were put away before their end (1,000,000, or 256 MiB)"),
            ("files", self.files, " bodies were not written (10,000 files, 2 GiB)"),
            ("holes", self.holes, " holes were passed over, for more waited behind them than is kept (1 MiB a direction, 256 MiB in all)"),
            ("notes", self.notes, " notes were left out, for there were too many of their rules"),
            ("forgotten", self.forgotten, " times explanations had no room for more: what would follow is not said"),
        ];
        all.into_iter().filter(|(_, count, _)| *count > 0)
    }

    /// Appends a line for each.
    pub fn push_lines(&self, out: &mut Vec<u8>, palette: &Palette) {
        for (_, count, words) in self.iter() {
            palette.paint(out, Role::Warning, |out| {
                out.extend_from_slice(b"warning: limit: ");
                push_decimal(out, count);
                out.extend_from_slice(words.as_bytes());
            });
            out.push(b'\n');
        }
    }
}
