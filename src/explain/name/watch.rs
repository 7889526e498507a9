//! Watching frames and messages for what gives addresses their names.

use super::asked::Questions;
use super::awaited::{Awaited, tell};
use super::learned::{Addresses, Given};
use super::race::Races;
use super::silent::Silences;
use super::{NameFacts, Question};
use crate::conversation::dns::{Data, Framing, Message, Section, Service, describe, kind, service};
use crate::conversation::names::address_of_reverse;
use crate::conversation::{Conversation, Kind, Listener, Side};
use crate::explain::room::NoRoom;
use crate::explain::scene::{Ending, Lessons, Scene};
use crate::explain::surroundings::Surroundings;
use crate::explain::{Note, Notes};
use crate::limits::Limits;
use crate::reassembly::{Origin, Piece};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// From here on an answer is slow: nanoseconds.
const SLOW: i64 = 1_000_000_000;
/// The class of the Internet.
const INTERNET: u16 = 1;
/// There is no such name (IANA, DNS response codes).
const NO_SUCH_NAME: u8 = 3;
const REFUSED: u8 = 5;
/// BADVERS and BADCOOKIE (RFC 6891 section 6.1.3, RFC 7873 section 8).
const BAD_VERSION: u8 = 16;
const BAD_COOKIE: u8 = 23;

/// What the same is said of but once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum About {
    Frame(u64),
    Names(Box<[u8]>, Box<[u8]>),
    Service(Service),
    /// Who asks, and the server.
    Server(IpAddr, IpAddr),
    /// Who goes where, and the frames that asked for the address and gave it.
    Learned(IpAddr, IpAddr, [Option<u64>; 2]),
}

/// Watches frames for this subject's lessons.
#[derive(Debug, Default)]
pub(in crate::explain) struct NameWatch {
    /// Whether it is left out where the addresses were learned that are gone to.
    is_of_conversations: bool,
    message: Message,
    framings: HashMap<u64, [Framing; 2], RandomState>,
    questions: Questions,
    addresses: Addresses,
    awaited: Awaited,
    races: Races,
    silences: Silences,
    /// What the frame at hand gave.
    given: Vec<Given>,
    /// What is to be said of it.
    pending: Vec<(About, Note)>,
    forgotten: NoRoom,
}

impl NameWatch {
    /// One that does not tell where the addresses were learned that are gone to.
    pub(in crate::explain) fn of_conversations() -> Self {
        Self { is_of_conversations: true, ..Self::default() }
    }

    /// Whether one more segment of a conversation tells nothing.
    pub(in crate::explain) fn is_calm(&self, conversation: u64) -> bool {
        self.pending.is_empty() && self.given.is_empty() && self.races.is_empty() && !self.awaited.has(conversation)
    }

    fn hear(&mut self, conversation: &Conversation, from: Side, service: Service, bytes: &[u8], origin: Origin) {
        let mut message = std::mem::take(&mut self.message);
        describe(service, bytes, &mut message);
        if message.header
            && message.operation == 0
            && let Some(asked) = message.asked
        {
            let (asker, server) = if message.response { (from.other(), from) } else { (from, from.other()) };
            let [asker, server] = [asker, server].map(|side| conversation.end(side).address);
            let question = Question { asker, server, name: message.text(asked.name).into(), kind: asked.kind };
            let heard = Heard { conversation, message: &message, length: bytes.len() as u64, origin };
            if service != Service::Dns {
                if !message.response {
                    let facts = NameFacts::Local { asker, service, name: question.name };
                    self.say(About::Service(service), Note::seen(facts, &[origin.frame]).of(conversation.id));
                }
            } else if asked.class == INTERNET && message.questions == 1 {
                if message.response {
                    self.answered(&heard, question);
                } else {
                    self.asked(&heard, question);
                }
            }
        }
        self.message = message;
    }

    fn asked(&mut self, heard: &Heard<'_>, question: Question) {
        let Heard { conversation, message, origin, .. } = *heard;
        if let Some(address) = address_of_reverse(&question.name).filter(|_| question.kind == kind::PTR) {
            let facts = NameFacts::Reverse { asker: question.asker, address, name: question.name.clone() };
            self.say(About::Frame(0), Note::seen(facts, &[origin.frame]).of(conversation.id));
        }
        if conversation.kind == Kind::Udp
            && let Some(note) = self.questions.ask(message.id, question, conversation.id, origin)
        {
            let about = match &note.facts {
                crate::explain::Facts::Name(NameFacts::SearchDomain { failed, name, .. }) => About::Names(failed.clone(), name.clone()),
                _ => About::Frame(origin.frame),
            };
            self.say(about, note);
        }
    }

