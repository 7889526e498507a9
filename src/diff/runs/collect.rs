//! Gathers what a capture did, in one pass.

use super::field::Field;
use super::greeting::Greeting;
use super::run::{Item, ItemKind, LeftOut, Outside, Run, Talk, Value};
use super::sealed::{Sealed, Sealer};
use super::shelf::Shelf;
use super::stream::Streams;
use super::talk::{facts, has_watch, is_chatter, is_dialogue, is_hidden, is_unread, name, outcome, segment_size, service};
use super::{dns, greeting, http, stream, tls};
use crate::conversation::application::{Application, ApplicationWatch, Evidence};
use crate::conversation::body::{Bodies, Keeper, Taker, Wanted};
use crate::conversation::dns::DnsWatch;
use crate::conversation::http1::{Exchange, HttpWatch};
use crate::conversation::text::{Aside, Dialogue, Said, Utterance};
use crate::conversation::tls::TlsWatch;
use crate::conversation::{Conversation, Kind, Listener, Side, State};
use crate::diff::Digester;
use crate::dissect::transport::tcp::SYN;
use crate::explain::{Ending, Note, Scene, Severity};
use crate::frame::Timestamp;
use crate::reassembly::{Limits, Origin, Overlap, Piece};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Hears a capture's conversations, is shown every frame behind that, and keeps what is compared.
pub struct RunCollector {
    limits: Limits,
    applications: ApplicationWatch,
    lookups: DnsWatch,
    secured: TlsWatch,
    http: HttpWatch<Sealer>,
    dialogues: HashMap<u64, Hearing, RandomState>,
    /// The lines of dialogues that are over.
    said: HashMap<u64, Vec<Item>, RandomState>,
    streams: Streams,
    greetings: HashMap<u64, Box<Greeting>, RandomState>,
    /// The largest segments that both sides of each conversation take, by its number; 0 where that was not said.
    segment_sizes: Vec<[u16; 2]>,
    frames: u64,
    /// The number of the frame that was heard last, and whether one came behind one with a greater number.
    latest: u64,
    is_reordered: bool,
    began: Option<Timestamp>,
    outside: Outside,
    /// A bit for each conversation: whether a frame of it passed.
    passed: Vec<u64>,
    room: Room,
    digester: Digester,
}

/// Exchanges, each as what is compared of it.
pub(super) struct Exchanges {
    pub(super) over: HashMap<u64, Vec<Item>, RandomState>,
    /// The body of the answer of the exchange that comes next, where it is there as it was sent.
    pub(super) sealed: Option<Sealed>,
    pub(super) shelf: Shelf,
    room: Room,
}

/// How much may still be kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) bytes: usize,
    items: u64,
    pub(super) contents: u64,
}

impl Room {
    /// Makes room for an item. Whether there is any.
    fn take(&mut self, item: &Item) -> bool {
        let cost = item.cost();
        if cost > self.bytes {
            self.items += 1;
            return false;
        }
        self.bytes -= cost;
        true
    }
}

impl Taker for Exchanges {
    fn exchange(&mut self, exchange: Exchange, bodies: Bodies) {
        let Self { sealed, shelf, room, .. } = self;
        let Some(item) = http::item(&exchange, bodies, sealed.as_mut(), shelf, room) else { return };
        if room.take(&item) {
            self.over.entry(exchange.id.conversation).or_default().push(item);
        }
    }
}

/// A dialogue that is being heard.
struct Hearing {
    reader: Dialogue,
    heard: Heard,
}

/// Its lines.
#[derive(Default)]
struct Heard {
    lines: Vec<Item>,
    /// Whether nothing more can be read.
    is_encrypted: bool,
}

impl RunCollector {
    /// Keeps no more than the limits allow. Runs that are to be compared are collected with one digester.
    #[must_use]
    pub fn new(limits: &Limits, digester: &Digester) -> Self {
        Self {
            limits: *limits,
            applications: ApplicationWatch::default(),
            lookups: DnsWatch::new(limits),
            secured: TlsWatch::new(limits),
            http: HttpWatch::new(Self::sealer(limits, digester), *limits),
            dialogues: HashMap::default(),
            said: HashMap::default(),
            streams: Streams::default(),
            greetings: HashMap::default(),
            segment_sizes: Vec::new(),
            frames: 0,
            latest: 0,
            is_reordered: false,
            began: None,
            outside: Outside::default(),
            passed: Vec::new(),
            room: Room { bytes: Limits::CONTENT_KEPT / 2, items: 0, contents: 0 },
            digester: *digester,
        }
    }

