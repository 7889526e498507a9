//! Notes on checksums, in words.

use crate::explain::{ChecksumFacts, Filled};
use crate::render::sentence::{Counted, Grouped, Sentence};

/// Says what a note on checksums states. Hosts are told by their addresses: of those that have one name, as over IPv4 and IPv6, each is counted by
/// itself.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &ChecksumFacts) {
    match facts {
        ChecksumFacts::Offload { host, protocol, sent, right, filled, .. } => {
            let (protocol, host) = (protocol_word(protocol), *host);
            match filled {
                Filled::Never => {
                    write!(sentence, "{host}'s {protocol} checksums were never filled in: ");
                    match sent {
                        1 => sentence.say("the only one"),
                        _ => write!(sentence, "all {}", Grouped(*sent)),
                    }
                    return sentence.say(" passed a router like this, as in a virtual network");
                }
                Filled::InDoubt => {
                    match (sent, right) {
                        (1, 0) => write!(sentence, "the only {protocol} checksum that {host} sent is wrong: "),
                        (_, 0) => write!(sentence, "all {} {protocol} checksums that {host} sent are wrong: ", Grouped(*sent)),
                        (1, _) => write!(sentence, "1 of {} {protocol} checksums that {host} sent is wrong: ", Grouped(sent + right)),
                        _ => {
                            let (sent, all) = (Grouped(*sent), Grouped(sent + right));
                            write!(sentence, "{sent} of {all} {protocol} checksums that {host} sent are wrong: ");
                        }
                    }
                    return sentence.say("filled in later, or never");
                }
                Filled::Later => {}
            }
            write!(sentence, "{host}'s network card fills in {protocol} checksums later: ");
            match (sent, right) {
                (1, 0) => sentence.say("the only one is wrong here"),
                (_, 0) => write!(sentence, "all {} are wrong here", Grouped(*sent)),
                _ => write!(sentence, "{} of {} are wrong here", Grouped(*sent), Grouped(sent + right)),
            }
        }
        // A fault on the way does not strike them all.
        ChecksumFacts::Bad { host, protocol, bad: bad @ 3.., verified } if bad == verified => {
            let (protocol, host) = (protocol_word(protocol), *host);
            write!(sentence, "all {} {protocol} checksums that {host} sent are wrong: ", Grouped(*bad));
            sentence.say("filled in after the capture, or changed in the file");
        }
        ChecksumFacts::Bad { host, protocol, bad, verified } => {
            let (protocol, host) = (protocol_word(protocol), *host);
            write!(sentence, "{} of {} {protocol} checksums that {host} sent ", Grouped(*bad), Grouped(*verified));
            sentence.say(if *bad == 1 { "is wrong: " } else { "are wrong: " });
            sentence.say("a receiver drops what comes to it like this");
        }
        // Nobody says of the others whether they were right: those with nothing to acknowledge, mostly.
        ChecksumFacts::Changed { host, protocol, bad, taken, verified } if bad > taken => {
            let (protocol, host) = (protocol_word(protocol), *host);
            match bad == verified {
                true => write!(sentence, "all {} {protocol} checksums of {host} are wrong here", Grouped(*bad)),
                false => write!(sentence, "{} of {} {protocol} checksums of {host} are wrong here", Grouped(*bad), Grouped(*verified)),
            }
            write!(sentence, ", and {} of those ", Grouped(*taken));
            sentence.say(if *taken == 1 {
                "was right on the wire: the receiver took it"
            } else {
                "were right on the wire: the receiver took them"
            });
        }
        ChecksumFacts::Changed { host, protocol, taken, verified, .. } => {
            let (protocol, host) = (protocol_word(protocol), *host);
            write!(sentence, "{} of {} {protocol} checksums of {host} ", Grouped(*taken), Grouped(*verified));
            sentence.say(if *taken == 1 {
                "is wrong here and was right on the wire: the receiver took it"
            } else {
                "are wrong here and were right on the wire: the receiver took them"
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
