//! Pairing questions with answers, over UDP and TCP.

use super::framing::Framing;
use super::lookup::{Answer, Lookup, Service};
use super::message::{Message, Section, kind};
use crate::conversation::{Conversation, Endpoint, Kind, Listener, Side};
use crate::dissect::application::{dns, nbns};
use crate::reassembly::{Limits, Origin, Piece};
use foldhash::fast::RandomState;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

/// After so many nanoseconds the same number and name are a new question, if the one before was answered.
const FORGOTTEN: i64 = 60_000_000_000;
/// What is said where a hole or the end took a message.
const DAMAGED: &[u8] = b"not all messages of the stream could be read: some of it is missing, or is no DNS";

/// Hears conversations, and pairs the questions in them with their answers.
#[derive(Debug)]
pub struct DnsWatch {
    message: Message,
    lookups: Vec<Lookup>,
    of_conversation: HashMap<u64, Vec<usize>, RandomState>,
    /// The last question with a number, by its conversation.
    open: HashMap<(u64, u16), usize, RandomState>,
    framings: HashMap<u64, [Framing; 2], RandomState>,
    /// Questions to everybody, which are answered in other conversations, and who asked.
    to_everybody: VecDeque<(usize, Endpoint)>,
    /// The last questions to one server each, who asked, and whom: another may answer.
    asked: VecDeque<(usize, Endpoint, IpAddr)>,
    /// Questions whose answers did not fit, who asked, and whom.
    truncated: VecDeque<(usize, [IpAddr; 2])>,
    bytes: usize,
    bytes_limit: usize,
    left_out: u64,
    unread: u64,
}

impl Default for DnsWatch {
    fn default() -> Self {
        Self::new(&Limits::default())
    }
}

