//! What conversations tell, on packets that are made here.

use super::*;
use crate::dissect::{Dissection, dissect};
use crate::frame::{Annotations, Frame, InterfaceId, LinkType, Timestamp};
use crate::reassembly::{End, Limits, Origin, Overlap, Piece};
use proptest::collection::vec;
use proptest::prelude::*;

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;

/// Writes down what is told.
#[derive(Default)]
struct Diary {
    lines: Vec<String>,
    streams: [Vec<u8>; 2],
    next: std::collections::HashMap<(u64, Side), u64>,
    finished: Vec<u64>,
}

impl Listener for Diary {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        let next = self.next.entry((conversation.id, from)).or_default();
        let (Piece::Data { offset, .. } | Piece::Gap { offset, .. } | Piece::End { offset, .. }) = piece;
        assert_eq!(offset, next, "pieces come in order");
        *next += match piece {
            Piece::Data { bytes, .. } => bytes.len() as u64,
            Piece::Gap { length, .. } => *length,
            Piece::End { .. } => 0,
        };
        let who = ["o", "r"][from.index()];
        self.lines.push(match piece {
            Piece::Data { bytes, .. } => {
                self.streams[from.index()].extend_from_slice(bytes);
                format!("{who} {}", String::from_utf8_lossy(bytes))
            }
            Piece::Gap { length, .. } => format!("{who} gap {length}"),
            Piece::End { how, .. } => format!(
                "{who} {}",
                match how {
                    End::Finished => "fin",
                    End::Reset => "rst",
                    End::Unseen => "-",
                }
            ),
        });
    }

    fn overlap(&mut self, _: &Conversation, from: Side, overlap: &Overlap<'_>) {
        if !overlap.is_same() {
            let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
            self.lines.push(format!("{} conflict {}/{}", ["o", "r"][from.index()], text(overlap.kept), text(overlap.other)));
        }
    }

    fn datagram(&mut self, _: &Conversation, from: Side, payload: &[u8], _: Origin) {
        self.lines.push(format!("{} {}", ["o", "r"][from.index()], String::from_utf8_lossy(payload)));
    }

    fn finished(&mut self, conversation: &Conversation) {
        self.finished.push(conversation.id);
    }
}

/// A capture in the making: client 10.0.0.1 port 40000, server 10.0.0.2 port 80 where nothing else is said.
struct Wire {
    conversations: Conversations,
    diary: Diary,
    frames: u64,
    now: i64,
    ports: (u16, u16),
    identification: u16,
    clock: Option<u32>,
    remark: Option<Remark>,
}

impl Wire {
    fn new() -> Self {
        Self::with(Limits::default())
    }

    fn with(limits: Limits) -> Self {
        let conversations = Conversations::new(limits);
        Self { conversations, diary: Diary::default(), frames: 0, now: 0, ports: (40000, 80), identification: 0, clock: None, remark: None }
    }

    fn packet(&mut self, from_client: bool, protocol: u8, header: &[u8], payload: &[u8], hops: u8) {
        self.frames += 1;
        self.now += 100_000;
        let mut bytes = vec![0x45, 0];
        bytes.extend(u16::try_from(20 + header.len() + payload.len()).unwrap().to_be_bytes());
        bytes.extend(self.identification.to_be_bytes());
        bytes.extend([0, 0, hops, protocol, 0, 0]);
        let (client, server) = ([10, 0, 0, 1], [10, 0, 0, 2]);
        let (source, destination) = if from_client { (client, server) } else { (server, client) };
        bytes.extend(source.into_iter().chain(destination));
        bytes.extend(header.iter().chain(payload));
        let frame = Frame {
            number: self.frames,
            timestamp: Some(Timestamp::from_nanoseconds(self.now)),
            interface: InterfaceId(0),
            link_type: LinkType::RAW,
            length: u32::try_from(bytes.len()).unwrap(),
            check_sequence_length: 0,
            data: &bytes,
            annotations: Annotations::default(),
        };
        let mut dissection = Dissection::default();
        dissect(&frame, &mut dissection);
        let belongs = self.conversations.observe(&Packet::new(&frame, &dissection), &mut self.diary);
        self.remark = belongs.and_then(|belongs| belongs.segment).and_then(|segment| segment.remark);
    }

