//! Sees and hears a capture, and keeps what its story is told from.

use super::cast::{Cast, Role};
use super::clock::Clock;
use super::copies::Copies;
use super::dialogue::{Dialogue, Hearing};
use super::echoes::{Echoes, ToAll};
use super::exchanges::Exchanges;
use super::shelf::Shelf;
use super::vlans::Vlans;
use super::{AccessPoint, Advertisement, Fragmented, Joining, Lease, Lease6, Objection, Opening, Report, Resolution, Span};
use crate::conversation::application::{Application, ApplicationWatch, Evidence};
use crate::conversation::dns::DnsWatch;
use crate::conversation::http1::HttpWatch;
use crate::conversation::tls::TlsWatch;
use crate::conversation::{Belongs, Conversation, Kind, Listener, Side};
use crate::dissect::transport::tcp::{ACK, RST, SYN};
use crate::dissect::{Dissection, Protocol, StopReason};
use crate::explain::Scene;
use crate::explain::icmp::IcmpError;
use crate::explain::tcp_options::TcpOptions;
use crate::frame::Direction;
use crate::reassembly::fragments::Outcome;
use crate::reassembly::{Limits, Origin, Piece};
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::net::IpAddr;

/// Up to which a hop limit is small: packets with it are remembered.
const SMALL_HOP_LIMIT: u8 = 30;
/// The port of name servers.
const DOMAIN: u16 = 53;

/// Hears conversations, is shown every frame behind that, and keeps what a story needs.
#[derive(Debug)]
pub struct StoryWatch {
    pub(super) limits: Limits,
    pub(super) span: Span,
    pub(super) clock: Clock,
    pub(super) copies: Copies,
    /// The same for datagrams, and how many frames and bytes of each side of a conversation are packets that came before.
    datagrams: Copies,
    /// Which sides of a connection said last that they lack something.
    pub(super) lacking: HashMap<u64, [bool; 2], RandomState>,
    pub(super) copied: HashMap<u64, [(u32, u64); 2], RandomState>,
    pub(super) cast: Cast,
    /// Questions for hardware addresses, by the VLAN tags, who asked and for whom; and what was told unasked, by those, the address and what was told.
    pub(super) resolutions: Shelf<(u32, IpAddr, IpAddr), Resolution>,
    pub(super) announcements: Shelf<(u32, IpAddr, [u8; 6]), Resolution>,
    pub(super) leases: Shelf<([u8; 6], u32), Lease>,
    /// How often a client has gone to another server.
    pub(super) lease_counts: HashMap<[u8; 6], u32, RandomState>,
    /// What DHCPv6 gave to a client, by the client's address, and the conversations in which that was said.
    pub(super) leases6: Shelf<IpAddr, Lease6>,
    pub(super) leased6: HashSet<u64, RandomState>,
    pub(super) advertisements: Shelf<(IpAddr, Option<[u8; 6]>), Advertisement>,
    pub(super) access_points: Shelf<[u8; 6], AccessPoint>,
    /// By the access point, the station, and how often it had been sent away before.
    pub(super) joinings: Shelf<([u8; 6], [u8; 6], u32), Joining>,
    pub(super) joining_counts: HashMap<([u8; 6], [u8; 6]), u32, RandomState>,
    pub(super) reports: Shelf<(IpAddr, u8, u8, IpAddr, IpAddr, bool), Report>,
    /// The first ICMP error about each conversation.
    pub(super) objections: HashMap<u64, Objection, RandomState>,
    /// The first about each question for a name, by its conversation and its number; without a number where too little is quoted.
    pub(super) refused_questions: HashMap<(u64, Option<u16>), Objection, RandomState>,
    pub(super) fragmented: Shelf<(IpAddr, IpAddr), Fragmented>,
    /// Frames that no conversation tells of, by the protocol.
    pub(super) others: Shelf<(&'static str, &'static str), (&'static Protocol, &'static str, u64)>,
    /// Conversations of which some frames are fragments.
    pub(super) in_fragments: HashSet<u64, RandomState>,
    /// Conversations that carry frames of another link.
    pub(super) tunnels: HashSet<u64, RandomState>,
    /// Pings in tunnels, by who asks whom and the identifier, with the conversation that carries them.
    pub(super) pings_inside: Shelf<(IpAddr, IpAddr, [u8; 2]), (Echoes, u64)>,
    pub(super) vlans: Vlans,
    pub(super) openings: HashMap<u64, Opening, RandomState>,
    pub(super) pings: HashMap<u64, Echoes, RandomState>,
    /// Pings to everybody, the last ones.
    pub(super) to_all: Vec<ToAll>,
    pub(super) dialogues: HashMap<u64, Dialogue, RandomState>,
    hearings: HashMap<u64, Hearing, RandomState>,
    probes: HashMap<u64, u8, RandomState>,
    /// The time to live of the packet that a report is about.
    pub(super) distances: HashMap<(IpAddr, IpAddr, IpAddr), u8, RandomState>,
    pub(super) applications: ApplicationWatch,
    pub(super) lookups: DnsWatch,
    pub(super) secured: TlsWatch,
    pub(super) http: HttpWatch<Exchanges>,
}

