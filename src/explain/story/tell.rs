//! From what was kept to the story: who was there, and what happened in order.

use super::cast::{Cast, Role};
use super::event::{Exchanged, Held, Hop, Trace};
use super::exchanges::Exchanges;
use super::wrong::{Wrong, sum_up};
use super::{Clock, Event, Host, Report, StoryWatch, What};
use crate::conversation::application::{Application, Evidence};
use crate::conversation::dns::Service;
use crate::conversation::http1::HttpWatch;
use crate::conversation::{Conversation, Kind, Packet, Side, State};
use crate::dissect::Protocol;
use crate::explain::{CaptureFacts, Ending, Facts, KnownNetwork, LossFacts, Note, Severity, SubnetFacts, Surroundings};
use crate::frame::Timestamp;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr};

/// The whole of the capture in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Frames.
    pub frames: u64,
    /// Bytes that they had on the wire.
    pub bytes: u64,
    /// When the first came.
    pub first: Option<Timestamp>,
    /// When the last came.
    pub last: Option<Timestamp>,
    /// Frames of which the capture kept less than there was, and the first of them.
    pub cut: (u64, u64),
    /// Frames that are damaged, and the first of them.
    pub damaged: (u64, u64),
    /// Conversations.
    pub conversations: u64,
}

impl Span {
    pub(super) fn add(&mut self, packet: &Packet<'_>, damaged: bool) {
        let frame = packet.frame;
        self.frames += 1;
        self.bytes += u64::from(frame.length);
        self.first = self.first.or(frame.timestamp);
        self.last = frame.timestamp.or(self.last);
        for (is, (count, first)) in [(frame.is_cut(), &mut self.cut), (damaged, &mut self.damaged)] {
            if is {
                *first = if *count == 0 { frame.number } else { *first };
                *count += 1;
            }
        }
    }

    /// Nanoseconds from the first to the last frame.
    #[must_use]
    pub fn took(&self) -> Option<i64> {
        Some(self.last?.since(self.first?))
    }
}

/// Frames of which nothing else is told.
#[derive(Clone, Copy, Debug)]
pub struct Other {
    /// Their protocol.
    pub protocol: &'static Protocol,
    /// What they do, where that is known.
    pub meaning: &'static str,
    /// How many.
    pub frames: u64,
    /// The first of them.
    pub first: u64,
}

/// The story of a capture.
#[derive(Debug)]
pub struct Story {
    /// The whole of it in numbers.
    pub span: Span,
    /// Who is there, by their first frames.
    pub hosts: Vec<Host>,
    /// The clock that gave the frames their times.
    pub clock: Clock,
    /// The networks that they are on.
    pub networks: Vec<KnownNetwork>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Frames that nothing above tells of, by their protocol.
    pub others: Vec<Other>,
    /// What is to be known of how it was captured.
    pub capture: Vec<Note>,
    /// What is wrong, most serious first.
    pub wrong: Vec<Wrong>,
    /// Hosts, events and look-ups that the limits left out.
    pub left_out: u64,
}