    fn tcp(&mut self, from_client: bool, flags: u8, sequence: u32, acknowledgement: u32, payload: &str) -> &mut Self {
        let header = self.tcp_header(from_client, flags, sequence, acknowledgement, 65535);
        self.packet(from_client, 6, &header, payload.as_bytes(), 64);
        self
    }

    fn tcp_header(&self, from_client: bool, flags: u8, sequence: u32, acknowledgement: u32, window: u16) -> Vec<u8> {
        let (source, destination) = if from_client { self.ports } else { (self.ports.1, self.ports.0) };
        let mut header: Vec<u8> = source.to_be_bytes().into_iter().chain(destination.to_be_bytes()).collect();
        header.extend(sequence.to_be_bytes().into_iter().chain(acknowledgement.to_be_bytes()));
        header.extend([if self.clock.is_some() { 0x80 } else { 0x50 }, flags]);
        header.extend(window.to_be_bytes());
        header.extend([0; 4]);
        if let Some(clock) = self.clock {
            header.extend([1, 1, 8, 10].into_iter().chain(clock.to_be_bytes()).chain([0; 4]));
        }
        header
    }

    fn c(&mut self, flags: u8, sequence: u32, acknowledgement: u32, payload: &str) -> &mut Self {
        self.tcp(true, flags, sequence, acknowledgement, payload)
    }

    fn s(&mut self, flags: u8, sequence: u32, acknowledgement: u32, payload: &str) -> &mut Self {
        self.tcp(false, flags, sequence, acknowledgement, payload)
    }

    /// Client's bytes begin at 1001, the server's at 5001.
    fn handshake(&mut self) -> &mut Self {
        self.c(SYN, 1000, 0, "").s(SYN | ACK, 5000, 1001, "").c(ACK, 1001, 5001, "")
    }

    fn end(&mut self) -> Vec<&str> {
        self.conversations.finish(&mut self.diary);
        assert_eq!(self.diary.finished.len() as u64, self.conversations.count(), "each is told over once");
        self.diary.lines.iter().map(String::as_str).collect()
    }

    fn only(&self) -> Conversation {
        let mut all = self.conversations.iter();
        let only = all.next().unwrap().clone();
        assert!(all.next().is_none());
        only
    }
}

#[test]
fn a_conversation_is_told_in_the_order_in_which_it_was_said() {
    let mut wire = Wire::new();
    wire.handshake().c(ACK, 1001, 5001, "ask").s(ACK, 5001, 1004, "answer").c(FIN | ACK, 1004, 5007, "").s(FIN | ACK, 5007, 1005, "");
    assert_eq!(wire.end(), ["o ask", "r answer", "o fin", "r fin"]);
    let only = wire.only();
    assert_eq!((only.state(), only.sent[0].payload, only.sent[1].payload), (Some(State::Closed(Side::Originator)), 3, 6));
    assert_eq!((only.sent[0].frames, only.sent[1].frames, only.beginning_was_seen()), (4, 3, true));
    assert_eq!((only.syn_to_syn_ack(), only.handshake()), (Some(100), Some(200)));
    assert_eq!(only.sent[0].round_trip, [100, 100]);
}

#[test]
fn an_answer_that_was_captured_first_is_told_after_what_it_answers() {
    let mut wire = Wire::new();
    wire.handshake().s(ACK, 5001, 1004, "answer").c(ACK, 1001, 5001, "ask");
    assert_eq!(wire.end(), ["o ask", "r answer", "o -", "r -"]);
}

