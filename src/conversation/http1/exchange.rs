//! A request with its answers.

use super::{Body, Flag, Flags, Head, Url};
use crate::conversation::{Endpoint, Side};
use crate::reassembly::Origin;

/// Which exchange: a name for it while it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExchangeId {
    /// The conversation's number.
    pub conversation: u64,
    /// Its place among the exchanges of the conversation, from 0, by when they began.
    pub index: u32,
}

/// A request or an answer.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Message {
    /// Its head, as it was sent. An answer of HTTP/0.9 has an empty one.
    pub head: Head,
    /// Its body.
    pub body: Body,
    /// Where it begins in its stream.
    pub offset: u64,
    /// The frame of its first byte.
    pub first: Origin,
    /// The frame of the last byte of its head.
    pub head_end: Origin,
    /// The frame of its last byte; that of the FIN where this ended the body.
    pub last: Origin,
    /// What is odd about it.
    pub flags: Flags,
}

impl Message {
    /// The method; empty where it is no request.
    #[must_use]
    pub fn method(&self) -> &[u8] {
        self.head.request_line().map_or(&[], |line| line.method)
    }

    /// The target; empty where it is no request.
    #[must_use]
    pub fn target(&self) -> &[u8] {
        self.head.request_line().map_or(&[], |line| line.target)
    }

    /// The status, where it is an answer with three digits.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.head.status_line()?.code()
    }

    /// Whether the exchange has a further answer after this one (RFC 9110 section 15.2): 1xx, but 101, which ends HTTP.
    #[must_use]
    pub fn is_interim(&self) -> bool {
        self.status().is_some_and(|status| (100..200).contains(&status) && status != 101)
    }
}

/// Why HTTP ended on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TunnelKind {
    /// A proxy was told to CONNECT.
    Connect,
    /// 101 Switching Protocols; the answer's `Upgrade` names the new one.
    Upgrade,
    /// The client spoke HTTP/2 from the start.
    Http2,
}

/// What goes over a connection after HTTP ended on it. Arrays of two: the client's first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tunnel {
    /// Why.
    pub kind: TunnelKind,
    /// Bytes that each said in it.
    pub bytes: [u64; 2],
    /// Bytes of each that are missing in the capture.
    pub missing: [u64; 2],
    /// The last frame with bytes of it.
    pub last: Origin,
}

/// Bytes between messages that belong to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stray {
    /// Who sent them.
    pub from: Side,
    /// Where they begin in its stream.
    pub offset: u64,
    /// How many.
    pub length: u64,
    /// The frame of the first one.
    pub first: Origin,
    /// The frame of the last one.
    pub last: Origin,
}

/// A request with its answers; or one of them alone, or bytes that belong to neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Which one.
    pub id: ExchangeId,
    /// The client and the server.
    pub ends: [Endpoint; 2],
    /// Which side of the conversation is the client.
    pub client: Side,
    /// What was asked.
    pub request: Option<Message>,
    /// Interim answers (1xx), in order.
    pub informational: Vec<Message>,
    /// The final answer.
    pub response: Option<Message>,
    /// What followed on the connection, where HTTP ended with this exchange.
    pub tunnel: Option<Tunnel>,
    /// Bytes that belong to no message. Where they stand between messages they are an exchange of their own, which has nothing else.
    pub stray: Option<Stray>,
    /// What is odd about the whole.
    pub flags: Flags,
}

impl Exchange {
    /// The parts of the URL that was asked for; `None` where no request is there.
    #[must_use]
    pub fn url(&self) -> Option<Url<'_>> {
        let request = self.request.as_ref()?;
        Some(Url::of_request(request, &self.ends[1]))
    }

    /// All messages, in the order in which they were said.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.request.iter().chain(&self.informational).chain(&self.response)
    }

    /// The frame it begins with.
    #[must_use]
    pub fn first(&self) -> Origin {
        let message = self.messages().next().map(|message| message.first);
        message.or(self.stray.map(|stray| stray.first)).unwrap_or_default()
    }

    /// What is odd about it and about its messages.
    #[must_use]
    pub fn all_flags(&self) -> Flags {
        self.messages().fold(self.flags, |flags, message| flags.union(message.flags))
    }

    /// Nanoseconds that sending the request took.
    #[must_use]
    pub fn send_time(&self) -> Option<i64> {
        let request = self.request.as_ref()?;
        between(request.first, request.last)
    }

    /// Nanoseconds from the end of the request to the first byte of its final answer; 0 where that came before the request's end.
    #[must_use]
    pub fn wait_time(&self) -> Option<i64> {
        between(self.request.as_ref()?.last, self.response.as_ref()?.first).map(|wait| wait.max(0))
    }

    /// Nanoseconds from the first to the last byte of the final answer.
    #[must_use]
    pub fn receive_time(&self) -> Option<i64> {
        let response = self.response.as_ref()?;
        between(response.first, response.last)
    }

    /// Whether this is a request smuggling hazard: two readers may disagree on where a message ends, or on what it is.
    #[must_use]
    pub fn is_hazard(&self) -> bool {
        self.all_flags().iter().any(Flag::is_hazard)
    }
}

fn between(earlier: Origin, later: Origin) -> Option<i64> {
    Some(later.time?.since(earlier.time?))
}
