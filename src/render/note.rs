//! Notes in words: one short sentence each, with the frames that prove it and its rule.

mod address;
mod capture;
mod checksum;
mod encoding;
mod fragments;
mod handshake;
mod hops;
mod http;
mod icmp;
mod login;
mod loss;
mod more;
mod mtu;
mod name;
mod route;
mod subnet;
mod wireless;

pub(super) use fragments::defect_words;
pub(super) use wireless::{reason_words, status_words};

use super::json::object::{Object, push_array};
use super::json::push_string;
use super::number::{push_address, push_decimal, push_mac};
use super::sentence::Sentence;
use super::style::{Palette, Role};
use crate::conversation::Names;
use crate::explain::{Certainty, Evidence, Fact, Facts, Note, Severity};
use std::ops::Range;

/// What stands before a note under a frame.
const UNDER: &[u8] = b"      ";
/// How many frames, or runs of them, a line names as the proof.
const RUNS: usize = 3;

/// Appends a note as a line of its own, behind all frames.
pub fn push_line(out: &mut Vec<u8>, note: &Note, names: &Names, palette: &Palette) {
    push(out, note, names, palette, None);
}

/// Appends a note as a line of its own under the frame of this number.
pub fn push_under(out: &mut Vec<u8>, frame: u64, note: &Note, names: &Names, palette: &Palette) {
    out.extend_from_slice(UNDER);
    push(out, note, names, palette, Some(frame));
}

/// Appends a note, as packet comments have it: `warning: .. [loss.lost]`.
pub fn push_comment(out: &mut Vec<u8>, frame: u64, note: &Note, names: &Names) {
    push(out, note, names, &Palette::plain(), Some(frame));
    out.pop();
}

/// Appends a note as a story tells it: what it says, its proof, and what else is known, in whole sentences.
pub(super) fn push_at_length(out: &mut Vec<u8>, note: &Note, names: &Names) {
    push_in_brief(out, note, names);
    more::say(&mut Sentence::new(out, names), &note.facts);
}

/// Appends a statement with its evidence, and no more.
pub(super) fn push_in_brief(out: &mut Vec<u8>, note: &Note, names: &Names) {
    push_statement(out, note, names);
    push_evidence(out, note, None, usize::MAX);
    out.push(b'.');
}

fn push(out: &mut Vec<u8>, note: &Note, names: &Names, palette: &Palette, frame: Option<u64>) {
    let (word, role) = match note.rule().severity {
        Severity::Information => ("note", Role::Dim),
        Severity::Warning => ("warning", Role::Warning),
        Severity::Problem => ("problem", Role::Error),
    };
    palette.paint(out, role, |out| {
        out.extend_from_slice(word.as_bytes());
        out.extend_from_slice(b": ");
        push_statement(out, note, names);
        push_evidence(out, note, frame, RUNS);
    });
    palette.paint(out, Role::Dim, |out| {
        out.extend_from_slice(b" [");
        out.extend_from_slice(note.rule().id.as_bytes());
        out.push(b']');
    });
    out.push(b'\n');
}

/// Appends what a note says, without its proof.
pub fn push_statement(out: &mut Vec<u8>, note: &Note, names: &Names) {
    let sentence = &mut Sentence::new(out, names);
    match &note.facts {
        Facts::Address(facts) => address::say(sentence, facts),
        Facts::Capture(facts) => capture::say(sentence, facts),
        Facts::Checksum(facts) => checksum::say(sentence, facts),
        Facts::Encoding(facts) => encoding::say(sentence, facts),
        Facts::Fragments(facts) => fragments::say(sentence, facts),
        Facts::Handshake(facts) => handshake::say(sentence, facts),
        Facts::Hops(facts) => hops::say(sentence, facts),
        Facts::Http(facts) => http::say(sentence, facts),
        Facts::Icmp(facts) => icmp::say(sentence, facts),
        Facts::Login(facts) => login::say(sentence, facts),
        Facts::Loss(facts) => loss::say(sentence, facts),
        Facts::Mtu(facts) => mtu::say(sentence, facts),
        Facts::Name(facts) => name::say(sentence, facts),
        Facts::Route(facts) => route::say(sentence, facts),
        Facts::Subnet(facts) => subnet::say(sentence, facts),
        Facts::Wireless(facts) => wireless::say(sentence, facts),
    }
}

/// Appends the frames that prove a note: ` (frames 3, 5-7)`. Not that it is the frame it stands under, where it is no other.
fn push_evidence(out: &mut Vec<u8>, note: &Note, under: Option<u64>, runs: usize) {
    let Evidence { frames, more } = &note.evidence;
    let is_own = under.is_some_and(|frame| *frames == [frame]) && *more == 0;
    let inferred = note.certainty == Certainty::Inferred;
    if frames.is_empty() || is_own {
        out.extend_from_slice(if inferred { b" (inferred)" } else { b"" });
        return;
    }
    out.extend_from_slice(if inferred { b" (inferred from frame" } else { b" (frame" });
    out.extend_from_slice(if frames.len() > 1 { b"s " } else { b" " });
    let mut rest = frames.as_slice();
    let mut named = 0;
    while let Some((first, behind)) = rest.split_first().filter(|_| named < runs) {
        named += 1;
        let follow = rest.windows(2).take_while(|pair| matches!(pair, [one, next] if one.checked_add(1) == Some(*next))).count();
        // Two in a row are no shorter as a range.
        let joined = if follow >= 2 { follow } else { 0 };
        out.extend_from_slice(if rest.len() == frames.len() { b"" } else { b", " });
        push_decimal(out, *first);
        rest = behind.get(joined..).unwrap_or_default();
        if let Some(last) = joined.checked_sub(1).and_then(|last| behind.get(last)) {
            out.push(b'-');
            push_decimal(out, *last);
        }
    }
    out.extend_from_slice(if *more > 0 || !rest.is_empty() { b", ..)" } else { b")" });
}

