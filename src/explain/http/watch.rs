//! Listening to HTTP, and telling what each exchange shows when it is over.

use super::HttpFacts;
use super::exchange;
use super::gate::{Context, Gate, Troubles};
use super::redirect::Redirects;
use super::unanswered::Unanswered;
use crate::conversation::body::Bodies;
use crate::conversation::http1::{self, Exchange};
use crate::conversation::{Conversation, Listener, Side};
use crate::explain::room::NoRoom;
use crate::explain::scene::{Ending, Lessons, Scene};
use crate::explain::surroundings::Surroundings;
use crate::explain::{EncodingFacts, Facts, Notes, encoding};
use crate::reassembly::{Limits, Origin, Overlap, Piece};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// Nanoseconds of a microsecond.
const MICROSECOND: i64 = 1_000;

/// Watches frames for this subject's lessons, and for those on characters.
#[derive(Debug)]
pub(in crate::explain) struct HttpWatch {
    http: http1::HttpWatch<Gate>,
    /// Exchanges that are over and not told of, each with what was known of its conversation.
    over: Vec<(Exchange, Bodies, Context)>,
    /// What had gone wrong in a conversation when its last exchange was over, where something had.
    troubles: HashMap<u64, Troubles, RandomState>,
    redirects: Redirects,
    unanswered: Unanswered,
    forgotten: NoRoom,
}

impl Default for HttpWatch {
    fn default() -> Self {
        let limits = Limits { http_waiting_bytes: Limits::LESSON_HEADS_BYTES, ..Limits::default() };
        Self {
            http: http1::HttpWatch::new(Gate::default(), limits),
            over: Vec::new(),
            troubles: HashMap::default(),
            redirects: Redirects::default(),
            unanswered: Unanswered::default(),
            forgotten: NoRoom::default(),
        }
    }
}

impl HttpWatch {
    fn tell(&mut self, ending: Option<&Ending<'_>>, notes: &mut Notes) {
        if self.over.is_empty() {
            return;
        }
        for (exchange, bodies, context) in std::mem::take(&mut self.over) {
            let id = exchange.id;
            let mut say = |note: super::super::Note| {
                let note = note.of_exchange(id.conversation, id.index);
                match &note.facts {
                    Facts::Http(HttpFacts::Status { status }) => notes.say(note.rule(), *status, || note.clone()),
                    // Which charset, and by whose word, is new until it was said.
                    Facts::Encoding(EncodingFacts::Charset { charset, source, .. }) => {
                        notes.say(note.rule(), (*charset, source.name()), || note.clone())
                    }
                    Facts::Encoding(_) => notes.say(note.rule(), (id, note.evidence.frames.first()), || note.clone()),
                    Facts::Http(HttpFacts::Credentials(_)) => {
                        notes.say(note.rule(), (exchange.ends[0].address, exchange.ends[1]), || note.clone())
                    }
                    Facts::Http(HttpFacts::Loop { .. }) => notes.say(note.rule(), exchange.ends.map(|end| end.address), || note.clone()),
                    _ => notes.say(note.rule(), id, || note.clone()),
                };
            };
            exchange::observe(&exchange, &bodies, &context, &mut say);
            self.unanswered.judge(&exchange, ending).into_iter().for_each(&mut say);
            self.redirects.observe(&exchange, &mut say);
            encoding::observe(&exchange, &bodies, &mut say);
        }
    }

    /// Counts what has gone wrong anew: whether the segment at hand was sent again is known only behind what it says.
    fn recount(&mut self, conversation: &Conversation) {
        let retransmitted = [0, 1].map(|side: usize| conversation.sent[side].retransmitted);
        for (exchange, _, context) in &mut self.over {
            if exchange.id.conversation == conversation.id && context.troubles.retransmitted != retransmitted {
                context.troubles.retransmitted = retransmitted;
                if self.forgotten.room(self.troubles.len() < Limits::TROUBLED_CONVERSATIONS || self.troubles.contains_key(&conversation.id))
                {
                    self.troubles.insert(conversation.id, context.troubles);
                }
            }
        }
    }

    /// Takes the exchanges that are over now. `finished` is with which frames both sides had said everything before.
    fn take_over(&mut self, conversation: &Conversation, finished: Option<[Option<Origin>; 2]>) {
        if self.http.sink().over().is_empty() {
            return;
        }
        let [client, server] = conversation.ends.map(|end| end.address);
        let retransmitted = [0, 1].map(|side: usize| conversation.sent[side].retransmitted);
        let troubles = Troubles { retransmitted, zero_windows: conversation.incidents().became_full };
        let before = self.troubles.get(&conversation.id).copied().unwrap_or_default();
        if troubles != before
            && self.forgotten.room(self.troubles.len() < Limits::TROUBLED_CONVERSATIONS || self.troubles.contains_key(&conversation.id))
        {
            self.troubles.insert(conversation.id, troubles);
        }
        let context = Context {
            finished: finished.unwrap_or_else(|| self.http.finished_with(conversation.id)),
            round_trip: conversation.handshake().map(|time| i64::from(time) * MICROSECOND),
            troubles,
            before,
            is_local: client == server || [client, server].iter().all(IpAddr::is_loopback),
        };
        let over = self.http.sink_mut().over_mut().drain(..);
        self.over.extend(over.map(|(exchange, bodies)| (exchange, bodies, context)));
    }
}

impl Lessons for HttpWatch {
    fn forgotten(&self) -> u64 {
        self.forgotten.count() + self.unanswered.forgotten()
    }

    fn frame(&mut self, scene: &Scene<'_>, _: &Surroundings, notes: &mut Notes) {
        let is_over = self.unanswered.frame(scene, &self.http);
        if !self.over.is_empty()
            && let Some(conversation) = scene.conversation()
        {
            self.recount(conversation);
        }
        self.tell(None, notes);
        if is_over {
            self.unanswered.settle(scene);
        }
    }

    fn finish(&mut self, ending: &Ending<'_>, _: &Surroundings, notes: &mut Notes) {
        self.tell(Some(ending), notes);
    }
}

impl Listener for HttpWatch {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        // Only the end of a stream changes who is finished.
        let finished = matches!(piece, Piece::End { .. }).then(|| self.http.finished_with(conversation.id));
        self.http.piece(conversation, from, piece);
        self.take_over(conversation, finished);
    }

    fn overlap(&mut self, conversation: &Conversation, from: Side, overlap: &Overlap<'_>) {
        self.http.overlap(conversation, from, overlap);
        self.take_over(conversation, None);
    }

    fn finished(&mut self, conversation: &Conversation) {
        let finished = self.http.finished_with(conversation.id);
        self.http.finished(conversation);
        self.take_over(conversation, Some(finished));
        self.troubles.remove(&conversation.id);
        self.unanswered.finished(conversation);
    }
}