impl StoryWatch {
    /// Tells the story, once all was seen and heard. Of the notes, those that say why something went its way are events, and those that say
    /// that something is wrong stand at the end; the rest is for whoever asks for notes.
    #[must_use]
    pub fn tell(mut self, ending: &Ending<'_>, surroundings: &Surroundings, mut notes: Vec<Note>) -> Story {
        let conversations: Known<'_> = ending.conversations.iter().map(|conversation| (conversation.id, conversation)).collect();
        self.span.conversations = ending.conversations.count();
        let mut left_out = ending.conversations.put_away().conversations + self.lookups.left_out();
        let traces = self.traces(&conversations);
        let ways: HashSet<u64, RandomState> = traces.iter().flat_map(|(_, trace)| &trace.hops).map(|hop| hop.frame).collect();
        let traced: Pairs = traces.iter().map(|(_, trace)| (trace.source, trace.destination)).collect();
        surroundings.on_links().for_each(|address| self.cast.is_here(address));
        for hop in traces.iter().flat_map(|(_, trace)| &trace.hops) {
            if let Some(distance) = hop.distance {
                self.cast.traced(hop.router, distance.saturating_sub(1));
            }
        }
        notes.retain(|note| self.cast.bears_out(note));
        // The first of several times that a receiver was full is in their sum.
        let stalled: HashSet<(Option<u64>, IpAddr), RandomState> =
            notes.iter().filter_map(|note| full(note).filter(|(_, times)| *times > 1)).map(|(whose, _)| whose).collect();
        notes.retain(|note| full(note).is_none_or(|(whose, times)| times != 1 || !stalled.contains(&whose)));
        self.play_servers(&conversations);
        for (_, lease) in self.leases6.iter() {
            for (address, frame) in lease.addresses.iter().filter_map(|(address, _)| Some((*address, lease.messages[7]?))) {
                self.cast.plays(address.into(), Role::LeaseClient, frame);
            }
        }
        let mut events = self.looked_up(&conversations);
        events.extend(self.held(&conversations, &traced));
        let reports = &self.reports;
        events.extend(traces.into_iter().map(|(frame, trace)| Event { what: What::Traced(trace), frame, time: reports.time_of(frame) }));
        let untaken = self.untaken_offers(surroundings);
        let is_of_nobody = |note: &Note| matches!(note.evidence.frames[..], [frame] if untaken.contains(&frame));
        notes.retain(|note| note.rule().subject() != "route" || !is_of_nobody(note));
        self.cast.learn(&notes);
        let claims: Vec<([u8; 6], IpAddr, IpAddr)> = notes.iter().filter_map(claim).collect();
        let proxies = self.cast.proxies();
        let Sorted { wrong, capture, explained } = sort_notes(notes);
        // The way that was traced is told once, and so is each router on it.
        let is_told = |note: &Note| {
            matches!(note.rule().id, "hops.traceroute" | "hops.expired")
                && note.evidence.frames.first().is_some_and(|first| ways.contains(first))
        };
        // What was known before the first frame did not happen: it stands with the hosts and networks.
        let happened = explained.into_iter().filter(|event| event.frame > 0);
        events.extend(happened.filter(|event| !matches!(&event.what, What::Explained(note) if is_told(note))));
        let Self {
            span,
            mut clock,
            cast,
            resolutions,
            announcements,
            leases,
            leases6,
            advertisements,
            pings_inside,
            access_points,
            joinings,
            reports,
            fragmented,
            others,
            ..
        } = self;
        clock.step = capture.iter().find_map(|note| match note.facts {
            Facts::Capture(CaptureFacts::Coarse { step, .. }) => Some(step),
            _ => None,
        });
        left_out += resolutions.left_out() + announcements.left_out() + leases.left_out() + leases6.left_out() + reports.left_out();
        events.extend(resolutions.into_events(|_, mut resolution| {
            let is_its = |(card, address, _): &&([u8; 6], IpAddr, IpAddr)| resolution.by.0 == Some(*card) && resolution.asker == *address;
            let answer = resolution.answer.map(|(card, _)| card);
            let proxy = proxies.get(&resolution.target).filter(|(card, _)| answer == Some(*card));
            resolution.proxy = proxy.map(|(_, own)| *own);
            resolution.really = claims.iter().find(is_its).map(|(_, _, own)| *own);
            Some(if resolution.asker.is_unspecified() { What::Probed(resolution) } else { What::Resolved(resolution) })
        }));
        events.extend(announcements.into_events(|_, announced| Some(What::Announced(announced))));
        events.extend(leases.into_events(|_, lease| Some(What::Leased(Box::new(lease)))));
        events.extend(leases6.into_events(|_, lease| Some(What::Leased6(Box::new(lease)))));
        // The same address from two cards may be two routers.
        let mut advertised =
            advertisements.into_events(|(router, card), told| Some(What::Advertised { router, card, told: Box::new(told) }));
        let mut times: HashMap<IpAddr, usize, RandomState> = HashMap::default();
        for event in &advertised {
            if let What::Advertised { router, .. } = event.what {
                *times.entry(router).or_default() += 1;
            }
        }
        for event in &mut advertised {
            if let What::Advertised { router, card, .. } = &mut event.what
                && times.get(router) == Some(&1)
            {
                *card = None;
            }
        }
        events.extend(advertised);
        left_out += pings_inside.left_out();
        events.extend(
            pings_inside.into_events(|(asker, target, _), (echoes, carrier)| {
                Some(What::Pinged(echoes.ping_of([asker, target], (carrier, 0), None)))
            }),
        );
        left_out += access_points.left_out() + joinings.left_out();
        events.extend(access_points.into_events(|_, told| Some(What::Beaconed(Box::new(told)))));
        events.extend(joinings.into_events(|_, joining| Some(What::Joined(Box::new(joining)))));
        events.extend(reports.into_events(|_, report| {
            let is_of_trace = traced.contains(&(report.source, report.destination));
            (!is_of_trace).then_some(What::Reported(report))
        }));
        events.extend(fragmented.into_events(|_, fragmented| Some(What::Fragmented(fragmented))));
        let others =
            others.iter().map(|(first, (protocol, meaning, frames))| Other { protocol, meaning, frames: *frames, first }).collect();
        let networks = networks(&cast, surroundings, &untaken);
        let (hosts, more_hosts) = cast.into_hosts(surroundings, &untaken);
        events.sort_by_key(|event| (event.frame, matches!(event.what, What::Explained(_))));
        left_out += more_hosts + events.len().saturating_sub(Limits::STORY_EVENTS) as u64;
        events.truncate(Limits::STORY_EVENTS);
        for event in events.iter_mut().filter(|event| event.time.is_none()) {
            event.time = clock.time_of(event.frame);
        }
        Story { span, hosts, clock, networks, events, others, capture, wrong, left_out }
    }

