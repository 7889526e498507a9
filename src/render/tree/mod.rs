//! The layer tree: what every field of a frame says, in words, with what it means where that is asked for.

mod essence;
mod meanings;
mod rows;

use super::number::push_decimal;
use super::style::{Palette, Role};
use super::time::Clock;
use super::{Seen, escape, hexdump, line, note, stop};
use crate::conversation::Names;
use crate::dissect::{Dissection, View};
use crate::explain::Finding;
use crate::frame::{Direction, Frame};
use crate::reassembly::fragments::{Fragment, Outcome};
use crate::source::Interface;
use rows::Rows;

/// What a tree shows beside the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeOptions {
    /// Under each field what it means.
    pub meanings: bool,
    /// Under each layer's title its bytes.
    pub bytes: bool,
    /// How many characters a line of meaning may have: the width of the terminal.
    pub width: usize,
}

impl Default for TreeOptions {
    fn default() -> Self {
        Self { meanings: false, bytes: false, width: 100 }
    }
}

/// Writes frames as trees.
pub struct Tree {
    clock: Clock,
    palette: Palette,
    options: TreeOptions,
    rows: Rows,
}

impl Tree {
    /// Trees with this clock (for the line of the frame) and these colours.
    #[must_use]
    pub fn new(clock: Clock, palette: Palette, options: TreeOptions) -> Self {
        Self { clock, palette, options, rows: Rows::new(options.meanings) }
    }

    /// The colours it uses.
    #[must_use]
    pub fn palette(&self) -> &Palette {
        &self.palette
    }

    /// Appends a frame, with an empty line behind it. `names` are those of the frames before; `finding` is a wrong checksum that nothing
    /// explains; a wrong one without it is what the sender's network card may fill in later.
    pub fn write_frame(
        &mut self,
        out: &mut Vec<u8>,
        frame: &Frame<'_>,
        dissection: &Dissection,
        interfaces: &[Interface],
        names: &Names,
        finding: Option<&Finding>,
    ) {
        self.write(out, &Seen { frame, dissection, fragment: None, finding, conversation: None, notes: &[] }, interfaces, names);
    }

    /// The same for a frame that may be a fragment: behind the layers stands its place in its datagram, and the datagram where it
    /// completes it.
    pub fn write(&mut self, out: &mut Vec<u8>, seen: &Seen<'_>, interfaces: &[Interface], names: &Names) {
        let Seen { frame, dissection, fragment, finding, .. } = *seen;
        self.push_frame(out, frame, dissection, interfaces);
        self.push_layers(out, frame, dissection, 0, names, finding);
        if self.options.bytes {
            hexdump::push_behind(out, &self.palette, frame, dissection);
        }
        if let Some(fragment) = fragment {
            self.push_fragment(out, frame, names, finding, fragment);
        }
        for one in seen.notes {
            note::push_under(out, frame.number, one, names, &self.palette);
        }
        out.push(b'\n');
    }

    /// Appends what became of a fragment, and the datagram that it completes.
    fn push_fragment(&mut self, out: &mut Vec<u8>, frame: &Frame<'_>, names: &Names, finding: Option<&Finding>, fragment: &Fragment) {
        let start = out.len();
        line::push_place(out, fragment, frame.number);
        if let Some(first) = out.get_mut(start) {
            first.make_ascii_uppercase();
        }
        if line::has_trouble(fragment) {
            out.extend_from_slice(b"; ");
            self.palette.paint(out, Role::Warning, |out| line::push_trouble(out, fragment));
        }
        out.push(b'\n');
        let Some(whole) = fragment.whole.as_deref().filter(|_| fragment.outcome == Outcome::Completes) else { return };
        out.extend_from_slice(b"Reassembled datagram, ");
        push_decimal(out, whole.length() as u64);
        out.extend_from_slice(b" bytes\n");
        let length = u32::try_from(whole.bytes.len()).unwrap_or(u32::MAX);
        let datagram = Frame { data: &whole.bytes, length, check_sequence_length: 0, ..*frame };
        self.push_layers(out, &datagram, &whole.dissection, whole.first_layer(), names, finding);
        if let Some(inside) = &whole.inside {
            self.push_fragment(out, frame, names, finding, inside);
        }
    }

