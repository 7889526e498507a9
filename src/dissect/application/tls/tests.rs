use super::*;
use crate::dissect::{Dissection, FieldSink, Layer, Span, View};
use proptest::prelude::*;

struct Seen(Vec<(&'static str, String)>, usize);

impl FieldSink for Seen {
    fn field(&mut self, field: &'static Field, span: Span, value: Value<'_>) {
        assert!(span.start + span.length <= self.1, "{} ends outside the frame", field.id);
        let text = match value {
            Value::Text(text) => String::from_utf8_lossy(text).into_owned(),
            Value::Number(number) => field.name_of(number).map_or_else(|| number.to_string(), str::to_owned),
            other => format!("{other:?}"),
        };
        self.0.push((field.id, text));
    }

    fn open(&mut self, group: &'static Field, span: Span, value: Value<'_>) {
        self.field(group, span, value);
    }
}

fn fields(bytes: &[u8]) -> Vec<(&'static str, String)> {
    let end = bytes.len();
    let layer = Layer { protocol: &PROTOCOL, start: 0, length: end, end, wire_end: end, quoted: false, network: None };
    let dissection = Dissection { layers: vec![layer], ..Dissection::default() };
    let mut seen = Seen(Vec::new(), end);
    View::new(bytes, &dissection, 0).unwrap().describe(&mut seen);
    seen.0
}

fn value<'a>(fields: &'a [(&'static str, String)], id: &str) -> Option<&'a str> {
    fields.iter().find(|(name, _)| *name == id).map(|(_, text)| text.as_str())
}

/// A client's hello with a server name, an application protocol, two versions and a cipher suite at random (RFC 8701).
fn client_hello() -> Vec<u8> {
    let mut extensions: Vec<u8> = Vec::new();
    extensions.extend(b"\x00\x00\x00\x14\x00\x12\x00\x00\x0fwww.example.com");
    extensions.extend(b"\x00\x10\x00\x05\x00\x03\x02h2");
    extensions.extend(b"\x00\x2b\x00\x05\x04\x03\x04\x03\x03");
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.extend(b"\x00\x00\x04\x0a\x0a\x13\x01\x01\x00");
    body.extend((extensions.len() as u16).to_be_bytes());
    body.extend(extensions);
    let mut message = vec![1, 0];
    message.extend((body.len() as u16).to_be_bytes());
    message.extend(body);
    let mut record = vec![22, 3, 1];
    record.extend((message.len() as u16).to_be_bytes());
    record.extend(message);
    record
}

#[test]
fn a_clients_hello_tells_whom_it_wants_and_what_it_speaks() {
    let seen = fields(&client_hello());
    assert_eq!(value(&seen, "tls.handshake.type"), Some("Client Hello"));
    assert_eq!(value(&seen, "tls.handshake.extensions_server_name"), Some("www.example.com"));
    assert_eq!(value(&seen, "tls.handshake.extensions_alpn_str"), Some("h2"));
    assert_eq!(value(&seen, "tls.handshake.extensions.supported_version"), Some("TLS 1.3"));
    assert_eq!(value(&seen, "tls.handshake.ciphersuite"), Some("GREASE"));
}

#[test]
fn a_record_that_goes_on_says_so_and_keeps_what_is_here() {
    let hello = client_hello();
    let seen = fields(&hello[..hello.len() - 12]);
    assert_eq!(value(&seen, "tls.handshake.extensions_server_name"), Some("www.example.com"));
    assert_eq!(value(&seen, "tls.record.continues"), Some("Boolean(true)"));
}

#[test]
fn what_follows_a_change_of_keys_is_not_read() {
    let mut bytes = b"\x14\x03\x03\x00\x01\x01".to_vec();
    bytes.extend(b"\x16\x03\x03\x00\x08\x01\x00\x00\x04abcd");
    let seen = fields(&bytes);
    assert_eq!(value(&seen, "tls.handshake.type"), None);
    assert_eq!(value(&seen, "tls.record.protected_length"), Some("8"));
}

#[test]
fn an_alert_is_in_words() {
    let seen = fields(b"\x15\x03\x03\x00\x02\x02\x30");
    assert_eq!(value(&seen, "tls.alert_message.desc"), Some("unknown certificate authority"));
}

proptest! {
    #[test]
    fn no_bytes_lead_outside_of_the_frame(at in 0usize..200, byte: u8, cut in 0usize..200) {
        let mut hello = client_hello();
        let length = hello.len();
        hello[at % length] = byte;
        hello.truncate(length - cut % length);
        fields(&hello);
    }

    #[test]
    fn no_certificate_leads_outside_of_the_frame(der in proptest::collection::vec(prop_oneof![Just(0x30u8), Just(0x31), Just(0x06), Just(0x82), any::<u8>()], 0..200)) {
        let mut message = vec![11, 0];
        message.extend((der.len() as u16 + 6).to_be_bytes());
        message.push(0);
        message.extend((der.len() as u16 + 3).to_be_bytes());
        message.push(0);
        message.extend((der.len() as u16).to_be_bytes());
        message.extend(der);
        let mut record = vec![22, 3, 3];
        record.extend((message.len() as u16).to_be_bytes());
        record.extend(message);
        fields(&record);
    }
}
