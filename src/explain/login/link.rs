//! Logins to a link: PPP's (RFC 1334, RFC 1994, RFC 3748).

use super::{LINK_IN_CLEAR, LINK_REFUSED, LoginFacts};
use crate::dissect::Protocol;
use crate::dissect::link::{eap, ppp_authentication};
use crate::explain::surroundings::Surroundings;
use crate::explain::{Note, Notes, Scene};
use crate::limits::Limits;

/// Codes of PAP: a request, and its refusal.
const REQUEST: u8 = 1;
const REFUSED: u8 = 3;
/// Of CHAP: a response, and that it is not right.
const RESPONSE: u8 = 2;
const FAILURE: u8 = 4;
/// The method of EAP by which a station says its name.
const IDENTITY: u8 = 1;
/// How names begin of who wants settings and no access.
const SETUP: &[u8] = b"WFA-SimpleConfig";

/// A name, who said it, and the frame.
type Said = (Box<[u8]>, Option<[u8; 6]>, u64);

/// Who logged in last to a link, by the name that it said.
#[derive(Debug, Default)]
pub(super) struct LinkLogins {
    user: Option<Said>,
}

impl LinkLogins {
    /// Takes a frame.
    pub(super) fn frame(&mut self, scene: &Scene<'_>, known: &Surroundings, notes: &mut Notes) {
        let (bytes, dissection) = scene.own();
        let Some(layer) = dissection.layers.last() else { return };
        let is = |protocol: &'static Protocol| std::ptr::eq(layer.protocol, protocol);
        let Some(&[code, _, _, _, ref rest @ ..]) = bytes.get(layer.start..layer.end) else { return };
        let frame = scene.number();
        let [client, server] = known.passage().map_or([None, None], |passage| [passage.source, passage.destination]);
        if is(&ppp_authentication::PASSWORD) && code == REQUEST {
            let Some((user, rest)) = counted(rest) else { return };
            let Some((password, _)) = counted(rest).filter(|(password, _)| !password.is_empty()) else { return };
            self.remember(user, client, frame);
            let facts = LoginFacts::LinkInClear { user: user.into(), client, server, length: password.len() as u64 };
            notes.say(&LINK_IN_CLEAR, (client, server, user), || Note::seen(facts, &[frame]));
        } else if is(&ppp_authentication::CHALLENGE) && code == RESPONSE {
            if let Some((_, name)) = counted(rest) {
                self.remember(name, client, frame);
            }
        } else if is(&eap::PROTOCOL) && code == RESPONSE {
            if let Some((&IDENTITY, name)) = rest.split_first() {
                self.remember(name, client, frame);
            }
        } else {
            let protocol = match code {
                REFUSED if is(&ppp_authentication::PASSWORD) => "PAP",
                FAILURE if is(&ppp_authentication::CHALLENGE) => "CHAP",
                FAILURE if is(&eap::PROTOCOL) => "EAP",
                _ => return,
            };
            let said = self.user.clone().filter(|(_, card, _)| *card == server && (card.is_some() || !is(&eap::PROTOCOL)));
            let (user, asked) = said.map_or((None, 0), |(user, _, asked)| (Some(user), asked));
            // An exchange that hands out settings (Wi-Fi Protected Setup) ends so when all went well.
            if user.as_deref().is_some_and(|user| user.starts_with(SETUP)) || user.is_none() && is(&eap::PROTOCOL) {
                return;
            }
            let facts = LoginFacts::LinkRefused { user: user.clone(), client: server, server: client, protocol };
            notes.say(&LINK_REFUSED, (client, server, user), || Note::seen(facts, &[asked, frame]));
        }
    }

    fn remember(&mut self, user: &[u8], card: Option<[u8; 6]>, frame: u64) {
        self.user = Some((user.get(..Limits::LOGIN_NAME).unwrap_or(user).into(), card, frame));
    }
}

/// Bytes behind their number, and what follows.
fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first()?;
    rest.split_at_checked(usize::from(*length))
}
