//! From frames to sightings.

use super::labels::{self, Labels};
use super::options::{self, SynOptions};
use super::sighting::{CUT, DONT_FRAGMENT, FROM_RESPONDER, INBOUND, INCOMPLETE, NO_TIME, OF_THE_LINK, OPTIONS_CUT, OUTBOUND, VERSION_6};
use super::{Captured, Checks, LinkEnds, Point, SeenConversation, Sighting};
use crate::conversation::{Belongs, Conversation, Conversations, Endpoint, Kind, Packet, Side};
use crate::diff::Digester;
use crate::diff::places::Places;
use crate::dissect::transport::tcp::ACK;
use crate::dissect::{Dissection, Status, Transport, View};
use crate::frame::{Direction, Frame, Timestamp};
use crate::limits::Limits;
use crate::reassembly::fragments::{Fragment, Outcome};
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::net::IpAddr;

/// Of how many packets of each side of a conversation the checksum is verified: an artefact of offload shows in the first already.
const VERIFIED: u32 = 16;

/// Values that stand for what is long, by their place.
#[derive(Debug)]
struct Interned<T> {
    places: HashMap<T, u32, RandomState>,
    values: Vec<T>,
}

impl<T: Copy + Eq + Hash> Interned<T> {
    fn new() -> Self {
        Self { places: HashMap::default(), values: Vec::new() }
    }

    /// The place of a value; past the end where there are too many.
    fn place(&mut self, value: T) -> u32 {
        if let Some(place) = self.places.get(&value) {
            return *place;
        }
        if self.values.len() >= Limits::SIGHTING_KINDS {
            return u32::MAX;
        }
        let place = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.places.insert(value, place);
        self.values.push(value);
        place
    }
}

/// A conversation while its packets are gathered. A flood has millions of them beside the table of all conversations: what is counted when all
/// packets are there has no room yet.
#[derive(Debug)]
struct Begun {
    number: u64,
    kind: Kind,
    ends: [Endpoint; 2],
    first_frame: u64,
    packets: [u32; 2],
}

/// Makes a point of the frames of a capture.
#[derive(Debug)]
pub struct Collector {
    digester: Digester,
    sightings: Vec<Sighting>,
    conversations: Vec<Begun>,
    /// Where a conversation stands.
    places: Places,
    /// Those of which more of their packets told that the other end began them.
    turned: HashSet<u32, RandomState>,
    /// Fragments of one moment, by what their frames hash to.
    moment: (i64, Vec<u64>),
    /// Fragments that came twice at one moment.
    repeated: u64,
    last: Option<(u64, u32)>,
    links: Interned<LinkEnds>,
    options: Interned<SynOptions>,
    /// The first fragment of datagrams that are not whole yet, and how many there are.
    partial: HashMap<u64, Sighting, RandomState>,
    frames: u64,
    unreadable: u64,
    left_out: u64,
}

impl Collector {
    /// A point that saw nothing yet.
    #[must_use]
    pub fn new(digester: Digester) -> Self {
        Self {
            digester,
            sightings: Vec::new(),
            conversations: Vec::new(),
            places: Places::default(),
            turned: HashSet::default(),
            moment: (NO_TIME, Vec::new()),
            repeated: 0,
            last: None,
            links: Interned::new(),
            options: Interned::new(),
            partial: HashMap::default(),
            frames: 0,
            unreadable: 0,
            left_out: 0,
        }
    }

    /// Takes a frame, with what became of it in the table of conversations.
    pub fn observe(&mut self, packet: &Packet<'_>, belongs: Option<&Belongs>, conversations: &Conversations) {
        self.frames += 1;
        if packet.fragment.is_some() && self.is_repeated(packet.frame) {
            self.repeated += 1;
            return;
        }
        let whole = packet.fragment.and_then(Fragment::completed);
        let (bytes, dissection) = whole.map_or((packet.frame.data, packet.dissection), |whole| (whole.bytes.as_slice(), &whole.dissection));
        let conversation = belongs.and_then(|belongs| self.conversation(belongs, conversations));
        let Some(mut sighting) = self.sighting(packet.frame, packet.dissection, bytes, dissection, conversation.map(|(place, _)| place))
        else {
            self.unreadable += 1;
            return;
        };
        if let Some((place, from)) = conversation {
            sighting.conversation = place;
            sighting.marks |= if from == Side::Responder { FROM_RESPONDER } else { 0 };
        }
        if let Some(whole) = whole {
            sighting.pieces = u16::try_from(whole.frames.len()).unwrap_or(u16::MAX);
            sighting.identification = labels::of_fragment(packet.dissection, dissection).unwrap_or(sighting.identification);
        }
        match packet.fragment {
            Some(fragment) if fragment.completed().is_none() => self.wait(fragment, sighting),
            Some(fragment) => {
                self.partial.remove(&fragment.datagram);
                self.push(sighting, conversation);
            }
            None => self.push(sighting, conversation),
        }
    }

