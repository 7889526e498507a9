//! Conversations as they are said, and what is made of them.

use super::*;
use crate::conversation::{Endpoint, Side};
use crate::frame::Timestamp;
use crate::reassembly::{End, Limits, Origin, Overlap, Piece};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

/// What happens on the wire. The client is the originator.
#[derive(Clone, Debug)]
enum Said {
    Client(Vec<u8>),
    Server(Vec<u8>),
    ClientGap(u64),
    ServerGap(u64),
    ClientEnd(End),
    ServerEnd(End),
}

fn c(text: &str) -> Said {
    Said::Client(text.as_bytes().to_vec())
}

fn s(text: &str) -> Said {
    Said::Server(text.as_bytes().to_vec())
}

const FIN: Said = Said::ServerEnd(End::Finished);

/// Keeps everything, and holds what is told against the promises of [`Sink`].
#[derive(Default)]
struct Keeper {
    bodies: BTreeMap<(ExchangeId, MessageKind), Vec<u8>>,
    open: Vec<(ExchangeId, MessageKind)>,
    strays: BTreeMap<ExchangeId, Vec<u8>>,
    tunnels: BTreeMap<(ExchangeId, usize), Vec<u8>>,
    told: Vec<Exchange>,
}

impl Sink for Keeper {
    fn begin_body(&mut self, exchange: ExchangeId, kind: MessageKind, message: &Message) {
        assert!(!self.open.contains(&(exchange, kind)) && message.body.length == 0);
        self.open.push((exchange, kind));
        assert!(self.bodies.insert((exchange, kind), Vec::new()).is_none());
    }

    fn body(&mut self, exchange: ExchangeId, kind: MessageKind, bytes: &[u8], _origin: Origin) {
        assert!(self.open.contains(&(exchange, kind)) && !bytes.is_empty());
        self.bodies.entry((exchange, kind)).or_default().extend_from_slice(bytes);
    }

    fn body_gap(&mut self, exchange: ExchangeId, kind: MessageKind, offset: u64, length: u64) {
        assert!(self.open.contains(&(exchange, kind)));
        let body = self.bodies.entry((exchange, kind)).or_default();
        assert_eq!(body.len() as u64, offset);
        body.extend(vec![b'_'; length as usize]);
    }

    fn end_body(&mut self, exchange: ExchangeId, kind: MessageKind, message: &Message) {
        let before = self.open.len();
        self.open.retain(|open| *open != (exchange, kind));
        assert_eq!(self.open.len(), before - 1);
        assert_eq!(self.bodies[&(exchange, kind)].len() as u64, message.body.length);
        assert_ne!(message.body.ending, Ending::Open);
    }

    fn stray(&mut self, exchange: ExchangeId, _from: Side, bytes: &[u8], _origin: Origin) {
        self.strays.entry(exchange).or_default().extend_from_slice(bytes);
    }

    fn tunnel(&mut self, exchange: ExchangeId, from: Side, piece: &Piece<'_>) {
        match piece {
            Piece::Data { bytes, .. } => self.tunnels.entry((exchange, from.index())).or_default().extend_from_slice(bytes),
            Piece::Gap { length, .. } => self.tunnels.entry((exchange, from.index())).or_default().extend(vec![b'_'; *length as usize]),
            Piece::End { .. } => {}
        }
    }

    fn exchange(&mut self, exchange: Exchange) {
        assert!(!self.open.iter().any(|(open, _)| *open == exchange.id), "told before its bodies ended: {exchange:?}");
        assert!(self.told.iter().all(|told| told.id != exchange.id), "told twice: {exchange:?}");
        self.told.push(exchange);
    }
}

impl Keeper {
    fn message(&self, exchange: &Exchange, message: &Message, kind: MessageKind) -> String {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut out = match (message.head.request_line(), message.head.status_line()) {
            (Some(line), _) => [text(line.method), text(line.target)].join(" "),
            (None, Some(line)) => text(line.status),
            (None, None) => "-".to_owned(),
        };
        if let Some(body) = self.bodies.get(&(exchange.id, kind)) {
            out += &format!("[{}]", text(body));
        }
        let length = message.body.missing + self.bodies.get(&(exchange.id, kind)).map_or(0, Vec::len) as u64 - message.body.missing;
        assert_eq!(length, message.body.length);
        if !message.body.is_complete() {
            out += &format!("!{:?}", message.body.ending);
        }
        out
    }

