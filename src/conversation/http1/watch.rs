//! HTTP in all conversations of a capture, on whatever port.

use super::{Exchange, HttpConversation, Sink};
use crate::conversation::record::SYNCHRONIZED;
use crate::conversation::{ByConversation, Conversation, Listener, Side};
use crate::reassembly::{Limits, Origin, Overlap, Piece};

/// Listens to conversations, finds those that speak HTTP/1 by what they say, and tells a [`Sink`] their exchanges.
///
/// A conversation that does not speak HTTP costs a look at the first word of each piece and no memory.
#[derive(Debug)]
pub struct HttpWatch<S> {
    sink: S,
    limits: Limits,
    conversations: ByConversation<Watched>,
    /// What all of them keep.
    waiting: usize,
    given_up: u64,
}

#[derive(Debug)]
struct Watched {
    http: Box<HttpConversation>,
    /// The frame that was heard last.
    frame: u64,
    /// What it keeps.
    cost: usize,
}

impl Watched {
    /// A conversation in which HTTP is heard for the first time.
    fn new(conversation: &Conversation, from: Side, piece: &Piece<'_>) -> Self {
        let mut http = Box::new(HttpConversation::new(conversation.id, conversation.ends));
        for side in Side::BOTH {
            let sent = side.of(&conversation.sent);
            if !sent.is(SYNCHRONIZED) {
                http.begins_unseen(side);
            }
            let passed = match piece {
                Piece::Data { offset, .. } if side == from => *offset,
                Piece::Data { .. } | Piece::Gap { .. } | Piece::End { .. } if sent.stream.is_begun() => sent.stream.next(),
                // Where it stands is not known yet.
                Piece::Data { .. } | Piece::Gap { .. } | Piece::End { .. } => 0,
            };
            http.passed_over(side, passed);
        }
        Self { http, frame: 0, cost: 0 }
    }
}

impl<S: Sink> HttpWatch<S> {
    /// Tells `sink`.
    #[must_use]
    pub fn new(sink: S, limits: Limits) -> Self {
        Self { sink, limits, conversations: ByConversation::default(), waiting: 0, given_up: 0 }
    }

    /// Who is told.
    #[must_use]
    pub fn sink(&self) -> &S {
        &self.sink
    }

    /// Who is told, to take from it what it has.
    pub fn sink_mut(&mut self) -> &mut S {
        &mut self.sink
    }

    /// In how many conversations HTTP is spoken that are not over.
    #[must_use]
    pub fn open(&self) -> usize {
        self.conversations.len()
    }

    /// The oldest exchange of a conversation that is not over, where its request was sent whole and nothing of its answers has come.
    #[must_use]
    pub fn awaited(&self, conversation: u64) -> Option<&Exchange> {
        self.conversations.get(conversation)?.http.awaited()
    }

    /// The frames with which each side of a conversation said that it has said everything.
    #[must_use]
    pub fn finished_with(&self, conversation: u64) -> [Option<Origin>; 2] {
        self.conversations.get(conversation).map_or([None; 2], |watched| watched.http.finished())
    }

    /// How many conversations had to let go of heads that waited, because all of them together kept too much.
    #[must_use]
    pub fn given_up(&self) -> u64 {
        self.given_up
    }

    /// The capture is over: tells what is left, and gives the sink back.
    pub fn finish(mut self) -> S {
        let mut left: Vec<u64> = self.conversations.iter().map(|(id, _)| id).collect();
        left.sort_unstable();
        for id in left {
            if let Some(watched) = self.conversations.get_mut(id) {
                watched.http.finish(&self.limits, &mut self.sink);
            }
        }
        self.sink
    }

    /// Lets the conversations that were silent longest go of what they keep, to half of the limit.
    fn relieve(&mut self) {
        let keeping = self.conversations.iter().filter(|(_, watched)| watched.cost > 0);
        let mut oldest: Vec<(u64, u64)> = keeping.map(|(id, watched)| (watched.frame, id)).collect();
        oldest.sort_unstable();
        for (_, id) in oldest {
            if self.waiting <= self.limits.http_waiting_bytes / 2 {
                return;
            }
            if let Some(watched) = self.conversations.get_mut(id) {
                watched.http.give_up(&self.limits, &mut self.sink);
                let before = std::mem::replace(&mut watched.cost, watched.http.cost());
                self.waiting = self.waiting.saturating_sub(before).saturating_add(watched.cost);
                self.given_up = self.given_up.saturating_add(1);
            }
        }
    }
}

