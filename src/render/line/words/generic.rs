//! Words for a protocol that has none of its own: the fields that its file marks for the line.

use super::super::Subject;
use crate::dissect::{Field, FieldSink, Span, Value, View};
use crate::render::value;

/// Appends the marked fields, and the length of what the layer carries where nothing decodes it.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    let before = out.len();
    subject.view.describe(&mut Marked { out, named: true, separator: b"", left: FIELDS_SHOWN, more: false });
    if out.len() == before {
        let view = subject.view;
        // What an extension header carries is not its own: it belongs to the packet.
        let is_extension = view.layer().protocol.name.starts_with("ipv6.");
        super::tcp::push_length(out, if is_extension { view.header().len() } else { view.wire_length() });
    }
}

/// Appends the marked fields of a layer that tell it from others of its kind (`session 7`): names of numbers only say what follows.
pub(in crate::render::line) fn push_distinction(out: &mut Vec<u8>, view: View<'_>) {
    view.describe(&mut Marked { out, named: false, separator: b"", left: FIELDS_SHOWN, more: false });
}

/// How many fields a line shows: the first few say what a frame is.
const FIELDS_SHOWN: usize = 6;

struct Marked<'o> {
    out: &'o mut Vec<u8>,
    /// Whether numbers that have a name are shown.
    named: bool,
    separator: &'static [u8],
    left: usize,
    more: bool,
}

impl FieldSink for Marked<'_> {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        // A text without characters (any service, no reason given) would leave two commas.
        if !field.in_line || matches!(value, Value::Text([]) | Value::Bytes([])) {
            return;
        }
        if let (false, Value::Number(number)) = (self.named, value)
            && field.name_of(number).is_some()
        {
            // Of labels a few have names, and tell one from another all the same.
            if field.id != "mpls.label" {
                return;
            }
            self.out.extend_from_slice(self.separator);
            self.separator = b", ";
            self.out.extend_from_slice(b"label ");
            return value::push_long(self.out, field, value);
        }
        if self.left == 0 {
            // Once: there is more than a line can hold.
            self.out.extend_from_slice(if self.more { b"" } else { b", .." });
            self.more = true;
            return;
        }
        self.left -= 1;
        self.out.extend_from_slice(self.separator);
        self.separator = b", ";
        // A layer may well show two, and nothing in them says whose they are.
        if matches!(value, Value::Mac(_)) {
            value::push_label(self.out, field);
            self.out.push(b' ');
        }
        value::push_short(self.out, field, value);
    }

    fn open(&mut self, group: &'static Field, span: Span, value: Value<'_>) {
        self.field(group, span, value);
    }
}
