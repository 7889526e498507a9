//! What one capture did, as data to be compared.

use super::field::Field;
use super::opener::Opener;
use crate::conversation::application::Application;
use crate::conversation::body::decode::Coding;
use crate::conversation::{Endpoint, Kind, Names, Side, State};
use crate::diff::{Digest, Selection};
use crate::explain::Note;
use crate::frame::Timestamp;
use crate::reassembly::Origin;
use std::net::IpAddr;
use std::sync::Arc;

/// What one capture did.
#[derive(Debug, Default)]
pub struct Run {
    /// What was said, in the order in which it began.
    pub talks: Vec<Talk>,
    /// What there is to say of it.
    pub notes: Vec<Note>,
    /// What addresses are called.
    pub names: Names,
    /// How many frames the capture has.
    pub frames: u64,
    /// How many more are one of those once more, the same bytes at the same moment, and count for nothing.
    pub repeated: u64,
    /// When the first of them was captured.
    pub began: Option<Timestamp>,
    /// How many conversations.
    pub conversations: u64,
    /// The frames that are in no conversation (ARP, beacons): nothing of them is compared.
    pub outside: Outside,
    /// What the limits cut off.
    pub left_out: LeftOut,
    /// What takes the codings off contents.
    pub opener: Opener,
}

/// What was not kept, to stay within the limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Conversations that were put away before the end, and SYNs without an answer where there are too many of them.
    pub conversations: u64,
    /// Exchanges, questions, lines.
    pub items: u64,
    /// Bodies and streams of which only a beginning, the length and the digest are kept.
    pub contents: u64,
}

/// Frames that are in no conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outside {
    /// How many.
    pub frames: u64,
    /// What their bytes hash to, one behind the other.
    pub digest: Digest,
}

/// What is spoken in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// This.
    Application(Application),
    /// Something on this port.
    Port(u16),
    /// Only what it is made of is known.
    Unknown,
}

/// Whether it came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Both sides spoke.
    Opened,
    /// Nobody answered.
    Unanswered,
    /// The answer was a refusal: a reset, or an ICMP error.
    Refused,
    /// It was answered and never begun.
    HalfOpen,
    /// Only answers are in the capture.
    OnlyAnswers,
}

/// A conversation, as what was said and how it went.
#[derive(Debug)]
pub struct Talk {
    /// Its number in its capture.
    pub id: u64,
    /// What it is made of.
    pub kind: Kind,
    /// What is spoken.
    pub service: Service,
    /// Both ends, the originator first.
    pub ends: [Endpoint; 2],
    /// What the server is called: by what was said to it, or by what the capture knows of its address.
    pub name: Option<Box<[u8]>>,
    /// Whether it came about.
    pub outcome: Outcome,
    /// How it stood at the end; of TCP alone.
    pub state: Option<State>,
    /// The frame that it begins with.
    pub first_frame: u64,
    /// When that was captured.
    pub began: Option<Timestamp>,
    /// What was said, in order.
    pub items: Vec<Item>,
    /// How the transport did.
    pub facts: Facts,
    /// The notes on it, by their places among [`Run::notes`].
    pub notes: Vec<u32>,
    /// Whether it is what machines say to everybody around, all the time.
    pub is_chatter: bool,
    /// Whether something was said in it that is not read, as it is encrypted or in a language that is not known here.
    pub is_unread: bool,
    /// How many bytes each side said.
    pub bytes: [u64; 2],
}

/// How the transport did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The largest segment that each side said it takes.
    pub segment_sizes: [Option<u16>; 2],
    /// Nanoseconds from the first to the third segment of the handshake.
    pub round_trip: Option<i64>,
    /// Segments that were sent again, of both sides.
    pub retransmissions: u64,
    /// Bytes that the capture lacks.
    pub missing: u64,
}

/// Something that was said: what is matched with its like in the other run.
#[derive(Debug)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Its first and its last frame.
    pub frames: [u64; 2],
    /// When the first was captured.
    pub began: Option<Timestamp>,
    /// What is compared of it.
    pub aspects: Vec<Aspect>,
    /// Whether the capture lacks some of what was asked, and of how it was answered: of a head, or all of it.
    pub lacks: [bool; 2],
}

