//! What a file or a format may be: fixed, and the same for everybody. What is more is an error in its place, stops a layer there, or is told beside what was read.

use super::Limits;

impl Limits {
    /// Bytes of a record of a pcap file.
    pub const RECORD: u32 = 256 * 1024;
    /// Bytes of a block of a pcapng file.
    pub const BLOCK: u32 = 16 << 20;
    /// Interfaces of a pcapng file, of all sections together.
    pub const INTERFACES: usize = 65_536;
    /// Options of a section or of an interface that are kept.
    pub const OPTIONS: usize = 1_024;
    /// Bytes of interface descriptions and of names that a pcapng file may have.
    pub const DESCRIPTIONS: usize = 16 << 20;
    /// Bytes of the window of zstd, in captures and in bodies: what every decoder should accept (RFC 8878 section
    /// 3.1.1.1.2), and what `zstd -19` needs.
    pub const ZSTD_WINDOW: u64 = 8 << 20;
    /// Packets (IPv4, IPv6) in one another: tunnels.
    pub const TUNNELS: usize = 16;
    /// Layers of a frame in all: tags, labels and extension headers have limits of their own below it.
    pub const LAYERS: usize = 96;
    /// Tags of VLANs in one another.
    pub const TAGS: usize = 8;
    /// Labels of MPLS in one another.
    pub const LABELS: usize = 16;
    /// Extension headers of an IPv6 packet.
    pub const EXTENSION_HEADERS: usize = 32;
    /// Messages of DHCPv6 in one another: each relay wraps what it passes on (RFC 8415 section 7.6).
    pub const RELAYS: u8 = 32;
    /// Pointers that a name of DNS may follow.
    pub const NAME_POINTERS: usize = 64;
}
