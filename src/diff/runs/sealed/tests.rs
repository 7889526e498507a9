//! Bodies as they were sent, gathered, opened and compared.

use super::super::collect::{Exchanges, RunCollector};
use super::super::run::Cut;
use super::super::testing::{capture, run};
use super::super::{Comparison, Field, Item, ItemKind, Run, Value, settle};
use super::Sealer;
use crate::conversation::http1::{Body, Ending, Exchange, ExchangeId, Framing, Head, Message, MessageKind, Sink};
use crate::conversation::{Endpoint, Side};
use crate::diff::{Digester, Selection};
use crate::reassembly::{End, Limits, Origin};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::net::Ipv4Addr;

/// What came of an answer.
#[derive(Clone, Copy)]
enum Course {
    Whole,
    /// It lacks this many bytes behind the first half.
    Holed(u64),
    Cut,
}

fn gzip(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn id(index: u32) -> ExchangeId {
    ExchangeId { conversation: 0, index }
}

fn message(start: &str, fields: &str) -> Message {
    let (head, _) = Head::parse(format!("{start}\r\n{fields}\r\n").into_bytes().into(), 100);
    Message { head, ..Message::default() }
}

/// Has an answer gathered, in two pieces, and gives what stands in the exchange then.
fn answer(sealer: &mut Sealer, index: u32, fields: &str, bytes: &[u8], course: Course) {
    let (id, kind) = (id(index), MessageKind::Response);
    let mut response = message("HTTP/1.1 200 OK", fields);
    response.body.framing = Framing::Length(bytes.len() as u64);
    sealer.begin_body(id, kind, &response);
    let (first, second) = bytes.split_at(bytes.len() / 2);
    sealer.body(id, kind, first, Origin::default());
    let ending = match course {
        Course::Whole => Ending::Framing,
        Course::Holed(length) => {
            sealer.body_gap(id, kind, first.len() as u64, length);
            Ending::Framing
        }
        Course::Cut => Ending::Stream(End::Finished),
    };
    if !matches!(course, Course::Cut) {
        sealer.body(id, kind, second, Origin::default());
    }
    let missing = if let Course::Holed(length) = course { length } else { 0 };
    let arrived = if matches!(course, Course::Cut) { first.len() } else { bytes.len() };
    response.body = Body { ending, missing, length: arrived as u64, ..response.body };
    sealer.end_body(id, kind, &response);
    let end = Endpoint { address: Ipv4Addr::LOCALHOST.into(), port: 80 };
    sealer.exchange(Exchange {
        id,
        ends: [end; 2],
        client: Side::Originator,
        request: Some(message("GET / HTTP/1.1", "Host: a\r\n")),
        informational: Vec::new(),
        response: Some(response),
        tunnel: None,
        stray: None,
        flags: Default::default(),
    });
}

/// A run of one conversation in which these were answered.
fn run_of(digester: &Digester, answers: &[(&str, &[u8], Course)]) -> Run {
    let mut sealer = RunCollector::sealer(&Limits::default(), digester);
    for (index, (fields, bytes, course)) in (0..).zip(answers) {
        answer(&mut sealer, index, fields, bytes, *course);
    }
    assert_eq!(sealer.held, 0, "nothing is open");
    let mut run = run(&capture("http-gzip.pcapng"), digester);
    let Exchanges { mut over, shelf, .. } = sealer.into_exchanges();
    run.opener = shelf.opener;
    let talk = run.talks.iter_mut().find(|talk| talk.items.iter().any(|item| item.kind == ItemKind::Exchange)).expect("HTTP");
    talk.items = over.remove(&0).unwrap_or_default();
    run
}

fn exchanges(run: &Run) -> impl Iterator<Item = &Item> {
    run.talks.iter().flat_map(|talk| &talk.items).filter(|item| item.kind == ItemKind::Exchange)
}

/// How the bodies of the answers of two runs differ: the kind of each difference, and its lines.
fn differing(left: &[(&str, &[u8], Course)], right: &[(&str, &[u8], Course)]) -> Vec<String> {
    let digester = Digester::new();
    let mut runs = [left, right].map(|answers| run_of(&digester, answers));
    settle(&mut runs);
    let selection = Selection { ignore: vec!["content-encoding".into(), "content-type".into()], ..Selection::default() };
    let comparison = Comparison::between(&runs[0], &runs[1], &selection);
    let differences = comparison.pairs.iter().flat_map(|pair| &pair.items).flat_map(|item| item.differences.iter().chain(&item.told));
    let bodies = differences.filter(|one| one.field == Field::ResponseBody);
    let line = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
    let told = bodies.map(|one| {
        let lines = one.hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.is_in != [true; 2]);
        format!("{:?} {:?}", one.kind, lines.map(|one| line(&one.text)).collect::<Vec<_>>())
    });
    let mut told: Vec<String> = told.collect();
    told.extend(comparison.unread.iter().map(|unread| format!("unread {unread:?}")));
    told
}

