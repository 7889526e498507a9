//! Notes on ICMP: what routers and hosts report, in words.

use crate::dissect::network::{icmp, icmpv6, ip_protocol_name};
use crate::explain::{IcmpFacts, Quoted, Report};
use crate::render::sentence::{Counted, Grouped, Sentence, Took};
use std::net::IpAddr;

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &IcmpFacts) {
    match facts {
        IcmpFacts::Error { report, kind, reporter, quoted, pointer } => {
            say_error(sentence, *report, *kind, *reporter, quoted);
            if let Some(pointer) = pointer {
                write!(sentence, ", at byte {pointer}");
            }
        }
        IcmpFacts::Echo { asker, host, took } => {
            let (asker, host) = (sentence.host(*asker), sentence.host(*host));
            write!(sentence, "{host} answers the echo of {asker}");
            if let Some(took) = took {
                write!(sentence, " after {}", Took(*took));
            }
            sentence.say(": the way works in both directions");
        }
        IcmpFacts::Unanswered { asker, host, sent, answered, is_heard, sizes, is_on_link } => {
            let (asker, host) = (sentence.host(*asker), sentence.host(*host));
            if let Some([fits, fails]) = sizes {
                let [fits, fails] = [*fits, *fails].map(|size| Grouped(size.into()));
                write!(sentence, "{host} answers echoes of {asker} of up to {fits} bytes, none of {fails} or more");
                // Between the two is no way whose narrowest part could be another than theirs.
                return sentence.say(if *is_on_link { ": two MTUs on one link" } else { "" });
            }
            match (sent, answered) {
                (1, 0) => write!(sentence, "{host} does not answer the echo of {asker}"),
                (_, 0) => write!(sentence, "{host} answers none of {} from {asker}", Counted(*sent, "echo request")),
                _ => write!(sentence, "{host} answers {answered} of {} from {asker}", Counted(*sent, "echo request")),
            }
            match answered {
                0 if *is_heard => sentence.say(": it is there, so they were filtered, lost, or are too large"),
                0 => sentence.say(": down, out of reach, or filtered"),
                _ => sentence.say(": some were lost, or it limits its answers"),
            }
        }
        IcmpFacts::Message { kind, sender, receiver } => {
            let [name, code] = meaning(*kind, sender.is_ipv4());
            let (from, to) = (sentence.host(*sender), sentence.host(*receiver));
            let version = if sender.is_ipv4() { "ICMP" } else { "ICMPv6" };
            match name {
                Some(name) => write!(sentence, "{from} sends {to} {version} type {}: {name}", kind.0),
                None => write!(sentence, "{from} sends {to} {version} type {}, which has no meaning so far", kind.0),
            }
            if let Some(code) = code {
                write!(sentence, " ({code})");
            }
            if let Some(purpose) = purpose(kind.0, sender.is_ipv4()) {
                write!(sentence, ", {purpose}");
            }
        }
    }
}

