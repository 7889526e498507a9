//! The table: one line a conversation, in columns as wide as what stands in them.

use super::super::number::push_decimal;
use super::super::style::{Palette, Role};
use super::super::time::Clock;
use super::cell::{push_duration, push_grouped};
use super::words::{push_application, push_end_called, push_incidents, push_kind, push_state};
use super::{Overview, both};
use super::{lookup, tls};
use crate::conversation::names::Between;
use crate::conversation::{Conversation, Endpoint, Names};
use crate::render::name::push_introduction;
use std::collections::HashSet;

/// How wide the column of each end becomes at most: longer names push what stands behind them to the right.
const END_SHOWN: usize = 40;

/// Of how many names it is said where they come from.
const NAMES_SHOWN: usize = 12;

const COLUMNS: usize = 11;
/// The heads of the columns.
const HEADS: [&str; COLUMNS] =
    ["N", "began", "kind", "originator", "responder", "speaks", "frames >", "< frames", "bytes >", "< bytes", "lasted"];
/// Whether what stands in them stands at the right.
const RIGHT: [bool; COLUMNS] = [true, false, false, false, false, false, true, true, true, true, true];

/// Writes conversations as the lines of a table. Each is measured first, so that the columns fit all of them.
pub struct Table<'a> {
    palette: &'a Palette,
    names: &'a Names,
    clock: Clock,
    widths: [usize; COLUMNS],
    cells: [Vec<u8>; COLUMNS],
}

impl<'a> Table<'a> {
    /// A table with nothing in it.
    #[must_use]
    pub fn new(palette: &'a Palette, names: &'a Names, clock: Clock) -> Self {
        Self { palette, names, clock, widths: HEADS.map(str::len), cells: Default::default() }
    }

    /// Makes the columns wide enough for a conversation.
    pub fn measure(&mut self, overview: &Overview<'_>) {
        self.fill(overview);
        for (place, cell) in self.cells.iter().enumerate() {
            let width = String::from_utf8_lossy(cell).chars().count();
            let limit = if (3..5).contains(&place) { END_SHOWN } else { usize::MAX };
            self.widths[place] = self.widths[place].max(width.min(limit));
        }
    }

    /// Appends the heads of the columns.
    pub fn push_heads(&self, out: &mut Vec<u8>) {
        self.palette.paint(out, Role::Dim, |out| {
            for (place, head) in HEADS.into_iter().enumerate() {
                push_cell(out, head.as_bytes(), self.widths[place], RIGHT[place]);
            }
            out.extend_from_slice(b"how it went");
        });
        out.push(b'\n');
    }

    /// Appends a conversation's line.
    pub fn push(&mut self, out: &mut Vec<u8>, overview: &Overview<'_>) {
        self.fill(overview);
        for (place, cell) in self.cells.iter().enumerate() {
            let role = match place {
                1 => Role::Time,
                2 => Role::Transport,
                5 => Role::Application,
                _ => Role::Address,
            };
            self.palette.paint(out, role, |out| push_cell(out, cell, self.widths[place], RIGHT[place]));
        }
        let conversation = overview.conversation;
        let state = conversation.state();
        if let Some(state) = state {
            push_state(out, state);
        }
        let between = if state.is_some() { ", " } else { "" };
        let mut incidents = Vec::new();
        if push_incidents(&mut incidents, conversation, ", ") {
            self.palette.paint(out, Role::Warning, |out| {
                out.extend_from_slice(between.as_bytes());
                out.extend_from_slice(incidents.get(2..).unwrap_or_default());
            });
        }
        if let Some(tls) = overview.tls {
            out.extend_from_slice(between.as_bytes());
            tls::push_short(out, tls);
        }
        if let Some(lookup) = overview.lookups.first() {
            out.extend_from_slice(between.as_bytes());
            lookup::push(out, lookup);
            if overview.lookups.len() > 1 {
                out.extend_from_slice(b", and ");
                push_grouped(out, overview.lookups.len() as u64 - 1);
                out.extend_from_slice(b" more");
            }
        }
        while out.last() == Some(&b' ') {
            out.pop();
        }
        out.push(b'\n');
    }

    /// Appends where the names come from that stand in place of addresses.
    pub fn push_names<'o>(&self, out: &mut Vec<u8>, conversations: impl Iterator<Item = &'o Conversation>) {
        let mut told = HashSet::new();
        let called = conversations.flat_map(|conversation| {
            let between = Between::of(conversation);
            conversation.ends.iter().filter_map(move |end| self.names.called_in(end.address, Some(&between)))
        });
        for called in called {
            if !told.insert(called.place) {
                continue;
            }
            if told.len() > NAMES_SHOWN {
                self.palette.paint(out, Role::Dim, |out| out.extend_from_slice(b"note: -v says where the other names come from\n"));
                return;
            }
            self.palette.paint(out, Role::Dim, |out| {
                out.extend_from_slice(b"note: ");
                push_introduction(out, called);
            });
            out.push(b'\n');
        }
    }

    fn fill(&mut self, overview: &Overview<'_>) {
        let conversation = overview.conversation;
        self.cells.iter_mut().for_each(Vec::clear);
        let [number, began, kind, originator, responder, speaks, frames_out, frames_in, bytes_out, bytes_in, lasted] = &mut self.cells;
        push_decimal(number, conversation.id);
        self.clock.push(began, conversation.first());
        push_kind(kind, conversation.kind);
        let [one, other] = &conversation.ends;
        let between = Between::of(conversation);
        let called = |end: &Endpoint| self.names.called_in(end.address, Some(&between));
        push_end_called(originator, called(one), conversation.kind, one);
        push_end_called(responder, called(other), conversation.kind, other);
        push_application(speaks, overview.application);
        let [sent, received] = both(|side| &conversation.sent[side.index()]);
        push_grouped(frames_out, sent.frames.into());
        push_grouped(frames_in, received.frames.into());
        push_grouped(bytes_out, sent.bytes);
        push_grouped(bytes_in, received.bytes);
        match conversation.duration().filter(|_| conversation.frames() > 1) {
            Some(duration) => push_duration(lasted, duration),
            None => lasted.push(b'-'),
        }
    }
}

fn push_cell(out: &mut Vec<u8>, text: &[u8], width: usize, right: bool) {
    let pad = width.saturating_sub(String::from_utf8_lossy(text).chars().count());
    if right {
        out.extend(std::iter::repeat_n(b' ', pad));
    }
    out.extend_from_slice(text);
    if !right {
        out.extend(std::iter::repeat_n(b' ', pad));
    }
    out.extend_from_slice(b"  ");
}