    fn answered(&mut self, heard: &Heard<'_>, question: Question) {
        let Heard { conversation, message, length, origin } = *heard;
        let waiting = self.questions.answered(message.id, &question);
        self.silences.answered(question.server, waiting.as_ref());
        // Of several servers each answers what it was asked itself.
        let asked = waiting.as_ref().map(|waiting| waiting.asked(question.server).unwrap_or(waiting.last));
        let question_frame = asked.map(|asked| asked.frame);
        let frames = [question_frame.unwrap_or(origin.frame), origin.frame];
        let frames = if question_frame.is_some() { &frames[..] } else { &frames[1..] };
        let note = |facts: NameFacts| (About::Frame(origin.frame), Note::seen(facts, frames).of(conversation.id));
        if let Some(took) = asked.and_then(|asked| took(asked, origin)).filter(|took| *took >= SLOW) {
            self.pending.push(note(NameFacts::Slow { question: question.clone(), took }));
        }
        if message.truncated && conversation.kind == Kind::Udp {
            self.pending.push(note(NameFacts::Truncated { question, length }));
            return;
        }
        match message.code {
            0 if message.problem.is_none() => {
                let aliases = message.aliases();
                if let [_, _, ..] = aliases.names() {
                    let names = aliases.names().iter().map(|name| message.text(*name).into()).collect();
                    let addresses = addresses(message).map(|(address, _)| address).take(Limits::ADDRESSES_TOLD).collect();
                    self.pending.push(note(NameFacts::Alias { names, addresses }));
                }
                if message.has_no_record(question.kind) {
                    self.pending.push(note(NameFacts::NoRecord(question)));
                } else if let Some(time) = origin.time.filter(|_| !self.is_of_conversations) {
                    let frames = [question_frame, Some(origin.frame)];
                    self.given.extend(addresses(message).map(|(address, seconds)| Given {
                        address,
                        seconds,
                        name: question.name.clone(),
                        server: question.server,
                        asker: question.asker,
                        frames,
                        time,
                    }));
                }
            }
            0 => {}
            // The client asks again at once, in another version or with the cookie that it was given: so both agree, and nothing failed.
            BAD_VERSION | BAD_COOKIE => {}
            NO_SUCH_NAME => {
                self.questions.does_not_exist(&question, origin);
                self.pending.push(note(NameFacts::NoSuchName(question)));
            }
            code => {
                // A server that refuses one question of a host refuses the others too.
                let about = match code {
                    REFUSED => About::Server(question.asker, question.server),
                    _ => About::Names(question.name.clone(), question.kind.to_be_bytes().into()),
                };
                let (_, note) = note(NameFacts::Failed { question, code });
                self.pending.push((about, note));
            }
        }
    }

    fn say(&mut self, about: About, note: Note) {
        self.pending.push((about, note));
    }

    /// A conversation that begins: did an answer give the address that it goes to?
    fn begins(&mut self, scene: &Scene<'_>, conversation: &Conversation, notes: &mut Notes) {
        let [client, server] = conversation.ends.map(|end| end.address);
        // Whom a host asks for names it was told by address, and looked up for nothing.
        if matches!(conversation.ends[1].port, 53 | 853) && conversation.kind != Kind::Echo {
            return;
        }
        let Some(time) = scene.time() else { return };
        let all = self.addresses.of(client, link(scene, 6), server);
        let Some(given) = all.last() else { return };
        // Whom it asked has an address that it knew before.
        if given.server == server {
            return;
        }
        let at = (scene.number(), time);
        if conversation.kind == Kind::Tcp && Awaited::is_in_doubt(client, all, time) {
            self.awaited.begin(conversation.id, client, all, at);
        } else if let Some((about, note)) = tell(client, given, all.len() > 1, at) {
            notes.say(note.rule(), about, || scene.note(note));
        } else {
            return;
        }
        if let Some(belongs) = scene.belongs.filter(|_| conversation.kind == Kind::Tcp) {
            self.races.begin(scene, belongs, given.asker, &given.name, server);
        }
    }
}