    /// Whether a fragment is one of the same moment once more: files that were put together from the same frames.
    fn is_repeated(&mut self, frame: &Frame<'_>) -> bool {
        let Some(time) = frame.timestamp.map(Timestamp::nanoseconds) else { return false };
        if self.moment.0 != time {
            self.moment.0 = time;
            self.moment.1.clear();
        }
        let digest = self.digester.of(frame.data).value;
        let is_repeated = self.moment.1.contains(&digest);
        if !is_repeated && self.moment.1.len() < Limits::FRAMES_OF_MOMENT {
            self.moment.1.push(digest);
        }
        is_repeated
    }

    /// A fragment whose datagram is not whole. One that came again is counted with the first.
    fn wait(&mut self, fragment: &Fragment, mut sighting: Sighting) {
        if fragment.outcome == Outcome::Again {
            return;
        }
        sighting.marks |= INCOMPLETE;
        sighting.length = 0;
        sighting.digest = 0;
        if let Some(first) = self.partial.get_mut(&fragment.datagram) {
            first.pieces = first.pieces.saturating_add(1);
            if (first.conversation as usize) >= self.conversations.len() {
                first.conversation = sighting.conversation;
                first.marks |= sighting.marks & FROM_RESPONDER;
            }
        } else if self.partial.len() < Limits::SIGHTINGS_PARTIAL {
            self.partial.insert(fragment.datagram, sighting);
        } else {
            self.left_out += 1;
        }
    }

    fn push(&mut self, sighting: Sighting, conversation: Option<(u32, Side)>) {
        if self.sightings.len() >= Limits::SIGHTINGS {
            self.left_out += 1;
            return;
        }
        if let Some((one, from)) = conversation.and_then(|(place, from)| Some((self.conversations.get_mut(place as usize)?, from))) {
            one.packets[from.index()] = one.packets[from.index()].saturating_add(1);
        }
        self.sightings.push(sighting);
    }

    /// The place of a frame's conversation, and who of it sent the frame.
    fn conversation(&mut self, belongs: &Belongs, conversations: &Conversations) -> Option<(u32, Side)> {
        let one = conversations.get(belongs)?;
        let place = match self.last.filter(|(number, _)| *number == belongs.conversation) {
            Some((_, place)) => place,
            None => self.place_of(one)?,
        };
        self.last = Some((belongs.conversation, place));
        let is_turned = self.conversations.get(place as usize).is_some_and(|seen| seen.ends != one.ends);
        if is_turned {
            self.turned.insert(place);
        }
        Some((place, if is_turned { belongs.from.other() } else { belongs.from }))
    }

    fn place_of(&mut self, one: &Conversation) -> Option<u32> {
        if let Some(place) = self.places.get(one.id) {
            return Some(place);
        }
        let place = u32::try_from(self.conversations.len()).ok().filter(|place| (*place as usize) < Limits::SIGHTINGS)?;
        let (number, kind, ends, first_frame) = (one.id, one.kind, one.ends, one.first_frame);
        self.conversations.push(Begun { number, kind, ends, first_frame, packets: [0; 2] });
        self.places.set(number, place);
        Some(place)
    }

