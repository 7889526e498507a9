//! What conversations and tunnels say of the links they cross.

use super::facts::ETHERNET;
use super::flight::segment_size;
use super::{MSS, MSS_CLAMPED, MSS_SMALL, MtuFacts, TUNNEL};
use crate::dissect::transport::tcp::ACK;
use crate::dissect::{Layer, Network};
use crate::explain::step::Step;
use crate::explain::surroundings::{Advertised, LinkId, is_initial};
use crate::explain::{Note, Notes, Scene, Surroundings};
use crate::frame::Timestamp;
use crate::limits::Limits;
use std::net::IpAddr;

/// How long a SYN may take from one side of a router to the other, in nanoseconds: less than until it is sent again.
const SAME_SYN: i64 = 100_000_000;
/// The least that a link takes for a SYN to be believed: an IPv4 link takes 68 bytes at least, and no link of today so few.
const BELIEVED: u32 = 256;

/// What SYNs said a moment ago.
#[derive(Debug, Default)]
pub(super) struct Sizes {
    synchronized: Vec<Synchronized>,
    next: usize,
    /// What routers said of their links last, with the frame.
    advertised: Vec<(LinkId, u32, u64)>,
}

#[derive(Clone, Copy, Debug)]
struct Synchronized {
    sequence: u32,
    acknowledgement: u32,
    /// The port that no translation changes: the one that was asked for.
    port: u16,
    size: u16,
    frame: u64,
    time: Timestamp,
    host: IpAddr,
}

impl Sizes {
    /// A router says of its link what that takes.
    pub(super) fn advertise(&mut self, link: LinkId, router: &Advertised, frame: u64) {
        let Some(mtu) = router.mtu else { return };
        let has_room = self.advertised.len() < Limits::SIZES_KEPT;
        match self.advertised.iter_mut().find(|(other, ..)| *other == link) {
            Some(known) if known.1 == mtu => {}
            Some(known) => *known = (link, mtu, frame),
            None if has_room => self.advertised.push((link, mtu, frame)),
            None => {}
        }
    }

    /// The frame in which a router said that the link that a SYN comes from takes as much as the SYN says. It says so of IPv6 alone (RFC 4861 4.6.4), and
    /// to who is on the link itself.
    fn advertised(&self, known: &Surroundings, network: &Network, mtu: u32) -> Option<u64> {
        let link = known.passage()?.link;
        let is_here = network.source.is_ipv6() && is_initial(network.hop_limit);
        self.advertised.iter().find(|(other, advertised, _)| is_here && *other == link && *advertised == mtu).map(|(.., frame)| *frame)
    }

    /// Tells what a SYN says.
    pub(super) fn synchronize(&mut self, scene: &Scene<'_>, step: &Step<'_>, known: &Surroundings, notes: &mut Notes) {
        let Some(size) = segment_size(step.options(scene)) else { return };
        let Step { network, transport, tcp, .. } = *step;
        let (host, frame) = (network.source, scene.number());
        let (mss, headers) = (u32::from(size), if host.is_ipv4() { 40 } else { 60 });
        let advertised = self.advertised(known, network, mss + headers);
        let facts = MtuFacts::SegmentSize { host, mss, mtu: mss + headers, is_advertised: advertised.is_some() };
        let frames: Vec<u64> = advertised.into_iter().chain([frame]).collect();
        // Who said before that it takes more has that link still: this SYN was made up, as scanners do.
        let said_more = self.synchronized.iter().any(|other| other.host == host && other.size > size);
        let tell = |notes: &mut Notes| {
            if mss + headers >= ETHERNET {
                notes.say(&MSS, (host, mss), || scene.note(Note::seen(facts.clone(), &[frame])));
            } else if mss + headers >= BELIEVED && !said_more {
                notes.say(&MSS_SMALL, host, || scene.note(Note::inferred(facts.clone(), &frames)));
            }
        };
        let Some(time) = scene.time() else { return tell(notes) };
        let is_answer = tcp.flags & ACK != 0;
        let port = if is_answer { transport.source_port } else { transport.destination_port };
        let own = Synchronized { sequence: tcp.sequence, acknowledgement: tcp.acknowledgement, port, size, frame, time, host };
        let same = |other: &&Synchronized| {
            (other.sequence, other.acknowledgement, other.port) == (own.sequence, own.acknowledgement, own.port)
                && time.since(other.time) < SAME_SYN
                && other.host.is_ipv4() == host.is_ipv4()
        };
        if let Some(before) = self.synchronized.iter().find(same).filter(|before| before.size > size) {
            let facts = MtuFacts::Clamped { host: before.host, before: before.size.into(), after: mss };
            notes.say(&MSS_CLAMPED, (before.host, before.size, size), || scene.note(Note::seen(facts, &[before.frame, frame])));
        } else {
            tell(notes);
        }
        if self.synchronized.len() < Limits::SIZES_KEPT {
            self.synchronized.push(own);
        } else if let Some(place) = self.synchronized.get_mut(self.next % Limits::SIZES_KEPT) {
            *place = own;
        }
        self.next += 1;
    }

    /// Tells what the frame's tunnels take of each packet.
    pub(super) fn tunnels(&mut self, scene: &Scene<'_>, notes: &mut Notes) {
        let (_, dissection) = scene.own();
        let start_of = |network: &Network| dissection.layers.get(network.layer).map(|layer| layer.start);
        let first = dissection.networks.first();
        if let (Some(session), Some(inner)) = (dissection.layer("pppoes"), first.and_then(start_of)) {
            tell(scene, session.protocol.label, inner.saturating_sub(session.start), notes);
        }
        for pair in dissection.networks.windows(2) {
            let [outer, inner] = pair else { return };
            if inner.quoted || outer.fragment.is_some() {
                return;
            }
            let (Some(from), Some(to)) = (start_of(outer), start_of(inner)) else { return };
            let between = dissection.layers.get(outer.layer + 1..=inner.layer).unwrap_or_default();
            let is_tunnel = |layer: &&Layer| !matches!(layer.protocol.name, "udp" | "tcp" | "eth" | "vlan");
            if let Some(layer) = between.iter().find(is_tunnel) {
                let protocol = match (outer.source.is_ipv4(), inner.source.is_ipv4()) {
                    (true, true) if is_inner(layer) => "IPv4 in IPv4",
                    (true, false) if is_inner(layer) => "IPv6 in IPv4",
                    (false, true) if is_inner(layer) => "IPv4 in IPv6",
                    (false, false) if is_inner(layer) => "IPv6 in IPv6",
                    _ => layer.protocol.label,
                };
                tell(scene, protocol, to.saturating_sub(from), notes);
            }
        }
    }
}

/// Whether nothing of a tunnel's own stands between two packets.
fn is_inner(layer: &Layer) -> bool {
    matches!(layer.protocol.name, "ip" | "ipv6")
}

fn tell(scene: &Scene<'_>, protocol: &'static str, overhead: usize, notes: &mut Notes) {
    let overhead = u32::try_from(overhead).unwrap_or(0);
    if overhead > 0 && overhead < ETHERNET {
        let facts = MtuFacts::Tunnel { protocol, overhead };
        notes.say(&TUNNEL, (protocol, overhead), || scene.note(Note::seen(facts, &[scene.number()])));
    }
}
