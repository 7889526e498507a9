//! Which answer belongs to which request: in order (RFC 9112 section 9.3.2).

use super::machine::HttpConversation;
use super::message_head::HeadEnding;
use super::stream::{HeadState, State};
use super::waiting::Answer;
use super::{Ending, Exchange, ExchangeId, Flag, Flags, Framing, Message, Sink, TunnelKind, framing};
use crate::conversation::Side;
use crate::reassembly::{End, Limits};

impl HttpConversation {
    /// An exchange that begins now.
    pub(super) fn new_exchange(&mut self, side: Side) -> Exchange {
        let id = ExchangeId { conversation: self.id, index: self.next_index };
        self.next_index = self.next_index.saturating_add(1);
        let client = self.client.unwrap_or(side);
        let ends = [client, client.other()].map(|side| *side.of(&self.ends));
        Exchange {
            id,
            ends,
            client,
            request: None,
            informational: Vec::new(),
            response: None,
            tunnel: None,
            stray: None,
            flags: Flags::default(),
        }
    }

    /// The final message that this side is sending.
    pub(super) fn current(&mut self, side: Side) -> Option<(ExchangeId, &mut Message)> {
        if self.client == Some(side) {
            let entry = self.waiting.last_mut().filter(|entry| !entry.request_over)?;
            Some((entry.exchange.id, entry.exchange.request.as_mut()?))
        } else {
            let entry = self.waiting.first_mut().filter(|entry| entry.answer == Answer::Begun)?;
            Some((entry.exchange.id, entry.exchange.response.as_mut()?))
        }
    }

    /// The head of a request was read.
    pub(super) fn request(&mut self, side: Side, mut message: Message, ending: HeadEnding, limits: &Limits, sink: &mut impl Sink) {
        let framing = framing::of_request(&message.head, &mut message.flags);
        let closing = framing::closes(&message.head);
        let preface = message.method() == b"PRI" && message.target() == b"*" && message.head.version() == b"HTTP/2.0";
        message.flags.insert_if(Flag::Http2Preface, preface);
        let over = take_framing(&mut message, framing, ending);
        let mut exchange = self.new_exchange(side);
        exchange.request = Some(message);
        if self.waiting.len() >= limits.http_requests_waiting {
            self.give_up_oldest(sink);
        }
        self.waiting.push_request(exchange);
        self.stream(side).closing = closing;
        if over {
            self.message_over(side, sink);
        } else {
            self.begin_body(side, limits, sink);
        }
        if preface {
            self.open_tunnel(TunnelKind::Http2, true, limits, sink);
        }
    }

    /// The head of an answer was read.
    pub(super) fn answer(&mut self, side: Side, mut message: Message, ending: HeadEnding, limits: &Limits, sink: &mut impl Sink) {
        self.pass_answers_in_gap(sink);
        self.choose_request(side);
        let Some(entry) = self.waiting.first_mut() else { return };
        let method = entry.exchange.request.as_ref().map_or(&[][..], Message::method);
        let connect = method == b"CONNECT";
        let framing = framing::of_response(&message.head, method, &mut message.flags);
        let closing = framing::closes(&message.head);
        if message.is_interim() {
            take_framing(&mut message, framing, ending);
            if message.body.ending == Ending::Open {
                message.body.ending = Ending::Framing;
            }
            if entry.exchange.informational.len() < limits.http_requests_waiting {
                self.waiting.charge_first(&message);
                if let Some(entry) = self.waiting.first_mut() {
                    entry.exchange.informational.push(message);
                }
            } else {
                entry.exchange.flags.insert(Flag::InterimLimit);
            }
            return;
        }
        message.flags.insert_if(Flag::AnsweredEarly, !entry.request_over);
        let tunnel = framing == Framing::Tunnel;
        let asked = entry.exchange.request.as_ref().is_some_and(|request| request.head.get("upgrade").is_some());
        message.flags.insert_if(Flag::UpgradeUnasked, tunnel && !connect && !asked);
        let over = take_framing(&mut message, if tunnel { Framing::None } else { framing }, ending);
        if tunnel {
            (message.body.framing, message.body.ending) = (Framing::Tunnel, Ending::Framing);
        }
        entry.answer = Answer::Begun;
        self.waiting.charge_first(&message);
        if let Some(entry) = self.waiting.first_mut() {
            entry.exchange.response = Some(message);
        }
        self.stream(side).closing = closing;
        if tunnel {
            self.open_tunnel(if connect { TunnelKind::Connect } else { TunnelKind::Upgrade }, false, limits, sink);
        } else {
            self.refuse_tunnel(side.other());
            if over {
                self.message_over(side, sink);
            } else {
                self.begin_body(side, limits, sink);
            }
        }
    }