#[test]
fn what_was_acknowledged_and_is_not_there_is_a_gap_and_holds_up_nobody_for_long() {
    let mut wire = Wire::new();
    wire.handshake().c(ACK, 1004, 5001, "later").s(ACK, 5001, 1009, "answer");
    for _ in 0..20 {
        wire.s(ACK, 5007, 1009, "");
    }
    assert_eq!(wire.diary.lines, ["o gap 3", "o later", "r answer"]);
    assert_eq!(wire.only().incidents().gaps[0], Count { times: 1, bytes: 3 });
}

#[test]
fn what_comes_again_counts_once() {
    let mut wire = Wire::new();
    wire.handshake().c(ACK, 1001, 5001, "abc").c(ACK, 1001, 5001, "abc");
    assert_eq!(wire.remark, Some(Remark::Retransmission));
    wire.c(ACK, 1002, 5001, "XYZ");
    assert_eq!(wire.remark, Some(Remark::Conflict));
    assert_eq!(wire.end(), ["o abc", "o conflict bc/XY", "o Z", "o -", "r -"]);
    let only = wire.only();
    assert_eq!((only.sent[0].payload, only.sent[0].retransmitted), (4, 2));
    assert_eq!((only.incidents().overlaps[0].bytes, only.incidents().conflicts[0].bytes), (3, 2));
}

#[test]
fn a_packet_that_was_captured_at_two_places_is_no_retransmission() {
    let mut wire = Wire::new();
    wire.handshake().c(ACK, 1001, 5001, "abc");
    let header = wire.tcp_header(true, ACK, 1001, 5001, 65535);
    wire.packet(true, 6, &header, b"abc", 63);
    assert_eq!(wire.remark, Some(Remark::Copy));
    let only = wire.only();
    assert_eq!((only.sent[0].retransmitted, only.incidents().copies), (0, [1, 0]));
}

#[test]
fn a_keep_alive_is_no_retransmission_and_no_conflict() {
    let mut wire = Wire::new();
    wire.handshake().c(ACK, 1001, 5001, "abc").s(ACK, 5001, 1004, "").c(ACK, 1003, 5001, "\0");
    assert_eq!(wire.remark, Some(Remark::KeepAlive));
    wire.c(ACK, 1003, 5001, "");
    assert_eq!((wire.only().incidents().keep_alives[0], wire.only().sent[0].retransmitted), (2, 0));
    assert_eq!(wire.end(), ["o abc", "o -", "r -"]);
}

#[test]
fn a_single_byte_that_nobody_acknowledged_is_sent_again_and_no_keep_alive() {
    let mut wire = Wire::new();
    wire.handshake().c(ACK, 1001, 5001, "a").c(ACK, 1001, 5001, "a");
    assert_eq!((wire.only().incidents().keep_alives[0], wire.only().sent[0].retransmitted), (0, 1));
    wire.s(ACK, 5001, 1002, "").c(ACK, 1001, 5001, "a");
    assert_eq!((wire.only().incidents().keep_alives[0], wire.only().sent[0].retransmitted), (1, 1));
}

#[test]
fn duplicate_acknowledgements_and_zero_windows_are_counted() {
    let mut wire = Wire::new();
    wire.handshake().c(ACK, 1004, 5001, "def").s(ACK, 5001, 1001, "").s(ACK, 5001, 1001, "");
    assert_eq!(wire.remark, Some(Remark::DuplicateAcknowledgement));
    let header = wire.tcp_header(false, ACK, 5001, 1001, 0);
    wire.packet(false, 6, &header, b"", 64);
    assert_eq!(wire.remark, Some(Remark::ZeroWindow));
    wire.c(ACK, 1001, 5001, "abc");
    assert_eq!(wire.remark, Some(Remark::Late), "asked for once or twice, and far later than the way takes");
    let only = wire.only();
    assert_eq!((only.incidents().duplicate_acknowledgements[1], only.incidents().zero_windows[1]), (2, 1));
}

