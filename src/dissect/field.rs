//! Fields: what a layer is made of, as static descriptors. Values carry no text of ours; render puts words on them.

use super::checksum::Checksum;
use crate::frame::Timestamp;

/// How a field's value is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A heading with further fields under it, no value of its own.
    Group,
    /// A number, in decimal.
    Decimal,
    /// A number, in hexadecimal with so many digits.
    Hexadecimal(u8),
    /// True or false: one bit.
    Boolean,
    /// A 48 bit link address.
    Mac,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// Characters, as far as the bytes are some.
    Text,
    /// Bytes.
    Bytes,
    /// A moment.
    Time,
    /// A checksum as it stands in the packet: four hexadecimal digits, in JSON too.
    Checksum,
    /// What verifying a checksum gave.
    Status,
}

/// The value of a field in one packet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// No value: the field is a heading, or its presence is all there is to know.
    Present,
    /// A number.
    Number(u64),
    /// One bit.
    Boolean(bool),
    /// A 48 bit link address.
    Mac([u8; 6]),
    /// An IPv4 address.
    Ipv4([u8; 4]),
    /// An IPv6 address.
    Ipv6([u8; 16]),
    /// Bytes that are meant to be characters; nothing promises that they are UTF-8 or printable.
    Text(&'a [u8]),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A moment that a protocol speaks of (a signature's end, a server's clock).
    Time(Timestamp),
    /// What verifying a checksum gave, with the value that would have been right.
    Status(Checksum),
}

/// The place of a field's bytes in the buffer that was dissected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// How many bytes; 0 for what is worked out and not read.
    pub length: usize,
}

/// Names of a field's numbers, as `(number, name)`.
pub type Names = &'static [(u64, &'static str)];

/// The static description of a field.
#[derive(Debug)]
pub struct Field {
    /// Wireshark's display-filter name where Wireshark has the field.
    pub id: &'static str,
    /// What the tree calls it.
    pub label: &'static str,
    /// How its value is shown.
    pub kind: Kind,
    /// The names of its numbers.
    pub names: Names,
    /// Where the names are kept by somebody else (the numbers of IANA, which etherparse has): asked after `names`.
    pub named_by: Option<fn(u64) -> Option<&'static str>>,
    /// The names of its bits, as `(mask, name)`, most telling first.
    pub bits: Names,
    /// The unit of its number, in the plural ("bytes", "seconds"); empty where it has none.
    pub unit: &'static str,
    /// Further names that mean this field or another (`tcp.port` for either port).
    pub aliases: &'static [&'static str],
    /// What it is for, in a sentence: the text of `-vv` and of wirelore-fields(7).
    pub meaning: &'static str,
    /// Whether the one-line form shows it where a protocol has no wording of its own.
    pub in_line: bool,
    /// Whether its text is in a protocol's own written form, in which nothing but escapes begins with a backslash (the names of DNS).
    pub presented: bool,
}

impl Field {
    /// A field of any kind; the named constructors below read better.
    #[must_use]
    pub const fn new(id: &'static str, label: &'static str, kind: Kind, meaning: &'static str) -> Self {
        Self { id, label, kind, names: &[], named_by: None, bits: &[], unit: "", aliases: &[], meaning, in_line: false, presented: false }
    }

    /// A heading for other fields (TCP options, a DNS answer).
    #[must_use]
    pub const fn group(id: &'static str, label: &'static str, meaning: &'static str) -> Self {
        Self::new(id, label, Kind::Group, meaning)
    }

    /// A decimal number.
    #[must_use]
    pub const fn number(id: &'static str, label: &'static str, meaning: &'static str) -> Self {
        Self::new(id, label, Kind::Decimal, meaning)
    }

    /// A hexadecimal number of so many digits.
    #[must_use]
    pub const fn hexadecimal(id: &'static str, label: &'static str, digits: u8, meaning: &'static str) -> Self {
        Self::new(id, label, Kind::Hexadecimal(digits), meaning)
    }