    /// Makes sure that the first one waiting is that to which an answer belongs that begins now.
    fn choose_request(&mut self, side: Side) {
        let first = self.waiting.first();
        let lone = first.is_some_and(|entry| entry.exchange.request.is_none() && entry.answer == Answer::Awaited);
        if lone {
            return;
        }
        if self.given_up > 0 {
            self.given_up = self.given_up.saturating_sub(1);
        } else if first.is_some_and(|entry| entry.answer == Answer::Awaited) {
            return;
        }
        let exchange = self.new_exchange(side);
        self.waiting.push_answer(exchange);
    }

    /// After a hole among the answers: requests that were there before it had theirs in it, if others were sent since.
    fn pass_answers_in_gap(&mut self, sink: &mut impl Sink) {
        let Some(frame) = self.answers_lost.take() else { return };
        let sent = |exchange: &Exchange| exchange.request.as_ref().map(|request| request.first.frame);
        let since = self.waiting.last().and_then(|entry| sent(&entry.exchange)).is_some_and(|last| last >= frame);
        while since
            && self
                .waiting
                .first()
                .is_some_and(|entry| entry.answer == Answer::Awaited && sent(&entry.exchange).is_some_and(|first| first < frame))
        {
            let Some(mut exchange) = self.waiting.pop_unanswered() else { return };
            exchange.flags.insert(Flag::AnswerInGap);
            sink.exchange(exchange);
        }
    }

    /// An answer without a head, as HTTP/0.9 has it: only as the first thing that a server says, and only to a request.
    pub(super) fn begin_old_answer(&mut self, side: Side, head: &HeadState, sink: &mut impl Sink) -> bool {
        if self.stream(side).synchronized {
            return false;
        }
        let Some(entry) = self.waiting.first_mut().filter(|entry| entry.exchange.request.is_some() && entry.answer == Answer::Awaited)
        else {
            return false;
        };
        let mut message = Message { offset: head.offset, first: head.first, head_end: head.first, last: head.last, ..Message::default() };
        let old = entry.exchange.request.as_ref().is_some_and(|request| request.flags.contains(Flag::Http09));
        message.flags.insert(if old { Flag::Http09 } else { Flag::NoStatusLine });
        message.body.framing = Framing::Close;
        entry.answer = Answer::Begun;
        entry.exchange.response = Some(message);
        self.stream(side).synchronized = true;
        // Nothing that has a limit is kept for a body that ends with the stream.
        self.begin_body(side, &Limits::default(), sink);
        true
    }

    /// The message that this side was sending is over.
    pub(super) fn message_over(&mut self, side: Side, sink: &mut impl Sink) {
        if self.client == Some(side) {
            if let Some(entry) = self.waiting.last_mut() {
                entry.request_over = true;
            }
        } else if let Some(entry) = self.waiting.first_mut().filter(|entry| entry.answer == Answer::Begun) {
            entry.answer = Answer::Over;
        }
        self.waiting.tell_over(sink);
    }

    /// A stream is over: tells what cannot come to an end without it.
    pub(super) fn stream_over(&mut self, side: Side, sink: &mut impl Sink) {
        let all = self.is_over();
        if all || self.client == Some(side.other()) {
            while let Some(exchange) = self.waiting.pop_unanswered() {
                sink.exchange(exchange);
            }
        }
        if all {
            while let Some(exchange) = self.waiting.pop() {
                sink.exchange(exchange);
            }
            if let Some(exchange) = self.tunnel.take() {
                sink.exchange(*exchange);
            }
        }
    }

    /// Tells the oldest request as unanswered: it cannot wait longer.
    fn give_up_oldest(&mut self, sink: &mut impl Sink) -> bool {
        let Some(mut exchange) = self.waiting.pop_unanswered() else { return false };
        // An answer of which only the interim part came has no request that it could go to later.
        self.given_up = self.given_up.saturating_add(u64::from(exchange.request.is_some()));
        exchange.flags.insert(Flag::WaitingLimit);
        sink.exchange(exchange);
        true
    }

    /// Lets go of what waits here, because all conversations together keep too much.
    pub fn give_up(&mut self, limits: &Limits, sink: &mut impl Sink) {
        while self.give_up_oldest(sink) {}
        for side in Side::BOTH {
            match std::mem::take(&mut self.stream(side).state) {
                State::Head(mut head) => {
                    head.flags.insert(Flag::HeadLimit);
                    self.head_cut(side, *head, HeadEnding::Stream(End::Unseen), limits, sink);
                    self.stream(side).state = State::Lost;
                }
                state @ (State::Lost | State::Start | State::Body(_) | State::Tunnel | State::Over) => self.stream(side).state = state,
            }
        }
        while self.give_up_oldest(sink) {}
    }
}

/// Says how a message's body is framed; whether the message is over at once, because its head was cut.
fn take_framing(message: &mut Message, framing: Framing, ending: HeadEnding) -> bool {
    match ending {
        HeadEnding::Whole => {
            message.body.framing = framing;
            return false;
        }
        HeadEnding::Gap => message.body.ending = Ending::Gap,
        HeadEnding::Stream(how) => message.body.ending = Ending::Stream(how),
    }
    true
}