    /// The frames with offers of addresses that were not taken, and of whose servers nothing was: what they tell of the network is nobody's.
    fn untaken_offers(&self, surroundings: &Surroundings) -> HashSet<u64, RandomState> {
        let given = || self.leases.iter().map(|(_, lease)| lease).filter(|lease| lease.messages[5].is_some());
        let is_giver = |server: Ipv4Addr| given().any(|lease| lease.server == Some(server));
        let untaken = given().flat_map(|lease| lease.offers.iter()).filter(|(server, _)| !is_giver(*server)).map(|(_, frame)| *frame);
        // The same may be told by who gives.
        let is_used = |frame: &u64| {
            surroundings.leases().iter().filter(|lease| lease.frame == *frame).any(|lease| {
                let router = lease.routers.first().copied();
                given().any(|given| given.router == router)
            })
        };
        untaken.filter(|frame| !is_used(frame)).collect()
    }

    /// Look-ups as events; who answered them serves names.
    fn looked_up(&mut self, conversations: &Known<'_>) -> Vec<Event> {
        let mut events = Vec::new();
        for lookup in self.lookups.lookups() {
            let Some(conversation) = conversations.get(&lookup.conversation) else { continue };
            let [client, server] = [lookup.asker, lookup.asker.other()].map(|side| *conversation.end(side));
            if let (Some(answer), Service::Dns) = (&lookup.answer, lookup.service) {
                self.cast.plays(server.address, Role::NameServer, answer.origin.frame);
            }
            let first = lookup.question.or(lookup.answer.as_ref().map(|answer| answer.origin)).unwrap_or_default();
            let refused = |number| self.refused_questions.get(&(lookup.conversation, number)).copied();
            let objection = refused(Some(lookup.id)).or_else(|| refused(None)).filter(|_| lookup.answer.is_none());
            let what = What::LookedUp(Box::new(Exchanged { client, server, of: lookup.clone(), objection }));
            events.push(Event { what, frame: first.frame, time: first.time });
            if events.len() >= Limits::STORY_EVENTS {
                break;
            }
        }
        events
    }

