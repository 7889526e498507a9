//! What a protocol is to the rest of wirelore: a name, what it claims, and three functions.

use super::{Checksum, Describe, Field, Stop, View, Walk};
use std::fmt;

/// Whether bytes look like a protocol's: cheap, since it is asked of every segment.
pub type Guess = fn(&[u8]) -> bool;

/// A number, or a look at the bytes, by which a parent's payload is told to be a child's.
#[derive(Clone, Copy, Debug)]
pub enum Selector {
    /// A `LINKTYPE_` number.
    LinkType(u16),
    /// An EtherType (0x0600 and above).
    EtherType(u16),
    /// A length where the EtherType would stand (802.3): what follows is 802.2 logical link control.
    LinkLength,
    /// An 802.2 destination service access point.
    LinkServiceAccessPoint(u8),
    /// A PPP protocol number.
    PppProtocol(u16),
    /// An IP protocol or IPv6 next header number.
    IpProtocol(u8),
    /// An IPv6 next header number that means nothing to IPv4: an extension header. Asked for, it finds who claims the IP protocol too.
    NextHeader(u8),
    /// A TCP port, on either side.
    TcpPort(u16),
    /// A UDP port, on either side.
    UdpPort(u16),
    /// The payload of a TCP segment on any port, by its bytes.
    TcpContent(Guess),
    /// The payload of a UDP datagram on any port, by its bytes.
    UdpContent(Guess),
}

/// What comes after a header.
#[derive(Clone, Copy, Debug)]
pub enum Next {
    /// Whoever claims this number; bytes where nobody does.
    Claimed(Selector),
    /// Whoever claims one of two TCP ports (source, destination) or the content.
    TcpPorts(u16, u16),
    /// Whoever claims one of two UDP ports (source, destination) or the content.
    UdpPorts(u16, u16),
    /// This protocol: the parent's own field names it (an Ethernet header in VXLAN).
    Protocol(&'static Protocol),
    /// Bytes that no protocol is known for.
    Payload,
    /// Nothing: all that is left belongs to this layer.
    Nothing,
    /// The bytes are not this protocol's, whatever its parent's number says: they are shown as bytes (another program's port, the middle of
    /// a stream). To be said before the walk was told anything.
    Foreign,
    /// The bytes are this other protocol's, whatever the parent's number says: the version in a packet says so. To be said before the walk was
    /// told anything.
    Instead(&'static Protocol),
}

/// A protocol. One file each declares one, and one line of the registry makes it known.
pub struct Protocol {
    /// Wireshark's short name ("ip", "tcp"): the word for filters and JSON.
    pub name: &'static str,
    /// What a line calls it ("TCP").
    pub label: &'static str,
    /// What the tree calls it, whole ("Transmission Control Protocol").
    pub title: &'static str,
    /// Where it is specified.
    pub reference: &'static str,
    /// The numbers it goes by in its parents.
    pub claims: &'static [Selector],
    /// Finds where its header ends and what comes next. Allocates nothing, makes no text.
    ///
    /// The header's length is given with [`Walk::header`]; what could not be read is an error, and everything before it stands.
    pub dissect: fn(&mut Walk<'_>) -> Result<Next, Stop>,
    /// Gives the header's fields, as far as the bytes reach: `None` says only that they ended early.
    pub describe: fn(&mut Describe<'_, '_>) -> Option<()>,
    /// Verifies its checksum, where it has one.
    pub verify: Option<fn(&View<'_>) -> Checksum>,
    /// Every field it can show, a list for each file that declares some.
    pub fields: &'static [&'static [&'static Field]],
}

impl Protocol {
    /// Whether both are the same protocol.
    #[must_use]
    pub fn is(&self, other: &Protocol) -> bool {
        std::ptr::eq(self, other)
    }
}

impl fmt::Debug for Protocol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Protocol({})", self.name)
    }
}