    /// One bit.
    #[must_use]
    pub const fn boolean(id: &'static str, label: &'static str, meaning: &'static str) -> Self {
        Self::new(id, label, Kind::Boolean, meaning)
    }

    /// A link address.
    #[must_use]
    pub const fn mac(id: &'static str, label: &'static str, meaning: &'static str) -> Self {
        Self::new(id, label, Kind::Mac, meaning)
    }

    /// An IPv4 address.
    #[must_use]
    pub const fn ipv4(id: &'static str, label: &'static str, meaning: &'static str) -> Self {
        Self::new(id, label, Kind::Ipv4, meaning)
    }

    /// An IPv6 address.
    #[must_use]
    pub const fn ipv6(id: &'static str, label: &'static str, meaning: &'static str) -> Self {
        Self::new(id, label, Kind::Ipv6, meaning)
    }

    /// Characters.
    #[must_use]
    pub const fn text(id: &'static str, label: &'static str, meaning: &'static str) -> Self {
        Self::new(id, label, Kind::Text, meaning)
    }

    /// Bytes.
    #[must_use]
    pub const fn bytes(id: &'static str, label: &'static str, meaning: &'static str) -> Self {
        Self::new(id, label, Kind::Bytes, meaning)
    }

    /// A moment.
    #[must_use]
    pub const fn time(id: &'static str, label: &'static str, meaning: &'static str) -> Self {
        Self::new(id, label, Kind::Time, meaning)
    }

    /// A checksum as it stands in the packet.
    #[must_use]
    pub const fn checksum(id: &'static str, label: &'static str, meaning: &'static str) -> Self {
        Self::new(id, label, Kind::Checksum, meaning)
    }

    /// What verifying a checksum gave.
    #[must_use]
    pub const fn status(id: &'static str, label: &'static str, meaning: &'static str) -> Self {
        Self::new(id, label, Kind::Status, meaning)
    }

    /// With names for its numbers.
    #[must_use]
    pub const fn names(mut self, names: Names) -> Self {
        self.names = names;
        self
    }

    /// With somebody to ask for the names of its numbers.
    #[must_use]
    pub const fn named_by(mut self, name: fn(u64) -> Option<&'static str>) -> Self {
        self.named_by = Some(name);
        self
    }

    /// With names for its bits, as `(mask, name)`.
    #[must_use]
    pub const fn bits(mut self, bits: Names) -> Self {
        self.bits = bits;
        self
    }

    /// With a unit, in the plural.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// With further names that mean this field too.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Its text is in a protocol's own written form, escapes and all: they are not escaped again.
    #[must_use]
    pub const fn presented(mut self) -> Self {
        self.presented = true;
        self
    }

    /// Shown in the one-line form where the protocol has no wording of its own there.
    #[must_use]
    pub const fn in_line(mut self) -> Self {
        self.in_line = true;
        self
    }

    /// The name of a number of this field, where it has one.
    #[must_use]
    pub fn name_of(&self, number: u64) -> Option<&'static str> {
        let own = self.names.iter().find(|(key, _)| *key == number).map(|(_, name)| *name);
        own.or_else(|| self.named_by.and_then(|name| name(number)))
    }

    /// Whether both are the same descriptor.
    #[must_use]
    pub fn is(&self, other: &Field) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Takes the fields of a layer, in the order of their bytes.
pub trait FieldSink {
    /// A field with its value and its place.
    fn field(&mut self, field: &'static Field, span: Span, value: Value<'_>);

    /// A heading begins: what follows until [`FieldSink::close`] stands under it. A sink that keeps no tree may ignore both.
    fn open(&mut self, _group: &'static Field, _span: Span, _value: Value<'_>) {}

    /// The last heading ends.
    fn close(&mut self) {}
}

/// Declares the fields of a protocol: one static a field, and `FIELDS`, the list of all of them.
macro_rules! fields {
    ($($name:ident = $field:expr;)*) => {
        $(static $name: $crate::dissect::Field = $field;)*
        /// Every field this protocol can show.
        pub(crate) static FIELDS: &[&$crate::dissect::Field] = &[$(&$name),*];
    };
}