    /// An exchange as a line: request, answers, tunnel, stray bytes, flags.
    fn line(&self, exchange: &Exchange) -> String {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(exchange.request.iter().map(|message| self.message(exchange, message, MessageKind::Request)));
        parts.extend(exchange.informational.iter().map(|message| format!("({})", message.status().unwrap_or_default())));
        parts.extend(exchange.response.iter().map(|message| self.message(exchange, message, MessageKind::Response)));
        if let Some(tunnel) = exchange.tunnel {
            let side = |index| String::from_utf8_lossy(self.tunnels.get(&(exchange.id, index)).map_or(&[][..], Vec::as_slice)).into_owned();
            assert_eq!(tunnel.bytes[0] + tunnel.missing[0], side(0).len() as u64);
            assert_eq!(tunnel.bytes[1] + tunnel.missing[1], side(1).len() as u64);
            parts.push(format!("={:?} {}|{}=", tunnel.kind, side(0), side(1)));
        }
        if let Some(stray) = exchange.stray {
            // Those before the first message are counted only.
            let bytes = self.strays.get(&exchange.id).cloned().unwrap_or_default();
            assert!(bytes.is_empty() && stray.offset == 0 || stray.length == bytes.len() as u64);
            parts.push(format!("{:?} stray <{}>", stray.from, String::from_utf8_lossy(&bytes)));
        }
        parts.extend(exchange.all_flags().iter().map(|flag| format!("#{}", flag.id())));
        parts.join(" ")
    }

    fn lines(&self) -> Vec<String> {
        self.told.iter().map(|exchange| self.line(exchange)).collect()
    }
}

fn ends() -> [Endpoint; 2] {
    [1, 2].map(|last| Endpoint { address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)), port: 80 })
}

/// Feeds all that; each step is a frame, a millisecond after the one before.
fn hear(said: &[Said], limits: &Limits, begin: [u64; 2]) -> Keeper {
    let mut conversation = HttpConversation::new(7, ends());
    let mut keeper = Keeper::default();
    let mut offsets = begin;
    for (place, said) in said.iter().enumerate() {
        let frame = place as u64 + 1;
        let origin = Origin { frame, time: Some(Timestamp::from_nanoseconds(frame as i64 * 1_000_000)) };
        let side = match said {
            Said::Client(_) | Said::ClientGap(_) | Said::ClientEnd(_) => Side::Originator,
            Said::Server(_) | Said::ServerGap(_) | Said::ServerEnd(_) => Side::Responder,
        };
        let offset = &mut offsets[side.index()];
        let (piece, length) = match said {
            Said::Client(bytes) | Said::Server(bytes) => (Piece::Data { offset: *offset, bytes, origin }, bytes.len() as u64),
            Said::ClientGap(length) | Said::ServerGap(length) => (Piece::Gap { offset: *offset, length: *length, origin }, *length),
            Said::ClientEnd(how) | Said::ServerEnd(how) => (Piece::End { offset: *offset, how: *how, origin }, 0),
        };
        *offset += length;
        conversation.piece(side, &piece, limits, &mut keeper);
    }
    conversation.finish(limits, &mut keeper);
    assert!(conversation.is_over() && conversation.cost() == 0 && keeper.open.is_empty());
    keeper
}

fn lines(said: &[Said]) -> Vec<String> {
    hear(said, &Limits::default(), [0; 2]).lines()
}

const GET: &str = "GET /a HTTP/1.0\r\n\r\n";
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[track_caller]
fn expect(said: &[Said], want: &[&str]) {
    assert_eq!(lines(said), want, "{said:?}");
}

#[test]
fn a_request_and_its_answer() {
    expect(&[c(GET), s(OK)], &["GET /a 200[ok]"]);
}

