//! One conversation, listened to until somebody says a password.

use crate::conversation::text::{Aside, Dialogue, Language, Said, Utterance};
use crate::conversation::{Conversation, Side};
use crate::reassembly::{Limits, Piece};

/// Names under which everybody is let in, with anything for a password (RFC 1635).
const EVERYBODY: [&[u8]; 2] = [b"anonymous", b"ftp"];

/// A password that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Login {
    /// Who said it.
    pub(super) from: Side,
    pub(super) user: Option<Box<[u8]>>,
    pub(super) language: Language,
    /// Its characters.
    pub(super) length: u64,
    /// The frames of the name and of the password; 0 where there is none of the name.
    pub(super) frames: [u64; 2],
}

/// What the client is about to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Awaited {
    #[default]
    Nothing,
    /// To a prompt, in the next line, literal or response.
    Name,
    Password,
}

/// What was said of a login so far.
#[derive(Debug, Default)]
struct Heard {
    user: Option<(Box<[u8]>, u64)>,
    awaited: Awaited,
    /// Who says it.
    client: Option<Side>,
    /// Whether the server asks for a password that is good once (RFC 2289).
    is_for_once: bool,
    found: Option<Login>,
}

/// A conversation.
#[derive(Debug)]
pub(super) struct Talk {
    dialogue: Dialogue,
    heard: Heard,
}

impl Talk {
    pub(super) fn new() -> Self {
        Self { dialogue: Dialogue::new(&Limits { dialogue_line: Limits::LOGIN_LINE, ..Limits::default() }), heard: Heard::default() }
    }

    /// Listens on, and returns a login where one is whole now.
    pub(super) fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) -> Option<Login> {
        let Self { dialogue, heard } = self;
        dialogue.piece(conversation, from, piece, &mut |said| heard.said(&said));
        heard.found.take()
    }

    /// Whether nothing more is to be expected: no language of logins is spoken, or what is said is encrypted.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.dialogue.language(), Some(Language::Irc | Language::Tls | Language::Bytes))
    }
}

impl Heard {
    fn said(&mut self, said: &Said<'_>) {
        match said.what {
            Utterance::Command { verb, argument, .. } => self.command(said, verb, argument),
            Utterance::Reply { text, .. } if said.language == Language::Ftp => {
                let text = text.to_ascii_lowercase();
                self.is_for_once = [b"otp-".as_slice(), b"s/key"].iter().any(|name| text.windows(name.len()).any(|part| part == *name));
            }
            Utterance::Line if said.language == Language::Telnet => self.typed_or_prompted(said),
            // Literals of IMAP (RFC 9051 section 4.3), whole.
            Utterance::Counted { left: 0 } if self.client == Some(said.from) => self.answered(said, said.bytes),
            Utterance::Aside(Aside::Credentials { user, password, .. }) => {
                self.name(user, said.began.frame);
                self.password(said, password);
            }
            Utterance::Aside(Aside::Decoded(text)) if self.client == Some(said.from) => self.answered(said, text),
            Utterance::Counted { .. }
            | Utterance::Reply { .. }
            | Utterance::Message { .. }
            | Utterance::Line
            | Utterance::Body { .. }
            | Utterance::BodyEnd
            | Utterance::Response
            | Utterance::Telnet(_)
            | Utterance::Record(_)
            | Utterance::Encrypted
            | Utterance::Bytes
            | Utterance::Aside(
                Aside::Decoded(_)
                | Aside::DataConnection(_)
                | Aside::DataPort(_)
                | Aside::Numeric { .. }
                | Aside::Encrypted
                | Aside::Compressed,
            ) => {}
        }
    }

    fn command(&mut self, said: &Said<'_>, verb: &[u8], argument: &[u8]) {
        (self.awaited, self.client) = (Awaited::Nothing, Some(said.from));
        let is = |name: &str| verb.eq_ignore_ascii_case(name.as_bytes());
        match said.language {
            Language::Ftp | Language::Pop3 if is("USER") => self.name(argument, said.began.frame),
            Language::Ftp | Language::Pop3 if is("PASS") => self.password(said, argument),
            Language::Imap if is("LOGIN") => {
                let (user, rest) = astring(argument);
                let Some(user) = user else {
                    self.awaited = Awaited::Name;
                    return;
                };
                self.name(&user, said.began.frame);
                match astring(rest.trim_ascii_start()).0 {
                    Some(password) => self.password(said, &password),
                    None => self.awaited = Awaited::Password,
                }
            }
            // What is said at once is told behind the command.
            Language::Smtp | Language::Pop3 if is("AUTH") && is_login(argument) => self.awaited = Awaited::Name,
            Language::Imap if is("AUTHENTICATE") && is_login(argument) => self.awaited = Awaited::Name,
            Language::Smtp
            | Language::Ftp
            | Language::Numbered
            | Language::Pop3
            | Language::Imap
            | Language::Irc
            | Language::Telnet
            | Language::Tls
            | Language::Bytes => {}
        }
    }

