//! For the unit tests of protocols: hexadecimal in, layers and fields out.

use super::{Dissection, Field, FieldSink, Span, Value, View, dissect_bytes};
use crate::frame::LinkType;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Bytes that were dissected.
pub(crate) struct Dissected {
    pub(crate) bytes: Vec<u8>,
    pub(crate) dissection: Dissection,
}

/// The bytes that hexadecimal digits say; everything else among them is passed over.
pub(crate) fn bytes(hexadecimal: &str) -> Vec<u8> {
    let digits: Vec<u8> = hexadecimal.chars().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}

/// Dissects bytes given in hexadecimal, all of which were captured.
pub(crate) fn dissect(link_type: LinkType, hexadecimal: &str) -> Dissected {
    let bytes = bytes(hexadecimal);
    let length = bytes.len();
    dissect_cut(link_type, bytes, length)
}

/// Dissects bytes of which there were `length` on the wire.
pub(crate) fn dissect_cut(link_type: LinkType, bytes: Vec<u8>, length: usize) -> Dissected {
    let mut dissection = Dissection::default();
    dissect_bytes(&bytes, length, link_type, &mut dissection);
    Dissected { bytes, dissection }
}

impl Dissected {
    /// The layers' names, joined with colons.
    pub(crate) fn protocols(&self) -> String {
        self.dissection.layers.iter().map(|layer| layer.protocol.name).collect::<Vec<_>>().join(":")
    }

    /// The values of a field, in all layers.
    pub(crate) fn values(&self, id: &str) -> Vec<String> {
        self.fields().into_iter().filter(|(found, _)| *found == id).map(|(_, value)| value).collect()
    }

    /// The first value of a field; empty where it does not occur.
    pub(crate) fn value(&self, id: &str) -> String {
        self.values(id).into_iter().next().unwrap_or_default()
    }

    /// Every field with its value. Fails where a heading is not closed, or a value is said to stand where no bytes are.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut sink = Sink { fields: Vec::new(), open: 0, end: self.bytes.len() };
        for index in 0..self.dissection.layers.len() {
            let Some(view) = View::new(&self.bytes, &self.dissection, index) else { continue };
            view.describe(&mut sink);
            assert_eq!(sink.open, 0, "a heading of {} is not closed", view.layer().protocol.name);
        }
        sink.fields
    }
}

struct Sink {
    fields: Vec<(&'static str, String)>,
    open: usize,
    end: usize,
}

impl FieldSink for Sink {
    fn field(&mut self, field: &'static Field, span: Span, value: Value<'_>) {
        assert!(span.start + span.length <= self.end, "{} stands beyond the end", field.id);
        self.fields.push((field.id, text(value)));
    }

    fn open(&mut self, group: &'static Field, _: Span, value: Value<'_>) {
        self.open += 1;
        self.fields.push((group.id, text(value)));
    }

    fn close(&mut self) {
        self.open -= 1;
    }
}

fn text(value: Value<'_>) -> String {
    match value {
        Value::Present => String::new(),
        Value::Number(number) => number.to_string(),
        Value::Time(time) => time.nanoseconds().to_string(),
        Value::Boolean(set) => set.to_string(),
        Value::Mac(address) => address.map(|byte| format!("{byte:02x}")).join(":"),
        Value::Ipv4(address) => Ipv4Addr::from(address).to_string(),
        Value::Ipv6(address) => Ipv6Addr::from(address).to_string(),
        Value::Text(text) => String::from_utf8_lossy(text).into_owned(),
        Value::Bytes(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Value::Status(checksum) => format!("{:?}", checksum.status).to_lowercase(),
    }
}
