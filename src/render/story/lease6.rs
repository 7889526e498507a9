//! Leases by DHCPv6, in words (RFC 8415).

use super::lease::say_asks;
use super::words::{Who, say_frames};
use crate::conversation::Names;
use crate::dissect::application::dhcpv6::table::STATUSES;
use crate::explain::story::Lease6;
use crate::render::sentence::{Sentence, Shown, Took};

/// Says who asked for what, and what it was given.
pub(super) fn say(sentence: &mut Sentence<'_>, names: &Names, lease: &Lease6) {
    let [_, solicit, advertise, request, confirm, renew, rebind, reply, release, decline, _, inform] = lease.messages;
    if let Some(client) = lease.client {
        write!(sentence, "{}", Who(client, names));
    }
    let things = match lease.wants {
        [true, true] => "an address, and a prefix for a network of its own",
        [true, false] => "an address",
        [false, true] => "a prefix for a network of its own",
        [false, false] => "what it needs to know",
    };
    match (solicit.is_some(), request.is_some(), renew.or(rebind).is_some(), confirm.is_some(), inform.is_some()) {
        (true, ..) => {
            write!(sentence, " asked everybody by DHCPv6 for {things}");
            if advertise.or(reply).is_none() {
                say_asks(sentence, &lease.asks);
            }
        }
        (_, true, ..) => write!(sentence, " asked by DHCPv6 for {things}"),
        (_, _, true, ..) => write!(sentence, " asked by DHCPv6 to keep {things}"),
        (_, _, _, true, _) => sentence.say(" asked by DHCPv6 whether its addresses still fit its link"),
        (.., true) => sentence.say(" asked by DHCPv6 for what else it needs to know"),
        _ => sentence.say(" speaks DHCPv6"),
    }
    let asked: Vec<u64> = [solicit, request, confirm, renew, rebind, inform].into_iter().flatten().collect();
    sentence.say(if lease.is_relayed { ", by way of a relay" } else { "" });
    say_frames(sentence, &asked);
    sentence.say(".");
    if advertise.or(reply).is_some() {
        answered(sentence, lease, advertise, reply);
    } else if !asked.is_empty() {
        sentence.say(" The capture shows no answer.");
    }
    if let Some((code, frame)) = lease.refused {
        match STATUSES.iter().find(|(number, _)| *number == code) {
            Some((_, status)) => write!(sentence, " It said that it cannot give what was asked for: {status} (frame {frame})."),
            None => write!(sentence, " It said that it cannot give what was asked for: status {code} (frame {frame})."),
        }
    }
    if let Some(frame) = decline {
        write!(sentence, " The client declined it, for another host has it already (frame {frame}).");
    }
    if let Some(frame) = release {
        write!(sentence, " The client gave back what it had (frame {frame}).");
    }
}

/// Says what a server offered and gave.
fn answered(sentence: &mut Sentence<'_>, lease: &Lease6, advertise: Option<u64>, reply: Option<u64>) {
    match lease.server {
        Some(server) => write!(sentence, " The server {server}"),
        None => sentence.say(" A server"),
    }
    let addresses = lease.addresses.iter().map(|(address, seconds)| format!("{address} {}", how_long(*seconds)));
    let prefixes = lease.prefixes.iter().map(|(prefix, bits, seconds)| format!("the prefix {prefix}/{bits} {}", how_long(*seconds)));
    let given: Vec<String> = addresses.chain(prefixes).collect();
    let them = if given.len() > 1 { "them" } else { "it" };
    match (given.is_empty(), advertise, reply) {
        (true, ..) => {
            sentence.say(" answered");
            say_frames(sentence, &[advertise, reply].into_iter().flatten().collect::<Vec<_>>());
        }
        (false, Some(offer), reply) => {
            sentence.say(" offered ");
            sentence.list(&given);
            say_frames(sentence, &[offer]);
            if let Some(frame) = reply {
                write!(sentence, " and gave {them} (frame {frame})");
            }
        }
        (false, None, reply) => {
            sentence.say(" gave ");
            sentence.list(&given);
            say_frames(sentence, &reply.into_iter().collect::<Vec<_>>());
        }
    }
    if !lease.withdrawn.is_empty() {
        sentence.say(if given.is_empty() { ": " } else { ", and that " });
        sentence.list(&lease.withdrawn);
        sentence.say(" may not be used any more (valid for 0 s)");
    }
    if !lease.name_servers.is_empty() {
        sentence.say(if lease.name_servers.len() > 1 { ", with the name servers " } else { ", with the name server " });
        sentence.list(&lease.name_servers);
    }
    if !lease.domains.is_empty() {
        let before = if lease.name_servers.is_empty() { ", with" } else { " and" };
        write!(sentence, "{before} the search domain{} ", if lease.domains.len() == 1 { "" } else { "s" });
        sentence.list(lease.domains.iter().map(|domain| Shown(domain)));
    }
    sentence.say(".");
}

fn how_long(seconds: u64) -> String {
    if seconds == u64::from(u32::MAX) {
        return "for ever".to_owned();
    }
    format!("for {}", Took(i64::try_from(seconds).unwrap_or_default().saturating_mul(1_000_000_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lease: &Lease6) -> String {
        let (mut out, names) = (Vec::new(), Names::default());
        say(&mut Sentence::new(&mut out, &names), &names, lease);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn what_a_client_of_dhcpv6_asked_for_and_was_given_is_told_with_its_frames() {
        let [client, server] = ["fe80::1", "fe80::2"].map(|address| address.parse().ok());
        let mut lease = Lease6 { client, server, wants: [true, true], ..Lease6::default() };
        (lease.messages[1], lease.messages[3]) = (Some(1), Some(3));
        let asked = "fe80::1 asked everybody by DHCPv6 for an address, and a prefix for a network of its own (frames 1, 3).";
        assert_eq!(told(&lease), format!("{asked} The capture shows no answer."));
        (lease.messages[2], lease.messages[7]) = (Some(2), Some(4));
        lease.addresses = vec![("2001:db8::10".parse().expect("an address"), 3600)];
        lease.prefixes = vec![("2001:db8:1::".parse().expect("an address"), 56, u64::from(u32::MAX))];
        lease.name_servers = vec!["2001:db8::35".parse().expect("an address")];
        lease.domains = vec![Box::from(*b"home.example"), Box::from(*b"lan")];
        let given = "The server fe80::2 offered 2001:db8::10 for 1 h 00 min and the prefix 2001:db8:1::/56 for ever (frame 2) and gave them (frame 4), \
                     with the name server 2001:db8::35 and the search domains home.example and lan.";
        assert_eq!(told(&lease), format!("{asked} {given}"));
        let refused = Lease6 {
            addresses: Vec::new(),
            prefixes: Vec::new(),
            name_servers: Vec::new(),
            domains: Vec::new(),
            refused: Some((2, 4)),
            ..lease
        };
        let answered =
            "The server fe80::2 answered (frames 2, 4). It said that it cannot give what was asked for: no addresses available (frame 4).";
        assert_eq!(told(&refused), format!("{asked} {answered}"));
    }
}
