//! The forms, given pieces by hand.

use super::Whose;
use super::hex::HexForm;
use super::json::JsonForm;
use super::raw::RawForm;
use super::text::TextForm;
use crate::conversation::testing::conversation;
use crate::conversation::{Conversation, Kind, Names, Side};
use crate::frame::Timestamp;
use crate::reassembly::{End, Limits, Origin, Overlap, Piece};
use crate::render::escape::is_treacherous;
use crate::render::no_repeats;
use crate::render::style::Palette;
use crate::render::time::{Clock, Precision, TimeForm};
use proptest::prelude::*;
use std::sync::LazyLock;

/// The client says.
fn c(bytes: &[u8]) -> (Side, Vec<u8>) {
    (Side::Originator, bytes.to_vec())
}

/// The server says.
fn s(bytes: &[u8]) -> (Side, Vec<u8>) {
    (Side::Responder, bytes.to_vec())
}

fn origin(frame: u64) -> Origin {
    Origin { frame, time: Some(Timestamp::from_nanoseconds(1_795_353_332_253_318_999 + frame as i64 * 1_000_000)) }
}

fn whose(conversation: &Conversation) -> Whose<'_> {
    static NAMES: LazyLock<Names> = LazyLock::new(Names::default);
    Whose { conversation, names: &NAMES }
}

fn clock() -> Clock {
    Clock::new(TimeForm::TimeOfDay, Precision::Microseconds)
}

/// Gives the pieces to a form: frames count from 1, both sides end.
fn pieces(said: &[(Side, Vec<u8>)], give: &mut dyn FnMut(Side, &Piece<'_>)) {
    let mut offsets = [0; 2];
    for (place, (from, bytes)) in said.iter().enumerate() {
        give(*from, &Piece::Data { offset: offsets[from.index()], bytes, origin: origin(place as u64 + 1) });
        offsets[from.index()] += bytes.len() as u64;
    }
    for side in Side::BOTH {
        give(side, &Piece::End { offset: offsets[side.index()], how: End::Finished, origin: origin(100) });
    }
}

fn text_of(port: u16, said: &[(Side, Vec<u8>)]) -> String {
    let (conversation, mut out) = (conversation(Kind::Tcp, port), Vec::new());
    let mut form = TextForm::new(clock(), Palette::plain(), None, &Limits::default());
    pieces(said, &mut |from, piece| form.piece(&mut out, whose(&conversation), from, piece));
    form.finish(&mut out, whose(&conversation));
    String::from_utf8(out).unwrap()
}

fn json_of(port: u16, said: &[(Side, Vec<u8>)]) -> String {
    let (conversation, mut out) = (conversation(Kind::Tcp, port), Vec::new());
    let mut form = JsonForm::new(None, &Limits::default());
    pieces(said, &mut |from, piece| form.piece(&mut out, whose(&conversation), from, piece));
    form.finish(&mut out, whose(&conversation));
    String::from_utf8(out).unwrap()
}

#[test]
fn both_sides_are_told_apart_without_colour_and_characters_are_whole() {
    let said = [c(b"GET / HTTP/1.0\r\n\r"), c(b"\nna\xc3"), c(b"\xafve \x1b[31m\xff\ttab"), s(b"no\rline\nend")];
    assert_eq!(
        text_of(80, &said),
        "-- conversation 0, TCP: > is 192.168.1.11:40000, < is 10.130.1.4:80 --
-- > 192.168.1.11:40000, frame 1, 13:15:32.254318 --
> GET / HTTP/1.0
> 
> naïve \\x1b[31m\\xff\ttab
-- < 10.130.1.4:80, frame 4, 13:15:32.257318 --
< no\\rline
< end
-- > 192.168.1.11:40000 has said everything: FIN in frame 100 --
-- < 10.130.1.4:80 has said everything: FIN in frame 100 --
"
    );
}

#[test]
fn a_dialogue_says_what_it_is_and_what_it_comes_to() {
    let said = [s(b"220 a ESMTP\r\n"), c(b"AUTH PLAIN AGFubmEAcDFw\r\n"), s(b"235 ok\r\n"), c(b"STARTTLS\r\n"), s(b"220 go\r\n")];
    let encrypted = [c(b"\x16\x03\x01\x00\x04\x01\0\0\0"), s(b"\x17\x03\x03\x00\x02ab\x17\x03\x03\x00\x01c")];
    let text = text_of(2525, &[&said[..], &encrypted].concat());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "-- conversation 0, TCP, SMTP: > is 192.168.1.11:40000, < is 10.130.1.4:2525 --");
    assert_eq!(lines[4..6], ["> AUTH PLAIN AGFubmEAcDFw", "-- > decoded: user anna, password p1p --"]);
    assert_eq!(lines[12], "-- from here on both sides encrypt --");
    assert_eq!(lines[14], "-- > TLS Handshake: Client Hello, 4 bytes --");
    assert_eq!(lines[16], "-- < TLS application data, 3 bytes in 2 records --");
}

#[test]
fn telnet_says_its_options_in_words() {
    let said = [
        s(b"\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0"),
        c(b"\xff\xfb\x18\xff\xfa\x18\0xterm\xff\xf0\xff\xfa\x1f\0\x50\0\x18\xff\xf0\xff\xfa\x27\0\0USER\x01anna\xff\xf0\xff\xf6"),
    ];
    let text = text_of(23, &said);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[2..4], ["-- < DO terminal type --", "-- < terminal type: which? --"]);
    assert_eq!(
        lines[5..10],
        [
            "-- > WILL terminal type --",
            "-- > terminal type is xterm --",
            "-- > window size: 80 columns, 24 rows --",
            "-- > environment: USER=anna --",
            "-- > are you there --"
        ]
    );
}

