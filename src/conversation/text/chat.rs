//! Internet Relay Chat (RFC 1459, RFC 2812).

use super::said::{Aside, Utterance};
use super::turn::{Turn, first_word, number};
use crate::conversation::Side;

/// How far the dialogue is.
#[derive(Debug)]
pub(super) struct Chat {
    server: Side,
    /// The numbers whose names were told.
    named: [bool; 1000],
}

impl Chat {
    pub(super) fn new(server: Side) -> Self {
        Self { server, named: [false; 1000] }
    }

    /// Reads a line.
    pub(super) fn line(&mut self, from: Side, line: &[u8], turn: &mut Turn<'_>) {
        let Some((prefix, command, parameters)) = message(line) else { return turn.tell(Utterance::Line) };
        let numeric = number(command).filter(|_| command.len() == 3);
        if let Some(sent) = numeric.filter(|_| from == self.server) {
            let named = usize::try_from(sent).ok().and_then(|number| self.named.get_mut(number));
            let first = named.is_some_and(|named| !std::mem::replace(named, true));
            if let Some(&(number, name)) = NUMERICS.iter().find(|(known, _)| first && u64::from(*known) == sent) {
                turn.aside(Aside::Numeric { number, name });
            }
        }
        turn.tell(Utterance::Message { prefix, command, parameters });
        if numeric == Some(STARTTLS_ACCEPTED) && from == self.server {
            turn.encrypted();
        }
    }
}

/// RPL_STARTTLS.
const STARTTLS_ACCEPTED: u64 = 670;

/// The prefix, the command and the parameters of a message; tags before them (IRCv3) are stepped over.
fn message(line: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let untagged = if line.starts_with(b"@") { first_word(line).1 } else { line };
    let (prefix, rest) = match untagged.strip_prefix(b":") {
        Some(prefixed) => first_word(prefixed),
        None => (&b""[..], untagged),
    };
    let (command, parameters) = first_word(rest);
    let letters = command.iter().all(u8::is_ascii_alphabetic);
    let digits = command.len() == 3 && command.iter().all(u8::is_ascii_digit);
    (!command.is_empty() && (letters || digits)).then_some((prefix, command, parameters))
}

