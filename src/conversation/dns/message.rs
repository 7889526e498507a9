//! A message of DNS, or of those who speak its language, as far as conversations and names need it.

use crate::dissect::{Field, FieldSink, Span, Value};
use crate::limits::Limits;
use std::net::IpAddr;

/// Characters in [`Message::text`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text {
    start: usize,
    end: usize,
}

/// The types of records that are told apart here (IANA, DNS parameters).
pub mod kind {
    /// An IPv4 address.
    pub const A: u16 = 1;
    /// An alias.
    pub const CNAME: u16 = 5;
    /// The name servers of a zone.
    pub const NS: u16 = 2;
    /// The beginning of a zone's authority.
    pub const SOA: u16 = 6;
    /// An IPv6 address.
    pub const AAAA: u16 = 28;
    /// Records of every type.
    pub const ANY: u16 = 255;
    /// A name, of an address.
    pub const PTR: u16 = 12;
    /// A whole zone.
    pub const AXFR: u16 = 252;
    /// What changed in a zone.
    pub const IXFR: u16 = 251;
}

/// The part of a message in which a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// What answers the question.
    Answer,
    /// Who is responsible for the name.
    Authority,
    /// What was sent along.
    Additional,
}

/// What a record says of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    /// It has this address.
    Address(IpAddr),
    /// It has to do with this name: it is an alias of it, or the other way round.
    Name(Text),
    /// Something else.
    Other,
}

/// A record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where it stands.
    pub section: Section,
    /// Whose it is.
    pub owner: Text,
    /// What kind it is.
    pub kind: u16,
    /// How many seconds it may be kept.
    pub seconds: u32,
    /// What it says.
    pub data: Data,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The name.
    pub name: Text,
    /// The type of record.
    pub kind: u16,
    /// The class.
    pub class: u16,
}

/// A message. It takes a message's fields, and keeps its memory from one to the next.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// Its number.
    pub id: u16,
    /// Whether it answers.
    pub response: bool,
    /// What is wanted: 0 is a query.
    pub operation: u8,
    /// Whether the answer did not fit.
    pub truncated: bool,
    /// Whether the server that answers is itself responsible for the name.
    pub authoritative: bool,
    /// Whether the server asks other servers on one's behalf.
    pub recursive: bool,
    /// How it went: 0 is well.
    pub code: u8,
    /// The first question.
    pub asked: Option<Asked>,
    /// How many questions there are.
    pub questions: usize,
    /// The records, in their order.
    pub records: Vec<Record>,
    /// How many answers were not kept.
    pub more: usize,
    /// Whether its header was there.
    pub header: bool,
    /// What is wrong with it.
    pub problem: Option<Text>,
    text: Vec<u8>,
    section: Option<Section>,
    /// How many bytes the data of the record at hand have.
    data_length: usize,
    /// Whether the record at hand is the last of `records`.
    kept: bool,
    /// Whether a record of the NetBIOS name service is of a group of hosts, and so the name of none.
    group: bool,
}

impl Message {
    /// Forgets the message before.
    pub fn clear(&mut self) {
        let (mut records, mut text) = (std::mem::take(&mut self.records), std::mem::take(&mut self.text));
        records.clear();
        text.clear();
        text.shrink_to(Limits::MESSAGE_TEXT_KEPT);
        *self = Self { records, text, ..Self::default() };
    }

    /// Characters, in the written form of DNS.
    #[must_use]
    pub fn text(&self, text: Text) -> &[u8] {
        self.text.get(text.start..text.end).unwrap_or_default()
    }

    /// Whether the name is there and has no record of a type. An answer that only says who knows more says nothing of that (RFC 2308 section
    /// 2.2), nor does one of a server that is not responsible for the name and asks no other, nor one that was cut (RFC 2181 section 9).
    #[must_use]
    pub fn has_no_record(&self, kind: u16) -> bool {
        let of = |section: Section, wanted: u16| self.records.iter().any(|record| record.section == section && record.kind == wanted);
        let mut answers = self.records.iter().filter(|record| record.section == Section::Answer);
        let has_authority = of(Section::Authority, kind::SOA);
        let is_referral = of(Section::Authority, kind::NS) && !has_authority;
        self.code == 0
            && !matches!(kind, kind::ANY | kind::CNAME)
            && !self.truncated
            && !is_referral
            && (self.authoritative || self.recursive || has_authority)
            && self.more == 0
            && answers.all(|record| record.kind == kind::CNAME)
    }

    /// Whether two names are the same: case does not count (RFC 4343).
    #[must_use]
    pub fn is_same(&self, left: Text, right: Text) -> bool {
        self.text(left).eq_ignore_ascii_case(self.text(right))
    }

    /// The names that the name which was asked for stands for, itself first: the aliases of the answer followed one after the other.
    #[must_use]
    pub fn aliases(&self) -> Aliases {
        let mut aliases = Aliases { names: [Text::default(); Limits::ALIASES], length: 0 };
        let Some(asked) = self.asked else { return aliases };
        aliases.push(asked.name);
        // Servers write them in order; one that does not is not followed to its end.
        for record in self.records.iter().filter(|record| record.section == Section::Answer && record.kind == kind::CNAME) {
            if let (Data::Name(target), Some(last)) = (record.data, aliases.last())
                && self.is_same(record.owner, last)
            {
                aliases.push(target);
            }
        }
        aliases
    }

    fn keep(&mut self, bytes: &[u8]) -> Text {
        let start = self.text.len();
        self.text.extend_from_slice(bytes);
        Text { start, end: self.text.len() }
    }