#[test]
fn gaps_conflicts_and_ends_stand_in_their_places() {
    let conversation = conversation(Kind::Tcp, 80);
    let mut form = TextForm::new(clock(), Palette::plain(), None, &Limits::default());
    let mut out = Vec::new();
    form.piece(&mut out, whose(&conversation), Side::Responder, &Piece::Data { offset: 0, bytes: b"abc", origin: origin(1) });
    let overlap = Overlap { offset: 1, kept: b"bc", kept_origin: origin(1), other: b"b\x1b", other_origin: origin(2) };
    form.overlap(&mut out, whose(&conversation), Side::Responder, &Overlap { other: b"bc", ..overlap });
    form.overlap(&mut out, whose(&conversation), Side::Responder, &overlap);
    form.piece(&mut out, whose(&conversation), Side::Responder, &Piece::Gap { offset: 3, length: 1_234_567, origin: origin(3) });
    form.piece(&mut out, whose(&conversation), Side::Responder, &Piece::Data { offset: 1_234_570, bytes: b"d", origin: origin(4) });
    for (side, how) in [(Side::Originator, End::Unseen), (Side::Responder, End::Reset), (Side::Originator, End::Reset)] {
        form.piece(&mut out, whose(&conversation), side, &Piece::End { offset: 0, how, origin: origin(5) });
    }
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = text.lines().skip(2).collect();
    assert_eq!(
        lines,
        [
            "< abc",
            "-- < two versions of 2 bytes at 1: frame 1 says \"bc\" (came first, is shown), frame 2 says \"b\\x1b\" --",
            "-- < 1,234,567 bytes are missing here: frame 3 makes it certain --",
            "< d",
            "-- > 192.168.1.11:40000 may have said more: what is known of the conversation ends with frame 5 --",
            "-- < 10.130.1.4:80 says nothing more: the connection was reset in frame 5 --",
        ]
    );
}

#[test]
fn rows_of_hexadecimal_count_from_the_beginning_of_each_side() {
    let conversation = conversation(Kind::Tcp, 80);
    let mut form = HexForm::new(Clock::new(TimeForm::Without, Precision::Microseconds), Palette::plain(), Some(Side::Originator));
    let mut out = Vec::new();
    let said = [c(b"GET / HTTP/1.0\r\n\r\n"), s(b"not shown"), c(b"\x00\xff")];
    pieces(&said, &mut |from, piece| form.piece(&mut out, whose(&conversation), from, piece));
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "-- conversation 0, TCP: > is 192.168.1.11:40000, < is 10.130.1.4:80 --
-- > 192.168.1.11:40000, frame 1 --
> 00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 30 0d 0a  GET / HTTP/1.0..
> 00000010  0d 0a                                             ..
-- > 192.168.1.11:40000, frame 3 --
> 00000012  00 ff                                             ..
-- > 192.168.1.11:40000 has said everything: FIN in frame 100 --
"
    );
}