#[test]
fn duplicate_acknowledgements_count_where_the_beginning_is_not_in_the_capture() {
    let mut wire = Wire::new();
    wire.c(ACK, 1001, 5001, "").s(ACK, 5004, 1001, "def").c(ACK, 1001, 5001, "");
    assert_eq!(wire.remark, Some(Remark::DuplicateAcknowledgement));
    assert_eq!(wire.only().incidents().duplicate_acknowledgements, [1, 0]);
}

#[test]
fn what_fills_a_hole_much_later_is_a_retransmission() {
    let mut wire = Wire::new();
    wire.handshake().c(ACK, 1004, 5001, "def");
    wire.now += 200_000_000;
    wire.c(ACK, 1001, 5001, "abc");
    assert_eq!(wire.remark, Some(Remark::Retransmission));
    assert_eq!(wire.end(), ["o abc", "o def", "o -", "r -"]);
}

/// What fills a hole that another segment opened at 1004: identifications and clocks of both, and the nanoseconds between them.
fn filling(identifications: [u16; 2], clocks: Option<[u32; 2]>, apart: i64, asked: usize) -> Option<Remark> {
    let mut wire = Wire::new();
    wire.handshake();
    (wire.identification, wire.clock) = (identifications[0], clocks.map(|clocks| clocks[0]));
    wire.c(ACK, 1004, 5001, "def");
    wire.identification = 0;
    for _ in 0..asked {
        wire.s(ACK, 5001, 1001, "");
    }
    wire.now += apart;
    (wire.identification, wire.clock) = (identifications[1], clocks.map(|clocks| clocks[1]));
    wire.c(ACK, 1001, 5001, "abc");
    wire.remark
}

#[test]
fn the_order_of_identifications_tells_what_was_overtaken_from_what_was_sent_again() {
    assert_eq!(filling([0x67d4, 0x67d5], None, 0, 1), Some(Remark::Retransmission), "sent later, however soon it came");
    assert_eq!(filling([0xffff, 0x0003], None, 0, 1), Some(Remark::Retransmission));
    assert_eq!(filling([0x0001, 0xfff0], None, 20_000_000, 4), Some(Remark::OutOfOrder), "sent earlier, however late it came");
    assert_eq!(filling([0x1200, 0x9a31], None, 1_000_000, 1), Some(Remark::Late), "drawn at random, they tell nothing");
    assert_eq!(filling([0x1200, 0x9a31], None, 0, 0), Some(Remark::OutOfOrder), "nobody has asked for it yet");
}

#[test]
fn the_senders_clock_tells_it_too() {
    assert_eq!(filling([0, 0], Some([7, 8]), 0, 1), Some(Remark::Retransmission));
    assert_eq!(filling([0, 0], Some([7, 6]), 20_000_000, 4), Some(Remark::OutOfOrder));
    assert_eq!(filling([0, 0], Some([7, 7]), 1_000_000, 1), Some(Remark::Late));
    assert_eq!(filling([9, 8], Some([7, 8]), 1_000_000, 1), Some(Remark::Late), "one says so, the other otherwise");
}

#[test]
fn each_hole_is_judged_by_what_was_heard_since_it_opened() {
    let mut wire = Wire::new();
    wire.handshake().c(ACK, 1004, 5001, "def").s(ACK, 5001, 1001, "").c(ACK, 1001, 5001, "abc").s(ACK, 5001, 1007, "");
    wire.c(ACK, 1010, 5001, "jkl");
    wire.now += 1_000_000;
    wire.c(ACK, 1007, 5001, "ghi");
    assert_eq!(wire.remark, Some(Remark::OutOfOrder), "nobody has asked for it yet, whatever was asked for before");
}

#[test]
fn a_hole_alone_takes_no_room_for_what_may_go_wrong_beside_it() {
    let mut wire = Wire::new();
    wire.handshake().c(ACK, 1004, 5001, "def");
    assert_eq!(wire.remark, Some(Remark::Ahead));
    assert!(wire.only().incidents.is_none(), "a flood of conversations with a hole each would take half as much again");
}