fn say_error(sentence: &mut Sentence<'_>, report: Report, kind: (u8, u8), reporter: IpAddr, quoted: &Quoted) {
    let (from, source, destination) = (sentence.host(reporter), sentence.host(quoted.source), sentence.host(quoted.destination));
    let [_, code] = meaning(kind, reporter.is_ipv4());
    let code = code.unwrap_or("no reason that the standard names");
    let is_itself = reporter == quoted.destination;
    match report {
        Report::NoRoute => {
            let service = if kind == (3, 11) && reporter.is_ipv4() { " for this type of service (TOS)" } else { "" };
            write!(sentence, "{from} says that it has no route to {destination}{service}: what {source} sends does not pass")
        }
        Report::NoHost if is_itself => write!(sentence, "{destination} itself says that it cannot be reached ({code})"),
        Report::NoHost if kind == (3, 12) && reporter.is_ipv4() => {
            write!(sentence, "{from} says that {destination} cannot be reached for the type of service (TOS) that {source} asks for");
        }
        Report::NoHost => {
            write!(sentence, "{from} says that it cannot hand a packet to the host {destination}")
        }
        Report::Prohibited if is_itself => {
            write!(sentence, "{destination} itself refuses ");
            say_traffic(sentence, quoted);
            write!(sentence, " from {source}: a rule of its firewall forbids it");
        }
        Report::Prohibited => {
            write!(sentence, "{from} does not let ");
            say_traffic(sentence, quoted);
            write!(sentence, " from {source} pass to {destination}: a firewall rule forbids it");
        }
        Report::NoProtocol => {
            let name = ip_protocol_name(quoted.protocol.into()).unwrap_or("an unknown protocol");
            write!(sentence, "{from} does not speak what {source} sent: {name}, IP protocol {}", quoted.protocol);
        }
        Report::PortFiltered if quoted.protocol == 6 => {
            write!(sentence, "{from} refuses ");
            say_traffic(sentence, quoted);
            write!(sentence, " of {destination} to {source}: a firewall, as a closed port would reset");
        }
        Report::PortFiltered => {
            write!(sentence, "{from} says that ");
            say_traffic(sentence, quoted);
            write!(sentence, " of {destination} cannot be reached: a firewall, or its other address");
        }
        Report::PortClosed => {
            write!(sentence, "nobody listens at ");
            say_traffic(sentence, quoted);
            write!(sentence, " of {destination}: what {source} sends there is not read");
        }
        Report::PortLeft => {
            write!(sentence, "nobody listens any more at ");
            say_traffic(sentence, quoted);
            write!(sentence, " of {destination}: what {source} sent came too late, or once too often");
        }
        Report::PortProbed => {
            write!(sentence, "nobody listens at ");
            say_traffic(sentence, quoted);
            write!(sentence, " of {destination}, as a probe of traceroute expects: it has arrived");
        }
        Report::NotDelivered => {
            write!(sentence, "{from} does not deliver ");
            say_traffic(sentence, quoted);
            write!(sentence, " from {source} to {destination}: {code}");
        }
        Report::ReassemblyTimeout => {
            write!(sentence, "{from} waited in vain for fragments of a datagram from {source}, and throws away those that came");
        }
        Report::ParameterProblem => {
            write!(sentence, "{from} cannot make sense of a header of {source}'s packet");
            if !is_itself {
                write!(sentence, " to {destination}");
            }
            if kind != (12, 0) {
                write!(sentence, ": {code}");
            }
        }
        Report::SourceQuench => {
            write!(sentence, "{from} asks {source} to send more slowly: nobody obeys this message any more");
        }
        Report::AboutUnseen => {
            write!(sentence, "{from} reports of a packet from {source} to {destination} that is not in the capture: {code}");
        }
    }
}

/// What was sent: `TCP port 80`, `ICMP`.
fn say_traffic(sentence: &mut Sentence<'_>, quoted: &Quoted) {
    let name = ip_protocol_name(quoted.protocol.into()).unwrap_or("IP protocol");
    match (name, quoted.ports) {
        ("IP protocol", _) => write!(sentence, "IP protocol {}", quoted.protocol),
        (_, Some([_, port])) if matches!(quoted.protocol, 6 | 17) => write!(sentence, "{name} port {port}"),
        _ => write!(sentence, "{name}"),
    }
}

/// The names of a type and of a code.
fn meaning((kind, code): (u8, u8), is_ipv4: bool) -> [Option<&'static str>; 2] {
    if is_ipv4 { icmp::meaning(kind, code) } else { icmpv6::meaning(kind, code) }
}

/// What a message that is no error is for.
fn purpose(kind: u8, is_ipv4: bool) -> Option<&'static str> {
    Some(match (is_ipv4, kind) {
        (true, 9) => "by which a router says that it is there",
        (true, 10) => "by which a host asks for routers",
        (true, 13) => "which asks for the time of day",
        (true, 14) => "which tells the time of day",
        (true, 15 | 16) => "an old way to learn one's own network; DHCP took its place",
        (true, 17) => "which asks for the mask of the network; DHCP took its place",
        (true, 18) => "which tells the mask of the network",
        (true, 6 | 30..=39) => "which nobody uses any more",
        (true, 42) | (false, 160) => "which asks whether an interface of the other is up",
        (true, 43) | (false, 161) => "which tells whether an interface is up",
        (false, 138) => "which changes the prefixes of routers",
        (false, 139) => "which asks a neighbour for its names or addresses",
        (false, 140) => "which tells names or addresses",
        (false, 141 | 142) => "which asks or tells which address a link address has",
        (false, 144..=147) => "of hosts that move from network to network",
        (false, 148 | 149) => "which proves that a router may be one",
        (false, 151..=153) => "by which routers for groups find each other",
        (false, 155) => "by which small devices agree on routes",
        _ => return None,
    })
}