/// What it is that was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemKind {
    /// An exchange of HTTP.
    Exchange,
    /// A question, with what answers it.
    Lookup,
    /// How a connection is secured.
    Handshake,
    /// A line of a dialogue, and who said it.
    Line(Side),
    /// All that was said, where no language is known.
    Stream,
    /// Echoes.
    Echo,
}

/// One thing to compare.
#[derive(Debug)]
pub struct Aspect {
    /// What it is.
    pub field: Field,
    /// The name that it has where it is one of many: the header's, the parameter's; else empty.
    pub name: Box<[u8]>,
    /// What it holds.
    pub value: Value,
    /// How much of it counts.
    pub weight: Weight,
}

/// How much of an aspect counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// As its field does.
    Whole,
    /// That it is there counts; what it holds is another every time.
    Presence,
    /// Nothing: all of it is another every time.
    Nothing,
}

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// It is not there.
    Absent,
    /// Bytes that are meant to be text.
    Text(Box<[u8]>),
    /// A line, with what is left of it where the parts are taken out that differ every time.
    Line {
        /// As it was said.
        said: Box<[u8]>,
        /// What of it is the same every time; `None` where that is all of it.
        lasting: Option<Box<[u8]>>,
    },
    /// A number.
    Number(u64),
    /// A number that has a name, of the field's own table: a version, a suite, a code.
    Code(u16),
    /// Such numbers in their order.
    Codes(Box<[u16]>),
    /// Yes or no.
    Flag(bool),
    /// Addresses, sorted: their order is no matter.
    Addresses(Vec<IpAddr>),
    /// An address.
    Endpoint(Endpoint),
    /// Texts in their order.
    Texts(Vec<Box<[u8]>>),
    /// Nanoseconds.
    Duration(i64),
    /// A moment.
    Moment(Timestamp),
    /// Whether a conversation came about.
    Outcome(Outcome),
    /// How a conversation stood at the end.
    State(State),
    /// What stands in a message, or all that one side said.
    Content(Box<Content>),
    /// A value of a JSON document, as JSON.
    Json(Box<[u8]>),
    /// How much of a body was sent: all, or less than it was to have.
    Part {
        /// How many bytes.
        length: u64,
        /// What is known of the rest; `None` where there is none.
        cut: Option<Cut>,
    },
    /// Bytes, by how many they are and what they hash to.
    Bytes {
        /// How many.
        length: u64,
        /// Their SHA-256; `None` where not all of them are kept.
        sha256: Option<[u8; 32]>,
    },
}

/// What stands in a message, or all that one side said. Two are equal where their digests are: those of one digester tell their bytes apart.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Its bytes, as far as they are kept; what a run holds more than once is kept once.
    pub bytes: Arc<[u8]>,
    /// The codings that are to be taken off them first, in this order.
    pub codings: Vec<Coding>,
    /// What they are said to be.
    pub media_type: Option<Box<[u8]>>,
    /// The digest of all of it: without its codings, or with them where both runs hold it as it was sent.
    pub digest: Digest,
    /// Whether all of it is kept.
    pub is_kept: bool,
    /// How many bytes the capture lacks.
    pub missing: u64,
    /// What was sent of it, where that is not all.
    pub cut: Option<Cut>,
    /// Where datagrams end in it.
    pub ends: Vec<usize>,
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        // Nearly all that is compared is the same, and bytes stand elsewhere in memory.
        self.digest == other.digest
            && (self.is_kept, self.missing, self.cut) == (other.is_kept, other.missing, other.cut)
            && self.media_type == other.media_type
            && self.ends == other.ends
    }
}

impl Eq for Content {}

/// A body that was not sent to its end: the connection was closed or reset, or the capture ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cut {
    /// How many bytes of it came, as they were sent.
    pub arrived: u64,
    /// How many it was to have, where that was said.
    pub announced: Option<u64>,
}

