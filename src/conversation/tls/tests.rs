//! Handshakes of real conversations, cut in other ways, with holes, and longer than anybody keeps.

use super::*;
use crate::conversation::testing::conversation;
use crate::conversation::{Conversation, Conversations, Kind, Listener, Packet, Side};
use crate::dissect::{Dissection, dissect};
use crate::reassembly::{Limits, Origin, Piece};
use crate::source;
use Side::{Originator, Responder};
use proptest::collection::vec;
use proptest::prelude::*;

/// What was said in conversations with TLS, in the order in which it was.
#[derive(Default)]
struct Heard(Vec<(u64, Side, Vec<u8>)>);

impl Listener for Heard {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        if let Piece::Data { bytes, .. } = piece {
            self.0.push((conversation.id, from, bytes.to_vec()));
        }
    }
}

/// What a capture's conversations on a port of TLS say, and what the watch makes of it.
fn heard(capture: &str) -> (Vec<(Side, Vec<u8>)>, TlsSummary) {
    let path = format!("{}/captures/{capture}", env!("CARGO_MANIFEST_DIR"));
    let mut source = source::open(path.as_ref()).unwrap();
    let (mut conversations, mut dissection) = (Conversations::default(), Dissection::default());
    let mut listeners = (Heard::default(), TlsWatch::default());
    while let Some(frame) = source.next_frame().unwrap() {
        dissect(&frame, &mut dissection);
        conversations.observe(&Packet::new(&frame, &dissection), &mut listeners);
    }
    conversations.finish(&mut listeners);
    let (Heard(said), watch) = listeners;
    let id = said.iter().map(|(id, ..)| *id).find(|id| watch.summary(*id).is_some()).expect("TLS");
    let summary = watch.summary(id).unwrap().clone();
    (said.into_iter().filter(|(said, ..)| *said == id).map(|(_, from, bytes)| (from, bytes)).collect(), summary)
}

/// What the watch makes of this, in pieces.
fn watch<'a>(pieces: impl IntoIterator<Item = (Side, &'a [u8])>) -> Option<TlsSummary> {
    let conversation = conversation(Kind::Tcp, 443);
    let mut watch = TlsWatch::default();
    for (from, bytes) in pieces {
        watch.piece(&conversation, from, &Piece::Data { offset: 0, bytes, origin: Origin::default() });
    }
    watch.finished(&conversation);
    watch.summary(0).cloned()
}

/// The summary without the frames that hellos came in.
fn without_origins(summary: &TlsSummary) -> TlsSummary {
    let mut summary = TlsSummary { conversation: 0, ..summary.clone() };
    for origin in [&mut summary.client_hello, &mut summary.server_hello].into_iter().flatten() {
        *origin = Origin::default();
    }
    summary.alerts.iter_mut().for_each(|alert| alert.origin = Origin::default());
    summary
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn up_to_1_2_everything_is_said() {
    let (_, summary) = heard("tls12.pcapng");
    assert_eq!((summary.client, summary.version, summary.offered_version), (Originator, Some(0x0303), Some(0x0303)));
    assert_eq!(summary.server_name.as_deref().map(text), Some("www.example.com"));
    assert_eq!((summary.protocol.as_deref().map(text), summary.cipher_suite), (Some("http/1.1"), Some(0xc02c)));
    let [own] = summary.certificates.as_slice() else { panic!("{summary:?}") };
    assert_eq!((text(&own.common_name), text(&own.issuer)), ("www.example.com", "CN=Recording authority,O=Wirelore"));
    assert_eq!(own.hosts.iter().map(|host| text(host)).collect::<Vec<_>>(), ["www.example.com", "example.com"]);
    assert!(own.not_before < own.not_after && own.not_before.is_some());
    // A point of P-256, not compressed (RFC 5480 section 2.2).
    assert_eq!((own.key.len(), own.key.first()), (65, Some(&4)));
    assert_eq!((summary.offered_suites.len(), summary.offered_suites.first()), (28, Some(&0xc02c)));
    assert_eq!(summary.offered_groups, [0x1d, 0x17, 0x1e, 0x19, 0x18]);
    assert_eq!((summary.resumption, summary.cut, summary.missing, summary.damaged), (Resumption::No, false, false, false));
    assert!(!summary.hides_choice());
}

#[test]
fn in_1_3_what_the_server_chose_is_hidden() {
    let (_, summary) = heard("tls13.pcapng");
    assert_eq!((summary.version, summary.offered_version, summary.hides_choice()), (Some(0x0304), Some(0x0304), true));
    assert_eq!(summary.server_name.as_deref().map(text), Some("www.example.com"));
    assert_eq!(summary.offered_protocols.iter().map(|protocol| text(protocol)).collect::<Vec<_>>(), ["http/1.1"]);
    assert_eq!((summary.protocol.is_none(), summary.certificates.len(), summary.cipher_suite), (true, 0, Some(0x1302)));
    assert_eq!((summary.resumption, summary.missing, summary.damaged), (Resumption::No, false, false));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn a_handshake_is_the_same_however_it_is_cut(sizes in vec(1usize..700, 1..40), of_12: bool) {
        let (said, summary) = heard(if of_12 { "tls12.pcapng" } else { "tls13.pcapng" });
        let mut sizes = sizes.iter().cycle();
        let mut pieces = Vec::new();
        for (from, bytes) in &said {
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let (some, after) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
                pieces.push((*from, some));
                rest = after;
            }
        }
        prop_assert_eq!(watch(pieces), Some(without_origins(&summary)));
    }

    #[test]
    fn any_bytes_are_survived(said in vec((any::<bool>(), vec(any::<u8>(), 0..60), 0u64..20), 0..20), hello: bool) {
        let conversation = conversation(Kind::Tcp, 443);
        let mut watch = TlsWatch::default();
        let begin: &[u8] = if hello { &[22, 3, 1, 1, 0, 1, 0, 0, 200] } else { &[22, 3] };
        watch.piece(&conversation, Originator, &Piece::Data { offset: 0, bytes: begin, origin: Origin::default() });
        for (from, bytes, gap) in &said {
            let from = if *from { Originator } else { Responder };
            watch.piece(&conversation, from, &Piece::Data { offset: 0, bytes, origin: Origin::default() });
            if *gap > 10 {
                watch.piece(&conversation, from, &Piece::Gap { offset: 0, length: *gap, origin: Origin::default() });
            }
        }
        watch.finished(&conversation);
    }
}

