//! Pings in words.

use super::event::say_times;
use super::held;
use super::words::{Measured, Who, say_frames};
use crate::conversation::Names;
use crate::explain::story::{Clock, Event, Ping, What};
use crate::render::sentence::{Counted, Sentence, Took};

/// Tells of pings: those to one host, and those to everybody.
pub(super) fn say(sentence: &mut Sentence<'_>, names: &Names, clock: &Clock, event: &Event, ping: &Ping, alike: &[&Event]) {
    let Ping {
        asker, target, mut asked, mut again, frames: mut all, mut answered, answer, mut others, of_all, mut took, objection, ..
    } = *ping;
    for event in alike {
        if let What::Pinged(other) = &event.what {
            asked += other.asked;
            again += other.again;
            all += other.frames;
            answered += other.answered;
            others += other.others;
            took = match (took, other.took) {
                (Some([a, b]), Some([c, d])) => Some([a.min(c), b.max(d)]),
                (first, second) => first.or(second),
            };
        }
    }
    if let Some(question) = of_all.filter(|_| asked == 0) {
        let pings = Counted(answered, "ping");
        write!(sentence, "{} answered {pings} that {} sent to everybody", Who(target, names), Who(asker, names));
        say_frames(sentence, &[Some(question), answer].into_iter().flatten().collect::<Vec<_>>());
        return sentence.say(".");
    }
    if others > 0 && answered == 0 {
        write!(sentence, "{} asked everybody who hears {target} whether they are there (ping)", Who(asker, names));
        say_times(sentence, asked);
        write!(sentence, "{}{} came", if asked > 1 { ", and " } else { " and " }, Counted(others, "answer"));
        say_frames(sentence, &[event.frame]);
        return sentence.say(".");
    }
    if asked == 0 {
        write!(
            sentence,
            "{} answered {} of {}, which the capture does not show",
            Who(target, names),
            Counted(answered, "ping"),
            Who(asker, names)
        );
    } else {
        write!(sentence, "{} asked {} whether it is there (ping)", Who(asker, names), Who(target, names));
        say_times(sentence, asked);
        if answered == 0 {
            held::unanswered(sentence, names, objection, &[event.frame]);
            sentence.say(".");
            return say_again(sentence, asked, again, all);
        }
        sentence.say(if asked > 1 { ", and " } else { " and " });
        match answered {
            1 if asked == 1 => sentence.say("got its answer"),
            _ if answered > asked => {
                let lacking = Counted(answered - asked, "question");
                write!(sentence, "got {} (the capture lacks {lacking})", Counted(answered, "answer"));
            }
            _ if answered == asked => write!(sentence, "got {}", Counted(answered, "answer")),
            _ => write!(sentence, "got only {}", Counted(answered, "answer")),
        }
    }
    if let Some([shortest, longest]) = took.filter(|_| clock.step != Some(0)) {
        write!(sentence, ", after {}", Measured(shortest, clock));
        if longest != shortest {
            write!(sentence, " to {}", Took(longest));
        }
    }
    let mut frames: Vec<u64> = [Some(event.frame), answer].into_iter().flatten().collect();
    frames.dedup();
    sentence.say(if asked > 1 && frames.len() == 2 { "; the first pair is shown by" } else { "" });
    say_frames_after(sentence, &frames, asked > 1 && frames.len() == 2);
    sentence.say(".");
    say_again(sentence, asked, again, all);
}

/// Says that the capture saw packets more than once.
fn say_again(sentence: &mut Sentence<'_>, asked: u64, again: u64, all: u64) {
    match (asked, again) {
        (_, 0) => {}
        (1, _) if all == again + 1 => write!(sentence, " The packet came by {}.", Counted(again + 1, "time")),
        _ => write!(sentence, " The capture shows some of these packets more than once: {} in all.", Counted(all, "frame")),
    }
}

/// Appends frames in parentheses, or as the end of a clause.
fn say_frames_after(sentence: &mut Sentence<'_>, frames: &[u64], clause: bool) {
    if clause {
        sentence.say(" frames ");
        sentence.list(frames);
    } else {
        say_frames(sentence, frames);
    }
}