    /// Who hears the exchanges of HTTP. They have one half of the room, and all else the other.
    pub(super) fn sealer(limits: &Limits, digester: &Digester) -> Sealer {
        let room = Room { bytes: Limits::CONTENT_KEPT / 2, items: 0, contents: 0 };
        let exchanges = Exchanges { over: HashMap::default(), sealed: None, shelf: Shelf::new(digester, limits), room };
        Sealer::new(Keeper::new(Wanted { bytes: true, sha256: false }, limits, exchanges), limits)
    }

    /// Looks at a frame, behind what its conversation told of it. Conversations are compared of which at least one frame passes.
    pub fn observe(&mut self, scene: &Scene<'_>, passes: bool) {
        self.frames += u64::from(passes);
        let number = scene.packet.frame.number;
        self.is_reordered |= number < self.latest;
        self.latest = number;
        if self.began.is_none() && passes {
            self.began = scene.time();
        }
        let Some(belongs) = scene.belongs else {
            if passes {
                self.outside.frames += 1;
                self.outside.digest = self.digester.joined(self.outside.digest, self.digester.of(scene.packet.frame.data));
            }
            return;
        };
        if passes && let Ok(place) = usize::try_from(belongs.conversation / 64) {
            if self.passed.len() <= place {
                self.passed.resize(place + 1, 0);
            }
            if let Some(bits) = self.passed.get_mut(place) {
                *bits |= 1 << (belongs.conversation % 64);
            }
        }
        if let Some(segment) = belongs.segment
            && segment.flags & SYN != 0
            && let Some(size) = segment_size(scene)
            && let Some(place) = usize::try_from(belongs.conversation).ok().filter(|place| *place < Limits::OPENINGS_KEPT)
        {
            if self.segment_sizes.len() <= place {
                self.segment_sizes.resize(place + 1, [0; 2]);
            }
            if let Some(known) = self.segment_sizes.get_mut(place).and_then(|sizes| sizes.get_mut(belongs.from.index())) {
                *known = size;
            }
        }
    }

