//! The values of a field in a packet, one after the other.

use super::Packet;
use crate::dissect::{Field, FieldSink, Kind, Layer, Span, Status, Value, View};
use crate::filter::frame_field::{Visit, time_number};
use crate::filter::subject::{FieldPart, Place, Subject};
use std::ops::ControlFlow;

/// A link address as a number, so that addresses have an order.
pub(in crate::filter) fn mac_number(address: [u8; 6]) -> u128 {
    address.iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
}

/// The number by which Wireshark knows the state of a checksum.
pub(in crate::filter) fn status_number(status: Status) -> u128 {
    match status {
        Status::Bad => 0,
        Status::Good => 1,
        Status::Unverified => 2,
        Status::NotPresent => 3,
        Status::Illegal => 4,
    }
}

/// A value as a number; `None` for text, bytes and headings.
pub(super) fn number_of(value: Value<'_>) -> Option<u128> {
    match value {
        Value::Number(number) => Some(u128::from(number)),
        Value::Boolean(set) => Some(u128::from(set)),
        Value::Mac(address) => Some(mac_number(address)),
        Value::Ipv4(address) => Some(u128::from(u32::from_be_bytes(address))),
        Value::Ipv6(address) => Some(u128::from_be_bytes(address)),
        Value::Time(timestamp) => Some(u128::from(time_number(timestamp))),
        Value::Status(checksum) => Some(status_number(checksum.status)),
        Value::Present | Value::Text(_) | Value::Bytes(_) => None,
    }
}

/// A value's bytes; `None` where it has none of its own.
pub(super) fn bytes_of<'v>(value: &'v Value<'_>) -> Option<&'v [u8]> {
    match value {
        Value::Mac(address) => Some(address),
        Value::Ipv4(address) => Some(address),
        Value::Ipv6(address) => Some(address),
        Value::Text(bytes) | Value::Bytes(bytes) => Some(bytes),
        Value::Present | Value::Number(_) | Value::Boolean(_) | Value::Time(_) | Value::Status(_) => None,
    }
}

impl Packet<'_> {
    /// Gives every value of `subject` to `visit`, until it breaks off. Packets that ICMP errors quote have fields too.
    pub(in crate::filter) fn visit(self, subject: &Subject, visit: &mut Visit<'_>) -> ControlFlow<()> {
        match subject {
            Subject::Frame(field) => (field.read)(self.frame, self.dissection, visit),
            Subject::FrameBytes => visit(Value::Bytes(self.frame.data)),
            Subject::Layers { protocol, layer: wanted } => {
                let layers = self.dissection.layers.iter().skip(self.first_layer).filter(|layer| layer.protocol.is(protocol));
                layers
                    .zip(1..)
                    .filter(|(_, number)| wanted.is_none_or(|wanted| wanted == *number))
                    .try_for_each(|(layer, _)| visit(Value::Bytes(self.data.get(layer.start..layer.end).unwrap_or_default())))
            }
            Subject::Fields { parts, layer: None } => {
                let mut layers = self.dissection.layers.iter().enumerate().skip(self.first_layer);
                layers.try_for_each(|(index, layer)| self.visit_layer(index, layer, parts, visit))
            }
            Subject::Fields { parts, layer: Some(wanted) } => {
                let mut layers = self.dissection.layers.iter().enumerate().skip(self.first_layer);
                layers.try_for_each(|(index, layer)| {
                    let before = self.dissection.layers.get(self.first_layer..index).unwrap_or_default();
                    let number = before.iter().filter(|other| other.protocol.is(layer.protocol)).count() + 1;
                    if number == *wanted { self.visit_layer(index, layer, parts, visit) } else { ControlFlow::Continue(()) }
                })
            }
        }
    }

    fn visit_layer(self, index: usize, layer: &Layer, parts: &[FieldPart], visit: &mut Visit<'_>) -> ControlFlow<()> {
        let mut own = parts.iter().filter(|part| part.protocol.is(layer.protocol)).peekable();
        if own.peek().is_none() {
            return ControlFlow::Continue(());
        }
        if own.clone().all(|part| part.place.is_some()) {
            return own.try_for_each(|part| match part.place.and_then(|place| self.read(layer, place, part.field)) {
                Some(value) => visit(value),
                None => ControlFlow::Continue(()),
            });
        }
        let mut sink = Matching { parts, visit, flow: ControlFlow::Continue(()) };
        if let Some(view) = View::new(self.data, self.dissection, index) {
            view.describe(&mut sink);
        }
        sink.flow
    }

    /// The value at a place of a layer.
    fn read(self, layer: &Layer, place: Place, field: &Field) -> Option<Value<'static>> {
        let bytes = self.data.get(layer.start..layer.end)?.get(place.offset..place.offset + place.length)?;
        let number = || bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)) & place.mask;
        match field.kind {
            Kind::Mac => bytes.first_chunk().map(|address| Value::Mac(*address)),
            Kind::Ipv4 => bytes.first_chunk().map(|address| Value::Ipv4(*address)),
            Kind::Ipv6 => bytes.first_chunk().map(|address| Value::Ipv6(*address)),
            Kind::Boolean => Some(Value::Boolean(number() != 0)),
            Kind::Decimal | Kind::Hexadecimal(_) | Kind::Checksum => Some(Value::Number(number())),
            Kind::Group | Kind::Text | Kind::Bytes | Kind::Time | Kind::Status => None,
        }
    }
}

/// Takes the fields of a layer and passes on those that are asked for.
struct Matching<'m, 'v> {
    parts: &'m [FieldPart],
    visit: &'m mut Visit<'v>,
    flow: ControlFlow<()>,
}

impl FieldSink for Matching<'_, '_> {
    fn field(&mut self, field: &'static Field, _span: Span, value: Value<'_>) {
        if self.flow.is_continue() && self.parts.iter().any(|part| part.field.is(field)) {
            self.flow = (self.visit)(value);
        }
    }

    fn open(&mut self, group: &'static Field, span: Span, value: Value<'_>) {
        self.field(group, span, value);
    }
}
