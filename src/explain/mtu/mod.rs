//! Lessons on packet sizes: what fits, what was cut, and what vanished because it did not fit.

mod facts;
mod flight;
mod large;
mod sizes;

use super::icmp::IcmpError;
use super::scene::Lessons;
use super::step::{HEADER, Step};
use super::surroundings::{Carries, Discovery, Surety, is_initial, is_link_local};
use super::{Note, Notes, Rule, Scene, Surroundings};
use crate::conversation::{ByConversation, Conversation, Side};
use crate::dissect::transport::tcp::SYN;
use crate::dissect::{Dissection, Network};
use crate::explain::room::NoRoom;
use crate::limits::Limits;
pub use facts::{Cutter, MtuFacts};
use flight::{Carried, Flight, Found};
use foldhash::fast::RandomState;
use large::Large;
use sizes::Sizes;
use std::collections::HashMap;
use std::net::IpAddr;

/// The sender forbids routers to cut.
static DF: Rule = Rule::lesson("mtu.df", "RFC 791 3.1, RFC 1191 2");
/// What a SYN says of its sender's link.
static MSS: Rule = Rule::lesson("mtu.mss", "RFC 9293 3.7.1");
/// A SYN says less than an Ethernet takes.
static MSS_SMALL: Rule = Rule::lesson("mtu.mss-small", "RFC 9293 3.7.1, RFC 2516 7");
/// A router wrote another size into a SYN.
static MSS_CLAMPED: Rule = Rule::information("mtu.mss-clamped", "RFC 4459 3.2, RFC 9293 3.7.1");
/// What a tunnel takes of each packet.
static TUNNEL: Rule = Rule::lesson("mtu.tunnel", "RFC 4459 2, 3, RFC 2784 2, RFC 2003 3");
/// A datagram was cut.
static CUT: Rule = Rule::lesson("mtu.cut", "RFC 791 3.2, RFC 8200 4.5");
/// A router could not pass on a packet that is too big.
static TOO_BIG: Rule = Rule::information("mtu.too-big", "RFC 1191 4, RFC 8201 4, RFC 4443 3.2");
/// The sender obeys.
static LEARNED: Rule = Rule::information("mtu.learned", "RFC 1191 3, RFC 8201 4");
/// The sender does not.
static IGNORED: Rule = Rule::problem("mtu.ignored", "RFC 1191 3, RFC 8201 4");
/// Large packets vanish.
pub(super) static BLACK_HOLE: Rule = Rule::problem("mtu.black-hole", "RFC 2923 2.1, RFC 8899 1.1");
/// Large packets get no answer, and nothing more is heard of the receiver.
pub(super) static BLACK_HOLE_POSSIBLE: Rule = Rule::warning("mtu.black-hole-possible", "RFC 2923 2.1, RFC 8899 1.1, 4.3");
/// Large packets vanish on a link that both ends are on themselves.
pub(super) static MISMATCH: Rule = Rule::problem("mtu.mismatch", "RFC 894, RFC 2923 2.1, RFC 8899 1.1");
/// The sender found out by itself what fits.
static PROBED: Rule = Rule::information("mtu.probed", "RFC 4821 7, RFC 2923 2.1");

/// The rules.
pub(super) static RULES: &[&Rule] = &[
    &DF,
    &MSS,
    &MSS_SMALL,
    &MSS_CLAMPED,
    &TUNNEL,
    &CUT,
    &TOO_BIG,
    &LEARNED,
    &IGNORED,
    &BLACK_HOLE,
    &BLACK_HOLE_POSSIBLE,
    &MISMATCH,
    &PROBED,
];

/// After how many questions for a hardware address a host counts as gone.
const IN_VAIN: u32 = 2;
/// How often a packet of the refused size is sent again until its sender counts as deaf.
const DEAF: u32 = 3;

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(super) struct MtuWatch {
    flights: ByConversation<Flight>,
    /// Conversations of which a packet was refused as too big.
    refused: HashMap<u64, Refused, RandomState>,
    sizes: Sizes,
    large: Large,
    /// Whose hardware address is asked for: who asked last, and how often it did since something last came from there.
    sought: HashMap<IpAddr, (IpAddr, u32), RandomState>,
    /// The last two senders whose packets no router may cut: of them that is told.
    forbidding: [Option<IpAddr>; 2],
    forgotten: NoRoom,
}

