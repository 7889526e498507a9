//! A frame whose payload no protocol is known for: `EtherType 0x1234, 17 bytes`, `family 99, 37 bytes`.

use super::super::Subject;
use crate::dissect::{Field, FieldSink, Span, Value};
use crate::render::value;

/// Appends what the frame says that it carries, and how long it is.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    subject.view.describe(&mut Words { out });
    super::tcp::push_length(out, subject.view.wire_length());
}

struct Words<'o> {
    out: &'o mut Vec<u8>,
}

impl FieldSink for Words<'_> {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        self.out.extend_from_slice(match field.id {
            "eth.type" | "null.type" => b"EtherType ",
            "null.family" => b"family ",
            _ => return,
        });
        value::push_long(self.out, field, value);
        self.out.extend_from_slice(b", ");
    }
}
