//! Requests that nobody answered: what a program that hangs looks like on the wire.

use super::HttpFacts;
use super::gate::Gate;
use crate::conversation::http1::{Exchange, Flag, HttpWatch};
use crate::conversation::{Conversation, Remark, Side};
use crate::explain::Note;
use crate::explain::scene::{Ending, Scene};
use crate::reassembly::Origin;
use foldhash::fast::RandomState;
use std::collections::HashMap;

const FIN: u16 = 0x001;
const RST: u16 = 0x004;

/// From here on a client that goes has waited in vain: nanoseconds behind the acknowledgement of its request.
const PATIENCE: i64 = 1_000_000_000;
/// From here on it is worth saying that the capture ended without an answer: nanoseconds likewise.
const SILENCE: i64 = 3_000_000_000;
/// Who says this soon that it has said everything only says that it will not ask again: nanoseconds behind its request.
const AT_ONCE: i64 = 100_000_000;
/// How many requests are watched at once.
const LIMIT: usize = 65_536;

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
    /// Something came of the server, its connection ended, or the capture has not all of what it said.
    is_spoiled: bool,
}

/// Watches requests that wait for an answer.
#[derive(Debug, Default)]
pub(super) struct Unanswered {
    waits: HashMap<u64, Wait, RandomState>,
}

impl Unanswered {
    /// A frame, behind what its conversation told of it.
    pub(super) fn frame(&mut self, scene: &Scene<'_>, http: &HttpWatch<Gate>) {
        let Some(belongs) = scene.belongs.filter(|_| http.open() > 0) else { return };
        let Some(exchange) = http.awaited(belongs.conversation) else {
            if !self.waits.is_empty() {
                self.waits.remove(&belongs.conversation);
            }
            return;
        };
        let Some(conversation) = scene.conversation() else { return };
        let origin = Origin { frame: scene.number(), time: scene.time() };
        let is_full = self.waits.len() >= LIMIT;
        let wait = match self.waits.get_mut(&belongs.conversation) {
            Some(wait) if wait.index == exchange.id.index => wait,
            None if is_full => return,
            Some(_) | None => {
                let Some(wait) = Wait::new(exchange, conversation, origin) else { return };
                self.waits.entry(belongs.conversation).insert_entry(wait).into_mut()
            }
        };
        let Some(segment) = belongs.segment else {
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
        } else if wait.gone.is_none() {
            wait.is_spoiled |= segment.is(FIN | RST);
            if wait.taken.is_none() && conversation.progress(wait.client).is_some_and(|(taken, _)| taken >= wait.end) {
                wait.taken = Some(origin);
            }
        }
    }

    /// Nothing more is told of a conversation: its holes are known.
    pub(super) fn finished(&mut self, conversation: &Conversation) {
        if let Some(wait) = self.waits.get_mut(&conversation.id) {
            wait.is_spoiled |= wait.is_contradicted(conversation);
        }
    }

    /// An exchange is over: whether it was waited for in vain. `ending` is there where the capture is over.
    pub(super) fn judge(&mut self, exchange: &Exchange, ending: Option<&Ending<'_>>) -> Option<Note> {
        let request = exchange.request.as_ref().filter(|_| exchange.response.is_none())?;
        if self.waits.get(&exchange.id.conversation)?.index != exchange.id.index {
            return None;
        }
        let wait = self.waits.remove(&exchange.id.conversation)?;
        let is_told = exchange.flags.contains(Flag::WaitingLimit) || exchange.flags.contains(Flag::AnswerInGap);
        if wait.is_spoiled || is_told || exchange.tunnel.is_some() || !exchange.informational.is_empty() || !request.body.is_complete() {
            return None;
        }
        if request.method() == b"CONNECT" || request.flags.contains(Flag::Http2Preface) {
            return None;
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
        let [client, server] = exchange.ends.map(|end| end.address);
        let waited = since(wait.asked, end)?;
        let (method, target) = (request.method().into(), request.target().into());
        let mut frames = vec![request.first.frame, taken.frame, end.frame];
        frames.dedup();
        Some(Note::seen(HttpFacts::Unanswered { client, server, method, target, waited, end: how }, &frames))
    }
}

impl Wait {
    /// A request is sent: `None` where it is not known how far both have come, as the beginning of their streams is not in the capture.
    fn new(exchange: &Exchange, conversation: &Conversation, origin: Origin) -> Option<Self> {
        let (_, end) = conversation.progress(exchange.client)?;
        let (_, said) = conversation.progress(exchange.client.other())?;
        let (index, client) = (exchange.id.index, exchange.client);
        Some(Self { index, client, asked: origin, end, said, taken: None, gone: None, is_spoiled: false })
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
