//! What is in the air of a wireless network, in words.

use super::event::say_times;
use super::words::say_frames;
use crate::explain::story::{AccessPoint, Joining, Protection};
use crate::render::note::{reason_words, status_words};
use crate::render::sentence::{Counted, Link, Sentence, Shown};

/// Says what an access point tells of its network.
pub(super) fn say_access_point(sentence: &mut Sentence<'_>, told: &AccessPoint, frame: u64) {
    write!(sentence, "The access point {} told everybody of ", Link(told.address));
    match &told.name {
        Some(name) => write!(sentence, "its wireless network {}", Shown(name)),
        None => sentence.say("a wireless network whose name it hides"),
    }
    if let Some(channel) = told.channel {
        write!(sentence, ", on channel {channel}");
    }
    sentence.say(match told.protection {
        Protection::Open => ", which encrypts nothing",
        Protection::Wep => ", protected by WEP, which is broken",
        Protection::Wpa => ", protected by WPA",
        Protection::Wpa2 => ", protected by WPA2",
        Protection::Wpa3 => ", protected by WPA3",
    });
    say_times(sentence, told.times);
    say_frames(sentence, &[frame]);
    sentence.say(".");
}

/// Says who joined a network, how far it came, and who ended it.
pub(super) fn say_joining(sentence: &mut Sentence<'_>, joining: &Joining) {
    let Joining { station, access_point, name, known, asked, answers: [authenticated, associated], keys, agreed, is_inferred, farewell } =
        joining;
    let is_yes = |answer: &Option<(u16, u64)>| matches!(answer, Some((0, _)));
    match (known, authenticated, asked, associated) {
        (None, None, None, None) if *station == [0xff; 6] => {
            write!(sentence, "The access point {} spoke to all of its stations.", Link(*access_point));
        }
        (None, None, None, None) => {
            write!(sentence, "The station {} and the access point {} know each other; ", Link(*station), Link(*access_point));
            sentence.say("how they met is not in the capture.");
        }
        (known, authenticated, asked, associated) => {
            write!(sentence, "The station {} asked the access point {} to let it in", Link(*station), Link(*access_point));
            if let Some(name) = name {
                write!(sentence, " to the network {}", Shown(name));
            }
            if matches!(known, Some((_, true))) {
                sentence.say(", by a shared key");
            }
            let refused = [(authenticated, "to its first request"), (associated, "to the second")]
                .into_iter()
                .find_map(|(answer, which)| answer.filter(|(status, _)| *status != 0).map(|(status, _)| (status, which)));
            let frames: Vec<u64> =
                [known.map(|(frame, _)| frame), authenticated.map(|(_, frame)| frame), *asked, associated.map(|(_, frame)| frame)]
                    .into_iter()
                    .flatten()
                    .collect();
            match refused {
                Some((status, which)) => write!(sentence, ". The answer {which} is no: {} (status {status})", status_words(status)),
                None if is_yes(associated) => sentence.say(", and it did"),
                None if is_yes(authenticated) && asked.is_none() => sentence.say(", which knows it now; more of it is not in the capture"),
                None => sentence.say("; the capture shows no answer"),
            }
            say_frames(sentence, &frames);
            sentence.say(".");
        }
    }
    match (keys, agreed) {
        ([0, _], _) => {}
        (_, [Some(begun), replied, Some(proved)]) => {
            let frames: Vec<u64> = [Some(*begun), *replied, Some(*proved)].into_iter().flatten().collect();
            if *is_inferred {
                sentence.say(" Both have the same key (inferred from frames ");
                sentence.list(&frames);
                write!(
                    sentence,
                    "): frame {proved} is only sent once they do, and more of the proof is not in the capture. It is on the network."
                );
            } else {
                sentence.say(" Both proved that they have the same key");
                say_frames(sentence, &frames);
                sentence.say(": it is on the network.");
            }
        }
        ([begun, answered], _) => {
            let (begun, answered) = (Counted(*begun, "time"), Counted(*answered, "time"));
            write!(sentence, " The access point began to agree on keys {begun}, the station answered {answered}, and it came to nothing.");
        }
    }
    if let Some((frame, is_station, reason)) = farewell {
        sentence.say(if *is_station { " The station left" } else { " The access point ended it" });
        match reason {
            // These only say that who sends it leaves.
            Some(reason @ (3 | 8)) => write!(sentence, " (reason {reason})"),
            Some(reason) => write!(sentence, ": {} (reason {reason})", reason_words(*reason)),
            None => {}
        }
        say_frames(sentence, &[*frame]);
        sentence.say(".");
    }
}
