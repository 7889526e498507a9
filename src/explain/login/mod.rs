//! Logins whose password everybody on the way can read: FTP, POP3, IMAP, SMTP and Telnet.

mod talk;
mod watch;

pub(super) use watch::LoginWatch;

use super::{Fact, Rule, Stated, Tell};
use crate::conversation::text::Language;
use std::net::IpAddr;

/// A password is said in clear.
static IN_CLEAR: Rule = Rule::warning("login.in-clear", "RFC 8314 3, 4.1, RFC 2228 1, RFC 1704 5");

/// The rules.
pub(super) static RULES: &[&Rule] = &[&IN_CLEAR];

/// What a note on logins states. The password itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginFacts {
    /// A password is said in clear.
    InClear {
        /// Who logs in; nothing where that was not seen.
        user: Option<Box<[u8]>>,
        /// The client.
        client: IpAddr,
        /// The server.
        server: IpAddr,
        /// The server's port.
        port: u16,
        /// In which language.
        language: Language,
        /// Characters of the password.
        length: u64,
    },
}

impl Stated for LoginFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::InClear { .. } => &IN_CLEAR,
        }
    }

    fn members(&self, tell: &mut Tell<'_>) {
        match self {
            Self::InClear { user, client, server, port, language, length } => {
                if let Some(user) = user {
                    tell("user", Fact::Text(user));
                }
                tell("client", Fact::Address(*client));
                tell("server", Fact::Address(*server));
                tell("port", Fact::Number((*port).into()));
                tell("protocol", Fact::Word(word(*language)));
                tell("password_length", Fact::Number(*length));
            }
        }
    }
}

fn word(language: Language) -> &'static str {
    match language {
        Language::Smtp => "smtp",
        Language::Ftp => "ftp",
        Language::Numbered => "ftp-or-smtp",
        Language::Pop3 => "pop3",
        Language::Imap => "imap",
        Language::Irc => "irc",
        Language::Telnet => "telnet",
        Language::Tls => "tls",
        Language::Bytes => "none",
    }
}
