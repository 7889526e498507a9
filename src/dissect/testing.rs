//! For the unit tests of protocols: hexadecimal in, layers and fields out.

use super::{Dissection, Field, FieldSink, Protocol, Span, Value, View, dissect_bytes};
use crate::frame::LinkType;
use proptest::collection;
use proptest::prelude::{Just, any, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
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

/// A raw IPv4 packet with a UDP datagram from port 40000 to `port`.
pub(crate) fn udp(port: u16, payload: &[u8]) -> Vec<u8> {
    let length = payload.len() as u16 + 8;
    let header = [40000u16.to_be_bytes(), port.to_be_bytes(), length.to_be_bytes(), [0, 0]].concat();
    ipv4(17, &[&header, payload].concat())
}

/// A raw IPv4 packet with a TCP segment from port 40000 to `port`.
pub(crate) fn tcp(port: u16, payload: &[u8]) -> Vec<u8> {
    let ports = [40000u16.to_be_bytes(), port.to_be_bytes()].concat();
    ipv4(6, &[&ports, &[0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0x20, 0, 0, 0, 0, 0][..], payload].concat())
}

fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = (payload.len() as u16 + 20).to_be_bytes();
    [&[0x45, 0, high, low, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], payload].concat()
}

/// Dissects a raw IPv4 packet that was captured whole.
pub(crate) fn look(packet: Vec<u8>) -> Dissected {
    let length = packet.len();
    dissect_cut(LinkType::IPV4, packet, length)
}

/// Describes a raw IPv4 packet cut at every length, as a capture that kept less and as a packet that is shorter: a broken rule fails.
pub(crate) fn cut_everywhere(packet: &[u8]) {
    for length in 0..packet.len() {
        dissect_cut(LinkType::IPV4, packet[..length].to_vec(), packet.len()).fields();
        dissect_cut(LinkType::IPV4, packet[..length].to_vec(), length).fields();
    }
}

/// Describes a raw IPv4 packet many times with some of its bytes, from offset `from` on, replaced by others: a broken rule fails.
pub(crate) fn damage_everywhere(packet: &[u8], from: usize) {
    let bytes = prop_oneof![any::<u8>(), Just(0), Just(0xff), Just(0xc0), Just(1)];
    let damage = collection::vec((from..packet.len(), bytes), 1..6);
    let mut runner = TestRunner::new_with_rng(Config { cases: 300, ..Config::default() }, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(&damage, |places| {
        let mut damaged = packet.to_vec();
        for (place, byte) in places {
            damaged[place] = byte;
        }
        look(damaged).fields();
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
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

    /// Where the first value of a field stands.
    pub(crate) fn span(&self, id: &str) -> Option<Span> {
        self.describe().spans.into_iter().find(|(found, _)| *found == id).map(|(_, span)| span)
    }

    /// Every field with its value. Fails where a heading is not closed, or a value is said to stand where no bytes are, and where a protocol
    /// gives a field that it does not declare.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        self.describe().fields
    }

    fn describe(&self) -> Sink {
        let mut sink = Sink { fields: Vec::new(), spans: Vec::new(), protocol: None, open: 0, end: self.bytes.len() };
        for index in 0..self.dissection.layers.len() {
            let Some(view) = View::new(&self.bytes, &self.dissection, index) else { continue };
            sink.protocol = Some(view.layer().protocol);
            view.describe(&mut sink);
            assert_eq!(sink.open, 0, "a heading of {} is not closed", view.layer().protocol.name);
        }
        sink
    }
}

struct Sink {
    fields: Vec<(&'static str, String)>,
    spans: Vec<(&'static str, Span)>,
    protocol: Option<&'static Protocol>,
    open: usize,
    end: usize,
}

impl FieldSink for Sink {
    fn field(&mut self, field: &'static Field, span: Span, value: Value<'_>) {
        assert!(span.start + span.length <= self.end, "{} stands beyond the end", field.id);
        let declared = self.protocol.is_some_and(|protocol| protocol.fields.iter().any(|list| list.iter().any(|known| known.is(field))));
        assert!(declared, "{:?} does not declare {}", self.protocol, field.id);
        self.spans.push((field.id, span));
        self.fields.push((field.id, text(value)));
    }

    fn open(&mut self, group: &'static Field, span: Span, value: Value<'_>) {
        self.field(group, span, value);
        self.open += 1;
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
