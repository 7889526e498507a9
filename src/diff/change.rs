//! A difference between two sightings of the same packets, with its cause.

use crate::conversation::Endpoint;

/// Why something differs, as far as the bytes tell. The order is that in which a reader wants to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// Nothing that is known does this.
    Unexplained,
    /// It was lost on the way.
    Loss,
    /// It is there twice.
    Duplicate,
    /// What every router does: hardware addresses, the time to live, the header checksum.
    Router,
    /// Addresses and ports were translated (RFC 3022).
    Nat,
    /// Something between changed what only the ends should (RFC 3234).
    Middlebox,
    /// A connection was taken, and its bytes sent on over another one.
    Relay,
    /// The network card cuts, joins and checks what the operating system hands it.
    Offload,
    /// A packet was cut to fit a link (RFC 791 section 3.2).
    Fragmentation,
    /// When it came.
    Time,
    /// Only the capture differs, not what was on the wire.
    Capture,
    /// What the programs said.
    Application,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Unexplained,
        Self::Loss,
        Self::Duplicate,
        Self::Router,
        Self::Nat,
        Self::Middlebox,
        Self::Relay,
        Self::Offload,
        Self::Fragmentation,
        Self::Time,
        Self::Capture,
        Self::Application,
    ];

    /// Its word, the same in every form, and what `--ignore` and `--only` take.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unexplained => "unexplained",
            Self::Loss => "loss",
            Self::Duplicate => "duplicate",
            Self::Router => "router",
            Self::Nat => "nat",
            Self::Middlebox => "middlebox",
            Self::Relay => "relay",
            Self::Offload => "offload",
            Self::Fragmentation => "fragmentation",
            Self::Time => "time",
            Self::Capture => "capture",
            Self::Application => "application",
        }
    }
}

/// Which way a packet went between two points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Toward {
    /// From the right point to the left one.
    Left,
    /// From the left point to the right one.
    Right,
    /// Nothing tells.
    Unknown,
}

impl Toward {
    /// The same, with left and right exchanged.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// A part of a packet that is compared, by the name of the field it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PacketField {
    /// The sender's hardware address.
    LinkSource,
    /// The receiver's hardware address.
    LinkDestination,
    /// The VLAN it is in.
    Vlan,
    /// The sender's address and port.
    Source,
    /// The receiver's address and port.
    Destination,
    /// Time to live, hop limit.
    HopLimit,
    /// The code point of differentiated services (RFC 2474).
    Dscp,
    /// Explicit congestion notification (RFC 3168).
    Ecn,
    /// The identification of an IPv4 packet.
    Identification,
    /// Whether routers must not cut it.
    DontFragment,
    /// In how many packets it came.
    Pieces,
    /// How the bytes of a stream are cut into segments.
    Segmentation,
    /// Sequence number.
    Sequence,
    /// Acknowledgement number.
    Acknowledgement,
    /// TCP flags.
    TcpFlags,
    /// The window, not scaled.
    Window,
    /// The largest segment that a SYN allows.
    MaximumSegmentSize,
    /// The shift of windows that a SYN tells.
    WindowScale,
    /// Whether a SYN permits selective acknowledgements.
    SackPermitted,
    /// The timestamps option.
    Timestamps,
    /// Other TCP options.
    TcpOptions,
    /// What verifying the checksum of TCP or UDP gives.
    Checksum,
    /// What is carried.
    Payload,
    /// The identifier of an echo.
    EchoIdentifier,
}

