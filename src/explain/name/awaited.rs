//! Connections to addresses of which it is not known whether a look-up was for them, until they say what they call their server.

use super::NameFacts;
use super::learned::Given;
use super::watch::About;
use crate::conversation::names::without_port;
use crate::conversation::tls::TlsWatch;
use crate::conversation::{Conversation, Listener, Side};
use crate::dissect::application::tls;
use crate::dissect::transport::tcp::{FIN, RST};
use crate::explain::room::NoRoom;
use crate::explain::{Note, Scene};
use crate::frame::Timestamp;
use crate::limits::Limits;
use crate::reassembly::Piece;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// One of them.
#[derive(Debug)]
struct Call {
    client: IpAddr,
    /// The SYN.
    frame: u64,
    time: Timestamp,
    /// What answers had given, for the name that was answered last as the last.
    given: Vec<Given>,
    /// What the client says first, as far as it may be a head of HTTP that goes on.
    head: Vec<u8>,
    secured: Box<TlsWatch>,
    word: Word,
}

/// What a client has said of what its server is called.
#[derive(Clone, Debug, Default)]
enum Word {
    /// Nothing so far.
    #[default]
    Awaited,
    /// A name, or an address as it is written.
    Said(Box<[u8]>),
    /// Nothing, and it will not.
    None,
}

/// All of them, by the numbers of their conversations.
#[derive(Debug, Default)]
pub(super) struct Awaited {
    calls: HashMap<u64, Call, RandomState>,
    forgotten: NoRoom,
}

/// What is told: who goes where by which answer, and the note.
pub(super) type Told = (About, Note);

/// What is told of a client that goes to an address which `given` gave it.
pub(super) fn tell(client: IpAddr, given: &Given, is_shared: bool, (frame, time): (u64, Timestamp)) -> Option<Told> {
    let learned = given.used(client, time, is_shared)?;
    let frames: Vec<u64> = given.frames.into_iter().flatten().chain([frame]).collect();
    let about = About::Learned(client, given.address, given.frames);
    let facts = if learned.is_expired() { NameFacts::Expired(learned) } else { NameFacts::FromLookup(learned) };
    Some((about, Note::inferred(facts, &frames)))
}

impl Awaited {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// Whether it is awaited what a conversation says.
    pub(super) fn has(&self, conversation: u64) -> bool {
        !self.calls.is_empty() && self.calls.contains_key(&conversation)
    }

    /// A connection begins, and what it says is awaited.
    pub(super) fn begin(&mut self, conversation: u64, client: IpAddr, given: &[Given], (frame, time): (u64, Timestamp)) {
        if self.forgotten.room(self.calls.len() < Limits::CALLS_AWAITED) {
            self.calls.insert(
                conversation,
                Call {
                    client,
                    frame,
                    time,
                    given: given.to_vec(),
                    head: Vec::new(),
                    secured: Box::new(TlsWatch::new(&Limits { handshake_message: Limits::CALL_HEAD, ..Limits::default() })),
                    word: Word::default(),
                },
            );
        }
    }

    /// Hears what is said in a conversation.
    pub(super) fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        let Some(call) = self.calls.get_mut(&conversation.id).filter(|call| from == Side::Originator && matches!(call.word, Word::Awaited))
        else {
            return;
        };
        call.secured.piece(conversation, from, piece);
        call.word = match piece {
            Piece::Data { bytes, .. } => call.hear(conversation.id, bytes),
            Piece::Gap { .. } | Piece::End { .. } => Word::None,
        };
    }

    /// A frame of a conversation: what is told where it says what the server is called, or goes on without saying it.
    pub(super) fn frame(&mut self, scene: &Scene<'_>) -> Option<Told> {
        let belongs = scene.belongs.filter(|belongs| self.has(belongs.conversation))?;
        let segment = belongs.segment?;
        let (has_spoken, ends) = (segment.length > 0, segment.flags & (FIN | RST) != 0);
        let is_awaited = matches!(self.calls.get(&belongs.conversation)?.word, Word::Awaited);
        let is_answered = belongs.from == Side::Responder && has_spoken;
        if is_awaited && !is_answered && !ends { None } else { self.over(belongs.conversation) }
    }

    /// A conversation that has said it, or says it no more: what is told.
    pub(super) fn over(&mut self, conversation: u64) -> Option<Told> {
        let (about, note) = self.calls.remove(&conversation)?.told()?;
        Some((about, note.of(conversation)))
    }

    /// The same of all that are left, in their order.
    pub(super) fn finish(&mut self) -> Vec<Told> {
        let mut left: Vec<u64> = self.calls.keys().copied().collect();
        left.sort_unstable();
        left.into_iter().filter_map(|conversation| self.over(conversation)).collect()
    }

    /// Whether what a connection says decides what is told of it: of several names one is meant, and for an address that could be kept no
    /// longer nobody may have looked.
    pub(super) fn is_in_doubt(client: IpAddr, given: &[Given], time: Timestamp) -> bool {
        let is_late = |given: &Given| given.used(client, time, false).is_some_and(|learned| learned.is_expired());
        given.len() > 1 || given.iter().any(is_late)
    }
}

impl Call {
    /// The client says more: what it has said by then.
    fn hear(&mut self, conversation: u64, bytes: &[u8]) -> Word {
        if let Some(hello) = self.secured.summary(conversation) {
            return hello.server_name.clone().map_or(Word::None, Word::Said);
        }
        if self.head.len() + bytes.len() > Limits::CALL_HEAD {
            return Word::None;
        }
        self.head.extend_from_slice(bytes);
        // A hello that goes on, in the next segment or record.
        if self.head.starts_with(&[tls::HANDSHAKE]) { Word::Awaited } else { host(&self.head) }
    }

    /// What was given for the name that it says, or for that with a domain behind it; an address, or another name, is not what was looked up.
    /// Where it says nothing: what was given last.
    fn told(&self) -> Option<Told> {
        let given = match &self.word {
            Word::Said(name) => {
                let name = name.strip_suffix(b".").unwrap_or(name);
                let is_it = |given: &&Given| {
                    let (front, behind) = given.name.split_at_checked(name.len()).unwrap_or_default();
                    front.eq_ignore_ascii_case(name) && matches!(behind, [] | [b'.', ..])
                };
                self.given.iter().rev().find(is_it)?
            }
            Word::Awaited | Word::None => self.given.last()?,
        };
        tell(self.client, given, self.given.len() > 1, (self.frame, self.time))
    }
}

/// What the head of a request calls its server (RFC 9112 section 3.2), as far as it is there. Who asks a proxy says what others are called.
fn host(head: &[u8]) -> Word {
    let mut lines = head.split_inclusive(|byte| *byte == b'\n');
    let mut words = lines.next().unwrap_or_default().splitn(3, |byte| *byte == b' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next());
    let is_request = method.iter().all(u8::is_ascii_uppercase);
    let is_own = target.is_none_or(|target| matches!(target, [] | [b'/', ..] | [b'*'])) && method != b"CONNECT";
    if !is_request || !is_own {
        return Word::None;
    }
    for line in lines {
        let Some(line) = line.strip_suffix(b"\n") else { return Word::Awaited };
        match line.split_at_checked(5) {
            Some((name, value)) if name.eq_ignore_ascii_case(b"host:") => return Word::Said(without_port(value).into()),
            Some(_) => {}
            None if line.trim_ascii().is_empty() => return Word::None,
            None => {}
        }
    }
    Word::Awaited
}