    /// Appends the layers from the one at `first` on, and where dissecting stopped.
    fn push_layers(
        &mut self,
        out: &mut Vec<u8>,
        frame: &Frame<'_>,
        dissection: &Dissection,
        first: usize,
        names: &Names,
        finding: Option<&Finding>,
    ) {
        for (index, layer) in dissection.layers.iter().enumerate().skip(first) {
            let Some(view) = View::new(frame.data, dissection, index) else { continue };
            self.palette.paint(out, Role::of_layer(layer), |out| out.extend_from_slice(layer.protocol.title.as_bytes()));
            if layer.quoted {
                out.extend_from_slice(b" (quoted)");
            }
            essence::push(out, view, names);
            if self.options.meanings && !layer.protocol.reference.is_empty() {
                out.push(b' ');
                self.palette.paint(out, Role::Dim, |out| {
                    out.push(b'[');
                    out.extend_from_slice(layer.protocol.reference.as_bytes());
                    out.push(b']');
                });
            }
            out.push(b'\n');
            if self.options.bytes {
                hexdump::push_layer(out, &self.palette, frame, dissection, index);
            }
            self.rows.collect(view, names, finding);
            self.rows.write(out, &self.palette, self.options.width);
        }
        if let Some(stop) = &dissection.stop {
            out.extend_from_slice(b"    ");
            self.palette.paint(out, Role::Warning, |out| stop::push_long(out, stop));
            out.push(b'\n');
        }
    }

    fn push_frame(&mut self, out: &mut Vec<u8>, frame: &Frame<'_>, dissection: &Dissection, interfaces: &[Interface]) {
        out.extend_from_slice(b"Frame ");
        push_decimal(out, frame.number);
        out.extend_from_slice(b": ");
        push_decimal(out, u64::from(frame.length));
        out.extend_from_slice(if frame.length == 1 { b" byte on the wire, " } else { b" bytes on the wire, " });
        let role = if frame.is_cut() { Role::Warning } else { Role::Address };
        self.palette.paint(out, role, |out| {
            push_decimal(out, u64::from(frame.captured()));
            out.extend_from_slice(b" captured");
        });
        self.push_time(out, frame);
        if let Some(interface) = interfaces.get(frame.interface.0 as usize)
            && let Some(name) = &interface.name
        {
            out.extend_from_slice(b", interface ");
            escape::push_text(out, name);
        }
        match frame.annotations.direction() {
            Some(Direction::Inbound) => out.extend_from_slice(b", inbound"),
            Some(Direction::Outbound) => out.extend_from_slice(b", outbound"),
            None => {}
        }
        if dissection.layers.first().is_none_or(|layer| layer.protocol.name == "data") {
            out.extend_from_slice(b", link type ");
            push_decimal(out, u64::from(frame.link_type.0));
            out.extend_from_slice(b", which is not known");
        }
        out.push(b'\n');
        for comment in frame.annotations.comments() {
            push_comment(out, comment);
        }
    }

    fn push_time(&mut self, out: &mut Vec<u8>, frame: &Frame<'_>) {
        let before = out.len();
        out.extend_from_slice(b", ");
        let start = out.len();
        if frame.timestamp.is_none() && self.clock.shows_time() {
            return out.extend_from_slice(b"without a time");
        }
        self.clock.push(out, frame.timestamp);
        // Spans begin with a place for their sign.
        if out.get(start) == Some(&b' ') {
            out.remove(start);
        }
        if out.len() == start {
            return out.truncate(before);
        }
        out.extend_from_slice(self.clock.zone().as_bytes());
    }
}

/// Appends a comment; its own lines stay lines, under the first.
fn push_comment(out: &mut Vec<u8>, comment: &[u8]) {
    for (place, line) in comment.trim_ascii_end().split(|byte| *byte == b'\n').enumerate() {
        out.extend_from_slice(if place == 0 { b"    Comment  " } else { b"             " });
        escape::push_text(out, line.trim_ascii_end());
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests;