#[test]
fn keep_alive_and_pipelining() {
    let two = [GET, "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyz"].concat();
    let answers = [OK, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"].concat();
    expect(&[c(&two), s(&answers)], &["GET /a 200[ok]", "POST /b[xyz] 404"]);
    expect(&[c(GET), s(OK), c("PUT /b HTTP/1.0\r\n\r\n"), s(OK)], &["GET /a 200[ok]", "PUT /b 200[ok]"]);
}

#[test]
fn interim_answers_belong_to_the_request_that_waits() {
    let post = "POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
    expect(
        &[c(post), s("HTTP/1.1 100 Continue\r\n\r\n"), c("xyz"), s("HTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n"), s(OK)],
        &["POST /a[xyz] (100) (102) (103) 200[ok]"],
    );
}

#[test]
fn a_body_that_was_announced_and_withheld() {
    let post = "POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 300\r\n\r\n";
    let no = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n";
    expect(&[c(post), s(no), c(GET), s(OK)], &["POST /a[]!Withheld 401 #answered_early", "GET /a 200[ok]"]);
    // The answer to a HEAD that is not in the capture.
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n";
    expect(&[s(head), s(OK)], &["200[]!Withheld #no_request", "200[ok] #no_request"]);
}

#[test]
fn answers_without_bodies() {
    let head = "HEAD /a HTTP/1.0\r\n\r\n";
    expect(&[c(head), s("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"), c(GET), s(OK)], &["HEAD /a 200", "GET /a 200[ok]"]);
    for answer in ["HTTP/1.1 204 No\r\n\r\n", "HTTP/1.1 304 Same\r\nContent-Length: 99\r\n\r\n"] {
        let status = &answer[9..12];
        expect(&[c(GET), s(answer), c(GET), s(OK)], &[&format!("GET /a {status}"), "GET /a 200[ok]"]);
    }
}

#[test]
fn a_body_to_the_end_says_how_it_ended() {
    let answer = s("HTTP/1.0 200 OK\r\n\r\nall of it");
    expect(&[c(GET), answer.clone(), FIN], &["GET /a 200[all of it]"]);
    expect(&[c(GET), answer.clone(), Said::ServerEnd(End::Reset)], &["GET /a 200[all of it]!Stream(Reset)"]);
    expect(&[c(GET), answer], &["GET /a 200[all of it]!Stream(Unseen)"]);
}

#[test]
fn a_body_of_known_length_that_is_cut() {
    let answer = s("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart");
    expect(&[c(GET), answer, FIN], &["GET /a 200[part]!Stream(Finished)"]);
}

#[test]
fn chunks_extensions_and_trailers() {
    let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: v\r\nU: w\r\n\r\n";
    let keeper = hear(&[c(GET), s(answer), c(GET), s(OK)], &Limits::default(), [0; 2]);
    assert_eq!(keeper.lines(), ["GET /a 200[abcde] #chunk_extensions #trailers", "GET /a 200[ok]"]);
    let body = &keeper.told[0].response.as_ref().expect("an answer").body;
    assert_eq!((body.chunks, body.chunk_extensions, body.length, body.transferred), (2, 1, 5, 36));
    let trailers: Vec<_> = body.trailers.as_ref().expect("trailers").headers().map(|header| (header.name, header.value)).collect();
    assert_eq!(trailers, [(&b"T"[..], &b"v"[..]), (b"U", b"w")]);
    let post = "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
    expect(&[c(post), s(OK)], &["POST /a[x] 200[ok]"]);
}

#[test]
fn chunks_that_break_lose_nothing() {
    let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nnonsense\r\n";
    expect(
        &[c(GET), s(answer), c(GET), s(OK)],
        &["GET /a 200[ab]!Broken #chunk_invalid", "Responder stray <nonsense\r\n> #stray_bytes", "GET /a 200[ok]"],
    );
}

#[test]
fn connect_opens_a_tunnel() {
    let connect = "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n";
    let said = [c(connect), s("HTTP/1.1 200 Go\r\n\r\nhi"), c("\x16\x03\x01"), s("there"), Said::ClientEnd(End::Finished), FIN];
    expect(&said, &["CONNECT h:443 200 =Connect \x16\x03\x01|hithere="]);
    // Refused, and asked again.
    let no = "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n";
    expect(
        &[c(connect), s(no), c(connect), s("HTTP/1.1 200 Go\r\n\r\n"), c("x")],
        &["CONNECT h:443 407", "CONNECT h:443 200 =Connect x|="],
    );
    // Only the client's side was captured.
    expect(&[c(connect), c("\x16\x03\x01"), c("more")], &["CONNECT h:443 =Connect \x16\x03\x01more|= #no_answer"]);
    expect(&[c(connect), c("\x16\x03"), s("HTTP/1.1 200 Go\r\n\r\nhi"), c("!")], &["CONNECT h:443 200 =Connect \x16\x03!|hi="]);
}

#[test]
fn an_upgrade_opens_a_tunnel() {
    let ask = "GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    let yes = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x01\x02";
    expect(&[c(ask), s(yes), c("abc"), Said::ServerGap(2), s("d")], &["GET /chat 101 =Upgrade abc|\x01\x02__d="]);
    // Not granted: HTTP goes on.
    expect(&[c(ask), s(OK), c(GET), s(OK)], &["GET /chat 200[ok]", "GET /a 200[ok]"]);
    expect(&[c(GET), s(yes)], &["GET /a 101 =Upgrade |\x01\x02= #upgrade_unasked"]);
}

#[test]
fn http_2_is_left_alone() {
    let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0";
    expect(&[c(preface), s("\0\0\x06")], &["PRI * =Http2 SM\r\n\r\n\0\0|\0\0\x06= #version_odd #http_2_preface"]);
}

#[test]
fn http_0_9() {
    expect(&[c("GET /old\r\n"), s("<html>"), s("</html>"), FIN], &["GET /old -[<html></html>] #http_0_9"]);
    expect(&[c("GET /old\r\n"), s(OK)], &["GET /old 200[ok] #http_0_9"]);
    // A server that answers so to a newer request.
    expect(&[c(GET), s("<html>"), FIN], &["GET /a -[<html>] #status_line_missing"]);
}

#[test]
fn requests_without_answers_and_answers_without_requests() {
    expect(&[c(GET), c(GET)], &["GET /a #no_answer", "GET /a #no_answer"]);
    expect(&[s(OK), s(OK)], &["200[ok] #no_request", "200[ok] #no_request"]);
    expect(&[s(OK), c(GET), s(OK)], &["200[ok] #no_request", "GET /a 200[ok]"]);
    expect(&[c(GET), FIN, c(GET)], &["GET /a #no_answer", "GET /a #no_answer"]);
}

#[test]
fn an_answer_before_the_end_of_its_request() {
    let post = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nxyz";
    expect(&[c(post), s(OK), c("abc"), c(GET), s(OK)], &["POST /a[xyzabc] 200[ok] #answered_early", "GET /a 200[ok]"]);
}

#[test]
fn leniency_is_flagged() {
    let rows: &[(&str, &str)] = &[
        ("\r\n\r\nGET /a HTTP/1.0\r\n\r\n", "#empty_lines_before"),
        ("GET /a HTTP/1.0\n\n", "#bare_line_feed"),
        ("FROB /a HTTP/1.0\r\n\r\n", "#method_unknown"),
        ("GET /a HTTP/1.0\r\nA: b\r\n c\r\n\r\n", "#obs_fold"),
        ("GET /a HTTP/1.0\r\nA : b\r\n\r\n", "#space_before_colon"),
        ("GET /a http/1.0\r\n\r\n", "#version_odd"),
        ("GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "#host_odd"),
        ("GET /a  HTTP/1.0\r\n\r\n", "#start_line_spaces"),
    ];
    for (request, flag) in rows {
        let method = request.trim_start().split(' ').next().expect("a method");
        expect(&[c(request), s(OK)], &[&format!("{method} /a 200[ok] {flag}")]);
    }
    let answers: &[(&str, &str, &str)] = &[
        ("ICY 200 OK\r\nContent-Length: 2\r\n\r\nok", "200[ok]", "#icy"),
        ("HTTP/1.1 2OO OK\r\nContent-Length: 2\r\n\r\nok", "2OO[ok]", "#status_invalid"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", "200[ok]", "#content_length_differs"),
        ("HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "200[ok]", "#bare_line_feed"),
    ];
    for (answer, line, flag) in answers {
        expect(&[c(GET), s(answer)], &[&format!("GET /a {line} {flag}")]);
    }
}

#[test]
fn bytes_between_messages_are_told() {
    expect(&[c(GET), s(OK), s("junk"), c(GET), s(OK)], &["GET /a 200[ok]", "Responder stray <junk> #stray_bytes", "GET /a 200[ok]"]);
    let joined = [OK, "junk\r\nmore\r\n", OK].concat();
    expect(&[c(GET), c(GET), s(&joined)], &["GET /a 200[ok]", "Responder stray <junk\r\nmore\r\n> #stray_bytes", "GET /a 200[ok]"]);
    let no = "HTTP/1.1 204 No\r\nContent-Length: 4\r\n\r\nevil";
    expect(&[c(GET), s(no)], &["GET /a 204 #framing_without_body", "Responder stray <evil> #stray_bytes"]);
}

#[test]
fn what_comes_after_close_is_flagged() {
    let last = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    expect(&[c(GET), s(last), s("junk")], &["GET /a 200[ok]", "Responder stray <junk> #stray_bytes #after_close"]);
    expect(&[c(GET), c(GET), s(last), s(OK)], &["GET /a 200[ok]", "GET /a 200[ok] #after_close"]);
}

#[test]
fn holes_in_bodies() {
    let answer = s("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab");
    expect(&[c(GET), answer.clone(), Said::ServerGap(3), s("cdef"), c(GET), s(OK)], &["GET /a 200[ab___cdef]!Framing", "GET /a 200[ok]"]);
    expect(&[c(GET), answer.clone(), Said::ServerGap(7), c(GET), s(OK)], &["GET /a 200[ab_______]!Framing", "GET /a 200[ok]"]);
    // The hole takes the next message's begin too.
    expect(
        &[c(GET), answer, Said::ServerGap(9), s("tail"), c(GET), s(OK)],
        &["GET /a 200[ab_______]!Framing", "Responder stray <tail> #unread_bytes", "GET /a 200[ok]"],
    );
    let close = s("HTTP/1.0 200 OK\r\n\r\nab");
    expect(&[c(GET), close, Said::ServerGap(3), s("c"), FIN], &["GET /a 200[ab___c]!Stream(Finished)"]);
    let chunked = s("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nab");
    expect(
        &[c(GET), chunked.clone(), Said::ServerGap(3), s("cde\r\n0\r\n\r\n"), c(GET), s(OK)],
        &["GET /a 200[ab___cde]!Framing", "GET /a 200[ok]"],
    );
    expect(
        &[c(GET), chunked, Said::ServerGap(10), s("3\r\nabc\r\n0\r\n\r\n"), c(GET), s(OK)],
        &["GET /a 200[ab______]!Gap #gap_in_framing", "Responder stray <3\r\nabc\r\n0\r\n\r\n> #unread_bytes", "GET /a 200[ok]"],
    );
}

#[test]
fn holes_in_heads_and_between_messages() {
    expect(
        &[c(GET), s("HTTP/1.1 200 OK\r\nContent-Le"), Said::ServerGap(9), s("body"), c(GET), s(OK)],
        &["GET /a 200!Gap #gap_in_head", "Responder stray <body> #unread_bytes", "GET /a 200[ok]"],
    );
    // The whole first answer is missing: the second one does not take its place.
    expect(&[c(GET), Said::ServerGap(99), c("GET /b HTTP/1.0\r\n\r\n"), s(OK)], &["GET /a #no_answer #answer_in_gap", "GET /b 200[ok]"]);
    // Both requests were there before the hole: the answer goes to the first.
    expect(&[c(GET), c("GET /b HTTP/1.0\r\n\r\n"), Said::ServerGap(9), s(OK)], &["GET /a 200[ok]", "GET /b #no_answer"]);
    expect(&[Said::ClientGap(50), c(GET), s(OK)], &["GET /a 200[ok]"]);
    expect(&[c("GET /a HTTP/1.0\r\nA: b"), Said::ClientGap(5), s(OK)], &["GET /a!Gap 200[ok] #gap_in_head"]);
}

#[test]
fn heads_that_never_end() {
    expect(&[c("GET /a HTTP/1.0\r\nA: b"), Said::ClientEnd(End::Finished)], &["GET /a!Stream(Finished) #no_answer #head_cut"]);
    expect(&[c("GET /a HTTP/1.1\r\nAccept"), s(OK)], &["200[ok] #no_request", "GET /a!Stream(Unseen) #no_answer #head_cut"]);
    expect(&[c("GET /a HTT")], &[]);
}

#[test]
fn a_capture_that_begins_in_the_middle() {
    let said = [s("of a body\r\nHTTP/1.1 no\r\n"), s("more"), c(GET), s(OK)];
    let keeper = hear(&said, &Limits::default(), [500, 500]);
    assert_eq!(keeper.lines(), ["Responder stray <> #unread_bytes", "GET /a 200[ok]"]);
    let keeper = hear(&[c("rest of a body"), s(OK), c(GET), s(OK)], &Limits::default(), [500, 500]);
    assert_eq!(keeper.lines(), ["Originator stray <> #unread_bytes", "200[ok] #no_request", "GET /a 200[ok]"]);
}

/// Two requests with the rest of an answer between them, of which the beginning was not seen.
#[test]
fn the_rest_of_an_answer_is_no_answer_of_http_0_9() {
    let tell = |unseen: bool| {
        let mut conversation = HttpConversation::new(7, ends());
        if unseen {
            conversation.begins_unseen(Side::Responder);
        }
        let mut keeper = Keeper::default();
        for (side, bytes) in [(Side::Originator, GET), (Side::Responder, "rest of a body"), (Side::Responder, OK)] {
            let offset = if bytes == OK { 14 } else { 0 };
            let piece = Piece::Data { offset, bytes: bytes.as_bytes(), origin: Origin::default() };
            conversation.piece(side, &piece, &Limits::default(), &mut keeper);
        }
        conversation.finish(&Limits::default(), &mut keeper);
        keeper.lines()
    };
    assert_eq!(tell(true), ["Responder stray <rest of a body> #unread_bytes", "GET /a 200[ok]"]);
    let whole = ["GET /a -[rest of a body", OK, "]!Stream(Unseen) #status_line_missing"].concat();
    assert_eq!(tell(false), [whole]);
}

#[test]
fn bytes_that_came_again_as_others_are_told_with_their_message() {
    let mut conversation = HttpConversation::new(7, ends());
    let mut keeper = Keeper::default();
    let data = |offset, bytes| Piece::Data { offset, bytes, origin: Origin::default() };
    conversation.piece(Side::Originator, &data(0, GET.as_bytes()), &Limits::default(), &mut keeper);
    let (first, second) = OK.split_at(OK.len() - 1);
    conversation.piece(Side::Responder, &data(0, first.as_bytes()), &Limits::default(), &mut keeper);
    let conflict = Overlap {
        offset: first.len() as u64 - 1,
        kept: b"o",
        other: b"O",
        kept_origin: Origin::default(),
        other_origin: Origin { frame: 9, time: None },
    };
    conversation.conflict(Side::Responder, &conflict, &mut keeper);
    conversation.piece(Side::Responder, &data(first.len() as u64, second.as_bytes()), &Limits::default(), &mut keeper);
    conversation.finish(&Limits::default(), &mut keeper);
    assert_eq!(keeper.lines(), ["GET /a 200[ok] #conflicting_bytes", "Responder stray <O> #conflicting_bytes"]);
    assert!(keeper.told.iter().all(Exchange::is_hazard));
}

#[test]
fn what_is_no_http() {
    for other in
        ["220 mail ESMTP\r\n", "SSH-2.0-OpenSSH_9\r\n", "\x16\x03\x01\x02", "NICK a\r\n", "RTSP/1.0 200 OK\r\n\r\n", "GET the point\r\n"]
    {
        for said in [[c(other), s(other)], [s(other), c(other)]] {
            expect(&said, &[]);
        }
        let bytes: Vec<Said> = other.bytes().map(|byte| Said::Client(vec![byte])).collect();
        expect(&bytes, &[]);
    }
}

#[test]
fn times_and_frames() {
    let (first, second) = GET.split_at(9);
    let keeper =
        hear(&[c(first), c(second), s("HTTP/1.1 200 OK\r\n"), s("Content-Length: 2\r\n\r\n"), s("o"), s("k")], &Limits::default(), [0; 2]);
    let exchange = &keeper.told[0];
    let (request, answer) = (exchange.request.as_ref().expect("one"), exchange.response.as_ref().expect("one"));
    assert_eq!([request.first.frame, request.head_end.frame, request.last.frame], [1, 2, 2]);
    assert_eq!([answer.first.frame, answer.head_end.frame, answer.last.frame], [3, 4, 6]);
    assert_eq!([exchange.send_time(), exchange.wait_time(), exchange.receive_time()], [Some(1_000_000), Some(1_000_000), Some(3_000_000)]);
    assert_eq!((exchange.id.conversation, exchange.id.index, exchange.client), (7, 0, Side::Originator));
}

#[test]
fn who_asks_is_known_by_what_is_said() {
    let swapped = hear(&[s(GET), c(OK)], &Limits::default(), [0; 2]);
    assert_eq!(swapped.lines(), ["GET /a 200[ok]"]);
    assert_eq!((swapped.told[0].client, swapped.told[0].ends[0]), (Side::Responder, ends()[1]));
}

#[test]
fn limits_bite_and_say_so() {
    let limits = Limits { http_line: 40, http_head_bytes: 120, http_headers: 3, http_requests_waiting: 2, ..Limits::default() };
    let hear = |said: &[Said]| hear(said, &limits, [0; 2]).lines();
    let long = format!("GET /a HTTP/1.0\r\nA: {}\r\nContent-Length: 2\r\n\r\nxy", "b".repeat(99));
    assert_eq!(hear(&[c(&long), s(OK)]), ["GET /a[xy] 200[ok] #body_unexpected #line_limit"]);
    let target = format!("GET /{} HTTP/1.0\r\n\r\n", "a".repeat(99));
    assert_eq!(hear(&[c(&target), s(OK)]), [format!("GET /{} 200[ok] #line_limit", "a".repeat(35))]);
    let many = format!("GET /a HTTP/1.0\r\n{}\r\n", "A: b\r\n".repeat(5));
    assert_eq!(hear(&[c(&many), s(OK)]), ["GET /a 200[ok] #head_limit"]);
    let much = format!("GET /a HTTP/1.0\r\n{}\r\n", "A: bbbbbbbbbbbbbbbbbbbbbb\r\n".repeat(9));
    assert_eq!(hear(&[c(&much), s(OK)]), ["GET /a 200[ok] #head_limit"]);
    // The first answer's request could not wait: its answer comes alone, and the others find theirs.
    let three = [GET, "GET /b HTTP/1.0\r\n\r\n", "GET /c HTTP/1.0\r\n\r\n"].concat();
    assert_eq!(
        hear(&[c(&three), s(OK), s(OK), s(OK)]),
        ["GET /a #no_answer #waiting_limit", "200[ok] #no_request", "GET /b 200[ok]", "GET /c 200[ok]"]
    );
}

#[test]
fn what_takes_long_takes_no_longer_than_it_is() {
    let begun = std::time::Instant::now();
    let length = 1 << 16;
    for pattern in ["\n", "A: b\r\n", "GET / HTTP/1.1\r\n\r\n", "G", "A \n", "0\r\n", "HTTP/1.1 100 C\r\n\r\n", " \r\n", "\r", "GET /"] {
        let text: Vec<u8> = pattern.bytes().cycle().take(length).collect();
        for prefix in ["", "GET / HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", GET] {
            for side in [Side::Originator, Side::Responder] {
                for size in [1, length] {
                    let mut conversation = HttpConversation::new(0, ends());
                    let mut told = 0u64;
                    let mut offset = 0;
                    for bytes in [prefix.as_bytes()].into_iter().chain(text.chunks(size)).filter(|bytes| !bytes.is_empty()) {
                        conversation.piece(
                            side,
                            &Piece::Data { offset, bytes, origin: Origin::default() },
                            &Limits::default(),
                            &mut Counter(&mut told),
                        );
                        offset += bytes.len() as u64;
                    }
                    assert!(conversation.cost() < 8 << 20, "{pattern:?}: {} bytes are kept", conversation.cost());
                    conversation.finish(&Limits::default(), &mut Counter(&mut told));
                }
            }
        }
    }
    // 10 MB, half of it in single bytes, unoptimized: a square of it would take hours.
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

struct Counter<'a>(&'a mut u64);

impl Sink for Counter<'_> {
    fn exchange(&mut self, _exchange: Exchange) {
        *self.0 += 1;
    }
}

/// A request or an answer as real clients and servers say them, with some oddities.
fn request() -> impl Strategy<Value = String> {
    let method = prop_oneof![Just("GET"), Just("POST"), Just("HEAD"), Just("FROB")];
    let body = prop_oneof![
        Just("\r\n".to_owned()),
        "[a-z\r\n]{0,40}".prop_map(|body| format!("Content-Length: {}\r\n\r\n{body}", body.len())),
        vec("[a-z\r\n]{1,9}", 0..4).prop_map(|chunks| chunked(&chunks)),
    ];
    (method, "/[a-z]{0,5}", body).prop_map(|(method, target, body)| format!("{method} {target} HTTP/1.1\r\nHost: h\r\n{body}"))
}

fn chunked(chunks: &[String]) -> String {
    let chunks: String = chunks.iter().map(|chunk| format!("{:x};e\r\n{chunk}\r\n", chunk.len())).collect();
    format!("Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\nT: t\r\n\r\n")
}

fn answer() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("HTTP/1.1 304 Same\nA: b\n c\n\n".to_owned()),
        Just("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 None\r\n\r\n".to_owned()),
        "[a-z\r\n]{0,40}".prop_map(|body| format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())),
        vec("[a-z\r\n]{1,9}", 0..4).prop_map(|chunks| format!("HTTP/1.1 206 Part\r\n{}", chunked(&chunks))),
    ]
}

