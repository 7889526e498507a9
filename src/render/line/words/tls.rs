//! TLS: `Client Hello www.example.com h2, 517 bytes`, `Application Data, 1400 bytes`.

use super::super::Subject;
use crate::dissect::{Field, FieldSink, Span, Value};
use crate::render::{escape, value};

const SERVER_HELLO: u64 = 2;

/// Appends what the records of a segment are, once each.
pub(super) fn push(out: &mut Vec<u8>, subject: &Subject<'_>) {
    let mut words = Words { out, last: None, any: false, unread: false };
    subject.view.describe(&mut words);
    let any = words.any;
    if let Some(transport) = subject.transport {
        out.extend_from_slice(if any { b", " } else { b"" });
        super::tcp::push_length(out, transport.payload_length);
    }
}

struct Words<'o> {
    out: &'o mut Vec<u8>,
    last: Option<(&'static str, u64)>,
    any: bool,
    /// Whether a handshake record has begun of which no message was told yet.
    unread: bool,
}

impl Words<'_> {
    fn begin(&mut self) {
        self.out.extend_from_slice(if self.any { b", " } else { b"" });
        self.any = true;
    }
}

impl FieldSink for Words<'_> {
    fn field(&mut self, field: &'static Field, _: Span, value: Value<'_>) {
        match (field.id, value) {
            // A handshake record is told by its messages.
            ("tls.record.content_type", Value::Number(22)) => self.unread = true,
            ("tls.record.encrypted", _) if self.unread => {
                self.unread = false;
                self.begin();
                self.out.extend_from_slice(b"Encrypted handshake");
            }
            ("tls.record.content_type" | "tls.handshake.type" | "tls.alert_message.desc", Value::Number(number)) => {
                self.unread = false;
                if self.last == Some((field.id, number)) {
                    return;
                }
                self.last = Some((field.id, number));
                self.begin();
                value::push_short(self.out, field, value);
            }
            // What the server chose; what the client offers is a list.
            ("tls.handshake.ciphersuite", Value::Number(_)) if self.last == Some(("tls.handshake.type", SERVER_HELLO)) => {
                self.out.push(b' ');
                value::push_short(self.out, field, value);
            }
            ("tls.handshake.extensions_server_name" | "tls.handshake.extensions_alpn_str", Value::Text(text)) => {
                self.out.push(b' ');
                escape::push_text_cut(self.out, text, 100);
            }
            _ => {}
        }
    }

    fn open(&mut self, group: &'static Field, span: Span, value: Value<'_>) {
        self.field(group, span, value);
    }
}
