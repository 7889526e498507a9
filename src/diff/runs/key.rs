//! What conversations, and what was said in them, are matched by.

use super::field::Field;
use super::run::{Aspect, Item, ItemKind, Outcome, Service, Talk, Value, Weight};
use super::verdict::{Judge, Verdict};
use crate::conversation::Kind;
use foldhash::fast::RandomState;
use std::hash::{BuildHasher, Hash, Hasher};

/// What an item is matched by, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ItemKey {
    /// All of it that counts.
    pub(super) all: u64,
    /// What names it: host, method and path; name and type; a line.
    pub(super) named: u64,
    /// The same without the host.
    pub(super) alike: u64,
}

/// What is said in a conversation, to match it by.
#[derive(Clone, Copy, Debug)]
pub(super) struct TalkKey {
    /// All of it that counts.
    pub(super) all: u64,
    /// How it begins; `None` where nothing is said in it.
    pub(super) named: Option<u64>,
    /// The same without the host; `None` where that says nothing.
    pub(super) alike: Option<u64>,
}

/// What a conversation is matched by beside what is said: what it is made of, what is spoken, and with whom. There may be millions of them, and
/// most are matched by the first of these: they are made when they are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// What is spoken, and with whom by name.
    ServiceName,
    /// What is spoken, and with which address.
    ServiceAddress,
    /// The port, and with whom by name.
    PortName,
    /// The port, and with which address.
    PortAddress,
    /// What is spoken.
    Service,
    /// The port.
    Port,
}

/// Makes keys; those of both runs are made by one.
pub(super) struct Keys<'s> {
    hasher: RandomState,
    judge: &'s Judge<'s>,
}

impl<'s> Keys<'s> {
    pub(super) fn new(judge: &'s Judge<'s>) -> Self {
        Self { hasher: RandomState::default(), judge }
    }

    pub(super) fn of_item(&self, item: &Item) -> ItemKey {
        // The order of headers and parameters is a matter of its own.
        let all = item.aspects.iter().filter_map(|aspect| self.of_aspect(aspect)).fold(0_u64, u64::wrapping_add);
        let alike = self.hasher.hash_one((item.kind, self.of_names(item, false)));
        let named = self.hasher.hash_one((item.kind, self.of_names(item, true)));
        ItemKey { all: self.hasher.hash_one((item.kind, all)), named, alike }
    }

    fn of_names(&self, item: &Item, with_host: bool) -> u64 {
        let names = |aspect: &&Aspect| {
            matches!(aspect.field, Field::Method | Field::Path | Field::Lookup | Field::ServerName | Field::Line)
                || with_host && aspect.field == Field::Host
        };
        item.aspects.iter().filter(names).filter_map(|aspect| self.of_aspect(aspect)).fold(0, u64::wrapping_add)
    }

    /// What an aspect hashes to; `None` where it does not count.
    fn of_aspect(&self, aspect: &Aspect) -> Option<u64> {
        if self.judge.verdict(aspect.field, &aspect.name, aspect.weight) != Verdict::Counts {
            return None;
        }
        let mut hasher = self.hasher.build_hasher();
        if aspect.name.iter().any(u8::is_ascii_uppercase) {
            (aspect.field, aspect.name.to_ascii_lowercase()).hash(&mut hasher);
        } else {
            (aspect.field, &*aspect.name).hash(&mut hasher);
        }
        if aspect.weight != Weight::Presence || self.judge.is_strict() {
            self.feed(&aspect.value, &mut hasher);
        }
        Some(hasher.finish())
    }

    fn feed(&self, value: &Value, hasher: &mut impl Hasher) {
        match value {
            Value::Absent => {}
            Value::Text(text) | Value::Json(text) => text.hash(hasher),
            Value::Line { said, lasting } => lasting.as_ref().filter(|_| !self.judge.is_strict()).unwrap_or(said).hash(hasher),
            Value::Number(number) => number.hash(hasher),
            Value::Code(code) => code.hash(hasher),
            Value::Codes(codes) => codes.hash(hasher),
            Value::Flag(flag) => flag.hash(hasher),
            Value::Addresses(addresses) => addresses.hash(hasher),
            Value::Endpoint(endpoint) => endpoint.hash(hasher),
            Value::Texts(texts) => texts.hash(hasher),
            Value::Duration(time) => time.hash(hasher),
            Value::Moment(moment) => moment.nanoseconds().hash(hasher),
            Value::Outcome(outcome) => outcome.hash(hasher),
            Value::State(state) => std::mem::discriminant(state).hash(hasher),
            Value::Content(content) => (content.digest, content.missing).hash(hasher),
            Value::Part { length, cut } => (length, cut).hash(hasher),
            Value::Bytes { length, sha256 } => (length, sha256).hash(hasher),
        }
    }

    pub(super) fn of_talk(&self, talk: &Talk, items: &[ItemKey]) -> TalkKey {
        let is_opened = talk.outcome == Outcome::Opened;
        let mut all = self.hasher.build_hasher();
        (is_opened, items.len()).hash(&mut all);
        items.iter().for_each(|item| item.all.hash(&mut all));
        let first = talk.items.first().zip(items.first());
        let says_something = |item: &Item| matches!(item.kind, ItemKind::Exchange | ItemKind::Lookup | ItemKind::Line(_));
        TalkKey {
            all: all.finish(),
            named: first.map(|(_, key)| key.named),
            alike: first.filter(|(item, _)| says_something(item)).map(|(_, key)| key.alike),
        }
    }

    /// What a conversation is matched by beside what is said.
    pub(super) fn of_group(&self, talk: &Talk, group: Group) -> u64 {
        let (service, port) = match group {
            Group::ServiceName | Group::ServiceAddress | Group::Service => (Some(talk.service), 0),
            Group::PortName | Group::PortAddress | Group::Port => (None, talk.server().port),
        };
        let label = match group {
            Group::ServiceName | Group::PortName => Some(self.of_server(talk, true)),
            Group::ServiceAddress | Group::PortAddress => Some(self.of_server(talk, false)),
            Group::Service | Group::Port => None,
        };
        self.hasher.hash_one((talk.kind, service, port, label))
    }

    /// With whom, where the port was chosen for this once.
    pub(super) fn of_passing(&self, talk: &Talk) -> Option<u64> {
        let is_passing = matches!(talk.service, Service::Port(port) if port >= 1024) && matches!(talk.kind, Kind::Tcp | Kind::Udp);
        is_passing.then(|| self.hasher.hash_one((talk.kind, self.of_server(talk, true))))
    }

    /// The server: by its name, where that is wanted and it has one.
    fn of_server(&self, talk: &Talk, by_name: bool) -> u64 {
        match talk.name.as_deref().filter(|_| by_name) {
            Some(name) => self.hasher.hash_one((0_u8, name)),
            None => self.hasher.hash_one((1_u8, talk.server().address)),
        }
    }
}