#[test]
fn json_has_the_pieces_and_what_was_said() {
    let json = json_of(110, &[s(b"+OK a\r\n"), c(b"USER \xff")]);
    let lines: Vec<&str> = json.lines().collect();
    assert_eq!(
        lines[..4],
        [
            r#"{"type":"conversation","id":0,"protocol":"tcp","originator":{"address":"192.168.1.11","port":40000},"responder":{"address":"10.130.1.4","port":110}}"#,
            r#"{"type":"piece","conversation":0,"from":"responder","offset":0,"length":7,"frame":1,"time":"2026-11-22T13:15:32.254318999Z","text":"+OK a\r\n"}"#,
            r#"{"type":"said","conversation":0,"from":"responder","offset":0,"length":7,"frame":1,"time":"2026-11-22T13:15:32.254318999Z","application":"pop","kind":"reply","code":"+OK","text":"a","more":false}"#,
            r#"{"type":"piece","conversation":0,"from":"originator","offset":0,"length":6,"frame":2,"time":"2026-11-22T13:15:32.255318999Z","data_base64":"VVNFUiD/"}"#,
        ]
    );
    assert!(lines[5].contains(r#""kind":"line","text_base64":"VVNFUiD/""#), "{json}");
}

#[test]
fn datagrams_are_turns() {
    let conversation = conversation(Kind::Udp, 53);
    let mut form = TextForm::new(Clock::new(TimeForm::Without, Precision::Microseconds), Palette::plain(), None, &Limits::default());
    let mut out = Vec::new();
    form.datagram(&mut out, whose(&conversation), Side::Originator, b"a\nb", origin(1));
    form.datagram(&mut out, whose(&conversation), Side::Originator, b"", origin(2));
    form.finish(&mut out, whose(&conversation));
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "-- conversation 0, UDP: > is 192.168.1.11:40000, < is 10.130.1.4:53 --
-- > 192.168.1.11:40000, frame 1 --\n> a\n> b\n-- > 192.168.1.11:40000, frame 2 --\n-- > no bytes --\n"
    );
}

/// What a side says, in pieces of any size, and bytes that mean something to a language.
fn anything() -> impl Strategy<Value = Vec<(Side, Vec<u8>)>> {
    let part = prop_oneof![
        Just(b"\r\n".to_vec()),
        Just(b"220 SMTP\r\n".to_vec()),
        Just(b"AUTH PLAIN ABtbGzEAGw==\r\n".to_vec()),
        Just(b"STARTTLS\r\n".to_vec()),
        Just(b"\xff\xfa\x27\0".to_vec()),
        Just(b"\xff\xf0".to_vec()),
        Just(b"\x17\x03\x03\x00\x02".to_vec()),
        Just("\u{202e}\u{9b}é地".as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 1..8),
    ];
    let side = prop_oneof![Just(Side::Originator), Just(Side::Responder)];
    proptest::collection::vec((side, proptest::collection::vec(part, 1..4).prop_map(|parts| parts.concat())), 0..12)
}

fn raw_of(only: Option<Side>, conversation: &Conversation, said: &[(Side, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    let form = RawForm::new(only);
    pieces(said, &mut |from, piece| assert_eq!(form.piece(&mut out, whose(conversation), from, piece), None));
    out
}

proptest! {
    #[test]
    fn raw_gives_back_the_bytes(said in anything()) {
        let conversation = conversation(Kind::Tcp, 80);
        for side in Side::BOTH {
            let whole: Vec<u8> = said.iter().filter(|(from, _)| *from == side).flat_map(|(_, bytes)| bytes.clone()).collect();
            prop_assert_eq!(raw_of(Some(side), &conversation, &said), whole);
        }
        prop_assert_eq!(raw_of(None, &conversation, &said), said.into_iter().flat_map(|(_, bytes)| bytes).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_that_a_terminal_obeys_comes_through(said in anything(), port in prop_oneof![Just(21u16), Just(23), Just(25), Just(110), Just(143), Just(194), Just(80)]) {
        let text = text_of(port, &said);
        prop_assert!(!text.chars().any(|c| c != '\n' && c != '\t' && (c.is_control() || is_treacherous(c))), "{text:?}");
        // Every line is one of ours or has its side's mark.
        prop_assert!(text.lines().all(|line| ["-- ", "> ", "< "].iter().any(|mark| line.starts_with(mark))), "{text:?}");
        let json = json_of(port, &said);
        prop_assert!(json.lines().all(|line| no_repeats::check(line).is_ok()), "{json}");
        prop_assert!(!json.chars().any(|c| c != '\n' && (c.is_control() || is_treacherous(c))), "{json:?}");
    }

    /// Where the pieces end is not seen in the text of what is no dialogue.
    #[test]
    fn text_is_the_same_in_any_pieces(bytes: Vec<u8>, text: String, size in 1usize..7) {
        for bytes in [&bytes[..], text.as_bytes()].into_iter().filter(|bytes| !bytes.is_empty()) {
            let bytes = [b"\0", bytes].concat();
            let cut: Vec<(Side, Vec<u8>)> = bytes.chunks(size).map(c).collect();
            prop_assert_eq!(text_of(80, &cut), text_of(80, &[c(&bytes)]));
        }
    }
}