impl DnsWatch {
    /// A watch that has heard nothing.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            message: Message::default(),
            lookups: Vec::new(),
            of_conversation: HashMap::default(),
            open: HashMap::default(),
            framings: HashMap::default(),
            to_everybody: VecDeque::new(),
            asked: VecDeque::new(),
            truncated: VecDeque::new(),
            bytes: 0,
            bytes_limit: limits.lookup_bytes,
            left_out: 0,
            unread: 0,
        }
    }

    /// Every question and every answer without one, in the order in which they came.
    #[must_use]
    pub fn lookups(&self) -> &[Lookup] {
        &self.lookups
    }

    /// Those of a conversation.
    pub fn of(&self, conversation: u64) -> impl Iterator<Item = &Lookup> {
        let places = self.of_conversation.get(&conversation).into_iter().flatten();
        places.filter_map(|place| self.lookups.get(*place))
    }

    /// How many questions and answers were left out because the limit was reached.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// How many datagrams on the ports of DNS could not be read as messages.
    #[must_use]
    pub fn unread(&self) -> u64 {
        self.unread
    }

    fn hear(&mut self, conversation: &Conversation, from: Side, service: Service, bytes: &[u8], origin: Origin) {
        let mut message = std::mem::take(&mut self.message);
        describe(service, bytes, &mut message);
        let heard = Heard { conversation, from, service, message: &message, origin };
        if !message.header || message.asked.is_none() && message.records.is_empty() && message.problem.is_some() {
            self.unread += 1;
        } else if message.response {
            self.answered(&heard);
        } else {
            self.asked(&heard);
        }
        self.message = message;
    }

    fn asked(&mut self, heard: &Heard<'_>) {
        let open = self.open.get(&heard.key()).and_then(|place| self.lookups.get_mut(*place));
        if let Some(lookup) =
            open.filter(|lookup| lookup.asker == heard.from && heard.asks_for(lookup) && !is_forgotten(lookup, heard.origin))
        {
            lookup.asked_again = lookup.asked_again.saturating_add(1);
            return;
        }
        let Some(place) = self.begin(heard, heard.from) else { return };
        self.open.insert(heard.key(), place);
        if heard.service != Service::Dns {
            push_limited(&mut self.to_everybody, (place, *heard.conversation.end(heard.from)));
        } else if heard.conversation.kind == Kind::Udp {
            let server = heard.conversation.end(heard.from.other()).address;
            push_limited(&mut self.asked, (place, *heard.conversation.end(heard.from), server));
        } else if heard.conversation.kind == Kind::Tcp {
            let ends = [heard.from, heard.from.other()].map(|side| heard.conversation.end(side).address);
            let repeated = self
                .truncated
                .iter()
                .rposition(|(place, between)| *between == ends && self.lookups.get(*place).is_some_and(|lookup| heard.asks_for(lookup)));
            let repeated = repeated.and_then(|place| self.truncated.remove(place));
            if let Some(lookup) = repeated.and_then(|(place, _)| self.lookups.get_mut(place)) {
                lookup.repeated_in = Some(heard.conversation.id);
            }
        }
    }

    fn answered(&mut self, heard: &Heard<'_>) {
        let fits = |lookup: &Lookup| lookup.asker == heard.from.other() && (heard.message.asked.is_none() || heard.asks_for(lookup));
        let open = self.open.get(&heard.key()).copied();
        let open = open.filter(|place| self.lookups.get(*place).is_some_and(fits)).or_else(|| self.asked_of_everybody(heard));
        let instead_of = if open.is_none() { self.asked_of_another(heard) } else { None };
        let Some(place) = open.or_else(|| self.begin(heard, heard.from.other())) else { return };
        let Some(lookup) = self.lookups.get_mut(place) else { return };
        lookup.instead_of = lookup.instead_of.or(instead_of);
        let before = lookup.cost();
        match &mut lookup.answer {
            None => lookup.answer = Some(Box::new(Answer::of(heard.message, heard.origin))),
            Some(answer) if heard.conversation.kind == Kind::Tcp && matches!(lookup.kind, kind::AXFR | kind::IXFR) => {
                answer.add(heard.message)
            }
            Some(answer) => {
                answer.repeated = answer.repeated.saturating_add(1);
                // Who asks twice is answered twice, and not always with the same.
                if lookup.asked_again == 0 && answer.contradicted.is_none() && heard.message.code == 0 {
                    let other = Answer::of(heard.message, heard.origin);
                    let is_new = |address: &IpAddr| !answer.addresses.contains(address);
                    if !answer.addresses.is_empty() && !other.addresses.is_empty() && other.addresses.iter().all(is_new) {
                        answer.contradicted = Some((heard.origin.frame, other.addresses));
                    }
                }
            }
        }
        if lookup.problem.is_none() {
            lookup.problem = heard.message.problem.map(|problem| heard.message.text(problem).into());
        }
        self.bytes += lookup.cost().saturating_sub(before);
        if heard.message.truncated && heard.conversation.kind == Kind::Udp {
            let ends = [heard.from.other(), heard.from].map(|side| heard.conversation.end(side).address);
            push_limited(&mut self.truncated, (place, ends));
        }
    }

    /// The question to everybody that a message answers: it comes back in another conversation, from who knows.
    fn asked_of_everybody(&self, heard: &Heard<'_>) -> Option<usize> {
        let asker = heard.conversation.end(heard.from.other());
        let answers = |lookup: &Lookup, endpoint: &Endpoint| {
            lookup.service == heard.service
                && match heard.service {
                    Service::Multicast => heard.answers(lookup),
                    Service::LinkLocal | Service::NetBios => {
                        lookup.id == heard.message.id && endpoint == asker && heard.name().eq_ignore_ascii_case(&lookup.name)
                    }
                    Service::Dns => false,
                }
        };
        let mut waiting = self.to_everybody.iter().rev();
        waiting.find(|(place, endpoint)| self.lookups.get(*place).is_some_and(|lookup| answers(lookup, endpoint))).map(|(place, _)| *place)
    }

    /// Who was asked what a message answers, where that was another than who answers, and in which frame: the number, the ports of the asker
    /// and what was asked are the same, so that it is no answer to a question that is not in the capture.
    fn asked_of_another(&self, heard: &Heard<'_>) -> Option<(IpAddr, u64)> {
        if heard.service != Service::Dns || heard.conversation.kind != Kind::Udp {
            return None;
        }
        let (asker, answering) = (heard.conversation.end(heard.from.other()), heard.conversation.end(heard.from).address);
        let question = self.asked.iter().rev().find_map(|(place, endpoint, server)| {
            let lookup = self.lookups.get(*place)?;
            let is_it = endpoint == asker && lookup.id == heard.message.id && heard.asks_for(lookup);
            is_it.then_some((*server, lookup.question?.frame))
        });
        question.filter(|(server, _)| *server != answering)
    }

    /// Begins with a question, or with an answer that has none.
    fn begin(&mut self, heard: &Heard<'_>, asker: Side) -> Option<usize> {
        let message = heard.message;
        let (kind, class) = match (message.asked, message.records.first()) {
            (Some(asked), _) => (asked.kind, asked.class),
            (None, Some(record)) => (record.kind, 1),
            (None, None) => (0, 0),
        };
        let is_question = asker == heard.from;
        let lookup = Lookup {
            conversation: heard.conversation.id,
            asker,
            service: heard.service,
            operation: message.operation,
            id: message.id,
            name: heard.name().into(),
            kind,
            class,
            question: is_question.then_some(heard.origin),
            asked_again: 0,
            answer: None,
            repeated_in: None,
            instead_of: None,
            problem: message.problem.map(|problem| message.text(problem).into()),
        };
        let cost = lookup.cost();
        if self.bytes + cost > self.bytes_limit {
            self.left_out += 1;
            return None;
        }
        self.bytes += cost;
        let place = self.lookups.len();
        self.of_conversation.entry(heard.conversation.id).or_default().push(place);
        self.lookups.push(lookup);
        Some(place)
    }
}

