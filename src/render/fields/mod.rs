//! Columns for scripts: the values of chosen fields, one line a frame.

mod options;

pub use options::{FieldsOptions, Occurrence};

use super::Seen;
use super::time::{Calendar, push_epoch};
use super::{escape, json, number, value};
use crate::dissect::registry::{PROTOCOLS, fields_named};
use crate::dissect::{Dissection, Field, FieldSink, Kind, Protocol, Span, Value, View};
use crate::frame::Frame;
use crate::nearest::nearest;
use crate::reassembly::fragments::{Fragment, Outcome};
use crate::source::Interface;

/// What can be wrong with what was asked for.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldsError {
    /// No field has this name.
    #[error("no field is named {}{}", escape::text(name.as_bytes()), suggestion.map(|near| format!("; did you mean {near}?")).unwrap_or_default())]
    Unknown {
        /// What was asked for.
        name: String,
        /// A name that is near.
        suggestion: Option<&'static str>,
    },
    /// The name of a protocol and not of a field.
    #[error("{name} is a protocol; name one of its fields, {example} for example")]
    Protocol {
        /// Its name.
        name: &'static str,
        /// One of its fields.
        example: &'static str,
    },
    /// Not an option of `-E`.
    #[error(
        "-E {}: say header=y, separator=CHARACTER (/t tab, /s space), aggregator=CHARACTER, quote=d, s or n, occurrence=f, l or a",
        escape::text(word.as_bytes())
    )]
    Option {
        /// What was given.
        word: String,
    },
}

/// What a frame itself has: names of columns that no protocol declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FramePart {
    Number,
    Time,
    TimeEpoch,
    Length,
    CapturedLength,
    Protocols,
    InterfaceName,
    InterfaceId,
    Comment,
}

const FRAME_PARTS: &[(&str, FramePart)] = &[
    ("frame.number", FramePart::Number),
    ("frame.time", FramePart::Time),
    ("frame.time_epoch", FramePart::TimeEpoch),
    ("frame.len", FramePart::Length),
    ("frame.cap_len", FramePart::CapturedLength),
    ("frame.protocols", FramePart::Protocols),
    ("frame.interface_name", FramePart::InterfaceName),
    ("frame.interface_id", FramePart::InterfaceId),
    ("frame.comment", FramePart::Comment),
];

/// Writes columns. It keeps its memory from frame to frame.
pub struct Columns {
    names: Vec<String>,
    frame_parts: Vec<(FramePart, usize)>,
    /// Whose layers must be looked into at all.
    protocols: Vec<&'static Protocol>,
    collected: Collected,
    options: FieldsOptions,
    calendar: Calendar,
    scratch: Vec<u8>,
}

/// The values of one frame, a column each.
struct Collected {
    /// Which fields go into which columns.
    wanted: Vec<(&'static Field, usize)>,
    columns: Vec<Column>,
    aggregator: char,
    occurrence: Occurrence,
}

/// What stands in a column of the frame's line.
#[derive(Clone, Default)]
struct Column {
    text: Vec<u8>,
    /// Whether it has a value: an empty text is one too.
    filled: bool,
}

impl Columns {
    /// Columns of these names, in this order: fields, their aliases (both addresses for `ip.addr`) and `frame.` fields.
    ///
    /// # Errors
    /// Where no field has a name, with one that is near.
    pub fn parse<S: AsRef<str>>(names: &[S], options: FieldsOptions) -> Result<Self, FieldsError> {
        let mut collected = Collected {
            wanted: Vec::new(),
            columns: vec![Column::default(); names.len()],
            aggregator: options.aggregator,
            occurrence: options.occurrence,
        };
        let mut frame_parts = Vec::new();
        let mut protocols: Vec<&'static Protocol> = Vec::new();
        for (column, name) in names.iter().map(AsRef::as_ref).enumerate() {
            if let Some((_, part)) = FRAME_PARTS.iter().find(|(known, _)| *known == name) {
                frame_parts.push((*part, column));
                continue;
            }
            let before = collected.wanted.len();
            for (protocol, field) in fields_named(name) {
                if !protocols.iter().any(|known| known.is(protocol)) {
                    protocols.push(protocol);
                }
                // Protocols may share a list of fields: each of them stands in a column once.
                if !collected.wanted[before..].iter().any(|(known, _)| known.is(field)) {
                    collected.wanted.push((field, column));
                }
            }
            if collected.wanted.len() == before {
                return Err(unknown(name));
            }
        }
        let names = names.iter().map(|name| name.as_ref().to_owned()).collect();
        Ok(Self { names, frame_parts, protocols, collected, options, calendar: Calendar::default(), scratch: Vec::new() })
    }