/// A message, and where it was heard.
#[derive(Clone, Copy)]
struct Heard<'a> {
    conversation: &'a Conversation,
    message: &'a Message,
    length: u64,
    origin: Origin,
}

/// The addresses of an answer, each with the seconds that it may be kept: it is known by way of the aliases before it.
fn addresses(message: &Message) -> impl Iterator<Item = (std::net::IpAddr, u32)> {
    let aliases = message.aliases();
    let answers = || message.records.iter().filter(|record| record.section == Section::Answer);
    let of_alias = answers().filter(|record| record.kind == kind::CNAME).map(|record| record.seconds).min().unwrap_or(u32::MAX);
    answers().filter_map(move |record| {
        let is_asked = aliases.names().iter().any(|name| message.is_same(*name, record.owner));
        match record.data {
            Data::Address(address) if is_asked => Some((address, record.seconds.min(of_alias))),
            Data::Address(_) | Data::Name(_) | Data::Other => None,
        }
    })
}

/// Nanoseconds from a question to its answer.
fn took(question: Origin, answer: Origin) -> Option<i64> {
    Some(answer.time?.since(question.time?))
}

/// The hardware address at this place of a frame: the receiver's at 0, the sender's at 6.
fn link(scene: &Scene<'_>, place: usize) -> Option<[u8; 6]> {
    let (bytes, dissection) = scene.own();
    let first = dissection.layers.first().filter(|layer| layer.protocol.name == "eth")?;
    bytes.get(first.start + place..)?.first_chunk().copied()
}

impl Lessons for NameWatch {
    fn forgotten(&self) -> u64 {
        self.forgotten.count()
            + self.questions.forgotten()
            + self.addresses.forgotten()
            + self.awaited.forgotten()
            + self.silences.forgotten()
    }

    fn frame(&mut self, scene: &Scene<'_>, _: &Surroundings, notes: &mut Notes) {
        if !self.pending.is_empty() {
            for (about, note) in self.pending.drain(..) {
                notes.say(note.rule(), about, || note);
            }
        }
        if !self.given.is_empty() {
            let link = link(scene, 0);
            for given in self.given.drain(..) {
                self.addresses.learn(&given, link);
            }
        }
        let Some(belongs) = scene.belongs.as_ref().filter(|_| !self.addresses.is_empty()) else { return };
        if let Some((about, note)) = self.awaited.frame(scene) {
            notes.say(note.rule(), about, || note);
        }
        if let Some(note) = if self.races.is_empty() { None } else { self.races.frame(scene, *belongs) } {
            notes.say(note.rule(), scene.number(), || note);
        }
        if let Some(conversation) = scene.conversation().filter(|conversation| conversation.first_frame == scene.number())
            && (conversation.kind != Kind::Tcp || conversation.beginning_was_seen())
        {
            self.begins(scene, conversation, notes);
        }
    }

    fn finish(&mut self, _: &Ending<'_>, _: &Surroundings, notes: &mut Notes) {
        for (about, note) in self.pending.drain(..).chain(self.awaited.finish()) {
            notes.say(note.rule(), about, || note);
        }
        for note in self.questions.finish().into_iter().chain(self.silences.finish()) {
            notes.say(note.rule(), note.evidence.frames.first().copied(), || note);
        }
    }
}

impl Listener for NameWatch {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        self.awaited.piece(conversation, from, piece);
        if service(conversation) != Some(Service::Dns) {
            return;
        }
        if !self.forgotten.room(self.framings.len() < Limits::NAME_STREAMS || self.framings.contains_key(&conversation.id)) {
            return;
        }
        let mut framings = self.framings.remove(&conversation.id).unwrap_or_default();
        if let Some(framing) = framings.get_mut(from.index()) {
            framing.piece(piece, &mut |message, origin| self.hear(conversation, from, Service::Dns, message, origin));
        }
        self.framings.insert(conversation.id, framings);
    }

    fn datagram(&mut self, conversation: &Conversation, from: Side, payload: &[u8], origin: Origin) {
        if let Some(service) = service(conversation) {
            self.hear(conversation, from, service, payload, origin);
        }
    }

    fn finished(&mut self, conversation: &Conversation) {
        self.framings.remove(&conversation.id);
        self.pending.extend(self.awaited.over(conversation.id));
    }
}
