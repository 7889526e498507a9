//! Notes on how TCP conversations begin and end, in words.

use crate::explain::{Broken, Forgotten, HandshakeFacts};
use crate::render::sentence::{Counted, Grouped, Sentence, Took};
use std::fmt;

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &HandshakeFacts) {
    match facts {
        HandshakeFacts::ThreeWay { client, server, round_trip, .. } => {
            let (client, host) = (sentence.host(*client), sentence.host(server.ip()));
            write!(sentence, "{client} and {host} port {} are connected", server.port());
            if let Some(round_trip) = round_trip {
                write!(sentence, ", in {}", Took(*round_trip));
            }
        }
        HandshakeFacts::Probed { client, server, times } => {
            let (client, host) = (sentence.host(*client), sentence.host(server.ip()));
            write!(sentence, "{client} resets the answer of {host} port {}", server.port());
            if *times > 1 {
                write!(sentence, ", {}", Counted(*times, "time"));
            }
            sentence.say(": open, but not connected");
        }
        HandshakeFacts::Refused { client, server } => {
            let (client, host) = (sentence.host(*client), sentence.host(server.ip()));
            write!(sentence, "{host} refuses {client}: nobody listens on port {}, or a firewall says so", server.port());
        }
        HandshakeFacts::Silence { client, server, times, connections, is_up, .. } => {
            let (client, host) = (sentence.host(*client), sentence.host(server.ip()));
            write!(sentence, "{host} port {} does not answer {client}, asked {}", server.port(), Counted(*times, "time"));
            if *connections > 1 {
                write!(sentence, " for {}", Counted(*connections, "connection"));
            }
            sentence.say(": ");
            sentence.say(match is_up {
                true => "up, but behind a firewall or full",
                false => "down, out of reach or behind a firewall",
            });
        }
        HandshakeFacts::Repeated { answer: false, sender, receiver, waits, .. } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{receiver} answered {sender}'s SYN only when it came again, after ");
            say_waits(sentence, waits);
        }
        HandshakeFacts::Repeated { answer: true, sender, receiver, waits, acknowledged } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} sends its SYN/ACK again after ");
            say_waits(sentence, waits);
            match acknowledged {
                true => write!(sentence, ", though {receiver} acknowledged it"),
                false => write!(sentence, ": {receiver} has not acknowledged the first"),
            }
        }
        HandshakeFacts::Simultaneous { ends: [one, other] } => {
            let (one, other) = (sentence.host(*one), sentence.host(*other));
            write!(sentence, "{one} and {other} called each other at the same time: both SYNs make one connection");
        }
        HandshakeFacts::Reused { client, server, after } => {
            let (host, called) = (sentence.host(client.ip()), sentence.host(server.ip()));
            write!(sentence, "{host} uses port {} again for {called} port {}, ", client.port(), server.port());
            write!(sentence, "after {}: a new connection", Took(*after));
        }
        HandshakeFacts::PortsExhausted { client, server, ports, pause, .. } => {
            let (client, host) = (sentence.host(*client), sentence.host(server.ip()));
            match pause {
                Some(pause) => write!(sentence, "for {} {client} had none of {} ports left for ", Took(*pause), Grouped(*ports)),
                None => write!(sentence, "{client} has none of {} ports left for ", Grouped(*ports)),
            }
            write!(sentence, "{host} port {}", server.port());
        }
        HandshakeFacts::PortScan { is_udp, is_odd, client, server, tried, answered, open, refused, .. } => {
            let (client, server) = (sentence.host(*client), sentence.host(*server));
            let how = if *is_odd { " without a SYN" } else { "" };
            let ports = Counted(*tried, if *is_udp { "UDP port" } else { "port" });
            match (is_udp | is_odd, answered) {
                // Silence says nothing of a port that is asked in this way.
                (true, 0) if *refused == 0 => {
                    return write!(sentence, "{client} scans {server}{how}: {ports}, and none answers: open or filtered");
                }
                (true, 0) if refused < tried => write!(sentence, "{client} scans {server}{how}: of {ports} none answers"),
                _ => write!(sentence, "{client} scans {server}{how}: of {ports} {} open", Are(*answered)),
            }
            let shown = open.get(..3).unwrap_or(open);
            if !shown.is_empty() {
                sentence.say(" (");
                for (place, port) in shown.iter().enumerate() {
                    write!(sentence, "{}{port}", if place == 0 { "" } else { ", " });
                }
                sentence.say(if shown.len() as u64 == *answered { ")" } else { ", ..)" });
            }
            say_others(sentence, *refused, tried.saturating_sub(answered + refused));
        }
        HandshakeFacts::HostScan { client, network, port, tried, answered, refused, .. } => {
            let client = sentence.host(*client);
            write!(sentence, "{client} scans {network} for port {port}: of {} {} open", Counted(*tried, "host"), Are(*answered));
            say_others(sentence, *refused, tried.saturating_sub(answered + refused));
        }
        HandshakeFacts::SynFlood { server, calls, callers, .. } => {
            let host = sentence.host(server.ip());
            write!(sentence, "{} to {host} port {} from {} go no further: ", Counted(*calls, "SYN"), server.port(), Addresses(*callers));
            sentence.say("a SYN flood");
        }
        HandshakeFacts::HalfOpen { forgetful, other, how, .. } => {
            let (forgetful, other) = (sentence.host(*forgetful), sentence.host(*other));
            match how {
                Forgotten::Reset => {
                    write!(sentence, "{forgetful} no longer knows a connection that {other} takes for open, and resets it");
                }
                Forgotten::Called => {
                    write!(sentence, "{forgetful} no longer knows a connection that {other} takes for open, and calls anew");
                }
            }
        }
        HandshakeFacts::Gone { asking, silent, times, given_up } => {
            let (asking, silent) = (sentence.host(*asking), sentence.host(*silent));
            write!(sentence, "{silent} answered none of {asking}'s last {}: ", Counted(*times, "keep-alive"));
            sentence.say(match given_up {
                true => "the connection is given up",
                false => "it is gone, or the way to it is cut",
            });
        }
        HandshakeFacts::Silenced { sender, silent, bytes, times, over } => {
            let (sender, silent) = (sentence.host(*sender), sentence.host(*silent));
            write!(sentence, "{silent} says nothing any more: {sender} sent the same {} ", Counted(*bytes, "byte"));
            write!(sentence, "{} in {}", Counted(*times, "time"), Took(*over));
        }
        HandshakeFacts::HalfClosed { finished, open, since } => {
            let (finished, open) = (sentence.host(*finished), sentence.host(*open));
            write!(sentence, "{finished} has closed its side, {open} has not for {}", Took(*since));
        }
        HandshakeFacts::Reset { sender, receiver, broken, unread } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            let bytes = Counted(*unread, "byte");
            match broken {
                Broken::Sending => {
                    write!(sentence, "{sender} breaks the connection off while {receiver} is sending: {bytes} not acknowledged");
                }
                Broken::Late => {
                    write!(sentence, "{sender} had closed already, and refuses the {bytes} that {receiver} still sent");
                }
                Broken::Middle => {
                    write!(
                        sentence,
                        "{sender} breaks the connection off without closing it; all that {receiver} sent had been acknowledged"
                    );
                }
                Broken::ByServer => {
                    write!(sentence, "{sender} breaks the connection off in the midst of it: what {receiver} sent may be unread");
                }
                Broken::Closing => {
                    write!(sentence, "{sender} ends with a reset: all that {receiver} sent was acknowledged, nothing is wrong");
                }
            }
        }
        HandshakeFacts::Closed { first, second } => {
            let (first, second) = (sentence.host(*first), sentence.host(*second));
            write!(sentence, "{first} closed first, now {second}: the first keeps its port for a while (TIME_WAIT)");
        }
    }
}

/// What became of what is not open.
fn say_others(sentence: &mut Sentence<'_>, refused: u64, silent: u64) {
    if refused > 0 {
        write!(sentence, ", {} refused", Grouped(refused));
    }
    if silent > 0 {
        write!(sentence, ", {} silent", Grouped(silent));
    }
}

/// How many are: `none is`, `1 is`, `3 are`.
struct Are(u64);

impl fmt::Display for Are {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => formatter.write_str("none is"),
            1 => formatter.write_str("1 is"),
            many => write!(formatter, "{} are", Grouped(many)),
        }
    }
}

/// From how many addresses: `1 address`, `300 addresses`.
struct Addresses(u64);

impl fmt::Display for Addresses {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", Grouped(self.0), if self.0 == 1 { "address" } else { "addresses" })
    }
}

/// Waits in milliseconds: `213 ms, 1.018 s and 2.016 s`.
pub(super) fn say_waits(sentence: &mut Sentence<'_>, waits: &[u64]) {
    sentence.list(waits.iter().map(|wait| match wait {
        0..1_000 => format!("{wait} ms"),
        _ => Took(i64::try_from(*wait).unwrap_or(i64::MAX).saturating_mul(1_000_000)).to_string(),
    }));
}
