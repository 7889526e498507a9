//! Logins whose password everybody on the way can read: FTP, POP3, IMAP, SMTP, Telnet, and PPP's; and those to a line that are refused.

mod link;
mod talk;
mod watch;

pub(super) use watch::LoginWatch;

use super::{Fact, Rule, Stated, Tell};
use crate::conversation::text::Language;
use std::net::IpAddr;

/// A password is said in clear.
static IN_CLEAR: Rule = Rule::warning("login.in-clear", "RFC 8314 3, 4.1, RFC 2228 1, RFC 1704 5");
/// The same, to who takes in a line.
static LINK_IN_CLEAR: Rule = Rule::warning("login.link-in-clear", "RFC 1334 2, 2.2.1, RFC 1994 1");
/// Who takes in a line says no.
static LINK_REFUSED: Rule = Rule::problem("login.link-refused", "RFC 1334 2.2.2, RFC 1994 4.2, RFC 3748 4.2");

/// The rules.
pub(super) static RULES: &[&Rule] = &[&IN_CLEAR, &LINK_IN_CLEAR, &LINK_REFUSED];

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
    /// A password is said in clear to who takes in a line.
    LinkInClear {
        /// Who logs in.
        user: Box<[u8]>,
        /// The hardware address of who says it, where the link has such.
        client: Option<[u8; 6]>,
        /// Of whom it is said to.
        server: Option<[u8; 6]>,
        /// Characters of the password.
        length: u64,
    },
    /// Who takes in a line does not let somebody in.
    LinkRefused {
        /// Who would log in; nothing where that was not seen.
        user: Option<Box<[u8]>>,
        /// The hardware address of who would, where the link has such.
        client: Option<[u8; 6]>,
        /// Of who refuses.
        server: Option<[u8; 6]>,
        /// How it was asked.
        protocol: &'static str,
    },
}

impl Stated for LoginFacts {
    fn rule(&self) -> &'static Rule {
        match self {
            Self::InClear { .. } => &IN_CLEAR,
            Self::LinkInClear { .. } => &LINK_IN_CLEAR,
            Self::LinkRefused { .. } => &LINK_REFUSED,
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
            Self::LinkInClear { user, client, server, length } => {
                tell("user", Fact::Text(user));
                tell_cards(tell, *client, *server);
                tell("password_length", Fact::Number(*length));
            }
            Self::LinkRefused { user, client, server, protocol } => {
                if let Some(user) = user {
                    tell("user", Fact::Text(user));
                }
                tell_cards(tell, *client, *server);
                tell("protocol", Fact::Word(protocol));
            }
        }
    }
}

fn tell_cards(tell: &mut Tell<'_>, client: Option<[u8; 6]>, server: Option<[u8; 6]>) {
    for (name, card) in [("client_hardware_address", client), ("server_hardware_address", server)] {
        if let Some(card) = card {
            tell(name, Fact::Link(card));
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