impl Talk {
    /// Whether its server showed a certificate that nobody else can read (RFC 8446 section 4.4.2).
    #[must_use]
    pub fn hides_its_certificate(&self) -> bool {
        const TLS_1_3: u16 = 0x0304;
        let is_hidden = |item: &Item| item.get(Field::TlsVersion) == Some(&Value::Code(TLS_1_3)) && item.get(Field::Subject).is_none();
        self.items.iter().any(|item| item.kind == ItemKind::Handshake && is_hidden(item))
    }
}

impl Item {
    /// Of an exchange of HTTP what was asked for: host, path and query.
    #[must_use]
    pub fn target(&self) -> Vec<u8> {
        let mut target = [Field::Host, Field::Path].map(|field| self.text(field).unwrap_or_default()).concat();
        let query = self.aspects.iter().filter(|aspect| aspect.field == Field::Query);
        for (place, aspect) in query.enumerate() {
            target.push(if place == 0 { b'?' } else { b'&' });
            target.extend_from_slice(&aspect.name);
            let (value, _) = aspect.value.said();
            if !value.is_empty() {
                target.push(b'=');
                target.extend_from_slice(value);
            }
        }
        target
    }

    /// A thing of which nothing is known yet but where it begins, and with which frame it ends.
    pub(super) fn new(kind: ItemKind, first: Origin, last: u64) -> Self {
        Self { kind, frames: [first.frame, last], began: first.time, aspects: Vec::new(), lacks: [false; 2] }
    }

    /// What it holds of a field.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&Value> {
        self.aspects.iter().find(|aspect| aspect.field == field).map(|aspect| &aspect.value)
    }

    /// The same, where it is text.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&[u8]> {
        match self.get(field)? {
            Value::Text(text) | Value::Line { said: text, .. } => Some(text),
            Value::Absent
            | Value::Number(_)
            | Value::Code(_)
            | Value::Codes(_)
            | Value::Flag(_)
            | Value::Addresses(_)
            | Value::Endpoint(_)
            | Value::Texts(_)
            | Value::Duration(_)
            | Value::Moment(_)
            | Value::Outcome(_)
            | Value::State(_)
            | Value::Content(_)
            | Value::Json(_)
            | Value::Part { .. }
            | Value::Bytes { .. } => None,
        }
    }

    /// What was said, to be put in an order that is the same every time.
    pub(super) fn said(&self) -> impl Iterator<Item = (Field, &[u8], &[u8], u64)> {
        self.aspects.iter().map(|aspect| {
            let (bytes, number) = aspect.value.said();
            (aspect.field, &*aspect.name, bytes, number)
        })
    }

    pub(super) fn push(&mut self, field: Field, value: Value) {
        self.aspects.push(Aspect { field, name: Box::default(), value, weight: Weight::Whole });
    }

    pub(super) fn push_named(&mut self, field: Field, name: &[u8], value: &[u8], weight: Weight) {
        self.aspects.push(Aspect { field, name: name.into(), value: Value::Text(value.into()), weight });
    }

    /// About how much memory it takes.
    pub(super) fn cost(&self) -> usize {
        let aspects = self.aspects.iter().map(|aspect| size_of::<Aspect>() + aspect.name.len() + aspect.value.cost());
        size_of::<Self>() + aspects.sum::<usize>()
    }
}

impl Value {
    fn said(&self) -> (&[u8], u64) {
        match self {
            Self::Text(text) | Self::Json(text) | Self::Line { said: text, .. } => (text, 0),
            Self::Content(content) => (&content.bytes, content.digest.length),
            Self::Number(number) => (&[], *number),
            Self::Code(code) => (&[], (*code).into()),
            Self::Flag(flag) => (&[], (*flag).into()),
            Self::Part { length, .. } | Self::Bytes { length, .. } => (&[], *length),
            Self::Absent
            | Self::Addresses(_)
            | Self::Endpoint(_)
            | Self::Texts(_)
            | Self::Duration(_)
            | Self::Moment(_)
            | Self::Outcome(_)
            | Self::State(_)
            | Self::Codes(_) => (&[], 0),
        }
    }

