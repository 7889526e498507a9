//! Notes on what TCP sent again, and why it waited, in words.

use super::handshake::say_waits;
use crate::explain::{Counts, LossFacts, Place, Proof};
use crate::render::sentence::{Counted, Grouped, Sentence, Took};

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &LossFacts) {
    match facts {
        LossFacts::Lost { sender, receiver, bytes, hole, place, wait, .. } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{} from {sender} to {receiver} were lost ", Counted(*bytes, "byte"));
            sentence.say(match place {
                Place::Before => "before this place",
                Place::Behind => "behind this place",
                Place::Unknown => "on the way",
            });
            match wait {
                Some(wait) => write!(sentence, ", sent again after {}", Took(*wait)),
                None => sentence.say(", and sent again"),
            }
            if let Some(hole) = hole {
                write!(sentence, ", of {} that {receiver} lacked", Grouped(*hole));
            }
        }
        LossFacts::Unheard { sender, bytes, is_captured, .. } => {
            let sender = sentence.host(*sender);
            write!(sentence, "{sender} sent {} again that had arrived: ", Counted(*bytes, "byte"));
            sentence.say(match is_captured {
                true => "the ACK was lost behind this place",
                false => "the ACK was lost before this place",
            });
        }
        LossFacts::Spurious { sender, receiver, bytes, proof } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} sent {} again that were not lost: ", Counted(*bytes, "byte"));
            match proof {
                Proof::Reported => write!(sentence, "{receiver} got them twice"),
                Proof::Clock => write!(sentence, "{receiver} acknowledged the first copy"),
                Proof::TooSoon => write!(sentence, "{receiver} answered too soon for the second copy"),
                Proof::Crossed => write!(sentence, "{receiver}'s acknowledgement was on its way"),
            }
        }
        LossFacts::Fast { sender, receiver, duplicates } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{receiver} said {} times what it lacks: ", Grouped(*duplicates));
            write!(sentence, "{sender} sends it again");
        }
        LossFacts::Timeout { sender, receiver, bytes, waits, answered } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} sent {} again after ", Counted(*bytes, "byte"));
            match &**waits {
                [first, _, .., last] => {
                    say_waits(sentence, &[*first]);
                    sentence.say(", .., ");
                    say_waits(sentence, &[*last]);
                }
                waits => say_waits(sentence, waits),
            }
            match answered {
                Some(true) => write!(sentence, ", until {receiver} acknowledged them"),
                Some(false) => write!(sentence, ", and {receiver} never acknowledged them"),
                None => write!(sentence, "; what {receiver} acknowledged is not in the capture"),
            }
        }
        LossFacts::Probe { sender, receiver } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} sends its last segment again to make {receiver} say what arrived");
        }
        LossFacts::Order { sender, receiver } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "a segment from {sender} to {receiver} was overtaken by what was sent after it: nothing was lost");
        }
        LossFacts::Full { receiver, sender, took, times, longest } => {
            let (receiver, sender) = (sentence.host(*receiver), sentence.host(*sender));
            write!(sentence, "{receiver} could take no more");
            match (took, times) {
                (Some(took), 2..) => {
                    let (all, longest) = (Took(*took), Took(*longest));
                    write!(sentence, " {}, for {all} in all (the longest {longest})", Counted(*times, "time"));
                }
                (Some(took), _) => write!(sentence, " for {}", Took(*took)),
                (None, _) => sentence.say(" up to the end"),
            }
            write!(sentence, ": its program reads too slowly, {sender} must not send");
        }
        LossFacts::Nagle { sender, receiver, wait } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "Nagle held {sender}'s segment for {}, until {receiver}'s delayed ACK", Took(*wait));
        }
        LossFacts::Alive { asking, asked } => {
            let (asking, asked) = (sentence.host(*asking), sentence.host(*asked));
            write!(sentence, "a keep-alive: {asking} asks whether {asked} still has the connection; nothing was lost");
        }
        LossFacts::Summary { sender, receiver, frames, counts } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} sent {} to {receiver} again, of {}", Counted(counts.again, "segment"), Counted(*frames, "frame"));
            say_counts(sentence, counts);
        }
    }
}

/// Why segments were sent again, as far as that is known.
fn say_counts(sentence: &mut Sentence<'_>, counts: &Counts) {
    let known = [
        (counts.lost, "lost"),
        (counts.unheard, "not heard of"),
        (counts.spurious, "not lost"),
        (counts.unanswered, "with no acknowledgement here"),
    ];
    let mut first = true;
    for (count, word) in known.into_iter().filter(|(count, _)| *count > 0) {
        write!(sentence, "{}{} {word}", if first { ": " } else { ", " }, Grouped(count));
        first = false;
    }
}