/// A sender that was told what fits.
#[derive(Clone, Copy, Debug)]
struct Refused {
    side: Side,
    frame: u64,
    mtu: u32,
    size: u32,
    again: u32,
    /// Where the bytes stand that were sent again as large as they were.
    sequence: Option<u64>,
}

impl Lessons for MtuWatch {
    fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    fn frame(&mut self, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        let (bytes, dissection) = scene.own();
        if let (Some(Discovery::Router(router)), Some(passage)) = (known.discovery(), known.passage()) {
            self.sizes.advertise(passage.link, router, scene.number());
        }
        self.seek(known, dissection.networks.first());
        let Some(network) = dissection.network() else { return };
        if dissection.networks.len() > 1 || dissection.layers.len() > 5 {
            self.sizes.tunnels(scene, notes);
        }
        if dissection.networks.last().is_some_and(|last| last.quoted) {
            if let Some(error) = IcmpError::of(scene) {
                self.refuse(&error, scene, notes);
            }
            return;
        }
        if scene.packet.fragment.is_some() {
            self.large.cut(scene, notes);
            return;
        }
        let Some(packet) = Whole::of(bytes, dissection, network) else { return };
        if packet.may_be_cut {
            self.large.remember(scene, network, packet.bytes, packet.size);
        }
        let Some(step) = Step::of(scene) else { return };
        if step.segment.is(SYN) {
            self.sizes.synchronize(scene, &step, known, notes);
        }
        self.take(scene, &step, &packet, notes);
        if dissection.networks.len() == 1
            && let Some(flight) = self.flights.get_mut(step.belongs.conversation)
            && !flight.goes_straight[step.belongs.from.index()]
        {
            flight.goes_straight[step.belongs.from.index()] = goes_straight(known, network);
        }
    }

    fn over(&mut self, conversation: &Conversation, notes: &mut Notes) {
        if let Some(mut flight) = self.flights.remove(conversation.id)
            && let Some((side, found)) = flight.over()
        {
            let [sender, receiver] = [side, side.other()].map(|side| conversation.end(side).address);
            // Whom not even a question for its hardware address reaches is gone: that is no matter of size.
            let is_gone = self.sought.get(&receiver).is_some_and(|(asker, times)| *asker == sender && *times >= IN_VAIN);
            if found.is_alive || !is_gone {
                tell_found(conversation, side, (found, flight.is_on_link()), notes);
            }
        }
        self.refused.remove(&conversation.id);
    }
}

fn notes_df(scene: &Scene<'_>, sender: IpAddr, size: u32, notes: &mut Notes) {
    notes.say(&DF, sender, || scene.note(Note::seen(MtuFacts::Forbidden { sender, size }, &[scene.number()])));
}

/// An IP packet that is no fragment, with its size.
struct Whole<'a> {
    /// Its header and what follows, as far as the layer has it.
    bytes: &'a [u8],
    /// Where it begins in the frame.
    start: usize,
    size: u32,
    /// Whether routers may cut it.
    may_be_cut: bool,
}

impl<'a> Whole<'a> {
    fn of(frame: &'a [u8], dissection: &Dissection, network: &Network) -> Option<Self> {
        let layer = dissection.layers.get(network.layer)?;
        let size = u32::try_from(layer.wire_end.saturating_sub(layer.start)).ok()?;
        let bytes = frame.get(layer.start..layer.end).unwrap_or_default();
        let may_be_cut = network.source.is_ipv4() && bytes.get(6).is_none_or(|flags| flags & 0x40 == 0);
        Some(Self { bytes, start: layer.start, size, may_be_cut })
    }
}

impl MtuWatch {
    /// Takes one more segment of a connection that goes on.
    pub(super) fn go_on(&mut self, scene: &Scene<'_>, step: &Step<'_>, notes: &mut Notes) {
        let (bytes, dissection) = scene.own();
        let Some(packet) = Whole::of(bytes, dissection, step.network) else { return };
        if packet.may_be_cut {
            self.large.remember(scene, step.network, packet.bytes, packet.size);
        }
        self.take(scene, step, &packet, notes);
    }