    fn cost(&self) -> usize {
        match self {
            Self::Text(text) | Self::Json(text) => text.len(),
            Self::Line { said, lasting } => said.len() + lasting.as_ref().map_or(0, |lasting| lasting.len()),
            Self::Codes(codes) => size_of_val(&**codes),
            Self::Addresses(addresses) => addresses.len() * size_of::<IpAddr>(),
            Self::Texts(texts) => texts.iter().map(|text| text.len() + 32).sum(),
            Self::Content(content) => {
                // Who keeps its bytes pays for them: they may be those of another.
                size_of::<Content>() + content.codings.capacity() + content.ends.capacity() * size_of::<usize>()
            }
            Self::Absent
            | Self::Number(_)
            | Self::Code(_)
            | Self::Flag(_)
            | Self::Endpoint(_)
            | Self::Duration(_)
            | Self::Moment(_)
            | Self::Outcome(_)
            | Self::State(_)
            | Self::Part { .. }
            | Self::Bytes { .. } => 0,
        }
    }
}

impl Run {
    /// Whether there is anything in it of what [`Selection::only`] names, all of it where that names nothing. Names that are no field's are
    /// taken to be there: [`Run::has_name`] tells of them.
    #[must_use]
    pub fn holds_any_of(&self, selection: &Selection) -> bool {
        let has = |kind: fn(ItemKind) -> bool| self.talks.iter().flat_map(|talk| &talk.items).any(|item| kind(item.kind));
        let is_there = |field: Field| {
            let is_in = |first: Field, last: Field| first <= field && field <= last;
            if is_in(Field::Exchange, Field::Receiving) {
                has(|kind| kind == ItemKind::Exchange)
            } else if is_in(Field::Lookup, Field::LookupTime) {
                has(|kind| kind == ItemKind::Lookup)
            } else if is_in(Field::Handshake, Field::Alert) {
                has(|kind| kind == ItemKind::Handshake)
            } else if is_in(Field::EchoAnswered, Field::Echoes) {
                has(|kind| kind == ItemKind::Echo)
            } else {
                field != Field::Line || has(|kind| matches!(kind, ItemKind::Line(_)))
            }
        };
        let wanted_by = |selection: &Selection| {
            let is_wanted = |field: &Field| {
                let names = field.names(b"");
                selection.counts(&names.iter().map(|name| &**name).collect::<Vec<&str>>())
            };
            Field::ALL.iter().copied().filter(is_wanted).collect::<Vec<Field>>()
        };
        let is_no_field = |name: &str| wanted_by(&Selection { only: vec![name.into()], ..Selection::default() }).is_empty();
        selection.only.is_empty() || selection.only.iter().any(|name| is_no_field(name)) || wanted_by(selection).into_iter().any(is_there)
    }

    /// Whether something that is compared has a name: a header, a parameter, a cookie, a key of JSON.
    #[must_use]
    pub fn has_name(&self, name: &str) -> bool {
        let wanted = Selection { only: vec![name.into()], ..Selection::default() };
        let key = name.rsplit('.').next().unwrap_or(name);
        let key = ["\"", key, "\""].concat();
        self.talks.iter().flat_map(|talk| &talk.items).flat_map(|item| &item.aspects).any(|aspect| {
            if let Value::Content(content) = &aspect.value {
                return memchr::memmem::find(&self.opener.open(content).bytes, key.as_bytes()).is_some();
            }
            let names = aspect.field.names(&aspect.name);
            wanted.counts(&names.iter().map(|name| &**name).collect::<Vec<&str>>())
        })
    }

    /// The names of headers, parameters and cookies, each as often as it is there.
    pub fn names_said(&self) -> impl Iterator<Item = &str> {
        let aspects = self.talks.iter().flat_map(|talk| &talk.items).flat_map(|item| &item.aspects);
        aspects.filter_map(|aspect| str::from_utf8(&aspect.name).ok().filter(|name| !name.is_empty()))
    }
}

impl Talk {
    /// The server's end.
    #[must_use]
    pub fn server(&self) -> &Endpoint {
        &self.ends[1]
    }

    /// Whether something was said in it that is compared.
    #[must_use]
    pub fn has_content(&self) -> bool {
        !self.items.is_empty()
    }
}