    /// Appends the line of names, where the options ask for one.
    pub fn write_header(&self, out: &mut Vec<u8>) {
        if self.options.header {
            for (column, name) in self.names.iter().enumerate() {
                self.push_separator(out, column);
                out.extend_from_slice(name.as_bytes());
            }
            out.push(b'\n');
        }
    }

    /// Appends a frame's line.
    pub fn write_frame(&mut self, out: &mut Vec<u8>, frame: &Frame<'_>, dissection: &Dissection, interfaces: &[Interface]) {
        self.write(out, &Seen { frame, dissection, fragment: None, finding: None, conversation: None, notes: &[] }, interfaces);
    }

    /// The same for a frame that may be a fragment: where it completes a datagram, what it carries itself is left out for the datagram.
    pub fn write(&mut self, out: &mut Vec<u8>, seen: &Seen<'_>, interfaces: &[Interface]) {
        let Seen { frame, dissection, fragment, .. } = *seen;
        for column in &mut self.collected.columns {
            column.text.clear();
            column.filled = false;
        }
        for place in 0..self.frame_parts.len() {
            let (part, column) = self.frame_parts[place];
            self.add_frame_part(part, column, frame, dissection, interfaces);
        }
        self.collect(frame.data, dissection, 0, fragment);
        for (place, column) in self.collected.columns.iter().enumerate() {
            self.push_separator(out, place);
            push_quoted(out, &column.text, self.options.quote);
        }
        out.push(b'\n');
    }

    fn collect(&mut self, data: &[u8], dissection: &Dissection, first: usize, fragment: Option<&Fragment>) {
        let whole = fragment.filter(|fragment| fragment.outcome == Outcome::Completes).and_then(|fragment| fragment.whole.as_deref());
        // The headers of a fragment end where its part of the datagram begins.
        let header = whole.and(fragment).map_or(usize::MAX, |fragment| fragment.payload_start);
        for (index, layer) in dissection.layers.iter().enumerate().skip(first).take_while(|(_, layer)| layer.start < header) {
            if self.protocols.iter().any(|protocol| protocol.is(layer.protocol))
                && let Some(view) = View::new(data, dissection, index)
            {
                view.describe(&mut self.collected);
            }
        }
        if let Some(whole) = whole {
            self.collect(&whole.bytes, &whole.dissection, whole.first_layer(), whole.inside.as_ref());
        }
    }

    fn push_separator(&self, out: &mut Vec<u8>, column: usize) {
        if column > 0 {
            push_character(out, self.options.separator);
        }
    }

