//! What ICMP errors say, in words (RFC 792, RFC 4443).

use super::words::{Who, say_frames};
use crate::conversation::Names;
use crate::dissect::network::{icmp, icmpv6};
use crate::explain::story::{Event, Report};
use crate::render::sentence::{Counted, Sentence};

/// Says what was reported.
pub(super) fn say(sentence: &mut Sentence<'_>, names: &Names, event: &Event, report: &Report, alike: &[&Event]) {
    let Report { reporter, source, times, last, .. } = *report;
    write!(sentence, "{} told {} that ", Who(reporter, names), Who(source, names));
    say_why(sentence, names, report);
    if times > 1 {
        write!(sentence, ", {}", Counted(times, "time"));
    }
    if times > 1 && last != event.frame {
        write!(sentence, " (from frame {} to {last})", event.frame);
    } else {
        say_frames(sentence, &[event.frame]);
    }
    sentence.say(".");
    if !alike.is_empty() {
        write!(sentence, " It said the same of packets between {}.", Counted(alike.len() as u64, "other pair"));
    }
}

/// Says what is wrong with the packets.
fn say_why(sentence: &mut Sentence<'_>, names: &Names, report: &Report) {
    let to = Who(report.destination, names);
    let mtu = if report.is_ipv6 { report.word } else { report.word & 0xffff };
    if let Some(better) = report.better {
        return match better == report.destination {
            true => write!(sentence, "{to} is on the same link: it should send there directly, by no router"),
            false => write!(sentence, "the better way to {to} is through the router {}", Who(better, names)),
        };
    }
    match (report.is_ipv6, report.kind, report.code) {
        (false, 3, 4) | (true, 2, _) if mtu > 0 && report.size > 0 && mtu >= report.size => {
            let size = Counted(report.size.into(), "byte");
            write!(sentence, "a packet of {size} to {to} is too large for the next link, which takes {mtu}: that cannot be");
        }
        (false, 3, 0) | (true, 1, 0) => write!(sentence, "it knows no way to {to}"),
        (false, 3, 1) | (true, 1, 3) => write!(sentence, "it cannot hand the packet to the host {to}"),
        (false, 3, 2) if report.reporter != report.destination => {
            write!(sentence, "it does not speak the protocol that a packet to {to} carries")
        }
        (false, 3, 2) => write!(sentence, "{to} does not speak the protocol that the packet carries"),
        (false, 3, 3) | (true, 1, 4) if report.is_tcp => write!(
            sentence,
            "the port of {to} that the packet is for cannot be reached (a firewall says so, as a host without a program there resets)"
        ),
        (false, 3, 3) | (true, 1, 4) if report.reporter != report.destination => {
            write!(sentence, "the port of {to} that the packet is for cannot be reached")
        }
        (false, 3, 3) | (true, 1, 4) => write!(sentence, "no program of {to} listens on the port that the packet is for"),
        (false, 3, 4) if mtu == 0 => write!(sentence, "a packet to {to} is too large for the next link and must not be cut"),
        (false, 3, 4) => write!(sentence, "a packet to {to} is too large for the next link, which takes {mtu} bytes, and must not be cut"),
        (true, 2, _) => write!(sentence, "a packet to {to} is too large for the next link, which takes {mtu} bytes"),
        (false, 3, 9 | 10 | 13) | (true, 1, 1 | 5) => write!(sentence, "a rule forbids to pass on what is for {to}"),
        (false, 4, _) => write!(sentence, "it should send more slowly to {to}"),
        (true, 3, 0) | (false, 11, 0) => {
            write!(sentence, "the time to live of a packet to {to} was up: it had passed as many routers as it was allowed to");
        }
        (true, 3, _) | (false, 11, _) => write!(sentence, "not all fragments of a datagram to {to} came in time"),
        (true, 4, _) | (false, 12, _) => write!(sentence, "it cannot read a packet to {to}"),
        (is_ipv6, kind, code) => {
            write!(sentence, "a packet to {to} could not be delivered");
            let [name, reason] = if is_ipv6 { icmpv6::meaning(kind, code) } else { icmp::meaning(kind, code) };
            match reason.or(name) {
                Some(words) => write!(sentence, ": {words} (type {kind}, code {code})"),
                None => write!(sentence, " (type {kind}, code {code})"),
            }
        }
    }
}