proptest! {
    /// However the bytes of a conversation are cut into pieces, and whichever side is heard first, the exchanges are the same.
    #[test]
    fn pieces_do_not_matter(
        pairs in vec((request(), answer()), 1..5),
        cuts in vec(1usize..30, 1..40),
        turns in vec(any::<bool>(), 1..40),
    ) {
        let whole: Vec<String> = {
            let requests: String = pairs.iter().map(|(request, _)| request.as_str()).collect();
            // A HEAD has no body in its answer.
            let answers: String = pairs.iter().map(|(request, answer)| if request.starts_with("HEAD") { "HTTP/1.1 204 No\r\n\r\n" } else { answer }).collect();
            vec![requests, answers]
        };
        let want = lines(&[c(&whole[0]), s(&whole[1]), FIN]);
        prop_assert_eq!(want.len(), pairs.len());
        prop_assert!(want.iter().all(|line| !line.contains('!') && !line.contains("stray")));
        // Answers wait for their requests, as they do on the wire: here all requests first, in pieces, then answers in pieces.
        let mut said = Vec::new();
        let mut cut = cuts.iter().cycle();
        for (side, text) in whole.iter().enumerate() {
            let mut rest = text.as_bytes();
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(rest.len().min(*cut.next().expect("endless")));
                said.push(if side == 0 { Said::Client(piece.to_vec()) } else { Said::Server(piece.to_vec()) });
                rest = after;
            }
        }
        said.push(FIN);
        prop_assert_eq!(&lines(&said), &want);
        // In turns, exchange by exchange: the flags of who was early may differ, the messages may not.
        let mut said = Vec::new();
        let mut turn = turns.iter().cycle();
        for (request, answer) in &pairs {
            let answer = if request.starts_with("HEAD") { "HTTP/1.1 204 No\r\n\r\n" } else { answer };
            if *turn.next().expect("endless") {
                said.extend([c(request), s(answer)]);
            } else {
                said.extend(request.bytes().map(|byte| Said::Client(vec![byte])));
                said.extend(answer.bytes().map(|byte| Said::Server(vec![byte])));
            }
        }
        said.push(FIN);
        prop_assert_eq!(&lines(&said), &want);
    }

    /// Whatever is said, nothing panics, and every byte of a stream in which HTTP was found is somewhere.
    #[test]
    fn anything_may_be_said(said in vec((0u8..8, "[ -~]{0,8}|\r\n|\r\n\r\n|GET / HTTP/1.1\r\n|HTTP/1.1 200 OK\r\n|HTTP/1.1 101 S\r\n\r\n|CONNECT h:1 HTTP/1.1\r\n\r\n|Content-Length: 5\r\n|Transfer-Encoding: chunked\r\n|5\r\n|0\r\n|\n", 0u64..9), 0..60)) {
        let said: Vec<Said> = said.into_iter().map(|(what, text, length)| match what {
            0..=2 if !text.is_empty() => Said::Client(text.into_bytes()),
            3..=5 if !text.is_empty() => Said::Server(text.into_bytes()),
            6 => Said::ClientGap(length + 1),
            _ => Said::ServerGap(length + 1),
        }).collect();
        hear(&said, &Limits { http_requests_waiting: 2, http_line: 30, ..Limits::default() }, [0; 2]);
    }

    #[test]
    fn any_bytes_may_be_said(said in vec((any::<bool>(), vec(any::<u8>(), 1..50)), 0..20)) {
        let said: Vec<Said> = said.into_iter().map(|(client, bytes)| if client { Said::Client(bytes) } else { Said::Server(bytes) }).collect();
        hear(&said, &Limits::default(), [0; 2]);
    }
}