/// A record of a handshake with a message.
fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let [_, high, middle, low] = (body.len() as u32).to_be_bytes();
    [&[kind, high, middle, low], body].concat()
}

fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    content.chunks(16_000).flat_map(|part| [&[kind, 3, 3][..], &(part.len() as u16).to_be_bytes(), part].concat()).collect()
}

/// A hello of TLS 1.2 with a session and a ticket.
fn hello(kind: u8, session: &[u8], ticket: &[u8]) -> Vec<u8> {
    let suites: &[u8] = if kind == 1 { &[0, 2, 0xc0, 0x2c, 1, 0] } else { &[0xc0, 0x2c, 0] };
    let extension = [&[0, 35][..], &(ticket.len() as u16).to_be_bytes(), ticket].concat();
    let extensions = [&(extension.len() as u16).to_be_bytes()[..], &extension].concat();
    record(22, &message(kind, &[&[3, 3][..], &[7; 32], &[session.len() as u8], session, suites, &extensions].concat()))
}

const CHANGE: [u8; 6] = [20, 3, 3, 0, 1, 1];

#[test]
fn a_session_that_comes_back_or_a_ticket_without_certificate_goes_on_with_old_keys() {
    let by = |client: Vec<u8>, server: Vec<u8>, certificate: &[u8]| {
        let server = [&server[..], certificate, &CHANGE].concat();
        watch([(Originator, &client[..]), (Responder, &server[..]), (Originator, &CHANGE[..])]).unwrap().resumption
    };
    let certificate = record(22, &message(11, &[0, 0, 0]));
    assert_eq!(by(hello(1, b"1234", b""), hello(2, b"1234", b""), &[]), Resumption::Yes);
    assert_eq!(by(hello(1, b"1234", b""), hello(2, b"9999", b""), &certificate), Resumption::No);
    assert_eq!(by(hello(1, b"", b"ticket"), hello(2, b"", b""), &[]), Resumption::Yes);
    assert_eq!(by(hello(1, b"", b"ticket"), hello(2, b"", b""), &certificate), Resumption::No);
    let alone = hello(1, b"", b"ticket");
    assert_eq!(watch([(Originator, &alone[..])]).unwrap().resumption, Resumption::Offered);
}

#[test]
fn alerts_in_clear_are_told() {
    let (client, alert) = (hello(1, b"", b""), record(21, &[2, 40]));
    let summary = watch([(Originator, &client[..]), (Responder, &alert[..3]), (Responder, &alert[3..])]).unwrap();
    let [alert] = summary.alerts.as_slice() else { panic!("{summary:?}") };
    assert_eq!((alert.from, alert.level, alert.description, summary.server_hello), (Responder, 2, 40, None));
}