/// Appends notes as a JSON array.
pub fn push_json_array<'n>(out: &mut Vec<u8>, notes: impl IntoIterator<Item = &'n Note>, names: &Names) {
    push_array(out, notes, |out, note| push_json(out, note, names));
}

/// Appends a note as a JSON object.
pub fn push_json(out: &mut Vec<u8>, note: &Note, names: &Names) {
    let rule = note.rule();
    let mut object = Object::begin(out);
    object.string("rule", rule.id);
    object.string("severity", severity_word(rule.severity));
    object.boolean("inferred", note.certainty == Certainty::Inferred);
    let mut text = Vec::new();
    push_statement(&mut text, note, names);
    object.string("text", &String::from_utf8_lossy(&text));
    object.object("facts", |facts| note.facts.stated().members(&mut |name, fact| push_fact(facts, name, fact)));
    object.array("evidence", &note.evidence.frames, |out, frame| push_decimal(out, *frame));
    if note.evidence.more > 0 {
        object.number("more_evidence", note.evidence.more);
    }
    if let Some(conversation) = note.conversation {
        object.number("conversation", conversation);
    }
    if let Some(exchange) = note.exchange {
        object.number("exchange", exchange.into());
    }
    object.string("reference", rule.reference);
    object.end();
}

/// The word for a severity, for programs.
#[must_use]
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Information => "info",
        Severity::Warning => "warning",
        Severity::Problem => "problem",
    }
}

fn push_fact(object: &mut Object<'_>, name: &str, fact: Fact<'_>) {
    match fact {
        Fact::Number(number) => object.number(name, number),
        Fact::Numbers(numbers) => object.array(name, numbers, |out, number| push_decimal(out, *number)),
        Fact::Flag(flag) => object.boolean(name, flag),
        Fact::Address(address) => quoted(object.name(name), |out| push_address(out, address)),
        Fact::Addresses(addresses) => object.array(name, addresses, |out, address| quoted(out, |out| push_address(out, *address))),
        Fact::Prefix(prefix) => object.string(name, &prefix.to_string()),
        Fact::Link(address) => quoted(object.name(name), |out| push_mac(out, address)),
        Fact::Word(word) => object.string(name, word),
        Fact::Text(text) => object.text(name, text),
        Fact::Texts(texts) => object.array(name, texts, |out, text| push_string(out, &String::from_utf8_lossy(text))),
        Fact::Bytes(bytes) => object.base64(name, bytes),
        Fact::Range(range) => push_range(object.name(name), range),
        Fact::Ranges(ranges) => object.array(name, ranges, push_range),
        Fact::Took(nanoseconds) => super::json::push_milliseconds(object.name(name), nanoseconds),
    }
}

fn quoted(out: &mut Vec<u8>, push: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    push(out);
    out.push(b'"');
}

/// Appends the first and the last byte of a range, as an array.
fn push_range(out: &mut Vec<u8>, range: &Range<u32>) {
    push_array(out, [range.start, range.end.saturating_sub(1)], |out, place| push_decimal(out, place.into()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{ChecksumFacts, Filled};

    #[test]
    fn a_note_reads_as_a_sentence_with_its_proof() {
        let host = std::net::IpAddr::from([10, 0, 0, 1]);
        let facts = ChecksumFacts::Offload { host, protocol: "tcp", sent: 4, received: 1, partial: 4, right: 0, filled: Filled::Later };
        let mut out = Vec::new();
        let note = Note::inferred(facts, &[1, 3, 4]).of_frames(4);
        push_line(&mut out, &note, &Names::default(), &Palette::plain());
        assert_eq!(
            String::from_utf8_lossy(&out),
            "note: 10.0.0.1's network card fills in TCP checksums later: all 4 are wrong here (inferred from frames 1, 3, 4, ..) \
             [capture.checksum-offload]\n"
        );
    }

    #[test]
    fn frames_that_follow_each_other_are_a_range() {
        let facts = ChecksumFacts::Bad { host: [10, 0, 0, 1].into(), protocol: "udp", bad: 1, verified: 9 };
        let told = |frames: &[u64]| {
            let mut out = Vec::new();
            push_evidence(&mut out, &Note::seen(facts.clone(), frames), None, RUNS);
            String::from_utf8_lossy(&out).into_owned()
        };
        assert_eq!(told(&[1, 2]), " (frames 1, 2)");
        assert_eq!(told(&[1, 2, 3, 7, 9]), " (frames 1-3, 7, 9)");
        assert_eq!(told(&[1, 2, 3, 7, 9, 10]), " (frames 1-3, 7, 9, ..)");
        assert_eq!(told(&[4, 8, 9, 10, 11]), " (frames 4, 8-11)");
        assert_eq!(told(&[u64::MAX]), format!(" (frame {})", u64::MAX));
    }

    #[test]
    fn a_note_under_the_only_frame_that_proves_it_does_not_name_it() {
        let facts = ChecksumFacts::Bad { host: [10, 0, 0, 1].into(), protocol: "udp", bad: 1, verified: 9 };
        let note = Note::seen(facts, &[7]);
        let told = |frame| {
            let mut out = Vec::new();
            push_under(&mut out, frame, &note, &Names::default(), &Palette::plain());
            String::from_utf8_lossy(&out).contains("(frame 7)")
        };
        assert_eq!([told(7), told(8)], [false, true]);
    }
}
