//! The tree that an expression becomes and that every frame is held against.

use super::number_range::NumberRange;
use super::subject::Subject;
use crate::dissect::Protocol;
use crate::frame::Direction;
use regex::bytes::Regex;

/// A question to a frame, yes or no.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// Yes, whatever the frame: the empty expression.
    Everything,
    /// The contrary.
    Not(Box<Node>),
    /// Questions joined from left to right: `and` and `or` bind equally, as in libpcap. A list and no tree, so that a filter of a thousand
    /// hosts nests no deeper than one of two.
    Chain(Box<Node>, Vec<(Connective, Node)>),
    /// One of tcpdump's words.
    Primitive(Primitive),
    /// Two numbers compared that are computed from bytes.
    Arithmetic(Relation, Box<Arithmetic>, Box<Arithmetic>),
    /// Whether a field is there.
    Present(Subject),
    /// A field's value held against another.
    Comparison(Box<Comparison>),
}

/// What joins two questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Connective {
    And,
    Or,
}

/// Which of the two ends of a conversation is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Source,
    Destination,
    Either,
    Both,
}

impl Side {
    /// The answer for this side from the answers for both ends.
    pub(super) fn choose(self, source: bool, destination: bool) -> bool {
        match self {
            Self::Source => source,
            Self::Destination => destination,
            Self::Either => source || destination,
            Self::Both => source && destination,
        }
    }
}

/// Which versions of the Internet Protocol are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Ipv4,
    Ipv6,
    Any,
}

/// Which packets' addresses are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AddressScope {
    /// Those of IPv4 and IPv6 packets, and what ARP and RARP messages speak of.
    Any,
    /// Those of packets.
    Packets,
    /// Those of ARP messages.
    Arp,
    /// Those of RARP messages.
    Rarp,
}

/// Addresses that share the bits of a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AddressRange {
    Ipv4 { address: u32, mask: u32 },
    Ipv6 { address: u128, mask: u128 },
}

/// Which of the protocols with ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PortProtocol {
    Tcp,
    Udp,
    Sctp,
    Any,
}

/// A tag, label or header with a number in it that tells one network from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// The names of the protocols that carry it.
    pub(super) protocols: &'static [&'static str],
    /// Offset of the number, and its length, in the header.
    pub(super) place: (usize, usize),
    /// Its bits there.
    pub(super) mask: u32,
}

/// What tcpdump's words ask. Packets that ICMP errors quote are not asked: they are not under way.
#[derive(Clone, Copy, Debug)]
pub(super) enum Primitive {
    /// `host`, `net`.
    Address { scope: AddressScope, side: Side, range: AddressRange },
    /// `ether host`.
    LinkAddress { side: Side, address: [u8; 6] },
    /// `port`, `portrange`: both ends belong to the range.
    Port { protocol: PortProtocol, side: Side, low: u16, high: u16 },
    /// A protocol that wirelore decodes, by its layer.
    Layer(&'static Protocol),
    /// `ether proto` with a type.
    EtherType(u16),
    /// `ether proto` with an 802.2 service access point.
    ServiceAccessPoint(u8),
    /// `ip proto`: what the packet carries, by its first header or behind all extension headers.
    IpProtocol(Family, u8),
    /// `ip protochain`: some header of the chain.
    ProtocolChain(Family, u8),
    /// `ether broadcast`.
    LinkBroadcast,
    /// `ether multicast`.
    LinkMulticast,
    /// `ip broadcast`.
    Ipv4Broadcast,
    /// `ip multicast`.
    Ipv4Multicast,
    /// `ip6 multicast`.
    Ipv6Multicast,
    /// `vlan`, `mpls`, `pppoes`, .. with a number or without, behind so many others of its kind.
    Tag { tag: &'static Tag, wanted: Option<u32>, behind: usize },
    /// `less`, `greater`: the length on the wire.
    Length(Relation, u32),
    /// `inbound`, `outbound`.
    Direction(Direction),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Relation {
    /// How it is written.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether two values stand in it.
    pub(super) fn holds<T: PartialOrd + ?Sized>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

/// A number computed from a frame: unsigned, 32 bits, wrapping, as in libpcap.
#[derive(Clone, Debug)]
pub(super) enum Arithmetic {
    Constant(u32),
    /// The frame's length on the wire.
    Length,
    /// Bytes of a header: one, two or four of them.
    Load {
        base: Base,
        offset: Box<Arithmetic>,
        size: usize,
    },
    Negate(Box<Arithmetic>),
    Binary(Operator, Box<Arithmetic>, Box<Arithmetic>),
}

/// Where the offset of a load counts from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Base {
    /// The frame's first byte.
    Frame,
    /// The first byte of the first layer of a protocol.
    Layer(&'static Protocol),
    /// The first byte of the first layer that an EtherType announces.
    EtherType(u16),
    /// The first byte of what the first packet with this protocol number carries, unless it is a fragment other than the first.
    Carried(Family, u8),
}

/// What two numbers are combined with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRight,
}

/// A field held against something.
#[derive(Clone, Debug)]
pub(super) struct Comparison {
    /// Whose values.
    pub(super) subject: Subject,
    /// Which part of each.
    pub(super) part: Part,
    /// Whether one of them must pass, or all.
    pub(super) quantifier: Quantifier,
    /// The test.
    pub(super) test: Test,
}

/// The part of a value that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// Some of its bits.
    Masked(u64),
    /// Some of its bytes.
    Slice(Slice),
}

/// Some bytes of a value. A negative start counts from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) start: i64,
    pub(super) end: SliceEnd,
}

/// Where a slice ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SliceEnd {
    /// So many bytes behind its start.
    Length(u64),
    /// With the byte at this offset.
    Last(i64),
    /// With the value.
    Open,
}

/// How many of a field's values must pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantifier {
    Any,
    All,
}

/// What a value is held against.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// A number, an address or a prefix: what has bits and an order. A prefix is the range of its addresses.
    Number(Relation, NumberRange),
    /// Bytes or characters.
    Bytes(Relation, Vec<u8>),
    /// Each value of another field.
    Field(Relation, Subject),
    /// One of several ranges.
    NumberSet(Vec<NumberRange>),
    /// One of several strings.
    ByteSet(Vec<Vec<u8>>),
    /// Bytes that stand somewhere in it.
    Contains(Vec<u8>),
    /// A regular expression.
    Matches(Regex),
    /// Not zero.
    NotZero,
}