    fn add_frame_part(&mut self, part: FramePart, column: usize, frame: &Frame<'_>, dissection: &Dissection, interfaces: &[Interface]) {
        let (scratch, calendar) = (&mut self.scratch, &mut self.calendar);
        scratch.clear();
        match part {
            FramePart::Number => number::push_decimal(scratch, frame.number),
            FramePart::Time => frame.timestamp.into_iter().for_each(|timestamp| calendar.push_rfc3339(scratch, timestamp)),
            FramePart::TimeEpoch => frame.timestamp.into_iter().for_each(|timestamp| push_epoch(scratch, timestamp)),
            FramePart::Length => number::push_decimal(scratch, u64::from(frame.length)),
            FramePart::CapturedLength => number::push_decimal(scratch, u64::from(frame.captured())),
            FramePart::Protocols => json::push_protocols(scratch, dissection),
            FramePart::InterfaceName => {
                let interface = interfaces.get(frame.interface.0 as usize);
                escape::push_text(scratch, interface.and_then(|interface| interface.name.as_deref()).unwrap_or_default());
            }
            FramePart::InterfaceId => number::push_decimal(scratch, u64::from(frame.interface.0)),
            FramePart::Comment => {
                for comment in frame.annotations.comments() {
                    self.collected.add(column, |out| escape::push_text(out, comment));
                }
                return;
            }
        }
        self.collected.columns[column].text.extend_from_slice(scratch);
    }
}

impl Collected {
    fn add(&mut self, column: usize, push: impl FnOnce(&mut Vec<u8>)) {
        let Column { text, filled } = &mut self.columns[column];
        if std::mem::replace(filled, true) {
            match self.occurrence {
                Occurrence::First => return,
                Occurrence::Last => text.clear(),
                Occurrence::All => push_character(text, self.aggregator),
            }
        }
        push(text);
    }
}

impl FieldSink for Collected {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        for place in 0..self.wanted.len() {
            let (wanted, column) = self.wanted[place];
            if wanted.is(field) {
                self.add(column, |out| push_value(out, field, value));
            }
        }
    }

    fn open(&mut self, group: &'static Field, span: Span, value: Value<'_>) {
        self.field(group, span, value);
    }
}

/// Appends a value as scripts know it from tshark: one bit as 1 or 0, bytes as hexadecimal digits, a hexadecimal number with all digits
/// of its bytes. A checksum's status is its word.
fn push_value(out: &mut Vec<u8>, field: &Field, value: Value<'_>) {
    match value {
        Value::Present => out.push(b'1'),
        Value::Boolean(set) => out.push(if set { b'1' } else { b'0' }),
        Value::Number(number) => {
            if let Kind::Hexadecimal(digits) = field.kind {
                out.extend_from_slice(b"0x");
                number::push_hex(out, number, usize::from(digits.next_multiple_of(2)));
            } else {
                value::push_number(out, field, number);
            }
        }
        Value::Text(text) => {
            value::push_text(out, field, text, usize::MAX);
        }
        Value::Bytes(bytes) => bytes.iter().for_each(|byte| number::push_hex_byte(out, *byte)),
        Value::Mac(_) | Value::Ipv4(_) | Value::Ipv6(_) | Value::Time(_) | Value::Status(_) => value::push_short(out, field, value),
    }
}

fn push_quoted(out: &mut Vec<u8>, value: &[u8], quote: Option<char>) {
    match quote {
        Some(quote) if !value.is_empty() => {
            push_character(out, quote);
            for byte in value {
                if char::from(*byte) == quote {
                    push_character(out, quote);
                }
                out.push(*byte);
            }
            push_character(out, quote);
        }
        _ => out.extend_from_slice(value),
    }
}

fn push_character(out: &mut Vec<u8>, character: char) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

fn unknown(name: &str) -> FieldsError {
    if let Some(protocol) = PROTOCOLS.iter().find(|protocol| protocol.name == name)
        && let Some(example) = protocol.fields.iter().copied().flatten().next()
    {
        return FieldsError::Protocol { name: protocol.name, example: example.id };
    }
    let fields = PROTOCOLS.iter().flat_map(|protocol| protocol.fields.iter().copied().flatten());
    let names = fields.flat_map(|field| std::iter::once(field.id).chain(field.aliases.iter().copied()));
    let suggestion = nearest(name, names.chain(FRAME_PARTS.iter().map(|(name, _)| *name)));
    FieldsError::Unknown { name: name.to_owned(), suggestion }
}

#[cfg(test)]
mod tests;