impl StoryWatch {
    /// Keeps no more than the limits allow.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            limits: *limits,
            span: Span::default(),
            clock: Clock::default(),
            copies: Copies::default(),
            datagrams: Copies::default(),
            lacking: HashMap::default(),
            copied: HashMap::default(),
            cast: Cast::default(),
            resolutions: Shelf::default(),
            announcements: Shelf::default(),
            leases: Shelf::default(),
            lease_counts: HashMap::default(),
            leases6: Shelf::default(),
            leased6: HashSet::default(),
            advertisements: Shelf::default(),
            access_points: Shelf::default(),
            joinings: Shelf::default(),
            joining_counts: HashMap::default(),
            reports: Shelf::default(),
            objections: HashMap::default(),
            refused_questions: HashMap::default(),
            fragmented: Shelf::default(),
            others: Shelf::default(),
            in_fragments: HashSet::default(),
            tunnels: HashSet::default(),
            pings_inside: Shelf::default(),
            vlans: Vlans::default(),
            openings: HashMap::default(),
            pings: HashMap::default(),
            to_all: Vec::new(),
            dialogues: HashMap::default(),
            hearings: HashMap::default(),
            probes: HashMap::default(),
            distances: HashMap::default(),
            applications: ApplicationWatch::default(),
            lookups: DnsWatch::new(limits),
            secured: TlsWatch::new(limits),
            http: HttpWatch::new(Exchanges::default(), *limits),
        }
    }

    /// Looks at a frame, behind what its conversation told of it.
    pub fn observe(&mut self, scene: &Scene<'_>) {
        let (bytes, own) = scene.own();
        self.clock.tick(scene.number(), scene.time());
        self.span.add(&scene.packet, own.stop.is_some_and(|stop| stop.reason != StopReason::Cut));
        self.meet(own, scene);
        self.vlans.observe(scene);
        let (whole, dissection) = scene.whole();
        let conversation = scene.conversation();
        let is_tunnel = self.is_tunnel(own, scene);
        let kind = conversation.map(|conversation| conversation.kind).filter(|_| !is_tunnel);
        let told = match kind {
            Some(Kind::Tcp) => self.opens(scene),
            Some(Kind::Udp) => {
                self.count_copy(bytes, own, scene);
                self.leases(whole, dissection, scene)
            }
            // A question in fragments is counted where its beginning is.
            Some(Kind::Echo) => self.echoes(bytes, own, scene),
            Some(Kind::Other(_)) | None => {
                is_tunnel && self.echoes_inside(bytes, own, scene)
                    || self.on_link(bytes, own, scene)
                    || self.reports(whole, dissection, scene)
                    || self.on_air(bytes, own, scene)
            }
        };
        self.remember_probe(whole, dissection);
        self.fragment(scene);
        let is_fragment = scene.packet.fragment.is_some();
        let is_conversation = kind.is_some_and(|kind| !matches!(kind, Kind::Other(1 | 58)));
        if !told && !is_conversation && !is_fragment && own.stop.is_none_or(|stop| stop.reason == StopReason::Cut) {
            self.count_other(bytes, own, scene);
        }
    }

    /// Whether a frame is a datagram that carries a frame of another link, which is no conversation itself.
    fn is_tunnel(&mut self, dissection: &Dissection, scene: &Scene<'_>) -> bool {
        let Some(transport) = dissection.transport() else { return false };
        let carries = dissection.layers.get(transport.layer + 1..).unwrap_or_default();
        let is_tunnel = carries.iter().any(|layer| matches!(layer.protocol.name, "eth" | "arp") && !layer.quoted);
        if let Some(belongs) = scene.belongs.filter(|_| is_tunnel && self.tunnels.len() < Limits::STORY_CONVERSATIONS) {
            self.tunnels.insert(belongs.conversation);
        }
        is_tunnel
    }

    /// Who sent it.
    fn meet(&mut self, dissection: &Dissection, scene: &Scene<'_>) {
        for network in dissection.networks.iter().filter(|network| !network.quoted) {
            self.cast.sent(network.source, scene.number(), network.hop_limit);
        }
        // What everybody on the link hears has passed no router.
        let is_for_all = dissection.layers.first().is_some_and(|layer| layer.protocol.name == "eth")
            && scene.own().0.first().is_some_and(|first| first & 1 == 1);
        if let (true, Some(network)) = (is_for_all || scene.direction() == Some(Direction::Outbound), dissection.networks.first()) {
            self.cast.is_here(network.source);
        }
    }

    /// Keeps whether a side lacks something, by its selective acknowledgements.
    fn lack(&mut self, belongs: &Belongs, scene: &Scene<'_>) {
        const HEADER: usize = 20;
        let Some(transport) = scene.own().1.transport() else { return };
        let start = scene.own().1.layers.get(transport.layer).map_or(0, |layer| layer.start);
        let is_plain = transport.payload_start <= start + HEADER;
        if is_plain && self.lacking.is_empty() {
            return;
        }
        let acknowledged = transport.tcp.map_or(0, |tcp| tcp.acknowledgement);
        let options = if is_plain { TcpOptions::default() } else { TcpOptions::of(scene) };
        let lacks = options.blocks[0].is_some() && options.arrived_twice(acknowledged).is_none();
        if lacks && self.lacking.len() < Limits::STORY_CONVERSATIONS {
            self.lacking.entry(belongs.conversation).or_default()[belongs.from.index()] = true;
        } else if let Some(known) = self.lacking.get_mut(&belongs.conversation) {
            known[belongs.from.index()] = lacks;
        }
    }

    /// Counts a datagram that comes by more than once.
    fn count_copy(&mut self, bytes: &[u8], own: &Dissection, scene: &Scene<'_>) {
        let Some(belongs) = scene.belongs.filter(|_| own.networks.len() == 1 && scene.packet.fragment.is_none()) else { return };
        if self.datagrams.is_same_packet(bytes, own, scene.time())
            && (self.copied.len() < Limits::STORY_CONVERSATIONS || self.copied.contains_key(&belongs.conversation))
        {
            let length = own.transport().map_or(0, |transport| transport.payload_length);
            let (frames, payload) = &mut self.copied.entry(belongs.conversation).or_default()[belongs.from.index()];
            *frames = frames.saturating_add(1);
            *payload = payload.saturating_add(length as u64);
        }
    }

    /// Keeps the frames that open a connection of TCP, or refuse to.
    fn opens(&mut self, scene: &Scene<'_>) -> bool {
        let Some((belongs, segment)) = scene.belongs.and_then(|belongs| Some((belongs, belongs.segment?))) else { return true };
        let (bytes, own) = scene.own();
        self.lack(&belongs, scene);
        if segment.original.is_some() || segment.flags & SYN != 0 && self.copies.is_copied_call(bytes, own, scene.time()) {
            return true;
        }
        let opening = if segment.flags & SYN != 0 {
            if self.openings.len() >= Limits::STORY_CONVERSATIONS && !self.openings.contains_key(&belongs.conversation) {
                return true;
            }
            self.openings.entry(belongs.conversation).or_default()
        } else {
            // Most segments are of connections that are open for long.
            match self.openings.get_mut(&belongs.conversation) {
                Some(opening @ Opening { frames: [_, Some(_), None], .. }) => opening,
                Some(opening @ Opening { frames: [Some(_), None, None], .. }) if segment.flags & RST != 0 => opening,
                Some(_) | None => return true,
            }
        };
        let place = match (segment.flags & SYN != 0, segment.flags & ACK != 0, belongs.from) {
            (true, false, _) => 0,
            (true, true, _) | (false, _, Side::Responder) => 1,
            (false, true, Side::Originator) if segment.flags & RST == 0 => 2,
            (false, true | false, Side::Originator) => return true,
        };
        // What comes when the next step was done already does not delay it, or calls anew.
        if segment.flags & SYN != 0
            && opening.frames.get(place + 1) == Some(&None)
            && !opening.is_copy(place, scene.time())
            && let Some(sent) = opening.sent.get_mut(place)
        {
            *sent = sent.saturating_add(1);
        }
        if let Some(frame) = opening.frames.get_mut(place) {
            frame.get_or_insert(scene.number());
        }
        true
    }

    /// Keeps what an ICMP error reports. Whether the frame has one.
    fn reports(&mut self, bytes: &[u8], dissection: &Dissection, scene: &Scene<'_>) -> bool {
        let Some(report) = Report::of(bytes, dissection) else { return false };
        let frame = scene.number();
        if report.is_time_up() {
            self.cast.plays(report.reporter, Role::Router, frame);
            if let Some(distance) = quoted_key(bytes, dissection, &self.probes).and_then(|key| self.probes.get(&key)) {
                self.distances.entry((report.source, report.destination, report.reporter)).or_insert(*distance);
            }
        }
        if report.better.is_some() {
            self.cast.plays(report.reporter, Role::Redirector, frame);
        } else if report.is_of_a_router() {
            self.cast.plays(report.reporter, Role::Reporter, frame);
        }
        if self.objections.len() < Limits::STORY_CONVERSATIONS
            && let Some(error) = IcmpError::of(scene)
            && let Some((conversation, _)) = error.about
        {
            let objection = Objection { reporter: error.reporter, kind: error.kind, frame };
            self.objections.entry(conversation).or_insert(objection);
            if self.refused_questions.len() < Limits::STORY_CONVERSATIONS
                && let Some(transport) =
                    dissection.transports.iter().find(|transport| transport.quoted && transport.destination_port == DOMAIN)
            {
                let datagram = dissection.layers.get(transport.layer).and_then(|layer| bytes.get(layer.start..));
                let number = datagram.and_then(|datagram| datagram.get(8..)?.first_chunk().copied()).map(u16::from_be_bytes);
                self.refused_questions.entry((conversation, number)).or_insert(objection);
            }
        }
        let key = (report.reporter, report.kind, report.code, report.source, report.destination, report.is_tcp);
        if let Some((known, new)) = self.reports.take(key, (frame, scene.time()), || Report { last: frame, ..report })
            && !new
        {
            known.times += 1;
            known.last = frame;
        }
        true
    }

    /// Remembers a packet that does not live long: what is reported of it tells how far somebody is.
    fn remember_probe(&mut self, bytes: &[u8], dissection: &Dissection) {
        let Some(network) = dissection.network().filter(|network| network.hop_limit <= SMALL_HOP_LIMIT) else { return };
        if self.probes.len() < Limits::STORY_PROBES
            && let Some(key) = key_of(bytes, dissection, network.layer, &self.probes)
        {
            self.probes.insert(key, network.hop_limit);
        }
    }

    fn fragment(&mut self, scene: &Scene<'_>) {
        if let Some(belongs) =
            scene.belongs.filter(|_| scene.packet.fragment.is_some() && self.in_fragments.len() < Limits::STORY_CONVERSATIONS)
        {
            self.in_fragments.insert(belongs.conversation);
        }
        let Some(fragment) = scene.packet.fragment.filter(|fragment| fragment.outcome == Outcome::Completes) else { return };
        let (Some(whole), Some(network)) = (&fragment.whole, scene.packet.dissection.network()) else { return };
        let (source, destination) = (network.source, network.destination);
        let first = whole.frames.first().copied().unwrap_or(scene.number());
        let fragmented = Fragmented {
            source,
            destination,
            datagrams: 1,
            fragments: whole.frames.len() as u64,
            length: u64::from(fragment.total.unwrap_or_default()),
            completed: scene.number(),
        };
        if let Some((known, new)) = self.fragmented.take((source, destination), (first, scene.time()), || fragmented) {
            known.datagrams += u64::from(!new);
        }
    }

    /// Counts a frame that nothing else is told of.
    fn count_other(&mut self, bytes: &[u8], dissection: &Dissection, scene: &Scene<'_>) {
        let Some(layer) = dissection.layers.iter().rev().find(|layer| layer.protocol.name != "data") else { return };
        let protocol = layer.protocol;
        let meaning = if protocol.name == "icmpv6" { meaning(bytes.get(layer.start)) } else { "" };
        let at = (scene.number(), scene.time());
        if let Some((count, _)) = self.others.take((protocol.name, meaning), at, || (protocol, meaning, 0)) {
            count.2 += 1;
        }
    }
}

