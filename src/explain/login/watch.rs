//! Which conversations are listened to, and the notes that come of it.

use super::link::LinkLogins;
use super::talk::{Login, Talk};
use super::{IN_CLEAR, LoginFacts};
use crate::conversation::{Conversation, Listener, Side};
use crate::explain::room::NoRoom;
use crate::explain::scene::{Ending, Lessons, Scene};
use crate::explain::surroundings::Surroundings;
use crate::explain::{Note, Notes};
use crate::limits::Limits;
use crate::reassembly::Piece;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// Ports of FTP, Telnet, SMTP, POP3, IMAP and mail submission.
const PORTS: [u16; 7] = [21, 23, 25, 110, 143, 587, 2525];
/// How the servers greet on other ports.
const GREETINGS: [&[u8]; 5] = [b"220 ", b"220-", b"+OK ", b"* OK", &[255]];

/// Watches conversations for this subject's lesson.
#[derive(Debug, Default)]
pub(in crate::explain) struct LoginWatch {
    talks: HashMap<u64, Talk, RandomState>,
    found: Vec<(u64, IpAddr, (IpAddr, u16), Login)>,
    links: LinkLogins,
    forgotten: NoRoom,
}

impl LoginWatch {
    /// Whether one more segment tells nothing.
    pub(in crate::explain) fn is_calm(&self) -> bool {
        self.found.is_empty()
    }

    fn tell(&mut self, notes: &mut Notes) {
        for (conversation, client, (server, port), login) in self.found.drain(..) {
            let Login { user, language, length, frames, .. } = login;
            let key = (client, server, port, user.clone());
            let facts = LoginFacts::InClear { user, client, server, port, language, length };
            notes.say(&IN_CLEAR, key, || Note::seen(facts, &frames).of(conversation));
        }
    }
}

impl Lessons for LoginWatch {
    fn forgotten(&self) -> u64 {
        self.forgotten.count()
    }

    fn frame(&mut self, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        if scene.belongs.is_none() {
            self.links.frame(scene, known, notes);
        }
        if !self.found.is_empty() {
            self.tell(notes);
        }
    }

    fn finish(&mut self, _: &Ending<'_>, _: &Surroundings, notes: &mut Notes) {
        self.tell(notes);
    }
}

impl Listener for LoginWatch {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        let position = match piece {
            Piece::Data { offset, .. } | Piece::Gap { offset, .. } => *offset,
            Piece::End { .. } => 0,
        };
        if let Piece::Data { offset: 0, bytes, .. } = piece
            && is_listened_to(conversation, bytes)
            && self.forgotten.room(self.talks.len() < Limits::LOGINS_WATCHED || self.talks.contains_key(&conversation.id))
        {
            self.talks.entry(conversation.id).or_insert_with(Talk::new);
        }
        if self.talks.is_empty() {
            return;
        }
        let Some(talk) = self.talks.get_mut(&conversation.id) else { return };
        if let Some(login) = talk.piece(conversation, from, piece) {
            let (client, server) = (conversation.end(login.from), conversation.end(login.from.other()));
            self.found.push((conversation.id, client.address, (server.address, server.port), login));
        }
        if talk.is_over() || position > Limits::LOGIN_WITHIN {
            self.talks.remove(&conversation.id);
        }
    }

    fn finished(&mut self, conversation: &Conversation) {
        if !self.talks.is_empty() {
            self.talks.remove(&conversation.id);
        }
    }
}

/// Whether somebody may log in there, and others are on the way.
fn is_listened_to(conversation: &Conversation, first: &[u8]) -> bool {
    let [one, other] = &conversation.ends;
    let stays = one.address == other.address || (one.address.is_loopback() && other.address.is_loopback());
    let is_port = PORTS.contains(&one.port) || PORTS.contains(&other.port);
    !stays && (is_port || GREETINGS.iter().any(|greeting| first.starts_with(greeting)))
}