#[test]
fn what_was_asked_for_three_times_is_a_retransmission_however_fast_it_comes() {
    let mut wire = Wire::new();
    wire.handshake().c(ACK, 1004, 5001, "def").s(ACK, 5001, 1001, "").s(ACK, 5001, 1001, "").s(ACK, 5001, 1001, "");
    wire.c(ACK, 1001, 5001, "abc");
    assert_eq!(wire.remark, Some(Remark::Retransmission));
}

#[test]
fn states_are_told_apart() {
    let state = |steps: fn(&mut Wire)| {
        let mut wire = Wire::new();
        steps(&mut wire);
        wire.only().state().unwrap()
    };
    assert_eq!(state(|w| _ = w.c(SYN, 1000, 0, "").c(SYN, 1000, 0, "")), State::Unanswered);
    assert_eq!(state(|w| _ = w.c(SYN, 1000, 0, "").c(ACK, 1001, 5001, "only this side was captured")), State::Open);
    assert_eq!(state(|w| _ = w.c(SYN, 1000, 0, "").s(RST | ACK, 0, 1001, "")), State::Refused);
    assert_eq!(state(|w| _ = w.c(SYN, 1000, 0, "").s(SYN | ACK, 5000, 1001, "")), State::HalfOpen);
    assert_eq!(state(|w| _ = w.handshake()), State::Open);
    assert_eq!(state(|w| _ = w.handshake().s(FIN | ACK, 5001, 1001, "")), State::HalfClosed(Side::Responder));
    assert_eq!(state(|w| _ = w.handshake().c(RST, 1001, 0, "")), State::Reset(Side::Originator));
    assert_eq!(state(|w| _ = w.handshake().s(FIN | ACK, 5001, 1001, "").c(FIN | ACK, 1001, 5002, "")), State::Closed(Side::Responder));
}

#[test]
fn a_reset_out_of_the_window_or_before_an_answer_ends_nothing() {
    let mut wire = Wire::new();
    wire.handshake().c(RST, 1001 + 1_000_000, 0, "");
    assert_eq!((wire.remark, wire.only().state()), (Some(Remark::StrayReset), Some(State::Open)));
    let mut wire = Wire::new();
    wire.c(SYN, 1000, 0, "").c(RST, 1001, 0, "").s(SYN | ACK, 5000, 1001, "").c(ACK, 1001, 5001, "on");
    assert_eq!((wire.only().incidents().stray_resets[0], wire.only().state()), (1, Some(State::Open)));
}

#[test]
fn a_reset_discards_nothing() {
    let mut wire = Wire::new();
    wire.handshake().c(ACK, 1004, 5001, "def").s(RST | ACK, 5001, 1001, "").c(ACK, 1001, 5001, "abc");
    assert_eq!(wire.end(), ["o abc", "o def", "o rst", "r rst"]);
}

#[test]
fn a_capture_that_begins_in_the_middle_begins_with_what_came() {
    let mut wire = Wire::new();
    wire.c(ACK, 7003, 9001, "def").c(ACK, 7000, 9001, "abc").s(ACK, 9001, 7006, "xyz");
    assert_eq!(wire.diary.lines, ["o abc", "o def", "r xyz"]);
    assert!(!wire.only().beginning_was_seen());
}

#[test]
fn one_direction_alone_is_told() {
    let mut wire = Wire::new();
    wire.s(ACK, 5001, 1001, "abc").s(ACK, 5004, 1010, "def").s(FIN | ACK, 5007, 1010, "");
    assert_eq!(wire.end(), ["o gap 9", "o -", "r abc", "r def", "r fin"]);
    assert_eq!(wire.only().ends[0].port, 40000, "who has the port of a service was asked");
}

#[test]
fn who_began_is_told_by_what_is_said_where_ports_do_not_tell() {
    let mut wire = Wire::new();
    wire.ports = (9000, 9001);
    wire.s(ACK, 5001, 1001, "GET / HTTP/1.1\r\n");
    assert_eq!(wire.only().ends[0].port, 9001);
    let mut wire = Wire::new();
    wire.ports = (9000, 9001);
    wire.s(ACK, 5001, 1001, "").s(ACK, 5001, 1001, "HTTP/1.1 200 OK\r\n");
    assert_eq!(wire.only().ends[0].port, 9000);
}

