//! Notes on how TCP conversations begin and end, in words.

use crate::explain::{Broken, Forgotten, HandshakeFacts, Offer};
use crate::render::sentence::{Counted, Sentence, Took};

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &HandshakeFacts) {
    match facts {
        HandshakeFacts::ThreeWay { client, server, offers, round_trip } => {
            let (client, host) = (sentence.host(*client), sentence.host(server.ip()));
            write!(sentence, "{client} and {host} port {} are connected: SYN, SYN/ACK, ACK", server.port());
            if let Some(round_trip) = round_trip {
                write!(sentence, " in {}", Took(*round_trip));
            }
            say_offers(sentence, offers);
        }
        HandshakeFacts::Refused { client, server } => {
            let (client, host) = (sentence.host(*client), sentence.host(server.ip()));
            write!(sentence, "{host} refuses {client}: nobody listens on port {}, or a firewall says so", server.port());
        }
        HandshakeFacts::Silence { client, server, waits, is_up } => {
            let (client, host) = (sentence.host(*client), sentence.host(server.ip()));
            write!(sentence, "{host} port {} does not answer {client}, ", server.port());
            write!(sentence, "which asked {} times (again after ", waits.len() + 1);
            say_waits(sentence, waits);
            sentence.say(match is_up {
                true => "): it is up, so a firewall or a full queue drops this",
                false => "): it is down, out of reach, or a firewall drops this",
            });
        }
        HandshakeFacts::Repeated { answer: false, sender, receiver, waits, .. } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender}'s SYN was answered only when it was sent again, after ");
            say_waits(sentence, waits);
            write!(sentence, ": it or {receiver}'s answer was lost, or {receiver} had no room for it");
        }
        HandshakeFacts::Repeated { answer: true, sender, receiver, waits, acknowledged } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} sends its SYN/ACK again after ");
            say_waits(sentence, waits);
            match acknowledged {
                true => {
                    write!(sentence, ", though {receiver} acknowledged it: that was lost, or {sender} has no room for the connection yet")
                }
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
            write!(sentence, "{} after the last frame of the earlier connection: this is a new one", Took(*after));
        }
        HandshakeFacts::PortsExhausted { client, server, lowest, highest, ports, over, pause } => {
            let (client, host) = (sentence.host(*client), sentence.host(server.ip()));
            write!(
                sentence,
                "{client} used {} ({lowest}-{highest}) for {host} port {} in {}",
                Counted(*ports, "port"),
                server.port(),
                Took(*over)
            );
            match pause {
                Some(pause) => write!(sentence, ", opened nothing for {}, then took the same: it had none left", Took(*pause)),
                None => sentence.say(", and none is free again: these are all that its system has"),
            }
        }
        HandshakeFacts::HalfOpen { forgetful, other, how, idle } => {
            let (forgetful, other) = (sentence.host(*forgetful), sentence.host(*other));
            match how {
                Forgotten::Reset => {
                    write!(sentence, "{forgetful} resets a connection that {other} took for open ");
                    write!(sentence, "(silent for {}): {forgetful} no longer knows it", Took(*idle));
                }
                Forgotten::Called => {
                    write!(sentence, "{forgetful} calls anew on a connection that {other} takes for open, ");
                    write!(sentence, "and {other} answers for the old one: {forgetful} no longer knows it");
                }
            }
        }
        HandshakeFacts::Gone { asking, silent, times, given_up } => {
            let (asking, silent) = (sentence.host(*asking), sentence.host(*silent));
            write!(sentence, "{silent} answered none of {asking}'s {}: ", Counted(*times, "keep-alive"));
            sentence.say(match given_up {
                true => "the connection is given up",
                false => "it is gone, or the way to it is cut",
            });
        }
        HandshakeFacts::HalfClosed { finished, open, since } => {
            let (finished, open) = (sentence.host(*finished), sentence.host(*open));
            write!(sentence, "{finished} has closed its side, {open} has not for {}: ", Took(*since));
            write!(sentence, "its program did not close its socket, or the end was not captured");
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
                Broken::Closing => {
                    write!(sentence, "{sender} ends with a reset: all that {receiver} sent was acknowledged, so that nothing is wrong");
                }
            }
        }
        HandshakeFacts::Closed { first, second } => {
            let (first, second) = (sentence.host(*first), sentence.host(*second));
            write!(
                sentence,
                "{first} closed first, now {second} does: the connection ends, and {first} keeps its port for a while (TIME_WAIT)"
            );
        }
    }
}

/// What both sides offered: what is the same is said once.
fn say_offers(sentence: &mut Sentence<'_>, offers: &[Offer; 2]) {
    let [client, server] = offers;
    match (client.segment_size, server.segment_size) {
        (Some(one), Some(other)) if one == other => write!(sentence, "; MSS {one}"),
        (Some(one), Some(other)) => write!(sentence, "; MSS {one} and {other}"),
        _ => {}
    }
    if let (Some(one), Some(other)) = (client.window_shift, server.window_shift) {
        let (one, other) = (1u32 << one.min(14), 1u32 << other.min(14));
        match one == other {
            true => write!(sentence, ", windows times {one}"),
            false => write!(sentence, ", windows times {one} and {other}"),
        }
    }
    let both = |word, has: fn(&Offer) -> bool| (has(client) && has(server)).then_some(word);
    let understood = [both("SACK", |offer| offer.selective), both("timestamps", |offer| offer.timestamps)];
    if understood.iter().any(Option::is_some) {
        sentence.say(", both have ");
        sentence.list(understood.into_iter().flatten());
    }
}

/// Waits in milliseconds: `213 ms, 1.018 s and 2.016 s`.
pub(super) fn say_waits(sentence: &mut Sentence<'_>, waits: &[u64]) {
    sentence.list(waits.iter().map(|wait| match wait {
        0..1_000 => format!("{wait} ms"),
        _ => Took(i64::try_from(*wait).unwrap_or(i64::MAX).saturating_mul(1_000_000)).to_string(),
    }));
}