    /// What is kept of a frame; `None` where it holds nothing to be compared. `own` is the frame taken apart, `bytes` and `dissection` the
    /// datagram that it completes.
    fn sighting(
        &mut self,
        frame: &Frame<'_>,
        own: &Dissection,
        bytes: &[u8],
        dissection: &Dissection,
        conversation: Option<u32>,
    ) -> Option<Sighting> {
        let outermost = own.layers.first()?;
        let ends = link_ends(frame.data, own);
        let mut sighting = Sighting {
            time: frame.timestamp.map_or(NO_TIME, |time| time.nanoseconds()),
            frame: frame.number,
            digest: 0,
            conversation: u32::MAX,
            link: self.links.place(ends),
            sequence: 0,
            acknowledgement: 0,
            timestamp_value: 0,
            timestamp_echo: 0,
            options: 0,
            identification: 0,
            length: 0,
            flags: 0,
            window: 0,
            pieces: 1,
            protocol: 0,
            hop_limit: 0,
            traffic_class: 0,
            marks: match frame.annotations.direction() {
                Some(Direction::Inbound) => INBOUND,
                Some(Direction::Outbound) => OUTBOUND,
                None => 0,
            },
            checksum: Checks::Unknown,
            is_repeated: false,
        };
        let to_a_group = ends.destination.is_some_and(|address| address[0] & 1 == 1);
        let Some(network) = dissection.network() else {
            // What stands behind the last layer's end is padding, or a check sequence.
            let end = own.layers.get(1).map_or(outermost.end, |layer| layer.end);
            let wire_end = own.layers.get(1).map_or(outermost.wire_end, |layer| layer.wire_end);
            sighting.marks |= OF_THE_LINK;
            self.fill_payload(&mut sighting, frame.data, outermost.payload_start(), end, wire_end);
            return Some(sighting);
        };
        sighting.protocol = network.protocol;
        sighting.hop_limit = network.hop_limit;
        sighting.identification = labels::identification(bytes, dissection, network);
        if to_a_group || stays_on_link(network.source) || stays_on_link(network.destination) {
            sighting.marks |= OF_THE_LINK;
        }
        let layer = dissection.layers.get(network.layer)?;
        match bytes.get(layer.start..) {
            Some(&[_, class, _, _, _, _, flags, ..]) if network.source.is_ipv4() => {
                sighting.traffic_class = class;
                sighting.marks |= if flags & 0x40 != 0 { DONT_FRAGMENT } else { 0 };
            }
            Some(&[first, second, ..]) => {
                sighting.traffic_class = first << 4 | second >> 4;
                sighting.marks |= VERSION_6;
            }
            _ => return None,
        }
        let index = dissection.networks.iter().position(|other| std::ptr::eq(other, network));
        let of_packet =
            |transport: &&Transport| dissection.layers.get(transport.layer).is_some_and(|one| one.network.map(usize::from) == index);
        if let Some(transport) = dissection.transport().filter(of_packet) {
            self.fill_transport(&mut sighting, bytes, dissection, transport, conversation)?;
        } else if let (1 | 58, Some(labels)) = (network.protocol, labels::of_icmp(bytes, dissection)) {
            let begins = layer.payload_start().saturating_add(labels.header);
            self.fill_payload(&mut sighting, bytes, begins, layer.end, layer.wire_end);
            fill_labels(&mut sighting, labels);
            // Neighbours and routers are asked for on the link, whatever their addresses are (RFC 4861 section 4).
            if network.protocol == 58 && matches!(labels.kind >> 8, 133..=137) {
                sighting.marks |= OF_THE_LINK;
            }
            if labels.quotes {
                // A translator rewrites the quotation as well.
                sighting.digest = 0;
            }
        } else {
            self.fill_payload(&mut sighting, bytes, layer.payload_start(), layer.end, layer.wire_end);
        }
        Some(sighting)
    }

    fn fill_payload(&self, sighting: &mut Sighting, bytes: &[u8], start: usize, end: usize, wire_end: usize) {
        sighting.length = u32::try_from(wire_end.saturating_sub(start)).unwrap_or(u32::MAX);
        let payload = bytes.get(start..end).unwrap_or_default();
        sighting.digest = self.digester.of(payload).value;
        sighting.marks |= if end < wire_end { CUT } else { 0 };
    }

    fn fill_transport(
        &mut self,
        sighting: &mut Sighting,
        bytes: &[u8],
        dissection: &Dissection,
        transport: &Transport,
        conversation: Option<u32>,
    ) -> Option<()> {
        let layer = dissection.layers.get(transport.layer)?;
        let payload = bytes.get(transport.payload_start..layer.end).unwrap_or_default();
        sighting.length = u32::try_from(transport.payload_length).unwrap_or(u32::MAX);
        sighting.marks |= if payload.len() < transport.payload_length { CUT } else { 0 };
        let payload = payload.get(..transport.payload_length).unwrap_or(payload);
        sighting.digest = self.digester.of(payload).value;
        if let Some(tcp) = transport.tcp {
            sighting.sequence = tcp.sequence;
            sighting.acknowledgement = if tcp.flags & ACK != 0 { tcp.acknowledgement } else { 0 };
            sighting.flags = tcp.flags;
            sighting.window = tcp.window;
            let header = bytes.get(layer.start.saturating_add(20)..transport.payload_start).unwrap_or_default();
            let options = options::read(header, &self.digester);
            sighting.timestamp_value = options.timestamp_value;
            sighting.timestamp_echo = options.timestamp_echo;
            // The header's length stands in its 13th byte (RFC 9293 section 3.1).
            let length = bytes.get(layer.start.saturating_add(12)).map_or(0, |byte| usize::from(byte >> 4) * 4);
            let is_cut = bytes.len() < layer.start.saturating_add(length);
            sighting.options = match (sighting.is_syn(), is_cut) {
                (true, _) => self.options.place(SynOptions { is_cut, ..options.syn }),
                (false, true) => OPTIONS_CUT,
                (false, false) => options.hashed.min(OPTIONS_CUT - 1),
            };
        } else {
            let ports = [transport.source_port, transport.destination_port];
            fill_labels(sighting, labels::of_datagram(payload, ports, &self.digester));
        }
        let one = conversation.and_then(|place| self.conversations.get(place as usize));
        if one.is_some_and(|one| one.packets.iter().all(|count| *count < VERIFIED)) {
            let verified = View::new(bytes, dissection, transport.layer).and_then(|view| view.checksum());
            sighting.checksum = match verified {
                Some(checksum) if checksum.status == Status::Good => Checks::Good,
                Some(checksum) if checksum.status == Status::Bad && checksum.partial => Checks::Partial,
                Some(checksum) if checksum.status == Status::Bad => Checks::Bad,
                Some(_) | None => Checks::Unknown,
            };
        }
        Some(())
    }