#[test]
fn ports_that_are_used_again_begin_another_conversation() {
    let mut wire = Wire::new();
    wire.handshake().c(FIN | ACK, 1001, 5001, "").s(FIN | ACK, 5001, 1002, "").c(ACK, 1002, 5002, "");
    wire.c(SYN, 90_000, 0, "").s(SYN | ACK, 70_000, 90_001, "").c(ACK, 90_001, 70_001, "new");
    assert_eq!(wire.end(), ["o fin", "r fin", "o new", "o -", "r -"]);
    assert_eq!(wire.conversations.count(), 2);
}

#[test]
fn a_syn_into_an_open_conversation_begins_another_only_when_it_is_answered() {
    let mut wire = Wire::new();
    wire.handshake().c(ACK, 1001, 5001, "old").c(SYN, 90_000, 0, "").s(ACK, 5001, 1004, "ok");
    assert_eq!(wire.conversations.count(), 1);
    wire.c(SYN, 90_000, 0, "").s(SYN | ACK, 70_000, 90_001, "").c(ACK, 90_001, 70_001, "new").s(ACK, 70_001, 90_004, "yes");
    assert_eq!(wire.conversations.count(), 2);
    assert_eq!(wire.end(), ["o old", "r ok", "o -", "r -", "o new", "r yes", "o -", "r -"]);
}

#[test]
fn data_in_the_syn_is_the_first() {
    let mut wire = Wire::new();
    wire.c(SYN, 1000, 0, "fast").s(SYN | ACK, 5000, 1005, "").c(ACK, 1005, 5001, " open");
    assert_eq!(wire.end(), ["o fast", "o  open", "o -", "r -"]);
}

#[test]
fn datagrams_are_told_whole_and_echoes_belong_together() {
    let mut wire = Wire::new();
    let header = |source: u16, destination: u16, length: u16| -> Vec<u8> {
        [source, destination, length + 8, 0].into_iter().flat_map(u16::to_be_bytes).collect()
    };
    wire.packet(false, 17, &header(53, 4000, 6), b"answer", 64);
    wire.packet(true, 17, &header(4000, 53, 3), b"ask", 64);
    wire.packet(true, 1, &[8, 0, 0, 0, 0, 7, 0, 1], b"", 64);
    wire.packet(false, 1, &[0, 0, 0, 0, 0, 7, 0, 1], b"", 64);
    wire.packet(false, 47, &[], b"?", 64);
    assert_eq!(wire.end(), ["r answer", "o ask"]);
    let kinds: Vec<_> = wire.conversations.iter().map(|one| (one.kind, one.sent[0].frames, one.sent[1].frames)).collect();
    assert_eq!(kinds, [(Kind::Udp, 1, 1), (Kind::Echo, 1, 1), (Kind::Other(47), 1, 0)]);
    assert!(wire.conversations.iter().all(|one| one.state().is_none()));
}

#[test]
fn a_flood_is_put_away_syns_without_an_answer_first() {
    let mut wire = Wire::with(Limits { conversations: 64, ..Limits::default() });
    wire.handshake();
    for port in 1000..3000 {
        wire.ports = (port, 80);
        wire.c(SYN, 1, 0, "");
    }
    let put_away = wire.conversations.put_away();
    assert_eq!(put_away.conversations, put_away.unanswered);
    assert!(put_away.conversations >= 2001 - 64);
    wire.ports = (40000, 80);
    wire.c(ACK, 1001, 5001, "still here");
    assert_eq!(wire.conversations.count(), 2001);
    wire.end();
}

