//! Questions and answers as they come.

use super::*;
use crate::conversation::testing::conversation;
use crate::conversation::{Conversation, Kind, Listener, Side};
use crate::dissect::testing::bytes;
use crate::frame::Timestamp;
use crate::reassembly::{Limits, Origin, Piece};
use Side::{Originator, Responder};

fn at(frame: u64, milliseconds: i64) -> Origin {
    Origin { frame, time: Some(Timestamp::from_nanoseconds(milliseconds * 1_000_000)) }
}

fn name(text: &str) -> Vec<u8> {
    text.split('.').flat_map(|label| [&[label.len() as u8], label.as_bytes()].concat()).chain([0]).collect()
}

fn record(owner: &str, kind: u16, data: &[u8]) -> Vec<u8> {
    [&name(owner)[..], &kind.to_be_bytes(), &[0, 1, 0, 0, 0, 60], &(data.len() as u16).to_be_bytes(), data].concat()
}

/// A message with one question.
fn message(id: u8, flags: [u8; 2], question: &str, kind: u16, answers: &[Vec<u8>]) -> Vec<u8> {
    let header = [0, id, flags[0], flags[1], 0, 1, 0, answers.len() as u8, 0, 0, 0, 0];
    [&header[..], &name(question), &kind.to_be_bytes(), &[0, 1], &answers.concat()].concat()
}

fn question(id: u8, asked: &str) -> Vec<u8> {
    message(id, [1, 0], asked, 1, &[])
}

fn answer(id: u8, asked: &str) -> Vec<u8> {
    message(id, [0x81, 0x80], asked, 1, &[record(asked, 1, &[192, 0, 2, id])])
}

/// The message with its length before it.
fn framed(message: &[u8]) -> Vec<u8> {
    [&(message.len() as u16).to_be_bytes()[..], message].concat()
}

fn udp() -> Conversation {
    conversation(Kind::Udp, 53)
}

#[test]
fn an_answer_is_paired_with_its_question_whatever_case_it_is_written_in() {
    let mut watch = DnsWatch::default();
    watch.datagram(&udp(), Originator, &question(1, "a.example"), at(1, 0));
    watch.datagram(&udp(), Originator, &question(2, "b.example"), at(2, 1));
    watch.datagram(&udp(), Responder, &answer(2, "B.example"), at(3, 4));
    let aliases = [record("a.example", 5, &name("c.example")), record("c.example", 1, &[192, 0, 2, 9]), record("c.example", 16, b"\x01x")];
    watch.datagram(&udp(), Responder, &message(1, [0x81, 0x80], "a.example", 1, &aliases), at(4, 5));
    let [first, second] = watch.lookups() else { panic!("two") };
    let answer = first.answer.as_ref().unwrap();
    assert_eq!((&*first.name, first.kind, first.class, first.took()), (&b"a.example"[..], 1, 1, Some(5_000_000)));
    assert_eq!((answer.addresses.as_slice(), answer.others, answer.code), (&[[192, 0, 2, 9].into()][..], 1, 0));
    assert_eq!(answer.names, [b"c.example".as_slice().into()]);
    assert_eq!((second.question.unwrap().frame, second.answer.as_ref().unwrap().origin.frame), (2, 3));
    assert_eq!(watch.of(0).count(), 2);
}

#[test]
fn a_question_that_is_asked_again_is_one_and_an_answer_that_comes_again_too() {
    let mut watch = DnsWatch::default();
    for (frame, time) in [(1, 0), (2, 1_000)] {
        watch.datagram(&udp(), Originator, &question(1, "a.example"), at(frame, time));
    }
    for (frame, time) in [(3, 1_002), (4, 1_003)] {
        watch.datagram(&udp(), Responder, &answer(1, "a.example"), at(frame, time));
    }
    let [lookup] = watch.lookups() else { panic!("one") };
    assert_eq!((lookup.asked_again, lookup.took(), lookup.answer.as_ref().unwrap().repeated), (1, Some(1_002_000_000), 1));
    // Long after the answer it is another question, and another name with the same number is too.
    watch.datagram(&udp(), Originator, &question(1, "a.example"), at(5, 100_000));
    watch.datagram(&udp(), Originator, &question(1, "b.example"), at(6, 100_001));
    assert_eq!(watch.lookups().len(), 3);
}