const GZIP: &str = "Content-Encoding: gzip\r\nContent-Type: text/plain\r\n";
const PLAIN: &str = "Content-Type: text/plain\r\n";

fn text(changed: &str) -> Vec<u8> {
    (0..200).map(|line| if line == 100 { format!("{changed}\n") } else { format!("line {line}\n") }).collect::<String>().into_bytes()
}

#[test]
fn the_same_coded_alike_coded_otherwise_and_not_coded_is_the_same() {
    let plain = text("same");
    let (quick, small) = (gzip(&plain, 1), gzip(&plain, 9));
    assert_ne!(quick, small, "coded otherwise");
    let forms: [(&str, &[u8], Course); 3] = [(GZIP, &quick, Course::Whole), (GZIP, &small, Course::Whole), (PLAIN, &plain, Course::Whole)];
    for left in forms {
        for right in forms {
            assert_eq!(differing(&[left], &[right]), [""; 0]);
        }
    }
}

#[test]
fn what_differs_is_told_by_its_lines_however_it_was_coded() {
    let (one, other) = (text("one"), text("other"));
    let (coded, again) = (gzip(&one, 6), gzip(&other, 6));
    let expected = [r#"Changed ["one", "other"]"#];
    assert_eq!(differing(&[(GZIP, &coded, Course::Whole)], &[(GZIP, &again, Course::Whole)]), expected);
    assert_eq!(differing(&[(GZIP, &coded, Course::Whole)], &[(PLAIN, &other, Course::Whole)]), expected);
    assert_eq!(differing(&[(PLAIN, &one, Course::Whole)], &[(PLAIN, &other, Course::Whole)]), expected);
}

#[test]
fn what_is_sent_as_it_is_in_both_may_differ_beside_what_does_not() {
    let (same, one, other) = (gzip(&text("same"), 6), gzip(&text("one"), 6), gzip(&text("other"), 6));
    let left = [(GZIP, &same[..], Course::Whole), (GZIP, &one, Course::Whole)];
    let right = [(GZIP, &same[..], Course::Whole), (GZIP, &other, Course::Whole)];
    assert_eq!(differing(&left, &right), [r#"Changed ["one", "other"]"#]);
}

#[test]
fn an_empty_body_that_is_coded_is_none() {
    let empty = gzip(b"", 6);
    assert_eq!(differing(&[(GZIP, &empty, Course::Whole)], &[(PLAIN, b"", Course::Whole)]), [""; 0]);
}

#[test]
fn what_has_a_hole_is_not_known_and_what_is_cut_is_as_far_as_it_goes() {
    let plain = text("same");
    let coded = gzip(&plain, 6);
    let hole = differing(&[(PLAIN, &plain, Course::Holed(10))], &[(PLAIN, &plain, Course::Whole)]);
    assert!(hole.iter().all(|told| !told.starts_with("Changed")), "{hole:?}");
    let digester = Digester::new();
    let body = |fields, bytes: &[u8], course| {
        let run = run_of(&digester, &[(fields, bytes, course)]);
        let item = exchanges(&run).next().expect("an exchange");
        let Some(Value::Content(content)) = item.get(Field::ResponseBody) else { panic!("a body") };
        (**content).clone()
    };
    assert_eq!(body(PLAIN, &plain, Course::Holed(10)).missing, 10);
    let cut = body(PLAIN, &plain, Course::Cut);
    assert!(cut.cut.is_some() && cut.codings.is_empty());
    assert_eq!(&cut.bytes[..], &plain[..plain.len() / 2]);
    // What was coded is decoded as far as it came.
    let cut = body(GZIP, &coded, Course::Cut);
    assert!(cut.cut.is_some() && cut.codings.is_empty() && plain.starts_with(&cut.bytes), "{cut:?}");
    // What is whole is kept as it was sent.
    assert_eq!((&body(GZIP, &coded, Course::Whole).bytes[..], body(GZIP, &coded, Course::Whole).codings.len()), (&coded[..], 1));
}

#[test]
fn behind_a_hole_nothing_is_compared_whatever_the_coding() {
    let (one, other) = (text("one"), text("other"));
    for (fields, left, right) in [(GZIP, gzip(&one, 6), gzip(&other, 6)), (PLAIN, one.clone(), other.clone())] {
        for course in [Course::Holed(10), Course::Whole] {
            for bytes in [&left, &right] {
                let expected = [r#"unread (ResponseBody, 1)"#];
                assert_eq!(differing(&[(fields, bytes, Course::Holed(10))], &[(fields, &left, course)]), expected, "{fields}");
                assert_eq!(differing(&[(fields, &left, course)], &[(fields, bytes, Course::Holed(10))]), expected, "{fields}");
            }
        }
    }
}

#[test]
fn how_much_of_a_body_came_is_counted_as_it_was_sent() {
    let plain = text("same");
    let coded = gzip(&plain, 6);
    let run = run_of(&Digester::new(), &[(GZIP, &coded, Course::Cut)]);
    let cut = exchanges(&run).find_map(|item| match item.get(Field::ResponseBody) {
        Some(Value::Content(content)) => content.cut,
        _ => None,
    });
    assert_eq!(cut, Some(Cut { arrived: coded.len() as u64 / 2, announced: Some(coded.len() as u64) }));
}

#[test]
fn what_a_run_holds_more_than_once_is_kept_once() {
    let coded = gzip(&text("same"), 6);
    let run = run_of(&Digester::new(), &[(GZIP, &coded, Course::Whole), (GZIP, &coded, Course::Whole)]);
    let bytes: Vec<_> = exchanges(&run)
        .filter_map(|item| match item.get(Field::ResponseBody) {
            Some(Value::Content(content)) => Some(content.bytes.as_ptr()),
            _ => None,
        })
        .collect();
    assert_eq!((bytes.len(), bytes[0]), (2, bytes[1]));
}

#[test]
fn what_unpacks_beyond_what_is_kept_is_compared_by_its_digest() {
    // 40 MiB of one letter is 40 KiB coded.
    let [one, other] = [b'a', b'b'].map(|letter| gzip(&vec![letter; 40 << 20], 6));
    assert_eq!(differing(&[(GZIP, &one, Course::Whole)], &[(GZIP, &one, Course::Whole)]), [""; 0]);
    let told = differing(&[(GZIP, &one, Course::Whole)], &[(GZIP, &other, Course::Whole)]);
    assert_eq!(told, ["Changed []"]);
}

#[test]
fn what_is_gathered_stays_within_its_bounds() {
    let mut sealer = RunCollector::sealer(&Limits::default(), &Digester::new());
    let piece = vec![0; 64 << 10];
    let begin = |sealer: &mut Sealer, index, length| {
        let mut response = message("HTTP/1.1 200 OK", "");
        response.body.framing = Framing::Length(length);
        sealer.begin_body(id(index), MessageKind::Response, &response);
    };
    // Announced and never sent.
    for index in 0..100 {
        begin(&mut sealer, index, Limits::CONTENT_OF_ONE as u64);
    }
    begin(&mut sealer, 100, u64::MAX);
    assert!(sealer.held <= Limits::ANSWERS_GATHERED, "{}", sealer.held);
    // Sent without an end.
    for index in 101..140 {
        begin(&mut sealer, index, 0);
        for _ in 0..(Limits::CONTENT_OF_ONE / piece.len()) + 2 {
            sealer.body(id(index), MessageKind::Response, &piece, Origin::default());
        }
    }
    assert!(sealer.held <= Limits::ANSWERS_GATHERED + Limits::CONTENT_OF_ONE, "{}", sealer.held);
    assert!(!sealer.open.contains_key(&id(101)), "what is too long is decoded as it comes");
    // Room of what is over is used again, as far as that is worth it.
    let mut sealer = RunCollector::sealer(&Limits::default(), &Digester::new());
    for index in 0..50 {
        answer(&mut sealer, index, PLAIN, b"short", Course::Whole);
    }
    assert!((1..=Limits::ANSWER_ROOMS).contains(&sealer.spares.len()), "{}", sealer.spares.len());
}
