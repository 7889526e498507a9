//! Questions with the answers to them.

use super::Message;
use super::message::{Data, Section, kind};
use crate::conversation::Side;
use crate::limits::Limits;
use crate::reassembly::Origin;
use std::net::IpAddr;

/// Who speaks the language of DNS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    /// DNS itself.
    Dns,
    /// Multicast DNS.
    Multicast,
    /// Link-local multicast name resolution.
    LinkLocal,
    /// The NetBIOS name service.
    NetBios,
}

/// A question, with what answers it; or an answer to a question that is not in the capture.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The conversation that it is asked in.
    pub conversation: u64,
    /// Who asks.
    pub asker: Side,
    /// Whose language it is.
    pub service: Service,
    /// What is wanted: 0 is a query, 4 a notification, 5 an update.
    pub operation: u8,
    /// The number that question and answer share.
    pub id: u16,
    /// The name that is asked about, in the written form of DNS.
    pub name: Box<[u8]>,
    /// The type of record that is asked for (IANA, DNS parameters).
    pub kind: u16,
    /// The class; 1 is the Internet.
    pub class: u16,
    /// The frame that asks first; `None` where only the answer is in the capture.
    pub question: Option<Origin>,
    /// How often the same was asked again.
    pub asked_again: u32,
    /// What answers it.
    pub answer: Option<Box<Answer>>,
    /// The conversation over TCP in which the same was asked again because the answer did not fit.
    pub repeated_in: Option<u64>,
    /// Of an answer from a server that was not asked: who was, and in which frame.
    pub instead_of: Option<(IpAddr, u64)>,
    /// What is wrong with the question or an answer, first of all.
    pub problem: Option<Box<[u8]>>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The frame that it begins in.
    pub origin: Origin,
    /// How it went: 0 is well (IANA, DNS response codes).
    pub code: u8,
    /// Whether it did not fit, so that the question is to be repeated over TCP.
    pub truncated: bool,
    /// The addresses, at most [`Limits::ANSWERS`].
    pub addresses: Vec<IpAddr>,
    /// The names that the answer gives, in their order, at most [`Limits::ANSWERS`]: what the name is an alias of, or what an address is called.
    pub names: Vec<Box<[u8]>>,
    /// How long the first [`Limits::LIFETIMES`] records that answer may be kept, in seconds (RFC 1035 section 3.2.1), in their order.
    pub lifetimes: Vec<u32>,
    /// How many other records answer.
    pub others: u32,
    /// Whether it says that the name has no record of the type.
    pub denies: bool,
    /// In how many messages it came: a zone needs many.
    pub messages: u32,
    /// How many further answers came to the same question.
    pub repeated: u32,
    /// The frame of the first of them that gives other addresses, and these, where the question was asked once.
    pub contradicted: Option<(u64, Vec<IpAddr>)>,
}

impl Lookup {
    /// Nanoseconds from the first question to the first answer.
    #[must_use]
    pub fn took(&self) -> Option<i64> {
        let answer = self.answer.as_ref()?.origin.time?;
        Some(answer.since(self.question?.time?))
    }

    /// How much memory it takes, as nearly as that is known.
    pub(super) fn cost(&self) -> usize {
        let answer = self.answer.as_ref().map_or(0, |answer| {
            let names: usize = answer.names.iter().map(|name| name.len() + 32).sum();
            let addresses = answer.addresses.len() + answer.contradicted.as_ref().map_or(0, |(_, others)| others.len());
            size_of::<Answer>() + 32 + addresses * size_of::<IpAddr>() + answer.lifetimes.len() * size_of::<u32>() + names
        });
        // Its places in the tables that find it come beside it.
        size_of::<Self>() + 128 + self.name.len() + answer + self.problem.as_ref().map_or(0, |problem| problem.len())
    }
}

impl Answer {
    /// What a message answers.
    pub(super) fn of(message: &Message, origin: Origin) -> Self {
        let mut answer = Self {
            origin,
            code: message.code,
            truncated: message.truncated,
            addresses: Vec::new(),
            names: Vec::new(),
            lifetimes: Vec::new(),
            others: 0,
            denies: message.operation == 0 && message.asked.is_some_and(|asked| message.has_no_record(asked.kind)),
            messages: 0,
            repeated: 0,
            contradicted: None,
        };
        answer.add(message);
        answer
    }

    /// Adds what a further message answers.
    pub(super) fn add(&mut self, message: &Message) {
        self.messages = self.messages.saturating_add(1);
        for record in message.records.iter().filter(|record| record.section == Section::Answer) {
            if self.lifetimes.len() < Limits::LIFETIMES {
                self.lifetimes.push(record.seconds);
            }
            match record.data {
                Data::Address(address) if self.addresses.len() < Limits::ANSWERS => self.addresses.push(address),
                Data::Name(name) if self.names.len() < Limits::ANSWERS && matches!(record.kind, kind::CNAME | kind::PTR) => {
                    self.names.push(message.text(name).into());
                }
                Data::Address(_) | Data::Name(_) | Data::Other => self.others = self.others.saturating_add(1),
            }
        }
        self.others = self.others.saturating_add(u32::try_from(message.more).unwrap_or(u32::MAX));
    }
}