    /// Notes who is asked for on its link, and who is heard of.
    fn seek(&mut self, known: &Surroundings, network: Option<&Network>) {
        let (from, question) = match (known.passage().map(|passage| passage.carries), known.discovery(), network) {
            (Some(Carries::Arp(arp)), ..) => {
                let (sender, target) = (IpAddr::V4(arp.sender_address), IpAddr::V4(arp.target_address));
                (sender, (!arp.is_reply && sender != target).then_some(target))
            }
            (_, Some(Discovery::Solicitation { target, .. }), Some(network)) => (network.source, Some(IpAddr::V6(*target))),
            (_, _, Some(network)) => (network.source, None),
            (_, _, None) => return,
        };
        self.hear(from);
        let Some(target) = question else { return };
        if self.forgotten.room(self.sought.len() < Limits::FLIGHTS_WATCHED || self.sought.contains_key(&target)) {
            let (asker, times) = self.sought.entry(target).or_insert((from, 0));
            *times = if *asker == from { *times + 1 } else { 1 };
            *asker = from;
        }
    }

    /// Something came from an address.
    fn hear(&mut self, from: IpAddr) {
        if !self.sought.is_empty() {
            self.sought.remove(&from);
        }
    }

    /// Takes a segment.
    fn take(&mut self, scene: &Scene<'_>, step: &Step<'_>, packet: &Whole<'_>, notes: &mut Notes) {
        let Step { conversation, belongs, segment, network, tcp, .. } = *step;
        let Whole { size, .. } = *packet;
        self.hear(network.source);
        let is_ipv4 = network.source.is_ipv4();
        if is_ipv4 && !packet.may_be_cut && segment.length > 0 && !self.forbidding.contains(&Some(network.source)) {
            self.forbidding = [Some(network.source), self.forbidding[0]];
            notes_df(scene, network.source, size, notes);
        }
        if !self.refused.is_empty() {
            self.obey(scene, belongs.conversation, belongs.from, size, notes);
        }
        // Where no SYN said what fits into a segment nothing can be told: most conversations that began before the capture are not watched.
        if segment.is(SYN) {
            self.watch(belongs.conversation);
        }
        let Some(flight) = self.flights.get_mut(belongs.conversation) else { return };
        let options = step.options(scene);
        let headers = u32::try_from((step.start + HEADER).saturating_sub(packet.start)).unwrap_or(u32::MAX);
        let (length, remark, is_whole) = (segment.length, segment.remark, !packet.may_be_cut);
        let carried = Carried { frame: scene.number(), time: scene.time(), tcp, length, remark, options, size, headers, is_whole };
        if let Some((side, found)) = flight.take(belongs.from, &carried) {
            let is_on_link = flight.is_on_link();
            tell_found(conversation, side, (found, is_on_link), notes);
        }
    }

    /// Watches a conversation from now on, where it is not watched yet.
    fn watch(&mut self, conversation: u64) {
        if self.flights.len() >= Limits::FLIGHTS_WATCHED && !self.flights.contains(conversation) {
            self.make_room();
        }
        self.flights.get_or_insert_with(conversation, Flight::default);
    }

    /// Lets go of conversations of which nothing is under way, and of all of them where that is not enough.
    #[cold]
    fn make_room(&mut self) {
        self.flights.retain(|flight| !flight.is_idle());
        if self.flights.len() >= Limits::FLIGHTS_WATCHED / 2 {
            self.forgotten.put_away(self.flights.len());
            self.flights.clear();
        }
    }

    /// A router says that a packet is too big.
    fn refuse(&mut self, error: &IcmpError, scene: &Scene<'_>, notes: &mut Notes) {
        let Some(mtu) = error.fitting() else { return };
        let (quoted, frame) = (error.quoted, scene.number());
        let conversation = error.about.map(|(conversation, _)| conversation);
        notes.say(&TOO_BIG, (error.reporter, conversation, quoted.source, quoted.destination, mtu), || {
            let facts = MtuFacts::TooBig { reporter: error.reporter, quoted, mtu };
            Note { conversation, ..Note::seen(facts, &[frame]) }
        });
        let Some((conversation, side)) = error.about else { return };
        if let Some(flight) = self.flights.get_mut(conversation) {
            flight.was_refused = true;
        }
        let is_new = !self.refused.contains_key(&conversation);
        if mtu != 0 && mtu < quoted.length && is_new && self.forgotten.room(self.refused.len() < Limits::FLIGHTS_WATCHED) {
            let refused = Refused { side, frame, mtu, size: quoted.length, again: 0, sequence: None };
            self.refused.entry(conversation).or_insert(refused);
        }
    }

