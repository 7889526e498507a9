//! Notes on what TCP sent again, and why it waited, in words.

use super::handshake::say_waits;
use crate::explain::{Counts, LossFacts, Place, Proof};
use crate::render::sentence::{Counted, Grouped, Sentence, Took};

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &LossFacts) {
    match facts {
        LossFacts::Lost { sender, receiver, bytes, place, asked, wait } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{} from {sender} to {receiver} were lost ", Counted(*bytes, "byte"));
            sentence.say(match place {
                Place::Before => "before this place",
                Place::Behind => "behind this place",
                Place::Unknown => "on the way",
            });
            if *asked {
                write!(sentence, ": {receiver} said that it lacks them");
            }
            match wait {
                Some(wait) => write!(sentence, "; they were sent again after {}", Took(*wait)),
                None => sentence.say("; they were sent again"),
            }
        }
        LossFacts::Unheard { sender, receiver, bytes, is_captured } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} sent {} again that had arrived at {receiver}: ", Counted(*bytes, "byte"));
            sentence.say(match is_captured {
                true => "the acknowledgement was lost behind this place",
                false => "the acknowledgement was lost before this place",
            });
        }
        LossFacts::Spurious { sender, receiver, bytes, proof } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} sent {} again that had not been lost: ", Counted(*bytes, "byte"));
            match proof {
                Proof::Reported => write!(sentence, "{receiver} reports that they came twice"),
                Proof::Clock => write!(sentence, "{receiver}'s acknowledgement echoes the time of the first copy"),
                Proof::TooSoon => write!(sentence, "{receiver}'s acknowledgement came too soon to be for the second copy"),
                Proof::Crossed => write!(sentence, "{receiver}'s acknowledgement was on its way"),
            }
        }
        LossFacts::Fast { sender, receiver, duplicates } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{receiver} acknowledged the same place {} times more, so something is missing: ", Grouped(*duplicates));
            write!(sentence, "{sender} sends it again before its timer ends");
        }
        LossFacts::Timeout { sender, receiver, bytes, waits, answered } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(sentence, "{sender} sent the same {} again after ", Counted(*bytes, "byte"));
            say_waits(sentence, waits);
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
        LossFacts::Full { receiver, sender, took } => {
            let (receiver, sender) = (sentence.host(*receiver), sentence.host(*sender));
            write!(sentence, "{receiver} could take no more, because its program does not read fast enough: {sender} had to wait ");
            match took {
                Some(took) => write!(sentence, "{}", Took(*took)),
                None => sentence.say("until the end of the capture"),
            }
        }
        LossFacts::Nagle { sender, receiver, wait } => {
            let (sender, receiver) = (sentence.host(*sender), sentence.host(*receiver));
            write!(
                sentence,
                "{sender} held a small segment until the one before was acknowledged, {receiver} delayed that by {}: ",
                Took(*wait)
            );
            sentence.say("TCP_NODELAY or one write saves the wait");
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
