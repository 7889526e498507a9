//! What goes on over a connection after HTTP ended on it.

use super::machine::HttpConversation;
use super::stream::State;
use super::waiting::Answer;
use super::{Ending, Flag, Sink, Tunnel, TunnelKind};
use crate::conversation::Side;
use crate::reassembly::{End, Limits, Origin, Piece};

impl HttpConversation {
    /// Whether the last request was a CONNECT that was not answered.
    pub(super) fn awaits_tunnel(&self) -> bool {
        let last = self.waiting.last().filter(|entry| entry.request_over && entry.answer == Answer::Awaited);
        last.and_then(|entry| entry.exchange.request.as_ref()).is_some_and(|request| request.method() == b"CONNECT")
    }

    /// The client speaks through a tunnel that was not granted, as far as was seen.
    pub(super) fn assume_tunnel(&mut self, side: Side) {
        self.stream(side).state = State::Tunnel;
        if let Some(entry) = self.waiting.last_mut() {
            entry.exchange.tunnel = Some(new_tunnel(TunnelKind::Connect));
        }
    }

    /// The tunnel in which the client speaks already was refused.
    pub(super) fn refuse_tunnel(&mut self, client: Side) {
        if matches!(self.stream(client).state, State::Tunnel) {
            self.stream(client).state = State::Lost;
        }
    }

    /// HTTP is over here: the first exchange waiting, or the last one, becomes that of the tunnel.
    pub(super) fn open_tunnel(&mut self, kind: TunnelKind, last: bool, limits: &Limits, sink: &mut impl Sink) {
        for side in Side::BOTH {
            match std::mem::take(&mut self.stream(side).state) {
                State::Body(body) => self.finish_message(side, Some(body), Ending::Stream(End::Unseen), limits, sink),
                state @ (State::Lost | State::Start | State::Head(_) | State::Tunnel | State::Over) => self.stream(side).state = state,
            }
        }
        while last && self.waiting.len() > 1 {
            let Some(exchange) = self.waiting.pop_unanswered().or_else(|| self.waiting.pop()) else { break };
            sink.exchange(exchange);
        }
        let Some(mut exchange) = self.waiting.pop() else { return };
        if self.waiting.len() > 0 {
            exchange.flags.insert(Flag::RequestsBehindTunnel);
        }
        while let Some(mut behind) = self.waiting.pop_unanswered().or_else(|| self.waiting.pop()) {
            behind.flags.insert(Flag::RequestsBehindTunnel);
            sink.exchange(behind);
        }
        exchange.tunnel.get_or_insert_with(|| new_tunnel(kind));
        self.tunnel = Some(Box::new(exchange));
        for side in Side::BOTH {
            let stream = self.stream(side);
            let state = std::mem::replace(&mut stream.state, State::Tunnel);
            match state {
                State::Over => stream.state = State::Over,
                // What was gathered for a head was said in the tunnel already.
                State::Head(head) if !head.reader.bytes.is_empty() => {
                    let (offset, bytes, origin) = (head.offset, head.reader.bytes.as_slice(), head.first);
                    self.tunnel_piece(side, &Piece::Data { offset, bytes, origin }, sink);
                }
                State::Head(_) | State::Lost | State::Start | State::Body(_) | State::Tunnel => {}
            }
            self.end_stray(side, sink);
        }
    }

    /// A piece of what goes through the tunnel.
    pub(super) fn tunnel_piece(&mut self, side: Side, piece: &Piece<'_>, sink: &mut impl Sink) {
        // What the client sent comes first.
        let sender = if self.client == Some(side) { Side::Originator } else { Side::Responder };
        let exchange = match &mut self.tunnel {
            Some(exchange) => &mut **exchange,
            None => match self.waiting.last_mut() {
                Some(entry) => &mut entry.exchange,
                None => return,
            },
        };
        let Some(tunnel) = &mut exchange.tunnel else { return };
        match *piece {
            Piece::Data { bytes, origin, .. } => {
                let sent = sender.of_mut(&mut tunnel.bytes);
                *sent = sent.saturating_add(bytes.len() as u64);
                tunnel.last = origin;
            }
            Piece::Gap { length, .. } => {
                let missing = sender.of_mut(&mut tunnel.missing);
                *missing = missing.saturating_add(length);
            }
            Piece::End { .. } => {}
        }
        sink.tunnel(exchange.id, side, piece);
    }
}

fn new_tunnel(kind: TunnelKind) -> Tunnel {
    Tunnel { kind, bytes: [0; 2], missing: [0; 2], last: Origin::default() }
}