/// A message, and where it was heard.
struct Heard<'a> {
    conversation: &'a Conversation,
    from: Side,
    service: Service,
    message: &'a Message,
    origin: Origin,
}

impl Heard<'_> {
    fn key(&self) -> (u64, u16) {
        (self.conversation.id, self.message.id)
    }

    /// The name that is asked about; of an answer that does not repeat it, the one that its first record belongs to.
    fn name(&self) -> &[u8] {
        let owner = self.message.records.first().map(|record| record.owner);
        self.message.asked.map(|asked| asked.name).or(owner).map_or(&[], |name| self.message.text(name))
    }

    /// Whether it asks for the same.
    fn asks_for(&self, lookup: &Lookup) -> bool {
        self.message
            .asked
            .is_some_and(|asked| asked.kind == lookup.kind && self.message.text(asked.name).eq_ignore_ascii_case(&lookup.name))
    }

    /// Whether one of its records is what was asked for.
    fn answers(&self, lookup: &Lookup) -> bool {
        let answers = self.message.records.iter().take(Limits::RECORDS_LOOKED_AT).filter(|record| record.section == Section::Answer);
        answers
            .filter(|record| lookup.kind == kind::ANY || record.kind == lookup.kind)
            .any(|record| self.message.text(record.owner).eq_ignore_ascii_case(&lookup.name))
    }
}

/// Reads a message of a language; what was read before is forgotten.
pub fn describe(service: Service, bytes: &[u8], message: &mut Message) {
    message.clear();
    match service {
        Service::Dns => dns::describe_message(&dns::PROTOCOL, bytes, message),
        Service::Multicast => dns::describe_message(&dns::MULTICAST, bytes, message),
        Service::LinkLocal => dns::describe_message(&dns::LINK_LOCAL, bytes, message),
        Service::NetBios => nbns::describe_message(bytes, message),
    }
    // Who answers everybody answers for its own name.
    message.authoritative |= service != Service::Dns;
}

/// Whether a lookup is over for so long that the same question is a new one.
fn is_forgotten(lookup: &Lookup, now: Origin) -> bool {
    let answer = lookup.answer.as_ref().and_then(|answer| answer.origin.time);
    answer.zip(now.time).is_some_and(|(answer, now)| now.since(answer) > FORGOTTEN)
}

fn push_limited<T>(queue: &mut VecDeque<T>, item: T) {
    if queue.len() >= Limits::GROUP_QUESTIONS_WAITING {
        queue.pop_front();
    }
    queue.push_back(item);
}

/// Whose language a conversation is held in, by its ports.
#[must_use]
pub fn service(conversation: &Conversation) -> Option<Service> {
    let of = |port: u16| match (port, conversation.kind) {
        (53, Kind::Tcp | Kind::Udp) => Some(Service::Dns),
        (5353, Kind::Udp) => Some(Service::Multicast),
        (5355, Kind::Tcp | Kind::Udp) => Some(Service::LinkLocal),
        (137, Kind::Udp) => Some(Service::NetBios),
        _ => None,
    };
    let [originator, responder] = conversation.ends;
    of(responder.port).or_else(|| of(originator.port))
}

impl Listener for DnsWatch {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        let Some(service) = service(conversation) else { return };
        let mut framings = self.framings.remove(&conversation.id).unwrap_or_default();
        if let Some(framing) = framings.get_mut(from.index()) {
            framing.piece(piece, &mut |message, origin| self.hear(conversation, from, service, message, origin));
        }
        self.framings.insert(conversation.id, framings);
    }

    fn datagram(&mut self, conversation: &Conversation, from: Side, payload: &[u8], origin: Origin) {
        if let Some(service) = service(conversation) {
            self.hear(conversation, from, service, payload, origin);
        }
    }

    fn finished(&mut self, conversation: &Conversation) {
        let damaged = self.framings.remove(&conversation.id).is_some_and(|sides| sides.iter().any(|side| side.damaged > 0));
        let places = self.of_conversation.get(&conversation.id).map(Vec::as_slice).unwrap_or_default();
        for place in places {
            if let Some(lookup) = self.lookups.get(*place) {
                self.open.remove(&(conversation.id, lookup.id));
            }
        }
        if let Some(lookup) = places.last().filter(|_| damaged).and_then(|place| self.lookups.get_mut(*place)) {
            lookup.problem.get_or_insert_with(|| DAMAGED.into());
        }
    }
}