/// The replies that servers in use send (RFC 1459, RFC 2812, and what has come since).
const NUMERICS: &[(u16, &str)] = &[
    (1, "RPL_WELCOME"),
    (2, "RPL_YOURHOST"),
    (3, "RPL_CREATED"),
    (4, "RPL_MYINFO"),
    (5, "RPL_ISUPPORT"),
    (10, "RPL_BOUNCE"),
    (42, "RPL_YOURID"),
    (200, "RPL_TRACELINK"),
    (211, "RPL_STATSLINKINFO"),
    (212, "RPL_STATSCOMMANDS"),
    (219, "RPL_ENDOFSTATS"),
    (221, "RPL_UMODEIS"),
    (234, "RPL_SERVLIST"),
    (242, "RPL_STATSUPTIME"),
    (243, "RPL_STATSOLINE"),
    (250, "RPL_STATSCONN"),
    (251, "RPL_LUSERCLIENT"),
    (252, "RPL_LUSEROP"),
    (253, "RPL_LUSERUNKNOWN"),
    (254, "RPL_LUSERCHANNELS"),
    (255, "RPL_LUSERME"),
    (256, "RPL_ADMINME"),
    (257, "RPL_ADMINLOC1"),
    (258, "RPL_ADMINLOC2"),
    (259, "RPL_ADMINEMAIL"),
    (263, "RPL_TRYAGAIN"),
    (265, "RPL_LOCALUSERS"),
    (266, "RPL_GLOBALUSERS"),
    (276, "RPL_WHOISCERTFP"),
    (301, "RPL_AWAY"),
    (302, "RPL_USERHOST"),
    (303, "RPL_ISON"),
    (305, "RPL_UNAWAY"),
    (306, "RPL_NOWAWAY"),
    (311, "RPL_WHOISUSER"),
    (312, "RPL_WHOISSERVER"),
    (313, "RPL_WHOISOPERATOR"),
    (314, "RPL_WHOWASUSER"),
    (315, "RPL_ENDOFWHO"),
    (317, "RPL_WHOISIDLE"),
    (318, "RPL_ENDOFWHOIS"),
    (319, "RPL_WHOISCHANNELS"),
    (321, "RPL_LISTSTART"),
    (322, "RPL_LIST"),
    (323, "RPL_LISTEND"),
    (324, "RPL_CHANNELMODEIS"),
    (329, "RPL_CREATIONTIME"),
    (330, "RPL_WHOISACCOUNT"),
    (331, "RPL_NOTOPIC"),
    (332, "RPL_TOPIC"),
    (333, "RPL_TOPICWHOTIME"),
    (341, "RPL_INVITING"),
    (346, "RPL_INVITELIST"),
    (348, "RPL_EXCEPTLIST"),
    (351, "RPL_VERSION"),
    (352, "RPL_WHOREPLY"),
    (353, "RPL_NAMREPLY"),
    (364, "RPL_LINKS"),
    (365, "RPL_ENDOFLINKS"),
    (366, "RPL_ENDOFNAMES"),
    (367, "RPL_BANLIST"),
    (368, "RPL_ENDOFBANLIST"),
    (369, "RPL_ENDOFWHOWAS"),
    (371, "RPL_INFO"),
    (372, "RPL_MOTD"),
    (374, "RPL_ENDOFINFO"),
    (375, "RPL_MOTDSTART"),
    (376, "RPL_ENDOFMOTD"),
    (381, "RPL_YOUREOPER"),
    (382, "RPL_REHASHING"),
    (391, "RPL_TIME"),
    (396, "RPL_HOSTHIDDEN"),
    (400, "ERR_UNKNOWNERROR"),
    (401, "ERR_NOSUCHNICK"),
    (402, "ERR_NOSUCHSERVER"),
    (403, "ERR_NOSUCHCHANNEL"),
    (404, "ERR_CANNOTSENDTOCHAN"),
    (405, "ERR_TOOMANYCHANNELS"),
    (406, "ERR_WASNOSUCHNICK"),
    (407, "ERR_TOOMANYTARGETS"),
    (409, "ERR_NOORIGIN"),
    (410, "ERR_INVALIDCAPCMD"),
    (411, "ERR_NORECIPIENT"),
    (412, "ERR_NOTEXTTOSEND"),
    (417, "ERR_INPUTTOOLONG"),
    (421, "ERR_UNKNOWNCOMMAND"),
    (422, "ERR_NOMOTD"),
    (431, "ERR_NONICKNAMEGIVEN"),
    (432, "ERR_ERRONEUSNICKNAME"),
    (433, "ERR_NICKNAMEINUSE"),
    (436, "ERR_NICKCOLLISION"),
    (437, "ERR_UNAVAILRESOURCE"),
    (441, "ERR_USERNOTINCHANNEL"),
    (442, "ERR_NOTONCHANNEL"),
    (443, "ERR_USERONCHANNEL"),
    (451, "ERR_NOTREGISTERED"),
    (461, "ERR_NEEDMOREPARAMS"),
    (462, "ERR_ALREADYREGISTERED"),
    (464, "ERR_PASSWDMISMATCH"),
    (465, "ERR_YOUREBANNEDCREEP"),
    (471, "ERR_CHANNELISFULL"),
    (472, "ERR_UNKNOWNMODE"),
    (473, "ERR_INVITEONLYCHAN"),
    (474, "ERR_BANNEDFROMCHAN"),
    (475, "ERR_BADCHANNELKEY"),
    (476, "ERR_BADCHANMASK"),
    (481, "ERR_NOPRIVILEGES"),
    (482, "ERR_CHANOPRIVSNEEDED"),
    (483, "ERR_CANTKILLSERVER"),
    (491, "ERR_NOOPERHOST"),
    (501, "ERR_UMODEUNKNOWNFLAG"),
    (502, "ERR_USERSDONTMATCH"),
    (670, "RPL_STARTTLS"),
    (671, "RPL_WHOISSECURE"),
    (691, "ERR_STARTTLS"),
    (704, "RPL_HELPSTART"),
    (705, "RPL_HELPTXT"),
    (706, "RPL_ENDOFHELP"),
    (730, "RPL_MONONLINE"),
    (731, "RPL_MONOFFLINE"),
    (900, "RPL_LOGGEDIN"),
    (901, "RPL_LOGGEDOUT"),
    (902, "ERR_NICKLOCKED"),
    (903, "RPL_SASLSUCCESS"),
    (904, "ERR_SASLFAIL"),
    (905, "ERR_SASLTOOLONG"),
    (906, "ERR_SASLABORTED"),
    (907, "ERR_SASLALREADY"),
    (908, "RPL_SASLMECHS"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_taken_apart() {
        let parts = |line: &'static str| message(line.as_bytes()).map(|(a, b, c)| [a, b, c].map(|part| String::from_utf8_lossy(part)));
        assert_eq!(parts("NICK anna").unwrap(), ["", "NICK", "anna"]);
        assert_eq!(parts(":irc.example.com 001 anna :Welcome here").unwrap(), ["irc.example.com", "001", "anna :Welcome here"]);
        assert_eq!(parts("@time=x :a!b@c PRIVMSG #d :e").unwrap(), ["a!b@c", "PRIVMSG", "#d :e"]);
        assert_eq!(parts(":only.a.prefix"), None);
        assert_eq!(parts("12 x"), None);
    }

    #[test]
    fn numbers_are_in_order() {
        assert!(NUMERICS.is_sorted_by_key(|(number, _)| *number));
    }
}