    /// What a sender does that was told what fits.
    fn obey(&mut self, scene: &Scene<'_>, conversation: u64, from: Side, size: u32, notes: &mut Notes) {
        let Some(refused) = self.refused.get_mut(&conversation).filter(|refused| refused.side == from) else { return };
        let (Some(segment), Some(known)) = (scene.belongs.as_ref().and_then(|belongs| belongs.segment.as_ref()), scene.conversation())
        else {
            return;
        };
        let [sender, receiver] = [from, from.other()].map(|side| known.end(side).address);
        let Refused { frame, mtu, size: before, .. } = *refused;
        // Less than 64 bytes below it, and with something in it: as much as fits, not as much as there was to say.
        if segment.length > 0 && size <= mtu && size.saturating_add(64) > mtu {
            let facts = MtuFacts::Learned { sender, receiver, mtu, before, now: size };
            notes.say(&LEARNED, conversation, || scene.note(Note::seen(facts, &[frame, scene.number()])));
            self.refused.remove(&conversation);
        } else if size == before && segment.sequence.is_some() {
            let is_again = refused.sequence == segment.sequence;
            refused.sequence = segment.sequence;
            refused.again += u32::from(is_again);
            if refused.again >= DEAF {
                let facts = MtuFacts::Ignored { sender, receiver, mtu, size };
                notes.say(&IGNORED, conversation, || scene.note(Note::inferred(facts, &[frame, scene.number()])));
                self.refused.remove(&conversation);
            }
        }
    }
}

/// Whether a packet goes from its sender's card to its receiver's, so that no router passes it on.
fn goes_straight(known: &Surroundings, network: &Network) -> bool {
    let Some(passage) = known.passage() else { return false };
    let has = |host: IpAddr, card: [u8; 6]| known.neighbour(passage.link, host).is_some_and(|neighbour| neighbour.card == card);
    let between_both = || passage.cards().is_some_and(|(from, to)| has(network.source, from) && has(network.destination, to));
    let is_told = || {
        let home = known.network_of(Some(passage.link), network.source).filter(|home| home.origin.surety() > Surety::Assumed);
        home.is_some_and(|home| home.prefix.contains(&network.destination))
    };
    is_initial(network.hop_limit) && (between_both() || is_told())
}

fn tell_found(conversation: &Conversation, side: Side, (found, is_on_link): (Found, bool), notes: &mut Notes) {
    let [sender, receiver] = [side, side.other()].map(|side| conversation.end(side).address);
    let is_on_link = is_on_link || is_link_local(sender) && is_link_local(receiver);
    let Found { passed, failed, headers, waits, sent, missing, probed, is_alive, frames } = found;
    if !is_alive {
        let facts = MtuFacts::Unanswered { sender, receiver, passed, failed, headers, sent, missing, is_on_link };
        notes.say(&BLACK_HOLE_POSSIBLE, (conversation.id, side), || Note::inferred(facts, &frames).of(conversation.id));
        return;
    }
    if probed > 0 {
        notes.say(&PROBED, (conversation.id, side), || {
            Note::inferred(MtuFacts::Probed { sender, receiver, passed: probed, failed }, &frames).of(conversation.id)
        });
    }
    notes.say(if is_on_link { &MISMATCH } else { &BLACK_HOLE }, (conversation.id, side), || {
        let waits = waits.iter().map(|wait| u64::try_from(*wait).unwrap_or(0)).collect();
        let facts = MtuFacts::BlackHole { sender, receiver, passed, failed, headers, waits, sent, missing, is_on_link };
        Note::inferred(facts, &frames).of(conversation.id)
    });
}