    fn ask(&mut self, name: &[u8]) {
        self.questions += 1;
        if self.questions == 1 {
            let name = self.keep(name);
            self.asked = Some(Asked { name, kind: 0, class: 0 });
        }
    }

    fn begin_record(&mut self, section: Section, owner: &[u8]) {
        self.kept = self.records.len() < Limits::RECORDS;
        if self.kept {
            let owner = self.keep(owner);
            self.records.push(Record { section, owner, kind: 0, seconds: 0, data: Data::Other });
        } else {
            self.more += usize::from(section == Section::Answer);
        }
    }

    fn record(&mut self) -> Option<&mut Record> {
        if self.kept { self.records.last_mut() } else { None }
    }

    fn set_address(&mut self, address: IpAddr) {
        // An address of another record (a service's hint) is none of the name itself.
        if let Some(record) = self.record().filter(|record| record.data == Data::Other) {
            record.data = Data::Address(address);
        }
    }

    /// Begins a question, or a record of the NetBIOS name service, which has no parts that are told apart.
    fn begin_net_bios(&mut self, name: &[u8]) {
        self.group = false;
        if self.asked.is_none() && !self.response {
            self.ask(name);
        } else {
            self.begin_record(Section::Answer, name);
        }
    }
}

/// The names that a name stands for, itself first.
#[derive(Clone, Copy, Debug)]
pub struct Aliases {
    names: [Text; Limits::ALIASES],
    length: usize,
}

impl Aliases {
    /// The names.
    #[must_use]
    pub fn names(&self) -> &[Text] {
        self.names.get(..self.length).unwrap_or_default()
    }

    fn last(&self) -> Option<Text> {
        self.names().last().copied()
    }

    fn push(&mut self, name: Text) {
        if let Some(place) = self.names.get_mut(self.length) {
            *place = name;
            self.length += 1;
        }
    }
}

impl FieldSink for Message {
    fn field(&mut self, field: &'static Field, span: Span, value: Value<'_>) {
        match (field.id, value) {
            ("dns.id" | "nbns.id", Value::Number(number)) => self.id = low_16(number),
            ("dns.flags.response" | "nbns.flags.response", Value::Boolean(response)) => self.response = response,
            ("dns.flags.opcode" | "nbns.flags.opcode", Value::Number(number)) => self.operation = low_8(number),
            ("dns.flags.truncated", Value::Boolean(truncated)) => self.truncated = truncated,
            ("dns.flags.authoritative", Value::Boolean(authoritative)) => self.authoritative = authoritative,
            ("dns.flags.recavail", Value::Boolean(recursive)) => self.recursive = recursive,
            ("dns.flags.rcode" | "nbns.flags.rcode", Value::Number(number)) => self.code = low_8(number),
            // The upper eight bits of the code, where it has more than four (RFC 6891 section 6.1.3).
            ("dns.resp.ext_rcode", Value::Number(number)) => self.code |= low_8(number << 4),
            ("dns.count.add_rr" | "nbns.count.add_rr", _) => self.header = true,
            ("dns.qry.type" | "nbns.type", Value::Number(number)) if self.records.is_empty() => {
                if let Some(asked) = self.asked.as_mut().filter(|_| self.questions == 1) {
                    asked.kind = low_16(number);
                }
            }
            ("dns.qry.class", Value::Number(number)) => {
                if let Some(asked) = self.asked.as_mut().filter(|_| self.questions == 1) {
                    asked.class = low_16(number);
                }
            }
            ("dns.resp.type" | "nbns.type", Value::Number(number)) => {
                if let Some(record) = self.record() {
                    record.kind = low_16(number);
                }
            }
            ("dns.resp.ttl", Value::Number(seconds)) => {
                if let Some(record) = self.record() {
                    record.seconds = u32::try_from(seconds).unwrap_or_default();
                }
            }
            ("dns.a", Value::Ipv4(address)) => self.set_address(address.into()),
            ("dns.aaaa", Value::Ipv6(address)) => self.set_address(address.into()),
            ("nbns.nb_flags", Value::Number(flags)) => self.group = flags & 0x8000 != 0,
            ("nbns.addr", Value::Ipv4(address)) if !self.group => self.set_address(address.into()),
            ("dns.resp.len", Value::Number(length)) => self.data_length = usize::try_from(length).unwrap_or(usize::MAX),
            // A name that does not take up all of the data was cut.
            ("dns.cname" | "dns.ptr.domain_name", Value::Text(name)) if self.kept && span.length == self.data_length => {
                let name = self.keep(name);
                if let Some(record) = self.record() {
                    record.data = Data::Name(name);
                }
            }
            ("dns.problem", Value::Text(text)) => {
                // It is said behind what it is about.
                if let Some(record) = self.record() {
                    record.data = Data::Other;
                }
                if self.problem.is_none() {
                    self.problem = Some(self.keep(text));
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, group: &'static Field, span: Span, value: Value<'_>) {
        match (group.id, value) {
            ("dns.answers", _) => self.section = Some(Section::Answer),
            ("dns.authority", _) => self.section = Some(Section::Authority),
            ("dns.additional", _) => self.section = Some(Section::Additional),
            ("dns.qry.name", Value::Text(name)) => self.ask(name),
            ("dns.resp.name", Value::Text(owner)) => {
                if let Some(section) = self.section {
                    self.begin_record(section, owner);
                }
            }
            ("nbns.name", Value::Text(name)) => self.begin_net_bios(name),
            _ => self.field(group, span, value),
        }
    }
}

fn low_16(number: u64) -> u16 {
    u16::try_from(number & 0xffff).unwrap_or_default()
}

fn low_8(number: u64) -> u8 {
    u8::try_from(number & 0xff).unwrap_or_default()
}
