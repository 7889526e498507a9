//! Notes on checksums, in words.

use crate::explain::ChecksumFacts;
use crate::render::sentence::{Counted, Grouped, Sentence};

/// Says what a note on checksums states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &ChecksumFacts) {
    match facts {
        ChecksumFacts::Offload { host, protocol, sent, received, partial, right } => {
            let (protocol, host) = (protocol_word(protocol), sentence.host(*host));
            match sent {
                _ if *right > 0 => {
                    write!(sentence, "{} of {} {protocol} checksums that {host} sent ", Grouped(*sent), Grouped(sent + right));
                    sentence.say(if *sent == 1 { "is wrong" } else { "are wrong" });
                }
                1 => write!(sentence, "the one {protocol} checksum that {host} sent is wrong"),
                _ => write!(sentence, "all {} {protocol} checksums that {host} sent are wrong", Grouped(*sent)),
            }
            match received {
                0 => {}
                1 => sentence.say(" and the one that it received is right"),
                _ => write!(sentence, " and all {} that it received are right", Grouped(*received)),
            }
            if *partial > 0 {
                sentence.say(match *sent {
                    1 => ", and it holds",
                    sent if sent == *partial => ", and each holds",
                    _ => ", and some hold",
                });
                sentence.say(if protocol == "IPv4" { " 0" } else { " the sum of the addresses alone" });
            }
            sentence.say(": its network card fills them in later");
        }
        ChecksumFacts::Bad { host, protocol, bad, verified } => {
            let (protocol, host) = (protocol_word(protocol), sentence.host(*host));
            write!(sentence, "{} of {} {protocol} checksums that {host} sent ", Grouped(*bad), Grouped(*verified));
            sentence.say(match bad {
                1 => "is wrong: a receiver drops such a packet, unless it was changed only after it was captured",
                _ => "are wrong: a receiver drops such packets, unless they were changed only after they were captured",
            });
        }
        ChecksumFacts::HostsBeyondLimit { limit, bad } => {
            write!(sentence, "checksums were counted for the first {} alone; of the others {} ", Counted(*limit, "host"), Grouped(*bad));
            sentence.say(if *bad == 1 { "was wrong, and was" } else { "were wrong, and were" });
            sentence.say(" judged without asking for the network card");
        }
    }
}

fn protocol_word(name: &'static str) -> &'static str {
    crate::dissect::registry::protocol_named(name).map_or(name, |protocol| protocol.label)
}