    /// Who serves what, and who uses it.
    fn play_servers(&mut self, conversations: &Known<'_>) {
        let mut ids: Vec<u64> = conversations.keys().copied().collect();
        ids.sort_unstable();
        for conversation in ids.iter().filter_map(|id| conversations.get(id)) {
            let is_refused =
                matches!(conversation.state(), Some(State::Refused)) || conversation.begins_oddly() || is_turned_away(conversation);
            let answered = conversation.sent[1].frames > 0 && !is_refused;
            let is_transport = matches!(conversation.kind, Kind::Tcp | Kind::Udp);
            let (application, evidence) = self.applications.application(conversation).unzip();
            let is_heard = evidence == Some(Evidence::Content);
            let is_told = matches!(application, Some(Application::Dns | Application::Dhcp | Application::Dhcpv6));
            if !answered || !is_transport || is_told || application.is_none() && conversation.kind == Kind::Udp {
                continue;
            }
            let [client, server] = conversation.ends;
            self.cast.plays(server.address, Role::Server(application, server.port, is_heard), conversation.first_frame);
            // Who says nothing uses nothing.
            let is_silent = conversation.kind == Kind::Tcp && conversation.sent[0].payload == 0 && conversation.sent[1].payload == 0;
            if !is_silent {
                self.cast.plays(client.address, Role::Client(application, is_heard), conversation.first_frame);
            }
        }
    }

    /// Conversations as events, but for those that something else tells of.
    fn held(&mut self, conversations: &Known<'_>, traced: &Pairs) -> Vec<Event> {
        let looked_up: HashSet<u64, RandomState> = self.lookups.lookups().iter().map(|lookup| lookup.conversation).collect();
        let mut exchanges = std::mem::replace(&mut self.http, HttpWatch::new(Exchanges::default(), self.limits)).finish();
        let mut order: Vec<&&Conversation> = conversations.values().collect();
        order.sort_unstable_by_key(|conversation| conversation.id);
        let answers = answers_from_other_ports(&order);
        let answering: HashSet<u64, RandomState> = answers.values().map(|answer| answer.id).collect();
        let mut events = Vec::new();
        for &&conversation in &order {
            if events.len() >= Limits::STORY_EVENTS {
                break;
            }
            let application = self.applications.application(conversation);
            let is_probe = conversation.sent[1].frames == 0 || conversation.kind == Kind::Echo || is_call_alone(conversation);
            let is_leased = matches!(application, Some((Application::Dhcp, _))) && self.leases.iter().next().is_some();
            let is_link = matches!(conversation.kind, Kind::Other(1 | 58));
            let ends = conversation.ends.map(|end| end.address);
            if is_link
                || is_leased
                || self.tunnels.contains(&conversation.id)
                || self.leased6.contains(&conversation.id)
                || looked_up.contains(&conversation.id)
                || answering.contains(&conversation.id)
                || is_probe && traced.contains(&(ends[0], ends[1]))
            {
                continue;
            }
            let objection = self.objections.get(&conversation.id).copied();
            let tags = self.vlans.tags(conversation.id);
            let what = match self.pings.get(&conversation.id) {
                Some(echoes) => What::Pinged(echoes.ping(conversation, tags, objection)),
                None => {
                    let (exchanges, more_exchanges) = exchanges.of.remove(&conversation.id).unwrap_or_default();
                    What::Held(Box::new(Held {
                        conversation: conversation.clone(),
                        tags,
                        application,
                        opening: self.openings.get(&conversation.id).copied().unwrap_or_default(),
                        tls: self.secured.summary(conversation.id).cloned(),
                        exchanges,
                        more_exchanges,
                        answered_in: answers.get(&conversation.id).map(|answer| Box::new((*answer).clone())),
                        lacks: self.lacking.get(&conversation.id).copied().unwrap_or_default(),
                        copies: self.copied.get(&conversation.id).copied().unwrap_or_default(),
                        is_fragmented: self.in_fragments.contains(&conversation.id),
                        dialogue: self.dialogues.remove(&conversation.id),
                        objection,
                    }))
                }
            };
            events.push(Event { what, frame: conversation.first_frame, time: conversation.first() });
        }
        events
    }