#[test]
fn where_there_are_too_many_conversations_unanswered_ones_go_first_and_then_those_heard_of_least_recently() {
    for limits in [
        Limits { conversations: 8, conversation_share: 8, ..Limits::default() },
        Limits { conversation_bytes: 8 * size_of::<Conversation>(), conversation_share: 8, ..Limits::default() },
    ] {
        let mut wire = Wire::with(limits);
        for port in 1..=4 {
            wire.ports = (port, 80);
            wire.handshake();
        }
        for port in 5..=8 {
            wire.ports = (port, 80);
            wire.c(SYN, 1000, 0, "");
        }
        assert_eq!((wire.conversations.count(), wire.conversations.put_away()), (8, PutAway::default()));
        // The first is heard of again.
        wire.ports = (1, 80);
        wire.c(ACK, 1001, 5001, "again");
        for port in 9..=14 {
            wire.ports = (port, 80);
            wire.handshake();
        }
        let mut known: Vec<u16> = wire.conversations.iter().map(|conversation| conversation.ends[0].port).collect();
        known.sort_unstable();
        assert_eq!(known, [1, 4, 9, 10, 11, 12, 13, 14], "four were answered by nobody, then two were the oldest");
        assert_eq!(wire.conversations.put_away(), PutAway { conversations: 6, unanswered: 4, holes: 0 });
        assert_eq!(wire.conversations.count(), 14);
    }
}

#[test]
fn what_waits_behind_a_hole_has_a_limit() {
    let mut wire = Wire::with(Limits { stream_bytes: 10, ..Limits::default() });
    wire.handshake().c(ACK, 1004, 5001, "0123456789").c(ACK, 1014, 5001, "ab");
    assert_eq!(wire.diary.lines, ["o gap 3", "o 0123456789", "o ab"]);
    assert_eq!(wire.only().incidents().limited[0], 1);
    assert_eq!(wire.conversations.put_away(), PutAway { holes: 1, ..PutAway::default() });
}

#[test]
fn what_waits_behind_all_holes_has_a_limit() {
    let mut wire = Wire::with(Limits { streams_bytes: 20_000, ..Limits::default() });
    for port in 1..=100 {
        wire.ports = (port, 80);
        wire.handshake().c(ACK, 1004, 5001, &"a".repeat(1_000));
        assert!(wire.conversations.used.waiting <= 20_000, "{}", wire.conversations.used.waiting);
    }
    let holes = wire.conversations.put_away().holes;
    assert!((50..=90).contains(&holes), "{holes} were passed over, and the others still wait");
    assert_eq!(wire.conversations.iter().map(|one| u64::from(one.incidents().limited[0])).sum::<u64>(), holes);
}

#[test]
fn what_is_remembered_has_a_limit() {
    let mut wire = Wire::with(Limits { history_bytes: 2000, ..Limits::default() });
    for port in 1000..1100 {
        wire.ports = (port, 80);
        wire.handshake().c(ACK, 1001, 5001, "some bytes to be remembered");
        assert!(wire.conversations.used.history <= 2000);
    }
    wire.c(ACK, 1001, 5001, "SOME");
    assert_eq!(wire.remark, Some(Remark::Conflict));
    wire.end();
    assert_eq!((wire.conversations.used.history, wire.conversations.used.waiting), (0, 0));
}