/// What a message of ICMPv6 is for, by its type (RFC 4861, RFC 2710, RFC 3810); nothing where that would take more words.
fn meaning(kind: Option<&u8>) -> &'static str {
    match kind {
        Some(130) => "ask who listens to which groups",
        Some(131 | 143) => "tell routers to which groups a host listens",
        Some(132) => "tell routers that nobody listens to a group any more",
        Some(133) => "ask for routers",
        Some(_) | None => "",
    }
}

/// A number for the packet of the network layer at `layer`: its ends, and the first bytes that it carries. Not the checksum of ICMP,
/// which a router that translates addresses changes, and may not change back in what an error quotes.
fn key_of(bytes: &[u8], dissection: &Dissection, layer: usize, hasher: &HashMap<u64, u8, RandomState>) -> Option<u64> {
    let network = dissection.networks.iter().find(|network| network.layer == layer)?;
    let inside = dissection.layers.get(layer + 1)?;
    let mut first: [u8; 8] = bytes.get(inside.start..)?.first_chunk().copied()?;
    if let (1 | 58, [_, _, checksum @ .., _, _, _, _]) = (network.protocol, &mut first) {
        checksum.fill(0);
    }
    Some(hasher.hasher().hash_one((network.source, network.destination, first)))
}

/// The number of the packet that an error quotes.
fn quoted_key(bytes: &[u8], dissection: &Dissection, hasher: &HashMap<u64, u8, RandomState>) -> Option<u64> {
    let quoted = dissection.networks.iter().find(|network| network.quoted)?;
    key_of(bytes, dissection, quoted.layer, hasher)
}

