//! Notes on logins, in words.

use crate::explain::LoginFacts;
use crate::render::follow::language_name;
use crate::render::sentence::{Link, Sentence, Shown};

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &LoginFacts) {
    match facts {
        LoginFacts::InClear { user, client, server, language, .. } => {
            match user {
                Some(user) => write!(sentence, "{}", Shown(user)),
                None => {
                    let client = sentence.host(*client);
                    write!(sentence, "{client}");
                }
            }
            let server = sentence.host(*server);
            write!(sentence, " logs in to {server} with a password that anybody on the way can read");
            if let Some(name) = language_name(*language) {
                write!(sentence, " ({name})");
            }
        }
        LoginFacts::LinkInClear { user, server, .. } => {
            write!(sentence, "{} logs in to ", Shown(user));
            match server {
                Some(card) => write!(sentence, "{}", Link(*card)),
                None => sentence.say("the other end of the line"),
            }
            sentence.say(" with a password that anybody on the line can read (PAP)");
        }
        LoginFacts::LinkRefused { user, server, protocol, .. } => {
            match server {
                Some(card) => write!(sentence, "{}", Link(*card)),
                None => sentence.say("the other end of the line"),
            }
            sentence.say(" does not let ");
            match user {
                Some(user) => write!(sentence, "{}", Shown(user)),
                None => sentence.say("somebody"),
            }
            write!(sentence, " in: wrong name or password ({protocol})");
        }
    }
}