impl<S: Sink> Listener for HttpWatch<S> {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        if !self.conversations.contains(conversation.id) && !HttpConversation::may_begin(piece) {
            return;
        }
        let watched = self.conversations.get_or_insert_with(conversation.id, || Watched::new(conversation, from, piece));
        let Watched { http, frame, cost } = watched;
        http.piece(from, piece, &self.limits, &mut self.sink);
        let before = std::mem::replace(cost, http.cost());
        self.waiting = self.waiting.saturating_sub(before).saturating_add(*cost);
        match piece {
            Piece::Data { origin, .. } | Piece::Gap { origin, .. } | Piece::End { origin, .. } => *frame = origin.frame,
        }
        if http.is_over() || http.is_blank() {
            self.conversations.remove(conversation.id);
        }
        if self.waiting > self.limits.http_waiting_bytes {
            self.relieve();
        }
    }

    fn overlap(&mut self, conversation: &Conversation, from: Side, overlap: &Overlap<'_>) {
        if overlap.is_same() {
            return;
        }
        if let Some(watched) = self.conversations.get_mut(conversation.id) {
            watched.http.conflict(from, overlap, &mut self.sink);
        }
    }

    fn finished(&mut self, conversation: &Conversation) {
        if let Some(mut watched) = self.conversations.remove(conversation.id) {
            self.waiting = self.waiting.saturating_sub(watched.cost);
            watched.http.finish(&self.limits, &mut self.sink);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Flag;
    use super::*;
    use crate::conversation::{Kind, testing};
    use crate::reassembly::End;

    #[derive(Default)]
    struct Told(Vec<Exchange>);

    impl Sink for Told {
        fn exchange(&mut self, exchange: Exchange) {
            self.0.push(exchange);
        }
    }

    fn conversation(id: u64) -> Conversation {
        Conversation { id, ..testing::conversation(Kind::Tcp, 80) }
    }

    fn data(offset: u64, bytes: &[u8]) -> Piece<'_> {
        Piece::Data { offset, bytes, origin: Origin { frame: offset, time: None } }
    }

    const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    const END: Piece<'static> = Piece::End { offset: 99, how: End::Finished, origin: Origin { frame: 9, time: None } };

    #[test]
    fn only_those_that_speak_http_are_kept_and_only_while_they_do() {
        let mut watch = HttpWatch::new(Told::default(), Limits::default());
        watch.piece(&conversation(0), Side::Responder, &data(0, b"220 mail\r\n"));
        watch.piece(&conversation(1), Side::Originator, &data(0, b"G"));
        watch.piece(&conversation(2), Side::Originator, &data(0, GET));
        assert_eq!(watch.open(), 2);
        watch.piece(&conversation(1), Side::Originator, &data(1, b"IT\0"));
        assert_eq!((watch.open(), watch.sink().0.len()), (1, 0));
        watch.piece(&conversation(2), Side::Responder, &data(0, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        assert_eq!((watch.open(), watch.sink().0.len(), watch.waiting), (1, 1, 0));
        watch.piece(&conversation(2), Side::Originator, &END);
        watch.piece(&conversation(2), Side::Responder, &END);
        assert_eq!(watch.open(), 0);
        // In the middle of a stream, behind what was not HTTP, which is told too.
        watch.piece(&conversation(3), Side::Originator, &data(77, GET));
        watch.finished(&conversation(3));
        assert_eq!((watch.open(), watch.finish().0.len()), (0, 3));
    }

    #[test]
    fn those_that_were_silent_longest_let_go_first() {
        let limits = Limits { http_waiting_bytes: 20_000, ..Limits::default() };
        let mut watch = HttpWatch::new(Told::default(), limits);
        for id in 0..100 {
            let Piece::Data { bytes, .. } = data(0, GET) else { unreachable!() };
            watch.piece(
                &conversation(id),
                Side::Originator,
                &Piece::Data { offset: 0, bytes, origin: Origin { frame: id + 1, time: None } },
            );
            assert!(watch.waiting <= limits.http_waiting_bytes);
        }
        let told: Vec<u64> = watch.sink().0.iter().map(|exchange| exchange.id.conversation).collect();
        assert_eq!(told, (0..told.len() as u64).collect::<Vec<_>>());
        assert!(told.len() > 50 && told.len() < 99 && watch.given_up() == told.len() as u64);
        assert!(watch.sink().0.iter().all(|exchange| exchange.flags.contains(Flag::WaitingLimit)));
        // Heads that are not over are cut too.
        for id in 100..200 {
            watch.piece(
                &conversation(id),
                Side::Originator,
                &data(0, [b"GET / HTTP/1.1\r\nA: ".as_slice(), &[b'b'; 500]].concat().as_slice()),
            );
            assert!(watch.waiting <= limits.http_waiting_bytes);
        }
        assert_eq!(watch.finish().0.len(), 200);
    }
}