#[test]
fn tls_may_begin_behind_what_was_said_in_clear() {
    let (client, server) = (hello(1, b"", b""), hello(2, b"", b""));
    let pieces = [
        (Responder, &b"220 mail\r\n"[..]),
        (Originator, b"STARTTLS\r\n"),
        (Responder, b"220 go\r\n"),
        (Originator, &client),
        (Responder, &server),
    ];
    assert_eq!(watch(pieces).unwrap().version, Some(0x0303));
    let plain = watch([(Originator, &client[..]), (Responder, b"HTTP/1.1 400 Bad Request\r\n\r\n")]).unwrap();
    assert!(plain.damaged && plain.server_hello.is_none());
    assert_eq!(watch([(Originator, &b"GET / HTTP/1.1\r\n\r\n"[..])]), None);
    assert_eq!(
        watch([(Originator, &[22, 3, 1, 0, 9, 1, 0, 0][..]), (Originator, &[5, 250, 1, 2, 3, 4, 99, 99, 99, 99][..])]).map(|_| ()),
        Some(())
    );
}

#[test]
fn a_message_that_is_too_long_is_passed_over_and_said() {
    let limits = Limits { handshake_message: 1_000, ..Limits::default() };
    let conversation = conversation(Kind::Tcp, 443);
    let mut watch = TlsWatch::new(&limits);
    let certificate = record(22, &message(11, &vec![0; 40_000]));
    let server = [&hello(2, b"", b"")[..], &certificate, &record(22, &message(14, &[])), &record(21, &[1, 0])].concat();
    for (from, bytes) in [(Originator, &hello(1, b"", b"")), (Responder, &server)] {
        for part in bytes.chunks(1_400) {
            watch.piece(&conversation, from, &Piece::Data { offset: 0, bytes: part, origin: Origin::default() });
            assert!(watch.buffered() <= 4_000, "{}", watch.buffered());
        }
    }
    watch.finished(&conversation);
    let summary = watch.summary(0).unwrap();
    assert_eq!((summary.cut, summary.certificates.len(), summary.alerts.len()), (true, 0, 1), "what is behind it is read");
}

#[test]
fn a_hole_in_what_is_not_read_costs_nothing_and_one_elsewhere_is_said() {
    let conversation = conversation(Kind::Tcp, 443);
    let server = [&hello(2, b"", b"")[..], &record(22, &message(12, &[0; 300])), &record(21, &[1, 0])].concat();
    let begin = hello(2, b"", b"").len();
    for (at, missing, alerts) in [(begin + 20, false, 1), (20, true, 0)] {
        let mut watch = TlsWatch::default();
        let data = |bytes| Piece::Data { offset: 0, bytes, origin: Origin::default() };
        let client = hello(1, b"", b"");
        watch.piece(&conversation, Originator, &data(&client));
        watch.piece(&conversation, Responder, &data(&server[..at]));
        watch.piece(&conversation, Responder, &Piece::Gap { offset: 0, length: 15, origin: Origin::default() });
        watch.piece(&conversation, Responder, &data(&server[at + 15..]));
        watch.finished(&conversation);
        let summary = watch.summary(0).unwrap();
        assert_eq!((summary.missing, summary.alerts.len()), (missing, alerts), "{at}");
    }
}

#[test]
fn what_waits_of_all_handshakes_has_a_limit() {
    let limits = Limits { handshake_bytes: 10_000, ..Limits::default() };
    let mut watch = TlsWatch::new(&limits);
    // Each promises a long message and never sends the rest of it.
    let begun = record(22, &message(1, &vec![0; 3_000]));
    let mut most = 0;
    for id in 0..100 {
        let conversation = Conversation { id, ..conversation(Kind::Tcp, 443) };
        watch.piece(&conversation, Originator, &Piece::Data { offset: 0, bytes: &begun[..2_000], origin: Origin::default() });
        most = most.max(watch.buffered());
    }
    assert!((4_000..20_000).contains(&most), "{most}");
}

#[test]
fn summaries_have_a_limit() {
    let mut watch = TlsWatch::new(&Limits { handshake_summaries: 10_000, ..Limits::default() });
    let client = hello(1, b"", b"");
    for id in 0..100 {
        let conversation = Conversation { id, ..conversation(Kind::Tcp, 443) };
        watch.piece(&conversation, Originator, &Piece::Data { offset: 0, bytes: &client, origin: Origin::default() });
        watch.finished(&conversation);
    }
    let kept = (0..100).filter(|id| watch.summary(*id).is_some()).count() as u64;
    assert!((2..40).contains(&kept) && kept + watch.left_out() == 100, "{kept}");
}
