//! Name servers that answer nobody, though others do.

use super::asked::Waiting;
use super::{NameFacts, Question};
use crate::explain::Note;
use crate::explain::room::NoRoom;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

/// How long a client must have waited before it turned to another, in nanoseconds: who asks several at once waits for none.
const PATIENCE: i64 = 900_000_000;

/// Who answers, and who does not.
#[derive(Debug, Default)]
pub(super) struct Silences {
    answering: HashSet<IpAddr, RandomState>,
    /// Servers in whose place another was asked and answered: the first question of each, its frames, and who asked.
    silent: HashMap<IpAddr, Silent, RandomState>,
    forgotten: NoRoom,
}

#[derive(Debug)]
struct Silent {
    question: Question,
    conversation: u64,
    frame: u64,
    times: u64,
    waited: i64,
}

impl Silences {
    /// How often there was no room for more.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    /// A server answers, and this is the question that waited for it.
    pub(super) fn answered(&mut self, server: IpAddr, waiting: Option<&Waiting>) {
        if self.forgotten.room(self.answering.len() < Limits::NAME_SERVERS_REMEMBERED || self.answering.contains(&server)) {
            self.answering.insert(server);
        }
        let Some((waiting, first)) = waiting.zip(waiting.and_then(Waiting::first_server)).filter(|(_, first)| *first != server) else {
            return;
        };
        let turned = waiting.asked(server).and_then(|asked| asked.time).zip(waiting.first.time);
        let Some(waited) = turned.map(|(turned, first)| turned.since(first)).filter(|waited| *waited >= PATIENCE) else { return };
        if !self.forgotten.room(self.silent.len() < Limits::NAME_SERVERS_REMEMBERED || self.silent.contains_key(&first)) {
            return;
        }
        let question = Question { server: first, ..waiting.question.clone() };
        let new = Silent { question, conversation: waiting.conversation(), frame: waiting.first.frame, times: 0, waited };
        self.silent.entry(first).or_insert(new).times += 1;
    }

    /// What is said in the end of those that never answered.
    pub(super) fn finish(&mut self) -> Vec<Note> {
        let mut silent: Vec<_> = self.silent.drain().filter(|(server, _)| !self.answering.contains(server)).collect();
        silent.sort_unstable_by_key(|(_, silent)| silent.frame);
        let told = silent.into_iter().map(|(server, Silent { question, conversation, frame, times, waited })| {
            let facts = NameFacts::NoAnswer { question, servers: [server].to_vec(), times, over: waited };
            Note::inferred(facts, &[frame]).of_frames(times).of(conversation)
        });
        told.collect()
    }
}