proptest! {
    /// Both directions, shuffled within a reach, some sent twice: everything is told, in the right order.
    #[test]
    fn a_shuffled_conversation_is_told_as_it_was_said(
        turns in vec((any::<bool>(), 1usize..12), 1..20),
        bases in (any::<u32>(), any::<u32>()),
        swaps in vec((0usize..100, 1usize..4), 0..4),
        again in vec(0usize..100, 0..5),
    ) {
        let (mut said, mut packets) = (String::new(), Vec::new());
        let (mut next, mut letter) = ([bases.0, bases.1], 0u8);
        let mut expected = [String::new(), String::new()];
        for (client, length) in turns {
            let (own, other) = if client { (0, 1) } else { (1, 0) };
            let text: String = (0..length).map(|place| char::from(b'a' + (letter + place as u8) % 26)).collect();
            letter = (letter + 7) % 26;
            packets.push((client, next[own], next[other], text.clone()));
            next[own] = next[own].wrapping_add(length as u32);
            expected[own].push_str(&text);
            said.push_str(&text);
        }
        for place in again {
            let packet = packets[place % packets.len()].clone();
            packets.push(packet);
        }
        for (place, far) in swaps {
            // Within the patience that a hole is waited for.
            let one = place % packets.len();
            let other = (one + far).min(packets.len() - 1);
            packets.swap(one, other);
        }
        let mut wire = Wire::new();
        wire.c(SYN, bases.0.wrapping_sub(1), 0, "").s(SYN | ACK, bases.1.wrapping_sub(1), bases.0, "");
        for (client, sequence, acknowledgement, text) in packets {
            wire.tcp(client, ACK, sequence, acknowledgement, &text);
        }
        wire.end();
        let heard = [0, 1].map(|side| String::from_utf8_lossy(&wire.diary.streams[side]).into_owned());
        prop_assert_eq!(heard, expected);
        let data: String = wire.diary.lines.iter().filter(|line| !line.ends_with(" -")).map(|line| &line[2..]).collect();
        prop_assert_eq!(data, said);
        prop_assert!(wire.conversations.iter().all(|one| one.incidents().gaps == [Count::default(); 2]));
    }

    /// Whoever is put away comes before everybody who stays.
    #[test]
    fn who_is_put_away_is_whose_turn_it_is(acts in vec((1_u16..40, 0_u8..8), 1..400), allowed in 1_usize..20, share in 1_usize..20) {
        let mut wire = Wire::with(Limits { conversations: allowed, conversation_share: share, ..Limits::default() });
        let turns = |wire: &Wire| -> std::collections::BTreeMap<u64, (bool, Option<Timestamp>)> {
            wire.conversations.iter().map(|one| (one.id, (one.state() != Some(State::Unanswered), one.last()))).collect()
        };
        for (port, act) in acts {
            wire.ports = (port, 80);
            let before = turns(&wire);
            match act {
                0..4 => wire.c(SYN, 1000, 0, ""),
                4 => wire.s(SYN | ACK, 5000, 1001, ""),
                5 => wire.s(RST | ACK, 0, 1001, ""),
                _ => wire.c(ACK, 1001, 5001, "said"),
            };
            let after = turns(&wire);
            let (stays, goes): (Vec<_>, Vec<_>) = before.iter().partition(|(id, _)| after.contains_key(id));
            let last = goes.iter().map(|(_, turn)| *turn).max();
            prop_assert!(stays.iter().all(|(_, turn)| Some(*turn) > last), "{goes:?} go, {stays:?} stay");
            prop_assert!(goes.len() <= (allowed / share).max(1));
            prop_assert!(after.len() <= allowed);
        }
        let put_away = wire.conversations.put_away().conversations;
        prop_assert_eq!(wire.conversations.count(), put_away + turns(&wire).len() as u64);
        wire.end();
    }

    /// Whatever flags and numbers come, nothing panics, and what is over takes nothing.
    #[test]
    fn any_segments_are_survived(segments in vec((any::<bool>(), any::<u8>(), 0u32..40, 0u32..40, 0usize..6, 60u8..64), 0..60)) {
        let mut wire = Wire::new();
        for (client, flags, sequence, acknowledgement, length, hops) in segments {
            let header = wire.tcp_header(client, flags, sequence.wrapping_sub(20), acknowledgement.wrapping_sub(20), 4);
            wire.packet(client, 6, &header, &b"abcdefgh"[..length], hops);
        }
        wire.end();
        prop_assert_eq!((wire.conversations.used.history, wire.conversations.used.waiting), (0, 0));
    }
}

#[test]
fn a_million_conversations_are_within_their_limit() {
    assert!(size_of::<Conversation>() <= 240, "{} bytes", size_of::<Conversation>());
}