    /// Ways that were traced: several routers said that the time of packets from one host to another was up.
    fn traces(&self, conversations: &Known<'_>) -> Vec<(u64, Trace)> {
        let mut hops: HashMap<(IpAddr, IpAddr), Vec<Hop>, RandomState> = HashMap::default();
        for (frame, report) in self.reports.iter().filter(|(_, report)| report.is_time_up()) {
            let distance = self.distances.get(&(report.source, report.destination, report.reporter)).copied();
            hops.entry((report.source, report.destination)).or_default().push(Hop { distance, router: report.reporter, frame });
        }
        let mut traces = Vec::new();
        for ((source, destination), mut hops) in hops {
            hops.sort_by_key(|hop| (hop.distance.unwrap_or(u8::MAX), hop.frame));
            // Each kind of probe is answered by itself: of several the first counts.
            let mut seen = HashSet::<(Option<u8>, IpAddr), RandomState>::default();
            hops.retain(|hop| seen.insert((hop.distance, hop.router)));
            if hops.len() < 2 {
                continue;
            }
            let answers = |report: &Report| {
                (report.source, report.destination, report.reporter) == (source, destination, destination) && !report.is_time_up()
            };
            let unreachable = self.reports.iter().find(|(_, report)| answers(report)).map(|(frame, _)| frame);
            let probed = || self.probed(conversations, source, destination);
            let reached = unreachable.or_else(|| self.echoed(source, destination)).or_else(probed);
            let frame = hops.iter().map(|hop| hop.frame).min().unwrap_or_default();
            traces.push((frame, Trace { source, destination, hops, reached }));
        }
        traces.sort_by_key(|(frame, _)| *frame);
        traces
    }

    /// The frame in which a host answered calls of another that wanted no more than that.
    fn probed(&self, conversations: &Known<'_>, source: IpAddr, destination: IpAddr) -> Option<u64> {
        let calls =
            conversations.values().filter(|known| known.ends.map(|end| end.address) == [source, destination] && is_call_alone(known));
        calls.filter_map(|known| self.openings.get(&known.id)?.frames[1]).min()
    }

    /// The frame in which a host answered the echoes of another.
    fn echoed(&self, source: IpAddr, destination: IpAddr) -> Option<u64> {
        let echoes = self.pings.values().filter(|echoes| echoes.ends == Some((source, destination)));
        echoes.filter_map(|echoes| echoes.answer).min()
    }
}

/// Whether nothing was said over a connection, and it did not last: its client was refused, or took its call back.
fn is_call_alone(conversation: &Conversation) -> bool {
    let is_left =
        matches!(conversation.state(), Some(State::Refused | State::Unanswered | State::HalfOpen | State::Reset(Side::Originator)));
    conversation.kind == Kind::Tcp && is_left && conversation.sent.iter().all(|sent| sent.payload == 0)
}

/// The conversations in which a server of TFTP answers, by those in which it was asked: it does so from a port that it chooses (RFC 1350
/// section 4).
fn answers_from_other_ports<'a>(order: &[&&'a Conversation]) -> HashMap<u64, &'a Conversation, RandomState> {
    const TRIVIAL_FILE_TRANSFER: u16 = 69;
    let is_asked = |conversation: &Conversation| {
        let [_, server] = conversation.ends;
        conversation.kind == Kind::Udp && server.port == TRIVIAL_FILE_TRANSFER && conversation.sent[1].frames == 0
    };
    let mut asked: HashMap<_, u64, RandomState> = HashMap::default();
    let mut answers = HashMap::default();
    for &&conversation in order {
        let [client, server] = conversation.ends;
        if is_asked(conversation) {
            asked.insert((server.address, client), conversation.id);
        } else if conversation.kind == Kind::Udp
            && let Some(question) = asked.remove(&(client.address, server))
        {
            answers.insert(question, conversation);
        }
    }
    answers
}

/// The networks that hosts of the capture's links are on, each once: as somebody told, as it follows, or as it is customary.
fn networks(cast: &Cast, surroundings: &Surroundings, untaken: &HashSet<u64, RandomState>) -> Vec<KnownNetwork> {
    let of_hosts = cast.on_links().filter_map(|address| surroundings.network_of(None, address));
    let mut networks: Vec<KnownNetwork> = Vec::new();
    let is_used = |network: &KnownNetwork| !network.frames.first().is_some_and(|frame| untaken.contains(frame));
    for network in surroundings.networks().iter().cloned().chain(of_hosts).filter(is_used) {
        let full = networks.len() >= Limits::STORY_NETWORKS;
        match networks.iter_mut().find(|known| known.prefix.trunc() == network.prefix.trunc()) {
            Some(known) if network.origin.surety() > known.origin.surety() => *known = network,
            Some(_) => {}
            None if full => break,
            None => networks.push(network),
        }
    }
    networks.sort_by_key(|network| (network.prefix.addr().is_ipv6(), network.prefix));
    networks
}