#[test]
fn an_answer_without_its_question_and_a_question_without_answer_stand_alone() {
    let mut watch = DnsWatch::default();
    watch.datagram(&udp(), Responder, &answer(1, "a.example"), at(1, 0));
    watch.datagram(&udp(), Originator, &question(2, "b.example"), at(2, 0));
    watch.datagram(&udp(), Responder, &answer(2, "other.example"), at(3, 0));
    watch.datagram(&udp(), Originator, &question(2, "c.example"), at(4, 0));
    let seen: Vec<_> = watch.lookups().iter().map(|lookup| (lookup.question.is_some(), lookup.answer.is_some(), lookup.asker)).collect();
    assert_eq!(seen, [(false, true, Originator), (true, false, Originator), (false, true, Originator), (true, false, Originator)]);
    assert_eq!(watch.lookups()[0].took(), None);
}

#[test]
fn an_answer_that_did_not_fit_is_asked_for_again_over_tcp() {
    let (udp, tcp) = (udp(), Conversation { id: 7, ..conversation(Kind::Tcp, 53) });
    let mut watch = DnsWatch::default();
    watch.datagram(&udp, Originator, &question(1, "a.example"), at(1, 0));
    watch.datagram(&udp, Responder, &message(1, [0x83, 0x80], "a.example", 1, &[]), at(2, 1));
    let (asked, answered) = (framed(&question(5, "a.example")), framed(&answer(5, "a.example")));
    let (begin, end) = answered.split_at(9);
    for (side, bytes, frame) in [(Originator, &asked[..], 3), (Responder, begin, 4), (Responder, end, 5)] {
        watch.piece(&tcp, side, &Piece::Data { offset: 0, bytes, origin: at(frame, frame as i64) });
    }
    let [first, second] = watch.lookups() else { panic!("two") };
    assert_eq!((first.answer.as_ref().unwrap().truncated, first.repeated_in), (true, Some(7)));
    let answer = second.answer.as_ref().unwrap();
    assert_eq!((second.conversation, answer.origin.frame, answer.addresses.len(), second.problem.is_some()), (7, 4, 1, false));
    assert_eq!((watch.of(7).count(), watch.of(0).count()), (1, 1));
}

#[test]
fn a_zone_comes_in_many_messages() {
    let tcp = conversation(Kind::Tcp, 53);
    let mut watch = DnsWatch::default();
    let asked = framed(&message(1, [0, 0], "example", kind::AXFR, &[]));
    watch.piece(&tcp, Originator, &Piece::Data { offset: 0, bytes: &asked, origin: at(1, 0) });
    let records: Vec<_> = (0..20).map(|last| record("a.example", 1, &[192, 0, 2, last])).collect();
    let first = framed(&message(1, [0x84, 0], "example", kind::AXFR, &records));
    let mut next = message(1, [0x84, 0], "example", kind::AXFR, &records);
    // Those behind the first need not repeat the question.
    next.drain(12..12 + 9 + 4);
    next[5] = 0;
    let stream = [first, framed(&next)].concat();
    watch.piece(&tcp, Responder, &Piece::Data { offset: 0, bytes: &stream, origin: at(2, 1) });
    let [lookup] = watch.lookups() else { panic!("one") };
    let answer = lookup.answer.as_ref().unwrap();
    assert_eq!((answer.messages, answer.addresses.len(), answer.others, answer.repeated), (2, Limits::ANSWERS, 32, 0));
}