    /// A prompt of Telnet's server, or what is typed behind it.
    fn typed_or_prompted(&mut self, said: &Said<'_>) {
        let line = said.bytes.trim_ascii();
        let line = line.strip_suffix(b"\0").unwrap_or(line);
        let ends = |words: &[&str]| {
            let end = |word: &&str| line.len().checked_sub(word.len()).and_then(|from| line.get(from..));
            words.iter().any(|word| end(word).is_some_and(|end| end.eq_ignore_ascii_case(word.as_bytes())))
        };
        // A prompt has no end of line: what is typed behind it stands beside it.
        let is_prompt = said.range.end - said.range.start == said.bytes.len() as u64;
        if is_prompt && ends(&["login:", "username:", "user name:"]) {
            (self.awaited, self.client) = (Awaited::Name, Some(said.from.other()));
        } else if is_prompt && ends(&["password:", "passwort:"]) {
            (self.awaited, self.client) = (Awaited::Password, Some(said.from.other()));
        } else if self.client == Some(said.from) {
            self.answered(said, line);
        }
    }

    /// The client says what was awaited.
    fn answered(&mut self, said: &Said<'_>, text: &[u8]) {
        match std::mem::take(&mut self.awaited) {
            Awaited::Nothing => {}
            Awaited::Name => {
                self.name(text, said.began.frame);
                // Telnet asks for the password itself.
                if said.language != Language::Telnet {
                    self.awaited = Awaited::Password;
                }
            }
            Awaited::Password => self.password(said, text),
        }
    }

    fn name(&mut self, user: &[u8], frame: u64) {
        let user = user.trim_ascii();
        self.user = (!user.is_empty()).then(|| (user.get(..Limits::LOGIN_NAME).unwrap_or(user).into(), frame));
    }

    fn password(&mut self, said: &Said<'_>, password: &[u8]) {
        self.awaited = Awaited::Nothing;
        let (user, told) = self.user.take().map_or((None, 0), |(user, frame)| (Some(user), frame));
        let is_open = user.as_deref().is_some_and(|user| EVERYBODY.iter().any(|everybody| user.eq_ignore_ascii_case(everybody)));
        if password.is_empty() || is_open || std::mem::take(&mut self.is_for_once) {
            return;
        }
        let (from, language, length) = (said.from, said.language, password.len() as u64);
        let frame = said.ended.frame;
        self.found = Some(Login { from, user, language, length, frames: [if told == frame { 0 } else { told }, frame] });
    }
}

/// Whether the mechanism is LOGIN: the name and the password, each in base64.
fn is_login(argument: &[u8]) -> bool {
    argument.split(|byte| *byte == b' ').next().is_some_and(|mechanism| mechanism.eq_ignore_ascii_case(b"LOGIN"))
}

/// A word of IMAP, as it is or in quotes, and what follows; nothing for a literal, which comes on a line of its own (RFC 9051 section 4.3).
fn astring(text: &[u8]) -> (Option<Vec<u8>>, &[u8]) {
    match text.split_first() {
        None | Some((b'{', _)) => (None, text),
        Some((b'"', quoted)) => {
            let (mut word, mut rest) = (Vec::new(), quoted);
            while let Some((&byte, after)) = rest.split_first() {
                rest = after;
                match (byte, after.split_first()) {
                    (b'"', _) => break,
                    (b'\\', Some((&escaped, after))) => {
                        word.push(escaped);
                        rest = after;
                    }
                    _ => word.push(byte),
                }
            }
            (Some(word), rest)
        }
        Some(_) => {
            let end = text.iter().position(|byte| *byte == b' ').unwrap_or(text.len());
            let (word, rest) = text.split_at_checked(end).unwrap_or((text, b""));
            (Some(word.to_vec()), rest)
        }
    }
}

#[cfg(test)]
mod tests;