/// Conversations by their numbers.
type Known<'a> = HashMap<u64, &'a Conversation, RandomState>;
/// Who sent to whom.
type Pairs = HashSet<(IpAddr, IpAddr), RandomState>;

/// Whether a note is told even where not everything is: it says why something went as it went. What happened is told by the story itself, and
/// what is as it always is stands under frames.
#[must_use]
pub fn is_always_told(note: &Note) -> bool {
    let rule = note.rule();
    match rule.subject() {
        // What a router reports is told where it reports it, and a way that is traced is told at once.
        "route" => rule.id != "route.redirect",
        "hops" => !matches!(rule.id, "hops.expired" | "hops.traceroute"),
        "subnet" => matches!(rule.id, "subnet.address-moved" | "subnet.proxy-arp" | "subnet.two-cards"),
        "name" => matches!(rule.id, "name.ipv6-first" | "name.expired"),
        "loss" => rule.id != "loss.keep-alive",
        "mtu" => !matches!(rule.id, "mtu.df" | "mtu.mss" | "mtu.too-big"),
        "address" => rule.id == "address.translated",
        "handshake" => matches!(rule.id, "handshake.simultaneous-open" | "handshake.reset-late" | "handshake.half-open-probe"),
        "http" => matches!(rule.id, "http.slow-server" | "http.slow-transfer" | "http.closed-as-asked"),
        "capture" => !matches!(rule.id, "capture.cut-short" | "capture.begins-in-middle" | "capture.ends-in-middle"),
        _ => false,
    }
}

/// Whether a host reset what it got, and said nothing else: what came belonged to no connection there.
#[must_use]
pub fn is_turned_away(conversation: &Conversation) -> bool {
    let is_silent = conversation.sent.iter().all(|sent| sent.payload == 0);
    let is_reset = matches!(conversation.state(), Some(State::Reset(Side::Responder)));
    is_reset && is_silent && !conversation.beginning_was_seen() && conversation.sent[0].frames == conversation.sent[1].frames
}

/// Of a note that a receiver was full for a while: in which conversation, who it is, and how often it was so.
fn full(note: &Note) -> Option<((Option<u64>, IpAddr), u64)> {
    let Facts::Loss(LossFacts::Full { receiver, took: Some(_), times, .. }) = &note.facts else { return None };
    Some(((note.conversation, *receiver), *times))
}

/// A card that claims another's address, that address, and its own.
fn claim(note: &Note) -> Option<([u8; 6], IpAddr, IpAddr)> {
    let Facts::Subnet(SubnetFacts::Spoofed { card, address, own }) = &note.facts else { return None };
    Some((*card, *address, *own))
}

/// Notes, by where they are told.
struct Sorted {
    wrong: Vec<Wrong>,
    capture: Vec<Note>,
    explained: Vec<Event>,
}

/// What is wrong, what tells of the capture itself, and what explains, as events.
fn sort_notes(notes: Vec<Note>) -> Sorted {
    let (wrong, rest): (Vec<Note>, Vec<Note>) = notes.into_iter().partition(|note| note.rule().severity > Severity::Information);
    let wrong = sum_up(wrong, &rest);
    let (capture, explained): (Vec<Note>, Vec<Note>) = rest.into_iter().partition(|note| note.rule().subject() == "capture");
    // Which way a packet goes is said with that packet, and not with what told the way.
    let place = |note: &Note| match note.rule().subject() {
        "route" => note.evidence.frames.last().copied().unwrap_or_default(),
        _ => note.evidence.frames.first().copied().unwrap_or_default(),
    };
    let explained = explained.into_iter().map(|note| Event { frame: place(&note), time: None, what: What::Explained(Box::new(note)) });
    Sorted { wrong, capture, explained: explained.collect() }
}
