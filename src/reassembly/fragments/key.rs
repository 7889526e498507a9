//! Which datagram a fragment belongs to, and where its bytes stand in the frame.

use crate::dissect::network::extension::fragment;
use crate::dissect::{Dissection, FragmentPart, Layer, Network, checksum};
use foldhash::fast::FixedState;
use std::hash::{BuildHasher, Hash, Hasher};
use std::net::IpAddr;

/// What all fragments of one datagram share (RFC 791 section 3.2, RFC 8200 section 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DatagramKey {
    /// Who sent it.
    pub source: IpAddr,
    /// For whom it is.
    pub destination: IpAddr,
    /// The IP protocol number of IPv4; 0 for IPv6, where only the first fragment's counts.
    pub protocol: u8,
    /// The number that its sender gave it.
    pub identification: u32,
    /// The tags and tunnels around it, as a number.
    pub around: u64,
}

/// A fragment in a frame.
#[derive(Clone, Copy)]
pub(super) struct Cut<'a> {
    /// The index of its packet in [`Dissection::networks`].
    pub(super) network: usize,
    pub(super) key: DatagramKey,
    pub(super) part: FragmentPart,
    /// Where its packet begins, and where the datagram's bytes do.
    pub(super) header: (usize, usize),
    /// How many bytes of the datagram it says that it has; `None` where it leaves that open.
    pub(super) length: Option<usize>,
    /// Those that were captured.
    pub(super) bytes: &'a [u8],
}

impl<'a> Cut<'a> {
    /// The outermost packet that is under way and a fragment: what stands in it is only whole with the others.
    pub(super) fn find(bytes: &'a [u8], dissection: &Dissection, around: u64) -> Option<Self> {
        let (index, network) = outermost(dissection)?;
        let part = network.fragment?;
        let packet = dissection.layers.get(network.layer)?;
        let (protocol, start, length) = if network.source.is_ipv4() {
            let header: &[u8; 20] = bytes.get(packet.start..)?.first_chunk()?;
            let &[first, _, high, low, _, _, _, _, _, protocol, ..] = header;
            let own = usize::from(first & 15) * 4;
            // A header that is not whole leaves open where its payload begins.
            let begins = dissection.stop.is_none_or(|stop| stop.offset != packet.start) && own == packet.length;
            let length = usize::from(u16::from_be_bytes([high, low])).checked_sub(own);
            (protocol, begins.then_some(packet.start.saturating_add(own))?, length)
        } else {
            let header = fragment_header(dissection, index)?;
            let whole = header.length == fragment::HEADER_LENGTH;
            let &[high, low] = bytes.get(packet.start.saturating_add(4)..)?.first_chunk()?;
            let start = header.payload_start();
            let length = usize::from(u16::from_be_bytes([high, low])).checked_sub(start.checked_sub(packet.payload_start())?);
            (0, whole.then_some(start)?, length)
        };
        let around = surroundings(around, bytes, dissection, network);
        let key =
            DatagramKey { source: network.source, destination: network.destination, protocol, identification: part.identification, around };
        let captured = bytes.get(start..packet.end)?;
        let captured = length.and_then(|length| captured.get(..length)).unwrap_or(captured);
        Some(Self { network: index, key, part, header: (packet.start, start), length, bytes: captured })
    }
}

fn outermost(dissection: &Dissection) -> Option<(usize, &Network)> {
    dissection.networks.iter().enumerate().find(|(_, network)| network.fragment.is_some() && !network.quoted)
}

/// The fragment header of an IPv6 packet.
pub(super) fn fragment_header(dissection: &Dissection, network: usize) -> Option<&Layer> {
    dissection.layers.iter().find(|layer| layer.network.map(usize::from) == Some(network) && layer.protocol.is(&fragment::PROTOCOL))
}

/// The parts of headers that tell one network from another: the protocol, where the number stands and its bits.
const DISTINCTIONS: &[(&str, usize, u32)] = &[
    ("vlan", 0, 0x0fff_0000),
    ("ieee8021ad", 0, 0x0fff_0000),
    ("mpls", 0, 0xffff_f000),
    ("pppoes", 0, 0x0000_ffff),
    ("vxlan", 4, 0xffff_ff00),
    ("geneve", 4, 0xffff_ff00),
];

/// The tags and tunnels around a packet, as a number: those that are `around` the bytes, and those in them.
fn surroundings(around: u64, bytes: &[u8], dissection: &Dissection, network: &Network) -> u64 {
    let layers = dissection.layers.get(..network.layer).unwrap_or_default();
    layers.iter().enumerate().fold(around, |around, (index, layer)| {
        let header = bytes.get(layer.start..layer.payload_start()).unwrap_or_default();
        if let Some(outer) = dissection.networks.iter().find(|network| network.layer == index) {
            return mix(around, &(outer.source, outer.destination));
        }
        let number = |at: usize| header.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
        let found = match DISTINCTIONS.iter().find(|(name, ..)| *name == layer.protocol.name) {
            Some((_, at, mask)) => number(*at).map(|number| number & mask),
            None if layer.protocol.name == "gre" => number(0).filter(|flags| flags & 0x2000_0000 != 0).and_then(|flags| {
                // The key stands behind a checksum, where there is one (RFC 2890).
                number(if flags & 0x8000_0000 == 0 { 4 } else { 8 })
            }),
            None => None,
        };
        found.map_or(around, |number| mix(around, &(layer.protocol.name, number)))
    })
}

/// A collision would take two VLANs for one, where they carry the same addresses and identification at the same time.
fn mix(before: u64, what: &impl Hash) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    before.hash(&mut hasher);
    what.hash(&mut hasher);
    hasher.finish()
}

/// A packet's header as it stands before the whole datagram: without what makes it a fragment. Its length is still open.
pub(super) fn whole_header(bytes: &[u8], dissection: &Dissection, cut: &Cut<'_>) -> Option<Vec<u8>> {
    if cut.key.source.is_ipv4() {
        let mut header = bytes.get(cut.header.0..cut.header.1)?.to_vec();
        let &mut [ref mut flags, ref mut offset] = header.get_mut(6..)?.first_chunk_mut()?;
        (*flags, *offset) = (*flags & 0xc0, 0);
        return Some(header);
    }
    let fragment = fragment_header(dissection, cut.network)?;
    let mut header = bytes.get(cut.header.0..fragment.start)?.to_vec();
    // What named the fragment header names what is behind it.
    let before = dissection.layers.iter().rfind(|layer| layer.start < fragment.start)?;
    let at = if before.start == cut.header.0 { 6 } else { before.start.checked_sub(cut.header.0)? };
    *header.get_mut(at)? = *bytes.get(fragment.start)?;
    Some(header)
}

/// Writes the length of the whole packet into such a header. One that a length field cannot say is left open: then the bytes tell it.
pub(super) fn set_length(packet: &mut [u8], header_length: usize) -> Option<()> {
    let length = packet.len();
    let is_ipv4 = packet.first()? >> 4 == 4;
    let (at, counted) = if is_ipv4 { (2, length) } else { (4, length.checked_sub(40)?) };
    packet.get_mut(at..)?.first_chunk_mut::<2>().map(|field| *field = u16::try_from(counted).unwrap_or(0).to_be_bytes())?;
    if is_ipv4 {
        let right = checksum::verify(0, packet.get(..header_length)?, 10).expected;
        packet.get_mut(10..)?.first_chunk_mut::<2>().map(|field| *field = right.to_be_bytes())?;
    }
    Some(())
}
