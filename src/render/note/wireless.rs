//! Notes on wireless networks, in words.

use crate::explain::{Step, WirelessFacts};
use crate::render::sentence::{Counted, Link, Sentence};

/// Says what a note on this subject states.
pub(super) fn say(sentence: &mut Sentence<'_>, facts: &WirelessFacts) {
    match facts {
        WirelessFacts::KeysFailed { station, access_point, answered: 0, .. } => {
            write!(sentence, "{} and {} agree on no key: the station answers nothing", Link(*station), Link(*access_point));
        }
        WirelessFacts::KeysFailed { station, access_point, .. } => {
            write!(sentence, "{} and {} agree on no key: likely a wrong passphrase", Link(*station), Link(*access_point));
        }
        WirelessFacts::Refused { station, access_point, step, status } => {
            let step = if *step == Step::Authentication { "authentication" } else { "association" };
            write!(sentence, "{} refuses the {step} of {}: {}", Link(*access_point), Link(*station), status_words(*status));
            write!(sentence, " (status {status})");
        }
    }
}

/// Appends what else is known.
pub(super) fn say_more(sentence: &mut Sentence<'_>, facts: &WirelessFacts) {
    if let WirelessFacts::KeysFailed { station, access_point, begun, answered, reason, .. } = facts {
        if *answered == 0 {
            write!(sentence, " {} began {}. ", Link(*access_point), Counted(*begun, "time"));
            return sentence.say("The station does not hear it, or nobody hears the station: it is too far away, or disturbed.");
        }
        let (begun, answered) = (Counted(*begun, "time"), Counted(*answered, "time"));
        write!(sentence, " {} began {begun}, {} answered {answered}, and ", Link(*access_point), Link(*station));
        sentence.say("no answer was taken for a proof that both have the same key.");
        if let Some(reason) = reason {
            write!(sentence, " The end: {} (reason {reason}).", reason_words(*reason));
        }
    }
}

/// What a status says (IEEE 802.11-2020 table 9-50).
pub(in crate::render) fn status_words(status: u16) -> &'static str {
    match status {
        1 => "no reason is given",
        10 => "not all that is asked for",
        11 => "it does not know it from before",
        12 => "no reason of the standard",
        13 => "not in this way",
        14 => "a message came out of order",
        15 => "the key is another than its own",
        16 => "the station took too long",
        17 => "it has no room for another station",
        18 => "a rate is lacking",
        19 => "short preambles are lacking",
        22 => "spectrum management is lacking",
        23 => "its power does not suit",
        24 => "its channels do not suit",
        25 => "short slot times are lacking",
        27 => "802.11n (HT) is lacking",
        28 => "the holder of the key cannot be reached",
        30 => "not now, later",
        31 => "it must protect its frames",
        32 => "the quality of service failed",
        33 => "there is too little bandwidth",
        34 => "the channel is too poor",
        35 => "quality of service is lacking",
        37 => "the request was declined",
        38 => "a parameter is not valid",
        39 => "not as asked, but with changes",
        40 => "an element is not valid",
        41 => "not with this cipher for groups",
        42 => "not with this cipher for pairs",
        43 => "not with keys made in this way",
        44 => "not with this version of security",
        45 => "the security that it can do is not valid",
        46 => "a rule is against this cipher",
        47 => "it must wait first",
        51 => "it would sleep for too long",
        53 => "it knows no such key",
        54 => "it names another domain to move in",
        55 => "the element for a fast move is not valid",
        76 => "it must show first that it hears the answer",
        77 => "not with this finite group",
        _ => "for a reason that has no words here",
    }
}

/// What a reason says (IEEE 802.11-2020 table 9-49).
pub(in crate::render) fn reason_words(reason: u16) -> &'static str {
    match reason {
        1 => "no reason is given",
        2 => "the earlier authentication is not valid any more",
        3 => "the station leaves",
        4 => "the station was silent for too long",
        6 => "a frame came that only who is authenticated may send",
        7 => "a frame came that only who is associated may send",
        8 => "the station leaves for another access point",
        13 => "an element is not valid",
        14 => "a message's check does not fit its key",
        15 => "the four-way handshake took too long",
        16 => "the handshake on the group's key took too long",
        17 => "the handshake names another network than the beacon",
        23 => "802.1X did not let the station in",
        _ => "for a reason that has no words here",
    }
}