impl PacketField {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::LinkSource,
        Self::LinkDestination,
        Self::Vlan,
        Self::Source,
        Self::Destination,
        Self::HopLimit,
        Self::Dscp,
        Self::Ecn,
        Self::Identification,
        Self::DontFragment,
        Self::Pieces,
        Self::Segmentation,
        Self::Sequence,
        Self::Acknowledgement,
        Self::TcpFlags,
        Self::Window,
        Self::MaximumSegmentSize,
        Self::WindowScale,
        Self::SackPermitted,
        Self::Timestamps,
        Self::TcpOptions,
        Self::Checksum,
        Self::Payload,
        Self::EchoIdentifier,
    ];

    /// The name of the field: Wireshark's where it has it. Of those that IPv4 and IPv6 share it is IPv4's.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::LinkSource => "eth.src",
            Self::LinkDestination => "eth.dst",
            Self::Vlan => "vlan.id",
            Self::Source => "ip.src",
            Self::Destination => "ip.dst",
            Self::HopLimit => "ip.ttl",
            Self::Dscp => "ip.dsfield.dscp",
            Self::Ecn => "ip.dsfield.ecn",
            Self::Identification => "ip.id",
            Self::DontFragment => "ip.flags.df",
            Self::Pieces => "ip.fragment.count",
            Self::Segmentation => "tcp.len",
            Self::Sequence => "tcp.seq_raw",
            Self::Acknowledgement => "tcp.ack_raw",
            Self::TcpFlags => "tcp.flags",
            Self::Window => "tcp.window_size_value",
            Self::MaximumSegmentSize => "tcp.options.mss_val",
            Self::WindowScale => "tcp.options.wscale.shift",
            Self::SackPermitted => "tcp.options.sack_perm",
            Self::Timestamps => "tcp.options.timestamp.tsval",
            Self::TcpOptions => "tcp.options",
            Self::Checksum => "tcp.checksum.status",
            Self::Payload => "tcp.payload",
            Self::EchoIdentifier => "icmp.ident",
        }
    }

    /// The other names that `--ignore` and `--only` take for it.
    #[must_use]
    pub const fn other_ids(self) -> &'static [&'static str] {
        match self {
            Self::LinkSource | Self::LinkDestination => &["eth", "eth.addr"],
            Self::Source => &["ipv6.src", "tcp.srcport", "udp.srcport", "ip.addr", "ipv6.addr"],
            Self::Destination => &["ipv6.dst", "tcp.dstport", "udp.dstport", "ip.addr", "ipv6.addr"],
            Self::HopLimit => &["ipv6.hlim"],
            Self::Dscp => &["ip.dsfield", "ipv6.tclass", "ipv6.tclass.dscp"],
            Self::Ecn => &["ip.dsfield", "ipv6.tclass", "ipv6.tclass.ecn"],
            Self::Pieces => &["ip.fragment", "ipv6.fragment"],
            Self::Sequence => &["tcp.seq"],
            Self::Acknowledgement => &["tcp.ack"],
            Self::Window => &["tcp.window_size"],
            Self::Checksum => &["tcp.checksum", "udp.checksum", "udp.checksum.status"],
            Self::Payload => &["udp.payload", "data", "data.data"],
            Self::Vlan
            | Self::Identification
            | Self::DontFragment
            | Self::Segmentation
            | Self::TcpFlags
            | Self::MaximumSegmentSize
            | Self::WindowScale
            | Self::SackPermitted
            | Self::Timestamps
            | Self::TcpOptions
            | Self::EchoIdentifier => &[],
        }
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// Nothing: it is not there.
    Absent,
    /// A number.
    Number(u64),
    /// Yes or no.
    Flag(bool),
    /// An address with a port, which is 0 where there is none.
    Endpoint(Endpoint),
    /// A hardware address.
    Link([u8; 6]),
    /// The checksum adds up.
    Good,
    /// It does not.
    Bad,
    /// It is what an operating system leaves for the network card to complete.
    Partial,
    /// Some fragments of a datagram whose rest is not there: how many.
    Incomplete(u64),
    /// What a direction of a connection carried.
    Carried {
        /// How many bytes.
        length: u64,
        /// How many of the first are the same at the other point, at least.
        same: u64,
        /// Their [`super::Digest`].
        digest: u64,
    },
    /// Bytes, by their length and what they hash to.
    Bytes {
        /// How many.
        length: u64,
        /// Their [`super::Digest`].
        digest: u64,
    },
}

/// The same difference in some packets between two points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Why.
    pub cause: Cause,
    /// What of the packets.
    pub field: PacketField,
    /// Which way they went.
    pub toward: Toward,
    /// What it is left and right in the first of them.
    pub values: [Value; 2],
    /// Whether it is that in all of them.
    pub is_uniform: bool,
    /// How many packets.
    pub packets: u64,
    /// The first few of them: the frames left and right, in pairs.
    pub frames: [Vec<u64>; 2],
}
