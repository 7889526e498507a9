//! Requests that nobody answered: what a program that hangs, and one that closes without a word, look like on the wire.

use super::gate::Gate;
use super::{HttpFacts, without_passwords};
use crate::conversation::http1::{Exchange, Flag, HttpWatch, Message};
use crate::conversation::{Belongs, ByConversation, Conversation, Remark, Side};
use crate::dissect::transport::tcp::{FIN, RST};
use crate::explain::room::NoRoom;
use crate::explain::scene::{Ending, Scene};
use crate::explain::{Fact, Note, Tell};
use crate::limits::Limits;
use crate::reassembly::Origin;
use std::net::IpAddr;

/// From here on a client that goes has waited in vain: nanoseconds behind the acknowledgement of its request.
const PATIENCE: i64 = 1_000_000_000;
/// From here on it is worth saying that the capture ended without an answer: nanoseconds likewise.
const SILENCE: i64 = 3_000_000_000;
/// Who says this soon that it has said everything only says that it will not ask again: nanoseconds behind its request.
const AT_ONCE: i64 = 100_000_000;
/// A connection that was used before and ends this soon ended as the next request came: nanoseconds behind that.
const AS_ASKED: i64 = 100_000_000;
/// A connection on which nothing was said for this long may be closed at any moment: nanoseconds.
const IDLE: i64 = 1_000_000_000;

/// A request that no answer came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who asked.
    pub client: IpAddr,
    /// Who was asked.
    pub server: IpAddr,
    /// The method.
    pub method: Box<[u8]>,
    /// What was asked for, as it was sent.
    pub target: Box<[u8]>,
    /// Nanoseconds from the request to the end of the wait.
    pub waited: i64,
}

impl Asked {
    fn of(exchange: &Exchange, request: &Message, waited: i64) -> Self {
        let [client, server] = exchange.ends.map(|end| end.address);
        Self { client, server, method: request.method().into(), target: without_passwords(request.target()).into(), waited }
    }

    pub(super) fn members(&self, tell: &mut Tell<'_>) {
        tell("client", Fact::Address(self.client));
        tell("server", Fact::Address(self.server));
        tell("method", Fact::Text(&self.method));
        tell("target", Fact::Text(&self.target));
        tell("waited_ms", Fact::Took(self.waited));
    }
}

/// Who ended the wait for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitEnd {
    /// The client, with a FIN.
    Closed,
    /// The client, with a reset.
    Reset,
    /// The capture.
    Capture,
}

impl WaitEnd {
    /// A word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Closed => "client-closed",
            Self::Reset => "client-reset",
            Self::Capture => "capture",
        }
    }
}

/// How a server ended a connection on which a request waits for its answer.
#[derive(Clone, Copy, Debug)]
struct Shut {
    origin: Origin,
    is_reset: bool,
}

/// The first request of a conversation of whose answer nothing has come.
#[derive(Debug)]
struct Wait {
    /// Its place among the exchanges of the conversation.
    index: u32,
    client: Side,
    /// When the server's turn came.
    asked: Origin,
    /// One past the last byte that the client had sent then.
    end: u64,
    /// One past the last byte that the server had sent then.
    said: u64,
    /// The frame that acknowledges the request.
    taken: Option<Origin>,
    /// The frame with which the client went.
    gone: Option<(Origin, WaitEnd)>,
    /// The frame with which the server ended the connection, where the client had not.
    shut: Option<Shut>,
    /// It was sent before the answer to the one before it was there.
    is_pipelined: bool,
    /// The connection was used before, or idle for long.
    is_kept: bool,
    /// Something came of the server, or the capture has not all of what it said.
    is_spoiled: bool,
}

/// Watches requests that wait for an answer.
#[derive(Debug, Default)]
pub(super) struct Unanswered {
    waits: ByConversation<Wait>,
    forgotten: NoRoom,
}

impl Unanswered {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// A frame, behind what its conversation told of it. Whether the wait is over in that conversation: it is about to be judged, and then to be
    /// settled.
    pub(super) fn frame(&mut self, scene: &Scene<'_>, http: &HttpWatch<Gate>) -> bool {
        let Some(belongs) = scene.belongs.as_ref().filter(|_| http.open() > 0 || !self.waits.is_empty()) else { return false };
        let awaited = http.awaited(belongs.conversation);
        if awaited.is_none() && (self.waits.is_empty() || !self.waits.contains(belongs.conversation)) {
            return false;
        }
        self.follow(scene, belongs, awaited);
        awaited.is_none()
    }