impl Listener for StoryWatch {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        self.applications.piece(conversation, from, piece);
        self.lookups.piece(conversation, from, piece);
        self.secured.piece(conversation, from, piece);
        self.http.piece(conversation, from, piece);
        let is_text = |application| {
            matches!(application, Application::Smtp | Application::Ftp | Application::Pop | Application::Imap | Application::Irc)
        };
        if !self.hearings.contains_key(&conversation.id) {
            let application = self.applications.application(conversation);
            let shown = application.is_some_and(|(application, evidence)| evidence == Evidence::Content && is_text(application));
            if !shown || self.hearings.len() >= Limits::STORY_CONVERSATIONS / 16 || self.dialogues.len() >= Limits::STORY_CONVERSATIONS / 16
            {
                return;
            }
            self.hearings.insert(conversation.id, Hearing::new(&self.limits));
        }
        if let Some(hearing) = self.hearings.get_mut(&conversation.id) {
            hearing.piece(conversation, from, piece);
        }
    }

    fn datagram(&mut self, conversation: &Conversation, from: Side, payload: &[u8], origin: Origin) {
        self.applications.datagram(conversation, from, payload, origin);
        self.lookups.datagram(conversation, from, payload, origin);
    }

    fn finished(&mut self, conversation: &Conversation) {
        self.applications.finished(conversation);
        self.lookups.finished(conversation);
        self.secured.finished(conversation);
        self.http.finished(conversation);
        if let Some(hearing) = self.hearings.remove(&conversation.id) {
            self.dialogues.insert(conversation.id, hearing.finish(conversation));
        }
    }
}
