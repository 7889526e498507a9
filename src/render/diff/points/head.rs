//! What is compared, and which question that answers.

use super::translation::relays;
use super::{Compared, SIDES, SIGNS, Telling, role};
use crate::conversation::Names;
use crate::diff::point::Point;
use crate::limits::Limits;
use crate::render::escape;
use crate::render::sentence::{Counted, Grouped, Sentence};
use crate::render::time::{Clock, Precision, TimeForm};

/// Appends the first line, and one for each capture.
pub(super) fn push(out: &mut Vec<u8>, compared: &Compared<'_>, telling: &Telling<'_>) {
    push_question(out, compared);
    for (side, sign) in SIGNS.into_iter().enumerate() {
        telling.palette.paint(out, role(side), |out| {
            (0..3).for_each(|_| out.extend_from_slice(sign.as_bytes()));
            out.push(b' ');
            escape::push_message(out, compared.titles[side]);
        });
        push_counts(out, compared.points[side], compared.names[side]);
    }
}

fn push_question(out: &mut Vec<u8>, compared: &Compared<'_>) {
    let pairing = &compared.hop.pairing;
    let both = pairing.pairs.len() as u64;
    let mut sentence = Sentence::new(out, compared.names[0]);
    sentence.say(if compared.is_forced { "points, as asked: " } else { "points: " });
    let empty = [0, 1].map(|side| compared.points[side].frames == 0);
    match empty {
        [true, true] => sentence.say("both captures hold no frames"),
        [true, false] => push_nothing(&mut sentence, compared.points, 0),
        [false, true] => push_nothing(&mut sentence, compared.points, 1),
        [false, false] if compared.is_unrelated() => {
            sentence.say("the captures are unrelated: no conversation of one is in the other");
            if both > 0 {
                let (frames, are) = (Counted(both, "frame"), if both == 1 { "is" } else { "are" });
                write!(sentence, "; {frames} of the link {are}, as of many captures");
            }
        }
        [false, false] => {
            sentence.say("the same traffic at two places: ");
            match both {
                0 => sentence.say("no packet is in both"),
                1 => sentence.say("1 packet is in both"),
                both => write!(sentence, "{} are in both", Counted(both, "packet")),
            }
            match compared.judgement.shared {
                0 => {}
                shared if shared == both => sentence.say(", by numbers that do not meet by chance"),
                shared => write!(sentence, ", {} by numbers that do not meet by chance", Grouped(shared)),
            }
            match pairing.recut.len() as u64 {
                0 => {}
                1 => sentence.say("; one stretch of bytes is in other segments"),
                stretches => write!(sentence, "; {} stretches of bytes are in other segments", Grouped(stretches)),
            }
            match relays(compared).count() as u64 {
                0 => {}
                1 => sentence.say("; one connection goes on as another"),
                connections => write!(sentence, "; {} connections go on as others", Grouped(connections)),
            }
        }
    }
    out.push(b'\n');
}

/// Says that a capture holds nothing, or nothing that passes the filter.
pub(super) fn push_nothing(sentence: &mut Sentence<'_>, points: [&Point; 2], side: usize) {
    let name = SIDES[side];
    match points[side].captured.frames {
        0 => write!(sentence, "the {name} capture holds no frames"),
        1 => write!(sentence, "the 1 frame of the {name} capture does not pass the filter"),
        frames => write!(sentence, "none of the {} frames of the {name} capture passes the filter", Grouped(frames)),
    }
}

/// Appends what a capture holds, and what is to be known about it.
pub(super) fn push_counts(out: &mut Vec<u8>, point: &Point, names: &Names) {
    let mut sentence = Sentence::new(out, names);
    write!(sentence, "  {}", Counted(point.frames, "frame"));
    if !point.conversations.is_empty() {
        write!(sentence, ", {}", Counted(point.conversations.len() as u64, "conversation"));
    }
    if let Some([first, last]) = point.times() {
        sentence.say(", ");
        Clock::new(TimeForm::DateAndTime, Precision::Microseconds).push(sentence.out(), Some(first));
        if last != first {
            sentence.say(" to ");
            // The day is said again where it is another one.
            let days = [first, last].map(|time| time.nanoseconds().div_euclid(86_400_000_000_000));
            let form = if days[0] == days[1] { TimeForm::TimeOfDay } else { TimeForm::DateAndTime };
            Clock::new(form, Precision::Microseconds).push(sentence.out(), Some(last));
        }
        sentence.say(" UTC");
    }
    sentence.say("\n");
    for (count, one, many) in [
        (point.repeated, "frame is there twice and counts once", "frames are there twice and count once"),
        (point.unreadable, "frame is too damaged to be compared", "frames are too damaged to be compared"),
        (
            point.captured.dropped,
            "frame was dropped by this capture itself: what is missing here may be that one",
            "frames were dropped by this capture itself: what is missing here may be those",
        ),
    ] {
        if count > 0 {
            writeln!(sentence, "    {} {}", Grouped(count), if count == 1 { one } else { many });
        }
    }
    if point.left_out > 0 {
        writeln!(
            sentence,
            "    {} behind the first {} {} not compared",
            Counted(point.left_out, "packet"),
            Grouped(Limits::SIGHTINGS as u64),
            if point.left_out == 1 { "is" } else { "are" }
        );
    }
}