    fn follow(&mut self, scene: &Scene<'_>, belongs: &Belongs, awaited: Option<&Exchange>) {
        let Some(conversation) = scene.conversation() else { return };
        let origin = Origin { frame: scene.number(), time: scene.time() };
        let is_full = self.waits.len() >= Limits::REQUESTS_WATCHED;
        let wait = match (self.waits.get_mut(belongs.conversation), awaited) {
            // Where this frame ends the connection the exchange is over, and about to be judged.
            (Some(wait), None) => wait,
            (Some(wait), Some(exchange)) if wait.index == exchange.id.index => wait,
            (None, Some(_)) if !self.forgotten.room(!is_full) => return,
            (_, Some(exchange)) => {
                let idle = belongs.segment.as_ref().map_or(0, |segment| segment.idle);
                let Some(wait) = Wait::new(exchange, conversation, (belongs.from, origin), idle) else { return };
                self.waits.remove(belongs.conversation);
                self.waits.get_or_insert_with(belongs.conversation, || wait)
            }
            (None, None) => return,
        };
        let Some(segment) = &belongs.segment else {
            wait.is_spoiled = true;
            return;
        };
        if segment.remark == Some(Remark::Copy) {
            return;
        }
        wait.is_spoiled |= wait.is_contradicted(conversation);
        if belongs.from == wait.client {
            if wait.gone.is_none() && segment.is(FIN | RST) && segment.remark != Some(Remark::StrayReset) {
                let how = if segment.is(RST) { WaitEnd::Reset } else { WaitEnd::Closed };
                let at_once = how == WaitEnd::Closed && since(wait.asked, origin).is_some_and(|waited| waited < AT_ONCE);
                wait.gone = (!at_once).then_some((origin, how));
            }
        } else if wait.gone.is_none() && wait.shut.is_none() {
            let is_taken = segment.acknowledgement.is_some_and(|taken| taken >= wait.end);
            if wait.taken.is_none() && is_taken {
                wait.taken = Some(origin);
            }
            if segment.is(FIN | RST) && segment.remark != Some(Remark::StrayReset) {
                wait.shut = Some(Shut { origin, is_reset: segment.is(RST) });
                // What lies between is not in the capture; or the client had said that it has said everything, and is taken for gone.
                wait.is_spoiled |= segment.sequence != Some(wait.said) || segment.length > 0 || conversation.is_finished(wait.client);
            }
        }
    }

    /// What happened on the conversation of a frame was judged: nothing waits there any longer.
    pub(super) fn settle(&mut self, scene: &Scene<'_>) {
        if let Some(belongs) = &scene.belongs {
            self.waits.remove(belongs.conversation);
        }
    }

    /// Nothing more is told of a conversation: its holes are known.
    pub(super) fn finished(&mut self, conversation: &Conversation) {
        if let Some(wait) = self.waits.get_mut(conversation.id) {
            wait.is_spoiled |= wait.is_contradicted(conversation);
        }
    }

    /// An exchange is over: whether it was waited for in vain. `ending` is there where the capture is over.
    pub(super) fn judge(&mut self, exchange: &Exchange, ending: Option<&Ending<'_>>) -> Option<Note> {
        let request = exchange.request.as_ref().filter(|_| exchange.response.is_none())?;
        if self.waits.get(exchange.id.conversation)?.index != exchange.id.index {
            return None;
        }
        let wait = self.waits.remove(exchange.id.conversation)?;
        let is_told = exchange.flags.contains(Flag::WaitingLimit) || exchange.flags.contains(Flag::AnswerInGap);
        if wait.is_spoiled || is_told || exchange.tunnel.is_some() || !exchange.informational.is_empty() || !request.body.is_complete() {
            return None;
        }
        if request.method() == b"CONNECT" || request.flags.contains(Flag::Http2Preface) {
            return None;
        }
        if let Some(shut) = wait.shut {
            return wait.shut_out(exchange, shut);
        }
        let taken = wait.taken?;
        let (end, how) = match (wait.gone, ending) {
            (Some(gone), _) => gone,
            (None, Some(ending)) if ending.is_end => (Origin { frame: taken.frame, time: ending.last }, WaitEnd::Capture),
            (None, _) => return None,
        };
        let enough = if how == WaitEnd::Capture { SILENCE } else { PATIENCE };
        if since(taken, end)? < enough {
            return None;
        }
        let asked = Asked::of(exchange, request, since(wait.asked, end)?);
        let mut frames = vec![request.first.frame, taken.frame, end.frame];
        frames.dedup();
        Some(Note::seen(HttpFacts::Unanswered { asked, end: how }, &frames))
    }
}

impl Wait {
    /// A request is sent: `None` where it is not known how far both have come, as the beginning of their streams is not in the capture.
    fn new(exchange: &Exchange, conversation: &Conversation, (from, origin): (Side, Origin), idle: i64) -> Option<Self> {
        let (_, end) = conversation.progress(exchange.client)?;
        let (_, said) = conversation.progress(exchange.client.other())?;
        let (index, client) = (exchange.id.index, exchange.client);
        let is_pipelined = from != client;
        let is_kept = index > 0 || idle >= IDLE;
        Some(Self {
            index,
            client,
            asked: origin,
            end,
            said,
            taken: None,
            gone: None,
            shut: None,
            is_pipelined,
            is_kept,
            is_spoiled: false,
        })
    }

    /// The server ended the connection without an answer.
    fn shut_out(&self, exchange: &Exchange, shut: Shut) -> Option<Note> {
        let request = exchange.request.as_ref().filter(|_| !self.is_pipelined)?;
        let waited = since(self.asked, shut.origin)?;
        let crossed = self.is_kept && (self.taken.is_none() || waited < AS_ASKED);
        if self.taken.is_none() && !crossed {
            return None;
        }
        let asked = Asked::of(exchange, request, waited);
        let mut frames = vec![request.first.frame, shut.origin.frame];
        frames.extend(self.taken.map(|taken| taken.frame));
        frames.sort_unstable();
        frames.dedup();
        let reset = shut.is_reset;
        Some(match crossed {
            true => Note::inferred(HttpFacts::ClosedAsAsked { asked, reset }, &frames),
            false => Note::seen(HttpFacts::ClosedUnanswered { asked, reset }, &frames),
        })
    }

    /// Whether the server said something, or the client has what is not in the capture, so that this is not known.
    fn is_contradicted(&self, conversation: &Conversation) -> bool {
        let server = self.client.other();
        let holes = conversation.incidents().gaps.iter().any(|gaps| gaps.times > 0);
        holes
            || conversation
                .progress(server)
                .is_none_or(|(taken, said)| said != self.said || taken > said + u64::from(conversation.is_finished(server)))
    }
}

fn since(earlier: Origin, later: Origin) -> Option<i64> {
    Some(later.time?.since(earlier.time?))
}
