//! What is left of a comparison: a field, or the bytes of a whole layer.

use super::frame_field::{FrameField, frame_field};
use super::vocabulary::{Presence, protocol_word};
use crate::dissect::registry::{PROTOCOLS, protocol_named};
use crate::dissect::{Field, Kind, Protocol};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Whose values are compared.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// Fields of layers: all that go by one name.
    Fields {
        /// The fields, each with the protocol that shows it.
        parts: Vec<FieldPart>,
        /// Which of the protocol's layers are asked, counted from 1 at the outermost; all where there is no number.
        layer: Option<usize>,
    },
    /// The bytes of a protocol's layers, header and payload.
    Layers {
        /// The protocol.
        protocol: &'static Protocol,
        /// Which of its layers.
        layer: Option<usize>,
    },
    /// The frame's bytes.
    FrameBytes,
    /// What the capture says about the frame.
    Frame(&'static FrameField),
}

/// A field of a protocol.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldPart {
    pub(super) protocol: &'static Protocol,
    pub(super) field: &'static Field,
    /// Where its value always stands: then the layer need not be described to read it.
    pub(super) place: Option<Place>,
}

/// Bytes of a header that always hold the same field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) offset: usize,
    pub(super) length: usize,
    /// The field's bits, where it is a number.
    pub(super) mask: u64,
}

/// Fields that people filter by most, with their places.
pub(super) const PLACES: &[(&str, Place)] = &[
    ("eth.dst", place(0, 6)),
    ("eth.src", place(6, 6)),
    ("ip.len", place(2, 2)),
    ("ip.id", place(4, 2)),
    ("ip.ttl", place(8, 1)),
    ("ip.proto", place(9, 1)),
    ("ip.src", place(12, 4)),
    ("ip.dst", place(16, 4)),
    ("ipv6.nxt", place(6, 1)),
    ("ipv6.hlim", place(7, 1)),
    ("ipv6.src", place(8, 16)),
    ("ipv6.dst", place(24, 16)),
    ("tcp.srcport", place(0, 2)),
    ("tcp.dstport", place(2, 2)),
    ("tcp.seq_raw", place(4, 4)),
    ("tcp.ack_raw", place(8, 4)),
    ("tcp.flags", Place { offset: 12, length: 2, mask: 0x0fff }),
    ("tcp.flags.push", Place { offset: 13, length: 1, mask: 0x08 }),
    ("tcp.flags.ack", Place { offset: 13, length: 1, mask: 0x10 }),
    ("tcp.flags.reset", Place { offset: 13, length: 1, mask: 0x04 }),
    ("tcp.flags.syn", Place { offset: 13, length: 1, mask: 0x02 }),
    ("tcp.flags.fin", Place { offset: 13, length: 1, mask: 0x01 }),
    ("tcp.window_size_value", place(14, 2)),
    ("udp.srcport", place(0, 2)),
    ("udp.dstport", place(2, 2)),
    ("udp.length", place(4, 2)),
];

/// Every field by its names. Every word of an expression is looked up here, and an expression may have thousands.
static BY_NAME: LazyLock<HashMap<&'static str, Vec<FieldPart>>> = LazyLock::new(|| {
    let mut by_name: HashMap<&'static str, Vec<FieldPart>> = HashMap::new();
    for protocol in PROTOCOLS {
        for field in protocol.fields.iter().copied().flatten() {
            let place = PLACES.iter().find(|(id, _)| *id == field.id).map(|(_, place)| *place);
            for name in std::iter::once(&field.id).chain(field.aliases) {
                by_name.entry(name).or_default().push(FieldPart { protocol, field, place });
            }
        }
    }
    by_name
});

const fn place(offset: usize, length: usize) -> Place {
    Place { offset, length, mask: u64::MAX }
}

/// What kind of thing the values are: decides which comparisons make sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Number,
    Time,
    Boolean,
    Status,
    Mac,
    Ipv4,
    Ipv6,
    Text,
    Bytes,
    /// A heading: only its presence can be asked.
    Heading,
}

