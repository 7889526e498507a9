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

/// What a conversation is matched by.
#[derive(Clone, Copy, Debug)]
pub(super) struct TalkKey {
    /// All of it that counts.
    pub(super) all: u64,
    /// How it begins; `None` where nothing is said in it.
    pub(super) named: Option<u64>,
    /// The same without the host; `None` where that says nothing.
    pub(super) alike: Option<u64>,
    /// What it is made of, what is spoken, and with whom by name.
    pub(super) service_name: u64,
    pub(super) service_address: u64,
    pub(super) port_name: u64,
    pub(super) port_address: u64,
    pub(super) service: u64,
    pub(super) port: u64,
    /// With whom, where the port was chosen for this once.
    pub(super) passing: Option<u64>,
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
        (aspect.field, aspect.name.to_ascii_lowercase()).hash(&mut hasher);
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
        let server = talk.server();
        let is_opened = talk.outcome == Outcome::Opened;
        let items_of = |key: fn(&ItemKey) -> u64| items.iter().map(key).collect::<Vec<u64>>();
        let name = talk.name.as_deref();
        let label = |with: u8| match (name, with) {
            (Some(name), 0) => self.hasher.hash_one((0_u8, name)),
            (Some(_), _) | (None, _) => self.hasher.hash_one((1_u8, server.address)),
        };
        let hash = |service: Option<Service>, label: Option<u64>| {
            let port = if service.is_none() { server.port } else { 0 };
            self.hasher.hash_one((talk.kind, service, port, label))
        };
        let is_passing = matches!(talk.service, Service::Port(port) if port >= 1024);
        let first = talk.items.first().zip(items.first());
        let says_something = |item: &Item| matches!(item.kind, ItemKind::Exchange | ItemKind::Lookup | ItemKind::Line(_));
        TalkKey {
            all: self.hasher.hash_one((is_opened, items_of(|key| key.all))),
            named: first.map(|(_, key)| key.named),
            alike: first.filter(|(item, _)| says_something(item)).map(|(_, key)| key.alike),
            service_name: hash(Some(talk.service), Some(label(0))),
            service_address: hash(Some(talk.service), Some(label(1))),
            port_name: hash(None, Some(label(0))),
            port_address: hash(None, Some(label(1))),
            service: hash(Some(talk.service), None),
            port: hash(None, None),
            passing: (is_passing && matches!(talk.kind, Kind::Tcp | Kind::Udp)).then(|| self.hasher.hash_one((talk.kind, label(0)))),
        }
    }
}