    /// The point, when all frames were taken.
    #[must_use]
    pub fn finish(mut self, captured: Captured) -> Point {
        let mut partial: Vec<Sighting> = self.partial.drain().map(|(_, sighting)| sighting).collect();
        partial.sort_unstable_by_key(|sighting| sighting.frame);
        for sighting in partial {
            let from = sighting.from();
            let conversation = Some(sighting.conversation).filter(|place| (*place as usize) < self.conversations.len());
            self.push(sighting, conversation.map(|place| (place, from)));
        }
        let mut sightings = self.sightings;
        if !self.turned.is_empty() {
            let turned = |place: &u32| self.turned.contains(place);
            self.conversations.iter_mut().zip(0..).filter(|(_, place)| turned(place)).for_each(|(one, _)| one.ends.swap(0, 1));
            sightings.iter_mut().filter(|one| turned(&one.conversation)).for_each(|one| one.marks ^= FROM_RESPONDER);
        }
        // Files that were put together or reordered keep their times.
        sightings.sort_by_key(|sighting| sighting.time);
        let repeated = self.repeated + mark_repeated(&mut sightings);
        let seen = |Begun { number, kind, ends, first_frame, .. }| SeenConversation {
            number,
            kind,
            ends,
            first_frame,
            packets: [0; 2],
            initial: [None; 2],
            times: [None; 2],
        };
        let mut conversations: Vec<SeenConversation> = self.conversations.into_iter().map(seen).collect();
        count(&mut conversations, &sightings);
        Point {
            sightings,
            conversations,
            links: self.links.values,
            options: self.options.values,
            frames: self.frames,
            repeated,
            unreadable: self.unreadable,
            left_out: self.left_out,
            captured,
            digester: self.digester,
        }
    }
}

/// Counts what conversations hold, as it stands in the end.
fn count(conversations: &mut [SeenConversation], sightings: &[Sighting]) {
    for sighting in sightings {
        let Some(one) = conversations.get_mut(sighting.conversation as usize) else { continue };
        let from = sighting.from().index();
        one.packets[from] = one.packets[from].saturating_add(1);
        let time = sighting.timestamp();
        one.times = [one.times[0].or(time), time.or(one.times[1])];
        if sighting.is_syn() {
            one.initial[from] = one.initial[from].or(Some(sighting.sequence));
        }
    }
}

fn fill_labels(sighting: &mut Sighting, labels: Labels) {
    sighting.sequence = labels.first;
    sighting.acknowledgement = labels.second;
    sighting.flags = labels.kind;
}

/// Whether a packet from or for this address stays where it is.
fn stays_on_link(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local() || address.is_multicast() || address.is_broadcast() || address.is_unspecified(),
        IpAddr::V6(address) => address.is_unicast_link_local() || address.is_multicast() || address.is_unspecified(),
    }
}

/// The hardware addresses of a frame: Ethernet's, where it is Ethernet.
fn link_ends(bytes: &[u8], dissection: &Dissection) -> LinkEnds {
    let Some(first) = dissection.layers.first().filter(|layer| layer.protocol.name == "eth") else { return LinkEnds::default() };
    let addresses = bytes.get(first.start..).and_then(|bytes| bytes.as_chunks::<6>().0.first_chunk::<2>());
    let tag =
        dissection.layers.iter().find(|layer| layer.protocol.name == "vlan").and_then(|layer| bytes.get(layer.start..)?.first_chunk::<2>());
    LinkEnds {
        destination: addresses.map(|addresses| addresses[0]),
        source: addresses.map(|addresses| addresses[1]),
        vlan: tag.map(|tag| u16::from_be_bytes(*tag) & 0x0fff),
    }
}

/// Marks what came twice at one moment: files were put together from the same frames, or a clock does not tell two packets apart. Returns
/// how often.
fn mark_repeated(sightings: &mut [Sighting]) -> u64 {
    let mut repeated = 0;
    for moment in sightings.chunk_by_mut(|one, other| one.time == other.time).filter(|moment| moment.len() > 1) {
        if moment.first().is_some_and(|first| first.time == NO_TIME) {
            continue;
        }
        let mut seen = HashSet::with_hasher(RandomState::default());
        for sighting in moment {
            sighting.is_repeated = !seen.insert(sighting.all_but_frame());
            repeated += u64::from(sighting.is_repeated);
        }
    }
    repeated
}