impl Class {
    /// The class of a field.
    pub(super) fn of(kind: Kind) -> Self {
        match kind {
            Kind::Group => Self::Heading,
            Kind::Decimal | Kind::Hexadecimal(_) | Kind::Checksum => Self::Number,
            Kind::Boolean => Self::Boolean,
            Kind::Mac => Self::Mac,
            Kind::Ipv4 => Self::Ipv4,
            Kind::Ipv6 => Self::Ipv6,
            Kind::Text => Self::Text,
            Kind::Bytes => Self::Bytes,
            Kind::Time => Self::Time,
            Kind::Status => Self::Status,
        }
    }

    /// What a message calls it.
    pub(super) fn article(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Time => "a time",
            Self::Boolean => "true or false",
            Self::Status => "the state of a checksum (good, bad, unverified ..)",
            Self::Mac => "a link address",
            Self::Ipv4 => "an IPv4 address",
            Self::Ipv6 => "an IPv6 address",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Heading => "a heading",
        }
    }

    /// What a message calls several.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Number => "numbers",
            Self::Time => "times",
            Self::Boolean => "what is true or false",
            Self::Status => "states",
            Self::Mac => "link addresses",
            Self::Ipv4 => "IPv4 addresses",
            Self::Ipv6 => "IPv6 addresses",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Heading => "headings",
        }
    }

    /// Whether its values have bytes of which some can be taken.
    pub(super) fn has_bytes(self) -> bool {
        match self {
            Self::Mac | Self::Ipv4 | Self::Ipv6 | Self::Text | Self::Bytes => true,
            Self::Number | Self::Time | Self::Boolean | Self::Status | Self::Heading => false,
        }
    }
}

impl Subject {
    /// What goes by a field's name.
    pub(super) fn field(name: &str) -> Option<Self> {
        if let Some(field) = frame_field(name) {
            return Some(Self::Frame(field));
        }
        BY_NAME.get(name).map(|parts| Self::Fields { parts: parts.clone(), layer: None })
    }

    /// The bytes of what goes by a protocol's name.
    pub(super) fn bytes(name: &str) -> Option<Self> {
        if name == "frame" {
            return Some(Self::FrameBytes);
        }
        let name = match protocol_word(name).map(|word| word.presence) {
            Some(Presence::Layer(layer)) => layer,
            Some(Presence::Link) => "eth",
            Some(Presence::IpProtocol(_, 58)) => "icmpv6",
            Some(Presence::IpProtocol(..) | Presence::EtherType(_) | Presence::ServiceAccessPoint(_) | Presence::Chain(_)) | None => name,
        };
        protocol_named(name).map(|protocol| Self::Layers { protocol, layer: None })
    }

    /// What kind of thing its values are.
    pub(super) fn class(&self) -> Class {
        match self {
            // Fields of one name are of one kind: a test holds the registry to it.
            Self::Fields { parts, .. } => parts.first().map_or(Class::Heading, |part| Class::of(part.field.kind)),
            Self::Layers { .. } | Self::FrameBytes => Class::Bytes,
            Self::Frame(field) => field.class,
        }
    }

    /// The number that a name of its numbers stands for.
    pub(super) fn number_named(&self, name: &str) -> Option<u64> {
        let Self::Fields { parts, .. } = self else { return None };
        parts.iter().find_map(|part| {
            let listed = part.field.names.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(number, _)| *number);
            let asked = || {
                let named_by = part.field.named_by?;
                (0..=u64::from(u16::MAX)).find(|number| named_by(*number).is_some_and(|known| known.eq_ignore_ascii_case(name)))
            };
            listed.or_else(asked)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect::registry::fields_named;

    #[test]
    fn fields_of_one_name_are_of_one_class() {
        for protocol in PROTOCOLS {
            for field in protocol.fields.iter().copied().flatten() {
                for name in std::iter::once(&field.id).chain(field.aliases) {
                    let class = Subject::field(name).unwrap().class();
                    for (_, other) in fields_named(name) {
                        assert_eq!(Class::of(other.kind), class, "{name}");
                    }
                }
            }
        }
    }
}