#[test]
fn a_hole_in_a_stream_is_said() {
    let tcp = conversation(Kind::Tcp, 53);
    let mut watch = DnsWatch::default();
    watch.piece(&tcp, Originator, &Piece::Data { offset: 0, bytes: &framed(&question(1, "a.example")), origin: at(1, 0) });
    let answered = framed(&answer(1, "a.example"));
    watch.piece(&tcp, Responder, &Piece::Data { offset: 0, bytes: &answered[..20], origin: at(2, 0) });
    watch.piece(&tcp, Responder, &Piece::Gap { offset: 20, length: 10, origin: at(3, 0) });
    watch.piece(&tcp, Responder, &Piece::Data { offset: 30, bytes: &answered[30..], origin: at(3, 0) });
    watch.finished(&tcp);
    let [lookup] = watch.lookups() else { panic!("one") };
    assert!(lookup.answer.is_none() && lookup.problem.is_some());
}

#[test]
fn damage_is_said_and_what_is_no_message_is_counted() {
    let mut watch = DnsWatch::default();
    let whole = answer(1, "a.example");
    watch.datagram(&udp(), Responder, &whole[..whole.len() - 2], at(1, 0));
    watch.datagram(&udp(), Responder, b"short", at(2, 0));
    let [lookup] = watch.lookups() else { panic!("one") };
    assert_eq!((lookup.problem.as_deref().is_some_and(|problem| problem.starts_with(b"the message ends")), watch.unread()), (true, 1));
}

#[test]
fn questions_to_everybody_are_answered_in_other_conversations() {
    let end = |address: &str, port| crate::conversation::Endpoint { address: address.parse().unwrap(), port };
    let between = |id, asker, server| Conversation { id, ends: [asker, server], ..conversation(Kind::Udp, 0) };
    let mut watch = DnsWatch::default();
    let asker = end("10.0.0.1", 50000);
    watch.datagram(&between(0, asker, end("224.0.0.252", 5355)), Originator, &question(9, "h2"), at(1, 0));
    watch.datagram(&between(1, end("10.0.0.2", 5355), asker), Originator, &answer(9, "h2"), at(2, 3));
    let multicast = end("224.0.0.251", 5353);
    watch.datagram(&between(2, end("10.0.0.1", 5353), multicast), Originator, &question(0, "h3.local"), at(3, 4));
    let announcement = [&[0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0][..], &record("h3.local", 1, &[10, 0, 0, 3])].concat();
    watch.datagram(&between(3, end("10.0.0.3", 5353), multicast), Originator, &announcement, at(4, 6));
    let net_bios = "20 4547464345464545434143414341434143414341434143414341434143414341 00 0020 0001";
    let to_all = between(4, end("10.0.0.1", 137), end("10.0.0.255", 137));
    watch.datagram(&to_all, Originator, &bytes(&format!("0001 0110 0001 0000 0000 0000 {net_bios}")), at(5, 7));
    let back = between(5, end("10.0.0.4", 137), end("10.0.0.1", 137));
    let answered = bytes(&format!("0001 8500 0000 0001 0000 0000 {net_bios} 00000000 0006 0000 0a000004"));
    watch.datagram(&back, Originator, &answered, at(6, 9));
    let took: Vec<_> = watch.lookups().iter().map(|lookup| (lookup.service, lookup.took().map(|took| took / 1_000_000))).collect();
    assert_eq!(took, [(Service::LinkLocal, Some(3)), (Service::Multicast, Some(2)), (Service::NetBios, Some(2))]);
}

#[test]
fn what_passes_the_limit_is_counted() {
    let mut watch = DnsWatch::new(&Limits { lookup_bytes: 1_000, ..Limits::default() });
    for id in 0..200 {
        watch.datagram(&udp(), Originator, &question(id, "a.example"), at(1, 0));
    }
    assert!((1..10).contains(&watch.lookups().len()), "{}", watch.lookups().len());
    assert_eq!(watch.lookups().len() as u64 + watch.left_out(), 200);
}
