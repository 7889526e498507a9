//! Any bytes at all, in every form.

use super::line::HttpLine;
use super::whole::HttpWhole;
use super::*;
use crate::conversation::body::{Break, KeptBody};
use crate::conversation::http1::{Ending, ExchangeId, Flag, Flags, Head, Message};
use crate::conversation::{Endpoint, Side};
use crate::render::har::Har;
use crate::render::json::ExchangeJson;
use crate::render::no_repeats;
use crate::render::style::Palette;
use crate::render::time::{Clock, Precision, TimeForm};
use proptest::prelude::*;
use std::net::Ipv4Addr;

fn message(head: &[u8], length: usize) -> Message {
    let (head, flags) = Head::parse(head.into(), 100);
    let mut message = Message { head, flags, ..Message::default() };
    message.body.length = length as u64;
    message.body.ending = Ending::Framing;
    message
}

fn exchange(request: Option<Message>, response: Option<Message>) -> Exchange {
    let end = Endpoint { address: Ipv4Addr::LOCALHOST.into(), port: 8080 };
    Exchange {
        id: ExchangeId { conversation: 1, index: 2 },
        ends: [end; 2],
        client: Side::Originator,
        request,
        informational: Vec::new(),
        response,
        tunnel: None,
        stray: None,
        flags: Flags::default(),
    }
}

fn line(exchange: &Exchange) -> String {
    let (mut out, bodies, names) = (Vec::new(), Bodies::default(), Names::default());
    let clock = Clock::new(TimeForm::Without, Precision::Microseconds);
    HttpLine::new(clock, Palette::plain(), false).write(&mut out, &Subject { exchange, bodies: &bodies, names: &names, notes: &[] });
    String::from_utf8(out).expect("text")
}

#[test]
fn a_line_has_its_columns_whatever_is_missing() {
    let request = message(b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 0);
    let expected = "   1 127.0.0.1       OPTIONS -   -                                  -          - http://a\n";
    assert_eq!(line(&exchange(Some(request), None)), expected);
    let response = message(b"HTTP/1.1 204 No Content\r\n\r\n", 0);
    let expected = "   1 127.0.0.1       -    204 -                                0 B          - - [its request is not in the capture]\n";
    assert_eq!(line(&Exchange { flags: [Flag::NoRequest].into_iter().collect(), ..exchange(None, Some(response)) }), expected);
}

#[test]
fn a_url_is_put_together_for_people_and_for_programs() {
    let of = |head: &[u8]| {
        let exchange = exchange(Some(message(head, 0)), None);
        let mut shown = Vec::new();
        url::push(&mut shown, &exchange);
        (String::from_utf8(shown).expect("text"), url::encoded(&exchange))
    };
    assert_eq!(of(b"GET /a b HTTP/1.1\r\n\r\n").1, "http://127.0.0.1:8080/a%20b");
    assert_eq!(
        of("GET /\u{e9}\x1b HTTP/1.1\r\nHost: h\r\n\r\n".as_bytes()),
        ("http://h/\u{e9}\\x1b".to_owned(), "http://h/%c3%a9%1b".to_owned())
    );
    assert_eq!(of(b"CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n").0, "h:443");
    assert_eq!(of(b"GET http://u:p@h:81/x?y#z HTTP/1.1\r\nHost: other\r\n\r\n").0, "http://u:p@h:81/x?y#z");
}

#[test]
fn every_flag_has_words_of_its_own() {
    let words: std::collections::BTreeSet<&str> = Flag::ALL.iter().map(|flag| words::flag(*flag)).collect();
    assert_eq!(words.len(), Flag::ALL.len());
}

proptest! {
    #[test]
    fn nothing_is_obeyed_and_json_is_json(
        request: Vec<u8>, response: Vec<u8>, body: Vec<u8>, at in 0_u64..100,
        heads in proptest::array::uniform2(any::<bool>()),
        content_type in prop_oneof![Just(""), Just("text/html; charset=utf-16"), Just("text/plain; charset=\u{1b}"), Just("image/png")],
    ) {
        let start = |valid: bool, line: &[u8], rest: &[u8]| if valid { [line, rest].concat() } else { rest.to_vec() };
        let request = start(heads[0], b"GET /\x1b HTTP/1.1\r\nContent-Type: x\r\n", &request);
        let answer = format!("HTTP/1.1 200 \x07\r\nContent-Type: {content_type}\r\n");
        let response = start(heads[1], answer.as_bytes(), &response);
        let exchange = exchange(Some(message(&request, body.len())), Some(message(&response, body.len())));
        let kept = KeptBody { breaks: vec![Break { at: at.min(body.len() as u64), length: 7 }], bytes: body, ..KeptBody::default() };
        let bodies = Bodies { request: Some(kept.clone()), response: Some(kept), stray: None };
        let names = Names::default();
        let subject = Subject { exchange: &exchange, bodies: &bodies, names: &names, notes: &[] };
        let clock = || Clock::new(TimeForm::DateAndTime, Precision::Nanoseconds);
        let (mut line, mut whole, mut json, mut har) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        HttpLine::new(clock(), Palette::plain(), true).write(&mut line, &subject);
        HttpWhole::new(clock(), Palette::plain()).write(&mut whole, &subject);
        ExchangeJson::default().write(&mut json, &subject);
        let mut writer = Har::default();
        writer.begin(&mut har);
        prop_assert!(writer.write(&mut har, &subject));
        writer.finish(&mut har, "");
        for text in [&line, &whole, &json, &har] {
            let text = str::from_utf8(text).expect("UTF-8");
            prop_assert!(!text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'), "{text:?}");
            prop_assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{200b}']), "{text:?}");
        }
        prop_assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        let json = str::from_utf8(&json).expect("UTF-8");
        prop_assert!(no_repeats::check(json).is_ok(), "{json}");
        let har = str::from_utf8(&har).expect("UTF-8");
        prop_assert!(no_repeats::check(har).is_ok(), "{har}");
    }
}
