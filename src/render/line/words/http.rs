//! HTTP/1: `GET /maps HTTP/1.1, host www.example.com`, `200 OK, text/html, 640 bytes`.

use super::super::Subject;
use crate::dissect::{Field, FieldSink, Span, Value};
use crate::render::escape;

/// How much of a target a line shows.
const TARGET_SHOWN: usize = 200;

/// Appends the start line and what the line has room for of the headers.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    subject.view.describe(&mut Words { out, any: false });
    out.extend_from_slice(b", ");
    super::tcp::push_length(out, subject.view.wire_length());
}

struct Words<'o> {
    out: &'o mut Vec<u8>,
    any: bool,
}

impl Words<'_> {
    fn word(&mut self, text: &[u8]) {
        if self.any {
            self.out.push(b' ');
        }
        self.any = true;
        escape::push_text_cut(self.out, text, TARGET_SHOWN);
    }
}

impl FieldSink for Words<'_> {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        match (field.id, value) {
            // Cut behind its name, or left out.
            (_, Value::Text([])) => {}
            ("http.request.method" | "http.request.uri" | "http.request.version" | "http.response.phrase", Value::Text(text)) => {
                self.word(text)
            }
            ("http.response.code", Value::Number(code)) => {
                self.any = true;
                crate::render::number::push_decimal(self.out, code);
            }
            ("http.host", Value::Text(text)) => {
                self.out.extend_from_slice(b", host ");
                escape::push_text_cut(self.out, text, TARGET_SHOWN);
            }
            ("http.content_type", Value::Text(text)) => {
                self.out.extend_from_slice(b", ");
                escape::push_text_cut(self.out, text, TARGET_SHOWN);
            }
            ("http.location", Value::Text(text)) => {
                self.out.extend_from_slice(b", to ");
                escape::push_text_cut(self.out, text, TARGET_SHOWN);
            }
            _ => {}
        }
    }
}