    /// What the capture did, once all was heard; `notes` are those on it.
    #[must_use]
    pub fn finish(mut self, ending: &Ending<'_>, notes: Vec<Note>) -> Run {
        let exchanges = self.http.finish().into_exchanges();
        let mut of_http = exchanges.over;
        let mut of_lookups: HashMap<u64, Vec<Item>, RandomState> = HashMap::default();
        for lookup in self.lookups.lookups() {
            let item = dns::item(lookup);
            if self.room.take(&item) {
                of_lookups.entry(lookup.conversation).or_default().push(item);
            }
        }
        let mut of_notes: HashMap<u64, Vec<u32>, RandomState> = HashMap::default();
        for (place, note) in notes.iter().enumerate() {
            if let Some(conversation) = note.conversation {
                of_notes.entry(conversation).or_default().push(u32::try_from(place).unwrap_or(u32::MAX));
            }
        }
        // ICMP between two hosts that is no echo reports on other conversations: their notes tell it.
        let own = |conversation: &&Conversation| !matches!(conversation.kind, Kind::Other(1 | 58)) && has(&self.passed, conversation.id);
        // A flood of SYNs that nobody answers says the same each time, and each takes as much room as a conversation that is worth comparing.
        let is_unanswered = |conversation: &&Conversation| {
            conversation.state() == Some(State::Unanswered) && conversation.sent.iter().all(|sent| sent.payload == 0)
        };
        let passed = ending.conversations.iter().filter(own).count();
        let unanswered = ending.conversations.iter().filter(own).filter(is_unanswered).count().saturating_sub(Limits::UNANSWERED_COMPARED);
        let mut talks = Vec::with_capacity(passed - unanswered);
        let mut room_for_unanswered = Limits::UNANSWERED_COMPARED;
        let mut is_kept = |conversation: &&Conversation| {
            let is_unanswered = is_unanswered(conversation);
            let is_kept = !is_unanswered || room_for_unanswered > 0;
            room_for_unanswered -= usize::from(is_unanswered && is_kept);
            is_kept
        };
        for conversation in ending.conversations.iter().filter(own).filter(&mut is_kept) {
            let one = |item: Item| vec![item];
            let mut items = self.secured.summary(conversation.id).map(tls::item).map(one).unwrap_or_default();
            add(&mut items, of_http.remove(&conversation.id));
            add(&mut items, of_lookups.remove(&conversation.id));
            add(&mut items, self.said.remove(&conversation.id));
            add(&mut items, self.streams.remove(conversation.id).and_then(stream::item).map(one));
            add(&mut items, (conversation.kind == Kind::Echo).then(|| vec![stream::echo(conversation)]));
            // Frames that were put in the order of their times have kept their numbers.
            items.sort_by_key(|item| (item.began.filter(|_| self.is_reordered), item.frames[0]));
            add(&mut items, self.greetings.remove(&conversation.id).map(|greeting| greeting.items()));
            items.shrink_to_fit();
            let sizes = usize::try_from(conversation.id).ok().and_then(|place| self.segment_sizes.get(place));
            let facts = facts(conversation, sizes.map(|sizes| sizes.map(|size| (size != 0).then_some(size))).unwrap_or_default());
            // What is not there of the request may stand in a hole, or before the capture began.
            let is_partial = facts.missing > 0 || !conversation.beginning_was_seen();
            let lacks_request = |item: &Item| item.kind == ItemKind::Exchange && item.get(Field::Method).is_none();
            items.iter_mut().filter(|item| is_partial && lacks_request(item)).for_each(|item| item.lacks[0] = true);
            let bytes = conversation.sent.each_ref().map(|sent| sent.payload);
            let application = self.applications.application(conversation);
            let is_unread = is_unread(conversation, &items, bytes, application.map(|(application, _)| application));
            let of_it = of_notes.remove(&conversation.id).unwrap_or_default();
            let mut own = of_it.iter().filter_map(|place| notes.get(*place as usize)).map(Note::rule);
            let is_refused =
                conversation.kind != Kind::Echo && own.any(|rule| rule.subject() == "icmp" && rule.severity > Severity::Information);
            talks.push(Talk {
                id: conversation.id,
                kind: conversation.kind,
                service: service(conversation, application),
                ends: conversation.ends,
                name: name(conversation, &items, ending.names),
                outcome: outcome(conversation, is_refused),
                state: conversation.state(),
                first_frame: conversation.first_frame,
                began: conversation.first(),
                items,
                facts,
                notes: of_it,
                is_chatter: is_chatter(conversation, application),
                is_unread,
                bytes,
            });
        }
        talks.sort_by_key(|talk| talk.id);
        let left_out = LeftOut {
            conversations: ending.conversations.put_away().conversations + unanswered as u64,
            items: self.room.items + exchanges.room.items + self.lookups.left_out() + self.secured.left_out(),
            contents: self.room.contents + exchanges.room.contents,
        };
        let conversations = talks.len() as u64;
        let Self { frames, began, outside, .. } = self;
        let names = ending.names.clone();
        Run { talks, notes, names, frames, repeated: 0, began, conversations, outside, left_out, opener: exchanges.shelf.opener }
    }

    /// Hears how a connection of SSH begins.
    fn greet(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        if !self.greetings.contains_key(&conversation.id) && self.greetings.len() >= Limits::DIALOGUES_READ {
            return;
        }
        let greeting = self.greetings.entry(conversation.id).or_default();
        match piece {
            Piece::Data { bytes, origin, .. } => greeting.hear(from, Some(bytes), *origin, &mut self.room),
            Piece::Gap { .. } => greeting.hear(from, None, Origin::default(), &mut self.room),
            Piece::End { .. } => {}
        }
    }

    /// What was heard last was all of a datagram.
    fn end_datagram(&mut self, conversation: &Conversation, from: Side) {
        self.streams.of(conversation.id)[from.index()].end_datagram();
    }

    /// Hears bytes of a conversation in no language that has a watch of its own.
    fn stream(&mut self, conversation: &Conversation, from: Side, bytes: &[u8], origin: Origin) {
        let Self { streams, room, digester, .. } = self;
        streams.of(conversation.id)[from.index()].hear(bytes, origin, digester, &mut room.bytes);
    }
}

/// Puts more behind what there is. Most conversations have one thing, which then needs no room of its own made first.
fn add(items: &mut Vec<Item>, more: Option<Vec<Item>>) {
    match more {
        Some(more) if items.is_empty() => *items = more,
        Some(more) => items.extend(more),
        None => {}
    }
}

/// Whether a number's bit is set.
fn has(bits: &[u64], number: u64) -> bool {
    let word = usize::try_from(number / 64).ok().and_then(|place| bits.get(place));
    word.is_some_and(|word| word >> (number % 64) & 1 == 1)
}

