//! Notes on what is an artefact of where and how the capture was made, in words.

use crate::explain::{CaptureFacts, Offload, Twice};
use crate::render::sentence::{Counted, Grouped, Sentence, Shown, Took};

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &CaptureFacts) {
    match facts {
        CaptureFacts::Segmentation { sender, receiver, length, limit, offload } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{}, where {} travel at once: ", Counted(*length, "byte"), Grouped(*limit));
            match offload {
                Offload::Sender => write!(sentence, "{sender}'s network card cuts them later"),
                Offload::Receiver => write!(sentence, "{receiver}'s network card joined them before"),
                Offload::Either => write!(sentence, "{sender}'s card cuts them, or {receiver}'s joined them"),
            }
        }
        CaptureFacts::Cut { limit, captured, length } => {
            write!(sentence, "the capture kept {} of the {} of this frame", Grouped(*captured), Counted(*length, "byte"));
            if limit == captured {
                sentence.say(", and no more of any");
            }
            sentence.say(": what came after them is not known");
        }
        CaptureFacts::Dropped { interface, by_interface, by_system, received } => {
            write!(sentence, "the capture lacks {}", Counted(by_interface.saturating_add(*by_system), "frame"));
            if *received > 0 {
                write!(sentence, " of the {} that came", Grouped(*received));
            }
            if !interface.is_empty() {
                write!(sentence, " on {}", Shown(interface));
            }
            sentence.say(match (by_interface, by_system) {
                (_, 0) => ": the interface dropped them, not fetched in time",
                (0, _) => ": the operating system dropped them, not fetched in time",
                _ => ": the interface and the system dropped them, not fetched in time",
            });
        }
        CaptureFacts::Missed { conversations, bytes } => write!(
            sentence,
            "{} in {} were acknowledged and are not in the capture: they were missed here",
            Counted(*bytes, "byte"),
            Counted(*conversations, "conversation")
        ),
        CaptureFacts::Begins { sender, receiver } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} and {receiver} were connected before this frame (no SYN): who called whom is a guess");
        }
        CaptureFacts::Ends { open: 1, conversations: 1 } => sentence.say("the TCP connection was still open when the capture ended"),
        CaptureFacts::Ends { open, conversations } => {
            let verb = if *open == 1 { "was" } else { "were" };
            write!(
                sentence,
                "{} of {} {verb} still open when the capture ended",
                Grouped(*open),
                Counted(*conversations, "TCP connection")
            );
        }
        CaptureFacts::OneWay { conversations, both, sender, receiver } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            match conversations {
                1 => write!(sentence, "of one TCP connection the capture has only what {sender} sent to {receiver}"),
                _ => write!(
                    sentence,
                    "of {} the capture has one direction only, first what {sender} sent to {receiver}",
                    Counted(*conversations, "TCP connection")
                ),
            }
            if *both > 0 {
                write!(sentence, ", and both directions of {}", Grouped(*both));
            }
        }
        CaptureFacts::Copies { twice, hop_limits: [first, second] } => match twice {
            Twice::Routed => write!(sentence, "the same packet before and after a router (TTL {first}, then {second}): it was sent once"),
            Twice::Interfaces => sentence.say("the same packet captured on two interfaces: it was sent once"),
            Twice::Mirrored => {
                sentence.say("the same frame captured twice: a switch mirrors both ports, or the network delivered it twice")
            }
            Twice::Link => sentence.say("the same packet captured at two places of the network: it was sent once"),
        },
        CaptureFacts::Backwards { times, farthest } => {
            write!(sentence, "{} {} ", Counted(*times, "frame"), if *times == 1 { "has" } else { "have" });
            write!(sentence, "an earlier time than the one before, by up to {}", Took(*farthest));
        }
        CaptureFacts::Coarse { step: 0, frames } => {
            write!(sentence, "all {} have the same time: what took how long is not known", Counted(*frames, "frame"));
        }
        CaptureFacts::Coarse { step, frames } => {
            write!(
                sentence,
                "the times of all {} are multiples of {}: anything shorter is not known",
                Counted(*frames, "frame"),
                Took(*step)
            );
        }
    }
}