impl Heard {
    fn hear(&mut self, said: &Said<'_>, room: &mut Room) {
        let is_reply = match &said.what {
            Utterance::Command { .. } | Utterance::Message { .. } | Utterance::Line | Utterance::Body { .. } | Utterance::BodyEnd => false,
            Utterance::Response | Utterance::Reply { .. } => true,
            Utterance::Aside(Aside::Encrypted | Aside::Compressed) => {
                self.is_encrypted = true;
                return;
            }
            Utterance::Counted { .. } | Utterance::Bytes if !self.is_encrypted => false,
            Utterance::Counted { .. }
            | Utterance::Bytes
            | Utterance::Telnet(_)
            | Utterance::Record(_)
            | Utterance::Encrypted
            | Utterance::Aside(_) => return,
        };
        let lasting = super::lasting::of_line(said.bytes, said.from, said.language, is_reply);
        let mut item = Item::new(ItemKind::Line(said.from), said.began, said.ended.frame);
        item.push(Field::Line, Value::Line { said: said.bytes.into(), lasting });
        if room.take(&item) {
            self.lines.push(item);
        }
    }
}

impl Listener for RunCollector {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        self.applications.piece(conversation, from, piece);
        self.lookups.piece(conversation, from, piece);
        self.secured.piece(conversation, from, piece);
        self.http.piece(conversation, from, piece);
        let application = self.applications.application(conversation).filter(|(_, evidence)| *evidence == Evidence::Content);
        if application.is_some_and(|(application, _)| has_watch(application) || is_hidden(application)) {
            self.streams.remove(conversation.id);
            if application.is_some_and(|(application, _)| application == Application::Ssh) {
                self.greet(conversation, from, piece);
            }
            return;
        }
        if application.is_some_and(|(application, _)| is_dialogue(application)) {
            // What came before it was clear was the same side's, and was heard again from its beginning.
            let Self { dialogues, room, limits, .. } = self;
            if !dialogues.contains_key(&conversation.id) && dialogues.len() >= Limits::DIALOGUES_READ {
                room.items += 1;
                return;
            }
            let new = || Hearing { reader: Dialogue::new(limits), heard: Heard::default() };
            let Hearing { reader, heard } = dialogues.entry(conversation.id).or_insert_with(new);
            reader.piece(conversation, from, piece, &mut |said| heard.hear(&said, room));
            return;
        }
        match piece {
            Piece::Data { bytes, origin, .. } => self.stream(conversation, from, bytes, *origin),
            Piece::Gap { length, .. } => self.streams.of(conversation.id)[from.index()].missing += length,
            Piece::End { .. } => {}
        }
    }

    fn overlap(&mut self, conversation: &Conversation, from: Side, overlap: &Overlap<'_>) {
        self.http.overlap(conversation, from, overlap);
    }

    fn datagram(&mut self, conversation: &Conversation, from: Side, payload: &[u8], origin: Origin) {
        self.applications.datagram(conversation, from, payload, origin);
        self.lookups.datagram(conversation, from, payload, origin);
        let application = self.applications.application(conversation);
        if application.is_none_or(|(application, _)| !has_watch(application) && !is_hidden(application)) {
            self.stream(conversation, from, payload, origin);
            self.end_datagram(conversation, from);
            return;
        }
        let said = match application {
            Some((Application::Dhcp, _)) => greeting::dhcp(payload),
            Some((Application::Quic, _)) => greeting::quic(payload).map(<[u8]>::to_vec),
            Some(_) | None => None,
        };
        let Some(said) = said else { return };
        let said_before = self.said.get(&conversation.id).map(Vec::as_slice).unwrap_or_default();
        // What is lost is said again.
        let is_again = |item: &Item| item.kind == ItemKind::Line(from) && item.text(Field::Line) == Some(&said);
        if said_before.len() >= Limits::GREETINGS_READ
            || application.is_some_and(|(known, _)| known == Application::Quic) && said_before.iter().any(is_again)
        {
            return;
        }
        let item = greeting::line(from, said, origin);
        if self.room.take(&item) {
            self.said.entry(conversation.id).or_default().push(item);
        }
    }

    fn finished(&mut self, conversation: &Conversation) {
        self.applications.finished(conversation);
        self.lookups.finished(conversation);
        self.secured.finished(conversation);
        self.http.finished(conversation);
        let Self { dialogues, said, room, .. } = self;
        if let Some(Hearing { mut reader, mut heard }) = dialogues.remove(&conversation.id) {
            reader.finish(conversation, &mut |said| heard.hear(&said, room));
            said.insert(conversation.id, heard.lines);
        }
    }
}
